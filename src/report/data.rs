//! What a data set is, for a terminal: its parts, its columns or classes, and its first rows or images.

mod columns;
mod images;

use std::fmt::Write;

use anstyle::Style;

use super::text::{pad, widest, wrapped};
use crate::data::{DataSet, Images, Matrix, Split, Summary, grouped};
use crate::domain::table::Column;
use columns::{Line, Shown};

/// Features that are shown; they have no names by which one is looked for.
const FEATURES: usize = 8;

const HEAD: Style = Style::new().bold();
const QUIET: Style = Style::new().dimmed();

/// A data set in a list: what it is called, and a sentence a line about it, the first of which matters most.
#[derive(Debug)]
pub struct Entry {
    /// Its name in rubrics.
    pub name: String,
    /// What is said of it.
    pub about: Vec<String>,
}

/// A list of data sets, each with its name on the left, in lines of at most `width` columns.
pub fn list(entries: &[&Entry], width: usize) -> String {
    let name = widest(entries.iter().map(|entry| entry.name.as_str())).min(24);
    entries.iter().map(|entry| entry.lines(name, width)).collect::<Vec<_>>().join("\n")
}

impl Entry {
    fn lines(&self, name: usize, width: usize) -> String {
        let indent = name + 3;
        let mut out = String::new();
        for (place, sentence) in self.about.iter().enumerate() {
            let first = if place == 0 { format!("{}   ", pad(&self.name, name, false)) } else { " ".repeat(indent) };
            let lines = wrapped(&first, sentence, indent, width);
            if place == 0 {
                let rest = lines.get(self.name.len()..).unwrap_or_default();
                let _ = writeln!(out, "{HEAD}{}{HEAD:#}{rest}", self.name);
            } else {
                let _ = writeln!(out, "{QUIET}{lines}{QUIET:#}");
            }
        }
        out
    }
}

/// Everything about one data set, in lines of at most `width` columns.
pub fn details(entry: &Entry, set: &DataSet, width: usize) -> String {
    let mut out = entry.lines(entry.name.len(), width);
    out.push('\n');
    match set {
        DataSet::Table(table) => {
            let count = table.names().count();
            let named =
                || table.names().zip(table.missing()).take(columns::MOST).filter_map(|(name, missing)| Some((name, table.column(name).ok()?, *missing)));
            let lines: Vec<Line> = named().map(|(name, column, missing)| Line::of(name, column, Some(missing))).collect();
            out.push_str(&columns::table("column", &lines, (count - lines.len(), "column"), width));
            let shown: Vec<Shown<'_>> = named().map(|(name, column, _)| Shown::new(name, column)).collect();
            out.push_str(&columns::first_rows("first rows", &shown, table.rows(), width));
        }
        DataSet::Regression(split) => regression(&mut out, split, width),
        DataSet::Images { split, names, .. } => out.push_str(&images::details(split, names.as_deref(), width)),
        DataSet::Picture(picture) => {
            let image = Images { count: 1, height: picture.height, width: picture.width, channels: 3, pixels: picture.rgb.clone() };
            out.push_str(&images::pixels(&[("pixels", &image)]));
            out.push_str(&images::gallery(&image, &[String::new()], width));
        }
        DataSet::Answers(column) => {
            out.push_str(&columns::table("column", &[Line::of("answers", column, None)], (0, ""), width));
            out.push_str(&columns::first_rows("first answers", &[Shown::new("answers", column)], column.len(), width));
        }
    }
    out
}

/// What is to be predicted, the first features, and the first rows.
fn regression(out: &mut String, split: &Split<Matrix, f64>, width: usize) {
    let targets = [("training target", &split.y_train), ("validation target", &split.y_val)];
    let lines: Vec<Line> = targets.iter().map(|(name, y)| Line::new(name, "number", None, &Summary::of_numbers(y.iter().copied()))).collect();
    out.push_str(&columns::table("to predict", &lines, (0, ""), width));
    out.push('\n');
    let x = &split.x_train;
    let feature = |place: usize| Column::Number(x.values.iter().skip(place).step_by(x.cols.max(1)).copied().collect());
    let features: Vec<(String, Column)> = (0..x.cols.min(FEATURES)).map(|place| (format!("feature {}", place + 1), feature(place))).collect();
    let lines: Vec<Line> = features.iter().map(|(name, column)| Line::of(name, column, None)).collect();
    out.push_str(&columns::table("training", &lines, (x.cols - features.len(), "feature"), width));
    let target = Column::Number(split.y_train.iter().take(columns::ROWS).copied().collect());
    let shown: Vec<Shown<'_>> = features.iter().map(|(name, column)| Shown::new(name, column)).chain([Shown::new("target", &target)]).collect();
    out.push_str(&columns::first_rows("first training rows", &shown, x.rows, width));
}

/// "1 row", "2 rows".
fn counted(count: usize, what: &str) -> String {
    format!("{} {what}{}", grouped(count), if count == 1 { "" } else { "s" })
}

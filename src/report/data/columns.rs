//! Columns of a table, one a line: what they hold, and their first values.

use std::fmt::Write;

use super::super::text::{cut, pad, widest};
use super::{HEAD, QUIET, counted};
use crate::data::{Spread, Summary, grouped};
use crate::domain::number::significant;
use crate::domain::table::Column;

/// Columns that are shown; of more there is the number.
pub(super) const MOST: usize = 24;
/// Rows that are shown.
pub(super) const ROWS: usize = 5;
/// Columns of a terminal for a name.
const NAME: usize = 26;
/// Columns of a terminal for a value.
const VALUE: usize = 14;

/// What is said of a column.
#[derive(Debug)]
pub(super) struct Line {
    name: String,
    kind: &'static str,
    /// How many values are missing, where that is known.
    missing: Option<usize>,
    /// In the order in which they are told: as many as have room.
    values: Vec<String>,
}

impl Line {
    pub(super) fn of(name: &str, column: &Column, missing: Option<usize>) -> Self {
        let kind = match column {
            Column::Number(_) => "number",
            Column::Text(_) => "text",
        };
        Self::new(name, kind, missing, &Summary::of(column))
    }

    pub(super) fn new(name: &str, kind: &'static str, missing: Option<usize>, summary: &Summary) -> Self {
        let values = match summary {
            Summary::Counts(counts) => counts.iter().map(|(value, count)| format!("{}: {}", cut(value, VALUE), grouped(*count))).collect(),
            Summary::Different(count) => vec![format!("{} different", grouped(*count))],
            Summary::Spread(Spread { least, mean, greatest }) => {
                let [least, mean, greatest] = [least, mean, greatest].map(|value| rounded(*value));
                vec![format!("{least} to {greatest}"), format!("mean {mean}")]
            }
        };
        Self { name: name.to_owned(), kind, missing, values }
    }
}

/// A column a line: name, type, how many values are missing, what the values are; then how many `more` of `what` there are.
pub(super) fn table(title: &str, lines: &[Line], more: (usize, &str), width: usize) -> String {
    let name = widest(lines.iter().map(|line| line.name.as_str()).chain([title])).min(NAME);
    let missing = |line: &Line| line.missing.map_or(String::new(), |missing| if missing == 0 { "·".to_owned() } else { grouped(missing) });
    let gaps = widest(lines.iter().map(missing).collect::<Vec<_>>().iter().map(String::as_str));
    let heading = "missing";
    let gaps = if lines.iter().any(|line| line.missing.is_some()) { gaps.max(heading.len()) } else { 0 };
    let kind = widest(lines.iter().map(|line| line.kind)).max(4);
    let mut out = String::new();
    let mut row = |cells: [&str; 3], values: &str, style: anstyle::Style| {
        let gap = if gaps > 0 { format!("  {}", pad(cells[2], gaps, true)) } else { String::new() };
        let line = format!("  {}  {}{gap}  {values}", pad(&cut(cells[0], name), name, false), pad(cells[1], kind, false));
        let _ = writeln!(out, "{style}{}{style:#}", line.trim_end());
    };
    row([title, "type", heading], "values", HEAD);
    let before = 2 + name + 2 + kind + 2 + if gaps > 0 { gaps + 2 } else { 0 };
    for line in lines {
        row([&line.name, line.kind, &missing(line)], &fitting(&line.values, width.saturating_sub(before)), anstyle::Style::new());
    }
    if more.0 > 0 {
        let _ = writeln!(out, "{QUIET}  … and {}{QUIET:#}", counted(more.0, &format!("more {}", more.1)));
    }
    out
}

/// As many of `values` as have room, and how many more there are.
fn fitting(values: &[String], room: usize) -> String {
    for count in (1..=values.len()).rev() {
        let text = values[..count].join(", ");
        let text = if count < values.len() { format!("{text}, … {} more", values.len() - count) } else { text };
        if widest([text.as_str()]) <= room {
            return text;
        }
    }
    values.first().map_or_else(String::new, |first| cut(first, room))
}

/// A column whose first values are shown.
#[derive(Debug)]
pub(super) struct Shown<'c> {
    name: &'c str,
    column: &'c Column,
}

impl<'c> Shown<'c> {
    pub(super) fn new(name: &'c str, column: &'c Column) -> Self {
        Self { name, column }
    }

    fn cell(&self, row: usize) -> String {
        let cell = match self.column {
            Column::Number(numbers) => numbers.get(row).map(|number| short(*number)),
            Column::Text(texts) => texts.get(row).cloned(),
        };
        cut(&cell.unwrap_or_default(), VALUE)
    }
}

/// A number with five digits, thousands apart if it is whole and has more.
fn rounded(number: f64) -> String {
    let text = significant(number, 5);
    let digits = text.strip_prefix('-').unwrap_or(&text);
    match digits.parse::<usize>() {
        Ok(whole) if whole >= 10_000 => format!("{}{}", if digits.len() < text.len() { "-" } else { "" }, grouped(whole)),
        _ => text,
    }
}

/// A number with all its digits, if they have room.
fn short(number: f64) -> String {
    let all = number.to_string();
    if all.len() <= VALUE { all } else { significant(number, 6) }
}

/// The first rows, turned over: a line is a column, so that many columns have room.
pub(super) fn first_rows(title: &str, shown: &[Shown<'_>], rows: usize, width: usize) -> String {
    let name = widest(shown.iter().map(|column| column.name).chain([title])).min(NAME);
    let cells: Vec<Vec<String>> = (0..rows.min(ROWS)).map(|row| shown.iter().map(|column| column.cell(row)).collect()).collect();
    let mut used = 2 + name;
    let mut fitting: Vec<(usize, &Vec<String>)> = Vec::new();
    for row in &cells {
        let room = widest(row.iter().map(String::as_str)).max(1);
        used += 3 + room;
        if used > width {
            break;
        }
        fitting.push((room, row));
    }
    let line = |first: &str, cells: &mut dyn Iterator<Item = (usize, String)>| {
        let cells = cells.map(|(room, cell)| format!("   {}", pad(&cell, room, true))).collect::<Vec<_>>().concat();
        format!("  {}{cells}", pad(&cut(first, name), name, false)).trim_end().to_owned()
    };
    let mut out = String::from("\n");
    let heading = line(title, &mut fitting.iter().enumerate().map(|(row, (room, _))| (*room, (row + 1).to_string())));
    let _ = writeln!(out, "{HEAD}{heading}{HEAD:#}");
    for (place, column) in shown.iter().enumerate() {
        let _ = writeln!(out, "{}", line(column.name, &mut fitting.iter().map(|(room, row)| (*room, row[place].clone()))));
    }
    out
}

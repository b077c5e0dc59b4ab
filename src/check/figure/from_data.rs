//! Figures that are drawn from a data set of the course: points of two of its columns, or a histogram of one.

use std::collections::BTreeSet;

use toml::Spanned;

use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::table::Table;
use crate::figure::Plot;
use crate::figure::claim::{Claim, Kind, Series};
use crate::figure::contents::{Axis, Contents, Panel};
use crate::figure::histogram::{self, Sample};
use crate::figure::reading::{Reading, Verdict};
use crate::figure::reason::{Contradiction, Doubt, Outcome};

/// What may be drawn: any of these columns.
#[derive(Debug)]
pub(super) struct FromData {
    /// The data set, a table.
    pub(super) data: Spanned<String>,
    /// Columns of numbers.
    pub(super) columns: Vec<String>,
    /// The column of classes that have colours of their own.
    pub(super) by: Option<String>,
    /// Whether values of one column are counted.
    pub(super) counted: bool,
}

/// How far the data may reach beyond an axis, as a share of it.
const BEYOND: f64 = 0.03;

impl FromData {
    /// Whether the data set has the columns that are named.
    pub(super) fn open(&self, table: &Table) -> Result<(), Diagnostic> {
        let fault = |message: String| Diagnostic::error(Code::BadValue, format!("`{}`: {message}", self.data.get_ref()));
        self.columns.iter().try_for_each(|name| table.numbers(name).map(|_| ()).map_err(fault))?;
        self.by.iter().try_for_each(|name| table.texts(name).map(|_| ()).map_err(fault))
    }

    /// What the first panel shows that shows a part of the data, in words; `None` where none does.
    pub(super) fn shown(&self, plot: &Plot, contents: &Contents, table: &Table) -> Option<String> {
        let several = contents.panels.iter().any(|panel| panel.number > 1);
        contents.panels.iter().find_map(|panel| {
            let shown = if self.counted { self.histogram(plot, panel, table) } else { self.points(plot, panel, table) }?;
            Some(if several { format!("panel {} shows {shown}", panel.number) } else { format!("it shows {shown}") })
        })
    }

    /// Points of two columns, in either order.
    fn points(&self, plot: &Plot, panel: &Panel, table: &Table) -> Option<String> {
        let pairs = self.columns.iter().flat_map(|x| self.columns.iter().filter(move |y| *y != x).map(move |y| (x, y)));
        pairs.filter(|(x, y)| fits(table, x, panel.x.as_ref()) && panel.y.iter().any(|axis| fits(table, y, Some(axis)))).find_map(|(x, y)| {
            self.groups(table).into_iter().find_map(|groups| {
                let series = groups.iter().map(|(name, rows)| Some(Series { name: name.clone(), x: values(table, x, rows)?, y: values(table, y, rows)? }));
                let claim = Claim::new(Kind::Scatter, series.collect::<Option<_>>()?).ok()?;
                let reading = plot.read(&claim, Some(panel.number));
                holds(&reading, table.dropped()).then(|| {
                    let of = if in_colours(&reading) { self.by.as_ref().map_or_else(String::new, |by| format!(", coloured by {by}")) } else { String::new() };
                    format!("{y} over {x}{of}, all {} points", table.rows())
                })
            })
        })
    }

    /// A histogram of one column.
    fn histogram(&self, plot: &Plot, panel: &Panel, table: &Table) -> Option<String> {
        self.columns.iter().filter(|x| fits(table, x, panel.x.as_ref())).find_map(|x| {
            self.groups(table).into_iter().find_map(|groups| {
                let samples = groups.iter().map(|(name, rows)| Some(Sample { name: name.clone(), values: values(table, x, rows)? }));
                let claim = histogram::Claim::new(samples.collect::<Option<_>>()?).ok()?;
                let reading = plot.read_histogram(&claim, Some(panel.number));
                (reading.verdict() == Verdict::Shows).then(|| format!("a histogram of {x}"))
            })
        })
    }

    /// The rows of each class; and all of them together.
    fn groups(&self, table: &Table) -> Vec<Vec<(String, Vec<usize>)>> {
        let all = vec![(self.data.get_ref().clone(), (0..table.rows()).collect())];
        let Some(classes) = self.by.as_ref().and_then(|by| table.texts(by).ok()) else { return vec![all] };
        let names: BTreeSet<&String> = classes.iter().collect();
        let of_class = |name: &&String| (0..classes.len()).filter(|row| classes[*row] == **name).collect();
        vec![names.iter().map(|name| ((*name).clone(), of_class(name))).collect(), all]
    }
}

/// Whether a column lies within an axis.
fn fits(table: &Table, column: &str, axis: Option<&Axis>) -> bool {
    let (Some(axis), Ok(values)) = (axis, table.numbers(column)) else { return false };
    let [low, high] = [axis.ends[0].min(axis.ends[1]), axis.ends[0].max(axis.ends[1])];
    let slack = BEYOND * (high - low);
    values.iter().all(|value| (low - slack..=high + slack).contains(value))
}

/// The values of a column in some rows.
fn values(table: &Table, column: &str, rows: &[usize]) -> Option<Vec<f64>> {
    let values = table.numbers(column).ok()?;
    rows.iter().map(|row| values.get(*row).copied()).collect()
}

/// Whether every point is drawn, and hardly another: of `dropped` rows in which some value is missing there may be points too. A marker under
/// another one may not be seen clearly.
fn holds(reading: &Reading, dropped: usize) -> bool {
    let all = !reading.series.is_empty() && reading.series.iter().flat_map(|series| &series.points).all(|point| point.holds);
    let close = match &reading.outcome {
        Outcome::Contradicts(Contradiction::UnclaimedPoint(_)) | Outcome::CannotTell(Doubt::UnclaimedPoint(_) | Doubt::Unclear(_)) => true,
        Outcome::Shows(_) | Outcome::Contradicts(_) | Outcome::CannotTell(_) => false,
    };
    reading.verdict() == Verdict::Shows || (all && close && reading.unclaimed <= dropped)
}

/// Whether each series has a colour of its own.
fn in_colours(reading: &Reading) -> bool {
    let colours: BTreeSet<_> = reading.series.iter().map(|series| series.colour).collect();
    reading.series.len() > 1 && colours.len() == reading.series.len()
}

/// What is seen on a figure, in words: "one pair of axes with points in 3 colours".
pub(super) fn seen(contents: &Contents) -> String {
    let panels = contents.panels.len();
    let Some(first) = contents.panels.first() else { return "no axes with tick labels are seen on it".to_owned() };
    let what = match first.drawn.len() {
        0 => "nothing drawn".to_owned(),
        1 => format!("{} in one colour", first.drawn[0].looks),
        colours => format!("{} in {colours} colours", first.drawn[0].looks),
    };
    if panels == 1 { format!("axes with {what} are seen on it") } else { format!("{panels} pairs of axes are seen on it, the first with {what}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::table::Column;

    fn table() -> Table {
        let columns = vec![
            ("length".to_owned(), Column::Number(vec![1.0, 9.0, 4.0])),
            ("mass".to_owned(), Column::Number(vec![100.0, 200.0, 150.0])),
            ("class".to_owned(), Column::Text(["b", "a", "b"].map(str::to_owned).to_vec())),
        ];
        Table::new(columns, 0).unwrap()
    }

    fn from(columns: &[&str], by: Option<&str>) -> FromData {
        let columns = columns.iter().map(|&name| name.to_owned()).collect();
        FromData { data: Spanned::new(0..0, "birds".to_owned()), columns, by: by.map(str::to_owned), counted: false }
    }

    #[test]
    fn columns_that_are_not_there_are_a_fault() {
        assert_eq!(from(&["length", "mass"], Some("class")).open(&table()), Ok(()));
        assert!(from(&["lenght"], None).open(&table()).unwrap_err().message.contains("did you mean `length`?"));
        assert!(from(&["class"], None).open(&table()).is_err(), "a column of text");
        assert!(from(&["length"], Some("mass")).open(&table()).is_err(), "a column of numbers");
    }

    #[test]
    fn rows_are_grouped_by_class_and_all_together() {
        let groups = from(&["length", "mass"], Some("class")).groups(&table());
        assert_eq!(groups[0], [("a".to_owned(), vec![1]), ("b".to_owned(), vec![0, 2])]);
        assert_eq!(groups[1], [("birds".to_owned(), vec![0, 1, 2])]);
    }

    #[test]
    fn an_axis_has_to_hold_a_column() {
        let axis = |from: f64, to: f64| Axis { ends: [from, to], log: false, sure: true };
        assert!(fits(&table(), "length", Some(&axis(0.5, 9.5))) && fits(&table(), "length", Some(&axis(10.0, 0.0))));
        assert!(!fits(&table(), "length", Some(&axis(0.5, 8.0))) && !fits(&table(), "mass", Some(&axis(0.5, 9.5))) && !fits(&table(), "mass", None));
    }
}

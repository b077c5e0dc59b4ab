//! What the data set says of the rows that count: what is right, what the rows are called, their features and groups.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::DeValue;

use crate::data::Datasets;
use crate::domain::answers::{Answers, Classes, Key, Right};
use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::fields::Fields;
use crate::domain::name::did_you_mean;
use crate::domain::table::{Column, Table};
use crate::domain::verdict::{Finding, Verdict};
use crate::evidence::predictions::{Layout, Predictions};
use crate::metrics::Fault;
use crate::metrics::clusters::MOST_COMPARED;
use crate::metrics::table::{Beside, Needs, Settings};

use super::super::only_the_course;
use super::by_id::canonical;
use super::wanted::{self, Wanted};

/// Which rows of a data set count, and what of them was to be predicted.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) data: Spanned<String>,
    /// The columns to predict; none of data sets that are no table.
    pub(super) targets: Vec<String>,
    /// The column that names the rows.
    pub(super) join: Option<String>,
    /// What the rows that count have in some columns.
    only: Vec<(String, Vec<String>)>,
    /// How many rows of predictions are asked for, for a student who does not have the data set.
    rows: Option<Spanned<usize>>,
    /// Where `target`, `join` and `only` stand in the rubric's text.
    places: [Range<usize>; 3],
    /// Whether the student claims what the metric gives.
    claimed: bool,
}

/// What is right, for the rows that count.
#[derive(Debug)]
pub(super) struct Truth {
    /// For each target what is right for each row; none where nothing was to be predicted.
    pub(super) answers: Vec<Answers>,
    /// How many rows there are, also those that do not count.
    pub(super) rows: usize,
    /// How many training examples there are beside them.
    pub(super) training: usize,
    /// The columns that tell the rows apart, for predictions that have names and no `join`.
    pub(super) keys: Vec<Key>,
    /// What each row is called, if the rubric says by which column.
    pub(super) ids: Option<Vec<String>>,
    /// The rows that count, if not all do.
    pub(super) only: Option<Vec<usize>>,
    /// The features of each row that counts, row by row, and how many they are.
    pub(super) features: (Vec<f64>, usize),
    /// The group of each row that counts.
    pub(super) groups: Vec<usize>,
    /// Whether the student claims what the metric gives.
    pub(super) claimed: bool,
    /// The metric's settings.
    pub(super) settings: Settings,
}

impl Asked {
    /// `data`, `target`, `join` and `only`.
    pub(super) fn read(fields: &mut Fields<'_>, wanted: Option<&Wanted>) -> Option<Self> {
        let data = fields.required::<String>("data");
        let targets: Vec<String> = crate::check::settings::optional_names(fields, "target").unwrap_or_default().into_iter().map(Spanned::into_inner).collect();
        let join = fields.optional::<String>("join").map(Spanned::into_inner);
        let only = read_only(fields);
        if let Some(metric) = wanted.map(|wanted| wanted.metric) {
            if !targets.is_empty() && !metric.needs.has_target() {
                fields.fault(Code::BadValue, fields.place("target"), format!("the metric `{}` has no `target`", metric.name));
            } else if targets.len() > 1 && metric.needs != Needs::Numbers {
                let message = format!("several targets have a mean of metrics of numbers; `{}` has one target", metric.name);
                fields.fault(Code::BadValue, fields.place("target"), message);
            }
        }
        let rows = fields.optional::<usize>("rows");
        let places = ["target", "join", "only"].map(|key| fields.place(key));
        Some(Self { data: data?, targets, join, only, rows, places, claimed: fields.has("claim") })
    }

    /// What is said of the columns of a file of predictions.
    pub(super) fn layout(&self, truth: Option<&Truth>) -> Layout {
        let (join, targets) = (self.join.clone(), self.targets.clone());
        let keys = truth.into_iter().filter(|_| join.is_none()).flat_map(|truth| truth.keys.iter().map(|key| key.name.clone())).collect();
        Layout { join, keys, targets }
    }

    /// How many rows are asked for, if the rubric says.
    pub(super) fn rows(&self) -> Option<usize> {
        self.rows.as_ref().map(|rows| *rows.get_ref())
    }

    /// What a student reads of so many rows of predictions, who does not have the data set.
    pub(super) fn without_data(&self, rows: usize) -> Finding {
        match self.rows.as_ref().map(Spanned::get_ref).filter(|asked| **asked != rows) {
            Some(asked) => Finding::open(Verdict::Unreadable, format!("{rows} rows of predictions are there, and {asked} are asked for")),
            None => only_the_course(format!("{rows} rows of predictions are there")),
        }
    }

    /// What the data set says. What it does not have is told at its place in the rubric.
    pub(super) fn truth(&self, wanted: &Wanted, data: &dyn Datasets) -> Result<Truth, Diagnostic> {
        let name = self.data.get_ref().as_str();
        let [target_at, join_at, only_at] = &self.places;
        let table = |at: &Range<usize>| data.table(name).map(|table| Named { table, name }).map_err(|fault| fault.at(at.clone()));
        let mut truth = Truth {
            answers: Vec::new(),
            rows: 0,
            training: 0,
            keys: Vec::new(),
            ids: None,
            only: None,
            features: (Vec::new(), wanted.features.len()),
            groups: Vec::new(),
            claimed: self.claimed,
            settings: Settings {
                classes: Vec::new(),
                k: wanted.k,
                quantile: wanted.quantile,
                bins: wanted.bins,
                reduction: wanted.reduction,
                peak: wanted.peak,
            },
        };
        for target in &self.targets {
            table(target_at)?.column(target, target_at)?;
        }
        truth.answers = match (self.targets.as_slice(), wanted.metric.needs.has_target()) {
            (_, false) => Vec::new(),
            ([], true) => vec![data.answers(name, None)?],
            (targets, true) => targets.iter().map(|target| data.answers(name, Some(target))).collect::<Result<_, _>>()?,
        };
        match truth.answers.first() {
            Some(answers) => (truth.rows, truth.training, truth.keys) = (answers.len(), answers.training, answers.keys.clone()),
            None => match data.table(name) {
                Ok(table) => (truth.rows, truth.keys) = (table.rows(), keys(table)),
                Err(_) => truth.rows = data.answers(name, None)?.len(),
            },
        }
        if let Some(rows) = self.rows.as_ref().filter(|rows| *rows.get_ref() != truth.rows) {
            let message = format!("`rows` says {}, and the data set `{name}` has {} rows to predict", rows.get_ref(), truth.rows);
            return Err(Diagnostic::error(Code::BadValue, message).at(rows.span()));
        }
        if let Some(join) = &self.join {
            truth.ids = Some(table(join_at)?.ids(join, join_at)?);
        }
        if !self.only.is_empty() {
            let places = table(only_at)?.rows_with(&self.only, only_at)?;
            truth.answers = truth.answers.iter().map(|answers| answers.picked(&places)).collect();
            truth.only = Some(places);
        }
        let counted = |row: usize| truth.only.as_ref().map_or(Some(row), |only| only.get(row).copied());
        let count = truth.only.as_ref().map_or(truth.rows, Vec::len);
        if !wanted.features.is_empty() {
            let at = &wanted.places.features;
            let columns: Vec<&[f64]> = wanted.features.iter().map(|feature| table(at)?.numbers(feature, at)).collect::<Result<_, Diagnostic>>()?;
            truth.features.0 = (0..count).filter_map(counted).flat_map(|row| columns.iter().filter_map(move |column| column.get(row).copied())).collect();
        }
        if let Some(group) = &wanted.group {
            let groups = texts(table(&wanted.places.group)?.column(group, &wanted.places.group)?);
            let mut known = BTreeMap::new();
            for group in (0..count).filter_map(counted).filter_map(|row| groups.get(row)) {
                let next = known.len();
                truth.groups.push(*known.entry(group).or_insert(next));
            }
        }
        truth.settle(wanted)?;
        Ok(truth)
    }
}

impl Truth {
    /// The classes of the only target; whole numbers are classes if a metric of classes is asked for.
    pub(super) fn classes(&self) -> Result<&Classes, Diagnostic> {
        let classes = self.answers.first().and_then(|answers| match &answers.right {
            Right::Classes(classes) => Some(classes),
            Right::Values(_) => answers.classes.as_ref(),
        });
        classes.ok_or_else(|| malformed("classes, and the data set has numbers to predict"))
    }

    /// The numbers to predict for each target.
    pub(super) fn values<'a>(&'a self) -> Result<Vec<&'a [f64]>, Diagnostic> {
        let values = |answers: &'a Answers| match &answers.right {
            Right::Values(values) => Ok(values.as_slice()),
            Right::Classes(_) => Err(malformed("numbers to predict, and the data set has classes")),
        };
        self.answers.iter().map(values).collect()
    }

    /// How many rows count.
    pub(super) fn counted(&self) -> usize {
        self.only.as_ref().map_or(self.rows, Vec::len)
    }

    /// The rows at these `places` of the data set, if they count, and their predictions: those at the same place of `predictions`.
    pub(super) fn part(&self, places: &[usize], predictions: Predictions) -> (Self, Predictions) {
        let counted = |place: usize| self.only.as_ref().map_or(Some(place), |only| only.binary_search(&place).ok());
        let (rows, kept): (Vec<usize>, Vec<usize>) = places.iter().enumerate().filter_map(|(row, &place)| Some((row, counted(place)?))).unzip();
        let (values, columns) = &self.features;
        let features = kept.iter().filter_map(|&place| values.get(place * columns..(place + 1) * columns)).flatten().copied().collect();
        let part = Self {
            answers: self.answers.iter().map(|answers| answers.picked(&kept)).collect(),
            rows: kept.len(),
            training: 0,
            keys: Vec::new(),
            ids: None,
            only: None,
            features: (features, *columns),
            groups: kept.iter().filter_map(|&place| self.groups.get(place).copied()).collect(),
            claimed: self.claimed,
            settings: self.settings.clone(),
        };
        let content = predictions.content.picked(&rows);
        (part, Predictions { content, ids: None, ..predictions })
    }

    /// Finds the classes that are asked for, and what else keeps the metric from these rows, whatever is predicted.
    fn settle(&mut self, wanted: &Wanted) -> Result<(), Diagnostic> {
        match wanted.metric.needs {
            Needs::Numbers => {
                let of_target = |right: &[f64]| self.fits(wanted, &Beside::Numbers { right, predicted: right });
                self.values()?.into_iter().try_for_each(of_target)
            }
            Needs::Ranks => {
                let of_target = |right: &[f64]| self.fits(wanted, &Beside::Ranks { relevance: right, scores: right, groups: &self.groups });
                self.values()?.into_iter().try_for_each(of_target)
            }
            Needs::ClustersOfPoints if wanted.metric.name == "silhouette" && self.counted() > MOST_COMPARED => {
                let message = format!("{} rows, of which each would be compared with all others; at most {MOST_COMPARED} are", self.counted());
                Err(Diagnostic::error(Code::DataMalformed, message).at(wanted.places.metric.clone()))
            }
            Needs::LogProbabilities | Needs::ClustersOfPoints => Ok(()),
            Needs::NumberedClasses if !self.classes()?.numbered => Err(malformed("classes that are whole numbers, and the data set has names")),
            _ => self.settle_classes(wanted),
        }
    }

    /// Whether what is right, predicted to the last row, would have a value; one that is infinite is none of the data set's fault.
    fn fits(&self, wanted: &Wanted, exact: &Beside<'_>) -> Result<(), Diagnostic> {
        match wanted.metric.value(exact, &self.settings) {
            Ok(_) | Err(Fault::NotFinite) => Ok(()),
            Err(fault) => {
                let message = format!("the metric `{}` has no value for this data set: {fault}", wanted.metric.name);
                Err(Diagnostic::error(Code::DataMalformed, message).at(wanted.places.metric.clone()))
            }
        }
    }

    fn settle_classes(&mut self, wanted: &Wanted) -> Result<(), Diagnostic> {
        let classes = self.classes()?;
        let places = wanted.classes.iter().map(|name| {
            classes.of_name(name).filter(|place| classes.labels.contains(place)).ok_or_else(|| {
                let help = did_you_mean(name, classes.names.iter().map(String::as_str));
                let message = format!("the metric needs validation examples of the class `{name}`, and the data set has none");
                Diagnostic::error(Code::UnknownName, message).at(wanted.places.class.clone()).help(help)
            })
        });
        let places: Vec<usize> = places.collect::<Result<_, _>>()?;
        let (count, bad) = (classes.names.len(), |message: String, at: &Range<usize>| Err(Diagnostic::error(Code::BadValue, message).at(at.clone())));
        if wanted::is_over_all(wanted.metric) && (0..count).all(|class| places.contains(&class)) {
            return Err(wanted::of_all_classes(wanted.metric).at(wanted.places.class.clone()));
        }
        if wanted.k.is_some_and(|k| k >= count) {
            return bad(format!("`k` is below the number of classes, {count}: nobody is wrong with {count} guesses"), &wanted.places.k);
        }
        if wanted.metric.name == "brier" && places.is_empty() && count < 3 {
            return bad("the Brier score of two classes is that of one of them: name it with `class`".to_owned(), &wanted.places.metric);
        }
        if wanted.metric.name == "auc" {
            let every: Vec<usize> = if places.is_empty() { (0..count).collect() } else { places.clone() };
            let lonely = every.iter().find(|&class| classes.labels.iter().all(|label| label != class) || classes.labels.iter().all(|label| label == class));
            if let Some(name) = lonely.and_then(|&class| classes.names.get(class)) {
                let message = format!("rows of the class `{name}` and others, and the data set does not have both");
                return Err(malformed(&message).at(wanted.places.metric.clone()));
            }
        }
        self.settings.classes = places;
        let classes = self.classes()?;
        match wanted.metric.needs {
            Needs::Classes | Needs::Clusters if wanted.metric.scale.better.is_some() => {
                self.fits(wanted, &Beside::Classes { right: &classes.labels, predicted: &classes.labels })
            }
            Needs::NumberedClasses => {
                let right = numbers_of(classes, &classes.labels, &[]);
                self.fits(wanted, &Beside::Numbers { right: &right, predicted: &right })
            }
            _ => Ok(()),
        }
    }
}

/// The whole numbers that places among the classes stand for; behind the classes those that are none.
pub(super) fn numbers_of(classes: &Classes, places: &[usize], strangers: &[String]) -> Vec<f64> {
    let name = |&place: &usize| classes.names.get(place).or_else(|| strangers.get(place.checked_sub(classes.names.len())?));
    places.iter().filter_map(name).filter_map(|name| name.parse().ok()).collect()
}

/// A table with its name.
struct Named<'a> {
    table: &'a Table,
    name: &'a str,
}

impl<'a> Named<'a> {
    /// The column of this name: spelt so, or else the only one in another letter case.
    fn column(&self, column: &str, at: &Range<usize>) -> Result<&'a Column, Diagnostic> {
        let exact = self.table.column(column).ok();
        let mut alike = self.table.names().filter(|name| name.to_lowercase() == column.to_lowercase());
        let found = exact.or_else(|| alike.next().filter(|_| alike.next().is_none()).and_then(|name| self.table.column(name).ok()));
        found.ok_or_else(|| {
            let help = did_you_mean(column, self.table.names());
            let help = help.unwrap_or_else(|| format!("its columns are {}", self.table.names().collect::<Vec<_>>().join(", ")));
            Diagnostic::error(Code::UnknownName, format!("the data set `{}` has no column `{column}`", self.name)).at(at.clone()).help(help)
        })
    }

    fn numbers(&self, column: &str, at: &Range<usize>) -> Result<&'a [f64], Diagnostic> {
        match self.column(column, at)? {
            Column::Number(values) => Ok(values),
            Column::Text(_) => Err(malformed(&format!("numbers, and the column `{column}` has text")).at(at.clone())),
        }
    }

    /// What the column `join` calls each row, no two the same.
    fn ids(&self, join: &str, at: &Range<usize>) -> Result<Vec<String>, Diagnostic> {
        let ids: Vec<String> = texts(self.column(join, at)?).iter().map(|id| canonical(id)).collect();
        let mut sorted: Vec<&String> = ids.iter().collect();
        sorted.sort();
        match sorted.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => {
                let message = format!("the column `{join}` has `{}` twice, so that it does not tell the rows apart", pair[0]);
                Err(Diagnostic::error(Code::BadValue, message).at(at.clone()))
            }
            None => Ok(ids),
        }
    }

    /// The rows that have one of the values in each of the columns.
    fn rows_with(&self, only: &[(String, Vec<String>)], at: &Range<usize>) -> Result<Vec<usize>, Diagnostic> {
        let mut rows: Vec<usize> = (0..self.table.rows()).collect();
        for (column, values) in only {
            let cells: Vec<String> = texts(self.column(column, at)?).iter().map(|cell| canonical(cell)).collect();
            if let Some(stray) = values.iter().find(|value| !cells.contains(value)) {
                let help = did_you_mean(stray, cells.iter().map(String::as_str));
                let message = format!("no row of the data set `{}` has `{stray}` in the column `{column}`", self.name);
                return Err(Diagnostic::error(Code::UnknownName, message).at(at.clone()).help(help));
            }
            rows.retain(|&row| cells.get(row).is_some_and(|cell| values.contains(cell)));
        }
        if rows.is_empty() {
            return Err(Diagnostic::error(Code::BadValue, "no row of the data set is left by `only`").at(at.clone()));
        }
        Ok(rows)
    }
}

/// `only = { split = "private", year = [2007, 2008] }`.
fn read_only(fields: &mut Fields<'_>) -> Vec<(String, Vec<String>)> {
    let Some(value) = fields.take("only") else { return Vec::new() };
    let fault = |fields: &mut Fields<'_>| {
        let message = "`only` is a table of columns with the values that count, such as { split = \"private\" }";
        fields.fault(Code::WrongType, fields.place("only"), message);
    };
    let DeValue::Table(table) = value.into_inner() else {
        fault(fields);
        return Vec::new();
    };
    let mut only = Vec::new();
    for (column, value) in table {
        let values = match value.get_ref() {
            DeValue::Array(values) => values.iter().map(|value| text_of(value.get_ref())).collect::<Option<Vec<_>>>().filter(|values| !values.is_empty()),
            one => text_of(one).map(|text| vec![text]),
        };
        match values {
            Some(values) => only.push((column.get_ref().to_string(), values)),
            None => fault(fields),
        }
    }
    if only.is_empty() {
        fault(fields);
    }
    only
}

/// A value as a table has it.
fn text_of(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(canonical(text)),
        DeValue::Integer(number) => Some(canonical(number.as_str())),
        DeValue::Float(number) => Some(canonical(number.as_str())),
        DeValue::Boolean(truth) => Some(if *truth { "True" } else { "False" }.to_owned()),
        _ => None,
    }
}

/// The cells of a column as text.
fn texts(column: &Column) -> Vec<String> {
    match column {
        Column::Text(texts) => texts.clone(),
        Column::Number(values) => values.iter().map(f64::to_string).collect(),
    }
}

fn keys(table: &Table) -> Vec<Key> {
    table.names().filter_map(|name| table.column(name).ok().and_then(|column| Key::of(name, column))).collect()
}

/// The course's own fault: the metric does not fit the data set.
pub(super) fn malformed(needed: &str) -> Diagnostic {
    Diagnostic::error(Code::DataMalformed, format!("the metric needs {needed}"))
}

//! What a solution states and shows, as far as it can be graded.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::number::Finite;
use crate::domain::text::delimiter;
use crate::domain::value::Value;
use crate::evidence::bag::Bag;
use crate::evidence::place::Place;
use crate::evidence::rule::Written;

use super::names::{id, plain};

/// The most things that become items; what is beyond is listed.
const MOST: usize = 80;

/// Words and letters up to which an answer is a short one, which the program judges.
const SHORT: (usize, usize) = (4, 40);

/// A data set of the course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name in the rubric.
    pub name: String,
    /// Where it is, as the rubric says it: `csv = "data/valid.csv"`.
    pub source: String,
    /// Its columns; none if it is no table.
    pub columns: Vec<String>,
}

impl Table {
    /// The data set in the file at `path` of the course's folder, called unlike those that are `taken`; none if its ending is no data set's.
    pub fn of_file(path: &str, bytes: &[u8], taken: &[Table]) -> Option<Self> {
        let (stem, ending) = path.rsplit_once('.')?;
        let kind = ["csv", "tsv", "jsonl", "parquet", "npz"].into_iter().find(|kind| ending.eq_ignore_ascii_case(kind))?;
        let taken: Vec<String> = taken.iter().map(|table| table.name.clone()).collect();
        let name = id(stem.rsplit('/').next().unwrap_or(stem), &taken);
        let columns = match kind {
            "csv" | "tsv" => columns(bytes),
            "jsonl" => keys(bytes),
            _ => Vec::new(),
        };
        Some(Self { name, source: format!("{kind} = {}", toml::Value::from(path)), columns })
    }
}

/// The headings of a table.
fn columns(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    let head = text.trim_start_matches('\u{feff}').lines().next().unwrap_or_default();
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter(head)).from_reader(head.as_bytes());
    reader.headers().map(|headers| headers.iter().map(|header| header.trim().to_owned()).filter(|header| !header.is_empty()).collect()).unwrap_or_default()
}

/// The keys of the first line of a JSON Lines file.
fn keys(bytes: &[u8]) -> Vec<String> {
    let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let object: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(first).unwrap_or_default();
    object.into_iter().map(|(key, _)| key).collect()
}

/// Something that can be graded.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Thing {
    pub(super) name: String,
    pub(super) what: What,
    /// Where it is, if it is not found by its name.
    pub(super) place: Option<Place>,
    /// What it is, in words, for the instructor.
    pub(super) seen: String,
}

/// What it is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum What {
    Number(f64),
    Series(Vec<f64>),
    /// Its shape, and the largest size of a number in it.
    Array(Vec<usize>, f64),
    /// A short answer, or several.
    Answer(Vec<String>),
    /// A long answer, for a person.
    Words(String),
    /// A decision rule, with the class that it names.
    Rule(Option<String>),
    Figure,
    Predictions,
    Network,
}

/// All that a solution has.
#[derive(Debug, Clone, Default)]
pub(super) struct Found {
    pub(super) things: Vec<Thing>,
    /// What is there and can be no item, a line each.
    pub(super) left: Vec<String>,
}

/// All that `bag` states and shows.
pub(super) fn of(bag: &Bag) -> Found {
    let mut found = Found::default();
    stated(bag, &mut found);
    files(bag, &mut found);
    let is_stated = found.things.iter().any(|thing| matches!(thing.what, What::Number(_) | What::Series(_) | What::Array(..)));
    let is_drawn = found.things.iter().any(|thing| thing.what == What::Figure);
    printed(bag, is_stated, is_drawn, &mut found);
    if found.things.len() > MOST {
        let more = found.things.split_off(MOST);
        found.left.extend(more.into_iter().map(|thing| format!("{}: {}", thing.name, thing.seen)));
    }
    found
}

/// What metrics and answers files state, and what marks in notebooks do.
fn stated(bag: &Bag, found: &mut Found) {
    let answers = bag.statements_called("answers");
    let in_files = bag.stated_in_files();
    for name in bag.stated_names() {
        let Ok((value, path)) = bag.value(&name) else { continue };
        let is_answer = path == answers;
        // Words under a heading of one word are an answer only if the word looks like a name.
        let is_name = name.contains(['_', '.']) || !matches!(value, Value::Text(_)) || in_files.iter().any(|(known, ..)| *known == name);
        let printed = || bag.number(&name).ok().filter(|_| matches!(value, Value::Text(_)) && !is_answer).map(|stated| What::Number(stated.number.get()));
        match printed().or_else(|| what(value, is_answer)).filter(|_| is_name) {
            Some(what) => found.things.push(Thing { seen: value.describe(), name, what, place: None }),
            None => found.left.push(format!("{name} in {path}: {}", value.describe())),
        }
    }
}

/// What a value is; nothing if it is not usable.
fn what(value: &Value, is_answer: bool) -> Option<What> {
    match value {
        Value::Number(number) if is_answer => Some(What::Answer(vec![number.get().to_string()])),
        Value::Number(number) => Some(What::Number(number.get())),
        Value::Flag(flag) => Some(What::Answer(vec![flag.to_string()])),
        Value::Text(text) => Some(words(text)),
        Value::List(values) if values.iter().all(|value| matches!(value, Value::Text(_))) => {
            let texts = values.iter().filter_map(|value| if let Value::Text(text) = value { Some(text.clone()) } else { None });
            Some(What::Answer(texts.collect())).filter(|_| !values.is_empty())
        }
        Value::List(values) => {
            let mut numbers = Vec::new();
            let shape = shape(values, &mut numbers)?;
            let largest = numbers.iter().fold(0.0_f64, |largest, number| largest.max(number.abs()));
            match shape.as_slice() {
                _ if numbers.is_empty() => None,
                [_] => Some(What::Series(numbers)),
                _ => Some(What::Array(shape, largest)),
            }
        }
        Value::Unusable(_) => None,
    }
}

/// What words are: a rule, a short answer, a long one.
fn words(text: &str) -> What {
    let text = text.trim();
    let looks_like_rule = ["->", "<=", ">", "|---"].iter().any(|sign| text.contains(sign));
    match Written::parse(text) {
        Ok(Written::Rule(rule)) if looks_like_rule => return What::Rule(rule.class().map(str::to_owned)),
        Ok(Written::Tree(_)) if looks_like_rule => return What::Rule(None),
        _ => {}
    }
    let is_short = text.split_whitespace().count() <= SHORT.0 && text.chars().count() <= SHORT.1;
    if is_short { What::Answer(vec![text.to_owned()]) } else { What::Words(text.to_owned()) }
}

/// The shape of nested lists of numbers, if all are as long as each other; the numbers are added to `into`.
fn shape(values: &[Value], into: &mut Vec<f64>) -> Option<Vec<usize>> {
    let inner = |value: &Value, into: &mut Vec<f64>| match value {
        Value::Number(number) => {
            into.push(number.get());
            Some(Vec::new())
        }
        Value::List(values) => shape(values, into),
        _ => None,
    };
    let mut shapes = values.iter().map(|value| inner(value, into));
    let first = shapes.next().unwrap_or(Some(Vec::new()))?;
    if !shapes.all(|shape| shape.as_ref() == Some(&first)) {
        return None;
    }
    Some(std::iter::once(values.len()).chain(first).collect())
}

/// Figures, predictions, networks and rules in files of their own.
fn files(bag: &Bag, found: &mut Found) {
    for shown in bag.files_shown() {
        let file = shown.path.rsplit('/').next().unwrap_or(&shown.path);
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        let bare = shown.name.split_once('/').map_or(shown.name.as_str(), |(_, bare)| bare);
        let name = if shown.selector.is_some() { plain(stem) } else { bare.to_owned() };
        let (what, folder) = match shown.kind {
            "figure" => (What::Figure, "figures"),
            "network" => (What::Network, "networks"),
            _ => (What::Predictions, "predictions"),
        };
        // A table that lies elsewhere may be anything: the data, above all.
        if what == What::Predictions && shown.selector.is_some() {
            continue;
        }
        let is_twice = found.things.iter().any(|thing| thing.what == what && thing.name == name);
        if is_twice {
            found.left.push(format!("{}: there is another {} of this name", shown.path, shown.kind));
            continue;
        }
        let words = if shown.words.is_empty() { shown.path.clone() } else { format!("{}, {}", shown.path, shown.words) };
        let seen = if shown.selector.is_some() { format!("{words}; call it {folder}/{name}") } else { words };
        found.things.push(Thing { name, what, place: shown.selector, seen });
    }
    for path in bag.paths() {
        let name = path.strip_prefix("arrays/").and_then(|file| file.rsplit_once('.')).map(|(stem, _)| stem);
        if let Some((name, Ok(array))) = name.map(|name| (name, bag.array(name))) {
            let largest = array.values.iter().fold(0.0_f64, |largest, number| largest.max(number.get().abs()));
            found.things.push(Thing { name: name.to_owned(), what: What::Array(array.shape, largest), place: None, seen: path.to_owned() });
        }
        let name = path.strip_prefix("rules/").and_then(|file| file.rsplit_once('.')).map(|(stem, _)| stem);
        if let Some(name) = name.filter(|name| bag.rule(name).is_ok()) {
            found.things.push(Thing { name: name.to_owned(), what: What::Rule(None), place: None, seen: path.to_owned() });
        }
    }
}

/// The tables that lie elsewhere than predictions do.
pub(super) fn loose_tables(bag: &Bag) -> Vec<String> {
    let loose = bag.files_shown().into_iter().filter(|shown| shown.kind == "predictions" && shown.selector.is_some());
    loose.map(|shown| shown.path).collect()
}

/// What notebooks and reports only print or show. Where files state numbers, what is printed besides is listed and no item.
fn printed(bag: &Bag, is_stated: bool, is_drawn: bool, found: &mut Found) {
    let (mut figures, taken) = (0, bag.stated_names());
    for entry in bag.catalogue() {
        let line = |name: &str, place: &Place| format!("{} = {place} # {}", toml::Value::from(name), entry.place);
        let Some(value) = &entry.value else {
            figures += 1;
            let name = format!("figure_{figures}");
            if is_drawn {
                found.left.push(line(&format!("figures/{name}"), &entry.selector));
            } else {
                found.things.push(Thing { name, what: What::Figure, place: Some(entry.selector), seen: entry.place });
            }
            continue;
        };
        let name = plain(&entry.name);
        let is_cell = is_one_of_column(&entry.selector);
        if found.things.iter().any(|thing| thing.name == name && thing.seen == value.describe()) || is_cell {
            continue;
        }
        let what = what(&number_of(value), false).filter(|_| !name.is_empty() && name != "NAME");
        match what {
            Some(what) if entry.kind == "answer" || !is_stated => {
                let name = unlike(&name, found, &taken);
                let place = general(bag, &name, value, &entry.selector);
                found.things.push(Thing { name, what, place: Some(place), seen: value.describe() });
            }
            _ => found.left.push(line(&name, &entry.selector)),
        }
    }
}

/// Whether it is one cell of a column that is listed as a whole.
fn is_one_of_column(place: &Place) -> bool {
    let text = place.to_string();
    text.contains("row = ") && text.contains("column = ")
}

/// A percentage as the number that it is.
fn number_of(value: &Value) -> Value {
    let percent = |text: &str| text.trim().strip_suffix('%')?.trim().parse::<Finite>().ok().map(|number| Value::Number(number.point_moved(-2)));
    match value {
        Value::Text(text) => percent(text).unwrap_or_else(|| value.clone()),
        other => other.clone(),
    }
}

/// The name, or with a number behind it if it is taken: what a mark states under a name goes before what a rubric says of it.
fn unlike(name: &str, found: &Found, stated: &BTreeSet<String>) -> String {
    let is_taken = |name: &String| stated.contains(name) || found.things.iter().any(|thing| thing.name == *name);
    let numbered = (2..).map(|n| format!("{name}_{n}"));
    std::iter::once(name.to_owned()).chain(numbered).find(|name| !is_taken(name)).unwrap_or_default()
}

/// The place without its cell, if that still gives the value: students' cells have other numbers than the instructor's.
fn general(bag: &Bag, name: &str, value: &Value, place: &Place) -> Place {
    let Place::Spot(spot) = place else { return place.clone() };
    let without = Place::Spot(spot.anywhere());
    let places = BTreeMap::from([(name.to_owned(), without.clone())]);
    let is_same = without.fault(name).is_none() && bag.as_usual(&places).value(name).is_ok_and(|(seen, _)| seen == value);
    if is_same { without } else { place.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::submission::Submission;

    fn bag(files: &[(&str, &str)]) -> Bag {
        Submission::of_files("x", files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()))).bag
    }

    #[test]
    fn values_are_kept_apart_by_what_they_are() {
        let metrics = r#"{"k": 3, "loss": [3, 2, 1], "folds": [[1, 2], [3, 4]], "ragged": [[1, 2], [3]], "bad": null}"#;
        let metrics = metrics.replace('{', "{\"acc\": \"98.5 %\", ");
        let answers = r#"{"best": "forest", "depth": 4, "ok": true, "all": ["a", "c"],
            "why": "Because it averages over many trees.", "rule": "x > 2 and y <= 3 -> b"}"#;
        let found = of(&bag(&[("metrics.json", metrics.as_str()), ("answers.json", answers)]));
        let what = |name: &str| found.things.iter().find(|thing| thing.name == name).map(|thing| thing.what.clone());
        assert_eq!(what("acc"), Some(What::Number(0.985)));
        assert_eq!(what("k"), Some(What::Number(3.0)));
        assert_eq!(what("loss"), Some(What::Series(vec![3.0, 2.0, 1.0])));
        assert_eq!(what("folds"), Some(What::Array(vec![2, 2], 4.0)));
        assert_eq!((what("ragged"), what("bad")), (None, None));
        assert_eq!(found.left.len(), 2, "{:?}", found.left);
        assert_eq!(what("best"), Some(What::Answer(vec!["forest".to_owned()])));
        assert_eq!(what("depth"), Some(What::Answer(vec!["4".to_owned()])));
        assert_eq!(what("ok"), Some(What::Answer(vec!["true".to_owned()])));
        assert_eq!(what("all"), Some(What::Answer(vec!["a".to_owned(), "c".to_owned()])));
        assert!(matches!(what("why"), Some(What::Words(_))), "{:?}", what("why"));
        assert_eq!(what("rule"), Some(What::Rule(Some("b".to_owned()))));
    }
}

//! An output taken apart: dictionaries, trainings, tables, and lines that state something.

use crate::agreement::agree;
use std::borrow::Cow;
use std::collections::BTreeMap;

use mlgrade_domain::limits;

use super::super::statements::flatten;
use super::history::{self, Histories};
use super::line::statements;
use super::literal::{self, Fault};
use super::number::number;
use super::tables::grid::{Grid, Kind};
use super::{Named, SHORTENED, tables};
use mlgrade_domain::value::Value;
use mlgrade_logs::Node;

/// What an output holds.
pub(super) struct Parts {
    dictionaries: Result<Named, String>,
    histories: Histories,
    tables: Vec<Grid>,
    lines: Named,
    /// Whether it has lines that belong to no table.
    has_more: bool,
}

/// What is stated under a name, and by what.
type Stated = (Result<Value, String>, Origin);

/// What states a name: the kind of the table, and which one of them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    Grid(Kind, usize),
    Line,
}

impl Parts {
    pub(super) fn of(text: &str) -> Self {
        let text = without_timing(text);
        let (dictionaries, rest) = dictionaries(&text);
        let mut lines: Vec<&str> = rest.lines().collect();
        let histories = history::read(&lines);
        let of_trainings = histories.trainings.iter().flat_map(history::Training::lines).chain(histories.evaluations.iter().map(|(line, _)| *line));
        blank(&mut lines, of_trainings.collect::<Vec<_>>());
        let tables = tables::read(&lines);
        blank(&mut lines, tables.iter().flat_map(|grid| grid.lines.clone()).collect::<Vec<_>>());
        let has_more = lines.iter().any(|line| !line.trim().is_empty());
        let lines = stated(&lines.join("\n"));
        Self { dictionaries, histories, tables, lines, has_more }
    }

    /// All tables and trainings, from top to bottom.
    pub(super) fn grids(self) -> Vec<Grid> {
        let mut grids: Vec<Grid> = self.histories.trainings.iter().map(history::Training::grid).collect();
        grids.extend(self.tables);
        grids.sort_by_key(|grid| grid.lines.start);
        grids
    }

    /// The only column with numbers of the only table, if there is nothing else.
    pub(super) fn only_column(&self) -> Option<Result<Value, String>> {
        let ([table], true, false) = (self.tables.as_slice(), self.histories.trainings.is_empty(), self.has_more) else { return None };
        let columns: Vec<usize> = table.measured().collect();
        // A value with a name is found by its name.
        let is_counted = || table.row_names().iter().all(|name| name.is_empty());
        (columns.len() == 1 && table.kind != Kind::Report && is_counted()).then(|| table.column(columns[0]))
    }

    /// All names with their values, each once. A name that is stated in two ways has none.
    pub(super) fn named(&self) -> Result<Named, String> {
        let mut all: Vec<(String, Result<Value, String>, Origin)> = Vec::new();
        let mut add = |named: Named, origin: Origin| all.extend(named.into_iter().map(|(name, value)| (name.replace(' ', "_"), value, origin)));
        add(self.dictionaries.clone()?, Origin::Line);
        for (i, training) in self.histories.trainings.iter().enumerate() {
            add(training.named(), Origin::Grid(Kind::Training, i));
        }
        for (_, evaluation) in &self.histories.evaluations {
            add(evaluation.clone(), Origin::Line);
        }
        for (i, table) in self.tables.iter().enumerate() {
            add(table.named(), Origin::Grid(table.kind, i));
        }
        add(self.lines.clone(), Origin::Line);
        let mut order: Vec<String> = Vec::new();
        let mut by_name: BTreeMap<String, Vec<Stated>> = BTreeMap::new();
        for (name, value, origin) in all {
            let stated = by_name.entry(name.clone()).or_default();
            if stated.is_empty() {
                order.push(name);
            }
            stated.push((value, origin));
        }
        Ok(order.into_iter().filter_map(|name| by_name.remove(&name).map(|stated| (name, agreed(stated)))).collect())
    }
}

/// The value that all `stated` ones agree on, of numbers the one with most digits.
fn agreed(stated: Vec<Stated>) -> Result<Value, String> {
    let mut values: Vec<(Value, Origin)> = Vec::with_capacity(stated.len());
    for (value, origin) in stated {
        values.push((value?, origin));
    }
    let digits = |value: &Value| if matches!(value, Value::Number(_)) { value.describe().len() } else { 0 };
    let Some((finest, origin)) = values.iter().rev().max_by_key(|(value, _)| digits(value)) else { return Err("it has no value".to_owned()) };
    let Some(at) = values.iter().position(|(value, _)| !agree(finest, value)) else { return Ok(finest.clone()) };
    let (other, elsewhere) = &values[at];
    let mut two = [(other, elsewhere), (finest, origin)];
    if values.iter().position(|(value, _)| value == finest).is_some_and(|first| first < at) {
        two.reverse();
    }
    let [a, b] = two.map(|(value, _)| shown(value));
    Err(match two.map(|(_, origin)| *origin) {
        [Origin::Grid(kind, first), Origin::Grid(other, second)] if kind == other && first != second => {
            format!("two {} state it, as {a} and as {b}; print one of them, or each in a cell of its own", kind.plural())
        }
        _ => format!("it is printed as {a} and as {b}"),
    })
}

/// A value in words, of a list what it begins with.
fn shown(value: &Value) -> String {
    match value {
        Value::List(values) => {
            let more = if values.len() > 3 { ", …" } else { "" };
            format!("[{}{more}]", values.iter().take(3).map(Value::describe).collect::<Vec<_>>().join(", "))
        }
        value => value.describe(),
    }
}

fn blank(lines: &mut [&str], taken: Vec<usize>) {
    for line in taken {
        if let Some(line) = lines.get_mut(line) {
            *line = "";
        }
    }
}

/// `text` without the lines in which `IPython` says how long a cell took: they are not the student's.
pub(super) fn without_timing(text: &str) -> Cow<'_, str> {
    let is_timing = |line: &str| {
        let line = line.trim_start();
        let begins = ["CPU times: ", "Wall time: ", "Compiler : ", "Parser   : "].iter().any(|begin| line.starts_with(begin));
        begins || line.starts_with("time: ") && line.contains("(started: ")
    };
    if !text.lines().any(is_timing) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.split_inclusive('\n').map(|line| if is_timing(line) { "\n" } else { line }).collect())
}

/// All dictionaries, those behind words too, and the text with blanks in their place.
fn dictionaries(text: &str) -> (Result<Named, String>, String) {
    let (mut named, mut rest) = (Named::new(), String::with_capacity(text.len()));
    let mut fault = None;
    let mut at = 0;
    while let Some(here) = text.get(at..).filter(|here| !here.is_empty()) {
        let length = here.find('\n').map_or(here.len(), |end| end + 1);
        let found = dictionary_in(&here[..length]).map(|start| (start, literal::prefix(&here[start..])));
        // A list of several dictionaries states each name several times.
        let is_alone = |end: usize, start: usize| !here[..start].ends_with('[') || here[end..].trim_start().starts_with(']');
        match found {
            Some((start, Ok((Node::Table(entries), taken)))) if is_alone(start + taken, start) => {
                let lead = &here[..start];
                if let Err(reason) = take(entries, group(lead).as_deref(), &mut named) {
                    fault = Some(reason);
                }
                rest += lead;
                rest.extend(here[start..start + taken].matches('\n'));
                at += start + taken;
                continue;
            }
            Some((_, Err(Fault::Shortened))) => fault = Some(SHORTENED.to_owned()),
            _ => {}
        }
        rest += &here[..length];
        at += length;
    }
    (fault.map_or(Ok(named), Err), rest)
}

/// Where in a line a dictionary may begin: at its start, or behind words.
fn dictionary_in(line: &str) -> Option<usize> {
    let bare = line.len() - line.trim_start_matches([' ', '\t']).len();
    if line[bare..].starts_with(['{', 'O', 'd', 'C']) {
        let calls = ["{", "OrderedDict(", "dict(", "defaultdict(", "Counter("];
        if calls.iter().any(|call| line[bare..].starts_with(call)) || line[bare..].starts_with("collections.") {
            return Some(bare);
        }
    }
    if line[bare..].starts_with("[{") {
        return Some(bare + 1);
    }
    // An estimator that shows its settings has brackets before.
    let start = line.find('{').filter(|&start| start <= 200)?;
    let lead = &line[..start];
    let is_bracketed = lead.contains(['(', '[', '<']) && !lead.trim_end().ends_with(" for");
    // Nor is a cell of a table one.
    let is_cell = !lead.contains(char::is_alphabetic) || lead.trim().contains("  ") || lead.contains(['|', '\t', '│', '┆', '┃']);
    (!is_bracketed && !is_cell).then_some(start)
}

/// The name that `lead` gives to the dictionary behind it: `Best_params` in `Best params: `.
fn group(lead: &str) -> Option<String> {
    let words = lead.trim().strip_suffix([':', '='])?.trim();
    is_name(words).then(|| words.to_owned())
}

/// Takes `entries` over by dotted name, and, if they have a name as a whole, below that one as well.
fn take(entries: Vec<(String, Node)>, group: Option<&str>, into: &mut Named) -> Result<(), String> {
    let mut flat: Vec<(String, Value)> = Vec::new();
    for (name, node) in entries {
        match node {
            Node::Leaf(value) => flat.push((name, value)),
            table => {
                let mut inner = Vec::new();
                flatten(name, table, 1, &mut inner)?;
                flat.extend(inner);
            }
        }
    }
    for (name, value) in flat {
        if let Some(group) = group {
            into.push((format!("{group}.{name}"), Ok(value.clone())));
        }
        into.push((name, Ok(value)));
    }
    Ok(())
}

/// What lines such as `best_depth = 8` and `val error: 0.02` state; the value may go on over several lines.
fn stated(text: &str) -> Named {
    let mut named = Named::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let length = rest.find('\n').map_or(rest.len(), |end| end + 1);
        let line = &rest[..length];
        at += length;
        if let Some((name, values, taken)) = series_of_polars(line, &rest[length..]) {
            named.push((name.to_owned(), Ok(values)));
            at += taken;
            continue;
        }
        let mut several = statements(line.trim_end());
        let whole = line.find(['=', ':']).filter(|&split| is_name(line[..split].trim()));
        let first = whole.map(|split| line[..split].trim().trim_matches(['`', '"', '\'']));
        if let (Some(split), Some(name)) = (whole, first) {
            let behind = &rest[split + 1..];
            match literal::prefix(behind) {
                Ok((node, taken)) if behind[taken..].lines().next().is_none_or(|end| end.trim().is_empty()) => {
                    at = at.max(at - length + split + 1 + taken);
                    named.push((name.to_owned(), Ok(node.into_value())));
                    continue;
                }
                Err(Fault::Shortened) => {
                    named.push((name.to_owned(), Err(SHORTENED.to_owned())));
                    continue;
                }
                _ => {}
            }
            let is_first = several.first().is_some_and(|one| one.name == name);
            if !is_first || several.len() == 1 {
                let text = without_freedom(line[split + 1..].trim());
                // Behind a gap stands what the next name states.
                let text = if several.is_empty() || is_first { text } else { text.split("  ").next().unwrap_or(text) };
                named.extend((!text.is_empty()).then(|| (name.to_owned(), Ok(Value::text(text)))));
                several.retain(|one| !name.ends_with(one.name));
            }
        }
        // In a sentence a number may stand behind a colon and be nobody's value.
        let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).count();
        if letters(line) <= 4 * several.iter().map(|one| letters(one.name)).sum::<usize>() {
            named.extend(several.iter().map(|one| (one.name.to_owned(), Ok(Value::text(without_freedom(one.value))))));
        }
        if named.len() > limits::PRINTED_NAMES {
            break;
        }
    }
    named
}

/// `Series: 'acc' [f64]` and below it a list.
fn series_of_polars<'t>(line: &'t str, below: &str) -> Option<(&'t str, Value, usize)> {
    let (name, _) = line.strip_prefix("Series: '")?.split_once('\'')?;
    match literal::prefix(below) {
        Ok((Node::Leaf(values @ Value::List(_)), taken)) => Some((name, values, taken)),
        _ => None,
    }
}

/// R says `3.046 on 30 degrees of freedom`, or `89.3 on 1 and 30 DF`.
fn without_freedom(value: &str) -> &str {
    let (number_alone, behind) = value.split_once(" on ").unwrap_or((value, ""));
    let counts = behind.strip_suffix("degrees of freedom").or_else(|| behind.strip_suffix("DF")).unwrap_or(behind).trim();
    let is_count = !counts.is_empty() && counts.split(" and ").all(|count| count.parse::<f64>().is_ok());
    if is_count && number(number_alone).is_ok() { number_alone } else { value }
}

fn is_name(text: &str) -> bool {
    let inner = text.trim_matches(['`', '"', '\'']);
    inner.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && inner.len() <= 120
        && inner.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '/' | ' '))
}

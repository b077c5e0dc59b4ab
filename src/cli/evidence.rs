//! `mlgrade evidence`: every number, series and figure in a submission, its predictions and networks, with the line of `[where]` that reaches it.

use std::path::PathBuf;

use anyhow::Result;
use serde::Serialize;

use super::Exit;
use super::say::raw;
use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::value::Value;
use crate::report::json;
use crate::submission::Submission;

/// List what a notebook, report or submission shows, with the line of `[where]` for each.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Each line ends with what to paste into `[where]` of submission.toml or of the rubric; change the name in front to the one that the rubric asks for.\n\nExamples:\n  mlgrade evidence hw2.ipynb\n  mlgrade evidence submissions/ada --json"
)]
pub(super) struct Args {
    /// The notebook, report (PDF), folder or archive
    file: PathBuf,
    /// Print JSON instead
    #[arg(long)]
    json: bool,
}

/// What `--json` prints of one thing.
#[derive(Debug, Serialize)]
struct Row {
    kind: &'static str,
    name: String,
    value: serde_json::Value,
    place: String,
    /// The line of `[where]`; none if it is found by its name.
    r#where: Option<String>,
}

pub(super) fn run(args: &Args) -> Result<Exit> {
    if !args.file.exists() {
        return Err(Diagnostic::error(Code::NotReadable, "there is no such file").in_file(args.file.display().to_string()).into());
    }
    let submission = Submission::open(&args.file);
    let bag = &submission.bag;
    let stated = bag.stated_in_files().into_iter().map(|(name, value, place)| {
        let kind = if matches!(value, Value::List(_)) { "series" } else { "number" };
        Row { kind, value: json_of(Some(&value)), place, name, r#where: None }
    });
    let shown = bag.catalogue().into_iter().map(|entry| {
        let line = format!("{} = {}", toml::Value::String(entry.name.clone()), entry.selector);
        Row { kind: entry.kind, value: json_of(entry.value.as_ref()), name: entry.name, place: entry.place, r#where: Some(line) }
    });
    let files = bag.files_shown().into_iter().map(|file| {
        let line = file.selector.map(|selector| format!("{} = {selector}", toml::Value::String(file.name.clone())));
        Row { kind: file.kind, value: json_of(Some(&Value::Text(file.words))), name: file.name, place: file.path, r#where: line }
    });
    let logged = bag.logged().into_iter().map(|logged| {
        let line = format!("{} = {}", toml::Value::String(logged.key.clone()), logged.selector);
        let (kind, value) = match &logged.value {
            Ok(value @ Value::List(_)) => ("series", json_of(Some(value))),
            Ok(value @ (Value::Text(_) | Value::Flag(_) | Value::Unusable(_))) => ("text", json_of(Some(value))),
            Ok(value) => ("number", json_of(Some(value))),
            Err(fault) => ("unclear", serde_json::json!(fault)),
        };
        Row { kind, name: logged.key, value, place: logged.path, r#where: Some(line) }
    });
    let all: Vec<Row> = stated.chain(logged).chain(shown).chain(files).collect();
    if args.json {
        raw!("{}", json::json(&all)?);
        return Ok(Exit::Fine);
    }
    let mut place = "";
    for one in &all {
        if one.place != place {
            place = &one.place;
            raw!("in {}\n", printable(place));
        }
        let width = if one.kind == "predictions" || one.kind == "network" { 120 } else { 40 };
        let value: String = printable(&one.value.to_string()).chars().take(width).collect();
        let reached = one.r#where.clone().unwrap_or_else(|| format!("{}, found by its name", one.name));
        raw!("  {:11}  {value:12}  {}\n", one.kind, printable(&reached));
    }
    for note in &submission.notes {
        raw!("  note: {}\n", printable(&note.to_string()));
    }
    if all.is_empty() {
        raw!("no number, series or figure was found\n");
    }
    Ok(Exit::Fine)
}

fn json_of(value: Option<&Value>) -> serde_json::Value {
    match value {
        None => serde_json::Value::Null,
        Some(Value::Number(number)) => serde_json::json!(number.get()),
        Some(Value::Flag(flag)) => serde_json::json!(flag),
        Some(Value::Text(text) | Value::Unusable(text)) => serde_json::json!(text),
        Some(Value::List(values)) => values.iter().map(|value| json_of(Some(value))).collect(),
    }
}

/// `text` without what moves the cursor or turns the direction of reading.
fn printable(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().map(|c| if c.is_control() || turns(c) { ' ' } else { c }).collect()
}

//! Runs of Weights & Biases as they lie on disk: `run-ID.wandb` (wandb's `datastore.py`; `wandb_internal.proto` has the
//! numbers of its fields), `wandb-history.jsonl` and `wandb-summary.json`.

use mlgrade_domain::value::Value;
use mlgrade_protobuf::{Outcome, fields};

use super::frames::leveldb_records;
use super::records::Records;
use super::tree::{self, json};
use super::{Log, Node};

/// What the file begins with: its mark, and a magic number and a version.
const HEAD: [u8; 7] = [b':', b'W', b'&', b'B', 0xe1, 0xbe, 0];

/// What is logged of a run: the history as series, and of the summary what the history does not have.
pub(crate) fn log(files: &[(&str, &[u8])]) -> Result<Log, String> {
    let (mut records, mut summary) = (Records::default(), Log::new());
    for (name, bytes) in files {
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        if ending == "wandb" {
            for record in records_of(bytes)? {
                add(&record, &mut records, &mut summary)?;
            }
            continue;
        }
        let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned())?;
        if ending == "jsonl" {
            for line in text.lines().filter(|line| !line.trim().is_empty()) {
                add_history(tree::log(json(line)?)?, &mut records)?;
            }
        } else {
            summary.extend(tree::log(json(text)?)?);
        }
    }
    let mut log = records.finish();
    for (name, value) in summary {
        log.entry(name).or_insert(value);
    }
    log.retain(|name, _| !name.starts_with('_'));
    Ok(log)
}

fn records_of(bytes: &[u8]) -> Result<Vec<Vec<u8>>, String> {
    if !bytes.starts_with(&HEAD) {
        return Err("it does not begin as a run of Weights & Biases does".to_owned());
    }
    leveldb_records(bytes, HEAD.len(), crc32fast::hash)
}

/// Adds a row of the history. Its step is `_step`.
fn add_history(row: Log, records: &mut Records) -> Result<(), String> {
    records.add_row(row.into_iter().filter_map(|(name, value)| Some((name, value.ok()?))).collect())
}

/// Adds a `Record`, if it is one of the history or of the summary.
fn add(record: &[u8], records: &mut Records, summary: &mut Log) -> Result<(), String> {
    const HISTORY: u32 = 2;
    const SUMMARY: u32 = 3;
    for field in fields(record) {
        match field.map_err(|fault| fault.to_string())? {
            (HISTORY, field) => {
                let mut row = items(field.bytes().map_err(|fault| fault.to_string())?).map_err(|fault| fault.to_string())?;
                // The step by itself, where no item states it.
                if let (Some(step), false) = (row.step, row.items.iter().any(|(name, _)| name == "_step")) {
                    row.items.push(("_step".to_owned(), step.to_string()));
                }
                add_history(row.log()?, records)?;
            }
            (SUMMARY, field) => summary.extend(items(field.bytes().map_err(|fault| fault.to_string())?).map_err(|fault| fault.to_string())?.log()?),
            _ => {}
        }
    }
    Ok(())
}

/// Names with their values in JSON.
#[derive(Debug, Default)]
struct Items {
    items: Vec<(String, String)>,
    step: Option<i64>,
}

impl Items {
    fn log(self) -> Result<Log, String> {
        let nodes: Result<Vec<(String, Node)>, String> = self.items.into_iter().map(|(name, value)| Ok((name, json(&value)?))).collect();
        let mut log = tree::log(Node::Table(nodes?))?;
        // Pictures, tables and histograms are tables with a type.
        let media: Vec<String> = log.keys().filter_map(|name| name.strip_suffix("._type").map(|name| format!("{name}."))).collect();
        log.retain(|name, value| {
            !media.iter().any(|begins| name.starts_with(begins))
                && matches!(value, Ok(Value::Number(_) | Value::Unusable(_) | Value::Text(_) | Value::Flag(_) | Value::List(_)))
        });
        Ok(log)
    }
}

/// The items of a `HistoryRecord` or `SummaryRecord`: both have them in field 1, as name (1), or parts of a name (2), and JSON (16).
fn items(record: &[u8]) -> Outcome<Items> {
    let mut all = Items::default();
    for field in fields(record) {
        match field? {
            (1, item) => {
                let (mut name, mut parts, mut value) = (String::new(), Vec::new(), String::new());
                for field in fields(item.bytes()?) {
                    match field? {
                        (1, field) => field.text()?.clone_into(&mut name),
                        (2, field) => parts.push(field.text()?),
                        (16, field) => field.text()?.clone_into(&mut value),
                        _ => {}
                    }
                }
                all.items.push((if name.is_empty() { parts.join(".") } else { name }, value));
            }
            (2, step) => {
                for field in step.bytes().map(fields).into_iter().flatten() {
                    if let (1, number) = field? {
                        all.step = Some(number.int()?);
                    }
                }
            }
            _ => {}
        }
    }
    Ok(all)
}

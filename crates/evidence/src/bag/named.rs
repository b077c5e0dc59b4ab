//! Values whose names lead to a file: `"mlp.val_loss" = "history.json"`, or to a place in a log.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use mlgrade_domain::diagnostic::{Code, Diagnostic};
use mlgrade_domain::limits;
use mlgrade_domain::name::{did_you_mean, list};
use mlgrade_domain::value::Value;
use mlgrade_logs::Log;

use super::super::log_spot::LogSpot;
use super::super::printed;
use super::super::{Absent, Found, statements};
use super::logs::normal;
use super::{Bag, STATEMENT_ENDINGS, unread};

/// A name with the place that states its value.
#[derive(Debug, Clone)]
pub(super) struct NamedFile {
    name: String,
    spot: LogSpot,
    read: OnceLock<Found<Value>>,
}

/// The names that lead to places in logs, and those among `aliases` that lead to a whole file. Those of figures and the like lead elsewhere.
pub(super) fn of(aliases: &BTreeMap<String, String>, spots: &BTreeMap<String, LogSpot>) -> Vec<NamedFile> {
    let whole = aliases.iter().filter(|(name, _)| !is_of_a_file(name) && !spots.contains_key(*name));
    let whole = whole.map(|(name, path)| (name.clone(), LogSpot { file: path.clone(), ..LogSpot::default() }));
    let all = spots.iter().map(|(name, spot)| (name.clone(), spot.clone())).chain(whole);
    all.map(|(name, spot)| NamedFile { name, spot, read: OnceLock::new() }).collect()
}

impl Bag {
    /// The value at the place that the name leads to, if it leads to one.
    pub(super) fn value_in_named_file(&self, name: &str) -> Option<Result<(&Value, &str), &Absent>> {
        let file = self.named.iter().find(|file| file.name == name)?;
        let path = file.spot.file.as_str();
        if self.log_at(path).is_none() && file.spot.wanted().is_none() && !states(path) {
            return None;
        }
        Some(file.read.get_or_init(|| self.read_named(name, &file.spot)).as_ref().map(|value| (value, path)))
    }

    fn read_named(&self, name: &str, spot: &LogSpot) -> Found<Value> {
        let path = spot.file.as_str();
        let wrong = |code, message: String| Absent::Unreadable(Diagnostic::error(code, message).in_file(path));
        let value = if let Some(log) = self.log_at(path) {
            let log = log.map_err(Clone::clone)?;
            one_of(log, name, spot).map_err(|(code, message)| wrong(code, message))?
        } else {
            let bytes = self.bytes(path, limits::TEXT_BYTES)?;
            // A list alone is what the name says.
            let text = String::from_utf8_lossy(&bytes);
            match printed::value(&text) {
                Ok(value @ Value::List(_)) if text.trim_start().starts_with('[') => value,
                _ => {
                    let stated = statements::read(path, &bytes).map_err(|fault| unread(&bytes, fault))?.values;
                    let log: Log = stated.into_iter().map(|(name, value)| (name, Ok(value))).collect();
                    one_of(&log, name, spot).map_err(|(code, message)| wrong(code, message))?
                }
            }
        };
        spot.pick(&value).map_err(|fault| wrong(Code::NotFound, format!("`{name}`: {fault}")))
    }
}

/// Whether `[where]` gives a whole file under this name: metrics, a figure, a network.
pub(super) fn is_of_a_file(name: &str) -> bool {
    ["metrics", "answers", "notebook", "report"].contains(&name) || name.contains('/')
}

/// Whether a file states values by its ending.
fn states(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| STATEMENT_ENDINGS.iter().any(|known| known.eq_ignore_ascii_case(ending)))
}

/// What `log` states at `spot`: under the key and column that it names, else under `name` or its last part.
fn one_of(log: &Log, name: &str, spot: &LogSpot) -> Result<Value, (Code, String)> {
    let wanted = spot.wanted();
    let names: Vec<&str> = match &wanted {
        Some(wanted) => vec![wanted.as_str()],
        None => vec![name, name.rsplit('.').next().unwrap_or(name), ""],
    };
    let exact = names.iter().find_map(|name| {
        let same = |key: &&String| normal(key) == normal(name);
        log.get_key_value(*name).map(|(key, _)| key).or_else(|| log.keys().find(same).filter(|_| log.keys().filter(same).count() == 1))
    });
    let last = names.iter().copied().find(|name| !name.is_empty() && !name.contains('.')).or(wanted.as_deref()).unwrap_or_default();
    let ends_so = |key: &&String| key.strip_suffix(last).is_some_and(|before| before.ends_with(['.', '/']));
    let found: Vec<&String> = exact.map_or_else(|| log.keys().filter(ends_so).collect(), |key| vec![key]);
    match found.as_slice() {
        [only] => log[*only].clone().map_err(|fault| (Code::Ambiguous, format!("`{name}`: {fault}"))),
        [] => {
            let help =
                did_you_mean(last, log.keys().map(String::as_str)).unwrap_or_else(|| format!("there is {}", list(log.keys().take(8).map(String::as_str))));
            let sought = match wanted {
                Some(wanted) => format!("there is no `{wanted}` in it"),
                None => format!("there is neither `{name}` nor `{last}` in it"),
            };
            Err((Code::NotFound, format!("{sought}; {help}")))
        }
        several => Err((Code::Ambiguous, format!("`{name}` may be {}", list(several.iter().map(|name| name.as_str()))))),
    }
}

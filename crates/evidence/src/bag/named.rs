//! Values whose names lead to a file of their own: `"mlp.val_loss" = "history.json"`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use mlgrade_domain::diagnostic::{Code, Diagnostic};
use mlgrade_domain::limits;
use mlgrade_domain::name::{did_you_mean, list};
use mlgrade_domain::value::Value;

use super::super::printed;
use super::super::{Absent, Found, statements};
use super::{Bag, STATEMENT_ENDINGS, unread};

/// A name with the file that states its value.
#[derive(Debug, Clone)]
pub(super) struct NamedFile {
    name: String,
    path: String,
    read: OnceLock<Found<Value>>,
}

/// The names among `aliases` that lead to a file that states values. Those of figures and the like lead elsewhere.
pub(super) fn of(aliases: &BTreeMap<String, String>) -> Vec<NamedFile> {
    let states = |path: &str| path.rsplit_once('.').is_some_and(|(_, ending)| STATEMENT_ENDINGS.iter().any(|known| known.eq_ignore_ascii_case(ending)));
    let is_other = |name: &str| ["metrics", "answers"].contains(&name) || name.contains('/');
    let named = aliases.iter().filter(|(name, path)| !is_other(name) && states(path));
    named.map(|(name, path)| NamedFile { name: name.clone(), path: path.clone(), read: OnceLock::new() }).collect()
}

impl Bag {
    /// The value in the file that the name leads to, if it leads to one.
    pub(super) fn value_in_named_file(&self, name: &str) -> Option<Result<(&Value, &str), &Absent>> {
        let file = self.named.iter().find(|file| file.name == name)?;
        let read = || self.read_named(name, &file.path);
        Some(file.read.get_or_init(read).as_ref().map(|value| (value, file.path.as_str())))
    }

    fn read_named(&self, name: &str, path: &str) -> Found<Value> {
        let bytes = self.bytes(path, limits::TEXT_BYTES)?;
        // A list alone is what the name says.
        let text = String::from_utf8_lossy(&bytes);
        if text.trim_start().starts_with('[')
            && let Ok(value @ Value::List(_)) = printed::value(&text)
        {
            return Ok(value);
        }
        let stated = statements::read(path, &bytes).map_err(|fault| unread(&bytes, fault))?.values;
        let last = name.rsplit('.').next().unwrap_or(name);
        let ends_so = |known: &&String| known.rsplit('.').next() == Some(last);
        let found: Vec<&String> = match stated.get_key_value(name).or_else(|| stated.get_key_value(last)) {
            Some((known, _)) => vec![known],
            None => stated.keys().filter(ends_so).collect(),
        };
        let wrong = |code, message: String| Absent::Unreadable(Diagnostic::error(code, message).in_file(path));
        match found.as_slice() {
            [only] => stated.get(*only).cloned().ok_or_else(|| wrong(Code::NotFound, format!("`{name}` is not in it"))),
            [] => {
                let help = did_you_mean(last, stated.keys().map(String::as_str))
                    .unwrap_or_else(|| format!("there is {}", list(stated.keys().take(8).map(String::as_str))));
                Err(wrong(Code::NotFound, format!("there is neither `{name}` nor `{last}` in it; {help}")))
            }
            several => Err(wrong(Code::Ambiguous, format!("`{name}` may be {}", list(several.iter().map(|name| name.as_str()))))),
        }
    }
}

//! A place in a log of training: `{ file = "training.log", column = "val_loss" }`.

use mlgrade_domain::value::Value;

use super::notebook::spot::Match;

/// Where in a log something is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogSpot {
    /// The file, or the folder of a run.
    pub file: String,
    /// What the log calls it: a tag, a metric, a dotted name.
    pub key: Option<String>,
    /// The column of a table, or of the records that `key` names.
    pub column: Option<String>,
    /// Which of several values.
    pub matching: Match,
    /// The value at this place, from 1.
    pub nth: Option<usize>,
}

impl LogSpot {
    /// Why nothing can be there.
    pub(super) fn fault(&self) -> Option<String> {
        match (self.matching, self.nth) {
            (_, Some(0)) => Some("`nth` counts from 1".to_owned()),
            (Match::First | Match::Last | Match::All, Some(_)) => Some("say `match` or `nth`, not both".to_owned()),
            _ => None,
        }
    }

    /// The place in words: "training.log, `val_loss`".
    pub(super) fn words(&self) -> String {
        match self.wanted() {
            Some(wanted) => format!("{}, `{wanted}`", self.file),
            None => self.file.clone(),
        }
    }

    /// What the log is to call it, with dots: `key` and `column` are parts of one name.
    pub(super) fn wanted(&self) -> Option<String> {
        let parts: Vec<&str> = [&self.key, &self.column].into_iter().flatten().map(String::as_str).collect();
        (!parts.is_empty()).then(|| parts.join("."))
    }

    /// The one of `value`'s values that is meant, or all of them. The error says why there is none.
    pub(super) fn pick(&self, value: &Value) -> Result<Value, String> {
        let Value::List(values) = value else { return Ok(value.clone()) };
        let picked = match (self.matching, self.nth) {
            (_, Some(nth)) => values.get(nth.saturating_sub(1)),
            (Match::First, None) => values.first(),
            (Match::Last, None) => values.last(),
            (Match::Only | Match::All, None) => return Ok(value.clone()),
        };
        picked.cloned().ok_or_else(|| format!("there are {} values", values.len()))
    }
}

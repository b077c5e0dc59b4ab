//! A place in a report that the rubric or submission.toml gives.

use mlgrade_domain::diagnostic::{Code, Diagnostic};

use mlgrade_domain::value::Value;
use mlgrade_pdf::{Lines, UNKNOWN, place, without_unsure_numbers};

pub use super::printed::pattern::Match;
use super::printed::pattern::{Pattern, Which, choose};

/// A place in a report: `{ page = 3, after = "Question 2" }`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Spot {
    /// The page, from 1.
    pub(crate) page: usize,
    /// The line behind which it stands.
    pub(crate) after: Option<String>,
    /// The line before which it ends. It also ends where another place on this page begins.
    pub(crate) until: Option<String>,
    /// Which of several figures, or of several matches, from 1, from top to bottom.
    pub(crate) nth: Option<usize>,
    /// Text with one `{number}` in it.
    pub(crate) pattern: Option<String>,
    /// Which of several matches.
    pub(crate) matching: Match,
}

impl Spot {
    /// Why nothing can ever be there.
    pub(crate) fn fault(&self) -> Option<String> {
        if self.page == 0 || self.nth == Some(0) {
            return Some("`page` and `nth` count from 1".to_owned());
        }
        let pattern = self.pattern.as_ref().and_then(|text| Pattern::parse(text).err());
        pattern.or_else(|| Which::of(self.matching, self.nth).err())
    }

    /// The value `name` there, where its page has these `lines`. It ends where one of `others`, which stand on the same page, begins.
    pub(crate) fn value(&self, name: &str, path: &str, lines: &Lines, others: &[&str]) -> Result<Value, Diagnostic> {
        let ends: Vec<&str> = others.iter().copied().chain(self.until.as_deref()).collect();
        let words = lines.text(path, self.page, self.after.as_deref(), &ends)?;
        self.value_in(name, path, &words)
    }

    /// The value `name` in the `words` of the place.
    pub(super) fn value_in(&self, name: &str, path: &str, words: &str) -> Result<Value, Diagnostic> {
        let Some(sought) = &self.pattern else { return Ok(Value::text(words)) };
        let wrong = |reason: String| Diagnostic::error(Code::BadReport, format!("`{name}`: {reason}")).in_file(place(path, self.page));
        // A number of which a character is unknown, which may be its sign, is none.
        let known: Vec<String> = words.lines().map(without_unsure_numbers).collect();
        let found = Pattern::parse(sought).map_err(wrong)?.matches(&known.join("\n"));
        if found.is_empty() {
            if words.contains(UNKNOWN) {
                return Err(wrong(format!("the pattern `{sought}` matches nothing, and the page has characters that its fonts do not name")));
            }
            return Err(wrong(format!("the pattern `{sought}` matches nothing")));
        }
        let which = Which::of(self.matching, self.nth).map_err(wrong)?;
        let choice = choose(&found, which, |all| format!("the pattern `{sought}` matches {all} times; say which is meant: first, last or all"));
        choice.map(|choice| choice.value).map_err(wrong)
    }
}

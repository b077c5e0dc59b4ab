//! A pattern with one number: `val error: {number}`, or `epoch {any} val_loss: {number}`.

mod choice;
mod line;
mod place;

use serde::Deserialize;

use super::number::Token;
use mlgrade_domain::limits;

pub(crate) use choice::{Choice, Which, choose};
use line::{Line, squeeze};
use place::{number_below, numbers_at};

/// Which of several matches is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Match {
    /// There must be exactly one, or all say the same.
    #[default]
    Only,
    /// The first.
    First,
    /// The last.
    Last,
    /// All of them, as a series.
    All,
}

/// Text with one `{number}` in it, all of it on one line. Its words are whole words; `{any}` stands for anything, and spaces for any number
/// of spaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern {
    before: Vec<String>,
    after: Vec<String>,
    /// Whether something may stand between the number and what follows it.
    loose: bool,
}

/// A place where a pattern matches: the number there, or the numbers of the list there.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Hit {
    /// What was matched, one number but for a list.
    pub(crate) tokens: Vec<Token>,
    /// The word that stands right before the pattern's own words, as `Adj.` does before `R-squared:`.
    pub(crate) label: Option<String>,
    /// Which of several outputs it is in, for whoever searches several.
    pub(crate) output: usize,
}

impl Pattern {
    /// Reads a pattern.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let squeezed = squeeze(text.trim());
        let fault = || format!("the pattern `{text}` needs exactly one {{number}}");
        let (before, after) = squeezed.split_once("{number}").ok_or_else(fault)?;
        if after.contains("{number}") {
            return Err(fault());
        }
        let pieces = |part: &str| part.split("{any}").map(|piece| piece.trim().to_owned()).filter(|piece| !piece.is_empty()).collect::<Vec<_>>();
        // The sign belongs to the number.
        let after = after.trim_start();
        let after = after.strip_prefix('%').unwrap_or(after).trim_start();
        if before.trim_end().ends_with("{any}") || text.len() > 500 {
            return Err(format!("the pattern `{}` needs text right before its {{number}}", text.chars().take(80).collect::<String>()));
        }
        Ok(Self { before: pieces(before), after: pieces(after), loose: after.starts_with("{any}") })
    }

    /// All matches in `text`, in order; where there are none, those in other letter cases.
    pub(crate) fn matches(&self, text: &str) -> Vec<Hit> {
        let found = self.find(text, false);
        if found.is_empty() { self.find(text, true) } else { found }
    }

    /// All matches in `text`, in order, `in_any_case` or as the letters are; not more than a series may have, and one.
    pub(crate) fn find(&self, text: &str, in_any_case: bool) -> Vec<Hit> {
        let mut found = Vec::new();
        let mut rest = text;
        while !rest.is_empty() && found.len() <= limits::SERIES_LENGTH {
            let (line, below) = rest.split_once('\n').unwrap_or((rest, ""));
            rest = below;
            let line = Line::of(line, in_any_case);
            let mut from = 0;
            while let Some((hit, end)) = self.next_in(&line, from, below).filter(|_| found.len() <= limits::SERIES_LENGTH) {
                from = end;
                found.push(hit);
            }
        }
        found
    }

    /// The next match in a line from the byte `from`, and where it ends. `below` are the lines that follow.
    fn next_in(&self, line: &Line, from: usize, below: &str) -> Option<(Hit, usize)> {
        let (lead, rest) = match self.before.split_last() {
            Some((lead, rest)) => (lead.as_str(), rest),
            None => ("", [].as_slice()),
        };
        let text = line.text();
        let mut at = from;
        // The words right before a number may come again in the line: `epoch 1 loss: 0.5 val loss: 0.4`.
        for piece in rest.iter().filter(|_| from == 0 || !is_worded(lead)) {
            at = line.find(piece, at)? + piece.len();
        }
        loop {
            let begin = line.find(lead, at)?;
            let number = begin + lead.len();
            let number = text.len() - text[number..].trim_start_matches(' ').len();
            let in_a_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | ',');
            let is_whole = !(lead.is_empty() && text[..number].ends_with(in_a_word));
            let label = || line.label(begin).filter(|_| is_name(lead));
            if let Some((tokens, end)) = numbers_at(text, number, lead, below).filter(|_| is_whole) {
                match self.follows(&text[end..]) {
                    Follows::Yes => return Some((Hit { tokens, label: label(), output: 0 }, end)),
                    Follows::NotHere => {}
                    Follows::Nowhere => return None,
                }
            } else if number == text.len() && is_worded(lead) && self.after.is_empty() {
                return number_below(below).map(|tokens| (Hit { tokens, label: label(), output: 0 }, text.len()));
            }
            at = begin + text[begin..].chars().next()?.len_utf8();
        }
    }

    fn follows(&self, rest: &str) -> Follows {
        let mut rest = rest.trim_start();
        for (i, piece) in self.after.iter().enumerate() {
            if i == 0 && !self.loose {
                let Some(behind) = rest.strip_prefix(piece.as_str()).filter(|behind| line::ends_whole(piece, behind)) else { return Follows::NotHere };
                rest = behind;
            } else {
                let Some(at) = line::find_whole(rest, piece, 0) else { return Follows::Nowhere };
                rest = &rest[at + piece.len()..];
            }
        }
        Follows::Yes
    }

    /// The line of `text` that has most of the pattern's words, with the share of them that it has.
    pub(crate) fn nearest<'t>(&self, text: &'t str) -> Option<(f64, &'t str)> {
        let pieces = self.before.iter().chain(&self.after).map(|piece| piece.to_lowercase());
        let words: Vec<String> = pieces.flat_map(|piece| line::words(&piece).map(str::to_owned).collect::<Vec<_>>()).collect();
        let share = |line: &'t str| {
            let lower = line.to_lowercase();
            let there = words.iter().filter(|word| lower.contains(word.as_str())).count();
            // A line without any number is not what was meant.
            let has_digit = lower.contains(|c: char| c.is_ascii_digit());
            (there as f64 / words.len().max(1) as f64 - if has_digit { 0.0 } else { 0.25 }, line.trim())
        };
        let best = text.lines().map(share).reduce(|best, line| if line.0 > best.0 { line } else { best });
        best.filter(|(share, _)| !words.is_empty() && *share >= 0.5)
    }
}

/// Whether what stands behind the number of a pattern stands behind a number.
enum Follows {
    Yes,
    NotHere,
    /// Neither here nor behind any later number of the line.
    Nowhere,
}

/// Whether a piece of a pattern is a name, or the end of one, and not the end of a sentence.
fn is_name(piece: &str) -> bool {
    is_worded(piece) && line::words(piece).next().is_some_and(|word| !line::is_joining(word))
}

/// Whether a piece of a pattern has words in it.
fn is_worded(piece: &str) -> bool {
    piece.contains(char::is_alphabetic)
}

#[cfg(test)]
mod tests;

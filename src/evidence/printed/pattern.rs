//! A pattern with one number: `val error: {number}`, or `epoch {any} val_loss: {number}`.

use serde::Deserialize;

use super::number::{Token, token_at};

/// Which of several matches is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Match {
    /// There must be exactly one.
    #[default]
    Only,
    /// The first.
    First,
    /// The last.
    Last,
    /// All of them, as a series.
    All,
}

/// Text with one `{number}` in it, all of it on one line. `{any}` stands for anything, and spaces for any number of spaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern {
    before: Vec<String>,
    after: Vec<String>,
    /// Whether something may stand between the number and what follows it.
    loose: bool,
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
        if before.ends_with("{any}") || text.len() > 500 {
            return Err(format!("the pattern `{}` needs text right before its {{number}}", text.chars().take(80).collect::<String>()));
        }
        Ok(Self { before: pieces(before), after: pieces(after), loose: after.starts_with("{any}") })
    }

    /// The numbers of all matches in `text`, in order, at most `most`.
    pub(crate) fn matches(&self, text: &str, most: usize) -> Vec<Token> {
        let mut found = Vec::new();
        for line in text.lines() {
            let line = squeeze(line);
            let mut from = 0;
            while let Some(token) = self.next_in(&line, from).filter(|_| found.len() < most) {
                from = token.end;
                found.push(token);
            }
        }
        found
    }

    fn next_in(&self, line: &str, from: usize) -> Option<Token> {
        let (lead, rest) = match self.before.split_last() {
            Some((lead, rest)) => (lead.as_str(), rest),
            None => ("", [].as_slice()),
        };
        let mut at = from;
        for piece in rest {
            at += line.get(at..)?.find(piece.as_str())? + piece.len();
        }
        loop {
            let begin = at + line.get(at..)?.find(lead)?;
            let number = begin + lead.len();
            let number = line.len() - line[number..].trim_start().len();
            let in_a_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | ',');
            let whole = !(lead.is_empty() && line[..number].ends_with(in_a_word));
            if let Some(token) = token_at(line, number).filter(|_| whole) {
                match self.follows(&line[token.end..]) {
                    Follows::Yes => return Some(token),
                    Follows::NotHere => {}
                    Follows::Nowhere => return None,
                }
            }
            at = begin + line[begin..].chars().next()?.len_utf8();
        }
    }

    fn follows(&self, rest: &str) -> Follows {
        let mut rest = rest.trim_start();
        for (i, piece) in self.after.iter().enumerate() {
            if i == 0 && !self.loose {
                let Some(behind) = rest.strip_prefix(piece.as_str()) else { return Follows::NotHere };
                rest = behind;
            } else {
                let Some(at) = rest.find(piece.as_str()) else { return Follows::Nowhere };
                rest = &rest[at + piece.len()..];
            }
        }
        Follows::Yes
    }
}

/// Whether what stands behind the number of a pattern stands behind a number.
enum Follows {
    Yes,
    NotHere,
    /// Neither here nor behind any later number of the line.
    Nowhere,
}

/// `text` with single spaces.
fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let c = if c.is_whitespace() { ' ' } else { c };
        if c != ' ' || !out.ends_with(' ') {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn numbers(pattern: &str, text: &str) -> Vec<f64> {
        Pattern::parse(pattern).unwrap().matches(text, 100).into_iter().map(|token| token.reading.unwrap().get()).collect()
    }

    #[test]
    fn each_match_gives_its_number() {
        for (pattern, text, expected) in [
            ("val error: {number}", "val error: 0.5\ntrain error: 0.3\nval error:   0.02\n", vec![0.5, 0.02]),
            ("val error: {number}", "val  error:0.02", vec![0.02]),
            ("error {number}%", "error 2.5 %", vec![0.025]),
            ("error {number}", "error 2.5%", vec![0.025]),
            ("epoch {any} val {number}", "epoch 3: train 0.5, val 0.25\nepoch 4: train 0.4, val 0.2", vec![0.25, 0.2]),
            ("loss={number}", "loss=0.1 acc=0.9", vec![0.1]),
            ("acc {number} on test", "acc 0.7 on train\nacc 0.6 on test", vec![0.6]),
            ("{number} on test", "0.7 on train 0.6 on test", vec![0.6]),
            ("{number} correct", "9823/10000 correct", vec![0.9823]),
            ("at {number} {any} end", "at 3 the end\nat 4 no", vec![3.0]),
            ("depth: {number}", "depth: eight depth: 8", vec![8.0]),
        ] {
            assert_eq!(numbers(pattern, text), expected, "{pattern} in {text}");
        }
    }

    #[test]
    fn a_pattern_without_its_number_is_told() {
        for pattern in ["val error", "{number} and {number}", "", "a {any}{number}"] {
            assert!(Pattern::parse(pattern).is_err(), "{pattern}");
        }
    }

    proptest! {
        #[test]
        fn any_pattern_in_any_text_gives_an_answer(before in "[a-c {}%é]{0,8}", after in "[a-c {}%é]{0,8}", text in "[a-cé 0-9.%\n]{0,60}") {
            for pattern in [format!("{before}{{number}}{after}"), format!("{before}{{any}} x {{number}}{{any}}{after}"), before] {
                let _ = Pattern::parse(&pattern).map(|pattern| pattern.matches(&text, 10));
            }
        }
    }
}

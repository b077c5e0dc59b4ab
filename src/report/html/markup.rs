//! Text that is already HTML. Only this file makes it of plain text, and escapes what it takes.

use std::fmt;

use askama::filters::HtmlSafe;

use crate::domain::text::plain;

/// HTML that templates print as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Markup(String);

impl Markup {
    /// HTML that was made by a renderer which escapes.
    pub(super) fn rendered(html: String) -> Self {
        Self(html)
    }
}

impl fmt::Display for Markup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for Markup {}

/// Characters that mean something in HTML, in text and in attributes.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            '\'' => out += "&#39;",
            c => out.push(c),
        }
    }
    out
}

/// A sentence of a report: names of files and values in code type, no line break around an equals sign.
pub(super) fn prose(text: &str) -> Markup {
    let text = plain(text).replace(" = ", "\u{a0}=\u{a0}");
    let mut out = String::new();
    for (i, quoted) in text.split('`').enumerate() {
        // Between backquotes stands a name, whatever it looks like.
        if i % 2 == 1 {
            out += &code(quoted);
            continue;
        }
        for word in quoted.split_inclusive([' ', '\u{a0}', ',', ';', '(', ')']) {
            let name = word.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '_');
            if is_name(name) {
                out += &code(name);
                out += &escape(&word[name.len()..]);
            } else {
                out += &escape(word);
            }
        }
    }
    Markup(out)
}

/// The same, begun with a capital and ended with a full stop.
pub(super) fn sentence(text: &str) -> Markup {
    let text = text.trim();
    let word = text.split([' ', ',', ';', ':']).next().unwrap_or_default();
    let mut chars = text.chars();
    let text = match chars.next() {
        Some(first) if !is_name(word) && !text[word.len()..].starts_with(" = ") && !word.contains(['.', '=']) => first.to_uppercase().chain(chars).collect(),
        _ => text.to_owned(),
    };
    let ended = text.ends_with(['.', '?', '!', '…']) || text.is_empty();
    prose(&if ended { text } else { text + "." })
}

fn code(name: &str) -> String {
    format!("<code>{}</code>", escape(name))
}

/// Whether a word is the name of a file or a value, such as `figures/trees.png` or `tree.val_rmse`.
fn is_name(word: &str) -> bool {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '/' | '-');
    let is_dotted = || word.split('.').count() > 1 && word.split('.').all(|part| !part.is_empty()) && word.rsplit('.').next().is_some_and(starts_with_letter);
    let has_letter = word.contains(|c: char| c.is_ascii_alphabetic());
    word.chars().all(is_of_name) && has_letter && (word.contains('_') || (word.contains('/') && word.len() > 3) || is_dotted())
}

fn starts_with_letter(part: &str) -> bool {
    part.starts_with(|c: char| c.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_set_as_code_and_all_else_is_escaped() {
        for (text, html) in [
            ("tree.val_rmse, value 3, is 4.2", "<code>tree.val_rmse</code>, value 3, is 4.2"),
            ("figures/trees.png is blank", "<code>figures/trees.png</code> is blank"),
            ("`<script>`: not found", "<code>&lt;script&gt;</code>: not found"),
            ("he said \"a < b\" & left", "he said &quot;a &lt; b&quot; &amp; left"),
            ("best_depth = 8", "<code>best_depth</code>\u{a0}=\u{a0}8"),
            ("either/or is 98.2 % of 1e-3", "<code>either/or</code> is 98.2 % of 1e-3"),
            ("the end. A new one", "the end. A new one"),
            ("\u{202e}gnp.exe", "\u{fffd}gnp.exe"),
        ] {
            assert_eq!(prose(text).to_string(), html);
        }
    }

    #[test]
    fn a_sentence_begins_with_a_capital_unless_with_a_name() {
        assert_eq!(sentence("not found").to_string(), "Not found.");
        assert_eq!(sentence("tree.val_rmse is fine").to_string(), "<code>tree.val_rmse</code> is fine.");
        assert_eq!(sentence("c = 3 is fine").to_string(), "c\u{a0}=\u{a0}3 is fine.");
        assert_eq!(sentence("is it?").to_string(), "Is it?");
        assert_eq!(sentence("").to_string(), "");
    }
}

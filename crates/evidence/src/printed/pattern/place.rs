//! What stands in the place of a pattern's number: a number, a list of them, a value as Python shows it, or a word that says that there is none.

use mlgrade_domain::number::Finite;

use super::super::literal::{self, Fault};
use super::super::number::{Reading, Token, non_number, token_at, tokens};
use super::line::squeeze;
use mlgrade_domain::value::Value;
use mlgrade_logs::Node;

/// Words that stand where a number belongs and say that there is none.
const NO_NUMBERS: [&str; 6] = ["none", "null", "na", "n/a", "nat", "undefined"];

/// What may stand before a number and changes nothing.
const SIGNS: [char; 6] = ['~', '≈', '$', '€', '£', '¥'];

/// What may stand around a number.
const OPENING: [char; 6] = ['[', '(', '\'', '"', '`', '*'];

/// The lines in which a list may go on, in bytes.
const LIST: usize = 16_000;

type Found = Option<(Vec<Token>, usize)>;

/// The number that `text` has from the byte `start` on, or the numbers of a list, and where that ends. `lead` stands before it, the lines
/// `below` follow.
pub(super) fn numbers_at(text: &str, start: usize, lead: &str, below: &str) -> Found {
    let at = |start: usize| token_at(text, start).map(|token| token.finer_in(text)).map(|token| (vec![token.clone()], token.end));
    if let Some(found) = at(start) {
        return Some(found);
    }
    let rest = &text[start..];
    if lead.is_empty() || rest.is_empty() {
        return None;
    }
    let said = |length: usize, reading: Reading| Some((vec![Token::read(shortened(&rest[..length]), start, start + length, reading)], start + length));
    if let Some(word) = non_number(rest, &NO_NUMBERS) {
        return said(word.len(), Reading::NoNumber(word.to_owned()));
    }
    let bounded = rest.trim_start_matches(['<', '>', '≤', '≥', '=', ' ']);
    if let Some(token) = token_at(text, text.len() - bounded.len()).filter(|_| rest.starts_with(['<', '>', '≤', '≥'])) {
        return said(token.end - start, Reading::Unclear(format!("`{}` is a bound, not a number", &text[start..token.end])));
    }
    let bare = rest.trim_start_matches(SIGNS).trim_start_matches(' ');
    if bare.len() < rest.len() && rest.starts_with(SIGNS) {
        return at(text.len() - bare.len());
    }
    let is_call = rest.find('(').is_some_and(|open| rest[..open].chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.')));
    if !is_call && !rest.starts_with(OPENING) && !rest.starts_with(['{', '<']) {
        return None;
    }
    match value_at(rest, below) {
        Ok((node, length)) => {
            let end = start + length.min(rest.len());
            if let Some(tokens) = listed(&node, start, end) {
                return Some((tokens, end));
            }
        }
        Err(Fault::Shortened) => return said(rest.len(), Reading::Unclear("the list was shortened with `...` when it was printed".to_owned())),
        Err(Fault::Other) => {}
    }
    let inner = rest.trim_start_matches(OPENING).trim_start_matches(' ');
    let (found, end) = at(text.len() - inner.len()).filter(|_| rest.starts_with(OPENING))?;
    // In brackets there may be more numbers than one.
    let near = text[end..].char_indices().take(LIST).find(|(_, c)| [']', ')'].contains(c));
    let closed = near.map(|(close, _)| &text[end..end + close]);
    let is_one = !rest.starts_with(['[', '(']) || closed.is_some_and(|inside| tokens(inside, 1).is_empty());
    if is_one { Some((found, end)) } else { said(rest.len(), Reading::Unclear(format!("`{}` holds several numbers", shortened(rest)))) }
}

/// The number, or the numbers of a list, that are all of the next line with anything on it.
pub(super) fn number_below(below: &str) -> Option<Vec<Token>> {
    let trimmed = below.trim_start();
    let (line, rest) = trimmed.split_once('\n').unwrap_or((trimmed, ""));
    let line = squeeze(line.trim());
    let (tokens, end) = numbers_at(&line, 0, ":", rest)?;
    line[end..].trim().is_empty().then_some(tokens)
}

/// The value that `rest` begins with, which may go on in the lines `below`, and how many bytes it takes.
fn value_at(rest: &str, below: &str) -> Result<(Node, usize), Fault> {
    let found = literal::prefix(rest);
    let is_open = || rest.matches(['[', '(']).count() > rest.matches([']', ')']).count();
    if found.is_ok() || below.is_empty() || rest.len() > LIST || !is_open() {
        return found;
    }
    let length = (0..=below.len().min(LIST)).rev().find(|&at| below.is_char_boundary(at)).unwrap_or(0);
    literal::prefix(&format!("{rest}\n{}", &below[..length]))
}

/// The numbers of a value that was printed as Python writes it.
fn listed(node: &Node, start: usize, end: usize) -> Option<Vec<Token>> {
    let one = |value: &Value| {
        let reading = match value {
            Value::Number(number) => Reading::Number(*number),
            Value::Unusable(word) => Reading::NoNumber(word.clone()),
            Value::Text(text) => Reading::Number(text.trim().parse::<Finite>().ok()?),
            Value::Flag(_) | Value::List(_) => return None,
        };
        Some(Token::read(value.describe(), start, end, reading))
    };
    match node {
        Node::Leaf(Value::List(values)) if !values.is_empty() => values.iter().map(one).collect(),
        Node::Leaf(value) => one(value).map(|token| vec![token]),
        Node::Table(_) | Node::List(_) => None,
    }
}

fn shortened(text: &str) -> String {
    if text.chars().count() > 40 { format!("{}…", text.chars().take(40).collect::<String>()) } else { text.to_owned() }
}

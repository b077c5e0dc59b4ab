//! The words and signs of a rule, whether written as a formula, in Python or pandas, or as a sentence.

use std::fmt;

use crate::prose;
use mlgrade_domain::tolerance::Order;
use mlgrade_domain::units::unit;

/// What a piece of a rule is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Word(String),
    Quoted(String),
    Number(f64),
    /// `mm`, behind a number or a name.
    Unit(&'static str),
    Order(Order),
    And,
    Or,
    Not,
    If,
    /// An arrow or "then".
    Then,
    Else,
    Open,
    Close,
    Comma,
    Colon,
}

/// A token and how it is written.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Lexeme {
    pub(super) token: Token,
    pub(super) text: String,
}

impl fmt::Display for Lexeme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

const SIGNS: [(&str, Token); 32] = [
    ("->", Token::Then),
    ("=>", Token::Then),
    ("→", Token::Then),
    ("⇒", Token::Then),
    ("⟹", Token::Then),
    ("⟶", Token::Then),
    ("<=", Token::Order(Order::AtMost)),
    ("≤", Token::Order(Order::AtMost)),
    ("⩽", Token::Order(Order::AtMost)),
    ("=<", Token::Order(Order::AtMost)),
    (">=", Token::Order(Order::AtLeast)),
    ("≥", Token::Order(Order::AtLeast)),
    ("⩾", Token::Order(Order::AtLeast)),
    ("==", Token::Order(Order::Equal)),
    ("!=", Token::Order(Order::Unequal)),
    ("≠", Token::Order(Order::Unequal)),
    ("<>", Token::Order(Order::Unequal)),
    ("&&", Token::And),
    ("||", Token::Or),
    ("<", Token::Order(Order::Below)),
    (">", Token::Order(Order::Above)),
    ("=", Token::Order(Order::Equal)),
    ("&", Token::And),
    ("∧", Token::And),
    ("|", Token::Or),
    ("∨", Token::Or),
    ("!", Token::Not),
    ("¬", Token::Not),
    ("(", Token::Open),
    (")", Token::Close),
    (",", Token::Comma),
    (":", Token::Colon),
];

const KEYWORDS: [(&str, Token); 12] = [
    ("and", Token::And),
    ("or", Token::Or),
    ("not", Token::Not),
    ("if", Token::If),
    ("iff", Token::If),
    ("when", Token::If),
    ("whenever", Token::If),
    ("where", Token::If),
    ("then", Token::Then),
    ("implies", Token::Then),
    ("else", Token::Else),
    ("otherwise", Token::Else),
];

const MORE: [&str; 12] = ["greater", "more", "larger", "bigger", "higher", "longer", "deeper", "heavier", "wider", "taller", "thicker", "later"];
const LESS: [&str; 10] = ["less", "smaller", "lower", "shorter", "lighter", "shallower", "fewer", "thinner", "narrower", "earlier"];

/// Comparisons in words, the longer before those that they begin with. `M` is a word of `MORE`, `L` of `LESS`.
const PHRASES: [(&str, Order); 46] = [
    ("M than or equal to", Order::AtLeast),
    ("L than or equal to", Order::AtMost),
    ("M than or equal", Order::AtLeast),
    ("L than or equal", Order::AtMost),
    ("M or equal to", Order::AtLeast),
    ("L or equal to", Order::AtMost),
    ("M or equal than", Order::AtLeast),
    ("L or equal than", Order::AtMost),
    ("equal to or M than", Order::AtLeast),
    ("equal to or L than", Order::AtMost),
    ("above or equal to", Order::AtLeast),
    ("below or equal to", Order::AtMost),
    ("equal or above", Order::AtLeast),
    ("equal or below", Order::AtMost),
    ("does not exceed", Order::AtMost),
    ("not exceeding", Order::AtMost),
    ("not equal to", Order::Unequal),
    ("a minimum of", Order::AtLeast),
    ("a maximum of", Order::AtMost),
    ("not M than", Order::AtMost),
    ("not L than", Order::AtLeast),
    ("no M than", Order::AtMost),
    ("no L than", Order::AtLeast),
    ("not above", Order::AtMost),
    ("not over", Order::AtMost),
    ("not below", Order::AtLeast),
    ("not under", Order::AtLeast),
    ("strictly M than", Order::Above),
    ("strictly L than", Order::Below),
    ("strictly above", Order::Above),
    ("strictly below", Order::Below),
    ("at least", Order::AtLeast),
    ("at most", Order::AtMost),
    ("up to", Order::AtMost),
    ("equal to", Order::Equal),
    ("M than", Order::Above),
    ("L than", Order::Below),
    ("greater then", Order::Above),
    ("less then", Order::Below),
    ("exceeds", Order::Above),
    ("exceeding", Order::Above),
    ("above", Order::Above),
    ("over", Order::Above),
    ("below", Order::Below),
    ("under", Order::Below),
    ("equals", Order::Equal),
];

/// The tokens of a rule. The error says what means nothing in one.
pub(super) fn lexemes(text: &str) -> Result<Vec<Lexeme>, String> {
    let text = prose::answer(text);
    let text = text.trim().trim_end_matches(['.', ';', '!']);
    let mut lexemes: Vec<Lexeme> = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if first.is_whitespace() {
            rest = rest.trim_start();
            continue;
        }
        let after_word = lexemes.last().is_some_and(|last| matches!(last.token, Token::Word(_)));
        let signed = matches!(first, '-' | '+')
            && !lexemes.last().is_some_and(|last| matches!(last.token, Token::Word(_) | Token::Number(_) | Token::Unit(_) | Token::Quoted(_)));
        let begins_number = |text: &str| {
            text.starts_with(|c: char| c.is_ascii_digit()) || text.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        };
        let length = if begins_number(rest) || signed && begins_number(&rest[1..]) {
            number(rest, &mut lexemes)?
        } else if let Some((sign, token)) = SIGNS.iter().find(|(sign, _)| rest.starts_with(*sign)) {
            lexemes.push(Lexeme { token: token.clone(), text: (*sign).to_owned() });
            sign.len()
        } else if matches!(first, '"' | '\'') {
            let end = rest[1..].find(first).ok_or("a quote is not closed")?;
            lexemes.push(Lexeme { token: Token::Quoted(rest[1..=end].to_owned()), text: rest[..end + 2].to_owned() });
            end + 2
        } else if first == '[' && after_word {
            subscript(rest, &mut lexemes)?
        } else if first == ']' {
            lexemes.push(Lexeme { token: Token::Close, text: "]".to_owned() });
            1
        } else if first.is_alphabetic() || first == '_' {
            let end = name(rest);
            let word = rest[..end].replace('\'', "");
            let keyword = KEYWORDS.iter().find(|(keyword, _)| word.eq_ignore_ascii_case(keyword)).map(|(_, token)| token.clone());
            lexemes.push(Lexeme { token: keyword.unwrap_or_else(|| Token::Word(word.clone())), text: word });
            end
        } else if first == '-' && after_word && rest[1..].starts_with(char::is_alphabetic) {
            1
        } else {
            return Err(format!("found `{first}`, which means nothing here"));
        };
        rest = &rest[length..];
    }
    Ok(compared(&measured(&lexemes)))
}

/// The length of the name that `rest` begins with: with dots, dollars and apostrophes inside it.
fn name(rest: &str) -> usize {
    let inside = |at: usize, c: char| {
        let next = rest[at + c.len_utf8()..].chars().next();
        c.is_alphanumeric() || c == '_' || matches!(c, '.' | '$' | '\'') && next.is_some_and(|next| next.is_alphanumeric() || next == '_')
    };
    rest.char_indices().find(|(at, c)| !inside(*at, *c)).map_or(rest.len(), |(at, _)| at)
}

/// Reads `["name"]` behind a data frame's name: the column is what is meant. Of `df[…]` it is the condition inside.
fn subscript(rest: &str, lexemes: &mut Vec<Lexeme>) -> Result<usize, String> {
    lexemes.pop();
    let inner = rest[1..].trim_start();
    let quoted = inner.chars().next().filter(|c| matches!(c, '"' | '\'')).and_then(|quote| inner[1..].split_once(quote));
    match quoted.map(|(column, behind)| (column, behind.trim_start().strip_prefix(']'))) {
        Some((column, Some(behind))) => {
            lexemes.push(Lexeme { token: Token::Quoted(column.to_owned()), text: column.to_owned() });
            Ok(rest.len() - behind.len())
        }
        Some((_, None)) => Err("found `[`, which means nothing here".to_owned()),
        None => {
            lexemes.push(Lexeme { token: Token::Open, text: "[".to_owned() });
            Ok(1)
        }
    }
}

/// Reads a number with its decimal point or comma, and a unit that touches it; tells its length.
fn number(rest: &str, lexemes: &mut Vec<Lexeme>) -> Result<usize, String> {
    let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let mut length = usize::from(rest.starts_with(['-', '+']));
    let mut commas = 0;
    while let Some(c) = rest[length..].chars().next() {
        let next = rest[length + c.len_utf8()..].chars().next();
        match c {
            c if c.is_ascii_digit() => {}
            '.' if is_digit(next) || !next.is_some_and(|next| next.is_alphanumeric() || next == '.') => {}
            ',' if is_digit(next) => commas += 1,
            _ => break,
        }
        length += 1;
    }
    let exponent = rest[length..].strip_prefix(['e', 'E']).map(|exponent| exponent.strip_prefix(['-', '+']).unwrap_or(exponent));
    if let Some(digits) = exponent.filter(|digits| is_digit(digits.chars().next())) {
        length = rest.len() - digits.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    }
    let digits = rest[..length].trim_end_matches('.');
    let decimals = digits.split_once(',').map_or(0, |(_, decimals)| decimals.len());
    let whole = digits.split_once(',').map_or("", |(whole, _)| whole.trim_start_matches(['-', '+']));
    if commas > 1 || commas == 1 && (digits.contains('.') || decimals == 3 && whole != "0") {
        return Err(format!("`{digits}` can be read in two ways; write it with a decimal point and without commas"));
    }
    let value: f64 = digits.replace(',', ".").parse().map_err(|_| format!("`{digits}` is no number"))?;
    if !value.is_finite() {
        return Err(format!("`{digits}` is no number that can be compared"));
    }
    lexemes.push(Lexeme { token: Token::Number(value), text: digits.to_owned() });
    let glued = rest[length..].find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len() - length);
    if glued > 0 {
        let tail = &rest[length..length + glued];
        let sign = unit(&tail.to_lowercase()).ok_or_else(|| format!("`{digits}{tail}` is no number"))?;
        lexemes.push(Lexeme { token: Token::Unit(sign), text: tail.to_owned() });
    }
    Ok(length + glued)
}

/// With units distinguished from words: behind a number, or in brackets behind a name.
fn measured(lexemes: &[Lexeme]) -> Vec<Lexeme> {
    let sign = |lexeme: Option<&Lexeme>| lexeme.and_then(|lexeme| if let Token::Word(word) = &lexeme.token { unit(&word.to_lowercase()) } else { None });
    let is = |lexeme: Option<&Lexeme>, token: &Token| lexeme.is_some_and(|lexeme| lexeme.token == *token);
    let mut found: Vec<Lexeme> = Vec::with_capacity(lexemes.len());
    let mut at = 0;
    while at < lexemes.len() {
        let next = |ahead: usize| lexemes.get(at + ahead);
        let behind_number = found.last().is_some_and(|last| matches!(last.token, Token::Number(_)));
        let behind_name = found.last().is_some_and(|last| matches!(last.token, Token::Word(_) | Token::Quoted(_)));
        let (unit, length) = if let Some(unit) = sign(next(0)).filter(|_| behind_number) {
            (Some(unit), 1)
        } else if let Some(unit) = sign(next(1)).filter(|_| (behind_number || behind_name) && is(next(0), &Token::Open) && is(next(2), &Token::Close)) {
            (Some(unit), 3)
        } else if let Some(unit) = sign(next(1)).filter(|_| (behind_number || behind_name) && lexemes[at].text.eq_ignore_ascii_case("in")) {
            (Some(unit), 2)
        } else {
            (None, 1)
        };
        found.push(unit.map_or_else(|| lexemes[at].clone(), |unit| Lexeme { token: Token::Unit(unit), text: unit.to_owned() }));
        at += length;
    }
    found
}

/// With comparisons in words as what they compare.
fn compared(lexemes: &[Lexeme]) -> Vec<Lexeme> {
    let fits = |pattern: &str, lexeme: &Lexeme| {
        let is = |word: &str| lexeme.text.eq_ignore_ascii_case(word);
        let is_word = matches!(lexeme.token, Token::Word(_) | Token::Or | Token::Not | Token::Then);
        is_word
            && match pattern {
                "M" => MORE.iter().any(|word| is(word)),
                "L" => LESS.iter().any(|word| is(word)),
                pattern => is(pattern),
            }
    };
    let (mut found, mut at) = (Vec::with_capacity(lexemes.len()), 0);
    while at < lexemes.len() {
        let begins = matches!(lexemes[at].token, Token::Word(_) | Token::Not);
        let phrase = PHRASES.iter().filter(|_| begins).find_map(|(phrase, order)| {
            let words = phrase.split(' ');
            let length = words.clone().count();
            let rest = lexemes.get(at..at + length)?;
            words.zip(rest).all(|(pattern, lexeme)| fits(pattern, lexeme)).then_some((*order, length))
        });
        if let Some((order, length)) = phrase {
            let text = lexemes[at..at + length].iter().map(|lexeme| lexeme.text.as_str()).collect::<Vec<_>>().join(" ");
            found.push(Lexeme { token: Token::Order(order), text });
            at += length;
        } else {
            found.push(lexemes[at].clone());
            at += 1;
        }
    }
    found
}

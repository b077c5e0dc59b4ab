//! The words and numbers of a short answer.

use crate::domain::number::Finite;

/// A piece of an answer.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Piece {
    /// A word, in lower case.
    Word(String),
    /// A number, as it is written.
    Number(String),
    /// A sign between words that says nothing of its own.
    Mark(char),
    /// Anything else: what it means is for a person.
    Other(String),
}

/// Numbers in words. `one` is left out, for it mostly stands for "which one".
const NUMBERS: [(&str, &str); 15] = [
    ("zero", "0"),
    ("two", "2"),
    ("three", "3"),
    ("four", "4"),
    ("five", "5"),
    ("six", "6"),
    ("seven", "7"),
    ("eight", "8"),
    ("nine", "9"),
    ("ten", "10"),
    ("eleven", "11"),
    ("twelve", "12"),
    ("sixteen", "16"),
    ("twenty", "20"),
    ("hundred", "100"),
];

/// The pieces of `text`, in order.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let (mut pieces, mut rest) = (Vec::new(), text);
    while let Some(first) = rest.chars().next() {
        let before = text[..text.len() - rest.len()].chars().next_back();
        let length = if first.is_alphabetic() {
            let length = rest.find(|c: char| !(c.is_alphabetic() || c == '\'')).unwrap_or(rest.len());
            let word = rest[..length].to_lowercase().replace('\'', "");
            // `x1`, `r2` and `q3` are names; in `lr1.0` a number follows.
            let is_name = word.chars().count() == 1 && rest[length..].starts_with(|c: char| c.is_ascii_digit());
            let digits = if is_name { rest[length..].find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len() - length) } else { 0 };
            pieces.push(Piece::Word(format!("{word}{}", &rest[length..length + digits])));
            length + digits
        } else if first.is_ascii_digit() || (first == '.' && rest[1..].starts_with(|c: char| c.is_ascii_digit())) {
            number(rest, before == Some('-') && is_sign(&text[..text.len() - rest.len()]), &mut pieces)
        } else {
            if !first.is_whitespace() || first == '\n' {
                let is_shout = first == '!' && before.is_some_and(char::is_alphanumeric) && !rest[1..].starts_with('=');
                let is_slash = first == '/' && before.is_some_and(char::is_alphanumeric) && rest[1..].starts_with(char::is_alphanumeric);
                let says_nothing = matches!(
                    first,
                    '.' | ',' | ';' | ':' | '(' | ')' | '[' | ']' | '{' | '}' | '"' | '\'' | '_' | '-' | '&' | '+' | '=' | '%' | '#' | '→' | '✓' | '✔' | '\n'
                );
                pieces.push(if says_nothing || is_shout || is_slash { Piece::Mark(first) } else { Piece::Other(first.to_string()) });
            }
            first.len_utf8()
        };
        rest = &rest[length..];
    }
    pieces
}

/// Whether the minus at the end of `before` is the sign of the number behind it: `depth-4` and `2-4` have a hyphen.
fn is_sign(before: &str) -> bool {
    before[..before.len() - 1].chars().next_back().is_none_or(|c| !c.is_alphanumeric())
}

/// Reads the number that `rest` begins with; tells its length.
fn number(rest: &str, negative: bool, pieces: &mut Vec<Piece>) -> usize {
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let mut length = 0;
    while let Some(c) = rest[length..].chars().next() {
        let inside = c.is_ascii_digit() || (matches!(c, '.' | ',') && digit(rest[length + 1..].chars().next()));
        if !inside {
            break;
        }
        length += 1;
    }
    let exponent = rest[length..].strip_prefix(['e', 'E']).map(|exponent| exponent.strip_prefix(['-', '+']).unwrap_or(exponent));
    if let Some(digits) = exponent.filter(|digits| digit(digits.chars().next())) {
        length = rest.len() - digits.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    }
    let glued = rest[length..].find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len() - length);
    let tail = rest[length..length + glued].to_lowercase();
    match tail.as_str() {
        "" => {
            if negative && pieces.last() == Some(&Piece::Mark('-')) {
                pieces.pop();
                pieces.push(Piece::Number(format!("-{}", &rest[..length])));
            } else {
                pieces.push(Piece::Number(rest[..length].to_owned()));
            }
            length
        }
        // `5NN`, `10fold`.
        "nn" => {
            pieces.push(Piece::Word("knn".to_owned()));
            length + glued
        }
        "fold" | "folds" => {
            pieces.push(Piece::Number(rest[..length].to_owned()));
            length
        }
        // `2nd`, `1b`, `20k`.
        _ => {
            pieces.push(Piece::Other(format!("{}{tail}", &rest[..length])));
            length + glued
        }
    }
}

impl Piece {
    /// The word, and of a number its digits: so that `layer 2` is the choice `layer2`.
    pub(super) fn letters(&self) -> Option<&str> {
        match self {
            Self::Word(text) | Self::Number(text) => Some(text),
            Self::Mark(_) | Self::Other(_) => None,
        }
    }

    /// The same, but a word for a number is that number.
    pub(super) fn counted(self) -> Self {
        match self {
            Self::Word(word) => match NUMBERS.iter().find(|(name, _)| *name == word) {
                Some((_, digits)) => Self::Number((*digits).to_owned()),
                None => Self::Word(word),
            },
            other => other,
        }
    }
}

/// Whether the word is a number.
pub(super) fn is_number(word: &str) -> bool {
    NUMBERS.iter().any(|(name, _)| *name == word)
}

/// The words of `text` alone, in lower case; names in snake case are several.
pub(super) fn words(text: &str) -> Vec<String> {
    pieces(text).into_iter().filter_map(|piece| piece.letters().map(str::to_owned)).collect()
}

/// `text` without anything but letters and digits, in lower case: how names are compared.
pub(super) fn squeezed(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// What digits may stand for, where one number or `several` are asked: `17,65` is a number, and one of a list.
pub(super) fn readings(digits: &str, several: bool) -> Option<Vec<Finite>> {
    let one = |text: &str| text.parse::<Finite>().ok();
    let parts: Vec<&str> = digits.split(',').collect();
    match parts.as_slice() {
        [_] => one(digits).map(|number| vec![number]),
        parts if several => parts.iter().map(|part| one(part)).collect(),
        // A decimal comma. With three digits behind it, it may as well part thousands.
        [whole, decimals] if !decimals.contains(['.', 'e', 'E']) && !whole.contains('.') => {
            let is_clear = decimals.len() != 3 || whole.trim_start_matches('-') == "0";
            one(&format!("{whole}.{decimals}")).filter(|_| is_clear).map(|number| vec![number])
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(text: &str) -> String {
        let shown = |piece: Piece| match piece {
            Piece::Word(word) => word,
            Piece::Number(number) => format!("#{number}"),
            Piece::Mark(_) => "·".to_owned(),
            Piece::Other(other) => format!("?{other}"),
        };
        pieces(text).into_iter().map(|piece| shown(piece.counted())).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn numbers_are_told_from_words() {
        for (text, expected) in [
            ("max_depth=4", "max · depth · #4"),
            ("depth-4", "depth · #4"),
            ("-4", "#-4"),
            ("- 4", "· #4"),
            ("2-4", "#2 · #4"),
            ("lr1.0", "lr #1.0"),
            ("1e-1.", "#1e-1 ·"),
            ("four levels", "#4 levels"),
            ("0,1", "#0,1"),
            ("1, 2", "#1 · #2"),
            ("2nd", "?2nd"),
            ("5-NN", "#5 · nn"),
            ("5NN", "knn"),
            ("x1 r2", "x1 r2"),
            ("isn't", "isnt"),
            ("!forest", "?! forest"),
            ("forest!", "forest ·"),
            ("10^-1", "#10 ?^ #-1"),
            ("~4", "?~ #4"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn a_comma_is_read_as_what_it_can_only_be() {
        let one = |text: &str| readings(text, false).map(|all| all.into_iter().map(Finite::get).collect::<Vec<_>>());
        assert_eq!((one("0,1"), one("17,65"), one("0,001")), (Some(vec![0.1]), Some(vec![17.65]), Some(vec![0.001])));
        assert_eq!((one("4,750"), one("1,2,3")), (None, None), "thousands or decimals");
        assert_eq!(readings("1,2,3,5", true).map(|all| all.len()), Some(4));
    }

    proptest! {
        #[test]
        fn any_text_has_pieces(text in "\\PC{0,60}") {
            let _ = pieces(&text);
        }
    }
}

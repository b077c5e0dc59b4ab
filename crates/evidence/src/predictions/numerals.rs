//! Numbers as they stand in the cells of a column: `3794,5`, `4,750`, `97.3 %`, `tensor(7, device='cuda:0')`.
//!
//! A comma is the decimal sign of a whole column or parts its thousands. Where a column does not tell which, another column of the file
//! may; else nobody can.

use std::borrow::Cow;

/// What the words of some columns are.
#[derive(Debug, PartialEq)]
pub(super) enum Numerals {
    /// Numbers, word by word, and how their signs were read, if that is worth a note.
    Numbers(Vec<f64>, Option<&'static str>),
    /// Words.
    Words,
    /// Numbers that can be read in two ways.
    Unclear(String),
}

/// What a comma is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comma {
    Decimal,
    Thousands,
}

/// What commas are for the columns of a file, as far as they say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Commas {
    decimal: bool,
    thousands: bool,
}

impl Commas {
    /// What one column says: its `words`, and those of its cells that are plain numbers.
    pub(super) fn of<'w>(words: impl Iterator<Item = &'w str>, plain: impl Iterator<Item = f64>) -> Self {
        let mut commas = Self::default();
        let mut is_unclear = false;
        for word in words {
            match comma(digits(word)) {
                Some(Ok(Comma::Decimal)) => commas.decimal = true,
                Some(Ok(Comma::Thousands)) => commas.thousands = true,
                Some(Err(())) => is_unclear = true,
                None => {}
            }
        }
        if is_unclear && commas == Self::default() {
            // Beside 4,750 stand 812.5, where the point is the decimal sign, or numbers below a thousand, which have no commas.
            let (mut rows, mut fractions, mut large) = (0, false, false);
            for value in plain {
                rows += 1;
                fractions |= value.fract().abs() > 0.0;
                large |= value.abs() >= 1000.0;
            }
            commas.thousands = fractions || (rows > 0 && !large);
        }
        commas
    }

    /// What is known with another column of the same file.
    pub(super) fn or(self, other: Self) -> Self {
        if self == Self::default() { other } else { self }
    }

    pub(super) fn with(self, other: Self) -> Self {
        Self { decimal: self.decimal || other.decimal, thousands: self.thousands || other.thousands }
    }

    /// The numbers that `words` are.
    pub(super) fn read<'w>(self, words: impl Iterator<Item = &'w str> + Clone) -> Numerals {
        let known = match self {
            Self { decimal: true, thousands: false } => Some(Comma::Decimal),
            Self { decimal: false, thousands: true } => Some(Comma::Thousands),
            _ => None,
        };
        let mut unclear = words.clone().filter(|word| comma(digits(word)).is_some_and(|comma| comma.is_err()));
        if known.is_none()
            && let Some(word) = unclear.next().filter(|_| words.clone().all(|word| number(word, Comma::Decimal).is_some()))
        {
            let sentence = format!("`{}` may be {} or {}", word.trim(), digits(word).replacen(',', ".", 1), digits(word).replace(',', ""));
            return Numerals::Unclear(sentence + "; write numbers with a point and without signs for thousands");
        }
        let has_comma = words.clone().any(|word| comma(digits(word)).is_some());
        let comma = known.unwrap_or(Comma::Decimal);
        let Some(numbers) = words.map(|word| number(word, comma)).collect::<Option<Vec<f64>>>() else { return Numerals::Words };
        let note = match comma {
            _ if !has_comma => None,
            Comma::Decimal => Some("the comma was read as the decimal sign"),
            Comma::Thousands => Some("the comma was read as the sign for thousands"),
        };
        Numerals::Numbers(numbers, note)
    }
}

/// Whether a word may be a number in some notation.
pub(super) fn is_numeral(word: &str) -> bool {
    number(word, Comma::Decimal).or_else(|| number(word, Comma::Thousands)).is_some()
}

/// What the comma in `digits` is; an error if it may be both, and nothing if there is none or it is no number.
fn comma(digits: &str) -> Option<Result<Comma, ()>> {
    let unsigned = digits.trim_start_matches(['-', '+', '\u{2212}']);
    let is_number =
        unsigned.starts_with(|c: char| c.is_ascii_digit()) && unsigned.chars().all(|c| c.is_ascii_digit() || is_group_sign(c) || matches!(c, ',' | '.'));
    let (whole, behind) = unsigned.split_once(',').filter(|_| is_number)?;
    let groups = |text: &str, sign: char| text.split(sign).skip(1).all(|group| group.len() == 3 && group.bytes().all(|b| b.is_ascii_digit()));
    Some(match (behind.contains(','), whole.contains('.'), behind.split_once('.')) {
        // 1.234,5
        (false, true, None) if groups(whole, '.') => Ok(Comma::Decimal),
        // 1,234,567 and 1,234.5
        (true, false, None) if groups(unsigned, ',') => Ok(Comma::Thousands),
        (_, false, Some((before_point, _))) if groups(&format!("{whole},{before_point}"), ',') => Ok(Comma::Thousands),
        (false, false, None) => {
            let may_part = (1..=3).contains(&whole.len()) && !whole.starts_with('0') && behind.len() == 3;
            if may_part { Err(()) } else { Ok(Comma::Decimal) }
        }
        _ => return None,
    })
}

fn is_group_sign(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '\u{2019}' | '_')
}

/// The part of a word that is a number, without a percent sign and single brackets.
fn digits(word: &str) -> &str {
    let word = word.trim().trim_end_matches('%').trim();
    let bare = |open: char, close: char| word.strip_prefix(open).and_then(|word| word.strip_suffix(close));
    bare('[', ']').or_else(|| bare('(', ')')).map_or(word, |inner| inner.trim().trim_end_matches(','))
}

fn number(word: &str, comma: Comma) -> Option<f64> {
    let mut text = Cow::Borrowed(digits(word));
    if text.contains('\u{2212}') {
        text = Cow::Owned(text.replace('\u{2212}', "-"));
    }
    if text.contains(is_group_sign) {
        let whole = text.split([',', '.']).next().unwrap_or_default();
        if !whole.split(is_group_sign).skip(1).all(|group| group.len() == 3 && group.bytes().all(|b| b.is_ascii_digit())) {
            return None;
        }
        text = Cow::Owned(text.replace(is_group_sign, ""));
    }
    if text.contains(',') {
        // In `1,23,4` commas are neither.
        text = Cow::Owned(match comma {
            Comma::Thousands if self::comma(&text).is_some_and(|read| read != Ok(Comma::Decimal)) => text.replace(',', ""),
            Comma::Decimal if text.matches(',').count() == 1 && !text.split(',').nth(1).is_some_and(|decimals| decimals.contains('.')) => {
                text.replace('.', "").replace(',', ".")
            }
            _ => return None,
        });
    }
    let number: f64 = match text.as_ref() {
        "True" | "true" | "TRUE" => 1.0,
        "False" | "false" | "FALSE" => 0.0,
        digits if digits.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.')) => {
            digits.parse().ok().filter(|value: &f64| value.is_finite())?
        }
        _ => return None,
    };
    Some(if word.trim_end().ends_with('%') { format!("{number}e-2").parse().ok()? } else { number })
}

/// The calls whose first argument is what was printed.
const CALLS: [&str; 14] = ["tensor", "Tensor", "array", "Array", "float64", "float32", "float16", "int64", "int32", "int16", "int8", "uint8", "bool_", "str_"];

/// The most that is looked at of one such call.
const CALL: usize = 400;

/// `text` with `7` in the place of `tensor(7, device='cuda:0')`, `np.int64(7)` or `array([7])`.
pub(super) fn without_calls(text: &str) -> Cow<'_, str> {
    if !CALLS.iter().any(|call| text.contains(call)) {
        return Cow::Borrowed(text);
    }
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(open) = rest.find('(') {
        let (before, behind) = (&rest[..open], &rest[open..]);
        let name = before.len() - before.bytes().rev().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.')).count();
        let is_call = CALLS.contains(&before[name..].rsplit('.').next().unwrap_or_default());
        if let Some((value, length)) = argument(behind).filter(|_| is_call) {
            out.push_str(&before[..name]);
            out.push_str(value);
            rest = &behind[length..];
        } else {
            out.push_str(&rest[..=open]);
            rest = &rest[open + 1..];
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The single value that is the first of the arguments in brackets at the start of `text`, and their length.
fn argument(text: &str) -> Option<(&str, usize)> {
    let (mut depth, mut first) = (0_usize, None);
    for (at, c) in text.char_indices().take(CALL) {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    let value = text[1..first.unwrap_or(at)].trim();
                    let value = value.trim_start_matches('[').trim_end_matches(']').trim().trim_matches(['\'', '"']);
                    return (!value.is_empty() && !value.contains([',', '[', '(', '"'])).then_some((value, at + 1));
                }
            }
            ',' if depth == 1 => first = first.or(Some(at)),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What a column of these cells is; plain numbers stand beside its words.
    fn column(cells: &[&str]) -> String {
        let words: Vec<&str> = cells.iter().copied().filter(|cell| cell.parse::<f64>().is_err()).collect();
        let plain = cells.iter().filter_map(|cell| cell.parse().ok());
        match Commas::of(words.iter().copied(), plain).read(words.iter().copied()) {
            Numerals::Numbers(numbers, note) => format!("{numbers:?} {}", note.unwrap_or("")).trim().to_owned(),
            Numerals::Words => "words".to_owned(),
            Numerals::Unclear(why) => why,
        }
    }

    #[test]
    fn a_comma_is_read_for_the_whole_column() {
        let decimal = "the comma was read as the decimal sign";
        let thousands = "the comma was read as the sign for thousands";
        for (cells, expected) in [
            (&["3794,0", "3753,8"][..], format!("[3794.0, 3753.8] {decimal}")),
            (&["0,125", "1,000"], format!("[0.125, 1.0] {decimal}")),
            (&["1.234,5", "987,25"], format!("[1234.5, 987.25] {decimal}")),
            (&["4,750", "812.5"], format!("[4750.0] {thousands}")),
            (&["4,750", "812", "950"], format!("[4750.0] {thousands}")),
            (&["1,234,567", "4,750"], format!("[1234567.0, 4750.0] {thousands}")),
            (&["4,750.5", "4,750"], format!("[4750.5, 4750.0] {thousands}")),
            (&["-1,5", "2,75"], format!("[-1.5, 2.75] {decimal}")),
            (&["4 750", "3 800,5"], format!("[4750.0, 3800.5] {decimal}")),
            (&["97.3%", "98 %"], "[0.973, 0.98]".to_owned()),
            (&["[7]", "(2,)", "True"], "[7.0, 2.0, 1.0]".to_owned()),
            (&["Adelie", "Gentoo"], "words".to_owned()),
            (&["1,5", "Gentoo"], "words".to_owned()),
            (&["1,23,4"], "words".to_owned()),
        ] {
            assert_eq!(column(cells), expected, "{cells:?}");
        }
    }

    #[test]
    fn what_a_comma_is_may_be_unclear() {
        for cells in [&["4,750", "3,800"], &["4,750", "3950"], &["4,750", "1e9"]] {
            assert!(column(cells).starts_with("`4,750` may be 4.750 or 4750"), "{cells:?}: {}", column(cells));
        }
    }

    #[test]
    fn printed_calls_are_what_they_were_called_with() {
        for (text, expected) in [
            ("0,\"tensor(7, device='cuda:0')\"\n1,tensor(2)\n", "0,\"7\"\n1,2\n"),
            ("tensor([7], device='cuda:0', dtype=torch.int32)", "7"),
            ("np.int64(7)\nnumpy.float64(0.5)\n", "7\n0.5\n"),
            ("tf.Tensor(7, shape=(), dtype=int64)", "7"),
            ("array([7])", "7"),
            ("np.str_('Gentoo')", "Gentoo"),
            ("tensor([0.1, 0.9])", "tensor([0.1, 0.9])"),
            ("tensors (a few)", "tensors (a few)"),
            ("my_tensor(7", "my_tensor(7"),
        ] {
            assert_eq!(without_calls(text), expected);
        }
    }

    proptest! {
        #[test]
        fn any_words_give_an_answer(words in proptest::collection::vec("[0-9., '%()\\[\\]-]{0,9}", 0..6)) {
            let words = || words.iter().map(String::as_str);
            let _ = Commas::of(words(), [1.0, 2000.0].into_iter()).read(words());
            let _ = words().map(is_numeral).count();
        }

        #[test]
        fn any_text_keeps_what_is_no_call(text in "[tensor(),\\[\\]7\" a.]{0,60}") {
            prop_assert!(without_calls(&text).len() <= text.len());
        }

        #[test]
        fn numbers_with_a_decimal_comma_are_read_as_written(values in proptest::collection::vec(-1e6..1e6_f64, 1..10)) {
            let cells: Vec<String> = values.iter().map(|value| format!("{value:.1}").replace('.', ",")).collect();
            let expected: Vec<f64> = values.iter().map(|value| format!("{value:.1}").parse().unwrap()).collect();
            let words = || cells.iter().map(String::as_str);
            match Commas::of(words(), std::iter::empty()).read(words()) {
                Numerals::Numbers(numbers, _) => prop_assert_eq!(numbers, expected),
                other => prop_assert!(false, "{:?}", other),
            }
        }
    }
}

//! Numbers as people print them: `98.21%`, `0.9943 (99.43%)`, `98% (9823/10000)`, `0,0213`. What can be read in two ways is told.

use crate::domain::number::Finite;
use crate::domain::tolerance::Tolerance;

/// A number in a text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Token {
    /// What it says, or the two ways in which it can be read.
    pub(crate) reading: Result<Finite, String>,
    /// Half a unit of its last digit, in the same unit; nothing for a count of a count.
    half_unit: f64,
    /// Where it ends.
    pub(crate) end: usize,
    text: String,
}

/// The numbers that are looked at where one is expected.
const MOST: usize = 64;

/// The number that `text` holds. Several numbers are one if they say the same thing in different ways.
pub(crate) fn number(text: &str) -> Result<Finite, String> {
    let tokens = tokens(text, MOST + 1);
    if let Some(fault) = tokens.iter().find_map(|token| token.reading.as_ref().err()) {
        return Err(fault.clone());
    }
    let read: Vec<(Finite, f64)> = tokens.iter().filter_map(|token| Some((token.reading.clone().ok()?, token.half_unit))).collect();
    let finest = read.iter().min_by(|a, b| a.1.total_cmp(&b.1));
    let Some(&(finest, _)) = finest else { return Err("it holds no number".to_owned()) };
    let same = read.iter().all(|&(number, half_unit)| Tolerance { absolute: half_unit * 1.000_001, relative: 0.0 }.accepts(number, finest));
    if same && tokens.len() <= MOST {
        return Ok(finest);
    }
    let shown: Vec<&str> = tokens.iter().take(4).map(|token| token.text.as_str()).collect();
    let more = if tokens.len() > 4 { ", …" } else { "" };
    Err(format!("it holds {} numbers: {}{more}", if tokens.len() > MOST { "many".to_owned() } else { tokens.len().to_string() }, shown.join(", ")))
}

/// The numbers in `text`, at most `most`. Digits inside of words, as in `lr0.1`, and before a unit, as in `5ms`, are none.
pub(crate) fn tokens(text: &str, most: usize) -> Vec<Token> {
    let mut found = Vec::new();
    let (mut at, mut before) = (0, ' ');
    while let Some(c) = text[at..].chars().next().filter(|_| found.len() < most) {
        let in_a_word = before.is_alphanumeric() || before == '_';
        match token_at(text, at).filter(|_| !in_a_word) {
            Some(token) => {
                at = token.end;
                before = '0';
                found.push(token);
            }
            // A word, with all that belongs to it.
            None if c.is_alphanumeric() && !in_a_word => {
                let word = text[at..].find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | '-'))).unwrap_or(text.len() - at);
                at += word.max(c.len_utf8());
                before = 'a';
            }
            None => {
                at += c.len_utf8();
                before = c;
            }
        }
    }
    found
}

/// The number that begins at the byte `start`, if one does.
pub(crate) fn token_at(text: &str, start: usize) -> Option<Token> {
    let rest = text.get(start..)?;
    let unsigned = rest.trim_start_matches(['-', '+', '\u{2212}']);
    let sign = &rest[..rest.len() - unsigned.len()];
    if sign.chars().count() > 1 {
        return None;
    }
    let negative = !sign.is_empty() && sign != "+";
    // Behind `1,` in a list without spaces stands the list's next number.
    let listed = text[..start].strip_suffix(',').is_some_and(|head| head.ends_with(|c: char| c.is_ascii_digit()));
    let body = body(unsigned).map(|body| if listed { body.split(',').next().unwrap_or(body) } else { body })?;
    let mut end = start + sign.len() + body.len();
    let exponent = exponent(&text[end..]);
    end += exponent.len();
    let plain_whole = !body.contains(['.', ',']) && exponent.is_empty();
    let follows = |end: usize| text[end..].chars().next();
    if let (true, Some((over, length))) = (plain_whole, denominator(&text[end..])) {
        let count = body.replace('_', "").parse::<f64>().ok()?;
        end += length;
        let ratio = Finite::new(if negative { -count } else { count } / over).ok()?;
        return fits(follows(end), &text[end..]).then(|| Token { reading: Ok(ratio), half_unit: 0.0, end, text: text[start..end].to_owned() });
    }
    let percent = text[end..].trim_start_matches([' ', '\u{a0}', '\u{202f}']);
    let percent = percent.starts_with('%').then(|| text.len() - percent.len() + 1);
    let written = text[start..percent.unwrap_or(end)].to_owned();
    if percent.is_none() && !fits(follows(end), &text[end..]) {
        return None;
    }
    let reading = mantissa(body)?.and_then(|(digits, decimals)| {
        let scale = if percent.is_some() { 100.0 } else { 1.0 };
        let size: f64 = format!("{digits}{exponent}").parse().map_err(|_| format!("`{written}` is no number"))?;
        let number = Finite::new(if negative { -size } else { size } / scale).map_err(|error| format!("`{written}` is {error}"))?;
        let power: i32 = exponent.get(1..).and_then(|power| power.parse().ok()).unwrap_or(0);
        Ok((number, 0.5 * 10_f64.powi(power.saturating_sub(decimals)) / scale))
    });
    let half_unit = reading.as_ref().map_or(0.0, |(_, half_unit)| *half_unit);
    Some(Token { reading: reading.map(|(number, _)| number), half_unit, end: percent.unwrap_or(end), text: written })
}

/// Digits with points, commas and underscores between them.
fn body(text: &str) -> Option<&str> {
    // What is longer is no number, but a line of predicted digits or a list.
    let length = text.bytes().take(400).take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b'_')).count();
    let mut body = text[..length].trim_end_matches([',', '_']);
    // `1.` is how numpy prints a whole number, and how a sentence ends.
    body = body.trim_end_matches('.');
    let begins = body.starts_with(|c: char| c.is_ascii_digit()) || body.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    // A list without spaces is several numbers.
    let parts: Vec<&str> = body.split(',').collect();
    let is_list = parts.len() > 1 && mantissa(body).is_none() && parts[0].parse::<f64>().is_ok();
    (begins && (length < 400 || is_list)).then_some(if is_list { parts[0] } else { body })
}

fn exponent(text: &str) -> &str {
    let Some(rest) = text.strip_prefix(['e', 'E']) else { return "" };
    let digits = rest.strip_prefix(['-', '+']).unwrap_or(rest);
    let length = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    if length == 0 || length > 4 { "" } else { &text[..text.len() - digits.len() + length] }
}

/// `/10000` behind a count.
fn denominator(text: &str) -> Option<(f64, usize)> {
    let rest = text.strip_prefix('/')?;
    let length = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let over = rest[..length].parse::<f64>().ok().filter(|over| *over > 0.0)?;
    Some((over, length + 1))
}

/// Whether what follows a number leaves it one: no letter, and no word behind a hyphen as in `10-fold`.
fn fits(next: Option<char>, rest: &str) -> bool {
    let mut chars = rest.chars();
    match next {
        Some('-') => chars.nth(1).is_none_or(|c| !c.is_alphabetic()),
        Some(c) => !(c.is_alphanumeric() || matches!(c, '_' | '/')),
        None => true,
    }
}

type Digits = Result<(String, i32), String>;

/// The digits of `body` as a programming language writes them, with the number of decimals; `None` if it is no number, and an error if it
/// may be two.
fn mantissa(body: &str) -> Option<Digits> {
    let body = body.replace('_', "");
    let (commas, points) = (body.matches(',').count(), body.matches('.').count());
    let grouped = |text: &str, by: char| {
        let mut groups = text.split(by);
        groups.next().is_some_and(|first| (1..=3).contains(&first.len()) && !first.starts_with('0')) && groups.all(|group| group.len() == 3)
    };
    let with_decimals = |whole: String, decimals: &str| Some(Ok((format!("{whole}.{decimals}0"), i32::try_from(decimals.len()).unwrap_or(i32::MAX))));
    match (commas, points) {
        (0, 0) => Some(Ok((body, 0))),
        (0, 1) => body.split_once('.').and_then(|(whole, decimals)| with_decimals(format!("0{whole}"), decimals)),
        (0, _) => grouped(&body, '.').then(|| Ok((body.replace('.', ""), 0))),
        (1, 0) => {
            let (whole, decimals) = body.split_once(',')?;
            if grouped(&body, ',') {
                return Some(Err(format!("`{body}` may be {whole}.{decimals} or {whole}{decimals}; print it without a comma")));
            }
            if whole.is_empty() { None } else { with_decimals(whole.to_owned(), decimals) }
        }
        (_, 0) => grouped(&body, ',').then(|| Ok((body.replace(',', ""), 0))),
        (_, 1) => {
            let (whole, decimals) = body.rsplit_once('.')?;
            if commas == 1 && body.find('.') < body.find(',') {
                let (whole, decimals) = body.split_once(',')?;
                return if grouped(whole, '.') { with_decimals(whole.replace('.', ""), decimals) } else { None };
            }
            if grouped(whole, ',') { with_decimals(whole.replace(',', ""), decimals) } else { None }
        }
        (1, _) => {
            let (whole, decimals) = body.split_once(',')?;
            if grouped(whole, '.') && !decimals.contains('.') { with_decimals(whole.replace('.', ""), decimals) } else { None }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Result<f64, String> {
        number(text).map(Finite::get)
    }

    #[test]
    fn numbers_are_read_as_people_print_them() {
        // Each as it stands in some notebook: PyTorch's tutorials, scikit-learn's, and students' own.
        for (text, expected) in [
            ("0.88059", 0.880_59),
            ("98.21%", 0.9821),
            ("98.21 %", 0.9821),
            ("Accuracy: 98.2%", 0.982),
            ("0.9943 (99.43%)", 0.9943),
            ("Test accuracy: 98% (9823/10000)", 0.9823),
            ("Accuracy: 9823/10000 (98%)", 0.9823),
            ("val error: 0,0213", 0.0213),
            ("0,213", 0.213),
            ("12,34", 12.34),
            ("1,234,567", 1_234_567.0),
            ("1,234.5", 1_234.5),
            ("1.234,5", 1_234.5),
            ("1.234.567,5", 1_234_567.5),
            ("1_000", 1_000.0),
            ("2.1e-3", 0.0021),
            ("1E+05", 100_000.0),
            ("RMSE = 3.31 °C", 3.31),
            ("\u{2212}0.5", -0.5),
            ("-0.5", -0.5),
            (".5", 0.5),
            ("10-fold CV accuracy: 0.9940", 0.994),
            ("top-5 accuracy: 0.97.", 0.97),
            ("lr0.1 error: 0.0348", 0.0348),
            ("done in 5ms, f1 0.91", 0.91),
            ("best depth is 8", 8.0),
            ("the error is 0.02.", 0.02),
            ("numpy 1.26.4, error 0.02", 0.02),
        ] {
            assert_eq!(read(text).map(|number| (number * 1e9).round()), Ok((expected * 1e9_f64).round()), "{text}");
        }
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_told() {
        for (text, expected) in [
            ("1,234", "`1,234` may be 1.234 or 1234; print it without a comma"),
            ("loss 0.5, accuracy 0.9", "it holds 2 numbers: 0.5, 0.9"),
            ("Epoch 20/20 accuracy 0.98", "it holds 2 numbers: 20/20, 0.98"),
            ("98% of 0.95", "it holds 2 numbers: 98%, 0.95"),
            ("0.9943 (98.43%)", "it holds 2 numbers: 0.9943, 98.43%"),
            ("1,2,3,4,5", "it holds 5 numbers: 1, 2, 3, 4, …"),
            ("about two percent", "it holds no number"),
            ("nan", "it holds no number"),
            ("", "it holds no number"),
            ("1e999", "`1e999` is infinite"),
        ] {
            assert_eq!(read(text), Err(expected.to_owned()), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_python_prints_is_read_back(value in -1e6..1e6_f64) {
            prop_assert_eq!(read(&format!("{value}")), Ok(value));
            prop_assert_eq!(read(&format!("error: {value:e}")), Ok(value));
        }

        #[test]
        fn any_text_gives_an_answer(text in "[0-9.,%/ eE+\\-_a-z\u{2212}]{0,40}|\\PC{0,40}") {
            let _ = number(&text);
        }
    }
}

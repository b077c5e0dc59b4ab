//! Numbers as people print them: `98.21%`, `0.9943 (99.43%)`, `98% (9823/10000)`, `0,0213`, `22.3dB`. What can be read in two ways is refused.

mod behind;
mod digits;
mod share;

use mlgrade_domain::number::Finite;
use mlgrade_domain::tolerance::Tolerance;

use behind::Behind;
use digits::{body, denominator, exponent, mantissa};
use share::Counts;

/// A number in a text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Token {
    /// What it says.
    pub(crate) reading: Reading,
    /// Where it begins.
    pub(crate) start: usize,
    /// Where it ends.
    pub(crate) end: usize,
    /// As it is printed.
    pub(crate) text: String,
    form: Form,
}

/// What a number says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Reading {
    /// This.
    Number(Finite),
    /// That there is none, in a word: `NaN`, `infinite`, `None`.
    NoNumber(String),
    /// Nothing that can be relied on, and why.
    Unclear(String),
}

/// How a number is written, and how exact that is.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Form {
    /// In digits. Half a unit of the last one, and whether there are enough of them to tell a rounded number from another one.
    Digits { half_unit: f64, rounds: bool, percent: bool },
    /// As a count of a count.
    Share(Finite),
    /// As a word that begins with digits, such as `10-fold`: no number but where one must stand.
    Word,
    /// As something else.
    Other,
}

/// The numbers that are looked at where one is expected.
const MOST: usize = 64;

/// The number that `text` holds. Several numbers are one if they say the same thing in different ways.
pub(crate) fn number(text: &str) -> Result<Finite, String> {
    let mut tokens = tokens(text, MOST + 1);
    let is_too_many = tokens.len() > MOST;
    tokens.retain(|token| !is_spread(&text[..token.start]));
    if let Some(bound) = tokens.iter().find(|token| is_bounded(&text[..token.start])) {
        return Err(format!("`{}` is a bound, not a number", bound.text));
    }
    let Some(finest) = finest(&tokens) else { return Err("it holds no number".to_owned()) };
    if !is_too_many && tokens.iter().all(|token| says_the_same(token, finest)) {
        // A percentage beside two counts says that they are a share.
        let is_clear = tokens.iter().any(|token| matches!(token.reading, Reading::Number(_)));
        return finest.number().filter(|_| is_clear).map_or_else(|| finest.value(), Ok);
    }
    if let Some(Reading::Unclear(reason)) = tokens.iter().map(|token| &token.reading).find(|reading| matches!(reading, Reading::Unclear(_))) {
        return Err(reason.clone());
    }
    let shown: Vec<&str> = tokens.iter().take(4).map(|token| token.text.as_str()).collect();
    let more = if tokens.len() > 4 { ", …" } else { "" };
    Err(format!("it holds {} numbers: {}{more}", if is_too_many { "many".to_owned() } else { tokens.len().to_string() }, shown.join(", ")))
}

/// The one of `tokens` that is written most exactly.
pub(crate) fn finest<'t>(tokens: impl IntoIterator<Item = &'t Token>) -> Option<&'t Token> {
    tokens.into_iter().reduce(|best, token| if token.half_unit() < best.half_unit() { token } else { best })
}

/// Whether `token` says the same as `finer`, exactly or rounded.
pub(crate) fn says_the_same(token: &Token, finer: &Token) -> bool {
    if token.text == finer.text {
        return true;
    }
    let (Some(a), Some(b)) = (token.number(), finer.number()) else { return false };
    let off = match (token.form, finer.form) {
        // A percentage beside its counts is often cut off: 97% for 9754/10000.
        (Form::Digits { half_unit, percent: true, .. }, Form::Share(_)) => half_unit * 2.0,
        (Form::Digits { half_unit, rounds: true, .. }, _) => half_unit * 1.000_001,
        _ => 0.0,
    };
    Tolerance { absolute: off, relative: 0.0 }.accepts(a, b)
}

/// Whether `before` ends with a sign that what follows is how far a number is off: `±`, `(+/- `.
fn is_spread(before: &str) -> bool {
    let before = before.trim_end();
    ["±", "+/-", "+-", "\u{2213}"].iter().any(|sign| before.ends_with(sign))
}

/// Whether `before` ends with a sign that what follows is no more than a bound.
fn is_bounded(before: &str) -> bool {
    let before = before.trim_end();
    ["<", "≤", "≥", "<=", ">=", " >"].iter().any(|sign| before.ends_with(sign)) || before == ">"
}

/// The numbers in `text`, at most `most`. Digits inside of words, as in `lr0.1` and `10-fold`, are none.
pub(crate) fn tokens(text: &str, most: usize) -> Vec<Token> {
    let mut found = Vec::new();
    let (mut at, mut before) = (0, ' ');
    while let Some(c) = text[at..].chars().next().filter(|_| found.len() < most) {
        let in_a_word = before.is_alphanumeric() || before == '_';
        match token_at(text, at).filter(|token| !in_a_word && token.form != Form::Word) {
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

/// The number that begins at the byte `start`, unless it is a word such as `10-fold`, or how long something took.
pub(crate) fn measure_at(text: &str, start: usize) -> Option<Token> {
    let is_measure = |token: &Token| token.form != Form::Word && !matches!(token.reading, Reading::NoNumber(_)) && !behind::is_duration(&token.text);
    token_at(text, start).filter(is_measure)
}

/// The number that begins at the byte `start`, if one does, or what stands there in place of one.
pub(crate) fn token_at(text: &str, start: usize) -> Option<Token> {
    let rest = text.get(start..)?;
    let unsigned = rest.trim_start_matches(['-', '+', '\u{2212}']);
    let sign = &rest[..rest.len() - unsigned.len()];
    if sign.chars().count() > 1 {
        return None;
    }
    if let Some(word) = non_number(unsigned, &["nan", "inf", "infinity"]) {
        let reading = Reading::NoNumber(if word.eq_ignore_ascii_case("nan") { "NaN" } else { "infinite" }.to_owned());
        return Some(Token::new(text, start, start + sign.len() + word.len(), reading, Form::Other));
    }
    let negative = !sign.is_empty() && sign != "+";
    // Behind `1,` in a list without spaces stands the list's next number.
    let listed = text[..start].strip_suffix(',').is_some_and(|head| head.ends_with(|c: char| c.is_ascii_digit()));
    let body = body(unsigned).map(|body| if listed { body.split(',').next().unwrap_or(body) } else { body })?;
    let digits_end = start + sign.len() + body.len();
    let exponent = exponent(&text[digits_end..]);
    let end = digits_end + exponent.len();
    let signed = |size: f64| if negative { -size } else { size };
    if let (false, true, Some((over, length))) = (body.contains(['.', ',']), exponent.is_empty(), denominator(&text[end..])) {
        let count = body.replace('_', "").parse::<f64>().ok()?;
        return Some(share(text, start, end + length, [signed(count), over]));
    }
    let percent = text[end..].trim_start_matches([' ', '\u{a0}', '\u{202f}']);
    let percent = percent.starts_with('%').then(|| text.len() - percent.len() + 1);
    let all = |end: usize, reading: Reading, form: Form| Some(Token::new(text, start, end, reading, form));
    let unit = match behind::behind(body, &text[end..]) {
        _ if percent.is_some() => 0,
        Behind::Nothing => 0,
        Behind::Unit(length) => length,
        Behind::Changes(length, how) => {
            let written = &text[start..end + length];
            return all(end + length, Reading::Unclear(format!("`{written}` {how}")), Form::Other);
        }
        Behind::Word(length) => return all(end + length, Reading::Unclear(format!("`{}` is no number", &text[start..end + length])), Form::Word),
    };
    let end = percent.unwrap_or(end + unit);
    let written = text[start..end].to_owned();
    let scale = if percent.is_some() { 100.0 } else { 1.0 };
    let (digits, decimals) = match mantissa(body) {
        Some(Ok(digits)) => digits,
        Some(Err(reason)) => return all(end, Reading::Unclear(reason), Form::Other),
        None => return all(end, Reading::Unclear(format!("`{written}` is no number")), Form::Word),
    };
    let plain_exponent = exponent.replace('\u{2212}', "-");
    let size = format!("{digits}{plain_exponent}").parse::<f64>().ok()?;
    let power: i32 = plain_exponent.get(1..).and_then(|power| power.parse().ok()).unwrap_or(0);
    let significant = body.replace(|c: char| !c.is_ascii_digit(), "").trim_matches('0').len();
    let half_unit = 0.5 * 10_f64.powi(power.saturating_sub(decimals)) / scale;
    let form = Form::Digits { half_unit, rounds: significant > 1 && (decimals > 0 || percent.is_some()), percent: percent.is_some() };
    match Finite::new(signed(size) / scale) {
        Ok(number) => all(end, Reading::Number(number), form),
        Err(error) => all(end, Reading::Unclear(format!("`{written}` is {error}")), Form::Other),
    }
}

/// `9823/10000`, as the words beside it say.
fn share(text: &str, start: usize, end: usize, [count, over]: [f64; 2]) -> Token {
    let written = &text[start..end];
    if let Behind::Word(length) | Behind::Changes(length, _) = behind::behind("0", &text[end..]) {
        // A date, a path.
        let written = &text[start..end + length];
        return Token::new(text, start, end + length, Reading::Unclear(format!("`{written}` is no number")), Form::Other);
    }
    let (Ok(place), Ok(ratio)) = (Finite::new(count), Finite::new(count / over)) else {
        return Token::new(text, start, end, Reading::Unclear(format!("`{written}` is no number")), Form::Other);
    };
    match share::counts(&text[..start], &text[end..]) {
        Counts::Place => Token::new(text, start, end, Reading::Number(place), Form::Digits { half_unit: 0.5, rounds: false, percent: false }),
        Counts::Share => Token::new(text, start, end, Reading::Number(ratio), Form::Share(ratio)),
        Counts::Unclear => {
            let reason = format!("`{written}` may be {place} of {over}, or the fraction {ratio}");
            Token::new(text, start, end, Reading::Unclear(reason), Form::Share(ratio))
        }
    }
}

/// The word that `text` begins with, if it is one of `words`.
pub(super) fn non_number<'t>(text: &'t str, words: &[&str]) -> Option<&'t str> {
    let length = text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '/'))).unwrap_or(text.len());
    let word = &text[..length];
    words.iter().any(|known| known.eq_ignore_ascii_case(word)).then_some(word)
}

impl Token {
    fn new(text: &str, start: usize, end: usize, reading: Reading, form: Form) -> Self {
        Self { reading, start, end, text: text[start..end].to_owned(), form }
    }

    /// What was read in another way, printed as `text` from `start` to `end`.
    pub(super) fn read(text: String, start: usize, end: usize, reading: Reading) -> Self {
        let form = if matches!(reading, Reading::Number(_)) { Form::Digits { half_unit: 0.0, rounds: false, percent: false } } else { Form::Other };
        Self { reading, start, end, text, form }
    }

    /// Its value, or what to say of it.
    pub(crate) fn value(&self) -> Result<Finite, String> {
        match &self.reading {
            Reading::Number(number) => Ok(*number),
            Reading::NoNumber(word) => Err(format!("it is {word}")),
            Reading::Unclear(reason) => Err(reason.clone()),
        }
    }

    /// The number that it may be: of a count of a count that share.
    fn number(&self) -> Option<Finite> {
        match (&self.reading, self.form) {
            (Reading::Number(number), _) => Some(*number),
            (Reading::Unclear(_), Form::Share(number)) => Some(number),
            _ => None,
        }
    }

    /// How exact it is: half a unit of its last digit.
    fn half_unit(&self) -> f64 {
        match self.form {
            Form::Digits { half_unit, .. } => half_unit,
            Form::Share(_) => 0.0,
            Form::Word | Form::Other => f64::INFINITY,
        }
    }

    /// Whether it is a percentage.
    pub(super) fn is_percent(&self) -> bool {
        matches!(self.form, Form::Digits { percent: true, .. })
    }

    /// The same number as it stands right behind in `text` more exactly, as in `98% (9823/10000)`.
    pub(super) fn finer_in(&self, text: &str) -> Self {
        let rest = &text[self.end..];
        let gap = rest.len() - rest.trim_start_matches([' ', '(', '[', ',', ';', '=', '\u{2014}', '\u{2013}', '-']).len();
        let next = token_at(text, self.end + gap).filter(|next| gap > 0 && (next.is_percent() != self.is_percent() || matches!(next.form, Form::Share(_))));
        let Some(next) = next else { return self.clone() };
        let [finer, coarser] = if next.half_unit() < self.half_unit() { [&next, self] } else { [self, &next] };
        if !says_the_same(coarser, finer) {
            return self.clone();
        }
        let reading = finer.number().map_or_else(|| self.reading.clone(), Reading::Number);
        Self { reading, form: finer.form, ..self.clone() }
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
            ("PSNR 22.3dB", 22.3),
            ("RMSE: 3.1\u{b0}C", 3.1),
            ("height 12.5mm", 12.5),
            ("0.97 \u{b1} 0.01", 0.97),
            ("accuracy: 0.97 (+/- 0.02)", 0.97),
            ("97% (9730/10000)", 0.973),
            ("Test Accuracy (Overall): 97% (9754/10000)", 0.9754),
            ("Accuracy: 9730 / 10000", 0.973),
            ("97.30%, 973/1000 images", 0.973),
            ("early stopping at epoch 7/20", 7.0),
            ("best_depth: 8/32", 8.0),
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
            ("nan", "it is NaN"),
            ("loss inf", "it is infinite"),
            ("loss nan, before 0.5", "it holds 2 numbers: nan, 0.5"),
            ("", "it holds no number"),
            ("done in 5ms, f1 0.91", "it holds 2 numbers: 5ms, 0.91"),
            ("12s after 3 epochs", "it holds 2 numbers: 12s, 3"),
            ("12k", "`12k` may count thousands or millions"),
            ("parameters: 1.2M", "`1.2M` may count thousands or millions"),
            ("best: 7/20", "`7/20` may be 7 of 20, or the fraction 0.35"),
            ("2.1 \u{d7} 10^-3", "`2.1 \u{d7} 10` has a power of ten behind it"),
            ("10**-3", "`10**` is a power"),
            ("0.91-0.97", "`0.91-0.97` is a range or a date"),
            ("took 12:30", "`12:30` is a time"),
            ("took 1min 2.5s", "`1min 2.5s` is a time"),
            ("< 2e-16 ***", "`2e-16` is a bound, not a number"),
            ("8.5/10", "`8.5/10` is a fraction or a date"),
            ("best depth 8, error 8.2", "it holds 2 numbers: 8, 8.2"),
            ("train 1.0, test 0.98", "it holds 2 numbers: 1.0, 0.98"),
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

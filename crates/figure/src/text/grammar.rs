//! Which sequences of signs are numbers, and which numbers they are.

/// How far a number has been read.
pub(super) type State = usize;

pub(super) const START: State = 0;
const SIGNED: State = 1;
const WHOLE: State = 2;
const POINT: State = 3;
const FRACTION: State = 4;
const TIMES: State = 5;
const TIMES_ONE: State = 6;
const TIMES_TEN: State = 7;
const EXPONENT: State = 8;
const EXPONENT_SIGNED: State = 9;
const EXPONENT_DIGITS: State = 10;
const SUFFIX: State = 11;
const COMMA_READ: State = 12;
const GROUP: State = 13;
/// Where a power begins: it has no decimals.
pub(super) const POWER: State = EXPONENT;
/// How many states there are.
pub(super) const STATES: usize = 14;

/// Where a number may end.
pub(super) const ENDS: [State; 6] = [WHOLE, FRACTION, TIMES_TEN, EXPONENT_DIGITS, SUFFIX, GROUP];

const DOT: usize = 10;
const COMMA: usize = 11;
const MINUS: usize = 12;
const HYPHEN: usize = 13;
const PLUS: usize = 14;
const E: usize = 15;
const CROSS: usize = 16;
const SUFFIXES: std::ops::Range<usize> = 17..23;

/// Whether nothing may follow.
#[inline]
pub(super) fn is_last(state: State) -> bool {
    state == SUFFIX
}

/// The signs, as places in `SIGNS`, that may follow, and the state after each.
#[inline]
pub(super) fn next(state: State) -> &'static [(usize, State)] {
    static TABLE: std::sync::LazyLock<Vec<Vec<(usize, State)>>> = std::sync::LazyLock::new(|| {
        let digits = |to: State| (0..10).map(move |sign| (sign, to));
        let suffixes = || SUFFIXES.map(|sign| (sign, SUFFIX));
        let mut table = vec![Vec::new(); STATES];
        table[START].extend(digits(WHOLE).chain([(MINUS, SIGNED), (HYPHEN, SIGNED), (PLUS, SIGNED), (CROSS, TIMES), (DOT, POINT)]));
        table[SIGNED].extend(digits(WHOLE).chain([(DOT, POINT)]));
        table[COMMA_READ].extend(digits(GROUP));
        table[GROUP].extend(digits(GROUP).chain([(DOT, POINT), (COMMA, COMMA_READ), (E, EXPONENT), (CROSS, TIMES)]).chain(suffixes()));
        table[WHOLE].extend(digits(WHOLE).chain([(DOT, POINT), (COMMA, COMMA_READ), (E, EXPONENT), (CROSS, TIMES)]).chain(suffixes()));
        table[POINT].extend(digits(FRACTION));
        table[FRACTION].extend(digits(FRACTION).chain([(E, EXPONENT), (CROSS, TIMES)]).chain(suffixes()));
        table[TIMES].push((1, TIMES_ONE));
        table[TIMES_ONE].push((0, TIMES_TEN));
        table[EXPONENT].extend(digits(EXPONENT_DIGITS).chain([(MINUS, EXPONENT_SIGNED), (HYPHEN, EXPONENT_SIGNED), (PLUS, EXPONENT_SIGNED)]));
        table[EXPONENT_SIGNED].extend(digits(EXPONENT_DIGITS));
        table[EXPONENT_DIGITS].extend(digits(EXPONENT_DIGITS));
        table
    });
    &TABLE[state]
}

/// What `text` says, with `power` as the small number raised behind it; `None` where it is no number.
pub(super) fn value(text: &str, power: Option<&str>) -> Option<f64> {
    let text = text.replace('\u{2212}', "-");
    if let Some((factor, "10")) = text.split_once('\u{d7}') {
        let exponent: i32 = power?.replace('\u{2212}', "-").parse().ok()?;
        let factor = if factor.is_empty() { 1.0 } else { plain(factor)? };
        return sane(factor * 10_f64.powi(exponent));
    }
    let Some(power) = power else { return sane(plain(&text)?) };
    let exponent: i32 = power.replace('\u{2212}', "-").parse().ok()?;
    let (sign, base) = text.strip_prefix('-').map_or((1.0, text.as_str()), |base| (-1.0, base));
    let base = match base {
        "10" => 10.0,
        "2" => 2.0,
        _ => return None,
    };
    sane(sign * f64::powi(base, exponent))
}

fn sane(value: f64) -> Option<f64> {
    (value.is_finite() && value.abs() < 1e30 && (value == 0.0 || value.abs() > 1e-30)).then_some(value)
}

fn plain(text: &str) -> Option<f64> {
    let (digits, factor) = match text.char_indices().next_back()? {
        (end, '%') => (&text[..end], 0.01),
        (end, 'k') => (&text[..end], 1e3),
        (end, 'M') => (&text[..end], 1e6),
        (end, 'G' | 'B') => (&text[..end], 1e9),
        (end, '\u{3bc}') => (&text[..end], 1e-6),
        _ => (text, 1.0),
    };
    let digits = digits.strip_prefix('+').unwrap_or(digits);
    let mut groups = digits.split(',');
    let first = groups.next()?.trim_start_matches('-');
    let rest: Vec<&str> = groups.collect();
    let thousands = |group: &&str| group.split('.').next().is_some_and(|whole| whole.len() == 3);
    let number = match rest.len() {
        0 => digits.to_owned(),
        // One comma is a decimal one unless three digits follow a number that does not start with zero.
        1 if digits.contains('.') || (rest.iter().all(thousands) && !first.starts_with('0') && first.len() <= 3) => digits.replace(',', ""),
        1 => digits.replace(',', "."),
        _ if rest.iter().all(thousands) => digits.replace(',', ""),
        _ => return None,
    };
    // `007` and `00.5` are misread.
    let whole = number.trim_start_matches('-');
    if whole.len() > 1 && whole.starts_with('0') && !whole.starts_with("0.") && !whole.starts_with("0e") {
        return None;
    }
    number.parse::<f64>().ok().map(|value| value * factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_libraries_write_them() {
        // Forms of matplotlib, plotly, ggplot2 and German or grouped notation.
        let cases = [
            ("\u{2212}0.5", None, -0.5),
            ("1e-03", None, 1e-3),
            ("1e+05", None, 1e5),
            ("10", Some("\u{2212}3"), 1e-3),
            ("6\u{d7}10", Some("\u{2212}1"), 0.6),
            ("\u{d7}10", Some("4"), 1e4),
            ("+1.2", None, 1.2),
            ("10,000", None, 1e4),
            ("1,234,567.5", None, 1_234_567.5),
            ("0,5", None, 0.5),
            ("0,125", None, 0.125),
            ("12,25", None, 12.25),
            ("80%", None, 0.8),
            ("2.5k", None, 2500.0),
            ("5\u{3bc}", None, 5e-6),
        ];
        for (text, power, expected) in cases {
            let found = value(text, power).unwrap_or(f64::NAN);
            assert!((found - expected).abs() <= 1e-12 * f64::abs(expected), "{text} {power:?} {found}");
        }
        for text in ["007", "00.5", "1,2,3", "", "\u{d7}10"] {
            assert_eq!(value(text, None), None, "{text}");
        }
        assert_eq!(value("7", Some("2")), None, "a footnote");
    }
}

//! What stands directly behind a number and belongs to it: a unit, a letter for thousands, the other end of a range, a power of ten.

/// What the characters behind the digits of a number make of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Behind {
    /// Nothing that belongs to it.
    Nothing,
    /// A unit of this many bytes: the number is what its digits say.
    Unit(usize),
    /// This many bytes that change the number, and how.
    Changes(usize, &'static str),
    /// This many bytes that make a word of it, such as `10-fold`, `2nd` and `1.26.4`.
    Word(usize),
}

/// Units as they stand directly behind a number.
const UNITS: [&str; 49] = [
    "db", "mm", "cm", "km", "µm", "nm", "in", "ft", "px", "pt", "pts", "pp", "sec", "secs", "ms", "us", "µs", "μs", "ns", "min", "mins", "hr", "hrs", "°c",
    "°f", "°k", "ºc", "ºf", "kg", "mg", "lb", "lbs", "hz", "khz", "mhz", "ghz", "mb", "gb", "kb", "tb", "mib", "gib", "kib", "bit", "bits", "nats", "it", "ev",
    "usd",
];

/// Units of one letter: in other letter cases they mean something else, as in `3D`.
const LETTERS: [&str; 14] = ["m", "s", "h", "g", "l", "L", "V", "W", "C", "F", "x", "X", "°", "º"];

/// Those of time.
const TIMES: [&str; 15] = ["s", "sec", "secs", "ms", "us", "µs", "μs", "ns", "m", "min", "mins", "h", "hr", "hrs", "d"];

/// Letters that stand for thousands, millions and so on.
const MULTIPLES: [&str; 11] = ["k", "K", "M", "B", "G", "T", "bn", "mn", "mio", "mil", "tsd"];

/// What stands in `text` behind the digits `body`.
pub(super) fn behind(body: &str, text: &str) -> Behind {
    let whole = !body.contains(['.', ',']);
    let run = |is_in: &dyn Fn(char) -> bool| text.find(|c| !is_in(c)).unwrap_or(text.len());
    let mut chars = text.chars();
    let (first, second) = (chars.next(), chars.next());
    let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    match first {
        Some('^') => Behind::Changes(1, "is a power"),
        Some('*') if text.starts_with("**") && text[2..].starts_with(|c: char| c.is_ascii_digit() || c == '-') => Behind::Changes(2, "is a power"),
        Some('-') if whole && second.is_some_and(char::is_alphabetic) => Behind::Word(run(&|c| c.is_alphanumeric() || matches!(c, '-' | '_'))),
        Some('-' | '\u{2013}') if is_digit(second) => {
            Behind::Changes(run(&|c| c.is_ascii_digit() || matches!(c, '-' | '\u{2013}' | '.' | ':')), "is a range or a date")
        }
        Some(':') if whole && body.len() <= 2 && is_time(&text[1..]) => Behind::Changes(run(&|c| c.is_ascii_digit() || matches!(c, ':' | '.')), "is a time"),
        Some('/') if is_digit(second) => Behind::Changes(run(&|c| c.is_ascii_digit() || matches!(c, '/' | '.')), "is a fraction or a date"),
        Some('/' | '_') if second.is_some_and(char::is_alphanumeric) => Behind::Word(run(&|c| c.is_alphanumeric() || matches!(c, '/' | '_'))),
        Some('_' | '/') => Behind::Word(1),
        Some('.') if is_digit(second) => Behind::Word(run(&|c| c.is_alphanumeric() || c == '.')),
        Some(c) if c.is_alphanumeric() || c == '°' => letters(body, &text[..run(&|c| c.is_alphanumeric() || matches!(c, '°' | '/' | '_'))], text),
        _ if is_power_of_ten(text) => Behind::Changes(text.find("10").map_or(0, |at| at + 2), "has a power of ten behind it"),
        _ => Behind::Nothing,
    }
}

/// Letters behind a number, `text` being all that follows it.
fn letters(body: &str, run: &str, text: &str) -> Behind {
    if is_power_of_ten(text) {
        return Behind::Changes(text.find("10").map_or(0, |at| at + 2), "has a power of ten behind it");
    }
    let unit = run.split('/').next().unwrap_or(run);
    let plain = unit.chars().all(char::is_alphabetic) && unit.chars().count() <= 12;
    if TIMES.contains(&unit)
        && let Some(length) = more_time(&text[run.len()..])
    {
        Behind::Changes(run.len() + length, "is a time")
    } else if MULTIPLES.contains(&unit) {
        Behind::Changes(run.len(), "may count thousands or millions")
    } else if LETTERS.contains(&unit) || UNITS.contains(&unit.to_lowercase().as_str()) {
        Behind::Unit(run.len())
    } else if plain && !["e", "E", "i", "j"].contains(&unit) && body.contains(['.', ',']) {
        // A number with decimals is no name, whatever its unit may be.
        Behind::Unit(run.len())
    } else if plain && ["e", "E", "i", "j"].contains(&unit) {
        Behind::Changes(run.len(), "is no number that can be graded")
    } else {
        Behind::Word(run.len())
    }
}

/// ` 3s` behind `0m`: how many bytes it takes.
fn more_time(text: &str) -> Option<usize> {
    let rest = text.trim_start_matches(' ');
    let unit = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let length = unit.find(|c: char| !c.is_alphabetic()).unwrap_or(unit.len());
    (unit.len() < rest.len() && TIMES.contains(&&unit[..length])).then(|| text.len() - unit.len() + length)
}

/// Whether a number as it is printed has a unit of time, or several.
pub(super) fn is_duration(text: &str) -> bool {
    let unit = text.trim_start_matches(|c: char| !c.is_alphabetic());
    let unit = unit.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    TIMES.contains(&unit)
}

/// `59`, `59:30` or `59.5` behind `12:`.
fn is_time(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    digits == 2
}

/// `× 10`, `x10^`, `·10⁻`, `*10**`: what the number stands before is ten to some power.
fn is_power_of_ten(text: &str) -> bool {
    let Some(rest) = text.trim_start_matches(' ').strip_prefix(['×', '·', 'x', '*', '⋅']) else { return false };
    let Some(rest) = rest.trim_start_matches(' ').strip_prefix("10") else { return false };
    rest.starts_with(['^', '⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹', '⁻', '−', '-']) || rest.starts_with("**")
}

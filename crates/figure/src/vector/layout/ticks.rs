//! What tick labels say: the numbers on them, and the scale on which they agree.

use crate::reason::Ticks;
use crate::vector::model::Scale;

/// Labels with different numbers that must agree on a scale.
const AGREEING: usize = 3;

/// Labels of one axis that are looked at.
pub(in crate::vector) const MOST: usize = 60;

/// A tick label that is a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::vector) struct Tick {
    /// Where it is along its axis, in pixels.
    pub place: f64,
    /// The number on it.
    pub value: f64,
    /// Whether it is written as a power of ten.
    pub power: bool,
}

/// Whether a label's comma can only be a decimal one: `0,25`, `1,5`.
pub(in crate::vector) fn has_decimal_comma(text: &str) -> bool {
    let Some((whole, decimals)) = text.split_once(',') else { return false };
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).count();
    !decimals.contains([',', '.']) && !whole.contains('.') && digits(decimals) > 0 && (digits(decimals) != 3 || whole.trim_matches(['−', '-', '$']) == "0")
}

/// The number on a label: `−0.5`, `1,000`, `1e-3`, `3×10^-1`, `50%`, `20k`.
pub(in crate::vector) fn number(text: &str) -> Option<f64> {
    let mut plain = String::new();
    for word in ["\\mathdefault", "\\mathrm", "\\mathregular"].iter().fold(text.replace("\\times", "×"), |text, word| text.replace(word, "")).chars() {
        match word {
            '$' | '{' | '}' | ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}' | '\u{200b}' | '\u{2060}' => {}
            '−' | '–' | '‒' => plain.push('-'),
            '·' | '⋅' | '✕' => plain.push('×'),
            // Raised digits follow each other; `^` stands before the first.
            '⁰' | '¹' | '²' | '³' | '⁴'..='⁹' | '⁻' => {
                if !plain.contains('^') {
                    plain.push('^');
                }
                plain.push(match word {
                    '¹' => '1',
                    '²' => '2',
                    '³' => '3',
                    '⁻' => '-',
                    digit => char::from_digit(u32::from(digit) - u32::from('⁰'), 10)?,
                });
            }
            other => plain.push(other),
        }
    }
    let (plain, factor) = suffix(&plain);
    let finite = |text: &str| {
        let looks = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | 'e' | 'E')) && text.contains(|c: char| c.is_ascii_digit());
        text.parse::<f64>().ok().filter(|value| looks && value.is_finite())
    };
    let plain = without_thousands(plain);
    let value = match plain.split_once('^') {
        None => finite(&plain)?,
        Some((base, power)) => {
            let (times, base) = base.split_once('×').map_or((1.0, base), |(times, base)| (finite(times).unwrap_or(f64::NAN), base));
            let (times, base) = base.strip_prefix('-').map_or((times, base), |base| (-times, base));
            times * finite(base)?.powf(finite(power)?)
        }
    };
    Some(value * factor).filter(|value| value.is_finite())
}

fn suffix(text: &str) -> (&str, f64) {
    let factors = [('%', 0.01), ('k', 1e3), ('K', 1e3), ('M', 1e6), ('G', 1e9), ('B', 1e9), ('m', 1e-3), ('µ', 1e-6), ('μ', 1e-6), ('n', 1e-9)];
    factors.iter().find_map(|(end, factor)| text.strip_suffix(*end).map(|rest| (rest, *factor))).unwrap_or((text, 1.0))
}

/// A comma that can only be a decimal one becomes a point; commas between groups of three digits are left out.
fn without_thousands(text: &str) -> String {
    if has_decimal_comma(text) {
        return text.replace(',', ".");
    }
    let groups: Vec<&str> = text.split('.').next().unwrap_or_default().split(',').collect();
    let grouped = groups.len() > 1 && groups.iter().skip(1).all(|group| group.len() == 3 && group.bytes().all(|byte| byte.is_ascii_digit()));
    if grouped { text.replace(',', "") } else { text.to_owned() }
}

/// The scale on which most ticks agree, to `slack` pixels; linear if both kinds explain them.
pub(in crate::vector) fn scale(ticks: &[Tick], slack: f64) -> Result<Scale, Ticks> {
    let ticks = &ticks[..ticks.len().min(MOST)];
    if let [a, b] = ticks {
        // Enough to recognise a claim, but not to hold anything against it.
        let log = a.power && b.power && a.value > 0.0 && b.value > 0.0;
        let [v, w] = [a.value, b.value].map(|value| if log { value.log10() } else { value });
        let unit = (b.place - a.place) / (w - v);
        let scale = Scale { log, zero: a.place - unit * v, unit, slack, pinned: false };
        if unit.is_finite() && scale.zero.is_finite() && unit != 0.0 {
            return Ok(scale);
        }
    }
    if distinct(ticks.iter()) < AGREEING {
        return Err(Ticks::Few(ticks.len()));
    }
    // The same number at two places.
    let repeated = distinct(ticks.iter()) < ticks.len();
    if let Some(scale) = repeated.then(|| decades(ticks, slack)).flatten() {
        return Ok(scale);
    }
    let linear = agreed(ticks, false, slack);
    let log = agreed(ticks, true, slack).filter(|(agreeing, _)| linear.as_ref().is_none_or(|(most, _)| agreeing > most));
    match log.or(linear) {
        Some((agreeing, scale)) if 5 * agreeing >= 3 * ticks.len() => Ok(scale),
        _ => decades(ticks, slack).ok_or(Ticks::Disagree),
    }
}

fn distinct<'a>(ticks: impl Iterator<Item = &'a Tick>) -> usize {
    let mut values: Vec<u64> = ticks.map(|tick| tick.value.to_bits()).collect();
    values.sort_unstable();
    values.dedup();
    values.len()
}

/// The scale through two ticks with which the most others agree, fitted to all of those by least squares.
fn agreed(ticks: &[Tick], log: bool, slack: f64) -> Option<(usize, Scale)> {
    let points: Vec<(f64, Tick)> = ticks.iter().map(|tick| (if log { tick.value.log10() } else { tick.value }, *tick)).filter(|(v, _)| v.is_finite()).collect();
    let mut best: Option<(usize, Vec<(f64, Tick)>)> = None;
    for (i, (v, p)) in points.iter().enumerate() {
        for (w, q) in &points[i + 1..] {
            let unit = (q.place - p.place) / (w - v);
            if !unit.is_finite() || (q.place - p.place).abs() < 4.0 * slack {
                continue;
            }
            let agreeing: Vec<_> = points.iter().filter(|(u, tick)| (p.place + unit * (u - v) - tick.place).abs() <= slack).copied().collect();
            let count = distinct(agreeing.iter().map(|(_, tick)| tick));
            if count >= AGREEING && best.as_ref().is_none_or(|(most, _)| count > *most) {
                best = Some((count, agreeing));
            }
        }
    }
    let (count, agreeing) = best?;
    let n = agreeing.len() as f64;
    let mean = |f: &dyn Fn(&(f64, Tick)) -> f64| agreeing.iter().map(f).sum::<f64>() / n;
    let (v0, p0) = (mean(&|t| t.0), mean(&|t| t.1.place));
    let unit = mean(&|t| (t.0 - v0) * (t.1.place - p0)) / mean(&|t| (t.0 - v0).powi(2));
    let scale = Scale { log, zero: p0 - unit * v0, unit, slack, pinned: true };
    (unit.is_finite() && scale.zero.is_finite() && unit != 0.0).then_some((count, scale))
}

/// A logarithmic axis whose labels within a decade are single digits, as Plotly writes them: 0.1, 2, 5, 1, 2, 5, 10.
fn decades(ticks: &[Tick], slack: f64) -> Option<Scale> {
    let mut ticks = ticks.to_vec();
    ticks.sort_by(|a, b| a.place.total_cmp(&b.place));
    [false, true].iter().find_map(|turned| {
        if *turned {
            ticks.reverse();
        }
        let parts: Vec<(f64, f64)> =
            ticks.iter().map(|tick| (tick.value.log10().floor(), tick.value)).map(|(power, v)| (v / 10_f64.powf(power), power)).collect();
        let (mut decade, mut start) = (0.0, None);
        let mut whole = Vec::new();
        for (i, &(digit, power)) in parts.iter().enumerate() {
            decade += f64::from(u8::from(i > 0 && digit <= parts[i - 1].0 + 1e-9));
            // Only single digits are written without their power.
            let bare = power == 0.0 && digit > 1.5 && digit.fract() == 0.0;
            if !bare && (*start.get_or_insert(power - decade) - (power - decade)).abs() > 0.5 {
                return None;
            }
            whole.push((digit, decade));
        }
        let start = start?;
        let full: Vec<Tick> = ticks.iter().zip(whole).map(|(tick, (digit, decade))| Tick { value: digit * 10_f64.powf(decade + start), ..*tick }).collect();
        agreed(&full, true, slack).filter(|(count, _)| *count == full.len()).map(|(_, scale)| scale)
    })
}

/// A logarithmic axis with only two labels, a power of ten apart, if unlabelled ticks stand between them where 2 to 9 belong.
pub(in crate::vector) fn decade(ticks: &[Tick], lines: &[f64]) -> Option<Scale> {
    let [first, last] = ticks else { return None };
    let powers = last.value.log10() - first.value.log10();
    let unit = (last.place - first.place) / powers;
    let zero = first.place - unit * first.value.log10();
    let is_power = (powers - powers.round()).abs() < 1e-9 && powers.round() != 0.0;
    let low = first.value.min(last.value).log10();
    let drawn = |digit: u32| {
        let place = zero + unit * (low + f64::from(digit).log10());
        lines.iter().any(|line| (line - place).abs() < 0.75)
    };
    // A linear axis has no ticks there, and a few may be missing.
    let fits = is_power && unit.is_finite() && zero.is_finite() && unit.abs() > 20.0 && (2..10).filter(|digit| drawn(*digit)).count() >= 6;
    fits.then_some(Scale { log: true, zero, unit, slack: 0.3, pinned: true })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_the_spellings_of_plotting_libraries() {
        let cases = [
            ("−0.25", -0.25),
            ("$\\mathdefault{10^{-1}}$", 0.1),
            ("$\\mathdefault{3\\times10^{-1}}$", 0.3),
            ("1,250", 1250.0),
            ("1e-03", 0.001),
            ("10^−2", 0.01),
            ("20k", 20_000.0),
            ("50%", 0.5),
            ("10⁻¹", 0.1),
            ("2·10^3", 2000.0),
            ("-10^2", -100.0),
            ("−0,25", -0.25),
        ];
        for (text, value) in cases {
            assert!(number(text).is_some_and(|read| (read - value).abs() < 1e-12 * value.abs()), "{text}");
        }
        for text in ["", "depth", "NaN", "inf", "1,2,3", "lr=0.1", "-", "e", "2024-01-05", "1e999"] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    fn ticks(of: &[(f64, f64)]) -> Vec<Tick> {
        of.iter().map(|&(place, value)| Tick { place, value, power: false }).collect()
    }

    #[test]
    fn the_scale_is_the_one_most_labels_agree_on() {
        let linear = scale(&ticks(&[(300.0, 0.0), (200.0, 1.0), (100.0, 2.0), (0.0, 7.0)]), 0.5);
        assert!(linear.is_ok_and(|scale| !scale.log && (scale.value(150.0) - 1.5).abs() < 1e-9), "one label is wrong");
        let log = scale(&ticks(&[(300.0, 0.01), (200.0, 0.1), (100.0, 1.0)]), 0.5);
        assert!(log.is_ok_and(|scale| scale.log && (scale.value(150.0) - 10_f64.powf(-0.5)).abs() < 1e-9));
        let plotly = scale(&ticks(&[(300.0, 0.1), (269.897, 2.0), (230.103, 5.0), (200.0, 1.0), (169.897, 2.0), (130.103, 5.0), (100.0, 10.0)]), 0.5);
        assert!(plotly.is_ok_and(|scale| scale.log && (scale.value(150.0) - 10_f64.sqrt()).abs() < 1e-3));
        assert!(scale(&ticks(&[(300.0, 0.0), (200.0, 1.0)]), 0.5).is_ok_and(|scale| !scale.pinned));
        assert!(scale(&ticks(&[(300.0, 0.0)]), 0.5).is_err());
        assert!(scale(&ticks(&[(300.0, 3.0), (200.0, 1.0), (100.0, 2.0)]), 0.5).is_err());
    }
}

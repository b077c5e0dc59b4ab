//! A claimed value, spelt as the numbers beside it are, and held against the ink of a cell.

use super::cells::{Cell, Cells};
use crate::reading::Frame;
use crate::text::label_likeness;

/// By how much more alike the ink must be to what was read than to what is claimed, and to what is claimed than to any other number.
const CLEAR: f32 = 0.03;
const LIKELIEST: f32 = 0.01;
const FAR: f32 = 0.08;

/// How certain a number must be that differs from the claim.
const CERTAIN: f32 = 0.5;

/// How alike text is to what it says at least; small letters are less so, and then all others must be far.
const ALIKE: f32 = 0.6;
const SMALL: f32 = 0.45;

/// How a number is written.
#[derive(Debug, Clone, PartialEq)]
struct Style {
    decimals: usize,
    /// The power of ten, as in `e+03`.
    power: Option<i32>,
    minus: char,
    percent: bool,
    comma: bool,
}

impl Style {
    fn of(text: &str) -> Self {
        let (digits, power) = text.split_once('e').map_or((text, None), |(digits, power)| (digits, power.replace('\u{2212}', "-").parse().ok()));
        let decimals = digits.split_once('.').map_or(0, |(_, rest)| rest.chars().filter(char::is_ascii_digit).count());
        let minus = if text.contains('\u{2212}') { '\u{2212}' } else { '-' };
        Self { decimals, power, minus, percent: text.ends_with('%'), comma: text.contains(',') }
    }

    fn spelt(&self, value: f64) -> String {
        let decimals = self.decimals;
        let text = match self.power {
            Some(_) if value != 0.0 => {
                let power = value.abs().log10().floor();
                format!("{:.decimals$}e{}{:02}", value / 10_f64.powf(power), if power < 0.0 { '-' } else { '+' }, power.abs())
            }
            _ if self.comma => grouped(&format!("{value:.decimals$}")),
            _ => format!("{value:.decimals$}"),
        };
        text.replace('-', &self.minus.to_string()) + if self.percent { "%" } else { "" }
    }
}

/// With commas between thousands.
fn grouped(text: &str) -> String {
    let whole = text.split('.').next().map_or(0, str::len);
    let mut out = String::new();
    for (i, letter) in text.chars().enumerate() {
        if i > 0 && i < whole && (whole - i).is_multiple_of(3) && out.ends_with(|c: char| c.is_ascii_digit()) {
            out.push(',');
        }
        out.push(letter);
    }
    out
}

/// Whether the number of a cell is much more like what was read than like `claimed`, spelt in the same way.
pub(super) fn is_clear(cells: &Cells, cell: &Cell, line: usize, claimed: f64) -> bool {
    let Some(number) = cell.numbers.get(line).filter(|number| number.certainty >= CERTAIN) else { return false };
    let side = |place: f32| place.max(0.0) as usize;
    let area =
        Frame { left: side(number.left - 1.0), top: side(number.top - 1.0), right: side(number.right.ceil() + 1.0), bottom: side(number.bottom.ceil() + 1.0) };
    let spelt = Style::of(&number.text).spelt(claimed);
    // More digits take more room, and that was seen.
    if spelt.chars().count().abs_diff(number.text.chars().count()) > 1 {
        return true;
    }
    let found = label_likeness(&cells.redrawn, area, &[number.text.clone(), spelt]);
    matches!(found[..], [read, claimed] if read >= ALIKE && read >= claimed + CLEAR)
}

/// Whether the ink of a cell whose number was not read is more like `claimed` than like any number that differs from it in one digit.
pub(super) fn is_likeliest(cells: &Cells, cell: &Cell, line: usize, claimed: f64, agrees: &[Option<bool>]) -> bool {
    let Some(area) = cells.ink(cell).filter(|_| line == 0 && cells.all.iter().all(|cell| cell.numbers.len() < 2)) else { return false };
    let known = cells.all.iter().zip(agrees).filter(|(_, agrees)| **agrees == Some(true)).filter_map(|(cell, _)| cell.numbers.get(line));
    let mut spellings: Vec<String> = known.map(|number| Style::of(&number.text)).map(|style| style.spelt(claimed)).collect();
    spellings.sort();
    spellings.dedup();
    if spellings.len() > 3 {
        return false;
    }
    spellings.into_iter().any(|spelt| {
        let mut all = vec![spelt.clone()];
        for (i, letter) in spelt.char_indices().filter(|(_, letter)| letter.is_ascii_digit()) {
            all.extend(('0'..='9').filter(|other| *other != letter).map(|other| format!("{}{other}{}", &spelt[..i], &spelt[i + 1..])));
        }
        let found = label_likeness(&cells.redrawn, area, &all);
        found.split_first().is_some_and(|(own, others)| {
            let apart = own - others.iter().copied().fold(-1.0, f32::max);
            (*own >= ALIKE && apart >= LIKELIEST) || (*own >= SMALL && apart >= FAR)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_spelt_as_others_are() {
        let cases = [
            ("14", 41.2, "41"),
            ("0.25", 0.3, "0.30"),
            ("\u{2212}0.3", -0.12, "\u{2212}0.1"),
            ("1e+03", 2345.0, "2e+03"),
            ("12.5%", 3.0, "3.0%"),
            ("10,000", 1234.0, "1,234"),
        ];
        for (text, value, spelt) in cases {
            assert_eq!(Style::of(text).spelt(value), spelt);
        }
    }
}

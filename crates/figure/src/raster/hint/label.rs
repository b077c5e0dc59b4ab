//! Whether a label says what it is said to say.

use crate::reading::Frame;
use crate::text::{self, RAISE};
use mlgrade_picture::Picture;

/// A tick with its label, as the hint has them.
#[derive(Debug, Clone)]
pub(super) struct Said {
    /// The value of the tick.
    pub(super) value: f64,
    /// The text of its label as it is drawn, with [`RAISE`] before a superscript.
    pub(super) text: String,
    /// What the text says.
    pub(super) reads: f64,
}

/// How alike the label is to its text at least, and by how much more than to any other number.
const ALIKE: f32 = 0.5;
const SURE: f32 = 0.008;

/// The same of a label in a font that is not known.
const ROUGHLY: (f32, f32) = (0.3, 0.1);

/// The same of labels that were turned.
const TURNED: (f32, f32) = (0.4, 0.04);

/// By how much less alike than another power a label may be that has the digits before it.
const NEARLY: f32 = 0.02;

/// By how much another number must be more alike for the label to speak against its text.
const OTHER: f32 = 0.05;

/// Decades of which labels are looked for.
const MOST_DECADES: i32 = 12;

/// Letters of a label that is compared.
const LONGEST: usize = 9;

impl Said {
    /// A tick whose label is a number.
    pub(super) fn of(value: f64, text: &str) -> Option<Self> {
        let plain = plain(text)?;
        Some(Self { value, reads: text::value(&plain.replace(RAISE, "^"))?, text: plain })
    }

    /// The labels that a logarithmic axis may have, as Matplotlib writes them: `4×10²` beside `10²`.
    pub(super) fn of_decades(limits: [f64; 2]) -> Vec<Self> {
        let (low, high) = (limits[0].min(limits[1]), limits[0].max(limits[1]));
        let (first, last) = (low.log10().floor() as i32, high.log10().ceil() as i32);
        let decades = first..=last.min(first + MOST_DECADES);
        let all = decades.flat_map(|power| (1..=9).map(move |digit| (digit, power)));
        let said = all.filter_map(|(digit, power)| {
            let value = f64::from(digit) * 10_f64.powi(power);
            let small = power.to_string().replace('-', "\u{2212}");
            let text = if digit == 1 { format!("10{RAISE}{small}") } else { format!("{digit}\u{d7}10{RAISE}{small}") };
            (value >= low * 0.999 && value <= high * 1.001).then_some(Self { value, text, reads: value })
        });
        said.collect()
    }

    /// Whether its text says its value, once it is multiplied.
    pub(super) fn means(&self, factor: f64) -> bool {
        (self.reads * factor - self.value).abs() <= 1e-3 * self.value.abs().max(1e-300)
    }
}

/// The signs of a text that Matplotlib sets as mathematics or plainly; `None` for what is no number.
fn plain(text: &str) -> Option<String> {
    let text = text.replace("\\mathdefault", "").replace("\\mathregular", "").replace("\\mathrm", "").replace("\\times", "\u{d7}").replace("\\%", "%");
    let mut plain = String::new();
    for c in text.chars() {
        match c {
            '$' | '{' | '}' | ' ' | '\\' => {}
            '^' => plain.push(RAISE),
            '-' => plain.push('\u{2212}'),
            c if c.is_ascii_digit() || matches!(c, '.' | ',' | '+' | 'e' | '%' | 'k' | 'M' | '\u{2212}' | '\u{d7}') => plain.push(c),
            _ => return None,
        }
    }
    (!plain.is_empty() && plain.chars().count() <= LONGEST + 3).then_some(plain)
}

/// What is drawn, held against what should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// It looks more like its text than like any other number.
    Own,
    /// The same, up to the power of ten, whose small digits are hardly told apart.
    OwnDigits,
    /// It looks more like the number that was read.
    Other,
    /// There is no telling.
    Unclear,
}

/// What is drawn in `area`, held against the said text; `read` is what it was read as.
pub(super) fn look(picture: &Picture, said: &Said, area: Frame, read: Option<&str>) -> Look {
    compared(picture, said, area, read, (ALIKE, SURE))
}

/// The same on a picture that was turned, which blurs letters.
pub(super) fn look_turned(picture: &Picture, said: &Said, area: Frame) -> Look {
    compared(picture, said, area, None, TURNED)
}

fn compared(picture: &Picture, said: &Said, area: Frame, read: Option<&str>, (alike, sure): (f32, f32)) -> Look {
    if said.text.chars().count() > LONGEST {
        return Look::Unclear;
    }
    let mut labels = vec![said.text.clone()];
    let own = text::label_likeness(picture, area, &labels)[0];
    if own < ROUGHLY.0 && read.is_none() {
        return Look::Unclear;
    }
    labels.extend(read.map(|read| read.replace('^', &RAISE.to_string()).replace('-', "\u{2212}")).filter(|read| *read != said.text));
    labels.extend(others(&said.text));
    let scores = text::label_likeness(picture, area, &labels);
    let best = (1..scores.len()).max_by(|a, b| scores[*a].total_cmp(&scores[*b])).unwrap_or(0);
    let other = if best > 0 { scores[best] } else { -1.0 };
    let base = |text: &str| text.split(RAISE).next().unwrap_or_default().to_owned();
    if (own >= alike && own >= other + sure) || (own >= ROUGHLY.0 && own >= other + ROUGHLY.1) {
        Look::Own
    } else if own >= ALIKE && said.text.contains(RAISE) && base(&labels[best]) == base(&said.text) && own >= other - NEARLY {
        Look::OwnDigits
    } else if read.is_some() && other >= ALIKE && other >= own + OTHER && labels[best].replace('.', "") != said.text.replace('.', "") {
        // A point is small and sometimes lost.
        Look::Other
    } else {
        Look::Unclear
    }
}

/// Numbers that look much like a text: another digit, one more or one less, another sign, another place of the point.
fn others(text: &str) -> Vec<String> {
    let signs: Vec<char> = text.chars().collect();
    let mut others: Vec<String> = Vec::new();
    for (i, sign) in signs.iter().enumerate() {
        let with = |new: &[char]| signs[..i].iter().chain(new).chain(&signs[i + 1..]).collect::<String>();
        if sign.is_ascii_digit() {
            others.extend(('0'..='9').filter(|digit| digit != sign).map(|digit| with(&[digit])));
            others.extend(['0', '1', '5'].map(|digit| with(&[*sign, digit])));
        }
        if *sign != RAISE && signs.len() > 1 {
            others.push(with(&[]));
        }
    }
    if let Some(rest) = text.strip_prefix('\u{2212}') {
        others.push(rest.to_owned());
    } else {
        others.push(format!("\u{2212}{text}"));
    }
    if let Some((base, power)) = text.split_once(RAISE)
        && !power.starts_with('\u{2212}')
    {
        others.push(format!("{base}{RAISE}\u{2212}{power}"));
    }
    others.retain(|other| other != text && text::value(&other.replace(RAISE, "^")).is_some());
    others
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_as_they_are_set() {
        let reads = |text: &str| Said::of(1.0, text).map(|said| said.reads);
        for (text, value) in [
            ("$\\mathdefault{10^{-1}}$", 0.1),
            ("$\\mathdefault{4\\times10^{2}}$", 400.0),
            ("\u{2212}0.5", -0.5),
            ("7,200", 7200.0),
            ("80%", 0.8),
            ("1e5", 1e5),
        ] {
            assert!(reads(text).is_some_and(|read| (read - value).abs() <= 1e-9 * f64::abs(value)), "{text} {:?}", reads(text));
        }
        for text in ["", "Adam", "2024-01", "$\\alpha$", "12345678901234567890"] {
            assert_eq!(reads(text), None, "{text}");
        }
    }

    #[test]
    fn a_text_that_says_another_value_than_its_tick_counts_for_nothing() {
        assert!(Said::of(1.0, "1.0").is_some_and(|said| said.means(1.0)));
        assert!(Said::of(1.5, "1.0").is_some_and(|said| !said.means(1.0)));
        assert!(Said::of(2e-5, "2").is_some_and(|said| said.means(1e-5) && !said.means(1.0)));
    }

    #[test]
    fn a_label_is_told_from_the_numbers_that_look_like_it() {
        let others = others("0.25");
        for other in ["0.26", "0.2", "\u{2212}0.25", "0.255", "1.25"] {
            assert!(others.iter().any(|known| known == other), "{other} {others:?}");
        }
        assert!(!others.contains(&"0.25".to_owned()) && !others.contains(&"025".to_owned()));
    }
}

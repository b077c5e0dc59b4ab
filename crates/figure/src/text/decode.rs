//! Reads a strip: the sequence of signs that, drawn one after the other as the font sets them, explains its ink best.

use crate::plane::{self, Plane, pixel};

use super::font::SIGNS;
use super::grammar::{self, STATES, State};
use super::strip::Strip;
use super::template::{LANES, PHASES, Template, Templates};

/// The share of the ink that a reading may leave unexplained.
pub(super) const UNEXPLAINED: f32 = 0.34;

/// What a sign costs, of a digit's energy: no specks are read into noise.
const COST: f32 = 0.015;

/// What a quarter of a pixel off the font's spacing costs, squared, of a digit's energy.
const OFF: f32 = 0.006;

/// Quarters of a pixel that a sign may stand off.
const SLACK: isize = 2;

/// How much more than the best a way may leave unexplained, of a digit's energy, and over how many places ways are compared.
const STRAY: f32 = 0.3;
const WINDOW: usize = 3 * PHASES;

/// What the costs of a way's signs may add to what it leaves unexplained, of a digit's energy.
const SPENT: f32 = 0.1;

/// Columns by which a sign's ink may reach beyond the strip's.
const BEYOND: f32 = 1.2;

/// Columns of a strip at most.
const WIDEST: usize = 400;

/// What a strip says.
#[derive(Debug, Clone)]
pub(super) struct Decoded {
    pub(super) text: String,
    /// The signs, each with the place of its pen.
    signs: Vec<(usize, usize)>,
    /// The share of the ink that the text leaves unexplained.
    pub(super) residual: f32,
    /// Columns of the strip where the text's ink begins and ends.
    pub(super) left: f32,
    pub(super) right: f32,
}

#[derive(Clone, Copy)]
struct Step {
    value: f32,
    from: u16,
    state: u8,
    sign: u8,
}

const NOWHERE: Step = Step { value: f32::NEG_INFINITY, from: 0, state: 0, sign: 0 };

/// A state or sign, of which there are few.
fn small(number: usize) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}

/// The best reading of `strip`, from `start` of the grammar, that leaves no more than the share `most` of it unexplained.
pub(super) fn decode(strip: &Strip, templates: &Templates, most: f32, start: State) -> Option<Decoded> {
    let ink = &strip.plane;
    if ink.width > WIDEST {
        return None;
    }
    let total: f32 = strip.energies.iter().sum();
    let base = plane::step(strip.bottom);
    let amplitude = amplitude(templates);
    let digit = templates.digit * amplitude * amplitude;
    let places = ink.width * PHASES;
    let mut steps = vec![[NOWHERE; STATES]; places + 1];
    let early = pixel((strip.left - 0.3 * templates.em() - 0.5) * PHASES as f32);
    let late = pixel((strip.left + 0.5) * PHASES as f32);
    for step in &mut steps[early.min(places)..=late.min(places)] {
        step[start].value = 0.0;
    }
    let mut bests = vec![f32::NEG_INFINITY; places + 1];
    bests[early.min(places)..=late.min(places)].fill(0.0);
    let mut passed = 0.0;
    // The least ink that was left unexplained on the way to one of the last places.
    let mut lead = (f32::INFINITY, 0);
    for q in 0..places {
        if q % PHASES == 0 && q >= PHASES {
            passed += strip.energies[q / PHASES - 1];
        }
        let best = bests[q];
        if best == f32::NEG_INFINITY {
            continue;
        }
        if passed - best < lead.0 || q > lead.1 + WINDOW {
            lead = (passed - best, q);
        }
        let limit = (lead.0 + STRAY * digit).min(most * passed + STRAY * digit).min(most * total + SPENT * digit);
        let from = u16::try_from(q).unwrap_or(u16::MAX);
        let mut gains: [Option<f32>; SIGNS.len()] = [None; SIGNS.len()];
        for state in 0..STATES {
            let here = steps[q][state].value;
            if passed - here > limit {
                continue;
            }
            for &(sign, next) in grammar::next(state) {
                let pen = q as f32 / PHASES as f32;
                // The first sign's ink begins where the strip's does, and a last sign's ends there.
                let left = strip.right - pen - templates.inks[sign].1;
                let away = state == start && (pen + templates.inks[sign].0 - strip.left).abs() > 0.8;
                if away || left < -BEYOND || (grammar::is_last(next) && left > BEYOND) {
                    continue;
                }
                let gain =
                    *gains[sign].get_or_insert_with(|| fit(&strip.plane, templates.sign(sign, q % PHASES), (q / PHASES).cast_signed(), base, amplitude).gain);
                if gain <= 0.0 {
                    continue;
                }
                for off in -SLACK..=SLACK {
                    let target = (q + templates.advances[sign]).saturating_add_signed(off);
                    let value = here + gain - digit * (COST + OFF * (off * off) as f32);
                    // At the end the pen may leave the strip.
                    let step = &mut steps[target.min(places)][next];
                    if value > step.value && target > q {
                        bests[target.min(places)] = bests[target.min(places)].max(value);
                        *step = Step { value, from, state: small(state), sign: small(sign) };
                    }
                }
            }
        }
    }
    let (mut q, mut state) = best(&steps)?;
    let mut signs = Vec::new();
    while state != start {
        let step = steps[q][state];
        (q, state) = (step.from.into(), step.state.into());
        signs.push((usize::from(step.sign), q));
    }
    signs.reverse();
    let mut left_over = ink.clone();
    for (sign, q) in &signs {
        let (template, x) = (templates.sign(*sign, q % PHASES), (q / PHASES).cast_signed());
        subtract(&mut left_over, template, x, base, fit(&strip.plane, template, x, base, amplitude).strength);
    }
    let residual = left_over.energy() / total.max(1e-6);
    let (first, last) = (signs.first()?, signs.last()?);
    let left = first.1 as f32 / PHASES as f32 + templates.inks[first.0].0;
    let right = last.1 as f32 / PHASES as f32 + templates.inks[last.0].1;
    let text = signs.iter().map(|(sign, _)| SIGNS[*sign]).collect();
    (residual <= most).then_some(Decoded { text, signs, residual, left, right })
}

/// Ink of the brightness that digits would have when their strongest pixel is full.
fn amplitude(templates: &Templates) -> f32 {
    (1.0 / templates.peak.max(0.2)).clamp(1.0, 2.5)
}

/// By how much the least certain digit of a reading explains more than the next best one, of a digit's energy.
pub(super) fn margin(strip: &Strip, templates: &Templates, decoded: &Decoded) -> f32 {
    let (base, amplitude) = (plane::step(strip.bottom), amplitude(templates));
    let gain = |sign: usize, q: usize| fit(&strip.plane, templates.sign(sign, q % PHASES), (q / PHASES).cast_signed(), base, amplitude).gain;
    let margin = |(sign, q): (usize, usize)| {
        let rivals = (0..10).filter(|s| *s != sign).flat_map(|s| (q.saturating_sub(1)..=q + 1).map(move |q| (s, q)));
        gain(sign, q) - rivals.map(|(s, q)| gain(s, q)).fold(0.0, f32::max)
    };
    let least = decoded.signs.iter().filter(|(sign, _)| *sign < 10).map(|digit| margin(*digit)).fold(f32::INFINITY, f32::min);
    least / (templates.digit * amplitude * amplitude)
}

/// The digits that the last sign may be instead, each with how much less of the ink it explains there, of a digit's energy.
pub(super) fn rivals(strip: &Strip, templates: &Templates, decoded: &Decoded) -> Vec<(usize, f32)> {
    let (base, amplitude) = (plane::step(strip.bottom), amplitude(templates));
    let Some(&(sign, q)) = decoded.signs.last().filter(|(sign, _)| *sign < 10) else { return Vec::new() };
    let gain = |sign: usize, q: usize| fit(&strip.plane, templates.sign(sign, q % PHASES), (q / PHASES).cast_signed(), base, amplitude).gain;
    let own = gain(sign, q);
    let others = (0..10).filter(|other| *other != sign);
    let best = |other: usize| (q.saturating_sub(1)..=q + 1).map(|q| gain(other, q)).fold(0.0, f32::max);
    others.map(|other| (other, (own - best(other)) / (templates.digit * amplitude * amplitude))).collect()
}

fn best(steps: &[[Step; STATES]]) -> Option<(usize, State)> {
    let ends = steps.iter().enumerate().flat_map(|(q, step)| grammar::ENDS.iter().map(move |state| (q, *state, step[*state].value)));
    ends.filter(|(_, _, value)| value.is_finite()).max_by(|a, b| a.2.total_cmp(&b.2)).map(|(q, state, _)| (q, state))
}

/// A sign drawn over the strip.
#[derive(Default)]
pub(super) struct Fit {
    /// How much of the ink's energy it explains.
    pub(super) gain: f32,
    strength: f32,
}

/// A sign with its pen at pixel (`x`, `base`), drawn as strongly as fits best around `amplitude`.
#[inline]
pub(super) fn fit(plane: &Plane, template: &Template, x: isize, base: isize, amplitude: f32) -> Fit {
    if template.width == 0 {
        return Fit::default();
    }
    let left = x + template.column;
    let rows = template.values.len() / template.width;
    let top = base + template.row;
    let (Ok(left), Ok(top)) = (usize::try_from(left), usize::try_from(top)) else { return Fit::default() };
    // The strip's margins are as wide as a sign: what sticks out of them is no sign of this word.
    if left + template.width > plane.width || top + rows > plane.height {
        return Fit::default();
    }
    let ink = &plane.values[top * plane.width + left..];
    let product = match template.width / LANES {
        1 => product::<4>(&template.values, ink, plane.width),
        2 => product::<8>(&template.values, ink, plane.width),
        3 => product::<12>(&template.values, ink, plane.width),
        4 => product::<16>(&template.values, ink, plane.width),
        _ => template.values.chunks_exact(template.width).zip(ink.chunks(plane.width)).map(|(a, b)| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>()).sum(),
    };
    let strength = (product / template.energy.max(1e-6)).clamp(0.7 * amplitude, 1.25 * amplitude);
    Fit { gain: strength * (2.0 * product - strength * template.energy), strength }
}

/// The sum of the products of a template of `WIDTH` columns and the ink in rows of `stride`: several columns at a time.
#[inline]
fn product<const WIDTH: usize>(template: &[f32], ink: &[f32], stride: usize) -> f32 {
    let mut sums = [0.0_f32; WIDTH];
    let (rows, _) = template.as_chunks::<WIDTH>();
    for (a, b) in rows.iter().zip(ink.chunks(stride)) {
        let Some((b, _)) = b.split_first_chunk::<WIDTH>() else { break };
        for i in 0..WIDTH {
            sums[i] += a[i] * b[i];
        }
    }
    sums.iter().sum()
}

fn subtract(plane: &mut Plane, template: &Template, x: isize, base: isize, strength: f32) {
    let (Ok(left), Ok(top)) = (usize::try_from(x + template.column), usize::try_from(base + template.row)) else { return };
    for (y, row) in template.values.chunks_exact(template.width.max(1)).enumerate() {
        let start = (top + y) * plane.width + left;
        for (ink, value) in plane.values.iter_mut().skip(start).zip(row) {
            *ink -= strength * value;
        }
    }
}

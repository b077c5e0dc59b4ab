//! Reads a strip: the sequence of signs that, drawn one after the other as the font sets them, explains its ink best.

use crate::figure::plane::{self, Plane, pixel};

use super::font::SIGNS;
use super::grammar::{self, STATES, State};
use super::strip::Strip;
use super::template::{LANES, PHASES, Template, Templates};

/// The share of the ink that may stay unexplained anywhere on the way.
const UNEXPLAINED: f32 = 0.34;

/// What a sign costs, of a digit's energy: no specks are read into noise.
const COST: f32 = 0.015;

/// What a quarter of a pixel off the font's spacing costs, squared, of a digit's energy.
const OFF: f32 = 0.006;

/// Quarters of a pixel that a sign may stand off.
const SLACK: isize = 2;

/// How much more than the best a way may leave unexplained, of a digit's energy, and over how many places ways are compared.
const STRAY: f32 = 0.3;
const WINDOW: usize = 3 * PHASES;

/// Columns of a strip at most.
const WIDEST: usize = 400;

/// What a strip says.
#[derive(Debug, Clone)]
pub(super) struct Decoded {
    pub(super) text: String,
    /// The share of the ink that the text leaves unexplained.
    pub(super) residual: f32,
    /// By how much the least certain sign explains more than the next best one, of its own energy.
    pub(super) margin: f32,
    /// Columns of the strip where the text's ink begins and ends.
    pub(super) left: f32,
    pub(super) right: f32,
}

#[derive(Clone, Copy)]
struct Step {
    value: f32,
    from: usize,
    state: State,
    sign: usize,
}

const NOWHERE: Step = Step { value: f32::NEG_INFINITY, from: 0, state: 0, sign: 0 };

/// The best reading of `strip`, if any explains enough of it.
pub(super) fn decode(strip: &Strip, templates: &Templates) -> Option<Decoded> {
    let ink = &strip.plane;
    if ink.width > WIDEST {
        return None;
    }
    let total: f32 = strip.energies.iter().sum();
    let base = plane::step(strip.bottom);
    let amplitude = (1.0 / templates.peak.max(0.2)).clamp(1.0, 2.5);
    let digit = templates.digit * amplitude * amplitude;
    let places = ink.width * PHASES;
    let mut steps = vec![[NOWHERE; STATES]; places + 1];
    let early = pixel((strip.left - 0.3 * templates.em() - 0.5) * PHASES as f32);
    let late = pixel((strip.left + 0.5) * PHASES as f32);
    for step in &mut steps[early.min(places)..=late.min(places)] {
        step[grammar::START].value = 0.0;
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
        let limit = (lead.0 + STRAY * digit).min(UNEXPLAINED * passed + STRAY * digit).min(UNEXPLAINED * total);
        let mut gains: [Option<f32>; SIGNS.len()] = [None; SIGNS.len()];
        for state in 0..STATES {
            let here = steps[q][state].value;
            if passed - here > limit {
                continue;
            }
            for &(sign, next) in grammar::next(state) {
                // The first sign's ink begins where the strip's does.
                if state == grammar::START && (q as f32 / PHASES as f32 + templates.inks[sign].0 - strip.left).abs() > 0.8 {
                    continue;
                }
                let gain = *gains[sign].get_or_insert_with(|| fit(strip, templates.sign(sign, q % PHASES), (q / PHASES).cast_signed(), base, amplitude).gain);
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
                        *step = Step { value, from: q, state, sign };
                    }
                }
            }
        }
    }
    let (mut q, mut state) = best(&steps)?;
    let mut signs = Vec::new();
    while state != grammar::START {
        let step = steps[q][state];
        signs.push((step.sign, step.from));
        (q, state) = (step.from, step.state);
    }
    signs.reverse();
    let mut margin = f32::INFINITY;
    let mut left_over = ink.clone();
    for (sign, q) in &signs {
        let fit_of = |sign: usize, q: usize| fit(strip, templates.sign(sign, q % PHASES), (q / PHASES).cast_signed(), base, amplitude);
        let own = fit_of(*sign, *q);
        subtract(&mut left_over, templates.sign(*sign, q % PHASES), (q / PHASES).cast_signed(), base, own.strength);
        if *sign < 10 {
            let rivals = (0..10).filter(|s| s != sign).flat_map(|s| (q.saturating_sub(1)..=q + 1).map(move |q| (s, q)));
            let rival = rivals.map(|(s, q)| fit_of(s, q).gain).fold(0.0, f32::max);
            margin = margin.min((own.gain - rival) / digit);
        }
    }
    let residual = left_over.energy() / total.max(1e-6);
    let (first, last) = (signs.first()?, signs.last()?);
    let left = first.1 as f32 / PHASES as f32 + templates.inks[first.0].0;
    let right = last.1 as f32 / PHASES as f32 + templates.inks[last.0].1;
    let text = signs.iter().map(|(sign, _)| SIGNS[*sign]).collect();
    (residual <= UNEXPLAINED).then_some(Decoded { text, residual, margin, left, right })
}

fn best(steps: &[[Step; STATES]]) -> Option<(usize, State)> {
    let ends = steps.iter().enumerate().flat_map(|(q, step)| grammar::ENDS.iter().map(move |state| (q, *state, step[*state].value)));
    ends.filter(|(_, _, value)| value.is_finite()).max_by(|a, b| a.2.total_cmp(&b.2)).map(|(q, state, _)| (q, state))
}

/// A sign drawn over the strip.
#[derive(Default)]
struct Fit {
    /// How much of the ink's energy it explains.
    gain: f32,
    strength: f32,
}

/// A sign with its pen at pixel (`x`, `base`), drawn as strongly as fits best around `amplitude`.
fn fit(strip: &Strip, template: &Template, x: isize, base: isize, amplitude: f32) -> Fit {
    let plane = &strip.plane;
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
    let mut sums = [0.0_f32; LANES];
    let ink = plane.values[top * plane.width + left..].chunks(plane.width);
    for (row, ink) in template.values.chunks_exact(template.width).zip(ink) {
        for (a, b) in row.chunks_exact(LANES).zip(ink.chunks_exact(LANES)) {
            for i in 0..LANES {
                sums[i] += a[i] * b[i];
            }
        }
    }
    let product: f32 = sums.iter().sum();
    let strength = (product / template.energy.max(1e-6)).clamp(0.7 * amplitude, 1.25 * amplitude);
    Fit { gain: strength * (2.0 * product - strength * template.energy), strength }
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

//! The signs of numbers at one size, at four places between two pixels.

use std::sync::OnceLock;

use crate::plane::{energy, pixel, step};

use super::font::{Drawing, EDGES, Edges, Font};

/// Rows of templates are filled up with zeros to a multiple of this, so that they are compared several pixels at a time.
pub(super) const LANES: usize = 4;

/// Places of the pen within a pixel.
pub(super) const PHASES: usize = 4;

/// Digits of middling energy.
const TYPICAL: [usize; 5] = [0, 1, 3, 5, 7];

/// How a word is drawn, up to its letters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Look {
    /// Which of the fonts.
    pub(super) font: usize,
    /// The width relative to what the font's height asks for.
    pub(super) stretch: f32,
    /// How much of a pixel's ink runs into each neighbour.
    pub(super) blur: f32,
}

/// A sign on a grid of pixels.
pub(super) struct Template {
    /// The first column right of the pen's pixel, the first row below the baseline's.
    pub(super) column: isize,
    pub(super) row: isize,
    pub(super) width: usize,
    /// Rows of `width` values, a multiple of `LANES`.
    pub(super) values: Vec<f32>,
    /// The sum of all squares.
    pub(super) energy: f32,
}

/// All signs.
pub(super) struct Templates {
    font: &'static Font,
    look: Look,
    /// Pixels of an em, across and down.
    ems: (f32, f32),
    base: f32,
    /// `PHASES` for each of `SIGNS`, made when they are asked for.
    signs: Vec<[OnceLock<Template>; PHASES]>,
    /// How far each sign moves the pen, in phases.
    pub(super) advances: Vec<usize>,
    /// Where each sign's ink begins and ends, in pixels right of the pen.
    pub(super) inks: Vec<(f32, f32)>,
    /// The mean energy of a digit.
    pub(super) digit: f32,
    /// The mean over the digits of their strongest pixel.
    pub(super) peak: f32,
}

impl Templates {
    /// The signs of `font` with digits of `height` rows above a baseline that lies `base` below a row's top.
    pub(super) fn new(font: &'static Font, look: Look, height: f32, base: f32) -> Self {
        let down = height / font.digit;
        let across = down * look.stretch;
        let advances = font.signs.iter().map(|d| pixel((d.advance * across * PHASES as f32).round()).max(1)).collect();
        let inks = font.signs.iter().map(|d| (d.left * across, d.right * across)).collect();
        let signs = font.signs.iter().map(|_| std::array::from_fn(|_| OnceLock::new())).collect();
        let mut all = Self { font, look, ems: (across, down), base, signs, advances, inks, digit: 0.0, peak: 0.0 };
        let (mut digit, mut peak) = (0.0, 0.0);
        for template in TYPICAL.map(|sign| all.sign(sign, 0)) {
            digit += template.energy / TYPICAL.len() as f32;
            peak += 1.0 / TYPICAL.len() as f32 * template.values.iter().copied().fold(0.0, f32::max);
        }
        (all.digit, all.peak) = (digit, peak);
        all
    }

    /// Pixels of an em, across.
    pub(super) fn em(&self) -> f32 {
        self.ems.0
    }

    /// The sign at place `sign` of `SIGNS` with the pen at `phase`.
    #[inline]
    pub(super) fn sign(&self, sign: usize, phase: usize) -> &Template {
        let make = || sampled(&self.font.signs[sign], self.ems, (phase as f32 / PHASES as f32, self.base), self.look.blur);
        self.signs[sign][phase].get_or_init(make)
    }
}

/// A drawing at (`across`, `down`) pixels an em whose pen stands at `pen` within its pixel.
pub(super) fn sampled(drawing: &Drawing, (across, down): (f32, f32), pen: (f32, f32), blur: f32) -> Template {
    let margin = isize::from(blur > 0.0);
    let column = step(pen.0 + drawing.left * across) - margin;
    let last = step((pen.0 + drawing.right * across).ceil()) + margin;
    let last = column + (last - column).max(1).unsigned_abs().next_multiple_of(LANES).min(EDGES - LANES).cast_signed();
    let row = step(pen.1 - drawing.top * down) - margin;
    let bottom = step((pen.1 - drawing.bottom * down).ceil()) + margin;
    let edges = |first: isize, last: isize, pen: f32, em: f32| Edges {
        start: (first as f32 - pen) / em,
        step: 1.0 / em,
        count: ((last - first).max(1).unsigned_abs() + 1).min(EDGES),
    };
    let (columns, rows) = (edges(column, last, pen.0, across), edges(row, bottom, pen.1, down));
    let width = columns.count - 1;
    let mut values = Vec::with_capacity(width * (rows.count - 1));
    drawing.blurred(&columns, &rows, blur, &mut values);
    let energy = energy(&values);
    Template { column, row, width, values, energy }
}

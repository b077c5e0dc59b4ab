//! Letters as the usual fonts draw them.

use std::sync::{LazyLock, OnceLock};

use ab_glyph::{Font as _, FontRef, GlyphId, PxScale};

use crate::plane::pixel;

/// Pixels of an em in the drawings that letters of any size are made from.
const EM: f32 = 64.0;

/// More than the columns of any drawing.
const WIDEST: usize = 128;

/// The space that mathematical typesetting puts on either side of a cross, of an `m`.
const TIMES_SPACE: f32 = 0.2;

/// What numbers are written with.
pub(super) const SIGNS: [char; 23] =
    ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.', ',', '\u{2212}', '-', '+', 'e', '\u{d7}', '%', 'k', 'M', 'G', 'B', '\u{3bc}'];

/// The fonts of plotting libraries: matplotlib's, R's, plotly's, LaTeX-like ones, terminals'.
const FILES: [&[u8]; 7] = [
    include_bytes!("fonts/dejavu-sans.ttf"),
    include_bytes!("fonts/figure-sans.ttf"),
    include_bytes!("fonts/open-sans.ttf"),
    include_bytes!("fonts/dejavu-sans-bold.ttf"),
    include_bytes!("fonts/figure-serif.ttf"),
    include_bytes!("fonts/figure-sans-bold.ttf"),
    include_bytes!("fonts/dejavu-sans-mono.ttf"),
];

/// All fonts, with the signs of numbers drawn.
pub(super) static FONTS: LazyLock<Vec<Font>> = LazyLock::new(|| FILES.iter().filter_map(|file| Font::of(file)).collect());

/// A font and its drawings of `SIGNS`.
pub(super) struct Font {
    face: FontRef<'static>,
    /// Drawings of printable ASCII, made when they are asked for.
    letters: Vec<OnceLock<Drawing>>,
    /// One drawing for each of `SIGNS`.
    pub(super) signs: Vec<Drawing>,
    /// The height of a digit without its overshoot, in ems.
    pub(super) digit: f32,
}

impl Font {
    fn of(file: &'static [u8]) -> Option<Self> {
        let face = FontRef::try_from_slice(file).ok()?;
        let mut signs: Vec<Drawing> = SIGNS.iter().map(|sign| Drawing::of(&face, *sign)).collect();
        for (drawing, _) in signs.iter_mut().zip(SIGNS).filter(|(_, sign)| *sign == '\u{d7}') {
            drawing.spaced(TIMES_SPACE * face.h_advance_unscaled(face.glyph_id('m')) / face.units_per_em()?);
        }
        // The box of the drawing is rounded to its pixels, the outline's is not; a seven is flat on top.
        let seven = face.outline(face.glyph_id('7'))?.bounds;
        let digit = seven.max.y.max(seven.min.y) / face.units_per_em()?;
        (digit > 0.1).then_some(Self { face, letters: (' '..='~').map(|_| OnceLock::new()).collect(), signs, digit })
    }

    /// A drawing of any letter; of a question mark beyond ASCII.
    pub(super) fn letter(&self, letter: char) -> &Drawing {
        let letter = if (' '..='~').contains(&letter) { letter } else { '?' };
        self.letters[letter as usize - ' ' as usize].get_or_init(|| Drawing::of(&self.face, letter))
    }

    /// A drawing of a sign of numbers, or of a letter.
    pub(super) fn sign(&self, sign: char) -> &Drawing {
        SIGNS.iter().position(|known| *known == sign).and_then(|at| self.signs.get(at)).unwrap_or_else(|| self.letter(sign))
    }
}

/// A letter, drawn large: sums over its coverage, so that any box's mean costs four look-ups.
pub(super) struct Drawing {
    /// How far the pen moves on, in ems.
    pub(super) advance: f32,
    /// Where the ink begins and ends, right of the pen, in ems.
    pub(super) left: f32,
    pub(super) right: f32,
    /// How far the ink reaches above and below the baseline, in ems; downwards is negative.
    pub(super) top: f32,
    pub(super) bottom: f32,
    width: usize,
    height: usize,
    /// `(height + 1)` × `(width + 1)` sums of all coverage above and left.
    sums: Vec<f32>,
}

impl Drawing {
    fn of(face: &FontRef<'static>, letter: char) -> Self {
        let units = face.units_per_em().unwrap_or(1000.0);
        let id = face.glyph_id(letter);
        let id = if id == GlyphId(0) { face.glyph_id('?') } else { id };
        let advance = face.h_advance_unscaled(id) / units;
        let scale = PxScale::from(EM * face.height_unscaled() / units);
        let empty = Self { advance, left: 0.0, right: 0.0, top: 0.0, bottom: 0.0, width: 0, height: 0, sums: vec![0.0] };
        let Some(outline) = face.outline_glyph(id.with_scale(scale)) else { return empty };
        let bounds = outline.px_bounds();
        let (width, height) = (pixel(bounds.width()), pixel(bounds.height()));
        if width + 1 >= WIDEST {
            return empty;
        }
        let mut coverage = vec![0.0_f32; width * height];
        outline.draw(|x, y, c| {
            if let Some(value) = coverage.get_mut(y as usize * width + x as usize) {
                *value = c;
            }
        });
        let mut sums = vec![0.0; (width + 1) * (height + 1)];
        for y in 0..height {
            let mut row = 0.0;
            for x in 0..width {
                row += coverage[y * width + x];
                sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + row;
            }
        }
        let (left, right) = (bounds.min.x / EM, bounds.max.x / EM);
        Self { advance, left, right, top: -bounds.min.y / EM, bottom: -bounds.max.y / EM, width, height, sums }
    }

    /// Puts a space on either side.
    fn spaced(&mut self, space: f32) {
        self.left += space;
        self.right += space;
        self.advance += 2.0 * space;
    }

    /// The letter on a grid of pixels: means over the cells between neighbouring `columns` and `rows`, which count in ems right of
    /// the pen and below the baseline.
    pub(super) fn sampled(&self, columns: &Edges, rows: &Edges, values: &mut Vec<f32>) {
        self.blurred(columns, rows, 0.0, values);
    }

    /// The letter on a grid of pixels, of which each gives the share `blur` to each of its neighbours across and down.
    pub(super) fn blurred(&self, columns: &Edges, rows: &Edges, blur: f32, values: &mut Vec<f32>) {
        let (cells, lines) = (columns.count.saturating_sub(1), rows.count.saturating_sub(1));
        if self.width == 0 || self.height == 0 || cells == 0 || lines == 0 {
            values.extend(std::iter::repeat_n(0.0, cells * lines));
            return;
        }
        let place = |at: f32, start: f32, size: usize| {
            let at = ((at - start) * EM).clamp(0.0, size as f32);
            let cell = pixel(at).min(size - 1);
            (cell, at - cell as f32)
        };
        let stride = self.width + 1;
        let mut across = [(0, 0.0); EDGES];
        for (i, place_of) in across.iter_mut().enumerate().take(columns.count) {
            *place_of = place(columns.at(i), self.left, self.width);
        }
        // A blurred mean is a weighted sum of the four sums around it in each direction.
        let (near, far) = (1.0 - 3.0 * blur, blur);
        let share = 1.0 / (columns.step * rows.step * EM * EM);
        let fill = |y: usize, mixed: &mut [f32; EDGES]| {
            let (y, v) = place(rows.at(y), -self.top, self.height);
            let (upper, lower) = (&self.sums[y * stride..][..stride], &self.sums[(y + 1) * stride..][..stride]);
            let mut line = [0.0; WIDEST];
            for (line, (upper, lower)) in line.iter_mut().zip(upper.iter().zip(lower)) {
                *line = upper + v * (lower - upper);
            }
            let mut sums = [0.0; EDGES + 2];
            for (sum, (x, u)) in sums[1..].iter_mut().zip(&across[..columns.count]) {
                // No letter is wider: this spares the checks.
                let (a, b) = (line[x % WIDEST], line[(x + 1) % WIDEST]);
                *sum = a + u * (b - a);
            }
            sums[0] = sums[1];
            sums[columns.count + 1] = sums[columns.count];
            for (mixed, s) in mixed[..cells].iter_mut().zip(sums.windows(4)) {
                *mixed = (near * (s[2] - s[1]) + far * (s[3] - s[0])) * share;
            }
        };
        // The sums at the last four edges.
        let mut ring = [[0.0; EDGES]; 4];
        fill(0, &mut ring[0]);
        ring[3] = ring[0];
        fill(1, &mut ring[1]);
        for y in 0..lines {
            fill((y + 2).min(lines), &mut ring[(y + 2) % 4]);
            let [a, b, c, d] = [3, 0, 1, 2].map(|k| &ring[(y + k) % 4][..cells]);
            let start = values.len();
            values.resize(start + cells, 0.0);
            let out = &mut values[start..][..cells];
            for x in 0..cells {
                out[x] = near * (c[x] - b[x]) + far * (d[x] - a[x]);
            }
        }
    }
}

/// Cells of a grid in one direction at most.
pub(super) const EDGES: usize = 48;

/// Edges of cells, one `step` from one to the next.
#[derive(Clone, Copy)]
pub(super) struct Edges {
    pub(super) start: f32,
    pub(super) step: f32,
    /// At most `EDGES`.
    pub(super) count: usize,
}

impl Edges {
    #[inline]
    fn at(&self, i: usize) -> f32 {
        self.start + i as f32 * self.step
    }
}

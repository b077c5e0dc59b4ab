//! Text drawn as outlines of unknown characters, as Cairo writes it: the outlines are painted and read like those of a picture.

use mlgrade_picture::geometry::{Affine, Point, Rect};
use std::collections::HashMap;

use roxmltree::{Node, NodeId};
use svgtypes::SimplePathSegment;

use crate::reading::Frame;
use crate::text;
use crate::vector::source::text::Label;
use mlgrade_picture::Picture;

/// Glyphs that are painted.
const GLYPHS: usize = 4_000;

/// Corners of all of them.
const CORNERS: usize = 400_000;

/// The greatest side of a glyph in pixels.
const SIDE: f64 = 60.0;

/// Pixels of the painting per pixel of the figure, and how many it has at most.
const SCALE: f64 = 2.0;
const PIXELS: f64 = 8e6;

/// Samples along each side of a pixel.
const SAMPLES: usize = 4;

/// Straight pieces of a curve.
const PIECES: i32 = 5;

/// The outlines of glyphs in pixels of the figure.
#[derive(Debug, Default)]
pub(in crate::vector) struct Glyphs {
    outlines: Vec<Vec<Vec<Point>>>,
    corners: usize,
    /// Which symbol is which character of the cipher.
    symbols: HashMap<NodeId, u32>,
    runs: Vec<Run>,
}

/// Glyphs that stand in one group: a text.
#[derive(Debug)]
struct Run {
    group: NodeId,
    cipher: String,
    first: Point,
    last: Point,
    bounds: Option<Rect>,
    tallest: f64,
}

/// Where the characters of the cipher begin: those that Unicode leaves to private use.
const CIPHER: u32 = 0xe000;

/// Whether a text is written in the cipher: every glyph by its number in the figure.
pub(in crate::vector) fn is_cipher(text: &str) -> bool {
    text.starts_with(|c: char| (CIPHER..CIPHER + 0x1900).contains(&u32::from(c)))
}

impl Glyphs {
    /// Adds what a `symbol` or a group draws.
    pub(in crate::vector) fn add(&mut self, symbol: Node, group: NodeId, matrix: &Affine) {
        if self.outlines.len() >= GLYPHS || self.corners >= CORNERS {
            return;
        }
        let path = symbol.descendants().filter(|node| node.tag_name().name() == "path").find_map(|node| node.attribute("d"));
        let outline: Vec<Vec<Point>> = flattened(path.unwrap_or_default()).iter().map(|run| run.iter().map(|point| matrix.apply(*point)).collect()).collect();
        let bounds = Rect::around(outline.iter().flatten());
        self.write(symbol.id(), group, matrix.apply([0.0, 0.0]), bounds);
        if bounds.is_some_and(|bounds| bounds.width() < SIDE && bounds.height() < SIDE && bounds.left.abs() < 1e5 && bounds.top.abs() < 1e5) {
            self.corners += outline.iter().map(Vec::len).sum::<usize>();
            self.outlines.push(outline);
        }
    }

    fn write(&mut self, symbol: NodeId, group: NodeId, at: Point, bounds: Option<Rect>) {
        let next = u32::try_from(self.symbols.len()).unwrap_or(0).min(0x18ff);
        let letter = char::from_u32(CIPHER + *self.symbols.entry(symbol).or_insert(next)).unwrap_or('?');
        if self.runs.last().is_none_or(|run| run.group != group) {
            self.runs.push(Run { group, cipher: String::new(), first: at, last: at, bounds: None, tallest: 0.0 });
        }
        let Some(run) = self.runs.last_mut() else { return };
        run.cipher.push(letter);
        run.last = at;
        run.tallest = bounds.map_or(run.tallest, |bounds| run.tallest.max(bounds.width().max(bounds.height())));
        run.bounds = match (run.bounds, bounds) {
            (Some(a), Some(b)) => Some(a.union(b)),
            (a, b) => a.or(b),
        };
    }

    /// The texts that are no numbers, in the cipher.
    fn words<'a>(&'a self, numbers: &'a [Label]) -> impl Iterator<Item = Label> + 'a {
        self.runs.iter().filter_map(|run| {
            let bounds = run.bounds.filter(|bounds| bounds.left.abs() < 1e5 && bounds.top.abs() < 1e5)?;
            let is_number = numbers.iter().any(|number| bounds.grown(1.0).contains(number.middle));
            let turned = (run.last[1] - run.first[1]).abs() > (run.last[0] - run.first[0]).abs();
            let em = run.tallest / 0.72;
            // Letters reach above and below the middle of the line unequally.
            let middle = if turned { bounds.middle() } else { [bounds.middle()[0], run.first[1] - 0.35 * em] };
            (!is_number && em > 0.0).then(|| Label { text: run.cipher.clone(), middle, half: [bounds.width() / 2.0, bounds.height() / 2.0], em, turned })
        })
    }

    /// Whether there are any.
    pub(in crate::vector) fn is_empty(&self) -> bool {
        self.outlines.is_empty()
    }

    /// The numbers that the glyphs write, and the other texts in the cipher.
    pub(in crate::vector) fn labels(&self, width: f64, height: f64) -> Vec<Label> {
        let scale = SCALE.min((PIXELS / (width * height).max(1.0)).sqrt());
        let (columns, rows) = (whole(width * scale).max(1), whole(height * scale).max(1));
        let mut picture = Picture { width: columns, height: rows, rgb: vec![255; columns * rows * 3] };
        self.outlines.iter().for_each(|outline| paint(&mut picture, outline, scale));
        let label = |number: text::Number| {
            let [left, top, right, bottom] = [number.left, number.top, number.right, number.bottom].map(|side| f64::from(side) / scale);
            let half = [(right - left) / 2.0, (bottom - top) / 2.0];
            // The height is that of the digits.
            let em = half[0].min(half[1]).max((bottom - top) / 2.0) * 2.0 / 0.72;
            Label { text: number.text, middle: [f64::midpoint(left, right), f64::midpoint(top, bottom)], half, em, turned: false }
        };
        let read = text::read(&picture);
        let font = read.font();
        let numbers: Vec<Label> = read.numbers.into_iter().map(label).collect();
        let mut words: Vec<Label> = self.words(&numbers).collect();
        spell(&picture, scale, font, &mut words);
        [numbers, words].concat()
    }
}

/// Reads the level texts among `words`, those of one size together; what cannot be read keeps its cipher.
fn spell(picture: &Picture, scale: f64, font: Option<usize>, words: &mut [Label]) {
    let mut level: Vec<&mut Label> = words.iter_mut().filter(|word| !word.turned).collect();
    level.sort_by(|a, b| a.em.total_cmp(&b.em));
    for group in level.chunk_by_mut(|a, b| b.em < 1.1 * a.em) {
        let frame = |word: &&mut Label| {
            let bounds = word.bounds();
            let side = |v: f64| whole(v * scale);
            Frame { left: side(bounds.left), top: side(bounds.top), right: side(bounds.right) + 1, bottom: side(bounds.bottom) + 1 }
        };
        let frames: Vec<Frame> = group.iter().map(frame).collect();
        for (word, text) in group.iter_mut().zip(text::lines(picture, &frames, text::Hint { font, em: None, tick: None })) {
            word.text = text.unwrap_or_else(|| word.text.clone());
        }
    }
}

/// A path's runs with curves as several straight pieces.
fn flattened(data: &str) -> Vec<Vec<Point>> {
    let mut runs: Vec<Vec<Point>> = Vec::new();
    for segment in svgtypes::SimplifyingPathParser::from(data).map_while(Result::ok) {
        if let SimplePathSegment::MoveTo { x, y } = segment {
            runs.push(vec![[x, y]]);
            continue;
        }
        let Some(run) = runs.last_mut() else { break };
        let Some(&[x0, y0]) = run.last() else { break };
        let steps = (1..=PIECES).map(|i| f64::from(i) / f64::from(PIECES));
        match segment {
            SimplePathSegment::LineTo { x, y } => run.push([x, y]),
            SimplePathSegment::CurveTo { x1, y1, x2, y2, x, y } => run.extend(steps.map(|t| {
                let weigh = |a: f64, b: f64, c: f64, d: f64| {
                    let s = 1.0 - t;
                    s * s * s * a + 3.0 * s * s * t * b + 3.0 * s * t * t * c + t * t * t * d
                };
                [weigh(x0, x1, x2, x), weigh(y0, y1, y2, y)]
            })),
            SimplePathSegment::Quadratic { x1, y1, x, y } => run.extend(steps.map(|t| {
                let weigh = |a: f64, b: f64, c: f64| (1.0 - t) * (1.0 - t) * a + 2.0 * (1.0 - t) * t * b + t * t * c;
                [weigh(x0, x1, x), weigh(y0, y1, y)]
            })),
            SimplePathSegment::MoveTo { .. } | SimplePathSegment::ClosePath => {}
        }
    }
    runs
}

/// Paints a filled outline in black, each pixel by the share that it covers.
fn paint(picture: &mut Picture, outline: &[Vec<Point>], scale: f64) {
    let Some(bounds) = Rect::around(outline.iter().flatten()) else { return };
    let edges: Vec<(Point, Point)> =
        outline.iter().flat_map(|run| run.iter().zip(run.iter().cycle().skip(1))).map(|(a, b)| (a.map(|v| v * scale), b.map(|v| v * scale))).collect();
    let rows = whole(bounds.top * scale)..(whole(bounds.bottom * scale) + 1).min(picture.height);
    let columns = whole(bounds.left * scale)..(whole(bounds.right * scale) + 1).min(picture.width);
    let mut covered = vec![0_usize; columns.len()];
    for row in rows {
        covered.fill(0);
        for sample in 0..SAMPLES {
            let y = row as f64 + (sample as f64 + 0.5) / SAMPLES as f64;
            let mut crossings: Vec<f64> =
                edges.iter().filter(|(a, b)| (a[1] <= y) != (b[1] <= y)).map(|(a, b)| a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0])).collect();
            crossings.sort_by(f64::total_cmp);
            for pair in crossings.chunks_exact(2) {
                for (count, column) in covered.iter_mut().zip(columns.clone()) {
                    let inside = |sample: &usize| {
                        let x = column as f64 + (*sample as f64 + 0.5) / SAMPLES as f64;
                        pair[0] <= x && x < pair[1]
                    };
                    *count += (0..SAMPLES).filter(inside).count();
                }
            }
        }
        for (count, column) in covered.iter().zip(columns.clone()) {
            let ink = u8::try_from(255 * (*count).min(SAMPLES * SAMPLES) / (SAMPLES * SAMPLES)).unwrap_or(255);
            let at = 3 * (row * picture.width + column);
            for channel in picture.rgb.iter_mut().skip(at).take(3) {
                *channel = (*channel).min(255 - ink);
            }
        }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the value is clamped to the range first")]
fn whole(value: f64) -> usize {
    value.clamp(0.0, 1e5) as usize
}

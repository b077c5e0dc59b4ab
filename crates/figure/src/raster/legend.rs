//! Legends: lines of text inside the frame, below each other, with a handle to the left of each.

mod block;
mod frame;
mod handles;
mod known;
mod markers;
mod names;

use mlgrade_picture::geometry::{Point, Rect};
use std::cell::RefCell;

use crate::reading::Frame;
use crate::text::{Texts, Words};
use mlgrade_picture::Picture;

use super::ink::{Cell, Ink, Layer};
use crate::raster::ink::trace::{Cover, extent};
use crate::raster::layout::panels::Panel;

pub(super) use handles::beside;
pub(super) use names::{Drawn, Names, names, share_layers, told_otherwise};

/// Text inside a panel's frame, and what it may hide.
#[derive(Debug, Clone, Default)]
pub(super) struct Legend {
    /// Boxes with a frame, on the panel: they may hide what is drawn under them.
    pub(super) cover: Cover,
    /// The same with those that what lies under them shines through, black and white too faintly.
    pub(super) cover_of_grey: Cover,
    /// Where legends and their handles are, framed or not: ink there need not be claimed.
    pub(super) around: Cover,
    /// Where a legend may hide something: in its frame, or around its text if it has none.
    pub(super) veil: Cover,
    /// The lines of text on the panel.
    text: Cover,
    /// Lines of text inside or beside the frame with a handle in the colour of a layer.
    pub(super) entries: Vec<Entry>,
    /// The font of the tick labels, if it is known.
    font: Option<usize>,
    /// Their size, in pixels of an em.
    tick: Option<f32>,
    /// What stands on which boxes, read when it is asked for. Which entries are asked for depends on the claim.
    said: RefCell<Vec<Said>>,
}

/// Boxes of text, and what stands on each; `None` for what cannot be read.
type Said = (Vec<Frame>, Vec<Option<String>>);

/// An entry of a legend.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    /// The box of its text, in pixels of the picture.
    pub(super) text: Frame,
    /// The layer of its handle's colour.
    pub(super) layer: u8,
    /// Whether the handle is a line with gaps.
    pub(super) dashed: bool,
    /// The middle of the handle: column and row of the picture.
    handle: [usize; 2],
    /// How long the handle is in pixels, if it was seen whole.
    length: Option<usize>,
}

/// How far from its text a handle ends at most, in heights of a line.
const NEAR: f32 = 2.5;

impl Entry {
    /// How long its handle is in pixels, if it was seen whole.
    pub(super) fn length(&self) -> Option<usize> {
        self.length
    }

    /// Whether both are found of one line of text.
    fn overlaps(&self, other: &Self) -> bool {
        let (a, b) = (self.text, other.text);
        a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
    }
}

/// How far the edge of a legend's frame reaches beyond what was found of it, in pixels.
const RIM: f64 = 3.0;

/// Of the ink of a line of text, the share that claimed points do not explain, at least.
const LEAST_TEXT: f64 = 0.4;

/// How far a handle reaches to the left of its text, in heights of a line.
const HANDLE: f64 = 5.5;

impl Legend {
    /// What hides ink of a layer.
    pub(super) fn cover_of(&self, ink: &Ink, layer: u8) -> &Cover {
        if ink.layers[usize::from(layer)].is_grey() { &self.cover_of_grey } else { &self.cover }
    }

    /// The legend without boxes around ink that is drawn for claimed points: a row of grey markers looks like text. `explained` tells
    /// where that is, and is asked only where there is text.
    pub(super) fn without_claimed(&self, ink: &Ink, explained: impl FnOnce() -> Vec<bool>) -> Self {
        if self.text.boxes.is_empty() {
            return self.clone();
        }
        let explained = explained();
        let (text, claimed): (Vec<Rect>, Vec<Rect>) = self.text.boxes.iter().partition(|area| is_text(ink, **area, &explained));
        let keep = |cover: &Cover| {
            let holds = |area: &Rect, text: &Rect| area.contains(text.middle());
            let is_real = |area: &&Rect| text.iter().any(|text| holds(area, text)) || !claimed.iter().any(|text| holds(area, text));
            Cover { boxes: cover.boxes.iter().filter(is_real).copied().collect() }
        };
        Self {
            cover: keep(&self.cover),
            cover_of_grey: keep(&self.cover_of_grey),
            around: keep(&self.around),
            veil: keep(&self.veil),
            text: Cover { boxes: text },
            entries: self.entries.clone(),
            font: self.font,
            tick: self.tick,
            said: self.said.clone(),
        }
    }

    /// The legend with the entries of `layer` that have a dot for a handle as those of the layer `dots`.
    pub(super) fn with_dots(&self, picture: &Picture, ink: &Ink, layer: u8, dots: u8) -> Self {
        let mut legend = self.clone();
        let own = legend.entries.iter_mut().filter(|entry| entry.layer == layer);
        own.filter(|entry| handles::is_dot(picture, ink, entry)).for_each(|entry| entry.layer = dots);
        legend
    }

    /// Whether a piece of a layer's ink may be part of a legend: a letter, or a handle beside a line of text.
    pub(super) fn may_own(&self, piece: &[Point], layer: &Layer) -> bool {
        let inside = piece.iter().filter(|at| self.veil.holds(**at));
        if layer.is_grey() {
            return inside.count() > 0;
        }
        let (top, bottom) = extent(piece, 1);
        // Of the text beside a level bar, the beginning may not have been read.
        let is_bar = bottom - top <= 1.5 * layer.stroke + 1.0;
        let beside = |at: &Point| {
            self.text.boxes.iter().any(|text| {
                let (Rect { left, top, bottom, .. }, line) = (*text, text.height());
                at[0] <= left && (is_bar || at[0] >= left - HANDLE * line) && at[1] >= top - 0.5 * line && at[1] <= bottom + 0.5 * line
            })
        };
        inside.filter(|at| beside(at)).count() * 2 > piece.len()
    }
}

/// Whether enough of the ink in a box is none of what claimed points explain.
fn is_text(ink: &Ink, Rect { left, top, right, bottom }: Rect, explained: &[bool]) -> bool {
    let whole = |v: f64, most: usize| v.clamp(0.0, most as f64) as usize;
    let columns = whole(left, ink.width)..whole(right.ceil(), ink.width);
    let places = (whole(top, ink.height)..whole(bottom.ceil(), ink.height)).flat_map(|y| columns.clone().map(move |x| y * ink.width + x));
    let inked: Vec<usize> = places.filter(|&place| !matches!(ink.cells[place], Cell::Paper | Cell::Lines)).collect();
    inked.iter().filter(|&&place| !explained[place]).count() as f64 >= LEAST_TEXT * inked.len() as f64
}

/// The legend of `panels[number]`, and where there is one of which no frame was found.
pub(super) fn find(picture: &Picture, texts: &Texts, panels: &[Panel], number: usize, ink: &Ink) -> (Legend, Cover) {
    let panel = &panels[number];
    let frame = panel.frame;
    let (left, top, right, bottom) = (frame.left as f64, frame.top as f64, frame.right as f64, frame.bottom as f64);
    let level: Vec<Words> = texts.words.iter().filter(|words| !words.upright && words.right > words.left && words.bottom > words.top).copied().collect();
    let middle = |words: &Words| (f64::from(words.left + words.right) / 2.0, f64::from(words.top + words.bottom) / 2.0);
    let inside = |words: &Words| {
        let (x, y) = middle(words);
        x > left && x < right && y > top && y < bottom
    };
    // What stands inside of another panel is that one's.
    let elsewhere = |x: f64, y: f64| {
        let within = |other: &Frame| x > other.left as f64 && x < other.right as f64 && y > other.top as f64 && y < other.bottom as f64;
        panels.iter().enumerate().any(|(i, other)| i != number && within(&other.frame))
    };
    let beside = |words: &Words| {
        let (x, y) = middle(words);
        x > right && y > top - 20.0 && y < bottom + 20.0 && !elsewhere(x, y)
    };
    // Where a hint told of the axes, a legend below or above is known from the labels of an axis by its handles.
    let under = |words: &Words| {
        let (x, y) = middle(words);
        panel.said.is_some() && x > left && x < right && (y > bottom || y < top) && !elsewhere(x, y)
    };
    let blocks = block::blocks(picture, ink, panel, &level.iter().filter(|words| inside(words)).collect::<Vec<_>>());
    let on_panel = |b: Rect| Rect { left: b.left - left, top: b.top - top, right: b.right - left, bottom: b.bottom - top };
    let grid = frame::Grid { ink, corner: (frame.left, frame.top) };
    let framed: Vec<Option<Rect>> = blocks.iter().map(|block| frame::framed(picture, frame, &grid, block).map(on_panel)).collect();
    let around: Vec<Rect> = blocks.iter().map(|block| on_panel(block.around)).collect();
    let cover: Vec<Rect> = framed.iter().flatten().copied().collect();
    let unframed: Vec<Rect> = around.iter().zip(&framed).filter(|(_, framed)| framed.is_none()).map(|(around, _)| *around).collect();
    let rimmed = cover.iter().map(|area| area.grown(RIM));
    let mut entries = handles::entries(picture, ink, frame, frame);
    let right_of_it = Frame { left: (frame.right + 2).min(picture.width), right: picture.width, ..frame };
    entries.extend(handles::entries(picture, ink, frame, right_of_it).into_iter().filter(|entry| {
        let [x, y] = entry.handle.map(|at| at as f64);
        !elsewhere(x, y)
    }));
    let by_text = level.iter().filter(|words| inside(words) || beside(words) || under(words)).filter_map(|words| entry(picture, ink, words));
    for entry in by_text {
        if entries.iter().all(|known| !known.overlaps(&entry)) {
            entries.push(entry);
        }
    }
    let legend = Legend {
        veil: Cover { boxes: unframed.iter().copied().chain(rimmed).collect() },
        around: Cover { boxes: around.into_iter().chain(cover.iter().copied()).collect() },
        cover_of_grey: Cover { boxes: cover.clone() },
        cover: Cover { boxes: cover },
        text: Cover { boxes: level.iter().filter(|words| inside(words)).map(|words| on_panel(block::area(words))).collect() },
        entries,
        font: texts.font(),
        tick: texts.em(),
        said: RefCell::default(),
    };
    (legend, Cover { boxes: unframed })
}

/// The entry of a line of text, if a handle stands to its left. Its colour is that of most pixels of the first ink there.
fn entry(picture: &Picture, ink: &Ink, words: &Words) -> Option<Entry> {
    let line = words.bottom - words.top;
    let whole = |v: f32, most: usize| v.clamp(0.0, most as f32) as usize;
    let text = Frame {
        left: whole(words.left, picture.width),
        top: whole(words.top, picture.height),
        right: whole(words.right.ceil(), picture.width),
        bottom: whole(words.bottom.ceil(), picture.height),
    };
    let (left, right) = (whole(words.left - HANDLE as f32 * line, picture.width), whole(words.left - 1.0, picture.width));
    let mut colours: Vec<Vec<usize>> = vec![Vec::new(); right.saturating_sub(left)];
    for y in text.top..text.bottom {
        for x in left..right {
            if let Some(layer) = layer_at(picture, ink, [x, y]) {
                colours[x - left].push(layer);
            }
        }
    }
    // The handle is the first ink to the left of the text: further on there may be points of other series.
    let last = colours.iter().rposition(|column| !column.is_empty())?;
    if (right - left - last) as f32 > NEAR * line {
        return None;
    }
    let first = (0..last).rev().find(|x| colours[*x].is_empty()).map_or(0, |x| x + 1);
    let mut counts = vec![0_usize; ink.layers.len()];
    colours[first..=last].iter().flatten().for_each(|layer| counts[*layer] += 1);
    let layer = (0..counts.len()).max_by_key(|&layer| counts[layer]).filter(|&layer| counts[layer] >= 4)?;
    // The run of ink that ends nearest to the text, over gaps as long as dashes have them.
    let inked: Vec<usize> = (0..colours.len()).filter(|&x| colours[x].contains(&layer)).collect();
    let longest = (1.2 * line) as usize;
    let start = inked.windows(2).rposition(|pair| pair[1] - pair[0] > longest).map_or(0, |i| i + 1);
    let handle = &inked[start..];
    let dashed = handle.windows(2).filter(|pair| pair[1] - pair[0] > 2).count() >= 1;
    let column = left + usize::midpoint(*handle.first()?, *handle.last()?);
    Some(Entry { text, layer: layer as u8, dashed, handle: [column, middle_row(picture, ink, layer, column, text)], length: None })
}

/// The middle row of the ink of a layer in a column of the picture, up to a line above and below `text`; the text's where there is none.
fn middle_row(picture: &Picture, ink: &Ink, layer: usize, column: usize, text: Frame) -> usize {
    let (row, reach) = (usize::midpoint(text.top, text.bottom), text.bottom - text.top);
    let rows: Vec<usize> = (row.saturating_sub(reach)..=row + reach).filter(|y| layer_at(picture, ink, [column, *y]) == Some(layer)).collect();
    rows.first().zip(rows.last()).map_or(row, |(first, last)| usize::midpoint(*first, *last))
}

/// The layer whose colour a pixel of the picture has, by column and row.
fn layer_at(picture: &Picture, ink: &Ink, at: [usize; 2]) -> Option<usize> {
    ink.layer_like(pixel(picture, at)?)
}

/// The colour at a column and row of the picture.
fn pixel(picture: &Picture, [x, y]: [usize; 2]) -> Option<[u8; 3]> {
    let rest = picture.rgb.get((y * picture.width + x) * 3..).filter(|_| x < picture.width)?;
    rest.first_chunk().copied()
}

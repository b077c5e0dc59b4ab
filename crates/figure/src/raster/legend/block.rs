//! Lines of text inside a panel that belong together.

use crate::raster::ink::{Cell, Ink};
use crate::raster::layout::panels::Panel;
use crate::text::Words;
use mlgrade_picture::Picture;
use mlgrade_picture::geometry::Rect;

/// How far a legend's box reaches around its text, in heights of a line: the handles are to the left.
const HANDLE: f64 = 4.8;
const PAD: f64 = 1.4;
/// What lies between two columns of entries.
const GAP: f64 = 2.4;

/// Lines of text that belong together: their hull, with room for handles, and the height of a line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block {
    pub(super) hull: Rect,
    pub(super) around: Rect,
    pub(super) line: f64,
}

/// The box of a line of text.
pub(super) fn area(words: &Words) -> Rect {
    Rect { left: words.left.into(), top: words.top.into(), right: words.right.into(), bottom: words.bottom.into() }
}

impl Block {
    fn of(words: &Words) -> Self {
        let hull = area(words);
        let line = hull.height();
        let around = Rect { left: hull.left - HANDLE * line, top: hull.top - PAD * line, right: hull.right + GAP * line, bottom: hull.bottom + PAD * line };
        Self { hull, around, line }
    }

    fn take(&mut self, other: &Self) {
        (self.hull, self.around) = (self.hull.union(other.hull), self.around.union(other.around));
        self.line = self.line.max(other.line);
    }
}

/// The blocks of these words, which stand inside of the panel.
pub(super) fn blocks(picture: &Picture, ink: &Ink, panel: &Panel, words: &[&Words]) -> Vec<Block> {
    let (crowds, letters): (Vec<&Words>, Vec<&Words>) = words.iter().copied().partition(|words| is_crowd(picture, ink, panel, words));
    let mut blocks: Vec<Block> = letters.into_iter().map(Block::of).collect();
    join(&mut blocks);
    absorb(&mut blocks, crowds.into_iter().map(Block::of));
    blocks
}

/// Takes lines of text that look like markers, since a curve runs through them, to the block that they are aligned with.
fn absorb(blocks: &mut [Block], crowds: impl Iterator<Item = Block>) {
    for crowd in crowds {
        let aligned = |block: &&mut Block| {
            let (hull, around) = (crowd.hull, block.around);
            let within = hull.left >= around.left && hull.right <= around.right + block.line && hull.top >= around.top && hull.bottom <= around.bottom;
            within && (hull.left - block.hull.left).abs() <= block.line && crowd.line <= 1.6 * block.line
        };
        if let Some(block) = blocks.iter_mut().find(aligned) {
            block.take(&crowd);
        }
    }
}

/// Lines of one legend overlap once they are padded: they make one block.
fn join(blocks: &mut Vec<Block>) {
    let mut i = 0;
    while i < blocks.len() {
        if let Some(j) = (i + 1..blocks.len()).find(|&j| blocks[i].around.touches(blocks[j].around)) {
            let other = blocks.swap_remove(j);
            blocks[i].take(&other);
            i = 0;
        } else {
            i += 1;
        }
    }
}

/// The strokes of letters are thinner than this share of their height.
const THICKEST: f32 = 0.4;

/// Of the box of a line of text, the share that its letters cover at least: less is the grid, whose fields look like letters.
const LEAST_INK: f64 = 0.06;

/// Whether what looks like words is a crowd of markers, or a curve: most of its ink has a strong colour. Text is black, white or grey.
fn is_crowd(picture: &Picture, ink: &Ink, panel: &Panel, words: &Words) -> bool {
    const STRONG: u8 = 40;
    let whole = |v: f32, from: usize, most: usize| (v.max(0.0) as usize).saturating_sub(from).min(most);
    let (left, right) = (whole(words.left, panel.frame.left, ink.width), whole(words.right, panel.frame.left, ink.width));
    let (top, bottom) = (whole(words.top, panel.frame.top, ink.height), whole(words.bottom, panel.frame.top, ink.height));
    let (mut coloured, mut thick, mut all) = (0_usize, 0_usize, 0_usize);
    let thickest = THICKEST * (words.bottom - words.top);
    for y in top..bottom {
        for x in left..right {
            let cell = ink.cells[y * ink.width + x];
            if matches!(cell, Cell::Paper | Cell::Lines) {
                continue;
            }
            let pixel = &picture.rgb[((panel.frame.top + y) * picture.width + panel.frame.left + x) * 3..][..3];
            let (least, most) = (pixel.iter().min(), pixel.iter().max());
            all += 1;
            if let Cell::Ink(layer) = cell {
                thick += usize::from((thickest..=words.bottom - words.top + 2.0).contains(&f32::from(ink.reach(x, y, layer))));
            }
            coloured += usize::from(most.zip(least).is_some_and(|(most, least)| most - least > STRONG));
        }
    }
    let area = right.saturating_sub(left) * bottom.saturating_sub(top);
    coloured * 3 > all * 2 || thick * 2 > all || (all as f64) < LEAST_INK * area as f64
}

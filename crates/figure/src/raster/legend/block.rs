//! Lines of text inside a panel that belong together.

use crate::raster::ink::{Cell, Ink};
use crate::raster::layout::panels::Panel;
use crate::text::Words;
use mlgrade_picture::Picture;

/// How far a legend's box reaches around its text, in heights of a line: the handles are to the left.
const HANDLE: f64 = 4.8;
const PAD: f64 = 1.4;
/// What lies between two columns of entries.
const GAP: f64 = 2.4;

/// Lines of text that belong together: their hull, with room for handles, and the height of a line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block {
    pub(super) hull: [f64; 4],
    pub(super) around: [f64; 4],
    pub(super) line: f64,
}

impl Block {
    fn of(words: &Words) -> Self {
        let hull = [f64::from(words.left), f64::from(words.top), f64::from(words.right), f64::from(words.bottom)];
        let line = hull[3] - hull[1];
        let around = [hull[0] - HANDLE * line, hull[1] - PAD * line, hull[2] + GAP * line, hull[3] + PAD * line];
        Self { hull, around, line }
    }

    fn take(&mut self, other: &Self) {
        let both = |a: [f64; 4], b: [f64; 4]| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])];
        (self.hull, self.around) = (both(self.hull, other.hull), both(self.around, other.around));
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
            let [left, top, right, bottom] = block.around;
            let within = crowd.hull[0] >= left && crowd.hull[2] <= right + block.line && crowd.hull[1] >= top && crowd.hull[3] <= bottom;
            within && (crowd.hull[0] - block.hull[0]).abs() <= block.line && crowd.line <= 1.6 * block.line
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
        let meets = |a: &[f64; 4], b: &[f64; 4]| a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];
        if let Some(j) = (i + 1..blocks.len()).find(|&j| meets(&blocks[i].around, &blocks[j].around)) {
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

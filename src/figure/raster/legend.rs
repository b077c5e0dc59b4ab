//! Legends: lines of text inside the frame, below each other, with a handle to the left of each.

use crate::evidence::picture::Picture;
use crate::figure::assignment::assign;
use crate::figure::reading::Frame;
use crate::figure::text::{self, Texts, Words};

use super::found::Found;
use super::ink::{Ink, LINES, PAPER};
use super::panels::Panel;
use super::trace::Cover;

/// Text inside a panel's frame, and what it may hide.
#[derive(Debug, Clone, Default)]
pub(super) struct Legend {
    /// Boxes with a frame, on the panel: they may hide what is drawn under them.
    pub(super) cover: Cover,
    /// Where legends and their handles are, framed or not: ink there need not be claimed.
    pub(super) around: Cover,
    /// Lines of text inside or beside the frame with a handle in the colour of a layer.
    pub(super) entries: Vec<Entry>,
}

/// An entry of a legend.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    /// The box of its text, in pixels of the picture.
    pub(super) text: Frame,
    /// The layer of its handle's colour.
    pub(super) layer: u8,
    /// Whether the handle is a line with gaps.
    pub(super) dashed: bool,
}

/// How far a legend's box reaches around its text, in heights of a line: the handles are to the left.
const HANDLE: f64 = 4.8;
const PAD: f64 = 1.4;
/// What lies between two columns of entries.
const GAP: f64 = 2.4;

/// Lines of text that belong together: their hull, with room for handles, and the height of a line.
#[derive(Debug, Clone, Copy)]
struct Block {
    hull: [f64; 4],
    around: [f64; 4],
    line: f64,
    /// Whether any of it is text rather than a crowd of markers.
    lettered: bool,
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
    let mut blocks: Vec<Block> = Vec::new();
    for words in level.iter().filter(|words| inside(words)) {
        let hull = [f64::from(words.left), f64::from(words.top), f64::from(words.right), f64::from(words.bottom)];
        let line = hull[3] - hull[1];
        let around = [hull[0] - HANDLE * line, hull[1] - PAD * line, hull[2] + GAP * line, hull[3] + PAD * line];
        blocks.push(Block { hull, around, line, lettered: !is_crowd(picture, ink, panel, words) });
    }
    join(&mut blocks);
    blocks.retain(|block| block.lettered);
    let on_panel = |b: [f64; 4]| [b[0] - left, b[1] - top, b[2] - left, b[3] - top];
    let grid = Grid { ink, corner: (frame.left, frame.top) };
    let boxes: Vec<(&Block, Option<[f64; 4]>)> = blocks.iter().map(|block| (block, framed(picture, frame, &grid, block))).collect();
    let cover: Vec<[f64; 4]> = boxes.iter().filter_map(|(_, framed)| *framed).map(on_panel).collect();
    let unframed = boxes.iter().filter(|(_, framed)| framed.is_none()).map(|(block, _)| on_panel(block.around)).collect();
    let around = blocks.iter().map(|block| on_panel(block.around)).chain(cover.iter().copied()).collect();
    let entries = level.iter().filter(|words| inside(words) || beside(words)).filter_map(|words| entry(picture, ink, words)).collect();
    (Legend { cover: Cover { boxes: cover }, around: Cover { boxes: around }, entries }, Cover { boxes: unframed })
}

/// Whether what looks like words is a crowd of markers, or a curve: most of its ink has a strong colour. Text is black, white or grey.
fn is_crowd(picture: &Picture, ink: &Ink, panel: &Panel, words: &Words) -> bool {
    const STRONG: u8 = 40;
    let whole = |v: f32, from: usize, most: usize| (v.max(0.0) as usize).saturating_sub(from).min(most);
    let (left, right) = (whole(words.left, panel.frame.left, ink.width), whole(words.right, panel.frame.left, ink.width));
    let (top, bottom) = (whole(words.top, panel.frame.top, ink.height), whole(words.bottom, panel.frame.top, ink.height));
    let (mut coloured, mut all) = (0_usize, 0_usize);
    for y in top..bottom {
        for x in left..right {
            if matches!(ink.cells[y * ink.width + x], PAPER | LINES) {
                continue;
            }
            let pixel = &picture.rgb[((panel.frame.top + y) * picture.width + panel.frame.left + x) * 3..][..3];
            let (least, most) = (pixel.iter().min(), pixel.iter().max());
            all += 1;
            coloured += usize::from(most.zip(least).is_some_and(|(most, least)| most - least > STRONG));
        }
    }
    coloured * 3 > all * 2
}

/// The entry of a line of text, if a handle stands to its left: the colour that most of its pixels have.
fn entry(picture: &Picture, ink: &Ink, words: &Words) -> Option<Entry> {
    let line = words.bottom - words.top;
    let whole = |v: f32, most: usize| v.clamp(0.0, most as f32) as usize;
    let text = Frame {
        left: whole(words.left, picture.width),
        top: whole(words.top, picture.height),
        right: whole(words.right.ceil(), picture.width),
        bottom: whole(words.bottom.ceil(), picture.height),
    };
    let (left, right) = (whole(words.left - 5.5 * line, picture.width), whole(words.left - 1.0, picture.width));
    let mut counts = vec![0_usize; ink.layers.len()];
    let mut columns = vec![vec![false; right.saturating_sub(left)]; ink.layers.len()];
    for y in text.top..text.bottom {
        for x in left..right {
            let pixel = &picture.rgb[(y * picture.width + x) * 3..][..3];
            if let Some(layer) = ink.layer_like([pixel[0], pixel[1], pixel[2]]) {
                counts[layer] += 1;
                columns[layer][x - left] = true;
            }
        }
    }
    let layer = (0..counts.len()).max_by_key(|&layer| counts[layer]).filter(|&layer| counts[layer] >= 4)?;
    // The run of ink that ends nearest to the text, over gaps as long as dashes have them.
    let inked: Vec<usize> = (0..columns[layer].len()).filter(|&x| columns[layer][x]).collect();
    let longest = (1.2 * line) as usize;
    let start = inked.windows(2).rposition(|pair| pair[1] - pair[0] > longest).map_or(0, |i| i + 1);
    let handle = &inked[start..];
    let dashed = handle.windows(2).filter(|pair| pair[1] - pair[0] > 2).count() >= 1;
    Some(Entry { text, layer: layer as u8, dashed })
}

/// How the claimed names stand to those of the legend.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Names {
    /// Each is where it is claimed, or there is no legend to tell.
    Agree,
    /// These two claimed series have each other's name, by their places in the claim.
    Exchanged(usize, usize),
    /// The first claimed series seems to have the name of the second; where the second one's own name is cannot be read.
    Doubtful(usize, usize),
}

/// Letters lower than this, in pixels, are not told apart.
const LEGIBLE: usize = 6;

/// The likeness that a reading of names has at least, and by how much it must be more than that of the claimed names: means over
/// series, and what one series alone must have.
const READ: (f64, f64) = (0.45, 0.65);
const SURE: (f64, f64) = (0.3, 0.4);

/// How a claimed series is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Drawn {
    layer: u8,
    dashed: bool,
    /// Whether most of it can be seen, so that it is surely this layer.
    clear: bool,
}

impl Drawn {
    /// More may not be hidden.
    const HIDDEN: f64 = 0.6;

    pub(super) fn of(found: &Found) -> Self {
        Self { layer: found.layer, dashed: found.dashed, clear: found.hidden <= Self::HIDDEN }
    }
}

/// Holds the claimed names against the text beside each handle.
pub(super) fn names(picture: &Picture, legend: &Legend, names: &[&str], drawn: &[Drawn]) -> Names {
    let count = names.len();
    let legible: Vec<&Entry> = legend.entries.iter().filter(|entry| entry.text.bottom - entry.text.top >= LEGIBLE).take(24).collect();
    if count < 2 || legible.len() < 2 || count > 16 {
        return Names::Agree;
    }
    let likeness: Vec<Vec<f32>> = legible.iter().map(|entry| text::likeness(picture, entry.text, names)).collect();
    // How alike each name is to what stands beside a series' handle; `None` where no handle is known to be its own.
    let likely: Vec<Option<Vec<f64>>> = drawn.iter().map(|one| beside_handle(&legible, &likeness, drawn, *one)).collect();
    let cost: Vec<Vec<f64>> = likely.iter().map(|row| row.as_ref().map_or(vec![0.0; count], |row| row.iter().map(|likely| -likely).collect())).collect();
    let best = assign(&cost);
    let moved: Vec<(usize, f64, f64)> = likely
        .iter()
        .zip(&best)
        .enumerate()
        .filter_map(|(i, (row, &place))| row.as_ref().filter(|_| place != i).map(|row| (i, row[place], row[place] - row[i])))
        .collect();
    match moved.as_slice() {
        // Gaps alone, which tell series of one colour apart, are not seen well enough to believe one of them.
        &[(wrong, likeness, gain)] if likeness > READ.1 && gain > SURE.1 && bears_alone(drawn, drawn[wrong].layer) => Names::Doubtful(wrong, best[wrong]),
        [] | [_] => Names::Agree,
        [..] => {
            let mean = |of: fn(&(usize, f64, f64)) -> f64| moved.iter().map(of).sum::<f64>() / moved.len() as f64;
            let exchanged = mean(|one| one.1) > READ.0 && mean(|one| one.2) > SURE.0;
            let widest = moved.iter().max_by(|a, b| a.2.total_cmp(&b.2)).filter(|_| exchanged);
            let by_colour = moved.iter().all(|&(i, ..)| bears_alone(drawn, drawn[i].layer));
            match widest {
                Some(&(wrong, ..)) if by_colour => Names::Exchanged(wrong, best[wrong]),
                Some(&(wrong, ..)) => Names::Doubtful(wrong, best[wrong]),
                None => Names::Agree,
            }
        }
    }
}

/// Whether one series alone is of this layer.
fn bears_alone(drawn: &[Drawn], layer: u8) -> bool {
    drawn.iter().filter(|one| one.layer == layer).count() == 1
}

/// The likeness of each name to the text beside the handles of a series. `None` if there are none, or if others look the same.
fn beside_handle(entries: &[&Entry], likeness: &[Vec<f32>], drawn: &[Drawn], one: Drawn) -> Option<Vec<f64>> {
    let alone = bears_alone(drawn, one.layer);
    let told = one.clear && drawn.iter().filter(|other| (other.layer, other.dashed) == (one.layer, one.dashed)).count() == 1;
    let own = entries.iter().zip(likeness).filter(|(entry, _)| entry.layer == one.layer && (alone || entry.dashed == one.dashed));
    let best = |a: Vec<f64>, b: Vec<f64>| a.into_iter().zip(b).map(|(a, b)| a.max(b)).collect();
    own.map(|(_, scores)| scores.iter().map(|score| f64::from(*score)).collect()).reduce(best).filter(|_| told)
}

/// The lines that run through a panel, held against an edge of a legend's box.
struct Grid<'a> {
    ink: &'a Ink,
    corner: (usize, usize),
}

impl Grid<'_> {
    /// Whether a line at column `at`, or row `at` if `level`, goes on farther than `slack` beyond the text at `along`: the edge of a box
    /// ends there.
    fn runs_on(&self, at: usize, level: bool, along: std::ops::Range<usize>, slack: f64) -> bool {
        let (left, top) = self.corner;
        let (length, start, corner) = if level { (self.ink.width, left, top) } else { (self.ink.height, top, left) };
        let slack = slack as usize;
        let (from, to) = (along.start.saturating_sub(start + slack), (along.end + slack).saturating_sub(start));
        let is_line = |place: &usize| {
            (at.saturating_sub(1)..=at + 2).filter_map(|at| at.checked_sub(corner)).any(|at| {
                let (x, y) = if level { (*place, at) } else { (at, *place) };
                self.ink.at(x as isize, y as isize) == LINES
            })
        };
        let beyond: Vec<usize> = (0..length).filter(|place| *place < from || *place >= to).collect();
        // Where the box is as long as the panel, there is no telling.
        beyond.len() >= 8 && beyond.iter().filter(|place| is_line(place)).count() * 2 > beyond.len()
    }
}

/// The box around a block: the nearest edge on each side that runs along most of the text and is neither grid nor an edge of the panel.
fn framed(picture: &Picture, panel: Frame, grid: &Grid<'_>, block: &Block) -> Option<[f64; 4]> {
    let whole = |v: f64, most: usize| v.clamp(0.0, most as f64 - 2.0) as usize;
    let (width, height) = (picture.width, picture.height);
    if width < 4 || height < 4 {
        return None;
    }
    let [left, top, right, bottom] = block.hull;
    let (left, right) = (whole(left, width), whole(right, width));
    let (top, bottom) = (whole(top, height), whole(bottom, height));
    let reach = |lines: f64| (lines * block.line) as usize + 3;
    let upright = |x: usize| edge(top..bottom + 1, |y| differs(picture, (x, y), (x + 1, y)));
    let level = |y: usize| edge(left..right + 1, |x| differs(picture, (x, y), (x, y + 1)));
    let column = |x: &usize| upright(*x) && !grid.runs_on(*x, false, top..bottom, 2.0 * block.line);
    let row = |y: &usize| level(*y) && !grid.runs_on(*y, true, left..right, 8.0 * block.line);
    let first = (left.saturating_sub(reach(7.5))..left).rev().find(column).filter(|x| x.abs_diff(panel.left) > 3);
    let last = (right..(right + reach(4.5)).min(width - 1)).find(column).filter(|x| x.abs_diff(panel.right) > 3);
    let above = (top.saturating_sub(reach(3.0))..top).rev().find(row).filter(|y| y.abs_diff(panel.top) > 3);
    let below = (bottom..(bottom + reach(3.0)).min(height - 1)).find(row).filter(|y| y.abs_diff(panel.bottom) > 3);
    // Text that a curve runs through was not read: the edges above and below tell how far the box reaches.
    let reaches = |start: usize, way: isize| {
        let ends = [above?, below?].map(|y| edge_end(start, way, panel, |x| differs(picture, (x, y), (x, y + 1))));
        (ends[0].abs_diff(ends[1]) <= 3 && ends[0].abs_diff(start) > 3).then_some(ends[0])
    };
    let first = first.or_else(|| reaches(left, -1).filter(|x| x.abs_diff(panel.left) > 3));
    let last = match (last, reaches(right, 1)) {
        (Some(last), Some(end)) => Some(last.max(end)),
        (last, end) => last.or(end),
    };
    // Curves and faint colours may break an edge or two.
    let sides = [first, last, above, below].iter().flatten().count();
    let side = |edge: Option<usize>, past: f64, guess: f64| edge.map_or(guess, |edge| edge as f64 + past);
    let around = block.around;
    let edges = [side(first, 0.0, around[0]), side(above, 0.0, around[1]), side(last, 2.0, around[2]), side(below, 2.0, around[3])];
    (sides >= 2).then_some(edges)
}

/// The last column of an edge that runs on from `start`, over gaps that a curve makes.
fn edge_end(start: usize, way: isize, panel: Frame, differs: impl Fn(usize) -> bool) -> usize {
    const GAP: usize = 8;
    let mut end = start;
    let mut x = start;
    while x.abs_diff(end) <= GAP && x > panel.left + 1 && x + 2 < panel.right {
        if differs(x) {
            end = x;
        }
        x = x.saturating_add_signed(way);
    }
    end
}

/// Whether at least three quarters of the places have an edge.
fn edge(mut along: std::ops::Range<usize>, differs: impl Fn(usize) -> bool) -> bool {
    let most = along.len() / 4;
    let mut without = 0;
    along.all(|place| {
        without += usize::from(!differs(place));
        without <= most
    })
}

fn differs(picture: &Picture, a: (usize, usize), b: (usize, usize)) -> bool {
    let pixel = |(x, y): (usize, usize)| &picture.rgb[(y * picture.width + x) * 3..][..3];
    pixel(a).iter().zip(pixel(b)).any(|(a, b)| a.abs_diff(*b) > 5)
}

/// Lines of one legend overlap once they are padded: they make one block.
fn join(blocks: &mut Vec<Block>) {
    let mut i = 0;
    while i < blocks.len() {
        let meets = |a: &[f64; 4], b: &[f64; 4]| a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];
        if let Some(j) = (i + 1..blocks.len()).find(|&j| meets(&blocks[i].around, &blocks[j].around)) {
            let both = |a: [f64; 4], b: [f64; 4]| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])];
            let (a, b) = (blocks[i], blocks.swap_remove(j));
            blocks[i] = Block { hull: both(a.hull, b.hull), around: both(a.around, b.around), line: a.line.max(b.line), lettered: a.lettered || b.lettered };
            i = 0;
        } else {
            i += 1;
        }
    }
}

//! What is drawn beside a frame where tick labels would stand, whether it can be read or not.

use mlgrade_picture::Picture;

use crate::raster::layout::axis::Direction;
use crate::raster::layout::frame::{Edges, colour, paper};
use crate::reading::Frame;
use crate::text::difference;

/// How much ink differs from the paper at least, of 255.
const INK: u8 = 40;

/// How far labels stand from their frame at most, as a share of the picture's width or height, and in pixels at least.
const REACH: (f64, usize) = (0.12, 40);

/// Ticks are no longer than this share of the picture's width or height, and than this in pixels at least.
const TICK: (f64, usize) = (0.02, 12);

/// Lines without ink that end a label, in pixels.
const CLEAR: usize = 4;

/// Gaps along the axis, in heights of a line of text and in pixels at least, that part two labels; those between words are smaller.
const APART: (f64, usize) = (0.7, 7);

/// One line of text that runs along this share of the frame may be labels that stand close.
const ALONG: f64 = 0.8;

/// Two texts this far apart, as a share of the frame, are labels rather than words.
const FAR: f64 = 0.3;

/// A share of the frame that no text fills.
const FULL: f64 = 0.9;

/// How far the marks of two axes may differ that are one, in pixels.
const SAME: usize = 1;

/// The strip beside one edge of a frame: to the left of it, or below.
pub(in crate::raster) struct Strip<'a> {
    picture: &'a Picture,
    paper: [u8; 3],
    frame: Frame,
    direction: Direction,
    /// How far it reaches from the frame, in pixels.
    reach: usize,
}

impl<'a> Strip<'a> {
    /// The strip of the labels of one axis, as far as the next frame of `all`.
    pub(in crate::raster) fn of(picture: &'a Picture, frame: Frame, all: &[Frame], direction: Direction) -> Self {
        let level = |other: &&Frame| match direction {
            Direction::Down => other.right <= frame.left && other.top < frame.bottom && other.bottom > frame.top,
            Direction::Across => other.top >= frame.bottom && other.left < frame.right && other.right > frame.left,
        };
        let between = |other: &Frame| match direction {
            Direction::Down => frame.left - other.right,
            Direction::Across => other.top - frame.bottom,
        };
        let (room, size) = match direction {
            Direction::Down => (frame.left, picture.width),
            Direction::Across => (picture.height.saturating_sub(frame.bottom), picture.height),
        };
        let next = all.iter().filter(level).map(between).min().unwrap_or(room);
        let reach = next.min(room).min(((REACH.0 * size as f64) as usize).max(REACH.1)).saturating_sub(2);
        Self { picture, paper: paper(picture), frame, direction, reach }
    }

    /// Whether something is drawn at a place along the axis, so many pixels away from the frame.
    fn inked(&self, along: usize, away: usize) -> bool {
        let place = match self.direction {
            Direction::Down => self.frame.left.checked_sub(away).map(|x| (x, along)),
            Direction::Across => Some((along, self.frame.bottom + away)),
        };
        let inside = place.filter(|(x, y)| *x < self.picture.width && *y < self.picture.height);
        inside.and_then(|place| colour(self.picture, place)).is_some_and(|colour| difference(colour, self.paper) > INK)
    }

    /// Where the axis begins and ends.
    fn ends(&self) -> (usize, usize) {
        let Frame { left, top, right, bottom } = self.frame;
        if self.direction == Direction::Down { (top, bottom) } else { (left, right) }
    }

    /// Whether tick labels seem to be drawn: texts that are parted, beside the axis. One line of text is its title.
    pub(in crate::raster) fn has_labels(&self) -> bool {
        let (from, to) = self.ends();
        let drawn = |away: usize| (from.saturating_sub(CLEAR)..to + CLEAR).any(|along| self.inked(along, away));
        let size = if self.direction == Direction::Down { self.picture.width } else { self.picture.height };
        let tick = ((TICK.0 * size as f64) as usize).max(TICK.1);
        let Some(clear) = (2..self.reach).find(|away| !drawn(*away)) else { return false };
        // What is inked along the whole frame is another one, or the strip above it.
        let full = |away: &usize| (from..to).filter(|along| self.inked(*along, *away)).count() as f64 > FULL * (to - from) as f64;
        let reach = (clear..self.reach).find(full).unwrap_or(self.reach);
        if clear > tick {
            return true;
        }
        let Some(begin) = (clear..reach).find(|away| drawn(*away)) else { return false };
        let empty = |away: usize| (away..(away + CLEAR).min(reach)).all(|away| !drawn(away));
        let end = (begin..reach).find(|away| empty(*away)).unwrap_or(reach);
        let apart = ((APART.0 * (end - begin) as f64) as usize).max(APART.1);
        let mut texts: Vec<(usize, usize)> = Vec::new();
        for along in (from.saturating_sub(CLEAR)..to + CLEAR).filter(|along| (begin..end).any(|away| self.inked(*along, away))) {
            match texts.last_mut() {
                Some((_, last)) if along - *last <= apart => *last = along,
                _ => texts.push((along, along)),
            }
        }
        let length = (to - from) as f64;
        match texts.as_slice() {
            [] => false,
            [(first, last)] => (last - first) as f64 > ALONG * length,
            [(first, _), (_, last)] => (last - first) as f64 > FAR * length,
            _ => true,
        }
    }

    /// Where ticks stand at the axis, or lines of the grid cross it.
    fn marks(&self, edges: &Edges) -> Vec<usize> {
        let (from, to) = self.ends();
        let ticks = joined((from + 1..to.saturating_sub(1)).filter(|along| self.inked(*along, 3) && self.inked(*along, 4)));
        if ticks.len() >= 2 {
            return ticks;
        }
        let Frame { left, top, right, bottom } = self.frame;
        let (groups, ends) = if self.direction == Direction::Down { (&edges.horizontal, (left, right)) } else { (&edges.vertical, (top, bottom)) };
        let own = groups.iter().filter(|lines| lines.from.abs_diff(ends.0) <= CLEAR + 2 && lines.to.abs_diff(ends.1) <= CLEAR + 2);
        let mut lines: Vec<usize> = own.flat_map(|lines| lines.at.iter().copied()).filter(|at| *at > from + CLEAR && *at + CLEAR < to).collect();
        lines.sort_unstable();
        joined(lines.into_iter())
    }

    /// Whether both axes have marks, at the same places.
    pub(in crate::raster) fn is_marked_as(&self, other: &Self, edges: &Edges) -> bool {
        let (own, others) = (self.marks(edges), other.marks(edges));
        own.len() >= 2 && own.len() == others.len() && own.iter().zip(&others).all(|(a, b)| a.abs_diff(*b) <= SAME)
    }
}

/// The first of each run of neighbouring places.
fn joined(places: impl Iterator<Item = usize>) -> Vec<usize> {
    let (mut first, mut last): (Vec<usize>, Option<usize>) = (Vec::new(), None);
    for place in places {
        if last.is_none_or(|last| place > last + 3) {
            first.push(place);
        }
        last = Some(place);
    }
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A white picture of 200 by 200 pixels with black boxes.
    fn picture(boxes: &[[usize; 4]]) -> Picture {
        let mut picture = Picture { width: 200, height: 200, rgb: vec![255; 200 * 200 * 3] };
        for &[left, top, right, bottom] in boxes {
            for y in top..bottom {
                picture.rgb[(y * 200 + left) * 3..(y * 200 + right) * 3].fill(0);
            }
        }
        picture
    }

    const FRAME: Frame = Frame { left: 100, top: 20, right: 180, bottom: 160 };

    /// Ticks to the left of the frame.
    const TICKS: [[usize; 4]; 3] = [[94, 40, 100, 41], [94, 80, 100, 81], [94, 120, 100, 121]];

    fn has_labels(more: &[[usize; 4]]) -> bool {
        Strip::of(&picture(&[&TICKS, more].concat()), FRAME, &[], Direction::Down).has_labels()
    }

    #[test]
    fn texts_beside_ticks_are_labels_and_one_that_runs_upwards_is_none() {
        assert!(!has_labels(&[]));
        assert!(has_labels(&[[80, 36, 88, 44], [80, 76, 88, 84], [80, 116, 88, 124]]));
        // Letters of a title with the gaps of words.
        assert!(!has_labels(&[[80, 50, 90, 58], [80, 60, 90, 75], [80, 80, 90, 110]]));
    }

    #[test]
    fn axes_with_ticks_at_the_same_places_are_marked_alike() {
        let none = Edges { horizontal: Vec::new(), vertical: Vec::new() };
        let other = Frame { left: 50, right: 80, ..FRAME };
        let like = |rows: [usize; 3]| {
            let picture = picture(&[TICKS.to_vec(), rows.map(|y| [44, y, 50, y + 1]).to_vec()].concat());
            Strip::of(&picture, FRAME, &[other], Direction::Down).is_marked_as(&Strip::of(&picture, other, &[], Direction::Down), &none)
        };
        assert!(like([40, 80, 120]) && like([40, 81, 120]));
        assert!(!like([40, 84, 120]));
    }
}

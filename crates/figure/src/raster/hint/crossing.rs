//! Whether something is drawn across the edges of a frame: then it is no frame, since axes cut off what they show.

use crate::reading::Frame;
use mlgrade_picture::Picture;

/// How far from an edge one looks, inside and outside, in pixels: lines of the frame are thinner.
const BESIDE: usize = 5;

/// A colour this far from the paper is drawn, and two that differ by less are one, of 255.
const DRAWN: u8 = 60;
const SAME: u8 = 40;

/// Colours are told from black and grey by how far their channels are apart.
const COLOURED: u8 = 50;

/// Places along an edge where a colour goes on, at most.
const MOST: usize = 3;

/// Whether a colour goes on from inside of the frame to its outside at more than a few places.
pub(super) fn crosses(picture: &Picture, frame: Frame) -> bool {
    let Frame { left, top, right, bottom } = frame;
    let pixel =
        |x: usize, y: usize| picture.rgb.get((y * picture.width + x) * 3..).filter(|_| x < picture.width).and_then(|rest| rest.first_chunk::<3>()).copied();
    let edges: [(usize, std::ops::Range<usize>, bool, bool); 4] =
        [(left, top..bottom, false, true), (right, top..bottom, false, false), (top, left..right, true, true), (bottom, left..right, true, false)];
    edges.into_iter().any(|(edge, along, level, before)| {
        let (inside, outside) = if before { (edge + BESIDE, edge.checked_sub(BESIDE + 1)) } else { (edge.saturating_sub(BESIDE + 1), Some(edge + BESIDE)) };
        let Some(outside) = outside else { return false };
        let at = |edge: usize, place: usize| if level { pixel(place, edge) } else { pixel(edge, place) };
        let going_on = along.filter(|place| {
            let (Some(a), Some(b)) = (at(inside, *place), at(outside, *place)) else { return false };
            let spread = |c: [u8; 3]| c.into_iter().max().unwrap_or(0) - c.into_iter().min().unwrap_or(0);
            let differ = |a: [u8; 3], b: [u8; 3]| a.into_iter().zip(b).map(|(a, b)| a.abs_diff(b)).max().unwrap_or(0);
            let paper = at(outside, 0).unwrap_or(b);
            spread(a) > COLOURED && differ(a, b) < SAME && differ(b, paper) > DRAWN
        });
        going_on.count() > MOST
    })
}

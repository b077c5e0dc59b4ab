//! Where letters and words stand, whatever they say: for labels of which one knows what they should say.

use crate::reading::Frame;
use mlgrade_picture::Picture;

use super::component::Component;
use super::strip::View;
use super::word::Word;
use super::{INK, PATCHES, SIDES, component, like_letters, paper, word};

/// The gap between the signs of a number at most, of their height: axis labels stand hardly farther from those of the ticks.
const GAP: f32 = 0.4;

/// The boxes of all letters, on each paper.
pub(crate) fn letters(picture: &Picture) -> Vec<Frame> {
    parts(picture).iter().flatten().map(frame).collect()
}

/// The boxes of all words that run to the right.
pub(crate) fn boxes(picture: &Picture) -> Vec<Frame> {
    let words = |parts: Vec<Component>| word::words(&parts, GAP);
    parts(picture).into_iter().flat_map(words).filter(|word: &Word| word.tall >= 4).map(|word| frame(&word.hull)).collect()
}

fn frame(part: &Component) -> Frame {
    Frame { left: part.left, top: part.top, right: part.right, bottom: part.bottom }
}

fn parts(picture: &Picture) -> Vec<Vec<Component>> {
    if !SIDES.contains(&picture.width) || !SIDES.contains(&picture.height) {
        return Vec::new();
    }
    let side = (picture.height.max(picture.width) / 10).clamp(24, 160);
    let on = |paper| {
        let view = View { picture, paper, turned: false, from: 0 };
        let mut parts = component::components(picture, paper, INK, (3 * side, 3 * side));
        parts.retain(|part| part.width().min(part.height()) <= side && view.lies_on_paper(part) && like_letters(part, side));
        parts.truncate(PATCHES);
        parts
    };
    paper::papers(picture).into_iter().map(on).collect()
}

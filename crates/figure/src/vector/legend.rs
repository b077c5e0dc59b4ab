//! The legend: which text stands beside which short line or marker.

use super::model::Look;
use crate::vector::source::glyphs::is_cipher;
use crate::vector::source::text::Label;
use mlgrade_picture::geometry::Rect;

/// Texts that are looked at.
const TEXTS: usize = 400;

/// Handles that one text may have.
const CANDIDATES: usize = 60;

/// How long a handle may be and how far from its text, in em.
const LONGEST: f64 = 7.0;
const FARTHEST: f64 = 3.0;

/// Something that may stand in a legend for a curve or for markers.
#[derive(Debug, Clone)]
pub(super) struct Handle {
    /// The box around it.
    pub bounds: Rect,
    /// Its looks.
    pub look: Look,
    /// Whether it is a marker.
    pub marker: bool,
}

/// A name and its handles.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// The text.
    pub name: String,
    /// Where it stands.
    pub bounds: Rect,
    /// The line beside it and the marker beside it or on the line, as places in the list of handles.
    pub handles: Vec<usize>,
}

/// A handle beside a text: its place in the list, and where its middle is from the corner of the text that it stands beside.
#[derive(Clone, Copy)]
struct Beside {
    handle: usize,
    from: [f64; 2],
    em: f64,
}

impl Beside {
    /// Whether two handles stand beside their texts in the same way.
    fn like(&self, other: &Self) -> bool {
        (self.from[0] - other.from[0]).abs() < 0.1 * self.em && (self.from[1] - other.from[1]).abs() < 0.1 * self.em
    }
}

/// The entries of all legends of a drawing.
pub(super) fn entries(labels: &[&Label], handles: &[Handle]) -> Vec<Entry> {
    let texts: Vec<&Label> =
        labels.iter().copied().filter(|label| !label.turned && (is_cipher(&label.text) || label.text.chars().any(char::is_alphanumeric))).take(TEXTS).collect();
    // In a legend of several columns a handle stands between two texts; all handles stand on the same side of theirs.
    let (left, right) = (on_side(&texts, handles, false), on_side(&texts, handles, true));
    if right.len() > left.len() { right } else { left }
}

fn on_side(texts: &[&Label], handles: &[Handle], right: bool) -> Vec<Entry> {
    let lines: Vec<Vec<Beside>> = texts.iter().map(|label| beside(label, handles, right, false)).collect();
    let markers: Vec<Vec<Beside>> = texts.iter().map(|label| beside(label, handles, right, true)).collect();
    let entry = |(i, label): (usize, &&Label)| {
        let (line, marker) = (alike(&lines, i), alike(&markers, i));
        // A marker that belongs to the line lies on it.
        let on = |line: &Beside, marker: &Beside| handles[line.handle].bounds.grown(0.2 * label.em).contains(handles[marker.handle].bounds.middle());
        let marker = marker.filter(|marker| line.is_none_or(|line| on(&line, marker)));
        let handles: Vec<usize> = line.into_iter().chain(marker).map(|found| found.handle).collect();
        (!handles.is_empty()).then(|| Entry { name: label.text.clone(), bounds: label.bounds(), handles })
    };
    texts.iter().enumerate().filter_map(entry).collect()
}

/// The handle of text `i`: of several the one that stands as those of the most other texts do, then the one drawn last, since legends
/// are drawn over the data.
fn alike(found: &[Vec<Beside>], i: usize) -> Option<Beside> {
    let others = |one: &Beside| found.iter().enumerate().filter(|(j, others)| *j != i && others.iter().any(|other| one.like(other))).count();
    found[i].iter().copied().max_by_key(|one| (others(one), one.handle))
}

/// Lines or markers that may be the handle of a text.
fn beside(label: &Label, handles: &[Handle], right: bool, marker: bool) -> Vec<Beside> {
    let (text, em) = (label.bounds(), label.em);
    let found = handles.iter().enumerate().filter(|(_, handle)| handle.marker == marker).filter_map(|(handle, Handle { bounds, .. })| {
        let up = bounds.middle()[1] - label.middle[1];
        let level = up.abs() < 0.6 * em && bounds.height() < 1.8 * em && bounds.width() < LONGEST * em;
        // The caps of an error bar are no line.
        let drawn_long = marker || (bounds.height() < 0.3 * em && bounds.width() > 0.4 * em && up.abs() < 0.4 * em);
        let gap = if right { bounds.left - text.right } else { text.left - bounds.right };
        let corner = if right { text.right } else { text.left };
        let near = (-0.5 * em..FARTHEST * em).contains(&gap);
        (level && drawn_long && near).then(|| Beside { handle, from: [bounds.middle()[0] - corner, up], em })
    });
    found.take(CANDIDATES).collect()
}

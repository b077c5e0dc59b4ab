//! The pieces of text of a page as lines to be read, and as the labels of a drawing.

use super::canvas::Piece;
use super::font::UNKNOWN;
use super::matrix::{Area, Xy};

/// A gap in em between pieces of one line that is a space.
const SPACE: f64 = 0.15;

/// How far in em a piece may be above or below its line: raised numbers stand in it.
const RAISED: f64 = 0.6;

/// A gap in em up to which pieces are one label.
const JOINED: f64 = 0.3;

/// Pieces that may be parts of labels; each is held against all labels.
const LABELS: usize = 8_000;

/// The part of characters, one in so many, that may mean nothing in a text that is read.
const UNKNOWN_SHARE: usize = 20;

/// The lines of a page, in the order in which they are written in the file, with `^` before what is raised.
pub(super) fn lines(pieces: &[Piece]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut last: Option<&Piece> = None;
    for piece in pieces {
        let gap = last.and_then(|last| gap(last, piece));
        match (gap, lines.last_mut()) {
            (Some(gap), Some(line)) => {
                if last.is_some_and(|last| is_raised(last, piece)) && line.ends_with(char::is_alphanumeric) {
                    line.push('^');
                } else if gap > SPACE && !line.ends_with(' ') && !piece.text.starts_with(' ') {
                    line.push(' ');
                }
                line.push_str(&piece.text);
            }
            _ => lines.push(piece.text.clone()),
        }
        last = Some(piece);
    }
    // Ligatures are two letters.
    let spelled = |line: &String| {
        line.replace('\u{fb00}', "ff").replace('\u{fb01}', "fi").replace('\u{fb02}', "fl").replace('\u{fb03}', "ffi").replace('\u{fb04}', "ffl")
    };
    let lines = lines.iter().map(|line| spelled(line).split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect()
}

/// The gap in em from one piece to the next on the same line; `None` if that is on another.
fn gap(last: &Piece, next: &Piece) -> Option<f64> {
    let em = last.em.max(next.em);
    let [along, across] = apart(last.end, next.start, last.along);
    let same_way = last.along[0] * next.along[0] + last.along[1] * next.along[1] > 0.99;
    (same_way && across.abs() < RAISED * em && along > -em).then_some(along / em)
}

/// Whether a piece stands above the line of another in smaller letters, as a power does.
fn is_raised(last: &Piece, piece: &Piece) -> bool {
    apart(last.end, piece.start, last.along)[1] < -0.15 * last.em && piece.em < 0.9 * last.em
}

/// How far `to` is from `from`, along a direction and across it; upwards is negative.
fn apart(from: Xy, to: Xy, [x, y]: Xy) -> Xy {
    let [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    [dx * x + dy * y, dy * x - dx * y]
}

/// Whether so many characters of a text mean nothing that it cannot be read.
pub(super) fn is_garbled(text: &str) -> bool {
    let unknown = text.chars().filter(|c| *c == UNKNOWN).count();
    unknown * UNKNOWN_SHARE > text.chars().filter(|c| !c.is_whitespace()).count()
}

/// The labels of a drawing in `area`: pieces that touch are one, with `^` before what is raised.
pub(super) fn labels(pieces: &[Piece], area: Area, forms: impl Fn(usize) -> bool) -> Vec<Piece> {
    let inside = |piece: &&Piece| forms(piece.form) && area.holds(piece.start) && !piece.text.trim().is_empty();
    let mut sorted: Vec<&Piece> = pieces.iter().filter(inside).take(LABELS).collect();
    sorted.sort_by(|a, b| apart([0.0; 2], a.start, a.along)[0].total_cmp(&apart([0.0; 2], b.start, b.along)[0]));
    // Each label with its last piece: what follows it stands further along.
    let mut labels: Vec<(Piece, &Piece)> = Vec::new();
    for piece in sorted {
        let before = labels.iter_mut().rev().find(|(_, last)| joins(last, piece));
        let Some((label, last)) = before else {
            labels.push((piece.clone(), piece));
            continue;
        };
        let [along, _] = apart(last.end, piece.start, last.along);
        if is_raised(last, piece) && !label.text.contains('^') {
            label.text.push('^');
        } else if along > SPACE * last.em && !label.text.ends_with(' ') && !piece.text.starts_with(' ') {
            label.text.push(' ');
        }
        label.text.push_str(&piece.text);
        // The end stays on the line of the start.
        let [length, _] = apart(label.start, piece.end, label.along);
        label.end = [label.start[0] + length * label.along[0], label.start[1] + length * label.along[1]];
        *last = piece;
    }
    labels.into_iter().map(|(label, _)| label).collect()
}

/// Whether a piece goes on where another ends.
fn joins(last: &Piece, next: &Piece) -> bool {
    let em = last.em.max(next.em);
    gap(last, next).is_some_and(|gap| (-0.2..JOINED).contains(&gap)) && apart(last.end, next.start, last.along)[1].abs() < RAISED * em
}

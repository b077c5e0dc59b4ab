//! The pieces of text of a page as lines to be read, and as the labels of a drawing.

use super::canvas::Piece;
use super::direction;
pub(super) use super::font::UNKNOWN;
use mlgrade_picture::geometry::{Point, Rect};

/// A gap in em between pieces of one line that is a space.
const SPACE: f64 = 0.15;

/// A gap in em between words of one line that is set to its full width.
const WIDE_SPACE: f64 = 1.0;

/// How far in em a piece may be above or below its line: raised numbers stand in it.
const RAISED: f64 = 0.6;

/// A gap in em up to which pieces are one label.
const JOINED: f64 = 0.3;

/// Pieces that may be parts of labels; each is held against all labels.
const LABELS: usize = 8_000;

/// One character in this many may mean nothing in a text that is read.
const UNKNOWN_SHARE: usize = 20;

/// The lines of a page, in the order in which they are written in the file, with `^` before what is raised.
pub(super) fn lines(pieces: &[Piece]) -> Vec<String> {
    let mut lines: Vec<Vec<&Piece>> = Vec::new();
    for piece in pieces {
        let goes_on = |line: &Vec<&Piece>| line.last().is_some_and(|last| gap(last, piece).is_some()) || goes_on_leftwards(line, piece);
        match lines.last_mut() {
            Some(line) if goes_on(line) => line.push(piece),
            _ => lines.push(vec![piece]),
        }
    }
    let rightward = direction::is_mostly_rightward(pieces.iter().map(|piece| piece.text.as_str()));
    let lines = lines.into_iter().map(|line| spelled(&words(line, rightward)).split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect()
}

/// What the pieces of a line say.
fn words(mut line: Vec<&Piece>, rightward: bool) -> String {
    let is_turned = line.iter().any(|piece| is_from_right(piece));
    if is_turned {
        // In whatever order they are written, they are seen from left to right.
        line.sort_by(|a, b| apart([0.0; 2], a.start, a.along)[0].total_cmp(&apart([0.0; 2], b.start, b.along)[0]));
    }
    let mut words = String::new();
    let mut last: Option<&Piece> = None;
    for piece in line {
        if let Some(last) = last {
            let [along, _] = apart(last.end, piece.start, last.along);
            if is_raised(last, piece) && words.ends_with(char::is_alphanumeric) {
                words.push('^');
            } else if along > SPACE * last.em.max(piece.em) && !words.ends_with(' ') && !piece.text.starts_with(' ') {
                words.push(' ');
            }
        }
        words.push_str(&piece.text);
        last = Some(piece);
    }
    if is_turned { direction::read(&words, rightward) } else { words }
}

/// Pieces that follow each other on a line, with not more than a wide space between them, as one. Each keeps the form of its first piece.
pub(super) fn phrases(pieces: &[Piece]) -> Vec<Piece> {
    let mut phrases: Vec<Piece> = Vec::new();
    for piece in pieces {
        match phrases.last_mut() {
            Some(last) if last.form == piece.form && gap(last, piece).is_some_and(|gap| gap < WIDE_SPACE) => {
                if !last.text.ends_with(' ') && gap(last, piece).is_some_and(|gap| gap > SPACE) {
                    last.text.push(' ');
                }
                last.text.push_str(&piece.text);
                last.end = piece.end;
            }
            _ => phrases.push(piece.clone()),
        }
    }
    phrases
}

/// Ligatures are two letters.
fn spelled(line: &str) -> String {
    line.replace('\u{fb00}', "ff").replace('\u{fb01}', "fi").replace('\u{fb02}', "fl").replace('\u{fb03}', "ffi").replace('\u{fb04}', "ffl")
}

fn is_from_right(piece: &Piece) -> bool {
    piece.text.chars().any(direction::is_rightward)
}

/// Whether a piece stands on a line from right to left, to the left of what was written before.
fn goes_on_leftwards(line: &[&Piece], piece: &Piece) -> bool {
    let Some(last) = line.last().filter(|_| is_from_right(piece) || line.iter().any(|piece| is_from_right(piece))) else { return false };
    let em = last.em.max(piece.em);
    let [along, across] = apart(piece.end, last.start, last.along);
    across.abs() < RAISED * em && along > -em && last.along[0] * piece.along[0] + last.along[1] * piece.along[1] > 0.99
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
fn apart(from: Point, to: Point, [x, y]: Point) -> Point {
    let [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    [dx * x + dy * y, dy * x - dx * y]
}

/// Whether too many characters of a text mean nothing for it to be read.
pub(super) fn is_garbled(text: &str) -> bool {
    let unknown = text.chars().filter(|c| *c == UNKNOWN).count();
    unknown * UNKNOWN_SHARE > text.chars().filter(|c| !c.is_whitespace()).count()
}

/// A line in which words with a digit and an unknown character are unknown altogether.
pub fn without_unsure_numbers(line: &str) -> String {
    let is_unsure = |word: &&str| word.contains(UNKNOWN) && word.contains(|c: char| c.is_ascii_digit());
    line.split(' ').map(|word| Some(word).filter(|word| !is_unsure(word)).map_or_else(|| UNKNOWN.to_string(), str::to_owned)).collect::<Vec<_>>().join(" ")
}

/// The labels of a drawing in `area`: pieces that touch are one, with `^` before what is raised.
pub(super) fn labels(pieces: &[Piece], area: Rect, own: impl Fn(&Piece) -> bool) -> Vec<Piece> {
    let inside = |piece: &&Piece| own(piece) && area.contains(piece.start) && !piece.text.trim().is_empty();
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

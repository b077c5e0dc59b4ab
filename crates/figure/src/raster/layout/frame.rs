//! Frames: long straight edges of constant colour, grouped by where they begin and end.

use mlgrade_picture::Picture;

/// Edges with the same ends: the lines of a frame or a grid.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::raster) struct Lines {
    /// Where they begin, along their direction.
    pub(in crate::raster) from: usize,
    /// Where they end (the first pixel that is outside).
    pub(in crate::raster) to: usize,
    /// Where they lie, across it: between this pixel and the next.
    pub(in crate::raster) at: Vec<usize>,
}

/// The long horizontal and vertical edges of a picture.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::raster) struct Edges {
    pub(in crate::raster) horizontal: Vec<Lines>,
    pub(in crate::raster) vertical: Vec<Lines>,
}

/// How much a channel changes across an edge, of 255: faint grids change by 15 or so, JPEG noise by less than 7.
const CONTRAST: u8 = 7;

/// How far the ends of lines of one group may differ, in pixels.
const SAME_END: usize = 4;

/// A gap of paper that parts two lines, in pixels; dashes and JPEG leave smaller ones.
pub(in crate::raster) const LEAST_GAP: usize = 4;

/// Groups of lines that are kept in each direction; a picture with more is no plot.
const MOST_GROUPS: usize = 400;

/// All of them; a gap of paper parts two lines from `gap` pixels on.
pub(in crate::raster) fn edges(picture: &Picture, gap: usize) -> Edges {
    let (width, height) = (picture.width, picture.height);
    let mut horizontal = Vec::new();
    let mut vertical = Vec::new();
    if width < 8 || height < 8 {
        return Edges { horizontal, vertical };
    }
    let paper = paper(picture);
    let mut across = Run::new(width / 8, (width / 60).max(8), (width / 40).max(13));
    let mut down: Vec<Run> = vec![Run::new(height / 8, (height / 60).max(8), (height / 40).max(13)); width - 1];
    for y in 0..height {
        let row = &picture.rgb[y * width * 3..(y + 1) * width * 3];
        if y + 1 < height {
            let below = &picture.rgb[(y + 1) * width * 3..(y + 2) * width * 3];
            if row != below {
                for (x, (a, b)) in row.chunks_exact(3).zip(below.chunks_exact(3)).enumerate() {
                    if differs(a, b) {
                        across.edge(x, |from, to| blank(picture, paper, gap, (from..to).map(|x| (x, y))), |from, to| join(&mut horizontal, from, to, y));
                    }
                }
                across.close(|from, to| blank(picture, paper, gap, (from..to).map(|x| (x, y))), |from, to| join(&mut horizontal, from, to, y));
            }
        }
        for (x, run) in down.iter_mut().enumerate() {
            let (a, b) = (&row[x * 3..x * 3 + 3], &row[x * 3 + 3..x * 3 + 6]);
            if a != b && differs(a, b) {
                run.edge(y, |from, to| blank(picture, paper, gap, (from..to).map(|y| (x, y))), |from, to| join(&mut vertical, from, to, x));
            }
        }
    }
    for (x, run) in down.iter_mut().enumerate() {
        run.close(|from, to| blank(picture, paper, gap, (from..to).map(|y| (x, y))), |from, to| join(&mut vertical, from, to, x));
    }
    Edges { horizontal, vertical }
}

/// The colour around the axes: that of most places near the picture's edge.
pub(in crate::raster) fn paper(picture: &Picture) -> [u8; 3] {
    let (right, bottom) = (picture.width - 3, picture.height - 3);
    let places = [(2, 2), (right / 2, 2), (right, 2), (2, bottom / 2), (right, bottom / 2), (2, bottom), (right / 2, bottom), (right, bottom)];
    let colours: Vec<[u8; 3]> = places.into_iter().filter_map(|place| colour(picture, place)).collect();
    colours.iter().copied().max_by_key(|colour| colours.iter().filter(|other| !differs(colour, *other)).count()).unwrap_or([255; 3])
}

pub(in crate::raster) fn colour(picture: &Picture, (x, y): (usize, usize)) -> Option<[u8; 3]> {
    picture.rgb.get((y * picture.width + x) * 3..)?.first_chunk().copied()
}

/// Whether a gap in a line is paper: then the line ends there, and another one begins. Where a curve crosses, the gap has its colour.
fn blank(picture: &Picture, paper: [u8; 3], gap: usize, places: impl Iterator<Item = (usize, usize)>) -> bool {
    let (mut count, mut empty) = (0, 0);
    for place in places {
        count += 1;
        empty += usize::from(colour(picture, place).is_some_and(|colour| !differs(&colour, &paper)));
    }
    // The ends of lines are soft.
    empty >= gap && empty + LEAST_GAP >= count
}

pub(in crate::raster) fn differs(a: &[u8], b: &[u8]) -> bool {
    a.iter().zip(b).any(|(a, b)| a.abs_diff(*b) > CONTRAST)
}

fn join(groups: &mut Vec<Lines>, from: usize, to: usize, at: usize) {
    let same = |lines: &&mut Lines| lines.from.abs_diff(from) <= SAME_END && lines.to.abs_diff(to) <= SAME_END;
    if let Some(lines) = groups.iter_mut().find(same) {
        lines.at.push(at);
    } else if groups.len() < MOST_GROUPS {
        groups.push(Lines { from, to, at: vec![at] });
    }
}

/// One run of edge pixels along a line. Pieces that are too short to be a line are left out, and small gaps, where a curve crosses,
/// are bridged.
#[derive(Debug, Clone, Copy)]
struct Run {
    least: usize,
    piece: usize,
    gap: usize,
    /// The run so far: pieces that were long enough.
    whole: Option<(usize, usize)>,
    /// The piece that is being read.
    now: Option<(usize, usize)>,
}

impl Run {
    fn new(least: usize, piece: usize, gap: usize) -> Self {
        Self { least, piece, gap, whole: None, now: None }
    }

    fn edge(&mut self, at: usize, parts: impl Fn(usize, usize) -> bool, found: impl FnMut(usize, usize)) {
        match &mut self.now {
            Some((_, to)) if *to == at => *to = at + 1,
            _ => {
                self.take(parts, found);
                self.now = Some((at, at + 1));
            }
        }
    }

    /// Ends the piece; `parts` says of a gap whether it parts two lines.
    fn take(&mut self, parts: impl Fn(usize, usize) -> bool, mut found: impl FnMut(usize, usize)) {
        let Some((from, to)) = self.now.take().filter(|(from, to)| to - from >= self.piece) else { return };
        match &mut self.whole {
            Some((_, end)) if from - *end <= self.gap && !parts(*end, from) => *end = to,
            run => {
                if let Some((from, to)) = run.filter(|(from, to)| to - from >= self.least) {
                    found(from, to);
                }
                *run = Some((from, to));
            }
        }
    }

    fn close(&mut self, parts: impl Fn(usize, usize) -> bool, mut found: impl FnMut(usize, usize)) {
        self.take(parts, &mut found);
        if let Some((from, to)) = self.whole.take().filter(|(from, to)| to - from >= self.least) {
            found(from, to);
        }
    }
}

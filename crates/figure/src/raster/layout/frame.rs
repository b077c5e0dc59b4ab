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

/// Groups of lines that are kept in each direction; a picture with more is no plot.
const MOST_GROUPS: usize = 400;

pub(in crate::raster) fn edges(picture: &Picture) -> Edges {
    let (width, height) = (picture.width, picture.height);
    let mut horizontal = Vec::new();
    let mut vertical = Vec::new();
    if width < 8 || height < 8 {
        return Edges { horizontal, vertical };
    }
    let mut across = Run::new(width / 8, (width / 60).max(8), (width / 40).max(13));
    let mut down: Vec<Run> = vec![Run::new(height / 8, (height / 60).max(8), (height / 40).max(13)); width - 1];
    for y in 0..height {
        let row = &picture.rgb[y * width * 3..(y + 1) * width * 3];
        if y + 1 < height {
            let below = &picture.rgb[(y + 1) * width * 3..(y + 2) * width * 3];
            if row != below {
                for (x, (a, b)) in row.chunks_exact(3).zip(below.chunks_exact(3)).enumerate() {
                    if differs(a, b) {
                        across.edge(x, |from, to| join(&mut horizontal, from, to, y));
                    }
                }
                across.close(|from, to| join(&mut horizontal, from, to, y));
            }
        }
        for (x, run) in down.iter_mut().enumerate() {
            let (a, b) = (&row[x * 3..x * 3 + 3], &row[x * 3 + 3..x * 3 + 6]);
            if a != b && differs(a, b) {
                run.edge(y, |from, to| join(&mut vertical, from, to, x));
            }
        }
    }
    for (x, run) in down.iter_mut().enumerate() {
        run.close(|from, to| join(&mut vertical, from, to, x));
    }
    Edges { horizontal, vertical }
}

fn differs(a: &[u8], b: &[u8]) -> bool {
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

    fn edge(&mut self, at: usize, found: impl FnMut(usize, usize)) {
        match &mut self.now {
            Some((_, to)) if *to == at => *to = at + 1,
            _ => {
                self.take(found);
                self.now = Some((at, at + 1));
            }
        }
    }

    fn take(&mut self, mut found: impl FnMut(usize, usize)) {
        let Some((from, to)) = self.now.take().filter(|(from, to)| to - from >= self.piece) else { return };
        match &mut self.whole {
            Some((_, end)) if from - *end <= self.gap => *end = to,
            run => {
                if let Some((from, to)) = run.filter(|(from, to)| to - from >= self.least) {
                    found(from, to);
                }
                *run = Some((from, to));
            }
        }
    }

    fn close(&mut self, mut found: impl FnMut(usize, usize)) {
        self.take(&mut found);
        if let Some((from, to)) = self.whole.take().filter(|(from, to)| to - from >= self.least) {
            found(from, to);
        }
    }
}

//! Patches of one flat colour: what the cells of a matrix are made of.

use mlgrade_picture::Picture;

/// By how much a channel of two pixels that touch may differ within a patch, of 255: of a PNG, and of a JPEG.
pub(super) const CLEAN: u8 = 3;
pub(super) const NOISY: u8 = 9;

/// Pixels of a row that belong to a patch at least: soft edges of letters do not.
const RUN: usize = 4;

/// Sides and share of its box that a patch has at least.
const SIDE: usize = 7;
const FILLED: f64 = 0.2;

/// Patches that are looked at, the largest first.
const MOST: usize = 4_000;

/// A connected patch of pixels that hardly differ from their neighbours; the right and bottom edges are outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Flat {
    pub(super) left: usize,
    pub(super) top: usize,
    pub(super) right: usize,
    pub(super) bottom: usize,
    /// Its pixels.
    pub(super) area: usize,
    /// The colour of a pixel in its longest row, and how long that is.
    pub(super) colour: [u8; 3],
    longest: usize,
}

impl Flat {
    pub(super) fn width(&self) -> usize {
        self.right - self.left
    }

    pub(super) fn height(&self) -> usize {
        self.bottom - self.top
    }

    /// The share of its box that it fills.
    pub(super) fn filled(&self) -> f64 {
        self.area as f64 / (self.width() * self.height()) as f64
    }

    fn with(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
            area: self.area + other.area,
            colour: if self.longest >= other.longest { self.colour } else { other.colour },
            longest: self.longest.max(other.longest),
        }
    }
}

/// Pixels of a row: the first column, one past the last, and the patch.
type Run = (usize, usize, usize);

/// The patches of `picture` that may be cells, alone or several of one colour that touch; not the page, which reaches across it.
/// Neighbours within a patch differ by `most` in each channel at most.
pub(super) fn flats(picture: &Picture, most: u8) -> Vec<Flat> {
    let stride = picture.width * 3;
    if stride == 0 {
        return Vec::new();
    }
    let mut forest = Forest::default();
    let (mut above, mut here): (Vec<Run>, Vec<Run>) = (Vec::new(), Vec::new());
    let mut last: &[u8] = &[];
    for (y, row) in picture.rgb.chunks_exact(stride).enumerate() {
        if row == last {
            for run in &above {
                forest.extend(*run, y);
            }
            continue;
        }
        here.clear();
        let (mut start, mut first) = (0, 0);
        for x in 1..=picture.width {
            if x < picture.width && alike(at(row, x - 1), at(row, x), most) {
                continue;
            }
            if x - start >= RUN {
                let colour = at(row, usize::midpoint(start, x));
                let mut label = forest.plant(Flat { left: start, top: y, right: x, bottom: y + 1, area: x - start, colour, longest: x - start });
                while above.get(first).is_some_and(|run| run.1 <= start) {
                    first += 1;
                }
                for run in above.get(first..).unwrap_or_default().iter().take_while(|run| run.0 < x) {
                    let middle = usize::midpoint(run.0.max(start), run.1.min(x) - 1);
                    if alike(at(last, middle), at(row, middle), most) {
                        label = forest.join(label, run.2);
                    }
                }
                here.push((start, x, label));
            }
            start = x;
        }
        last = row;
        std::mem::swap(&mut above, &mut here);
    }
    let mut found: Vec<Flat> = forest.trees().filter(|flat| is_cell(flat, picture)).collect();
    for down in [true, false] {
        found = mended(found, picture, most, down);
    }
    found.sort_by_key(|flat| (std::cmp::Reverse(flat.area), flat.top, flat.left));
    found.truncate(MOST);
    found
}

fn is_cell(flat: &Flat, picture: &Picture) -> bool {
    let across = (flat.left == 0 && flat.right == picture.width) || (flat.top == 0 && flat.bottom == picture.height);
    flat.width() >= SIDE && flat.height() >= SIDE && flat.filled() >= FILLED && !across
}

/// The gap within a cell at most, as a share of the lower part's side: a number as wide as the cell, or a line of the axes' grid.
const CUT: f64 = 0.8;

/// The share of the pixels in a gap that has the cell's colour, unless it is a line of a few pixels.
const BETWEEN: f64 = 0.12;
const LINE: usize = 4;

/// Joins patches of one colour that stand below each other, or beside, with the same edges: a number or a line may cut a cell in two.
fn mended(mut flats: Vec<Flat>, picture: &Picture, most: u8, down: bool) -> Vec<Flat> {
    let ends = |flat: &Flat| if down { (flat.top, flat.bottom) } else { (flat.left, flat.right) };
    let sides = |flat: &Flat| if down { (flat.left, flat.right) } else { (flat.top, flat.bottom) };
    flats.sort_by_key(|flat| (ends(flat).0, sides(flat).0));
    // For each place where a patch begins, the last one that was found there.
    let mut open: std::collections::HashMap<usize, usize> = std::collections::HashMap::new();
    let mut joined: Vec<Flat> = Vec::new();
    for flat in flats {
        let (start, end) = ends(&flat);
        let (low, high) = sides(&flat);
        let continues = |other: &Flat| {
            let (first, last) = ends(other);
            let (left, right) = sides(other);
            let gap = start.checked_sub(last);
            let small = |gap: usize| gap <= LINE || (gap as f64) <= CUT * ((end - start).min(last - first) as f64);
            left.abs_diff(low) <= 1 && right.abs_diff(high) <= 1 && alike(other.colour, flat.colour, most) && gap.is_some_and(small)
        };
        let before = (low.saturating_sub(1)..=low + 1)
            .filter_map(|place| open.get(&place).copied())
            .find(|i| continues(&joined[*i]) && is_between(picture, &joined[*i], &flat, down));
        if let Some(i) = before {
            joined[i] = joined[i].with(flat);
        } else {
            open.insert(low, joined.len());
            joined.push(flat);
        }
    }
    joined
}

/// Whether the gap between two patches of one colour has some of it, or is a line.
fn is_between(picture: &Picture, first: &Flat, second: &Flat, down: bool) -> bool {
    let (rows, columns) = if down { (first.bottom..second.top, first.left..first.right) } else { (first.top..first.bottom, first.right..second.left) };
    if if down { rows.len() } else { columns.len() } <= LINE {
        return true;
    }
    let all = rows.len() * columns.len();
    let pixel = |x: usize, y: usize| at(picture.rgb.get(y * picture.width * 3..).unwrap_or_default(), x);
    let near = rows.flat_map(|y| columns.clone().map(move |x| (x, y))).filter(|(x, y)| alike(pixel(*x, *y), first.colour, NOISY)).count();
    near as f64 >= BETWEEN * all as f64
}

#[inline]
fn at(row: &[u8], x: usize) -> [u8; 3] {
    row.get(x * 3..).and_then(|rgb| rgb.first_chunk()).copied().unwrap_or_default()
}

#[inline]
fn alike(a: [u8; 3], b: [u8; 3], most: u8) -> bool {
    a.iter().zip(&b).all(|(a, b)| a.abs_diff(*b) <= most)
}

/// Disjoint sets of runs.
#[derive(Default)]
struct Forest {
    parents: Vec<usize>,
    boxes: Vec<Flat>,
}

impl Forest {
    fn plant(&mut self, run: Flat) -> usize {
        self.parents.push(self.parents.len());
        self.boxes.push(run);
        self.parents.len() - 1
    }

    fn root(&mut self, mut label: usize) -> usize {
        while self.parents[label] != label {
            self.parents[label] = self.parents[self.parents[label]];
            label = self.parents[label];
        }
        label
    }

    fn join(&mut self, a: usize, b: usize) -> usize {
        let (a, b) = (self.root(a), self.root(b));
        let (root, child) = (a.min(b), a.max(b));
        if root != child {
            self.parents[child] = root;
            self.boxes[root] = self.boxes[root].with(self.boxes[child]);
        }
        root
    }

    /// Lets a run of the row above go on in row `y`.
    fn extend(&mut self, (start, end, label): Run, y: usize) {
        let root = self.root(label);
        self.boxes[root].bottom = y + 1;
        self.boxes[root].area += end - start;
    }

    fn trees(&self) -> impl Iterator<Item = Flat> + '_ {
        self.boxes.iter().enumerate().filter(|(i, _)| self.parents[*i] == *i).map(|(_, tree)| *tree)
    }
}

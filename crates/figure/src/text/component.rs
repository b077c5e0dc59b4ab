//! Connected ink.

use mlgrade_picture::Picture;

/// A connected patch of ink; the right and bottom edges are outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Component {
    pub(super) left: usize,
    pub(super) top: usize,
    pub(super) right: usize,
    pub(super) bottom: usize,
    /// Pixels of ink.
    pub(super) area: usize,
}

impl Component {
    pub(super) fn width(&self) -> usize {
        self.right - self.left
    }

    pub(super) fn height(&self) -> usize {
        self.bottom - self.top
    }

    /// The smallest box around both.
    pub(super) fn with(&self, other: &Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
            area: self.area + other.area,
        }
    }

    /// What `turned` came from.
    pub(super) fn turned_back(&self, height: usize) -> Self {
        Self { left: self.top, top: height - self.right, right: self.bottom, bottom: height - self.left, area: self.area }
    }

    /// The box when the picture of `height` rows is turned clockwise by 90°: text that ran upwards then runs to the right.
    pub(super) fn turned(&self, height: usize) -> Self {
        Self { left: height - self.bottom, top: self.left, right: height - self.top, bottom: self.right, area: self.area }
    }
}

/// Ink that touches, also over corners, where a channel differs from `paper` by `levels` or more: patches up to `largest` wide and
/// high, from the top.
pub(super) fn components(picture: &Picture, paper: [u8; 3], levels: u8, largest: (usize, usize)) -> Vec<Component> {
    let mut forest = Forest::default();
    let (mut above, mut here): (Vec<Run>, Vec<Run>) = (Vec::new(), Vec::new());
    let stride = picture.width * 3;
    if picture.width == 0 {
        return Vec::new();
    }
    let blank = paper.repeat(picture.width);
    let mut far = vec![0_u8; stride];
    let mut spans = Vec::new();
    let mut last: &[u8] = &[];
    for (y, row) in picture.rgb.chunks_exact(stride).enumerate() {
        if row == last {
            // Most rows of a plot are like the one above.
            for run in &above {
                forest.extend(*run, y);
            }
            continue;
        }
        last = row;
        for ((far, value), paper) in far.iter_mut().zip(row).zip(&blank) {
            *far = u8::from(value.abs_diff(*paper) >= levels);
        }
        inked(&far, &mut spans);
        here.clear();
        let mut k = 0;
        for &(start, end) in &spans {
            let mut label = forest.plant(Component { left: start, top: y, right: end, bottom: y + 1, area: end - start });
            while above.get(k).is_some_and(|run| run.1 < start) {
                k += 1;
            }
            // The last run above may also touch the next run here, so `k` stays on it.
            for run in above[k..].iter().take_while(|run| run.0 <= end) {
                label = forest.join(label, run.2);
            }
            here.push((start, end, label));
        }
        std::mem::swap(&mut above, &mut here);
    }
    forest.trees().filter(|c| c.width() <= largest.0 && c.height() <= largest.1).collect()
}

/// Pixels that are skipped together where none has ink.
const BLOCK: usize = 16;

/// The runs of pixels of which a channel is set: the first column and one past the last.
fn inked(far: &[u8], spans: &mut Vec<(usize, usize)>) {
    spans.clear();
    let mut open = None;
    for (k, block) in far.chunks(3 * BLOCK).enumerate() {
        let any = block.iter().fold(0, |any, far| any | far) != 0;
        if !any {
            spans.extend(open.take().map(|start| (start, k * BLOCK)));
            continue;
        }
        for (i, pixel) in block.chunks_exact(3).enumerate() {
            let ink = pixel[0] | pixel[1] | pixel[2] != 0;
            match open {
                None if ink => open = Some(k * BLOCK + i),
                Some(start) if !ink => {
                    spans.push((start, k * BLOCK + i));
                    open = None;
                }
                _ => {}
            }
        }
    }
    spans.extend(open.map(|start| (start, far.len() / 3)));
}

/// The first column, one past the last, and the label.
type Run = (usize, usize, usize);

/// Disjoint sets of runs.
#[derive(Default)]
struct Forest {
    parents: Vec<usize>,
    boxes: Vec<Component>,
}

impl Forest {
    fn plant(&mut self, run: Component) -> usize {
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
        // The older one stays the root, which keeps the paths short.
        let (root, child) = (a.min(b), a.max(b));
        if root != child {
            self.parents[child] = root;
            self.boxes[root] = self.boxes[root].with(&self.boxes[child]);
        }
        root
    }

    /// Lets a run of the row above go on in row `y`.
    fn extend(&mut self, (start, end, label): Run, y: usize) {
        let root = self.root(label);
        self.boxes[root].bottom = y + 1;
        self.boxes[root].area += end - start;
    }

    fn trees(&self) -> impl Iterator<Item = Component> + '_ {
        self.boxes.iter().enumerate().filter(|(i, _)| self.parents[*i] == *i).map(|(_, tree)| *tree)
    }
}

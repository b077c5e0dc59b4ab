//! Connected ink.

use crate::evidence::picture::Picture;

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

    /// Whether the other box lies within this one.
    pub(super) fn contains(&self, other: &Self) -> bool {
        self.left <= other.left && other.right <= self.right && self.top <= other.top && other.bottom <= self.bottom
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
    let mut mask = vec![false; picture.width];
    if picture.width == 0 {
        return Vec::new();
    }
    for (y, row) in picture.rgb.chunks_exact(picture.width * 3).enumerate() {
        let mut any = false;
        for (ink, pixel) in mask.iter_mut().zip(row.chunks_exact(3)) {
            let far = pixel[0].abs_diff(paper[0]).max(pixel[1].abs_diff(paper[1])).max(pixel[2].abs_diff(paper[2]));
            *ink = far >= levels;
            any |= *ink;
        }
        std::mem::swap(&mut above, &mut here);
        here.clear();
        if !any {
            continue;
        }
        let (mut x, mut k) = (0, 0);
        while let Some(start) = mask[x..].iter().position(|ink| *ink).map(|n| x + n) {
            let end = mask[start..].iter().position(|ink| !*ink).map_or(picture.width, |n| start + n);
            let mut label = forest.plant(Component { left: start, top: y, right: end, bottom: y + 1, area: end - start });
            while above.get(k).is_some_and(|run| run.1 < start) {
                k += 1;
            }
            // The last run above may also touch the next run here, so `k` stays on it.
            for run in above[k..].iter().take_while(|run| run.0 <= end) {
                label = forest.join(label, run.2);
            }
            here.push((start, end, label));
            x = end;
            if x >= picture.width {
                break;
            }
        }
    }
    forest.trees().filter(|c| c.width() <= largest.0 && c.height() <= largest.1).collect()
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

    fn trees(&self) -> impl Iterator<Item = Component> + '_ {
        self.boxes.iter().enumerate().filter(|(i, _)| self.parents[*i] == *i).map(|(_, tree)| *tree)
    }
}

//! What was found of one claimed series, lines and points alike.

use crate::assignment::assign;
use mlgrade_picture::geometry::Point;

use crate::raster::ink::Ink;

/// One claimed series on a panel.
#[derive(Debug, Clone)]
pub(in crate::raster) struct Found {
    pub(in crate::raster) layer: u8,
    /// The claimed points after the small move, on the panel.
    pub(in crate::raster) points: Vec<Point>,
    /// How far each point, or its stretch of line, is from ink of its own, in pixels: 0 where it is drawn, hidden or in the gap of a
    /// dashed line.
    pub(in crate::raster) off: Vec<f64>,
    /// The point that is drawn elsewhere in its column, and the row there, if that is known.
    pub(in crate::raster) elsewhere: Option<(usize, f64)>,
    /// How much of it lies on ink of its colour, and where it cannot be seen; the rest is on paper.
    pub(in crate::raster) held: f64,
    pub(in crate::raster) hidden: f64,
    /// Whether something is missing that is drawn badly, or that a legend without a frame may hide.
    pub(in crate::raster) veiled: bool,
    /// Whether it is a line with gaps all along.
    pub(in crate::raster) dashed: bool,
}

impl Found {
    /// The share of its points that lie outside of the frame.
    pub(in crate::raster) fn outside(&self, ink: &Ink) -> f64 {
        self.points.iter().filter(|at| !ink.holds(**at)).count() as f64 / self.points.len().max(1) as f64
    }

    /// Whether a line joins its points: most of what can be seen of the way between them is drawn.
    pub(in crate::raster) fn is_joined(&self) -> bool {
        self.held > 0.6 * (1.0 - self.hidden)
    }

    /// Says that a point is drawn at another row.
    pub(in crate::raster) fn blame(&mut self, vertex: usize, row: f64) {
        self.off[vertex] = (row - self.points[vertex][1]).abs();
        self.elsewhere = Some((vertex, row));
    }

    /// The point that is farthest off, if any is.
    pub(in crate::raster) fn worst(&self) -> Option<usize> {
        (0..self.off.len()).max_by(|&a, &b| self.off[a].total_cmp(&self.off[b])).filter(|&i| self.off[i] > 0.0)
    }
}

/// The cost of giving a layer to one more series: pairs often share a colour, but not when another colour fits as well.
const SHARED: f64 = 0.12;

/// The layer of each of `series` series: the one that it fits best, another one's only if no free one fits nearly as well.
pub(in crate::raster) fn layers(ink: &Ink, series: usize, fit: impl Fn(usize, u8) -> f64) -> Option<Vec<u8>> {
    let count = ink.layers.len();
    let cost: Vec<Vec<f64>> = (0..series)
        .map(|i| {
            let fits: Vec<f64> = (0..count).map(|layer| fit(i, layer as u8)).collect();
            (0..series).flat_map(|copy| fits.iter().map(move |fit| SHARED * copy as f64 - fit)).collect()
        })
        .collect();
    let columns = assign(&cost);
    (columns.len() == series).then(|| columns.into_iter().map(|column| (column % count) as u8).collect())
}

impl Ink {
    /// Marks a pixel where the panel has one.
    pub(in crate::raster) fn mark(&self, marks: &mut [bool], x: isize, y: isize) {
        if let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y))
            && x < self.width
            && y < self.height
        {
            marks[y * self.width + x] = true;
        }
    }

    /// The middle of a pixel.
    pub(in crate::raster) fn middle_of(&self, place: usize) -> Point {
        [(place % self.width) as f64 + 0.5, (place / self.width) as f64 + 0.5]
    }

    /// Takes the connected component of `place`: pixels with the same as it, from side to side, that are not taken yet.
    pub(in crate::raster) fn piece(&self, place: usize, taken: &mut [bool]) -> Vec<usize> {
        let cell = self.cells[place];
        let mut stack = vec![place];
        let mut piece = Vec::new();
        taken[place] = true;
        while let Some(place) = stack.pop() {
            piece.push(place);
            for next in self.beside(place).filter(|&next| self.cells[next] == cell) {
                if !taken[next] {
                    taken[next] = true;
                    stack.push(next);
                }
            }
        }
        piece
    }

    /// The pixels beside one, where the panel has them.
    pub(in crate::raster) fn beside(&self, place: usize) -> impl Iterator<Item = usize> {
        let (x, y) = (place % self.width, place / self.width);
        let beside = [
            (x > 0).then(|| place - 1),
            (x + 1 < self.width).then_some(place + 1),
            (y > 0).then(|| place - self.width),
            (y + 1 < self.height).then_some(place + self.width),
        ];
        beside.into_iter().flatten()
    }
}

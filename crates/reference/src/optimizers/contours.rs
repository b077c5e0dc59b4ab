//! Level lines of a surface by marching squares: the plane's case of Lorensen and Cline 1987.

use std::collections::BTreeMap;

/// A rectangle of the plane: from its least x and y to its greatest.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    pub(super) low: [f64; 2],
    pub(super) high: [f64; 2],
}

/// An edge of the grid: from a vertex to the right (0) or up (1).
type Edge = (usize, usize, u8);

/// The heights of a surface at the vertices of a square grid.
pub(super) struct Grid {
    cells: usize,
    window: Window,
    /// Row by row from the lowest y.
    heights: Vec<f64>,
}

impl Grid {
    /// `height` over `window`, cut into `cells` × `cells`.
    pub(super) fn new(window: Window, cells: usize, height: impl Fn([f64; 2]) -> f64) -> Self {
        let mut grid = Self { cells, window, heights: Vec::new() };
        grid.heights = (0..=cells).flat_map(|row| (0..=cells).map(move |col| (col, row))).map(|(col, row)| height(grid.place(col, row))).collect();
        grid
    }

    /// `count` levels that spread over the surface's area, closer together at its bottom.
    pub(super) fn levels(&self, count: usize) -> Vec<f64> {
        let mut sorted = self.heights.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        // The i-th level is the height below which lies the share (i / (count + 1))² of the area.
        (1..=count).map(|i| sorted[(sorted.len() - 1) * i * i / ((count + 1) * (count + 1))]).collect()
    }

    /// The lines along which the surface is `level` high; a closed one ends where it starts.
    pub(super) fn lines(&self, level: f64) -> Vec<Vec<[f64; 2]>> {
        let mut links: BTreeMap<Edge, Vec<Edge>> = BTreeMap::new();
        for (col, row) in (0..self.cells).flat_map(|row| (0..self.cells).map(move |col| (col, row))) {
            let edges = [(col, row, 0), (col + 1, row, 1), (col, row + 1, 0), (col, row, 1)];
            let crossed: Vec<Edge> = edges.into_iter().filter(|&edge| self.is_crossed(edge, level)).collect();
            // Around a cell the line crosses no edge, two, or all four.
            for pair in crossed.chunks_exact(2) {
                links.entry(pair[0]).or_default().push(pair[1]);
                links.entry(pair[1]).or_default().push(pair[0]);
            }
        }
        chains(links).into_iter().map(|line| line.into_iter().map(|edge| self.crossing(edge, level)).collect()).collect()
    }

    fn place(&self, col: usize, row: usize) -> [f64; 2] {
        let along = |axis: usize, i: usize| self.window.low[axis] + (self.window.high[axis] - self.window.low[axis]) * i as f64 / self.cells as f64;
        [along(0, col), along(1, row)]
    }

    /// The vertices at the ends of `edge`, with their heights.
    fn ends(&self, (col, row, up): Edge) -> [([f64; 2], f64); 2] {
        let end = |col: usize, row: usize| (self.place(col, row), self.heights[row * (self.cells + 1) + col]);
        [end(col, row), if up == 1 { end(col, row + 1) } else { end(col + 1, row) }]
    }

    fn is_crossed(&self, edge: Edge, level: f64) -> bool {
        let [(_, a), (_, b)] = self.ends(edge);
        (a < level) != (b < level)
    }

    /// Where the surface is `level` high along a crossed edge, as if it were straight there.
    fn crossing(&self, edge: Edge, level: f64) -> [f64; 2] {
        let [(from, a), (to, b)] = self.ends(edge);
        let share = (level - a) / (b - a);
        [from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])]
    }
}

/// The links put together: from each loose end as far as it goes, then around each loop.
fn chains(mut links: BTreeMap<Edge, Vec<Edge>>) -> Vec<Vec<Edge>> {
    let (loose, looped): (Vec<Edge>, Vec<Edge>) = links.keys().partition(|edge| links[edge].len() == 1);
    let mut chains = Vec::new();
    for start in loose.into_iter().chain(looped) {
        let Some(mut ahead) = links.remove(&start) else { continue };
        let mut chain = vec![start];
        while let Some(next) = ahead.iter().copied().find(|edge| links.contains_key(edge)) {
            chain.push(next);
            ahead = links.remove(&next).unwrap_or_default();
        }
        if chain.len() > 2 && ahead.contains(&start) {
            chain.push(start);
        }
        chains.push(chain);
    }
    chains
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQUARE: Window = Window { low: [-2.0, -2.0], high: [2.0, 2.0] };

    #[test]
    fn the_level_line_of_a_cone_is_one_closed_circle() {
        let grid = Grid::new(SQUARE, 41, |[x, y]| x.hypot(y));
        let lines = grid.lines(1.0);
        assert_eq!(lines.len(), 1);
        assert!(lines[0].first() == lines[0].last() && lines[0].len() > 70);
        assert!(lines[0].iter().all(|[x, y]| (x.hypot(*y) - 1.0).abs() < 0.01), "{lines:?}");
    }

    #[test]
    fn a_plane_has_one_open_line_and_a_saddle_two() {
        let plane = Grid::new(SQUARE, 7, |[x, _]| x).lines(0.5);
        assert_eq!(plane.len(), 1);
        assert!(plane[0].len() == 8 && plane[0].iter().all(|[x, _]| (x - 0.5).abs() < 1e-12));
        assert_eq!(Grid::new(SQUARE, 20, |[x, y]| x * y).lines(0.3).len(), 2);
    }
}

//! Error bars: thin strokes that run up and down from the points of a line, in its colour.

use mlgrade_picture::geometry::Point;

use crate::raster::ink::{Cell, Ink};

/// How far from its point's column a bar may stand, and how long a gap in it may be, in pixels.
const ASIDE: isize = 2;
const GAP: usize = 2;
/// The widest bar and the widest cap, in shares of the panel's width: what is wider is an area.
const WIDEST: f64 = 0.03;
const WIDEST_CAP: f64 = 0.06;

/// Marks the ink of the error bars at the points of a line in `claimed`, caps included.
pub(super) fn claim(ink: &Ink, layer: u8, points: &[Point], claimed: &mut [bool]) {
    let stroke = ink.layers[usize::from(layer)].stroke;
    let thin = (1.5 * stroke).min(WIDEST * ink.width as f64).max(4.0) as usize;
    let cap = ((WIDEST_CAP * ink.width as f64) as usize).max(2 * thin);
    for &at in points.iter().filter(|at| ink.holds(**at)) {
        for way in [-1, 1] {
            walk(ink, layer, at, way, [thin, cap], claimed);
        }
    }
}

/// Marks one half of a bar, which runs upwards or downwards from its point.
fn walk(ink: &Ink, layer: u8, at: Point, way: isize, [thin, cap]: [usize; 2], claimed: &mut [bool]) {
    let (x, mut y) = (at[0].floor() as isize, at[1].floor() as isize);
    let mut gap = 0;
    while gap <= GAP && (0..ink.height as isize).contains(&y) {
        let own = [0, -1, 1, -ASIDE, ASIDE].into_iter().map(|dx| x + dx).find(|&x| ink.at(x, y) == Cell::Ink(layer));
        if let Some(x) = own {
            gap = 0;
            let side = |way: isize| (1..=cap as isize).take_while(|k| ink.at(x + way * k, y) == Cell::Ink(layer)).count();
            let (left, right) = (side(-1), side(1));
            let is_cap = left + right < cap && left.abs_diff(right) <= 4;
            if left + right < thin || is_cap {
                (x - left as isize..=x + right as isize).for_each(|x| ink.mark(claimed, x, y));
            }
        } else if ink.at(x, y) == Cell::Paper {
            gap += 1;
        }
        y += way;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::matching::drawing::{Drawing, INK};

    #[test]
    fn a_bar_and_its_caps_belong_to_a_point_and_an_area_does_not() {
        let mut drawing = Drawing::blank(240, 100);
        drawing.fill([10, 49, 110, 51], INK);
        drawing.fill([59, 20, 61, 80], INK);
        drawing.fill([55, 20, 65, 22], INK);
        drawing.fill([80, 51, 110, 90], INK);
        let ink = drawing.ink();
        let mut claimed = vec![false; ink.cells.len()];
        claim(&ink, 0, &[[60.0, 50.0], [95.0, 50.0]], &mut claimed);
        let is_claimed = |x: usize, y: usize| claimed[y * ink.width + x];
        assert!(is_claimed(60, 30) && is_claimed(60, 79) && is_claimed(56, 20), "the bar and its cap");
        assert!(!is_claimed(95, 70) && !is_claimed(30, 50), "the area and the line");
    }
}

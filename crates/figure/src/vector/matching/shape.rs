//! Whether the claim is drawn with other units along y: the right shape at the wrong place.

use crate::track::Budget;
use crate::vector::judge::Target;
use crate::vector::matching::line::Placed;
use crate::vector::model::Panel;
use mlgrade_picture::geometry::Point;

/// How well the shapes must agree, as a share of the frame's height.
const CLOSE: f64 = 0.006;

/// How high the drawn curves must be for a shape, as a share of the frame's height.
const HIGH: f64 = 0.15;

/// Points that are compared of one series.
const POINTS: usize = 200;

/// Whether one stretch and shift along y, the same for all series, puts the claim on the curves that the legend names so, or that
/// stand in the same order. The claim may have been drawn on a linear or on a logarithmic axis.
pub(in crate::vector) fn has_right_shape(panel: &Panel, placed: &[Placed], all: &[Target], named: &[Vec<usize>]) -> bool {
    let Some(chosen) = in_order(placed, all, named) else { return false };
    [false, true].iter().any(|log| {
        let pairs: Option<Vec<(f64, f64)>> =
            placed.iter().zip(&chosen).map(|(placed, target)| pairs(placed, &all[*target], *log)).collect::<Option<Vec<_>>>().map(|p| p.concat());
        pairs.is_some_and(|pairs| agree(&pairs, panel.frame.height()))
    })
}

/// The target of each series by name or, if as many curves are drawn as are claimed, by height.
fn in_order(placed: &[Placed], all: &[Target], named: &[Vec<usize>]) -> Option<Vec<usize>> {
    if named.iter().all(|own| !own.is_empty()) {
        return Some(named.iter().map(|own| own[0]).collect());
    }
    let mean = |rows: &mut dyn Iterator<Item = f64>| {
        let (sum, count) = rows.fold((0.0, 0.0), |(sum, count), row| (sum + row, count + 1.0));
        sum / f64::max(count, 1.0)
    };
    let drawn = |j: &usize| mean(&mut all[*j].drawn.runs.iter().flatten().map(|point| point[1]));
    let vertices = |j: &usize| all[*j].drawn.runs.iter().map(Vec::len).sum::<usize>();
    let mut curves: Vec<usize> = (0..all.len()).filter(|j| vertices(j) > 2).collect();
    if curves.len() != placed.len() {
        return None;
    }
    curves.sort_by(|a, b| drawn(a).total_cmp(&drawn(b)));
    let claimed = |i: &usize| mean(&mut placed[*i].places.iter().flatten().map(|place| place[1]));
    let mut order: Vec<usize> = (0..placed.len()).collect();
    order.sort_by(|a, b| claimed(a).total_cmp(&claimed(b)));
    let mut chosen = vec![0; placed.len()];
    order.iter().zip(&curves).for_each(|(i, j)| chosen[*i] = *j);
    Some(chosen)
}

/// Claimed values, or their logarithms, with the rows at which the curve is drawn there.
fn pairs(placed: &Placed, target: &Target, log: bool) -> Option<Vec<(f64, f64)>> {
    let budget = Budget::new();
    let value = |y: f64| if log { y.log10() } else { y };
    let step = placed.places.len().div_ceil(POINTS).max(1);
    let mut pairs = Vec::new();
    let by_vertex = target.drawn.runs.iter().map(Vec::len).sum::<usize>() == placed.series.y.len();
    let vertices: Vec<Point> = target.drawn.runs.iter().flatten().filter(|_| by_vertex).copied().collect();
    for i in (0..placed.series.y.len()).step_by(step) {
        let column = placed.x.place(placed.series.x[i])?;
        let row = if by_vertex { Some(vertices[i][1]) } else { target.drawn.track.row_at(column, 0.0, 0.5, &budget) };
        pairs.push((value(placed.series.y[i]), row?));
    }
    pairs.iter().all(|(v, _)| v.is_finite()).then_some(pairs)
}

/// Whether one upright line goes through all pairs.
fn agree(pairs: &[(f64, f64)], height: f64) -> bool {
    let n = pairs.len() as f64;
    let (v0, r0) = (pairs.iter().map(|p| p.0).sum::<f64>() / n, pairs.iter().map(|p| p.1).sum::<f64>() / n);
    let (both, own) = pairs.iter().fold((0.0, 0.0), |(both, own), (v, r)| (both + (v - v0) * (r - r0), own + (v - v0).powi(2)));
    let slope = both / own;
    let rows = pairs.iter().map(|p| p.1);
    let extent = rows.clone().fold(f64::NEG_INFINITY, f64::max) - rows.fold(f64::INFINITY, f64::min);
    // Rows grow downwards.
    pairs.len() > 3 && slope < 0.0 && extent > HIGH * height && pairs.iter().all(|(v, r)| (r0 + slope * (v - v0) - r).abs() < CLOSE * height)
}

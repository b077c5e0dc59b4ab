//! What the colours of cells say of their values, whatever the colour map is.

use super::cells::Cell;

/// How far apart colours of one value may be, and how much longer the way between two colours is by a third on it.
const NEAR: f64 = 12.0;
const DETOUR: f64 = 1.25;

/// The correlation of ranks from which two orders agree.
const IN_ORDER: f64 = 0.85;

fn apart(a: [u8; 3], b: [u8; 3]) -> f64 {
    a.into_iter().zip(b).map(|(a, b)| (f64::from(a) - f64::from(b)).powi(2)).sum::<f64>().sqrt()
}

/// Whether the colour of cell `i` lies between those of the cells with the next smaller and the next greater value that agree with the claim; beyond the
/// least and the greatest, nearest to it.
pub(super) fn fits(cells: &[Cell], values: &[f64], agrees: &[Option<bool>], i: usize) -> bool {
    let known = || (0..cells.len()).filter(|k| agrees[*k] == Some(true));
    let (value, colour) = (values[i], cells[i].colour);
    let below = known().filter(|k| values[*k] <= value).max_by(|a, b| values[*a].total_cmp(&values[*b]));
    let above = known().filter(|k| values[*k] >= value).min_by(|a, b| values[*a].total_cmp(&values[*b]));
    let from = |k: usize| apart(colour, cells[k].colour);
    match (below, above) {
        (Some(below), Some(above)) => from(below) + from(above) <= DETOUR * apart(cells[below].colour, cells[above].colour) + NEAR,
        (Some(end), None) | (None, Some(end)) => known().all(|k| from(end) <= from(k) + NEAR),
        (None, None) => false,
    }
}

/// Whether the values rise or fall with the lightness of the cells, or with one of the channels of their colours.
pub(super) fn are_in_order(cells: &[Cell], values: &[f64]) -> bool {
    let ways: [fn([u8; 3]) -> f64; 4] = [
        |[r, g, b]| 0.299 * f64::from(r) + 0.587 * f64::from(g) + 0.114 * f64::from(b),
        |[r, _, _]| f64::from(r),
        |[_, g, _]| f64::from(g),
        |[_, _, b]| f64::from(b),
    ];
    let claimed = ranks(values);
    ways.into_iter().any(|way| {
        let seen: Vec<f64> = cells.iter().map(|cell| way(cell.colour)).collect();
        correlation(&ranks(&seen), &claimed).abs() >= IN_ORDER
    })
}

/// The rank of each value; equal ones share theirs.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = |value: &f64| sorted.partition_point(|other| other < value) + sorted.partition_point(|other| other <= value);
    values.iter().map(|value| rank(value) as f64 / 2.0).collect()
}

fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let count = a.len().max(1) as f64;
    let (mean_a, mean_b) = (a.iter().sum::<f64>() / count, b.iter().sum::<f64>() / count);
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (a, b) in a.iter().zip(b) {
        ab += (a - mean_a) * (b - mean_b);
        aa += (a - mean_a).powi(2);
        bb += (b - mean_b).powi(2);
    }
    if aa > 0.0 && bb > 0.0 { ab / (aa * bb).sqrt() } else { 0.0 }
}

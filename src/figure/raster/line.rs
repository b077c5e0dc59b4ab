//! Whether claimed polylines are drawn: each step along them must find ink of its colour, and the colour's ink must be claimed.

use std::collections::HashMap;

use super::align::Move;
use super::found::{Found, layers};
use super::ink::Ink;
use super::legend::Legend;
use super::moved;
use super::stray::{self, Stray};
use super::trace::{Cover, Point, REACH, Sample, Seen, samples};

/// What was found of a claim of lines on one panel.
#[derive(Debug, Clone)]
pub(super) struct Lines {
    pub(super) series: Vec<Found>,
    /// The share of the used colours' ink that nobody claims, the worst colour's.
    pub(super) unclaimed: f64,
    /// Pieces of a used colour's ink that leave a claimed line: where each is.
    pub(super) stray: Vec<Stray>,
    /// The largest stroke width of the used colours.
    pub(super) stroke: f64,
}

/// What a sharp line may be off: labels are read to a pixel, and lines are joined, rounded and drawn anew at other sizes.
const TOLERANCE: f64 = 1.8;

/// Ink this close is where it belongs, which tells dashes from gaps.
const CLOSE: f64 = 0.9;

/// Beyond the tolerance, so much says nothing yet, in pixels.
const UNSURE: f64 = 1.2;

/// Where more ink is unclaimed, or strokes are wider in shares of the panel, no single value is looked for.
const MOST_UNCLAIMED: f64 = 0.3;
const WIDEST: f64 = 0.06;

/// Of a series that is said to be of another layer than that which fits it best, at least so much must be drawn there.
const LEAST_SEEN: f64 = 0.25;

pub(super) fn find(ink: &Ink, claimed: &[Vec<Point>], legend: &Legend) -> Option<Lines> {
    if ink.layers.is_empty() {
        return None;
    }
    let size = [ink.width as f64, ink.height as f64];
    let coarse: Vec<Vec<Sample>> = claimed.iter().map(|points| samples(points, size, 0.0, 3.0)).collect();
    let layers = choose(ink, &coarse, &legend.cover)?;
    let aligned: Vec<(u8, Vec<Sample>)> = layers.iter().zip(&coarse).map(|(&layer, samples)| (layer, samples.clone())).collect();
    let small = Move::onto(ink, &aligned);
    let moved: Vec<Vec<Point>> = claimed.iter().map(|points| points.iter().map(|&at| small.apply(at, size)).collect()).collect();
    let mut series: Vec<Found> = moved.iter().zip(&layers).map(|(points, &layer)| follow(ink, points, layer, legend)).collect();
    for (one, points) in series.iter_mut().zip(&moved).filter(|(one, _)| one.worst().is_some()) {
        if let Some(better) = elsewhere(ink, points, one, legend) {
            *one = better;
        }
    }
    let (unclaimed, stray) = stray::unclaimed(ink, &series, &legend.around);
    stray::displaced(ink, legend, &mut series, &stray);
    let stroke = layers.iter().map(|&layer| ink.layers[usize::from(layer)].stroke).fold(0.0, f64::max);
    let nothing_lacks = series.iter().all(|one| one.worst().is_none());
    if nothing_lacks && unclaimed <= MOST_UNCLAIMED && stroke <= WIDEST * size[0].min(size[1]) {
        moved::find_on_lines(ink, legend, &mut series);
    }
    Some(Lines { series, unclaimed, stray, stroke })
}

/// The layer of each series: the one on which it lies best, another one's only if no free one fits nearly as well.
fn choose(ink: &Ink, claimed: &[Vec<Sample>], cover: &Cover) -> Option<Vec<u8>> {
    let fit = |samples: &[Sample], layer: u8| {
        let (mut sum, mut known) = (0.0, 0.0);
        for sample in samples.iter().step_by(1 + samples.len() / 400) {
            let distance = ink.distance(layer, sample.at, 6.0);
            if distance <= 1.0 || !hidden(ink, layer, sample.at, cover) {
                known += 1.0;
                sum += (-(distance / 1.5).powi(2)).exp();
            }
        }
        // What can hardly be seen fits only as far as it is seen.
        sum / f64::max(known, 0.2 * samples.len().min(400) as f64).max(1.0)
    };
    layers(ink, claimed.len(), |series, layer| fit(&claimed[series], layer))
}

/// The series on another layer, where all that can be seen of it is drawn: beside a line of nearly its own values that layer fitted less.
fn elsewhere(ink: &Ink, points: &[Point], one: &Found, legend: &Legend) -> Option<Found> {
    let others = (0..ink.layers.len() as u8).filter(|&layer| layer != one.layer).map(|layer| follow(ink, points, layer, legend));
    let whole = others.filter(|other| other.worst().is_none() && other.held > LEAST_SEEN && other.is_joined());
    whole.max_by(|a, b| a.held.total_cmp(&b.held))
}

fn hidden(ink: &Ink, layer: u8, at: Point, cover: &Cover) -> bool {
    let cell = ink.at(at[0].floor() as isize, at[1].floor() as isize);
    (cell != super::ink::PAPER && cell != layer) || cover.holds(at)
}

/// The most that a line of this layer may be off: wide strokes hide more.
pub(super) fn tolerance(ink: &Ink, layer: u8) -> f64 {
    TOLERANCE + 0.5 * (ink.layers[usize::from(layer)].stroke / 2.0 - 1.5).max(0.0)
}

fn follow(ink: &Ink, points: &[Point], layer: u8, legend: &Legend) -> Found {
    let size = [ink.width as f64, ink.height as f64];
    let samples = samples(points, size, 1.0, 1.0);
    let stroke = ink.layers[usize::from(layer)].stroke;
    let tolerance = tolerance(ink, layer);
    let seen: Vec<Seen> = samples.iter().map(|sample| ink.look(layer, sample.at, &legend.cover)).collect();
    let mut off = vec![0.0_f64; points.len()];
    let mut veiled = false;
    let gap = dash_gap(&seen, stroke);
    let forgiven = if gap > 0.0 && dashes_are_apart(ink, layer, &samples, &seen) { gap } else { 0.0 };
    let alone = markers_alone(ink, layer, points, &samples, &seen, tolerance);
    if alone {
        for (off, &at) in off.iter_mut().zip(points) {
            if let Seen::Ink(distance) = ink.look(layer, at, &legend.cover)
                && distance > tolerance
            {
                if legend.around.holds(at) || distance <= tolerance + UNSURE { veiled = true } else { *off = distance.min(2.0 * REACH) }
            }
        }
    }
    let runs = if alone { Vec::new() } else { bare_runs(&seen, tolerance) };
    for run in runs {
        if run.len() as f64 <= forgiven {
            continue;
        }
        // What is off by little more than that may be drawn badly.
        let farthest = run.clone().filter_map(|i| if let Seen::Ink(distance) = seen[i] { Some(distance) } else { None }).fold(0.0, f64::max);
        if farthest <= tolerance + UNSURE {
            veiled |= !is_gap(&seen, run, farthest);
            continue;
        }
        // A legend without a frame may hide it, or not.
        let covered = |i: &usize| legend.around.holds(samples[*i].at);
        if run.clone().filter(covered).count() * 2 >= run.len() {
            veiled = true;
            continue;
        }
        for i in run.filter(|i| !covered(i)) {
            if let Seen::Ink(distance) = seen[i] {
                let vertex = samples[i].vertex;
                off[vertex] = off[vertex].max(distance.min(2.0 * REACH));
            }
        }
    }
    let drawn = |i: usize| matches!(ink.look(layer, points[i], &legend.cover), Seen::Ink(distance) if distance <= tolerance);
    acquit(&mut off, drawn);
    // Where all points are drawn, the lines between them are drawn badly rather than wrong.
    if off.iter().any(|off| *off > 0.0) && (0..off.len()).filter(|&i| off[i] > 0.0).all(drawn) {
        veiled = true;
        off.fill(0.0);
    }
    // Where strokes are wider than one looks, nothing is known to be off.
    off.iter_mut().filter(|off| **off <= tolerance).for_each(|off| *off = 0.0);
    let count = seen.len().max(1) as f64;
    let share = |test: &dyn Fn(&Seen) -> bool| seen.iter().filter(|seen| test(seen)).count() as f64 / count;
    let hidden = share(&|seen| *seen == Seen::Hidden);
    let held = share(&|seen| matches!(seen, Seen::Ink(distance) if *distance <= tolerance));
    Found { layer, points: points.to_vec(), off, elsewhere: None, held, hidden, veiled, dashed: forgiven > 0.0 }
}

/// Takes the blame from points that are drawn beside one that is not: the lines between them are off because of that one.
fn acquit(off: &mut [f64], drawn: impl Fn(usize) -> bool) {
    let guilty: Vec<bool> = (0..off.len()).map(|i| off[i] > 0.0 && !drawn(i)).collect();
    for i in 0..off.len() {
        let beside = (i > 0 && guilty[i - 1]) || guilty.get(i + 1).is_some_and(|guilty| *guilty);
        if beside && !guilty[i] {
            off[i] = 0.0;
        }
    }
}

/// Whether a series is drawn as markers that no line joins: its points have ink, and most of what lies between them has none.
fn markers_alone(ink: &Ink, layer: u8, points: &[Point], samples: &[Sample], seen: &[Seen], tolerance: f64) -> bool {
    let near = |at: &&Point| ink.distance(layer, **at, REACH) <= tolerance;
    let inside = |at: &&Point| at[0] >= 0.0 && at[1] >= 0.0 && at[0] < ink.width as f64 && at[1] < ink.height as f64;
    let (drawn, visible) = (points.iter().filter(inside).filter(near).count(), points.iter().filter(inside).count());
    // Where points lie close, their markers touch: there nothing lies between.
    let reach = ink.layers[usize::from(layer)].widest / 2.0 + tolerance + 1.0;
    let away = |sample: &Sample| {
        let at = points[sample.vertex];
        (at[0] - sample.at[0]).hypot(at[1] - sample.at[1]) > reach
    };
    let between: Vec<(usize, &Seen)> =
        samples.iter().zip(seen).filter(|(sample, seen)| away(sample) && **seen != Seen::Hidden).map(|(sample, seen)| (sample.vertex, seen)).collect();
    let is_bare = |seen: &Seen| matches!(seen, Seen::Ink(distance) if *distance > tolerance);
    let mut bare: Vec<usize> = between.iter().filter(|(_, seen)| is_bare(seen)).map(|(vertex, _)| *vertex).collect();
    let mostly = between.len() >= 8 && bare.len() * 10 >= between.len() * 8;
    // One false value among many that lie close makes the only stretch that is bare.
    bare.dedup();
    visible >= 3 && drawn * 10 >= visible * 8 && mostly && bare.len() * 4 >= visible
}

/// Whether ink ends on one side of a run and begins on the other, as at the gap of a dash: then the way to it grows by a pixel with
/// each step, and falls so again. Beside a line it grows slowly.
fn is_gap(seen: &[Seen], run: std::ops::Range<usize>, farthest: f64) -> bool {
    let away = |seen: &&Seen| matches!(seen, Seen::Ink(distance) if *distance > CLOSE);
    let before = seen[..run.start].iter().rev().take_while(away).count();
    let after = seen[run.end..].iter().take_while(away).count();
    (before + run.len() + after) as f64 <= 2.0 * (farthest - CLOSE) + 2.0
}

/// Runs of samples on paper, farther than `tolerance` from their ink.
fn bare_runs(seen: &[Seen], tolerance: f64) -> Vec<std::ops::Range<usize>> {
    let bare = |seen: &Seen| matches!(seen, Seen::Ink(distance) if *distance > tolerance);
    let mut runs: Vec<std::ops::Range<usize>> = Vec::new();
    for i in (0..seen.len()).filter(|&i| bare(&seen[i])) {
        match runs.last_mut() {
            Some(run) if run.end == i => run.end = i + 1,
            _ => runs.push(i..i + 1),
        }
    }
    runs
}

/// Whether the ink on both sides of most gaps does not hang together, as that of dashes doesn't: a jagged claim that crosses a solid line
/// again and again seems to have gaps too.
fn dashes_are_apart(ink: &Ink, layer: u8, samples: &[Sample], seen: &[Seen]) -> bool {
    let mut taken = vec![false; ink.cells.len()];
    let mut pieces: HashMap<usize, usize> = HashMap::new();
    let mut piece_at = |i: usize| {
        let place = ink.nearest(layer, samples[i].at, CLOSE + 1.0)?;
        if !taken[place] {
            pieces.extend(ink.piece(place, &mut taken).into_iter().map(|other| (other, place)));
        }
        pieces.get(&place).copied()
    };
    let (mut apart, mut together) = (0_usize, 0_usize);
    for run in bare_runs(seen, CLOSE) {
        if run.start > 0
            && run.end < samples.len()
            && let (Some(before), Some(after)) = (piece_at(run.start - 1), piece_at(run.end))
        {
            if before == after { together += 1 } else { apart += 1 }
        }
    }
    // Wide dashes of a small picture touch here and there.
    apart * 4 >= together
}

/// The longest run of paper that may be the gap of a dashed line: many gaps of about one length, with ink between. 0 for a solid line.
fn dash_gap(seen: &[Seen], stroke: f64) -> f64 {
    let runs = bare_runs(seen, CLOSE);
    let bare: usize = runs.iter().map(std::ops::Range::len).sum();
    // What another curve covers at one end is no whole gap.
    let whole =
        |run: &std::ops::Range<usize>| run.start > 0 && seen.get(run.end).is_some_and(|next| *next != Seen::Hidden) && seen[run.start - 1] != Seen::Hidden;
    let mut gaps: Vec<usize> = runs.into_iter().filter(whole).map(|run| run.len()).collect();
    if gaps.len() < 4 {
        return 0.0;
    }
    gaps.sort_unstable();
    let (median, upper) = (gaps[gaps.len() / 2] as f64, gaps[gaps.len() * 3 / 4] as f64);
    let share = bare as f64 / seen.len() as f64;
    let dashed = upper <= 1.6 * median + 2.0 && median <= 5.0 * stroke + 4.0 && (0.03..0.75).contains(&share);
    if dashed { 1.5 * upper + 2.0 } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_of_six_pixels_is_one_and_a_line_beside_the_ink_is_none() {
        let seen = |away: &[f64]| away.iter().map(|away| Seen::Ink(*away)).collect::<Vec<_>>();
        // Between two ends of ink the way grows by a pixel a step; a steep claim aside of its line is away longer and no farther.
        assert!(is_gap(&seen(&[0.0, 0.5, 1.5, 2.5, 2.5, 1.5, 0.5, 0.0]), 3..5, 2.5));
        assert!(!is_gap(&seen(&[0.0, 1.0, 1.4, 1.8, 2.2, 2.5, 2.5, 2.2, 1.8, 1.4, 1.0, 0.0]), 4..8, 2.5));
    }

    #[test]
    fn only_the_point_that_is_not_drawn_is_blamed_for_the_lines_to_it() {
        let mut off = [0.0, 9.0, 28.0, 9.0, 0.0, 7.0];
        acquit(&mut off, |i| i != 2);
        // The last one has no other beside it that could be to blame.
        assert_eq!(off.map(|off| off > 0.0), [false, false, true, false, false, true]);
    }
}

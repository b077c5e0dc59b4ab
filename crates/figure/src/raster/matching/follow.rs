//! Whether one claimed polyline is drawn in the ink of one layer, and which of its points is to blame where it isn't.

use mlgrade_picture::geometry::Point;
use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::track::{Budget, Track};

use crate::raster::ink::trace::{Cover, REACH, Sample, Seen, samples};
use crate::raster::ink::{Ink, Layer};
use crate::raster::legend::Legend;
use crate::raster::matching::found::Found;
use crate::raster::matching::line;

/// Ink this close is where it belongs, which tells dashes from gaps.
const CLOSE: f64 = 0.9;

/// Beyond the tolerance, so much says nothing yet, in pixels.
const UNSURE: f64 = 1.2;
/// The same of a series that is drawn sharply.
const SHARP: f64 = 0.3;

/// Up to this many steps on paper between other curves are their edges.
const SOFT: usize = 3;
/// At most one step in this many.
const MOST_SOFT: usize = 30;

/// So much paper beside what a legend may hide is more than that its box was read too small, in pixels.
const UNCOVERED: f64 = 14.0;

/// At most one step in this many of a grey line under legends that others shine through.
const MOST_UNDER_GLASS: usize = 4;

/// A claimed polyline, and what is drawn along it.
struct Trail<'a> {
    ink: &'a Ink,
    legend: &'a Legend,
    layer: u8,
    points: &'a [Point],
    samples: Vec<Sample>,
    seen: Vec<Seen>,
    tolerance: f64,
}

/// How far the points are off, and whether something is drawn badly, or may be hidden.
struct Blame {
    off: Vec<f64>,
    veiled: bool,
}

/// Another series of the same layer. Its points are put in order when they are first asked for, which is seldom.
pub(in crate::raster) struct Rival<'a> {
    points: &'a [Point],
    track: OnceCell<Track>,
    budget: &'a Budget,
}

impl<'a> Rival<'a> {
    pub(in crate::raster) fn of(points: &'a [Point], budget: &'a Budget) -> Self {
        Self { points, track: OnceCell::new(), budget }
    }

    /// Whether its line comes so near to a place, or one of its points.
    fn runs_by(&self, at: Point, line: f64, marker: f64) -> bool {
        let track = self.track.get_or_init(|| Track::new(&[self.points.to_vec()]));
        track.distance(at, line, self.budget).is_some() || track.end_distance(at, marker, self.budget).is_some()
    }
}

/// Holds `points` against the ink of `layer`; `others` are series of the same layer, which prove nothing where they run.
pub(in crate::raster) fn follow(ink: &Ink, points: &[Point], layer: u8, legend: &Legend, others: &[&Rival]) -> Found {
    let samples = samples(points, [ink.width as f64, ink.height as f64], 1.0, 1.0);
    let cover = legend.cover_of(ink, layer);
    let tolerance = line::tolerance(ink, layer);
    let seen = without_soft_edges(samples.iter().map(|sample| ink.look(layer, sample.at, cover)).collect(), tolerance);
    let trail = Trail { ink, legend, layer, points, samples, seen, tolerance };
    let gap = trail.dash_gap();
    let Blame { mut off, mut veiled } = if trail.is_markers_alone() { trail.blame_markers() } else { trail.blame_lines(others, gap) };
    veiled |= trail.is_under_glass();
    if trail.is_pale() {
        (off, veiled) = (vec![0.0; points.len()], true);
    }
    // Where strokes are wider than one looks, nothing is known to be off.
    off.iter_mut().filter(|off| **off <= trail.tolerance).for_each(|off| *off = 0.0);
    let count = trail.seen.len().max(1) as f64;
    let share = |test: &dyn Fn(&Seen) -> bool| trail.seen.iter().filter(|seen| test(seen)).count() as f64 / count;
    let hidden = share(&|seen| *seen == Seen::Hidden);
    let held = share(&|seen| seen.is_within(trail.tolerance));
    Found { layer, points: points.to_vec(), off, elsewhere: None, held, hidden, veiled, dashed: gap > 0.0 }
}

impl Trail<'_> {
    fn cover(&self) -> &Cover {
        self.legend.cover_of(self.ink, self.layer)
    }

    /// Whether much of a grey line lies under legends that others shine through: what a box of that kind is said to hide is too easily wrong.
    fn is_under_glass(&self) -> bool {
        let glass = |(sample, seen): &(&Sample, &Seen)| **seen == Seen::Hidden && self.cover().holds(sample.at) && !self.legend.cover.holds(sample.at);
        self.samples.iter().zip(&self.seen).filter(glass).count() * MOST_UNDER_GLASS > self.samples.len()
    }

    /// Whether something is drawn all along that is too pale to be distinguished from the edges of the rest.
    fn is_pale(&self) -> bool {
        let bare: Vec<&Sample> = self.samples.iter().zip(&self.seen).filter(|(_, seen)| seen.is_beyond(self.tolerance)).map(|(sample, _)| sample).collect();
        let visible = self.seen.iter().filter(|seen| **seen != Seen::Hidden).count();
        let pale = bare.iter().filter(|sample| self.ink.is_pale(sample.at)).count();
        bare.len() * 2 > visible && pale * 10 >= bare.len() * 6
    }

    /// Blames each point without a marker.
    fn blame_markers(&self) -> Blame {
        let mut blame = Blame { off: vec![0.0; self.points.len()], veiled: false };
        for (off, &at) in blame.off.iter_mut().zip(self.points) {
            match self.ink.look(self.layer, at, self.cover()) {
                Seen::Ink(distance) if distance <= self.tolerance => {}
                Seen::Ink(distance) if distance <= self.tolerance + UNSURE || self.legend.veil.holds(at) => blame.veiled = true,
                Seen::Ink(distance) => *off = distance.min(2.0 * REACH),
                Seen::Hidden => {}
            }
        }
        blame
    }

    /// Blames points for the stretches of line beside them that are not drawn; `gap` is the longest gap of a dashed line.
    fn blame_lines(&self, others: &[&Rival], gap: f64) -> Blame {
        let (stretches, veiled) = self.bare_stretches(gap);
        let mut blame = Blame { off: vec![0.0; self.points.len()], veiled };
        let bare: HashSet<usize> = stretches.iter().map(|stretch| self.samples[stretch[0]].ends[0]).collect();
        // Nothing leads to a point that lies on ink by chance, on neither side.
        let is_cut_off = |point: usize| bare.len() == 2 && point > 0 && bare.contains(&(point - 1)) && bare.contains(&point);
        for stretch in stretches {
            let [a, b] = self.samples[stretch[0]].ends;
            let blamed = match [a, b].map(|end| self.proves(self.points[end], others)) {
                [true, false] => Some(b),
                [false, true] => Some(a),
                // Each sample blames the nearer one.
                [false, false] => None,
                [true, true] if is_cut_off(a) != is_cut_off(b) => Some(if is_cut_off(a) { a } else { b }),
                // Between two points that are drawn, a line is drawn badly rather than wrong.
                [true, true] => {
                    blame.veiled = true;
                    continue;
                }
            };
            for i in stretch {
                let off = &mut blame.off[blamed.unwrap_or(self.samples[i].vertex)];
                *off = off.max(self.seen[i].distance().unwrap_or(0.0).min(2.0 * REACH));
            }
        }
        blame
    }

    /// The samples between two points, each time, that are surely on paper, and whether others may be.
    fn bare_stretches(&self, gap: f64) -> (Vec<Vec<usize>>, bool) {
        let stroke = self.ink.layers[usize::from(self.layer)].stroke;
        let unsure = self.tolerance + if is_sharp(&self.seen, self.tolerance) { SHARP } else { UNSURE };
        let (mut stretches, mut veiled) = (Vec::new(), false);
        for run in bare_runs(&self.seen, self.tolerance) {
            if run.len() as f64 <= gap {
                continue;
            }
            // What is off by little more than that may be drawn badly.
            let farthest = run.clone().filter_map(|i| self.seen[i].distance()).fold(0.0, f64::max);
            if farthest <= unsure {
                veiled |= !is_gap(&self.seen, run, farthest);
                continue;
            }
            // A legend without a frame may hide it, or not.
            let open: Vec<usize> = run.clone().filter(|&i| !self.legend.veil.holds(self.samples[i].at)).collect();
            if open.len() * 2 <= run.len() && (open.len() as f64) < UNCOVERED.max(3.0 * stroke).max(2.0 * gap) {
                veiled = true;
                continue;
            }
            stretches.extend(open.chunk_by(|&i, &j| self.samples[i].ends == self.samples[j].ends).map(<[usize]>::to_vec));
        }
        (stretches, veiled)
    }

    /// Whether the point itself is seen, and is no place of another series' line or marker.
    fn proves(&self, at: Point, others: &[&Rival]) -> bool {
        let Layer { stroke, widest, .. } = self.ink.layers[usize::from(self.layer)];
        let (line, marker) = (self.tolerance + stroke / 2.0, self.tolerance + widest / 2.0);
        self.ink.look(self.layer, at, self.cover()).is_within(self.tolerance) && !others.iter().any(|other| other.runs_by(at, line, marker))
    }

    /// Whether a series is drawn as markers that no line joins: its points have ink, and most of what lies between them has none.
    fn is_markers_alone(&self) -> bool {
        let Self { ink, layer, points, tolerance, .. } = *self;
        let near = |at: &&Point| ink.distance(layer, **at, REACH) <= tolerance;
        let inside = |at: &&Point| at[0] >= 0.0 && at[1] >= 0.0 && at[0] < ink.width as f64 && at[1] < ink.height as f64;
        let (drawn, visible) = (points.iter().filter(inside).filter(near).count(), points.iter().filter(inside).count());
        // Where points lie close, their markers touch: there nothing lies between.
        let reach = ink.layers[usize::from(layer)].widest / 2.0 + tolerance + 1.0;
        let away = |sample: &Sample| {
            let at = points[sample.vertex];
            (at[0] - sample.at[0]).hypot(at[1] - sample.at[1]) > reach
        };
        let between: Vec<(usize, Seen)> = self
            .samples
            .iter()
            .zip(&self.seen)
            .filter(|(sample, seen)| away(sample) && **seen != Seen::Hidden)
            .map(|(sample, seen)| (sample.vertex, *seen))
            .collect();
        let mut bare: Vec<usize> = between.iter().filter(|(_, seen)| seen.is_beyond(tolerance)).map(|(vertex, _)| *vertex).collect();
        let mostly = between.len() >= 8 && bare.len() * 10 >= between.len() * 8;
        // One false value among many that lie close makes the only stretch that is bare.
        bare.dedup();
        visible >= 3 && drawn * 10 >= visible * 8 && mostly && bare.len() * 4 >= visible
    }

    /// The longest run of paper that may be the gap of a dashed line. 0 for a solid one.
    fn dash_gap(&self) -> f64 {
        let gap = dash_gap(&self.seen, self.ink.layers[usize::from(self.layer)].stroke);
        if gap > 0.0 && self.dashes_are_apart() { gap } else { 0.0 }
    }

    /// Whether the ink on both sides of most gaps does not hang together, as that of dashes doesn't: a jagged claim that crosses a solid
    /// line again and again seems to have gaps too.
    fn dashes_are_apart(&self) -> bool {
        let mut taken = vec![false; self.ink.cells.len()];
        let mut pieces: HashMap<usize, usize> = HashMap::new();
        let mut piece_at = |i: usize| {
            let place = self.ink.nearest(self.layer, self.samples[i].at, CLOSE + 1.0)?;
            if !taken[place] {
                pieces.extend(self.ink.piece(place, &mut taken).into_iter().map(|other| (other, place)));
            }
            pieces.get(&place).copied()
        };
        let (mut apart, mut together) = (0_usize, 0_usize);
        for run in bare_runs(&self.seen, CLOSE) {
            if run.start > 0
                && run.end < self.samples.len()
                && let (Some(before), Some(after)) = (piece_at(run.start - 1), piece_at(run.end))
            {
                if before == after { together += 1 } else { apart += 1 }
            }
        }
        // Wide dashes of a small picture touch here and there.
        apart * 4 >= together
    }
}

/// Takes a few steps on paper between curves that hide the line for hidden too: they are the soft edges of those. Many of them are no edges.
fn without_soft_edges(mut seen: Vec<Seen>, tolerance: f64) -> Vec<Seen> {
    let is_edge = |run: &Range<usize>| {
        let mut beside = [run.start.checked_sub(1), Some(run.end)].into_iter().flatten().filter_map(|i| seen.get(i));
        run.len() <= SOFT && beside.all(|seen| *seen == Seen::Hidden)
    };
    let edges: Vec<Range<usize>> = bare_runs(&seen, tolerance).into_iter().filter(is_edge).collect();
    if edges.iter().map(Range::len).sum::<usize>() <= SOFT.max(seen.len() / MOST_SOFT) {
        for run in edges {
            seen[run].fill(Seen::Hidden);
        }
    }
    seen
}

/// Whether ink ends on one side of a run and begins on the other, as at the gap of a dash: then the way to it grows by a pixel with
/// each step, and falls so again. Beside a line it grows slowly.
fn is_gap(seen: &[Seen], run: Range<usize>, farthest: f64) -> bool {
    let away = |seen: &&Seen| seen.is_beyond(CLOSE);
    let before = seen[..run.start].iter().rev().take_while(away).count();
    let after = seen[run.end..].iter().take_while(away).count();
    (before + run.len() + after) as f64 <= 2.0 * (farthest - CLOSE) + 2.0
}

/// Whether nearly all that is drawn lies where it is claimed to a pixel: then what is off by little more than the tolerance is no bad drawing.
fn is_sharp(seen: &[Seen], tolerance: f64) -> bool {
    let within = |reach: f64| seen.iter().filter(|seen| seen.is_within(reach)).count();
    within(CLOSE) * 50 >= within(tolerance) * 49
}

/// Runs of samples on paper, farther than `tolerance` from their ink.
fn bare_runs(seen: &[Seen], tolerance: f64) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for i in (0..seen.len()).filter(|&i| seen[i].is_beyond(tolerance)) {
        match runs.last_mut() {
            Some(run) if run.end == i => run.end = i + 1,
            _ => runs.push(i..i + 1),
        }
    }
    runs
}

/// The longest run of paper that may be a dash's gap: many gaps of about one length, with ink between. 0 if there are none.
fn dash_gap(seen: &[Seen], stroke: f64) -> f64 {
    let runs = bare_runs(seen, CLOSE);
    let bare: usize = runs.iter().map(Range::len).sum();
    // What another curve covers at one end is no whole gap.
    let whole = |run: &Range<usize>| run.start > 0 && seen.get(run.end).is_some_and(|next| *next != Seen::Hidden) && seen[run.start - 1] != Seen::Hidden;
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
    use crate::reading::Frame;
    use mlgrade_picture::Picture;

    #[test]
    fn a_gap_of_six_pixels_is_one_and_a_line_beside_the_ink_is_none() {
        let seen = |away: &[f64]| away.iter().map(|away| Seen::Ink(*away)).collect::<Vec<_>>();
        // Between two ends of ink the way grows by a pixel a step; a steep claim aside of its line is away longer and no farther.
        assert!(is_gap(&seen(&[0.0, 0.5, 1.5, 2.5, 2.5, 1.5, 0.5, 0.0]), 3..5, 2.5));
        assert!(!is_gap(&seen(&[0.0, 1.0, 1.4, 1.8, 2.2, 2.5, 2.5, 2.2, 1.8, 1.4, 1.0, 0.0]), 4..8, 2.5));
    }

    /// A panel of 120 by 100 pixels with blue lines, two pixels wide, through these points.
    fn drawn(lines: &[&[Point]]) -> Ink {
        let (width, height) = (120_usize, 100_usize);
        let mut rgb = vec![255; width * height * 3];
        for sample in lines.iter().flat_map(|points| samples(points, [width as f64, height as f64], 0.0, 0.5)) {
            for (x, y) in [(0, 0), (0, 1), (1, 0), (1, 1)].map(|(dx, dy)| (sample.at[0] as usize + dx, sample.at[1] as usize + dy)) {
                if x < width && y < height {
                    rgb[(y * width + x) * 3..][..3].copy_from_slice(&[20, 40, 200]);
                }
            }
        }
        Ink::of(&Picture { width, height, rgb }, Frame { left: 0, top: 0, right: width, bottom: height })
    }

    fn off(ink: &Ink, claimed: &[Point], others: &[&[Point]]) -> (Vec<bool>, bool) {
        let budget = Budget::new();
        let rivals: Vec<Rival> = others.iter().map(|points| Rival::of(points, &budget)).collect();
        let found = follow(ink, claimed, 0, &Legend::default(), &rivals.iter().collect::<Vec<_>>());
        (found.off.iter().map(|off| *off > 0.0).collect(), found.veiled)
    }

    const LOW: [Point; 4] = [[10.0, 80.0], [40.0, 70.0], [70.0, 75.0], [110.0, 85.0]];
    const HIGH: [Point; 4] = [[10.0, 20.0], [40.0, 30.0], [70.0, 25.0], [110.0, 15.0]];

    #[test]
    fn a_point_that_is_claimed_on_another_line_of_its_colour_is_to_blame() {
        let ink = drawn(&[&LOW, &HIGH]);
        assert_eq!(off(&ink, &LOW, &[&HIGH]), (vec![false; 4], false));
        // The third point lies on the other line, and the lines to it on paper.
        let claimed = [LOW[0], LOW[1], HIGH[2], LOW[3]];
        assert_eq!(off(&ink, &claimed, &[&HIGH]), (vec![false, false, true, false], false));
    }

    #[test]
    fn a_point_outside_of_the_frame_is_to_blame_for_the_lines_that_lead_to_it() {
        let ink = drawn(&[&LOW]);
        assert_eq!(off(&ink, &[LOW[0], LOW[1], [70.0, 180.0], LOW[3]], &[]), (vec![false, false, true, false], false));
    }

    #[test]
    fn a_point_that_lies_on_ink_by_chance_is_to_blame_if_nothing_leads_to_it() {
        let ink = drawn(&[&LOW, &[[70.0, 20.0], [70.0, 30.0]]]);
        assert_eq!(off(&ink, &[LOW[0], LOW[1], [70.0, 25.0], LOW[3]], &[]), (vec![false, false, true, false], false));
    }

    #[test]
    fn a_line_that_leaves_the_claim_between_two_points_that_are_drawn_is_drawn_badly() {
        let ink = drawn(&[&[LOW[0], [25.0, 60.0], LOW[1], LOW[2], LOW[3]]]);
        assert_eq!(off(&ink, &LOW, &[]), (vec![false; 4], true));
    }
}

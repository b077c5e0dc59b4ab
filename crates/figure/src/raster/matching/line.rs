//! Whether claimed polylines are drawn: each step along them must find ink of its colour, and the colour's ink must be claimed.

use crate::track::Budget;
use mlgrade_picture::geometry::Point;

use crate::raster::ink::trace::{Cover, Sample, samples};
use crate::raster::ink::{Cell, Ink};
use crate::raster::legend::Legend;
use crate::raster::matching::align::Move;
use crate::raster::matching::follow::{Rival, follow};
use crate::raster::matching::found::{Found, layers};
use crate::raster::matching::moved;
use crate::raster::matching::stray::{self, Stray};

/// What was found of a claim of lines on one panel.
#[derive(Debug, Clone)]
pub(in crate::raster) struct Lines {
    pub(in crate::raster) series: Vec<Found>,
    /// The share of the used colours' ink that nobody claims, the worst colour's.
    pub(in crate::raster) unclaimed: f64,
    /// Pieces of a used colour's ink that leave a claimed line: where each is.
    pub(in crate::raster) stray: Vec<Stray>,
    /// The largest stroke width of the used colours.
    pub(in crate::raster) stroke: f64,
}

/// What a sharp line may be off: labels are read to a pixel, and lines are joined, rounded and drawn anew at other sizes.
const TOLERANCE: f64 = 1.8;

/// Where more ink is unclaimed, or strokes are wider in shares of the panel, no single value is looked for.
const MOST_UNCLAIMED: f64 = 0.3;
const WIDEST: f64 = 0.06;

/// Of a series that is said to be of another layer than that which fits it best, at least so much must be drawn there.
const LEAST_SEEN: f64 = 0.25;

pub(in crate::raster) fn find(ink: &Ink, claimed: &[Vec<Point>], legend: &Legend) -> Option<Lines> {
    if ink.layers.is_empty() {
        return None;
    }
    let size = [ink.width as f64, ink.height as f64];
    let coarse: Vec<Vec<Sample>> = claimed.iter().map(|points| samples(points, size, 0.0, 3.0)).collect();
    let layers = choose(ink, &coarse, legend)?;
    let aligned: Vec<(u8, Vec<Sample>)> = layers.iter().zip(&coarse).map(|(&layer, samples)| (layer, samples.clone())).collect();
    let small = Move::onto(ink, &aligned);
    let moved: Vec<Vec<Point>> = claimed.iter().map(|points| points.iter().map(|&at| small.apply(at, size)).collect()).collect();
    let budget = Budget::new();
    let rivals: Vec<Rival> = moved.iter().map(|points| Rival::of(points, &budget)).collect();
    let others = |i: usize| -> Vec<&Rival> { (0..moved.len()).filter(|&j| j != i && layers[j] == layers[i]).map(|j| &rivals[j]).collect() };
    let mut series: Vec<Found> = (0..moved.len()).map(|i| follow(ink, &moved[i], layers[i], legend, &others(i))).collect();
    for i in 0..series.len() {
        if series[i].veiled || series[i].worst().is_some() {
            let is_taken = |layer: u8| (0..series.len()).any(|j| j != i && series[j].layer == layer);
            let alone = !is_taken(series[i].layer);
            // Its own colour would be left over.
            let worse = |better: &Found| alone && is_taken(better.layer) && better.held < series[i].held;
            if let Some(better) = elsewhere(ink, &moved[i], &series[i], legend).filter(|better| !worse(better)) {
                series[i] = better;
            }
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
fn choose(ink: &Ink, claimed: &[Vec<Sample>], legend: &Legend) -> Option<Vec<u8>> {
    let fit = |samples: &[Sample], layer: u8| {
        let (mut sum, mut known) = (0.0, 0.0);
        for sample in samples.iter().step_by(1 + samples.len() / 400) {
            let distance = ink.distance(layer, sample.at, 6.0);
            if distance <= 1.0 || !hidden(ink, layer, sample.at, legend.cover_of(ink, layer)) {
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
    let others = (0..ink.layers.len() as u8).filter(|&layer| layer != one.layer).map(|layer| follow(ink, points, layer, legend, &[]));
    let whole = others.filter(|other| other.worst().is_none() && !other.veiled && other.held > LEAST_SEEN && other.is_joined());
    whole.max_by(|a, b| a.held.total_cmp(&b.held))
}

fn hidden(ink: &Ink, layer: u8, at: Point, cover: &Cover) -> bool {
    let cell = ink.at(at[0].floor() as isize, at[1].floor() as isize);
    (cell != Cell::Paper && cell != Cell::Ink(layer)) || cover.holds(at)
}

/// The most that a line of this layer may be off: wide strokes hide more.
pub(in crate::raster) fn tolerance(ink: &Ink, layer: u8) -> f64 {
    TOLERANCE + 0.5 * (ink.layers[usize::from(layer)].stroke / 2.0 - 1.5).max(0.0)
}

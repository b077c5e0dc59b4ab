//! Figures: equal pixel for pixel, or but for how they were saved or scaled.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;

use crate::evidence::bag::Bag;
use crate::picture::Picture;
use crate::picture::figure::{Content, ENDINGS};
use crate::report::similar::Kind;

use super::feature::{Classes, Feature, by_name};

/// Cells a side over whose means pictures are compared.
const CELLS: usize = 64;

/// The greatest difference of a cell's mean, of 255, that saving a plot anew or scaling it makes. Measured on thirty plots saved as JPEG of
/// quality 50 to 85, in 64 colours, and scaled to half, four fifths, one and a half and twice their size: at most 53. Of two plots of the
/// same kind with other curves, some 2,000 pairs, some cell differs by 72 or more.
const CELL_DIFFERENCE: u8 = 56;

/// The greatest mean difference over all cells, of 255; measured as above, at most 3.3.
const MEAN_DIFFERENCE: f64 = 3.5;

/// The figures of one submission that are looked at.
const MOST: usize = 64;

/// How many places of a series an equal picture is worth, and a nearly equal one.
const PLACES: (usize, usize) = (8, 5);

/// What is kept of a figure.
#[derive(Debug)]
pub(super) struct Seen {
    hash: [u8; 32],
    /// In pixels; none of a drawing.
    size: Option<(usize, usize)>,
    /// The mean red, green and blue of each cell, row by row; empty for a drawing.
    cells: Vec<u8>,
    path: String,
}

/// The figures in `bag`: those that are `wanted`, and those in `figures/` or at the top.
pub(super) fn of_bag(bag: &Bag, wanted: &BTreeSet<String>) -> BTreeMap<String, Seen> {
    let names = bag.paths().filter_map(name_of).map(str::to_owned);
    let names: BTreeSet<String> = wanted.iter().cloned().chain(names).collect();
    names.into_iter().filter_map(|name| Some((name.clone(), seen(bag, &name)?))).take(MOST).collect()
}

/// The name of the figure that the file at `path` is.
pub(super) fn name_of(path: &str) -> Option<&str> {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let (name, ending) = file.rsplit_once('.')?;
    let known = ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)) && (folder.is_empty() || folder.eq_ignore_ascii_case("figures"));
    known.then_some(name)
}

fn seen(bag: &Bag, name: &str) -> Option<Seen> {
    let figure = bag.figure(name).ok()?;
    let Some(picture) = Picture::of_figure(&figure) else {
        let bytes = match &figure.content {
            Content::Drawing { source, .. } => source.clone(),
            Content::Chart { chart, .. } => chart.to_string(),
            Content::Raster { .. } => return None,
        };
        return Some(Seen { hash: *blake3::hash(bytes.as_bytes()).as_bytes(), size: None, cells: Vec::new(), path: figure.path });
    };
    let size = (picture.width, picture.height);
    let cells = cells(&picture)?;
    let (least, greatest) = (cells.iter().min()?, cells.iter().max()?);
    // An empty sheet is like any other.
    if greatest - least < 8 {
        return None;
    }
    let mut hasher = blake3::Hasher::new();
    hasher.update(&[size.0, size.1].map(|side| side as u64).map(u64::to_le_bytes).concat());
    hasher.update(&picture.rgb);
    Some(Seen { hash: *hasher.finalize().as_bytes(), size: Some(size), cells, path: figure.path })
}

/// The mean colour of each cell; `None` for a picture with fewer pixels a side than cells.
fn cells(picture: &Picture) -> Option<Vec<u8>> {
    let (width, height) = (picture.width, picture.height);
    if width < CELLS || height < CELLS {
        return None;
    }
    let mut sums = vec![[0_u64; 4]; CELLS * CELLS];
    for (y, row) in picture.rgb.chunks_exact(width * 3).enumerate() {
        for (x, pixel) in row.chunks_exact(3).enumerate() {
            let cell = &mut sums[y * CELLS / height * CELLS + x * CELLS / width];
            cell.iter_mut().zip(pixel).for_each(|(sum, value)| *sum += u64::from(*value));
            cell[3] += 1;
        }
    }
    Some(sums.into_iter().flat_map(|[r, g, b, count]| [r, g, b].map(|sum| u8::try_from(sum / count.max(1)).unwrap_or(u8::MAX))).collect())
}

/// The features of all figures.
pub(super) fn features(class: &[&BTreeMap<String, Seen>]) -> Vec<Feature> {
    by_name(class, |name| name.to_lowercase().into()).into_par_iter().flat_map_iter(|(name, seen)| of_name(class.len(), &name, &seen)).collect()
}

fn of_name(count: usize, name: &str, seen: &[(usize, &Seen)]) -> Vec<Feature> {
    let by_submission: HashMap<usize, &Seen> = seen.iter().copied().collect();
    let exact = Classes::by_key(seen.iter().map(|(who, seen)| (*who, seen.hash)));
    let near = exact.merged(|a, b| by_submission[&a].is_near(by_submission[&b]));
    let make = |classes: &Classes, exact: bool| {
        Feature::new(Kind::Images, name, &format!("figures/{name}"), exact, count, classes, |holders| {
            let (first, last) = (by_submission[&holders[0]], by_submission[&holders[holders.len() - 1]]);
            let rest = seen.len() - holders.len();
            let places = if rest < 5 {
                0
            } else if exact {
                PLACES.0
            } else {
                PLACES.1
            };
            (256.0, places, first.exhibit(last, exact))
        })
    };
    let mut features = vec![make(&exact, true)];
    features.extend(near.map(|near| make(&near, false)));
    features
}

impl Seen {
    fn is_near(&self, other: &Self) -> bool {
        let (Some((w, h)), Some((v, g))) = (self.size, other.size) else { return false };
        // The same shape, to within a pixel or a fiftieth.
        let (across, down) = (w * g, v * h);
        if across.abs_diff(down) * 50 > across.max(down) {
            return false;
        }
        let differences = || self.cells.iter().zip(&other.cells).map(|(a, b)| a.abs_diff(*b));
        differences().all(|difference| difference <= CELL_DIFFERENCE)
            && differences().map(u64::from).sum::<u64>() as f64 <= MEAN_DIFFERENCE * self.cells.len() as f64
    }

    fn exhibit(&self, other: &Self, exact: bool) -> String {
        let size = |seen: &Self| seen.size.map_or_else(|| "a drawing".to_owned(), |(width, height)| format!("{width}×{height} pixels"));
        match (exact, self.size) {
            (true, Some(_)) => format!("equal pixel for pixel, {}", size(self)),
            (true, None) => "the same drawing".to_owned(),
            (false, _) => format!("equal but for how it was saved or scaled: {} ({}) and {} ({})", self.path, size(self), other.path, size(other)),
        }
    }
}

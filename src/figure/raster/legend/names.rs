//! Whether the names beside a legend's handles are those that are claimed.

use crate::evidence::picture::Picture;
use crate::figure::assignment::assign;
use crate::figure::raster::found::Found;
use crate::figure::text;

use super::{Entry, Legend};

/// How the claimed names stand to those of the legend.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::figure::raster) enum Names {
    /// Each is where it is claimed, or there is no legend to tell.
    Agree,
    /// These two claimed series have each other's name, by their places in the claim.
    Exchanged(usize, usize),
    /// The first claimed series seems to have the name of the second; where the second one's own name is cannot be read.
    Doubtful(usize, usize),
}

/// Letters lower than this, in pixels, are not told apart.
const LEGIBLE: usize = 6;

/// The likeness that a reading of names has at least, and by how much it must be more than that of the claimed names: means over
/// series, and what one series alone must have.
const READ: (f64, f64) = (0.45, 0.65);
const SURE: (f64, f64) = (0.3, 0.4);

/// How a claimed series is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::figure::raster) struct Drawn {
    layer: u8,
    dashed: bool,
    /// Whether most of it can be seen, so that it is surely this layer.
    clear: bool,
}

impl Drawn {
    /// More may not be hidden.
    const HIDDEN: f64 = 0.6;

    pub(in crate::figure::raster) fn of(found: &Found) -> Self {
        Self { layer: found.layer, dashed: found.dashed, clear: found.hidden <= Self::HIDDEN }
    }
}

/// Holds the claimed names against the text beside each handle.
pub(in crate::figure::raster) fn names(picture: &Picture, legend: &Legend, names: &[&str], drawn: &[Drawn]) -> Names {
    let count = names.len();
    let legible: Vec<&Entry> = legend.entries.iter().filter(|entry| entry.text.bottom - entry.text.top >= LEGIBLE).take(24).collect();
    if count < 2 || legible.len() < 2 || count > 16 {
        return Names::Agree;
    }
    let likeness: Vec<Vec<f32>> = legible.iter().map(|entry| text::likeness(picture, entry.text, names)).collect();
    // How alike each name is to what stands beside a series' handle; `None` where no handle is known to be its own.
    let likely: Vec<Option<Vec<f64>>> = drawn.iter().map(|one| beside_handle(&legible, &likeness, drawn, *one)).collect();
    let cost: Vec<Vec<f64>> = likely.iter().map(|row| row.as_ref().map_or(vec![0.0; count], |row| row.iter().map(|likely| -likely).collect())).collect();
    let best = assign(&cost);
    let moved: Vec<(usize, f64, f64)> = likely
        .iter()
        .zip(&best)
        .enumerate()
        .filter_map(|(i, (row, &place))| row.as_ref().filter(|_| place != i).map(|row| (i, row[place], row[place] - row[i])))
        .collect();
    match moved.as_slice() {
        // Gaps alone, which tell series of one colour apart, are not seen well enough to believe one of them.
        &[(wrong, likeness, gain)] if likeness > READ.1 && gain > SURE.1 && bears_alone(drawn, drawn[wrong].layer) => Names::Doubtful(wrong, best[wrong]),
        [] | [_] => Names::Agree,
        [..] => {
            let mean = |of: fn(&(usize, f64, f64)) -> f64| moved.iter().map(of).sum::<f64>() / moved.len() as f64;
            let exchanged = mean(|one| one.1) > READ.0 && mean(|one| one.2) > SURE.0;
            let widest = moved.iter().max_by(|a, b| a.2.total_cmp(&b.2)).filter(|_| exchanged);
            let by_colour = moved.iter().all(|&(i, ..)| bears_alone(drawn, drawn[i].layer));
            match widest {
                Some(&(wrong, ..)) if by_colour => Names::Exchanged(wrong, best[wrong]),
                Some(&(wrong, ..)) => Names::Doubtful(wrong, best[wrong]),
                None => Names::Agree,
            }
        }
    }
}

/// Whether one series alone is of this layer.
fn bears_alone(drawn: &[Drawn], layer: u8) -> bool {
    drawn.iter().filter(|one| one.layer == layer).count() == 1
}

/// The likeness of each name to the text beside the handles of a series. `None` if there are none, or if others look the same.
fn beside_handle(entries: &[&Entry], likeness: &[Vec<f32>], drawn: &[Drawn], one: Drawn) -> Option<Vec<f64>> {
    let alone = bears_alone(drawn, one.layer);
    let told = one.clear && drawn.iter().filter(|other| (other.layer, other.dashed) == (one.layer, one.dashed)).count() == 1;
    let own = entries.iter().zip(likeness).filter(|(entry, _)| entry.layer == one.layer && (alone || entry.dashed == one.dashed));
    let best = |a: Vec<f64>, b: Vec<f64>| a.into_iter().zip(b).map(|(a, b)| a.max(b)).collect();
    own.map(|(_, scores)| scores.iter().map(|score| f64::from(*score)).collect()).reduce(best).filter(|_| told)
}

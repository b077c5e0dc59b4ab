//! Predictions: identical number by number, or wrong in the same way.
//!
//! What is right is known from the rubric's data, or else is what most of the class predict. Good models agree where they are right;
//! where they are wrong, they differ.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;

use crate::domain::answers::whole;
use crate::domain::number::Finite;
use crate::evidence::bag::Bag;
use crate::evidence::predictions::{Content, ENDINGS};
use crate::report::similar::Kind;

use super::feature::{Classes, Feature, by_name};

/// The examples whose labels are kept.
const MOST_EXAMPLES: usize = 100_000;

/// Whoever has more wrong than this is not compared by what is wrong: nearly anything agrees with nearly anything there.
const MOST_WRONG: usize = 3_000;

/// The share of what either of two got wrong that both must have wrong in the same way, and the least number of such examples.
const SAME_WRONG: f64 = 0.8;
const LEAST_WRONG: usize = 10;

/// How many places of a series predictions are worth that are identical, or wrong in the same way: as many as are counted.
const PLACES: usize = 16;

/// What is kept of predictions.
#[derive(Debug)]
pub(super) struct Made {
    hash: [u8; 32],
    rows: usize,
    /// The class of each example, by a number of its own; empty where they are values.
    labels: Vec<u32>,
    /// The classes, by these numbers.
    names: Vec<String>,
}

/// The right labels of predictions, by their name.
pub type Right = BTreeMap<String, Vec<String>>;

/// The predictions in `bag`: those that are `wanted`, and those in `predictions/`.
pub(super) fn of_bag(bag: &Bag, wanted: &BTreeSet<String>) -> BTreeMap<String, Made> {
    let names: BTreeSet<String> = bag.paths().filter_map(name_of).map(str::to_owned).chain(wanted.iter().cloned()).collect();
    names.into_iter().filter_map(|name| Some((name.clone(), made(bag, &name)?))).take(64).collect()
}

/// The name of the predictions that the file at `path` holds.
pub(super) fn name_of(path: &str) -> Option<&str> {
    let (folder, file) = path.rsplit_once('/')?;
    let (name, ending) = file.rsplit_once('.')?;
    (folder.eq_ignore_ascii_case("predictions") && ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known))).then_some(name)
}

fn add(hasher: &mut blake3::Hasher, value: Finite) {
    hasher.update(&value.get().to_bits().to_le_bytes());
}

fn made(bag: &Bag, name: &str) -> Option<Made> {
    let predictions = bag.predictions(name).ok()?;
    let mut hasher = blake3::Hasher::new();
    let labels: Option<Vec<String>> = match &predictions.content {
        Content::Numbers { values, .. } => {
            for value in values {
                add(&mut hasher, *value);
            }
            values.iter().take(MOST_EXAMPLES).map(|value| whole(value.get()).map(|label| label.to_string())).collect()
        }
        Content::Names(names) => {
            for name in names {
                hasher.update(name.as_bytes()).update(b"\n");
            }
            Some(names.iter().take(MOST_EXAMPLES).cloned().collect())
        }
        Content::Rows(rows) => {
            for value in &rows.values {
                add(&mut hasher, *value);
            }
            let greatest = |row| crate::domain::tolerance::argmax(row).map(|place| rows.names.get(place).cloned().unwrap_or_else(|| place.to_string()));
            rows.iter().take(MOST_EXAMPLES).map(greatest).collect()
        }
    };
    let mut known: BTreeMap<String, u32> = BTreeMap::new();
    let mut names = Vec::new();
    let number = |label: String| {
        *known.entry(label.clone()).or_insert_with(|| {
            names.push(label);
            u32::try_from(names.len() - 1).unwrap_or(u32::MAX)
        })
    };
    let labels = labels.filter(|_| predictions.len() <= MOST_EXAMPLES).map(|labels| labels.into_iter().map(number).collect()).unwrap_or_default();
    // Hundreds of different numbers are values, not classes.
    let labels = if names.len() > 256 { Vec::new() } else { labels };
    Some(Made { hash: *hasher.finalize().as_bytes(), rows: predictions.len(), labels, names })
}

/// The features of all predictions.
pub(super) fn features(class: &[&BTreeMap<String, Made>], right: &Right) -> Vec<Feature> {
    by_name(class, Cow::from).into_iter().flat_map(|(name, made)| of_name(class.len(), &name, &made, right.get(&*name))).collect()
}

fn of_name(count: usize, name: &str, made: &[(usize, &Made)], right: Option<&Vec<String>>) -> Vec<Feature> {
    let by_submission: HashMap<usize, &Made> = made.iter().copied().collect();
    let path = format!("predictions/{name}");
    let identical = Classes::by_key(made.iter().map(|(who, made)| (*who, made.hash)));
    let exact = Feature::new(Kind::Predictions, name, &path, true, count, &identical, |holders| {
        let rows = by_submission[&holders[0]].rows;
        (rows as f64, if rows < 100 { 0 } else { PLACES }, format!("all {rows} predictions are identical"))
    });
    let wrong = wrong(made, right);
    let Some(near) = identical.merged(|a, b| {
        let (Some(a), Some(b)) = (wrong.get(&a), wrong.get(&b)) else { return false };
        let (same, either) = a.overlap(b);
        same >= LEAST_WRONG && same as f64 >= SAME_WRONG * either as f64
    }) else {
        return vec![exact];
    };
    let other_shares = shares_of_others(&near, &wrong);
    let known = if right.is_some() { "wrong" } else { "other than most of the class" };
    let near = Feature::new(Kind::Predictions, name, &path, false, count, &near, |holders| {
        let (a, b) = (wrong.get(&holders[0]), wrong.get(&holders[holders.len() - 1]));
        let (same, either) = a.zip(b).map_or((0, 0), |(a, b)| a.overlap(b));
        let usual = other_shares.map_or_else(String::new, |(median, most)| {
            let expected = (median * either as f64).round();
            format!("; as alike as other pairs of the class it would be {expected} ({:.0} % at the median, {:.0} % at most)", 100.0 * median, 100.0 * most)
        });
        let exhibit = format!("of {either} predictions that are {known} in either, {same} are the same label in both{usual}");
        (same as f64, PLACES, exhibit)
    });
    vec![exact, near]
}

/// What one got wrong: example and label, in order.
struct Wrong(Vec<(usize, String)>);

impl Wrong {
    /// How many of both are the same, and how many examples either got wrong.
    fn overlap(&self, other: &Self) -> (usize, usize) {
        let (mut i, mut j, mut same, mut either) = (0, 0, 0, 0);
        while let (Some(a), Some(b)) = (self.0.get(i), other.0.get(j)) {
            either += 1;
            match a.0.cmp(&b.0) {
                std::cmp::Ordering::Less => i += 1,
                std::cmp::Ordering::Greater => j += 1,
                std::cmp::Ordering::Equal => {
                    same += usize::from(a.1 == b.1);
                    i += 1;
                    j += 1;
                }
            }
        }
        (same, either + self.0.len() - i + other.0.len() - j)
    }
}

/// What each got wrong, of those who predict as many classes as there are right ones, or as most of the others do.
fn wrong(made: &[(usize, &Made)], right: Option<&Vec<String>>) -> HashMap<usize, Wrong> {
    let mut lengths: HashMap<usize, usize> = HashMap::new();
    made.iter().filter(|(_, made)| !made.labels.is_empty()).for_each(|(_, made)| *lengths.entry(made.labels.len()).or_default() += 1);
    let usual = lengths.into_iter().max_by_key(|&(length, count)| (count, length)).map(|(length, _)| length);
    let Some(length) = right.map(Vec::len).or(usual) else { return HashMap::new() };
    let compared: Vec<(usize, &Made)> = made.iter().copied().filter(|(_, made)| made.labels.len() == length).collect();
    let right: Vec<&str> = match right {
        Some(right) => right.iter().map(String::as_str).collect(),
        None => (0..length).map(|example| most_frequent(compared.iter().map(|(_, made)| made.label(example)))).collect(),
    };
    let of = |made: &Made| {
        let wrong = |shift: i64| -> Vec<(usize, String)> {
            let names: Vec<String> =
                made.names.iter().map(|name| name.parse().map_or_else(|_| name.clone(), |label: i64| (label - shift).to_string())).collect();
            let label = |example: usize| names[made.labels[example] as usize].as_str();
            (0..length).filter(|&example| label(example) != right[example]).take(MOST_WRONG + 1).map(|example| (example, label(example).to_owned())).collect()
        };
        // Whoever counts classes from 1 is wrong everywhere, and right once that is taken into account.
        [0, 1].into_iter().map(wrong).find(|wrong| wrong.len() <= MOST_WRONG.min(length / 2)).map(Wrong)
    };
    compared.into_par_iter().filter_map(|(who, made)| Some((who, of(made)?))).collect()
}

impl Made {
    fn label(&self, example: usize) -> &str {
        &self.names[self.labels[example] as usize]
    }
}

/// The most frequent of `labels`, the first in alphabetical order of several.
fn most_frequent<'l>(labels: impl Iterator<Item = &'l str>) -> &'l str {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    labels.for_each(|label| *counts.entry(label).or_default() += 1);
    counts.into_iter().rev().max_by_key(|&(_, count)| count).map_or("", |(label, _)| label)
}

/// The median and the greatest share of wrong labels that two of different classes have the same; `None` if there are none.
fn shares_of_others(classes: &Classes, wrong: &HashMap<usize, Wrong>) -> Option<(f64, f64)> {
    let firsts: Vec<&Wrong> = classes.0.iter().filter_map(|class| wrong.get(&class[0])).collect();
    let mut shares: Vec<f64> = (0..firsts.len())
        .into_par_iter()
        .flat_map_iter(|i| (0..i).map(move |j| (i, j)))
        .map(|(i, j)| {
            let (same, either) = firsts[i].overlap(firsts[j]);
            same as f64 / either.max(1) as f64
        })
        .collect();
    shares.sort_by(f64::total_cmp);
    Some((*shares.get(shares.len() / 2)?, *shares.last()?))
}

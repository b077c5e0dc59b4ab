//! What submissions of a class have in common: a report beside the grades, which it does not touch.
//!
//! Each submission is reduced to [`Traces`], each kind of evidence tells who has the same, and `chance` how unusual that is in this
//! class. What is unusual enough is listed for a person to look at. Nothing here judges anybody.
//!
//! Not to be mistaken for `figure::similarity`, which measures how alike two pictures are.

mod chance;
mod feature;
mod files;
mod groups;
mod images;
mod numbers;
mod predictions;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use crate::evidence::bag::Bag;
use crate::report::similar::{Comparison, LeftOut};

use feature::Feature;
pub use predictions::Right;

/// The names that one submission may state.
const MOST_NAMES: usize = 5_000;

/// What the rubric tells.
#[derive(Debug, Default)]
pub struct Asked {
    /// The names of the evidence that its items look at.
    pub names: BTreeSet<String>,
    /// Its own words, which anybody may repeat.
    pub prompts: BTreeSet<String>,
    /// The right labels of predictions.
    pub right: Right,
}

/// What is kept of a submission for comparing.
#[derive(Debug, Default)]
pub struct Traces {
    numbers: BTreeMap<String, numbers::Stated>,
    predictions: BTreeMap<String, predictions::Made>,
    images: BTreeMap<String, images::Seen>,
    words: BTreeMap<String, words::Said>,
    files: Vec<files::Handed>,
}

impl Traces {
    /// The traces of what is in `bag`. What cannot be read leaves none.
    pub fn of(bag: &Bag, asked: &Asked) -> Self {
        let mut traces = Self::default();
        let names: BTreeSet<String> = asked.names.iter().cloned().chain(bag.stated_names()).take(MOST_NAMES).collect();
        for name in names {
            let Ok((value, _)) = bag.value(&name) else { continue };
            if let Some(stated) = numbers::Stated::of(value) {
                traces.numbers.insert(name, stated);
            } else if let Some(said) = words::Said::of(value) {
                traces.words.insert(name, said);
            }
        }
        for path in bag.paths() {
            let Some((name, _)) = path.strip_prefix("rules/").and_then(|file| file.rsplit_once('.')) else { continue };
            let text = bag.file(path).ok().and_then(|bytes| String::from_utf8(bytes).ok());
            if let Some(said) = text.as_deref().and_then(words::Said::of_text) {
                traces.words.entry(name.to_owned()).or_insert(said);
            }
        }
        traces.predictions = predictions::of_bag(bag, &asked.names);
        traces.images = images::of_bag(bag, &asked.names);
        traces.files = files::of_bag(bag);
        traces
    }

    /// Whether nothing at all was found.
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty() && self.predictions.is_empty() && self.images.is_empty() && self.words.is_empty() && self.files.is_empty()
    }
}

/// Each kind of evidence in turn.
fn features(class: &[&Traces], asked: &Asked) -> Vec<Feature> {
    fn all<'t, T>(class: &[&'t Traces], of: impl Fn(&'t Traces) -> &'t T) -> Vec<&'t T> {
        class.iter().map(|traces| of(traces)).collect()
    }
    let mut features = numbers::features(&all(class, |traces| &traces.numbers));
    features.extend(predictions::features(&all(class, |traces| &traces.predictions), &asked.right));
    features.extend(images::features(&all(class, |traces| &traces.images)));
    features.extend(words::features(&all(class, |traces| &traces.words), &asked.prompts));
    features.extend(files::features(&all(class, |traces| &traces.files)));
    features
}

/// What the submissions of a class, by name, have in common. Their order makes no difference.
pub fn compare(rubric: &str, mut class: Vec<(String, Traces)>, asked: &Asked, left_out: Vec<LeftOut>) -> Comparison {
    class.sort_by(|a, b| a.0.cmp(&b.0));
    let traces: Vec<&Traces> = class.iter().map(|(_, traces)| traces).collect();
    let features = features(&traces, asked);
    let students: Vec<&str> = class.iter().map(|(student, _)| student.as_str()).collect();
    let handed: Vec<&Vec<files::Handed>> = traces.iter().map(|traces| &traces.files).collect();
    groups::compare(rubric, &students, &features, &handed, left_out)
}

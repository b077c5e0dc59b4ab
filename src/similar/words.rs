//! Answers and decision rules: the same once spaces and capitals are made equal, or long ones that have most of their words in common.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use rayon::prelude::*;

use crate::domain::value::Value;
use crate::evidence::rule::Written;
use crate::report::similar::Kind;

use super::feature::{Classes, Feature, by_name};

/// Words in a row that are compared.
const SHINGLE: usize = 5;

/// Texts of fewer words are compared as a whole only.
const LONG: usize = 15;

/// The share of the shorter text's runs of words, those that many have left out, that must be in the other one too.
const COMMON: f64 = 0.5;

/// What a word says at most, in bits.
const WORD: f64 = 8.0;

/// An answer or a rule, ready for comparing.
#[derive(Debug)]
pub(super) struct Said {
    /// What two must have the same: the words, or what a rule means.
    key: String,
    words: Vec<String>,
    is_rule: bool,
}

impl Said {
    /// What the text or the list of texts `value` says.
    pub(super) fn of(value: &Value) -> Option<Self> {
        let text = match value {
            Value::Text(text) => text.clone(),
            Value::List(values) => {
                let texts: Option<Vec<&str>> = values.iter().map(|value| if let Value::Text(text) = value { Some(text.as_str()) } else { None }).collect();
                texts?.join(" | ")
            }
            _ => return None,
        };
        Self::of_text(&text)
    }

    /// What `text` says.
    pub(super) fn of_text(text: &str) -> Option<Self> {
        let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).take(10_000).collect();
        if words.is_empty() {
            return None;
        }
        // Words in plain sentences are hardly ever a rule; what is one is compared by what it means.
        let rule = if text.contains(['<', '>', '=', '|', '[']) { Written::parse(text).ok() } else { None };
        let is_rule = rule.is_some();
        let key = rule.map_or_else(|| words.join(" "), |rule| format!("{rule:?}"));
        Some(Self { key, words, is_rule })
    }

    fn shingles(&self) -> HashSet<u64> {
        let letters = |word: &String| word.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        let words: Vec<String> = self.words.iter().map(letters).filter(|word| !word.is_empty()).collect();
        words.windows(SHINGLE).map(|words| hash(&words.join(" "))).collect()
    }
}

fn hash(text: &str) -> u64 {
    blake3::hash(text.as_bytes()).as_bytes().iter().take(8).fold(0, |all, byte| all << 8 | u64::from(*byte))
}

/// The features of all answers. What is in `prompts`, the rubric's own words, is nobody's.
pub(super) fn features(class: &[&BTreeMap<String, Said>], prompts: &BTreeSet<String>) -> Vec<Feature> {
    let prompts: HashSet<u64> = prompts.iter().filter_map(|prompt| Said::of_text(prompt)).flat_map(|said| said.shingles()).collect();
    by_name(class, Cow::from).into_par_iter().flat_map_iter(|(name, said)| of_name(class.len(), &name, &said, &prompts)).collect()
}

fn of_name(count: usize, name: &str, said: &[(usize, &Said)], prompts: &HashSet<u64>) -> Vec<Feature> {
    let by_submission: HashMap<usize, &Said> = said.iter().copied().collect();
    let exact = Classes::by_key(said.iter().map(|(who, said)| (*who, said.key.as_str())));
    let mut held: HashMap<u64, usize> = HashMap::new();
    let long = |said: &Said| said.words.len() >= LONG && !said.is_rule;
    let all: HashMap<usize, HashSet<u64>> = said.iter().filter(|(_, said)| long(said)).map(|(who, said)| (*who, said.shingles())).collect();
    all.values().flatten().for_each(|shingle| *held.entry(*shingle).or_default() += 1);
    // What an eighth of the class has, or the rubric, is a common phrase.
    let many = 6.max(said.len() / 8);
    let rare = |shingle: &u64| held.get(shingle).is_some_and(|&count| count <= many) && !prompts.contains(shingle);
    let own: HashMap<usize, HashSet<u64>> = all.into_iter().map(|(who, shingles)| (who, shingles.into_iter().filter(rare).collect())).collect();
    let common = |a: usize, b: usize| {
        let (a, b) = (own.get(&a)?, own.get(&b)?);
        Some((a.intersection(b).count(), a.len().min(b.len())))
    };
    let near = exact.merged(|a, b| common(a, b).is_some_and(|(same, least)| same >= SHINGLE && same as f64 >= COMMON * least as f64));
    let make = |classes: &Classes, exact: bool| {
        Feature::new(Kind::Words, name, name, exact, count, classes, |holders| {
            let (first, other) = (holders[0], holders[holders.len() - 1]);
            let shared = by_submission[&first];
            let (same, of) = common(first, other).unwrap_or_default();
            let exhibit = match exact {
                true if shared.is_rule => format!("the same rule: {}", start(&shared.words)),
                true => format!("the same {} words: {}", shared.words.len(), start(&shared.words)),
                false => format!("{same} of {of} runs of {SHINGLE} words are in both: {}", start(&shared.words)),
            };
            // Each run of words has all but one in common with the next one.
            (WORD * shared.words.len() as f64, same / 2, exhibit)
        })
    };
    let mut features = vec![make(&exact, true)];
    features.extend(near.map(|near| make(&near, false)));
    features
}

/// The first words of a text.
fn start(words: &[String]) -> String {
    let text: String = words.join(" ").chars().take(60).collect();
    format!("“{text}{}”", if words.join(" ").chars().count() > 60 { "…" } else { "" })
}

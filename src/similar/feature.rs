//! One thing in which submissions can be the same: who has it, and who has the same.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::domain::linked::components;
use crate::report::similar::Kind;

/// Something that submissions may have, such as the values of `mlp.lr0.1.val_loss`, with those that have the same.
#[derive(Debug)]
pub(super) struct Feature {
    pub(super) kind: Kind,
    /// What hangs together with it and counts once: the values of one run.
    pub(super) family: String,
    /// Its name, such as `mlp.lr0.1.val_loss`.
    pub(super) name: String,
    /// Whether the same means the same exactly, not nearly.
    pub(super) exact: bool,
    /// How many submissions have it.
    pub(super) stated: usize,
    /// Who has it.
    pub(super) has: Vec<bool>,
    /// For each submission the place in `shares` of what it has, if another has it too.
    pub(super) share_of: Vec<Option<usize>>,
    /// What more than one submission has.
    pub(super) shares: Vec<Share>,
}

/// What several submissions have in common.
#[derive(Debug)]
pub(super) struct Share {
    /// The submissions, in order; at least two.
    pub(super) holders: Vec<usize>,
    /// How much it says at most, in bits: the digits of a number, the words of a text.
    pub(super) content: f64,
    /// How many places of it are the same of which the rest of the class has something else: values of a series, words of a text.
    pub(super) places: usize,
    /// What it is, for a person: "20 values: 0.37772, 0.31033, …".
    pub(super) exhibit: String,
}

/// A name, and what each submission that has something under it has, in order.
type Named<'t, T> = (Cow<'t, str>, Vec<(usize, &'t T)>);

/// What several submissions have under each of their names, if more than one has it, in the order of the names.
pub(super) fn by_name<'t, T>(class: &[&'t BTreeMap<String, T>], name: impl Fn(&'t str) -> Cow<'t, str>) -> Vec<Named<'t, T>> {
    let mut by_name: BTreeMap<Cow<'t, str>, Vec<(usize, &'t T)>> = BTreeMap::new();
    for (who, traces) in class.iter().enumerate() {
        for (known, trace) in *traces {
            by_name.entry(name(known)).or_default().push((who, trace));
        }
    }
    by_name.into_iter().filter(|(_, traces)| traces.len() > 1).collect()
}

/// Submissions put together by what they have.
#[derive(Debug)]
pub(super) struct Classes(pub(super) Vec<Vec<usize>>);

impl Classes {
    /// Those with the same key. `items` are submissions, in order, with their keys.
    pub(super) fn by_key<K: Ord>(items: impl IntoIterator<Item = (usize, K)>) -> Self {
        let mut by_key: BTreeMap<K, Vec<usize>> = BTreeMap::new();
        for (who, key) in items {
            by_key.entry(key).or_default().push(who);
        }
        Self(by_key.into_values().collect())
    }

    /// The same with classes put together whose first members are `near`; `None` if none are.
    pub(super) fn merged(&self, near: impl Fn(usize, usize) -> bool + Sync) -> Option<Self> {
        use rayon::prelude::*;
        let firsts: Vec<usize> = self.0.iter().map(|class| class[0]).collect();
        let links: Vec<(usize, usize)> =
            (0..firsts.len()).into_par_iter().flat_map_iter(|i| (0..i).map(move |j| (i, j))).filter(|&(i, j)| near(firsts[i], firsts[j])).collect();
        if links.is_empty() {
            return None;
        }
        let mut joined: Vec<Vec<usize>> = components(firsts.len(), links)
            .into_iter()
            .map(|component| {
                let mut members: Vec<usize> = component.into_iter().flat_map(|class| self.0[class].iter().copied()).collect();
                members.sort_unstable();
                members
            })
            .collect();
        joined.sort();
        Some(Self(joined))
    }
}

impl Feature {
    /// The feature of `count` submissions that `classes` tell; `describe` tells content, places and exhibit of those with several.
    pub(super) fn new(
        kind: Kind,
        family: &str,
        name: &str,
        exact: bool,
        count: usize,
        classes: &Classes,
        describe: impl Fn(&[usize]) -> (f64, usize, String),
    ) -> Self {
        let mut feature = Self {
            kind,
            family: family.to_owned(),
            name: name.to_owned(),
            exact,
            stated: classes.0.iter().map(Vec::len).sum(),
            has: vec![false; count],
            share_of: vec![None; count],
            shares: Vec::new(),
        };
        for class in &classes.0 {
            for &who in class {
                feature.has[who] = true;
            }
            if class.len() > 1 {
                let (content, places, exhibit) = describe(class);
                for &who in class {
                    feature.share_of[who] = Some(feature.shares.len());
                }
                feature.shares.push(Share { holders: class.clone(), content, places, exhibit });
            }
        }
        feature
    }

    /// What those have who are neither holders of `share` nor of the greatest of the other shares: a block of submissions that are all
    /// alike must not make it look usual to be alike. What more than half have is no such block but the rule, and stays.
    pub(super) fn beside(&self, share: usize) -> Beside<'_> {
        let others = || self.shares.iter().enumerate().filter(move |(place, _)| *place != share);
        let block = others().max_by_key(|(place, other)| (other.holders.len(), std::cmp::Reverse(*place)));
        let block = block.filter(|(_, block)| 2 * block.holders.len() <= self.stated);
        let left = block.map_or(0, |(_, block)| block.holders.len());
        let shares = others().filter(|(place, _)| block.is_none_or(|(block, _)| block != *place)).map(|(_, other)| other).collect();
        Beside { shares, count: self.stated - self.shares[share].holders.len() - left }
    }
}

/// The rest of a class.
pub(super) struct Beside<'f> {
    /// What several of them have.
    pub(super) shares: Vec<&'f Share>,
    /// How many they are.
    pub(super) count: usize,
}

impl Beside<'_> {
    /// How many pairs of them have the same.
    pub(super) fn same(&self) -> f64 {
        self.shares.iter().map(|share| pairs(share.holders.len())).sum()
    }
}

/// How many pairs there are of `count`.
pub(super) fn pairs(count: usize) -> f64 {
    count as f64 * (count as f64 - 1.0).max(0.0) / 2.0
}

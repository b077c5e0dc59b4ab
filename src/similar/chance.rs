//! How unusual it is, in this class, that two submissions have the same.
//!
//! Everything is told in bits, and estimated from the class itself, the submissions in question left out:
//! - of those who have something else, how often do two of them have the same? What comes out the same for many, since it does not depend
//!   on chance, says little;
//! - how many others have this very thing?
//! - of the others' pairs that are the same in one thing, how many are in another? What hangs together counts once.
//!
//! Each estimate has half a pair added to it, so that nothing is impossible because a small class has not seen it.

use std::collections::HashMap;

use super::feature::{Feature, pairs};

/// What is as frequent as this, or less, among pairs of the rest of the class is rare.
const RARE: f64 = 1.0 / 16.0;

/// What the places beyond the first may add for one family, in bits; each adds one.
const MOST_PLACES: f64 = 12.0;

/// How unusual it is that two submissions share something.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bits {
    /// Counting how many others have it too.
    pub(super) strict: f64,
    /// As if all who have it were one.
    pub(super) loose: f64,
    /// The most that a class of this size can say of one thing.
    most: f64,
}

/// How unusual it is that two submissions have the share number `share` of `feature`.
pub(super) fn of_share(feature: &Feature, share: usize) -> Bits {
    let held = &feature.shares[share];
    let (holders, stated) = (held.holders.len(), feature.stated);
    let among_others = among_others(feature.pairs_beside(share), stated - holders);
    let own = (holders as f64 - 1.5) / (stated as f64 - 1.0);
    let bits = |chance: f64| (-chance.log2()).min(held.content).max(0.0);
    let strict = bits(among_others.max(own));
    // What more than half of them have is the rule, not a coincidence.
    let loose = if 2 * holders > stated { strict } else { bits(among_others) };
    Bits { strict, loose, most: (2.0 * (stated as f64 - 1.0)).log2() }
}

/// The chance that two of `count` others have the same, of whose pairs `same` do.
fn among_others(same: f64, count: usize) -> f64 {
    (same + 0.5) / (pairs(count) + 1.0)
}

/// Whether few others have what `holders` submissions have at one place of a series; `counts` tells how often each value is there.
pub(super) fn place_is_rare(counts: &HashMap<String, usize>, value: &str, holders: usize) -> bool {
    let all: usize = counts.values().sum();
    let with_it = counts.get(value).copied().unwrap_or(holders);
    let beside = with_it.saturating_sub(holders);
    let same: f64 = counts.values().copied().map(pairs).sum::<f64>() - pairs(with_it) + pairs(beside);
    let others = all.saturating_sub(holders);
    among_others(same, others) <= RARE && beside <= 1 + others / 16
}

/// Something that a pair shares: the share number `share` of the feature number `feature`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Fact {
    pub(super) feature: usize,
    pub(super) share: usize,
}

/// A fact with what it adds to those before it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Counted {
    pub(super) fact: Fact,
    pub(super) strict: f64,
    pub(super) loose: f64,
}

/// What is known about a class: its features, and how unusual each share is.
pub(super) struct Model<'f> {
    features: &'f [Feature],
    bits: Vec<Vec<Bits>>,
}

impl<'f> Model<'f> {
    pub(super) fn of(features: &'f [Feature]) -> Self {
        let bits = features.iter().map(|feature| (0..feature.shares.len()).map(|share| of_share(feature, share)).collect()).collect();
        Self { features, bits }
    }

    fn bits(&self, fact: Fact) -> Bits {
        self.bits[fact.feature][fact.share]
    }

    /// Whether it says anything at all.
    pub(super) fn counts(&self, fact: Fact) -> bool {
        self.bits(fact).loose.max(self.bits(fact).strict) > 0.5
    }

    /// What a pair shares, `facts`, each family once, with what each adds to those before it. Facts of one family are told by the rarest.
    pub(super) fn weigh(&self, facts: &[Fact], seen: &mut HashMap<(Fact, usize), f64>) -> Vec<Counted> {
        let mut families: std::collections::BTreeMap<(crate::report::similar::Kind, &str), Vec<Fact>> = std::collections::BTreeMap::new();
        for fact in facts {
            let feature = &self.features[fact.feature];
            families.entry((feature.kind, &feature.family)).or_default().push(*fact);
        }
        let order = |a: &Fact, b: &Fact| {
            let key = |fact: &Fact| (self.bits(*fact).strict, self.bits(*fact).loose);
            let ((strict_a, loose_a), (strict_b, loose_b)) = (key(a), key(b));
            let exact = |fact: &Fact| !self.features[fact.feature].exact;
            strict_b.total_cmp(&strict_a).then(loose_b.total_cmp(&loose_a)).then(exact(a).cmp(&exact(b))).then(a.cmp(b))
        };
        let mut first: Vec<(Fact, f64)> = families
            .into_values()
            .filter_map(|mut family| {
                family.sort_by(order);
                Some((*family.first()?, self.places(&family)))
            })
            .collect();
        first.sort_by(|a, b| order(&a.0, &b.0));
        let mut counted: Vec<Counted> = Vec::with_capacity(first.len());
        for (fact, places) in first {
            let own = self.bits(fact);
            let given = counted.iter().map(|before| self.given(before.fact, fact, seen)).fold(0.0, f64::max);
            let left = |bits: f64| if given > 0.0 { bits.min(-given.log2()).max(0.0) } else { bits };
            let whole = |bits: f64| {
                let added = if 2.0 * bits >= own.most { (places - 1.0).clamp(0.0, MOST_PLACES) } else { 0.0 };
                left(bits) + if bits > 0.0 { added * left(bits) / bits } else { 0.0 }
            };
            counted.push(Counted { fact, strict: whole(own.strict), loose: whole(own.loose) });
        }
        counted
    }

    /// How many rare places all facts of a family have; of what is the same exactly and nearly, the greater count.
    fn places(&self, family: &[Fact]) -> f64 {
        let mut by_name: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
        for fact in family {
            let feature = &self.features[fact.feature];
            let places = by_name.entry(&feature.name).or_default();
            *places = (*places).max(feature.shares[fact.share].places);
        }
        by_name.values().sum::<usize>() as f64
    }

    /// The chance that two who share `before` share what `then` is about, as the pairs of the others tell: of those that are the same in
    /// the one, how many are in the other. Where none are, as if the two had nothing to do with each other.
    fn given(&self, before: Fact, then: Fact, seen: &mut HashMap<(Fact, usize), f64>) -> f64 {
        let (one, other) = (&self.features[before.feature], &self.features[then.feature]);
        let both = *seen.entry((before, then.feature)).or_insert_with(|| {
            let in_both = |holders: &[usize]| {
                let mut together: HashMap<usize, usize> = HashMap::new();
                holders.iter().filter_map(|&who| other.share_of[who]).for_each(|share| *together.entry(share).or_default() += 1);
                together.into_values().map(pairs).sum::<f64>()
            };
            let others = one.shares.iter().enumerate().filter(|(share, _)| *share != before.share);
            others.map(|(_, share)| in_both(&share.holders)).sum()
        });
        let independent = (-self.bits(then).loose).exp2();
        (both + independent) / (one.pairs_beside(before.share) + 1.0)
    }
}

//! How unusual it is, in this class, that two submissions have the same.
//!
//! Everything is measured in bits, and estimated from the class itself, the submissions in question left out:
//! - of those who have something else, how often do two of them have the same? What comes out the same for many, since it does not depend
//!   on chance, says little. (One block of others that are all alike is left out as well: it may have a cause of its own, and must not
//!   hide a pair.)
//! - how many others have this very thing?
//! - of the others' pairs that are the same in one thing, how many are in another? What hangs together counts once;
//! - of how much that both have is this the same? Three of nine runs can be chosen in 84 ways, so that three which agree say less.
//!
//! Each estimate has half a pair added to it, so that nothing is impossible because a small class has not seen it.

use std::collections::HashMap;

use super::feature::{Feature, Share, pairs};

/// What is as frequent as this, or less, among pairs of the rest of the class is rare.
const RARE: f64 = 1.0 / 16.0;

/// The least bits that say something.
pub(super) const LEAST: f64 = 0.5;

/// What the places beyond the first may add for one family, in bits; each adds one.
const MOST_PLACES: f64 = 16.0;

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
    let beside = feature.beside(share);
    let among_others = among_others(beside.same(), beside.count);
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
    // As in `Feature::beside`, one block of others that are all alike is left out.
    let block = counts.iter().filter(|(other, _)| *other != value).map(|(_, count)| *count).max().filter(|block| 2 * block <= all).unwrap_or(0);
    let same: f64 = counts.values().copied().map(pairs).sum::<f64>() - pairs(with_it) + pairs(beside) - pairs(block);
    let others = all.saturating_sub(holders + block);
    among_others(same, others) <= RARE && beside <= 1 + others / 16
}

/// Places beyond the first count if the holders are few: if what they share says two thirds of the most that this class can say.
const FEW: f64 = 1.5;

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
    /// How unusual it is by itself.
    pub(super) alone: f64,
}

/// What it takes off that `same` of `all` are alike and not others: the logarithm of the ways to choose them, in bits.
pub(super) fn choice(all: usize, same: usize) -> f64 {
    (1..=same.min(all)).map(|i| ((all - same.min(all) + i) as f64 / i as f64).log2()).sum()
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
        self.bits(fact).loose.max(self.bits(fact).strict) > LEAST
    }

    /// What a pair shares, `facts`, each family once, with what each adds to those before it. The rarest fact of a family stands for it.
    pub(super) fn weigh(&self, facts: &[Fact], seen: &mut HashMap<(Fact, usize), (f64, f64)>) -> Vec<Counted> {
        let mut families: std::collections::BTreeMap<(crate::report::similar::Kind, &str), Vec<Fact>> = std::collections::BTreeMap::new();
        for fact in facts {
            let feature = &self.features[fact.feature];
            families.entry((feature.kind, &feature.family)).or_default().push(*fact);
        }
        let order = |a: &Fact, b: &Fact| {
            let key = |fact: &Fact| (self.bits(*fact).strict, self.bits(*fact).loose);
            let ((strict_a, loose_a), (strict_b, loose_b)) = (key(a), key(b));
            // Of two that are as rare, what is the same exactly, and in more places, says more to whoever reads it.
            let plain = |fact: &Fact| (!self.features[fact.feature].exact, std::cmp::Reverse(self.features[fact.feature].shares[fact.share].places));
            strict_b.total_cmp(&strict_a).then(loose_b.total_cmp(&loose_a)).then_with(|| plain(a).cmp(&plain(b))).then(a.cmp(b))
        };
        let mut first: Vec<(Fact, f64)> = families
            .into_values()
            .filter_map(|mut family| {
                family.sort_by(order);
                Some((*family.first()?, self.places(&family)))
            })
            .collect();
        // What the places beyond the first add, if the holders are few.
        let added = |bits: f64, own: Bits, places: f64| if FEW * bits >= own.most { (places - 1.0).clamp(0.0, MOST_PLACES) } else { 0.0 };
        let whole = |(fact, places): &(Fact, f64)| self.bits(*fact).strict + added(self.bits(*fact).strict, self.bits(*fact), *places);
        first.sort_by(|a, b| whole(b).total_cmp(&whole(a)).then_with(|| order(&a.0, &b.0)));
        let mut counted: Vec<Counted> = Vec::with_capacity(first.len());
        for (fact, places) in first {
            let own = self.bits(fact);
            let given = counted.iter().map(|before| self.given(before.fact, fact, seen)).fold(0.0, f64::max);
            let left = |bits: f64| if given > 0.0 { bits.min(-given.log2()).max(0.0) } else { bits };
            let left_of = |bits: f64| left(bits) + if bits > 0.0 { added(bits, own, places) * left(bits) / bits } else { 0.0 };
            counted.push(Counted { fact, strict: left_of(own.strict), loose: left_of(own.loose), alone: whole(&(fact, places)).max(own.loose) });
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
    fn given(&self, before: Fact, then: Fact, seen: &mut HashMap<(Fact, usize), (f64, f64)>) -> f64 {
        let (one, other) = (&self.features[before.feature], &self.features[then.feature]);
        let (both, alike) = *seen.entry((before, then.feature)).or_insert_with(|| {
            let in_both = |share: &Share| {
                let mut together: HashMap<usize, usize> = HashMap::new();
                share.holders.iter().filter_map(|&who| other.share_of[who]).for_each(|share| *together.entry(share).or_default() += 1);
                together.into_values().map(pairs).sum::<f64>()
            };
            // Blocks count here: they are what shows that two things hang together.
            let others = || one.shares.iter().enumerate().filter(|(share, _)| *share != before.share).map(|(_, share)| share);
            (others().map(in_both).sum(), others().map(|share| pairs(share.holders.len())).sum())
        });
        let independent = (-self.bits(then).loose).exp2();
        (both + independent) / (alike + 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::feature::Classes;
    use super::*;
    use crate::report::similar::Kind;

    /// What the first share says of a feature with blocks of these sizes.
    fn bits(sizes: &[usize]) -> Bits {
        let mut next = 0;
        let block = |size: &usize| {
            next += size;
            (next - size..next).collect()
        };
        let classes = Classes(sizes.iter().map(block).collect());
        let count = sizes.iter().sum();
        of_share(&Feature::new(Kind::Numbers, "f", "f", true, count, &classes, |_| (100.0, 1, String::new())), 0)
    }

    #[test]
    fn a_share_says_what_the_rest_of_the_class_makes_of_it() {
        let ones = |count: usize| vec![1; count];
        let near = |found: f64, chance: f64| (found + chance.log2()).abs() < 1e-9;
        // By hand. Two of twenty, the others all different: half a holder of 19.
        assert!(near(bits(&[vec![2], ones(18)].concat()).strict, 0.5 / 19.0));
        // Five of twenty: three and a half of 19; as if they were one: half a pair of C(15, 2) + 1.
        let five = bits(&[vec![5], ones(15)].concat());
        assert!(near(five.strict, 3.5 / 19.0) && near(five.loose, 0.5 / 106.0));
        // What comes out in four ways for all: 10, 5, 3, 2. Of the two's others the ten are left out as a block: 13 of 28 pairs are the same.
        assert!(near(bits(&[2, 10, 5, 3]).strict, 13.5 / 29.0));
        // A block of nine does not hide a pair, but what more than half have is the rule.
        assert!(near(bits(&[vec![2, 9], ones(9)].concat()).strict, 0.5 / 19.0));
        assert!(bits(&[2, 18]).strict < 0.01);
        // A class of two tells nothing: one bit at most.
        assert!(bits(&[2]).strict <= 1.0);
    }

    #[test]
    fn choosing_takes_off_the_ways_to_choose() {
        // By hand: C(9, 3) = 84, C(9, 9) = 1, C(9, 0) = 1.
        for (all, same, ways) in [(9, 3, 84.0_f64), (9, 9, 1.0), (9, 0, 1.0), (1, 1, 1.0), (5, 2, 10.0)] {
            assert!((choice(all, same) - ways.log2()).abs() < 1e-9, "{all} {same}");
        }
    }
}

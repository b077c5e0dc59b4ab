//! Pairs that have unusually much in common, put together to groups, with what they have in common.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;

use crate::domain::linked::components;
use crate::report::similar::{Bits, Comparison, Evidence, Group, Kind, LeftOut, Shared};

use super::chance::{Counted, Fact, LEAST as LEAST_BITS, Model, choice};
use super::feature::{Feature, pairs};
use super::files::{self, Handed};

/// A pair is listed from log2(pairs of the class) and this many bits more: then one pair in 2^5 classes is there by chance, if chance is what
/// the class makes it look like.
const MARGIN: f64 = 5.0;

/// A class with fewer submissions says nothing about how unusual something is.
const LEAST: usize = 6;

/// What two have the same counts in such a class if it says this much, in bits, and is listed if it is a fifth of what both have.
const LEAST_CONTENT: f64 = 40.0;
const LEAST_SHARE: usize = 5;

/// The exhibits of one kind that are shown.
const EXHIBITS: usize = 4;

/// Two submissions with what they share.
struct Pair {
    who: (usize, usize),
    strict: f64,
    loose: f64,
    counted: Vec<Counted>,
    /// What is taken off of each kind, since which families agree was not chosen beforehand; in the order of [`Kind::ALL`].
    chosen: [f64; Kind::ALL.len()],
}

impl Pair {
    fn of(who: (usize, usize), counted: Vec<Counted>, chosen: [f64; Kind::ALL.len()], features: &[Feature]) -> Self {
        let mut pair = Self { who, strict: 0.0, loose: 0.0, counted, chosen };
        let sum = |bits: fn(&Counted) -> f64| Kind::ALL.into_iter().map(|kind| pair.of_kind(kind, bits, features)).sum();
        (pair.strict, pair.loose) = (sum(|counted| counted.strict), sum(|counted| counted.loose));
        pair
    }

    /// What it shares of one kind, in bits.
    fn of_kind(&self, kind: Kind, bits: fn(&Counted) -> f64, features: &[Feature]) -> f64 {
        let counted = self.counted.iter().filter(|counted| features[counted.fact.feature].kind == kind);
        (counted.map(bits).sum::<f64>() - self.chosen[kind as usize]).max(0.0)
    }
}

/// Everything that is listed of a class.
pub(super) fn compare(rubric: &str, students: &[&str], features: &[Feature], files: &[&Vec<Handed>], left_out: Vec<LeftOut>) -> Comparison {
    let count = students.len();
    let least = (count >= LEAST).then(|| pairs(count).log2() + MARGIN);
    let found = match least {
        Some(least) => unusual(count, features, least),
        None => equal(features),
    };
    let class = Class { students, features, files, small: least.is_none() };
    let limit = least.unwrap_or(0.0);
    let strict: Vec<&Pair> = found.iter().filter(|pair| pair.strict >= limit).collect();
    let mut groups: Vec<Group> = class.members(&strict).iter().map(|members| class.group(members, &strict, STRICT)).collect();
    let all: Vec<&Pair> = found.iter().collect();
    let listed: BTreeSet<Vec<usize>> = class.members(&strict).into_iter().collect();
    let many = class.members(&all).into_iter().filter(|members| !listed.contains(members));
    let mut shared_by_many: Vec<Group> = many.map(|members| class.group(&members, &all, LOOSE)).collect();
    for groups in [&mut groups, &mut shared_by_many] {
        groups.sort_by(|a, b| b.bits.map(|bits| bits.most).cmp(&a.bits.map(|bits| bits.most)).then_with(|| a.students.cmp(&b.students)));
    }
    Comparison { schema: 1, rubric: rubric.to_owned(), submissions: count, least_bits: least.map(rounded), groups, shared_by_many, left_out }
}

/// The pairs that share at least `least` bits.
fn unusual(count: usize, features: &[Feature], least: f64) -> Vec<Pair> {
    let model = Model::of(features);
    let families = Families::of(features);
    let of_one = |a: usize| -> Vec<Pair> {
        let mut facts: BTreeMap<usize, Vec<Fact>> = BTreeMap::new();
        for (number, feature) in features.iter().enumerate() {
            let Some(share) = feature.share_of[a] else { continue };
            let fact = Fact { feature: number, share };
            if model.counts(fact) {
                feature.shares[share].holders.iter().filter(|&&b| b > a).for_each(|&b| facts.entry(b).or_default().push(fact));
            }
        }
        let mut seen = HashMap::new();
        let weighed = facts.into_iter().map(|(b, facts)| {
            let counted = model.weigh(&facts, &mut seen);
            let chosen = Kind::ALL.map(|kind| families.choice(kind, a, b, &counted));
            Pair::of((a, b), counted, chosen, features)
        });
        weighed.filter(|pair| pair.strict.max(pair.loose) >= least).collect()
    };
    (0..count).into_par_iter().flat_map_iter(of_one).collect()
}

/// Features by kind and family.
struct Families<'f> {
    features: &'f [Feature],
    all: BTreeMap<(Kind, &'f str), Vec<&'f Feature>>,
}

impl<'f> Families<'f> {
    fn of(features: &'f [Feature]) -> Self {
        let mut all: BTreeMap<(Kind, &str), Vec<&Feature>> = BTreeMap::new();
        // A file that others have is missing from nobody.
        for feature in features.iter().filter(|feature| feature.kind != Kind::Files) {
            all.entry((feature.kind, &feature.family)).or_default().push(feature);
        }
        Self { features, all }
    }

    /// What it takes off that `a` and `b` share these families of a kind and not others that both have.
    fn choice(&self, kind: Kind, a: usize, b: usize, counted: &[Counted]) -> f64 {
        let same = counted.iter().filter(|counted| self.features[counted.fact.feature].kind == kind && counted.strict.max(counted.loose) > LEAST_BITS).count();
        let differs = |features: &[&Feature]| {
            let mut had = features.iter().filter(|feature| feature.has[a] && feature.has[b]).peekable();
            had.peek().is_some() && had.all(|feature| feature.share_of[a].is_none() || feature.share_of[a] != feature.share_of[b])
        };
        let others = self.all.iter().filter(|((other, _), features)| *other == kind && differs(features)).count();
        choice(same + others, same)
    }
}

/// The pairs of a small class that have anything the same that says much.
fn equal(features: &[Feature]) -> Vec<Pair> {
    let mut facts: BTreeMap<(usize, usize), Vec<Counted>> = BTreeMap::new();
    for (number, feature) in features.iter().enumerate() {
        for (share, held) in feature.shares.iter().enumerate().filter(|(_, held)| held.content >= LEAST_CONTENT) {
            let counted = Counted { fact: Fact { feature: number, share }, strict: held.content, loose: 0.0, alone: held.content };
            let pairs = held.holders.iter().flat_map(|a| held.holders.iter().filter(move |b| a < b).map(move |b| (*a, *b)));
            pairs.for_each(|pair| facts.entry(pair).or_default().push(counted));
        }
    }
    let had = |(a, b): (usize, usize)| features.iter().filter(|feature| feature.exact && feature.has[a] && feature.has[b]).count();
    facts.retain(|who, counted| LEAST_SHARE * counted.len() >= had(*who));
    facts.into_iter().map(|(who, counted)| Pair { who, strict: 1.0, loose: 0.0, counted, chosen: [0.0; Kind::ALL.len()] }).collect()
}

/// Which of the two sums counts: of what few share, or of what many do.
#[derive(Clone, Copy)]
struct Measure {
    pair: fn(&Pair) -> f64,
    fact: fn(&Counted) -> f64,
}

const STRICT: Measure = Measure { pair: |pair| pair.strict, fact: |counted| counted.strict };
const LOOSE: Measure = Measure { pair: |pair| pair.loose, fact: |counted| counted.loose };

struct Class<'c> {
    students: &'c [&'c str],
    features: &'c [Feature],
    files: &'c [&'c Vec<Handed>],
    small: bool,
}

impl Class<'_> {
    /// Submissions that pairs put together, in order.
    fn members(&self, pairs: &[&Pair]) -> Vec<Vec<usize>> {
        components(self.students.len(), pairs.iter().map(|pair| pair.who)).into_iter().filter(|members| members.len() > 1).collect()
    }

    fn group(&self, members: &[usize], pairs: &[&Pair], measure: Measure) -> Group {
        let Measure { pair: sum, fact: bits } = measure;
        let inside: Vec<&Pair> = pairs.iter().copied().filter(|pair| members.contains(&pair.who.0) && members.contains(&pair.who.1)).collect();
        let strongest = inside.iter().copied().reduce(|best, pair| if sum(pair) > sum(best) { pair } else { best });
        let closest = |who: &usize| inside.iter().filter(|pair| pair.who.0 == *who || pair.who.1 == *who).map(|pair| sum(pair)).fold(0.0, f64::max);
        let most = strongest.map_or(0.0, sum);
        let least = members.iter().map(closest).fold(most, f64::min);
        let mut shared: BTreeMap<Fact, f64> = BTreeMap::new();
        for counted in inside.iter().flat_map(|pair| &pair.counted) {
            let best = shared.entry(counted.fact).or_default();
            *best = best.max(counted.alone);
        }
        let of_kind = |kind: Kind| strongest.map_or(0.0, |pair| pair.of_kind(kind, bits, self.features));
        let evidence = Kind::ALL.into_iter().filter_map(|kind| self.evidence(kind, members, &shared, of_kind(kind))).collect();
        let students = members.iter().map(|&who| self.students[who].to_owned()).collect();
        Group { students, bits: (!self.small).then(|| Bits { least: rounded(least), most: rounded(most) }), evidence }
    }

    fn kind(&self, fact: Fact) -> Kind {
        self.features[fact.feature].kind
    }

    /// What `members` have in common of one kind.
    fn evidence(&self, kind: Kind, members: &[usize], shared: &BTreeMap<Fact, f64>, bits: f64) -> Option<Evidence> {
        let mut facts: Vec<(Fact, f64)> =
            shared.iter().filter(|(fact, bits)| self.kind(**fact) == kind && **bits >= LEAST_BITS).map(|(fact, bits)| (*fact, *bits)).collect();
        facts.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let more = facts.len().saturating_sub(EXHIBITS);
        let exhibits: Vec<Shared> = facts.iter().take(EXHIBITS).map(|(fact, _)| self.exhibit(*fact, members)).collect();
        let summary = if kind == Kind::Files { self.equal_files(members)? } else { self.counts(kind, members)? };
        Some(Evidence { kind, bits: (!self.small).then(|| rounded(bits)), summary, exhibits, more })
    }

    fn exhibit(&self, fact: Fact, members: &[usize]) -> Shared {
        let feature = &self.features[fact.feature];
        let share = &feature.shares[fact.share];
        let with_it: Vec<usize> = members.iter().copied().filter(|who| share.holders.contains(who)).collect();
        let students = if with_it.len() < members.len() { with_it.iter().map(|&who| self.students[who].to_owned()).collect() } else { Vec::new() };
        let (name, what) = (feature.name.clone(), share.exhibit.clone());
        Shared { name, what, students, holders: share.holders.len(), stated_by: feature.stated }
    }

    /// How much of what all members have is the same; `None` if nothing is.
    fn counts(&self, kind: Kind, members: &[usize]) -> Option<String> {
        let (mut had, mut exact, mut near) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for feature in self.features.iter().filter(|feature| feature.kind == kind && members.iter().all(|&who| feature.has[who])) {
            had.insert(&feature.name);
            let first = feature.share_of[members[0]];
            if first.is_some() && members.iter().all(|&who| feature.share_of[who] == first) {
                if feature.exact {
                    exact.insert(&feature.name)
                } else {
                    near.insert(&feature.name)
                };
            }
        }
        let near = near.difference(&exact).count();
        if exact.is_empty() && near == 0 {
            return None;
        }
        let whose = if members.len() == 2 { "both have".to_owned() } else { format!("all {} have", members.len()) };
        let nearly = if near > 0 { format!(", {near} nearly") } else { String::new() };
        Some(format!("{} of {} {} that {whose} are the same{nearly}", exact.len(), had.len(), kind.things()))
    }

    fn equal_files(&self, members: &[usize]) -> Option<String> {
        let files: Vec<&Vec<Handed>> = members.iter().map(|&who| self.files[who]).collect();
        let paths = files::in_all(&files);
        let shown: Vec<&str> = paths.iter().take(6).map(String::as_str).collect();
        let more = if paths.len() > 6 { format!(" and {} more", paths.len() - 6) } else { String::new() };
        (!paths.is_empty()).then(|| format!("the same byte for byte: {}{more}", shown.join(", ")))
    }
}

/// Whole bits, rounded.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a sum of positive bits, far below 2^32")]
fn rounded(bits: f64) -> u32 {
    bits.round().clamp(0.0, 1e9) as u32
}

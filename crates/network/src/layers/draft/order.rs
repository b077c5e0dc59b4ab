//! The order of layers: that in which each takes in what the one before it gives.

use std::cmp::Ordering;

use super::{Kind, Part};

/// Steps of the search after which it counts as not plain.
const STEPS: usize = 20_000;

/// `parts` in the only plain order: as their names are numbered, or else the only one in which they fit together.
pub(super) fn chained(mut parts: Vec<Part>) -> Option<Vec<Part>> {
    parts.sort_by(|a, b| natural(&a.name, &b.name));
    if fits(&parts) {
        return Some(parts);
    }
    // conv1, bn1, conv2, bn2, fc1: numbered by kind.
    let mut numbered = parts.clone();
    numbered.sort_by_key(|part| (part.kind == Kind::Dense, number(&part.name), part.kind == Kind::Norm));
    let all_numbered = numbered.iter().all(|part| part.kind == Kind::Dense || number(&part.name).is_some());
    if all_numbered && fits(&numbered) {
        return Some(numbered);
    }
    let mut search = Search { parts: &parts, found: Vec::new(), steps: 0 };
    search.extend(&mut Vec::new());
    match search.found.as_slice() {
        [only] if search.steps < STEPS => Some(only.iter().map(|&i| parts[i].clone()).collect()),
        _ => None,
    }
}

fn fits(parts: &[Part]) -> bool {
    parts.first().is_some_and(|part| part.kind != Kind::Norm) && parts.windows(2).all(|pair| follows(&pair[0], &pair[1]))
}

/// Whether `next` can take in what `part` gives.
fn follows(part: &Part, next: &Part) -> bool {
    match (part.kind, next.kind) {
        (Kind::Dense, Kind::Conv { .. }) => false,
        // A dense layer after images takes in all pixels of all channels.
        (Kind::Conv { .. } | Kind::Norm, Kind::Dense) => part.outputs > 0 && next.inputs.is_multiple_of(part.outputs),
        _ => part.outputs == next.inputs,
    }
}

/// A search for all orders, up to two.
struct Search<'p> {
    parts: &'p [Part],
    found: Vec<Vec<usize>>,
    steps: usize,
}

impl Search<'_> {
    fn extend(&mut self, chosen: &mut Vec<usize>) {
        self.steps += 1;
        if self.steps >= STEPS || self.found.len() > 1 {
            return;
        }
        if chosen.len() == self.parts.len() {
            self.found.push(chosen.clone());
            return;
        }
        for i in 0..self.parts.len() {
            let fits = match chosen.last() {
                None => self.parts[i].kind != Kind::Norm,
                Some(&last) => follows(&self.parts[last], &self.parts[i]),
            };
            if fits && !chosen.contains(&i) {
                chosen.push(i);
                self.extend(chosen);
                chosen.pop();
            }
        }
    }
}

/// The last number in a name.
fn number(name: &str) -> Option<u64> {
    let digits = name.trim_end_matches(|c: char| !c.is_ascii_digit());
    let start = digits.rfind(|c: char| !c.is_ascii_digit()).map_or(0, |at| at + 1);
    digits.get(start..).and_then(|digits| digits.parse().ok())
}

/// The order of names in which `net.2` comes before `net.10`.
fn natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a, b);
    loop {
        let (first, other) = (run(a), run(b));
        if first.is_empty() || other.is_empty() {
            return first.len().cmp(&other.len());
        }
        let order = match (first.parse::<u64>(), other.parse::<u64>()) {
            (Ok(first), Ok(other)) => first.cmp(&other),
            _ => first.cmp(other),
        };
        if order != Ordering::Equal {
            return order;
        }
        (a, b) = (&a[first.len()..], &b[other.len()..]);
    }
}

/// The digits, or what is none, that a text begins with.
fn run(text: &str) -> &str {
    let digits = text.starts_with(|c: char| c.is_ascii_digit());
    let end = text.find(|c: char| c.is_ascii_digit() != digits).unwrap_or(text.len());
    &text[..end]
}

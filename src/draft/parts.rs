//! Things put together to parts, by what their names begin with, and points given out.

use super::form::Item;
use super::names::shared;
use super::things::{Thing, What};

/// The points of a whole homework.
const POINTS: u32 = 100;

/// What a part is called that has no name of its own.
const REST: &str = "results";

/// The place in the list of a thing that is in a part, by the part's name. Parts come in the order of their first things.
pub(super) fn parts(things: &[Thing]) -> Vec<(String, Vec<usize>)> {
    let prefix = |name: &str| name.split_once('.').map(|(prefix, _)| prefix.to_owned());
    let known: Vec<String> = things.iter().filter(|thing| is_value(thing)).filter_map(|thing| prefix(&thing.name)).collect();
    // A prefix that only one thing has is no part.
    let is_part = |name: &String| known.iter().filter(|other| *other == name).count() > 1;
    let part_of = |thing: &Thing| {
        let own = prefix(&thing.name).filter(is_part);
        let akin = || known.iter().filter(|name| is_part(name)).max_by_key(|name| shared(name, &thing.name)).filter(|name| shared(name, &thing.name) > 0);
        own.or_else(|| akin().cloned()).unwrap_or_else(|| REST.to_owned())
    };
    let mut parts: Vec<(String, Vec<usize>)> = Vec::new();
    for (at, thing) in things.iter().enumerate() {
        let part = part_of(thing);
        match parts.iter_mut().find(|(name, _)| *name == part) {
            Some((_, inside)) => inside.push(at),
            None => parts.push((part, vec![at])),
        }
    }
    // What belongs to none comes last.
    parts.sort_by_key(|(name, _)| name == REST);
    // Numbers first, then what shows them, then words.
    for (_, inside) in &mut parts {
        inside.sort_by_key(|&at| rank(&things[at]));
    }
    parts
}

fn is_value(thing: &Thing) -> bool {
    matches!(thing.what, What::Number(_) | What::Series(_) | What::Array(..))
}

fn rank(thing: &Thing) -> u8 {
    match thing.what {
        What::Number(_) | What::Series(_) | What::Array(..) => 0,
        What::Predictions | What::Network => 1,
        What::Figure => 2,
        What::Rule(_) => 3,
        What::Answer(_) => 4,
        What::Words(_) => 5,
    }
}

/// Whole points for each item by its weight, a hundred in all where each can have one at least; none for those that stand in comments.
pub(super) fn points(items: &[Item]) -> Vec<u32> {
    let weight = |item: &Item| if item.asleep.is_some() { 0 } else { item.weight };
    let all: u32 = items.iter().map(weight).sum();
    let Some(share) = std::num::NonZeroU32::new(all) else { return vec![0; items.len()] };
    let mut given: Vec<u32> = items.iter().map(|item| if weight(item) == 0 { 0 } else { (weight(item) * POINTS / share).max(1) }).collect();
    // What rounding left over goes to the heaviest, one each.
    let mut order: Vec<usize> = (0..items.len()).filter(|&at| given[at] > 0).collect();
    order.sort_by_key(|&at| std::cmp::Reverse(weight(&items[at])));
    let left = POINTS.saturating_sub(given.iter().sum());
    for at in order.iter().cycle().take(if order.is_empty() { 0 } else { left as usize }) {
        given[*at] += 1;
    }
    given
}

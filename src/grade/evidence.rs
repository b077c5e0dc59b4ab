//! What of a submission an item is about: its words, and a hash that tells whether it has changed since a person marked it.

use crate::check::Need;
use crate::domain::hash::add;
use crate::evidence::Absent;
use crate::evidence::bag::Bag;
use crate::rubric::Item;

/// What the student wrote, whole, if the item asks for an answer or a rule.
pub(super) fn words(bag: &Bag, item: &Item) -> Option<String> {
    let words = |need: Need<'_>| match need {
        Need::Answer(name) | Need::Rule(name) => bag.texts(name).ok(),
        _ => None,
    };
    item.check.needs().into_iter().find_map(words).map(|texts| texts.join("\n"))
}

/// A hash of all that the item looks at, and of what it is worth. Where something cannot be read, its message stands for it.
pub(super) fn hash(bag: &Bag, item: &Item) -> String {
    let mut hash = blake3::Hasher::new();
    // Points of an item that is now worth something else mean something else.
    hash.update(&item.points.hundredths().to_le_bytes());
    for need in item.check.needs() {
        let Some(name) = need.evidence() else { continue };
        add(&mut hash, name.as_bytes());
        match content(bag, need) {
            Ok(bytes) => add(&mut hash, &bytes),
            Err(absent) => add(&mut hash, absent.diagnostic().to_string().as_bytes()),
        }
    }
    hash.finalize().to_hex()[..16].to_owned()
}

fn content(bag: &Bag, need: Need<'_>) -> Result<Vec<u8>, Absent> {
    match need {
        Need::Answer(name) | Need::Rule(name) => bag.texts(name).map(|texts| texts.join("\n").into_bytes()),
        Need::Figure(name) => bag.figure_file(name).map(|(place, bytes)| [place.as_bytes(), bytes.as_slice()].concat()),
        Need::Predictions(name) => bag.predictions_file(name),
        Need::Network(name) => bag.network_file(name),
        Need::File(path) => bag.file(path),
        other => bag.value(other.evidence().unwrap_or_default()).map(|(value, _)| format!("{value:?}").into_bytes()),
    }
}

//! What is asked for, in a few lines: for a folder in which nothing is yet.

use std::collections::BTreeMap;

use super::{Asked, Handout};
use crate::check::request::Family;

/// The files that are asked for, each with what goes into it: `tree.val_rmse (5 numbers), depths`.
pub fn short(handout: &Handout) -> Vec<(String, String)> {
    let mut files: BTreeMap<(Family, &str), Vec<&Asked>> = BTreeMap::new();
    for asked in handout.names.iter().filter(|asked| !asked.optional) {
        files.entry((asked.kind.family(), asked.file.as_str())).or_default().push(asked);
    }
    let mut all: Vec<(String, String)> = Vec::new();
    for ((family, file), names) in files {
        let is_named = matches!(family, Family::Metrics | Family::Answers | Family::Rules);
        let words = |asked: &&Asked| if is_named { asked.in_short() } else { asked.what().replace('`', "") };
        let words = names.iter().map(words).collect::<Vec<_>>().join(", ");
        match all.iter_mut().find(|(known, _)| known == file) {
            Some((_, known)) => *known = format!("{known}, {words}"),
            None => all.push((file.to_owned(), words)),
        }
    }
    all
}

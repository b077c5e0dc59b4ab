//! Where things stand in a rubric's text, and messages about names that lead nowhere.

use std::collections::BTreeMap;

use toml::Spanned;

use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::item_id::ItemId;
use crate::domain::name::{did_you_mean, list};

/// Where things stand in the text, for messages about the whole.
#[derive(Debug, Default)]
pub(super) struct Places {
    pub(super) data: BTreeMap<String, std::ops::Range<usize>>,
    pub(super) items: BTreeMap<ItemId, std::ops::Range<usize>>,
    pub(super) references: BTreeMap<String, std::ops::Range<usize>>,
    pub(super) after: BTreeMap<ItemId, std::ops::Range<usize>>,
    pub(super) backed_by: BTreeMap<ItemId, std::ops::Range<usize>>,
    /// Where an item says which column of the class's table it fills.
    pub(super) leaderboards: BTreeMap<ItemId, std::ops::Range<usize>>,
    pub(super) late: Option<std::ops::Range<usize>>,
}

/// "there is no check `curv`", with the nearest one or all of them.
pub(crate) fn unknown<'a>(what: &str, name: &Spanned<String>, known: impl Iterator<Item = &'a str> + Clone) -> Diagnostic {
    let help = did_you_mean(name.get_ref(), known.clone()).unwrap_or_else(|| format!("there is {}", list(known)));
    Diagnostic::error(Code::UnknownName, format!("there is no {what} `{}`", name.get_ref())).at(name.span()).help(help)
}

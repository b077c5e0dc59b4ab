//! A first rubric from an instructor's own solution: an item for all that it states and shows, in a form in which the solution itself passes.
//! Points, tolerances and words are the instructor's to change.

pub mod handout;

mod form;
mod names;
mod parts;
mod things;
mod trial;
mod written;

use std::path::Path;

use crate::submission::Submission;

pub use things::Table;

/// What a rubric is made from besides the solution.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The rubric's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Where the solution lies, as the rubric's `reference` names it.
    pub solution: String,
    /// The data sets that lie in the course's folder.
    pub data: Vec<Table>,
}

/// A first rubric.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its TOML.
    pub rubric: String,
    /// How many items are in it.
    pub items: usize,
    /// What was found and is no item, a line each.
    pub left: Vec<String>,
    /// The names of the data sets that an item uses.
    pub used: Vec<String>,
}

/// A rubric for `solution`, or none if nothing in it can be graded. Its data sets are read from `folder`, the course's.
pub fn draft(solution: &Submission, settings: &Settings, folder: &Path) -> Option<Draft> {
    let found = things::of(&solution.bag);
    if found.things.is_empty() {
        return None;
    }
    let items = form::items(&found.things, solution, settings, folder);
    Some(written::draft(&found, items, settings))
}

/// A rubric's id, from the name of its folder.
pub fn id(name: &str) -> String {
    names::id(name, &[])
}

/// A rubric's title, from the name of its folder.
pub fn title(name: &str) -> String {
    names::title(name)
}

/// The tables among the files of `solution` that are no predictions: an instructor's data often lies beside the solution.
pub fn tables(solution: &Submission) -> Vec<String> {
    things::loose_tables(&solution.bag)
}

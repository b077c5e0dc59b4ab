//! Rubrics: TOML in, a valid [`Rubric`] and every fault out.

pub mod release;

pub mod handbook;
mod keys;
mod lint;
mod parse;
pub(crate) mod places;
mod reference;
mod shipped;
mod write;

use std::collections::BTreeMap;
use std::ops::Range;

pub use parse::parse;
pub use shipped::{SHIPPED, Shipped};

use crate::check::{Check, Edition};
use crate::data::Source;
use crate::domain::item_id::ItemId;
use crate::domain::late::LatePolicy;
use crate::domain::marking::{Release, TwoGraders};
use crate::domain::points::Points;
use crate::domain::verdict::Visibility;
use crate::evidence::place::Place;
use crate::reference::Reference;

/// A valid rubric.
#[derive(Debug)]
pub struct Rubric {
    /// Its id, such as "cs441-hw2".
    pub id: String,
    /// Its title.
    pub title: String,
    /// The seed of every reference.
    pub seed: u64,
    /// Whose copy it is.
    pub edition: Edition,
    /// What lateness costs, if anything.
    pub late: Option<LatePolicy>,
    /// What counts where two graders have marked one item.
    pub two_graders: TwoGraders,
    /// When students see all points.
    pub release: Release,
    /// Data sets by name.
    pub data: BTreeMap<String, Source>,
    /// Where things usually are in a submission, unless it says otherwise.
    pub places: BTreeMap<String, Place>,
    /// The parts in order.
    pub parts: Vec<Part>,
    /// A short hash of its text.
    pub digest: String,
}

/// A part of a rubric.
#[derive(Debug)]
pub struct Part {
    /// Its id, such as "trees".
    pub id: String,
    /// Its title.
    pub title: String,
    /// What a student needs to know to do it: data, settings, formulas, starts, conventions. The student's edition keeps it.
    pub instructions: Option<String>,
    /// Our own implementation of it.
    pub reference: Option<PartReference>,
    /// The items in order.
    pub items: Vec<Item>,
}

/// The reference of a part.
#[derive(Debug)]
pub struct PartReference {
    /// Where it stands in the rubric's text.
    pub span: Range<usize>,
    /// What it is.
    pub way: Way,
}

/// Where the evidence of a reference comes from. Whichever it is, the lock keeps it, and grading reads the lock alone.
#[derive(Debug)]
pub enum Way {
    /// An implementation of ours.
    Run(Implementation),
    /// A solution that was handed in like a student's.
    Submission {
        /// Its folder or archive, from the rubric's folder.
        path: String,
    },
    /// The instructor's own program.
    Command(Program),
}

/// An implementation of ours with its settings.
#[derive(Debug)]
pub struct Implementation {
    /// Its name, such as "tree-depth".
    pub run: String,
    /// The data set it runs on.
    pub data: String,
    /// Its settings as TOML with sorted keys, for comparing with the lock's.
    pub settings: String,
    /// The implementation with these settings.
    pub implementation: Box<dyn Reference>,
}

/// A program that writes a submission. `mlgrade reference` alone runs it.
#[derive(Debug)]
pub struct Program {
    /// The program and its arguments; the folder to write into follows them.
    pub words: Vec<String>,
    /// How long it may take.
    pub timeout: jiff::SignedDuration,
}

impl PartReference {
    /// What it is called: "tree-depth", "reference/solution/" or "python3 reference/visits.py".
    pub fn name(&self) -> String {
        match &self.way {
            Way::Run(implementation) => implementation.run.clone(),
            Way::Submission { path } => path.clone(),
            Way::Command(program) => program.words.join(" "),
        }
    }

    /// The implementation of ours, if it is one.
    pub fn implementation(&self) -> Option<&Implementation> {
        if let Way::Run(implementation) = &self.way { Some(implementation) } else { None }
    }
}

/// One line of the grade.
#[derive(Debug)]
pub struct Item {
    /// Its id with the part's, such as "trees/plot".
    pub id: ItemId,
    /// Its title.
    pub title: String,
    /// What it is worth.
    pub points: Points,
    /// Whether it comes on top of the possible points.
    pub bonus: bool,
    /// The item that has to earn something first.
    pub after: Option<ItemId>,
    /// The item whose evidence has to back this one's claim.
    pub backed_by: Option<ItemId>,
    /// How much of it its student sees.
    pub visibility: Visibility,
    /// The name of its kind of check, such as "curve".
    pub kind: &'static str,
    /// How it is judged.
    pub check: Box<dyn Check>,
}

impl Rubric {
    /// All items in order.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.parts.iter().flat_map(|part| &part.items)
    }

    /// Whether any item compares with the reference.
    pub fn needs_lock(&self) -> bool {
        let compares = |item: &Item| item.check.needs().into_iter().any(|need| need.reference().is_some());
        self.edition == Edition::Course && self.items().any(compares)
    }
}

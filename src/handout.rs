//! What a rubric asks for, told to its students: as JSON for programs, as a hand-out, as a notebook to fill in, and in short.

mod markdown;
mod notebook;
mod short;
mod words;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::check::request::{Family, Request, RequestKind, UnitName};
use crate::course::Course;
use crate::domain::late::in_words;
use crate::domain::points::Points;

pub use markdown::markdown;
pub use notebook::{Kind, notebook};
pub use short::short;

/// All that a rubric asks of a student.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Handout {
    /// The version of this format.
    pub schema: u32,
    /// The rubric's id.
    pub rubric: String,
    /// Its title.
    pub title: String,
    /// When it is due, if it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
    /// Its parts in order.
    pub parts: Vec<PartAsked>,
    /// Each name once, in the order in which items ask for it.
    pub names: Vec<Asked>,
}

/// A part of a rubric, as its student sees it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PartAsked {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What a student needs to know to do it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instructions: Option<String>,
    /// Its items in order.
    pub items: Vec<ItemAsked>,
}

/// An item, as its student sees it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ItemAsked {
    /// Its id with the part's.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it is worth.
    pub points: Points,
    /// Whether it comes on top of the possible points.
    pub bonus: bool,
    /// The names that it asks for.
    pub names: Vec<String>,
}

/// A name that is asked for, with all that its student may know of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Asked {
    /// The name; of a file, its path.
    pub name: String,
    /// What it is.
    #[serde(flatten)]
    pub kind: RequestKind,
    /// Where it goes.
    pub file: String,
    /// What it means: the title of the first item that asks for it.
    pub meaning: String,
    /// The items that look at it.
    pub items: Vec<String>,
    /// Whether nothing is lost without it: it is for extra points, or another form of something else.
    pub optional: bool,
}

/// What the rubric of `course`, opened as for a student, asks for.
pub fn handout(course: &Course) -> Handout {
    let mut names: Vec<Asked> = Vec::new();
    let mut known: BTreeMap<(Family, String), usize> = BTreeMap::new();
    let mut parts = Vec::new();
    for part in &course.rubric.parts {
        let mut items = Vec::new();
        for item in &part.items {
            let requests = item.check.requests(&course.data);
            items.push(ItemAsked {
                id: item.id.to_string(),
                title: item.title.clone(),
                points: item.points,
                bonus: item.bonus,
                names: requests.iter().filter(|request| !request.optional).map(|request| request.name.clone()).collect(),
            });
            for request in requests {
                let optional = request.optional || item.bonus;
                let key = (request.kind.family(), request.name.clone());
                if let Some(asked) = known.get(&key).and_then(|at| names.get_mut(*at)) {
                    asked.join(request, item.id.to_string(), &item.title, optional);
                } else {
                    known.insert(key, names.len());
                    names.push(Asked::new(request, item.id.to_string(), item.title.clone(), optional));
                }
            }
        }
        parts.push(PartAsked { id: part.id.clone(), title: part.title.clone(), instructions: part.instructions.clone(), items });
    }
    let due = course.rubric.late.as_ref().and_then(|late| Some(in_words(late.due?, late.zone)));
    Handout { schema: 1, rubric: course.rubric.id.clone(), title: course.rubric.title.clone(), due, parts, names }
}

impl Asked {
    fn new(request: Request, item: String, meaning: String, optional: bool) -> Self {
        Self { file: request.kind.family().file(&request.name), name: request.name, kind: request.kind, meaning, items: vec![item], optional }
    }

    /// With what another item says of the same thing.
    fn join(&mut self, request: Request, item: String, meaning: &str, optional: bool) {
        if self.optional && !optional {
            // Who has to hand it in, knows what for.
            meaning.clone_into(&mut self.meaning);
        }
        self.optional &= optional;
        if !self.items.contains(&item) {
            self.items.push(item);
        }
        let known = std::mem::replace(&mut self.kind, RequestKind::File);
        self.kind = joined(known, request.kind);
    }
}

/// What two items say of one thing: the more exact word counts.
fn joined(known: RequestKind, other: RequestKind) -> RequestKind {
    use RequestKind::{Answer, Array, Figure, Number, Predictions, Series, Text, Value};
    let unit = |a: Option<UnitName>, b: Option<UnitName>| a.or(b);
    match (known, other) {
        (Number { unit: a }, Number { unit: b } | Value { unit: b }) | (Value { unit: b }, Number { unit: a }) => Number { unit: unit(a, b) },
        (Series { length, unit: a }, Series { length: more, unit: b }) => Series { length: length.or(more), unit: unit(a, b) },
        (Series { length, unit: a }, Value { unit: b }) | (Value { unit: b }, Series { length, unit: a }) => Series { length, unit: unit(a, b) },
        (Value { unit: a }, Value { unit: b }) => Value { unit: unit(a, b) },
        (Array { shape }, Array { shape: other }) => Array { shape: if shape.is_empty() { other } else { shape } },
        (Value { .. }, Array { shape }) | (Array { shape }, Value { .. }) => Array { shape },
        (Answer { choices, several }, Answer { choices: more, several: also }) => {
            Answer { choices: if choices.is_empty() { more } else { choices }, several: several || also }
        }
        (Answer { .. }, Text) => Text,
        (Figure { shows, x, labelled }, Figure { shows: more, x: other, labelled: also }) => {
            Figure { shows: if shows.is_empty() { more } else { shows }, x: x.or(other), labelled: if labelled.is_empty() { also } else { labelled } }
        }
        (Predictions { rows, join, classes, scores }, Predictions { rows: more, join: other, classes: also, scores: too }) => {
            Predictions { rows: rows.or(more), join: join.or(other), classes: if classes.is_empty() { also } else { classes }, scores: scores || too }
        }
        (known, _) => known,
    }
}

//! What is wrong with a rubric as a whole: names that lead nowhere, and configuration that does nothing.

use std::collections::BTreeSet;

use crate::check::{Edition, Need};
use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::item_id::ItemId;

use super::places::{Places, unknown};
use super::{Implementation, PartReference, Rubric};

pub(super) fn lint(rubric: &Rubric, places: &Places) -> Vec<Diagnostic> {
    let mut faults = names(rubric, places);
    faults.extend(order(rubric, places));
    faults.extend(leaderboards(rubric, places));
    faults.extend(idle(rubric, places));
    faults
}

/// Names of data sets and reference values that do not exist.
fn names(rubric: &Rubric, places: &Places) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    // A data set that is there but could not be read has had its message.
    let data = places.data.keys().map(String::as_str);
    let values: Vec<String> = implementations(rubric).flat_map(|reference| reference.implementation.names()).collect();
    for need in rubric.items().flat_map(|item| item.check.needs()) {
        match need {
            Need::Data(name) if !places.data.contains_key(name.get_ref()) => faults.push(unknown("data set", name, data.clone())),
            Need::Reference(name) | Need::ReferenceNumber(name)
                if !values.contains(name.get_ref()) && rubric.edition == Edition::Course && values_are_known(rubric, places) =>
            {
                faults.push(unknown("value of a reference", name, values.iter().map(String::as_str)));
            }
            _ => {}
        }
    }
    for part in &rubric.parts {
        let implementation = part.reference.as_ref().and_then(PartReference::implementation);
        if let Some(reference) = implementation.filter(|reference| !places.data.contains_key(&reference.data)) {
            let name = toml::Spanned::new(places.references.get(&part.id).cloned().unwrap_or_default(), reference.data.clone());
            faults.push(unknown("data set", &name, data.clone()));
        }
    }
    faults
}

/// Two items that fill one column of the class's table.
fn leaderboards(rubric: &Rubric, places: &Places) -> Vec<Diagnostic> {
    let mut known: Vec<(&str, &ItemId)> = Vec::new();
    let mut faults = Vec::new();
    for item in rubric.items() {
        let Some(column) = item.check.leaderboard() else { continue };
        match known.iter().find(|(name, _)| *name == column) {
            Some((_, first)) => {
                let message = format!("`{}` and `{first}` have one `leaderboard`, \"{column}\"", item.id);
                let help = "give each item a column of its own".to_owned();
                let place = places.leaderboards.get(&item.id).cloned().unwrap_or_default();
                faults.push(Diagnostic::error(Code::BadValue, message).at(place).help(help));
            }
            None => known.push((column, &item.id)),
        }
    }
    faults
}

/// Whether every reference could be read and is an implementation of ours. What another one states is in its files or its lock, which are
/// not looked at here.
fn values_are_known(rubric: &Rubric, places: &Places) -> bool {
    implementations(rubric).count() == places.references.len()
}

/// `after` names an item that stands earlier, and `backed_by` one that does not depend on this one, so that items never wait for each
/// other in a circle.
fn order(rubric: &Rubric, places: &Places) -> Vec<Diagnostic> {
    let all: Vec<&str> = rubric.items().map(|item| item.id.as_str()).collect();
    let mut earlier = BTreeSet::new();
    let mut faults = Vec::new();
    for item in rubric.items() {
        let id = &item.id;
        if let Some(after) = item.after.as_ref().filter(|after| !earlier.contains(after)) {
            let span = places.after.get(id).cloned().unwrap_or_default();
            faults.push(if all.contains(&after.as_str()) {
                Diagnostic::error(Code::ImpossibleOrder, format!("`{id}` waits for `{after}`, which does not come before it"))
                    .at(span)
                    .help("move the item that is waited for to the front".to_owned())
            } else {
                unknown("item", &toml::Spanned::new(span, after.to_string()), all.iter().copied())
            });
        }
        if let Some(backing) = &item.backed_by {
            let span = places.backed_by.get(id).cloned().unwrap_or_default();
            if !all.contains(&backing.as_str()) {
                faults.push(unknown("item", &toml::Spanned::new(span, backing.to_string()), all.iter().copied()));
            } else if depends_on(rubric, backing, id) {
                let message = format!("`{id}` is backed by `{backing}`, which depends on `{id}` itself");
                faults.push(Diagnostic::error(Code::ImpossibleOrder, message).at(span).help("let evidence back the claim, not the other way round".to_owned()));
            }
        }
        earlier.insert(id);
    }
    faults
}

/// Whether `item` is `on`, or waits for it or is backed by it, however many items lie between.
fn depends_on<'r>(rubric: &'r Rubric, item: &'r ItemId, on: &ItemId) -> bool {
    let (mut open, mut seen) = (vec![item], BTreeSet::new());
    while let Some(id) = open.pop() {
        if id == on {
            return true;
        }
        if seen.insert(id) {
            let item = rubric.items().find(|item| item.id == *id);
            open.extend(item.into_iter().flat_map(|item| item.after.iter().chain(&item.backed_by)));
        }
    }
    false
}

/// Configuration that does nothing.
fn idle(rubric: &Rubric, places: &Places) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    let needs: Vec<Need<'_>> = rubric.items().flat_map(|item| item.check.needs()).collect();
    for (name, span) in &places.data {
        let used = needs.iter().any(|need| matches!(need, Need::Data(data) if data.get_ref() == name)) || implementations(rubric).any(|r| &r.data == name);
        if !used {
            faults.push(Diagnostic::warning(Code::UnusedData, format!("no part and no item uses the data set `{name}`")).at(span.clone()));
        }
    }
    for part in &rubric.parts {
        let Some(reference) = part.reference.as_ref().and_then(PartReference::implementation) else { continue };
        let names = reference.implementation.names();
        let read = part.items.iter().flat_map(|item| item.check.needs()).any(|need| match need {
            Need::Reference(_) | Need::ReferenceNumber(_) => true,
            other => other.evidence().is_some_and(|name| names.iter().any(|known| known == name)),
        });
        if !read && rubric.edition == Edition::Course {
            let message = format!("no item of part `{}` reads what its reference `{}` gives", part.id, reference.run);
            faults.push(Diagnostic::warning(Code::UnusedReference, message).at(places.references.get(&part.id).cloned().unwrap_or_default()));
        }
    }
    for item in rubric.items().filter(|item| rubric.edition == Edition::Course && item.check.never_fails()) {
        let message = format!("any submission with a value passes `{}`", item.id);
        faults.push(Diagnostic::warning(Code::NeverFails, message).at(places.items.get(&item.id).cloned().unwrap_or_default()));
    }
    if let Some(span) = &places.late {
        let warning = Diagnostic::warning(Code::NothingIsLate, "the late policy has no `due` date, so nothing is ever late");
        faults.push(warning.at(span.clone()).help("add `due = 2023-03-06T23:59:59-06:00`".to_owned()));
    }
    faults
}

fn implementations(rubric: &Rubric) -> impl Iterator<Item = &Implementation> {
    rubric.parts.iter().filter_map(|part| part.reference.as_ref()?.implementation())
}

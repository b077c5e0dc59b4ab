//! What students' reports are called: no two the same, on whatever disk.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::diagnostic::{Code, Diagnostic};

use super::handed_in::{HandedIn, safe};

/// What `mlgrade similar` writes beside the reports.
const TAKEN: [&str; 1] = ["similar"];

/// Gives each submission a name of its own. Of those that are called the same the first keeps the name; the others are called as they lie
/// there, or get a number. Puts them in the order of their names, and tells whom that concerns.
pub(super) fn tell_apart(submissions: &mut [HandedIn]) -> Vec<Diagnostic> {
    // Most disks take capitals and small letters for the same.
    let folded = |name: &str| name.to_lowercase();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for submission in submissions.iter() {
        *counts.entry(folded(&submission.student)).or_default() += 1;
    }
    let mut taken: BTreeSet<String> = TAKEN.iter().map(|name| (*name).to_owned()).collect();
    // A name that only one has stays, whatever the others are made to.
    taken.extend(counts.iter().filter(|(_, count)| **count == 1).map(|(name, _)| name.clone()));
    let mut notes = Vec::new();
    for submission in submissions.iter_mut() {
        let own = folded(&submission.student);
        if counts.get(&own) == Some(&1) && !TAKEN.contains(&own.as_str()) {
            continue;
        }
        let lies_there = safe(&submission.called);
        let numbered = |n: usize| format!("{}~{n}", submission.student);
        let candidates = [submission.student.clone(), lies_there].into_iter().chain((2..).map(numbered));
        let Some(free) = candidates.into_iter().find(|name| !taken.contains(&folded(name))) else { continue };
        taken.insert(folded(&free));
        if free != submission.student {
            let message = format!("{} is there more than once; what lies there as {} is called {free}", submission.student, submission.called);
            notes.push(Diagnostic::warning(Code::PassedOver, message));
            submission.student = free;
        }
    }
    submissions.sort_by(|a, b| a.student.cmp(&b.student));
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told_apart(called: &[&str]) -> Vec<String> {
        let mut class: Vec<HandedIn> = called.iter().map(|name| HandedIn::of(name, name.contains('.'), Vec::new())).collect();
        tell_apart(&mut class);
        class.sort_by_key(|submission| called.iter().position(|name| *name == submission.called));
        class.into_iter().map(|submission| submission.student).collect()
    }

    #[test]
    fn no_two_are_called_the_same() {
        assert_eq!(told_apart(&["ann", "ann.zip", "ann~2"]), ["ann", "ann.zip", "ann~2"]);
        assert_eq!(told_apart(&["ann", "Ann", "ANN.tar.gz", "ann~2"]), ["ann", "Ann~3", "ANN.tar.gz", "ann~2"]);
        assert_eq!(told_apart(&["ann.zip", "ann.tar", "ann.tgz"]), ["ann", "ann.tar", "ann.tgz"]);
        assert_eq!(told_apart(&["similar", "bob"]), ["similar~2", "bob"]);
        assert_eq!(told_apart(&["a?b", "a:b", "a*b"]), ["a_b", "a_b~2", "a_b~3"]);
        assert_eq!(told_apart(&["Nova\u{301}k", "Novák"]), ["Novák", "Novák~2"]);
    }
}

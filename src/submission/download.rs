//! A platform's download, put together: what belongs to one student, which attempt counts, what lies over what.

use std::collections::BTreeMap;

use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::late::Moment;

use super::archive::stem;
use super::entry::Entry;
use super::handed_in::{HandedIn, Piece};
use super::platform::{Attempt, Named, Part, Platform, blackboard, canvas, work};

/// A file or folder of a download with what its name tells.
pub(super) type Item = (Named, Entry);

/// The work of each student.
pub(super) fn put_together(mut items: Vec<Item>) -> Vec<HandedIn> {
    let on_blackboard = items.iter_mut().filter(|(named, _)| named.platform == Platform::Blackboard);
    let seen = on_blackboard.map(|(named, entry)| blackboard::Seen {
        name: &entry.name,
        named,
        source: if let Piece::File(_, source) = &entry.piece { Some(source) } else { None },
    });
    let lacking = blackboard::settle(seen.collect());
    let mut students: BTreeMap<(Platform, String), Vec<Item>> = BTreeMap::new();
    for item in items {
        students.entry((item.0.platform, item.0.key.clone())).or_default().push(item);
    }
    let of_one = |((_, key), items): ((Platform, String), Vec<Item>)| {
        let mut student = of_student(items);
        student.unseen = student.unseen.or_else(|| lacking.iter().find(|(whose, _)| *whose == key).map(|(_, why)| why.clone()));
        student
    };
    students.into_iter().map(of_one).collect()
}

fn of_student(mut items: Vec<Item>) -> HandedIn {
    let (platform, student) = (items[0].0.platform, items[0].0.student.clone());
    let mut made = HandedIn { platform: Some(platform), ..HandedIn::of(&student, false, Vec::new()) };
    // Only one of the parts may have the name.
    let mut person = items.iter().map(|(named, _)| &named.person).find(|person| !person.name.is_empty()).unwrap_or(&items[0].0.person).clone();
    if platform == Platform::Blackboard || platform == Platform::Sakai {
        made.name = Some(person.name.clone()).filter(|name| !name.is_empty());
    }
    person.ids.extend(items.iter().flat_map(|(named, _)| named.person.ids.clone()));
    person.ids.dedup();
    made.people = vec![person];
    made.marked_late = items.iter().any(|(named, _)| named.late);
    made.time = items.iter().find_map(|(named, _)| named.time);
    newest_only(&mut made, &mut items);
    // Later uploads come first: of two files under one name the later one counts.
    items.sort_by(|a, b| b.0.upload.cmp(&a.0.upload).then_with(|| b.1.name.cmp(&a.1.name)));
    made.newest_first = platform == Platform::Canvas;
    lay_out(&mut made, &items);
    made
}

/// Keeps the newest attempt, where there are several.
fn newest_only(student: &mut HandedIn, items: &mut Vec<Item>) {
    let of = |items: &mut dyn Iterator<Item = &Item>| {
        let mut attempts: Vec<Attempt> = items.filter_map(|(named, _)| named.attempt.clone()).collect();
        attempts.sort_by_key(|attempt| (order(attempt.time), attempt.written.clone()));
        attempts.dedup();
        attempts
    };
    // An attempt of words alone takes nothing back.
    let mut attempts = of(&mut items.iter().filter(|(named, entry)| named.part != Part::About && !is_empty(entry)));
    let of_words: Vec<Attempt> = of(&mut items.iter()).into_iter().filter(|attempt| !attempts.is_empty() && !attempts.contains(attempt)).collect();
    if attempts.is_empty() {
        attempts = of(&mut items.iter());
    }
    let Some(newest) = attempts.pop() else { return };
    student.time = newest.time;
    if attempts.iter().chain([&newest]).any(|attempt| attempt.time.is_none()) && !attempts.is_empty() {
        let written: Vec<&str> = attempts.iter().chain([&newest]).map(|attempt| attempt.written.as_str()).collect();
        let message = format!("there are {} attempts ({}), and it is not clear which one is the newest", written.len(), written.join("; "));
        student.unseen = Some(Diagnostic::error(Code::PassedOver, message).help("keep the one that counts".to_owned()));
        items.clear();
        return;
    }
    for attempt in of_words.iter().filter(|attempt| order(attempt.time) > order(newest.time)) {
        let message = format!("the attempt of {} has no files; that of {} counts", attempt.written, newest.written);
        student.notes.push(Diagnostic::warning(Code::PassedOver, message));
    }
    for earlier in &attempts {
        let message = format!("the attempt of {} was handed in before that of {}, which counts", earlier.written, newest.written);
        student.notes.push(Diagnostic::warning(Code::PassedOver, message));
    }
    items.retain(|(named, _)| named.attempt.as_ref() == Some(&newest));
}

fn is_empty(entry: &Entry) -> bool {
    !entry.is_file() && entry.inside().is_empty()
}

/// Times of one download are all of one kind.
fn order(time: Option<Moment>) -> Option<jiff::civil::DateTime> {
    time.map(|time| match time {
        Moment::Exact(time) => jiff::tz::Offset::UTC.to_datetime(time),
        Moment::Local(time) => time,
    })
}

/// The pieces of one student's work, the later uploads first. A `-1` that Canvas added is taken off where that makes no two files one.
fn lay_out(student: &mut HandedIn, items: &[Item]) {
    let mut taken: BTreeMap<String, String> = BTreeMap::new();
    let mut also = Vec::new();
    for (named, entry) in items {
        let (Part::Called(file), Piece::File(_, source)) = (&named.part, &entry.piece) else {
            student.pieces.extend(work(named, entry));
            continue;
        };
        let shortened = canvas::before_suffix(file).filter(|_| named.platform == Platform::Canvas).map_or_else(|| file.clone(), |(plain, _)| plain);
        match taken.get(&shortened) {
            // Each archive may hold something else.
            Some(_) if stem(file).is_some() => {
                let own = if taken.contains_key(file) { format!("{}-{file}", named.upload) } else { file.clone() };
                student.pieces.push(Piece::File(own, source.clone()));
            }
            Some(newer) => {
                let message = format!("{newer} was handed in after it and counts");
                student.notes.push(Diagnostic::warning(Code::PassedOver, message).in_file(file.clone()));
            }
            None => {
                taken.insert(shortened.clone(), file.clone());
                student.pieces.push(Piece::File(shortened.clone(), source.clone()));
            }
        }
        // A student may have meant the number: the file is found under that name too.
        if *file != shortened && stem(file).is_none() {
            also.push(Piece::File(file.clone(), source.clone()));
        }
    }
    student.pieces.extend(also);
}

//! What a lock was made from, and whether the rubric, its files and its data are still the same.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;

use walkdir::WalkDir;

use crate::data::Shelf;
use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::hash::add;
use crate::lock::{Inputs, Lock, Origin};
use crate::rubric::{Part, PartReference, Rubric, Way};

use super::{Result, RubricFile};

/// What the lock of a part is made from now.
pub(crate) fn origin(file: &RubricFile, rubric: &Rubric, part: &Part, shelf: &Shelf) -> Result<Option<Origin>> {
    let Some(reference) = &part.reference else { return Ok(None) };
    Ok(Some(match &reference.way {
        Way::Run(run) => Origin::Run { run: run.run.clone(), settings: run.settings.clone(), data: shelf.digest(&run.data)? },
        Way::Submission { path } => {
            let there = file.beside(path).filter(|there| there.exists());
            there.ok_or_else(|| not_there(path))?;
            Origin::Submission { path: path.clone(), inputs: inputs(file, rubric, reference, shelf) }
        }
        Way::Command(program) => Origin::Command { words: program.words.clone(), inputs: inputs(file, rubric, reference, shelf) },
    }))
}

/// There is no solution at `path`.
pub(crate) fn not_there(path: &str) -> Diagnostic {
    let help = "correct the path, which starts at the rubric's folder".to_owned();
    Diagnostic::error(Code::DataMissing, format!("the reference's submission `{path}` is not there")).help(help)
}

/// The hashes of those files and data sets that can be read now.
fn inputs(file: &RubricFile, rubric: &Rubric, reference: &PartReference, shelf: &Shelf) -> Inputs {
    let paths: &[String] = match &reference.way {
        Way::Run(_) => &[],
        Way::Submission { path } => std::slice::from_ref(path),
        Way::Command(program) => &program.words,
    };
    let files = paths.iter().filter_map(|path| Some((path.clone(), hash(&file.beside(path)?)?)));
    let data = rubric.data.keys().filter_map(|name| Some((name.clone(), shelf.digest(name).ok()?)));
    Inputs { files: files.collect(), data: data.collect() }
}

/// A short hash of a file, or of all files below a folder with their paths; `None` if there is nothing.
fn hash(path: &Path) -> Option<String> {
    let mut hasher = blake3::Hasher::new();
    if path.is_file() {
        hasher.update(&std::fs::read(path).ok()?);
    } else {
        let below = WalkDir::new(path)
            .sort_by_file_name()
            .into_iter()
            .filter_entry(|entry| entry.depth() == 0 || !entry.file_name().to_string_lossy().starts_with('.'));
        let mut found = false;
        for entry in below.filter_map(std::result::Result::ok).filter(|entry| entry.file_type().is_file()) {
            let bytes = std::fs::read(entry.path()).ok()?;
            let name = entry.path().strip_prefix(path).ok()?.to_string_lossy().replace('\\', "/");
            add(&mut hasher, name.as_bytes());
            add(&mut hasher, &bytes);
            found = true;
        }
        found.then_some(())?;
    }
    Some(hasher.finalize().to_hex()[..16].to_owned())
}

/// What keeps a lock from being the one of this rubric: it is not there, or was made from something else. Files that are gone are no fault,
/// since grading reads the lock alone.
pub(crate) fn lock_faults(file: &RubricFile, rubric: &Rubric, lock: Option<&Lock>, shelf: &Shelf) -> Vec<Diagnostic> {
    let Some(lock) = lock else { return without_lock(file, rubric) };
    let stale = |what: String| {
        let help = "run `mlgrade reference --lock` and look at what changes".to_owned();
        Diagnostic::error(Code::LockStale, format!("the lock is not of this rubric: {what}")).help(help)
    };
    if lock.rubric != rubric.id || lock.seed != rubric.seed {
        return vec![stale(format!("it is of `{}` with seed {}, the rubric is `{}` with seed {}", lock.rubric, lock.seed, rubric.id, rubric.seed))];
    }
    let of_part = |part| part_fault(file, rubric, part, lock, shelf).map(|(at, what)| stale(what).at(at));
    let faults: Vec<Diagnostic> = rubric.parts.iter().filter_map(of_part).collect();
    if !faults.is_empty() {
        return faults;
    }
    let known: BTreeSet<&String> = lock.parts.values().flat_map(|part| part.evidence.keys()).collect();
    let needs = rubric.items().flat_map(|item| item.check.needs()).filter_map(crate::check::Need::reference);
    needs.filter(|name| !known.contains(name.get_ref())).map(|name| stale(format!("it has no value `{}`", name.get_ref())).at(name.span())).collect()
}

/// Why the lock's part is not of `part`'s reference as it is now, and where the reference stands.
fn part_fault(file: &RubricFile, rubric: &Rubric, part: &Part, lock: &Lock, shelf: &Shelf) -> Option<(Range<usize>, String)> {
    let reference = part.reference.as_ref()?;
    let at = reference.span.clone();
    let Some(locked) = lock.parts.get(&part.id) else { return Some((at, format!("it has no part `{}`", part.id))) };
    let what = match (&reference.way, &locked.origin) {
        (Way::Run(now), Origin::Run { run, settings, data }) if now.run == *run && now.settings == *settings => {
            // A data set that cannot be read is a fault of its own.
            let digest = shelf.digest(&now.data).ok().filter(|digest| digest != data);
            digest.map(|digest| other_data(&now.data, &part.id, data, &digest))
        }
        (Way::Submission { path: now }, Origin::Submission { path, inputs: before }) if now == path => {
            changed(before, &inputs(file, rubric, reference, shelf), &part.id)
        }
        (Way::Command(now), Origin::Command { words, inputs: before }) if now.words == *words => {
            changed(before, &inputs(file, rubric, reference, shelf), &part.id)
        }
        _ => Some(format!("the reference of part `{}` has other settings now", part.id)),
    };
    what.map(|what| (at, what))
}

/// A rubric without a lock needs one if an item compares with a reference, or a reference is no run of ours.
fn without_lock(file: &RubricFile, rubric: &Rubric) -> Vec<Diagnostic> {
    let help = || format!("make it with `mlgrade reference --rubric {} --lock`", file.path);
    let missing = |message: String| Diagnostic::error(Code::LockMissing, message).help(help());
    let of_part = |part: &Part| {
        let reference = part.reference.as_ref().filter(|reference| reference.implementation().is_none())?;
        Some(missing(format!("part `{}` has no lock of its reference `{}`", part.id, reference.name())).at(reference.span.clone()))
    };
    let faults: Vec<Diagnostic> = rubric.parts.iter().filter_map(of_part).collect();
    if faults.is_empty() && rubric.needs_lock() { vec![missing("the rubric has no lock".to_owned())] } else { faults }
}

/// What is another one now than it was, of what can still be read.
fn changed(before: &Inputs, now: &Inputs, part: &str) -> Option<String> {
    let differs = |before: &BTreeMap<String, String>, now: &BTreeMap<String, String>| {
        now.iter().find(|(name, hash)| before.get(*name) != Some(*hash)).map(|(name, _)| name.clone())
    };
    if let Some(path) = differs(&before.files, &now.files) {
        return Some(format!("`{path}`, of which the reference of part `{part}` was made, has changed"));
    }
    let name = differs(&before.data, &now.data)?;
    let known = before.data.get(&name).map_or("nothing", String::as_str);
    Some(other_data(&name, part, known, now.data.get(&name).map_or("", String::as_str)))
}

fn other_data(name: &str, part: &str, locked: &str, now: &str) -> String {
    format!("the data set `{name}` of part `{part}` has another content: {locked} in the lock, {now} now")
}

//! Finding and opening the rubric that a command is about, with its lock and data.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::messages::Faults;
use crate::check::{Edition, Need};
use crate::data::Shelf;
use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::name::{did_you_mean, list};
use crate::evidence::bag::Bag;
use crate::grade::Course;
use crate::lock::{Lock, Origin};
use crate::rubric::release::student_edition;
use crate::rubric::{self, Part, Rubric, SHIPPED};

/// A rubric's text and where it came from.
#[derive(Debug)]
pub(super) struct RubricFile {
    /// As messages name it.
    pub(super) path: String,
    pub(super) text: String,
    /// Where data files and the lock are; `None` for a shipped rubric.
    pub(super) folder: Option<PathBuf>,
    shipped_lock: Option<&'static str>,
}

/// Opens a rubric by path or shipped name; without either the first shipped one.
pub(super) fn find(name: Option<&str>) -> Result<RubricFile> {
    let wanted = name.unwrap_or(SHIPPED[0].id);
    let path = Path::new(wanted);
    if path.is_file() {
        let bytes = std::fs::read(path).with_context(|| format!("{wanted} cannot be read"))?;
        let text = String::from_utf8(bytes).map_err(|_| Diagnostic::error(Code::InvalidToml, "the rubric is not UTF-8 text").in_file(wanted))?;
        let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_path_buf();
        return Ok(RubricFile { path: wanted.to_owned(), text, folder: Some(folder), shipped_lock: None });
    }
    let Some(shipped) = SHIPPED.iter().find(|shipped| shipped.id == wanted) else {
        let names = || SHIPPED.iter().map(|shipped| shipped.id);
        let help = did_you_mean(wanted, names()).unwrap_or_else(|| format!("name a file, or one of the shipped rubrics: {}", list(names())));
        return Err(Diagnostic::error(Code::UnknownName, format!("there is no rubric `{wanted}`")).help(help).into());
    };
    let path = format!("{}.toml", shipped.id);
    Ok(RubricFile { path, text: shipped.rubric.to_owned(), folder: None, shipped_lock: Some(shipped.lock) })
}

impl RubricFile {
    /// The valid rubric, or all its faults.
    pub(super) fn parse(&self) -> Result<Rubric> {
        let (rubric, faults) = rubric::parse(&self.text);
        rubric.ok_or_else(|| Faults { path: self.path.clone(), text: self.text.clone(), all: faults }.into())
    }

    /// The rubric's data sets.
    pub(super) fn shelf(&self, rubric: &Rubric) -> Shelf {
        Shelf::new(&rubric.data, self.folder.as_deref().unwrap_or(Path::new(".")))
    }

    /// Where the lock lies, or should.
    pub(super) fn lock_path(&self) -> PathBuf {
        Path::new(&self.path).with_extension("lock")
    }

    /// The lock, if there is one.
    pub(super) fn lock(&self) -> Result<Option<Lock>> {
        let path = self.lock_path();
        let text = match (self.shipped_lock, &self.folder) {
            (Some(text), _) => text.to_owned(),
            (None, _) if path.is_file() => std::fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?,
            _ => return Ok(None),
        };
        Ok(Some(Lock::read(&path.display().to_string(), &text)?))
    }
}

/// A rubric with everything that judging needs.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) rubric: Rubric,
    pub(super) shelf: Shelf,
    pub(super) lock: Option<Lock>,
    reference: Option<Bag>,
}

/// Opens a rubric for a student's own look: whichever edition it is, no more than the student's tells is looked at. So nothing that is
/// hidden can be found out by trying.
pub(super) fn open_for_student(name: Option<&str>) -> Result<Opened> {
    let mut file = find(name)?;
    if file.parse()?.edition == Edition::Course {
        file.text = student_edition(&file.text)?;
    }
    let rubric = file.parse()?;
    let shelf = file.shelf(&rubric);
    Ok(Opened { rubric, shelf, lock: None, reference: None })
}

/// Opens the course's own edition of a rubric for judging.
pub(super) fn open_course(name: Option<&str>) -> Result<Opened> {
    let opened = open(name)?;
    if opened.rubric.edition == Edition::Student {
        let help = "leave out `--as-course`, or name the course's own rubric".to_owned();
        return Err(Diagnostic::error(Code::BadValue, "this is a student's edition, which cannot judge as the course does").help(help).into());
    }
    Ok(opened)
}

/// Opens a rubric for judging. Its lock must be there and made from its settings and data.
pub(super) fn open(name: Option<&str>) -> Result<Opened> {
    let file = find(name)?;
    let rubric = file.parse()?;
    let shelf = file.shelf(&rubric);
    let lock = if rubric.edition == Edition::Course { file.lock()? } else { None };
    let path = file.lock_path().display().to_string();
    if let Some(fault) = lock_faults(&rubric, lock.as_ref(), &shelf).into_iter().next() {
        return Err(fault.in_file(path).into());
    }
    let reference = lock.as_ref().map(|lock| lock.bag(&path));
    Ok(Opened { rubric, shelf, lock, reference })
}

impl Opened {
    pub(super) fn course(&self) -> Course<'_> {
        let lock = self.lock.as_ref().map(|lock| lock.digest.as_str());
        Course { rubric: &self.rubric, reference: self.reference.as_ref(), lock, data: &self.shelf }
    }
}

/// What the lock of a part must have been made from.
pub(super) fn origin(part: &Part, shelf: &Shelf) -> Result<Option<Origin>> {
    let Some(reference) = &part.reference else { return Ok(None) };
    let data = shelf.digest(&reference.data)?;
    Ok(Some(Origin { run: reference.run.clone(), settings: reference.settings.clone(), data }))
}

/// What keeps a lock from being the one of this rubric: it is not there, or was made from something else.
pub(super) fn lock_faults(rubric: &Rubric, lock: Option<&Lock>, shelf: &Shelf) -> Vec<Diagnostic> {
    let Some(lock) = lock else {
        let missing = || Diagnostic::error(Code::LockMissing, "the rubric has no lock").help("make it with `mlgrade reference --lock`".to_owned());
        return rubric.needs_lock().then(missing).into_iter().collect();
    };
    let stale = |what: String| {
        let help = "run `mlgrade reference --lock` and look at what changes".to_owned();
        Diagnostic::error(Code::LockStale, format!("the lock is not of this rubric: {what}")).help(help)
    };
    if lock.rubric != rubric.id || lock.seed != rubric.seed {
        return vec![stale(format!("it is of `{}` with seed {}, the rubric is `{}` with seed {}", lock.rubric, lock.seed, rubric.id, rubric.seed))];
    }
    let of_part = |part: &Part| {
        let reference = part.reference.as_ref()?;
        let Some(locked) = lock.parts.get(&part.id) else { return Some(format!("it has no part `{}`", part.id)) };
        if locked.origin.run != reference.run || locked.origin.settings != reference.settings {
            return Some(format!("the reference of part `{}` has other settings now", part.id));
        }
        // A data set that cannot be read is a fault of its own.
        let data = shelf.digest(&reference.data).ok().filter(|data| *data != locked.origin.data)?;
        Some(format!("the data set `{}` of part `{}` has another content: {} in the lock, {data} now", reference.data, part.id, locked.origin.data))
    };
    let faults: Vec<Diagnostic> = rubric.parts.iter().filter_map(of_part).map(stale).collect();
    if !faults.is_empty() {
        return faults;
    }
    let known: BTreeSet<&String> = lock.parts.values().flat_map(|part| part.evidence.keys()).collect();
    let lacks = |need: Need<'_>| match need {
        Need::Reference(name) if !known.contains(name.get_ref()) => Some(format!("it has no value `{}`", name.get_ref())),
        _ => None,
    };
    rubric.items().flat_map(|item| item.check.needs()).filter_map(lacks).map(stale).collect()
}

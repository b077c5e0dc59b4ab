//! A course opened for judging: a rubric with its data sets and the lock of its reference, which must belong together.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::check::{Edition, Need};
use crate::data::Shelf;
use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::name::{did_you_mean, list};
use crate::evidence::bag::Bag;
use crate::lock::{Lock, Origin};
use crate::rubric::release::student_edition;
use crate::rubric::{self, Part, Rubric, SHIPPED};

/// Why a course cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum CourseError {
    /// The rubric has faults: all of them, with its text, into which they point.
    #[error("{path} has {} faults; the first: {}", .all.len(), .all.first().map_or("", |fault| fault.message.as_str()))]
    Faults {
        /// The rubric's path.
        path: String,
        /// Its text.
        text: String,
        /// What is wrong with it.
        all: Vec<Diagnostic>,
    },
    /// It is not there, or its lock is missing or stale.
    #[error(transparent)]
    Unusable(#[from] Diagnostic),
    /// A file cannot be read.
    #[error("{path} cannot be read")]
    Unreadable {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
}

type Result<T> = std::result::Result<T, CourseError>;

/// A rubric's text and where it came from.
#[derive(Debug, Clone)]
pub struct RubricFile {
    /// As messages name it.
    pub path: String,
    /// The TOML.
    pub text: String,
    /// Where data files and the lock are; `None` for a shipped rubric.
    pub folder: Option<PathBuf>,
    shipped_lock: Option<&'static str>,
}

impl RubricFile {
    /// Opens a rubric by path or shipped name; without either the first shipped one.
    pub fn find(name: Option<&str>) -> Result<Self> {
        let wanted = name.unwrap_or(SHIPPED[0].id);
        let path = Path::new(wanted);
        if path.is_file() {
            let bytes = std::fs::read(path).map_err(|source| CourseError::Unreadable { path: wanted.to_owned(), source })?;
            let text = String::from_utf8(bytes).map_err(|_| Diagnostic::error(Code::InvalidToml, "the rubric is not UTF-8 text").in_file(wanted))?;
            let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_path_buf();
            return Ok(Self { path: wanted.to_owned(), text, folder: Some(folder), shipped_lock: None });
        }
        let Some(shipped) = SHIPPED.iter().find(|shipped| shipped.id == wanted) else {
            let names = || SHIPPED.iter().map(|shipped| shipped.id);
            let help = did_you_mean(wanted, names()).unwrap_or_else(|| format!("name a file, or one of the shipped rubrics: {}", list(names())));
            return Err(Diagnostic::error(Code::UnknownName, format!("there is no rubric `{wanted}`")).help(help).into());
        };
        let path = format!("{}.toml", shipped.id);
        Ok(Self { path, text: shipped.rubric.to_owned(), folder: None, shipped_lock: Some(shipped.lock) })
    }

    /// The valid rubric, or all its faults.
    pub fn parse(&self) -> Result<Rubric> {
        let (rubric, faults) = rubric::parse(&self.text);
        rubric.ok_or_else(|| CourseError::Faults { path: self.path.clone(), text: self.text.clone(), all: faults })
    }

    /// The rubric's data sets.
    pub fn shelf(&self, rubric: &Rubric) -> Shelf {
        Shelf::new(&rubric.data, self.folder.as_deref().unwrap_or(Path::new(".")))
    }

    /// Where the lock lies, or should.
    pub fn lock_path(&self) -> PathBuf {
        Path::new(&self.path).with_extension("lock")
    }

    /// The lock, if there is one.
    pub fn lock(&self) -> Result<Option<Lock>> {
        let path = self.lock_path().display().to_string();
        self.lock_text()?.map(|text| Ok(Lock::read(&path, &text)?)).transpose()
    }

    /// The lock's text, if there is one.
    pub fn lock_text(&self) -> Result<Option<String>> {
        let path = self.lock_path();
        match self.shipped_lock {
            Some(text) => Ok(Some(text.to_owned())),
            None if path.is_file() => {
                std::fs::read_to_string(&path).map(Some).map_err(|source| CourseError::Unreadable { path: path.display().to_string(), source })
            }
            None => Ok(None),
        }
    }
}

/// What every submission of a class is judged with; [the crate](crate) shows how.
#[derive(Debug)]
pub struct Course {
    /// The rubric.
    pub rubric: Rubric,
    /// Its data sets.
    pub data: Shelf,
    /// The lock of its reference, unless the rubric is a student's edition.
    pub lock: Option<Lock>,
    reference: Option<Bag>,
}

impl Course {
    /// Opens a rubric by path or shipped name, without either the first shipped one. Its lock must be there and made from its settings and
    /// data.
    pub fn open(name: Option<&str>) -> Result<Self> {
        let file = RubricFile::find(name)?;
        let rubric = file.parse()?;
        let data = file.shelf(&rubric);
        let lock = if rubric.edition == Edition::Course { file.lock()? } else { None };
        let path = file.lock_path().display().to_string();
        match lock_faults(&rubric, lock.as_ref(), &data).into_iter().next() {
            Some(fault) => Err(fault.in_file(path).into()),
            None => Ok(Self::of(rubric, data, lock, &path)),
        }
    }

    /// Opens the course's own edition of a rubric: [`Course::open`], which refuses a student's edition.
    pub fn open_own(name: Option<&str>) -> Result<Self> {
        let course = Self::open(name)?;
        if course.rubric.edition == Edition::Student {
            let help = "leave out `--as-course`, or name the course's own rubric".to_owned();
            return Err(Diagnostic::error(Code::BadValue, "this is a student's edition, which cannot judge as the course does").help(help).into());
        }
        Ok(course)
    }

    /// Opens a rubric for a student's own look: whichever edition it is, no more than the student's edition says is looked at. So nothing
    /// that is hidden can be found out by trying.
    pub fn open_for_student(name: Option<&str>) -> Result<Self> {
        let mut file = RubricFile::find(name)?;
        if file.parse()?.edition == Edition::Course {
            file.text = student_edition(&file.text).map_err(|error| Diagnostic::error(Code::InvalidToml, error.message()).in_file(&file.path))?;
        }
        let rubric = file.parse()?;
        let data = file.shelf(&rubric);
        Ok(Self { rubric, data, lock: None, reference: None })
    }

    /// A course of parts that belong together, which nobody checks; `path` names the lock in messages.
    pub fn of(rubric: Rubric, data: Shelf, lock: Option<Lock>, path: &str) -> Self {
        let reference = lock.as_ref().map(|lock| lock.bag(path));
        Self { rubric, data, lock, reference }
    }

    /// The reference's evidence, unless the rubric is a student's edition.
    pub(crate) fn reference(&self) -> Option<&Bag> {
        self.reference.as_ref()
    }
}

/// What the lock of a part must have been made from.
pub(crate) fn origin(part: &Part, shelf: &Shelf) -> Result<Option<Origin>> {
    let Some(reference) = &part.reference else { return Ok(None) };
    let data = shelf.digest(&reference.data)?;
    Ok(Some(Origin { run: reference.run.clone(), settings: reference.settings.clone(), data }))
}

/// What keeps a lock from being the one of this rubric: it is not there, or was made from something else.
pub(crate) fn lock_faults(rubric: &Rubric, lock: Option<&Lock>, shelf: &Shelf) -> Vec<Diagnostic> {
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
    let missing = |need: Need<'_>| need.reference().filter(|name| !known.contains(name.get_ref())).map(|name| format!("it has no value `{}`", name.get_ref()));
    rubric.items().flat_map(|item| item.check.needs()).filter_map(missing).map(stale).collect()
}

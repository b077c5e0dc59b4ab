//! A course opened for judging: a rubric with its data sets and the lock of its reference, which must belong together.

pub(crate) mod origin;
pub(crate) mod stated;

use std::path::{Path, PathBuf};

use crate::check::Edition;
use crate::data::Shelf;
use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::name::{did_you_mean, list};
use crate::evidence::bag::Bag;
use crate::lock::Lock;
use crate::rubric::release::student_edition;
use crate::rubric::{self, Rubric, SHIPPED, Shipped};

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
    shipped: Option<&'static Shipped>,
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
            return Ok(Self { path: wanted.to_owned(), text, folder: Some(folder), shipped: None });
        }
        let Some(shipped) = SHIPPED.iter().find(|shipped| shipped.id == wanted) else {
            let names = || SHIPPED.iter().map(|shipped| shipped.id);
            let help = did_you_mean(wanted, names()).unwrap_or_else(|| format!("name a file, or one of the shipped rubrics: {}", list(names())));
            return Err(Diagnostic::error(Code::UnknownName, format!("there is no rubric `{wanted}`")).help(help).into());
        };
        let path = format!("{}.toml", shipped.id);
        Ok(Self { path, text: shipped.rubric.to_owned(), folder: None, shipped: Some(shipped) })
    }

    /// The valid rubric, or all its faults.
    pub fn parse(&self) -> Result<Rubric> {
        let (rubric, faults) = rubric::parse(&self.text);
        rubric.ok_or_else(|| CourseError::Faults { path: self.path.clone(), text: self.text.clone(), all: faults })
    }

    /// The text of its student's edition.
    fn student_edition(&self) -> Result<String> {
        Ok(student_edition(&self.text).map_err(|error| Diagnostic::error(Code::InvalidToml, error.message()).in_file(&self.path))?)
    }

    /// The student's edition, as it is going to lie in `folder` without the course's files.
    pub fn released(&self, folder: &Path) -> Result<Self> {
        let id = self.parse()?.id;
        let path = folder.join(format!("{id}.student.toml")).display().to_string();
        Ok(Self { path, text: self.student_edition()?, folder: Some(folder.to_path_buf()), shipped: None })
    }

    /// What lies in the rubric's folder at `path`; nothing of a shipped rubric does.
    pub(crate) fn beside(&self, path: &str) -> Option<PathBuf> {
        self.folder.as_ref().map(|folder| folder.join(path))
    }

    /// The rubric's data sets.
    pub fn shelf(&self, rubric: &Rubric) -> Shelf {
        match self.shipped {
            Some(shipped) => {
                let carried = rubric.data.iter().map(|(name, source)| (name.clone(), source.clone().carried(shipped.data))).collect();
                Shelf::new(&carried, Path::new("."))
            }
            None => Shelf::new(&rubric.data, self.folder.as_deref().unwrap_or(Path::new("."))),
        }
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
        match self.shipped {
            Some(shipped) => Ok(Some(shipped.lock.to_owned())),
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
        Self::of_file(&RubricFile::find(name)?)
    }

    /// The course of a rubric that has been found; [`Course::open`] says what must be right about it.
    pub fn of_file(file: &RubricFile) -> Result<Self> {
        let rubric = file.parse()?;
        let data = file.shelf(&rubric);
        let lock = if rubric.edition == Edition::Course { file.lock()? } else { None };
        let path = file.lock_path().display().to_string();
        match origin::lock_faults(file, &rubric, lock.as_ref(), &data).into_iter().next() {
            Some(fault) => Err(Diagnostic { span: None, ..fault }.in_file(path).into()),
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
        // Where the course's own edition is meant and the student's alone is there, it is that one.
        let edition = name.and_then(|name| name.strip_suffix(".toml")).map(|stem| format!("{stem}.student.toml"));
        let edition = edition.filter(|edition| !name.is_some_and(|name| Path::new(name).exists()) && Path::new(edition).is_file());
        Self::for_student(&RubricFile::find(edition.as_deref().or(name))?)
    }

    /// The same of a rubric that has been found.
    pub fn for_student(file: &RubricFile) -> Result<Self> {
        let mut file = file.clone();
        if file.parse()?.edition == Edition::Course {
            file.text = file.student_edition()?;
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

//! What the tests share: a course as the program opens it, submissions made by hand, and the program itself.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use mlgrade::check::Edition;
use mlgrade::course::Course;
use mlgrade::data::Shelf;
use mlgrade::lock::Lock;
use mlgrade::report::{ItemReport, Report};
use mlgrade::rubric::{SHIPPED, parse};
use mlgrade::submission::Submission;
use tempfile::TempDir;

/// The shipped course, opened once.
pub(crate) static SHIPPED_COURSE: LazyLock<Opened> = LazyLock::new(|| Opened(Course::open(Some(SHIPPED[0].id)).unwrap()));

/// The lab, opened once.
pub(crate) static LAB: LazyLock<Opened> = LazyLock::new(|| Opened(Course::open(Some(SHIPPED[1].id)).unwrap()));

/// The path of a rubric for tests of layouts, in which no item needs another to back it.
pub(crate) const PLAIN: &str = "fixtures/downloads/rubric.toml";

/// Its course, opened once.
pub(crate) static PLAIN_COURSE: LazyLock<Opened> = LazyLock::new(|| Opened::of(include_str!("../../fixtures/downloads/rubric.toml"), None));

/// A course for tests.
pub(crate) struct Opened(Course);

impl Opened {
    /// The course of a rubric's text with the text of a lock that need not be made from it.
    pub(crate) fn of(rubric: &str, lock: Option<&str>) -> Self {
        let (parsed, faults) = parse(rubric);
        let rubric = parsed.unwrap_or_else(|| panic!("{faults:?}\n{rubric}"));
        let lock = lock.filter(|_| rubric.edition == Edition::Course).map(|text| Lock::read("test.lock", text).unwrap());
        let data = Shelf::new(&rubric.data, Path::new("."));
        Self(Course::of(rubric, data, lock, "test.lock"))
    }

    pub(crate) fn judge(&self, submission: &Submission) -> Report {
        self.0.grade(submission)
    }

    pub(crate) fn data(&self) -> &Shelf {
        &self.0.data
    }
}

impl std::ops::Deref for Opened {
    type Target = Course;

    fn deref(&self) -> &Course {
        &self.0
    }
}

/// A submission folder made by hand.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    /// A copy of the reference's own submission.
    pub(crate) fn of_reference() -> Self {
        Self::copy_of(&reference_submission())
    }

    /// A copy of `folder`.
    pub(crate) fn copy_of(folder: &Path) -> Self {
        let copy = Self::new();
        for (path, bytes) in files_below(folder) {
            copy.write(path.to_str().unwrap(), bytes);
        }
        copy
    }

    pub(crate) fn with(self, path: &str, bytes: impl AsRef<[u8]>) -> Self {
        self.write(path, bytes);
        self
    }

    pub(crate) fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path().join(path.trim_start_matches('/'));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path().join(path)).unwrap()
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// The report of this folder in the shipped course.
    pub(crate) fn graded(&self) -> Report {
        self.graded_in(&SHIPPED_COURSE)
    }

    /// The report of this folder in `course`.
    pub(crate) fn graded_in(&self, course: &Opened) -> Report {
        course.judge(&Submission::open(self.path()))
    }
}

pub(crate) fn reference_submission() -> PathBuf {
    repository().join("submissions/s01-reference")
}

pub(crate) fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

pub(crate) fn item<'r>(report: &'r Report, id: &str) -> &'r ItemReport {
    report.items.iter().find(|item| item.id == id).unwrap_or_else(|| panic!("there is no item {id}"))
}

/// Runs the program without colours.
pub(crate) fn mlgrade(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_mlgrade")).args(arguments).env("NO_COLOR", "1").current_dir(repository()).output().unwrap()
}

/// The reports in a folder by path inside it: all files but the database, which keeps when each run was.
pub(crate) fn reports_below(folder: &Path) -> std::collections::BTreeMap<PathBuf, Vec<u8>> {
    let mut files = files_below(folder);
    files.remove(Path::new("class.db"));
    files
}

/// All regular files below `folder` with their bytes, by path inside it.
pub(crate) fn files_below(folder: &Path) -> std::collections::BTreeMap<PathBuf, Vec<u8>> {
    let mut files = std::collections::BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        let name = PathBuf::from(entry.file_name());
        if path.is_dir() {
            files.extend(files_below(&path).into_iter().map(|(inner, bytes)| (name.join(inner), bytes)));
        } else {
            files.insert(name, std::fs::read(path).unwrap());
        }
    }
    files
}

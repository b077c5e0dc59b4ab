//! What one student handed in: a folder of files, made into named, lazily decoded evidence.

mod folder;
mod settings;

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::domain::diagnostic::{Code, Diagnostic};
use crate::evidence::bag::Bag;
use crate::evidence::source::Source;

/// One student's work.
#[derive(Debug)]
pub struct Submission {
    /// The folder's name: what reports are named after. A student cannot choose it.
    pub student: String,
    /// The name that submission.toml states.
    pub name: Option<String>,
    /// When it was handed in, as submission.toml states it.
    pub submitted_at: Option<Timestamp>,
    /// The evidence.
    pub bag: Bag,
    /// What was noticed while opening it.
    pub notes: Vec<Diagnostic>,
    /// Why nothing of it could be read, if so. Nothing of it is graded then.
    pub unreachable: Option<Diagnostic>,
}

impl Submission {
    /// Opens the folder at `path`. Whatever is wrong with it becomes a note; nothing is read but submission.toml.
    pub fn open(path: &Path) -> Self {
        let student = folder_name(path);
        let (files, mut notes) = match folder::list(path) {
            Ok(listing) => listing,
            Err(diagnostic) => {
                let bag = Bag::default();
                return Self { student, name: None, submitted_at: None, bag, notes: Vec::new(), unreachable: Some(diagnostic) };
            }
        };
        let settings = settings::read(&files, &mut notes);
        let bag = Bag::new(files, settings.places);
        Self { student, name: settings.student, submitted_at: settings.submitted_at, bag, notes, unreachable: None }
    }

    /// The work of a reference, made in memory.
    pub fn of_files(student: &str, files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        let files = files.into_iter().map(|(path, bytes)| (path, Source::Memory(bytes))).collect();
        let bag = Bag::new(files, std::collections::BTreeMap::new());
        Self { student: student.to_owned(), name: None, submitted_at: None, bag, notes: Vec::new(), unreachable: None }
    }
}

/// The submissions in `folder`, in the order of their names: its subfolders, or the folder itself if it is a submission.
pub fn find(folder: &Path) -> Result<Vec<PathBuf>, Diagnostic> {
    let fault = |error: &std::io::Error| {
        let message = format!("the folder of submissions cannot be opened: {error}");
        Diagnostic::error(Code::NotReadable, message).in_file(folder.display().to_string()).help("name a folder with one folder a student".to_owned())
    };
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|error| fault(&error))? {
        let entry = entry.map_err(|error| fault(&error))?;
        let name = entry.file_name();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) && !folder::is_passed_over(&name) {
            folders.push(entry.path());
        }
    }
    folders.sort();
    if is_submission(folder) || folders.is_empty() {
        folders = vec![folder.to_path_buf()];
    }
    Ok(folders)
}

fn is_submission(folder: &Path) -> bool {
    ["metrics.toml", "metrics.json", "answers.toml", "answers.json", "submission.toml"].iter().any(|name| folder.join(name).is_file())
        || ["figures", "predictions", "networks"].iter().any(|name| folder.join(name).is_dir())
}

/// The name of a submission's folder, also when `path` is `.`.
pub fn folder_name(path: &Path) -> String {
    let resolved = path.canonicalize();
    let named = resolved.as_deref().unwrap_or(path);
    named.file_name().map_or_else(|| "submission".to_owned(), |name| name.to_string_lossy().into_owned())
}

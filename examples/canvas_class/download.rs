//! A class in the form of Canvas's "Download Submissions" and "Export Entire Gradebook".

use std::fmt::Write as _;
use std::io::{Cursor, Write};
use std::path::Path;

use walkdir::WalkDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A download.
pub(crate) struct Download {
    /// `download.zip`.
    pub(crate) zip: Vec<u8>,
    /// `gradebook.csv`.
    pub(crate) gradebook: String,
    /// Each submission's name in the folder, with the student's id in Canvas.
    #[cfg_attr(not(test), expect(dead_code, reason = "for tests"))]
    pub(crate) students: Vec<(String, String)>,
}

/// The submissions in `folder`: each handed in one archive. The assignment is "HW2 (123)", worth 100 points.
pub(crate) fn of(folder: &Path) -> anyhow::Result<Download> {
    let mut download = ZipWriter::new(Cursor::new(Vec::new()));
    let mut gradebook = "Student,ID,SIS User ID,SIS Login ID,Section,HW2 (123)\n    Points Possible,,,,,100.00\n".to_owned();
    let mut students = Vec::new();
    let mut entries: Vec<_> = std::fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for (n, entry) in entries.iter().enumerate() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let stem = name.split_once('.').map_or(name.as_str(), |(stem, _)| stem);
        let (archive, ending) = archive(&entry.path())?;
        let (student, id) = (stem.replace('-', ""), 1001 + n);
        download.start_file(format!("{student}_{id}_{}_hw2.{ending}", 90_001 + n), SimpleFileOptions::default())?;
        download.write_all(&archive)?;
        writeln!(gradebook, "\"Student, {stem}\",{id},uin{id},{stem},Section 1,")?;
        students.push((stem.to_owned(), id.to_string()));
    }
    Ok(Download { zip: download.finish()?.into_inner(), gradebook, students })
}

/// The one file that a student hands in, and its ending. What is an archive already is not put into another one.
fn archive(path: &Path) -> anyhow::Result<(Vec<u8>, &'static str)> {
    let files: Vec<_> = WalkDir::new(path).sort_by_file_name().into_iter().collect::<Result<_, _>>()?;
    let files: Vec<&Path> = files.iter().filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::path).collect();
    let is_archive = |file: &Path| ["zip", "tar.gz"].into_iter().find(|ending| file.to_string_lossy().ends_with(&format!(".{ending}")));
    if let [only] = files.as_slice()
        && let Some(ending) = is_archive(only)
    {
        return Ok((std::fs::read(only)?, ending));
    }
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for file in files {
        archive.start_file(file.strip_prefix(path)?.to_string_lossy(), SimpleFileOptions::default())?;
        archive.write_all(&std::fs::read(file)?)?;
    }
    Ok((archive.finish()?.into_inner(), "zip"))
}

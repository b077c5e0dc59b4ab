//! What a submission is made of: a hash by which it is known again, and the files on disk that hold it.

use std::fs::File;
use std::path::{Path, PathBuf};

use blake3::Hasher;
use jiff::Timestamp;

use crate::domain::hash::add;
use crate::domain::limits;
use crate::evidence::source::Source;

use super::folder;
use super::handed_in::{HandedIn, Piece};

/// Larger files are known by their size and the time of their last change: a data set that was handed in along is not read again and again.
const READ_BYTES: u64 = 256 << 20;

impl HandedIn {
    /// A hash of all that opening and reading it may tell: its files with their paths, who handed it in and when. `None` if a part of it
    /// cannot be read now.
    pub fn digest(&self) -> Option<String> {
        let mut hash = Hasher::new();
        let known = (&self.student, &self.name, &self.people, self.marked_late, &self.called, self.platform, self.newest_first);
        add(&mut hash, format!("{known:?} {:?} {:?} {:?} {:?}", self.time, self.time_by_course, self.notes, self.unseen).as_bytes());
        for piece in &self.pieces {
            match piece {
                Piece::Folder(path) => {
                    let listing = folder::list(path).ok()?;
                    add(&mut hash, format!("folder {:?} {:?}", listing.notes, listing.incomplete).as_bytes());
                    listing.files.iter().try_for_each(|(path, source)| content(&mut hash, path, source))?;
                }
                Piece::File(name, source) => content(&mut hash, name, source)?,
                Piece::Files(listing) => {
                    add(&mut hash, format!("files {:?} {:?}", listing.notes, listing.incomplete).as_bytes());
                    listing.files.iter().try_for_each(|(path, source)| content(&mut hash, path, source))?;
                }
            }
        }
        Some(hash.finalize().to_hex().to_string())
    }

    /// The files and folders on disk that hold it; `class` stands for what lies in an archive of the class.
    pub fn paths(&self, class: &Path) -> Vec<PathBuf> {
        let of_source = |source: &Source| if let Source::Disk(path) = source { path.clone() } else { class.to_path_buf() };
        let of_piece = |piece: &Piece| match piece {
            Piece::Folder(path) => vec![path.clone()],
            Piece::File(_, source) => vec![of_source(source)],
            Piece::Files(listing) => listing.files.values().map(of_source).collect(),
        };
        let mut paths: Vec<PathBuf> = self.pieces.iter().flat_map(of_piece).collect();
        paths.sort();
        paths.dedup();
        paths
    }
}

fn content(hash: &mut Hasher, path: &str, source: &Source) -> Option<()> {
    add(hash, path.as_bytes());
    let Source::Disk(disk) = source else {
        add(hash, &source.read(path, limits::PREDICTIONS_BYTES).ok()?);
        return Some(());
    };
    let metadata = std::fs::metadata(disk).ok().filter(std::fs::Metadata::is_file)?;
    hash.update(&metadata.len().to_le_bytes());
    if metadata.len() > READ_BYTES {
        let changed = Timestamp::try_from(metadata.modified().ok()?).ok()?;
        hash.update(&changed.as_nanosecond().to_le_bytes());
    } else {
        hash.update_reader(File::open(disk).ok()?).ok()?;
    }
    Some(())
}

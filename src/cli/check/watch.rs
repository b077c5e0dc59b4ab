//! Looking again whenever a file of the work changes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::Result;
use walkdir::WalkDir;

use super::super::Exit;
use super::super::messages;
use super::super::say::say;
use crate::domain::limits;

/// How long it waits between two looks.
const PAUSE: Duration = Duration::from_millis(300);

/// Runs `look` each time that a file at `work` has changed and has been left alone for a moment. Ends when the program is stopped.
pub(super) fn forever(work: &Path, look: impl Fn() -> Result<()>) -> Result<Exit> {
    let mut seen = files(work);
    say!("\nWatching {}. Save a file to check again; stop with Ctrl+C.", work.display());
    loop {
        std::thread::sleep(PAUSE);
        let now = files(work);
        if now == seen {
            continue;
        }
        // An editor, or a program that trains, may not be done with writing.
        let mut settled = now;
        loop {
            std::thread::sleep(PAUSE);
            let later = files(work);
            if later == settled {
                break;
            }
            settled = later;
        }
        seen = settled;
        say!("\n{}\n", "─".repeat(60));
        if let Err(error) = look() {
            messages::report(&error);
        }
    }
}

/// The files at `work`, each with its size and when it was changed. Hidden ones, such as an editor's own, are left out.
fn files(work: &Path) -> BTreeMap<PathBuf, (u64, Option<SystemTime>)> {
    let is_hidden = |name: &std::ffi::OsStr| name.to_string_lossy().starts_with('.');
    let walk = WalkDir::new(work).max_depth(limits::FOLDER_DEPTH).into_iter();
    let entries = walk.filter_entry(move |entry| entry.depth() == 0 || !is_hidden(entry.file_name())).filter_map(Result::ok);
    let file = |entry: walkdir::DirEntry| {
        let about = entry.metadata().ok().filter(std::fs::Metadata::is_file)?;
        Some((entry.into_path(), (about.len(), about.modified().ok())))
    };
    entries.filter_map(file).take(limits::FILES).collect()
}

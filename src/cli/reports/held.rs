//! One program at a time writes to a folder of reports.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Result;
use jiff::Timestamp;

use crate::cli::say::complain;
use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::text::plain;

/// Names who holds the folder. It lies there while somebody does, or was killed meanwhile.
const HOLDER: &str = ".mlgrade-running";
/// Programs that write a few pages are waited for so long.
const PATIENCE: Duration = Duration::from_secs(3);

/// A lock on a folder, which the system takes off when the program ends, in whatever way.
#[derive(Debug)]
pub(super) struct Held {
    _lock: File,
    holder: PathBuf,
}

impl Held {
    /// Waits for whoever holds the folder. Nothing where folders cannot be locked.
    pub(super) fn waiting(folder: &Path) -> Option<Self> {
        let lock = File::open(folder).ok()?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                complain!("waiting for {}, which writes to {}", holder(folder), folder.display());
                lock.lock().ok()?;
            }
            Err(TryLockError::Error(_)) => return None,
        }
        Some(Self::noted(lock, folder))
    }

    /// The same, but refuses while another program that takes long holds it.
    pub(super) fn at_once(folder: &Path) -> Result<Option<Self>> {
        let Ok(lock) = File::open(folder) else { return Ok(None) };
        let until = Instant::now() + PATIENCE;
        loop {
            match lock.try_lock() {
                Ok(()) => return Ok(Some(Self::noted(lock, folder))),
                Err(TryLockError::WouldBlock) if Instant::now() < until => std::thread::sleep(Duration::from_millis(50)),
                Err(TryLockError::WouldBlock) => {
                    let message = format!("{} writes to this folder", holder(folder));
                    let fault = Diagnostic::error(Code::InUse, message).in_file(folder.display().to_string());
                    return Err(fault.help("wait until it is done, or name another folder with --out".to_owned()).into());
                }
                Err(TryLockError::Error(_)) => return Ok(None),
            }
        }
    }

    fn noted(lock: File, folder: &Path) -> Self {
        let holder = folder.join(HOLDER);
        let words: Vec<String> = std::env::args().skip(1).collect();
        let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
        let on = if host.trim().is_empty() { String::new() } else { format!(" on {}", host.trim()) };
        let note = format!("`mlgrade {}` (process {}{on}, since {})", words.join(" "), std::process::id(), Timestamp::now().strftime("%Y-%m-%d %H:%M:%S UTC"));
        // The lock holds, with or without a note of who has it.
        drop(std::fs::write(&holder, note));
        Self { _lock: lock, holder }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.holder));
    }
}

/// Who holds the folder, as far as is known.
fn holder(folder: &Path) -> String {
    let note = std::fs::read_to_string(folder.join(HOLDER)).unwrap_or_default();
    if note.is_empty() { "another run of mlgrade".to_owned() } else { plain(&note) }
}

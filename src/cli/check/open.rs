//! A page in the browser of whoever sits at the computer.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Result;

use crate::domain::diagnostic::{Code, Diagnostic};

/// The programs that open a file as a double click does, the first that there is counts.
const OPENERS: &[&[&str]] = if cfg!(windows) { &[&["explorer"]] } else { &[&["xdg-open"], &["open"], &["wslview"], &["gio", "open"]] };

/// Opens the page at `path`.
pub(super) fn page(path: &Path) -> Result<()> {
    for words in OPENERS {
        let Some((program, first)) = words.split_first() else { continue };
        let started = Command::new(program).args(first).arg(path).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        if started.is_ok() {
            return Ok(());
        }
    }
    let fault = Diagnostic::error(Code::NotReadable, "no program opens pages here").in_file(path.display().to_string());
    Err(fault.help("open this file in your browser".to_owned()).into())
}

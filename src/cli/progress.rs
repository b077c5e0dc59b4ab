//! Progress on what takes over a second; nothing when nobody watches.

use std::sync::Mutex;

use indicatif::{ProgressBar, ProgressStyle};

use crate::reference::Watch;

/// A bar for `total` steps; it draws on a terminal's standard error only.
pub(super) fn bar(total: usize, what: &str) -> ProgressBar {
    let bar = ProgressBar::new(total as u64);
    if let Ok(style) = ProgressStyle::with_template("{prefix:16} {bar:32} {pos}/{len}  {msg}  {eta}") {
        bar.set_style(style);
    }
    bar.set_prefix(what.to_owned());
    bar
}

/// A reference run as a bar.
#[derive(Debug)]
pub(super) struct RunBar(Mutex<ProgressBar>);

impl RunBar {
    pub(super) fn new(what: &str) -> Self {
        Self(Mutex::new(bar(0, what)))
    }

    pub(super) fn finish(&self) {
        if let Ok(bar) = self.0.lock() {
            bar.finish_and_clear();
        }
    }
}

impl Watch for RunBar {
    fn step(&self, done: usize, total: usize, note: &str) {
        if let Ok(bar) = self.0.lock() {
            bar.set_length(total as u64);
            bar.set_position(done as u64);
            bar.set_message(note.to_owned());
        }
    }
}

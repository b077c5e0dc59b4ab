//! Progress on what takes over a second; nothing when nobody watches.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

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

/// How far the grading of a class is: the rate, the time left, and how many are ungraded or killed a worker.
#[derive(Debug)]
pub(super) struct Tally {
    bar: ProgressBar,
    ungraded: AtomicUsize,
    killed: AtomicUsize,
}

impl Tally {
    /// Of `total` submissions; where `quiet`, nothing is drawn.
    pub(super) fn new(total: usize, quiet: bool) -> Self {
        let bar = if quiet { ProgressBar::hidden() } else { ProgressBar::new(total as u64) };
        if let Ok(style) = ProgressStyle::with_template("{prefix:16} {bar:32} {pos}/{len}  {per_sec}  {eta} left  {msg}") {
            bar.set_style(style);
        }
        bar.set_prefix("grading");
        Self { bar, ungraded: AtomicUsize::new(0), killed: AtomicUsize::new(0) }
    }

    /// A submission was judged, after it had killed this number of workers.
    pub(super) fn judged(&self, is_ungraded: bool, deaths: usize) {
        let count = |counter: &AtomicUsize, is_one: bool| counter.fetch_add(usize::from(is_one), Ordering::Relaxed) + usize::from(is_one);
        let (ungraded, killed) = (count(&self.ungraded, is_ungraded), count(&self.killed, deaths > 0));
        if is_ungraded || deaths > 0 {
            self.bar.set_message(format!("{ungraded} not graded, {killed} beyond a limit"));
        }
        self.bar.inc(1);
    }

    /// A submission is as it was.
    pub(super) fn unchanged(&self) {
        self.bar.inc(1);
    }

    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
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

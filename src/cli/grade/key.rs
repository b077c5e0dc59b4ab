//! A hash of all that a report depends on. While it is the same, the report is.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use anyhow::{Context, Result};
use blake3::Hasher;

use super::own_file;
use crate::course::{Course, RubricFile};
use crate::domain::hash;
use crate::marks::Mark;
use crate::submission::HandedIn;
use crate::worker::Limits;

/// The digits of a hash that are kept: 128 bits.
const DIGITS: usize = 32;

/// A hash of this program's own file, so that reports of another build are made anew even if its version is called the same.
pub(super) fn build() -> Result<String> {
    let path = own_file();
    let mut hash = Hasher::new();
    let read = File::open(&path).and_then(|file| hash.update_reader(file).map(drop));
    read.with_context(|| format!("{} cannot be read", path.display()))?;
    Ok(short(&hash))
}

/// What the reports of all submissions of a run depend on: the build, the course, and what a submission may use.
pub(super) fn of_run(course: &str, build: &str, limits: &Limits) -> String {
    let mut hash = Hasher::new();
    add(&mut hash, &format!("{build} {course} {limits:?}"));
    short(&hash)
}

/// What a course is made of: the text of its rubric, its lock and its data.
pub(super) fn of_course(file: &RubricFile, course: &Course) -> Result<String> {
    let mut hash = Hasher::new();
    add(&mut hash, &file.text);
    add(&mut hash, &format!("{:?}", file.lock_text()?));
    for name in course.rubric.data.keys() {
        add(&mut hash, name);
        // A data set that cannot be read is a fault of the items that need it; they are not kept.
        add(&mut hash, &format!("{:?}", course.data.digest(name)));
    }
    Ok(short(&hash))
}

/// What the report of one submission depends on; `None` if it cannot be read now.
pub(super) fn of_submission(run: &str, submission: &HandedIn, slack_used: u32) -> Option<String> {
    let mut hash = Hasher::new();
    add(&mut hash, run);
    add(&mut hash, &submission.digest()?);
    hash.update(&slack_used.to_le_bytes());
    Some(short(&hash))
}

/// What is known of the students beside their submissions: the roster, the times, and free late days.
pub(super) fn of_lists(files: &[Option<&Path>], slack_used: &BTreeMap<String, u32>) -> Result<String> {
    let mut hash = Hasher::new();
    for file in files {
        let content = file.map(|file| std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))).transpose()?;
        add(&mut hash, &format!("{:?}", content.map(|content| blake3::hash(&content))));
    }
    add(&mut hash, &format!("{slack_used:?}"));
    Ok(short(&hash))
}

/// What the files of a report are written from, beside what the program found: what people decided of it, and the program that writes them.
pub(in crate::cli) fn stamp(build: &str, marks: &[Mark], is_released: bool) -> String {
    let mut hash = Hasher::new();
    add(&mut hash, &format!("{build} {is_released} {marks:?}"));
    short(&hash)
}

fn add(hash: &mut Hasher, text: &str) {
    hash::add(hash, text.as_bytes());
}

fn short(hash: &Hasher) -> String {
    hash.finalize().to_hex()[..DIGITS].to_owned()
}

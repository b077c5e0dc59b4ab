//! What a run is about: the course, the class, and what is known of each student. The parent and its workers make it from the same arguments.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::Args;
use super::facts::Facts;
use super::key;
use super::lateness::slack_used;
use crate::check::Need;
use crate::cli::class;
use crate::course::{Course, RubricFile};
use crate::submission::{self, Class, HandedIn, Matched, Roster};

/// The most files that are named one by one to the system.
const FEW: usize = 16;

/// A class with the course that grades it.
pub(super) struct Plan {
    pub(super) course: Course,
    /// A hash of what the course is made of.
    pub(super) digest: String,
    /// Each student's work, in the order of their names.
    pub(super) submissions: Vec<HandedIn>,
    /// Whether it is not a class at all but the work of one student, who was named.
    pub(super) is_one: bool,
    /// What is known of the class as a whole.
    pub(super) facts: Facts,
    /// The free late days that earlier homeworks have used up, by student.
    pub(super) slack_used: BTreeMap<String, u32>,
    class: PathBuf,
}

impl Plan {
    /// Opens the course and looks for the class.
    pub(super) fn of(args: &Args) -> Result<Self> {
        let file = RubricFile::find(args.rubric.as_deref())?;
        let course = Course::of_file(&file)?;
        let digest = key::of_course(&file, &course)?;
        let roster = args.roster.as_deref().map(class::roster).transpose()?;
        let (metadata, times) = match args.times.as_deref() {
            Some(path) if path.extension().is_some_and(|ending| ending == "json") => (Some(path), None),
            path => (None, path.map(class::times).transpose()?),
        };
        let class = match metadata {
            Some(metadata) => submission::of_autograder(&args.folder, metadata)?,
            None => submission::find_of(&args.folder, roster.as_ref())?,
        };
        let Matched { mut class, absent, mut reported } = match &roster {
            Some(roster) => roster.matched(class),
            None => Matched { class, ..Matched::default() },
        };
        reported.extend(times.iter().flat_map(|times| times.tell_times(&mut class)));
        let Class { submissions, notes, is_one, .. } = class;
        // A worker gets each student's with the job.
        let slack_used = if args.worker.is_some() { BTreeMap::new() } else { slack_used(&args.slack_used, &args.out)? };
        let facts = Facts {
            lists: key::of_lists(&[args.roster.as_deref(), args.times.as_deref()], &slack_used)?,
            notes: notes.iter().map(ToString::to_string).collect(),
            reported,
            absent: absent.iter().map(|student| (student.id.clone(), student.name.clone())).collect(),
            enrolled: roster.as_ref().map(Roster::len),
            marked_late: submissions.iter().filter(|submission| submission.marked_late).map(|submission| submission.student.clone()).collect(),
            has_times: args.times.is_some(),
            has_slack: !args.slack_used.is_empty(),
            submissions: submissions.len(),
        };
        Ok(Self { course, digest, submissions, is_one, facts, slack_used, class: args.folder.clone() })
    }

    /// What lies on disk of a submission.
    pub(super) fn files_of(&self, submission: &HandedIn) -> Vec<PathBuf> {
        let mut files = submission.paths(&self.class);
        files.extend(self.data());
        files
    }

    /// The files of the data sets; of many, the folders that they are in.
    fn data(&self) -> Vec<PathBuf> {
        let files = self.course.data.paths();
        if files.len() <= FEW {
            return files;
        }
        files.iter().filter_map(|file| file.parent()).map(Path::to_path_buf).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// All files and folders that judging may need.
    pub(super) fn files(&self) -> Vec<PathBuf> {
        let outside = |path: &PathBuf| !path.starts_with(&self.class);
        let mut files: Vec<PathBuf> = self.submissions.iter().flat_map(|submission| submission.paths(&self.class)).filter(outside).collect();
        files.push(self.class.clone());
        files.extend(self.data());
        files.sort();
        files.dedup();
        files
    }

    /// The items, by their places in the rubric, that read what the item at `place` reads: the same figure, predictions, network or file, or
    /// else any of the values and texts that a submission states, which may all be in one file.
    pub(super) fn kin(&self, place: usize) -> BTreeSet<usize> {
        let own_files: Vec<(BTreeSet<String>, bool)> = self.course.rubric.items().map(|item| reads(&item.check.needs())).collect();
        let Some((files, _)) = own_files.get(place) else { return BTreeSet::new() };
        let is_kin = |(others, states): &(BTreeSet<String>, bool)| if files.is_empty() { *states } else { !others.is_disjoint(files) };
        own_files.iter().enumerate().filter(|(_, other)| is_kin(other)).map(|(place, _)| place).collect()
    }
}

/// The files that an item reads by itself, and whether it reads values or texts that are stated somewhere.
fn reads(needs: &[Need<'_>]) -> (BTreeSet<String>, bool) {
    let mut states = false;
    let files = needs.iter().filter_map(|need| match need {
        Need::Figure(name) => Some(format!("figure {name}")),
        Need::Predictions(name) => Some(format!("predictions {name}")),
        Need::Network(name) => Some(format!("network {name}")),
        Need::File(path) => Some(format!("file {path}")),
        Need::Notebook(name) => Some(format!("notebook {}", name.unwrap_or_default())),
        Need::Evidence(_) | Need::Array(_) | Need::Answer(_) | Need::Rule(_) | Need::Extra(_) => {
            states = true;
            None
        }
        Need::Reference(_) | Need::ReferenceNumber(_) | Need::Data(_) => None,
    });
    let files = files.collect();
    (files, states)
}

/// The folder or file that a path names, as the workers see it from wherever they are.
pub(super) fn whole(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_path_buf())
}

//! `grade` as a worker: the same arguments, but another process asks which submissions to judge.

use std::path::PathBuf;

use anyhow::Result;

use super::plan::{Plan, whole};
use super::{Args, Exit};
use crate::grade::Watch;
use crate::report::Report;
use crate::submission::HandedIn;
use crate::worker::child::{Judge, serve};
use crate::worker::protocol::Job;

/// Judges what the process `parent` asks for.
pub(super) fn run(args: &Args, parent: u32) -> Result<Exit> {
    let plan = Plan::of(args)?;
    let files: Vec<PathBuf> = plan.files().iter().map(|path| whole(path)).collect();
    serve(&plan, parent, &files, args.limits())?;
    Ok(Exit::Fine)
}

impl Plan {
    fn submission(&self, job: &Job) -> Option<&HandedIn> {
        self.submissions.get(job.place).filter(|submission| submission.student == job.student)
    }
}

impl Judge for Plan {
    fn digest(&self) -> &str {
        &self.digest
    }

    fn files(&self, job: &Job) -> Vec<PathBuf> {
        self.submission(job).map(|submission| self.files_of(submission)).unwrap_or_default()
    }

    fn judge(&self, job: &Job, begins: &dyn Fn(usize)) -> Result<Report, String> {
        let submission = self.submission(job).ok_or("the folder of the class changed while it was graded; grade it again")?;
        let watch = Watch { begins: Some(begins), left_out: Some(&job.left_out) };
        let mut report = self.course.grade_watched(&submission.open(), &watch);
        report.place_pictures(&job.student);
        report.use_slack(job.slack_used);
        Ok(report)
    }
}

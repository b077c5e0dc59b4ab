//! Has the submissions of a class judged by workers, writes each report as it comes, and keeps it in the class's database.

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use mlgrade_sandbox::Layers;

use super::key::{self, stamp};
use super::log::Log;
use super::plan::Plan;
use crate::cli::progress::Tally;
use crate::cli::reports::{Reports, shown_as};
use crate::domain::diagnostic::{Code, Diagnostic};
use crate::grade::LeftOut;
use crate::marks::Marks;
use crate::report::Report;
use crate::store::{Finished, Kept, Outcome, Store};
use crate::worker::pool::{self, Done, Pictures, Pool, PoolError};
use crate::worker::protocol::Job;
use crate::worker::{Limits, locked};

/// Reports wait for each other so long before they are committed together.
const BATCH: Duration = Duration::from_millis(100);
/// The most reports that are committed together.
const BATCH_SIZE: usize = 256;

/// What submissions are judged with, beside the plan.
pub(super) struct Judging<'j> {
    pub(super) plan: &'j Plan,
    pub(super) reports: &'j Reports,
    pub(super) marks: &'j Marks,
    /// Whether a person has released the grades.
    pub(super) released: Option<bool>,
    /// What is kept of each student from earlier runs; nothing if all are to be judged anew.
    pub(super) kept: &'j BTreeMap<String, Kept>,
    /// What the reports of the run depend on.
    pub(super) key: String,
    /// The hash of the program's file.
    pub(super) build: String,
    pub(super) limits: Limits,
    pub(super) workers: usize,
    /// Whether pages are written, or the report alone is kept.
    pub(super) has_pages: bool,
    /// Looks at a report before it is written anywhere; a reason keeps it out.
    pub(super) accepts: &'j (dyn Fn(&Report) -> Option<String> + Sync),
    /// Starts a worker.
    pub(super) command: &'j (dyn Fn() -> Command + Sync),
    /// Looks at the layers of isolation before anything is judged.
    pub(super) isolated: &'j (dyn Fn(&Layers) -> Result<()> + Sync),
    pub(super) tally: &'j Tally,
    pub(super) log: &'j Log,
}

/// What came of a run beside what the database keeps.
#[derive(Debug, Default)]
pub(in crate::cli) struct Outcomes {
    /// Submissions that were judged before and are unchanged.
    pub(in crate::cli) unchanged: usize,
    /// Submissions that killed a worker, with why they did.
    pub(in crate::cli) killed: BTreeMap<String, String>,
    /// Why reports could not be written, by student.
    pub(in crate::cli) unwritten: BTreeMap<String, String>,
    /// A report that was not accepted, with the reason.
    pub(in crate::cli) kept_out: Option<(Report, String)>,
}

impl Judging<'_> {
    /// Judges the submissions at `places` and commits what came of them to the store's run.
    pub(super) fn all(&self, places: &[usize], store: &mut Store, run: i64) -> Result<Outcomes> {
        let (sender, receiver) = sync_channel(2 * BATCH_SIZE);
        let (turn, outcomes) = (AtomicUsize::new(0), Mutex::new(Outcomes::default()));
        let pool = Pool {
            command: self.command,
            digest: &self.plan.digest,
            workers: self.workers.min(places.len()),
            limits: self.limits,
            kin: &|place| self.plan.kin(place),
            isolated: self.isolated,
        };
        let committed = std::thread::scope(|scope| {
            let (turn, outcomes, pool) = (&turn, &outcomes, &pool);
            let judging = scope.spawn(move || {
                let send = |finished| sender.send(finished).map_err(|_| anyhow::anyhow!("the database takes no more reports"));
                let next = || {
                    loop {
                        let job = self.job(*places.get(turn.fetch_add(1, Ordering::Relaxed))?);
                        if !self.is_unchanged(&job) {
                            return Some(job);
                        }
                        self.log.unchanged(&job.student);
                        self.tally.unchanged();
                        locked(outcomes).unchanged += 1;
                        send(self.finished(&job, Outcome::Unchanged)).ok()?;
                    }
                };
                pool.run(&next, &|job: &Job, done: &mut Done<'_>| self.take(job, done, outcomes)?.map_or(Ok(()), &send))
            });
            let committed = commit(&receiver, store, run);
            // Where nothing can be kept any more, nothing more is judged.
            drop(receiver);
            let judged = judging.join().unwrap_or_else(|_| Err(PoolError::Done(anyhow::anyhow!("a thread crashed; please report this"))));
            // A full disk ends the database before it ends the workers, and is the cause that is reported.
            committed.and(judged.map_err(|error| if let PoolError::Done(error) = error { error } else { error.into() }))
        });
        committed?;
        Ok(outcomes.into_inner().unwrap_or_else(PoisonError::into_inner))
    }

    fn job(&self, place: usize) -> Job {
        let submission = &self.plan.submissions[place];
        let slack_used = self.plan.slack_used.get(&submission.student).copied().unwrap_or_default();
        let key = key::of_submission(&self.key, submission, slack_used);
        Job { place, student: submission.student.clone(), slack_used, key, ..Job::default() }
    }

    fn is_unchanged(&self, job: &Job) -> bool {
        job.key.is_some() && self.kept.get(&job.student).is_some_and(|kept| kept.key == job.key && kept.file == job.student)
    }

    /// Writes what came of a submission. `None` if nothing of it is to be kept.
    fn take(&self, job: &Job, done: &mut Done<'_>, outcomes: &Mutex<Outcomes>) -> Result<Option<Finished>> {
        let body = match &mut done.outcome {
            pool::Outcome::Judged(body) => std::mem::take(body),
            pool::Outcome::Unread(left_out) => serde_json::to_string(&self.unread(job, left_out))?,
        };
        let found: Report = serde_json::from_str(&body).context("a worker sent a report that cannot be read")?;
        if let Some(why) = (self.accepts)(&found) {
            locked(outcomes).kept_out = Some((found, why));
            return Ok(None);
        }
        let stamp = match self.write(job, &found, &mut done.pictures) {
            Ok(stamp) => Some(stamp),
            Err(error) if done.pictures.is_broken() || concerns_all(&error) => return Err(error),
            Err(error) => {
                locked(outcomes).unwritten.insert(job.student.clone(), format!("{error:#}"));
                None
            }
        };
        if let Some(why) = done.deaths.last() {
            locked(outcomes).killed.insert(job.student.clone(), (*why).to_owned());
        }
        self.tally.judged(found.is_ungraded(), done.deaths.len());
        self.log.judged(&found, done);
        // What was our fault, or went beyond a limit, may come out otherwise the next time.
        let key = job.key.clone().filter(|_| done.deaths.is_empty() && !found.is_broken());
        Ok(Some(Finished { name: found.name, ..self.finished(job, Outcome::Judged { body, key, stamp }) }))
    }

    fn finished(&self, job: &Job, outcome: Outcome) -> Finished {
        Finished { student: job.student.clone(), name: self.plan.submissions[job.place].name.clone(), file: job.student.clone(), outcome }
    }

    /// The report of a submission that could not be read at all.
    fn unread(&self, job: &Job, left_out: &LeftOut) -> Report {
        let why = Diagnostic::error(Code::TooLarge, left_out.why.clone());
        let mut submission = self.plan.submissions[job.place].unopened();
        *(if left_out.is_ours { &mut submission.unreachable } else { &mut submission.incomplete }) = Some(why);
        let mut report = self.plan.course.grade(&submission);
        report.use_slack(job.slack_used);
        report
    }

    /// Writes a report's pictures and pages.
    fn write(&self, job: &Job, found: &Report, pictures: &mut Pictures<'_>) -> Result<String> {
        while let Some((path, bytes)) = pictures.take()? {
            self.reports.write_picture(&job.student, &path, &bytes)?;
        }
        let report = shown_as(self.marks.merged(found), self.released);
        if self.has_pages {
            self.reports.write(&job.student, &report)?;
        }
        Ok(stamp(&self.build, self.marks.of(&found.student), report.released))
    }
}

/// Commits what is finished until nothing more comes.
fn commit(receiver: &Receiver<Finished>, store: &mut Store, run: i64) -> Result<()> {
    let mut batch = Vec::new();
    while let Ok(first) = receiver.recv() {
        batch.push(first);
        let until = Instant::now() + BATCH;
        while batch.len() < BATCH_SIZE
            && let Ok(more) = receiver.recv_timeout(until.saturating_duration_since(Instant::now()))
        {
            batch.push(more);
        }
        store.commit(run, &batch)?;
        batch.clear();
    }
    Ok(())
}

/// Whether what keeps one file from being written keeps all others, too.
fn concerns_all(error: &anyhow::Error) -> bool {
    use std::io::ErrorKind::{QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    error.downcast_ref::<std::io::Error>().is_some_and(|error| matches!(error.kind(), QuotaExceeded | ReadOnlyFilesystem | StorageFull))
}

//! Workers side by side. A submission that kills its worker is tried once more alone. If it kills that one too, the item that was being read is
//! left out and the others are judged, until all are or it has cost too many workers; everybody else's work is as if it had not been there.

use std::collections::BTreeSet;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use mlgrade_sandbox::{Layers, Usage};

use super::death::Death;
use super::parent::{Answer, Died, Guarded, StartError, Worker};
use super::protocol::Job;
use super::{Limits, locked};
use crate::grade::LeftOut;

/// The most workers that one submission may cost.
const WORKERS_LOST: usize = 8;
/// How often it is tried to start one.
const STARTS: usize = 4;
/// How often is looked whose time is over.
const LOOK: Duration = Duration::from_millis(100);

/// How submissions are judged.
pub struct Pool<'p> {
    /// The command that starts a worker.
    pub command: &'p (dyn Fn() -> Command + Sync),
    /// A hash of what is judged by.
    pub digest: &'p str,
    /// How many workers there are.
    pub workers: usize,
    /// What a submission may use.
    pub limits: Limits,
    /// The items, by their places in the rubric, that read what the item at a place reads.
    pub kin: &'p (dyn Fn(usize) -> BTreeSet<usize> + Sync),
    /// Gets the layers of the first worker before it judges anything; an error ends the run.
    pub isolated: &'p (dyn Fn(&Layers) -> anyhow::Result<()> + Sync),
}

/// A submission with which the workers are done.
pub struct Done<'d> {
    /// What came of it.
    pub outcome: Outcome,
    /// Its pictures, one after the other.
    pub pictures: Pictures<'d>,
    /// What was used for it, as far as a worker lived to tell.
    pub usage: Option<Usage>,
    /// Why workers died of it, in a word each.
    pub deaths: Vec<&'static str>,
}

/// What came of a submission.
pub enum Outcome {
    /// The report as JSON.
    Judged(String),
    /// Why nothing of it was judged.
    Unread(LeftOut),
}

/// The pictures of a report, which still are in the pipe.
#[derive(Default)]
pub struct Pictures<'d> {
    worker: Option<&'d mut Worker>,
    left: std::vec::IntoIter<(String, u64)>,
    broken: bool,
}

impl Pictures<'_> {
    /// Whether the worker died before all were out of the pipe. Then its submission is judged again.
    pub fn is_broken(&self) -> bool {
        self.broken
    }

    /// The next picture with its path; an error is the worker's death.
    pub fn take(&mut self) -> io::Result<Option<(String, Vec<u8>)>> {
        let (Some(worker), Some((path, length))) = (&mut self.worker, self.left.next()) else { return Ok(None) };
        let bytes = worker.picture(length);
        self.broken |= bytes.is_err();
        Ok(Some((path, bytes?)))
    }
}

/// Why a run ended early.
#[derive(Debug, thiserror::Error)]
pub enum PoolError {
    /// There are no workers.
    #[error(transparent)]
    Start(#[from] StartError),
    /// Whoever gets the reports has a fault.
    #[error("{0:#}")]
    Done(anyhow::Error),
}

/// Gives the next submission that is to be judged.
pub type Next<'n> = dyn Fn() -> Option<Job> + Sync + 'n;
/// Takes what came of a submission.
pub type Take<'t> = dyn Fn(&Job, &mut Done<'_>) -> anyhow::Result<()> + Sync + 't;

impl Pool<'_> {
    /// Judges the submissions that `next` gives until it gives none. `take` gets each from the thread of its worker; if it fails the run ends.
    pub fn run(&self, next: &Next<'_>, take: &Take<'_>) -> Result<(), PoolError> {
        let workers = self.workers.max(1);
        let run = Running { pool: self, stop: AtomicBool::new(false), guarded: Mutex::default(), last: Mutex::new(Instant::now()), asked: Mutex::new(false) };
        let (ended, end) = mpsc::channel();
        std::thread::scope(|scope| {
            for _ in 0..workers {
                let (run, ended) = (&run, ended.clone());
                scope.spawn(move || {
                    let outcome = catch_unwind(AssertUnwindSafe(|| run.drive(next, take)));
                    let outcome = outcome.unwrap_or_else(|_| Err(PoolError::Done(anyhow::anyhow!("a thread crashed; please report this"))));
                    run.stop.fetch_or(outcome.is_err(), Ordering::Relaxed);
                    drop(ended.send(outcome));
                });
            }
            let (mut left, mut first) = (workers, Ok(()));
            while left > 0 {
                match end.recv_timeout(LOOK) {
                    Ok(outcome) => (left, first) = (left - 1, first.and(outcome)),
                    Err(_) => run.look(),
                }
            }
            first
        })
    }
}

/// A run that is going on.
struct Running<'p> {
    pool: &'p Pool<'p>,
    stop: AtomicBool,
    guarded: Mutex<Vec<Arc<Guarded>>>,
    /// When was last looked whose time is over.
    last: Mutex<Instant>,
    /// Whether the layers of a worker have been looked at.
    asked: Mutex<bool>,
}

impl Running<'_> {
    /// One worker's thread.
    fn drive(&self, next: &Next<'_>, take: &Take<'_>) -> Result<(), PoolError> {
        let mut worker = None;
        while !self.stop.load(Ordering::Relaxed) {
            let Some(job) = next() else { break };
            self.judge(&mut worker, job, take)?;
        }
        Ok(())
    }

    fn judge(&self, slot: &mut Option<Worker>, mut job: Job, take: &Take<'_>) -> Result<(), PoolError> {
        let (mut deaths, mut spent) = (Vec::new(), Duration::ZERO);
        loop {
            job.cpu = self.pool.limits.share(spent);
            job.is_second = !deaths.is_empty();
            let worker = match slot {
                Some(worker) => worker,
                None => slot.insert(self.start()?),
            };
            let is_fresh = worker.is_fresh;
            let Died { death, item } = match worker.judge(&job, self.pool.limits.clock) {
                Ok(Answer::Judged { body, pictures, usage }) => {
                    let pictures = Pictures { worker: Some(worker), left: pictures.into_iter(), broken: false };
                    let mut done = Done { outcome: Outcome::Judged(body), pictures, usage: Some(usage), deaths: deaths.clone() };
                    let taken = take(&job, &mut done);
                    if !done.pictures.broken {
                        taken.map_err(PoolError::Done)?;
                        // What was not wanted must not be taken for the next answer.
                        while done.pictures.take().is_ok_and(|picture| picture.is_some()) {}
                    }
                    let broken = done.pictures.broken;
                    if !broken {
                        worker.rests();
                        return Ok(());
                    }
                    Died { death: worker.died(), item: None }
                }
                Ok(Answer::Failed(why)) => {
                    worker.rests();
                    let why = format!("{why}; please report this");
                    return Self::unread(&job, LeftOut { why, is_ours: true }, deaths, take);
                }
                Err(died) => died,
            };
            *slot = None;
            deaths.push(death.word());
            if death == Death::Cpu {
                spent += job.cpu;
            }
            // The next worker reports each item before it reads it, so that the item of which it dies is known.
            if deaths.len() == 1 && (death.may_be_of_others() && !is_fresh || item.is_none()) {
                continue;
            }
            let left_out = death.left_out(&self.pool.limits);
            match item.filter(|_| deaths.len() < WORKERS_LOST && spent < self.pool.limits.cpu * 4 / 5) {
                Some(item) => job.left_out.extend((self.pool.kin)(item).into_iter().chain([item]).map(|kin| (kin, left_out.clone()))),
                None => return Self::unread(&job, left_out, deaths, take),
            }
        }
    }

    fn unread(job: &Job, why: LeftOut, deaths: Vec<&'static str>, take: &Take<'_>) -> Result<(), PoolError> {
        let mut done = Done { outcome: Outcome::Unread(why), pictures: Pictures::default(), usage: None, deaths };
        take(job, &mut done).map_err(PoolError::Done)
    }

    fn start(&self) -> Result<Worker, PoolError> {
        let watch = |guarded| locked(&self.guarded).push(guarded);
        let start = || Worker::start((self.pool.command)(), self.pool.digest, &watch);
        let mut started = start();
        for _ in 1..STARTS {
            // Whoever kills one, as a system short of memory does, may let the next one live.
            if matches!(started, Err(StartError::Killed(_))) {
                started = start();
            }
        }
        let (worker, layers) = started?;
        let mut asked = locked(&self.asked);
        if !*asked {
            (self.pool.isolated)(&layers).map_err(PoolError::Done)?;
            *asked = true;
        }
        Ok(worker)
    }

    /// Kills the workers whose time is over, and forgets those that are gone.
    fn look(&self) {
        let mut guarded = locked(&self.guarded);
        guarded.retain(|one| Arc::strong_count(one) > 1);
        let now = Instant::now();
        let mut last = locked(&self.last);
        let gap = now.saturating_duration_since(std::mem::replace(&mut *last, now));
        // A run that was halted, as by Ctrl-Z, takes up where it was.
        if gap > 20 * LOOK {
            guarded.iter().for_each(|one| one.pause(gap));
        }
        guarded.iter().for_each(|one| one.check(now));
    }
}

//! The worker's side: it isolates itself, and then judges what it is asked to.

use std::any::Any;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use mlgrade_sandbox::{Refused, Usage, Worker};

use super::Limits;
use super::protocol::{Job, Line, read, write};
use crate::report::Report;

/// Bytes of the program that come into memory only when they are needed, and of the kernel's tables of a process.
const CODE: u64 = 24 << 20;

/// What a worker judges with.
pub trait Judge: Sync {
    /// A hash of what it judges by.
    fn digest(&self) -> &str;

    /// The files and folders that the submission of a job may need.
    fn files(&self, job: &Job) -> Vec<PathBuf>;

    /// The report, whose pictures have paths. `begins` is to be called with each item's place before the item is read. An error is our own
    /// fault.
    fn judge(&self, job: &Job, begins: &dyn Fn(usize)) -> Result<Report, String>;
}

/// Serves jobs from the standard input until it ends. `parent` is the process that asks; `readable` are all files and folders that any job may
/// need.
pub fn serve(judge: &impl Judge, parent: u32, readable: &[PathBuf], limits: Limits) -> io::Result<()> {
    let mut worker = mlgrade_sandbox::enter(parent, readable, &mlgrade_sandbox::Limits { memory: limits.memory, cpu: limits.cpu });
    write(&mut io::stdout(), &Line::Ready { layers: worker.layers().clone(), digest: judge.digest().to_owned() })?;
    // The parent reports a panic; its trace would go to nobody.
    std::panic::set_hook(Box::new(|_| {}));
    let reading = Arc::new(Reading::default());
    std::thread::spawn({
        let reading = Arc::clone(&reading);
        move || {
            loop {
                std::thread::sleep(TELL);
                reading.tell();
            }
        }
    });
    let mut input = io::stdin().lock();
    while let Some(job) = read::<Job>(&mut input)? {
        if let Err(refused) = allow(&mut worker, Limits { cpu: job.cpu, ..limits }) {
            write(&mut io::stdout(), &Line::Failed(refused.to_string()))?;
            continue;
        }
        let work = || {
            // What confines the whole worker stays in force where this is not to be had.
            let _ = mlgrade_sandbox::confine(&judge.files(&job));
            judge.judge(&job, &|item| reading.begins(item, job.is_second))
        };
        let judged = std::thread::scope(|scope| scope.spawn(work).join());
        reading.ends();
        match judged {
            Ok(Ok(report)) => answer(&report, worker.usage())?,
            Ok(Err(why)) => write(&mut io::stdout(), &Line::Failed(why))?,
            Err(panic) => write(&mut io::stdout(), &Line::Failed(format!("judging crashed: {}", message(panic.as_ref()))))?,
        }
    }
    Ok(())
}

/// How often the parent is told which item is being read. Whatever uses up the processor time takes longer.
const TELL: Duration = Duration::from_millis(100);

/// Which item is being read, and which one the parent knows of. To tell of each at once costs as much as judging a small submission.
#[derive(Debug, Default)]
struct Reading(Mutex<Told>);

#[derive(Debug, Default)]
struct Told {
    now: Option<usize>,
    told: Option<usize>,
}

impl Reading {
    /// The item at this place is read next. The parent is told `at_once`, or when it takes long.
    fn begins(&self, item: usize, at_once: bool) {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.now = Some(item);
        if at_once {
            told.tell();
        }
    }

    /// Nothing is read any more.
    fn ends(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Told::default();
    }

    fn tell(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).tell();
    }
}

impl Told {
    fn tell(&mut self) {
        if let Some(item) = self.now.filter(|_| self.now != self.told) {
            // If nobody listens any more, nobody waits for the answer either.
            drop(write(&mut io::stdout(), &Line::Begins(item)));
            self.told = self.now;
        }
    }
}

/// Gives the worker what one submission may use. The program and the course's data count as well, but for at most half of the memory.
fn allow(worker: &mut Worker, limits: Limits) -> Result<(), Refused> {
    let whole = mlgrade_sandbox::Limits { memory: limits.memory, cpu: limits.cpu };
    worker.allow(&whole)?;
    let there = worker.usage().peak.unwrap_or_default() + CODE;
    worker.allow(&mlgrade_sandbox::Limits { memory: limits.memory.saturating_sub(there).max(limits.memory / 2), ..whole })
}

fn answer(report: &Report, usage: Usage) -> io::Result<()> {
    let body = serde_json::to_vec(report)?;
    let pictures = report.pictures().map(|(path, bytes)| (path.to_owned(), bytes.len() as u64)).collect();
    let mut output = io::stdout().lock();
    write(&mut output, &Line::Judged { report: body.len() as u64, pictures, usage })?;
    output.write_all(&body)?;
    for (_, bytes) in report.pictures() {
        output.write_all(bytes)?;
    }
    output.flush()
}

fn message(panic: &(dyn Any + Send)) -> &str {
    panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}

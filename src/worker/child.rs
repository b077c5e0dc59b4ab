//! The worker's side: it isolates itself, and then judges what it is asked to.

use std::any::Any;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use mlgrade_sandbox::{Refused, Usage, Worker};

use super::protocol::{Job, Line, read, write};
use super::{Limits, locked};
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
                std::thread::sleep(REPORT);
                reading.report();
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

/// How often the item that is being read is reported to the parent. Whatever uses up the processor time takes longer.
const REPORT: Duration = Duration::from_millis(100);

/// Which item is being read, and which one the parent knows of. To report each at once costs as much as judging a small submission.
#[derive(Debug, Default)]
struct Reading(Mutex<Item>);

#[derive(Debug, Default)]
struct Item {
    current: Option<usize>,
    reported: Option<usize>,
}

impl Reading {
    /// The item at this place is read next. It is reported `at_once`, or when it takes long.
    fn begins(&self, place: usize, at_once: bool) {
        let mut item = locked(&self.0);
        item.current = Some(place);
        if at_once {
            item.report();
        }
    }

    /// Nothing is read any more.
    fn ends(&self) {
        *locked(&self.0) = Item::default();
    }

    fn report(&self) {
        locked(&self.0).report();
    }
}

impl Item {
    fn report(&mut self) {
        if let Some(place) = self.current.filter(|_| self.current != self.reported) {
            // If nobody listens any more, nobody waits for the answer either.
            drop(write(&mut io::stdout(), &Line::Begins(place)));
            self.reported = self.current;
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

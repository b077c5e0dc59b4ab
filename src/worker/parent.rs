//! One worker as its parent sees it.

use std::io::{self, BufReader, Read};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use mlgrade_sandbox::{Layers, Usage};

use super::death::Death;
use super::locked;
use super::protocol::{Job, Line, bytes, read, write};

/// So much of what a worker says last is looked at, in bytes.
const LAST_WORDS: u64 = 64 << 10;
/// How long a worker may take to open the course.
const START: Duration = Duration::from_mins(10);

/// A worker.
#[derive(Debug)]
pub(super) struct Worker {
    guarded: Arc<Guarded>,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    /// Whether it has judged nothing yet.
    pub(super) is_fresh: bool,
}

/// A child process with the time by which it has to answer.
#[derive(Debug)]
pub(super) struct Guarded {
    child: Mutex<Child>,
    deadline: Mutex<Option<Instant>>,
    out_of_time: AtomicBool,
}

/// What a worker answers.
pub(super) enum Answer {
    /// The report as JSON, and the sizes and paths of the pictures that follow.
    Judged { body: String, pictures: Vec<(String, u64)>, usage: Usage },
    /// Why it could not be judged, which is our own fault.
    Failed(String),
}

/// A worker that died, and the item that it was reading.
pub(super) struct Died {
    pub(super) death: Death,
    pub(super) item: Option<usize>,
}

/// Why there is no worker.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The system starts none.
    #[error("no worker can be started: {0}")]
    System(#[from] io::Error),
    /// It ended before it was ready, for the reason that it gave.
    #[error("a worker ended before it was ready: {0}")]
    Ended(String),
    /// It judges by something else than the run does.
    #[error("the rubric, its lock or its data changed while the class was graded; grade it again")]
    Changed,
    /// It was killed before it was ready.
    #[error("a worker was killed before it was ready ({0})")]
    Killed(String),
}

impl Worker {
    /// Starts a worker, which must judge by what has the hash `digest`, and waits until it is ready. `watch` gets it before that.
    pub(super) fn start(mut command: Command, digest: &str, watch: &dyn Fn(Arc<Guarded>)) -> Result<(Self, Layers), StartError> {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(StartError::Ended("it has no pipes".to_owned()));
        };
        let guarded = Arc::new(Guarded { child: Mutex::new(child), deadline: Mutex::new(Some(Instant::now() + START)), out_of_time: AtomicBool::new(false) });
        watch(Arc::clone(&guarded));
        let mut worker = Self { guarded, input: Some(input), output: BufReader::new(output), is_fresh: true };
        if let Ok(Some(Line::Ready { layers, digest: found })) = read::<Line>(&mut worker.output) {
            if found != digest {
                return Err(StartError::Changed);
            }
            worker.guarded.within(None);
            return Ok((worker, layers));
        }
        let (status, last_words) = worker.guarded.buried()?;
        Err(match last_words.lines().next() {
            Some(first) => StartError::Ended(first.to_owned()),
            None => StartError::Killed(status.to_string()),
        })
    }

    /// Has a submission judged within `most`.
    pub(super) fn judge(&mut self, job: &Job, most: Duration) -> Result<Answer, Died> {
        self.guarded.within(Some(most));
        let mut item = None;
        let answer = self.ask(job, &mut item);
        answer.map_err(|_| Died { death: self.died(), item })
    }

    fn ask(&mut self, job: &Job, item: &mut Option<usize>) -> io::Result<Answer> {
        if let Some(input) = &mut self.input {
            write(input, job)?;
        }
        loop {
            match read::<Line>(&mut self.output)? {
                Some(Line::Begins(place)) => *item = Some(place),
                Some(Line::Judged { report, pictures, usage }) => {
                    let body = String::from_utf8(bytes(&mut self.output, report)?).map_err(|_| io::ErrorKind::InvalidData)?;
                    return Ok(Answer::Judged { body, pictures, usage });
                }
                Some(Line::Failed(why)) => return Ok(Answer::Failed(why)),
                Some(Line::Ready { .. }) | None => return Err(io::ErrorKind::UnexpectedEof.into()),
            }
        }
    }

    /// The next picture, of `length` bytes.
    pub(super) fn picture(&mut self, length: u64) -> io::Result<Vec<u8>> {
        bytes(&mut self.output, length)
    }

    /// What came of the last job is here: the worker rests.
    pub(super) fn rests(&mut self) {
        self.is_fresh = false;
        self.guarded.within(None);
    }

    /// Why it died; one that is still alive and does not keep to the protocol is killed.
    pub(super) fn died(&mut self) -> Death {
        match self.guarded.buried() {
            Ok((status, last_words)) => Death::of(status, &last_words, self.guarded.out_of_time.load(Ordering::Relaxed)),
            Err(error) => Death::Crash(error.to_string()),
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // At the end of its input it ends by itself.
        self.input = None;
        drop(self.guarded.buried());
    }
}

impl Guarded {
    /// Kills the process if its time is over at `now`.
    pub(super) fn check(&self, now: Instant) {
        let mut deadline = locked(&self.deadline);
        if deadline.is_some_and(|deadline| deadline < now) {
            *deadline = None;
            self.out_of_time.store(true, Ordering::Relaxed);
            drop(locked(&self.child).kill());
        }
    }

    /// Gives the process `more` time: nobody ran meanwhile.
    pub(super) fn pause(&self, more: Duration) {
        let mut deadline = locked(&self.deadline);
        *deadline = deadline.map(|deadline| deadline + more);
    }

    fn within(&self, most: Option<Duration>) {
        *locked(&self.deadline) = most.map(|most| Instant::now() + most);
    }

    /// Waits for the end of the process, which has closed its output or is about to, and gives its status and last words.
    fn buried(&self) -> io::Result<(std::process::ExitStatus, String)> {
        self.within(None);
        let mut child = locked(&self.child);
        let patience = Instant::now() + Duration::from_secs(2);
        let status = loop {
            match child.try_wait()? {
                Some(status) => break status,
                None if Instant::now() > patience => {
                    child.kill()?;
                    break child.wait()?;
                }
                None => std::thread::sleep(Duration::from_millis(1)),
            }
        };
        let mut last_words = Vec::new();
        if let Some(stderr) = child.stderr.take() {
            stderr.take(LAST_WORDS).read_to_end(&mut last_words)?;
        }
        Ok((status, String::from_utf8_lossy(&last_words).into_owned()))
    }
}

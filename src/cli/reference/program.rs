//! Running the instructor's own program. It is run by `mlgrade reference` alone, never while grading.

use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::seed::Seed;
use crate::rubric::Program;

/// How much of what it says on standard error is kept, from the end.
const KEPT: usize = 16 << 10;

/// How many lines of that are shown.
const SHOWN: usize = 12;

/// Runs `program` in the rubric's `folder`, without a shell; its last argument is the new, empty folder `out`. `MLGRADE_SEED` is a number
/// from 0 to 2³² - 1.
pub(super) fn run(program: &Program, folder: &Path, out: &Path, seed: Seed) -> Result<(), Diagnostic> {
    let failed = |message: String| Diagnostic::error(Code::ReferenceFailed, format!("`{}` {message}", program.words.join(" ")));
    let (name, arguments) = program.words.split_first().ok_or_else(|| failed("names no program".to_owned()))?;
    let mut command = Command::new(name);
    command.args(arguments).arg(out).current_dir(folder).env("MLGRADE_SEED", (seed.number() >> 32).to_string());
    // What it prints is for whoever watches, so that our own output stays what it is.
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| {
        let help = "is it installed, and is its path right, seen from the rubric's folder?".to_owned();
        failed(format!("cannot be started: {error}")).help(help)
    })?;
    let said = listen(&mut child);
    let most = Duration::try_from(program.timeout).unwrap_or_default();
    let status = wait(&mut child, most).map_err(|error| failed(format!("cannot be waited for: {error}")))?;
    match status {
        None => {
            let help = "make it faster, or give it more time with `timeout = \"30m\"`".to_owned();
            Err(failed(format!("was stopped after {:#}{}", program.timeout, last_lines(&said))).help(help))
        }
        Some(status) if !status.success() => Err(failed(format!("failed ({status}){}", last_lines(&said)))),
        Some(_) => Ok(()),
    }
}

/// Keeps the end of what the program says on standard error, while it runs.
fn listen(child: &mut Child) -> Arc<Mutex<Vec<u8>>> {
    let said = Arc::new(Mutex::new(Vec::new()));
    if let Some(mut stderr) = child.stderr.take() {
        let said = Arc::clone(&said);
        // A process that the program has left behind may hold the pipe open for ever, so that nobody waits for this thread.
        thread::spawn(move || {
            let mut block = [0; 4096];
            while let Ok(count @ 1..) = stderr.read(&mut block) {
                let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
                said.extend_from_slice(&block[..count]);
                let over = said.len().saturating_sub(KEPT);
                said.drain(..over);
            }
        });
    }
    said
}

/// The status with which `child` ends; `None` if it had to be stopped.
fn wait(child: &mut Child, most: Duration) -> std::io::Result<Option<ExitStatus>> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            // What it said last may still be in the pipe.
            thread::sleep(Duration::from_millis(20));
            return Ok(Some(status));
        }
        if start.elapsed() >= most {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(Duration::from_millis(20).min(most));
    }
}

/// ": " and the last lines of what was said, or nothing.
fn last_lines(said: &Mutex<Vec<u8>>) -> String {
    let said = said.lock().unwrap_or_else(PoisonError::into_inner);
    let text = String::from_utf8_lossy(&said);
    let lines: Vec<&str> = text.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    let last = &lines[lines.len().saturating_sub(SHOWN)..];
    if last.is_empty() { String::new() } else { format!("; its last lines were\n    {}", last.join("\n    ")) }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn program(script: &str, seconds: i64) -> Program {
        let words = ["sh", "-c", script, "sh"].map(str::to_owned).to_vec();
        Program { words, timeout: jiff::SignedDuration::from_secs(seconds) }
    }

    #[test]
    fn a_program_writes_into_its_last_argument_and_has_a_seed() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let out = tempfile::tempdir()?;
        run(&program("pwd > \"$1/where\"; echo $MLGRADE_SEED > \"$1/seed\"", 10), folder.path(), out.path(), Seed::new(7))?;
        let said = |name: &str| std::fs::read_to_string(out.path().join(name)).map(|text| text.trim().to_owned());
        assert_eq!(Path::new(&said("where")?).canonicalize()?, folder.path().canonicalize()?);
        assert_eq!(u64::from(said("seed")?.parse::<u32>()?), Seed::new(7).number() >> 32);
        Ok(())
    }

    #[test]
    fn a_failure_shows_the_last_lines_and_a_slow_program_is_stopped() {
        let here = Path::new(".");
        let failed = run(&program("echo one >&2; echo two >&2; exit 3", 10), here, here, Seed::new(1)).map_err(|fault| fault.message);
        assert!(failed.as_ref().is_err_and(|message| message.contains("failed (exit status: 3); its last lines were\n    one\n    two")), "{failed:?}");
        let start = Instant::now();
        let stopped = run(&program("exec sleep 30", 0), here, here, Seed::new(1)).map_err(|fault| (fault.code, fault.message));
        assert!(stopped.as_ref().is_err_and(|(code, message)| *code == Code::ReferenceFailed && message.contains("was stopped after 0s")), "{stopped:?}");
        assert!(start.elapsed() < Duration::from_secs(10));
        let nothing = Program { words: vec!["/no/such/program".to_owned()], timeout: jiff::SignedDuration::from_secs(1) };
        assert!(run(&nothing, here, here, Seed::new(1)).is_err_and(|fault| fault.message.contains("cannot be started")));
    }
}

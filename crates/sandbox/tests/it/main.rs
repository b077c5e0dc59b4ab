//! Workers, as other processes see them. Each test starts this program again, which then isolates itself and tries what it should not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // tests, though without the usual harness

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
mod probe;
#[cfg(target_os = "linux")]
mod worker;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::{Command, ExitCode, Output, Stdio};
use std::time::Duration;

use mlgrade_sandbox::{Layers, Limits};

/// Names what a worker is to do.
const ROLE: &str = "SANDBOX_TEST_ROLE";

const LIMITS: Limits = Limits { memory: 512 << 20, cpu: Duration::from_secs(1) };

/// Isolates this process, which a test started.
fn enter(readable: &[std::path::PathBuf]) -> mlgrade_sandbox::Worker {
    let parent = std::env::args().nth(1).unwrap().parse().unwrap();
    mlgrade_sandbox::enter(parent, readable, &LIMITS)
}

/// This program as a worker. What it does with the arguments depends on the role.
fn worker(role: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.env(ROLE, role).arg(std::process::id().to_string()).args(arguments);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn run(role: &str, arguments: &[&str]) -> Output {
    worker(role, arguments).output().unwrap()
}

/// Runs a worker that has to end well, and returns what it printed.
fn succeed(role: &str, arguments: &[&str]) -> String {
    let output = run(role, arguments);
    assert!(output.status.success(), "{}: {}", output.status, String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn a_worker_reports_every_layer_of_its_system() {
    let layers: Layers = serde_json::from_str(&succeed("layers", &[])).unwrap();
    let excused = layers.missing().filter(|(_, reason)| reason.starts_with("landlock: ")).count();
    assert!(layers == Layers::full() || excused > 0, "{layers:?}");
}

fn limits_are_set_again() {
    succeed("limits", &[]);
}

/// Plays a role, if there is one of this name. These are for any system.
fn play(role: &str) -> bool {
    match role {
        "layers" => print!("{}", serde_json::to_string(enter(&[]).layers()).unwrap()),
        "limits" => {
            let mut worker = enter(&[]);
            worker.allow(&LIMITS).unwrap();
            worker.allow(&Limits { memory: LIMITS.memory * 2, cpu: LIMITS.cpu * 2 }).unwrap();
            assert!(worker.usage().cpu.is_none_or(|cpu| cpu < LIMITS.cpu));
        }
        #[cfg(target_os = "linux")]
        role => return worker::play(role),
        #[cfg(not(target_os = "linux"))]
        _ => return false,
    }
    true
}

type Test = (&'static str, fn());

const TESTS: &[Test] =
    &[("a_worker_reports_every_layer_of_its_system", a_worker_reports_every_layer_of_its_system), ("limits_are_set_again", limits_are_set_again)];

fn main() -> ExitCode {
    if let Ok(role) = std::env::var(ROLE) {
        assert!(play(&role), "no such role: {role}");
        return ExitCode::SUCCESS;
    }
    let tests = TESTS.to_vec();
    #[cfg(target_os = "linux")]
    let tests = [tests, linux::TESTS.to_vec()].concat();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == "--list") {
        for (name, _) in tests {
            println!("{name}: test");
        }
        return ExitCode::SUCCESS;
    }
    let wanted: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with('-')).collect();
    let mut failed = 0;
    for (name, test) in tests.into_iter().filter(|(name, _)| wanted.is_empty() || wanted.iter().any(|part| name.contains(part.as_str()))) {
        let passed = catch_unwind(AssertUnwindSafe(test)).is_ok();
        println!("test {name} ... {}", if passed { "ok" } else { "FAILED" });
        failed += u32::from(!passed);
    }
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

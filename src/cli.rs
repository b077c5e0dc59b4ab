//! The shell around the pure core: arguments, files, progress, messages and exit codes. The only room that prints.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is the room that prints")]

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod check;
mod class;
mod data;
mod diff;
mod evidence;
mod explain;
mod export;
mod figure;
mod full_marks;
mod grade;
mod gradescope;
mod jobs;
mod lint;
mod load;
mod marks;
mod merge;
mod messages;
mod network;
mod new;
mod progress;
mod publish;
mod reference;
mod release;
mod reports;
mod review;
mod say;
mod schema;
mod similar;
mod slurm;
mod terminal;
mod verify;
mod write;

/// What the command's exit code says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Everything is fine.
    Fine = 0,
    /// An item fell short (`check`, `verify`).
    FellShort = 1,
    /// The rubric or the arguments are wrong.
    Usage = 2,
    /// Some submission could not be graded.
    Ungradable = 3,
    /// Our own fault.
    Ours = 4,
}

/// Grades machine-learning homework: numbers, curves, rules, figures and predictions against a rubric and its own reference.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "Exit codes: 0 fine · 1 an item fell short (check, verify) · 2 rubric or usage · 3 some submission could not be graded · 4 our fault"
)]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Grade(grade::Args),
    Merge(merge::Args),
    Review(review::Args),
    Marks(marks::Args),
    Publish(publish::Args),
    Export(export::Args),
    Gradescope(gradescope::Args),
    Diff(diff::Args),
    Similar(similar::Args),
    Slurm(slurm::Args),
    Jobs(jobs::Args),
    Check(check::Args),
    Verify(verify::Args),
    Reference(reference::Args),
    Lint(lint::Args),
    Figure(figure::Args),
    Network(network::Args),
    Evidence(evidence::Args),
    Explain(explain::Args),
    Schema(schema::Args),
    Data(data::Args),
    New(new::Args),
    Release(release::Args),
}

/// Runs the command that the arguments name.
pub fn main() -> ExitCode {
    let outcome = match Args::parse().command {
        Command::Grade(args) => grade::run(&args),
        Command::Merge(args) => merge::run(&args),
        Command::Review(args) => review::run(&args),
        Command::Marks(args) => marks::run(&args),
        Command::Publish(args) => publish::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Gradescope(args) => gradescope::run(&args),
        Command::Diff(args) => diff::run(&args),
        Command::Jobs(args) => jobs::run(&args),
        Command::Slurm(args) => slurm::run(&args),
        Command::Similar(args) => similar::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Verify(args) => verify::run(&args),
        Command::Reference(args) => reference::run(&args),
        Command::Lint(args) => lint::run(&args),
        Command::Figure(args) => figure::run(&args),
        Command::Network(args) => network::run(&args),
        Command::Evidence(args) => evidence::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Schema(args) => schema::run(&args),
        Command::Data(args) => data::run(&args),
        Command::New(args) => new::run(&args),
        Command::Release(args) => release::run(&args),
    };
    let exit = outcome.unwrap_or_else(|error| messages::report(&error));
    if let Some(why) = say::lost() {
        say::complain!("error: the standard output takes nothing: {why}; whatever was to be written to files is written");
        return ExitCode::from(Exit::Ours as u8);
    }
    ExitCode::from(exit as u8)
}

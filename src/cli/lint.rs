//! `mlgrade lint`: all faults of a rubric at once.

use anyhow::Result;

use super::{Exit, course, messages};
use crate::rubric;

/// Check a rubric: all faults at once, each with its place and a suggestion.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  mlgrade lint rubrics/cs441-hw2.toml")]
pub(super) struct Args {
    /// A rubric's path or shipped name [default: cs441-hw2]
    rubric: Option<String>,
}

pub(super) fn run(args: &Args) -> Result<Exit> {
    let file = course::find(args.rubric.as_deref())?;
    let (rubric, faults) = rubric::parse(&file.text);
    anstream::eprint!("{}", messages::render(&file.path, &file.text, &faults, true));
    let Some(rubric) = rubric else {
        anstream::eprintln!("{}. Nothing was graded.", messages::count(&faults));
        return Ok(Exit::Usage);
    };
    let items = rubric.items().count();
    let points: crate::domain::points::Points = rubric.items().filter(|item| !item.bonus).map(|item| item.points).sum();
    let bonus: crate::domain::points::Points = rubric.items().filter(|item| item.bonus).map(|item| item.points).sum();
    anstream::println!("{}: {} parts, {items} items, {points} points and {bonus} bonus; {}", rubric.id, rubric.parts.len(), messages::count(&faults));
    Ok(Exit::Fine)
}

//! `mlgrade explain`: what a check, a reference or a message code is, and what the parts of a rubric ask for.

use anyhow::Result;

use super::Exit;
use super::say::{raw, say};
use crate::check::KINDS;
use crate::course::Course;
use crate::domain::diagnostic::{CODES, Code, Diagnostic};
use crate::domain::name::{did_you_mean, list};
use crate::handout::handout;
use crate::reference::REFERENCES;
use crate::report::json;
use crate::rubric::{Part, handbook};

/// Explain a check, a reference, a message code, or what the parts of a rubric ask for.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  mlgrade explain curve\n  mlgrade explain tree-depth\n  mlgrade explain R104\n  mlgrade explain            lists everything\n  \
                  mlgrade explain --rubric cs441-hw2         what each part asks for\n  mlgrade explain trees --rubric cs441-hw2   one part"
)]
pub(super) struct Args {
    /// A check, a reference or a code, or a part of the rubric; nothing lists them
    name: Option<String>,
    /// Tell what the parts of this rubric ask for
    #[arg(long)]
    rubric: Option<String>,
    /// Print JSON instead: each name that the rubric asks for, with its kind, length, unit and choices
    #[arg(long, requires = "rubric")]
    json: bool,
}

pub(super) fn run(args: &Args) -> Result<Exit> {
    if let (Some(rubric), true) = (&args.rubric, args.json) {
        raw!("{}", json::json(&handout(&Course::open_for_student(Some(rubric))?))?);
        return Ok(Exit::Fine);
    }
    if let Some(rubric) = &args.rubric {
        return parts(rubric, args.name.as_deref());
    }
    let Some(name) = &args.name else {
        raw!("checks:     {}\n", KINDS.iter().map(|kind| kind.name).collect::<Vec<_>>().join(", "));
        raw!("references: {}\n", REFERENCES.iter().map(|entry| entry.name).collect::<Vec<_>>().join(", "));
        for (_, code, about) in CODES {
            raw!("{code}  {about}\n");
        }
        return Ok(Exit::Fine);
    };
    if let Some(kind) = KINDS.iter().find(|kind| kind.name == name) {
        raw!("{}\n", handbook::of_kind(kind));
    } else if let Some(entry) = REFERENCES.iter().find(|entry| entry.name == name) {
        raw!("{}\n", entry.doc);
    } else if name == "metrics" {
        raw!("{}", handbook::of_metrics());
    } else if let Some((_, code, about)) = CODES.iter().find(|(_, code, _)| code.eq_ignore_ascii_case(name)) {
        raw!("{code}: {about}\n");
    } else {
        let names = || KINDS.iter().map(|kind| kind.name).chain(REFERENCES.iter().map(|entry| entry.name));
        let help = did_you_mean(name, names()).unwrap_or_else(|| format!("there is {}", list(names())));
        return Err(Diagnostic::error(Code::UnknownName, format!("nothing is called `{name}`")).help(help).into());
    }
    Ok(Exit::Fine)
}

/// Tells what the parts of a rubric ask for, or the one called `name`, as far as the student's edition tells it.
fn parts(rubric: &str, name: Option<&str>) -> Result<Exit> {
    let course = Course::open_for_student(Some(rubric))?;
    let all = || course.rubric.parts.iter();
    let wanted: Vec<&Part> = all().filter(|part| name.is_none_or(|name| name == part.id)).collect();
    if let (Some(name), true) = (name, wanted.is_empty()) {
        let ids = || all().map(|part| part.id.as_str());
        let help = did_you_mean(name, ids()).unwrap_or_else(|| format!("there is {}", list(ids())));
        return Err(Diagnostic::error(Code::UnknownName, format!("the rubric has no part `{name}`")).help(help).into());
    }
    for (i, part) in wanted.into_iter().enumerate() {
        if i > 0 {
            say!();
        }
        say!("{} ({})", part.title, part.id);
        if let Some(instructions) = &part.instructions {
            say!("\n{}", instructions.trim());
        }
        say!();
        for item in &part.items {
            let bonus = if item.bonus { ", for extra points" } else { "" };
            say!("  {} ({}{bonus})", item.title, item.points);
        }
    }
    Ok(Exit::Fine)
}

//! `mlgrade explain`: what a check, a reference or a message code is.

use anyhow::Result;

use super::Exit;
use crate::check::KINDS;
use crate::domain::diagnostic::{CODES, Code, Diagnostic};
use crate::domain::name::{did_you_mean, list};
use crate::reference::REFERENCES;

/// Explain a check, a reference or a message code.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  mlgrade explain curve\n  mlgrade explain tree-depth\n  mlgrade explain R104\n  mlgrade explain            lists everything"
)]
pub(super) struct Args {
    /// A check, a reference or a code; nothing lists them
    name: Option<String>,
}

pub(super) fn run(args: &Args) -> Result<Exit> {
    let Some(name) = &args.name else {
        anstream::println!("checks:     {}", KINDS.iter().map(|kind| kind.name).collect::<Vec<_>>().join(", "));
        anstream::println!("references: {}", REFERENCES.iter().map(|entry| entry.name).collect::<Vec<_>>().join(", "));
        for (_, code, about) in CODES {
            anstream::println!("{code}  {about}");
        }
        return Ok(Exit::Fine);
    };
    if let Some(kind) = KINDS.iter().find(|kind| kind.name == name) {
        anstream::println!(
            "{}\n\nExample:\n\n[[part.item]]\nid = \"…\"\ntitle = \"…\"\npoints = 10\ncheck = \"{}\"\n{}",
            kind.doc,
            kind.name,
            kind.example.item
        );
    } else if let Some(entry) = REFERENCES.iter().find(|entry| entry.name == name) {
        anstream::println!("{}", entry.doc);
    } else if let Some((_, code, about)) = CODES.iter().find(|(_, code, _)| code.eq_ignore_ascii_case(name)) {
        anstream::println!("{code}: {about}");
    } else {
        let names = || KINDS.iter().map(|kind| kind.name).chain(REFERENCES.iter().map(|entry| entry.name));
        let help = did_you_mean(name, names()).unwrap_or_else(|| format!("there is {}", list(names())));
        return Err(Diagnostic::error(Code::UnknownName, format!("nothing is called `{name}`")).help(help).into());
    }
    Ok(Exit::Fine)
}

//! `mlgrade new`: something to start from.

use std::path::PathBuf;

use anyhow::{Result, bail};

use super::{Exit, write};

const RUBRIC: &str = include_str!("new/rubric.toml");
const FILES: [(&str, &str); 3] = [
    ("metrics.toml", include_str!("new/metrics.toml")),
    ("answers.toml", include_str!("new/answers.toml")),
    ("submission.toml", include_str!("new/submission.toml")),
];

/// Write an annotated rubric and an empty submission to start from.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  mlgrade new my-course\n  mlgrade lint my-course/rubric.toml\n  mlgrade reference --rubric my-course/rubric.toml --lock")]
pub(super) struct Args {
    /// The folder to make; nothing that is there is overwritten
    folder: PathBuf,
}

pub(super) fn run(args: &Args) -> Result<Exit> {
    let submission = args.folder.join("submissions").join("student");
    let files = std::iter::once((args.folder.join("rubric.toml"), RUBRIC)).chain(FILES.map(|(name, text)| (submission.join(name), text)));
    let files: Vec<_> = files.collect();
    if let Some((path, _)) = files.iter().find(|(path, _)| path.exists()) {
        bail!("{} is there already; nothing was written", path.display());
    }
    for (path, text) in &files {
        write::whole(path, text.as_bytes())?;
        anstream::println!("wrote {}", path.display());
    }
    std::fs::create_dir_all(submission.join("figures"))?;
    std::fs::create_dir_all(submission.join("predictions"))?;
    anstream::println!("\nnext: mlgrade lint {0}/rubric.toml, then mlgrade reference --rubric {0}/rubric.toml --lock", args.folder.display());
    Ok(Exit::Fine)
}

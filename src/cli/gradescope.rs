//! `mlgrade gradescope`: an autograder for Gradescope, as the zip that its page asks for.

use std::io::{Cursor, Write};
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::say::say;
use super::{Exit, write};
use crate::course::{Course, RubricFile};
use crate::domain::diagnostic::{Code, Diagnostic};

/// Run once, when the image is made.
const SETUP: &str = "\
#!/bin/sh
# Written by `mlgrade gradescope`. There is nothing to install: the program is in the zip.
root=\"${AUTOGRADER_ROOT:-/autograder}\"
chmod +x \"$root/source/mlgrade\"
";

/// Run for each submission.
const RUN: &str = "\
#!/bin/sh
# Written by `mlgrade gradescope`. Grades $root/submission, and writes $root/results/results.json.
root=\"${AUTOGRADER_ROOT:-/autograder}\"
program=\"$root/source/mlgrade\"
reports=\"$(mktemp -d)\" || exit 4
trap 'rm -rf \"$reports\"' EXIT
\"$program\" grade \"$root/submission\" --rubric \"$root/source/rubric.toml\" --times \"$root/submission_metadata.json\" --out \"$reports\"
code=$?
# 3 means that something of the submission cannot be opened: its report says so, and the rest is graded. Without a results.json Gradescope
# tells the course that the autograder failed.
if [ \"$code\" -ne 0 ] && [ \"$code\" -ne 3 ]; then
    exit \"$code\"
fi
\"$program\" export gradescope submission --reports \"$reports\" --out \"$root/results/results.json\"
";

/// Write an autograder for Gradescope: a zip with this program, the rubric, its lock and its data.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  mlgrade gradescope --out autograder.zip\n  mlgrade gradescope --rubric rubrics/my-course.toml --out autograder.zip\n  mlgrade gradescope --program target/x86_64-unknown-linux-musl/release/mlgrade --out autograder.zip\n\nGradescope runs it on Linux. A static build runs on every image; another one needs a C library as new as that of the machine that built it."
)]
pub(super) struct Args {
    /// A rubric's path or shipped name [default: cs441-hw2]
    #[arg(long)]
    rubric: Option<String>,
    /// The program to put in, built for Linux [default: the one that runs]
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
    /// Where the zip goes
    #[arg(long, value_name = "ZIP", default_value = "autograder.zip")]
    out: PathBuf,
}

pub(super) fn run(args: &Args) -> Result<Exit> {
    // A rubric or lock with faults is found here, not when the first student hands in.
    let course = Course::open(args.rubric.as_deref())?;
    let file = RubricFile::find(args.rubric.as_deref())?;
    let path = match &args.program {
        Some(path) => path.clone(),
        None => std::env::current_exe().context("the program's own file cannot be found; name it with --program")?,
    };
    let program = std::fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    let Some(is_static) = is_static(&program) else {
        let fault = Diagnostic::error(Code::NotReadable, "this is no 64-bit program for Linux, which Gradescope runs").in_file(path.display().to_string());
        return Err(fault.help("build mlgrade for Linux and name that file with --program".to_owned()).into());
    };
    let mut files = vec![("setup.sh".to_owned(), 0o755, SETUP.as_bytes().to_vec()), ("run_autograder".to_owned(), 0o755, RUN.as_bytes().to_vec())];
    files.push(("mlgrade".to_owned(), 0o755, program));
    files.push(("rubric.toml".to_owned(), 0o644, file.text.clone().into_bytes()));
    files.extend(file.lock_text()?.map(|lock| ("rubric.lock".to_owned(), 0o644, lock.into_bytes())));
    let folder = file.folder.as_deref().unwrap_or(Path::new("."));
    for name in course.rubric.data.values().flat_map(|source| source.paths(folder)) {
        let bytes = std::fs::read(folder.join(&name)).with_context(|| format!("{} cannot be read", folder.join(&name).display()))?;
        files.push((inside(&file.path, &name)?, 0o644, bytes));
    }
    write::whole(&args.out, &zipped(&files)?)?;
    say!("wrote {}: {} files, rubric {} {}", args.out.display(), files.len(), course.rubric.id, course.rubric.digest);
    if !is_static {
        say!("the program in it is not a static build: it runs only where the C library is as new as here; docs/exports.md says how to make one");
    }
    Ok(Exit::Fine)
}

/// The path that a data file has in the zip: the same as beside the rubric.
fn inside(rubric: &str, name: &str) -> Result<String, Diagnostic> {
    let is_below = Path::new(name).components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if is_below {
        return Ok(name.replace('\\', "/").trim_start_matches("./").to_owned());
    }
    let fault = Diagnostic::error(Code::DataMissing, format!("the data file {name} is not below the rubric's folder, so the zip cannot hold it"));
    Err(fault.in_file(rubric).help("move it below the rubric's folder".to_owned()))
}

fn zipped(files: &[(String, u32, Vec<u8>)]) -> Result<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut seen: Vec<&str> = Vec::new();
    for (name, mode, bytes) in files {
        // Two data sets may be of one file.
        if seen.contains(&name.as_str()) {
            continue;
        }
        seen.push(name);
        zip.start_file(name.as_str(), SimpleFileOptions::default().unix_permissions(*mode))?;
        zip.write_all(bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}

/// Whether a program for Linux needs no other file to start; `None` if it is none. A program that is linked dynamically names its loader in a
/// header of type 3 (`PT_INTERP`).
fn is_static(program: &[u8]) -> Option<bool> {
    let number = |at: usize, bytes: usize| Some(program.get(at..at + bytes)?.iter().rev().fold(0_u64, |number, byte| number << 8 | u64::from(*byte)));
    if !program.starts_with(b"\x7fELF\x02\x01") {
        return None;
    }
    let (at, size, count) = (number(32, 8)?, number(54, 2)?, number(56, 2)?);
    let kinds = (0..count).map(|i| number(usize::try_from(at + i * size).ok()?, 4)).collect::<Option<Vec<_>>>()?;
    Some(!kinds.contains(&3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_static_program_names_no_loader() {
        let elf = |kind: u8| {
            let mut bytes = vec![0; 64 + 56];
            bytes[..6].copy_from_slice(b"\x7fELF\x02\x01");
            (bytes[32], bytes[54], bytes[56], bytes[64]) = (64, 56, 1, kind);
            bytes
        };
        assert_eq!([elf(1), elf(3), b"#!/bin/sh".to_vec()].map(|bytes| is_static(&bytes)), [Some(true), Some(false), None]);
        assert_eq!(is_static(&elf(1)[..70]), Some(true));
        assert_eq!(is_static(&elf(1)[..50]), None);
    }

    #[test]
    fn a_data_file_outside_the_rubrics_folder_is_refused() {
        assert_eq!(inside("r.toml", "./data/x.csv").ok().as_deref(), Some("data/x.csv"));
        assert!(inside("r.toml", "../x.csv").is_err() && inside("r.toml", "/x.csv").is_err());
    }
}

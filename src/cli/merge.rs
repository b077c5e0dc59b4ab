//! `mlgrade merge`: the reports of a class from its shards.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};
use jiff::Timestamp;

use super::Exit;
use super::grade::facts::Part;
use super::grade::finish::Ending;
use super::grade::judge::Outcomes;
use super::grade::lateness::{Earlier, Graded, earlier, undone};
use super::grade::shard::Shard;
use super::grade::{announce, refused, submissions};
use super::reports::Reports;
use super::say::raw;
use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::limits;
use crate::domain::text::plain;
use crate::evidence::source::Source;
use crate::report::Report;
use crate::store::{FILE, Finished, Outcome, Run, Scope, Store};

/// Make the reports of a class of its shards, which `mlgrade grade --shard` wrote.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  mlgrade grade hw2 --shard 1/3 --out shards   # on one machine\n  mlgrade grade hw2 --shard 2/3 --out shards   # on another\n  mlgrade grade hw2 --shard 3/3 --out shards\n  mlgrade merge shards --out reports\n  mlgrade merge shards --missing --of 3        # prints such as 2,5-7\n\nThe reports are byte for byte those of one machine. Shards that are missing, not complete, of another rubric, lock or program are refused."
)]
pub(super) struct Args {
    /// The folder of shards, which `grade --shard` was given as --out
    shards: PathBuf,
    /// Where reports go
    #[arg(long, default_value = "reports")]
    out: PathBuf,
    /// Print every finding, not only the table
    #[arg(long)]
    details: bool,
    /// Print the numbers of the shards that are not complete, and merge nothing
    #[arg(long)]
    missing: bool,
    /// How many shards there are [default: as those that are there say]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    of: Option<u32>,
}

pub(super) fn run(args: &Args) -> Result<Exit> {
    let start = Instant::now();
    if args.missing {
        return missing(args);
    }
    let shards = complete(args)?;
    let Some((_, first)) = shards.first() else { return Err(fault(&args.shards, "there are no shards", "grade them with `mlgrade grade --shard K/N`")) };
    let (facts, build) = (first.facts.clone(), first.build.clone());
    let made_with = last_of(&shards)?;
    let what = format!("{} in {} shards", submissions(facts.submissions), shards.len());
    announce((&made_with.rubric.0, &made_with.rubric.1), made_with.lock.as_deref(), &what, &facts.notes);
    if shard_of(&args.out).is_some() || args.out == args.shards {
        return Err(fault(&args.out, "this is a folder of shards", "name another folder with --out"));
    }
    let students = students(&args.shards, &shards)?;
    let reports = Reports::for_a_run(&args.out)?;
    let names: BTreeSet<&str> = students.keys().map(String::as_str).collect();
    let others = reports.others(&names, &made_with.rubric.0, (&made_with.rubric.1, made_with.lock.as_deref()))?;
    let mut store = Store::open(&args.out)?;
    if store.last_made_with()?.is_some_and(|last| last.at > made_with.at) {
        let help = "grade the shards again, which takes no time for what is unchanged, or name another folder with --out";
        return Err(fault(&args.out, "what lies there was graded after the shards", help));
    }
    let earlier = earlier(&store)?;
    let slip_days = students.values().filter_map(Earlier::slip_days).max();
    if let Some(why) = undone(&earlier, &names, &Graded { rubric: &made_with.rubric.0, digest: &made_with.rubric.1, slip_days }, &facts) {
        return Ok(refused(&why, &args.out));
    }
    let run = store.begin(&made_with)?;
    for (folder, _) in &shards {
        take_over(folder, &reports, &mut store, run)?;
    }
    store.finish(run, Timestamp::now(), &Scope::Class { absent: facts.absent.clone() })?;
    let killed = shards.iter().flat_map(|(_, part)| part.killed.clone()).collect();
    let outcomes = Outcomes { killed, ..Outcomes::default() };
    Ending {
        facts: &facts,
        one: None,
        out: &args.out,
        details: args.details,
        reports: &reports,
        store: &mut store,
        build: &build,
        others: &others,
        earlier: &earlier,
        outcomes: &outcomes,
        start,
    }
    .all()
}

/// What the shard was made with that was graded last.
fn last_of(shards: &[(PathBuf, Part)]) -> Result<Run> {
    let runs = shards.iter().map(|(folder, _)| Store::existing(folder)?.last_made_with()?.context("a shard keeps no run"));
    let runs: Vec<Run> = runs.collect::<Result<_>>()?;
    runs.into_iter().max_by_key(|run| run.at).context("there are no shards")
}

fn fault(folder: &Path, message: impl Into<String>, help: &str) -> anyhow::Error {
    Diagnostic::error(Code::BadShard, message.into()).in_file(folder.display().to_string()).help(help.to_owned()).into()
}

/// The folders of shards in a folder, with a database each.
pub(super) fn folders(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).with_context(|| format!("{} cannot be read", folder.display())),
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if shard_of(&path).is_some() && path.join(FILE).is_file() {
            found.push(path);
        }
    }
    Ok(found)
}

fn shard_of(folder: &Path) -> Option<Shard> {
    Shard::of_folder(&folder.file_name()?.to_string_lossy())
}

/// The shards that lie in a folder, in order; of one that is not complete nothing is known.
fn found(folder: &Path) -> Result<BTreeMap<Shard, Option<Part>>> {
    let mut shards = BTreeMap::new();
    for path in folders(folder)? {
        // One whose folder was given another name is not the shard of that name.
        let part = Store::existing(&path)?.description()?.filter(|part: &Part| Some(part.shard) == shard_of(&path));
        shards.extend(shard_of(&path).map(|shard| (shard, part)));
    }
    Ok(shards)
}

/// The numbers of those that are not complete among `count`.
fn incomplete(shards: &BTreeMap<Shard, Option<Part>>, count: u32) -> Vec<u32> {
    (1..=count).filter(|number| !matches!(shards.get(&Shard { number: *number, count }), Some(Some(_)))).collect()
}

/// Prints which shards are missing, as Slurm takes them.
fn missing(args: &Args) -> Result<Exit> {
    let shards = found(&args.shards)?;
    let Some(count) = args.of.or_else(|| shards.keys().next().map(|shard| shard.count)) else {
        return Err(fault(&args.shards, "there are no shards, so it is not known how many there should be", "say so with --of N"));
    };
    raw!("{}\n", ranges(&incomplete(&shards, count)));
    Ok(Exit::Fine)
}

/// "2,5-7".
fn ranges(numbers: &[u32]) -> String {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for &number in numbers {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => runs.push((number, number)),
        }
    }
    let words = |(first, last): (u32, u32)| if first == last { first.to_string() } else { format!("{first}-{last}") };
    runs.into_iter().map(words).collect::<Vec<_>>().join(",")
}

/// All shards of the class with their folders, which must belong together.
fn complete(args: &Args) -> Result<Vec<(PathBuf, Part)>> {
    let shards = found(&args.shards)?;
    let counts: BTreeSet<u32> = shards.keys().map(|shard| shard.count).collect();
    let count = match (args.of, counts.len()) {
        (Some(count), _) => count,
        (None, 0) => return Ok(Vec::new()),
        (None, 1) => shards.keys().next().map_or(0, |shard| shard.count),
        (None, _) => {
            let counts: Vec<String> = counts.iter().map(ToString::to_string).collect();
            let message = format!("there are shards of {} parts; one class is cut into one number of them", counts.join(" and of "));
            return Err(fault(&args.shards, message, "say which ones with --of N, or remove the others"));
        }
    };
    let missing = incomplete(&shards, count);
    if !missing.is_empty() {
        let message = format!("of {count} shards these are missing or not complete: {}", ranges(&missing));
        return Err(fault(&args.shards, message, "grade them with `mlgrade grade --shard K/N`; one that was cut off goes on where it was"));
    }
    let of_count = shards.into_iter().filter(|(shard, _)| shard.count == count);
    let shards: Vec<(PathBuf, Part)> = of_count.filter_map(|(shard, part)| Some((shard.folder(&args.shards), part?))).collect();
    if let Some((_, first)) = shards.first()
        && let Some((folder, other)) = shards.iter().find(|(_, part)| part.key != first.key || part.facts != first.facts || part.build != first.build)
    {
        let what = if other.build != first.build {
            "by another program"
        } else if other.key != first.key {
            "by another rubric, lock, data or other limits"
        } else {
            "of another state of the class, its roster, times or late days"
        };
        let message = format!("this shard was graded {what} than shard {}", first.shard);
        return Err(fault(folder, message, "grade the shards again with the same program, rubric, class and arguments; what is unchanged is not judged again"));
    }
    Ok(shards)
}

/// What the shards found of each student, by id. Each is in one shard, the right one.
fn students(folder: &Path, shards: &[(PathBuf, Part)]) -> Result<BTreeMap<String, Earlier>> {
    let mut students = BTreeMap::new();
    for (path, part) in shards {
        for (student, found) in earlier(&Store::existing(path)?)? {
            if !part.shard.has(&student) || students.contains_key(&student) {
                let message = format!("{} does not belong into this shard", plain(&student));
                return Err(fault(path, message, "remove the shard and grade it again"));
            }
            students.insert(student, found);
        }
    }
    let expected = shards.first().map_or(0, |(_, part)| part.facts.submissions);
    if students.len() != expected {
        let message = format!("the shards hold {} students, and the class has {expected}", students.len());
        return Err(fault(folder, message, "grade the shards again"));
    }
    Ok(students)
}

/// Copies a shard's reports and pictures.
fn take_over(folder: &Path, reports: &Reports, store: &mut Store, run: i64) -> Result<()> {
    let mut batch = Vec::new();
    Store::existing(folder)?.each_kept(|file, body, key| -> Result<()> {
        let found: Report = serde_json::from_str(&body).with_context(|| format!("{}: a report cannot be read", folder.display()))?;
        for path in found.picture_paths() {
            let bytes = Source::Disk(folder.join(path)).read(path, limits::FIGURE_BYTES).map_err(|absent| absent.diagnostic().clone())?;
            reports.write_picture(&file, path, &bytes)?;
        }
        batch.push(Finished { student: found.student, name: found.name, file, outcome: Outcome::Judged { body, key, stamp: None } });
        if batch.len() == TOGETHER {
            store.commit(run, &std::mem::take(&mut batch))?;
        }
        Ok(())
    })?;
    Ok(store.commit(run, &batch)?)
}

/// The most reports that are kept together.
const TOGETHER: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_shards_are_written_as_slurm_takes_them() {
        assert_eq!(ranges(&[]), "");
        assert_eq!(ranges(&[2, 5, 6, 7]), "2,5-7");
        assert_eq!(ranges(&[1, 2]), "1-2");
        assert_eq!(ranges(&[3]), "3");
    }
}

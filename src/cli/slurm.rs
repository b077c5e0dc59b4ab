//! `mlgrade slurm`: the jobs that grade a class on a cluster.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::say::{complain, say};
use super::{Exit, write};
use crate::course::RubricFile;
use crate::domain::diagnostic::{Code, Diagnostic};
use crate::store::Store;

/// The array job, the job that merges its shards, and the script that submits both; `{{name}}` stands for what is filled in.
const FILES: [(&str, &str); 3] = [
    ("array.sbatch", include_str!("../../templates/slurm/array.sbatch")),
    ("merge.sbatch", include_str!("../../templates/slurm/merge.sbatch")),
    ("submit.sh", include_str!("../../templates/slurm/submit.sh")),
];
/// The tasks that most clusters let an array have, as `MaxArraySize` is unless it is set.
const TASKS: u32 = 1000;
/// Slurm says that the time is up as much as two minutes before; shorter jobs would end before they began.
const LEAST_MINUTES: u32 = 5;

/// Write the jobs that grade a class on a Slurm cluster, a shard a task, and merge the shards.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  mlgrade slurm hw2 --rubric rubrics/hw2.toml --shards 40 --out reports --time 01:00:00 --partition short\n  reports/slurm/submit.sh\n\nThe class, the reports and this program must lie in folders that all nodes share. submit.sh can be run again at any time: it submits only what is missing."
)]
pub(super) struct Args {
    /// The folder of the class, as for `mlgrade grade`
    folder: PathBuf,
    /// A rubric's path or shipped name [default: cs441-hw2]
    #[arg(long)]
    rubric: Option<String>,
    /// A CSV of the class
    #[arg(long, value_name = "CSV")]
    roster: Option<PathBuf>,
    /// A CSV of who handed in when
    #[arg(long, value_name = "CSV")]
    times: Option<PathBuf>,
    /// The reports of an earlier homework: late days that were free there are used up here
    #[arg(long, value_name = "REPORTS")]
    slack_used: Vec<PathBuf>,
    /// Into how many shards the class is cut
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    shards: u32,
    /// How many of them run at once at most [default: as many as the cluster has room for]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    at_once: Option<u32>,
    /// Where reports go; the jobs go to slurm/ in it
    #[arg(long, default_value = "reports")]
    out: PathBuf,
    /// The time of one shard, as Slurm writes it
    #[arg(long, value_name = "[D-]HH:MM:SS", default_value = "01:00:00", value_parser = time)]
    time: String,
    /// The memory of one shard, as Slurm writes it
    #[arg(long, value_name = "SIZE", default_value = "4G", value_parser = memory)]
    memory: String,
    /// The cores of one shard
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..))]
    cpus: u32,
    /// The partition that the jobs go to
    #[arg(long, value_name = "NAME", value_parser = word)]
    partition: Option<String>,
    /// The account that they are counted for
    #[arg(long, value_name = "NAME", value_parser = word)]
    account: Option<String>,
}

pub(super) fn run(args: &Args) -> Result<Exit> {
    let file = RubricFile::find(args.rubric.as_deref())?;
    file.parse()?;
    let folder = args.out.join("slurm");
    std::fs::create_dir_all(folder.join("shards")).with_context(|| format!("{} cannot be made", folder.display()))?;
    // Whatever has changed since shards were graded: each is looked at again, which takes no time for what is unchanged.
    for shard in super::merge::folders(&folder.join("shards"))? {
        Store::existing(&shard)?.reopen()?;
    }
    let rubric = if file.folder.is_some() { there(Path::new(&file.path))? } else { file.path.trim_end_matches(".toml").to_owned() };
    let reports = there(&args.out)?;
    let program = std::env::current_exe().context("this program's own file is not known")?;
    let mut flags = Vec::new();
    for (flag, path) in [("--roster", &args.roster), ("--times", &args.times)] {
        flags.extend(path.as_deref().map(|path| Ok::<_, anyhow::Error>([flag.to_owned(), quoted(&there(path)?)])).transpose()?.into_iter().flatten());
    }
    for path in &args.slack_used {
        flags.extend(["--slack-used".to_owned(), quoted(&there(path)?)]);
    }
    let option = |name: &str, value: &Option<String>| value.as_ref().map(|value| format!("#SBATCH --{name}={value}\n")).unwrap_or_default();
    let values = [
        ("program", quoted(&text(&program)?)),
        ("class", quoted(&there(&args.folder)?)),
        ("rubric", quoted(&rubric)),
        ("job", format!("mlgrade-{}", &blake3::hash(reports.as_bytes()).to_hex()[..8])),
        ("reports", quoted(&reports)),
        ("shards", args.shards.to_string()),
        ("at_once", args.at_once.map_or_else(String::new, |count| format!("%{count}"))),
        ("time", args.time.clone()),
        ("memory", args.memory.clone()),
        ("cpus", args.cpus.to_string()),
        ("flags", flags.join(" ")),
    ];
    let options = option("partition", &args.partition) + &option("account", &args.account);
    for (name, template) in FILES {
        write::whole(&folder.join(name), filled(&template.replace("{{options}}\n", &options), &values).as_bytes())?;
    }
    runnable(&folder.join("submit.sh"))?;
    if args.shards > TASKS {
        complain!("note: most clusters let an array have {TASKS} tasks at most; `scontrol show config` tells yours as MaxArraySize");
    }
    say!("wrote {0}/array.sbatch, {0}/merge.sbatch and {0}/submit.sh; submit the {1} shards with {0}/submit.sh", folder.display(), args.shards);
    Ok(Exit::Fine)
}

/// The template with the values in it.
fn filled(template: &str, values: &[(&str, String)]) -> String {
    let mut out = String::new();
    let mut rest = template;
    // One pass: what a value holds is not filled in again.
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        let (name, after) = after.split_once("}}").unwrap_or((after, ""));
        out.push_str(values.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value));
        rest = after;
    }
    out + rest
}

/// The whole path of what has to be there.
fn there(path: &Path) -> Result<String> {
    let whole = path.canonicalize().map_err(|error| {
        let fault = Diagnostic::error(Code::DataMissing, format!("it cannot be opened: {error}")).in_file(path.display().to_string());
        fault.help("correct the path".to_owned())
    })?;
    text(&whole)
}

fn text(path: &Path) -> Result<String> {
    path.to_str().map(ToOwned::to_owned).with_context(|| format!("{} cannot be written into a script, since it is not UTF-8", path.display()))
}

/// A word of a shell, whatever is in it.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// A name that needs no quotes in a line for Slurm.
fn word(text: &str) -> std::result::Result<String, String> {
    let is_plain = !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "._-,".contains(c));
    if is_plain { Ok(text.to_owned()) } else { Err("a name has letters, digits and . _ - alone".to_owned()) }
}

fn memory(text: &str) -> std::result::Result<String, String> {
    let digits = text.trim_end_matches(['K', 'M', 'G', 'T']);
    let is_size = text.len() - digits.len() <= 1 && digits.parse::<u32>().is_ok_and(|size| size > 0) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_size { Ok(text.to_owned()) } else { Err("write such as 4G or 800M".to_owned()) }
}

fn time(text: &str) -> std::result::Result<String, String> {
    let minutes = minutes(text).ok_or("write such as 01:00:00 or 2-00:00:00")?;
    if minutes < LEAST_MINUTES {
        return Err(format!("Slurm ends a task as much as two minutes early; give it {LEAST_MINUTES} minutes or more"));
    }
    Ok(text.to_owned())
}

/// The minutes of a time as Slurm writes it: minutes, MM:SS, HH:MM:SS, D-HH, D-HH:MM or D-HH:MM:SS (sbatch(1)).
fn minutes(text: &str) -> Option<u32> {
    let number = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse::<u32>().ok())?;
    let (days, clock) = text.split_once('-').map_or((None, text), |(days, clock)| (Some(days), clock));
    let parts: Vec<u32> = clock.split(':').map(number).collect::<Option<_>>()?;
    let of_clock = match (days, parts.as_slice()) {
        (None, [minutes] | [minutes, _]) => *minutes,
        (Some(_), [hours]) => hours.checked_mul(60)?,
        (None, [hours, minutes, _]) | (Some(_), [hours, minutes] | [hours, minutes, _]) => hours.checked_mul(60)?.checked_add(*minutes)?,
        _ => return None,
    };
    days.map_or(Some(0), number)?.checked_mul(24 * 60)?.checked_add(of_clock)
}

#[cfg(unix)]
fn runnable(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).with_context(|| format!("{} cannot be made runnable", path.display()))
}

#[cfg(not(unix))]
fn runnable(_: &Path) -> Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_as_sbatch_reads_them() {
        // The forms that sbatch(1) lists.
        for (text, expected) in [("90", 90), ("90:30", 90), ("01:30:00", 90), ("1-0", 1440), ("1-01:30", 1530), ("1-01:30:30", 1530)] {
            assert_eq!(minutes(text), Some(expected), "{text}");
        }
        for wrong in ["", "x", "1:2:3:4", "-1", "1-", "1-1:1:1:1", "99999999-0"] {
            assert_eq!(minutes(wrong), None, "{wrong}");
        }
        assert!(time("00:04:59").is_err() && time("5").is_ok());
    }

    #[test]
    fn values_are_filled_in_once_and_quoted() {
        let values = [("a", quoted("it's {{b}}")), ("b", "x".to_owned())];
        assert_eq!(filled("{{a}} {{b}}{{c}}.", &values), r"'it'\''s {{b}}' x.");
        assert!(word("cs441").is_ok() && word("a b").is_err() && word("a\n#SBATCH").is_err() && word("").is_err());
        assert!(memory("4G").is_ok() && memory("800").is_ok() && memory("4GB").is_err() && memory("G").is_err() && memory("0").is_err());
    }

    #[test]
    fn no_place_in_a_script_is_left_empty_by_mistake() {
        let known = ["program", "class", "rubric", "job", "reports", "shards", "at_once", "time", "memory", "cpus", "flags", "options"];
        for (name, template) in FILES {
            for place in template.split("{{").skip(1) {
                let place = place.split_once("}}").unwrap().0;
                assert!(known.contains(&place), "{name}: {place}");
            }
        }
    }
}

//! Logs of training among the files: what they state by being there.
//!
//! A log states a name under its own key, such as the column `val_loss`, and under that key behind the log's place: `val_loss` in
//! `runs/mlp/training.log` is `mlp.val_loss` too. What two logs state differently is nobody's.

use std::sync::OnceLock;

use mlgrade_domain::diagnostic::{Code, Diagnostic};
use mlgrade_domain::limits;
use mlgrade_domain::value::Value;
use mlgrade_logs::{Group, Kind, Log, STATEMENTS, groups, stem_of};

use super::super::place::Place;
use super::super::{Absent, Found, encoding};
use super::Bag;
use crate::agreement::agree;
use crate::log_spot::LogSpot;

/// The logs of a submission.
#[derive(Debug, Clone, Default)]
pub(super) struct Logs(Vec<LogFiles>);

#[derive(Debug, Clone)]
struct LogFiles {
    group: Group,
    read: OnceLock<Read>,
}

/// What came of reading a log, and of how many bytes.
#[derive(Debug, Clone)]
struct Read {
    bytes: usize,
    log: Found<Log>,
}

/// One thing that a log states.
#[derive(Debug, Clone, PartialEq)]
pub struct Logged {
    /// The log's own key.
    pub key: String,
    /// What it states, or why that cannot be told.
    pub value: Result<Value, String>,
    /// The log.
    pub path: String,
    /// What reaches it in `[where]`.
    pub selector: Place,
}

impl Logs {
    pub(super) fn of<'p>(paths: impl IntoIterator<Item = &'p str>) -> Self {
        Self(groups(paths).into_iter().map(|group| LogFiles { group, read: OnceLock::new() }).collect())
    }

    /// Whether `path` is a log.
    pub(super) fn holds(&self, path: &str) -> bool {
        self.0.iter().any(|log| log.group.path == path)
    }
}

impl LogFiles {
    /// Whether `path` is this log, or one of its files.
    fn is_at(&self, path: &str) -> bool {
        self.group.path == path.trim_end_matches('/') || self.group.files.iter().any(|file| file == path)
    }
}

impl Bag {
    /// The path of a log with the folders that its submission came in, whose names may say whose it is.
    fn whole_path(&self, log: &LogFiles) -> String {
        format!("{}{}", self.wrapping, log.group.path)
    }

    /// The logs that are searched for a name, as far as the budget reaches.
    fn searched(&self) -> Vec<(&LogFiles, Result<&Log, &Absent>)> {
        let mut spent = 0;
        let mut searched = Vec::new();
        for log in self.logs.0.iter().take(limits::LOGS) {
            let read = self.read_log(log);
            spent += read.bytes;
            searched.push((log, read.log.as_ref()));
            if spent > limits::LOGS_BYTES {
                break;
            }
        }
        searched
    }

    fn read_log<'b>(&'b self, log: &'b LogFiles) -> &'b Read {
        let unreadable = |message: String| {
            let help = "write its numbers into metrics.json";
            Absent::Unreadable(Diagnostic::error(Code::NotReadable, message).in_file(&log.group.path).help(help.to_owned()))
        };
        let read_files = || -> Found<Vec<(&str, Vec<u8>)>> {
            let is_text = !matches!(log.group.kind, Kind::TensorBoard | Kind::WeightsAndBiases | Kind::Arrays);
            let mut files = Vec::new();
            for path in log.group.files.iter().take(limits::LOG_FILES) {
                let limit = if is_text { limits::TEXT_BYTES } else { limits::LOG_BYTES };
                let bytes = self.bytes(path, limit)?;
                // PowerShell's `>` writes UTF-16.
                let bytes = if is_text { encoding::text(&bytes).map(|text| text.into_owned().into_bytes()).unwrap_or(bytes) } else { bytes };
                files.push((path.as_str(), bytes));
            }
            Ok(files)
        };
        let read = || match read_files() {
            Ok(files) => Read { bytes: files.iter().map(|(_, bytes)| bytes.len()).sum(), log: log.group.read(&files).map_err(unreadable) },
            Err(absent) => Read { bytes: 0, log: Err(absent) },
        };
        log.read.get_or_init(read)
    }

    /// The log at `path`, if one is there: its file, its folder, or one of the files of its run.
    pub(super) fn log_at(&self, path: &str) -> Option<Result<&Log, &Absent>> {
        self.logs.0.iter().find(|log| log.is_at(path)).map(|log| self.read_log(log).log.as_ref())
    }

    /// The value that a log states as `name` by being there.
    pub(super) fn value_in_logs(&self, name: &str) -> Option<Found<(&Value, &str)>> {
        let mut stated: Vec<(&Result<Value, String>, &str, &str)> = Vec::new();
        for (log, read) in self.searched() {
            let Ok(read) = read else { continue };
            let keys = read.iter().filter(|(key, _)| is_called(name, key, &self.whole_path(log)));
            stated.extend(keys.map(|(key, value)| (value, key.as_str(), log.group.path.as_str())));
        }
        let (first, key, path) = *stated.first()?;
        let other = stated.iter().find(|(value, _, _)| match (first, value) {
            (Ok(first), Ok(value)) => !agree(first, value),
            _ => true,
        });
        let unreadable = |message: String, help: Option<String>| Absent::Unreadable(Diagnostic::error(Code::Ambiguous, message).in_file(path).help(help));
        Some(match (first, other.filter(|_| stated.len() > 1)) {
            (_, Some((_, other_key, elsewhere))) => {
                let message = format!("`{name}` may be `{key}` of {path} or `{other_key}` of {elsewhere}, which differ");
                Err(unreadable(message, Some(format!("say which in submission.toml, under [where]: {}", line(name, path, key)))))
            }
            (Err(fault), None) => Err(unreadable(format!("`{name}`: {fault}"), None)),
            (Ok(value), None) => Ok((value, path)),
        })
    }

    /// What is said of `name`, which nothing states, if a log has a key with its last part: it may be that one.
    pub(super) fn may_be_logged(&self, name: &str) -> Option<Absent> {
        let wanted = words(last_part(name));
        let is_likely = |key: &str| {
            let key = key.strip_prefix("log_history.").unwrap_or(key);
            let dotted = key.replace('/', ".");
            // What both name differently is something else.
            words(key) == wanted || (!name.contains('.') && words(last_part(&dotted)) == wanted)
        };
        let before = name.rsplit_once('.').map(|(before, _)| before);
        let mut likely = Vec::new();
        let searched = self.searched();
        let is_partial = searched.len() < self.logs.0.len();
        for &(log, read) in &searched {
            match read {
                Ok(read) => likely.extend(read.keys().filter(|key| is_likely(key)).map(|key| (key.as_str(), log.group.path.as_str()))),
                // It may well hold the name, if nothing else does or if it is called so.
                Err(_) if self.statements.is_empty() || before.is_some_and(|before| is_place(before, &self.whole_path(log))) => {
                    likely.push(("", log.group.path.as_str()));
                }
                Err(_) => {}
            }
        }
        if likely.is_empty() && is_partial {
            let message = format!("`{name}` is not found in {} of {} logs, which are all that are searched", searched.len(), self.logs.0.len());
            let help = format!("say where it is in submission.toml, under [where]: {}", line(name, "FILE", "KEY"));
            return Some(Absent::Unreadable(Diagnostic::error(Code::TooLarge, message).help(help)));
        }
        let &(key, path) = likely.first()?;
        if key.is_empty() {
            let fault = self.log_at(path)?.err()?.clone();
            return Some(fault);
        }
        let known: Vec<String> = likely.iter().map(|(key, path)| format!("`{key}` of {path}")).take(4).collect();
        let message = format!("`{name}` is not stated as such; it may be {}", known.join(", "));
        let help = format!("if it is, say so in submission.toml, under [where]: {}", line(name, path, key));
        Some(Absent::Unreadable(Diagnostic::error(Code::NotFound, message).help(help)))
    }

    /// The logs' paths.
    pub(super) fn log_paths(&self) -> impl Iterator<Item = &str> {
        self.logs.0.iter().map(|log| log.group.path.as_str())
    }

    /// All that logs state, each with what reaches it.
    pub fn logged(&self) -> Vec<Logged> {
        let of_log = |(log, read): (&LogFiles, Result<&Log, &Absent>)| -> Vec<Logged> {
            let path = &log.group.path;
            let entry =
                |key: &str, value: Result<Value, String>| Logged { key: key.to_owned(), value, path: path.clone(), selector: Place::Log(spot(path, key)) };
            match read {
                Ok(read) => read.iter().map(|(key, value)| entry(key, value.clone())).collect(),
                Err(absent) => vec![entry("", Err(absent.diagnostic().message.clone()))],
            }
        };
        self.searched().into_iter().flat_map(of_log).collect()
    }
}

fn spot(path: &str, key: &str) -> LogSpot {
    LogSpot { file: path.to_owned(), key: (!key.is_empty()).then(|| key.to_owned()), ..LogSpot::default() }
}

/// The line of `[where]` that says that `name` is `key` of the log at `path`.
fn line(name: &str, path: &str, key: &str) -> String {
    format!("{} = {}", toml::Value::String(name.to_owned()), Place::Log(spot(path, key)))
}

/// A key with dots for whatever parts its words: `val/loss` and `val_loss` are the same.
pub(super) fn normal(key: &str) -> String {
    key.replace(['/', '_', '-', ' '], ".")
}

/// The words of a name or key in order of the alphabet, each in the form that most use, without what most leave out: `Loss/validation` and
/// `eval_loss` say the same.
fn words(name: &str) -> Vec<String> {
    let word = |word: &str| {
        Some(match word.to_lowercase().as_str() {
            "" | "epoch" | "log" | "history" | "final" | "last" => return None,
            "validation" | "valid" | "eval" | "dev" => "val".to_owned(),
            "training" => "train".to_owned(),
            "acc" => "accuracy".to_owned(),
            "err" => "error".to_owned(),
            word => word.to_owned(),
        })
    };
    let mut words: Vec<String> = normal(name).split('.').filter_map(word).collect();
    words.sort();
    words
}

fn last_part(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// Words that say of a file that it is a log, and nothing of whose.
const LOG_WORDS: [&str; 5] = ["history", "metrics", "training", "log", "results"];

/// Whether the log at `path` calls `name` by its `key`: as it is, or behind parts of the path. A name is parted at its dots alone, so that the
/// column `loss` of `mlp_val.csv` is not `mlp.val_loss`.
fn is_called(name: &str, key: &str, path: &str) -> bool {
    // The list of a Hugging Face trainer's records is the log.
    let key = normal(key.strip_prefix("log_history.").unwrap_or(key));
    let file = path.rsplit('/').next().unwrap_or(path);
    if normal(name) == key {
        // The metrics of another folder may be those of another hand-in.
        return !STATEMENTS.iter().any(|name| file.eq_ignore_ascii_case(name));
    }
    let splits = name.match_indices('.').filter_map(|(at, _)| Some((name.get(..at)?, name.get(at + 1..)?)));
    splits.filter(|(_, rest)| normal(rest) == key).any(|(before, _)| is_place(before, path))
}

/// Whether `prefix` is what the log at `path` is called: one of its folders, its file, or several of these in a row.
fn is_place(prefix: &str, path: &str) -> bool {
    let (folders, file) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = stem_of(file).map_or(file, |(stem, _)| stem);
    let bare = LOG_WORDS.iter().find_map(|word| stem.strip_suffix(word)?.strip_suffix(['_', '-', '.', ' ']));
    let parts: Vec<&str> = folders.split('/').chain([stem]).filter(|part| !part.is_empty()).collect();
    let prefix = normal(prefix);
    let is_row = (0..parts.len()).any(|from| (from..parts.len()).any(|to| normal(&parts[from..=to].join(".")) == prefix));
    is_row || bare.is_some_and(|bare| normal(bare) == prefix)
}

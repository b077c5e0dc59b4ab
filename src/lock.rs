//! The lock beside a rubric: the reference's evidence, pinned with all that it was made from, so that grading trains nothing.

use std::collections::BTreeMap;

use toml::{Table, Value as Toml};

use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::number::significant;
use crate::domain::tolerance::Tolerance;
use crate::domain::value::Value;
use crate::evidence::bag::Bag;
use crate::evidence::statements::{self, Statements};
use crate::export::to_toml;
use crate::reference::{Reference, Run, pinned_crates};

const HEAD: &str = "# The reference's evidence, pinned. Made by `mlgrade reference --lock`; do not edit.\n";

/// What a lock begins with that pins nothing.
const STUDENT_HEAD: &str = "# The lock of a student's edition: it pins no evidence.\n";

/// A lock.
#[derive(Debug, Clone, PartialEq)]
pub struct Lock {
    /// The rubric's id.
    pub rubric: String,
    /// The rubric's seed.
    pub seed: u64,
    /// The pinned parts by id.
    pub parts: BTreeMap<String, LockedPart>,
    /// A short hash of its text.
    pub digest: String,
}

/// What a part's reference gave, and from what.
#[derive(Debug, Clone, PartialEq)]
pub struct LockedPart {
    /// The reference and its settings.
    pub origin: Origin,
    /// Its metrics and answers.
    pub evidence: Statements,
}

/// What the evidence of a part was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A run of ours.
    Run {
        /// The reference's name.
        run: String,
        /// Its settings as TOML with sorted keys.
        settings: String,
        /// A short hash of the data set's content.
        data: String,
    },
    /// A solution like a student's.
    Submission {
        /// Its folder or archive.
        path: String,
        /// What it consists of, and the data sets.
        inputs: Inputs,
    },
    /// A program of the instructor's.
    Command {
        /// The program and its arguments.
        words: Vec<String>,
        /// The arguments that are files, and the data sets.
        inputs: Inputs,
    },
}

/// Short hashes of what a reference was made from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inputs {
    /// Of files and folders, by path from the rubric's folder.
    pub files: BTreeMap<String, String>,
    /// Of the rubric's data sets, by name.
    pub data: BTreeMap<String, String>,
}

impl Origin {
    /// Reads the keys of a part in a lock. The error names the keys that it needs.
    fn read(part: &Table) -> Result<Self, &'static str> {
        let text = |key: &str| part.get(key).and_then(Toml::as_str).map(str::to_owned);
        let inputs = || Some(Inputs { files: hashes(part.get("files")?)?, data: hashes(part.get("data")?)? });
        if let Some(path) = text("submission") {
            return Ok(Self::Submission { path, inputs: inputs().ok_or("`files` and `data`")? });
        }
        if let Some(words) = part.get("command").and_then(Toml::as_array) {
            let words = words.iter().map(|word| word.as_str().map(str::to_owned)).collect::<Option<Vec<String>>>();
            return Ok(Self::Command { words: words.ok_or("`command` as a list of texts")?, inputs: inputs().ok_or("`files` and `data`")? });
        }
        match (text("run"), text("settings"), text("data")) {
            (Some(run), Some(settings), Some(data)) => Ok(Self::Run { run, settings, data }),
            _ => Err("`run`, `settings` and `data`, or `submission`, or `command`"),
        }
    }

    /// Its keys in TOML.
    fn write(&self) -> String {
        let line = |key: &str, value: Toml| format!("{key} = {value}\n");
        let hashes = |hashes: &BTreeMap<String, String>| Toml::Table(hashes.iter().map(|(name, hash)| (name.clone(), Toml::from(hash.as_str()))).collect());
        let inputs = |inputs: &Inputs| line("files", hashes(&inputs.files)) + &line("data", hashes(&inputs.data));
        match self {
            Self::Run { run, settings, data } => {
                [("run", run), ("data", data), ("settings", settings)].map(|(key, value)| line(key, Toml::from(value.as_str()))).concat()
            }
            Self::Submission { path, inputs: made_from } => line("submission", Toml::from(path.as_str())) + &inputs(made_from),
            Self::Command { words, inputs: made_from } => line("command", Toml::from(words.clone())) + &inputs(made_from),
        }
    }
}

fn hashes(value: &Toml) -> Option<BTreeMap<String, String>> {
    value.as_table()?.iter().map(|(name, hash)| Some((name.clone(), hash.as_str()?.to_owned()))).collect()
}

/// A value that a fresh run has otherwise than the lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The value's name.
    pub name: String,
    /// Lock, fresh run and tolerance, in words.
    pub sentence: String,
}

impl Lock {
    /// Reads the lock `text` from the file `path`.
    pub fn read(path: &str, text: &str) -> Result<Self, Diagnostic> {
        let fault = |message: &str| {
            let help = "make it again with `mlgrade reference --lock`".to_owned();
            Diagnostic::error(Code::LockUnreadable, message).in_file(path).help(help)
        };
        let table: Table = text.parse().map_err(|error: toml::de::Error| fault(error.message()))?;
        let mut parts = BTreeMap::new();
        for (id, part) in table.get("part").and_then(Toml::as_table).into_iter().flatten() {
            let part = part.as_table().ok_or_else(|| fault("a part is no table"))?;
            let origin = Origin::read(part).map_err(|needed| fault(&format!("part `{id}` needs {needed}")))?;
            let evidence = part.get("evidence").and_then(Toml::as_table).ok_or_else(|| fault(&format!("part `{id}` has no `evidence`")))?;
            let evidence = statements::read("evidence.toml", evidence.to_string().as_bytes()).map_err(|inner| fault(&inner.message))?.values;
            parts.insert(id.clone(), LockedPart { origin, evidence });
        }
        let seed = table.get("seed").and_then(Toml::as_integer).and_then(|seed| u64::try_from(seed).ok());
        let rubric = table.get("rubric").and_then(Toml::as_str).map(str::to_owned).ok_or_else(|| fault("it does not say of which rubric it is"))?;
        let digest = blake3::hash(text.as_bytes()).to_hex()[..6].to_owned();
        Ok(Self { rubric, seed: seed.ok_or_else(|| fault("it has no seed"))?, parts, digest })
    }

    /// The TOML of a lock.
    pub fn write(rubric: &str, seed: u64, parts: &BTreeMap<String, LockedPart>) -> String {
        let head = if parts.is_empty() { STUDENT_HEAD } else { HEAD };
        let mut text = format!("{head}rubric = {}\nseed = {seed}\n\n[crates]\n", Toml::from(rubric));
        for (name, version) in pinned_crates() {
            text.extend([name, " = ".to_owned(), Toml::from(version).to_string(), "\n".to_owned()]);
        }
        for (id, part) in parts {
            text.extend([format!("\n[part.{id}]\n"), part.origin.write(), format!("\n[part.{id}.evidence]\n"), to_toml(&part.evidence)]);
        }
        text
    }

    /// All pinned evidence in one bag; `path` names it in messages.
    pub fn bag(&self, path: &str) -> Bag {
        Bag::of_statements(path, self.parts.values().flat_map(|part| part.evidence.clone()).collect())
    }
}

/// What a fresh `run` has otherwise than the `locked` evidence, beyond what another machine explains; what is only read again is the same
/// to the last digit.
pub fn differences(locked: &Statements, run: &Run, reference: Option<&dyn Reference>) -> Vec<Difference> {
    let fresh = evidence(run);
    let names: std::collections::BTreeSet<&String> = locked.keys().chain(fresh.keys()).collect();
    let different = |name: &String| {
        let tolerance = reference.map_or(Tolerance::ROUNDING, |reference| reference.drift(name));
        let (locked, fresh) = (locked.get(name), fresh.get(name));
        if locked.zip(fresh).is_some_and(|(locked, fresh)| agree(locked, fresh, tolerance)) {
            return None;
        }
        let words = |value: Option<&Value>| value.map_or_else(|| "nothing".to_owned(), in_words);
        Some(Difference { name: name.clone(), sentence: format!("{name}: the lock has {} {tolerance}, the fresh run {}", words(locked), words(fresh)) })
    };
    names.into_iter().filter_map(different).collect()
}

/// The metrics and answers of a run.
pub fn evidence(run: &Run) -> Statements {
    run.metrics.clone().into_iter().chain(run.answers.clone()).collect()
}

fn agree(locked: &Value, fresh: &Value, tolerance: Tolerance) -> bool {
    match (locked, fresh) {
        (Value::Number(locked), Value::Number(fresh)) => tolerance.accepts(*fresh, *locked),
        (Value::List(locked), Value::List(fresh)) => {
            locked.len() == fresh.len() && locked.iter().zip(fresh).all(|(locked, fresh)| agree(locked, fresh, tolerance))
        }
        (locked, fresh) => locked == fresh,
    }
}

fn in_words(value: &Value) -> String {
    match value {
        Value::List(values) if values.len() <= 24 => format!("[{}]", values.iter().map(in_words).collect::<Vec<_>>().join(", ")),
        Value::Number(number) => significant(number.get(), 4),
        other => other.describe(),
    }
}

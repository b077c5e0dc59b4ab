//! The bag of named evidence: what a student handed in, or what a reference run did.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::limits;
use crate::domain::name::did_you_mean;
use crate::domain::number::Finite;

use super::figure::{self, Figure};
use super::network::{self, Network};
use super::predictions;
use super::rule::Rule;
use super::source::Source;
use super::statements::{self, Statements};
use super::value::Value;
use super::{Absent, Found};

/// Endings of a metrics or answers file, in the order of preference.
const STATEMENT_ENDINGS: [&str; 2] = ["toml", "json"];

/// Named, typed evidence, decoded on demand.
#[derive(Debug, Default)]
pub struct Bag {
    statements: Vec<StatementFile>,
    files: BTreeMap<String, Source>,
    aliases: BTreeMap<String, String>,
}

#[derive(Debug)]
struct StatementFile {
    path: String,
    read: OnceLock<Found<Statements>>,
}

/// A number as somebody stated it.
#[derive(Debug, Clone, PartialEq)]
pub struct Stated {
    /// The number.
    pub number: Finite,
    /// The file that states it.
    pub path: String,
}

impl Bag {
    /// The evidence in `files`, by path. `aliases` says where things are that have another name than the usual:
    /// `"metrics" → "out/results.json"`, `"figures/trees" → "plots/final.png"`.
    pub fn new(files: BTreeMap<String, Source>, aliases: BTreeMap<String, String>) -> Self {
        let mut bag = Self { statements: Vec::new(), files, aliases };
        for stem in ["metrics", "answers"] {
            if let Some(path) = bag.locate(stem, &STATEMENT_ENDINGS) {
                bag.statements.push(StatementFile { path, read: OnceLock::new() });
            }
        }
        bag
    }

    /// Evidence that is known already, such as a lock's.
    pub fn of_statements(path: &str, statements: Statements) -> Self {
        let file = StatementFile { path: path.to_owned(), read: OnceLock::from(Ok(statements)) };
        Self { statements: vec![file], ..Self::default() }
    }

    /// How many files there are.
    pub fn file_count(&self) -> usize {
        self.files.len()
    }

    /// The value stated as `name`, and the file that states it.
    pub fn value(&self, name: &str) -> Found<(&Value, &str)> {
        let mut broken = None;
        for file in &self.statements {
            match self.statements_of(file) {
                Ok(statements) => {
                    if let Some(value) = statements.get(name) {
                        return Ok((value, &file.path));
                    }
                }
                Err(absent) => broken = broken.or(Some(absent)),
            }
        }
        // A name that is nowhere else may well be in the file that cannot be read.
        Err(broken.cloned().unwrap_or_else(|| self.nowhere(name)))
    }

    /// The number stated as `name`. Text of the form `98.2 %` is the fraction it means.
    pub fn number(&self, name: &str) -> Found<Stated> {
        let (value, path) = self.value(name)?;
        let fault = || not_a_number(path, &format!("`{name}`"), value);
        number_in(value).map(|number| Stated { number, path: path.to_owned() }).ok_or_else(fault)
    }

    /// The numbers stated as `name`.
    pub fn series(&self, name: &str) -> Found<Vec<Finite>> {
        let (value, path) = self.value(name)?;
        let wrong = |code, message: String| Absent::Unreadable(Diagnostic::error(code, message).in_file(path));
        let Value::List(values) = value else {
            return Err(wrong(Code::WrongShape, format!("`{name}` is {}, expected a list of numbers", value.describe())));
        };
        if values.len() > limits::SERIES_LENGTH {
            return Err(wrong(Code::TooLarge, format!("`{name}` has {} values, more than the {} that are read", values.len(), limits::SERIES_LENGTH)));
        }
        let number = |(i, value): (usize, &Value)| {
            number_in(value).ok_or_else(|| not_a_number(path, &format!("value {} of {} in `{name}`", i + 1, values.len()), value))
        };
        values.iter().enumerate().map(number).collect()
    }

    /// The text, number or word stated as `name`, as text. Empty text counts as not handed in.
    pub fn text(&self, name: &str) -> Found<String> {
        let texts = self.texts(name)?;
        match <[String; 1]>::try_from(texts) {
            Ok([text]) => Ok(text),
            Err(texts) => Err(Absent::Unreadable(
                Diagnostic::error(Code::WrongShape, format!("`{name}` is a list of {}, expected one answer", texts.len())).in_file(self.value(name)?.1),
            )),
        }
    }

    /// The texts stated as `name`; a single text is a list of one.
    pub fn texts(&self, name: &str) -> Found<Vec<String>> {
        let (value, path) = self.value(name)?;
        let one = |value: &Value| match value {
            Value::Text(text) if text.len() > limits::ANSWER_BYTES => {
                let message = format!("the answer `{name}` has {} bytes, more than the {} that are read", text.len(), limits::ANSWER_BYTES);
                Err(Absent::Unreadable(Diagnostic::error(Code::TooLarge, message).in_file(path)))
            }
            Value::Text(text) => Ok(text.trim().to_owned()),
            Value::Number(number) => Ok(number.get().to_string()),
            Value::Flag(flag) => Ok(flag.to_string()),
            Value::List(_) | Value::Unusable(_) => {
                Err(Absent::Unreadable(Diagnostic::error(Code::WrongShape, format!("`{name}` is {}, expected text", value.describe())).in_file(path)))
            }
        };
        let texts: Vec<String> = match value {
            Value::List(values) if values.len() > 1_000 => {
                let message = format!("`{name}` is a list of {}, expected an answer", values.len());
                return Err(Absent::Unreadable(Diagnostic::error(Code::WrongShape, message).in_file(path)));
            }
            Value::List(values) => values.iter().map(one).collect::<Found<_>>()?,
            value => vec![one(value)?],
        };
        if texts.iter().all(String::is_empty) {
            return Err(Absent::Missing(Diagnostic::error(Code::NotFound, format!("the answer `{name}` is empty")).in_file(path)));
        }
        Ok(texts)
    }

    /// The decision rule stated as `name`.
    pub fn rule(&self, name: &str) -> Found<Rule> {
        let text = self.text(name)?;
        Rule::parse(&text).map_err(|message| {
            let path = self.value(name).map(|(_, path)| path).unwrap_or_default();
            let diagnostic = Diagnostic::error(Code::BadRule, format!("`{name}`: {message}")).in_file(path);
            Absent::Unreadable(diagnostic.help("write it as `feature > 1.5 and other <= 2 -> class`".to_owned()))
        })
    }

    /// The figure `name`: `figures/NAME.png`, `.jpg` or `.svg`.
    pub fn figure(&self, name: &str) -> Found<Figure> {
        let path = self.locate_in("figures", name, &figure::ENDINGS).ok_or_else(|| {
            let message = format!("there is no figure `{name}`");
            Absent::Missing(Diagnostic::error(Code::NotFound, message).help(format!("save it as figures/{name}.png, .jpg or .svg")))
        })?;
        figure::decode(&path, &self.bytes(&path, limits::FIGURE_BYTES)?).map_err(Absent::Unreadable)
    }

    /// The predicted classes `name`: `predictions/NAME.csv` or `.npy`, one for each validation example.
    pub fn predictions(&self, name: &str) -> Found<Vec<i64>> {
        let path = self.locate_in("predictions", name, &predictions::ENDINGS).ok_or_else(|| {
            let message = format!("there are no predictions `{name}`");
            Absent::Missing(Diagnostic::error(Code::NotFound, message).help(format!("save the predicted classes as predictions/{name}.csv or .npy")))
        })?;
        predictions::decode(&path, &self.bytes(&path, limits::PREDICTIONS_BYTES)?).map_err(Absent::Unreadable)
    }

    /// The network `name`: `networks/NAME.onnx`, or `networks/NAME.safetensors` with its list of layers in `networks/NAME.toml`.
    pub fn network(&self, name: &str) -> Found<Network> {
        let path = self.locate_in("networks", name, &network::ENDINGS).ok_or_else(|| self.no_network(name))?;
        let notes = self.locate_in("networks", name, &["toml"]).filter(|notes| *notes != path);
        let read = |notes: String| self.bytes(&notes, limits::TEXT_BYTES).map(|bytes| (notes, bytes));
        let notes = notes.map(read).transpose()?;
        let notes = notes.as_ref().map(|(path, bytes)| (path.as_str(), bytes.as_slice()));
        Network::decode(&path, &self.bytes(&path, limits::NETWORK_BYTES)?, notes).map_err(Absent::Unreadable)
    }

    /// What to say when there is no network `name` in a format that is read.
    fn no_network(&self, name: &str) -> Absent {
        let Some(path) = self.locate_in("networks", name, &network::REFUSED_ENDINGS) else {
            let help = format!("save it as networks/{name}.onnx, or as networks/{name}.safetensors with a list of layers");
            return Absent::Missing(Diagnostic::error(Code::NotFound, format!("there is no network `{name}`")).help(help));
        };
        let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
        let (message, help) = network::refused_sentence(&ending, name);
        Absent::Unreadable(Diagnostic::error(Code::BadNetwork, message).in_file(path).help(help))
    }

    /// The size in bytes of the file at `path`, if it is there.
    pub fn size(&self, path: &str, limit: u64) -> Found<Option<usize>> {
        let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
        let path = self.aliases.get(path).or_else(|| self.aliases.get(stem)).map_or(path, String::as_str);
        if self.files.contains_key(path) { self.bytes(path, limit).map(|bytes| Some(bytes.len())) } else { Ok(None) }
    }

    fn bytes(&self, path: &str, limit: u64) -> Found<Vec<u8>> {
        match self.files.get(path) {
            Some(source) => source.read(path, limit),
            None => Err(Absent::Missing(Diagnostic::error(Code::NotFound, "submission.toml says this file is there, but it is not").in_file(path))),
        }
    }

    fn statements_of<'a>(&'a self, file: &'a StatementFile) -> Result<&'a Statements, &'a Absent> {
        let read = || statements::read(&file.path, &self.bytes(&file.path, limits::TEXT_BYTES)?).map_err(Absent::Unreadable);
        file.read.get_or_init(read).as_ref()
    }

    fn nowhere(&self, name: &str) -> Absent {
        let names = self.statements.iter().filter_map(|file| self.statements_of(file).ok()).flat_map(Statements::keys);
        let help = did_you_mean(name, names.map(String::as_str));
        let paths: Vec<&str> = self.statements.iter().map(|file| file.path.as_str()).collect();
        let place = if paths.is_empty() { "there is no metrics or answers file".to_owned() } else { format!("not found in {}", paths.join(" or ")) };
        Absent::Missing(Diagnostic::error(Code::NotFound, format!("`{name}`: {place}")).help(help))
    }

    fn locate_in(&self, folder: &str, name: &str, endings: &[&str]) -> Option<String> {
        self.locate(&format!("{folder}/{name}"), endings).or_else(|| self.locate(name, endings))
    }

    /// The path of the first file with this stem and one of the endings, in any letter case.
    fn locate(&self, stem: &str, endings: &[&str]) -> Option<String> {
        if let Some(path) = self.aliases.get(stem) {
            return Some(path.clone());
        }
        let candidates = |ending: &&str| {
            let wanted = format!("{stem}.{ending}");
            self.files.contains_key(&wanted).then_some(wanted.clone()).or_else(|| self.files.keys().find(|path| path.eq_ignore_ascii_case(&wanted)).cloned())
        };
        endings.iter().find_map(candidates)
    }
}

fn not_a_number(path: &str, what: &str, value: &Value) -> Absent {
    Absent::Unreadable(Diagnostic::error(Code::NotANumber, format!("{what} is {}, expected a number", value.describe())).in_file(path))
}

/// The number that a value is, also when it is written as text: `"0.98"`, or `"98.2 %"` for 0.982.
fn number_in(value: &Value) -> Option<Finite> {
    match value {
        Value::Number(number) => Some(*number),
        Value::Text(text) => match text.trim().strip_suffix('%') {
            Some(percent) => percent.parse::<Finite>().ok().and_then(|number| Finite::new(number.get() / 100.0).ok()),
            None => text.parse().ok(),
        },
        _ => None,
    }
}

#![doc = include_str!("../README.md")]

mod arrays;
mod frames;
mod group;
mod mlflow;
mod node;
mod records;
mod table;
mod tensorboard;
mod tree;
mod wandb;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use mlgrade_domain::value::Value;

pub use group::{Group, STATEMENTS, groups, stem_of};
pub use node::Node;
pub use tree::{json, numbered, yaml};

/// What a log states by name: a series, a number, or a text; or why what it has under the name cannot be told, in one sentence.
pub type Log = BTreeMap<String, Result<Value, String>>;

/// What wrote a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// CSV with a row of names: Keras' and Lightning's CSVLogger, pandas.
    Table,
    /// A JSON object a line.
    JsonLines,
    /// Names and values in JSON: Keras' `History.history`, Hugging Face's `trainer_state.json`.
    Json,
    /// The same in YAML.
    Yaml,
    /// Event files of TensorBoard.
    TensorBoard,
    /// A run of Weights & Biases on disk.
    WeightsAndBiases,
    /// A run of MLflow in a folder of files.
    Mlflow,
    /// Arrays of NumPy in an archive.
    Arrays,
}

impl Kind {
    /// Its name in a sentence.
    pub fn words(self) -> &'static str {
        match self {
            Self::Table => "a table",
            Self::JsonLines => "JSON lines",
            Self::Json => "JSON",
            Self::Yaml => "YAML",
            Self::TensorBoard => "a log of TensorBoard",
            Self::WeightsAndBiases => "a run of Weights & Biases",
            Self::Mlflow => "a run of MLflow",
            Self::Arrays => "an archive of arrays",
        }
    }
}

impl Group {
    /// What the log states; `files` are its files with their paths, in order. The error is one sentence without a full stop.
    pub fn read(&self, files: &[(&str, Vec<u8>)]) -> Result<Log, String> {
        let text = |bytes: &'_ [u8]| {
            std::str::from_utf8(bytes).map(|text| text.trim_start_matches('\u{feff}').to_owned()).map_err(|_| "it is not UTF-8 text".to_owned())
        };
        let first = files.first().map_or(&[][..], |(_, bytes)| bytes.as_slice());
        match self.kind {
            Kind::Table => table::log(&text(first)?),
            Kind::JsonLines => tree::json_lines(&text(first)?),
            Kind::Json => {
                let text = text(first)?;
                // pandas' `to_json(lines=True)` has a document a line.
                json(&text).and_then(tree::log).or_else(|fault| tree::json_lines(&text).map_err(|_| fault))
            }
            Kind::Yaml => tree::log(yaml(&text(first)?)?),
            Kind::TensorBoard => tensorboard::log(&files.iter().map(|(_, bytes)| bytes.as_slice()).collect::<Vec<_>>()),
            Kind::WeightsAndBiases => wandb::log(&files.iter().map(|(path, bytes)| (*path, bytes.as_slice())).collect::<Vec<_>>()),
            Kind::Mlflow => {
                let begins = format!("{}/metrics/", self.path);
                // A run at the top of a submission has no folder of its own.
                let name = |path: &'_ str| path.strip_prefix(&begins).or_else(|| path.strip_prefix("metrics/")).unwrap_or(path).to_owned();
                let named: Result<Vec<(String, String)>, String> = files.iter().map(|(path, bytes)| Ok((name(path), text(bytes)?))).collect();
                mlflow::log(&named?.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect::<Vec<_>>())
            }
            Kind::Arrays => arrays::log(first),
        }
    }
}

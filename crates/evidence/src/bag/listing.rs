//! What the files of a submission hold besides numbers in words: pictures, predictions, networks.

use mlgrade_domain::limits;

use super::super::Found;
use super::super::place::Place;
use super::super::predictions::{self, Content, Predictions};
use super::Bag;
use mlgrade_picture::figure::{self, ENDINGS as PICTURES};

/// A file that is evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// "figure", "predictions" or "network".
    pub kind: &'static str,
    /// What `[where]` calls it, such as "figures/trees".
    pub name: String,
    /// What it holds, in words, or why it cannot be read.
    pub words: String,
    /// The file.
    pub path: String,
    /// What reaches it, unless it is found by its name.
    pub selector: Option<Place>,
}

impl Bag {
    /// The pictures, predictions and networks among the files, read as they are when they are graded.
    pub fn files_shown(&self) -> Vec<Shown> {
        self.files.keys().filter_map(|path| self.shown(path)).collect()
    }

    fn shown(&self, path: &str) -> Option<Shown> {
        let (stem, ending) = path.rsplit_once('.')?;
        let is = |endings: &[&str]| endings.iter().any(|known| ending.eq_ignore_ascii_case(known));
        let folder = stem.split_once('/').map(|(folder, name)| (folder.to_lowercase(), name));
        let within = |wanted: &str| folder.as_ref().filter(|(folder, _)| folder == wanted).map(|(_, name)| (*name).to_owned());
        // A table anywhere may be predictions; JSON and text only where predictions belong.
        let (kind, name) = if is(&PICTURES) {
            ("figure", within("figures"))
        } else if is(&mlgrade_network::ENDINGS) || (is(&mlgrade_network::BOOSTED_ENDINGS) && within("networks").is_some()) {
            ("network", within("networks"))
        } else if is(&predictions::ENDINGS) && (is(&["csv", "tsv", "npy", "npz"]) || within("predictions").is_some()) {
            ("predictions", within("predictions"))
        } else {
            return None;
        };
        let said = match (kind, &name) {
            ("figure", _) => {
                self.bytes(path, limits::FIGURE_BYTES).map(|bytes| figure::decode(path, &bytes).map_or_else(|fault| fault.message, |_| String::new()))
            }
            ("network", Some(name)) => self.network(name).map(|network| format!("{} parameters, inputs of {}", network.parameters(), network.input_shape())),
            ("network", None) => Ok(String::new()),
            (_, Some(name)) => self.predictions(name).map(|predictions| described(&predictions)),
            (_, None) => self.loose_predictions(path).map(|predictions| described(&predictions)),
        };
        let words = said.unwrap_or_else(|absent| absent.diagnostic().message.clone());
        let within = if kind == "predictions" { "predictions".to_owned() } else { format!("{kind}s") };
        let selector = name.is_none().then(|| Place::File(path.to_owned()));
        Some(Shown { kind, name: format!("{within}/{}", name.as_deref().unwrap_or("NAME")), words, path: path.to_owned(), selector })
    }

    fn loose_predictions(&self, path: &str) -> Found<Predictions> {
        predictions::decode(path, "", &self.bytes(path, limits::PREDICTIONS_BYTES)?)
    }
}

fn described(predictions: &Predictions) -> String {
    let rows = predictions.len();
    let what = match &predictions.content {
        Content::Numbers { .. } => format!("{rows} rows of a number"),
        Content::Names(_) => format!("{rows} rows of a name"),
        Content::Rows(each) => format!("{rows} rows of {} numbers", each.columns),
    };
    std::iter::once(what).chain(predictions.notes.iter().cloned()).collect::<Vec<_>>().join("; ")
}

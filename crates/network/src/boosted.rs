//! Models of boosted trees in the formats of `XGBoost`, `LightGBM` and `CatBoost` themselves, as the operator of trees that ONNX has.

mod bounded;
mod catboost;
mod forest;
mod lightgbm;
mod ubjson;
mod xgboost;

#[cfg(test)]
mod tests;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::tensor::{Outcome, Refusal, refuse};
use super::{Decoded, Decoder};

/// How a model of each library is saved so that it is read.
pub(super) const HOW_TO_SAVE: &str = "save the model with its library: XGBoost `model.save_model(\"networks/NAME.json\")`, \
                                      LightGBM `model.booster_.save_model(\"networks/NAME.txt\")`, \
                                      CatBoost `model.save_model(\"networks/NAME.json\", format=\"json\")`";

/// What begins a JSON text, when some programs write one.
const BYTE_ORDER_MARK: &[u8] = &[0xef, 0xbb, 0xbf];

/// What decodes `bytes`, if these are text or the binary JSON of `XGBoost`; nothing if they are something else.
pub(super) fn decoder(bytes: &[u8]) -> Option<Decoder> {
    // A file of safetensors has its header from the ninth byte on, whose length may begin like an object of any kind.
    let is_safetensors = bytes.get(4..9) == Some(&[0, 0, 0, 0, b'{']);
    match text(bytes) {
        _ if is_safetensors => None,
        [b'{', b'L' | b'l' | b'I' | b'i' | b'U', ..] => Some(|bytes| ubjson::parsed(text(bytes)).and_then(xgboost::decode)),
        [b'{' | b'[', ..] => Some(|bytes| of_json(text(bytes))),
        [b't', b'r', b'e', b'e', b'\n' | b'\r', ..] => Some(|bytes| lightgbm::decode(text(bytes))),
        _ => None,
    }
}

/// What is in `bytes` behind a byte order mark and blanks.
fn text(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes).trim_ascii_start()
}

/// The keys by which the files of the libraries are distinguished.
#[derive(Deserialize)]
struct Keys {
    learner: Option<IgnoredAny>,
    features_info: Option<IgnoredAny>,
    tree_info: Option<IgnoredAny>,
}

fn of_json(text: &[u8]) -> Outcome<Decoded> {
    if text.first() == Some(&b'[') {
        return Err(refuse("this is a list in JSON, and no model of boosted trees").help(HOW_TO_SAVE));
    }
    match parsed(text)? {
        Keys { learner: Some(_), .. } => parsed(text).and_then(xgboost::decode),
        Keys { features_info: Some(_), .. } => parsed(text).and_then(catboost::decode),
        Keys { tree_info: Some(_), .. } => Err(refuse("this is what LightGBM's `dump_model` gives, which is not read").help(lightgbm::HELP)),
        _ => Err(refuse("this is JSON, but no model that XGBoost or CatBoost saved").help(HOW_TO_SAVE)),
    }
}

/// JSON, of which only what `T` names is kept.
fn parsed<'t, T: Deserialize<'t>>(text: &'t [u8]) -> Outcome<T> {
    serde_json::from_slice(text).map_err(|error| malformed(&error))
}

/// A refusal for a file that is not what its library writes; the reason may repeat what stands in it.
fn malformed(error: &dyn std::fmt::Display) -> Refusal {
    let reason: String = error.to_string().chars().filter(|c| !c.is_control()).take(120).collect();
    refuse(format!("this is no model of boosted trees: {reason}")).help(HOW_TO_SAVE)
}

/// A text of a file, fit for a message.
fn tidy(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(40).collect()
}

//! Networks as Keras saves them give what Keras gives: fixtures/networks/keras, made by make.py there with several versions of Keras.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use mlgrade_domain::examples::{Examples, Numbers};
use mlgrade_network::{Answers, Network, Presentation};
use serde::Deserialize;

/// What make.py keeps of a file.
#[derive(Deserialize)]
struct Case {
    #[serde(default)]
    shape: Vec<usize>,
    #[serde(default)]
    parameters: usize,
    #[serde(default)]
    input: Vec<f64>,
    #[serde(default)]
    scores: Vec<f32>,
    /// What the refusal says.
    refused: Option<String>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/networks/keras")
}

fn cases() -> BTreeMap<String, Case> {
    serde_json::from_slice(&std::fs::read(folder().join("expected.json")).unwrap()).unwrap()
}

fn decoded(file: &str) -> Result<Network, String> {
    let bytes = std::fs::read(folder().join(file)).unwrap();
    Network::decode(&format!("networks/{file}"), &bytes, None).map_err(|diagnostic| diagnostic.message)
}

#[test]
fn every_file_gives_the_scores_of_keras() {
    let cases = cases();
    let read: Vec<_> = cases.iter().filter(|(_, case)| case.refused.is_none()).collect();
    assert!(read.len() >= 40, "{} files", read.len());
    let mut faults = Vec::new();
    for (file, case) in read {
        let run = || {
            let network = decoded(file)?;
            if network.parameters() != case.parameters {
                return Err(format!("{} parameters, Keras counts {}", network.parameters(), case.parameters));
            }
            let examples = Examples::new(case.shape.clone(), Numbers::Features(case.input.as_slice().into()), Numbers::Features(Vec::new().into()));
            network.run(&examples, &Presentation::Raw).map_err(|diagnostic| diagnostic.message)
        };
        match run() {
            Ok(Answers::Scores { values, .. }) => {
                let worst = values.iter().zip(&case.scores).map(|(ours, right)| (ours - right).abs() / right.abs().max(1.0)).fold(0.0, f32::max);
                if values.len() != case.scores.len() || worst.is_nan() || worst > 2e-5 {
                    faults.push(format!("{file}: off by {worst}, {} of {} scores", values.len(), case.scores.len()));
                }
            }
            Ok(Answers::Classes(_)) => faults.push(format!("{file}: classes")),
            Err(fault) => faults.push(format!("{file}: {fault}")),
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn what_is_not_read_is_named() {
    for (file, word) in cases().iter().filter_map(|(file, case)| Some((file, case.refused.as_ref()?))) {
        let fault = decoded(file).err().unwrap_or_else(|| "it is read".to_owned());
        assert!(fault.contains(word), "{file}: {fault}");
    }
}

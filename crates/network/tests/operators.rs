//! Every operator gives what ONNX Runtime gives: fixtures/networks/operators.json, made by operators.py beside it.

use std::borrow::Cow;

use mlgrade_domain::examples::{Examples, Numbers};
use mlgrade_network::{Answers, Network, Presentation};
use serde::Deserialize;

/// One network with what goes in and what ONNX Runtime gives.
#[derive(Deserialize)]
struct Case {
    name: String,
    shape: Vec<usize>,
    input: Vec<Option<f64>>,
    scores: Option<Vec<Option<f32>>>,
    classes: Option<Vec<i64>>,
    onnx: String,
}

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|i| u8::from_str_radix(&hex[i..i + 2], 16).unwrap()).collect()
}

fn wrong(case: &Case) -> Option<String> {
    let network = match Network::decode("x.onnx", &bytes(&case.onnx), None) {
        Ok(network) => network,
        Err(refusal) => return Some(refusal.to_string()),
    };
    let numbers = || Numbers::Features(Cow::Owned(case.input.iter().map(|value| value.unwrap_or(f64::NAN)).collect()));
    let examples = Examples::new(case.shape.clone(), numbers(), numbers());
    match (network.run(&examples, &Presentation::Raw), &case.scores, &case.classes) {
        (Ok(Answers::Scores { values, .. }), Some(scores), _) => {
            let near = |(a, b): (&f32, &Option<f32>)| b.is_some_and(|b| (a - b).abs() <= 2e-6 + 2e-5 * b.abs());
            (values.len() != scores.len() || !values.iter().zip(scores).all(near)).then(|| format!("{values:?}, expected {scores:?}"))
        }
        (Ok(answers), _, Some(classes)) => {
            let given = answers.classes();
            (given.as_ref() != Some(classes)).then(|| format!("{given:?}, expected {classes:?}"))
        }
        (other, ..) => Some(format!("{other:?}")),
    }
}

#[test]
fn every_operator_gives_what_onnx_runtime_gives() {
    let cases: Vec<Case> = serde_json::from_slice(include_bytes!("../../../fixtures/networks/operators.json")).unwrap();
    let faults: Vec<String> = cases.iter().filter_map(|case| wrong(case).map(|fault| format!("{}: {fault}", case.name))).collect();
    assert!(faults.is_empty(), "{} of {}:\n{}", faults.len(), cases.len(), faults.join("\n"));
    assert!(cases.len() > 130, "{}", cases.len());
}

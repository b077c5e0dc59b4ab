//! Every operator gives what ONNX Runtime gives: the cases in fixtures/networks, each made by the script of the same name.

use crate::cases::Case;
use mlgrade_network::{Answers, Network, Presentation};

fn wrong(case: &Case) -> Option<String> {
    let network = match Network::decode("x.onnx", &case.bytes(), None) {
        Ok(network) => network,
        Err(refusal) => return Some(refusal.to_string()),
    };
    match (network.run(&case.examples(), &Presentation::Raw), &case.scores, &case.classes) {
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

/// Holds the cases of a file against what is computed here; how many there are.
fn hold(file: &[u8]) -> usize {
    let cases: Vec<Case> = serde_json::from_slice(file).unwrap();
    let faults: Vec<String> = cases.iter().filter_map(|case| wrong(case).map(|fault| format!("{}: {fault}", case.name))).collect();
    assert!(faults.is_empty(), "{} of {}:\n{}", faults.len(), cases.len(), faults.join("\n"));
    cases.len()
}

#[test]
fn layers_functions_and_trees_give_what_onnx_runtime_gives() {
    assert!(hold(include_bytes!("../../../../fixtures/networks/operators.json")) > 130);
}

#[test]
fn support_vectors_neighbours_and_encoders_give_what_onnx_runtime_gives() {
    assert!(hold(include_bytes!("../../../../fixtures/networks/machines.json")) > 50);
}

#[test]
fn shapes_normalisations_and_windows_give_what_onnx_runtime_gives() {
    assert!(hold(include_bytes!("../../../../fixtures/networks/shapes.json")) > 130);
}

#[test]
fn loops_functions_and_whole_numbers_give_what_onnx_runtime_gives() {
    assert!(hold(include_bytes!("../../../../fixtures/networks/loops.json")) > 30);
}

//! Networks beside PyTorch on digits, penguins and weather; `fixtures/peers/networks.py` has the settings and makes the values.

use serde::Deserialize;
use toml::de::DeTable;

use super::*;
use crate::{Unwatched, same_with_one_thread_and_two};
use mlgrade_data::{BUILTINS, Images, Split};
use mlgrade_domain::diagnostic::Diagnostic;

#[derive(Deserialize)]
struct Peers {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    data: String,
    settings: String,
    /// The least and the greatest value, by the ends of their names.
    bands: std::collections::BTreeMap<String, [f64; 2]>,
    expected: std::collections::BTreeMap<String, f64>,
}

fn data(name: &str) -> DataSet {
    BUILTINS.iter().find(|row| row.name == name).unwrap().load().unwrap()
}

/// The reference that these settings make, and what is wrong with them.
fn read(settings: &str) -> (Layered, Vec<Diagnostic>) {
    let table = DeTable::parse(settings).unwrap();
    let mut fields = Fields::new("the reference `network`", table.get_ref().clone(), table.span());
    let network = Layered::read(&mut fields);
    (network, fields.finish())
}

fn network(settings: &str) -> Layered {
    let (network, faults) = read(settings);
    assert_eq!(faults, [], "{settings}");
    network
}

#[test]
fn networks_are_pytorchs() {
    let peers: Peers = serde_json::from_str(include_str!("../../../../fixtures/peers/networks.json")).unwrap();
    for Case { data: name, settings, bands, expected } in &peers.cases {
        let network = network(settings);
        let run = network.run(&data(name), Seed::new(441), &Unwatched).unwrap();
        let expected = expected.iter().map(|(end, &value)| (end, [value, value]));
        for (end, [low, high]) in bands.iter().map(|(end, &band)| (end, band)).chain(expected) {
            let Value::Number(ours) = run.metrics[&network.named(end)] else { panic!("{end} is no number") };
            assert!((low..=high).contains(&ours.get()), "{name}, {end}: ours {ours}, theirs from {low} to {high}");
        }
    }
}

/// Images of 6×6 pixels in colour, of which every second is red and the others are green.
fn colours() -> DataSet {
    let images = |count: usize| {
        let pixel = |image: usize, place: usize| if place.is_multiple_of(3) == image.is_multiple_of(2) && place % 3 < 2 { 200 } else { 30 };
        let pixels = (0..count).flat_map(|image| (0..108).map(move |place| pixel(image, place))).collect();
        Images { count, height: 6, width: 6, channels: 3, pixels }
    };
    let labels = |count: u8| (0..count).map(|image| image % 2).collect();
    let split = Split { x_train: images(60), y_train: labels(60), x_val: images(21), y_val: labels(21) };
    DataSet::Images { split, names: Some(["red", "green"].map(str::to_owned).to_vec()), files: Vec::new() }
}

#[test]
fn images_in_colour_are_told_apart_and_a_run_is_the_same_with_one_thread_and_two() {
    let network = network(
        "name = 'cnn'\nepochs = 20\nbatch = 16\nlearning_rate = 0.01\naugment = { shift = 1, flip = true }
layers = [{ conv2d = 4, activation = 'relu' }, { batchnorm = true }, { max_pool = 2 }, { flatten = true }, { dropout = 0.1 }]",
    );
    let run = same_with_one_thread_and_two(&network, &colours());
    assert!(run.metrics.len() + run.answers.len() == network.names().len());
    assert_eq!(run.metrics["cnn.final_val_accuracy"], Value::number(1.0));
    // 4 × (3·3·3 + 1) + 2 × 4 + 2 × (4·2·2 + 1).
    assert_eq!(run.metrics["cnn.parameters"], Value::number(154.0));
    let classes = String::from_utf8(run.files["predictions/cnn.csv"].clone()).unwrap();
    assert!(classes.starts_with("label\nred\ngreen\nred\n") && classes.lines().count() == 22);
    let probabilities = String::from_utf8(run.files["predictions/cnn_probabilities.csv"].clone()).unwrap();
    assert!(probabilities.starts_with("prob_red,prob_green\n0.") && probabilities.lines().count() == 22);
    assert!(run.files.contains_key("figures/cnn.svg"));
}

#[test]
fn settings_that_make_no_sense_are_told() {
    for (settings, words) in [
        ("", "needs `layers`"),
        ("layers = [{ dense = 0 }]", "`dense` must be the number of outputs"),
        ("layers = [{ dense = 3, conv2d = 3 }]", "a layer has exactly one of"),
        ("layers = [{ dense = 3, activation = 'softmax' }]", "`activation` cannot be `softmax`"),
        ("layers = [{ conv2d = 3, kernel = 4, padding = 'same' }]", "needs an odd `kernel`"),
        ("layers = [{ max_pool = 3 }]", "`max_pool` must be 2"),
        ("layers = [{ residual = [] }]", "`residual` is a list of layers"),
        ("layers = []\nmomentum = 0.9", "`momentum` is for `optimizer = \"sgd\"`"),
        ("layers = []\noptimizer = 'sgd'\nnesterov = true", "`nesterov` needs `momentum`"),
        ("layers = []\nschedule = { every = 2 }", "a schedule needs `factor`"),
        ("layers = []\nloss = 'mae'", "`loss` is for `task = \"regression\"`"),
        ("layers = []\nlr = 0.1", "unknown key `lr` in the reference `network`"),
    ] {
        let faults = read(settings).1;
        assert!(faults.len() == 1 && faults[0].message.contains(words), "{settings}: {faults:?}");
    }
}

#[test]
fn data_that_do_not_fit_are_told() {
    for (settings, set, words) in [
        ("layers = [{ conv2d = 3 }]\ntarget = 'species'", "penguins", "layer 1: `conv2d` needs images"),
        ("layers = [{ dense = 3 }, { residual = [{ dense = 4 }] }]\ntarget = 'species'", "penguins", "layer 2: what `residual` adds must have the size"),
        ("layers = [{ conv2d = 3, kernel = 9 }, { max_pool = 2 }, { conv2d = 3, kernel = 11 }]", "mnist", "layer 3: a kernel of 11×11 is larger"),
        ("layers = []\naugment = { flip = true }\ntarget = 'species'", "penguins", "`augment` is for images"),
        ("layers = []\nscale = true", "mnist", "`scale` is for rows"),
        ("layers = []", "weather", "say `task = \"regression\"`"),
        ("layers = []\ntask = 'regression'", "mnist", "the images have classes"),
        ("layers = []\ntask = 'regression'", "chelsea", "the data set is a picture"),
        ("layers = []", "penguins", "`target` names the column to predict"),
    ] {
        let error = network(settings).suits(&data(set)).unwrap_err().to_string();
        assert!(error.contains(words), "{settings}: {error}");
    }
}

//! The libraries say what their models predict: `fixtures/networks/boosted/make.py`. What no library writes is put together here.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use mlgrade_domain::examples::{Examples, Numbers};
use serde::Deserialize;

use crate::{Answers, Network, Presentation};

#[derive(Deserialize)]
struct Expected {
    inputs: Vec<[Option<f64>; 5]>,
    files: BTreeMap<String, Predicted>,
}

#[derive(Deserialize)]
struct Predicted {
    library: String,
    #[serde(default)]
    width: usize,
    scores: Option<Vec<f64>>,
    classes: Option<Vec<i64>>,
}

fn fixture(name: &str) -> Vec<u8> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/networks/boosted");
    fs::read(folder.join(name)).unwrap()
}

fn text(name: &str) -> String {
    String::from_utf8(fixture(name)).unwrap()
}

fn decoded(name: &str, bytes: &[u8]) -> Network {
    Network::decode(&format!("networks/{name}"), bytes, None).unwrap_or_else(|refusal| panic!("{name}: {refusal}"))
}

fn refusal(name: &str, bytes: &[u8]) -> String {
    Network::decode(&format!("networks/{name}"), bytes, None).unwrap_err().to_string()
}

fn run(network: &Network, rows: &[[Option<f64>; 5]]) -> Answers {
    let values: Vec<f64> = rows.iter().flatten().map(|value| value.unwrap_or(f64::NAN)).collect();
    let examples = Examples::new(vec![5], Numbers::Features(values.into()), Numbers::Features(Vec::new().into()));
    network.run(&examples, &Presentation::Raw).unwrap()
}

/// The classes, one score taken for that of the second class.
fn classes(answers: &Answers) -> Vec<i64> {
    answers.classes().unwrap_or_else(|| answers.of_two_classes()[0].0.classes().unwrap())
}

/// Relative to what is right, with 0.1 as the least.
fn error(found: f32, right: f64) -> f64 {
    (f64::from(found) - right).abs() / right.abs().max(0.1)
}

#[test]
fn models_predict_what_their_libraries_predict() {
    let expected: Expected = serde_json::from_slice(&fixture("expected.json")).unwrap();
    assert!(expected.inputs.len() >= 200 && expected.files.len() >= 70);
    for (name, right) in &expected.files {
        let answers = run(&decoded(name, &fixture(name)), &expected.inputs);
        let Answers::Scores { width, values, .. } = &answers else { panic!("{name} gives no scores") };
        if let Some(scores) = &right.scores {
            // Of two classes the second one's probability says it all.
            let given = values.chunks_exact(*width).flat_map(|row| &row[width - right.width..]);
            assert_eq!(values.len() / width * right.width, scores.len(), "{name}");
            let worst = given.zip(scores).map(|(found, right)| error(*found, *right)).fold(0.0, f64::max);
            assert!(worst < 1e-6, "{name} of {}: {worst}", right.library);
        }
        if let Some(right) = &right.classes {
            assert_eq!(&classes(&answers), right, "{name}");
        }
    }
}

#[test]
fn models_that_are_not_read_are_refused_by_what_they_are() {
    for (name, part) in [
        ("xgboost-linear.json", "the booster `gblinear` is a linear model"),
        ("xgboost-vectors.json", "multi_strategy=\"one_output_per_tree\""),
        ("xgboost-categorical.json", "split by categories"),
        ("lightgbm-sqrt.txt", "the objective `regression sqrt` is not read"),
        ("lightgbm-linear.txt", "linear models"),
        ("lightgbm-categorical.txt", "splits by categories"),
        ("lightgbm-dumped.json", "`dump_model` gives, which is not read; save it with `model.booster_.save_model(\"networks/lightgbm-dumped.txt\")`"),
        ("catboost-categorical.json", "features that are no numbers"),
        ("catboost-one-hot.json", "features that are no numbers"),
    ] {
        let message = refusal(name, &fixture(name));
        assert!(message.contains(part), "{name}: {message}");
    }
    for (name, bytes, part) in [
        ("net.json", &b"{\"epochs\": [1, 2]}"[..], "this is JSON, but no model that XGBoost or CatBoost saved; save the model with its library"),
        ("net.json", b"[1, 2]", "this is a list in JSON"),
        ("net.json", b"no JSON", "no model that XGBoost, LightGBM or CatBoost saved as text; save the model with its library"),
        ("net.txt", b"trees are green", "LightGBM `model.booster_.save_model(\"networks/net.txt\")`"),
        ("net.txt", b"", "the file is empty"),
        ("net.model", b"binf\0\0\0?", "XGBoost's old binary format, which is not read; save it as JSON: `model.save_model(\"networks/net.json\")`"),
        ("net.bin", b"binf\0\0\0?", "XGBoost's old binary format"),
        ("net.model", b"CBM1\x38\x18\0\0", "CatBoost's own binary format, which is not read; save it as JSON: `model.save_model(\"networks/net.json\", format"),
    ] {
        let message = refusal(name, bytes);
        assert!(message.contains(part), "{name}: {message}");
    }
}

#[test]
fn what_a_file_is_its_content_tells() {
    for (name, other) in
        [("xgboost-binary.json", "m.txt"), ("xgboost-binary-ubj.ubj", "m.model"), ("lightgbm-binary.txt", "m.json"), ("catboost-names.json", "m.onnx")]
    {
        assert_eq!(decoded(other, &fixture(name)).operators(), decoded(name, &fixture(name)).operators());
    }
    // The first versions of XGBoost wrote true and false.
    let flags = text("xgboost-squarederror.json")
        .replace("\"default_left\":[1,", "\"default_left\":[true,")
        .replace("\"default_left\":[0,", "\"default_left\":[false,");
    assert!(flags.contains("[true,") || flags.contains("[false,"));
    assert_eq!(decoded("m.json", flags.as_bytes()).operators(), ["XGBoost trees"]);
    let network = decoded("xgboost-squarederror.json", &fixture("xgboost-squarederror.json"));
    assert_eq!((network.input_shape().as_str(), network.operators()), ("n×5", &["XGBoost trees".to_owned()][..]));
}

#[test]
fn classes_have_the_numbers_that_a_file_gives_them() {
    let rows = [[Some(9.0); 5], [Some(-9.0); 5]];
    let of = |name: &str| classes(&run(&decoded(name, &fixture(name)), &rows));
    assert_eq!(of("catboost-numbers.json"), [9, 3]);
    assert_eq!(of("catboost-names.json"), [1, 0]);
}

#[test]
fn damaged_models_are_refused() {
    let xgboost = text("xgboost-squarederror.json");
    let lightgbm = text("lightgbm-binary.txt");
    let (oblivious, nested) = (text("catboost-binary.json"), text("catboost-depthwise.json"));
    let changed = |text: &str, from: &str, to: &str| {
        assert!(text.contains(from), "{from} is not there");
        text.replacen(from, to, 1)
    };
    let left = |text: &str, key: &str| {
        let start = text.find(key).unwrap() + key.len();
        let end = start + text[start..].find([']', '\n']).unwrap();
        text[start..end].to_owned()
    };
    let list = |key: &str, to: &str| changed(&xgboost, &format!("{key}{}", left(&xgboost, key)), &format!("{key}{to}"));
    let line = |key: &str, to: &str| changed(&lightgbm, &format!("{key}{}", left(&lightgbm, key)), &format!("{key}{to}"));
    let circle = |list: &str| {
        let (_, rest) = list.split_once([',', ' ']).unwrap();
        format!("0{}{rest}", if list.contains(',') { "," } else { " " })
    };
    let beyond = |list: &str| {
        let (_, rest) = list.split_once([',', ' ']).unwrap();
        format!("999999{}{rest}", if list.contains(',') { "," } else { " " })
    };
    let x = |key: &str| left(&xgboost, key);
    let l = |key: &str| left(&lightgbm, key);
    let (to_left, indices, conditions) = ("\"left_children\":[", "\"split_indices\":[", "\"split_conditions\":[");
    for (what, file, part) in [
        ("a circle", list(to_left, &circle(&x(to_left))), "goes round in a circle"),
        ("a node beyond", list(to_left, &beyond(&x(to_left))), "a node that it does not have"),
        ("a feature beyond", list(indices, &beyond(&x(indices))), "the feature 999999 of 5"),
        ("another length", list(conditions, "1"), "differ in length"),
        ("no list", list(conditions, "null"), "this is no model of boosted trees: invalid type"),
        ("a huge leaf", list(conditions, &x(conditions).split(',').map(|_| "1e39").collect::<Vec<_>>().join(",")), "number out of range"),
        ("no nodes", changed(&xgboost, &format!("{to_left}{}", x(to_left)), to_left), "differ in length"),
        ("a base score", changed(&xgboost, "\"base_score\":\"[", "\"base_score\":\"[nan,"), "its base score is `[nan,"),
        ("an objective", changed(&xgboost, "reg:squarederror", "rank:ndcg"), "the objective `rank:ndcg` is not read"),
        ("classes", changed(&xgboost, "\"num_class\":\"0\"", "\"num_class\":\"9999999999999\""), "numbers for each example"),
        ("one-way", list("\"right_children\":[", &x("\"right_children\":[").replace(|c: char| c.is_ascii_digit(), "1").replace("-11", "-1")), ""),
        ("LightGBM, a circle", line("left_child=", &circle(&l("left_child="))), "goes round in a circle"),
        ("LightGBM, a node beyond", line("left_child=", &beyond(&l("left_child="))), "a node that it does not have"),
        ("LightGBM, the last leaf", line("left_child=", &format!("-9223372036854775808 {}", l("left_child=").split_once(' ').unwrap().1)), "does not have"),
        ("LightGBM, a feature beyond", line("split_feature=", &beyond(&l("split_feature="))), "the feature 999999 of 5"),
        ("LightGBM, NaN", line("threshold=", &l("threshold=").split(' ').map(|_| "nan").collect::<Vec<_>>().join(" ")), "with NaN"),
        ("LightGBM, an infinite leaf", line("leaf_value=", &l("leaf_value=").split(' ').map(|_| "inf").collect::<Vec<_>>().join(" ")), "no finite number"),
        ("LightGBM, leaves", line("num_leaves=", "18446744073709551615"), "is not 18446744073709551615 numbers"),
        ("LightGBM, no leaves", line("num_leaves=", "0"), "num_leaves"),
        ("LightGBM, features", line("max_feature_idx=", "18446744073709551615"), "features"),
        ("LightGBM, classes", line("num_tree_per_iteration=", "9999999"), "numbers for each example"),
        ("LightGBM, another tree", changed(&lightgbm, "Tree=1", "Twig=1"), "trees, which are not those that it states"),
        ("CatBoost, a feature beyond", changed(&oblivious, "\"float_feature_index\": ", "\"float_feature_index\": 99"), "a feature that there is not"),
        ("CatBoost, leaves", changed(&oblivious, "\"leaf_values\": [", "\"leaf_values\": [1,"), "numbers in its leaves"),
        ("CatBoost, a column beyond", changed(&oblivious, "\"flat_feature_index\": ", "\"flat_feature_index\": 99999999999"), "features"),
        ("CatBoost, half a branch", changed(&nested, "\"left\":", "\"lost\":"), "neither a branch nor a leaf"),
        ("CatBoost, a loss", changed(&nested, "Logloss", "QueryRMSE"), "the loss `QueryRMSE` is not read"),
    ] {
        let message = refusal("m.json", file.as_bytes());
        assert!(message.contains(part), "{what}: {message}");
    }
}

#[test]
fn a_model_that_is_cut_off_anywhere_is_refused() {
    for name in ["xgboost-softprob-ubj.ubj", "xgboost-binary.json", "lightgbm-multiclass.txt", "catboost-depthwise.json"] {
        let bytes = fixture(name);
        let end = bytes.windows(12).position(|part| part == b"end of trees").map_or(bytes.trim_ascii_end().len(), |start| start + 12);
        for length in (0..end).step_by(7).chain([end - 1]) {
            assert!(Network::decode("networks/m.json", &bytes[..length], None).is_err(), "{name}, {length} bytes of {end}");
        }
    }
}

#[test]
fn deep_and_endless_files_end() {
    let deep = format!("{{\"learner\": {}", "{\"a\":".repeat(1_000_000));
    assert!(refusal("m.json", deep.as_bytes()).contains("this is no model of boosted trees"));
    let deep = [&b"{i\x07learner"[..], &b"{i\x01a".repeat(1_000_000)].concat();
    assert!(refusal("m.ubj", &deep).contains("too many lists within each other"));
    // A list of as many nulls as there is room for in a number.
    let endless = [&b"{i\x07learner[$Z#L"[..], &i64::MAX.to_be_bytes()].concat();
    assert!(refusal("m.ubj", &endless).contains("a list is of what is no number"));
    let branch = "{\"split\":{\"split_type\":\"FloatFeature\"},\"right\":{\"value\":1},\"left\":";
    let nested = text("catboost-depthwise.json");
    let (before, _) = nested.split_once("\"trees\": [").unwrap();
    let deep = format!("{before}\"trees\": [{}{{\"value\":1}}{}]}}", branch.repeat(100_000), "}".repeat(100_000));
    assert!(refusal("m.json", deep.as_bytes()).contains("recursion limit"));
}

proptest::proptest! {
    #[test]
    fn bytes_that_were_changed_do_no_harm(place in 0_usize..5_000, byte: u8, which in 0_usize..4) {
        let mut bytes = fixture(["xgboost-binary-ubj.ubj", "xgboost-binary.json", "lightgbm-binary.txt", "catboost-depthwise.json"][which]);
        let place = place % bytes.len();
        bytes[place] = byte;
        if let Ok(network) = Network::decode("networks/m.json", &bytes, None) {
            let values = vec![0.5; 5];
            let examples = Examples::new(vec![5], Numbers::Features(values.into()), Numbers::Features(Vec::new().into()));
            let _ = network.run(&examples, &Presentation::Raw);
        }
    }
}

//! Logs of training as the tools themselves wrote them (`fixtures/trackers/make.py`), against what the tools' own readers say is in them.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use mlgrade::domain::value::Value;
use mlgrade::evidence::Absent;
use mlgrade::evidence::bag::Bag;
use mlgrade::submission::Submission;

use crate::common::{files_below, repository};

fn expected() -> BTreeMap<String, Json> {
    let text = std::fs::read_to_string(repository().join("fixtures/trackers/expected.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// A submission with the file or folder at `path` of the fixtures, and with `line` under `[where]`.
fn submission(path: &str, line: &str) -> Opened {
    let place = repository().join("fixtures/trackers");
    let whole = place.join(path);
    let mut files: Vec<(String, Vec<u8>)> = if whole.is_file() {
        vec![(path.to_owned(), std::fs::read(&whole).unwrap())]
    } else {
        files_below(&whole).into_iter().map(|(inner, bytes)| (format!("{path}/{}", inner.to_string_lossy()), bytes)).collect()
    };
    assert!(!files.is_empty(), "{path}");
    files.push(("submission.toml".to_owned(), format!("[where]\n{line}\n").into_bytes()));
    opened(files)
}

/// A submission with these files, submission.toml among them, in a folder that lasts as long as it.
fn opened(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Opened {
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    Opened { bag: Submission::open(folder.path()).bag, _folder: folder }
}

struct Opened {
    bag: Bag,
    _folder: tempfile::TempDir,
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// The numbers of a series of the tool, those that are not finite as words.
fn numbers(json: &Json) -> Vec<Value> {
    let one = |json: &Json| match json {
        Json::String(word) => Value::number(word.parse().unwrap()),
        json => Value::number(json.as_f64().unwrap()),
    };
    json.as_array().unwrap().iter().map(one).collect()
}

/// Whether two values are the same number, as far as single precision tells.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => (a.get() - b.get()).abs() <= 1e-6 * b.get().abs(),
        // JSON has no NaN and no infinity: tools write them as words, which are no numbers either.
        (a @ Value::Text(_), Value::Unusable(_)) => a.is_no_number(),
        (Value::Unusable(a), Value::Unusable(b)) => a.to_lowercase().trim_start_matches('-') == b.to_lowercase().trim_start_matches('-') || a == b,
        (Value::List(a), Value::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (a, b) => a == b,
    }
}

/// Series that hold two runs, or cells that say nothing: a person has to say which is meant.
const UNCLEAR: [(&str, &str); 6] = [
    ("keras/append.log", "more than one run"),
    ("tensorboard/twice", "more than one run"),
    ("mlflow/mlruns/675303668613775751/55804380468542d0b1395fde0099238d", "more than one run"),
    ("keras/every-second.log", "NA"),
    ("sklearn/cv_results-two.csv", "empty cell"),
    ("lightning/lightning_logs/version_1/metrics.csv", "more than one run"),
];

#[test]
fn every_series_is_what_the_tools_own_reader_says() {
    let mut compared = 0;
    for (path, expected) in expected() {
        let Some(series) = expected.get("series").and_then(Json::as_object) else { continue };
        // What Python prints of a dictionary is read in notebooks alone.
        if path == "keras/history.txt" {
            continue;
        }
        for (key, expected) in series {
            // A column that counts the rows is no measurement.
            if matches!(key.as_str(), "epoch" | "step") {
                continue;
            }
            let submission = submission(&path, &format!("x = {{ file = {}, key = {} }}", quoted(&path), quoted(key)));
            match submission.bag.value("x") {
                Ok((found, _)) => {
                    let wanted = Value::List(numbers(&expected["values"]));
                    let (found, wanted) = (found.clone(), &wanted);
                    let alone = if let Value::List(values) = wanted { values.first().filter(|_| values.len() == 1) } else { None };
                    assert!(same(&found, wanted) || alone.is_some_and(|alone| same(&found, alone)), "{path} {key}: {found:?}, {wanted:?}");
                    compared += 1;
                }
                Err(absent) => {
                    let reason = UNCLEAR.iter().find(|(known, _)| *known == path).map(|(_, reason)| *reason);
                    let message = absent.diagnostic().to_string();
                    assert!(matches!(absent, Absent::Unreadable(_)) && reason.is_some_and(|reason| message.contains(reason)), "{path} {key}: {message}");
                }
            }
        }
    }
    assert!(compared > 150, "{compared} series were compared");
}

#[test]
fn arrays_of_an_archive_are_what_numpy_says() {
    let mut compared = 0;
    for (path, expected) in expected() {
        let arrays = expected.get("arrays").and_then(Json::as_object).into_iter().flatten();
        for (key, array) in
            arrays.filter(|(_, array)| array["values"].as_f64().is_some() || array["values"].as_array().is_some_and(|all| all.iter().all(Json::is_number)))
        {
            let submission = submission(&path, &format!("x = {{ file = {}, key = {} }}", quoted(&path), quoted(key)));
            let (found, _) = submission.bag.value("x").unwrap();
            let wanted = array["values"].as_f64().map_or_else(|| Value::List(numbers(&array["values"])), Value::number);
            assert!(same(found, &wanted), "{path} {key}: {found:?}, {wanted:?}");
            compared += 1;
        }
        for key in expected.get("refused_arrays").and_then(Json::as_array).into_iter().flatten() {
            let submission = submission(&path, &format!("x = {{ file = {}, key = {key} }}", quoted(&path)));
            assert!(matches!(submission.bag.value("x"), Err(Absent::Unreadable(_))), "{path} {key}");
        }
    }
    assert!(compared >= 8, "{compared} arrays were compared");
}

#[test]
fn yaml_is_what_pyyaml_says() {
    let find = |path: &str, key: &str| {
        let submission = submission(path, &format!("x = {{ file = {}, key = {} }}", quoted(path), quoted(key)));
        submission.bag.value("x").map(|(value, _)| value.clone()).map_err(|absent| absent.diagnostic().to_string())
    };
    let losses = [0.615_733_959_366_419_1, 0.567_903_915_854_937_7, 0.534_865_847_547_762_3, 0.509_983_378_691_815_9, 0.490_120_792_987_067_5];
    for (path, key) in [
        ("yaml/metrics.yaml", "mlp.val_loss"),
        ("yaml/flow.yaml", "mlp.val_loss"),
        ("yaml/dotted.yaml", "mlp.val_loss"),
        ("yaml/anchors.yaml", "best.val_loss"),
    ] {
        assert_eq!(find(path, key), Ok(Value::series(losses)), "{path}");
    }
    assert_eq!(find("yaml/documents.yaml", "val_loss").map(|found| same(&found, &Value::series(losses))), Ok(true));
    let not_finite = Value::List(vec![Value::number(0.6), Value::number(f64::NAN), Value::number(f64::INFINITY), Value::number(f64::NEG_INFINITY)]);
    assert_eq!(find("yaml/not-finite.yaml", "train_loss"), Ok(not_finite));
    for path in ["yaml/numpy.yaml", "yaml/tuple.yaml"] {
        assert!(find(path, "train_loss").is_err_and(|message| message.contains("this is not plain YAML")), "{path}");
    }
}

#[test]
fn logs_are_evidence_by_being_there() {
    let path = "keras/training.log";
    let bytes = std::fs::read(repository().join("fixtures/trackers").join(path)).unwrap();
    let found = |at: &str, name: &str| {
        let submission = Submission::of_files("ada", [(at.to_owned(), bytes.clone())]);
        submission.bag.series(name).map(|values| values.len()).map_err(|absent| (matches!(absent, Absent::Unreadable(_)), absent.diagnostic().to_string()))
    };
    // By its own name, and behind the names of its folders and its file.
    for (at, name) in [
        ("training.log", "val_loss"),
        ("runs/mlp/training.log", "mlp.val_loss"),
        ("mlp_training.log", "mlp.val_loss"),
        ("mlp.lr0.1.csv", "mlp.lr0.1.val_loss"),
        ("out/mlp/lr0.1.csv", "mlp.lr0.1.val_loss"),
        ("mlp/training.log", "mlp.val_loss"),
    ] {
        assert_eq!(found(at, name), Ok(5), "{at} {name}");
    }
    // A name is parted at its dots: the training loss of a file called so is no validation loss.
    let values = |at: &str, name: &str| Submission::of_files("ada", [(at.to_owned(), bytes.clone())]).bag.series(name).map(|values| values[0].get());
    assert!(values("mlp_val.csv", "mlp.val_loss").is_err());
    assert_ne!(values("mlp.csv", "mlp.val_loss"), values("mlp.csv", "mlp.loss"));
    // A name that it may mean is for a person, with the line that says so; one that it does not have is missing.
    let (is_for_a_person, message) = found("training.log", "improved.val_loss").unwrap_err();
    assert!(is_for_a_person && message.contains(r#""improved.val_loss" = { file = "training.log", key = "val_loss" }"#), "{message}");
    assert!(!found("training.log", "val_rmse").unwrap_err().0);
}

#[test]
fn a_broken_log_is_not_nothing() {
    let read = |path: &str| {
        let file = (path.to_owned(), b"{\"val_loss\": [0.5, 0.4".to_vec());
        let other = ("metrics.json".to_owned(), b"{\"a\": 1}".to_vec());
        [vec![file.clone()], vec![file, other]].map(|files| Submission::of_files("ada", files).bag.series("mlp.val_loss").unwrap_err())
    };
    let [alone, beside] = read("mlp_history.json");
    for absent in [&alone, &beside] {
        assert!(matches!(absent, Absent::Unreadable(_)) && absent.diagnostic().to_string().contains("mlp_history.json"), "{absent:?}");
    }
    // Beside metrics, a broken file that is called otherwise need not have it.
    assert!(matches!(read("settings.json"), [Absent::Unreadable(_), Absent::Missing(_)]));
}

#[test]
fn a_run_at_the_top_of_a_submission_is_named_by_its_file() {
    for (folder, name) in [("mlflow/mlruns/675303668613775751/898e0a032ffc42ebbabb7aa7f52dc5cd", "val_loss"), ("tensorboard/torch", "loss.val")] {
        let whole = repository().join("fixtures/trackers").join(folder);
        let files = files_below(&whole).into_iter().map(|(path, bytes)| (path.to_string_lossy().into_owned(), bytes));
        let bag = Submission::of_files("ada", files).bag;
        assert_eq!(bag.series(name).map(|values| values.len()), Ok(5), "{folder}");
        assert!(bag.logged().iter().all(|logged| !logged.path.is_empty()));
        let message = bag.series("mlp.val_loss").unwrap_err().diagnostic().to_string();
        assert!(message.contains("it may be") && !message.contains("of ,") && !message.contains("file = \"\""), "{message}");
    }
}

#[test]
fn two_logs_that_differ_state_nothing() {
    let file = |path: &str, losses: &str| (path.to_owned(), format!("epoch,val_loss\n{losses}").into_bytes());
    let read = |second: &str| {
        let files = [file("a.csv", "0,0.5\n1,0.4\n"), file("b.csv", second)];
        Submission::of_files("ada", files).bag.series("val_loss").map(|values| values.len()).map_err(|absent| absent.diagnostic().to_string())
    };
    assert_eq!(read("0,0.5\n1,0.4\n"), Ok(2));
    let message = read("0,0.5\n1,0.3\n").unwrap_err();
    assert!(message.contains("`val_loss` may be `val_loss` of a.csv or `val_loss` of b.csv, which differ"), "{message}");
}

#[test]
fn a_place_says_which_value_of_a_series_is_meant() {
    let read = |place: &str| {
        let path = repository().join("fixtures/trackers/keras/training.log");
        let files =
            [("training.log".to_owned(), std::fs::read(path).unwrap()), ("submission.toml".to_owned(), format!("[where]\nfinal = {place}\n").into_bytes())];
        opened(files).bag.number("final").map(|stated| stated.number.get()).map_err(|absent| absent.diagnostic().to_string())
    };
    let expected = &expected()["keras/training.log"]["series"]["val_loss"]["values"];
    assert_eq!(read(r#"{ file = "training.log", column = "val_loss", match = "last" }"#), Ok(expected[4].as_f64().unwrap()));
    assert_eq!(read(r#"{ file = "training.log", column = "val_loss", nth = 2 }"#), Ok(expected[1].as_f64().unwrap()));
    assert!(read(r#"{ file = "training.log", column = "val_loss" }"#).unwrap_err().contains("a list of 5, expected a number"));
    assert!(read(r#"{ file = "training.log", column = "val_los" }"#).unwrap_err().contains("did you mean `val_loss`?"));
    assert!(read(r#"{ file = "training.csv", column = "val_loss" }"#).unwrap_err().contains("training.csv"));
}

#[test]
fn what_is_damaged_or_no_log_is_for_a_person() {
    let events = files_below(&repository().join("fixtures/trackers/tensorboard/torch"));
    let (name, bytes) = events.first_key_value().unwrap();
    let mut damaged = bytes.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    let path = format!("runs/{}", name.to_string_lossy());
    let read = |bytes: Vec<u8>| {
        let files = [(path.clone(), bytes), ("submission.toml".to_owned(), b"[where]\nx = { file = 'runs', key = 'loss/val' }\n".to_vec())];
        opened(files).bag.series("x").map(|values| values.len()).map_err(|absent| absent.diagnostic().to_string())
    };
    assert_eq!(read(bytes.clone()), Ok(5));
    assert!(read(damaged).unwrap_err().contains("is damaged"));
    // A run that was stopped while it wrote.
    assert!(read(bytes[..bytes.len() - 3].to_vec()).is_ok_and(|values| values >= 4));
}

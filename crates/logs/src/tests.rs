//! What holds of every kind of log.

use std::fmt::Write;

use proptest::prelude::*;

use mlgrade_domain::value::Value;

use super::{Group, Kind};

const KINDS: [Kind; 8] = [Kind::Table, Kind::JsonLines, Kind::Json, Kind::Yaml, Kind::TensorBoard, Kind::WeightsAndBiases, Kind::Mlflow, Kind::Arrays];

fn read(kind: Kind, path: &str, bytes: &[u8]) -> Result<super::Log, String> {
    Group { kind, path: "run".to_owned(), files: vec![path.to_owned()] }.read(&[(path, bytes.to_vec())])
}

/// A path that a file of this kind may have.
fn path_of(kind: Kind) -> &'static str {
    match kind {
        Kind::WeightsAndBiases => "run/run-1.wandb",
        Kind::Mlflow => "run/metrics/val_loss",
        _ => "run",
    }
}

#[test]
fn an_empty_file_of_each_kind_is_no_series_and_no_crash() {
    for kind in KINDS {
        assert!(
            read(kind, path_of(kind), b"").map_or(true, |log| log.values().all(|value| !matches!(value, Ok(Value::List(values)) if !values.is_empty()))),
            "{kind:?}"
        );
    }
}

#[test]
fn deep_and_doubling_trees_end() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(read(Kind::Json, "run", deep.as_bytes()).is_err());
    assert!(read(Kind::Yaml, "run", deep.as_bytes()).is_err());
    // Each anchor is a list of ten of the one before: ten lines unfold to 10¹⁰ values.
    let mut laughs = "a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n".to_owned();
    for i in 1..10 {
        writeln!(laughs, "a{i}: &a{i} [{}]", vec![format!("*a{}", i - 1); 10].join(",")).unwrap();
    }
    assert!(read(Kind::Yaml, "run", laughs.as_bytes()).is_err());
}

proptest! {
    #[test]
    fn any_bytes_of_any_kind_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300), kind in 0..KINDS.len()) {
        if let Err(message) = read(KINDS[kind], path_of(KINDS[kind]), &bytes) {
            prop_assert!(!message.is_empty());
        }
    }

    #[test]
    fn what_a_table_of_epochs_holds_is_read_back(values in prop::collection::vec(-1e9..1e9_f64, 1..20)) {
        let rows: Vec<String> = values.iter().enumerate().map(|(epoch, value)| format!("{epoch},{value}")).collect();
        let log = read(Kind::Table, "run", format!("epoch,loss\n{}\n", rows.join("\n")).as_bytes()).unwrap();
        prop_assert_eq!(&log["loss"], &Ok(Value::series(values)));
    }
}

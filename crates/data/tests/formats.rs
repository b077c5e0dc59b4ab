//! Files that pandas, pyarrow, polars, fastparquet and NumPy wrote, held against what pandas reads of them: `formats/make.py`.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its own files ends")]

use std::path::Path;

use mlgrade_data::{DataSet, Source};
use mlgrade_domain::diagnostic::{Code, Diagnostic};
use mlgrade_domain::fields::Fields;
use mlgrade_domain::table::{Column, Table};
use proptest::prelude::*;
use serde_json::{Value, json};
use toml::de::DeTable;

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/formats"))
}

/// The data set that `toml` names, with paths from `folder`.
fn load_from(folder: &Path, toml: &str) -> Result<DataSet, Diagnostic> {
    let table = DeTable::parse(toml).unwrap();
    let mut fields = Fields::new("a data set", table.get_ref().clone(), table.span());
    let source = Source::read(&mut fields);
    assert_eq!(fields.finish(), []);
    source.unwrap().load(folder)
}

fn load(toml: &str) -> Result<DataSet, Diagnostic> {
    load_from(folder(), toml)
}

fn said(toml: &str) -> String {
    let error = load(toml).unwrap_err();
    assert_eq!(error.code, Code::DataMalformed, "{error}");
    error.message
}

/// A table in the words of `expected.json`.
fn in_json(table: &Table) -> Value {
    let column = |name: &str| match table.column(name) {
        Ok(Column::Number(numbers)) => json!(numbers),
        Ok(Column::Text(texts)) => json!(texts),
        Err(message) => panic!("{message}"),
    };
    let columns: serde_json::Map<String, Value> = table.names().map(|name| (name.to_owned(), column(name))).collect();
    json!({ "columns": columns, "missing": table.missing(), "dropped": table.dropped() })
}

fn expected() -> Value {
    serde_json::from_slice(&std::fs::read(folder().join("expected.json")).unwrap()).unwrap()
}

#[test]
fn every_format_has_the_table_that_pandas_reads() {
    let files = [
        ("table.csv", "csv = 'table.csv'"),
        ("table.tsv", "tsv = 'table.tsv'"),
        ("semicolons.csv", "csv = 'semicolons.csv'\nseparator = ';'"),
        ("table.jsonl", "jsonl = 'table.jsonl'"),
        ("pandas.parquet", "parquet = 'pandas.parquet'"),
        ("fastparquet.parquet", "parquet = 'fastparquet.parquet'"),
        ("polars.parquet", "parquet = 'polars.parquet'"),
        ("groups.parquet", "parquet = 'groups.parquet'"),
        ("delta.parquet", "parquet = 'delta.parquet'"),
        ("kinds.parquet", "parquet = 'kinds.parquet'"),
    ];
    let expected = expected();
    for (file, toml) in files {
        let data = load(toml).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert_eq!(in_json(data.table().unwrap()), expected[file], "{file}");
    }
}

#[test]
fn colour_images_and_answers_are_those_of_numpy() {
    let DataSet::Images { split, names: None, .. } = load("npz = 'images.npz'").unwrap() else { panic!("no images") };
    let found = json!({ "x_val": split.x_val.pixels, "y_val": split.y_val });
    assert_eq!((found, split.x_val.shape(), split.y_train), (expected()["images.npz"].clone(), vec![3, 4, 3], vec![0, 200, 3]));
    assert_eq!(load("npz = 'hidden.npz'\ny_val = 'y_test'").unwrap(), DataSet::Answers(Column::Number(vec![3.0, 0.0, 3.0])));
    let names = ["cat", "dog", "cat"].map(str::to_owned).to_vec();
    assert_eq!(load("npy = 'names.npy'").unwrap(), DataSet::Answers(Column::Text(names)));
    assert!(said("npz = 'hidden.npz'").ends_with("if these are the answers alone, say `y_val = \"y_test\"`"));
}

#[test]
fn what_is_not_read_of_parquet_is_refused_by_name() {
    let nested = "is nested: a list, a map or a structure; spread it over columns of single values, or leave it out";
    assert_eq!(said("parquet = 'list.parquet'"), format!("column `seen` {nested}"));
    assert_eq!(said("parquet = 'struct.parquet'"), format!("column `place` {nested}"));
    assert_eq!(said("parquet = 'gzip.parquet'"), "column `x` is compressed with GZIP; write the file with compression=\"zstd\" or \"snappy\"");
    assert_eq!(said("parquet = 'bytes.parquet'"), "column `x`: it holds bytes that are no UTF-8 text");
    assert_eq!(said("parquet = 'empty.parquet'"), "there are no rows");
    let claims = "the table needs more than 2 GiB of memory; about 268,435,456 of its rows fit, and it has 1,099,511,627,776";
    assert_eq!(said("parquet = 'claims.parquet'"), claims);
    assert_eq!(said("parquet = 'table.csv'"), "this is no Parquet file: it does not start with `PAR1`");
}

#[test]
fn two_files_of_any_format_are_a_regression_or_images() {
    let scratch = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(scratch.path().join(name), text).unwrap();
    write("a.jsonl", "{\"p\": 1, \"y\": 2}\n{\"p\": 3, \"y\": 4}\n");
    write("b.jsonl", "{\"p\": 5, \"y\": 6}\n");
    write("c.jsonl", "{\"p\": null, \"y\": 6}\n{\"p\": 1, \"y\": 2}\n");
    write("d.jsonl", "{\"p\": 256, \"y\": 6}\n");
    write("a.tsv", "p\ty\n1\t2\n");
    let load = |toml: &str| load_from(scratch.path(), toml);
    let target = load("jsonl = 'a.jsonl'\nval = 'b.jsonl'\ntarget = 'y'").unwrap();
    let DataSet::Regression(split) = &target else { panic!("no regression data") };
    assert_eq!((&split.x_train.values, &split.y_train, &split.x_val.values, &split.y_val), (&vec![1.0, 3.0], &vec![2.0, 4.0], &vec![5.0], &vec![6.0]));
    assert_eq!(load("jsonl = 'a.jsonl'\nval = 'b.jsonl'\nlabel = 'y'").unwrap().shape(), "2 + 1 images of 1×1");
    assert_eq!(load("tsv = 'a.tsv'\nval = 'a.tsv'\ntarget = 'y'").unwrap().shape(), "1 + 1 rows of 1 features");
    let missing = load("jsonl = 'a.jsonl'\nval = 'c.jsonl'\ntarget = 'y'").unwrap_err();
    assert_eq!((missing.path.as_deref(), missing.message.as_str()), (Some("c.jsonl"), "column `p` has 1 missing values; fill them in, or leave the rows out"));
    let large = load("jsonl = 'a.jsonl'\nval = 'd.jsonl'\nlabel = 'y'").unwrap_err();
    assert_eq!(large.message, "row 0 (counted from 0), column `p`: 256 is no whole number from 0 to 255");
    assert!(load("jsonl = 'a.jsonl'\nval = 'b.jsonl'\ntarget = 'z'").unwrap_err().message.starts_with("there is no column `z`"));
}

/// A file of `formats` with damage: bytes changed, the end cut off.
fn damaged(name: &str, changes: &[(usize, u8)], cut: usize) -> Vec<u8> {
    let mut bytes = std::fs::read(folder().join(name)).unwrap();
    for (at, byte) in changes {
        let place = at % bytes.len();
        bytes[place] = *byte;
    }
    bytes.truncate(bytes.len() - cut % bytes.len());
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_damaged_file_is_refused_or_read(
        file in proptest::sample::select(vec![
            ("parquet", "pandas.parquet"), ("parquet", "fastparquet.parquet"), ("parquet", "polars.parquet"), ("parquet", "groups.parquet"),
            ("parquet", "delta.parquet"), ("parquet", "kinds.parquet"), ("npz", "images.npz"), ("npy", "names.npy"), ("jsonl", "table.jsonl"),
            ("csv", "table.csv"),
        ]),
        changes in proptest::collection::vec((any::<usize>(), any::<u8>()), 0..4),
        cut in prop_oneof![3 => Just(0_usize), 1 => any::<usize>()],
    ) {
        let scratch = tempfile::tempdir().unwrap();
        std::fs::write(scratch.path().join(file.1), damaged(file.1, &changes, cut)).unwrap();
        if let Err(error) = load_from(scratch.path(), &format!("{} = '{}'", file.0, file.1)) {
            prop_assert_eq!(error.code, Code::DataMalformed);
            prop_assert!(!error.message.contains('\n') && error.message.len() < 600, "{}", error.message);
        }
    }
}

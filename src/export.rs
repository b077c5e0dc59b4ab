//! A reference run as a submission: the files that a student would hand in.

use std::collections::BTreeMap;

use crate::evidence::statements::Statements;
use crate::reference::Run;

/// The files of `runs`, with `written` answers by name, by path.
pub fn files<'a>(runs: impl IntoIterator<Item = &'a Run>, written: impl IntoIterator<Item = (&'a str, &'a str)>) -> BTreeMap<String, Vec<u8>> {
    let (mut metrics, mut answers, mut files) = (Statements::new(), Statements::new(), BTreeMap::new());
    for run in runs {
        metrics.extend(run.metrics.clone());
        answers.extend(run.answers.clone());
        files.extend(run.files.clone());
    }
    for (name, text) in written {
        answers.insert(name.to_owned(), crate::domain::value::Value::text(text));
    }
    files.insert("metrics.toml".to_owned(), to_toml(&metrics).into_bytes());
    files.insert("answers.toml".to_owned(), to_toml(&answers).into_bytes());
    files
}

/// One line a value, by quoted name.
pub(crate) fn to_toml(statements: &Statements) -> String {
    let table: toml::Table = statements.iter().map(|(name, value)| (name.clone(), value.into())).collect();
    table.to_string()
}

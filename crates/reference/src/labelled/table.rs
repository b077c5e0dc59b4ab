//! The rows of a table as numbers: its features, categories one-hot, and the column to predict.

use std::borrow::Cow;

use super::{Choice, Holdout, Inputs, Labelled, Order, Part, Task, Truth};
use crate::draws::Draws;
use crate::matrix::picked;
use mlgrade_data::Matrix;
use mlgrade_domain::answers::{Classes, whole};
use mlgrade_domain::name::list;
use mlgrade_domain::number::significant;
use mlgrade_domain::seed::Seed;
use mlgrade_domain::table::{Column, Table};

/// A category of more values than this is most likely a name.
const MOST_LEVELS: usize = 100;

/// That numbers may be classes as well as values.
pub(super) fn ambiguous(what: &str) -> String {
    format!("{what} are numbers: say `task = \"regression\"`, or `task = \"classification\"` if they are classes")
}

impl<'d> Labelled<'d> {
    pub(super) fn of_table(table: &'d Table, choice: &Choice, task: Task, stated: bool, seed: Seed) -> Result<Self, String> {
        let (classes, y) = truth(table, choice, task, stated)?;
        let (features, x) = features(table, choice)?;
        let ids = match &choice.id {
            Some(name) => Some((name.clone(), cells(table.column(name)?))),
            None => None,
        };
        let held = held_out(table, choice, seed)?;
        let places = |out: bool| -> Vec<usize> { (0..table.rows()).filter(|&row| held[row] == out).collect() };
        let (train_at, val_at) = (places(false), places(true));
        let part = |rows: &[usize]| Part { x: Inputs::Rows(Cow::Owned(picked(&x, rows))), y: y.picked(rows) };
        let (train, val) = (part(&train_at), (!val_at.is_empty()).then(|| part(&val_at)));
        Ok(Self { features, classes, train, val, order: Order::of_table(ids, train_at, val_at) })
    }
}

/// The classes and what is to be predicted for every row.
fn truth(table: &Table, choice: &Choice, task: Task, stated: bool) -> Result<(Vec<String>, Truth), String> {
    let target = match (&choice.target, task) {
        (_, Task::Neither) => return Ok((Vec::new(), Truth::Nothing)),
        (None, _) => return Err(format!("it is a table; `target` names the column to predict, one of {}", list(table.names()))),
        (Some(target), _) => target,
    };
    let of = |classes: Classes| (classes.names, Truth::Classes(classes.labels));
    match (table.column(target)?, task) {
        (Column::Text(names), Task::Classification) => Ok(of(Classes::named(names))),
        (Column::Number(_), Task::Classification) if !stated => Err(ambiguous(&format!("the values of column `{target}`"))),
        (Column::Number(values), Task::Classification) => Classes::of_numbers(values, &[])
            .map(of)
            .ok_or_else(|| format!("the values of column `{target}` are not whole numbers, so that they are no classes")),
        (Column::Number(values), _) => Ok((Vec::new(), Truth::Numbers(values.clone()))),
        (Column::Text(_), _) => Err(format!("column `{target}` holds text, and regression predicts numbers")),
    }
}

/// What the features are called, and the features of every row.
fn features(table: &Table, choice: &Choice) -> Result<(Vec<String>, Matrix), String> {
    let held_by = match &choice.holdout {
        Some(Holdout::Where { column, .. }) => Some(column),
        _ => None,
    };
    let apart = |name: &str| [choice.target.as_ref(), choice.id.as_ref(), held_by].into_iter().flatten().any(|other| other == name);
    let wanted: Vec<&str> = match &choice.features {
        Some(names) => names.iter().map(String::as_str).collect(),
        None => table.names().filter(|name| !apart(name)).collect(),
    };
    if wanted.is_empty() {
        return Err("no column is left to learn from".to_owned());
    }
    let mut names = Vec::new();
    let mut columns: Vec<Vec<f64>> = Vec::new();
    for name in &choice.categorical {
        table.column(name)?;
    }
    for name in wanted {
        match table.column(name)? {
            Column::Number(values) if !choice.categorical.iter().any(|other| other == name) => {
                names.push(name.to_owned());
                columns.push(values.clone());
            }
            category => {
                let (levels, codes) = encoded(category);
                if levels.len() > MOST_LEVELS {
                    let help = "leave it out of `features`, or name it as `id`";
                    return Err(format!("column `{name}` has {} different values, too many for a category (at most {MOST_LEVELS}); {help}", levels.len()));
                }
                for (code, level) in levels.iter().enumerate() {
                    names.push(format!("{name}={level}"));
                    columns.push(codes.iter().map(|&of| if of == code { 1.0 } else { 0.0 }).collect());
                }
            }
        }
    }
    let values = (0..table.rows()).flat_map(|row| columns.iter().map(move |column| column[row])).collect();
    Ok((names, Matrix { rows: table.rows(), cols: columns.len(), values }))
}

/// The different values of a category in order, and which of them each row has.
fn encoded(column: &Column) -> (Vec<String>, Vec<usize>) {
    match column {
        Column::Text(texts) => {
            let Classes { names, labels, .. } = Classes::named(texts);
            (names, labels)
        }
        Column::Number(values) => {
            let mut levels = values.clone();
            levels.sort_by(f64::total_cmp);
            levels.dedup_by(|a, b| a.total_cmp(b).is_eq());
            let codes = values.iter().map(|value| levels.partition_point(|level| level.total_cmp(value).is_lt())).collect();
            (levels.into_iter().map(|level| significant(level, 15)).collect(), codes)
        }
    }
}

/// The cells of a column as text; whole numbers without a point.
fn cells(column: &Column) -> Vec<String> {
    match column {
        Column::Text(texts) => texts.clone(),
        Column::Number(values) => values.iter().map(|&value| whole(value).map_or_else(|| value.to_string(), |value| value.to_string())).collect(),
    }
}

/// For every row whether it is held out.
fn held_out(table: &Table, choice: &Choice, seed: Seed) -> Result<Vec<bool>, String> {
    match &choice.holdout {
        None => Ok(vec![false; table.rows()]),
        Some(Holdout::Share(share)) => {
            let mut rows: Vec<usize> = (0..table.rows()).collect();
            Draws::new(seed.derive("holdout")).shuffle(&mut rows);
            let mut held = vec![false; table.rows()];
            let count = (0..table.rows()).filter(|&row| (row as f64 + 0.5) < share * table.rows() as f64).count();
            rows.iter().take(count).for_each(|&row| held[row] = true);
            if count == 0 || count == table.rows() {
                return Err(format!("`holdout` leaves {} rows to learn from and {count} to validate on", table.rows() - count));
            }
            Ok(held)
        }
        Some(Holdout::Where { column, text }) => {
            let held: Vec<bool> = table.texts(column)?.iter().map(|cell| cell == text).collect();
            match held.iter().filter(|held| **held).count() {
                0 => Err(format!("no row has `{text}` in column `{column}`")),
                count if count == held.len() => Err(format!("all rows have `{text}` in column `{column}`, so that none is left to learn from")),
                _ => Ok(held),
            }
        }
    }
}

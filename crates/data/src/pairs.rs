//! Two tables: training and validation rows with a number to predict, or images with their labels.

use super::csv_files::{self, Rows, sides};
use super::place::Format;
use super::source::malformed;
use super::{DataSet, Images, Malformed, Matrix, Split, grouped};
use mlgrade_domain::answers::whole;
use mlgrade_domain::diagnostic::Diagnostic;
use mlgrade_domain::table::Table;

/// The column that holds the answers, and what they are.
#[derive(Debug, Clone)]
pub(super) enum Answers {
    Target(String),
    Label(String),
}

/// The data set in two files, each with its path.
pub(super) fn pair(format: Format, answers: &Answers, train: (&str, Vec<u8>), val: (&str, Vec<u8>)) -> Result<DataSet, Diagnostic> {
    let (path, val_path) = (train.0, val.0);
    let both = match answers {
        Answers::Target(target) => {
            let read = |(path, content): (&str, Vec<u8>)| rows(format, content, target).map_err(|error| malformed(path, &error));
            let (training, validation) = (read(train)?, read(val)?);
            if training.names != validation.names {
                return Err(malformed(val_path, &Malformed(format!("its columns are not those of {path}, in the same order"))));
            }
            DataSet::regression(Split { x_train: training.x, y_train: training.y, x_val: validation.x, y_val: validation.y })
        }
        Answers::Label(label) => {
            let read = |(path, content): (&str, Vec<u8>)| images(format, content, label).map_err(|error| malformed(path, &error));
            let ((x_train, y_train), (x_val, y_val)) = (read(train)?, read(val)?);
            DataSet::images(Split { x_train, y_train, x_val, y_val })
        }
    };
    both.map_err(|error| malformed(path, &error))
}

fn rows(format: Format, content: Vec<u8>, target: &str) -> Result<Rows, Malformed> {
    if let Format::Lines(separator) = format {
        return csv_files::rows(&content, separator, target);
    }
    let table = complete(format.table(content)?)?;
    let y = table.numbers(target).map_err(Malformed)?.to_vec();
    let names: Vec<String> = table.names().map(str::to_owned).collect();
    let features = names.iter().filter(|name| *name != target).map(|name| table.numbers(name)).collect::<Result<Vec<_>, _>>().map_err(Malformed)?;
    let values = (0..table.rows()).flat_map(|row| features.iter().map(move |column| column[row])).collect();
    Ok(Rows { x: Matrix { rows: table.rows(), cols: features.len(), values }, y, names })
}

fn images(format: Format, content: Vec<u8>, label: &str) -> Result<(Images, Vec<u8>), Malformed> {
    if let Format::Lines(separator) = format {
        return csv_files::images(&content, separator, label);
    }
    let Rows { names, x, y } = rows(format, content, label)?;
    let byte = |value: f64| whole(value).and_then(|value| u8::try_from(value).ok());
    let bytes = |values: &[f64], cols: usize, features: &[&String]| {
        let cell = |(place, &value): (usize, &f64)| {
            let (row, name) = (grouped(place / cols), features.get(place % cols).map_or("", |name| name.as_str()));
            byte(value).ok_or_else(|| Malformed(format!("row {row} (counted from 0), column `{name}`: {value} is no whole number from 0 to 255")))
        };
        values.iter().enumerate().map(cell).collect::<Result<Vec<u8>, Malformed>>()
    };
    let features: Vec<&String> = names.iter().filter(|name| *name != label).collect();
    let (height, width) = sides(x.cols);
    let labels = bytes(&y, 1, &[&label.to_owned()])?;
    let pixels = bytes(&x.values, x.cols.max(1), &features)?;
    Ok((Images { count: x.rows, height, width, channels: 1, pixels }, labels))
}

/// The table, if no value of it is missing: rows for training are not left out in silence.
fn complete(table: Table) -> Result<Table, Malformed> {
    let missing = table.names().zip(table.missing()).find(|(_, count)| **count > 0);
    match missing {
        Some((name, count)) => Err(Malformed(format!("column `{name}` has {} missing values; fill them in, or leave the rows out", grouped(*count)))),
        None => Ok(table),
    }
}

#![doc = include_str!("../README.md")]

mod arrays;
mod builtin;
mod bytes;
mod columns;
mod csv_files;
mod idx;
mod image_folder;
mod images;
mod json_lines;
mod npz;
mod pairs;
mod parquet_files;
mod parquet_values;
mod picture;
mod place;
mod sheet;
mod shelf;
mod source;
mod summary;
mod weather;

pub use builtin::{BUILTINS, Builtin, Embedded};
pub use images::Images;
pub use shelf::Shelf;
pub use source::{Carried, Source};
pub use summary::{Spread, Summary};

use mlgrade_domain::answers::{Answers, Classes, Key, Right};
use mlgrade_domain::diagnostic::Diagnostic;
use mlgrade_domain::examples::{Examples, Numbers};
use mlgrade_domain::name::list;
use mlgrade_domain::table::{Column, Table};
use mlgrade_picture::Picture;

/// The data sets that checks may look at, loaded when first asked for.
pub trait Datasets: Sync {
    /// The table under `name`.
    fn table(&self, name: &str) -> Result<&Table, Diagnostic>;

    /// What is right for each validation example of the data set `name`; of a table, what its column `target` holds for each row.
    fn answers(&self, name: &str, target: Option<&str>) -> Result<Answers, Diagnostic>;

    /// The validation examples of the data set `name`, without their answers.
    fn validation_inputs(&self, name: &str) -> Result<Examples<'_>, Diagnostic>;

    /// The picture under `name`.
    fn picture(&self, name: &str) -> Result<&Picture, Diagnostic>;
}

/// A data set.
#[derive(Debug, Clone, PartialEq)]
pub enum DataSet {
    /// Named columns.
    Table(Table),
    /// Rows of numbers, each with a number to predict.
    Regression(Split<Matrix, f64>),
    /// Images, each with a class. The training part may be empty.
    Images {
        /// The images with their labels.
        split: Split<Images, u8>,
        /// What the classes are called, in the order of their labels; `None` if they are called by their numbers.
        names: Option<Vec<String>>,
        /// The names of the validation images' files, in their order; none if the images come from arrays.
        files: Vec<String>,
    },
    /// A colour picture to reconstruct.
    Picture(Picture),
    /// Answers without the examples that they are the answers to: classes or numbers.
    Answers(Column),
}

/// Training and validation data.
#[derive(Debug, Clone, PartialEq)]
pub struct Split<X, Y> {
    /// What to learn from.
    pub x_train: X,
    /// The answers to it, one a row.
    pub y_train: Vec<Y>,
    /// What to validate on.
    pub x_val: X,
    /// The answers to it, one a row.
    pub y_val: Vec<Y>,
}

/// Rows of finite numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    /// The number of rows.
    pub rows: usize,
    /// The numbers of a row.
    pub cols: usize,
    /// `rows` × `cols` numbers, row by row.
    pub values: Vec<f64>,
}

/// What is wrong with the content of a data file, in one sentence without a full stop.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Malformed(String);

impl DataSet {
    /// What kind it is, in words.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Table(_) => "a table",
            Self::Regression(_) => "training and validation rows with a number to predict",
            Self::Images { .. } => "labelled images",
            Self::Picture(_) => "a picture",
            Self::Answers(_) => "answers without examples",
        }
    }

    /// Its size, in words: "60,000 + 10,000 images of 28×28".
    pub fn shape(&self) -> String {
        match self {
            Self::Table(table) => {
                let size = format!("{} rows of {} columns", grouped(table.rows()), table.names().count());
                match table.dropped() {
                    0 => size,
                    1 => format!("{size}, 1 row with missing values dropped"),
                    dropped => format!("{size}, {} rows with missing values dropped", grouped(dropped)),
                }
            }
            Self::Regression(split) => {
                format!("{} + {} rows of {} features", grouped(split.x_train.rows), grouped(split.x_val.rows), grouped(split.x_train.cols))
            }
            Self::Images { split, .. } => {
                let Images { height, width, .. } = split.x_val;
                let what = if split.x_val.is_in_colour() { "colour images" } else { "images" };
                match split.x_train.count {
                    0 => format!("{} {what} of {height}×{width}", grouped(split.x_val.count)),
                    train => format!("{} + {} {what} of {height}×{width}", grouped(train), grouped(split.x_val.count)),
                }
            }
            Self::Picture(picture) => format!("a picture of {}×{} pixels", picture.width, picture.height),
            Self::Answers(column) => format!("{} answers without examples", grouped(column.len())),
        }
    }

    /// The table, if it is one.
    pub fn table(&self) -> Option<&Table> {
        match self {
            Self::Table(table) => Some(table),
            _ => None,
        }
    }

    /// What is right for each validation example; of a table, what its column `target` holds for each row. A picture's answers are its
    /// bytes, row by row, a pixel red, green, blue. The error says what is missing.
    pub fn answers(&self, target: Option<&str>) -> Result<Answers, String> {
        let values = |values: &[f64], training: &[f64]| (Right::Values(values.to_vec()), Classes::of_numbers(values, training), training.len());
        let of_column = |column: &Column| match Right::from(column) {
            Right::Values(numbers) => values(&numbers, &[]),
            classes @ Right::Classes(_) => (classes, None, 0),
        };
        let (right, classes, training) = match (self, target) {
            (Self::Table(table), Some(target)) => of_column(table.column(target)?),
            (Self::Table(table), None) => return Err(format!("it is a table; `target` names the column to predict, one of {}", list(table.names()))),
            (_, Some(_)) => return Err(format!("it is {}, and only a table needs a `target`", self.kind())),
            (Self::Regression(split), None) => values(&split.y_val, &split.y_train),
            (Self::Images { split, names, .. }, None) => {
                (Right::Classes(images::classes(&split.y_train, &split.y_val, names.as_deref())), None, split.y_train.len())
            }
            (Self::Picture(picture), None) => (Right::Values(picture.rgb.iter().copied().map(f64::from).collect()), None, 0),
            (Self::Answers(column), None) => of_column(column),
        };
        let key = |table: &Table, name: &str| table.column(name).ok().filter(|_| Some(name) != target).and_then(|column| Key::of(name, column));
        let keys = match self {
            Self::Table(table) => table.names().filter_map(|name| key(table, name)).collect(),
            Self::Images { files, .. } => images::keys(files),
            _ => Vec::new(),
        };
        Ok(Answers { right, training, picture: matches!(self, Self::Picture(_)), classes, keys })
    }

    /// The validation images or rows, without their answers, if there are any.
    pub fn validation_inputs(&self) -> Option<Examples<'_>> {
        match self {
            Self::Images { split: Split { x_train, x_val, .. }, .. } => {
                Some(Examples::new(x_val.shape(), Numbers::Pixels(&x_val.pixels), Numbers::Pixels(&x_train.pixels)))
            }
            Self::Regression(Split { x_train, x_val, .. }) => {
                let [val, train] = [x_val, x_train].map(|matrix| Numbers::Features(matrix.values.as_slice().into()));
                Some(Examples::new(vec![x_val.cols], val, train))
            }
            _ => None,
        }
    }

    /// The picture, if it is one.
    pub fn picture(&self) -> Option<&Picture> {
        match self {
            Self::Picture(picture) => Some(picture),
            _ => None,
        }
    }

    /// Training and validation rows that belong together, or what keeps them apart.
    fn regression(split: Split<Matrix, f64>) -> Result<Self, Malformed> {
        pair_up("training", split.x_train.rows, split.y_train.len())?;
        pair_up("validation", split.x_val.rows, split.y_val.len())?;
        if split.x_val.cols == 0 {
            return Err(Malformed("the rows have no features".to_owned()));
        }
        if split.x_train.cols != split.x_val.cols {
            return Err(Malformed(format!("a training row has {} features, a validation row {}", split.x_train.cols, split.x_val.cols)));
        }
        Ok(Self::Regression(split))
    }

    /// Training and validation images that belong together, or what keeps them apart.
    fn images(split: Split<Images, u8>) -> Result<Self, Malformed> {
        pair_up("training", split.x_train.count, split.y_train.len())?;
        pair_up("validation", split.x_val.count, split.y_val.len())?;
        images::are_alike(&split.x_train, &split.x_val)?;
        Ok(Self::Images { split, names: None, files: Vec::new() })
    }

    /// Answers alone.
    fn answers_alone(column: Column) -> Result<Self, Malformed> {
        if column.is_empty() { Err(Malformed("there are no answers".to_owned())) } else { Ok(Self::Answers(column)) }
    }
}

/// As many answers as rows, and at least one.
fn pair_up(what: &str, rows: usize, answers: usize) -> Result<(), Malformed> {
    match (rows, answers) {
        (0, _) => Err(Malformed(format!("there is no {what} data"))),
        _ if rows != answers => Err(Malformed(format!("there are {} {what} rows but {} answers", grouped(rows), grouped(answers)))),
        _ => Ok(()),
    }
}

/// A count with its thousands apart: "60,000".
pub fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped_by_thousands() {
        for (count, text) in [(0, "0"), (999, "999"), (1_019, "1,019"), (60_000, "60,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(count), text);
        }
    }
}

#![doc = include_str!("../README.md")]

mod builtin;
mod bytes;
mod csv_files;
mod idx;
mod npz;
mod picture;
mod shelf;
mod source;
mod weather;

pub use builtin::{BUILTINS, Builtin, Embedded};
pub use shelf::Shelf;
pub use source::Source;

use mlgrade_domain::answers::{Answers, Classes, Key, Right};
use mlgrade_domain::diagnostic::Diagnostic;
use mlgrade_domain::examples::{Examples, Numbers};
use mlgrade_domain::name::list;
use mlgrade_domain::table::Table;
use mlgrade_picture::Picture;

/// Classes of labelled images; a label is below this.
pub const CLASSES: u8 = 10;

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
    /// Grey images, each with a class.
    Images(Split<Images, u8>),
    /// A colour picture to reconstruct.
    Picture(Picture),
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

/// Grey images of one size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Images {
    /// The number of images.
    pub count: usize,
    /// Pixels from top to bottom.
    pub height: usize,
    /// Pixels from left to right.
    pub width: usize,
    /// `count` × `height` × `width` pixels, row by row; 0 is the background.
    pub pixels: Vec<u8>,
}

impl Split<Images, u8> {
    /// A copy with at most the first `train` training and `val` validation images.
    #[must_use]
    pub fn first(&self, train: usize, val: usize) -> Self {
        let images = |images: &Images, count: usize| {
            let count = count.min(images.count);
            Images { count, pixels: images.pixels[..count * images.height * images.width].to_vec(), ..*images }
        };
        let labels = |labels: &[u8], count: usize| labels[..count.min(labels.len())].to_vec();
        Self { x_train: images(&self.x_train, train), y_train: labels(&self.y_train, train), x_val: images(&self.x_val, val), y_val: labels(&self.y_val, val) }
    }
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
            Self::Images(_) => "labelled images",
            Self::Picture(_) => "a picture",
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
            Self::Images(split) => {
                let Images { count, height, width, .. } = split.x_train;
                format!("{} + {} images of {height}×{width}", grouped(count), grouped(split.x_val.count))
            }
            Self::Picture(picture) => format!("a picture of {}×{} pixels", picture.width, picture.height),
        }
    }

    /// The table, if it is one.
    pub fn table(&self) -> Option<&Table> {
        match self {
            Self::Table(table) => Some(table),
            Self::Regression(_) | Self::Images(_) | Self::Picture(_) => None,
        }
    }

    /// What is right for each validation example; of a table, what its column `target` holds for each row. A picture's answers are its
    /// bytes, row by row, a pixel red, green, blue. The error says what is missing.
    pub fn answers(&self, target: Option<&str>) -> Result<Answers, String> {
        let values = |values: &[f64], training: &[f64]| (Right::Values(values.to_vec()), Classes::of_numbers(values, training), training.len());
        let (right, classes, training) = match (self, target) {
            (Self::Table(table), Some(target)) => match Right::from(table.column(target)?) {
                Right::Values(numbers) => values(&numbers, &[]),
                classes @ Right::Classes(_) => (classes, None, 0),
            },
            (Self::Table(table), None) => return Err(format!("it is a table; `target` names the column to predict, one of {}", list(table.names()))),
            (_, Some(_)) => return Err(format!("it is {}, and only a table needs a `target`", self.kind())),
            (Self::Regression(split), None) => values(&split.y_val, &split.y_train),
            (Self::Images(split), None) => {
                let known = split.y_train.iter().max().map_or(0, |&greatest| usize::from(greatest) + 1);
                (Right::Classes(Classes::counted(&split.y_val, known)), None, split.y_train.len())
            }
            (Self::Picture(picture), None) => (Right::Values(picture.rgb.iter().copied().map(f64::from).collect()), None, 0),
        };
        let key = |table: &Table, name: &str| table.column(name).ok().filter(|_| Some(name) != target).and_then(|column| Key::of(name, column));
        let keys = self.table().map(|table| table.names().filter_map(|name| key(table, name)).collect());
        Ok(Answers { right, training, picture: matches!(self, Self::Picture(_)), classes, keys: keys.unwrap_or_default() })
    }

    /// The validation images or rows, without their answers, if there are any.
    pub fn validation_inputs(&self) -> Option<Examples<'_>> {
        match self {
            Self::Images(Split { x_train, x_val, .. }) => {
                let shape = vec![x_val.height, x_val.width];
                Some(Examples::new(shape, Numbers::Pixels(&x_val.pixels), Numbers::Pixels(&x_train.pixels)))
            }
            Self::Regression(Split { x_train, x_val, .. }) => {
                let [val, train] = [x_val, x_train].map(|matrix| Numbers::Features(matrix.values.as_slice().into()));
                Some(Examples::new(vec![x_val.cols], val, train))
            }
            Self::Table(_) | Self::Picture(_) => None,
        }
    }

    /// The picture, if it is one.
    pub fn picture(&self) -> Option<&Picture> {
        match self {
            Self::Picture(picture) => Some(picture),
            Self::Table(_) | Self::Regression(_) | Self::Images(_) => None,
        }
    }

    /// Training and validation rows that belong together, or what keeps them apart.
    fn regression(split: Split<Matrix, f64>) -> Result<Self, Malformed> {
        pair_up("training", split.x_train.rows, split.y_train.len())?;
        pair_up("validation", split.x_val.rows, split.y_val.len())?;
        if split.x_train.cols != split.x_val.cols {
            return Err(Malformed(format!("a training row has {} features, a validation row {}", split.x_train.cols, split.x_val.cols)));
        }
        Ok(Self::Regression(split))
    }

    /// Training and validation images that belong together, or what keeps them apart.
    fn images(split: Split<Images, u8>) -> Result<Self, Malformed> {
        pair_up("training", split.x_train.count, split.y_train.len())?;
        pair_up("validation", split.x_val.count, split.y_val.len())?;
        let (train, val) = (&split.x_train, &split.x_val);
        if (train.height, train.width) != (val.height, val.width) {
            return Err(Malformed(format!("training images are {}×{}, validation images {}×{}", train.height, train.width, val.height, val.width)));
        }
        let label = |name, labels: &[u8]| match labels.iter().position(|&label| label >= CLASSES) {
            Some(row) => Err(Malformed(format!("{name} label {} is {}; labels are 0 to {}", row + 1, labels[row], CLASSES - 1))),
            None => Ok(()),
        };
        label("training", &split.y_train)?;
        label("validation", &split.y_val)?;
        Ok(Self::Images(split))
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
fn grouped(count: usize) -> String {
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

    #[test]
    fn a_label_without_a_class_is_refused_by_its_place() {
        let images = |count| Images { count, height: 1, width: 1, pixels: vec![0; count] };
        let split = |y_val: Vec<u8>| Split { x_train: images(1), y_train: vec![9], x_val: images(y_val.len()), y_val };
        assert!(DataSet::images(split(vec![0, 9])).is_ok());
        assert_eq!(DataSet::images(split(vec![0, 10])).map_err(|e| e.to_string()).err().as_deref(), Some("validation label 2 is 10; labels are 0 to 9"));
    }
}

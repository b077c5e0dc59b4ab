//! NumPy arrays as parts of a data set: images, rows of features, answers.

use super::{DataSet, Images, Malformed, Matrix, Split, grouped};
use mlgrade_domain::answers::whole;
use mlgrade_domain::table::Column;
use mlgrade_numpy::array::{Array, Element, Npy};

/// The numbers of an array that is no image: a gibibyte as `f64`.
const MOST_NUMBERS: usize = 1 << 27;

/// What stands in an array of features.
#[derive(Debug)]
pub(super) enum Features {
    Images(Images),
    Rows(Matrix),
}

/// The features in the NPY file of the array `name`: `uint8` in N×height×width, or with 1 or 3 channels behind, are images.
pub(super) fn features(name: &str, npy: &[u8]) -> Result<Features, Malformed> {
    let array = open(name, npy)?;
    if let (Some(pixels), true) = (array.bytes(), matches!(array.shape().len(), 3 | 4)) {
        let (count, height, width, channels) = match *array.shape() {
            [count, height, width] => (count, height, width, 1),
            [count, height, width, channels @ (1 | 3)] => (count, height, width, channels),
            ref shape => return Err(Malformed(format!("array `{name}`: {}", other_channels(shape)))),
        };
        return Ok(Features::Images(Images { count, height, width, channels, pixels }));
    }
    let array = numbers(name, array)?;
    match array.shape.as_slice() {
        [rows, rest @ ..] if !rest.is_empty() => Ok(Features::Rows(Matrix { rows: *rows, cols: rest.iter().product(), values: array.values })),
        _ => Err(Malformed(format!("array `{name}`: features have at least two dimensions, not {}", array.shape.len()))),
    }
}

/// What to do with images whose last axis has neither 1 nor 3 places.
fn other_channels(shape: &[usize]) -> String {
    let sizes: Vec<String> = shape.iter().map(usize::to_string).collect();
    let found = format!("uint8 arrays are images, N×height×width×3 in colour, but this one is {}", sizes.join("×"));
    if matches!(shape, [_, 1 | 3, ..]) {
        return format!("{found}; turn it with x.transpose(0, 2, 3, 1)");
    }
    format!("{found}; if these are no pixels, store them as float32")
}

/// The data set of training and validation features with their answers, each the NPY file of the array of this name.
pub(super) fn four([x_train, x_val]: [Features; 2], [y_train, y_val]: [(&str, &[u8]); 2]) -> Result<DataSet, Malformed> {
    match (x_train, x_val) {
        (Features::Images(x_train), Features::Images(x_val)) => {
            DataSet::images(Split { x_train, y_train: labels(y_train.0, y_train.1)?, x_val, y_val: labels(y_val.0, y_val.1)? })
        }
        (Features::Rows(x_train), Features::Rows(x_val)) => {
            DataSet::regression(Split { x_train, y_train: values(y_train.0, y_train.1)?, x_val, y_val: values(y_val.0, y_val.1)? })
        }
        _ => Err(Malformed("training and validation features are of two kinds: one array is of uint8 images, the other is not".to_owned())),
    }
}

/// The data set of answers alone in the NPY file of the array `name`: numbers or texts.
pub(super) fn answers_alone(name: &str, npy: &[u8]) -> Result<DataSet, Malformed> {
    let array = open(name, npy)?;
    one_column(name, array.shape())?;
    let array = array.decode(MOST_NUMBERS).map_err(|message| Malformed(format!("array `{name}`: {message}")))?;
    DataSet::answers_alone(if array.element == Element::Word { Column::Text(array.words) } else { Column::Number(array.values) })
}

fn open<'f>(name: &str, npy: &'f [u8]) -> Result<Npy<'f>, Malformed> {
    Npy::open(npy).map_err(|message| Malformed(format!("array `{name}`: {message}")))
}

fn numbers(name: &str, array: Npy<'_>) -> Result<Array, Malformed> {
    array.decode(MOST_NUMBERS).and_then(Array::numbers).map_err(|message| Malformed(format!("array `{name}`: {message}")))
}

fn one_column(name: &str, shape: &[usize]) -> Result<(), Malformed> {
    match shape {
        [_] | [_, 1] => Ok(()),
        shape => Err(Malformed(format!("array `{name}`: answers are one column, not an array of shape {shape:?}"))),
    }
}

/// The numbers of an array that is one column.
fn values(name: &str, npy: &[u8]) -> Result<Vec<f64>, Malformed> {
    let array = open(name, npy)?;
    one_column(name, array.shape())?;
    Ok(numbers(name, array)?.values)
}

/// The labels in an array that is one column: whole numbers from 0 to 255.
fn labels(name: &str, npy: &[u8]) -> Result<Vec<u8>, Malformed> {
    let byte = |value: f64| whole(value).and_then(|value| u8::try_from(value).ok());
    let label = |(row, &value): (usize, &f64)| {
        let message = || Malformed(format!("array `{name}`: label {} is {value}; labels are whole numbers from 0 to 255", grouped(row + 1)));
        byte(value).ok_or_else(message)
    };
    values(name, npy)?.iter().enumerate().map(label).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn npy(descr: &str, shape: &str, data: &[u8]) -> Vec<u8> {
        let header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}\n");
        let length = u16::try_from(header.len()).unwrap().to_le_bytes();
        [b"\x93NUMPY\x01\x00", length.as_slice(), header.as_bytes(), data].concat()
    }

    fn images(shape: &str, data: &[u8]) -> Result<Images, String> {
        match features("X", &npy("|u1", shape, data)) {
            Ok(Features::Images(images)) => Ok(images),
            Ok(Features::Rows(_)) => Err("rows".to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }

    #[test]
    fn bytes_in_three_or_four_dimensions_are_images() {
        let pixels: Vec<u8> = (0..12).collect();
        let colour = Images { count: 2, height: 1, width: 2, channels: 3, pixels: pixels.clone() };
        assert_eq!(images("(2, 1, 2, 3)", &pixels), Ok(colour.clone()));
        assert_eq!(images("(2, 2, 3, 1)", &pixels), Ok(Images { height: 2, width: 3, channels: 1, ..colour.clone() }));
        assert_eq!(images("(2, 2, 3)", &pixels), Ok(Images { height: 2, width: 3, channels: 1, ..colour }));
        assert_eq!(images("(2, 6)", &pixels), Err("rows".to_owned()));
    }

    #[test]
    fn channels_first_are_turned_by_the_instructor() {
        let found = images("(1, 3, 2, 2)", &[0; 12]).unwrap_err();
        assert!(found.ends_with("but this one is 1×3×2×2; turn it with x.transpose(0, 2, 3, 1)"), "{found}");
        let found = images("(1, 2, 2, 4)", &[0; 16]).unwrap_err();
        assert!(found.ends_with("but this one is 1×2×2×4; if these are no pixels, store them as float32"), "{found}");
    }

    #[test]
    fn labels_are_whole_numbers_to_255() {
        let of = |values: [f64; 2]| labels("y", &npy("<f8", "(2, 1)", &values.map(f64::to_le_bytes).concat())).map_err(|error| error.to_string());
        assert_eq!(of([255.0, 0.0]), Ok(vec![255, 0]));
        assert_eq!(of([3.0, 256.0]), Err("array `y`: label 2 is 256; labels are whole numbers from 0 to 255".to_owned()));
        assert_eq!(of([0.5, 1.0]), Err("array `y`: label 1 is 0.5; labels are whole numbers from 0 to 255".to_owned()));
    }

    #[test]
    fn answers_may_be_names() {
        let file = npy("|S3", "(2,)", b"catdog");
        assert_eq!(answers_alone("y", &file).unwrap(), DataSet::Answers(Column::Text(["cat", "dog"].map(str::to_owned).to_vec())));
        let table = answers_alone("y", &npy("|u1", "(2, 2)", &[0; 4])).unwrap_err();
        assert_eq!(table.to_string(), "array `y`: answers are one column, not an array of shape [2, 2]");
    }
}

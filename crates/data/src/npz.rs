//! NumPy archives of four arrays.

use super::{DataSet, Images, Malformed, Matrix, Split, bytes};
use mlgrade_domain::name::{did_you_mean, list};
use mlgrade_numpy::array::{Array, Element};
use mlgrade_numpy::npz::Archive;

/// The names of the arrays: training features and answers, then those to validate on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Keys {
    pub(super) x_train: String,
    pub(super) y_train: String,
    pub(super) x_val: String,
    pub(super) y_val: String,
}

/// The data set in the archive `file`: labelled images if the features are `uint8` in three dimensions, else regression.
pub(super) fn data_set(file: &[u8], keys: &Keys) -> Result<DataSet, Malformed> {
    let archive = Archive::open(file).map_err(|error| Malformed(format!("this is no NPZ archive: {error}")))?;
    let array = |name: &str| {
        if !archive.names().any(|known| known == name) {
            let help = did_you_mean(name, archive.names()).map_or_else(String::new, |help| format!("; {help}"));
            return Err(Malformed(format!("the archive holds no array `{name}`; it holds {}{help}", list(archive.names().take(20)))));
        }
        archive
            .array(name, bytes::MOST_BYTES, usize::MAX)
            .and_then(|array| array.numbers().map_err(|error| format!("array `{name}`: {error}")))
            .map_err(Malformed)
    };
    let (x_train, y_train, x_val, y_val) = (array(&keys.x_train)?, array(&keys.y_train)?, array(&keys.x_val)?, array(&keys.y_val)?);
    let pixels = |array: &Array| array.element == Element::Byte && array.shape.len() == 3;
    if pixels(&x_train) && pixels(&x_val) {
        return DataSet::images(Split { x_train: images(&x_train)?, y_train: labels(y_train)?, x_val: images(&x_val)?, y_val: labels(y_val)? });
    }
    DataSet::regression(Split { x_train: matrix(x_train)?, y_train: column(y_train)?, x_val: matrix(x_val)?, y_val: column(y_val)? })
}

/// The rows of an array, further dimensions flattened.
fn matrix(array: Array) -> Result<Matrix, Malformed> {
    match array.shape.as_slice() {
        [rows, rest @ ..] if !rest.is_empty() => Ok(Matrix { rows: *rows, cols: rest.iter().product(), values: array.values }),
        shape => Err(Malformed(format!("features have at least two dimensions, not {}", shape.len()))),
    }
}

/// The numbers of an array that is one column.
fn column(array: Array) -> Result<Vec<f64>, Malformed> {
    match array.shape.as_slice() {
        [_] | [_, 1] => Ok(array.values),
        shape => Err(Malformed(format!("answers are one column, not an array of shape {shape:?}"))),
    }
}

fn images(array: &Array) -> Result<Images, Malformed> {
    let [count, height, width] = array.shape[..] else { return Err(Malformed("images have three dimensions".to_owned())) };
    Ok(Images { count, height, width, pixels: array.values.iter().filter_map(|&value| byte(value)).collect() })
}

fn labels(array: Array) -> Result<Vec<u8>, Malformed> {
    let labels = column(array)?;
    labels.iter().map(|&value| byte(value).ok_or_else(|| Malformed(format!("{value} is no label")))).collect()
}

/// The byte that `value` is, if it is one.
fn byte(value: f64) -> Option<u8> {
    (0..=u8::MAX).find(|&byte| f64::from(byte).total_cmp(&(value + 0.0)).is_eq())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn keys() -> Keys {
        let [x_train, y_train, x_val, y_val] = ["x_train", "y_train", "x_val", "y_val"].map(str::to_owned);
        Keys { x_train, y_train, x_val, y_val }
    }

    fn archive(arrays: &[(&str, &[u64], &[f64])]) -> Vec<u8> {
        mlgrade_numpy::npz::write(arrays).unwrap()
    }

    #[test]
    fn four_arrays_are_a_regression() {
        let file = archive(&[
            ("x_train", &[2, 2, 1], &[1.0, 2.0, 3.0, 4.0]),
            ("y_train", &[2, 1], &[5.0, 6.0]),
            ("x_val", &[1, 2], &[7.0, 8.0]),
            ("y_val", &[1], &[9.0]),
        ]);
        let DataSet::Regression(split) = data_set(&file, &keys()).unwrap() else { panic!("no regression data") };
        assert_eq!((split.x_train.rows, split.x_train.cols, split.x_train.values), (2, 2, vec![1.0, 2.0, 3.0, 4.0]));
        assert_eq!((split.y_train, split.x_val.values, split.y_val), (vec![5.0, 6.0], vec![7.0, 8.0], vec![9.0]));
    }

    #[test]
    fn a_missing_array_is_named_with_those_there() {
        let error = data_set(&archive(&[("X", &[1, 1], &[1.0])]), &keys()).unwrap_err();
        assert_eq!(error.to_string(), "the archive holds no array `x_train`; it holds `X`");
    }

    proptest! {
        #[test]
        fn any_bytes_are_refused_or_read(tail in proptest::collection::vec(any::<u8>(), 0..100)) {
            let _ = data_set(&tail, &keys());
        }
    }
}

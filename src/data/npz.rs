//! NumPy archives. The array format is decoded here: it is small, and the header's sizes must be held against the bytes that are
//! there before anything is multiplied or allocated (format: `numpy.lib.format`, versions 1 to 3).

use std::io::Cursor;

use npyz::npz::NpzArchive;

use super::{DataSet, Images, Malformed, Matrix, Split, bytes};

/// The names of the arrays: training features and answers, then those to validate on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Keys {
    pub(super) x_train: String,
    pub(super) y_train: String,
    pub(super) x_val: String,
    pub(super) y_val: String,
}

/// An array of numbers in row-major order.
#[derive(Debug, PartialEq)]
struct Array {
    shape: Vec<usize>,
    values: Vec<f64>,
    /// Whether NumPy calls it `uint8`, the type of grey pixels.
    bytes: bool,
}

/// The data set in the archive `file`: labelled images if the features are `uint8` in three dimensions, else regression.
pub(super) fn data_set(file: &[u8], keys: &Keys) -> Result<DataSet, Malformed> {
    let mut archive = NpzArchive::new(Cursor::new(file)).map_err(|error| Malformed(format!("this is no NPZ archive: {error}")))?;
    let mut array = |name: &str| {
        let known: Vec<String> = archive.array_names().map(|name| format!("`{name}`")).collect();
        let member = archive.zip_archive().by_name(&format!("{name}.npy"));
        let member = member.map_err(|_| Malformed(format!("the archive holds no array `{name}`; it holds {}", known.join(", "))))?;
        let content = bytes::whole(member).map_err(|error| Malformed(format!("array `{name}` cannot be unpacked: {error}")))?;
        decode(&content).map_err(|error| Malformed(format!("array `{name}`: {error}")))
    };
    let (x_train, y_train, x_val, y_val) = (array(&keys.x_train)?, array(&keys.y_train)?, array(&keys.x_val)?, array(&keys.y_val)?);
    if x_train.bytes && x_train.shape.len() == 3 && x_val.bytes && x_val.shape.len() == 3 {
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

/// The array in an NPY file.
fn decode(file: &[u8]) -> Result<Array, Malformed> {
    let fault = |message: &str| Malformed(message.to_owned());
    let (header, data) = header(file).ok_or_else(|| fault("this is no NPY file, or it ends within its header"))?;
    let descr = entry(header, "descr").and_then(|rest| rest.strip_prefix(['\'', '"'])?.split(['\'', '"']).next());
    let descr = descr.ok_or_else(|| fault("records are not read; store one plain array"))?;
    let shape = entry(header, "shape").and_then(|rest| rest.strip_prefix('(')?.split(')').next()).ok_or_else(|| fault("the header lacks a shape"))?;
    let shape: Option<Vec<usize>> = shape.split(',').map(str::trim).filter(|size| !size.is_empty()).map(|size| size.parse().ok()).collect();
    let shape = shape.ok_or_else(|| fault("the header's shape makes no sense"))?;
    let (width, number) = number_type(descr)?;
    let promised = shape.iter().try_fold(width, |product, &size| product.checked_mul(size));
    if promised != Some(data.len()) {
        return Err(Malformed(format!("the header promises {shape:?} numbers of {width} bytes, but {} bytes follow", data.len())));
    }
    let mut values: Vec<f64> = data.chunks_exact(width).map(number).collect();
    if entry(header, "fortran_order").is_some_and(|rest| rest.starts_with("True")) {
        values = row_major(&values, &shape);
    }
    if let Some(place) = values.iter().position(|value| !value.is_finite()) {
        let row_size = (values.len() / shape.first().copied().unwrap_or(1).max(1)).max(1);
        return Err(Malformed(format!("the number in row {}, column {} is not finite (counted from 0)", place / row_size, place % row_size)));
    }
    Ok(Array { shape, values, bytes: descr.ends_with("u1") })
}

/// The header's text and the bytes behind it.
fn header(file: &[u8]) -> Option<(&str, &[u8])> {
    let rest = file.strip_prefix(b"\x93NUMPY")?;
    let (version, rest) = rest.split_first_chunk::<2>()?;
    let (length, rest) = if version[0] == 1 {
        let (length, rest) = rest.split_first_chunk::<2>()?;
        (usize::from(u16::from_le_bytes(*length)), rest)
    } else {
        let (length, rest) = rest.split_first_chunk::<4>()?;
        (u32::from_le_bytes(*length) as usize, rest)
    };
    let (text, data) = rest.split_at_checked(length)?;
    Some((std::str::from_utf8(text).ok()?, data))
}

/// What follows `'key':` in the header, which is a Python dictionary.
fn entry<'h>(header: &'h str, key: &str) -> Option<&'h str> {
    let (_, rest) = header.split_once(&format!("'{key}':"))?;
    Some(rest.trim_start())
}

/// The bytes of a number of NumPy's type `descr`, such as `<f8`, and how to read it.
fn number_type(descr: &str) -> Result<(usize, impl Fn(&[u8]) -> f64), Malformed> {
    let (order, kind) = descr.split_at_checked(1).unwrap_or_default();
    let (width, read): (usize, fn([u8; 8]) -> f64) = match kind {
        "f8" => (8, f64::from_le_bytes),
        "f4" => (4, |b| f64::from(f32::from_le_bytes([b[0], b[1], b[2], b[3]]))),
        "i8" => (8, |b| i64::from_le_bytes(b) as f64),
        "i4" => (4, |b| f64::from(i32::from_le_bytes([b[0], b[1], b[2], b[3]]))),
        "i2" => (2, |b| f64::from(i16::from_le_bytes([b[0], b[1]]))),
        "i1" => (1, |b| f64::from(i8::from_le_bytes([b[0]]))),
        "u8" => (8, |b| u64::from_le_bytes(b) as f64),
        "u4" => (4, |b| f64::from(u32::from_le_bytes([b[0], b[1], b[2], b[3]]))),
        "u2" => (2, |b| f64::from(u16::from_le_bytes([b[0], b[1]]))),
        "u1" | "b1" => (1, |b| f64::from(b[0])),
        _ if kind.starts_with('O') => {
            return Err(Malformed("an array of Python objects is not read: unpickling runs code; store numbers".to_owned()));
        }
        _ => return Err(Malformed(format!("numbers of type `{descr}` are not read; store float64"))),
    };
    let big_endian = order == ">";
    let number = move |bytes: &[u8]| {
        let mut little = [0; 8];
        little[..width].copy_from_slice(bytes);
        if big_endian {
            little[..width].reverse();
        }
        read(little)
    };
    Ok((width, number))
}

/// Column-major `values` of this shape in row-major order.
fn row_major(values: &[f64], shape: &[usize]) -> Vec<f64> {
    let place = |mut rest: usize| {
        // The row-major index, taken apart from its fastest dimension, put together again with the first one fastest.
        let (mut place, mut stride) = (0, values.len());
        for &size in shape.iter().rev() {
            stride /= size;
            place += rest % size * stride;
            rest /= size;
        }
        place
    };
    (0..values.len()).map(|index| values[place(index)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use npyz::WriterBuilder;
    use npyz::npz::NpzWriter;
    use proptest::prelude::*;

    fn npy(descr: &str, fortran: &str, shape: &str, data: &[u8]) -> Vec<u8> {
        let header = format!("{{'descr': {descr}, 'fortran_order': {fortran}, 'shape': {shape}, }}\n");
        let length = u16::try_from(header.len()).unwrap().to_le_bytes();
        [b"\x93NUMPY\x01\x00", length.as_slice(), header.as_bytes(), data].concat()
    }

    fn keys() -> Keys {
        let [x_train, y_train, x_val, y_val] = ["x_train", "y_train", "x_val", "y_val"].map(str::to_owned);
        Keys { x_train, y_train, x_val, y_val }
    }

    #[expect(clippy::default_trait_access, reason = "the type is of a crate that we do not name")]
    fn archive(arrays: &[(&str, &[u64], &[f64])]) -> Vec<u8> {
        let mut file = Cursor::new(Vec::new());
        let mut npz = NpzWriter::new(&mut file);
        for (name, shape, values) in arrays {
            let mut writer = npz.array(name, Default::default()).unwrap().default_dtype().shape(shape).begin_nd().unwrap();
            writer.extend(values.iter().copied()).unwrap();
            writer.finish().unwrap();
        }
        drop(npz);
        file.into_inner()
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

    #[test]
    fn number_types_and_orders_are_understood() {
        let values = |file: &[u8]| decode(file).map(|array| array.values).map_err(|error| error.to_string());
        assert_eq!(values(&npy("'>i2'", "False", "(2,)", &[0, 1, 255, 255])), Ok(vec![1.0, -1.0]));
        assert_eq!(values(&npy("'|u1'", "True", "(2, 3)", &[1, 4, 2, 5, 3, 6])), Ok(vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0]));
        assert_eq!(values(&npy("'<f4'", "False", "(1,)", &1.5_f32.to_le_bytes())), Ok(vec![1.5]));
    }

    #[test]
    fn what_cannot_be_trusted_is_refused() {
        let message = |file: &[u8]| decode(file).unwrap_err().to_string();
        assert!(message(&npy("'|O'", "False", "(1,)", &[0; 8])).contains("Python objects"));
        assert!(message(&npy("'<f8'", "False", "(99999999999, 99999999999)", &[0; 8])).contains("but 8 bytes follow"));
        assert!(message(&npy("[('a', '<f8')]", "False", "(1,)", &[0; 8])).contains("records"));
        let nan = [1.0_f64.to_le_bytes(), f64::NAN.to_le_bytes()].concat();
        assert!(message(&npy("'<f8'", "False", "(1, 2)", &nan)).starts_with("the number in row 0, column 1 is not finite"));
    }

    proptest! {
        #[test]
        fn any_bytes_are_refused_or_read(tail in proptest::collection::vec(any::<u8>(), 0..100)) {
            let _ = (decode(&tail), decode(&[b"\x93NUMPY\x01\x00", tail.as_slice()].concat()), data_set(&tail, &keys()));
        }

        #[test]
        fn any_header_is_refused_or_read(descr in "['<>|fiuO1248]{0,5}", shape in "[(0-9, )]{0,12}", data in proptest::collection::vec(any::<u8>(), 0..40)) {
            let _ = decode(&npy(&descr, "True", &shape, &data));
        }
    }
}

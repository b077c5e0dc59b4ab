//! Predicted classes: one whole number for each validation example, as CSV, text or NPY.

use crate::domain::diagnostic::{Code, Diagnostic};

/// Endings of predictions files, in the order of preference.
pub const ENDINGS: [&str; 3] = ["csv", "npy", "txt"];

/// Headers under which a CSV may hold the predicted classes, when it has several columns.
const COLUMNS: [&str; 5] = ["label", "prediction", "predicted", "pred", "class"];

/// Decodes predicted classes; the first bytes tell NPY from text.
pub fn decode(path: &str, bytes: &[u8]) -> Result<Vec<i64>, Diagnostic> {
    let classes = if bytes.starts_with(b"\x93NUMPY") { npy(bytes) } else { csv(bytes) };
    classes.map_err(|message| {
        let help = "save one predicted class a line, in the order of the validation set";
        Diagnostic::error(Code::BadPredictions, message).in_file(path).help(help.to_owned())
    })
}

#[allow(clippy::cast_lossless, reason = "one line reads every type of number, and some need `as`")]
fn npy(bytes: &[u8]) -> Result<Vec<i64>, String> {
    let file = npyz::NpyFile::new(bytes).map_err(|error| format!("the NPY header cannot be read: {error}"))?;
    let (shape, dtype) = (file.shape().to_vec(), file.dtype().descr());
    let columns = shape.iter().skip(1).product::<u64>();
    if shape.len() > 1 && columns != 1 {
        return Err(format!("the array has the shape {shape:?}, expected one class for each example; take the argmax over classes first"));
    }
    // A header may promise more than is there, or more than fits into memory.
    let length = shape.iter().try_fold(1_u64, |length, &side| length.checked_mul(side));
    if length.is_none_or(|length| length > bytes.len() as u64) {
        return Err(format!("the array is cut off: its shape is {shape:?}, the file has {} bytes", bytes.len()));
    }
    macro_rules! read_as {
        ($($type:ty),*) => {
            $(if file.header().dtype() == <$type as npyz::AutoSerialize>::default_dtype() {
                let values = file.into_vec::<$type>().map_err(|error| format!("the array is cut off: {error}"))?;
                return values.into_iter().enumerate().map(|(i, value)| whole(value as f64, i)).collect();
            })*
        };
    }
    read_as!(i64, u8, i32, u32, i16, u16, i8, f32, f64, u64);
    Err(format!("the array holds {dtype}, expected whole numbers (int64, uint8, …)"))
}

fn csv(bytes: &[u8]) -> Result<Vec<i64>, String> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).trim(csv::Trim::All).from_reader(bytes);
    let (mut classes, mut column) = (Vec::new(), None);
    for (i, record) in reader.records().enumerate() {
        let record = record.map_err(|error| format!("row {}: {error}", i + 1))?;
        if record.iter().all(str::is_empty) {
            continue;
        }
        let named = || record.iter().position(|field| COLUMNS.contains(&field.trim_start_matches('\u{feff}').to_ascii_lowercase().as_str()));
        if column.is_none() && record.iter().any(|field| field.parse::<f64>().is_err()) {
            column = Some(named().or((record.len() == 1).then_some(0)).ok_or(format!("none of its columns is named {}", COLUMNS.join(", ")))?);
            continue;
        }
        if column.is_none() && record.len() != 1 {
            return Err(format!("row {} has {} columns and there is no header; expected one class a row", i + 1, record.len()));
        }
        let field = record.get(*column.get_or_insert(0)).unwrap_or_default();
        let number = field.parse::<f64>().map_err(|_| format!("row {} holds `{}`, expected a class", i + 1, field.chars().take(20).collect::<String>()))?;
        classes.push(whole(number, i)?);
    }
    if classes.is_empty() { Err("the file holds no predictions".to_owned()) } else { Ok(classes) }
}

#[expect(clippy::cast_possible_truncation, reason = "the range is checked first")]
fn whole(value: f64, row: usize) -> Result<i64, String> {
    let class = value.round();
    if (value - class).abs() < 1e-9 && class.abs() < 1e9 { Ok(class as i64) } else { Err(format!("row {} holds {value}, expected a whole number", row + 1)) }
}

#[cfg(test)]
mod tests {
    use super::decode;
    use proptest::prelude::*;

    fn read(text: &str) -> Result<Vec<i64>, String> {
        decode("predictions/x.csv", text.as_bytes()).map_err(|diagnostic| diagnostic.message)
    }

    #[test]
    fn headers_blank_rows_and_indices_are_understood() {
        assert_eq!(read("7\n2\n1\n"), Ok(vec![7, 2, 1]));
        assert_eq!(read("label\n7\n\n2\n"), Ok(vec![7, 2]));
        assert_eq!(read("id,label\n0,7\n1,2\n"), Ok(vec![7, 2]));
        assert_eq!(read("7.0\n2.0"), Ok(vec![7, 2]), "numpy.savetxt writes floats");
    }

    #[test]
    fn what_is_no_class_is_told_with_its_row() {
        assert_eq!(read("7\nseven\n"), Err("row 2 holds `seven`, expected a class".to_owned()));
        assert_eq!(read("0.25\n"), Err("row 1 holds 0.25, expected a whole number".to_owned()));
        assert_eq!(read("1,2\n3,4\n"), Err("row 1 has 2 columns and there is no header; expected one class a row".to_owned()));
        assert_eq!(read("\n\n"), Err("the file holds no predictions".to_owned()));
        assert_eq!(read("nan\n1\n"), Err("row 1 holds NaN, expected a whole number".to_owned()));
    }

    proptest! {
        #[test]
        fn any_bytes_give_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..200), npy in any::<bool>()) {
            let mut input = if npy { b"\x93NUMPY\x01\x00".to_vec() } else { Vec::new() };
            input.extend(bytes);
            let _ = decode("x", &input).is_ok();
        }
    }
}

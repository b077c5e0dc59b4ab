//! Vectors, matrices and tables of numbers: nested lists in a metrics file, or files of their own.

use mlgrade_domain::diagnostic::{Code, Diagnostic};
use mlgrade_domain::json::quote_non_numbers;
use mlgrade_domain::limits;
use mlgrade_domain::number::Finite;
use mlgrade_domain::value::Value;
use mlgrade_numpy::{array, npz};

use super::Bag;
use super::stated::number_in;
use crate::{Absent, Found, encoding, printed};

/// Endings of a file that holds an array, in the order of preference.
const ENDINGS: [&str; 4] = ["npy", "npz", "csv", "json"];

/// Numbers in rows, or in any number of dimensions.
#[derive(Debug, Clone, PartialEq)]
pub struct NumberArray {
    /// The sizes of its dimensions, the outermost first.
    pub shape: Vec<usize>,
    /// Its numbers, the last dimension running fastest.
    pub values: Vec<Finite>,
    /// The file that holds it.
    pub path: String,
}

impl Bag {
    /// The array stated as `name`, or the one in `arrays/NAME.npy`, `.npz`, `.csv` or `.json`.
    pub fn array(&self, name: &str) -> Found<NumberArray> {
        match self.value(name) {
            Ok((value, path)) => self.stated_array(name, value, path),
            Err(absent @ Absent::Missing(_)) => match self.locate_in("arrays", name, &ENDINGS) {
                Some(path) => array_in_file(name, &path, &self.bytes(&path, limits::PREDICTIONS_BYTES)?),
                None => Err(absent),
            },
            Err(absent) => Err(absent),
        }
    }

    fn stated_array(&self, name: &str, value: &Value, path: &str) -> Found<NumberArray> {
        let shown = if let Value::Text(text) = value { printed::shown_by_python(text) } else { None };
        of_lists(shown.as_ref().unwrap_or(value), path).map_err(|fault| match fault {
            Fault::NoNumber(place, value) if value.is_no_number() => {
                Absent::Unusable(Diagnostic::error(Code::NotANumber, format!("{place} of `{name}` is {}, expected a number", value.describe())).in_file(path))
            }
            Fault::NoNumber(place, value) => {
                self.misread(name, path, Code::NotANumber, format!("{place} of `{name}` is {}, expected a number", value.describe()))
            }
            Fault::Ragged => self.misread(name, path, Code::WrongShape, format!("the rows of `{name}` are not of one length")),
            Fault::TooLarge(count) => self.misread(name, path, Code::TooLarge, too_large(name, count)),
        })
    }
}

/// Why nested lists are no array.
enum Fault<'v> {
    /// The place in words, and what stands there.
    NoNumber(String, &'v Value),
    Ragged,
    TooLarge(usize),
}

/// The array that nested lists are; a number by itself is an array of one.
fn of_lists<'v>(value: &'v Value, path: &str) -> Result<NumberArray, Fault<'v>> {
    let mut shape = Vec::new();
    let mut level = vec![value];
    while level.iter().any(|value| matches!(value, Value::List(_))) {
        let lists: Vec<&'v [Value]> = level.iter().map(|value| if let Value::List(values) = value { values.as_slice() } else { &[] }).collect();
        let length = lists.first().map_or(0, |list| list.len());
        if lists.iter().any(|list| list.len() != length) || level.iter().any(|value| !matches!(value, Value::List(_))) {
            return Err(Fault::Ragged);
        }
        shape.push(length);
        level = lists.into_iter().flatten().collect();
        if level.len() > limits::SERIES_LENGTH {
            return Err(Fault::TooLarge(level.len()));
        }
    }
    if shape.is_empty() {
        shape.push(1);
    }
    let number = |(at, value): (usize, &&'v Value)| number_in(value).ok_or_else(|| Fault::NoNumber(place(at, &shape), value));
    let values = level.iter().enumerate().map(number).collect::<Result<Vec<Finite>, Fault<'v>>>()?;
    if values.is_empty() {
        return Err(Fault::NoNumber("the list".to_owned(), value));
    }
    Ok(NumberArray { shape, values, path: path.to_owned() })
}

impl NumberArray {
    /// The array that nested lists of numbers are, which stand in `path`. The error says which number is none, or that rows differ in length.
    pub fn of_lists(value: &Value, path: &str) -> Result<Self, String> {
        of_lists(value, path).map_err(|fault| match fault {
            Fault::NoNumber(place, value) => format!("{place} is {}", value.describe()),
            Fault::Ragged => "the rows are not of one length".to_owned(),
            Fault::TooLarge(count) => format!("there are {count} numbers"),
        })
    }

    /// Nested lists of its numbers.
    pub fn to_value(&self) -> Value {
        let mut level: Vec<Value> = self.values.iter().copied().map(Value::Number).collect();
        for &size in self.shape.iter().skip(1).rev() {
            level = level.chunks(size.max(1)).map(|row| Value::List(row.to_vec())).collect();
        }
        Value::List(level)
    }

    /// Where its number `at`, counted from 0, stands: "number 3", "row 2, column 1", "place (1, 2, 3)", counted from 1.
    pub fn place(&self, at: usize) -> String {
        place(at, &self.shape)
    }
}

fn place(at: usize, shape: &[usize]) -> String {
    let mut rest = at;
    let mut places: Vec<usize> = shape
        .iter()
        .rev()
        .map(|&size| {
            let place = rest % size.max(1);
            rest /= size.max(1);
            place + 1
        })
        .collect();
    places.reverse();
    match places.as_slice() {
        [] => "the number".to_owned(),
        [only] => format!("number {only}"),
        [row, column] => format!("row {row}, column {column}"),
        places => format!("place ({})", places.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")),
    }
}

fn array_in_file(name: &str, path: &str, bytes: &[u8]) -> Found<NumberArray> {
    let fault = |code, message: String| Diagnostic::error(code, message).in_file(path);
    let unreadable = |message: String| {
        let diagnostic = fault(Code::NotReadable, format!("the array `{name}` cannot be read: {message}"));
        // By its own words it holds something that is no number.
        if message.contains("not finite") { Absent::Unusable(diagnostic) } else { Absent::Unreadable(diagnostic) }
    };
    let of_numpy = |array: array::Array| {
        let array = array.numbers().map_err(unreadable)?;
        let values = array.values.into_iter().map(|value| Finite::new(value).map_err(|error| unreadable(error.to_string()))).collect::<Found<Vec<Finite>>>()?;
        let shape = if array.shape.is_empty() { vec![values.len()] } else { array.shape };
        Ok(NumberArray { shape, values, path: path.to_owned() })
    };
    match path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).as_deref() {
        Some("npy") => of_numpy(array::decode(bytes, limits::SERIES_LENGTH).map_err(unreadable)?),
        Some("npz") => {
            let archive = npz::Archive::open(bytes).map_err(unreadable)?;
            let names: Vec<&str> = archive.names().collect();
            let wanted = names.iter().find(|known| **known == name).or(names.first().filter(|_| names.len() == 1)).copied();
            let wanted = wanted.ok_or_else(|| unreadable(format!("the archive holds several arrays and none called `{name}`")))?;
            of_numpy(archive.array(wanted, limits::PREDICTIONS_UNPACKED, limits::SERIES_LENGTH).map_err(unreadable)?)
        }
        Some("json") => {
            let text = encoding::text(bytes).map_err(unreadable)?;
            let json: serde_json::Value = serde_json::from_str(&quote_non_numbers(&text)).map_err(|error| unreadable(format!("it is no JSON: {error}")))?;
            lists_in_file(name, path, &of_json(json))
        }
        _ => lists_in_file(name, path, &of_csv(&encoding::text(bytes).map_err(unreadable)?)),
    }
}

fn lists_in_file(name: &str, path: &str, value: &Value) -> Found<NumberArray> {
    of_lists(value, path).map_err(|fault| match fault {
        Fault::NoNumber(place, value) => {
            let message = format!("{place} of `{name}` is {}, expected a number", value.describe());
            let diagnostic = Diagnostic::error(Code::NotANumber, message).in_file(path);
            if value.is_no_number() { Absent::Unusable(diagnostic) } else { Absent::Unreadable(diagnostic) }
        }
        Fault::Ragged => Absent::Unreadable(Diagnostic::error(Code::WrongShape, format!("the rows of `{name}` are not of one length")).in_file(path)),
        Fault::TooLarge(count) => Absent::Unreadable(Diagnostic::error(Code::TooLarge, too_large(name, count)).in_file(path)),
    })
}

fn too_large(name: &str, count: usize) -> String {
    format!("`{name}` has {count} numbers, more than the {} that are read", limits::SERIES_LENGTH)
}

/// Rows of cells, separated by commas, semicolons, tabs or spaces. A first row without any number is a heading. One column or one row is a
/// vector.
fn of_csv(text: &str) -> Value {
    let rows: Vec<Vec<&str>> = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).map(cells).collect();
    let is_heading = |row: &Vec<&str>| row.iter().all(|cell| cell.parse::<f64>().is_err());
    let rows = if rows.len() > 1 && rows.first().is_some_and(is_heading) { &rows[1..] } else { &rows[..] };
    let cell = |cell: &&str| cell.parse::<f64>().map_or_else(|_| Value::text(*cell), Value::number);
    match rows {
        [only] => Value::List(only.iter().map(cell).collect()),
        rows if rows.iter().all(|row| row.len() == 1) => Value::List(rows.iter().flatten().map(cell).collect()),
        rows => Value::List(rows.iter().map(|row| Value::List(row.iter().map(cell).collect())).collect()),
    }
}

fn cells(line: &str) -> Vec<&str> {
    match [',', ';', '\t'].into_iter().find(|separator| line.contains(*separator)) {
        Some(separator) => line.split(separator).map(str::trim).collect(),
        None => line.split_whitespace().collect(),
    }
}

fn of_json(json: serde_json::Value) -> Value {
    match json {
        serde_json::Value::Array(values) => Value::List(values.into_iter().map(of_json).collect()),
        serde_json::Value::Number(number) => Value::number(number.as_f64().unwrap_or(f64::NAN)),
        serde_json::Value::String(text) => Value::Text(text),
        serde_json::Value::Bool(flag) => Value::Flag(flag),
        serde_json::Value::Null => Value::Unusable("null".to_owned()),
        serde_json::Value::Object(_) => Value::Text("an object".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::source::Source;

    fn bag(files: &[(&str, &[u8])]) -> Bag {
        let files: BTreeMap<String, Source> = files.iter().map(|(path, bytes)| ((*path).to_owned(), Source::Memory(bytes.to_vec()))).collect();
        Bag::new(files, BTreeMap::new())
    }

    fn read(files: &[(&str, &[u8])]) -> Result<(Vec<usize>, Vec<f64>), Absent> {
        bag(files).array("w").map(|array| (array.shape, array.values.iter().map(|value| value.get()).collect()))
    }

    #[test]
    fn one_matrix_in_every_format_is_the_same() -> Result<(), Box<dyn std::error::Error>> {
        let expected = (vec![2, 3], vec![1.0, 2.0, 3.0, 4.5, -5.0, 6.0]);
        let npz = npz::write(&[("w", &[2, 3], &expected.1)])?;
        for (path, bytes) in [
            ("metrics.json", b"{\"w\": [[1, 2, 3], [4.5, -5, \"6\"]]}".as_slice()),
            ("metrics.toml", b"w = [[1, 2, 3], [4.5, -5, 6]]"),
            ("arrays/w.json", b"[[1, 2, 3], [4.5, -5, 6.0]]"),
            ("arrays/w.csv", b"a,b,c\n1,2,3\n4.5,-5,6\n"),
            ("arrays/w.csv", b"1.0e+00 2.0e+00 3.0e+00\n4.5 -5 6\n"),
            ("arrays/w.npz", &npz),
        ] {
            assert_eq!(read(&[(path, bytes)]).as_ref(), Ok(&expected), "{path}");
        }
        Ok(())
    }

    #[test]
    fn what_is_no_number_is_unusable_and_what_is_not_understood_is_for_a_person() {
        assert!(
            matches!(read(&[("metrics.json", b"{\"w\": [1, null]}")]), Err(Absent::Unusable(d)) if d.message == "number 2 of `w` is null, expected a number")
        );
        assert!(
            matches!(read(&[("metrics.json", b"{\"w\": [[1], [NaN]]}")]), Err(Absent::Unusable(d)) if d.message.starts_with("row 2, column 1 of `w` is the text `NaN`"))
        );
        assert!(matches!(read(&[("metrics.json", b"{\"w\": [1, \"about 2\"]}")]), Err(Absent::Unreadable(_))));
        assert!(matches!(read(&[("metrics.json", b"{\"w\": [[1, 2], [3]]}")]), Err(Absent::Unreadable(d)) if d.code == Code::WrongShape));
        assert!(matches!(read(&[("arrays/w.npy", b"no array")]), Err(Absent::Unreadable(_))));
        let table = read(&[("metrics.json", b"{\"w\": {\"cat\": [1, 2], \"dog\": [3, 4]}}")]);
        assert!(matches!(table, Err(Absent::Unreadable(d)) if d.message == "`w` is a table of `cat` and `dog`; expected one value or a list"));
        assert!(matches!(read(&[("metrics.json", b"{\"v\": [1]}")]), Err(Absent::Missing(_))));
    }

    #[test]
    fn deeply_nested_lists_end() {
        let nested = |depth: usize| format!("{{\"w\": {}1{}}}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(read(&[("metrics.json", nested(100).as_bytes())]), Ok((vec![1; 100], vec![1.0])));
        assert!(read(&[("metrics.json", nested(100_000).as_bytes())]).is_err());
    }
}

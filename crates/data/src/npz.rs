//! NumPy arrays in an archive or a folder: four of them, or the answers alone.

use std::path::Path;

use super::arrays::{Features, answers_alone, features, four};
use super::place::Reading;
use super::{DataSet, Malformed, bytes};
use mlgrade_domain::diagnostic::{Code, Diagnostic};
use mlgrade_domain::name::{did_you_mean, list};
use mlgrade_numpy::npz::Archive;

/// The arrays of a data set: training features and answers, then those to validate on. These are their names unless the rubric says
/// otherwise.
pub(super) const ROLES: [&str; 4] = ["x_train", "y_train", "x_val", "y_val"];

/// The names that the rubric has for the four arrays, where it has one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Keys(pub(super) [Option<String>; 4]);

impl Keys {
    /// The names of all four.
    pub(super) fn names(&self) -> [&str; 4] {
        std::array::from_fn(|i| self.0[i].as_deref().unwrap_or(ROLES[i]))
    }
}

/// The arrays of a data set, wherever they lie.
struct Held<'h> {
    /// What holds them: "archive" or "folder".
    holder: &'static str,
    names: Vec<String>,
    /// The NPY file of an array.
    npy: &'h dyn Fn(&str) -> Result<Vec<u8>, Diagnostic>,
}

/// The data set in the NPZ archive `file`.
pub(super) fn of_archive(file: &[u8], keys: &Keys) -> Result<DataSet, Malformed> {
    let archive = Archive::open(file).map_err(|error| Malformed(format!("this is no NPZ archive: {error}")))?;
    let fault = |message: String| Diagnostic::error(Code::DataMalformed, message);
    let held =
        Held { holder: "archive", names: archive.names().map(str::to_owned).collect(), npy: &|name| archive.npy(name, bytes::MOST_BYTES).map_err(fault) };
    held.data_set(keys).map_err(|error| match error {
        Fault::Malformed(malformed) => malformed,
        Fault::Unread(diagnostic) => Malformed(diagnostic.message),
    })
}

/// The data set in the NPY files of the folder `inner`, which `read` reads.
pub(super) fn of_folder(folder: &Path, inner: &str, keys: &Keys, read: Reading<'_>) -> Result<DataSet, Diagnostic> {
    let inner = inner.trim_end_matches('/');
    let missing = |error: std::io::Error| {
        let help = "put the folder there or correct the path; paths start at the rubric's folder".to_owned();
        Diagnostic::error(Code::DataMissing, format!("the folder cannot be read: {error}")).in_file(inner).help(help)
    };
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder.join(inner)).map_err(missing)? {
        let name = entry.map_err(missing)?.file_name();
        names.extend(name.to_str().and_then(|name| name.strip_suffix(".npy")).map(str::to_owned));
    }
    names.sort();
    let held = Held { holder: "folder", names, npy: &|name| read(&format!("{inner}/{name}.npy")) };
    held.data_set(keys).map_err(|error| match error {
        Fault::Malformed(malformed) => super::source::malformed(inner, &malformed),
        Fault::Unread(diagnostic) => diagnostic,
    })
}

/// The answers in an NPY file of their own.
pub(super) fn answers_in(npy: &[u8]) -> Result<DataSet, Malformed> {
    answers_alone("y_val", npy)
}

/// Why arrays are no data set.
enum Fault {
    Malformed(Malformed),
    Unread(Diagnostic),
}

impl From<Malformed> for Fault {
    fn from(malformed: Malformed) -> Self {
        Self::Malformed(malformed)
    }
}

impl From<Diagnostic> for Fault {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::Unread(diagnostic)
    }
}

impl Held<'_> {
    /// Labelled images if the features are `uint8` in three or four dimensions, else regression; or answers alone, if there is no other
    /// array that the rubric names.
    fn data_set(&self, keys: &Keys) -> Result<DataSet, Fault> {
        let names = keys.names();
        let there = names.map(|name| self.names.iter().any(|known| known == name));
        let unnamed = keys.0[..3].iter().all(Option::is_none);
        match there {
            [true, true, true, true] => {
                let [x_train, y_train, x_val, y_val] = names;
                let x = |name: &str| -> Result<Features, Fault> { Ok(features(name, &(self.npy)(name)?)?) };
                Ok(four([x(x_train)?, x(x_val)?], [(y_train, &(self.npy)(y_train)?), (y_val, &(self.npy)(y_val)?)])?)
            }
            [false, false, false, true] if unnamed => Ok(answers_alone(names[3], &(self.npy)(names[3])?)?),
            _ => Err(self.incomplete(names, there).into()),
        }
    }

    /// Says which of the arrays `names` are not there, and what is.
    fn incomplete(&self, names: [&str; 4], there: [bool; 4]) -> Malformed {
        let known = || self.names.iter().map(String::as_str).take(20);
        let missing: Vec<&str> = names.into_iter().zip(there).filter_map(|(name, is_there)| (!is_there).then_some(name)).collect();
        let plural = if missing.len() == 1 { "array" } else { "arrays" };
        let held = if self.names.is_empty() { "none".to_owned() } else { list(known()) };
        let sentence = format!("the {} holds no {plural} {}; it holds {held}", self.holder, list(missing.iter().copied()));
        // One that is missing is likely misspelt; if there is but one array, it likely holds the answers.
        let meant = match (missing.as_slice(), self.names.as_slice()) {
            ([only], _) => did_you_mean(only, known().filter(|name| !names.contains(name))),
            ([_, _, _, _], [only]) => Some(format!("if these are the answers alone, say `y_val = \"{only}\"`")),
            _ => Some("four arrays are needed, or the answers alone, which `y_val` names".to_owned()),
        };
        Malformed(meant.map_or_else(|| sentence.clone(), |meant| format!("{sentence}; {meant}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlgrade_domain::table::Column;
    use proptest::prelude::*;

    fn archive(arrays: &[(&str, &[u64], &[f64])]) -> Vec<u8> {
        mlgrade_numpy::npz::write(arrays).unwrap()
    }

    fn message(arrays: &[(&str, &[u64], &[f64])], keys: &Keys) -> String {
        of_archive(&archive(arrays), keys).unwrap_err().to_string()
    }

    fn keys(x_train: Option<&str>, y_val: Option<&str>) -> Keys {
        Keys([x_train.map(str::to_owned), None, None, y_val.map(str::to_owned)])
    }

    #[test]
    fn four_arrays_are_a_regression() {
        let file = archive(&[
            ("x_train", &[2, 2, 1], &[1.0, 2.0, 3.0, 4.0]),
            ("y_train", &[2, 1], &[5.0, 6.0]),
            ("x_val", &[1, 2], &[7.0, 8.0]),
            ("y_val", &[1], &[9.0]),
        ]);
        let DataSet::Regression(split) = of_archive(&file, &Keys::default()).unwrap() else { panic!("no regression data") };
        assert_eq!((split.x_train.rows, split.x_train.cols, split.x_train.values), (2, 2, vec![1.0, 2.0, 3.0, 4.0]));
        assert_eq!((split.y_train, split.x_val.values, split.y_val), (vec![5.0, 6.0], vec![7.0, 8.0], vec![9.0]));
    }

    #[test]
    fn one_array_is_the_answers_alone() {
        let file = archive(&[("y_test", &[3], &[2.0, 0.0, 2.0])]);
        let data = of_archive(&file, &keys(None, Some("y_test"))).unwrap();
        assert_eq!((data.shape().as_str(), &data), ("3 answers without examples", &DataSet::Answers(Column::Number(vec![2.0, 0.0, 2.0]))));
        let answers = data.answers(None).unwrap();
        assert_eq!(answers.classes.map(|classes| classes.labels), Some(vec![1, 0, 1]));
        assert!(data.answers(Some("y")).unwrap_err().contains("only a table needs a `target`"));
    }

    #[test]
    fn missing_arrays_are_named_with_those_there() {
        let x: (&str, &[u64], &[f64]) = ("X", &[1, 1], &[1.0]);
        let y: (&str, &[u64], &[f64]) = ("y_val", &[1], &[1.0]);
        assert_eq!(
            message(&[x], &Keys::default()),
            "the archive holds no arrays `x_train`, `y_train`, `x_val` and `y_val`; it holds `X`; if these are the answers alone, say `y_val = \"X\"`"
        );
        let needed = "four arrays are needed, or the answers alone, which `y_val` names";
        assert_eq!(message(&[x, y], &keys(Some("X"), None)), format!("the archive holds no arrays `y_train` and `x_val`; it holds `X` and `y_val`; {needed}"));
        // A name that the rubric states is asked for, whatever else is there.
        let found = message(&[y], &keys(Some("X"), None));
        assert!(found.starts_with("the archive holds no arrays `X`, `y_train` and `x_val`; it holds `y_val`; four arrays"), "{found}");
        let three = [("x_train", x.1, x.2), ("y_train", y.1, y.2), ("x_val", x.1, x.2), ("y_vall", y.1, y.2)];
        assert!(message(&three, &Keys::default()).ends_with("`y_train` and `y_vall`; did you mean `y_vall`?"));
        assert!(message(&[("y_val", &[0], &[])], &Keys::default()).contains("there are no answers"));
    }

    proptest! {
        #[test]
        fn any_bytes_are_refused_or_read(tail in proptest::collection::vec(any::<u8>(), 0..100)) {
            let _ = of_archive(&tail, &Keys::default());
        }
    }
}

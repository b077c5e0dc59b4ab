//! Where a rubric says that a data set comes from: built in, or the instructor's files beside the rubric.

use std::ops::Range;
use std::path::Path;

use super::builtin::{BUILTINS, Builtin, mnist};
use super::npz::{self, Keys, ROLES};
use super::{DataSet, Malformed, Split, bytes, csv_files, picture};
use mlgrade_domain::diagnostic::{Code, Diagnostic};
use mlgrade_domain::fields::Fields;
use mlgrade_domain::name::{did_you_mean, list};

/// The four files of an IDX folder and how people spell them; each may end in `.gz`.
const IDX_FILES: [[&str; 3]; 4] = [
    ["train-images-idx3-ubyte", "train-images.idx3-ubyte", "train-images-ubyte"],
    ["train-labels-idx1-ubyte", "train-labels.idx1-ubyte", "train-labels-ubyte"],
    ["t10k-images-idx3-ubyte", "t10k-images.idx3-ubyte", "t10k-images-ubyte"],
    ["t10k-labels-idx1-ubyte", "t10k-labels.idx1-ubyte", "t10k-labels-ubyte"],
];

/// The keys that name a source, one of them in each data set.
const KEYS: [&str; 5] = ["builtin", "npz", "idx", "csv", "png"];

/// Where a data set comes from.
#[derive(Debug, Clone)]
pub struct Source {
    place: Place,
    sha256: Option<String>,
    span: Range<usize>,
}

#[derive(Debug, Clone)]
enum Place {
    Builtin(&'static Builtin),
    Npz { file: String, keys: Keys },
    Idx { folder: String },
    Table { file: String },
    Picture { file: String },
    Pair { train: String, val: String, answers: Answers },
}

/// The column that holds the answers, and what they are.
#[derive(Debug, Clone)]
enum Answers {
    Target(String),
    Label(String),
}

/// A file's name in messages and its content, unpacked.
type Loaded = (String, Vec<u8>);

impl Source {
    /// The source that a rubric's table names with `builtin`, `npz`, `idx`, `csv` or `png`.
    pub fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let mut text = |key| fields.optional::<String>(key);
        let [builtin, npz, idx, csv, png] = KEYS.map(&mut text);
        let sha256 = text("sha256");
        let named = [&builtin, &npz, &idx, &csv, &png].into_iter().flatten().count();
        if named != 1 {
            let message = format!("a data set is named by exactly one of {}", list(KEYS));
            fields.fault(if named == 0 { Code::MissingKey } else { Code::BadValue }, fields.span(), message);
        }
        let place = match (builtin, npz, idx, csv, png) {
            (Some(name), ..) => Place::Builtin(find_builtin(fields, &name)?),
            (_, Some(file), ..) => {
                let keys = Keys(ROLES.map(|role| fields.optional::<String>(role).map(toml::Spanned::into_inner)));
                Place::Npz { file: file.into_inner(), keys }
            }
            (_, _, Some(folder), ..) => Place::Idx { folder: folder.into_inner() },
            (.., Some(file), _) => read_csv(fields, file.into_inner())?,
            (.., Some(file)) => Place::Picture { file: file.into_inner() },
            _ => return None,
        };
        if let Some(hash) = &sha256 {
            if !matches!(place, Place::Npz { .. } | Place::Table { .. } | Place::Picture { .. }) {
                fields.fault(Code::BadValue, hash.span(), "`sha256` is for a data set in a single file of its own");
            } else if hash.get_ref().len() != 64 || !hash.get_ref().bytes().all(|digit| digit.is_ascii_hexdigit()) {
                fields.fault(Code::BadValue, hash.span(), "`sha256` is 64 hexadecimal digits, as `sha256sum` prints them");
            }
        }
        Some(Self { place, sha256: sha256.map(toml::Spanned::into_inner), span: fields.span() })
    }

    /// Where it stands in the rubric's text.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// The data set; paths start at `folder`, the rubric's.
    pub fn load(&self, folder: &Path) -> Result<DataSet, Diagnostic> {
        if let Place::Builtin(builtin) = self.place {
            return builtin.load();
        }
        let files = self.files(folder)?;
        let mut names = files.iter().map(|(name, _)| name.as_str());
        let first = names.next().unwrap_or_default();
        match (&self.place, files.as_slice()) {
            (Place::Npz { keys, .. }, [(_, content)]) => npz::data_set(content, keys).map_err(|error| malformed(first, &error)),
            (Place::Table { .. }, [(_, content)]) => csv_files::table(content).map(DataSet::Table).map_err(|error| malformed(first, &error)),
            (Place::Picture { .. }, [(_, content)]) => picture::of_png(content).map(DataSet::Picture).map_err(|error| malformed(first, &error)),
            (Place::Pair { answers, .. }, [train, val]) => pair(answers, train, val),
            (Place::Idx { folder }, _) => {
                let contents: Vec<Vec<u8>> = files.into_iter().map(|(_, content)| content).collect();
                mnist(&contents).map_err(|error| malformed(folder, &error))
            }
            _ => Err(malformed(first, &Malformed("the data set lacks a file".to_owned()))),
        }
    }

    /// A fingerprint of the content of all its files: 16 hexadecimal digits, the same whether they are gzipped or not.
    pub fn digest(&self, folder: &Path) -> Result<String, Diagnostic> {
        let hashes: String = match self.place {
            Place::Builtin(builtin) => builtin.files.iter().map(|file| file.sha256).collect(),
            _ => self.files(folder)?.iter().map(|(_, content)| bytes::sha256(content)).collect(),
        };
        Ok(bytes::sha256(hashes.as_bytes())[..16].to_owned())
    }

    /// The paths of the instructor's files, which start at `folder`; none if it is built in.
    pub fn paths(&self, folder: &Path) -> Vec<String> {
        match &self.place {
            Place::Builtin(_) => Vec::new(),
            Place::Npz { file, .. } | Place::Table { file } | Place::Picture { file } => vec![file.clone()],
            Place::Pair { train, val, .. } => vec![train.clone(), val.clone()],
            Place::Idx { folder: inner } => IDX_FILES.iter().map(|spellings| find_idx(folder, inner, spellings)).collect(),
        }
    }

    /// The instructor's files, checked and unpacked.
    fn files(&self, folder: &Path) -> Result<Vec<Loaded>, Diagnostic> {
        let mut files = Vec::new();
        for name in self.paths(folder) {
            let content = bytes::read(&folder.join(&name), &name)?;
            if let Some(expected) = &self.sha256 {
                bytes::verify(&content, expected, &name)?;
            }
            let content = bytes::unpack(content).map_err(|error| malformed(&name, &error))?;
            files.push((name, content));
        }
        Ok(files)
    }
}

fn find_builtin(fields: &mut Fields<'_>, name: &toml::Spanned<String>) -> Option<&'static Builtin> {
    let found = BUILTINS.iter().find(|row| row.name == name.get_ref());
    if found.is_none() {
        let names = || BUILTINS.iter().map(|row| row.name);
        let help = did_you_mean(name.get_ref(), names()).unwrap_or_else(|| format!("built in are {}", list(names())));
        fields.push(Diagnostic::error(Code::UnknownName, format!("there is no built-in data set `{}`", name.get_ref())).at(name.span()).help(help));
    }
    found
}

/// One CSV file is a table; two are training and validation data and say which column holds the answers.
fn read_csv(fields: &mut Fields<'_>, file: String) -> Option<Place> {
    let [val, target, label] = ["val", "target", "label"].map(|key| fields.optional::<String>(key).map(toml::Spanned::into_inner));
    match (val, target, label) {
        (None, None, None) => Some(Place::Table { file }),
        (Some(val), Some(target), None) => Some(Place::Pair { train: file, val, answers: Answers::Target(target) }),
        (Some(val), None, Some(label)) => Some(Place::Pair { train: file, val, answers: Answers::Label(label) }),
        _ => {
            let message = "CSV data is one table, or `val` and either `target` (numbers to predict) or `label` (classes of images)";
            fields.fault(Code::BadValue, fields.span(), message);
            None
        }
    }
}

fn pair(answers: &Answers, train: &Loaded, val: &Loaded) -> Result<DataSet, Diagnostic> {
    let both = match answers {
        Answers::Target(target) => {
            let rows = |file: &Loaded| csv_files::rows(&file.1, target).map_err(|error| malformed(&file.0, &error));
            let (training, validation) = (rows(train)?, rows(val)?);
            if training.names != validation.names {
                return Err(malformed(&val.0, &Malformed(format!("its columns are not those of {}, in the same order", train.0))));
            }
            DataSet::regression(Split { x_train: training.x, y_train: training.y, x_val: validation.x, y_val: validation.y })
        }
        Answers::Label(label) => {
            let images = |file: &Loaded| csv_files::images(&file.1, label).map_err(|error| malformed(&file.0, &error));
            let ((x_train, y_train), (x_val, y_val)) = (images(train)?, images(val)?);
            DataSet::images(Split { x_train, y_train, x_val, y_val })
        }
    };
    both.map_err(|error| malformed(&train.0, &error))
}

/// The file in `inner` that is there under one of its `spellings`; if none is, the usual one, which will be reported missing.
fn find_idx(folder: &Path, inner: &str, spellings: &[&str; 3]) -> String {
    let inner = inner.trim_end_matches('/');
    let names = spellings.iter().flat_map(|name| [format!("{inner}/{name}"), format!("{inner}/{name}.gz")]);
    names.into_iter().find(|name| folder.join(name).is_file()).unwrap_or_else(|| format!("{inner}/{}", spellings[0]))
}

fn malformed(name: &str, error: &Malformed) -> Diagnostic {
    Diagnostic::error(Code::DataMalformed, error.to_string()).in_file(name).help("correct the file, or name another in the rubric's `data`".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlgrade_picture::Picture;
    use std::fs;
    use toml::de::DeTable;

    type Outcome = Result<(), Box<dyn std::error::Error>>;

    /// The source in `toml` and the messages about it.
    fn read(toml: &str) -> (Option<Source>, Vec<Diagnostic>) {
        let table = DeTable::parse(toml).unwrap();
        let mut fields = Fields::new("a data set", table.get_ref().clone(), table.span());
        let source = Source::read(&mut fields);
        (source, fields.finish())
    }

    fn source(toml: &str) -> Source {
        let (source, faults) = read(toml);
        assert_eq!(faults, []);
        source.unwrap()
    }

    fn code(result: Result<DataSet, Diagnostic>) -> Code {
        result.unwrap_err().code
    }

    #[test]
    fn a_source_is_named_once_and_rightly() {
        let codes = |toml: &str| read(toml).1.iter().map(|fault| fault.code).collect::<Vec<_>>();
        assert_eq!(codes("builtin = 'mnist'"), []);
        assert_eq!(codes(""), [Code::MissingKey]);
        assert_eq!(codes("builtin = 'mnist'\ncsv = 'a.csv'"), [Code::BadValue]);
        assert_eq!(codes("png = 'a.png'\nnpz = 'a.npz'"), [Code::BadValue]);
        assert_eq!(codes("npz = 'a.npz'\nx_tain = 'X'"), [Code::UnknownKey]);
        assert_eq!(codes("csv = 'a.csv'\nval = 'b.csv'"), [Code::BadValue]);
        assert_eq!(codes("csv = 'a.csv'\nsha256 = 'abc'"), [Code::BadValue]);
        assert_eq!(codes("builtin = 'mnist'\nsha256 = 'abc'"), [Code::BadValue]);
        let (_, faults) = read("builtin = 'mnits'");
        assert_eq!((faults[0].code, faults[0].help.as_deref()), (Code::UnknownName, Some("did you mean `mnist`?")));
    }

    #[test]
    fn files_are_missing_changed_or_malformed() -> Outcome {
        let folder = tempfile::tempdir()?;
        let load = |toml: &str| source(toml).load(folder.path());
        assert_eq!(code(load("csv = 'a.csv'")), Code::DataMissing);
        fs::write(folder.path().join("a.csv"), "x,y\n1,2\n")?;
        assert!(load("csv = 'a.csv'").is_ok());
        assert!(load(&format!("csv = 'a.csv'\nsha256 = '{}'", bytes::sha256(b"x,y\n1,2\n"))).is_ok());
        assert_eq!(code(load(&format!("csv = 'a.csv'\nsha256 = '{}'", "0".repeat(64)))), Code::DataHash);
        assert_eq!(code(load("npz = 'a.csv'")), Code::DataMalformed);
        Ok(())
    }

    #[test]
    fn a_png_is_a_picture_of_a_limited_size() -> Outcome {
        let folder = tempfile::tempdir()?;
        let load = |toml: &str| source(toml).load(folder.path());
        let png = |width, height| Picture { width, height, rgb: vec![9; width * height * 3] }.png();
        let small = png(20, 11)?;
        fs::write(folder.path().join("a.png"), &small)?;
        assert_eq!(load("png = 'a.png'")?.shape(), "a picture of 20×11 pixels");
        assert!(load(&format!("png = 'a.png'\nsha256 = '{}'", bytes::sha256(&small))).is_ok());
        assert_eq!(code(load(&format!("png = 'a.png'\nsha256 = '{}'", "0".repeat(64)))), Code::DataHash);
        for bytes in [png(1025, 11)?, png(20, 10)?, small[..30].to_vec(), b"<svg/>".to_vec()] {
            fs::write(folder.path().join("a.png"), bytes)?;
            assert_eq!(code(load("png = 'a.png'")), Code::DataMalformed);
        }
        Ok(())
    }

    #[test]
    fn two_csv_files_are_regression_data_or_images() -> Outcome {
        let folder = tempfile::tempdir()?;
        fs::write(folder.path().join("a.csv"), "p,y\n1,2\n3,4\n")?;
        fs::write(folder.path().join("b.csv"), "p,y\n5,6\n")?;
        fs::write(folder.path().join("c.csv"), "y,p\n5,6\n")?;
        let load = |toml: &str| source(toml).load(folder.path());
        assert_eq!(load("csv = 'a.csv'\nval = 'b.csv'\ntarget = 'y'")?.shape(), "2 + 1 rows of 1 features");
        assert_eq!(load("csv = 'a.csv'\nval = 'b.csv'\nlabel = 'y'")?.shape(), "2 + 1 images of 1×1");
        assert_eq!(code(load("csv = 'a.csv'\nval = 'c.csv'\ntarget = 'y'")), Code::DataMalformed);
        Ok(())
    }

    #[test]
    fn a_folder_of_idx_files_is_found_however_it_is_spelt() -> Outcome {
        let folder = tempfile::tempdir()?;
        let inner = folder.path().join("digits");
        fs::create_dir(&inner)?;
        let images = [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 7, 8];
        let labels = [0, 0, 8, 1, 0, 0, 0, 1, 3];
        fs::write(inner.join("train-images.idx3-ubyte"), images)?;
        fs::write(inner.join("train-labels-idx1-ubyte"), labels)?;
        fs::write(inner.join("t10k-images-idx3-ubyte"), images)?;
        let source = source("idx = 'digits/'");
        let error = source.load(folder.path()).unwrap_err();
        assert_eq!((error.code, error.path.as_deref()), (Code::DataMissing, Some("digits/t10k-labels-idx1-ubyte")));
        fs::write(inner.join("t10k-labels.idx1-ubyte"), labels)?;
        assert_eq!(source.load(folder.path())?.shape(), "1 + 1 images of 1×2");
        assert_eq!(source.digest(folder.path())?.len(), 16);
        fs::write(inner.join("train-images.idx3-ubyte"), &images[..17])?;
        assert_eq!(code(source.load(folder.path())), Code::DataMalformed);
        Ok(())
    }
}

//! The files of a data set, and how they become one.

use std::path::Path;

use super::builtin::{Builtin, labels, mnist};
use super::image_folder::Listing;
use super::npz::{self, Keys};
use super::pairs;
use super::sheet::Separator;
use super::source::malformed;
use super::{DataSet, Malformed, csv_files, idx, json_lines, parquet_files, picture};
use mlgrade_domain::answers::Answers;
use mlgrade_domain::diagnostic::Diagnostic;
use mlgrade_domain::table::{Column, Table};

/// The four files of an IDX folder and how people spell them; each may end in `.gz`.
const IDX_FILES: [[&str; 3]; 4] = [
    ["train-images-idx3-ubyte", "train-images.idx3-ubyte", "train-images-ubyte"],
    ["train-labels-idx1-ubyte", "train-labels.idx1-ubyte", "train-labels-ubyte"],
    ["t10k-images-idx3-ubyte", "t10k-images.idx3-ubyte", "t10k-images-ubyte"],
    ["t10k-labels-idx1-ubyte", "t10k-labels.idx1-ubyte", "t10k-labels-ubyte"],
];

/// Where a data set lies; paths start at the rubric's folder.
#[derive(Debug, Clone)]
pub(super) enum Place {
    Builtin(&'static Builtin),
    Npz {
        file: String,
        keys: Keys,
    },
    /// A file with the answers alone, or a folder with a file for each array.
    Npy {
        path: String,
        keys: Keys,
    },
    /// A folder of four files, or a file with the labels alone.
    Idx {
        path: String,
    },
    /// A folder for each class; `val` names that of the validation images.
    Images {
        folder: String,
        val: Option<String>,
    },
    Table {
        file: String,
        format: Format,
    },
    Pair {
        train: String,
        val: String,
        format: Format,
        answers: pairs::Answers,
    },
    Picture {
        file: String,
    },
}

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// CSV or TSV.
    Lines(Separator),
    JsonLines,
    Parquet,
}

impl Format {
    /// The table in a file.
    pub(super) fn table(self, content: Vec<u8>) -> Result<Table, Malformed> {
        match self {
            Self::Lines(separator) => csv_files::table(&content, separator),
            Self::JsonLines => json_lines::table(&content),
            Self::Parquet => parquet_files::table(content),
        }
    }

    /// The key that names such a file.
    fn key(self) -> &'static str {
        match self {
            Self::Lines(Separator::TAB) => "tsv",
            Self::Lines(_) => "csv",
            Self::JsonLines => "jsonl",
            Self::Parquet => "parquet",
        }
    }
}

/// Reads a file of the instructor's by its path.
pub(super) type Reading<'r> = &'r dyn Fn(&str) -> Result<Vec<u8>, Diagnostic>;

impl Place {
    /// Whether it is a single file, whatever lies on disk.
    pub(super) fn is_one_file(&self) -> bool {
        match self {
            Self::Npz { .. } | Self::Table { .. } | Self::Picture { .. } => true,
            Self::Npy { path, .. } => is_npy(path),
            Self::Builtin(_) | Self::Idx { .. } | Self::Images { .. } | Self::Pair { .. } => false,
        }
    }

    /// The key and what it names.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Builtin(builtin) => format!("built in: {}", builtin.title),
            Self::Npz { file, .. } => format!("npz {file}"),
            Self::Npy { path, .. } => format!("npy {path}"),
            Self::Idx { path } => format!("idx {path}"),
            Self::Images { folder, .. } => format!("images {folder}"),
            Self::Table { file, format } => format!("{} {file}", format.key()),
            Self::Pair { train, val, format, .. } => format!("{} {train} and {val}", format.key()),
            Self::Picture { file } => format!("png {file}"),
        }
    }

    /// The paths of its files. The error says what is wrong with the folder that should hold them.
    pub(super) fn paths(&self, folder: &Path) -> Result<Vec<String>, Diagnostic> {
        Ok(match self {
            Self::Builtin(_) => Vec::new(),
            Self::Npz { file, .. } | Self::Table { file, .. } | Self::Picture { file } => vec![file.clone()],
            Self::Npy { path, .. } if is_npy(path) => vec![path.clone()],
            Self::Npy { path, keys } => {
                let path = path.trim_end_matches('/');
                let files = keys.names().map(|name| format!("{path}/{name}.npy"));
                files.into_iter().filter(|file| folder.join(file).is_file()).collect()
            }
            Self::Idx { path } if folder.join(path).is_file() => vec![path.clone()],
            Self::Idx { path } => IDX_FILES.iter().map(|spellings| find_idx(folder, path, spellings)).collect(),
            Self::Images { folder: inner, val } => Listing::of(folder, inner, val.as_deref())?.paths().map(str::to_owned).collect(),
            Self::Pair { train, val, .. } => vec![train.clone(), val.clone()],
        })
    }

    /// The data set in its files, which `read` reads.
    pub(super) fn load(&self, folder: &Path, read: Reading<'_>) -> Result<DataSet, Diagnostic> {
        let whole = |file: &str, parse: &dyn Fn(Vec<u8>) -> Result<DataSet, Malformed>| parse(read(file)?).map_err(|error| malformed(file, &error));
        match self {
            Self::Builtin(builtin) => builtin.load(),
            Self::Npz { file, keys } => whole(file, &|content| npz::of_archive(&content, keys)),
            Self::Npy { path, .. } if is_npy(path) => whole(path, &|content| npz::answers_in(&content)),
            Self::Npy { path, keys } => npz::of_folder(folder, path, keys, read),
            Self::Idx { path } if folder.join(path).is_file() => {
                whole(path, &|content| DataSet::answers_alone(Column::Number(idx::labels(&content)?.into_iter().map(f64::from).collect())))
            }
            Self::Idx { path } => {
                let contents = self.paths(folder)?.iter().map(|file| read(file)).collect::<Result<Vec<_>, _>>()?;
                mnist(&contents).map_err(|error| malformed(path, &error))
            }
            Self::Images { folder: inner, val } => Listing::of(folder, inner, val.as_deref())?.load(read),
            Self::Table { file, format } => whole(file, &|content| format.table(content).map(DataSet::Table)),
            Self::Picture { file } => whole(file, &|content| picture::of_png(&content).map(DataSet::Picture)),
            Self::Pair { train, val, format, answers } => pairs::pair(*format, answers, (train, read(train)?), (val, read(val)?)),
        }
    }
}

impl Place {
    /// The answers to images, without the images; `None` if they cannot be had without all of the data set.
    pub(super) fn labels(&self, folder: &Path, read: Reading<'_>) -> Option<Result<Answers, Diagnostic>> {
        match self {
            Self::Builtin(builtin) => builtin.labels(),
            Self::Idx { path } if folder.join(path).is_dir() => {
                let [train, val] = [1, 3].map(|at: usize| find_idx(folder, path, &IDX_FILES[at]));
                let both = || Ok((read(&train)?, read(&val)?));
                Some(both().and_then(|(train, val)| labels(&train, &val).map_err(|error| malformed(path, &error))))
            }
            _ => None,
        }
    }
}

fn is_npy(path: &str) -> bool {
    [".npy", ".npy.gz"].iter().any(|ending| path.to_ascii_lowercase().ends_with(ending))
}

/// The file in `inner` that is there under one of its `spellings`; if none is, the usual one, which will be reported missing.
fn find_idx(folder: &Path, inner: &str, spellings: &[&str; 3]) -> String {
    let inner = inner.trim_end_matches('/');
    let names = spellings.iter().flat_map(|name| [format!("{inner}/{name}"), format!("{inner}/{name}.gz")]);
    names.into_iter().find(|name| folder.join(name).is_file()).unwrap_or_else(|| format!("{inner}/{}", spellings[0]))
}

//! Where a rubric says that a data set comes from: built in, or the instructor's files beside the rubric.

use std::ops::Range;
use std::path::Path;

use super::builtin::{BUILTINS, Builtin};
use super::npz::{Keys, ROLES};
use super::pairs::Answers;
use super::place::{Format, Place};
use super::sheet::Separator;
use super::{DataSet, Malformed, bytes};
use mlgrade_domain::diagnostic::{Code, Diagnostic};
use mlgrade_domain::fields::Fields;
use mlgrade_domain::name::{did_you_mean, list};

/// The keys that name a source, one of them in each data set.
const KEYS: [&str; 10] = ["builtin", "csv", "tsv", "jsonl", "parquet", "npz", "npy", "idx", "images", "png"];

/// Where a data set comes from.
#[derive(Debug, Clone)]
pub struct Source {
    place: Place,
    sha256: Option<String>,
    span: Range<usize>,
    /// Files inside the program, which go before those on disk.
    carried: Carried,
}

/// Files inside the program by their path from the rubric's folder.
pub type Carried = &'static [(&'static str, &'static [u8])];

impl Source {
    /// The source that a rubric's table names with exactly one of `builtin`, `csv`, `tsv`, `jsonl`, `parquet`, `npz`, `npy`, `idx`,
    /// `images` or `png`.
    pub fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let named: Vec<(&str, toml::Spanned<String>)> = KEYS.into_iter().filter_map(|key| Some((key, fields.optional::<String>(key)?))).collect();
        let sha256 = fields.optional::<String>("sha256");
        let [(key, name)] = named.as_slice() else {
            let message = format!("a data set is named by exactly one of {}", list(KEYS));
            fields.fault(if named.is_empty() { Code::MissingKey } else { Code::BadValue }, fields.span(), message);
            return None;
        };
        let file = name.get_ref().clone();
        let place = match *key {
            "builtin" => Place::Builtin(find_builtin(fields, name)?),
            "npz" => Place::Npz { file, keys: read_keys(fields) },
            "npy" => Place::Npy { path: file, keys: read_keys(fields) },
            "idx" => Place::Idx { path: file },
            "images" => Place::Images { folder: file, val: fields.optional::<String>("val").map(toml::Spanned::into_inner) },
            "png" => Place::Picture { file },
            "csv" => read_table(fields, file, |fields| Format::Lines(separator(fields)))?,
            "tsv" => read_table(fields, file, |_| Format::Lines(Separator::TAB))?,
            "jsonl" => read_table(fields, file, |_| Format::JsonLines)?,
            _ => read_table(fields, file, |_| Format::Parquet)?,
        };
        if let Some(hash) = &sha256 {
            if !place.is_one_file() {
                fields.fault(Code::BadValue, hash.span(), "`sha256` is for a data set in a single file of its own");
            } else if hash.get_ref().len() != 64 || !hash.get_ref().bytes().all(|digit| digit.is_ascii_hexdigit()) {
                fields.fault(Code::BadValue, hash.span(), "`sha256` is 64 hexadecimal digits, as `sha256sum` prints them");
            }
        }
        Some(Self { place, sha256: sha256.map(toml::Spanned::into_inner), span: fields.span(), carried: &[] })
    }

    /// The same, whose files are among `carried`: a shipped rubric has its data inside the program.
    #[must_use]
    pub fn carried(self, carried: Carried) -> Self {
        Self { carried, ..self }
    }

    /// Where it stands in the rubric's text.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// The data set; paths start at `folder`, the rubric's.
    pub fn load(&self, folder: &Path) -> Result<DataSet, Diagnostic> {
        self.place.load(folder, &|name| self.file(folder, name))
    }

    /// The answers to images, without the images: they are a small part of the files. `None` if they cannot be had without all of the data set.
    pub(super) fn labels(&self, folder: &Path) -> Option<Result<mlgrade_domain::answers::Answers, Diagnostic>> {
        self.place.labels(folder, &|name| self.file(folder, name))
    }

    /// A fingerprint of the content of all its files: 16 hexadecimal digits, the same whether they are gzipped or not. Of folders of
    /// images also of their names, which say what the classes are.
    pub fn digest(&self, folder: &Path) -> Result<String, Diagnostic> {
        let mut hashes = String::new();
        match self.place {
            Place::Builtin(builtin) => hashes.extend(builtin.files.iter().map(|file| file.sha256)),
            _ => {
                for path in self.place.paths(folder)? {
                    if matches!(self.place, Place::Images { .. }) {
                        hashes.extend([path.as_str(), "\n"]);
                    }
                    hashes.push_str(&bytes::sha256(&self.file(folder, &path)?));
                }
            }
        }
        Ok(bytes::sha256(hashes.as_bytes())[..16].to_owned())
    }

    /// The paths of the instructor's files, which start at `folder`; none if it is built in, or if the folder with them is not there.
    pub fn paths(&self, folder: &Path) -> Vec<String> {
        self.place.paths(folder).unwrap_or_default()
    }

    /// What it is, as the rubric names it: "csv my.csv".
    pub fn words(&self) -> String {
        self.place.words()
    }

    /// The instructor's file `name`, checked and unpacked.
    fn file(&self, folder: &Path, name: &str) -> Result<Vec<u8>, Diagnostic> {
        let content = match self.carried.iter().find(|(path, _)| *path == name) {
            Some((_, content)) => content.to_vec(),
            None => bytes::read(&folder.join(name), name)?,
        };
        if let Some(expected) = &self.sha256 {
            bytes::verify(&content, expected, name)?;
        }
        bytes::unpack(content).map_err(|error| malformed(name, &error))
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

/// The names of the arrays that the rubric states.
fn read_keys(fields: &mut Fields<'_>) -> Keys {
    Keys(ROLES.map(|role| fields.optional::<String>(role).map(toml::Spanned::into_inner)))
}

/// What stands between the cells of a CSV file: a comma, unless `separator` says otherwise.
fn separator(fields: &mut Fields<'_>) -> Separator {
    let Some(stated) = fields.optional::<String>("separator") else { return Separator::COMMA };
    Separator::stated(stated.get_ref()).unwrap_or_else(|| {
        let help = "of a file with tabs say `tsv` instead of `csv`".to_owned();
        fields.push(Diagnostic::error(Code::BadValue, "`separator` is one character, such as \";\" or \"|\"").at(stated.span()).help(help));
        Separator::COMMA
    })
}

/// One file is a table; two are training and validation data and say which column holds the answers.
fn read_table(fields: &mut Fields<'_>, file: String, format: impl Fn(&mut Fields<'_>) -> Format) -> Option<Place> {
    let format = format(fields);
    let [val, target, label] = ["val", "target", "label"].map(|key| fields.optional::<String>(key).map(toml::Spanned::into_inner));
    match (val, target, label) {
        (None, None, None) => Some(Place::Table { file, format }),
        (Some(val), Some(target), None) => Some(Place::Pair { train: file, val, format, answers: Answers::Target(target) }),
        (Some(val), None, Some(label)) => Some(Place::Pair { train: file, val, format, answers: Answers::Label(label) }),
        _ => {
            let message = "such data is one table, or `val` and either `target` (numbers to predict) or `label` (classes of images)";
            fields.fault(Code::BadValue, fields.span(), message);
            None
        }
    }
}

/// The characters of a message that names what a file holds.
const MESSAGE: usize = 500;

pub(super) fn malformed(name: &str, error: &Malformed) -> Diagnostic {
    // A damaged file may have anything where a name belongs.
    let message: String = error.to_string().chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).take(MESSAGE).collect();
    Diagnostic::error(Code::DataMalformed, message).in_file(name).help("correct the file, or name another in the rubric's `data`".to_owned())
}

#[cfg(test)]
mod tests;

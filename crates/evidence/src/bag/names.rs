//! Files under names that browsers and editors gave them: `metrics (1).json`, `hw2.ipynb.json`, `answers.toml.txt`.

use std::collections::BTreeMap;

use mlgrade_domain::diagnostic::{Code, Diagnostic};

use super::super::source::Source;

/// Endings of files that are looked for by name.
const ENDINGS: [&str; 24] = [
    "ipynb",
    "json",
    "toml",
    "csv",
    "tsv",
    "npy",
    "npz",
    "png",
    "svg",
    "jpg",
    "jpeg",
    "pdf",
    "dot",
    "gv",
    "onnx",
    "safetensors",
    "pt",
    "pth",
    "ckpt",
    "bin",
    "ubj",
    "tar",
    "txt",
    "py",
];

/// Endings that browsers and editors put behind a file's own.
const APPENDED: [&str; 2] = ["json", "txt"];

/// Files under the names that they were meant to have.
pub(super) struct Meant {
    pub(super) files: BTreeMap<String, Source>,
    /// A note on each that has another one.
    pub(super) notes: Vec<Diagnostic>,
    /// What several files could be and none is taken for, by its path without the ending.
    pub(super) unclear: BTreeMap<String, Diagnostic>,
}

/// The files under the names that they were meant to have, with a note on each that has another one. A file that has its own name stays; of
/// several copies of one file none is taken. What `aliases` names by its path is meant by that path.
pub(super) fn meant(mut files: BTreeMap<String, Source>, aliases: &BTreeMap<String, String>) -> Meant {
    let mut by_name: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in files.keys().filter(|path| !aliases.values().any(|named| named == *path)) {
        if let Some(name) = meant_name(path) {
            by_name.entry(name).or_default().push(path.clone());
        }
    }
    let (mut notes, mut unclear) = (Vec::new(), BTreeMap::new());
    for (name, paths) in by_name {
        let taken = files.contains_key(&name);
        match paths.as_slice() {
            [path] if !taken => {
                notes.push(Diagnostic::warning(Code::PassedOver, format!("it is read as {name}")).in_file(path.clone()).help(format!("name it {name}")));
                if let Some(source) = files.remove(path) {
                    files.insert(name, source);
                }
            }
            _ => {
                let counts = if taken { format!("{name} counts") } else { "none of them counts".to_owned() };
                let message = format!("{} could be {name}; {counts}", paths.join(" and "));
                let note = Diagnostic::warning(Code::Ambiguous, message).help(format!("hand in one file, named {name}"));
                if !taken {
                    let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
                    unclear.insert(stem.to_owned(), note.clone());
                }
                notes.push(note);
            }
        }
    }
    Meant { files, notes, unclear }
}

/// Whether a browser or an editor gave a file its name: one that is still called so is one of several.
pub(super) fn is_copy(path: &str) -> bool {
    meant_name(path).is_some()
}

/// The path without what a browser or an editor added to it; `None` if nothing was.
fn meant_name(path: &str) -> Option<String> {
    let (folder, file) = path.rsplit_once('/').map_or(("", path), |(folder, file)| (&path[..=folder.len()], file));
    let name = without_appended(file);
    let name = without_number(&name).unwrap_or(name);
    (name != file).then(|| format!("{folder}{name}"))
}

/// `hw2.ipynb` of `hw2.ipynb.json`.
fn without_appended(file: &str) -> String {
    let shorter = file.rsplit_once('.').filter(|(inner, last)| {
        let is_known = inner.rsplit_once('.').is_some_and(|(_, ending)| ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)));
        is_known && APPENDED.iter().any(|appended| last.eq_ignore_ascii_case(appended))
    });
    shorter.map_or(file, |(inner, _)| inner).to_owned()
}

/// `metrics.json` of `metrics (1).json`, `metrics(1).json`, `metrics.json(1)` and `metrics - Copy.json`.
fn without_number(file: &str) -> Option<String> {
    let (stem, ending) = file.rsplit_once('.')?;
    let ending = bare(ending).unwrap_or(ending);
    if !ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)) {
        return None;
    }
    Some(format!("{}.{ending}", bare(stem).unwrap_or(stem)))
}

/// A name without `(1)`, ` - Copy` or ` copy` at its end.
fn bare(name: &str) -> Option<&str> {
    let copy = [" - Copy", " copy", " - copy"].iter().find_map(|word| name.strip_suffix(word));
    let numbered = || {
        let (inner, number) = name.strip_suffix(')')?.rsplit_once('(')?;
        (!number.is_empty() && number.len() <= 2 && number.bytes().all(|b| b.is_ascii_digit())).then_some(inner.trim_end())
    };
    copy.or_else(numbered).filter(|inner| !inner.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(paths: &[&str]) -> (Vec<String>, Vec<String>) {
        let files = paths.iter().map(|path| ((*path).to_owned(), Source::Memory(path.as_bytes().to_vec()))).collect();
        let Meant { files, notes, .. } = meant(files, &BTreeMap::new());
        (files.into_keys().collect(), notes.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn what_browsers_and_editors_add_falls_off() {
        for (path, name) in [
            ("hw2.ipynb.json", "hw2.ipynb"),
            ("metrics.json.txt", "metrics.json"),
            ("metrics (1).json", "metrics.json"),
            ("out/metrics(2).JSON", "out/metrics.JSON"),
            ("hw2.ipynb(1)", "hw2.ipynb"),
            ("answers - Copy.toml", "answers.toml"),
            ("figures/trees copy.png", "figures/trees.png"),
            ("hw2 (1).ipynb.txt", "hw2.ipynb"),
            ("networks/improved.pth (1).tar", "networks/improved.pth.tar"),
        ] {
            let (files, notes) = read(&[path]);
            assert_eq!(files, [name], "{path}");
            assert!(notes.len() == 1 && notes[0].contains(path) && notes[0].contains(name), "{notes:?}");
        }
    }

    #[test]
    fn a_file_under_its_own_name_counts_and_of_several_copies_none() {
        let (files, notes) = read(&["metrics (1).json", "metrics.json"]);
        assert_eq!(files, ["metrics (1).json", "metrics.json"]);
        assert!(notes[0].contains("metrics.json counts"), "{notes:?}");
        let (files, notes) = read(&["metrics (1).json", "metrics (2).json"]);
        assert_eq!(files, ["metrics (1).json", "metrics (2).json"]);
        assert!(notes[0].contains("none of them counts"), "{notes:?}");
    }

    #[test]
    fn a_file_that_the_student_names_stays_where_it_is() {
        let files = BTreeMap::from([("out (1).json".to_owned(), Source::Memory(b"{}".to_vec()))]);
        let aliases = BTreeMap::from([("metrics".to_owned(), "out (1).json".to_owned())]);
        let Meant { files, notes, .. } = meant(files, &aliases);
        assert!(files.contains_key("out (1).json") && notes.is_empty(), "{notes:?}");
    }

    #[test]
    fn other_names_stay() {
        for path in ["notes.txt", "requirements.txt", "f(x).png2", "report(final).pdf", "data.v2.csv", "model(123).onnx", "(1).json", "a.b.txt", "README"] {
            assert_eq!(read(&[path]), (vec![path.to_owned()], Vec::new()), "{path}");
        }
    }

    proptest! {
        #[test]
        fn no_file_is_lost(paths in prop::collection::btree_set("[a-c]( \\(1\\)|\\(2\\)| copy)?\\.(json|toml)(\\.txt)?", 1..8)) {
            let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
            prop_assert_eq!(read(&paths).0.len(), paths.len());
        }
    }
}

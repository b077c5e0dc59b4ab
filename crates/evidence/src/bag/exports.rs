//! Files that may hold a submission's numbers in a way that is not read.

/// How a file that holds numbers in a way that is not read becomes one that is.
struct Export {
    /// Whether a path, in lower case, is of this kind.
    is: fn(&str) -> bool,
    /// What it is.
    what: &'static str,
    /// What to do.
    todo: &'static str,
}

const WRITE: &str = "write its numbers into metrics.json";

/// The kinds of files in which numbers are logged or exported, the first that fits counts.
const EXPORTS: [Export; 5] = [
    Export { is: |path| ends(path, &[".html", ".htm"]), what: "an HTML export, which is not read", todo: "hand in the .ipynb itself" },
    Export {
        is: |path| ends(path, &[".docx", ".doc", ".odt", ".pages"]),
        what: "a document, which is not read",
        todo: "hand in the notebook, or export it as PDF",
    },
    Export {
        is: |path| file(path) == "mlflow.db",
        what: "a database of MLflow, which is not read",
        todo: "mlflow.get_run(…).data.metrics gives its numbers: write them into metrics.json",
    },
    Export { is: |path| ends(path, &[".pkl", ".pickle", ".joblib"]), what: "a pickle, which is a program and never opened", todo: WRITE },
    Export { is: |path| ends(path, &[".rar", ".7z"]), what: "an archive that is not read", todo: "pack it as .zip" },
];

/// What makes numbers and holds none.
const PROGRAM: Export = Export {
    is: |path| ends(path, &[".py", ".r", ".m"]),
    what: "a program: nothing is run",
    todo: "run it, and hand in the numbers that it prints as metrics.json",
};

/// What there is where there is no file of metrics, in words.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Instead {
    /// The numbers, in a way that a person can read.
    Export(String),
    /// What would make them.
    Program(String),
}

fn file(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn ends(path: &str, endings: &[&str]) -> bool {
    endings.iter().any(|ending| path.ends_with(ending))
}

/// Where there is no file of metrics: what among `paths` may hold the numbers or make them, and how to hand them in.
pub(super) fn instead_of_metrics(paths: &[&str]) -> Option<Instead> {
    let help = |export: &Export| {
        let path = paths.iter().find(|path| (export.is)(&path.to_lowercase()))?;
        Some(format!("{path} is {}: {}", export.what, export.todo))
    };
    EXPORTS.iter().find_map(help).map(Instead::Export).or_else(|| help(&PROGRAM).map(Instead::Program))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_the_numbers_is_named_with_what_to_do() {
        for (path, words) in
            [("hw2.html", "hand in the .ipynb"), ("mlflow.db", "MLflow"), ("homework.docx", "PDF"), ("results.pkl", "pickle"), ("hw2.py", "nothing is run")]
        {
            let Some(Instead::Export(said) | Instead::Program(said)) = instead_of_metrics(&[path, "README.md"]) else { panic!("{path}: nothing") };
            assert!(said.starts_with(path) && said.contains(words), "{path}: {said}");
        }
        assert_eq!(instead_of_metrics(&["README.md", "figures/trees.png"]), None);
        assert!(matches!(instead_of_metrics(&["hw2.py", "hw2.html"]), Some(Instead::Export(_))), "what holds numbers goes before what makes them");
        assert!(matches!(instead_of_metrics(&["hw2.py"]), Some(Instead::Program(_))));
    }
}

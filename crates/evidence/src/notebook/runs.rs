//! How a notebook was run: from top to bottom, without errors, with its outputs.

use super::marks::of_code;
use super::{Kind, Notebook, Output};

/// What may be asked of a notebook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requirement {
    /// Its code cells were run from top to bottom, each once, in a fresh kernel.
    InOrder,
    /// No error is saved in it.
    NoErrors,
    /// Its outputs are saved, those of marked cells above all.
    Outputs,
}

/// Packages whose printed versions are reported.
const PACKAGES: [&str; 13] =
    ["python", "numpy", "scipy", "pandas", "sklearn", "scikit-learn", "torch", "tensorflow", "keras", "jax", "xgboost", "lightgbm", "matplotlib"];

impl Notebook {
    /// Whether it keeps a requirement, and the sentence that says so.
    pub fn keeps(&self, requirement: Requirement) -> Result<String, String> {
        match requirement {
            _ if self.code_cells().next().is_none() => Err("there is no code in it".to_owned()),
            Requirement::InOrder => self.in_order(),
            Requirement::NoErrors => self.errors(),
            Requirement::Outputs => self.has_outputs(),
        }
    }

    fn in_order(&self) -> Result<String, String> {
        let (mut expected, mut before) = (1, None);
        if self.code_cells().all(|cell| !matches!(cell.kind, Kind::Code { count: Some(_), .. })) {
            return Err("no cell says when it was run: run all cells and save".to_owned());
        }
        for cell in self.code_cells() {
            let place = cell.place();
            let then = before.map_or_else(String::new, |before| format!(", after {before}"));
            match cell.kind {
                Kind::Code { count: Some(count), .. } if count == expected => {}
                Kind::Code { count: Some(count), .. } => {
                    return Err(format!("{place} stands where [{expected}] belongs{then}: [{count}] was not run from top to bottom in a fresh kernel"));
                }
                _ => return Err(format!("{place} was not run{then}")),
            }
            expected += 1;
            before = Some(place);
        }
        Ok(format!("run in order, [1] to [{}]", expected - 1))
    }

    fn errors(&self) -> Result<String, String> {
        let mut errors = Vec::new();
        // A cell with this tag is there to show an error.
        for cell in self.code_cells().filter(|cell| !cell.tags.iter().any(|tag| tag == "raises-exception")) {
            for output in cell.outputs() {
                if let Output::Error { name, message } = output {
                    errors.push(format!("{} ends with {name}: {message}", cell.place()));
                }
            }
        }
        match errors.as_slice() {
            [] => Ok("no saved errors".to_owned()),
            [one] => Err(one.clone()),
            [first, ..] => Err(format!("{first}, and {} more errors", errors.len() - 1)),
        }
    }

    fn has_outputs(&self) -> Result<String, String> {
        if let Some(sentence) = self.cleared() {
            return Err(sentence);
        }
        let without = self.code_cells().find_map(|cell| {
            let mark = of_code(cell).into_iter().next()?;
            let shows = cell.outputs().iter().any(|output| matches!(output, Output::Printed(_) | Output::Shown { .. } | Output::TooLarge(_)));
            (!shows).then(|| format!("{} is marked `{}` and has no output", cell.place(), mark.name))
        });
        without.map_or_else(|| Ok("its outputs are saved".to_owned()), Err)
    }

    /// What to say of a notebook whose outputs are gone.
    pub(crate) fn cleared(&self) -> Option<String> {
        let all = self.code_cells().count();
        let gone = all > 0 && self.code_cells().all(|cell| cell.outputs().is_empty());
        let path = &self.path;
        let cells = if all == 1 { format!("the only code cell of {path} has no output") } else { format!("all {all} code cells of {path} have no outputs") };
        gone.then(|| format!("{cells}: run all cells and save the notebook"))
    }

    /// Versions of packages that it prints, such as "numpy 2.1.0".
    pub fn versions(&self) -> Vec<String> {
        let mut versions: Vec<String> = Vec::new();
        for cell in self.code_cells() {
            let printed = cell.printed().unwrap_or_default();
            for line in printed.lines().filter(|line| line.len() < 500) {
                let words: Vec<&str> = line.split([' ', ':', '=', ',', '(', ')', '|', '\t']).filter(|word| !word.is_empty() && *word != "version").collect();
                for pair in words.windows(2) {
                    let package = pair[0].to_lowercase();
                    let package = package.trim_end_matches(".__version__");
                    let version = pair[1].chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '-')) && pair[1].contains('.');
                    if PACKAGES.contains(&package) && version && pair[1].starts_with(|c: char| c.is_ascii_digit()) && pair[1].len() < 30 {
                        versions.push(format!("{package} {}", pair[1]));
                    }
                }
            }
        }
        versions.sort();
        versions.dedup();
        versions.truncate(8);
        versions
    }
}

//! `check = "notebook"`: a notebook that was run from top to bottom and handed in with its outputs.

use crate::domain::diagnostic::Code;
use crate::domain::fields::Fields;
use crate::domain::key::{Key, Type};
use crate::domain::points::Fraction;
use crate::domain::quantity::Quantity;
use crate::domain::verdict::{Finding, Verdict};
use crate::evidence::notebook::Requirement;

use super::{Case, Check, Edition, Example, Kind, Need, Stop, settings};

pub(super) const KIND: Kind = Kind {
    name: "notebook",
    about: "\
Judges how a notebook (.ipynb) was run. Nothing is run again.",
    keys: &[
        Key::new("notebook", Type::Text, r#""hw2""#, "Its name, with or without .ipynb; left out, the only one."),
        Key::new(
            "requires",
            Type::Words(&["in-order", "no-errors", "outputs"]),
            r#"["in-order"]"#,
            "What it must keep, each an equal share of the points. \"in-order\": its code cells were run from top to bottom, each once: \
            [1], [2], [3], …; \"no-errors\": no error is saved in it; a cell with the tag `raises-exception` may have one; \"outputs\": \
            its outputs are saved, and every cell with a mark such as `# mlgrade: best_depth` has one.",
        )
        .default("[\"in-order\", \"no-errors\", \"outputs\"]"),
    ],
    more: "\
Its kernel, and versions of packages that it prints, are told.",
    example: Example { item: "requires = [\"in-order\", \"no-errors\", \"outputs\"]", reference: "", passes: "", fails: "" },
    read,
};

const REQUIREMENTS: [(&str, Requirement); 3] = [("in-order", Requirement::InOrder), ("no-errors", Requirement::NoErrors), ("outputs", Requirement::Outputs)];

#[derive(Debug)]
struct NotebookCheck {
    notebook: Option<String>,
    requires: Vec<Requirement>,
}

#[expect(clippy::unnecessary_wraps, reason = "the table of kinds asks for it; these settings have defaults")]
fn read(fields: &mut Fields<'_>, _: Edition) -> Option<Box<dyn Check>> {
    let notebook = fields.optional::<String>("notebook").map(toml::Spanned::into_inner);
    let mut requires: Vec<Requirement> = Vec::new();
    for word in settings::optional_names(fields, "requires").unwrap_or_default() {
        match REQUIREMENTS.iter().find(|(name, _)| name == word.get_ref()) {
            Some((_, requirement)) if !requires.contains(requirement) => requires.push(*requirement),
            Some(_) => fields.fault(Code::BadValue, word.span(), format!("`requires` has `{}` twice", word.get_ref())),
            None => {
                let message = format!("`requires` has \"in-order\", \"no-errors\" and \"outputs\", not `{}`", word.get_ref());
                fields.fault(Code::BadValue, word.span(), message);
            }
        }
    }
    if requires.is_empty() {
        requires = REQUIREMENTS.iter().map(|(_, requirement)| *requirement).collect();
    }
    Some(Box::new(NotebookCheck { notebook, requires }))
}

impl Check for NotebookCheck {
    fn judge(&self, case: &Case<'_>) -> Result<Finding, Stop> {
        let notebook = case.student.notebook(self.notebook.as_deref())?;
        let shown: Vec<Result<String, String>> = self.requires.iter().map(|requirement| notebook.keeps(*requirement)).collect();
        let kept = shown.iter().filter(|sentence| sentence.is_ok()).count();
        let verdict = Verdict::of(Fraction::new(kept, shown.len()));
        let mut faults: Vec<&str> = shown.iter().filter_map(|sentence| sentence.as_ref().err().map(String::as_str)).collect();
        faults.dedup();
        let fine: Vec<&str> = shown.iter().filter_map(|sentence| sentence.as_ref().ok().map(String::as_str)).collect();
        let sentences = if faults.is_empty() { fine } else { faults };
        let mut made_with = notebook.kernel.iter().cloned().chain(notebook.versions()).collect::<Vec<_>>().join(", ");
        if !made_with.is_empty() {
            made_with = format!(" ({made_with})");
        }
        let help = if verdict == Verdict::Pass { "" } else { "; restart the kernel, run all cells and save" };
        let finding = Finding::new(
            verdict,
            format!("{}{made_with}: {}", notebook.path, sentences.join("; ")),
            format!("{}: {}{help}", notebook.path, sentences.join("; ")),
        );
        Ok(finding.actual(Quantity::count(kept, shown.len())).exhibit("notebook", &notebook.path))
    }

    fn needs(&self) -> Vec<Need<'_>> {
        vec![Need::Notebook(self.notebook.as_deref())]
    }
}

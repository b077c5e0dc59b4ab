//! A hand-out for students, of what a rubric asks for.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::check::Need;
use crate::domain::points::Points;
use crate::domain::verdict::Visibility;
use crate::rubric::{Item, Rubric};

/// The hand-out of `rubric` as Markdown: what each part asks for, and where what is handed in goes. Nothing that the student's edition keeps back
/// is in it. `check` is the file of the student's edition, as students get it.
pub fn handout(rubric: &Rubric, check: &str) -> String {
    let mut out = format!("# {}\n", rubric.title);
    let shown = |item: &&Item| item.visibility != Visibility::Hidden;
    for part in &rubric.parts {
        let items: Vec<&Item> = part.items.iter().filter(shown).collect();
        if items.is_empty() {
            continue;
        }
        let points: Points = items.iter().filter(|item| !item.bonus).map(|item| item.points).sum();
        let _ = write!(out, "\n## {} ({points} points)\n\n", part.title);
        if let Some(instructions) = &part.instructions {
            let _ = writeln!(out, "{}\n", instructions.trim());
        }
        for item in items {
            let bonus = if item.bonus { ", for extra points" } else { "" };
            let _ = writeln!(out, "- {} ({}{bonus})", item.title, item.points);
        }
    }
    let files = files(rubric.items().filter(shown));
    out += "\n## What to hand in\n\nA folder, or an archive of it, with these files:\n\n| file | what is in it |\n|---|---|\n";
    for (file, names) in &files {
        let _ = writeln!(out, "| `{file}` | {} |", names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "));
    }
    let _ = write!(
        out,
        "\nIn a notebook, a comment above what prints or draws a thing says its name: `# mlgrade: metrics` above `print(json.dumps(metrics))`, \
         `# mlgrade: figures/loss` above a plot.\n\nBefore you hand in:\n\n    mlgrade check . --rubric {check}\n\ntells what is found, what to fix and what is not there yet.\n"
    );
    out
}

/// The files that items ask for, with the names in them.
fn files<'r>(items: impl Iterator<Item = &'r Item>) -> BTreeMap<String, Vec<String>> {
    let mut files: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for need in items.flat_map(|item| item.check.needs()) {
        let (file, name) = match need {
            Need::Evidence(name) | Need::Array(name) => ("metrics.json".to_owned(), Some(name)),
            Need::Answer(name) | Need::Rule(name) => ("answers.json".to_owned(), Some(name)),
            Need::Figure(name) => (format!("figures/{name}.png"), None),
            Need::Predictions(name) => (format!("predictions/{name}.csv"), None),
            Need::Network(name) => (format!("networks/{name}.onnx"), None),
            Need::File(path) => (path.to_owned(), None),
            Need::Notebook(name) => (format!("{}.ipynb", name.unwrap_or("notebook").trim_end_matches(".ipynb")), None),
            _ => continue,
        };
        let names = files.entry(file).or_default();
        names.extend(name.map(str::to_owned).filter(|name| !names.contains(name)).into_iter().collect::<Vec<_>>());
    }
    files
}

//! The hand-out as Markdown: what to do, what to hand in under which name, and how.

use std::fmt::Write;

use super::{Asked, Handout, PartAsked};
use crate::check::request::RequestKind;

/// The hand-out. `rubric` is the file that students check with.
pub fn markdown(handout: &Handout, rubric: &str) -> String {
    let mut out = format!("# {}\n\n", plain(&handout.title));
    if let Some(due) = &handout.due {
        let _ = writeln!(out, "Due {due}.\n");
    }
    let _ = writeln!(
        out,
        "Record your results in your notebook or program, and check them as often as you like:\n\n\
         ```python\n# pip install mlgrade\nfrom mlgrade import Submission\nsub = Submission(\"{rubric}\")\n# … your work, and a line for each name below …\nsub.check()\nsub.zip(\"{}.zip\")  # hand this in\n```\n\n\
         Without Python: write numbers into `metrics.json`, answers and rules into `answers.json`, and run `mlgrade check . --rubric {rubric}`.\n\
         The check never shows what the course compares with.",
        handout.rubric
    );
    for part in &handout.parts {
        let _ = writeln!(out, "\n## {}\n", plain(&part.title));
        if let Some(instructions) = &part.instructions {
            let _ = writeln!(out, "{}\n", instructions.trim());
        }
        for item in &part.items {
            let bonus = if item.bonus { ", for extra points" } else { "" };
            let _ = writeln!(out, "- {} ({}{bonus})", plain(&item.title), item.points);
        }
        names(&mut out, handout, part);
    }
    rules(&mut out, handout);
    out
}

/// The table of the names that are first asked for in `part`.
fn names(out: &mut String, handout: &Handout, part: &PartAsked) {
    let names: Vec<&Asked> = names_of(handout, part).collect();
    if names.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n| name | what | goes to |\n|---|---|---|");
    for asked in names {
        let optional = if asked.optional { " (optional)" } else { "" };
        let _ = writeln!(out, "| `{}` | {}{optional} | `{}` |", cell(&asked.name), cell(&asked.what()), cell(&asked.file));
    }
}

/// The names that the items of `part` ask for, and no earlier part's.
pub(super) fn names_of<'h>(handout: &'h Handout, part: &PartAsked) -> impl Iterator<Item = &'h Asked> {
    let begins = format!("{}/", part.id);
    handout.names.iter().filter(move |asked| asked.items.first().is_some_and(|item| item.starts_with(&begins)))
}

/// How a rule is written, if one is asked for.
fn rules(out: &mut String, handout: &Handout) {
    let Some((name, class)) =
        handout.names.iter().find_map(|asked| if let RequestKind::Rule { class, .. } = &asked.kind { Some((&asked.name, class)) } else { None })
    else {
        return;
    };
    let _ = writeln!(
        out,
        "\n## How to write a rule\n\n\
         Conditions on columns, with `and`, `or` and brackets, then the class: `column_a > 1.5 and column_b <= 20 -> {class}`.\n\
         Comparisons are `<`, `<=`, `>`, `>=`, `==`; names of columns are those of the data. The text of scikit-learn's `export_text(tree, feature_names=…)` is a rule too;\n\
         `sub.rule(\"{name}\", tree, feature_names)` writes it from a fitted tree."
    );
}

/// A title without line breaks.
pub(super) fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Text in a cell of a table.
fn cell(text: &str) -> String {
    plain(text).replace('|', "\\|")
}

//! A notebook to fill in (nbformat 4.5): what to do, room for it, and a cell that records everything.

use std::fmt::Write;

use serde_json::{Value, json};

use super::markdown::{names_of, plain};
use super::{Handout, PartAsked};

/// Where a notebook is going to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// On the student's computer, beside the rubric.
    Local,
    /// On Colab, which begins with an empty folder: the notebook carries the rubric.
    Colab,
}

/// The notebook as JSON. `rubric` is the name of the student's edition, `text` what is in it.
pub fn notebook(handout: &Handout, rubric: &str, text: &str, kind: Kind) -> String {
    let mut cells = Cells::default();
    let due = handout.due.as_ref().map(|due| format!("\n\nDue {due}.")).unwrap_or_default();
    cells.markdown(&format!("# {}{due}", plain(&handout.title)));
    match kind {
        Kind::Local => cells.code("%pip install -q mlgrade"),
        Kind::Colab => {
            cells.code("%pip install -q mlgrade");
            cells.code(&format!("%%writefile {rubric}\n{}", text.trim_end()));
        }
    }
    cells.code(&format!("from mlgrade import Submission\n\nsub = Submission(\"{rubric}\")"));
    for part in &handout.parts {
        let mut said = format!("## {}\n", plain(&part.title));
        if let Some(instructions) = &part.instructions {
            let _ = write!(said, "\n{}\n", instructions.trim());
        }
        cells.markdown(&said);
        for item in &part.items {
            let bonus = if item.bonus { ", for extra points" } else { "" };
            cells.markdown(&format!("### {} ({}{bonus})", plain(&item.title), item.points));
            cells.code("# your work");
        }
    }
    cells.markdown("## Hand in\n\nPut your own values in the places of the dots. A line with dots left in it records nothing.");
    for part in &handout.parts {
        let lines = record(handout, part);
        if !lines.is_empty() {
            cells.code(&format!("# {}\n{}", plain(&part.title), lines.join("\n")));
        }
    }
    cells.code("sub.check()");
    let name = format!("{}.zip", handout.rubric);
    cells.code(&match kind {
        Kind::Local => format!("sub.zip(\"{name}\")  # hand this in"),
        Kind::Colab => format!("sub.zip(\"{name}\")\n\nfrom google.colab import files\nfiles.download(\"{name}\")  # hand this in"),
    });
    let notebook = json!({
        "cells": cells.0,
        "metadata": {
            "kernelspec": { "display_name": "Python 3", "language": "python", "name": "python3" },
            "language_info": { "name": "python" },
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    });
    format!("{notebook:#}\n")
}

/// The lines that record what `part` is the first to ask for.
fn record(handout: &Handout, part: &PartAsked) -> Vec<String> {
    names_of(handout, part).filter_map(super::Asked::line).collect()
}

#[derive(Default)]
struct Cells(Vec<Value>);

impl Cells {
    fn markdown(&mut self, text: &str) {
        let id = self.id();
        self.0.push(json!({ "cell_type": "markdown", "id": id, "metadata": {}, "source": lines(text) }));
    }

    fn code(&mut self, text: &str) {
        let id = self.id();
        self.0.push(json!({ "cell_type": "code", "execution_count": null, "id": id, "metadata": {}, "outputs": [], "source": lines(text) }));
    }

    fn id(&self) -> String {
        format!("cell-{}", self.0.len() + 1)
    }
}

/// The lines of a cell as notebooks keep them: each but the last with its end.
fn lines(text: &str) -> Vec<&str> {
    text.trim_end().split_inclusive('\n').collect()
}

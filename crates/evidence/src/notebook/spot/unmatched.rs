//! What is said when a pattern matches nothing: where its words do stand, or the line that comes nearest.

use mlgrade_domain::diagnostic::{Code, Diagnostic};

use super::super::super::Absent;
use super::super::super::printed::pattern::Pattern;
use super::super::super::printed::tables::html;
use super::super::{Kind, Notebook};
use super::region::{Piece, plain};
use super::{Spot, Stream};

impl Spot {
    /// That `pattern`, written as `text`, matches nothing in `searched`. If something comes near, a person looks at it.
    pub(super) fn nothing_matched(&self, name: &str, text: &str, pattern: &Pattern, searched: &[&Piece<'_>], notebooks: &[&Notebook]) -> Absent {
        let files: Vec<&str> = notebooks.iter().map(|notebook| notebook.path.as_str()).collect();
        let within = match (self.cell, &self.heading) {
            (Some(cell), _) => format!("cell {cell} of {}", files.join(" or ")),
            (None, Some(heading)) => format!("what stands under `{heading}` in {}", files.join(" or ")),
            (None, None) => files.join(" or "),
        };
        let message = format!("`{name}`: the pattern `{text}` matches nothing in {within}");
        if let Some(near) = self.elsewhere(pattern, notebooks).or_else(|| nearest(pattern, searched)) {
            return Absent::ForAPerson(Diagnostic::error(Code::NotFound, message).help(near));
        }
        let cleared = notebooks.iter().find_map(|notebook| notebook.cleared());
        Absent::Missing(Diagnostic::error(Code::NotFound, message).help(cleared))
    }

    /// Where the pattern does match: in what is not read, or not in the cell that was named.
    fn elsewhere(&self, pattern: &Pattern, notebooks: &[&Notebook]) -> Option<String> {
        let matches = |text: &str| !pattern.matches(text).is_empty();
        for notebook in notebooks {
            for cell in &notebook.cells {
                let place = format!("{}, {}", notebook.path, cell.place());
                if self.stream == Stream::Stdout && matches(&cell.logged()) {
                    return Some(format!("{place} prints it as progress or as a warning (stderr), which is read with `stream = \"stderr\"` only"));
                }
                if cell.printed().is_ok_and(|text| matches(&text)) {
                    return Some(format!("it stands in {place}"));
                }
                if let Some(page) = cell.pages().find(|page| matches(&html::text(page))) {
                    let way = if html::tables(page).is_empty() { "print it" } else { "say its `row` and `column`" };
                    return Some(format!("{place} shows it as HTML only, which patterns do not read: {way}"));
                }
                if cell.kind == Kind::Markdown && matches(&plain(&cell.source)) {
                    return Some(format!("it stands in the text of {place}, which is read with `cell = {}` only", cell.number));
                }
            }
        }
        None
    }
}

/// The line of what was searched that comes nearest to the pattern.
fn nearest(pattern: &Pattern, searched: &[&Piece<'_>]) -> Option<String> {
    let lines = searched.iter().filter_map(|piece| pattern.nearest(&piece.text).map(|(share, line)| (share, line, &piece.place)));
    let (_, line, place) = lines.reduce(|best, next| if next.0 > best.0 { next } else { best })?;
    let shown: String = line.chars().take(80).collect();
    let more = if shown.len() < line.len() { "…" } else { "" };
    Some(format!("the nearest line is `{shown}{more}`, in {place}"))
}

//! Lines in bold that stand for headings, as many courses write them: `**Inline Question 1**`.

use super::marks::bare;
use super::{Cell, Kind, Notebook};

/// What stands under the line in bold that says `wanted`, in its own text cell, with its place: up to a heading, or to another such line
/// that begins with the same word ("Inline Question 2").
pub(super) fn beneath<'n>(wanted: &str, notebooks: &[&'n Notebook]) -> Vec<(String, &'n Notebook, &'n Cell)> {
    let mut found = Vec::new();
    for notebook in notebooks {
        for cell in notebook.cells.iter().filter(|cell| cell.kind == Kind::Markdown) {
            let mut lines = cell.source.lines();
            while let Some(line) = lines.next() {
                if title(line).is_some_and(|words| words.eq_ignore_ascii_case(wanted)) {
                    let rest: Vec<&str> = lines.clone().take_while(|line| !line.trim_start().starts_with('#') && !is_next(line, wanted)).collect();
                    found.push((rest.join("\n").trim().to_owned(), *notebook, cell));
                }
            }
        }
    }
    found
}

/// The words of a line that is bold from end to end.
fn title(line: &str) -> Option<String> {
    let line = line.trim();
    let inside = ["**", "__"].iter().find_map(|mark| line.trim_end_matches([':', ' ']).strip_prefix(mark)?.strip_suffix(mark))?;
    (!inside.contains("**")).then(|| bare(inside).trim_end_matches([':', ' ']).to_owned())
}

fn is_next(line: &str, wanted: &str) -> bool {
    let first = |text: &str| text.split_whitespace().next().map(str::to_lowercase);
    title(line).is_some_and(|words| first(&words) == first(wanted))
}

#[cfg(test)]
mod tests {
    use super::title;

    #[test]
    fn only_a_line_that_is_bold_as_a_whole_is_a_title() {
        for (line, expected) in [
            ("**Inline Question 1**", Some("Inline Question 1")),
            ("  **Inline Question 1:** ", Some("Inline Question 1")),
            ("**Inline Question 1**:", Some("Inline Question 1")),
            ("__Why?__", Some("Why?")),
            ("**Your answer:** forest", None),
            ("**a** and **b**", None),
            ("Inline Question 1", None),
        ] {
            assert_eq!(title(line).as_deref(), expected, "{line}");
        }
    }
}

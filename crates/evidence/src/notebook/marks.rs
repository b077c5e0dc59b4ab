//! Marks: how a notebook says what a cell states. `# mlgrade: NAME, NAME` in code, a tag `mlgrade:NAME`, `<!-- mlgrade: NAME -->` in text,
//! or a heading that is a name.

use mlgrade_domain::limits;

use super::super::printed::pattern::{Pattern, Which};
use super::{Cell, Kind};

/// What a cell is said to state.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Mark {
    /// The name.
    pub(super) name: String,
    /// How the value is found, unless the output says it by itself.
    pub(super) pattern: Option<(Pattern, Which)>,
    /// Why the mark cannot be understood.
    pub(super) fault: Option<String>,
}

/// A stretch of a text cell under one mark or heading.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Section {
    /// The marks above it.
    pub(super) marks: Vec<Mark>,
    /// Its heading and how deep that is: 1 for `#`.
    pub(super) heading: Option<(usize, String)>,
    /// Its text.
    pub(super) text: String,
}

/// The word that begins a mark.
const WORD: &str = "mlgrade:";

/// The marks of a code cell.
pub(super) fn of_code(cell: &Cell) -> Vec<Mark> {
    let mut marks = of_tags(cell);
    for line in cell.source.lines() {
        // A `#` inside of a string begins no comment; an odd quote before it tells.
        let comment = line.match_indices('#').map(|(at, _)| at).find(|&at| ['"', '\''].iter().all(|&quote| line[..at].matches(quote).count() % 2 == 0));
        let comment = comment.map(|at| line[at..].trim_start_matches('#').trim());
        if let Some(marked) = comment.and_then(after_word) {
            marks.extend(parse(marked));
        }
    }
    marks.truncate(limits::CELL_MARKS);
    if matches!(cell.kind, Kind::Code { .. }) { marks } else { Vec::new() }
}

/// The marks in a cell's tags.
pub(super) fn of_tags(cell: &Cell) -> Vec<Mark> {
    cell.tags.iter().filter_map(|tag| after_word(tag.trim())).flat_map(parse).collect()
}

fn after_word(text: &str) -> Option<&str> {
    text.get(..WORD.len()).filter(|word| word.eq_ignore_ascii_case(WORD)).map(|_| text[WORD.len()..].trim())
}

/// `a, b = "error: {number}", c = last "error: {number}"`.
fn parse(text: &str) -> Vec<Mark> {
    let mut parts = vec![String::new()];
    let mut quoted = false;
    for c in text.chars().take(4_000) {
        quoted ^= c == '"';
        match parts.last_mut() {
            Some(part) if c != ',' || quoted => part.push(c),
            _ => parts.push(String::new()),
        }
    }
    parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).take(limits::CELL_MARKS).map(one).collect()
}

fn one(text: &str) -> Mark {
    let (name, pattern) = text.split_once('=').map_or((text, None), |(name, pattern)| (name.trim(), Some(pattern.trim())));
    let read = |pattern: &str| {
        let (word, quoted) = pattern.split_once('"').ok_or("a pattern stands in double quotes")?;
        let which = match word.trim() {
            "" | "only" => Which::Only,
            "first" => Which::First,
            "last" => Which::Last,
            "all" => Which::All,
            other => match other.parse() {
                Ok(nth) if nth > 0 => Which::Nth(nth),
                _ => return Err(format!("`{other}` is none of only, first, last, all and a number from 1")),
            },
        };
        Ok((Pattern::parse(quoted.strip_suffix('"').unwrap_or(quoted))?, which))
    };
    let pattern = pattern.map(read).transpose();
    let odd = name.contains(char::is_whitespace).then(|| format!("`{name}` is no name: names are kept apart by commas"));
    let fault = odd.or_else(|| pattern.as_ref().err().cloned());
    // The first word may well be what is looked for.
    Mark { name: name.split_whitespace().next().unwrap_or_default().to_owned(), pattern: pattern.unwrap_or_default(), fault }
}

/// A text cell, cut at its headings and marks.
pub(super) fn sections(cell: &Cell) -> Vec<Section> {
    let empty = |marks, heading| Section { marks, heading, text: String::new() };
    let mut sections = vec![empty(of_tags(cell), None)];
    let mut fenced = false;
    for line in cell.source.lines() {
        let trimmed = line.trim();
        fenced ^= trimmed.starts_with("```");
        let marked = trimmed.strip_prefix("<!--").and_then(|rest| rest.split_once("-->")).filter(|_| !fenced);
        if let Some((marks, rest)) = marked.and_then(|(comment, rest)| Some((parse(after_word(comment.trim())?), rest))) {
            sections.push(Section { text: format!("{}\n", rest.trim()), ..empty(marks, None) });
        } else if let Some(heading) = heading(trimmed).filter(|_| !fenced) {
            // A mark right above a heading goes for what is below it.
            let marks = match sections.last() {
                Some(last) if last.text.trim().is_empty() && last.heading.is_none() => sections.pop().map(|last| last.marks).unwrap_or_default(),
                _ => Vec::new(),
            };
            sections.push(empty(marks, Some(heading)));
        } else if let Some(section) = sections.last_mut() {
            section.text.push_str(line);
            section.text.push('\n');
        }
    }
    for section in &mut sections {
        section.text = section.text.trim().to_owned();
    }
    sections
}

/// The depth and words of a line such as `## Why?`.
fn heading(line: &str) -> Option<(usize, String)> {
    let words = line.trim_start_matches('#');
    let depth = line.len() - words.len();
    ((1..=6).contains(&depth) && words.starts_with([' ', '\t'])).then(|| (depth, bare(words)))
}

/// The words of a heading without what makes them bold, slanted or code.
pub(super) fn bare(words: &str) -> String {
    words.trim().trim_end_matches('#').replace(['`', '*'], "").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(source: &str, tags: &[&str]) -> Vec<String> {
        let kind = Kind::Code { count: None, outputs: Vec::new() };
        let cell = Cell { number: 1, tags: tags.iter().map(|&tag| tag.to_owned()).collect(), source: source.to_owned(), kind };
        of_code(&cell)
            .into_iter()
            .map(|mark| mark.name + if mark.pattern.is_some() { " p" } else { "" } + if mark.fault.is_some() { " !" } else { "" })
            .collect()
    }

    #[test]
    fn marks_stand_in_comments_and_tags() {
        for (source, expected) in [
            ("# mlgrade: improved.val_error\nprint(1)", vec!["improved.val_error"]),
            ("#MLGrade:a, b ,figures/trees", vec!["a", "b", "figures/trees"]),
            ("print(x)  # mlgrade: a", vec!["a"]),
            ("print('# mlgrade: a')", vec![]),
            ("print('x') # mlgrade: a", vec!["a"]),
            ("# mlgrade: a = \"err, {number}\", b = last \"x {number}\"", vec!["a p", "b p"]),
            ("# mlgrade: a = \"no number\"", vec!["a !"]),
            ("# mlgrade: a = second \"{number}\"", vec!["a !"]),
            ("# mlgrade: the value", vec!["the !"]),
            ("# mlgrade:", vec![]),
            ("# about mlgrade: nothing", vec![]),
        ] {
            assert_eq!(code(source, &[]), expected, "{source}");
        }
        assert_eq!(code("x", &["mlgrade:a", "other", "mlgrade: b"]), ["a", "b"]);
    }

    #[test]
    fn a_text_is_cut_at_headings_and_marks() {
        let source = "intro\n## Why **small** trees?\nBecause.\n```\n# no heading\n```\n<!-- mlgrade: why_b -->\n### Sub\nYes.\n<!-- mlgrade: c --> one line\n<!-- a comment -->";
        let cell = Cell { number: 1, tags: Vec::new(), source: source.to_owned(), kind: Kind::Markdown };
        let cut: Vec<_> = sections(&cell).into_iter().map(|one| (one.marks.len(), one.heading.map(|heading| heading.1), one.text)).collect();
        let expected = [
            (0, None, "intro"),
            (0, Some("Why small trees?"), "Because.\n```\n# no heading\n```"),
            (1, Some("Sub"), "Yes."),
            (1, None, "one line\n<!-- a comment -->"),
        ];
        assert_eq!(cut, expected.map(|(marks, heading, text)| (marks, heading.map(str::to_owned), text.to_owned())));
    }
}

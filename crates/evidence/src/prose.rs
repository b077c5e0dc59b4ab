//! The answer in what people write, without the question that stands before.

mod markup;

pub(crate) use markup::plain;
use markup::without_comments;

/// What `text` answers, as plain text: headings, the question, its number and "Answer:" aside. Empty if nothing but those is there.
pub fn answer(text: &str) -> String {
    let text = without_comments(text);
    let is_heading = |line: &&str| line.trim_start().starts_with('#') && !line.trim_start_matches([' ', '#']).is_empty();
    let body: Vec<&str> = text.lines().filter(|line| !is_heading(line)).collect();
    let text = if body.iter().all(|line| line.trim().is_empty()) { plain(&text) } else { plain(&body.join("\n")) };
    let text = behind_label(&text).map_or(text.as_str(), str::trim);
    let rest: String = sentences(text).into_iter().filter(|sentence| !sentence.trim_end().ends_with('?')).collect();
    without_number(rest.trim()).trim().to_owned()
}

/// Whether `text` is a form that was not filled in: a question, and nothing behind its "Answer:".
pub(crate) fn is_unanswered(text: &str) -> bool {
    text.len() < 10_000 && behind_label(&plain(text)).is_some_and(|rest| !rest.chars().any(char::is_alphanumeric))
}

/// What stands behind the last "Answer:" that begins a sentence.
fn behind_label(text: &str) -> Option<&str> {
    const LABELS: [&str; 6] = ["answer", "ans", "solution", "response", "my choice", "conclusion"];
    const BEFORE: [&str; 7] = ["your", "my", "our", "the", "final", "short", "inline"];
    let lower = text.to_ascii_lowercase();
    let mut last = None;
    for label in LABELS {
        for (at, _) in lower.match_indices(label) {
            let rest = lower[at + label.len()..].trim_start_matches([' ', ')']);
            let mut before = lower[..at].trim_end_matches(' ');
            while let Some(shorter) = BEFORE.iter().find_map(|word| before.strip_suffix(word)) {
                before = shorter.trim_end_matches(' ');
            }
            let begins = before.trim_end_matches(' ').chars().next_back().is_none_or(|c| matches!(c, '\n' | '.' | '?' | '!' | ':' | ')' | ']'));
            let has_colon = rest.starts_with(':') && !rest.starts_with(":=");
            if begins && has_colon {
                last = last.max(Some(text.len() - rest.len() + 1));
            }
        }
    }
    last.map(|at| &text[at..])
}

/// The sentences of a text, each with what ends it. A dot inside a number or a name ends nothing.
fn sentences(text: &str) -> Vec<&str> {
    let (mut found, mut start) = (Vec::new(), 0);
    let mut letters = text.char_indices().peekable();
    while let Some((at, c)) = letters.next() {
        let next = letters.peek().map(|(_, next)| *next);
        let ends = match c {
            '\n' => true,
            '.' | '!' => next.is_none_or(char::is_whitespace),
            '?' => next.is_none_or(|next| !matches!(next, '?' | '!')),
            _ => false,
        };
        if ends {
            found.push(&text[start..at + c.len_utf8()]);
            start = at + c.len_utf8();
        }
    }
    found.push(&text[start..]);
    found
}

/// Without the number of the question: `1b.`, `Question 3:`, `(b)`. A bare number stays before others, for it may be the answer.
fn without_number(text: &str) -> &str {
    let lower = text.to_ascii_lowercase();
    let word = ["question", "problem", "exercise", "task", "part", "q"]
        .iter()
        .find_map(|word| lower.strip_prefix(word).filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit() || c == ' ')));
    let body = word.map_or(text, |rest| text[text.len() - rest.len()..].trim_start());
    let inner = body.strip_prefix('(').unwrap_or(body);
    let digits = inner.chars().take_while(char::is_ascii_digit).count();
    let rest = &inner[digits..];
    // `3b`, `3.b`, `3.1`; or a letter alone.
    let part = rest
        .strip_prefix('.')
        .filter(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()) || word.is_some() && rest.starts_with(|c: char| c.is_ascii_digit()));
    let rest = part.unwrap_or(rest);
    let letters = rest.chars().take_while(char::is_ascii_alphanumeric).count();
    let lettered = letters == 1 && (digits > 0 || inner.len() < body.len() || rest[1..].starts_with(')'));
    let rest = if lettered {
        &rest[1..]
    } else if word.is_some() && part.is_some() {
        &rest[letters..]
    } else {
        rest
    };
    let is_number = (1..=2).contains(&digits) || digits == 0 && lettered;
    let Some(behind) = rest.strip_prefix(['.', ')', ':']).map(|rest| rest.strip_prefix(['.', ':']).unwrap_or(rest)) else { return text };
    let is_apart = behind.starts_with(char::is_whitespace) && !behind.trim().is_empty();
    let is_sure = word.is_some() || lettered || !behind.contains(|c: char| c.is_ascii_digit());
    if is_number && is_apart && is_sure { behind.trim_start() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_question_is_told_from_the_answer() {
        for (text, expected) in [
            ("**1b. Which depth?**\n\nDepth 4.", "Depth 4."),
            ("### Inline Question 2\nWhich apply?\n\n**Your Answer:** 1, 2, 3, 5", "1, 2, 3, 5"),
            ("$\\color{blue}{\\textit Your Answer:}$ ", ""),
            ("$\\color{blue}{\\textit Your Answer:}$ x", "x"),
            ("Answer: forest", "forest"),
            ("wrong answer: forest", "wrong answer: forest"),
            ("Question 3: forest", "forest"),
            ("Q3.1: 0.1", "0.1"),
            ("(b) forest", "forest"),
            ("b) forest", "forest"),
            ("1. forest", "forest"),
            ("1. Depth 4", "1. Depth 4"),
            ("1.0 (loss 0.09)", "1.0 (loss 0.09)"),
            ("4.", "4."),
            ("forest?", ""),
            ("Smaller or larger? Smaller.", "Smaller."),
            ("# forest", "forest"),
            ("Quick sort", "Quick sort"),
            ("part of the forest", "part of the forest"),
        ] {
            assert_eq!(answer(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_gives_plain_text(text in "\\PC{0,80}", marks in prop::collection::vec(prop::sample::select(
            vec!["*", "_", "`", "\\", "\\le", "<b>", "<", "&lt;", "?", "Answer:", "1b.", "\n", "#", "$", "<!--", " ", "x"]), 0..20)) {
            let _ = answer(&text);
            let _ = answer(&marks.concat());
            let _ = answer(&format!("{}{text}", marks.concat()));
        }
    }
}

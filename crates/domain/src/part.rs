//! A part of a text, on a page or in a cell: what stands behind one line and before another.

/// What stands behind the line `after`, up to the first of the lines `ends`, or all `lines`.
pub fn part<L: AsRef<str>>(lines: &[L], after: Option<&str>, ends: &[&str]) -> Result<String, String> {
    let Some(after) = after else { return Ok(lines.iter().map(AsRef::as_ref).collect::<Vec<_>>().join("\n")) };
    let begun: Vec<(usize, &str)> = lines.iter().enumerate().filter_map(|(i, line)| begins(line.as_ref(), after).map(|rest| (i, rest))).collect();
    let alone: Vec<&(usize, &str)> = begun.iter().filter(|(_, rest)| rest.is_empty()).collect();
    // A heading is a line of its own; that another line begins with the same words does not matter then.
    let &(start, rest) = match (alone.as_slice(), begun.as_slice()) {
        ([only], _) => *only,
        ([], [only]) => only,
        ([], []) => return Err(format!("no line on it begins with `{after}`")),
        ([], several) => return Err(format!("{} lines on it begin with `{after}`", several.len())),
        (several, _) => return Err(format!("{} lines on it are `{after}`", several.len())),
    };
    let behind = lines[start + 1..].iter().map(AsRef::as_ref).take_while(|line| !ends.iter().any(|end| begins(line, end).is_some()));
    let text = std::iter::once(rest).filter(|rest| !rest.is_empty()).chain(behind).collect::<Vec<_>>().join("\n");
    if text.trim().is_empty() { Err(format!("there is no text behind `{after}`")) } else { Ok(text) }
}

/// What follows `words` in a line that begins with them, in any letter case.
pub fn begins<'l>(line: &'l str, words: &str) -> Option<&'l str> {
    let mut rest = line.trim_start();
    for wanted in words.split_whitespace() {
        rest = rest.trim_start();
        let mut wanted = wanted.chars().flat_map(char::to_lowercase).peekable();
        let mut letters = rest.char_indices();
        let mut end = 0;
        while wanted.peek().is_some() {
            let (at, letter) = letters.next()?;
            if !letter.to_lowercase().all(|letter| wanted.next() == Some(letter)) {
                return None;
            }
            end = at + letter.len_utf8();
        }
        rest = &rest[end..];
    }
    // `Question 1` begins neither `Question 12` nor `Question 1.5`.
    let has_decimals = rest.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let goes_on = rest.starts_with(char::is_alphanumeric) || has_decimals && words.ends_with(|c: char| c.is_ascii_digit());
    let whole = !(words.ends_with(char::is_alphanumeric) && goes_on);
    whole.then(|| behind(rest).trim_end())
}

/// `rest` without what ends a heading. A point and a minus sign before a digit belong to a number.
fn behind(rest: &str) -> &str {
    let mut rest = rest;
    while let Some(c) = rest.chars().next() {
        let next = &rest[c.len_utf8()..];
        let is_end = match c {
            ':' | ')' | ' ' | '\t' => true,
            '.' | '-' | '–' | '—' => !next.starts_with(|c: char| c.is_ascii_digit() || c == '.'),
            _ => false,
        };
        if !is_end {
            break;
        }
        rest = next;
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn a_part_ends_where_another_begins() {
        let page = lines("Homework\nQuestion 1: trees\nSmall ones.\nQuestion 12\nTwo clouds.\nQuestion 2\nThree.");
        assert_eq!(part(&page, Some("question 1"), &["Question 12", "Question 2"]), Ok("trees\nSmall ones.".to_owned()));
        assert_eq!(part(&page, Some("Question 12"), &["Question 1", "Question 2"]), Ok("Two clouds.".to_owned()));
        assert_eq!(part(&page, Some("Question 2"), &[]), Ok("Three.".to_owned()));
        assert_eq!(part(&lines("Change: -0.5\nb"), Some("change"), &[]), Ok("-0.5\nb".to_owned()));
        assert_eq!(part(&page, None, &["Question 1"]), Ok(page.join("\n")));
    }

    #[test]
    fn a_part_is_never_guessed() {
        let page = lines("Answer one\nx\nAnswer two\ny\nEnd");
        let fault = |after| part(&page, Some(after), &[]).unwrap_err();
        assert_eq!(fault("Answer"), "2 lines on it begin with `Answer`");
        assert_eq!(fault("Question"), "no line on it begins with `Question`");
        assert_eq!(part(&lines("lr 0.1\n5\nlr 0.10\n6\nlr 0\n7"), Some("lr 0"), &[]), Ok("7".to_owned()), "0.1 is another number");
        assert_eq!(fault("End"), "there is no text behind `End`");
        assert_eq!(part(&lines("Why\nWhy not\nb"), Some("why"), &[]), Ok("Why not\nb".to_owned()));
    }
}

//! Text in columns.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

pub(super) use crate::domain::text::plain as printable;

/// `text` filled with spaces to `width` columns on a terminal, on the left or right.
pub(super) fn pad(text: &str, width: usize, right_aligned: bool) -> String {
    let fill = " ".repeat(width.saturating_sub(text.width()));
    if right_aligned { fill + text } else { text.to_owned() + &fill }
}

/// The widest of `texts`, in columns.
pub(super) fn widest<'a>(texts: impl IntoIterator<Item = &'a str>) -> usize {
    texts.into_iter().map(UnicodeWidthStr::width).max().unwrap_or(0)
}

/// `text` cut to `width` columns.
pub(super) fn cut(text: &str, width: usize) -> String {
    let text = printable(text);
    if text.width() <= width {
        return text;
    }
    let mut cut = String::new();
    for c in text.chars() {
        if cut.width() + 2 > width {
            break;
        }
        cut.push(c);
    }
    cut + "…"
}

/// Places in a notebook, the first three of them: "in hw2.ipynb, cell 12 ([7]), output".
pub(super) fn places(places: &[String]) -> Option<String> {
    let shown = places.iter().take(3).map(|place| printable(place)).collect::<Vec<_>>().join("; ");
    let more = if places.len() > 3 { format!(" and {} more", places.len() - 3) } else { String::new() };
    (!places.is_empty()).then(|| format!("in {shown}{more}"))
}

/// `text` without control characters, in lines of at most `width` columns; the first begins with `first`, each further one with `indent`
/// spaces. A word is broken only if it is wider than a line.
pub(super) fn wrapped(first: &str, text: &str, indent: usize, width: usize) -> String {
    let mut lines = vec![first.to_owned()];
    let mut used = first.width();
    let mut fresh = true;
    let text = printable(text);
    let room = width.saturating_sub(indent).max(10);
    for word in text.split_whitespace().flat_map(|word| broken(word, room)) {
        // A line that begins so is a command to whoever runs this for a course.
        let may_begin = !word.starts_with("::");
        if !fresh && may_begin && used + 1 + word.width() > width {
            lines.push(" ".repeat(indent));
            (used, fresh) = (indent, true);
        }
        if let Some(line) = lines.last_mut() {
            if !fresh {
                line.push(' ');
                used += 1;
            }
            line.push_str(&word);
        }
        used += word.width();
        fresh = false;
    }
    lines.join("\n")
}

/// `word` in pieces of at most `room` columns.
fn broken(word: &str, room: usize) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut used = 0;
    for c in word.chars() {
        let wide = c.width().unwrap_or(0);
        if used + wide > room {
            pieces.push(String::new());
            used = 0;
        }
        if let Some(piece) = pieces.last_mut() {
            piece.push(c);
        }
        used += wide;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lines_end_before_the_width_and_further_ones_are_indented() {
        assert_eq!(wrapped("  ✗ ", "one two three four", 4, 11), "  ✗ one two\n    three\n    four");
        assert_eq!(wrapped("", "a figures/averyveryverylongname.png", 2, 14), "a figures/aver\n  yveryverylon\n  gname.png");
        assert_eq!(wrapped("note: ", "here ::error::x", 6, 12), "note: here ::error::x");
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_asked_and_no_word_is_lost(text in "[a-z日é ]{0,200}", width in 20usize..100) {
            let lines = wrapped("  ", &text, 4, width);
            prop_assert!(lines.lines().all(|line| line.width() <= width));
            let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(letters(&lines), letters(&text));
        }
    }
}

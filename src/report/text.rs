//! Text in columns.

use unicode_width::UnicodeWidthStr;

/// `text` filled with spaces to `width` columns on a terminal, on the left or right.
pub(super) fn pad(text: &str, width: usize, right_aligned: bool) -> String {
    let fill = " ".repeat(width.saturating_sub(text.width()));
    if right_aligned { fill + text } else { text.to_owned() + &fill }
}

/// The widest of `texts`, in columns.
pub(super) fn widest<'a>(texts: impl IntoIterator<Item = &'a str>) -> usize {
    texts.into_iter().map(UnicodeWidthStr::width).max().unwrap_or(0)
}

/// `text` without control characters, so that nothing a student writes moves the cursor or colours the screen.
pub(super) fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
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

/// `text` without control characters, in lines of at most `width` columns where words allow it; the first begins with `first`, each
/// further one with `indent` spaces.
pub(super) fn wrapped(first: &str, text: &str, indent: usize, width: usize) -> String {
    let mut lines = vec![first.to_owned()];
    let mut used = first.width();
    let mut fresh = true;
    for word in printable(text).split_whitespace() {
        if !fresh && used + 1 + word.width() > width {
            lines.push(" ".repeat(indent));
            (used, fresh) = (indent, true);
        }
        if let Some(line) = lines.last_mut() {
            if !fresh {
                line.push(' ');
                used += 1;
            }
            line.push_str(word);
        }
        used += word.width();
        fresh = false;
    }
    lines.join("\n")
}

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

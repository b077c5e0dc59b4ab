//! What a terminal would show of an output: colours gone, and of a progress line what was written over it last.

/// `text` as it looks in the end. A carriage return goes back to the line's start and a backspace one place, and what follows is written
/// over what was there.
pub(super) fn plain(text: &str) -> String {
    if !text.contains(|c: char| c.is_control() && c != '\n' && c != '\t') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let (mut line, mut at): (Vec<char>, usize) = (Vec::new(), 0);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\n' => {
                out.extend(line.drain(..));
                out.push('\n');
                at = 0;
            }
            '\r' => at = 0,
            '\u{8}' => at = at.saturating_sub(1),
            '\u{1b}' => match rest.next() {
                Some('[') => {
                    let (parameters, last) = control_sequence(&mut rest);
                    match (last, parameters.as_str()) {
                        (Some('K'), "" | "0") => line.truncate(at),
                        (Some('K'), "2") => line.clear(),
                        _ => {}
                    }
                }
                Some(']') => while rest.next().is_some_and(|c| c != '\u{7}' && c != '\u{1b}') {},
                _ => {}
            },
            c if c.is_control() && c != '\t' => {}
            c => {
                line.resize(line.len().max(at), ' ');
                match line.get_mut(at) {
                    Some(place) => *place = c,
                    None => line.push(c),
                }
                at += 1;
            }
        }
    }
    out.extend(line);
    out
}

/// The parameters of an ANSI control sequence and the letter that ends it.
fn control_sequence(rest: &mut impl Iterator<Item = char>) -> (String, Option<char>) {
    let mut parameters = String::new();
    for c in rest {
        match c {
            '@'..='~' => return (parameters, Some(c)),
            _ if parameters.len() < 32 => parameters.push(c),
            _ => {}
        }
    }
    (parameters, None)
}

#[cfg(test)]
mod tests {
    use super::plain;
    use proptest::prelude::*;

    #[test]
    fn the_last_update_of_a_progress_line_is_what_remains() {
        for (text, expected) in [
            ("loss 0.5\n", "loss 0.5\n"),
            ("\r 1/3 loss 0.90\r 3/3 loss 0.25\nnext", " 3/3 loss 0.25\nnext"),
            ("12345\rab", "ab345"),
            ("abc\u{8}\u{8}X", "aXc"),
            ("\u{1b}[1m\u{1b}[32mgood\u{1b}[0m", "good"),
            ("working...\r\u{1b}[Kdone", "done"),
            ("\u{1b}]0;title\u{7}text", "text"),
            ("windows\r\nlines\r\n", "windows\nlines\n"),
            ("ends with \u{1b}", "ends with "),
        ] {
            assert_eq!(plain(text), expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_goes_and_never_grows(text in "[a\n\r\u{8}\u{1b}\\[K0-9;]{0,80}") {
            let shown = plain(&text);
            let control = shown.contains(['\r', '\u{8}', '\u{1b}']);
            prop_assert!(shown.len() <= text.len() && !control);
        }
    }
}

//! Text from outside, made harmless to print.

/// `text` in one line, without characters that move the cursor, and with a mark where one would change how its neighbours are shown.
///
/// ```
/// # use mlgrade_domain::text::plain;
/// assert_eq!(plain("trees\n.png"), "trees .png");
/// assert_eq!(plain("ann\u{202e}gnp.exe"), "ann\u{fffd}gnp.exe");
/// assert_eq!(plain("Jana Nováková"), "Jana Nováková");
/// ```
pub fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).map(|c| if is_hidden(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// Whether `c` shows nothing by itself: a control character, or one that turns or hides its neighbours. What joins the letters of a
/// script (U+200C, U+200D) is none of these.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// What separates the cells of a table of which `head` is the first line: spreadsheets write `,`, `;` or a tab, as the country has it.
///
/// ```
/// # use mlgrade_domain::text::delimiter;
/// assert_eq!((delimiter("id,name"), delimiter("id;name;a,b"), delimiter("id")), (b',', b';', b','));
/// ```
pub fn delimiter(head: &str) -> u8 {
    let count = |&mark: &u8| (head.bytes().filter(|&byte| byte == mark).count(), mark == b',');
    [b',', b';', b'\t'].into_iter().max_by_key(count).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bidirectional_control_is_neutralised_and_scripts_stay() {
        // The list of Unicode's Bidi_Control property.
        let controls = "\u{61c}\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}";
        assert!(plain(controls).chars().all(|c| c == char::REPLACEMENT_CHARACTER));
        assert_eq!(plain("\u{1b}[2J\u{7}\u{9b}x\r\n"), " [2J  x  ");
        for name in ["محمد", "नमस्ते", "می\u{200c}خواهم", "👩\u{200d}🔬", "Łukasz O'Brien-Søren", "林"] {
            assert_eq!(plain(name), name);
        }
    }
}

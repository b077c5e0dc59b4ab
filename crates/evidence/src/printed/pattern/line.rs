//! A line that is searched for the words of a pattern, and what a whole word is.

/// A line with single spaces.
pub(super) struct Line {
    text: String,
    /// The same in lower case, if letter case does not matter.
    lower: Option<String>,
    /// Where more than one space stood: what is behind one is another column.
    gaps: Vec<usize>,
}

impl Line {
    pub(super) fn of(line: &str, in_any_case: bool) -> Self {
        let (mut text, mut gaps) = (String::with_capacity(line.len()), Vec::new());
        for c in line.chars() {
            let is_space = c.is_whitespace();
            if is_space && text.ends_with(' ') || c == '\t' {
                gaps.push(text.trim_end_matches(' ').len() + 1);
            }
            if !is_space {
                text.push(c);
            } else if !text.ends_with(' ') {
                text.push(' ');
            }
        }
        Self { lower: in_any_case.then(|| text.to_ascii_lowercase()), text, gaps }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Where `piece` stands with whole words, from the byte `from` on.
    pub(super) fn find(&self, piece: &str, from: usize) -> Option<usize> {
        match &self.lower {
            Some(lower) => find_whole(lower, &piece.to_ascii_lowercase(), from),
            None => find_whole(&self.text, piece, from),
        }
    }

    /// The word right before the byte `at`, if what stands there goes on from it: `Adj.` in `Adj. R-squared:`.
    pub(super) fn label(&self, at: usize) -> Option<String> {
        let before = self.text[..at].strip_suffix(' ').unwrap_or(&self.text[..at]);
        let goes_on = before.len() < at || before.ends_with(is_letter_without_spaces);
        if !goes_on || self.gaps.binary_search(&at).is_ok() {
            return None;
        }
        let word = before.rsplit(' ').next()?.trim_start_matches(|c: char| !c.is_alphanumeric());
        let bare = word.strip_suffix('.').unwrap_or(word);
        let is_word = bare.ends_with(char::is_alphabetic) && bare.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '/' | '.' | '\''));
        (is_word && !is_joining(bare)).then(|| word.chars().take(40).collect())
    }
}

/// Words that stand before any other and tell nothing of it.
const JOINING: [&str; 20] = ["the", "a", "an", "and", "or", "of", "with", "by", "for", "in", "on", "at", "to", "is", "was", "has", "our", "my", "your", "got"];

/// Whether a word stands before any other and tells nothing of it.
pub(super) fn is_joining(word: &str) -> bool {
    JOINING.contains(&word.to_lowercase().as_str())
}

/// Where `piece` stands in `text` with whole words, from the byte `from` on.
pub(super) fn find_whole(text: &str, piece: &str, from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        let begin = at + text.get(at..)?.find(piece)?;
        if begins_whole(piece, &text[..begin]) && ends_whole(piece, &text[begin + piece.len()..]) {
            return Some(begin);
        }
        at = begin + text[begin..].chars().next()?.len_utf8();
    }
}

/// Whether a piece that begins with a letter begins a word there: `loss` does not in `val_loss`, `val-loss` and `val/loss`.
fn begins_whole(piece: &str, before: &str) -> bool {
    if !piece.starts_with(is_in_word) {
        return true;
    }
    let mut back = before.chars().rev();
    match back.next() {
        Some(c @ ('-' | '/' | '.' | '\'')) => !back.next().is_some_and(|before| is_in_word(before) && !(c == '.' && before.is_ascii_digit())),
        Some(c) => !is_in_word(c),
        None => true,
    }
}

/// Whether a piece that ends with a letter ends a word there. A number may follow it directly, as in `lr0.1`.
pub(super) fn ends_whole(piece: &str, behind: &str) -> bool {
    let is_digit = |c: char| c.is_ascii_digit();
    let goes_on = if piece.ends_with(is_digit) { behind.starts_with(is_in_word) } else { behind.starts_with(|c| is_in_word(c) && !is_digit(c)) };
    !(piece.ends_with(is_in_word) && goes_on)
}

fn is_in_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric() && !is_letter_without_spaces(c)
}

/// Whether words of this letter's script follow each other without spaces: Chinese, Japanese, Thai.
fn is_letter_without_spaces(c: char) -> bool {
    matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// The words in `text`.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c == '_' || c.is_alphanumeric())).filter(|word| word.contains(char::is_alphabetic))
}

/// `text` with single spaces.
pub(super) fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let c = if c.is_whitespace() { ' ' } else { c };
        if c != ' ' || !out.ends_with(' ') {
            out.push(c);
        }
    }
    out
}

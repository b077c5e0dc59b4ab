//! Text from right to left. A page has its letters where they are seen; here they are brought into the order in which they are read.
//! This undoes the part of the Unicode Bidirectional Algorithm (UAX #9) that lines of a report need.

use unicode_normalization::UnicodeNormalization;

/// Whether a letter belongs to a script that is written from right to left.
pub(super) fn is_rightward(c: char) -> bool {
    matches!(c, '\u{591}'..='\u{65f}' | '\u{66d}'..='\u{6ef}' | '\u{6fa}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}

/// What one glyph means, as it is seen: letters of a ligature stand in the order in which they are read.
pub(super) fn seen(glyph: &str) -> String {
    let several = glyph.chars().nth(1).is_some() && glyph.chars().all(is_rightward);
    if several { glyph.chars().rev().collect() } else { glyph.to_owned() }
}

/// Whether a text has more letters from right to left than others.
pub(super) fn is_mostly_rightward<'t>(texts: impl Iterator<Item = &'t str>) -> bool {
    let count = |[right, left]: [usize; 2], c: char| [right + usize::from(is_rightward(c)), left + usize::from(is_leftward(c))];
    let [right, left] = texts.flat_map(str::chars).fold([0; 2], count);
    right > 0 && right >= left
}

/// A line as it is read, whose characters are in the order in which they are seen from left to right, on a page that is mostly written
/// `rightward` or not. There, a line of foreign words that begins on the right is one from right to left, too.
pub(super) fn read(line: &str, rightward: bool) -> String {
    let chars: Vec<char> = line.chars().collect();
    let begins_right = || chars.iter().rev().find(|c| is_rightward(**c) || is_leftward(**c)).is_some_and(|c| is_rightward(*c));
    let turned = if is_mostly_rightward(std::iter::once(line)) || (rightward && begins_right()) {
        turned(&chars)
    } else {
        // A few words in a line from left to right.
        let mut read = Vec::new();
        let mut rest = chars.as_slice();
        while let Some(start) = rest.iter().position(|c| is_rightward(*c)) {
            let end = rest.iter().skip(start).position(|c| is_leftward(*c)).map_or(rest.len(), |length| start + length);
            let end = rest[..end].iter().rposition(|c| is_rightward(*c)).map_or(end, |last| last + 1);
            read.extend(&rest[..start]);
            read.extend(self::turned(&rest[start..end]));
            rest = &rest[end..];
        }
        read.extend(rest);
        read
    };
    turned.into_iter().flat_map(plain).collect()
}

fn is_leftward(c: char) -> bool {
    c.is_alphabetic() && !is_rightward(c)
}

/// Letters as such, not in the form that they have at the end of a word.
fn plain(c: char) -> Vec<char> {
    if matches!(c, '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}') { c.nfkc().collect() } else { vec![c] }
}

/// Characters in reverse, but for words and numbers from left to right.
fn turned(chars: &[char]) -> Vec<char> {
    let mut parts: Vec<&[char]> = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let length = leftward(chars, at).max(1);
        parts.push(&chars[at..at + length]);
        at += length;
    }
    let turn = |part: &&[char]| if let [c] = part { vec![mirrored(*c)] } else { part.to_vec() };
    parts.iter().rev().flat_map(turn).collect()
}

/// How many characters from `at` run from left to right: words with what stands between them, or a number with its sign and its parts.
fn leftward(chars: &[char], at: usize) -> usize {
    let rest = &chars[at..];
    let stretch = rest.iter().position(|c| is_rightward(*c)).unwrap_or(rest.len());
    let is_strong = |c: &char| is_leftward(*c) || c.is_numeric();
    let starts = rest.first().is_some_and(is_strong);
    if starts && rest[..stretch].iter().any(|c| is_leftward(*c)) {
        let mut end = rest[..stretch].iter().rposition(is_strong).map_or(0, |last| last + 1);
        // What closes a bracket of the words, and a sign behind a number, goes with them.
        let is_open = |end: usize, open: char, close: char| {
            let count = |c: char| rest[..end].iter().filter(|other| **other == c).count();
            rest.get(end) == Some(&close) && count(open) > count(close)
        };
        while matches!(rest.get(end), Some('%' | '°')) || is_open(end, '(', ')') || is_open(end, '[', ']') {
            end += 1;
        }
        return end;
    }
    let is_sign = |c: &char| matches!(c, '-' | '+' | '−' | '±' | '$' | '€' | '₪');
    let before = at.checked_sub(1).and_then(|before| chars.get(before));
    let signed = rest.first().is_some_and(is_sign) && before.is_none_or(|c| c.is_whitespace() || matches!(c, '(' | '['));
    let mut length = usize::from(signed);
    if !rest.get(length).is_some_and(|c| c.is_numeric()) {
        return 0;
    }
    loop {
        length += rest[length..].iter().take_while(|c| c.is_numeric()).count();
        let goes_on = matches!(rest.get(length), Some('.' | ',' | ':' | '/' | '-' | '−' | '^' | '٫' | '٬'))
            && rest.get(length + 1).is_some_and(|c| c.is_numeric() || is_sign(c));
        if !goes_on {
            break;
        }
        length += 1 + usize::from(rest.get(length + 1).is_some_and(is_sign));
        if !rest.get(length).is_some_and(|c| c.is_numeric()) {
            break;
        }
    }
    length + usize::from(matches!(rest.get(length), Some('%' | '°' | '٪')))
}

fn mirrored(c: char) -> char {
    match c {
        '(' => ')',
        ')' => '(',
        '[' => ']',
        ']' => '[',
        '{' => '}',
        '}' => '{',
        '<' => '>',
        '>' => '<',
        '«' => '»',
        '»' => '«',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn lines_are_read_as_they_were_written() {
        // Each as it is seen from left to right, worked out by hand after UAX #9, and as it was written.
        for (seen, written) in [
            ("םולש", "שלום"),
            ("0.125 :תואיגשה רועיש", "שיעור השגיאות: 0.125"),
            (".8 קמועב המאתה", "התאמה בעומק 8."),
            ("random forest ונרחב", "בחרנו random forest"),
            ("(95.5%) קוידה", "הדיוק (95.5%)"),
            ("אוה יכ random forest (95.5%) ונרחב", "בחרנו random forest (95.5%) כי הוא"),
            ("The word םולש means hello", "The word שלום means hello"),
            ("−0.5 אוה ךרעה", "הערך הוא −0.5"),
            ("12/05/2024 ךיראת", "תאריך 12/05/2024"),
            ("ﻢﻟﺎﻌﻟﺍ", "العالم"),
        ] {
            assert_eq!(read(seen, true), written, "{seen}");
        }
        for (seen, written) in [
            ("םולש", "שלום"),
            ("the word םולש means peace", "the word שלום means peace"),
            ("this word is םכילע 3 םולש end", "this word is שלום 3 עליכם end"),
            ("a 1 b", "a 1 b"),
        ] {
            assert_eq!(read(seen, false), written, "{seen}");
        }
    }
}

//! Names and texts by their letters, some of which may have been misread.

use crate::assignment::assign;

use super::{SAME, is_separator};

/// Gives each name the one text that is written as it is.
pub(super) fn written_alike(own: &mut [Option<usize>], names: &[&str], lines: &[&str]) {
    for (i, name) in names.iter().enumerate() {
        let mut same = (0..lines.len()).filter(|text| lines[*text] == *name);
        let (Some(text), None) = (same.next(), same.next()) else { continue };
        if names.iter().filter(|other| *other == name).count() == 1 {
            own.iter_mut().filter(|other| **other == Some(text)).for_each(|other| *other = None);
            own[i] = Some(text);
        }
    }
}

/// How alike a name and a text are at least, and how much more alike than after an exchange with another, summed over both, for letters
/// that were misread to count as meant.
const READ: f64 = 0.4;
const SURE: f64 = 0.35;
/// How alike a name is to no text at all.
const NONE: f64 = 0.25;

/// Gives each name that has no text yet the text whose letters are most like its own, where these are surely not another name's.
pub(super) fn by_spelling(own: &mut [Option<usize>], (names, claimed): (&[&str], &[Vec<String>]), (lines, texts): (&[&str], &[Vec<String>])) {
    let open: Vec<usize> = (0..own.len()).filter(|i| own[*i].is_none()).collect();
    let left: Vec<usize> = (0..lines.len()).filter(|text| !own.contains(&Some(*text))).collect();
    // What one text alone is like tells nothing: there must be another name, or another text.
    if open.is_empty() || left.is_empty() || open.len() + left.len() < 3 {
        return;
    }
    // Only words that tell these names apart.
    let shared = |word: &String| open.iter().all(|i| claimed[*i].contains(word));
    let own_words: Vec<Vec<String>> = open.iter().map(|i| claimed[*i].iter().filter(|word| !shared(word)).cloned().collect()).collect();
    // A name may have no text at all: that is as likely as a text that is hardly like it.
    let none = (left.len()..open.len()).map(|_| NONE);
    let row = |(i, words): (&usize, &Vec<String>)| left.iter().map(|j| likeness((names[*i], words), (lines[*j], &texts[*j]))).chain(none.clone()).collect();
    let likely: Vec<Vec<f64>> = open.iter().zip(&own_words).map(row).collect();
    let cost: Vec<Vec<f64>> = likely.iter().map(|row| row.iter().map(|likely| -likely).collect()).collect();
    let best = assign(&cost);
    let gain = |a: usize, b: usize| likely[a][best[a]] + likely[b][best[b]] - likely[a][best[b]] - likely[b][best[a]];
    // Nor may a text that is left over be nearly as likely.
    let spare = |a: usize| (0..left.len()).filter(|text| !best.contains(text)).all(|text| likely[a][best[a]] - likely[a][text] > SURE / 2.0);
    for (a, &i) in open.iter().enumerate() {
        let sure = (open.len() > 1 || likely[a][best[a]] > READ)
            && (0..open.len()).all(|b| a == b || gain(a, b) > SURE && likely[a][best[a]].max(likely[b][best[b]]) > READ);
        if sure && spare(a) {
            own[i] = left.get(best[a]).copied();
        }
    }
}

/// How alike the letters of a name and a text are, from 0 to 1: as they are written, or as the mean over the words that tell the name apart.
fn likeness((name, words): (&str, &[String]), (text, said): (&str, &[String])) -> f64 {
    let lower = text.to_lowercase();
    let pieces: Vec<&str> = lower.split(is_separator).filter(|piece| !piece.is_empty()).collect();
    let alike = |word: &str| {
        let long = SAME.iter().filter(|(_, short)| *short == word || word == "val" && *short == "test").map(|(long, _)| *long);
        let held_out = (word == "val").then_some("test");
        let forms: Vec<&str> = long.chain([word]).chain(held_out).collect();
        let of_piece = |piece: &str| forms.iter().map(|form| spelled_like(form, piece)).fold(0.0, f64::max);
        if said.iter().any(|said| said == word) { 1.0 } else { pieces.iter().map(|piece| of_piece(piece)).fold(0.0, f64::max) }
    };
    let by_words = words.iter().map(|word| alike(word)).sum::<f64>() / words.len().max(1) as f64;
    by_words.max(strsim::normalized_levenshtein(&name.to_lowercase(), &lower))
}

/// How alike a word and a piece of text are, from 0 to 1; a little less where the piece begins with the word and goes on, as where a space was
/// not seen.
fn spelled_like(word: &str, piece: &str) -> f64 {
    let count = word.chars().count();
    let start: String = piece.chars().take(count).collect();
    let whole = strsim::normalized_levenshtein(word, piece);
    if count >= 4 && start.len() < piece.len() { whole.max(0.9 * strsim::normalized_levenshtein(word, &start)) } else { whole }
}

/// A text with its words set right where a few letters were misread: each word that is not known becomes the one known word that differs least.
pub(super) fn spelled(text: &str, known: &[&str]) -> String {
    let is_letter = |c: char| c.is_alphabetic();
    let mut out = String::new();
    for chunk in text.split_inclusive(is_separator) {
        let whole = chunk.trim_end_matches(is_separator);
        if let Some(word) = whole_word(whole, known) {
            out.push_str(word);
            out.push_str(&chunk[whole.len()..]);
            continue;
        }
        for piece in chunk.split_inclusive(|c: char| !is_letter(c)) {
            let word = piece.trim_end_matches(|c: char| !is_letter(c));
            let lower = word.to_lowercase();
            out.push_str(&nearest(&lower, known).map_or(lower.clone(), str::to_owned));
            out.push_str(&piece[word.len()..]);
        }
    }
    out
}

/// The known word that was meant by letters of which the first, or one after others, was read as a digit or a bracket: `7est`, `]oss`, `va[`.
/// Digits at its end are its own.
fn whole_word<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let odd = word.chars().count() - letters;
    if odd == 0 || letters < 2 || 3 * odd > letters + 2 || word.ends_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    // Of each sign the letters that it is taken for.
    let like = |sign: char, letter: char| match sign {
        '1' | '[' | ']' | '|' | '!' => matches!(letter, 'l' | 'i' | 't'),
        '0' => letter == 'o',
        '3' | '7' => matches!(letter, 't' | 'l'),
        '4' => letter == 'a',
        '5' => letter == 's',
        '6' | '8' => matches!(letter, 'b' | 'g' | 's'),
        '9' => letter == 'g',
        _ => false,
    };
    let lower = word.to_lowercase();
    let is_meant = |meant: &&&str| {
        let same = |(a, b): (char, char)| a == b || like(a, b) || a == 'i' && b == 'l';
        meant.chars().count() == lower.chars().count() && lower.chars().zip(meant.chars()).all(same)
    };
    let mut meant: Vec<&str> = known.iter().filter(is_meant).copied().collect();
    meant.sort_unstable();
    meant.dedup();
    match meant.as_slice() {
        [only] => Some(only),
        [] if word.starts_with(|c: char| c.is_ascii_digit()) => nearest(&lower, known),
        _ => None,
    }
}

/// The known word that `word` is, or that it was meant to be: one letter in four may be another one, and a capital i is a small L.
fn nearest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    let same = |a: &str| a.replace('i', "l") == word.replace('i', "l");
    if let Some(exact) = known.iter().find(|known| **known == word).or_else(|| known.iter().find(|known| same(known))) {
        return Some(exact);
    }
    let most = word.chars().count() / 4;
    let mut close: Vec<(usize, &str)> =
        known.iter().map(|known| (strsim::levenshtein(word, known), *known)).filter(|(distance, _)| *distance <= most).collect();
    close.sort_unstable();
    close.dedup();
    match close.as_slice() {
        [(_, only)] => Some(only),
        [(first, nearest), (second, _), ..] if first < second => Some(nearest),
        _ => None,
    }
}

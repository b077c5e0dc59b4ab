//! Which legend text names which claimed series.

use std::collections::BTreeMap;

use super::glyphs::is_cipher;

/// Words that mean the same in legends.
const SAME: [(&str, &str); 8] =
    [("validation", "val"), ("valid", "val"), ("training", "train"), ("testing", "test"), ("learning", "lr"), ("rate", ""), ("accuracy", "acc"), ("and", "")];

/// The parts of a word like `lr0.1`.
fn without_number(word: &str) -> [&str; 2] {
    let at = word.find(|c: char| c.is_ascii_digit()).filter(|at| word[..*at].chars().all(char::is_alphabetic)).unwrap_or(0);
    let (letters, number) = word.split_at(at);
    [letters, number]
}

/// The words of a name, in lower case, without what differs by taste.
fn words(name: &str) -> Vec<String> {
    let lower = name.to_lowercase();
    let plain = lower.split(|c: char| !(c.is_alphanumeric() || c == '.' || c == '-' || c == '+')).filter(|word| !word.is_empty());
    let mut words: Vec<String> = plain
        .map(|word| word.trim_matches(['.', '-']))
        .flat_map(|word| word.split('-'))
        .flat_map(without_number)
        .map(|word| SAME.iter().find(|(long, _)| *long == word).map_or(word, |(_, short)| short))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// For each claimed name the place of the text that names it, where one and only one does and names no other claim better.
pub(super) fn matched(claimed: &[&str], texts: &[&str]) -> Vec<Option<usize>> {
    if texts.iter().any(|text| is_cipher(text)) {
        return deciphered(claimed, texts);
    }
    let claimed: Vec<Vec<String>> = claimed.iter().map(|name| words(name)).collect();
    let texts: Vec<Vec<String>> = texts.iter().map(|name| words(name)).collect();
    // How much two names have in common; 1 for the same words.
    let alike = |a: &[String], b: &[String]| {
        let both = a.iter().filter(|word| b.contains(word)).count();
        let one_in_other = both == a.len() || both == b.len();
        if one_in_other && both > 0 { both as f64 / (a.len() + b.len() - both) as f64 } else { 0.0 }
    };
    let best = |i: usize| {
        let scores: Vec<f64> = texts.iter().map(|text| alike(&claimed[i], text)).collect();
        let most = scores.iter().copied().fold(0.0, f64::max);
        let mut best = (0..scores.len()).filter(|j| scores[*j] >= most - 1e-9);
        let first = best.next().filter(|_| most > 0.0)?;
        best.next().is_none().then_some((first, most))
    };
    let found: Vec<Option<(usize, f64)>> = (0..claimed.len()).map(best).collect();
    let beaten = |i: usize, text: usize, score: f64| {
        found.iter().enumerate().any(|(j, other)| j != i && other.is_some_and(|(at, better)| at == text && better >= score - 1e-9))
    };
    (0..claimed.len()).map(|i| found[i].filter(|(text, score)| !beaten(i, *text, *score)).map(|(text, _)| text)).collect()
}

/// The same for texts of which only is known which characters are equal: the one way to give every claim a text of its own so that each
/// sign stands for one character everywhere.
fn deciphered(claimed: &[&str], texts: &[&str]) -> Vec<Option<usize>> {
    let mut search = Search { claimed, texts, chosen: Vec::new(), found: Vec::new(), steps: STEPS };
    search.go();
    match search.found.as_slice() {
        [only] if search.steps > 0 => only.iter().copied().map(Some).collect(),
        _ => vec![None; claimed.len()],
    }
}

/// Trials until the search for a way to read the cipher is given up.
const STEPS: usize = 20_000;

struct Search<'a> {
    claimed: &'a [&'a str],
    texts: &'a [&'a str],
    chosen: Vec<usize>,
    found: Vec<Vec<usize>>,
    steps: usize,
}

impl Search<'_> {
    fn go(&mut self) {
        if self.chosen.len() == self.claimed.len() {
            self.found.push(self.chosen.clone());
            return;
        }
        for text in 0..self.texts.len() {
            if self.steps == 0 || self.found.len() > 1 {
                return;
            }
            self.steps -= 1;
            if self.chosen.contains(&text) {
                continue;
            }
            self.chosen.push(text);
            if self.is_consistent() {
                self.go();
            }
            self.chosen.pop();
        }
    }

    fn is_consistent(&self) -> bool {
        let (mut plain, mut sign) = (BTreeMap::new(), BTreeMap::new());
        self.claimed.iter().zip(&self.chosen).all(|(claim, text)| {
            let (claim, text) = (claim.trim(), self.texts[*text]);
            claim.chars().count() == text.chars().count()
                && claim.chars().zip(text.chars()).all(|(a, b)| *plain.entry(b).or_insert(a) == a && *sign.entry(a).or_insert(b) == b)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::matched;

    #[test]
    fn names_are_matched_by_their_words() {
        assert_eq!(matched(&["forest val", "tree val"], &["Tree (validation)", "Forest (validation)"]), [Some(1), Some(0)]);
        assert_eq!(matched(&["train", "val"], &["training loss", "validation loss"]), [Some(0), Some(1)]);
        assert_eq!(matched(&["lr0.1 train", "lr0.1 val"], &["learning rate 0.1, validation", "learning rate 0.1, training"]), [Some(1), Some(0)]);
        assert_eq!(matched(&["lr=0.1 train", "lr=0.01 train"], &["lr=0.01 train", "lr=0.1 train"]), [Some(1), Some(0)]);
    }

    #[test]
    fn outlines_are_matched_by_the_characters_that_are_equal() {
        let cipher = |text: &str| text.chars().filter_map(|c| char::from_u32(0xe000 + u32::from(c))).collect::<String>();
        let texts = [cipher("tree val"), cipher("tree train"), cipher("forest val")];
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        assert_eq!(matched(&["forest val", "tree train", "tree val"], &texts), [Some(2), Some(1), Some(0)]);
        assert_eq!(matched(&["abc", "abd"], &["\u{e001}\u{e002}\u{e003}", "\u{e001}\u{e002}\u{e004}"]), [None, None], "both ways fit");
    }

    #[test]
    fn what_could_name_two_names_none() {
        assert_eq!(matched(&["train", "val"], &["loss", "error"]), [None, None]);
        assert_eq!(matched(&["val"], &["tree val", "forest val"]), [None]);
    }
}

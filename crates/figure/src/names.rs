//! Which legend text names which claimed series.

/// Words that mean the same in legends, the short one second; those without a short one say nothing.
const SAME: [(&str, &str); 24] = [
    ("validation", "val"),
    ("valid", "val"),
    ("training", "train"),
    ("testing", "test"),
    ("learning", "lr"),
    ("rate", ""),
    ("accuracy", "acc"),
    ("and", ""),
    ("forests", "forest"),
    ("rf", "forest"),
    ("dt", "tree"),
    ("boosting", "boosted"),
    ("boost", "boosted"),
    ("gbrt", "boosted"),
    ("gbdt", "boosted"),
    ("gbt", "boosted"),
    ("gbm", "boosted"),
    ("gb", "boosted"),
    ("neighbors", "neighbours"),
    ("sgdm", "momentum"),
    ("losses", "loss"),
    ("errors", "error"),
    ("err", "error"),
    ("model", ""),
];

/// Further words of legends, by which a letter that was misread is set right.
const KNOWN: [&str; 16] = [
    "decision",
    "regression",
    "random",
    "gradient",
    "trees",
    "tree",
    "forest",
    "boosted",
    "train",
    "test",
    "loss",
    "error",
    "momentum",
    "residual",
    "plain",
    "sigmoid",
];

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
    let claimed: Vec<Vec<String>> = claimed.iter().map(|name| words(name)).collect();
    let known: Vec<&str> = claimed.iter().flatten().map(String::as_str).chain(SAME.iter().map(|(long, _)| *long)).chain(KNOWN).collect();
    let texts: Vec<Vec<String>> = texts.iter().map(|name| words(&spelled(name, &known))).collect();
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

/// A text with its words set right where a few letters were misread: each word that is not known becomes the one known word that differs least.
fn spelled(text: &str, known: &[&str]) -> String {
    let is_letter = |c: char| c.is_alphabetic();
    let mut out = String::new();
    for piece in text.split_inclusive(|c: char| !is_letter(c)) {
        let word = piece.trim_end_matches(|c: char| !is_letter(c));
        let lower = word.to_lowercase();
        out.push_str(&nearest(&lower, known).map_or(lower.clone(), str::to_owned));
        out.push_str(&piece[word.len()..]);
    }
    out
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

#[cfg(test)]
mod tests {
    use super::matched;

    #[test]
    fn names_are_matched_by_their_words() {
        assert_eq!(matched(&["forest val", "tree val"], &["Tree (validation)", "Forest (validation)"]), [Some(1), Some(0)]);
        assert_eq!(matched(&["train", "val"], &["training loss", "validation loss"]), [Some(0), Some(1)]);
        assert_eq!(matched(&["lr0.1 train", "lr0.1 val"], &["learning rate 0.1, validation", "learning rate 0.1, training"]), [Some(1), Some(0)]);
        let trees = ["Decision tree (train)", "Decision tree (validation)", "Random forest (train)", "Random forest (validation)"];
        assert_eq!(matched(&["tree train", "tree val", "forest train", "forest val"], &trees), [Some(0), Some(1), Some(2), Some(3)]);
        assert_eq!(matched(&["lr=0.1 train", "lr=0.01 train"], &["lr=0.01 train", "lr=0.1 train"]), [Some(1), Some(0)]);
    }

    #[test]
    fn misread_letters_are_set_right() {
        assert_eq!(matched(&["forest val", "tree val"], &["Decisi0n tree (vaIidatinn)", "Randorn forest (vaIidation)"]), [Some(1), Some(0)]);
        assert_eq!(matched(&["train", "val"], &["vaI loss", "trnin loss"]), [Some(1), Some(0)]);
        assert_eq!(matched(&["plain", "train"], &["pram", "loss"]), [None, None], "too far from either");
    }

    #[test]
    fn what_could_name_two_names_none() {
        assert_eq!(matched(&["train", "val"], &["loss", "error"]), [None, None]);
        assert_eq!(matched(&["val"], &["tree val", "forest val"]), [None]);
    }
}

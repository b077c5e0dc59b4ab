//! Which legend text names which claimed series.

use crate::assignment::assign;

/// Words that mean the same in legends, the short one second; those without a short one say nothing.
const SAME: [(&str, &str); 37] = [
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
    ("tr", "train"),
    ("dev", "val"),
    ("cross", ""),
    ("accuracies", "acc"),
    ("set", ""),
    ("data", ""),
    ("curve", ""),
    ("score", ""),
    ("scores", ""),
    ("of", ""),
    ("the", ""),
    ("on", ""),
    ("for", ""),
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

/// Whether a character stands between the words of a name.
fn is_separator(c: char) -> bool {
    c.is_whitespace() || "_-(),=/".contains(c)
}

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

/// For each claimed name the place of the text that names it, where one and only one does and names no other claim better. The last name
/// has the last text, if there are as many of both and nothing speaks against it.
pub(super) fn matched(names: &[&str], lines: &[&str]) -> Vec<Option<usize>> {
    let mut claimed: Vec<Vec<String>> = names.iter().map(|name| words(name)).collect();
    let known: Vec<&str> = claimed.iter().flatten().map(String::as_str).chain(SAME.iter().map(|(long, _)| *long)).chain(KNOWN).collect();
    let mut texts: Vec<Vec<String>> = lines.iter().map(|line| words(&spelled(line, &known))).collect();
    same_held_out(&mut claimed, &mut texts);
    for side in [&mut claimed, &mut texts] {
        distinguish(side);
    }
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
    let mut own: Vec<Option<usize>> = (0..claimed.len()).map(|i| found[i].filter(|(text, score)| !beaten(i, *text, *score)).map(|(text, _)| text)).collect();
    by_spelling(&mut own, (names, &claimed), (lines, &texts));
    let open: Vec<usize> = (0..own.len()).filter(|i| own[*i].is_none()).collect();
    let left: Vec<usize> = (0..texts.len()).filter(|text| !own.contains(&Some(*text))).collect();
    if let ([name], [text]) = (open.as_slice(), left.as_slice())
        && own.len() > 1
        && is_held_out(&claimed[*name]).zip(is_held_out(&texts[*text])).is_none_or(|(a, b)| a == b)
    {
        own[*name] = Some(*text);
    }
    own
}

/// How alike a name and a text are at least, and how much more alike than after an exchange with another, summed over both, for letters
/// that were misread to count as meant.
const READ: f64 = 0.4;
const SURE: f64 = 0.35;
/// How alike a name is to no text at all.
const NONE: f64 = 0.25;

/// Gives each name that has no text yet the text whose letters are most like its own, where these are surely not another name's.
fn by_spelling(own: &mut [Option<usize>], (names, claimed): (&[&str], &[Vec<String>]), (lines, texts): (&[&str], &[Vec<String>])) {
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

/// Whether a name says that it is of examples that were held out (true) or of those that were learnt from (false).
fn is_held_out(words: &[String]) -> Option<bool> {
    let has = |one: &str| words.iter().any(|word| word == one);
    match (has("train"), has("val") || has("test")) {
        (true, false) => Some(false),
        (false, true) => Some(true),
        _ => None,
    }
}

/// Makes "test" and "val" the same word, unless one side has both: a notebook has one set that is held out, under either name.
fn same_held_out(claimed: &mut [Vec<String>], texts: &mut [Vec<String>]) {
    let has = |names: &[Vec<String>], one: &str| names.iter().flatten().any(|word| word == one);
    if [&*claimed, &*texts].iter().any(|names| has(names, "val") && has(names, "test")) {
        return;
    }
    claimed.iter_mut().chain(texts).flatten().filter(|word| *word == "test").for_each(|word| "val".clone_into(word));
}

/// Leaves out the words that all names have. A name that says the same as another but for "val" means "train": `loss` beside `val_loss`.
fn distinguish(names: &mut [Vec<String>]) {
    let [first, others @ ..] = &*names else { return };
    if others.is_empty() {
        return;
    }
    let common: Vec<String> = first.iter().filter(|word| others.iter().all(|other| other.contains(word))).cloned().collect();
    for name in names.iter_mut() {
        name.retain(|word| !common.contains(word));
    }
    let held_out: Vec<Vec<String>> = names.iter().filter(|name| is_held_out(name) == Some(true)).cloned().collect();
    let without = |name: &[String]| name.iter().filter(|word| *word != "val" && *word != "test").cloned().collect::<Vec<_>>();
    for name in names {
        if is_held_out(name).is_none() && held_out.iter().any(|other| without(other) == *name) {
            name.push("train".to_owned());
            name.sort_unstable();
        }
    }
}

/// A text with its words set right where a few letters were misread: each word that is not known becomes the one known word that differs least.
fn spelled(text: &str, known: &[&str]) -> String {
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
    fn letters_that_were_read_as_digits_or_brackets_are_set_right() {
        assert_eq!(matched(&["Train Acc", "Test Acc"], &["7est Acc", "7rain Acc"]), [Some(1), Some(0)]);
        assert_eq!(matched(&["train_loss", "val_loss"], &["train ]oss", "va[ loss"]), [Some(0), Some(1)]);
        assert_eq!(matched(&["Training Loss", "Validation Loss"], &["Vslidation Loss", "3raining Loss"]), [Some(1), Some(0)]);
        assert_eq!(matched(&["model 2", "model 3"], &["model3", "model2"]), [Some(1), Some(0)], "a number is no letter");
    }

    #[test]
    fn badly_read_texts_are_matched_by_their_letters_together() {
        assert_eq!(matched(&["Train Loss", "Test Loss"], &["Jesl Toss", "Jraln Loss"]), [Some(1), Some(0)]);
        assert_eq!(matched(&["val", "train"], &["brairurto_sef", "vnlidafioo_sut"]), [Some(1), Some(0)]);
        assert_eq!(matched(&["lr=0.01", "lr=0.1"], &["lr=0.0l", "Ir=O.Ol"]), [None, None], "either could be either");
    }

    #[test]
    fn plain_words_mean_training_beside_validation() {
        // Keras' history.history has `loss` and `val_loss`.
        assert_eq!(matched(&["train", "val"], &["val_loss", "loss"]), [Some(1), Some(0)]);
        assert_eq!(matched(&["loss", "val_loss"], &["Validation loss", "Training loss"]), [Some(1), Some(0)]);
        assert_eq!(matched(&["loss"], &["train", "val"]), [None], "alone it may be either");
    }

    #[test]
    fn held_out_examples_are_called_test_or_validation() {
        assert_eq!(matched(&["train", "val"], &["Test", "Train"]), [Some(1), Some(0)]);
        assert_eq!(matched(&["train", "val", "test"], &["Test", "Validation", "Train"]), [Some(2), Some(1), Some(0)]);
        assert_eq!(matched(&["val"], &["Training", "Test"]), [Some(1)]);
    }

    #[test]
    fn what_all_names_say_does_not_tell_them_apart() {
        let texts = ["Decision tree (validation)", "Decision tree (train)"];
        assert_eq!(matched(&["tree train_rmse", "tree val_rmse"], &texts), [Some(1), Some(0)]);
    }

    #[test]
    fn the_last_name_has_the_last_text() {
        assert_eq!(matched(&["rbf", "poly"], &["xyz", "rbf"]), [Some(1), Some(0)]);
        assert_eq!(matched(&["forest", "train"], &["validation", "forest"]), [Some(1), None], "something speaks against it");
    }

    #[test]
    fn what_could_name_two_names_none() {
        assert_eq!(matched(&["train", "val"], &["loss", "error"]), [None, None]);
        assert_eq!(matched(&["val"], &["tree val", "forest val"]), [None]);
    }
}

//! Which legend text names which claimed series.

mod forms;
mod spelling;

pub(super) use forms::forms;
use spelling::{by_spelling, spelled, written_alike};

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
    matched_with(names, lines, true)
}

/// The same where `all` says whether these are all texts: the last name has the last text only if none was left out.
pub(super) fn matched_with(names: &[&str], lines: &[&str], all: bool) -> Vec<Option<usize>> {
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
    written_alike(&mut own, names, lines);
    by_spelling(&mut own, (names, &claimed), (lines, &texts));
    let open: Vec<usize> = (0..own.len()).filter(|i| own[*i].is_none()).collect();
    let left: Vec<usize> = (0..texts.len()).filter(|text| !own.contains(&Some(*text))).collect();
    if let ([name], [text]) = (open.as_slice(), left.as_slice())
        && own.len() > 1
        && all
        && is_held_out(&claimed[*name]).zip(is_held_out(&texts[*text])).is_none_or(|(a, b)| a == b)
    {
        own[*name] = Some(*text);
    }
    own
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

#[cfg(test)]
mod tests {
    use super::{matched, matched_with};

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
    fn the_last_text_is_the_last_names_only_if_all_texts_are_known() {
        let (names, texts) = (["setosa", "versicolor", "virginica"], ["versicolor", "virginica", "Female"]);
        assert_eq!(matched_with(&names, &texts, true), [Some(2), Some(0), Some(1)]);
        assert_eq!(matched_with(&names, &texts, false), [None, Some(0), Some(1)]);
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

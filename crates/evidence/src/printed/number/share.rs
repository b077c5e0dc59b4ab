//! `7/20`: the seventh of twenty epochs, or seven of twenty that are right. The words beside it say which.

/// Words behind which the first of two counts is a position, not a count.
const PLACES: [&str; 44] = [
    "epoch",
    "epochs",
    "ep",
    "step",
    "steps",
    "iteration",
    "iterations",
    "iter",
    "iters",
    "fold",
    "folds",
    "batch",
    "batches",
    "depth",
    "round",
    "rounds",
    "trial",
    "trials",
    "layer",
    "layers",
    "generation",
    "episode",
    "episodes",
    "level",
    "rank",
    "page",
    "seed",
    "run",
    "runs",
    "part",
    "stage",
    "node",
    "split",
    "index",
    "candidate",
    "combination",
    "job",
    "task",
    "question",
    "exercise",
    "cell",
    "file",
    "k",
    "day",
];

/// Words beside which two counts are the share of the one in the other.
const SHARES: [&str; 32] = [
    "accuracy",
    "acc",
    "correct",
    "correctly",
    "error",
    "errors",
    "err",
    "precision",
    "recall",
    "score",
    "rate",
    "fraction",
    "ratio",
    "share",
    "wrong",
    "incorrect",
    "incorrectly",
    "misclassified",
    "mistakes",
    "hits",
    "passed",
    "failed",
    "matched",
    "proportion",
    "sensitivity",
    "specificity",
    "success",
    "successes",
    "right",
    "f1",
    "percentage",
    "misses",
];

/// What two counts with a stroke between them are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counts {
    /// The place of one among many.
    Place,
    /// The share of one in the other.
    Share,
    /// Nothing says which.
    Unclear,
}

/// What the counts between `before` and `behind` are.
pub(super) fn counts(before: &str, behind: &str) -> Counts {
    let last = word(before.rsplit(|c: char| !is_in_word(c)).find(|word| !word.is_empty()));
    let next = word(behind.split(|c: char| !is_in_word(c)).find(|word| !word.is_empty()));
    let is_one = |words: &[&str], word: &str| words.contains(&word) || word.rsplit('_').next().is_some_and(|part| words.contains(&part));
    if is_one(&PLACES, &last) {
        Counts::Place
    } else if is_one(&SHARES, &last) || is_one(&SHARES, &next) || before.trim_end_matches([' ', '(', '[', ',', ';', '=', '-', ':']).ends_with('%') {
        Counts::Share
    } else {
        Counts::Unclear
    }
}

fn word(word: Option<&str>) -> String {
    word.unwrap_or_default().to_lowercase()
}

fn is_in_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

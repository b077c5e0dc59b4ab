//! What a line states: `train loss 0.4 | val loss: 0.3, acc = 91%` holds three names with their values.

use super::number::measure_at;

/// A name with the text of its value, which begins with a number.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Statement<'l> {
    /// As it is printed, such as `Val Loss`.
    pub(super) name: &'l str,
    /// From the first number up to what belongs to the next name.
    pub(super) value: &'l str,
    /// Which part of the line it is in, as `|`, `;` and tabs cut it.
    pub(super) part: usize,
}

/// Words that name something measured: behind one of them a number needs no colon.
const MEASURES: [&str; 34] = [
    "loss",
    "losses",
    "acc",
    "accuracy",
    "error",
    "err",
    "rmse",
    "mse",
    "mae",
    "mape",
    "rmsle",
    "f1",
    "f1-score",
    "auc",
    "auroc",
    "roc_auc",
    "precision",
    "recall",
    "r2",
    "score",
    "perplexity",
    "ppl",
    "bleu",
    "iou",
    "miou",
    "dice",
    "psnr",
    "ssim",
    "reward",
    "return",
    "nll",
    "kl",
    "elbo",
    "logloss",
];

/// The parts of a line lie between these.
const CUTS: [char; 3] = ['|', ';', '\t'];

/// The longest name, and the longest line that is looked at, in bytes.
const LONGEST: usize = 60;
const LONGEST_LINE: usize = 4_000;

/// What `line` states, in order. A number that no name stands before states nothing.
pub(super) fn statements(line: &str) -> Vec<Statement<'_>> {
    struct Open<'l> {
        name: &'l str,
        start: usize,
        end: usize,
    }
    let mut open: Vec<Open<'_>> = Vec::new();
    if line.len() > LONGEST_LINE {
        return Vec::new();
    }
    let (mut at, mut from, mut in_word) = (0, 0, false);
    // Whether the number before belongs to a name that is kept, so that what follows may belong to its value.
    let mut goes_on = false;
    while let Some(c) = line[at..].chars().next() {
        if let Some(end) = value_end(line, at).filter(|_| !in_word) {
            let between = &line[from..at];
            match name(between) {
                Some(name) => {
                    open.push(Open { name, start: at, end });
                    goes_on = true;
                }
                // `5ms/step` is how long something took.
                None if has_unit(&line[at..end]) => {}
                None if goes_on && !is_elsewhere(between) => {
                    if let Some(last) = open.last_mut() {
                        last.end = end;
                    }
                }
                None => goes_on = false,
            }
            (at, from, in_word) = (end, end, true);
        } else if c.is_alphanumeric() && !in_word {
            // A word, with all that belongs to it: the digit of `top-5` or `f1` is no number.
            let word = line[at..].find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | '-'))).unwrap_or(line.len() - at);
            at += word.max(c.len_utf8());
            in_word = true;
        } else {
            at += c.len_utf8();
            in_word = c.is_alphanumeric() || c == '_';
        }
    }
    let (mut part, mut counted) = (0, 0);
    let stated = |Open { name, start, end }| {
        part += line[counted..start].matches(CUTS).count();
        counted = start;
        Statement { name, value: &line[start..end], part }
    };
    open.into_iter().map(stated).collect()
}

/// Where the number that begins at `at` ends; `nan` and `inf` count as one where a value belongs.
fn value_end(line: &str, at: usize) -> Option<usize> {
    if let Some(token) = measure_at(line, at) {
        return Some(token.end);
    }
    let rest = line[at..].strip_prefix(['-', '+']).unwrap_or(&line[at..]);
    let word = &rest[..rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len())];
    let is_one = ["nan", "inf", "infinity"].iter().any(|known| word.eq_ignore_ascii_case(known));
    let stands_as_value = line[..at].trim_end().ends_with([':', '=', '(', ',']);
    (is_one && stands_as_value).then(|| line.len() - rest.len() + word.len())
}

fn has_unit(number: &str) -> bool {
    number.contains(|c: char| c.is_alphabetic() && !matches!(c, 'e' | 'E'))
}

/// Whether what stands between two numbers says that the second has nothing to do with the first's name.
fn is_elsewhere(between: &str) -> bool {
    let has_words = between.contains(char::is_alphabetic);
    between.contains(CUTS) || between.contains('[') || has_words && (between.trim_start().starts_with(',') || between.contains("  "))
}

/// The name that ends `between`, if it ends with one.
fn name(between: &str) -> Option<&str> {
    let bare = between.trim_end();
    let sign = bare.trim_end_matches(['(', '[', '"', '\'', '$', '~', '≈', ' ']);
    let stated = sign.trim_end_matches([':', '=', '→']).trim_end_matches("->").trim_end();
    let is_told = stated.len() < sign.trim_end().len();
    let stated = stated.trim_end_matches(['`', '*', ' ']);
    // What stands before the last separator belongs to something else.
    let mut start = 0;
    for separator in [": ", ":\t", "=", "|", ";", "\t", ", ", " - ", " -- ", "  ", "— ", "– ", "> ", "] "] {
        if let Some(at) = stated.rfind(separator) {
            start = start.max(at + separator.len());
        }
    }
    let name = stated[start..].trim_start_matches(|c: char| !(c.is_alphabetic() || c == '_'));
    let words = name.split_whitespace().count();
    let plain = |c: char| c.is_alphanumeric() || " _-./@()%'²^&+".contains(c);
    // In `SVC(C=1, weights={'a': 1})` nothing is stated.
    let is_piece = name.matches('(').count() != name.matches(')').count() || name.ends_with('\'');
    if name.is_empty() || name.len() > LONGEST || words > 6 || is_piece || !name.chars().all(plain) {
        return None;
    }
    let last = name.split_whitespace().next_back().unwrap_or(name).trim_matches(['(', ')', '%', '.']).to_lowercase();
    let measure = last.rsplit('_').next().is_some_and(|end| MEASURES.contains(&end)) || MEASURES.contains(&last.as_str());
    (is_told || measure && words <= 4).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pairs(line: &str) -> Vec<(&str, &str)> {
        statements(line).into_iter().map(|one| (one.name, one.value)).collect()
    }

    #[test]
    fn a_line_may_state_several_things() {
        for (line, expected) in [
            (", Loss: 0.32, Val Loss: 0.28", vec![("Loss", "0.32"), ("Val Loss", "0.28")]),
            (" | train loss 0.4 | val loss 0.3", vec![("train loss", "0.4"), ("val loss", "0.3")]),
            (": train_loss = 0.35, val_loss = 0.32", vec![("train_loss", "0.35"), ("val_loss", "0.32")]),
            ("469/469 [====] - 3s 5ms/step - loss: 0.5000 - val_loss: 0.4000", vec![("loss", "0.5000"), ("val_loss", "0.4000")]),
            ("3s - loss: 0.0568 - acc: 0.9807", vec![("loss", "0.0568"), ("acc", "0.9807")]),
            (
                "Train Loss: 0.5412 (Acc: 85.0%) | Val Loss: 0.5218 (Acc: 83.3%)",
                vec![("Train Loss", "0.5412"), ("Acc", "85.0%"), ("Val Loss", "0.5218"), ("Acc", "83.3%")],
            ),
            ("\tTrain Loss: 0.569 | Train Acc: 70.66%", vec![("Train Loss", "0.569"), ("Train Acc", "70.66%")]),
            ("\t Val. Loss: 0.45 |  Val. Acc: 79.16%", vec![("Val. Loss", "0.45"), ("Val. Acc", "79.16%")]),
            ("Test set: Average loss: 0.0512, Accuracy: 9836/10000 (98%)", vec![("Average loss", "0.0512"), ("Accuracy", "9836/10000 (98%")]),
            ("Multiple R-squared:  0.8402,\tAdjusted R-squared:  0.8166 ", vec![("Multiple R-squared", "0.8402"), ("Adjusted R-squared", "0.8166")]),
            ("Model:                            OLS   Adj. R-squared:                  0.942", vec![("Adj. R-squared", "0.942")]),
            ("No. Observations:                  50   AIC:                             141.3", vec![("No. Observations", "50"), ("AIC", "141.3")]),
            ("\ttrain-rmse:0.58412\tval-rmse:0.58412", vec![("train-rmse", "0.58412"), ("val-rmse", "0.58412")]),
            ("\tvalid_0's l2: 0.547669", vec![("valid_0's l2", "0.547669")]),
            ("loss: nan - val_loss: 0.4", vec![("loss", "nan"), ("val_loss", "0.4")]),
            ("loss=0.1 acc=0.9", vec![("loss", "0.1"), ("acc", "0.9")]),
            ("top-5 accuracy: 0.97, F1 score: 0.9", vec![("top-5 accuracy", "0.97"), ("F1 score", "0.9")]),
            ("accuracy (%): 93.1", vec![("accuracy (%)", "93.1")]),
            ("Accuracy: 0.97 (+/- 0.05)", vec![("Accuracy", "0.97 (+/- 0.05")]),
            ("loss: 0.5, took 3 seconds", vec![("loss", "0.5")]),
            ("loss: 0.5 | 3.2 sec", vec![("loss", "0.5")]),
            ("loss: 2.303494  [   64/60000]", vec![("loss", "2.303494")]),
            ("Kurtosis:                       2.643   Cond. No.                         1.30", vec![("Kurtosis", "2.643")]),
            (" 100%|████| 938/938 [00:10<00:00, 90.1it/s, loss=0.32]", vec![("loss", "0.32")]),
        ] {
            assert_eq!(pairs(line), expected, "{line}");
        }
    }

    #[test]
    fn a_value_keeps_what_may_belong_to_it() {
        // Reading it as a number reports that there are two.
        for (line, expected) in [
            ("accuracy: 95 out of 100", vec![("accuracy", "95 out of 100")]),
            ("train/val loss: 0.5, 0.4", vec![("train/val loss", "0.5, 0.4")]),
            ("loss: 0.5 (best 0.4)", vec![("loss", "0.5 (best 0.4")]),
        ] {
            assert_eq!(pairs(line), expected, "{line}");
        }
    }

    #[test]
    fn a_number_in_a_sentence_states_nothing() {
        for line in [
            "Epoch 00001: val_loss improved from inf to 0.03566, saving model",
            "val_accuracy did not improve from 0.98",
            "Train on 48000 samples, validate on 12000 samples",
            "ReduceLROnPlateau reducing learning rate to 0.0005.",
            "0.5 0.25",
            "done in 5 s",
        ] {
            assert_eq!(pairs(line), [], "{line}");
        }
    }

    proptest! {
        #[test]
        fn any_line_gives_an_answer(line in "[a-c:=|, ()\\[\\]0-9.%/é\t-]{0,60}|\\PC{0,60}") {
            for one in statements(&line) {
                prop_assert!(line.contains(one.name) && line.contains(one.value));
            }
        }
    }
}

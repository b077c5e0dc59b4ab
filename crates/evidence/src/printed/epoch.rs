//! The line that begins an epoch, and the bar that shows how far it is.

/// What is counted. Steps are counted within epochs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counter {
    Epoch,
    Step,
}

/// A line that begins an epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head<'l> {
    pub(super) counter: Counter,
    pub(super) number: u64,
    /// What stands before it, such as `Train`.
    pub(super) before: &'l str,
    /// What stands behind it.
    pub(super) rest: &'l str,
}

/// How far a bar of Keras is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Progress {
    pub(super) done: u64,
    pub(super) all: u64,
}

/// Words that count, with a number behind them.
const COUNTERS: [(&str, Counter); 8] = [
    ("epoch", Counter::Epoch),
    ("ep.", Counter::Epoch),
    ("ep", Counter::Epoch),
    ("iteration", Counter::Step),
    ("iter.", Counter::Step),
    ("iter", Counter::Step),
    ("step", Counter::Step),
    ("round", Counter::Step),
];

/// Words that may stand before the counter.
const BEFORE: [&str; 13] = ["train", "training", "val", "valid", "validation", "test", "testing", "eval", "finished", "end", "of", "after", "info"];

/// The epoch that `line` begins or goes on with: `Epoch [3/20], `, `(epoch 3) `, `Train Epoch: 3 [640/60000 (1%)]`, `[3,  2000] `, `[3]`.
pub(super) fn head(line: &str) -> Option<Head<'_>> {
    let begun = line.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '[');
    if let Some(head) = begun.strip_prefix('[').and_then(bracketed) {
        return Some(head);
    }
    let mut rest = begun.trim_start_matches('[');
    // Few words before the counter, as in `Train Epoch: 3`.
    for _ in 0..4 {
        if let Some(head) = counted(rest) {
            return Some(Head { before: begun[..begun.len() - rest.len()].trim_matches(|c: char| !c.is_alphanumeric()), ..head });
        }
        let word = &rest[..rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len())];
        if !BEFORE.iter().any(|known| word.eq_ignore_ascii_case(known)) {
            return None;
        }
        rest = rest[word.len()..].trim_start_matches([' ', ':', '[', ']', '(', '-', '|']);
    }
    None
}

/// `3,  2000] ` or `3]` behind its bracket.
fn bracketed(inner: &str) -> Option<Head<'_>> {
    let (number, rest) = whole(inner.trim_start())?;
    let behind = rest.trim_start();
    if let Some(rest) = behind.strip_prefix(']') {
        // XGBoost and LightGBM put a tab behind it; `[1] 0.5` is how R prints a number.
        return rest.starts_with('\t').then_some(Head { counter: Counter::Step, number, before: "", rest });
    }
    let (_, rest) = whole(behind.strip_prefix(',')?.trim_start())?;
    let rest = rest.trim_start().strip_prefix(']').filter(|rest| !rest.trim().is_empty())?;
    Some(Head { counter: Counter::Epoch, number, before: "", rest })
}

/// `Epoch: 3/20 - ` and the like.
fn counted(text: &str) -> Option<Head<'_>> {
    let begins = |word: &str| text.get(..word.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(word));
    let (word, counter) = COUNTERS.into_iter().find(|(word, _)| begins(word))?;
    let rest = &text[word.len()..];
    if rest.starts_with(char::is_alphabetic) {
        return None;
    }
    let rest = rest.trim_start_matches([' ', '\t', ':', '=', '#', '[', '(', '_', '-', '\u{a0}']);
    let (number, rest) = whole(rest)?;
    // A number with decimals counts nothing.
    if rest.starts_with(['.', '%']) && rest[1..].starts_with(|c: char| c.is_ascii_digit()) || rest.starts_with(char::is_alphabetic) {
        return None;
    }
    let all = |text: &str| {
        let behind =
            text.trim_start().strip_prefix('/').or_else(|| text.trim_start().strip_prefix("of ")).or_else(|| text.trim_start().strip_prefix("out of "))?;
        whole(behind.trim_start()).map(|(_, rest)| rest.len())
    };
    let rest = all(rest).map_or(rest, |length| &rest[rest.len() - length..]);
    let rest = rest.trim_start_matches([']', ')']);
    // `[640/60000 (1%)]` is where in the epoch it is.
    let inside = rest.trim_start().strip_prefix('[').and_then(|inner| inner.split_once(']')).filter(|(inner, _)| !inner.contains(char::is_alphabetic));
    Some(Head { counter, number, before: "", rest: inside.map_or(rest, |(_, rest)| rest) })
}

/// The whole number that `text` begins with, and what stands behind it.
fn whole(text: &str) -> Option<(u64, &str)> {
    let length = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let number = text[..length].parse().ok().filter(|_| (1..=12).contains(&length))?;
    Some((number, &text[length..]))
}

/// How far the bar is that `line` shows: `469/469 [====] - 3s 5ms/step - loss: 0.1234`. Without a terminal Keras 1 wrote no bar, only how long
/// the epoch took.
pub(super) fn progress(line: &str) -> Option<Progress> {
    let line = line.trim_start();
    let timed = line.strip_prefix("- ").unwrap_or(line);
    if whole(timed).is_some_and(|(_, rest)| rest.starts_with("s - ")) {
        return Some(Progress { done: 1, all: 1 });
    }
    let (done, rest) = whole(line)?;
    let (all, rest) = whole(rest.strip_prefix('/')?)?;
    let is_bar = rest.trim_start().starts_with(['[', '-', '\u{2501}']) || rest.trim().is_empty();
    is_bar.then_some(Progress { done, all })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_epoch_begins_in_many_ways() {
        for (line, counter, number, rest) in [
            ("Epoch 3/20", Counter::Epoch, 3, ""),
            ("Epoch [3/20], Loss: 0.5", Counter::Epoch, 3, ", Loss: 0.5"),
            ("Epoch [  3/100] | Loss", Counter::Epoch, 3, " | Loss"),
            ("Epoch: 03 | Epoch Time: 0m 3s", Counter::Epoch, 3, " | Epoch Time: 0m 3s"),
            ("epoch 3 | train loss 0.4", Counter::Epoch, 3, " | train loss 0.4"),
            ("Epoch #3: loss", Counter::Epoch, 3, ": loss"),
            ("[Epoch 3] loss", Counter::Epoch, 3, " loss"),
            ("(epoch 3 of 9) loss", Counter::Epoch, 3, " loss"),
            ("Train Epoch: 3 [640/60000 (1%)]\tLoss: 2.2", Counter::Epoch, 3, "\tLoss: 2.2"),
            ("EPOCH 3:", Counter::Epoch, 3, ":"),
            ("=== Epoch 3 ===", Counter::Epoch, 3, " ==="),
            ("[3,  2000] loss: 2.2", Counter::Epoch, 3, " loss: 2.2"),
            ("[3]\ttrain-rmse:0.5", Counter::Step, 3, "\ttrain-rmse:0.5"),
            ("Iteration 3, loss = 0.5", Counter::Step, 3, ", loss = 0.5"),
            ("step 300: train loss 2.3", Counter::Step, 300, ": train loss 2.3"),
            ("Epoch 00003: val_loss improved", Counter::Epoch, 3, ": val_loss improved"),
        ] {
            let before = if line.starts_with("Train") { "Train" } else { "" };
            assert_eq!(head(line), Some(Head { counter, number, before, rest }), "{line}");
        }
        for line in ["Epochs: 20", "[1, 2]", "[1] 0.5", "[0.1, 0.2]", "The epoch 3", "Epoch time: 3 s", "stepwise 3", "[1, 2, 3]", "", "epoch", "Best epoch: 3"]
        {
            assert_eq!(head(line), None, "{line}");
        }
    }

    #[test]
    fn a_bar_says_how_far_it_is() {
        assert_eq!(progress("  1/469 ━━━━ 2:07 272ms/step"), Some(Progress { done: 1, all: 469 }));
        assert_eq!(progress("469/469 - 3s - loss: 0.5"), Some(Progress { done: 469, all: 469 }));
        for line in ["9823/10000 correct", "2023/01/02", "3s", ""] {
            assert_eq!(progress(line), None, "{line}");
        }
    }

    proptest! {
        #[test]
        fn any_line_gives_an_answer(line in "[Eepoch\\[\\]()0-9/.:, -]{0,30}|\\PC{0,30}") {
            let _ = (head(&line), progress(&line));
        }
    }
}

//! What is printed while something trains: `Epoch 3/20` of Keras with its bar below, `Epoch [3/20], Loss: 0.32, Val Loss: 0.28` of PyTorch,
//! `Iteration 3, loss = 0.5` of scikit-learn, `[3] train-rmse:0.58` of `XGBoost`.

use crate::agreement::agree;
use std::collections::{BTreeMap, BTreeSet};

use super::Named;
use super::epoch::{Counter, Head, Progress, head, progress};
use super::line::{Statement, statements};
use super::number::number;
use super::tables::grid::{Grid, Kind, Row};
use mlgrade_domain::value::Value;

/// What a text holds of trainings.
#[derive(Debug, Default)]
pub(super) struct Histories {
    pub(super) trainings: Vec<Training>,
    /// What Keras prints in `evaluate`, with its line.
    pub(super) evaluations: Vec<(usize, Named)>,
}

/// A training, epoch by epoch.
#[derive(Debug, PartialEq)]
pub(super) struct Training {
    counter: Counter,
    epochs: Vec<Epoch>,
    /// The lines that name its epochs.
    heads: Vec<usize>,
    /// Whether Keras prints it.
    has_bars: bool,
}

/// What is stated of an epoch.
#[derive(Debug, Default, PartialEq)]
struct Epoch {
    number: u64,
    stated: Vec<Stated>,
    /// What its bar states, as far as that has come.
    bar: Option<(Progress, Vec<Stated>)>,
}

#[derive(Debug, Clone, PartialEq)]
struct Stated {
    key: String,
    value: Value,
    line: usize,
    /// Whether it stands in the line that names the epoch.
    in_head: bool,
}

/// Words for what an epoch does, with what Keras calls it.
const PHASES: [(&str, &str); 11] = [
    ("train", "train"),
    ("training", "train"),
    ("val", "val"),
    ("valid", "val"),
    ("validation", "val"),
    ("validate", "val"),
    ("dev", "val"),
    ("test", "test"),
    ("testing", "test"),
    ("eval", "eval"),
    ("evaluation", "eval"),
];

/// Reads all trainings in `lines`.
pub(super) fn read(lines: &[&str]) -> Histories {
    let mut found = Histories::default();
    for (i, line) in lines.iter().enumerate() {
        let begun = head(line);
        let current = found.trainings.last_mut();
        let counts_within = |head: &Head<'_>, training: &Training| head.counter == Counter::Step && training.counter == Counter::Epoch;
        match (begun, current) {
            (None, None) => found.evaluations.extend(evaluation(line, i)),
            (None, Some(training)) => {
                if !training.goes_on(line, i) {
                    found.evaluations.extend(evaluation(line, i));
                }
            }
            (Some(head), Some(training)) if counts_within(&head, training) => training.add(stated(head.before, head.rest, i, false)),
            (Some(head), Some(training)) if head.counter == training.counter && training.epochs.last().is_some_and(|last| last.number <= head.number) => {
                training.begin(&head, i);
            }
            (Some(head), _) => {
                let mut training = Training { counter: head.counter, epochs: Vec::new(), heads: Vec::new(), has_bars: false };
                training.begin(&head, i);
                found.trainings.push(training);
            }
        }
    }
    for training in &mut found.trainings {
        training.settle();
    }
    found.trainings.retain(|training| !training.epochs.is_empty());
    found
}

/// What a line of Keras's `evaluate` states.
fn evaluation(line: &str, at: usize) -> Option<(usize, Named)> {
    progress(line).filter(|bar| bar.done == bar.all)?;
    let named: Named = stated("", line, at, false).into_iter().map(|stated| (stated.key, Ok(stated.value))).collect();
    (!named.is_empty()).then_some((at, named))
}

/// What `line` states, `before` standing in front of it.
fn stated(before: &str, line: &str, at: usize, in_head: bool) -> Vec<Stated> {
    let all = statements(line);
    let phases: Vec<BTreeSet<&str>> = (0..all.last().map_or(0, |last| last.part + 1))
        .map(|part| all.iter().filter(|one| one.part == part).filter_map(|one| phase(one.name)).collect())
        .collect();
    let parts: Vec<&str> = line.split(['|', ';', '\t']).collect();
    let key = |one: &Statement<'_>| {
        // In `val Loss: 0.3 Acc: 0.9` both are of the validation; in `train loss: 0.4, val loss: 0.3, acc: 0.9` nobody knows.
        let only = phases.get(one.part).filter(|phases| phases.len() <= 1);
        let begins = parts.get(one.part).and_then(|part| phase(part)).or_else(|| phase(before));
        match begins.filter(|_| only.is_some() && phase(one.name).is_none()) {
            Some(phase) => format!("{phase} {}", one.name),
            None => one.name.to_owned(),
        }
    };
    all.iter().map(|one| Stated { key: key(one), value: value(one.value), line: at, in_head }).collect()
}

/// The phase whose word `text` begins with.
fn phase(text: &str) -> Option<&'static str> {
    let text = text.trim_start_matches(|c: char| !c.is_alphabetic());
    let word = &text[..text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len())];
    PHASES.iter().find(|(known, _)| word.eq_ignore_ascii_case(known)).map(|(_, phase)| *phase)
}

fn value(text: &str) -> Value {
    match number(text) {
        // That it was printed in percent must not be lost.
        Ok(_) if text.contains('%') => Value::text(text),
        Ok(number) => Value::Number(number),
        Err(_) if text.parse::<f64>().is_ok() => text.parse().map_or_else(|_| Value::text(text), Value::number),
        Err(reason) => Value::Unusable(format!("`{text}`: {reason}")),
    }
}

impl Epoch {
    fn values<'e>(&'e self, key: &'e str) -> impl Iterator<Item = &'e Value> {
        self.stated.iter().filter(move |one| one.key == key).map(|one| &one.value)
    }

    /// What to say if `key` is stated with several values: "2 values (2.2, 1.8)".
    fn several(&self, key: &str) -> Option<String> {
        let first = self.values(key).next()?;
        let other = self.values(key).find(|other| !agree(first, other))?;
        let count = self.values(key).count();
        Some(format!("{count} values ({}, {}{})", first.describe(), other.describe(), if count > 2 { ", …" } else { "" }))
    }
}

impl Training {
    fn begin(&mut self, head: &Head<'_>, line: usize) {
        if self.epochs.last().is_none_or(|last| last.number != head.number) {
            self.epochs.push(Epoch { number: head.number, ..Epoch::default() });
        }
        self.heads.push(line);
        self.add(stated(head.before, head.rest, line, true));
    }

    fn add(&mut self, stated: Vec<Stated>) {
        if let Some(epoch) = self.epochs.last_mut() {
            epoch.stated.extend(stated);
        }
    }

    /// Takes a line that names no epoch; not one that states something after an epoch has come to its end.
    fn goes_on(&mut self, line: &str, at: usize) -> bool {
        let stated = stated("", line, at, false);
        let (Some(epoch), false) = (self.epochs.last_mut(), stated.is_empty()) else { return !stated.is_empty() };
        let Some(bar) = progress(line) else {
            epoch.stated.extend(stated);
            return true;
        };
        let is_more = |before: &[Stated]| stated.len() > before.len() && before.iter().all(|one| stated.iter().any(|new| new.key == one.key));
        match &epoch.bar {
            // A bar that is full only comes again with what the validation gave.
            Some((before, known)) if before.done >= before.all && !(before.all == bar.all && is_more(known)) => false,
            _ => {
                epoch.bar = Some((bar, stated));
                self.has_bars = true;
                true
            }
        }
    }

    /// Leaves what does not belong to it: epochs that state nothing, and what stands below the last one.
    fn settle(&mut self) {
        for epoch in &mut self.epochs {
            let bar = epoch.bar.take().map(|(_, stated)| stated).unwrap_or_default();
            epoch.stated.extend(bar.into_iter().map(|one| Stated { in_head: true, ..one }));
        }
        // In the last epoch belongs below its head what stands there in the epochs before.
        let mut usual: BTreeMap<String, usize> = BTreeMap::new();
        let Some((last, before)) = self.epochs.split_last_mut() else { return };
        for epoch in before {
            let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
            for one in epoch.stated.iter().filter(|one| !one.in_head) {
                *counts.entry(&one.key).or_default() += 1;
            }
            for (key, count) in counts {
                let most = usual.entry(key.to_owned()).or_default();
                *most = count.max(*most);
            }
        }
        last.stated.retain(|one| {
            let left = usual.get_mut(&one.key).filter(|left| **left > 0 && !one.in_head);
            let belongs = one.in_head || left.is_some();
            if let Some(left) = left {
                *left -= 1;
            }
            belongs
        });
        self.epochs.retain(|epoch| !epoch.stated.is_empty());
    }

    /// The lines that it takes.
    pub(super) fn lines(&self) -> impl Iterator<Item = usize> + '_ {
        self.epochs.iter().flat_map(|epoch| &epoch.stated).map(|one| one.line).chain(self.heads.iter().copied())
    }

    /// What is stated, in the order in which it first is.
    fn keys(&self) -> Vec<&str> {
        let mut keys: Vec<&str> = Vec::new();
        let mut seen = BTreeSet::new();
        keys.extend(self.epochs.iter().flat_map(|epoch| &epoch.stated).map(|one| one.key.as_str()).filter(|key| seen.insert(*key)));
        keys
    }

    /// Its epochs as the rows of a table.
    pub(super) fn grid(&self) -> Grid {
        let keys = self.keys();
        let cell = |epoch: &Epoch, key: &str| match epoch.several(key) {
            Some(several) => Some(Value::Unusable(several)),
            None => epoch.values(key).next().cloned(),
        };
        let row = |epoch: &Epoch| Row { label: epoch.number.to_string(), cells: keys.iter().map(|key| cell(epoch, key)).collect() };
        let (first, last) = self.lines().fold((usize::MAX, 0), |(first, last), line| (first.min(line), last.max(line + 1)));
        Grid {
            kind: Kind::Training,
            columns: keys.iter().map(|&key| key.to_owned()).collect(),
            rows: self.epochs.iter().map(row).collect(),
            lines: first.min(last)..last,
            shortened: false,
        }
    }

    /// The series of each key over the epochs. Keras calls what is measured in training `loss`, and so does who has a `val_loss` beside it; it
    /// is `train_loss` as well.
    pub(super) fn named(&self) -> Named {
        let grid = self.grid();
        let has_validation = self.has_bars || grid.columns.iter().any(|key| phase(key) == Some("val"));
        let mut named = Named::new();
        for (column, key) in grid.columns.iter().enumerate() {
            let series = self.uneven().map_or_else(|| self.series(&grid, column), Err);
            let alias = format!("train_{key}");
            if has_validation && phase(key).is_none() && !grid.columns.contains(&alias) {
                named.push((alias, series.clone()));
            }
            named.push((key.clone(), series));
        }
        named
    }

    fn series(&self, grid: &Grid, column: usize) -> Result<Value, String> {
        let noun = if self.counter == Counter::Epoch { "epoch" } else { "step" };
        let key = &grid.columns[column];
        if let Some((epoch, several)) = self.epochs.iter().find_map(|epoch| Some((epoch, epoch.several(key)?))) {
            let number = epoch.number;
            return Err(format!("{noun} {number} has {several}; say which are meant with a pattern, and `all` of its matches"));
        }
        let value = |row: &Row| row.cells.get(column).cloned().flatten().unwrap_or_else(|| Value::Unusable(format!("not printed in {noun} {}", row.label)));
        Ok(Value::List(grid.rows.iter().map(value).collect()))
    }

    /// What to say of epochs that do not follow each other: 1, 2, 3, or 10, 20, 30, or 1, 10, 20, 25.
    fn uneven(&self) -> Option<String> {
        let steps: Vec<u64> = self.epochs.windows(2).map(|two| two[1].number - two[0].number).collect();
        // The first and the last one are often printed whatever their number is.
        let even = steps.get(1..steps.len().saturating_sub(1)).unwrap_or_default().windows(2).all(|two| two[0] == two[1]);
        let inner = if steps.len() > 2 { steps[1] } else { u64::MAX };
        let ends = [steps.first(), steps.last()].into_iter().flatten().all(|&step| step <= inner);
        let numbers: Vec<String> = self.epochs.iter().take(25).map(|epoch| epoch.number.to_string()).collect();
        (!even || !ends).then(|| format!("its epochs are {}, which do not follow each other", numbers.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Each name with its values, or with why it has none.
    fn read_all(text: &str) -> Vec<(String, String)> {
        let words = |value| match value {
            Ok(Value::List(values)) => values.iter().map(|value| value.describe().replace("the text ", "")).collect::<Vec<_>>().join(" "),
            Ok(other) => other.describe(),
            Err(reason) => reason,
        };
        let lines: Vec<&str> = text.lines().collect();
        read(&lines).trainings.iter().flat_map(Training::named).map(|(name, value)| (name.replace(' ', "_"), words(value))).collect()
    }

    fn pairs(of: &[(&str, &str)]) -> Vec<(String, String)> {
        of.iter().map(|&(name, values)| (name.to_owned(), values.to_owned())).collect()
    }

    #[test]
    fn each_key_of_keras_becomes_a_series() {
        // Keras 1, 2 and 3, `verbose=1` after carriage returns, and `verbose=2`.
        let keras2 = "Epoch 1/2\n469/469 [==============================] - 3s 5ms/step - loss: 0.5000 - val_loss: 0.4000\n\
                      Epoch 2/2\n469/469 [==============================] - 2s 5ms/step - loss: 0.3000 - val_loss: 0.2500";
        let keras3 = "Epoch 1/2\n  1/469 ━━━━ 2:07 272ms/step - loss: 2.3000\n469/469 ━━━━━━━━━━━━━━━━━━━━ 3s 5ms/step - loss: 0.5000 - val_loss: 0.4000\n\
                      Epoch 1: val_loss improved from inf to 0.40000, saving model to best.keras\n\
                      Epoch 2/2\n469/469 ━━━━━━━━━━━━━━━━━━━━ 2s 4ms/step - loss: 0.3000 - val_loss: 0.2500";
        let quiet = "Epoch 1/2\n469/469 - 3s - 5ms/step - loss: 0.5000 - val_loss: 0.4000\nEpoch 2/2\n469/469 - 2s - loss: 0.3 - val_loss: 0.25\n";
        let old = "Train on 48000 samples, validate on 12000 samples\nEpoch 1/2\n3s - loss: 0.5000 - val_loss: 0.4000\n\
                   Epoch 00001: val_loss improved from inf to 0.40000, saving model\nEpoch 2/2\n - 3s - loss: 0.3 - val_loss: 0.25\n";
        for text in [keras2, keras3, quiet, old] {
            assert_eq!(read_all(text), pairs(&[("train_loss", "0.5 0.3"), ("loss", "0.5 0.3"), ("val_loss", "0.4 0.25")]), "{text}");
        }
    }

    #[test]
    fn epochs_of_pytorch_become_series() {
        for (text, expected) in [
            (
                "Epoch 1/80: train_loss = 0.35, val_loss = 0.32\nEpoch 2/80: train_loss = 0.30, val_loss = 0.28",
                vec![("train_loss", "0.35 0.3"), ("val_loss", "0.32 0.28")],
            ),
            (
                "Epoch [1/2], Train Loss: 0.5, Val Acc: 91.5%\nEpoch [2/2], Train Loss: 0.4, Val Acc: 92%",
                vec![("Train_Loss", "0.5 0.4"), ("Val_Acc", "`91.5%` `92%`")],
            ),
            ("epoch 0 | train loss 0.4 | val loss 0.3\nepoch 1 | train loss 0.3 | val loss 0.2", vec![("train_loss", "0.4 0.3"), ("val_loss", "0.3 0.2")]),
            // https://pytorch.org/tutorials/beginner/transfer_learning_tutorial.html
            (
                "Epoch 0/1\n----------\ntrain Loss: 0.6 Acc: 0.7\nval Loss: 0.3 Acc: 0.9\n\nEpoch 1/1\n----------\ntrain Loss: 0.5 Acc: 0.8\nval Loss: 0.2 Acc: 0.95\n\nTraining complete in 1m 2s\nBest val Acc: 0.95",
                vec![("train_Loss", "0.6 0.5"), ("train_Acc", "0.7 0.8"), ("val_Loss", "0.3 0.2"), ("val_Acc", "0.9 0.95")],
            ),
            (
                "Epoch: 01 | Epoch Time: 0m 3s\n\tTrain Loss: 0.7 | Train Acc: 50.00%\n\t Val. Loss: 0.6 |  Val. Acc: 60.00%\nEpoch: 02 | Epoch Time: 0m 3s\n\tTrain Loss: 0.5 | Train Acc: 70.00%\n\t Val. Loss: 0.4 |  Val. Acc: 80.00%",
                vec![("Train_Loss", "0.7 0.5"), ("Train_Acc", "`50.00%` `70.00%`"), ("Val._Loss", "0.6 0.4"), ("Val._Acc", "`60.00%` `80.00%`")],
            ),
            (
                "Epoch 1/2 - Train Loss: 0.5412 (Acc: 85.0%) | Val Loss: 0.5218 (Acc: 83.3%)\nEpoch 2/2 - Train Loss: 0.3 (Acc: 90%) | Val Loss: 0.4 (Acc: 88%)",
                vec![("Train_Loss", "0.5412 0.3"), ("train_Acc", "`85.0%` `90%`"), ("Val_Loss", "0.5218 0.4"), ("val_Acc", "`83.3%` `88%`")],
            ),
            (
                "Iteration 1, loss = 1.3\nValidation score: 0.2\nIteration 2, loss = 1.2\nValidation score: 0.3",
                vec![("train_loss", "1.3 1.2"), ("loss", "1.3 1.2"), ("Validation_score", "0.2 0.3")],
            ),
            ("[0]\ttrain-rmse:0.58\tval-rmse:0.6\n[1]\ttrain-rmse:0.4\tval-rmse:0.5", vec![("train-rmse", "0.58 0.4"), ("val-rmse", "0.6 0.5")]),
            ("Epoch 1, loss: 0.5\nEpoch 10, loss: 0.4\nEpoch 20, loss: 0.3\nEpoch 25, loss: 0.2", vec![("loss", "0.5 0.4 0.3 0.2")]),
            ("Epoch 1, loss: 0.5\nEpoch 2, loss: nan", vec![("loss", "0.5 NaN")]),
        ] {
            assert_eq!(read_all(text), pairs(&expected), "{text}");
        }
    }

    #[test]
    fn what_stands_below_the_last_epoch_belongs_to_none() {
        let text = "Epoch 1, loss: 0.5\nEpoch 2, loss: 0.4\nTest accuracy: 0.9\nloss: 0.7";
        assert_eq!(read_all(text), pairs(&[("loss", "0.5 0.4")]));
        let keras = "Epoch 1/1\n9/9 - 0s - loss: 0.5\n3/3 - 0s - loss: 0.7 - accuracy: 0.9";
        let lines: Vec<&str> = keras.lines().collect();
        let found = read(&lines);
        assert_eq!(found.trainings[0].named(), ["train_loss", "loss"].map(|name| (name.to_owned(), Ok(Value::series([0.5])))));
        assert_eq!(found.evaluations, [(2, vec![("loss".to_owned(), Ok(Value::number(0.7))), ("accuracy".to_owned(), Ok(Value::number(0.9)))])]);
    }

    #[test]
    fn what_nobody_can_tell_is_said() {
        let reason = |text: &str| read_all(text)[0].1.clone();
        let steps = "[1,  2000] loss: 2.2\n[1,  4000] loss: 1.8\n[2,  2000] loss: 1.5\n[2,  4000] loss: 1.2";
        assert_eq!(reason(steps), "epoch 1 has 2 values (2.2, 1.8); say which are meant with a pattern, and `all` of its matches");
        let both = "Epoch 1, train loss: 0.5, acc: 0.8, val loss: 0.4, acc: 0.9\nEpoch 2, train loss: 0.5, acc: 0.8, val loss: 0.4, acc: 0.9";
        assert!(read_all(both)[1].1.starts_with("epoch 1 has 2 values (0.8, 0.9)"), "{:?}", read_all(both));
        let gap = "Epoch 1, loss: 0.5\nEpoch 2, loss: 0.4\nEpoch 4, loss: 0.3\nEpoch 5, loss: 0.2\nEpoch 6, loss: 0.2";
        assert!(reason(gap).contains("its epochs are 1, 2, 4, 5, 6, which do not follow each other"), "{}", reason(gap));
        let lacking = "Epoch 1/2\n9/9 - 0s - loss: 0.5 - val_loss: 0.4\nEpoch 2/2\n9/9 - 0s - loss: 0.3";
        assert_eq!(read_all(lacking)[2], ("val_loss".to_owned(), "0.4 not printed in epoch 2".to_owned()));
        let fraction = "Epoch 1, acc: 95 out of 100\nEpoch 2, acc: 96 out of 100";
        assert!(reason(fraction).contains("it holds 2 numbers"), "{}", reason(fraction));
    }

    #[test]
    fn two_trainings_are_two() {
        let epoch = |number: u32, loss: &str| format!("Epoch {number}/2\n9/9 - 0s - loss: {loss}\n");
        let twice = epoch(1, "0.5") + &epoch(2, "0.4") + &epoch(1, "0.3") + &epoch(2, "0.2");
        assert_eq!(read_all(&twice), pairs(&[("train_loss", "0.5 0.4"), ("loss", "0.5 0.4"), ("train_loss", "0.3 0.2"), ("loss", "0.3 0.2")]));
        assert!(read_all("no history\nEpoch 1/2\nEpoch 2/2").is_empty());
    }

    proptest! {
        #[test]
        fn any_text_gives_an_answer(text in "(Epoch [0-3]/3|loss: 0\\.[0-9]|9/9 - 0s - |val acc 0\\.5|[\\n ,|]){0,30}") {
            let _ = read_all(&text);
        }
    }
}

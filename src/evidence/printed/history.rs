//! What Keras prints while it trains: `Epoch 3/20` and below it `469/469 - 3s - loss: 0.1234 - val_loss: 0.2345`.

use std::collections::BTreeMap;

use super::super::value::Value;
use super::Named;

/// The series of each key over the epochs, as the last progress line of each epoch states it; empty if there is no such history. Keras
/// calls what is measured in training `loss`; it is `train_loss` as well.
pub(super) fn read(text: &str) -> Result<Named, String> {
    let mut epochs: Vec<(u32, BTreeMap<String, f64>)> = Vec::new();
    for line in text.lines().map(str::trim) {
        if let Some(number) = epoch(line) {
            epochs.push((number, BTreeMap::new()));
        } else if let Some((_, last)) = epochs.last_mut() {
            let stated = progress(line);
            if !stated.is_empty() {
                *last = stated;
            }
        }
    }
    epochs.retain(|(_, stated)| !stated.is_empty());
    let in_order = epochs.iter().enumerate().all(|(i, (number, _))| usize::try_from(*number).is_ok_and(|number| number == i + 1));
    if !in_order {
        let numbers: Vec<String> = epochs.iter().take(25).map(|(number, _)| number.to_string()).collect();
        return Err(format!("its epochs are {}, not 1, 2, 3, …; print each training in a cell of its own", numbers.join(", ")));
    }
    let mut keys: Vec<&String> = epochs.iter().flat_map(|(_, stated)| stated.keys()).collect();
    keys.sort();
    keys.dedup();
    let series = |key: &String| {
        let value = |(number, stated): &(u32, BTreeMap<String, f64>)| {
            stated.get(key).map_or_else(|| Value::Unusable(format!("not printed in epoch {number}")), |&value| Value::number(value))
        };
        Value::List(epochs.iter().map(value).collect())
    };
    let mut named = Named::new();
    for key in keys {
        if !key.starts_with("val_") {
            named.push((format!("train_{key}"), series(key)));
        }
        named.push((key.clone(), series(key)));
    }
    Ok(named)
}

/// The number of `Epoch 3/20`.
fn epoch(line: &str) -> Option<u32> {
    let (number, all) = line.strip_prefix("Epoch ")?.split_once('/')?;
    all.trim().parse::<u32>().ok().and(number.trim().parse().ok())
}

/// The keys and values of `469/469 [====] - 3s 5ms/step - loss: 0.1234 - val_loss: 0.2345`.
fn progress(line: &str) -> BTreeMap<String, f64> {
    let counts = line.split([' ', '\u{2501}', '[']).next().and_then(|head| head.split_once('/'));
    if !counts.is_some_and(|(done, all)| [done, all].iter().all(|count| !count.is_empty() && count.bytes().all(|b| b.is_ascii_digit()))) {
        return BTreeMap::new();
    }
    let stated = |part: &str| {
        let (key, value) = part.split_once(": ")?;
        let value = value.split_whitespace().next()?.parse().ok()?;
        key.chars().all(|c| c.is_alphanumeric() || c == '_').then(|| (key.to_owned(), value))
    };
    line.split(" - ").filter_map(stated).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(text: &str) -> Vec<(String, Vec<String>)> {
        let words = |value| match value {
            Value::List(values) => values.iter().map(Value::describe).collect(),
            other => vec![other.describe()],
        };
        read(text).unwrap().into_iter().map(|(name, value)| (name, words(value))).collect()
    }

    #[test]
    fn each_key_becomes_a_series() {
        // Keras 2 and 3, `verbose=1` after carriage returns, and `verbose=2`.
        let keras2 = "Epoch 1/2\n469/469 [==============================] - 3s 5ms/step - loss: 0.5000 - val_loss: 0.4000\n\
                      Epoch 2/2\n469/469 [==============================] - 2s 5ms/step - loss: 0.3000 - val_loss: 0.2500";
        let keras3 = "Epoch 1/2\n  1/469 ━━━━ 2:07 272ms/step - loss: 2.3000\n469/469 ━━━━━━━━━━━━━━━━━━━━ 3s 5ms/step - loss: 0.5000 - val_loss: 0.4000\n\
                      Epoch 1: val_loss improved from inf to 0.40000, saving model to best.keras\n\
                      Epoch 2/2\n469/469 ━━━━━━━━━━━━━━━━━━━━ 2s 4ms/step - loss: 0.3000 - val_loss: 0.2500";
        let quiet = "Epoch 1/2\n469/469 - 3s - 5ms/step - loss: 0.5000 - val_loss: 0.4000\nEpoch 2/2\n469/469 - 2s - loss: 0.3 - val_loss: 0.25\n";
        for text in [keras2, keras3, quiet] {
            let train = vec!["0.5".to_owned(), "0.3".to_owned()];
            let expected = [("train_loss", train.clone()), ("loss", train), ("val_loss", vec!["0.4".to_owned(), "0.25".to_owned()])];
            assert_eq!(read_all(text), expected.map(|(name, values)| (name.to_owned(), values)), "{text}");
        }
    }

    #[test]
    fn two_trainings_in_one_output_and_a_key_that_lacks_are_told() {
        let epoch = |number: u32, rest: &str| format!("Epoch {number}/2\n9/9 - 0s - loss: 0.5{rest}\n");
        let twice = epoch(1, "") + &epoch(2, "") + &epoch(1, "");
        assert!(read(&twice).unwrap_err().contains("its epochs are 1, 2, 1"));
        let lacking = read_all(&(epoch(1, " - val_loss: 0.4") + &epoch(2, "")));
        assert_eq!(lacking[2], ("val_loss".to_owned(), vec!["0.4".to_owned(), "not printed in epoch 2".to_owned()]));
        assert!(read_all("no history").is_empty());
    }
}

//! Values as people print them: a number in a sentence, a Python dictionary, a history of training, a table of pandas.

mod epoch;
mod history;
mod line;
mod literal;
pub(crate) mod name;
pub(crate) mod number;
mod parts;
pub(crate) mod pattern;
pub(crate) mod tables;

use crate::agreement::agree;
use std::cell::OnceCell;

use mlgrade_domain::limits;
use mlgrade_domain::number::Finite;

use literal::Fault;
use mlgrade_domain::value::Value;
use mlgrade_logs::Node;
use name::normal;
use parts::Parts;
use tables::grid::Grid;

/// Named values in the order in which they were printed, each once, or why a name has none.
pub(crate) type Named = Vec<(String, Result<Value, String>)>;

const SHORTENED: &str = "it was shortened with `...` when it was printed; print all of it, such as with `print(x.tolist())`";

/// An output, of which several marks ask; it is taken apart once.
pub(crate) struct Reading<'t> {
    text: &'t str,
    named: OnceCell<Result<Named, String>>,
}

impl<'t> Reading<'t> {
    pub(crate) fn of(text: &'t str) -> Self {
        Self { text, named: OnceCell::new() }
    }

    pub(crate) fn text(&self) -> &'t str {
        self.text
    }

    /// The named values that it holds: dictionaries, lines such as `best_depth = 8`, trainings, tables. An error says why it holds none.
    pub(crate) fn table(&self) -> Result<&Named, String> {
        let named = self.named()?;
        match named.len() {
            0 => Err("no names with values were found in it; print a dictionary, such as with `print(json.dumps(metrics))`".to_owned()),
            found if found > limits::PRINTED_NAMES => Err(format!("it holds more than the {} names that are read", limits::PRINTED_NAMES)),
            _ => Ok(named),
        }
    }

    fn named(&self) -> Result<&Named, String> {
        self.named.get_or_init(|| Parts::of(self.text).named()).as_ref().map_err(Clone::clone)
    }

    /// The value that it states under `name` itself, as in `name = 0.02` or in a dictionary. The last part of the name will do, and so will
    /// another spelling that means the same.
    pub(crate) fn under(&self, name: &str) -> Result<Option<&Value>, String> {
        let named = self.named()?;
        let last = name.rsplit(['.', '/']).next().unwrap_or(name);
        let (whole, end) = (normal(name), normal(last));
        let exact = |wanted: &str| named.iter().find(|(name, _)| name == wanted);
        let similar = |wanted: &str| named.iter().filter(|(name, _)| normal(name) == wanted).collect::<Vec<_>>();
        let found = exact(name).or_else(|| exact(last)).map_or_else(|| [&whole, &end].map(|wanted| similar(wanted)).concat(), |one| vec![one]);
        let Some((first, rest)) = found.split_first() else { return Ok(None) };
        let first = first.1.as_ref().map_err(Clone::clone)?;
        match rest.iter().find(|(_, other)| !other.as_ref().is_ok_and(|other| agree(first, other))) {
            Some((other, _)) => Err(format!("it states `{}` and `{other}`, and either may be meant", found[0].0)),
            None => Ok(Some(first)),
        }
    }
}

/// All tables and trainings in an output, from top to bottom.
pub(crate) fn grids(text: &str) -> Vec<Grid> {
    Parts::of(text).grids()
}

/// A value that was written as Python shows it, such as `tensor(0.0209, device='cuda:0')`; no text is one.
pub(crate) fn shown_by_python(text: &str) -> Option<Value> {
    match literal::whole(text) {
        Ok(Node::Leaf(value @ (Value::Number(_) | Value::List(_) | Value::Unusable(_)))) => Some(value),
        _ => None,
    }
}

/// The one value that an output is: a Python or JSON value, the one column of a table, else its text.
pub(crate) fn value(text: &str) -> Result<Value, String> {
    let text = &parts::without_timing(text);
    if let Some(column) = Parts::of(text).only_column() {
        return column;
    }
    match literal::whole(text) {
        Ok(Node::Leaf(value)) => Ok(value),
        Ok(Node::Table(_) | Node::List(_)) => Err("it is a dictionary, expected one value".to_owned()),
        Err(Fault::Shortened) => Err(SHORTENED.to_owned()),
        Err(Fault::Other) => Ok(Value::Text(text.trim().to_owned())),
    }
}

/// The numbers that `text` lists, with nothing else between them than spaces, commas or semicolons.
pub(crate) fn series(text: &str) -> Result<Vec<Finite>, String> {
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '[' | ']')).filter(|word| !word.is_empty());
    let numbers: Result<Vec<Finite>, String> = words.take(limits::SERIES_LENGTH + 1).map(|word| word.parse().map_err(|_| word.to_owned())).collect();
    match numbers {
        Err(word) if word == "..." => Err(SHORTENED.to_owned()),
        Err(word) => Err(format!("it holds `{}` where numbers belong", word.chars().take(20).collect::<String>())),
        Ok(numbers) if numbers.is_empty() => Err("it holds no numbers".to_owned()),
        Ok(numbers) => Ok(numbers),
    }
}

/// Classes as one line of digits, a list, or numbers with spaces between, a line each.
pub(crate) fn classes(text: &str) -> Result<String, String> {
    let bare = text.trim().trim_matches(['\'', '"']);
    if !bare.is_empty() && bare.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(bare.chars().flat_map(|c| [c, '\n']).collect());
    }
    let text = match value(text)? {
        Value::List(items) => return Ok(items.iter().map(|item| item.describe() + "\n").collect()),
        Value::Text(text) => text,
        other => return Err(format!("it holds {}, expected classes", other.describe())),
    };
    let mut out = String::with_capacity(2 * text.len());
    let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '[' | ']')).filter(|word| !word.is_empty()).collect();
    let digits = |word: &str| word.bytes().all(|b| b.is_ascii_digit());
    for word in &words {
        if digits(word) && word.len() > 9 {
            word.chars().for_each(|c| out.extend([c, '\n']));
        } else {
            out.extend([word, "\n"]);
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Each name with its value, or with why it has none.
    fn named(text: &str) -> Vec<(String, String)> {
        let read = Reading::of(text);
        let shown = |value: &Result<Value, String>| value.as_ref().map_or_else(Clone::clone, Value::describe);
        read.table().unwrap_or_else(|fault| panic!("{text}: {fault}")).iter().map(|(name, value)| (name.clone(), shown(value))).collect()
    }

    fn pairs(of: &[(&str, &str)]) -> Vec<(String, String)> {
        of.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    #[test]
    fn a_dictionary_is_a_table_of_names_however_it_was_printed() {
        let expected = pairs(&[("improved.val_error", "0.0198"), ("tree.val_rmse", "a list of 2"), ("best", "the text `forest`")]);
        for text in [
            r#"{"improved.val_error": 0.0198, "tree.val_rmse": [4.2, 3.6], "best": "forest"}"#,
            "{'improved.val_error': np.float64(0.0198), 'tree.val_rmse': array([4.2, 3.6]), 'best': 'forest'}",
            "training...\n{'improved': {'val_error': 0.0198}, 'tree': {'val_rmse': [4.2, 3.6]}, 'best': 'forest'}\ndone in 3 s",
            "{\n  \"improved.val_error\": 0.0198,\n  \"tree.val_rmse\": [\n    4.2,\n    3.6\n  ],\n  \"best\": \"forest\"\n}",
            "improved.val_error = 0.0198\ntree.val_rmse: [4.2 3.6]\nbest = forest",
            "improved.val_error = np.float64(0.0198)\ntree.val_rmse = array([4.2,\n       3.6])\nbest: 'forest'",
            "{'improved.val_error': 0.0198}\n{'tree.val_rmse': (4.2, 3.6), 'best': 'forest'}",
            "[{'improved.val_error': 0.0198, 'tree.val_rmse': (4.2, 3.6), 'best': 'forest'}]",
        ] {
            assert_eq!(named(text), expected, "{text}");
        }
    }

    #[test]
    fn a_dictionary_may_stand_behind_words() {
        // scikit-learn's `best_params_`, as its users print it.
        let best = named("Best parameters: {'max_depth': 3, 'n_estimators': 25}\nBest score: 0.9812");
        for (name, value) in [("max_depth", "3"), ("Best_parameters.max_depth", "3"), ("n_estimators", "25"), ("Best_score", "0.9812")] {
            assert!(best.contains(&(name.to_owned(), value.to_owned())), "{name}: {best:?}");
        }
        assert_eq!(named("Best: 0.973333 using {'C': 1}"), pairs(&[("C", "1"), ("Best", "the text `0.973333 using`")]));
        let two = named("train: {'acc': 0.9}\ntest: {'acc': 0.8}");
        assert_eq!(two[..2], pairs(&[("train.acc", "0.9"), ("acc", "it is printed as 0.9 and as 0.8")]));
        // An estimator is no dictionary, and of a list of them none is meant.
        for text in ["SVC(C=1, class_weight={'a': 1})", "[{'acc': 0.9}, {'acc': 0.8}]"] {
            let reading = Reading::of(text);
            assert_eq!((reading.under("acc"), reading.under("a")), (Ok(None), Ok(None)), "{text}");
        }
    }

    #[test]
    fn several_statements_may_stand_in_a_line() {
        assert_eq!(named("Train accuracy: 0.99, Test accuracy: 0.97"), pairs(&[("Train_accuracy", "the text `0.99`"), ("Test_accuracy", "the text `0.97`")]));
        // R 4.3: summary(lm(mpg ~ wt, mtcars)).
        let summary = "Residual standard error: 3.046 on 30 degrees of freedom\nMultiple R-squared:  0.7528,\tAdjusted R-squared:  0.7446 \nF-statistic: 89.32 on 1 and 30 DF,  p-value: 1.294e-10";
        let read = named(summary);
        for (name, value) in
            [("Residual_standard_error", "3.046"), ("Multiple_R-squared", "0.7528"), ("Adjusted_R-squared", "0.7446"), ("F-statistic", "89.32")]
        {
            assert!(read.contains(&(name.to_owned(), format!("the text `{value}`"))), "{name}: {read:?}");
        }
        assert_eq!(named("why: Because the loss was smaller, as I said: see above"), pairs(&[("why", "the text `Because the loss was smaller, as I said:…`")]));
    }

    #[test]
    fn two_tables_that_state_a_name_differently_are_told() {
        // pandas 3.1 puts no line between two frames.
        let frame = |a: &str, b: &str| format!("   depth  rmse\n0      2  {a}\n1      4  {b}\n");
        for between in ["", "\n"] {
            let two = named(&(frame("4.27", "3.67") + between + &frame("9.99", "8.88")));
            assert_eq!(two[0], ("depth".to_owned(), "a list of 2".to_owned()), "both say the same");
            assert!(two[1].1.starts_with("two tables state it, as [4.27, 3.67] and as [9.99, 8.88]"), "{two:?}");
        }
        let training = |loss: &str| format!("Epoch 1/2\n9/9 - 0s - loss: {loss}\nEpoch 2/2\n9/9 - 0s - loss: 0.1\n");
        assert!(named(&(training("0.5") + &training("0.4")))[1].1.starts_with("two trainings state it, as [0.5, 0.1] and as [0.4, 0.1]"));
        let evaluated = named("Epoch 1/2\n9/9 - 0s - loss: 0.5\nEpoch 2/2\n9/9 - 0s - loss: 0.4\n3/3 - 0s - loss: 0.7 - accuracy: 0.9");
        assert_eq!(evaluated[1..], pairs(&[("loss", "it is printed as [0.5, 0.4] and as 0.7"), ("accuracy", "0.9")]));
    }

    #[test]
    fn what_is_no_table_says_so() {
        let fault = |text: &str| Reading::of(text).table().map(|_| ()).unwrap_err();
        assert!(fault("0.0198").contains("no names with values were found"));
        assert!(fault("{'a': array([1, 2, ..., 9])}").contains("shortened with `...`"));
        assert!(named("a = [1 2 ... 9]")[0].1.contains("tolist()"));
    }

    #[test]
    fn a_name_is_found_whole_or_by_its_last_part_or_in_another_spelling() {
        let of = |text: &str| match Reading::of(text).under("improved.val_error") {
            Ok(found) => found.map_or_else(|| "nothing".to_owned(), Value::describe),
            Err(reason) => reason,
        };
        assert_eq!(of("val_error = 0.5\nimproved.val_error = 0.02"), "0.02");
        assert_eq!(of("val error: 2.1%"), "the text `2.1%`");
        assert_eq!(of("Validation Error: 2.1%"), "the text `2.1%`");
        assert_eq!(of("val_error = 0.5\nval_error = 0.02"), "it is printed as 0.5 and as 0.02");
        assert_eq!(of("Val Error = 0.5\nvalidation error = 0.02"), "it states `Val_Error` and `validation_error`, and either may be meant");
        assert_eq!(of("error = 0.5\ntrain_val_error = 0.1"), "nothing");
    }

    #[test]
    fn what_ipython_says_of_time_is_not_the_students() {
        // IPython 9: %%time on Linux and on Windows, and ipython-autotime.
        for time in [
            "CPU times: user 402 µs, sys: 51 µs, total: 453 µs\nWall time: 390 µs\n",
            "CPU times: total: 31.2 ms\nWall time: 1min 2s\n",
            "time: 1.2 s (started: 2024-04-01 12:00:00 +00:00)\n",
        ] {
            assert_eq!(value(&format!("0.0209\n{time}")), Ok(Value::number(0.0209)), "{time}");
            assert_eq!(value(&format!("{time}[0.5, 0.25]")), Ok(Value::series([0.5, 0.25])), "{time}");
        }
    }

    #[test]
    fn the_only_column_of_a_table_is_a_series() {
        let series = Ok(Value::series([0.97, 0.96]));
        for text in ["0    0.97\n1    0.96\nName: accuracy, dtype: float64", "    rmse\n0   0.97\n1   0.96"] {
            assert_eq!(value(text), series, "{text}");
        }
        assert!(matches!(value("SVM     0.97\ntree    0.96\ndtype: float64"), Ok(Value::Text(_))), "each has a name of its own");
    }

    #[test]
    fn classes_are_digits_in_a_row_or_a_list() {
        for text in ["7210", "'7210'", "[7, 2, 1, 0]", "[7 2\n 1 0]", "7 2 1 0", "7,2,1,0", "7\n2\n1\n0", "array([7, 2, 1, 0])", "tensor([7, 2, 1, 0])"] {
            assert_eq!(classes(text), Ok("7\n2\n1\n0\n".to_owned()), "{text}");
        }
        assert_eq!(classes("10 11"), Ok("10\n11\n".to_owned()));
        assert_eq!(classes("0123456789\n0123456789").map(|lines| lines.lines().count()), Ok(20));
        assert!(classes("[7 2 1 ... 4 5 6]").unwrap_err().contains("shortened"));
        assert!(classes("True").is_err());
    }

    #[test]
    fn a_series_has_nothing_but_numbers() {
        assert_eq!(series("0.5\n0.25").map(|all| all.len()), Ok(2));
        assert_eq!(series("0.5 and 0.25"), Err("it holds `and` where numbers belong".to_owned()));
        assert_eq!(series(" "), Err("it holds no numbers".to_owned()));
    }

    proptest! {
        #[test]
        fn any_text_gives_an_answer(text in "[{}\\[\\]a-e=:'\"0-9.,/% \n-]{0,80}|\\PC{0,60}") {
            let _ = (Reading::of(&text).table().is_ok(), Reading::of(&text).under("a.b").is_ok(), value(&text), series(&text), classes(&text));
        }
    }
}

use super::*;
use mlgrade_domain::value::Value;
use proptest::prelude::*;

fn hits(pattern: &str, text: &str) -> Vec<Hit> {
    Pattern::parse(pattern).unwrap().matches(text)
}

/// The value that `pattern` has in `text`, in words, with the note beside it.
fn chosen(pattern: &str, text: &str, which: Which) -> Result<(String, Option<String>), String> {
    let words = |value: &Value| match value {
        Value::List(values) => values.iter().map(Value::describe).collect::<Vec<_>>().join(" "),
        other => other.describe(),
    };
    let choice = choose(&hits(pattern, text), which, |all| format!("{all} matches"))?;
    Ok((words(&choice.value), choice.note))
}

fn value(pattern: &str, text: &str, which: Which) -> Result<String, String> {
    chosen(pattern, text, which).map(|(value, _)| value)
}

fn numbers(pattern: &str, text: &str) -> Vec<f64> {
    hits(pattern, text).into_iter().flat_map(|hit| hit.tokens).map(|token| token.value().unwrap().get()).collect()
}

#[test]
fn each_match_gives_its_number() {
    for (pattern, text, expected) in [
        ("val error: {number}", "val error: 0.5\ntrain error: 0.3\nval error:   0.02\n", vec![0.5, 0.02]),
        ("val error: {number}", "val  error:0.02", vec![0.02]),
        ("error {number}%", "error 2.5 %", vec![0.025]),
        ("error {number}", "error 2.5%", vec![0.025]),
        ("epoch {any} val {number}", "epoch 3: train 0.5, val 0.25\nepoch 4: train 0.4, val 0.2", vec![0.25, 0.2]),
        ("loss={number}", "loss=0.1 acc=0.9", vec![0.1]),
        ("acc {number} on test", "acc 0.7 on train\nacc 0.6 on test", vec![0.6]),
        ("{number} on test", "0.7 on train 0.6 on test", vec![0.6]),
        ("{number} correct", "9823/10000 correct", vec![0.9823]),
        ("at {number} {any} end", "at 3 the end\nat 4 no", vec![3.0]),
        ("depth: {number}", "depth: eight depth: 8", vec![8.0]),
        ("lr{number}", "lr0.1", vec![0.1]),
        ("accuracy: {number}", "accuracy: tensor(0.9532, device='cuda:0')", vec![0.9532]),
        ("accuracy: {number}", "accuracy: np.float64(0.9532)", vec![0.9532]),
        ("accuracy: {number}", "accuracy: '0.9532'", vec![0.9532]),
        ("accuracy: {number}", "**accuracy: **0.9532", vec![0.9532]),
        ("RMSE: {number}", "RMSE: $48,231.5", vec![48_231.5]),
        ("accuracy {number}", "   accuracy                           0.80         5", vec![0.8]),
        ("准确率: {number}", "测试准确率: 0.95", vec![0.95]),
    ] {
        assert_eq!(numbers(pattern, text), expected, "{pattern} in {text}");
    }
}

#[test]
fn the_words_of_a_pattern_are_whole_words() {
    for (pattern, text) in [
        ("loss: {number}", "val_loss: 0.4"),
        ("loss: {number}", "val-loss: 0.4"),
        ("loss: {number}", "val/loss: 0.4"),
        ("loss: {number}", "model.loss: 0.4"),
        ("loss: {number}", "valloss: 0.4"),
        ("acc{any}: {number}", "accuracy: 0.4"),
        ("acc {number}", "vacc 0.4"),
        ("at {number} on test", "at 0.5 on testing"),
    ] {
        assert_eq!(hits(pattern, text), [], "{pattern} in {text}");
    }
    let keras = "Epoch 1/2\n9/9 - 0s 5ms/step - loss: 0.5 - val_loss: 0.4\nEpoch 2/2\n9/9 - 0s 5ms/step - loss: 0.3 - val_loss: 0.35";
    assert_eq!(value("loss: {number}", keras, Which::All), Ok("0.5 0.3".to_owned()));
    assert_eq!(value("loss: {number}", keras, Which::Last), Ok("0.3".to_owned()));
}

#[test]
fn the_word_before_a_pattern_is_told_or_decides() {
    // statsmodels 0.14: summary() of an OLS fit.
    let summary = "Dep. Variable:                      y   R-squared:                       0.416\n\
                   Model:                            OLS   Adj. R-squared:                  0.353";
    assert_eq!(chosen("R-squared: {number}", summary, Which::Only), Ok(("0.416".to_owned(), None)));
    let adjusted = "Model: OLS   Adj. R-squared:                  0.353";
    assert_eq!(chosen("R-squared: {number}", adjusted, Which::Only), Ok(("0.353".to_owned(), Some("matches behind `Adj.`".to_owned()))));
    // R 4.3: summary(lm).
    let r = "Multiple R-squared:  0.8297,\tAdjusted R-squared:  0.824 ";
    assert_eq!(value("R-squared: {number}", r, Which::Only), Err("2 matches".to_owned()));
    let epochs = "train loss: 0.5 val loss: 0.4\ntrain loss: 0.3 val loss: 0.35";
    for which in [Which::All, Which::Last, Which::First] {
        assert!(value("loss: {number}", epochs, which).unwrap_err().contains("stand behind `train` and behind `val`"), "{which:?}");
    }
    assert_eq!(value("val loss: {number}", epochs, Which::All), Ok("0.4 0.35".to_owned()));
    assert_eq!(value("loss: {number}", epochs, Which::Nth(2)), Ok("0.4".to_owned()));
    let any = "Epoch 1 val loss: 0.4 loss: 0.5";
    assert_eq!(value("Epoch {any} loss: {number}", any, Which::Only), Ok("0.5".to_owned()), "not the first `loss:`, which is another's");
    let (models, note) = chosen("accuracy: {number}", "SVM accuracy: 0.9\nTree accuracy: 0.8", Which::All).unwrap();
    assert_eq!((models.as_str(), note.as_deref()), ("0.9 0.8", Some("matches behind `SVM`, `Tree`")));
    let epochs = "loss: 0.5\nloss: 0.3\nfinal loss: 0.28";
    assert_eq!(chosen("loss: {number}", epochs, Which::Last), Ok(("0.28".to_owned(), Some("matches behind `final`".to_owned()))));
    assert_eq!(chosen("loss: {number}", epochs, Which::Only), Err("2 matches".to_owned()));
    let both = "loss: 0.5 val loss: 0.4\nloss: 0.3 val loss: 0.35";
    assert_eq!(chosen("loss: {number}", both, Which::Last), Ok(("0.3".to_owned(), Some("leaves out 2 matches behind `val`".to_owned()))));
    assert_eq!(chosen("at epoch {number}", "stopping at epoch 7/20", Which::Only), Ok(("7".to_owned(), None)));
    // The end of a clause is no name, nor is the cell of another column.
    for text in ["fitted, accuracy: 0.9", "model | accuracy: 0.9", "the accuracy: 0.9", "fold 1 accuracy: 0.9", "SVM   accuracy: 0.9"] {
        assert_eq!(chosen("accuracy: {number}", text, Which::Only), Ok(("0.9".to_owned(), None)), "{text}");
    }
}

#[test]
fn letter_case_matters_only_where_both_are_there() {
    assert_eq!(numbers("test accuracy: {number}", "Test Accuracy: 0.97"), [0.97]);
    assert_eq!(numbers("test accuracy: {number}", "Test Accuracy: 0.97\ntest accuracy: 0.5"), [0.5]);
    assert_eq!(hits("Test accuracy: {number}", "Test accuracy = 0.97"), []);
}

#[test]
fn what_stands_in_the_place_of_the_number_is_never_passed_over_for_another() {
    let only = |pattern: &str, text: &str| value(pattern, text, Which::Only);
    for (text, expected) in [
        ("x: nan", Ok("NaN")),
        ("x: -inf", Ok("infinite")),
        ("x: None", Ok("None")),
        ("x: 22.3dB y", Ok("22.3")),
        ("x: 12s", Ok("12")),
        ("x: 3.1°C", Ok("3.1")),
        ("x: 12k", Err("`12k` may count thousands or millions")),
        ("x: 10-fold, 0.5", Err("`10-fold` is no number")),
        ("x: 2nd 0.5", Err("`2nd` is no number")),
        ("x: 1.26.4", Err("`1.26.4` is no number")),
        ("x: 12:30", Err("`12:30` is a time")),
        ("x: 0.91-0.97", Err("`0.91-0.97` is a range or a date")),
        ("x: < 2.2e-16", Err("`< 2.2e-16` is a bound, not a number")),
        ("x: 2.1 × 10^-3", Err("`2.1 × 10` has a power of ten behind it")),
        ("x: 1,234", Err("`1,234` may be 1.234 or 1234; print it without a comma")),
        ("x: [0.1 0.2 ... 0.9]", Err("the list was shortened with `...` when it was printed")),
        ("x: (0.95 at 0.5", Err("`(0.95 at 0.5` holds several numbers")),
    ] {
        assert_eq!(only("x: {number}", text), expected.map(str::to_owned).map_err(str::to_owned), "{text}");
    }
    let epochs = "epoch 1 val_loss: 0.5\nepoch 2 val_loss: 0.4\nepoch 3 val_loss: nan";
    assert_eq!(value("val_loss: {number}", epochs, Which::All), Ok("0.5 0.4 NaN".to_owned()));
    assert_eq!(value("val_loss: {number}", epochs, Which::Last), Ok("NaN".to_owned()));
}

#[test]
fn two_counts_are_a_place_or_a_share() {
    for (pattern, text, expected) in [
        ("at epoch {number}", "early stopping at epoch 7/20", Ok("7")),
        ("Epoch: {number}", "Epoch: 7/20", Ok("7")),
        ("Epoch {number}", "Epoch [7/20], loss: 0.5", Ok("7")),
        ("best depth: {number}", "best depth: 8/32", Ok("8")),
        ("Accuracy: {number}", "Accuracy: 9730/10000 (97%)", Ok("0.973")),
        ("Accuracy: {number}", "Accuracy: 97% (9754/10000)", Ok("0.9754")),
        ("Accuracy: {number}", "Accuracy: 0.97 (9754/10000)", Ok("0.97")),
        ("Accuracy: {number}", "Accuracy: 0.9754 (97.54%)", Ok("0.9754")),
        ("Accuracy: {number}", "Accuracy: 97% (9500/10000)", Ok("the text `97%`")),
        ("[{number}", "Train Epoch: 1 [12800/60000 (21%)]", Ok("0.21333333")),
        ("chose {number}", "chose 7/20", Err("`7/20` may be 7 of 20, or the fraction 0.35")),
    ] {
        assert_eq!(value(pattern, text, Which::Only), expected.map(str::to_owned).map_err(str::to_owned), "{pattern} in {text}");
    }
}

#[test]
fn equal_matches_agree_and_others_do_not() {
    let only = |text: &str| value("val_acc = {number}", text, Which::Only);
    assert_eq!(only("val_acc = 0.8823\nval_acc = 0.8823"), Ok("0.8823".to_owned()));
    assert_eq!(only("val_acc = 0.88\nval_acc = 0.8823"), Ok("0.8823".to_owned()), "the finer of two");
    assert_eq!(only("val_acc = 88.2%\nval_acc = 0.8823"), Ok("0.8823".to_owned()));
    for text in ["val_acc = 0.88\nval_acc = 0.8723", "val_acc = 0.9\nval_acc = 0.93", "val_acc = 1.0\nval_acc = 0.98", "val_acc = 0.5\nval_acc = nan"] {
        assert_eq!(only(text), Err("2 matches".to_owned()), "{text}");
    }
    let mut apart = hits("val_acc = {number}", "val_acc = 0.88\nval_acc = 0.8823");
    apart[1].output = 1;
    assert_eq!(choose(&apart, Which::Only, |all| format!("{all} matches")), Err("2 matches".to_owned()), "in another output it may be another model");
}

#[test]
fn a_list_behind_the_words_is_all_of_its_numbers() {
    let array = "scores: [0.93 0.95\n 0.97]\nmean: 0.95";
    assert_eq!(value("scores: {number}", array, Which::Only), Ok("0.93 0.95 0.97".to_owned()));
    assert_eq!(value("scores: {number}", array, Which::Nth(2)), Ok("0.95".to_owned()));
    assert_eq!(value("scores: {number}", array, Which::Last), Ok("0.97".to_owned()));
    assert_eq!(value("scores: {number}", array, Which::Nth(4)), Err("there is no match number 4; there are 3".to_owned()));
    let one = "[test loss, accuracy]: [0.1, 0.97]";
    assert_eq!(value("accuracy]: {number}", one, Which::Nth(2)), Ok("0.97".to_owned()));
    let twice = "losses: [0.5, 0.4]\nlosses: [0.3, 0.2]";
    assert_eq!(value("losses: {number}", twice, Which::Last), Ok("0.3 0.2".to_owned()));
    assert_eq!(value("losses: {number}", twice, Which::Only), Err("2 matches".to_owned()));
}

#[test]
fn a_number_alone_on_the_next_line_belongs_to_the_words_above() {
    assert_eq!(numbers("Accuracy: {number}", "Accuracy:\n0.953\n"), [0.953]);
    assert_eq!(numbers("Accuracy: {number}", "Accuracy:\n\n  95.3%"), [0.953]);
    assert_eq!(numbers("Accuracy: {number}", "Accuracy:\n[0.9, 0.8]"), [0.9, 0.8]);
    for text in ["Accuracy:\n0.953 0.2", "Accuracy:\nloss: 0.5", "Accuracy:", "Accuracy: see\n0.953"] {
        assert_eq!(hits("Accuracy: {number}", text), [], "{text}");
    }
}

#[test]
fn no_match_is_cut_off() {
    let text = (0..5_000).map(|i| format!("Epoch {i} val_acc: 0.{i:04}")).collect::<Vec<_>>().join("\n");
    assert_eq!(numbers("val_acc: {number}", &text).len(), 5_000);
    let all = choose(&hits("a {number}", &"a 1 ".repeat(limits::SERIES_LENGTH + 5)), Which::Last, |_| String::new());
    assert!(all.unwrap_err().contains("more than the 100000 times"));
}

#[test]
fn the_line_that_nearly_matches_is_found() {
    let text = "training\nTest accuracy = 0.97\nTest loss = 0.5";
    let nearest = |pattern: &str| Pattern::parse(pattern).unwrap().nearest(text).map(|(_, line)| line);
    assert_eq!(nearest("Test accuracy: {number}"), Some("Test accuracy = 0.97"));
    assert_eq!(nearest("test loss {number}"), Some("Test loss = 0.5"));
    assert_eq!(nearest("PSNR: {number}"), None);
}

#[test]
fn a_pattern_without_its_number_is_told() {
    for pattern in ["val error", "{number} and {number}", "", "a {any}{number}", "a {any} {number}"] {
        assert!(Pattern::parse(pattern).is_err(), "{pattern}");
    }
}

proptest! {
    #[test]
    fn any_pattern_in_any_text_gives_an_answer(before in "[a-c {}%é]{0,8}", after in "[a-c {}%é]{0,8}", text in "[a-cé 0-9.%/\\[(<\n-]{0,60}") {
        for pattern in [format!("{before}{{number}}{after}"), format!("{before}{{any}} x {{number}}{{any}}{after}"), before] {
            let _ = Pattern::parse(&pattern).map(|pattern| (pattern.nearest(&text).is_some(), choose(&pattern.matches(&text), Which::Only, |_| String::new())));
        }
    }

    #[test]
    fn a_printed_number_is_found_behind_its_words(value in -1e6..1e6_f64, noise in "[a-z ]{0,20}") {
        prop_assert_eq!(numbers("score = {number}", &format!("{noise}\n{noise}, score = {value}, {noise}")), [value]);
    }
}

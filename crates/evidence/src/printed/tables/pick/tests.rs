use super::super::html;
use super::*;
use proptest::prelude::*;

fn in_text(text: &str) -> Vec<Grid> {
    super::super::read(&text.lines().collect::<Vec<_>>())
}

/// The value at a row and column of the only table that has them, in words.
fn at(text: &str, row: &str, column: &str) -> String {
    let pick = |name: &str| (!name.is_empty()).then(|| name.to_owned());
    let (row, column) = (pick(row), pick(column));
    let found: Vec<Result<Value, Lack>> = in_text(text).iter().map(|grid| grid.value(row.as_deref(), column.as_deref())).collect();
    let values: Vec<&Value> = found.iter().filter_map(|value| value.as_ref().ok()).collect();
    match values.as_slice() {
        [Value::List(values)] => values.iter().map(Value::describe).collect::<Vec<_>>().join(" "),
        [one] => one.describe(),
        _ => format!("{found:?}"),
    }
}

#[test]
fn a_data_frame_is_read_by_its_labels() {
    // pandas 3.1: print(frame), with an index of numbers, of names, and with words in its cells.
    let frame = "   depths  tree.val_rmse\n0       2         4.2783\n1       4         3.6743";
    assert_eq!(at(frame, "1", "tree.val_rmse"), "3.6743");
    assert_eq!(at(frame, "4", "tree.val_rmse"), "3.6743", "the row in which something is 4");
    assert_eq!(at(frame, "", "depths"), "2 4");
    let models = "           Model  Accuracy    F1\n0  Random Forest    0.9700  0.96\n1            SVM    0.9521  0.95";
    assert_eq!(at(models, "Random Forest", "Accuracy"), "0.97");
    assert_eq!(at(models, "svm", "f1"), "0.95");
    let named = "               accuracy        f1\nlogistic       0.961988  0.969697\nRandom Forest  0.964912  0.972093";
    assert_eq!(at(named, "Random Forest", "f1"), "0.972093");
    let without_index = "        Model  Accuracy\n     Logistic    0.9520\nRandom Forest    0.9700";
    assert_eq!(at(without_index, "Random Forest", "Accuracy"), "0.97");
    let crossed = "Predicted   0   1  All\nTrue                  \n0          50   2   52\n1           3  45   48\nAll        53  47  100";
    assert_eq!(at(crossed, "1", "0"), "3");
    let beside = crossed.replace("   2   52", "   1   51");
    assert_eq!(at(&beside, "1", "0"), "3", "rows of which one is called `All` have names, not numbers");
    let wide = "   depths  \\\n0       2   \n1       4   \n\n   tree.val_rmse  \n0         4.2783  \n1         3.6743  \n\n[2 rows x 2 columns]";
    assert_eq!(at(wide, "1", "tree.val_rmse"), "3.6743");
    let series = "logistic    0.996970\ntree        0.973351\nName: accuracy, dtype: float64";
    assert_eq!(at(series, "tree", ""), "0.973351");
}

#[test]
fn a_classification_report_is_read_by_its_labels() {
    // scikit-learn 1.9: classification_report with digits=4 and target_names.
    let text = "              precision    recall  f1-score   support\n\n      Adelie     1.0000    0.5000    0.6667         2\n      Gentoo     0.7500    1.0000    0.8571         3\n\n    \
                accuracy                         0.8000         5\n   macro avg     0.8750    0.7500    0.7619         5\nweighted avg     0.8500    0.8000    0.7810         5\n";
    for (row, column, expected) in [
        ("Gentoo", "recall", "1"),
        ("accuracy", "f1-score", "0.8"),
        ("macro avg", "f1-score", "0.7619"),
        ("weighted avg", "precision", "0.85"),
        ("Adelie", "support", "2"),
    ] {
        assert_eq!(at(text, row, column), expected, "{row} {column}");
    }
    let empty = in_text(text)[0].value(Some("accuracy"), Some("precision"));
    assert_eq!(empty, Err(Lack::Nothing("nothing stands in that cell of the row `accuracy  0.8  5`".to_owned())), "nor is it a number of another column");
}

#[test]
fn coefficients_of_statsmodels_and_r_are_read_by_their_labels() {
    let ols = "==============================================================================\n                 coef    std err          t      P>|t|      [0.025      0.975]\n\
               ------------------------------------------------------------------------------\nconst          5.2426      1.571      3.337      0.001       2.153       8.332\n\
               x1             0.4639      0.162      2.864      0.005       0.145       0.783\n==============================================================================\nOmnibus:                        0.176";
    assert_eq!(at(ols, "x1", "coef"), "0.4639");
    assert_eq!(at(ols, "const", "std err"), "1.571");
    assert_eq!(at(ols, "x1", "P>|t|"), "0.005");
    let r = "Coefficients:\n            Estimate Std. Error t value Pr(>|t|)    \n(Intercept) 37.22727    1.59879  23.285  < 2e-16 ***\nwt          -3.87783    0.63273  -6.129 1.12e-06 ***\nhp          -0.03177    0.00903  -3.519  0.00145 ** \n---\n";
    assert_eq!(at(r, "wt", "Estimate"), "-3.87783");
    assert_eq!(at(r, "hp", "Pr(>|t|)"), "0.00145");
    assert_eq!(at(r, "hp", "Std. Error"), "0.00903");
}

#[test]
fn boxes_drawn_with_lines_are_read_by_their_labels() {
    for text in [
        "| Model  |   Accuracy |\n|:-------|-----------:|\n| SVM    |       0.95 |\n| Forest |       0.97 |",
        "+--------+----------+\n| Model  | Accuracy |\n+--------+----------+\n| SVM    |   0.95   |\n| Forest |   0.97   |\n+--------+----------+",
        "┏━━━━━━━━┳━━━━━━━━━━┓\n┃ Model  ┃ Accuracy ┃\n┡━━━━━━━━╇━━━━━━━━━━┩\n│ SVM    │ 0.95     │\n│ Forest │ 0.97     │\n└────────┴──────────┘",
        "shape: (2, 2)\n┌────────┬──────────┐\n│ Model  ┆ Accuracy │\n│ ---    ┆ ---      │\n│ str    ┆ f64      │\n╞════════╪══════════╡\n│ SVM    ┆ 0.95     │\n│ Forest ┆ 0.97     │\n└────────┴──────────┘",
        "Model    Accuracy\n-------  --------\nSVM          0.95\nForest       0.97",
        "Model | Accuracy\n------+---------\nSVM | 0.95\nForest | 0.97",
        "Model               Accuracy\nSVM                 0.95\nForest              0.97",
        "Model\tAccuracy\nSVM\t0.95\nForest\t0.97",
    ] {
        assert_eq!(at(text, "Forest", "Accuracy"), "0.97", "{text}");
    }
}

#[test]
fn what_is_not_there_or_twice_is_told() {
    let frame = &in_text("   depth  rmse\n0      2  4.27\n1      4  3.67\n2      8  3.90")[0];
    let lack = |row: &str, column: &str| frame.value(Some(row), Some(column)).unwrap_err();
    assert_eq!(lack("2", "rmse"), Lack::Several("the row `2` may be `2  8  3.9` or `0  2  4.27`".to_owned()));
    assert_eq!(lack("1", "rmsee"), Lack::Nothing("there is no column `rmsee`; did you mean `rmse`?".to_owned()));
    assert_eq!(lack("9", "rmse"), Lack::Nothing("there is no row `9`; there is `2`, `4` and `8`".to_owned()));
    let short = &in_text("    a    b\n0   1    2\n..  .. ...\n99  1    2")[0];
    assert!(matches!(short.value(Some("50"), Some("b")), Err(Lack::Nothing(reason)) if reason.contains("shortened")));
    assert_eq!(in_text("   depth  rmse\n0      2  4.27\n   depth  rmse\n0      2  9.99").len(), 2, "a head that comes again begins another table");
}

#[test]
fn tables_of_html_are_read_by_their_labels() {
    let at = |html: &str, row: &str, column: &str| html::tables(html)[0].value(Some(row), Some(column));
    let number = |value: f64| Ok(Value::number(value));
    // Cut from what pandas 3.1 writes: a frame, a frame with two levels of columns, and one with a style.
    let frame = "<style scoped>.dataframe tbody tr th { vertical-align: top; }</style><table border=\"1\" class=\"dataframe\"><thead><tr style=\"text-align: right;\"><th></th><th>Model</th><th>Accuracy</th></tr></thead>\
                 <tbody><tr><th>0</th><td>Random Forest</td><td>0.97</td></tr><tr><th>1</th><td>A &amp; B</td><td>95.1%</td></tr></tbody></table>";
    assert_eq!(at(frame, "Random Forest", "Accuracy"), number(0.97));
    assert_eq!(at(frame, "A & B", "accuracy"), Ok(Value::text("95.1%")));
    assert_eq!(at(frame, "1", "Accuracy"), Ok(Value::text("95.1%")));
    let levels = "<table><thead><tr><th></th><th colspan=\"2\" halign=\"left\">acc</th></tr><tr><th></th><th>mean</th><th>std</th></tr><tr><th>model</th><th></th><th></th></tr></thead>\
                  <tbody><tr><th>svm</th><td>0.9</td><td>0.01</td></tr></tbody></table>";
    assert_eq!(at(levels, "svm", "acc mean"), number(0.9));
    assert_eq!(at(levels, "svm", "std"), number(0.01));
    let rows = "<table><tr><th>set</th><th>kind</th><th>rmse</th></tr><tr><th rowspan=2>train</th><th>tree</th><td>1.5</td></tr><tr><th>forest</th><td>1.25</td></tr></table>";
    assert_eq!(at(rows, "train forest", "rmse"), number(1.25));
    let bare = "<table><tr><td>accuracy</td><td>0.91</td></tr></table>";
    assert!(html::tables(bare).is_empty());
    assert_eq!(html::text(bare), "accuracy 0.91");
    assert_eq!(html::text("<b>x</b> &lt; <script>1</script><p>&#48;</p><"), "x <\n0\n<");
}

proptest! {
    #[test]
    fn any_text_gives_an_answer(text in "[a-c0-9.|+\\-= \n\t│─é]{0,120}", html in "[<>/a-d thr\"=&;#0-9]{0,80}") {
        for grid in in_text(&text).into_iter().chain(html::tables(&html)).chain(html::tables(&format!("<table><tr><td>{html}</table>"))) {
            prop_assert!(grid.rows.iter().all(|row| row.cells.len() == grid.columns.len()));
            let _ = (grid.value(Some("a"), Some("b")).is_ok(), grid.value(Some("1"), None).is_ok(), grid.value(None, Some("a")).is_ok());
        }
        let _ = html::text(&html);
    }
}

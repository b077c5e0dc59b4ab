//! Tables in plain text: a data frame or a series of pandas, a classification report of scikit-learn.

use unicode_width::UnicodeWidthStr;

use super::super::value::Value;
use super::{Named, SHORTENED};

/// The columns of a data frame by name, the rows of a series or a report by name; empty if `text` has no such table.
pub(super) fn read(text: &str) -> Result<Named, String> {
    let lines: Vec<&str> = text.lines().collect();
    if let Some(head) = lines.iter().position(|line| line.split_whitespace().eq(["precision", "recall", "f1-score", "support"])) {
        return Ok(report(&lines[head + 1..]));
    }
    if let Some(end) = lines.iter().position(|line| line.starts_with("dtype: ") || line.starts_with("Name: ") && line.contains("dtype: ")) {
        return series(&lines[..end]);
    }
    frame(&lines)
}

/// The rows of a classification report: `accuracy`, and each class's `precision`, `recall`, `f1-score` and `support`.
fn report(lines: &[&str]) -> Named {
    let mut named = Named::new();
    for line in lines.iter().filter(|line| !line.trim().is_empty()) {
        let cells = cells(line);
        let Some((name, values)) = cells.split_first().map(|(name, values)| (name.replace(' ', "_"), values)) else { continue };
        let numbers: Vec<Value> = values.iter().map(|cell| value(cell)).collect();
        match numbers.as_slice() {
            [first, _] => named.push((name, first.clone())),
            [_, _, _, _] => {
                let columns = ["precision", "recall", "f1-score", "support"];
                named.extend(columns.iter().zip(numbers).map(|(column, value)| (format!("{name}.{column}"), value)));
            }
            _ => break,
        }
    }
    named
}

fn series(lines: &[&str]) -> Result<Named, String> {
    let row = |line: &&str| match cells(line).as_slice() {
        [name, value] => Some(((*name).to_owned(), self::value(value))),
        _ => None,
    };
    if lines.iter().any(|line| cells(line).contains(&"...")) {
        return Err(SHORTENED.to_owned());
    }
    Ok(lines.iter().filter_map(row).collect())
}

/// The columns of a data frame; a wide one comes in blocks, whose head ends with `\`.
fn frame(lines: &[&str]) -> Result<Named, String> {
    let mut named = Named::new();
    let mut blocks = lines.split(|line| line.trim().is_empty()).filter(|block| !block.is_empty());
    while let Some((head, rows)) = blocks.next().and_then(|block| block.split_first()) {
        let head = head.trim_end().trim_end_matches('\\');
        let rows: Vec<&str> = rows.iter().copied().filter(|row| !(row.starts_with('[') && row.contains(" rows x "))).collect();
        if rows.iter().any(|row| row.split_whitespace().any(|cell| cell == "..." || cell == "..")) {
            return Err(SHORTENED.to_owned());
        }
        // Columns of words stand one space apart, so names and words with spaces in them are only told where there are two.
        if let Some(columns) = columns(head, &rows, |line| line.split_whitespace().collect()).or_else(|| columns(head, &rows, cells)) {
            named.extend(columns);
        }
    }
    Ok(named)
}

/// The columns of a block whose lines `cut` cuts into cells, if it is one.
fn columns(head: &str, rows: &[&str], cut: fn(&str) -> Vec<&str>) -> Option<Named> {
    // Columns are flush right, so all lines end at the same place.
    let end = |line: &str| UnicodeWidthStr::width(line.trim_end());
    if rows.iter().any(|row| end(row) != end(head)) {
        return None;
    }
    let names = cut(head);
    let rows: Vec<Vec<&str>> = rows.iter().map(|row| cut(row)).collect();
    let width = rows.first().map_or(0, Vec::len);
    // With an index each row has one cell more than the head; a head of numbers is no head.
    let index = width.checked_sub(names.len()).filter(|index| *index <= 1 && width > 1)?;
    let of_numbers = index == 0 && names.iter().any(|name| name.parse::<f64>().is_ok());
    // Something is measured in a table; two lines of words are none.
    let measures = rows.iter().flatten().skip(index).any(|cell| cell.parse::<f64>().is_ok());
    if of_numbers || !measures || rows.iter().any(|row| row.len() != width) || index == 1 && rows.iter().any(|row| row[0].ends_with(':')) {
        return None;
    }
    let column =
        |(i, name): (usize, &&str)| ((*name).to_owned(), Value::List(rows.iter().filter_map(|row| row.get(i + index)).map(|cell| value(cell)).collect()));
    Some(names.iter().enumerate().map(column).collect())
}

/// The cells of a line, which two spaces or more keep apart.
fn cells(line: &str) -> Vec<&str> {
    line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect()
}

fn value(cell: &str) -> Value {
    cell.parse::<f64>().map_or_else(|_| Value::text(cell), Value::number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<(String, String)> {
        let shown = |value| match value {
            Value::List(values) => values.iter().map(Value::describe).collect::<Vec<_>>().join(" "),
            other => other.describe(),
        };
        read(text).unwrap().into_iter().map(|(name, value)| (name, shown(value))).collect()
    }

    fn pairs(of: &[(&str, &str)]) -> Vec<(String, String)> {
        of.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    #[test]
    fn the_columns_of_a_data_frame_are_series() {
        // pandas 3.1: print(frame), print(frame.to_string(index=False)), and a frame wider than the screen.
        let expected = pairs(&[("depths", "2 4"), ("tree.val_rmse", "4.2783 3.6743")]);
        for text in [
            "   depths  tree.val_rmse\n0       2         4.2783\n1       4         3.6743",
            " depths  tree.val_rmse\n      2         4.2783\n      4         3.6743",
            "   depths  \\\n0       2   \n1       4   \n\n   tree.val_rmse  \n0         4.2783  \n1         3.6743  \n\n[2 rows x 2 columns]",
        ] {
            assert_eq!(words(text), expected, "{text}");
        }
        let words_too = "   depths  tree.val_rmse name\n0       2         4.2783    a\n1       4         3.6743    b";
        assert_eq!(words(words_too)[1..], pairs(&[("tree.val_rmse", "4.2783 3.6743"), ("name", "the text `a` the text `b`")]));
        assert!(read("    a    b\n0   1    2\n..  .. ...\n99  1    2").is_err());
    }

    #[test]
    fn a_series_of_pandas_has_a_name_for_each_value() {
        let text = "logistic    0.996970\ntree        0.973351\nName: accuracy, dtype: float64";
        assert_eq!(words(text), pairs(&[("logistic", "0.99697"), ("tree", "0.973351")]));
    }

    #[test]
    fn a_classification_report_has_a_name_for_each_cell() {
        // scikit-learn 1.9: print(classification_report([0, 0, 1, 1, 1], [0, 1, 1, 1, 1], digits=4, target_names=["Adelie", "Gentoo"]))
        let text = "              precision    recall  f1-score   support\n\n      Adelie     1.0000    0.5000    0.6667         2\n      Gentoo     0.7500    1.0000    0.8571         3\n\n    \
                    accuracy                         0.8000         5\n   macro avg     0.8750    0.7500    0.7619         5\nweighted avg     0.8500    0.8000    0.7810         5\n";
        let read = words(text);
        assert_eq!(read.len(), 17);
        for (name, value) in [("accuracy", "0.8"), ("Gentoo.recall", "1"), ("Adelie.f1-score", "0.6667"), ("macro_avg.f1-score", "0.7619")] {
            assert!(read.contains(&(name.to_owned(), value.to_owned())), "{name}: {read:?}");
        }
    }

    #[test]
    fn other_texts_have_no_table() {
        for text in ["0.5", "loss  0.5", "Epoch 1/2", "1  2\n3  4", "training is done\nin 5 s"] {
            assert_eq!(words(text), [], "{text}");
        }
    }
}

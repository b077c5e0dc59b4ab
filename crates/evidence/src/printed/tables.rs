//! Tables in plain text: a data frame or a series of pandas or R, a classification report of scikit-learn, a table under a line of dashes.

mod boxed;
mod columns;
pub(crate) mod grid;
pub(crate) mod html;
pub(crate) mod pick;

use std::ops::Range;

use unicode_width::UnicodeWidthStr;

use super::number::number;
use boxed::is_rule;
use columns::{Flush, cut};
use grid::{Grid, Kind, Row, cell};

/// All tables in `lines`, from top to bottom.
pub(crate) fn read(lines: &[&str]) -> Vec<Grid> {
    let mut grids: Vec<Grid> = Vec::new();
    let mut series = all_series(lines).into_iter().peekable();
    // In a text where everything is nearly a table, not every line is held against all that follow.
    let mut left = 1_000 + 20 * lines.len();
    let (mut at, mut run) = (0, 0);
    while at < lines.len() {
        // What belongs to a series is nothing else.
        let end = series.peek().map_or(lines.len(), |series| series.lines.start);
        if run <= at {
            run = at + lines[at..].iter().position(|line| is_blank(line)).unwrap_or(lines.len() - at);
        }
        let found = if at >= end {
            series.next()
        } else if left > 0 && may_begin(&lines[at..end]) {
            left = left.saturating_sub(run - at);
            table(&lines[at..end]).map(|grid| Grid { lines: at + grid.lines.start..at + grid.lines.end, ..grid })
        } else {
            None
        };
        at = found.as_ref().map_or(at + 1, |grid| grid.lines.end.max(at + 1));
        grids.extend(found);
    }
    grids
}

fn is_blank(line: &str) -> bool {
    line.trim().is_empty()
}

/// Whether the first of `lines` may be a table's: something is drawn in it, or it is a head with a number below.
fn may_begin(lines: &[&str]) -> bool {
    let [head, next, ..] = lines else { return false };
    let below = if is_rule(next) { lines.get(2).unwrap_or(next) } else { next };
    // Over classes that are numbers, and over a line with the name of the rows, stands the name of the columns.
    let names_columns =
        || !is_blank(next) && !next.starts_with(' ') && !has_number(next) && head.starts_with(char::is_alphabetic) && !head.contains([':', '=']);
    let is_head = head.starts_with(' ') || !has_number(head) || names_columns();
    boxed::is_drawn(head) || is_head && !is_blank(head) && (is_blank(below) || has_number(below) || lines.get(2).is_some_and(|line| has_number(line)))
}

fn has_number(line: &str) -> bool {
    line.split_whitespace().any(|word| word.trim_end_matches('%').parse::<f64>().is_ok())
}

/// The table that the first of `lines` begins.
fn table(lines: &[&str]) -> Option<Grid> {
    report(lines).or_else(|| boxed::read(lines)).or_else(|| frame(lines)).or_else(|| spaced(lines))
}

/// A classification report: `accuracy`, and each class's precision, recall, f1-score and support.
fn report(lines: &[&str]) -> Option<Grid> {
    const COLUMNS: [&str; 4] = ["precision", "recall", "f1-score", "support"];
    let (head, below) = lines.split_first()?;
    if !head.split_whitespace().eq(COLUMNS) {
        return None;
    }
    let mut grid = Grid { kind: Kind::Report, columns: COLUMNS.map(str::to_owned).into(), rows: Vec::new(), lines: 0..1, shortened: false };
    for (i, line) in below.iter().enumerate() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let numbers = words.iter().rev().take_while(|word| word.parse::<f64>().is_ok()).count();
        let (label, cells) = match (words.as_slice(), numbers) {
            ([], _) => continue,
            (["accuracy", all, support], 2) => (vec!["accuracy"], vec![None, None, cell(all), cell(support)]),
            // A class may be called by a number.
            ([label @ .., a, b, c, d], 4..) if !label.is_empty() => (label.to_vec(), [a, b, c, d].map(|word| cell(word)).to_vec()),
            _ => break,
        };
        grid.rows.push(Row { label: label.join(" "), cells });
        grid.lines.end = i + 2;
    }
    (!grid.rows.is_empty()).then_some(grid)
}

/// All that pandas prints of a Series: names with values, above a line with its type.
fn all_series(lines: &[&str]) -> Vec<Grid> {
    let mut found: Vec<Grid> = Vec::new();
    for (foot, _) in lines.iter().enumerate().filter(|(_, line)| is_type(line)) {
        let from = found.last().map_or(0, |before| before.lines.end);
        found.extend(series(lines, from, foot));
    }
    found
}

/// `Name: accuracy, Length: 100, dtype: float64`.
fn is_type(line: &str) -> bool {
    line.starts_with("dtype: ") || ["Name: ", "Length: ", "Freq: "].iter().any(|word| line.starts_with(word)) && line.contains(", dtype: ")
}

/// The series whose type stands in the line `foot`, and which begins behind the line `from`.
fn series(lines: &[&str], from: usize, foot: usize) -> Option<Grid> {
    let width = end(lines.get(foot.checked_sub(1)?)?);
    let is_row = |i: &usize| !is_blank(lines[*i]) && !is_type(lines[*i]) && end(lines[*i]) == width;
    let above = |end: usize| (from..end).rev().take_while(is_row).last().unwrap_or(end);
    let is_dots = |i: usize| ["...", ".."].contains(&lines[i].trim());
    let mut begin = above(foot);
    // The dots of a long one stand where its values begin.
    let shortened = begin > from && is_dots(begin - 1);
    if shortened {
        begin = above(begin - 1);
    }
    let row = |line: &&str| {
        let (label, value) = line.trim_end().rsplit_once("  ")?;
        Some(Row { label: label.split_whitespace().collect::<Vec<_>>().join(" "), cells: vec![cell(value)] })
    };
    let rows: Vec<Row> = (begin..foot).filter(|&i| !is_dots(i)).map(|i| row(&lines[i])).collect::<Option<_>>()?;
    let name = lines[foot].strip_prefix("Name: ").and_then(|rest| rest.split_once(", ")).map_or("", |(name, _)| name);
    // A long one ends with how long it is.
    let shortened = shortened || (begin..foot).any(is_dots);
    (!rows.is_empty()).then(|| Grid { kind: Kind::Series, columns: vec![name.to_owned()], rows, lines: begin..foot + 1, shortened })
}

/// The column of the screen at which a line ends.
fn end(line: &str) -> usize {
    UnicodeWidthStr::width(line.trim_end())
}

/// A data frame: all its lines end at the same place. A wide one comes in blocks, whose heads end with `\`.
fn frame(lines: &[&str]) -> Option<Grid> {
    let next = |from: usize| (from..lines.len()).find(|&i| !is_blank(lines[i]));
    let mut grid = block(lines)?;
    let mut head = 0;
    while lines[head].trim_end().ends_with('\\') {
        head = next(grid.lines.end)?;
        let more = block(&lines[head..])?;
        if more.rows.len() != grid.rows.len() {
            return None;
        }
        grid.columns.extend(more.columns);
        for (row, more) in grid.rows.iter_mut().zip(more.rows) {
            row.cells.extend(more.cells);
        }
        grid.lines.end = head + more.lines.end;
    }
    if let Some(foot) = next(grid.lines.end).filter(|&i| lines[i].starts_with('[') && lines[i].contains(" rows x ")) {
        grid.lines.end = foot + 1;
    }
    Some(grid)
}

/// A frame, or a block of a wide one.
fn block(lines: &[&str]) -> Option<Grid> {
    if lines.iter().take(2).any(|line| boxed::has_walls(line)) {
        return None;
    }
    let head = lines.first()?.trim_end().trim_end_matches('\\').trim_end();
    // R puts stars behind its p-values.
    let has_stars = head.ends_with("|)");
    let bare = |line: &'_ str| {
        let line = line.trim_end();
        if has_stars { line.trim_end_matches(['*', '.']).trim_end().len() } else { line.len() }
    };
    let shown: Vec<&str> = lines.iter().skip(1).take_while(|line| !is_blank(line)).map(|line| &line[..bare(line)]).collect();
    let width = end(head);
    let is_row = |i: usize| shown.get(i).is_some_and(|line| end(line) == width);
    let names_index = shown.first().is_some_and(|line| end(line) < width && !line.starts_with(' ')) && is_row(1);
    let first = usize::from(names_index);
    let has_labels = head.starts_with(' ') && shown.get(first).is_some_and(|line| !line.starts_with(' '));
    // Another frame may follow without a line between.
    let begins_another = |line: &str| line == head || has_labels && line.starts_with(' ') && !has_number(line);
    let rows = (first..shown.len()).take_while(|&i| is_row(i) && !begins_another(shown[i])).count();
    let all: Vec<&str> = std::iter::once(head).chain(shown.iter().copied().take(first + rows)).collect();
    let grid = of_cells(cut(&all, Flush::Right)?, 0..all.len())?;
    // Two lines that end at the same place by chance are no table.
    let is_full = grid.rows.iter().all(|row| !row.label.is_empty()) || grid.rows.iter().all(|row| row.cells.iter().all(Option::is_some));
    is_full.then_some(grid)
}

/// A table under a line of dashes, or one whose cells stand two spaces or a tab apart.
fn spaced(lines: &[&str]) -> Option<Grid> {
    let (head, below) = lines.split_first()?;
    if is_rule(head) {
        return None;
    }
    let is_ruled = below.first().is_some_and(|line| is_rule(line));
    let below = &below[usize::from(is_ruled)..];
    let names = apart(head);
    let is_row = |line: &&&str| {
        let cells = apart(line);
        !is_blank(line) && !is_rule(line) && (is_ruled || cells.len() == names.len() && cells.iter().any(|cell| number(cell).is_ok()))
    };
    let all: Vec<&str> = std::iter::once(head).chain(below.iter().take_while(is_row)).copied().collect();
    if all.len() < 2 || !is_ruled && names.len() < 2 {
        return None;
    }
    let by_tabs = |line: &&str| std::iter::once(String::new()).chain(line.split('\t').map(|cell| cell.trim().to_owned())).collect();
    let cells = if all.iter().any(|line| line.contains('\t')) { all.iter().map(by_tabs).collect() } else { cut(&all, Flush::Left)? };
    let until = all.len() + usize::from(is_ruled);
    let is_closed = lines.get(until).is_some_and(|line| is_ruled && is_rule(line));
    of_cells(cells, 0..until + usize::from(is_closed))
}

/// The cells of a line, which two spaces or a tab keep apart.
fn apart(line: &str) -> Vec<&str> {
    line.split('\t').flat_map(|part| part.split("  ")).map(str::trim).filter(|cell| !cell.is_empty()).collect()
}

/// The table of `cells`, the first line being the head and the first cell of each a label, if something is measured in it.
fn of_cells(mut cells: Vec<Vec<String>>, lines: Range<usize>) -> Option<Grid> {
    let width = cells.first()?.len();
    if cells.len() < 2 || width < 2 || cells.iter().any(|line| line.len() != width) {
        return None;
    }
    // A line with nothing but a name in front names the index.
    let names_index = |row: &[String]| row.iter().position(|cell| !cell.is_empty()).filter(|&at| at <= 1 && row[at + 1..].iter().all(String::is_empty));
    if let Some(column) = names_index(&cells[1]).filter(|_| cells.len() > 2) {
        cells.remove(1);
        if column == 1 && width > 2 {
            // The columns have a name of their own, which stands above the index.
            for row in &mut cells {
                row.remove(0);
            }
            cells[0][0].clear();
        }
    }
    let head = cells.remove(0);
    let is_number = |text: &String| number(text).is_ok();
    let has_labels = cells.iter().all(|row| !row[0].is_empty());
    let is_stated = |text: &String| text.ends_with([':', '=']);
    let is_statement = |text: &String| is_stated(text) || text.starts_with(['[', '{']);
    let begins_badly = cells.iter().any(|row| row.iter().find(|cell| !cell.is_empty()).is_some_and(is_statement));
    if begins_badly || head.iter().any(is_stated) || !has_labels && head.iter().any(is_number) {
        return None;
    }
    // Something is measured in a table; two lines of words are none.
    if !cells.iter().any(|row| row[1..].iter().any(is_number)) {
        return None;
    }
    let is_gap = |row: &[String]| row.iter().all(|cell| ["...", "..", ""].contains(&cell.as_str()));
    let shortened = cells.iter().any(|row| is_gap(row));
    let kept: Vec<usize> = (1..head.len()).filter(|&column| head[column] != "...").collect();
    let row = |row: &Vec<String>| Row { label: row[0].clone(), cells: kept.iter().map(|&column| cell(&row[column])).collect() };
    let rows = cells.iter().filter(|row| !is_gap(row)).map(row).collect();
    let name = |&column: &usize| if is_rule(&head[column]) { String::new() } else { head[column].clone() };
    let columns = kept.iter().map(name).collect();
    Some(Grid { kind: Kind::Table, columns, rows, lines, shortened })
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlgrade_domain::value::Value;
    use proptest::prelude::*;

    fn tables(text: &str) -> Vec<Grid> {
        read(&text.lines().collect::<Vec<_>>())
    }

    /// Of each table its columns, then its rows with their labels.
    fn shown(text: &str) -> Vec<String> {
        let words = |cell: &Option<Value>| match cell {
            Some(Value::Text(text)) => text.clone(),
            Some(value) => value.describe(),
            None => "–".to_owned(),
        };
        let row = |row: &Row| format!("{}: {}", row.label, row.cells.iter().map(words).collect::<Vec<_>>().join("; "));
        tables(text).iter().flat_map(|grid| std::iter::once(grid.columns.join("; ")).chain(grid.rows.iter().map(row))).collect()
    }

    #[test]
    fn a_data_frame_has_columns_and_rows() {
        // pandas 3.1: print(frame), to_string(index=False), a frame wider than the screen, one with words, one whose index has a name.
        for (text, expected) in [
            ("   depths  tree.val_rmse\n0       2         4.2783\n1       4         3.6743", vec!["depths; tree.val_rmse", "0: 2; 4.2783", "1: 4; 3.6743"]),
            (" depths  tree.val_rmse\n      2         4.2783\n      4         3.6743", vec!["depths; tree.val_rmse", ": 2; 4.2783", ": 4; 3.6743"]),
            (
                "   depths  \\\n0       2   \n1       4   \n\n   tree.val_rmse  \n0         4.2783  \n1         3.6743  \n\n[2 rows x 2 columns]",
                vec!["depths; tree.val_rmse", "0: 2; 4.2783", "1: 4; 3.6743"],
            ),
            (
                "           model  val loss     acc\n0       Logistic    0.3100  0.9700\n1  Random Forest    0.2945  0.9800",
                vec!["model; val loss; acc", "0: Logistic; 0.31; 0.97", "1: Random Forest; 0.2945; 0.98"],
            ),
            (
                "               val loss     acc\nmodel                          \nLogistic         0.3100  0.9700\nRandom Forest    0.2945  0.9800",
                vec!["val loss; acc", "Logistic: 0.31; 0.97", "Random Forest: 0.2945; 0.98"],
            ),
            ("Predicted  a  b\nActual         \na          1  1\nb          0  2", vec!["a; b", "a: 1; 1", "b: 0; 2"]),
            ("    0   1\n0  50   2\n1   3  45", vec!["0; 1", "0: 50; 2", "1: 3; 45"]),
            ("   a     acc\n0  x  97.10%\n1  y   8.00%", vec!["a; acc", "0: x; 97.10%", "1: y; 8.00%"]),
            ("     a    b\n0  1.0    x\n1  NaN  NaN", vec!["a; b", "0: 1; x", "1: NaN; NaN"]),
            ("              a            b\ncount  3.000000      3.00000\n25%    1.500000   1050.00000", vec!["a; b", "count: 3; 3", "25%: 1.5; 1050"]),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn rows_that_were_left_out_are_noticed_and_columns_are_passed_over() {
        let long = "     a          b\n0    0   0.000000\n1    1   0.333333\n..  ..        ...\n99  99  33.000000\n\n[100 rows x 2 columns]";
        assert!(tables(long)[0].shortened && tables(long)[0].rows.len() == 3);
        let wide = "   c 0  c 1  ...  c 9\n0    1    2  ...    3\n1    4    5  ...    6\n\n[2 rows x 10 columns]";
        assert_eq!(shown(wide), ["c 0; c 1; c 9", "0: 1; 2; 3", "1: 4; 5; 6"]);
        assert!(!tables(wide)[0].shortened);
        let series = "0      0.000000\n1      0.333333\n        ...    \n98    32.666667\n99    33.000000\nLength: 100, dtype: float64";
        assert!(tables(series)[0].shortened && tables(series)[0].rows.len() == 4);
    }

    #[test]
    fn a_series_of_pandas_has_a_name_for_each_value() {
        let text = "Logistic Regression    0.97\nSVM                    0.96\nName: accuracy, dtype: float64";
        assert_eq!(shown(text), ["accuracy", "Logistic Regression: 0.97", "SVM: 0.96"]);
        assert_eq!(shown("k  m\na  x    1.0\n   y    2.0\ndtype: float64"), ["", "a x: 1", "y: 2"]);
    }

    #[test]
    fn a_classification_report_has_a_row_for_each_class() {
        // scikit-learn 1.9: print(classification_report([0, 0, 1, 1, 1], [0, 1, 1, 1, 1], digits=4, target_names=["Adelie", "Gentoo"]))
        let text = "              precision    recall  f1-score   support\n\n      Adelie     1.0000    0.5000    0.6667         2\n      Gentoo     0.7500    1.0000    0.8571         3\n\n    \
                    accuracy                         0.8000         5\n   macro avg     0.8750    0.7500    0.7619         5\nweighted avg     0.8500    0.8000    0.7810         5\n";
        let expected = [
            "precision; recall; f1-score; support",
            "Adelie: 1; 0.5; 0.6667; 2",
            "Gentoo: 0.75; 1; 0.8571; 3",
            "accuracy: –; –; 0.8; 5",
            "macro avg: 0.875; 0.75; 0.7619; 5",
            "weighted avg: 0.85; 0.8; 0.781; 5",
        ];
        assert_eq!(shown(text), expected);
        let named: Vec<String> = tables(text)[0].named().into_iter().map(|(name, value)| format!("{name} {}", value.unwrap().describe())).collect();
        assert!(named.contains(&"accuracy 0.8".to_owned()) && named.contains(&"Gentoo.recall 1".to_owned()), "{named:?}");
        // Two reports one after the other are two.
        assert_eq!(tables(&[text, text].concat()).len(), 2);
    }

    #[test]
    fn tables_of_other_programs_are_read() {
        // R 4.3, statsmodels 0.15, tabulate 0.10 (plain, simple), and cells with tabs between.
        for (text, expected) in [
            (
                "            Estimate Std. Error t value Pr(>|t|)    \n(Intercept)  37.2851     1.8776  19.858  < 2e-16 ***\nwt           -5.3445     0.5591  -9.559 1.29e-10 ***\n---",
                vec!["Estimate; Std. Error; t value; Pr(>|t|)", "(Intercept): 37.2851; 1.8776; 19.858; < 2e-16", "wt: -5.3445; 0.5591; -9.559; 1.29e-10"],
            ),
            (
                "==============================================================================\n                 coef    std err          t      P>|t|      [0.025      0.975]\n------------------------------------------------------------------------------\nconst          1.0298      0.139      7.417      0.000       0.750       1.309\nx1             2.1781      0.150     14.566      0.000       1.877       2.479\n==============================================================================",
                vec!["coef; std err; t; P>|t|; [0.025; 0.975]", "const: 1.0298; 0.139; 7.417; 0; 0.75; 1.309", "x1: 2.1781; 0.15; 14.566; 0; 1.877; 2.479"],
            ),
            (
                "Model            Accuracy    Val loss\nRandom Forest       0.98         0.1\nSVM                 0.971        0.25",
                vec!["Model; Accuracy; Val loss", ": Random Forest; 0.98; 0.1", ": SVM; 0.971; 0.25"],
            ),
            (
                "Model            Accuracy\n-------------  ----------\nRandom Forest       0.98\nSVM                 0.971",
                vec!["Model; Accuracy", ": Random Forest; 0.98", ": SVM; 0.971"],
            ),
            ("Model\tAccuracy\nRandom Forest\t0.98\nSVM\t0.971", vec!["Model; Accuracy", ": Random Forest; 0.98", ": SVM; 0.971"]),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn other_texts_have_no_table() {
        for text in [
            "0.5",
            "loss  0.5",
            "Epoch 1/2",
            "1  2\n3  4",
            "training is done\nin 5 s",
            "[[0.5 0.5 0. ]\n [0.  1.  0. ]]",
            "Test loss:     0.5\nTest accuracy: 0.9",
            "OLS Regression\n==============\nDf Model:  2.0",
        ] {
            assert!(shown(text).is_empty(), "{text}: {:?}", shown(text));
        }
    }

    proptest! {
        #[test]
        fn any_lines_give_an_answer(lines in prop::collection::vec("[ab 0-9.|+=-]{0,16}|dtype: x|[a-c]{1,3}   [0-9.]{1,4}", 0..8)) {
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            let mut end = 0;
            for grid in read(&lines) {
                // They follow each other, and each row has a cell for each column.
                prop_assert!(grid.lines.start >= end && grid.lines.end <= lines.len());
                prop_assert!(grid.rows.iter().all(|row| row.cells.len() == grid.columns.len()));
                end = grid.lines.end;
            }
        }
    }
}

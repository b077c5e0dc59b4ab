//! Tables with lines drawn between their cells: rich and Lightning, polars, tabulate, prettytable, Markdown, psql.

use super::grid::{Grid, Kind, Row, cell};

/// What stands between two cells.
const WALLS: [char; 9] = ['|', '│', '┃', '║', '┆', '╎', '┊', '¦', '┇'];

/// The table that the first of `lines` begins, if it is one.
pub(super) fn read(lines: &[&str]) -> Option<Grid> {
    let end = lines.iter().position(|line| !is_drawn(line)).unwrap_or(lines.len());
    // Lines of cells, cut where a line is drawn across.
    let mut groups: Vec<Vec<Vec<&str>>> = vec![Vec::new()];
    let mut rules = 0;
    for line in &lines[..end] {
        match groups.last_mut() {
            _ if is_rule(line) => {
                rules += 1;
                groups.push(Vec::new());
            }
            Some(group) => group.push(cells(line)),
            None => {}
        }
    }
    groups.retain(|group| !group.is_empty());
    // Polars writes the type of a column below its name.
    if groups.get(1).is_some_and(|group| group.iter().all(|line| line.iter().all(|cell| is_type(cell)))) {
        groups.remove(1);
    }
    let (head, body) = groups.split_first()?;
    let width = head.first()?.len();
    let all_alike = groups.iter().flatten().all(|line| line.len() == width);
    let is_closed = |line: &&str| line.trim().starts_with(WALLS) && line.trim().ends_with(WALLS);
    let is_one_column = width == 1 && lines[..end].iter().filter(|line| !is_rule(line)).all(is_closed);
    if rules == 0 || body.is_empty() || width < 2 && !is_one_column || !all_alike {
        return None;
    }
    let names: Vec<String> = (0..width).map(|i| joined(head, i)).collect();
    // With a line under each row, what stands between two lines is one row.
    let is_one_row_each = body.len() > 1 && groups.len() > 2;
    let rows: Vec<Vec<String>> = if is_one_row_each {
        body.iter().map(|group| (0..width).map(|i| joined(group, i)).collect()).collect()
    } else {
        body.iter().flatten().map(|line| line.iter().map(|&cell| cell.to_owned()).collect()).collect()
    };
    let is_gap = |row: &Vec<String>| row.iter().all(|cell| ["…", "...", ""].contains(&cell.as_str()));
    let shortened = rows.iter().any(is_gap);
    let has_labels = names[0].is_empty();
    let skipped = usize::from(has_labels);
    let row = |row: Vec<String>| Row {
        label: if has_labels { row[0].clone() } else { String::new() },
        cells: row.iter().skip(skipped).map(|text| cell(text)).collect(),
    };
    let rows: Vec<Row> = rows.into_iter().filter(|row| !is_gap(row)).map(row).collect();
    let grid = Grid { kind: Kind::Table, columns: names.into_iter().skip(skipped).collect(), rows, lines: 0..end, shortened };
    let is_measured = grid.measured().next().is_some();
    is_measured.then_some(grid)
}

/// Whether walls of a box are drawn in `line`; the sign `|` may be part of a name.
pub(super) fn has_walls(line: &str) -> bool {
    line.contains(&WALLS[1..])
}

/// Whether nothing but a line across is drawn in `line`.
pub(super) fn is_rule(line: &str) -> bool {
    let line = line.trim();
    let drawn = |c: char| matches!(c, '-' | '=' | '+' | ':' | '|' | '_' | '~') || ('\u{2500}'..='\u{257f}').contains(&c) || c.is_whitespace();
    let dashes = line.chars().filter(|&c| matches!(c, '-' | '=' | '_' | '~') || ('\u{2500}'..='\u{257f}').contains(&c) && !WALLS.contains(&c)).count();
    dashes >= 3 && line.chars().all(drawn)
}

/// Whether a line may be one of a table that is drawn.
pub(super) fn is_drawn(line: &str) -> bool {
    is_rule(line) || line.contains(WALLS)
}

fn cells(line: &str) -> Vec<&str> {
    let line = line.trim();
    let inner = line.strip_prefix(WALLS).unwrap_or(line);
    let inner = inner.strip_suffix(WALLS).unwrap_or(inner);
    inner.split(WALLS).map(str::trim).collect()
}

/// Whether a cell is the name of a type of polars.
fn is_type(cell: &str) -> bool {
    const TYPES: [&str; 27] = [
        "str", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "u8", "u16", "u32", "u64", "bool", "date", "time", "cat", "enum", "null", "binary", "object",
        "datetime", "duration", "list", "array", "struct", "decimal", "unknown",
    ];
    TYPES.contains(&cell.split('[').next().unwrap_or(cell))
}

fn joined(lines: &[Vec<&str>], column: usize) -> String {
    lines.iter().filter_map(|line| line.get(column)).filter(|cell| !cell.is_empty()).copied().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The columns, then each row with its label.
    fn shown(text: &str) -> Vec<String> {
        let lines: Vec<&str> = text.lines().collect();
        let Some(grid) = (0..lines.len()).find_map(|from| read(&lines[from..])) else { return Vec::new() };
        let words = |cell: &Option<mlgrade_domain::value::Value>| cell.as_ref().map_or_else(|| "–".to_owned(), mlgrade_domain::value::Value::describe);
        let row = |row: &Row| format!("{}: {}", row.label, row.cells.iter().map(words).collect::<Vec<_>>().join("; "));
        std::iter::once(grid.columns.join("; ")).chain(grid.rows.iter().map(row)).collect()
    }

    #[test]
    fn every_way_to_draw_a_table_gives_the_same_table() {
        // rich 15, tabulate 0.10, polars 2.1, prettytable 3.18.
        let expected = ["Model; Accuracy; Loss", ": the text `Random Forest`; 0.98; 0.1", ": the text `SVM`; 0.971; 0.2"];
        for text in [
            "┏━━━━━━━━━━━━━━━┳━━━━━━━━━━┳━━━━━━┓\n┃ Model         ┃ Accuracy ┃ Loss ┃\n┡━━━━━━━━━━━━━━━╇━━━━━━━━━━╇━━━━━━┩\n│ Random Forest │     0.98 │ 0.1  │\n│ SVM           │    0.971 │ 0.2  │\n└───────────────┴──────────┴──────┘",
            "+---------------------------------+\n| Model         | Accuracy | Loss |\n|---------------+----------+------|\n| Random Forest |     0.98 | 0.1  |\n| SVM           |    0.971 | 0.2  |\n+---------------------------------+",
            "                ╷          ╷       \n  Model         │ Accuracy │ Loss  \n╶───────────────┼──────────┼──────╴\n  Random Forest │     0.98 │ 0.1   \n  SVM           │    0.971 │ 0.2   \n                ╵          ╵       ",
            "╔═══════════════╦══════════╦══════╗\n║ Model         ║ Accuracy ║ Loss ║\n╠═══════════════╬══════════╬══════╣\n║ Random Forest ║     0.98 ║ 0.1  ║\n║ SVM           ║    0.971 ║ 0.2  ║\n╚═══════════════╩══════════╩══════╝",
            "| Model         |   Accuracy |   Loss |\n|:--------------|-----------:|-------:|\n| Random Forest |      0.98  |    0.1 |\n| SVM           |      0.971 |    0.2 |",
            "+---------------+------------+--------+\n| Model         |   Accuracy |   Loss |\n+===============+============+========+\n| Random Forest |      0.98  |    0.1 |\n+---------------+------------+--------+\n| SVM           |      0.971 |    0.2 |\n+---------------+------------+--------+",
            " Model         |   Accuracy |   Loss\n---------------+------------+--------\n Random Forest |      0.98  |    0.1\n SVM           |      0.971 |    0.2",
            "shape: (2, 3)\n┌───────────────┬──────────┬──────┐\n│ Model         ┆ Accuracy ┆ Loss │\n│ ---           ┆ ---      ┆ ---  │\n│ str           ┆ f64      ┆ f64  │\n╞═══════════════╪══════════╪══════╡\n│ Random Forest ┆ 0.98     ┆ 0.1  │\n│ SVM           ┆ 0.971    ┆ 0.2  │\n└───────────────┴──────────┴──────┘",
            "shape: (2, 3)\n| Model         | Accuracy | Loss |\n| ---           | ---      | ---  |\n| str           | f64      | f64  |\n|---------------|----------|------|\n| Random Forest | 0.98     | 0.1  |\n| SVM           | 0.971    | 0.2  |",
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
        let indexed = "+----+-------+-------+\n|    | Model |   Acc |\n|----+-------+-------|\n|  0 | SVM   | 0.971 |\n+----+-------+-------+";
        assert_eq!(shown(indexed), ["Model; Acc", "0: the text `SVM`; 0.971"]);
    }

    #[test]
    fn rows_that_were_left_out_are_noticed() {
        let text = "┌─────┐\n│ a │ b │\n╞═════╡\n│ 0   │ 1 │\n│ …   │ … │\n│ 99  │ 1 │\n└─────┘";
        let lines: Vec<&str> = text.lines().collect();
        let grid = read(&lines).unwrap();
        assert!(grid.shortened && grid.rows.len() == 2);
    }

    #[test]
    fn other_lines_are_no_table() {
        for text in ["Epoch 1 | loss 0.5\nEpoch 2 | loss 0.25", "a | b\n1 | 2", "-----\nloss", "| a | b |\n|---|---|\n| x | y |", ""] {
            assert!(shown(text).is_empty(), "{text}");
        }
    }
}

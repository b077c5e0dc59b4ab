//! Tables in CSV: Keras' CSVLogger, Lightning's CSVLogger, a history or results of a search that pandas wrote.

use mlgrade_domain::value::Value;

use super::Log;
use super::records::Records;

/// The columns of a table whose first row has their names. `text` may name its separator in a first line, as Excel does: `sep=;`.
pub(crate) fn log(text: &str) -> Result<Log, String> {
    let (stated, text) = match text.split_once('\n') {
        Some((first, rest)) if first.trim_end().starts_with("sep=") => (first.trim_end().as_bytes().get(4).copied(), rest),
        _ => (None, text),
    };
    let heading = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let separator = stated.unwrap_or_else(|| separator_of(heading));
    let mut reader = csv::ReaderBuilder::new().delimiter(separator).has_headers(false).flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let mut rows = reader.records().enumerate().map(|(i, row)| row.map_err(|error| format!("row {}: {error}", i + 1)));
    let names: Vec<String> = match rows.next() {
        Some(row) => row?.iter().map(str::to_owned).collect(),
        None => return Ok(Log::new()),
    };
    if names.iter().all(|name| name.parse::<f64>().is_ok() || name.is_empty()) {
        return Err("its first row has no names of columns".to_owned());
    }
    // Lightning logs training and validation in rows of their own, and leaves the others' cells blank.
    let is_sparse = names.iter().any(|name| name == "step") && names.iter().any(|name| name == "epoch");
    let mut records = Records::default();
    for (at, row) in rows.enumerate() {
        let row = row?;
        if row.len() != names.len() && row.iter().any(|cell| !cell.is_empty()) {
            return Err(format!("row {} has {} cells, the first has {}", at + 2, row.len(), names.len()));
        }
        if row.iter().all(str::is_empty) {
            continue;
        }
        let values: Vec<(String, Value)> = names.iter().cloned().zip(row.iter().map(|cell| value(cell, separator))).collect();
        let step = records.note_row(&values);
        for ((name, value), cell) in values.into_iter().zip(&row).filter(|((name, _), _)| !name.is_empty()) {
            let name = name.as_str();
            match cell {
                "" if is_sparse => {}
                "" => records.refuse(name, format!("`{name}` has an empty cell in row {}: was nothing logged there, or NaN?", at + 2)),
                // Keras fills the epochs without validation so.
                "NA" => records.refuse(name, format!("`{name}` has no value in row {} (NA)", at + 2)),
                _ => records.add(name, step, value)?,
            }
        }
    }
    if let Some((name, row)) = cut_off(text, &names, separator) {
        records.refuse(name, format!("`{name}` ends within row {row}: the number there has fewer digits than the others, and no line ends it"));
    }
    Ok(records.finish())
}

/// The last column, if the file ends within its last number, as where a program was stopped while it wrote.
fn cut_off<'n>(text: &str, names: &'n [String], separator: u8) -> Option<(&'n str, usize)> {
    let name = names.last().filter(|_| !text.ends_with(['\n', '\r']))?;
    let cells: Vec<&str> = text.lines().skip(1).filter_map(|line| line.trim().rsplit(char::from(separator)).next()).collect();
    let digits = |cell: &str| cell.bytes().filter(u8::is_ascii_digit).count();
    let (last, others) = cells.split_last()?;
    let fewest = others.iter().map(|cell| digits(cell)).min()?;
    (digits(last) + 1 < fewest).then_some((name.as_str(), cells.len() + 1))
}

/// What separates the cells of a heading.
fn separator_of(heading: &str) -> u8 {
    let count = |separator: u8| heading.bytes().filter(|byte| *byte == separator).count();
    [b',', b';', b'\t'].into_iter().rev().max_by_key(|separator| count(*separator)).unwrap_or(b',')
}

/// The value in a cell. Where commas separate no cells, one in a number is a decimal comma.
fn value(cell: &str, separator: u8) -> Value {
    let number = |text: &str| text.parse::<f64>().ok().map(Value::number);
    let with_comma = || (separator != b',' && cell.matches(',').count() == 1).then(|| number(&cell.replace(',', "."))).flatten();
    number(cell).or_else(with_comma).unwrap_or_else(|| match cell {
        "True" | "true" => Value::Flag(true),
        "False" | "false" => Value::Flag(false),
        _ => Value::text(cell),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_epochs_is_series_by_column() {
        for text in ["epoch,loss,val_loss\n0,0.6,0.5\n1,0.42,0.4\n", "epoch;loss;val_loss\n0;0,6;0,5\n1;0,42;0,4\n", ",loss,val_loss\n0,0.6,0.5\n1,0.42,0.4\n"]
        {
            let log = log(text).unwrap();
            assert_eq!((&log["loss"], &log["val_loss"]), (&Ok(Value::series([0.6, 0.42])), &Ok(Value::series([0.5, 0.4]))), "{text}");
        }
    }

    #[test]
    fn lightnings_blanks_are_rows_of_others() {
        let log = log("epoch,step,train_loss,val_loss\n0,99,,0.5\n0,99,0.6,\n1,199,,0.4\n1,199,0.42,\n").unwrap();
        assert_eq!((&log["train_loss"], &log["val_loss"]), (&Ok(Value::series([0.6, 0.42])), &Ok(Value::series([0.5, 0.4]))));
    }

    #[test]
    fn any_other_blank_may_be_nan() {
        // pandas writes NaN so.
        let log = log(",loss,val_loss\n0,0.6,0.5\n1,0.42,\n").unwrap();
        assert!(log["val_loss"].as_ref().is_err_and(|fault| fault.contains("empty cell in row 3")), "{log:?}");
        assert!(log["loss"].is_ok());
    }

    #[test]
    fn a_number_that_is_cut_off_is_none() {
        let rows = "epoch,val_loss\n0,0.6158301\n1,0.5712309\n2,0.5";
        assert!(log(rows).unwrap()["val_loss"].as_ref().is_err_and(|fault| fault.contains("ends within row 4")));
        // Without a last line's end, or with a round number, nothing is wrong.
        assert!(log(&format!("{rows}\n")).unwrap()["val_loss"].is_ok());
        assert!(log("epoch,val_loss\n0,0.6158301\n1,0.571230").unwrap()["val_loss"].is_ok());
    }

    #[test]
    fn what_is_no_table_of_names_is_refused() {
        assert!(log("1,2\n3,4\n").is_err());
        assert_eq!(log(""), Ok(Log::new()));
        assert!(log("a,b\n1\n").is_err_and(|fault| fault == "row 2 has 1 cells, the first has 2"));
        assert_eq!(log("epoch,loss\n0,0.6\n0,0.5\n1,0.4\n").unwrap()["loss"].clone().ok(), None, "two runs in one file");
    }
}

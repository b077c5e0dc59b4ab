//! Rows of predictions that a column names, as the rubric's `join` asks: each row of the data set has one, and there are no others.

use std::collections::HashMap;

use crate::domain::name::list;

/// An id as text: a number is written in one way only, so that 7 and 7.0 are the same.
pub(super) fn canonical(id: &str) -> String {
    let id = id.trim();
    match id.parse::<f64>() {
        Ok(number) if number.is_finite() && id.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)) => (number + 0.0).to_string(),
        _ => id.to_owned(),
    }
}

/// The row of each of the `known` ids, all of them [`canonical`], among rows that are called `own`; or which ids are missing, unknown or
/// there twice.
pub(super) fn rows(own: &[String], known: &[String]) -> Result<Vec<usize>, String> {
    let mut row_of: HashMap<&str, Option<usize>> = known.iter().map(|id| (id.as_str(), None)).collect();
    let (mut unknown, mut twice) = (Vec::new(), Vec::new());
    for (row, id) in own.iter().enumerate() {
        match row_of.get_mut(canonical(id).as_str()) {
            Some(place @ None) => *place = Some(row),
            Some(Some(_)) => twice.push(id.as_str()),
            None => unknown.push(id.as_str()),
        }
    }
    let missing: Vec<&str> = known.iter().map(String::as_str).filter(|id| row_of.get(id).copied().flatten().is_none()).collect();
    let sentences = [(&missing, "is missing", "are missing"), (&unknown, "is unknown", "are unknown"), (&twice, "is there twice", "are there twice")];
    let sentences: Vec<String> = sentences.into_iter().filter_map(|(ids, one, several)| sentence(ids, one, several)).collect();
    if sentences.is_empty() { Ok(known.iter().filter_map(|id| row_of.get(id.as_str()).copied().flatten()).collect()) } else { Err(sentences.join(", ")) }
}

/// "10 ids are missing (`a`, `b` and `c`, …)"; nothing of none.
fn sentence(ids: &[&str], one: &str, several: &str) -> Option<String> {
    let first: Vec<String> = ids.iter().take(3).map(|id| id.chars().filter(|c| !c.is_control()).take(40).collect()).collect();
    let more = if ids.len() > 3 { ", …" } else { "" };
    let count = if ids.len() == 1 { format!("1 id {one}") } else { format!("{} ids {several}", ids.len()) };
    (!ids.is_empty()).then(|| format!("{count} ({}{more})", list(first.iter().map(String::as_str))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn texts(ids: &[&str]) -> Vec<String> {
        ids.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn numbers_are_one_id_in_whatever_way_they_are_written() {
        for (a, b) in [("7", "7.0"), ("7", " 7 "), ("7", "007"), ("-0", "0"), ("0.5", ".50"), ("1e3", "1000")] {
            assert_eq!(canonical(a), canonical(b), "{a} and {b}");
        }
        for (a, b) in [("7", "7a"), ("A", "a"), ("nan", "NaN"), ("inf", "1e999"), ("1e999", "2e999"), ("infinity", "inf")] {
            assert_ne!(canonical(a), canonical(b), "{a} and {b}");
        }
    }

    #[test]
    fn missing_unknown_and_doubled_ids_are_named_three_of_each() {
        let known = texts(&["a", "b", "c", "7"]);
        assert_eq!(rows(&texts(&["c", "7.0", "a", "b"]), &known), Ok(vec![2, 3, 0, 1]));
        assert_eq!(rows(&texts(&["c", "7", "a"]), &known), Err("1 id is missing (`b`)".to_owned()));
        assert_eq!(rows(&texts(&["c", "7", "a", "b", "x"]), &known), Err("1 id is unknown (`x`)".to_owned()));
        assert_eq!(rows(&texts(&["c", "7", "a", "a"]), &known), Err("1 id is missing (`b`), 1 id is there twice (`a`)".to_owned()));
        let none = rows(&texts(&["p", "q", "r", "s", "s"]), &known);
        assert_eq!(none, Err("4 ids are missing (`a`, `b` and `c`, …), 5 ids are unknown (`p`, `q` and `r`, …)".to_owned()));
    }

    proptest! {
        #[test]
        fn any_order_of_the_rows_is_found(order in Just((0..30_usize).collect::<Vec<_>>()).prop_shuffle()) {
            let known: Vec<String> = (0..30).map(|id| id.to_string()).collect();
            let own: Vec<String> = order.iter().map(|id| format!("{id}.0")).collect();
            let found = rows(&own, &known);
            prop_assert_eq!(found.map(|rows| rows.into_iter().map(|row| order[row]).collect::<Vec<_>>()), Ok((0..30).collect()));
        }
    }
}

//! Rows of predictions that have names, such as the column `ImageId`, put beside the examples of a data set.
//!
//! The names are those of a column of the data set, or they number its examples. What they do not say is reported, never guessed.

use std::collections::HashMap;

use crate::domain::answers::Key;
use crate::domain::name::list;
use crate::evidence::predictions::{Content, Ids};

/// How many examples a data set has, and what they are called.
#[derive(Debug, Clone, Copy)]
pub(super) struct Size<'a> {
    pub(super) validation: usize,
    pub(super) training: usize,
    pub(super) keys: &'a [Key],
}

/// What comes of the names of the rows.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Joined {
    /// The row of each example, and what is to be noted of it.
    Rows(Vec<usize>, Vec<String>),
    /// The names say nothing: the rows stand in the order of the examples. If their own order is another one, that as well.
    AsTheyStand(String, Option<Vec<usize>>),
    /// Some examples have no row, or several: in words, with those that have one, each with its row.
    Partly(String, Vec<(usize, usize)>),
    /// The names say nothing, and the rows have no order of their own.
    Unordered(String),
}

/// Puts the rows of `content`, which are called `ids`, beside the examples.
pub(super) fn join(ids: &Ids, content: &Content, size: Size<'_>) -> Joined {
    let own: Vec<&str> = ids.values.iter().map(String::as_str).collect();
    let count = size.validation;
    let numbers = |from: usize| -> Vec<String> { (from..from + count).map(|number| number.to_string()).collect() };
    let mut starts = vec![0, 1, size.training, size.training + 1];
    starts.sort_unstable();
    starts.dedup();
    let numbered: Vec<Vec<String>> = starts.into_iter().map(numbers).collect();
    let named = |key: &&Key| key.name.eq_ignore_ascii_case(&ids.column);
    let known: Vec<Match<'_>> =
        size.keys.iter().filter(named).chain(size.keys.iter().filter(|key| !named(key))).map(|key| Match::new(&own, &key.values, Some(&key.name))).collect();
    let counted: Vec<Match<'_>> = numbered.iter().map(|numbers| Match::new(&own, numbers, None)).collect();
    let all = || known.iter().chain(&counted);
    if let Some(exact) = all().find(|found| found.is_exact(&own)) {
        return exact.rows(content);
    }
    // A column of the data set may have more rows beside it, such as those of the training part.
    if let Some(found) = known.iter().filter(|found| 2 * found.shared >= count.min(own.len()).max(1)).max_by_key(|found| found.shared) {
        return found.rows(content);
    }
    let different = own.iter().collect::<std::collections::HashSet<_>>().len();
    if let Some(found) =
        counted.iter().max_by_key(|found| found.shared).filter(|found| 2 * found.shared >= count && (own.len() != count || different < own.len()))
    {
        return found.rows(content);
    }
    let column = if ids.column.is_empty() { "the first column".to_owned() } else { format!("`{}`", ids.column) };
    let note = format!("the names of the rows in {column} are not the data set's");
    if !ids.ordered {
        return Joined::Unordered(format!("{note}, and the entries of a JSON object have no order"));
    }
    let numbers: Option<Vec<i64>> = own.iter().map(|id| id.parse().ok()).collect();
    let sorted = numbers.filter(|_| different == own.len()).map(|numbers| {
        let mut places: Vec<usize> = (0..numbers.len()).collect();
        places.sort_by_key(|&place| numbers[place]);
        places
    });
    Joined::AsTheyStand(format!("{note}, and the rows were taken in their order"), sorted.filter(|places| !places.is_sorted()))
}

/// The rows of a file beside what a data set calls its examples.
struct Match<'a> {
    examples: &'a [String],
    /// The column of the data set; without one its examples are numbered.
    column: Option<&'a str>,
    /// The rows of each name that the data set knows.
    rows_of: HashMap<&'a str, Vec<usize>>,
    /// How many names both have.
    shared: usize,
    foreign: Vec<&'a str>,
}

impl<'a> Match<'a> {
    fn new(own: &[&'a str], examples: &'a [String], column: Option<&'a str>) -> Self {
        let mut rows_of: HashMap<&str, Vec<usize>> = examples.iter().map(|example| (example.as_str(), Vec::new())).collect();
        let mut foreign = Vec::new();
        for (row, id) in own.iter().enumerate() {
            match rows_of.get_mut(id) {
                Some(rows) => rows.push(row),
                None => foreign.push(*id),
            }
        }
        let shared = rows_of.values().filter(|rows| !rows.is_empty()).count();
        Self { examples, column, rows_of, shared, foreign }
    }

    fn is_exact(&self, own: &[&str]) -> bool {
        self.shared == self.examples.len() && own.len() == self.examples.len()
    }

    /// The examples whose rows are not all of the same content.
    fn doubled(&self, content: &Content) -> Vec<&'a str> {
        let differ = |rows: &Vec<usize>| rows.windows(2).any(|pair| !content.same(pair[0], pair[1]));
        self.examples.iter().map(String::as_str).filter(|example| differ(&self.rows_of[example])).collect()
    }

    /// The row of each example, if each has one.
    fn rows(&self, content: &Content) -> Joined {
        let rows: Option<Vec<usize>> = self.examples.iter().map(|example| self.rows_of[example.as_str()].first().copied()).collect();
        // Of examples that are only numbered, those of another part have the same numbers.
        let is_numbered = self.examples.first().is_some_and(|first| {
            self.examples
                .iter()
                .enumerate()
                .all(|(i, example)| first.parse::<usize>().ok().filter(|first| *first <= 1).is_some_and(|first| *example == (first + i).to_string()))
        });
        let Some(rows) = rows.filter(|_| self.doubled(content).is_empty() && (self.foreign.is_empty() || !is_numbered)) else {
            let clear = |(place, example): (usize, &String)| {
                let rows = &self.rows_of[example.as_str()];
                rows.first().filter(|_| rows.windows(2).all(|pair| content.same(pair[0], pair[1]))).map(|&row| (place, row))
            };
            return Joined::Partly(self.gaps(content), self.examples.iter().enumerate().filter_map(clear).collect());
        };
        let mut notes = Vec::new();
        if !rows.is_sorted() {
            notes.push(format!("the rows were put into the order of {}", self.words()));
        }
        let again = self.rows_of.values().map(|rows| rows.len().saturating_sub(1)).sum::<usize>();
        if again > 0 {
            notes.push(format!("{} the same as others", counted(again, "row is", "rows are")));
        }
        if let Some(first) = self.foreign.first() {
            let which = if self.foreign.len() == 1 { first.to_string() } else { format!("such as {first}") };
            notes.push(format!(
                "{} called by {} and {} passed over",
                counted(self.foreign.len(), "row is", "rows are"),
                format_args!("names that the data set does not have ({which})"),
                if self.foreign.len() == 1 { "was" } else { "were" }
            ));
        }
        Joined::Rows(rows, notes)
    }

    fn words(&self) -> String {
        self.column.map_or_else(|| "their numbers".to_owned(), |column| format!("`{column}`"))
    }

    /// What keeps each example from having one row.
    fn gaps(&self, content: &Content) -> String {
        let missing: Vec<&str> = self.examples.iter().map(String::as_str).filter(|example| self.rows_of[example].is_empty()).collect();
        let doubled = self.doubled(content);
        let sentence = |which: &[&str], one: &str, several: &str| {
            let shown = list(which.iter().take(3).map(|id| short(id)).collect::<Vec<_>>().iter().map(String::as_str));
            let more = if which.len() > 3 { ", …" } else { "" };
            (!which.is_empty()).then(|| format!("{} ({shown}{more})", counted(which.len(), one, several)))
        };
        let parts = [
            sentence(&missing, "example has no row", "examples have no row"),
            sentence(&doubled, "has rows that differ", "have rows that differ"),
            sentence(&self.foreign, "row is of no example", "rows are of no example"),
        ];
        let of = self.column.map_or_else(
            || format!("{} to {}", self.examples.first().map_or("", String::as_str), self.examples.last().map_or("", String::as_str)),
            |column| format!("by `{column}`"),
        );
        format!("of {} examples ({of}) {}", self.examples.len(), parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
    }
}

fn counted(count: usize, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}

fn short(id: &str) -> String {
    id.chars().filter(|c| !c.is_control()).take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::number::Finite;
    use proptest::prelude::*;

    fn ids(values: &[&str]) -> Ids {
        Ids { column: "id".to_owned(), values: values.iter().map(ToString::to_string).collect(), ordered: true }
    }

    fn content(values: &[f64]) -> Content {
        Content::Numbers { values: values.iter().map(|value| Finite::new(*value).unwrap()).collect(), epsilon: f64::EPSILON }
    }

    fn keys(values: &[&str]) -> Vec<Key> {
        vec![Key { name: "id".to_owned(), values: values.iter().map(ToString::to_string).collect() }]
    }

    fn joined(own: &[&str], values: &[f64], keys: &[Key], validation: usize) -> Joined {
        join(&ids(own), &content(values), Size { validation, training: 60, keys })
    }

    #[test]
    fn rows_are_found_by_the_names_of_the_data_set() {
        let keys = keys(&["87", "5", "201"]);
        let order = Joined::Rows(vec![1, 0, 2], vec!["the rows were put into the order of `id`".to_owned()]);
        assert_eq!(joined(&["5", "87", "201"], &[1.0, 2.0, 3.0], &keys, 3), order);
        assert_eq!(joined(&["87", "5", "201"], &[1.0, 2.0, 3.0], &keys, 3), Joined::Rows(vec![0, 1, 2], Vec::new()));
        let Joined::Rows(rows, notes) = joined(&["5", "87", "201", "5", "9", "10"], &[1.0, 2.0, 3.0, 1.0, 0.0, 0.0], &keys, 3) else { panic!("not joined") };
        assert_eq!(
            (rows, &notes[1], &notes[2]),
            (
                vec![1, 0, 2],
                &"1 row is the same as others".to_owned(),
                &"2 rows are called by names that the data set does not have (such as 9) and were passed over".to_owned()
            )
        );
        let lacking = joined(&["5", "87", "87", "9"], &[1.0, 2.0, 3.0, 1.0], &keys, 3);
        let words = "of 3 examples (by `id`) 1 example has no row (`201`), 1 has rows that differ (`87`), 1 row is of no example (`9`)";
        // Only the first example has one row.
        assert_eq!(lacking, Joined::Partly(words.to_owned(), vec![(1, 0)]));
    }

    #[test]
    fn rows_are_found_by_their_numbers() {
        let order = |rows: &[usize]| Joined::Rows(rows.to_vec(), vec!["the rows were put into the order of their numbers".to_owned()]);
        let values = [1.0, 2.0, 3.0];
        assert_eq!(joined(&["2", "0", "1"], &values, &[], 3), order(&[1, 2, 0]));
        assert_eq!(joined(&["2", "3", "1"], &values, &[], 3), order(&[2, 0, 1]));
        // Those of the validation part may be numbered behind the training part.
        assert_eq!(joined(&["61", "60", "62"], &values, &[], 3), order(&[1, 0, 2]));
        let twice = joined(&["2", "0", "0"], &values, &[], 3);
        assert_eq!(twice, Joined::Partly("of 3 examples (0 to 2) 1 example has no row (`1`), 1 has rows that differ (`0`)".to_owned(), vec![(2, 0)]));
        assert!(matches!(joined(&["2", "0"], &values[..2], &[], 3), Joined::Partly(words, _) if words.contains("1 example has no row (`1`)")));
        // The numbers of 60 training examples are no names of the 3 that count.
        let sixty: Vec<String> = (0..60).rev().map(|i| i.to_string()).collect();
        let sixty: Vec<&str> = sixty.iter().map(String::as_str).collect();
        assert!(matches!(joined(&sixty, &[0.0; 60], &[], 3), Joined::Partly(words, _) if words.contains("57 rows are of no example (`59`, `58` and `57`, …)")));
    }

    #[test]
    fn names_that_say_nothing_leave_the_order() {
        let values = [1.0, 2.0, 3.0];
        let stand = joined(&["a.png", "b.png", "c.png"], &values, &[], 3);
        assert!(matches!(stand, Joined::AsTheyStand(note, None) if note.starts_with("the names of the rows in `id` are not the data set's")));
        assert!(matches!(joined(&["17", "204", "99"], &values, &[], 3), Joined::AsTheyStand(_, Some(sorted)) if sorted == [0, 2, 1]));
        assert!(matches!(joined(&["17", "99", "204"], &values, &[], 3), Joined::AsTheyStand(_, None)));
        let unordered = Ids { ordered: false, ..ids(&["17", "99", "204"]) };
        assert!(matches!(join(&unordered, &content(&values), Size { validation: 3, training: 0, keys: &[] }), Joined::Unordered(_)));
    }

    proptest! {
        #[test]
        fn any_order_of_the_rows_gives_the_same(order in Just((0..30_usize).collect::<Vec<_>>()).prop_shuffle(), from in 0usize..2) {
            let own: Vec<String> = order.iter().map(|place| (place + from).to_string()).collect();
            let own: Vec<&str> = own.iter().map(String::as_str).collect();
            let values: Vec<f64> = order.iter().map(|place| *place as f64).collect();
            let Joined::Rows(rows, _) = joined(&own, &values, &[], 30) else { return Err(TestCaseError::fail("not joined")) };
            prop_assert_eq!(rows.iter().map(|&row| order[row]).collect::<Vec<_>>(), (0..30).collect::<Vec<_>>());
        }

        #[test]
        fn any_names_give_an_answer(own in proptest::collection::vec("[0-9a]{0,2}", 1..12), known in proptest::collection::vec("[0-9a]{0,2}", 1..12)) {
            let own: Vec<&str> = own.iter().map(String::as_str).collect();
            let mut known: Vec<&str> = known.iter().map(String::as_str).collect();
            known.sort_unstable();
            known.dedup();
            let _ = joined(&own, &vec![0.0; own.len()], &keys(&known), known.len());
        }
    }
}

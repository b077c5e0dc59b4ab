//! What the values of a column are like: how often each occurs, or how they are spread.

use std::collections::BTreeMap;

use mlgrade_domain::answers::whole;
use mlgrade_domain::table::Column;

/// The most different values that are counted one by one.
const COUNTED: usize = 20;

/// What the values of a column are like.
#[derive(Debug, Clone, PartialEq)]
pub enum Summary {
    /// How often each value occurs: texts with the most frequent first, whole numbers in ascending order.
    Counts(Vec<(String, usize)>),
    /// Texts, of which this number are different.
    Different(usize),
    /// How numbers are spread.
    Spread(Spread),
}

/// How numbers are spread, in their own unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// The least.
    pub least: f64,
    /// Their sum over their number.
    pub mean: f64,
    /// The greatest.
    pub greatest: f64,
}

impl Summary {
    /// What the values of `column` are like.
    pub fn of(column: &Column) -> Self {
        match column {
            Column::Number(numbers) => Self::of_numbers(numbers.iter().copied()),
            Column::Text(texts) => {
                let counts = counts(texts.iter().map(String::as_str));
                if counts.len() > COUNTED || counts.len() == texts.len() {
                    return Self::Different(counts.len());
                }
                let mut counts: Vec<(String, usize)> = counts.into_iter().map(|(text, count)| (text.to_owned(), count)).collect();
                counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
                Self::Counts(counts)
            }
        }
    }

    /// What `numbers` are like.
    pub fn of_numbers(numbers: impl Iterator<Item = f64> + Clone) -> Self {
        let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
        let few = numbers.clone().all(|number| {
            let Some(number) = whole(number) else { return false };
            *counts.entry(number).or_default() += 1;
            counts.len() <= COUNTED
        });
        let repeated = counts.values().any(|count| *count > 1);
        if few && repeated {
            return Self::Counts(counts.into_iter().map(|(number, count)| (number.to_string(), count)).collect());
        }
        Self::Spread(Spread::of(numbers))
    }
}

impl Spread {
    /// How `numbers` are spread; of none all is 0.
    pub fn of(numbers: impl Iterator<Item = f64>) -> Self {
        let (mut least, mut greatest, mut mean, mut count) = (f64::INFINITY, f64::NEG_INFINITY, 0.0, 0.0);
        for number in numbers {
            (least, greatest) = (least.min(number), greatest.max(number));
            count += 1.0;
            // One after the other, so that no sum grows beyond what a float holds.
            mean += (number - mean) / count;
        }
        if count == 0.0 { Self { least: 0.0, mean: 0.0, greatest: 0.0 } } else { Self { least, mean, greatest } }
    }
}

fn counts<T: Ord>(values: impl Iterator<Item = T>) -> BTreeMap<T, usize> {
    let mut counts = BTreeMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::BUILTINS;

    fn column(name: &str) -> Summary {
        let penguins = BUILTINS.iter().find(|row| row.name == "penguins").unwrap().load().unwrap();
        Summary::of(penguins.table().unwrap().column(name).unwrap())
    }

    /// pandas 3.1: `df = pd.read_csv("penguins.csv").dropna()`, then `df.species.value_counts()`, `df.year.value_counts()` and
    /// `df.body_mass_g.describe()`.
    #[test]
    fn columns_are_summed_up_as_pandas_does() {
        let counts = |of: &[(&str, usize)]| Summary::Counts(of.iter().map(|(text, count)| ((*text).to_owned(), *count)).collect());
        assert_eq!(column("species"), counts(&[("Adelie", 146), ("Gentoo", 119), ("Chinstrap", 68)]));
        assert_eq!(column("year"), counts(&[("2007", 103), ("2008", 113), ("2009", 117)]));
        let Summary::Spread(Spread { least, mean, greatest }) = column("body_mass_g") else { panic!("no spread") };
        assert!((least - 2700.0).abs() < 1e-9 && (mean - 4_207.057_057_057_057).abs() < 1e-9 && (greatest - 6300.0).abs() < 1e-9, "{least} {mean} {greatest}");
    }

    #[test]
    fn values_that_are_all_different_are_not_counted() {
        let texts = |texts: &[&str]| Summary::of(&Column::Text(texts.iter().map(|text| (*text).to_owned()).collect()));
        assert_eq!((texts(&["a", "b"]), texts(&[])), (Summary::Different(2), Summary::Different(0)));
        let ids = Summary::of_numbers([3.0, 1.0].into_iter());
        assert_eq!(ids, Summary::Spread(Spread { least: 1.0, mean: 2.0, greatest: 3.0 }));
        let huge = Spread::of([1e308, 1e308, 1e308].into_iter());
        assert!((huge.mean / 1e308 - 1.0).abs() < 1e-12);
    }
}

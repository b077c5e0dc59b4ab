//! What is right for each validation example of a data set: its class, or the number to predict.

use super::table::Column;

/// The right answers of a data set, one for each validation example.
#[derive(Debug, Clone, PartialEq)]
pub struct Answers {
    /// What they are.
    pub right: Right,
    /// How many training examples the data set has beside them; none if it is one table.
    pub training: usize,
    /// Whether they are the bytes of a picture, where 255 is white.
    pub picture: bool,
    /// The classes that the numbers to predict may be, if they are whole.
    pub classes: Option<Classes>,
    /// The columns that tell the examples apart.
    pub keys: Vec<Key>,
}

/// A column of a table in which no two values are the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// What it is called.
    pub name: String,
    /// Its values; whole numbers without a point.
    pub values: Vec<String>,
}

impl Key {
    /// The column `name`, if it tells its rows apart: texts or whole numbers, no two the same.
    pub fn of(name: &str, column: &Column) -> Option<Self> {
        let values: Vec<String> = match column {
            Column::Text(texts) => texts.clone(),
            Column::Number(values) => values.iter().map(|&value| whole(value).map(|value| value.to_string())).collect::<Option<_>>()?,
        };
        let different = values.iter().collect::<std::collections::HashSet<_>>().len();
        (different == values.len()).then(|| Self { name: name.to_owned(), values })
    }
}

/// The right classes or numbers.
#[derive(Debug, Clone, PartialEq)]
pub enum Right {
    /// Classes.
    Classes(Classes),
    /// Finite numbers, in the unit of the data set.
    Values(Vec<f64>),
}

/// Classes with the right one for each validation example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Classes {
    /// The classes in order: names, or whole numbers.
    pub names: Vec<String>,
    /// The class of each validation example, an index into `names`.
    pub labels: Vec<usize>,
    /// Whether a class is called by its number; else numbers count `names` from 0, in alphabetical order, as scikit-learn encodes them.
    pub numbered: bool,
}

impl From<&Column> for Right {
    /// What a column of a table says of each row: names are classes, numbers are values.
    fn from(column: &Column) -> Self {
        match column {
            Column::Text(names) => Self::Classes(Classes::named(names)),
            Column::Number(values) => Self::Values(values.clone()),
        }
    }
}

impl Answers {
    /// How many validation examples there are.
    pub fn len(&self) -> usize {
        match &self.right {
            Right::Classes(classes) => classes.labels.len(),
            Right::Values(values) => values.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Those of the examples at these places, in this order.
    #[must_use]
    pub fn picked(&self, places: &[usize]) -> Self {
        let classes = |classes: &Classes| Classes { labels: places.iter().map(|&place| classes.labels[place]).collect(), ..classes.clone() };
        let right = match &self.right {
            Right::Classes(all) => Right::Classes(classes(all)),
            Right::Values(values) => Right::Values(places.iter().map(|&place| values[place]).collect()),
        };
        let key = |key: &Key| Key { name: key.name.clone(), values: places.iter().map(|&place| key.values[place].clone()).collect() };
        Self { right, classes: self.classes.as_ref().map(classes), keys: self.keys.iter().map(key).collect(), ..*self }
    }
}

impl Classes {
    /// The classes 0 up to the greatest of `labels` and `least - 1`.
    pub fn counted(labels: &[u8], least: usize) -> Self {
        let labels: Vec<usize> = labels.iter().copied().map(usize::from).collect();
        let count = labels.iter().max().map_or(0, |greatest| greatest + 1).max(least);
        Self { names: (0..count).map(|class| class.to_string()).collect(), labels, numbered: true }
    }

    /// The classes that `names` are, in alphabetical order.
    pub fn named(names: &[String]) -> Self {
        let mut known: Vec<String> = names.to_vec();
        known.sort();
        known.dedup();
        let labels = names.iter().filter_map(|name| known.binary_search(name).ok()).collect();
        Self { names: known, labels, numbered: false }
    }

    /// The classes that the whole numbers `values` are, in ascending order, with those of the `others`; `None` if one is not whole.
    pub fn of_numbers(values: &[f64], others: &[f64]) -> Option<Self> {
        let all = |values: &[f64]| values.iter().map(|&value| whole(value)).collect::<Option<Vec<i64>>>();
        let (whole, mut known) = (all(values)?, all(others)?);
        known.extend(&whole);
        known.sort_unstable();
        known.dedup();
        let labels = whole.iter().filter_map(|value| known.binary_search(value).ok()).collect();
        Some(Self { names: known.iter().map(i64::to_string).collect(), labels, numbered: true })
    }

    /// The class that the number `value` stands for.
    pub fn of_number(&self, value: i64) -> Option<usize> {
        if self.numbered {
            let name = value.to_string();
            // Classes mostly count from 0, so that the place is known without a search.
            let place = usize::try_from(value).ok().filter(|&place| self.names.get(place) == Some(&name));
            place.or_else(|| self.names.iter().position(|known| *known == name))
        } else {
            usize::try_from(value).ok().filter(|&place| place < self.names.len())
        }
    }

    /// The class of this name, in any letter case.
    pub fn of_name(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| known == name).or_else(|| self.names.iter().position(|known| known.eq_ignore_ascii_case(name)))
    }
}

/// The whole number that `value` is, give or take its rounding.
#[expect(clippy::cast_possible_truncation, reason = "the range is checked first")]
pub fn whole(value: f64) -> Option<i64> {
    let nearest = value.round();
    ((value - nearest).abs() < 1e-9 && nearest.abs() < 1e9).then_some(nearest as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_called_by_number_or_by_name() {
        let digits = Classes::counted(&[7, 2, 9], 0);
        assert_eq!((digits.names.len(), digits.of_number(9), digits.of_number(10), digits.of_number(-1)), (10, Some(9), None, None));
        let species = Classes::named(&["Gentoo", "Adelie", "Gentoo"].map(str::to_owned));
        assert_eq!((species.labels.as_slice(), species.of_number(1), species.of_name("gentoo")), ([1, 0, 1].as_slice(), Some(1), Some(1)));
        let years = Classes::of_numbers(&[2008.0, 2007.0], &[2008.0]).unwrap();
        assert_eq!((years.labels.as_slice(), years.of_number(2008), years.of_number(1)), ([1, 0].as_slice(), Some(1), None));
        assert_eq!((Classes::of_numbers(&[0.5], &[]), Classes::of_numbers(&[1.0], &[0.5])), (None, None));
    }
}

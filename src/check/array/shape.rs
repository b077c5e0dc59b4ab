//! The shape that an array should have, and what is done with one that has another.

use std::fmt;

use toml::de::DeValue;

use crate::domain::diagnostic::Code;
use crate::domain::fields::Fields;
use crate::evidence::bag::NumberArray;

/// The sizes of an array's dimensions, the outermost first; each at least 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) sizes: Vec<usize>,
}

impl Shape {
    /// `shape = [3, 8]`.
    pub(super) fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let value = fields.take("shape")?;
        let size = |value: &toml::Spanned<DeValue<'_>>| match value.get_ref() {
            DeValue::Integer(number) => usize::from_str_radix(number.as_str(), number.radix()).ok().filter(|size| *size > 0),
            _ => None,
        };
        let sizes = match value.get_ref() {
            DeValue::Array(sizes) => sizes.iter().map(size).collect::<Option<Vec<usize>>>().filter(|sizes| !sizes.is_empty()),
            _ => None,
        };
        if sizes.is_none() {
            fields.fault(Code::WrongType, fields.place("shape"), "`shape` is a list of whole numbers above 0, such as [3, 8]");
        }
        sizes.map(|sizes| Self { sizes })
    }

    /// The shape that an array has.
    pub(super) fn of(array: &NumberArray) -> Self {
        Self { sizes: array.shape.clone() }
    }

    /// In words: "3 rows of 8 numbers".
    pub(super) fn words(&self) -> String {
        match self.sizes.as_slice() {
            [1] => "one number".to_owned(),
            [count] => format!("{count} numbers"),
            [1, columns] => format!("1 row of {columns} numbers"),
            [rows, columns] => format!("{rows} rows of {columns} numbers"),
            _ => format!("an array of {self}"),
        }
    }

    /// `array` in this shape, and a note of what was done to it; otherwise its own shape in words.
    pub(super) fn fitted(&self, array: NumberArray) -> Result<(NumberArray, Option<String>), String> {
        if array.shape == self.sizes {
            return Ok((array, None));
        }
        let found = Self::of(&array);
        if let ([rows, columns], [wanted, long]) = (array.shape.as_slice(), self.sizes.as_slice())
            && (*rows, *columns) == (*long, *wanted)
        {
            let values = (0..*columns).flat_map(|column| array.values.iter().skip(column).step_by(*columns).copied()).collect();
            let note = format!("the array of {found} was turned over");
            return Ok((NumberArray { shape: self.sizes.clone(), values, ..array }, Some(note)));
        }
        let without_ones = |sizes: &[usize]| sizes.iter().copied().filter(|size| *size != 1).collect::<Vec<_>>();
        if without_ones(&array.shape) == without_ones(&self.sizes) {
            let note = format!("the array of {found} was read as {self}");
            return Ok((NumberArray { shape: self.sizes.clone(), ..array }, Some(note)));
        }
        Err(found.words())
    }
}

impl fmt::Display for Shape {
    /// "3×8".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sizes.iter().map(usize::to_string).collect::<Vec<_>>().join("×"))
    }
}

//! What pages draw of a submission: its series and numbers, and for the course what they are held against. Nothing here decides a grade:
//! which values are off is said by the check that judged them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::number::Finite;
use crate::points::Points;
use crate::tolerance::{Bound, Tolerance};

/// A series that a student states.
///
/// ```
/// # use mlgrade_domain::{number::Finite, plot::Curve};
/// let value = |value| Finite::new(value).unwrap();
/// let curve = Curve { name: "tree.val_rmse".to_owned(), values: vec![value(4.2), value(3.6)], over: None, standard: None };
/// assert_eq!(curve.group(), ("tree", "val_rmse"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Curve {
    /// Its name, such as `tree.val_rmse`.
    pub name: String,
    /// Its values in order.
    pub values: Vec<Finite>,
    /// What its values are over, where the rubric says so and there is one for each.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub over: Option<Axis>,
    /// What the course holds it against.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub standard: Option<Standard>,
}

/// The x axis of a series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Axis {
    /// What it is called, such as "depths".
    pub name: String,
    /// Where the values stand on it.
    pub values: Vec<Finite>,
}

/// The reference's series, in the scale of the student's, and how far apart the two may be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Standard {
    /// The reference's values.
    pub values: Vec<Finite>,
    /// The least that each value may be.
    pub low: Vec<Finite>,
    /// The most that each value may be.
    pub high: Vec<Finite>,
    /// The first place, from 1, that is judged.
    pub from: usize,
    /// The places, from 1, whose values are off.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub off: Vec<usize>,
}

/// A number that a student states, on a line with what the course holds it against.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NumberLine {
    /// Its name.
    pub name: String,
    /// The number, in the unit of `against`.
    pub value: Finite,
    /// What it is held against.
    pub against: Against,
}

/// What a number is held against.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Against {
    /// The reference's number.
    Reference {
        /// That number.
        value: Finite,
        /// The least that is accepted.
        low: Finite,
        /// The most that is accepted.
        high: Finite,
    },
    /// Bounds that must all hold.
    Bounds {
        /// The bounds.
        bounds: Vec<Bound>,
    },
    /// Levels, of which the best that is reached counts.
    Levels {
        /// The levels.
        levels: Vec<Level>,
    },
}

/// What a number has to reach for some points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Level {
    /// Bounds that must all hold.
    pub bounds: Vec<Bound>,
    /// What it earns.
    pub points: Points,
}

impl Curve {
    /// What comes before the last dot of its name, and what after it.
    pub fn group(&self) -> (&str, &str) {
        self.name.rsplit_once('.').unwrap_or(("", &self.name))
    }
}

impl Standard {
    /// The reference's `values` times `scale`, accepted within `tolerance`; nothing where a number overflows.
    pub fn new(values: &[Finite], tolerance: Tolerance, scale: f64, from: usize, off: &[usize]) -> Option<Self> {
        let each = |value: &dyn Fn(f64) -> f64| values.iter().map(|v| Finite::new(value(v.get()) * scale).ok()).collect::<Option<Vec<_>>>();
        let half = |v: f64| tolerance.absolute + tolerance.relative * v.abs();
        Some(Self {
            values: each(&|v| v)?,
            low: each(&|v| v - half(v))?,
            high: each(&|v| v + half(v))?,
            from,
            off: off.iter().map(|place| place + 1).collect(),
        })
    }
}

impl Against {
    /// The reference's number, accepted within `tolerance`.
    pub fn reference(value: Finite, tolerance: Tolerance) -> Option<Self> {
        let half = tolerance.absolute + tolerance.relative * value.get().abs();
        Some(Self::Reference { value, low: Finite::new(value.get() - half).ok()?, high: Finite::new(value.get() + half).ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finite(value: f64) -> Finite {
        Finite::new(value).expect("finite")
    }

    #[test]
    fn the_band_around_a_reference_is_as_wide_as_the_tolerance() {
        let tolerance = Tolerance { absolute: 0.5, relative: 0.25 };
        let standard = Standard::new(&[finite(4.0), finite(-2.0)], tolerance, 2.0, 1, &[1]).expect("finite");
        // 4 ± (0.5 + 1) and -2 ± (0.5 + 0.5), twice as large.
        assert_eq!((standard.low, standard.high), ([5.0, -6.0].map(finite).to_vec(), [11.0, -2.0].map(finite).to_vec()));
        assert_eq!(standard.off, [2], "places count from 1");
        assert_eq!(Standard::new(&[finite(f64::MAX)], tolerance, 2.0, 1, &[]), None);
    }

    #[test]
    fn a_name_without_a_dot_is_in_no_group() {
        let curve = |name: &str| Curve { name: name.to_owned(), values: Vec::new(), over: None, standard: None };
        assert_eq!(curve("loss").group(), ("", "loss"));
        assert_eq!(curve("mlp.lr0.1.val_loss").group(), ("mlp.lr0.1", "val_loss"));
    }
}

//! A series as pages draw it, beside the reference's.

use super::Curve;
use super::scale::Comparison;
use crate::check::Case;
use crate::domain::limits::REPORTED_VALUES;
use crate::domain::number::Finite;
use crate::domain::plot;

impl Curve {
    /// The series at place `i`, if it can be read and is not too long to be repeated.
    pub(super) fn drawn(&self, i: usize, case: &Case<'_>) -> Option<plot::Curve> {
        let name = self.series.get(i)?.get_ref();
        let values = case.student.series(name).ok().filter(|values| (1..=REPORTED_VALUES).contains(&values.len()))?;
        let standard = self.standard(i, name, &values, case);
        Some(plot::Curve { name: name.clone(), values, over: None, standard })
    }

    /// What it is held against: the reference's series, times what it is a sum over.
    fn standard(&self, i: usize, name: &str, stated: &[Finite], case: &Case<'_>) -> Option<plot::Standard> {
        let tolerance = *self.against.get(i)?;
        let expected = case.reference_series(name).ok().filter(|expected| expected.len() == stated.len())?;
        let comparison = Comparison { stated, expected: &expected, tolerance, skipped: self.from.saturating_sub(1) };
        let off = comparison.off(1.0);
        let sum = if off.is_empty() { None } else { comparison.sum(&self.sum_over) };
        match sum {
            Some(sum) => plot::Standard::new(&expected, tolerance, f64::from(sum.count), self.from, &[]),
            None => plot::Standard::new(&expected, tolerance, 1.0, self.from, &off),
        }
    }
}

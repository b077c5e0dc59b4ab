//! Series that are sums: over the examples, or over the means of the batches.

use crate::domain::number::Finite;
use crate::domain::rounding::Rounding;
use crate::domain::tolerance::Tolerance;

/// Sizes of batches that people use.
const BATCHES: [u32; 24] = [8, 10, 16, 20, 25, 32, 40, 50, 60, 64, 80, 96, 100, 120, 125, 128, 200, 250, 256, 400, 500, 512, 1000, 1024];

/// What a series may be a sum over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sum {
    /// How many summands.
    pub(super) count: u32,
    /// Whether they are the means of batches.
    pub(super) of_batches: bool,
}

/// All sums over the `examples`, or over the batches that they make.
pub(super) fn sums(examples: &[u32]) -> Vec<Sum> {
    let whole = examples.iter().map(|count| Sum { count: *count, of_batches: false });
    let batches = examples.iter().flat_map(|count| BATCHES.iter().map(|batch| count.div_ceil(*batch)));
    let batches = batches.filter(|count| *count >= 10).map(|count| Sum { count, of_batches: true });
    whole.chain(batches).collect()
}

/// How a series compares with the reference's, from a place on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Comparison<'a> {
    pub(super) stated: &'a [Finite],
    pub(super) expected: &'a [Finite],
    pub(super) tolerance: Tolerance,
    pub(super) skipped: usize,
}

impl Comparison<'_> {
    /// The places that are off when the series is divided by `scale`.
    pub(super) fn off(&self, scale: f64) -> Vec<usize> {
        let rounding = Rounding::of_series(self.stated);
        let rounded = |value: Finite| Tolerance { absolute: self.tolerance.absolute + rounding.half(value) / scale, ..self.tolerance };
        let close = |i: &usize| Finite::new(self.stated[*i].get() / scale).is_ok_and(|value| rounded(self.stated[*i]).accepts(value, self.expected[*i]));
        (self.skipped..self.stated.len()).filter(|i| !close(i)).collect()
    }

    /// The sum that brings the series nearest to the reference's, if one does within the tolerance.
    pub(super) fn sum(&self, examples: &[u32]) -> Option<Sum> {
        let distance = |sum: &Sum| {
            let far = |(a, b): (&Finite, &Finite)| (a.get() / f64::from(sum.count) / b.get()).abs().ln().abs();
            self.stated.iter().zip(self.expected).skip(self.skipped).map(far).sum::<f64>()
        };
        let fitting = sums(examples).into_iter().filter(|sum| self.off(f64::from(sum.count)).is_empty());
        // Sums over examples come first, and the first of equals stays.
        fitting.reduce(|best, sum| if distance(&sum) < distance(&best) { sum } else { best })
    }
}

impl Sum {
    /// In words. Of batches only their rough number can be known.
    pub(super) fn words(self) -> String {
        if self.of_batches { format!("about {} batches", self.count) } else { format!("{} examples", self.count) }
    }
}

//! What a histogram is said to show: the values that were counted. The bins are those that are drawn.

use mlgrade_domain::diagnostic::{Code, Diagnostic};

/// The data of which one pair of axes is said to show histograms. Never empty; all values are finite.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    series: Vec<Sample>,
}

/// The data of one histogram.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// Its name, as a legend may spell it.
    pub name: String,
    /// The values that were counted, in any order.
    pub values: Vec<f64>,
}

impl Claim {
    /// A claim, unless it has no series, a series without values, or a value that is not finite.
    pub fn new(series: Vec<Sample>) -> Result<Self, Diagnostic> {
        let fault = |message: String| Err(Diagnostic::error(Code::BadValue, message));
        if series.is_empty() {
            return fault("a claim names at least one series".to_owned());
        }
        for Sample { name, values } in &series {
            if values.is_empty() {
                return fault(format!("{name} has no values"));
            }
            if let Some(value) = values.iter().find(|value| !value.is_finite()) {
                return fault(format!("{name} holds {value}, which no axis can show"));
            }
        }
        Ok(Self { series })
    }

    /// Its series, in the order in which they were claimed.
    pub fn series(&self) -> &[Sample] {
        &self.series
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_has_finite_values_in_each_series() {
        let claim = |values: &[f64]| Claim::new(vec![Sample { name: "age".to_owned(), values: values.to_vec() }]);
        assert_eq!(claim(&[3.0, 1.0]).unwrap().series()[0].values, [3.0, 1.0]);
        assert!(claim(&[]).is_err() && claim(&[f64::INFINITY]).is_err() && Claim::new(Vec::new()).is_err());
    }
}

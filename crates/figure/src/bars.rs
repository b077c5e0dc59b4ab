//! What a bar chart is said to show: a height for each category, in one series or several.

use mlgrade_domain::diagnostic::{Code, Diagnostic};

/// The bars that one pair of axes is said to show. Never empty; all heights are finite, and all series have as many.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    categories: Vec<String>,
    series: Vec<Heights>,
}

/// One claimed series: a bar for each category.
#[derive(Debug, Clone, PartialEq)]
pub struct Heights {
    /// Its name, as a legend may spell it.
    pub name: String,
    /// How high its bars are, in the unit of the axis and the order of the categories.
    pub values: Vec<f64>,
}

impl Claim {
    /// A claim, unless it has no bars, series of different lengths, a height that is not finite, or other than one category for each bar.
    /// Where the categories are not known, there are none.
    pub fn new(categories: Vec<String>, series: Vec<Heights>) -> Result<Self, Diagnostic> {
        let fault = |message: String| Err(Diagnostic::error(Code::BadValue, message));
        let Some(first) = series.first() else { return fault("a claim names at least one series".to_owned()) };
        let count = first.values.len();
        for Heights { name, values } in &series {
            if values.is_empty() {
                return fault(format!("{name} has no bars"));
            }
            if values.len() != count {
                return fault(format!("{name} has {} bars and {} has {count}; all series have a bar for each category", values.len(), first.name));
            }
            if let Some(value) = values.iter().find(|value| !value.is_finite()) {
                return fault(format!("{name} holds {value}, which no bar can show"));
            }
        }
        if !categories.is_empty() && categories.len() != count {
            return fault(format!("there are {} categories for {count} bars", categories.len()));
        }
        Ok(Self { categories, series })
    }

    /// The names of the categories; empty if they are not known.
    pub fn categories(&self) -> &[String] {
        &self.categories
    }

    /// Its series, in the order in which they were claimed.
    pub fn series(&self) -> &[Heights] {
        &self.series
    }

    /// How many bars each series has.
    pub fn bars(&self) -> usize {
        self.series.first().map_or(0, |series| series.values.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(categories: &[&str], series: &[&[f64]]) -> Result<Claim, Diagnostic> {
        let series = series.iter().enumerate().map(|(i, values)| Heights { name: format!("s{i}"), values: values.to_vec() });
        Claim::new(categories.iter().map(|&name| name.to_owned()).collect(), series.collect())
    }

    #[test]
    fn a_claim_has_a_finite_height_for_each_category_of_each_series() {
        assert_eq!(claim(&["a", "b"], &[&[1.0, 2.0], &[3.0, 4.0]]).unwrap().bars(), 2);
        assert!(claim(&[], &[&[1.0, 2.0, 3.0]]).unwrap().categories().is_empty());
        assert!(claim(&[], &[]).is_err());
        assert!(claim(&[], &[&[]]).is_err());
        assert!(claim(&["a"], &[&[1.0, 2.0]]).is_err());
        assert!(claim(&[], &[&[1.0, 2.0], &[1.0]]).is_err());
        assert!(claim(&[], &[&[1.0, f64::NAN]]).is_err());
    }
}

//! The penguins as numbers: measurements, one-hot columns, and their standardisation within a fold.

use super::NAME;
use crate::{Fault, matrix};
use mlgrade_data::{Matrix, Split};
use mlgrade_domain::table::Table;

/// A measured column.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Measurement {
    pub(crate) column: &'static str,
    /// With its unit, for an axis.
    pub(crate) label: &'static str,
}

/// The four measurements.
pub(crate) const MEASUREMENTS: [Measurement; 4] = [
    Measurement { column: "bill_length_mm", label: "bill length (mm)" },
    Measurement { column: "bill_depth_mm", label: "bill depth (mm)" },
    Measurement { column: "flipper_length_mm", label: "flipper length (mm)" },
    Measurement { column: "body_mass_g", label: "body mass (g)" },
];
/// The columns that become one-hot, and the one to predict.
const CATEGORIES: [&str; 2] = ["island", "sex"];
const TARGET: &str = "species";

/// The penguins, one row each.
#[derive(Debug)]
pub(crate) struct Penguins {
    /// In the order of [`MEASUREMENTS`].
    pub(crate) measurements: Vec<[f64; MEASUREMENTS.len()]>,
    /// The measurements, then a column for every island and sex, in alphabetical order.
    pub(crate) features: Vec<Vec<f64>>,
    /// Indices into `names`.
    pub(crate) species: Vec<usize>,
    /// The species in alphabetical order.
    pub(crate) names: Vec<String>,
}

impl Penguins {
    /// The penguins of `table`.
    pub(crate) fn read(table: &Table) -> Result<Self, Fault> {
        let fault = |message| Fault::Data { reference: NAME, message };
        let mut measurements = vec![[0.0; MEASUREMENTS.len()]; table.rows()];
        for (i, measurement) in MEASUREMENTS.iter().enumerate() {
            for (row, value) in measurements.iter_mut().zip(table.numbers(measurement.column).map_err(fault)?) {
                row[i] = *value;
            }
        }
        let mut features: Vec<Vec<f64>> = measurements.iter().map(|row| row.to_vec()).collect();
        for category in CATEGORIES {
            let (levels, codes) = encode(table.texts(category).map_err(fault)?);
            for (row, code) in features.iter_mut().zip(codes) {
                row.extend((0..levels.len()).map(|level| if level == code { 1.0 } else { 0.0 }));
            }
        }
        let (names, species) = encode(table.texts(TARGET).map_err(fault)?);
        if names.len() < 2 {
            return Err(fault(format!("column `{TARGET}` needs at least two species")));
        }
        Ok(Self { measurements, features, species, names })
    }
}

/// The distinct texts in alphabetical order, and for each row which one it is.
fn encode(texts: &[String]) -> (Vec<String>, Vec<usize>) {
    let mut levels = texts.to_vec();
    levels.sort_unstable();
    levels.dedup();
    let codes = texts.iter().map(|text| levels.partition_point(|level| level < text)).collect();
    (levels, codes)
}

/// The rows of fold `fold` to validate on and the others to train on.
pub(crate) fn split(features: &[Vec<f64>], classes: &[usize], folds: &[usize], fold: usize) -> Split<Matrix, usize> {
    let rows = |val: bool| (0..features.len()).filter(move |&row| (folds[row] == fold) == val);
    let cols = features.first().map_or(0, Vec::len);
    let features_of = |val: bool| Matrix { rows: rows(val).count(), cols, values: rows(val).flat_map(|row| features[row].iter().copied()).collect() };
    let answers = |val: bool| rows(val).map(|row| classes[row]).collect();
    Split { x_train: features_of(false), y_train: answers(false), x_val: features_of(true), y_val: answers(true) }
}

/// `split` with every feature scaled to mean 0 and standard deviation 1 over the training rows; a constant one stays 0.
pub(crate) fn standardised(split: Split<Matrix, usize>) -> Split<Matrix, usize> {
    let (x_train, x_val) = matrix::standardised(split.x_train, split.x_val);
    Split { x_train, x_val, ..split }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn training_rows_are_standardised_and_set_the_scale_for_the_others() {
        let features = [vec![1.0, 7.0], vec![3.0, 7.0], vec![4.0, 8.0]];
        let split = standardised(split(&features, &[0, 1, 0], &[1, 1, 0], 0));
        assert_eq!(split.x_train.values, [-1.0, 0.0, 1.0, 0.0]);
        assert_eq!((split.x_val.values, split.y_train, split.y_val), (vec![2.0, 1.0], vec![0, 1], vec![0]));
    }
}

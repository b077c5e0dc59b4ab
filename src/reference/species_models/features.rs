//! The penguins as numbers: measurements, one-hot columns, and their standardisation within a fold.

use super::NAME;
use crate::data::Split;
use crate::evidence::table::Table;
use crate::reference::Fault;

/// A measured column.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measurement {
    pub(super) column: &'static str,
    /// With its unit, for an axis.
    pub(super) label: &'static str,
}

/// The four measurements.
pub(super) const MEASUREMENTS: [Measurement; 4] = [
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
pub(super) struct Penguins {
    /// In the order of [`MEASUREMENTS`].
    pub(super) measurements: Vec<[f64; MEASUREMENTS.len()]>,
    /// The measurements, then a column for every island and sex, in alphabetical order.
    pub(super) features: Vec<Vec<f64>>,
    /// Indices into `names`.
    pub(super) species: Vec<usize>,
    /// The species in alphabetical order.
    pub(super) names: Vec<String>,
}

impl Penguins {
    /// The penguins of `table`.
    pub(super) fn read(table: &Table) -> Result<Self, Fault> {
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

/// The rows of fold `fold` to validate on and the others to train on, every feature scaled to mean 0 and standard deviation 1 over
/// the training rows; a constant one stays 0.
pub(super) fn standardised(features: &[Vec<f64>], classes: &[usize], folds: &[usize], fold: usize) -> Split<Vec<Vec<f64>>, usize> {
    let rows = |val: bool| (0..features.len()).filter(move |&row| (folds[row] == fold) == val);
    let count = rows(false).count().max(1) as f64;
    let width = features.first().map_or(0, Vec::len);
    let scale: Vec<(f64, f64)> = (0..width)
        .map(|i| {
            let mean = rows(false).map(|row| features[row][i]).sum::<f64>() / count;
            let variance = rows(false).map(|row| (features[row][i] - mean).powi(2)).sum::<f64>() / count;
            (mean, if variance > 0.0 { variance.sqrt() } else { 1.0 })
        })
        .collect();
    let scaled = |row: usize| features[row].iter().zip(&scale).map(|(value, (mean, deviation))| (value - mean) / deviation).collect();
    Split {
        x_train: rows(false).map(scaled).collect(),
        y_train: rows(false).map(|row| classes[row]).collect(),
        x_val: rows(true).map(scaled).collect(),
        y_val: rows(true).map(|row| classes[row]).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn training_rows_are_standardised_and_set_the_scale_for_the_others() {
        let features = [vec![1.0, 7.0], vec![3.0, 7.0], vec![4.0, 8.0]];
        let split = standardised(&features, &[0, 1, 0], &[1, 1, 0], 0);
        assert_eq!(split.x_train, [[-1.0, 0.0], [1.0, 0.0]]);
        assert_eq!((split.x_val, split.y_train, split.y_val), (vec![vec![2.0, 1.0]], vec![0, 1], vec![0]));
    }
}

//! The rows of two classes: two features each, standardised, and the way back to the original units.

use std::collections::BTreeMap;

use super::NAME;
use crate::Fault;
use mlgrade_domain::table::Table;

/// The column that says which class a row is of.
const TARGET: &str = "species";

/// Which rows and columns are used.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    /// Two species; the second is +1.
    pub(super) classes: [String; 2],
    /// Two columns of numbers.
    pub(super) features: [String; 2],
    /// Columns with the text that a row must have there.
    pub(super) only: BTreeMap<String, String>,
}

impl Default for Choice {
    /// Among the females these two species are separable by a line, though only just: the perceptron needs 15 epochs.
    fn default() -> Self {
        Self {
            classes: ["Adelie", "Chinstrap"].map(str::to_owned),
            features: ["bill_length_mm", "bill_depth_mm"].map(str::to_owned),
            only: BTreeMap::from([("sex".to_owned(), "female".to_owned())]),
        }
    }
}

/// The rows used, in the order of the file.
#[derive(Debug)]
pub(super) struct Rows {
    /// The features in their original units.
    pub(super) raw: Vec<[f64; 2]>,
    /// The features with mean 0 and population standard deviation 1.
    pub(super) x: Vec<[f64; 2]>,
    /// The classes: -1 for the first, +1 for the second.
    pub(super) y: Vec<f64>,
    /// The mean and the standard deviation of each feature.
    scale: [(f64, f64); 2],
}

impl Rows {
    /// The rows of `table` that `choice` names.
    pub(super) fn read(table: &Table, choice: &Choice) -> Result<Self, Fault> {
        let fault = |message| Fault::Data { reference: NAME, message };
        let species = table.texts(TARGET).map_err(fault)?;
        let [first, second] = choice.features.each_ref().map(|name| table.numbers(name).map_err(fault));
        let (first, second) = (first?, second?);
        let mut kept = vec![true; table.rows()];
        for (name, wanted) in &choice.only {
            for (kept, text) in kept.iter_mut().zip(table.texts(name).map_err(fault)?) {
                *kept &= text == wanted;
            }
        }
        let (mut raw, mut y) = (Vec::new(), Vec::new());
        for row in (0..table.rows()).filter(|&row| kept[row]) {
            if let Some(class) = choice.classes.iter().position(|name| *name == species[row]) {
                raw.push([first[row], second[row]]);
                y.push(if class == 0 { -1.0 } else { 1.0 });
            }
        }
        if let Some((name, _)) = choice.classes.iter().zip([-1.0, 1.0]).find(|(_, sign)| y.iter().all(|y| y * sign < 0.0)) {
            return Err(fault(format!("no row used is of the class `{name}`")));
        }
        let scale = [0, 1].map(|i| mean_and_deviation(&raw, i));
        if let Some(constant) = (0..2).find(|&i| scale[i].1 <= 0.0) {
            return Err(fault(format!("column `{}` is the same in all rows used", choice.features[constant])));
        }
        let x = raw.iter().map(|point| [0, 1].map(|i| (point[i] - scale[i].0) / scale[i].1)).collect();
        Ok(Self { raw, x, y, scale })
    }

    /// The coefficients [w1, w2, b] for the raw features that decide as `weights` do for the standardised ones.
    pub(super) fn in_original_units(&self, [w1, w2, b]: [f64; 3]) -> [f64; 3] {
        let [(mean1, deviation1), (mean2, deviation2)] = self.scale;
        let (w1, w2) = (w1 / deviation1, w2 / deviation2);
        [w1, w2, b - w1 * mean1 - w2 * mean2]
    }
}

fn mean_and_deviation(points: &[[f64; 2]], i: usize) -> (f64, f64) {
    let count = points.len() as f64;
    let mean = points.iter().map(|point| point[i]).sum::<f64>() / count;
    let variance = points.iter().map(|point| (point[i] - mean).powi(2)).sum::<f64>() / count;
    (mean, variance.sqrt())
}

/// The words for an axis: "bill length (mm)" of `bill_length_mm`.
pub(super) fn label(column: &str) -> String {
    match column.rsplit_once('_') {
        Some((name, unit @ ("mm" | "g"))) => format!("{} ({unit})", name.replace('_', " ")),
        _ => column.replace('_', " "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlgrade_data::BUILTINS;
    use proptest::prelude::*;

    fn penguins(choice: &Choice) -> Result<Rows, Fault> {
        Rows::read(BUILTINS.iter().find(|row| row.name == "penguins").unwrap().load().unwrap().table().unwrap(), choice)
    }

    /// Counts and moments by pandas: `dropna()`, then the females of the two species, `mean()` and `std(ddof=0)`.
    #[test]
    fn rows_are_those_of_pandas() {
        let rows = penguins(&Choice::default()).unwrap();
        assert_eq!((rows.raw.len(), rows.raw[0]), (107, [39.5, 17.4]));
        for ((mean, deviation), (mean_expected, deviation_expected)) in
            rows.scale.into_iter().zip([(40.217_757_01, 4.956_291_44), (17.611_214_95, 0.887_011_9)])
        {
            assert!((mean - mean_expected).abs() < 1e-7 && (deviation - deviation_expected).abs() < 1e-7);
        }
    }

    #[test]
    fn what_the_table_lacks_is_named() {
        let unknown = Choice { classes: ["Adelie", "Emperor"].map(str::to_owned), ..Choice::default() };
        assert!(penguins(&unknown).unwrap_err().to_string().contains("of the class `Emperor`"));
        let nobody = Choice { only: BTreeMap::from([("sex".to_owned(), "none".to_owned())]), ..Choice::default() };
        assert!(penguins(&nobody).unwrap_err().to_string().contains("of the class `Adelie`"));
    }

    #[test]
    fn labels_have_units() {
        assert_eq!([label("bill_length_mm"), label("body_mass_g"), label("a_b")], ["bill length (mm)", "body mass (g)", "a b"]);
    }

    proptest! {
        #[test]
        fn original_units_decide_alike(weights in prop::array::uniform3(-5.0..5.0_f64)) {
            let rows = penguins(&Choice::default()).unwrap();
            let [w1, w2, b] = rows.in_original_units(weights);
            for (raw, x) in rows.raw.iter().zip(&rows.x) {
                let (ours, theirs) = (w1 * raw[0] + w2 * raw[1] + b, super::super::learning::score(weights, *x));
                prop_assert!((ours - theirs).abs() < 1e-9);
            }
        }
    }
}

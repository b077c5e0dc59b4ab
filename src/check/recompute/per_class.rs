//! A claimed report of each class: precision, recall and F1, and how many rows are of it, beside what the predictions give.

use crate::domain::tolerance::Tolerance;
use crate::domain::verdict::{Finding, Verdict};
use crate::evidence::bag::NumberArray;

use super::matrix::{is_near, rows_of, shown, transposed};

/// What the columns are. The last one may be left out.
const COLUMNS: [&str; 4] = ["precision", "recall", "F1", "number of rows"];

/// How far a number of rows may be off.
const OF_COUNTS: Tolerance = Tolerance { absolute: 0.0, relative: 0.0 };

/// Precision, recall, F1 and number of rows of each of `classes`.
pub(super) struct PerClass<'a> {
    pub(super) classes: &'a [String],
    pub(super) rows: Vec<[f64; 4]>,
}

impl PerClass<'_> {
    /// Holds the array claimed as `claim` against it. What other conventions would confirm goes to a person.
    pub(super) fn compare(&self, claim: &str, claimed: &NumberArray, tolerance: Tolerance) -> Finding {
        let expected: Vec<Vec<f64>> = self.rows.iter().map(|row| row.to_vec()).collect();
        let finding = self.held(claim, claimed, tolerance).expected(shown(&expected)).tolerance(tolerance);
        match rows_of(claimed) {
            Some(rows) => finding.actual(shown(&rows)),
            None => finding,
        }
    }

    fn held(&self, claim: &str, claimed: &NumberArray, tolerance: Tolerance) -> Finding {
        let size = self.classes.len();
        let person = |why: String| Finding::open(Verdict::NeedsReview, format!("{claim} {why}; a person has to look"));
        let fits = |rows: &Vec<Vec<f64>>| rows.len() == size && rows.iter().all(|row| row.len() == 3 || row.len() == 4);
        let stated = rows_of(claimed);
        let Some(rows) = stated.clone().filter(fits) else {
            let turned = stated.map(|rows| transposed(&rows)).filter(fits);
            return match turned.filter(|rows| self.off(rows, tolerance).is_empty()) {
                Some(_) => person("agrees with the predictions once it is turned over: a row for each class is asked for".to_owned()),
                None => person(format!("has not a row for each of {size} classes with precision, recall and F1")),
            };
        };
        let off = self.off(&rows, tolerance);
        let Some(&(class, column)) = off.first() else { return Finding::open(Verdict::Pass, format!("{claim} agrees with the predictions")) };
        let of_percent: Vec<Vec<f64>> =
            rows.iter().map(|row| row.iter().enumerate().map(|(column, value)| if column < 3 { value / 100.0 } else { *value }).collect()).collect();
        if self.off(&of_percent, tolerance).is_empty() {
            return person("agrees with the predictions in percent, and fractions are asked for".to_owned());
        }
        if self.in_another_order(&rows, tolerance) {
            return person("has the classes in another order than the data set's".to_owned());
        }
        let count = rows.iter().map(Vec::len).sum::<usize>();
        let place = format!("{} of `{}`", COLUMNS[column], self.classes[class]);
        let (a, b) = (rows[class][column], self.rows[class][column]);
        let reason = format!("{claim}: {} of {count} numbers are off: the {place} is {a}, the predictions give {b} ({tolerance})", off.len());
        let advice = format!("{claim} does not agree with the predictions that you handed in: look at the {place}; are both of the same model?");
        Finding::new(Verdict::Contradicted, reason, advice)
    }

    /// The cells of `rows` that are off, by class and column.
    fn off(&self, rows: &[Vec<f64>], tolerance: Tolerance) -> Vec<(usize, usize)> {
        let pairs = rows.iter().zip(&self.rows).enumerate();
        pairs.flat_map(|(class, (stated, own))| columns_off(stated, own, tolerance).map(move |column| (class, column))).collect()
    }

    /// Whether each row of the claim is that of some class, one to one.
    fn in_another_order(&self, rows: &[Vec<f64>], tolerance: Tolerance) -> bool {
        let mut left: Vec<&[f64; 4]> = self.rows.iter().collect();
        rows.iter().all(|row| {
            let own = left.iter().position(|own| columns_off(row, own, tolerance).next().is_none());
            own.map(|place| left.remove(place)).is_some()
        })
    }
}

/// The columns in which a stated row is not a class's `own`.
fn columns_off<'r>(stated: &'r [f64], own: &'r [f64; 4], tolerance: Tolerance) -> impl Iterator<Item = usize> + 'r {
    let of_column = move |column: usize| if column < 3 { tolerance } else { OF_COUNTS };
    stated.iter().zip(own).enumerate().filter(move |(column, (a, b))| !is_near(**a, **b, of_column(*column))).map(|(column, _)| column)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::number::Finite;

    /// Of `sklearn.metrics.classification_report([0]*4 + [1]*3 + [2]*3, [0,0,0,1,1,1,2,2,2,0], output_dict=True)`, scikit-learn 1.9.1.
    const ROWS: [[f64; 4]; 3] = [[0.75, 0.75, 0.75, 4.0], [2.0 / 3.0, 2.0 / 3.0, 2.0 / 3.0, 3.0], [2.0 / 3.0, 2.0 / 3.0, 2.0 / 3.0, 3.0]];

    fn verdict(stated: &[Vec<f64>]) -> (Verdict, String) {
        let classes = ["cat", "dog", "owl"].map(str::to_owned);
        let shape = vec![stated.len(), stated[0].len()];
        let claimed = NumberArray { shape, values: stated.concat().into_iter().map(|value| Finite::new(value).unwrap()).collect(), path: String::new() };
        let own = PerClass { classes: &classes, rows: ROWS.to_vec() };
        let finding = own.compare("r", &claimed, Tolerance { absolute: 0.01, relative: 0.0 });
        (finding.verdict, finding.reason)
    }

    #[test]
    fn a_report_of_each_class_is_confirmed_contradicted_or_for_a_person() {
        let rows = |change: &dyn Fn(usize, usize, f64) -> f64, columns: usize| -> Vec<Vec<f64>> {
            ROWS.iter().enumerate().map(|(i, row)| row.iter().take(columns).enumerate().map(|(j, value)| change(i, j, *value)).collect()).collect()
        };
        let same = |_: usize, _: usize, value: f64| value;
        assert_eq!(verdict(&rows(&same, 4)).0, Verdict::Pass);
        assert_eq!(verdict(&rows(&|_, _, value| (value * 100.0).round() / 100.0, 3)).0, Verdict::Pass, "two digits, without the numbers of rows");
        let off = verdict(&rows(&|i, j, value| if (i, j) == (1, 2) { 0.9 } else { value }, 4));
        assert_eq!(off.0, Verdict::Contradicted);
        assert!(off.1.starts_with("r: 1 of 12 numbers are off: the F1 of `dog` is 0.9, the predictions give 0.666"), "{}", off.1);
        let of_counts = verdict(&rows(&|i, j, value| if (i, j) == (0, 3) { 5.0 } else { value }, 4));
        assert!(of_counts.0 == Verdict::Contradicted && of_counts.1.contains("the number of rows of `cat` is 5"), "{}", of_counts.1);
        for (stated, words) in [
            (transposed(&rows(&same, 4)), "once it is turned over"),
            (rows(&|_, j, value| if j < 3 { value * 100.0 } else { value }, 4), "in percent"),
            (rows(&same, 4).into_iter().rev().collect(), "in another order"),
            (vec![vec![0.75, 0.75]], "has not a row for each of 3 classes"),
        ] {
            let (verdict, reason) = verdict(&stated);
            assert!(verdict == Verdict::NeedsReview && reason.contains(words), "{reason}");
        }
    }
}

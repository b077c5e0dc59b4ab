//! A claimed confusion matrix, beside the one that the predictions give.

use std::collections::BTreeMap;

use crate::domain::number::Finite;
use crate::domain::quantity::Quantity;
use crate::domain::tolerance::Tolerance;
use crate::domain::verdict::{Finding, Verdict};
use crate::evidence::bag::NumberArray;

/// The most steps in which classes in another order are looked for.
const MOST_STEPS: usize = 100_000;

/// How far a share of a row may be off that was rounded to two digits.
const OF_SHARES: Tolerance = Tolerance { absolute: 0.0051, relative: 0.0 };

/// How often each of `classes` was taken for which: a row for each right class, a column for each predicted one.
pub(super) struct Matrix<'a> {
    pub(super) classes: &'a [String],
    pub(super) counts: Vec<Vec<f64>>,
}

impl<'a> Matrix<'a> {
    pub(super) fn new(classes: &'a [String], counts: &[Vec<usize>]) -> Self {
        Self { classes, counts: counts.iter().map(|row| row.iter().map(|&count| count as f64).collect()).collect() }
    }

    /// Holds the array claimed as `claim` against it. What other conventions would confirm goes to a person.
    pub(super) fn compare(&self, claim: &str, claimed: &NumberArray, tolerance: Tolerance) -> Finding {
        let finding = self.held(claim, claimed, tolerance);
        finding
            .expected(shown(&self.counts))
            .actual(rows_of(claimed).map_or_else(|| Quantity::series(&claimed.values), |rows| shown(&rows)))
            .tolerance(tolerance)
    }

    fn held(&self, claim: &str, claimed: &NumberArray, tolerance: Tolerance) -> Finding {
        let size = self.classes.len();
        let Some(stated) = rows_of(claimed).filter(|rows| rows.len() == size && rows.iter().all(|row| row.len() == size)) else {
            let shape = claimed.shape.iter().map(ToString::to_string).collect::<Vec<_>>().join(" × ");
            let sentence = format!("{claim} has the shape {shape}, and there are {size} classes; a person has to look");
            return Finding::open(Verdict::NeedsReview, sentence);
        };
        let same = |counts: &[Vec<f64>], tolerance: Tolerance| agree(&stated, counts, tolerance);
        if same(&self.counts, tolerance) {
            let sentence = format!("{claim} agrees with the predictions");
            return Finding::open(Verdict::Pass, sentence);
        }
        let turned = transposed(&self.counts);
        let shares: Vec<Vec<f64>> = self.counts.iter().map(|row| shares(row, row.iter().sum())).collect();
        let of_columns = transposed(&turned.iter().map(|row| self::shares(row, row.iter().sum())).collect::<Vec<_>>());
        let total = self.counts.iter().flatten().sum();
        let of_all: Vec<Vec<f64>> = self.counts.iter().map(|row| self::shares(row, total)).collect();
        let hundredfold = |rows: &[Vec<f64>]| -> Vec<Vec<f64>> { rows.iter().map(|row| row.iter().map(|share| share * 100.0).collect()).collect() };
        let of_percent = Tolerance { absolute: 100.0 * OF_SHARES.absolute, ..OF_SHARES };
        let is_share = |rows: &[Vec<f64>]| same(rows, OF_SHARES) || same(&hundredfold(rows), of_percent);
        let convention = if same(&turned, tolerance) {
            Some("it is turned over: the rows are the predicted classes, and the right ones are asked for".to_owned())
        } else if is_share(&shares) {
            Some("its rows are divided by their sums, and the counts are asked for".to_owned())
        } else if is_share(&transposed(&shares)) {
            Some("it is turned over, and divided by the number of rows of each class".to_owned())
        } else if is_share(&of_columns) {
            Some("its columns are divided by their sums, and the counts are asked for".to_owned())
        } else if is_share(&of_all) {
            Some("it is divided by the number of all rows, and the counts are asked for".to_owned())
        } else if self.in_another_order(&stated, tolerance) {
            Some("its classes stand in another order than the data set's".to_owned())
        } else if self.with_other_names(&stated, tolerance) {
            Some("the classes seem to be numbered in another way: with other names for them the predictions would give it".to_owned())
        } else {
            None
        };
        match convention {
            Some(convention) => {
                let sentence = format!("{claim} is that of the predictions in another form: {convention}; a person has to decide");
                Finding::open(Verdict::NeedsReview, sentence)
            }
            None => self.contradicted(claim, &stated, tolerance),
        }
    }

    fn contradicted(&self, claim: &str, stated: &[Vec<f64>], tolerance: Tolerance) -> Finding {
        let cells = || stated.iter().zip(&self.counts).enumerate().flat_map(|(i, (a, b))| a.iter().zip(b).enumerate().map(move |(j, (a, b))| (i, j, *a, *b)));
        let off: Vec<(usize, usize, f64, f64)> = cells().filter(|&(_, _, a, b)| !is_near(a, b, tolerance)).collect();
        let total = self.classes.len() * self.classes.len();
        let name = |class: usize| self.classes.get(class).map_or("", String::as_str);
        let Some(&(i, j, a, b)) = off.first() else { return Finding::open(Verdict::NeedsReview, format!("{claim} cannot be compared")) };
        let place = format!("rows of `{}` predicted as `{}`", name(i), name(j));
        let reason = format!("{claim}: {} of {total} counts are off: {a} {place}, the predictions give {b} ({tolerance})", off.len());
        let advice = format!("{claim} does not agree with the predictions that you handed in: look at the {place}; are both of the same model?");
        Finding::new(Verdict::Contradicted, reason, advice)
    }

    /// Whether the claim is the matrix with rows and columns in one other order.
    fn in_another_order(&self, stated: &[Vec<f64>], tolerance: Tolerance) -> bool {
        let mut search = Search { stated, counts: &self.counts, tolerance, order: Vec::new(), steps: 0 };
        search.complete()
    }

    /// Whether the claim is the matrix with each column under the name of the class that it mostly is, one to one.
    fn with_other_names(&self, stated: &[Vec<f64>], tolerance: Tolerance) -> bool {
        let columns = transposed(&self.counts);
        let most = |column: &Vec<f64>| column.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(&a.0))).map(|(class, _)| class);
        let names: BTreeMap<usize, &Vec<f64>> = columns.iter().filter_map(|column| Some((most(column)?, column))).collect();
        let renamed: Vec<Vec<f64>> = names.values().map(|column| (*column).clone()).collect();
        renamed.len() == columns.len() && agree(stated, &transposed(&renamed), tolerance)
    }
}

/// A search for the order of the classes in which a claimed matrix is the right one.
struct Search<'s> {
    stated: &'s [Vec<f64>],
    counts: &'s [Vec<f64>],
    tolerance: Tolerance,
    order: Vec<usize>,
    steps: usize,
}

impl Search<'_> {
    /// Whether the order so far can be continued to the end.
    fn complete(&mut self) -> bool {
        let place = self.order.len();
        if place == self.counts.len() {
            return true;
        }
        for class in 0..self.counts.len() {
            self.steps += 1;
            if self.steps > MOST_STEPS {
                return false;
            }
            if !self.order.contains(&class) && self.fits(class) {
                self.order.push(class);
                if self.complete() {
                    return true;
                }
                self.order.pop();
            }
        }
        false
    }

    /// Whether `class` may come next: its counts with itself and with those before it are the claimed ones.
    fn fits(&self, class: usize) -> bool {
        let at = |rows: &[Vec<f64>], i: usize, j: usize| rows.get(i).and_then(|row| row.get(j)).copied().unwrap_or(f64::INFINITY);
        let place = self.order.len();
        let same = |(i, a): (usize, usize), (j, b): (usize, usize)| is_near(at(self.stated, i, j), at(self.counts, a, b), self.tolerance);
        let own = (place, class);
        same(own, own) && self.order.iter().copied().enumerate().all(|other| same(own, other) && same(other, own))
    }
}

fn agree(stated: &[Vec<f64>], counts: &[Vec<f64>], tolerance: Tolerance) -> bool {
    stated.iter().flatten().zip(counts.iter().flatten()).all(|(&a, &b)| is_near(a, b, tolerance))
}

pub(super) fn is_near(stated: f64, count: f64, tolerance: Tolerance) -> bool {
    matches!((Finite::new(stated), Finite::new(count)), (Ok(stated), Ok(count)) if tolerance.accepts(stated, count))
}

fn shares(row: &[f64], sum: f64) -> Vec<f64> {
    row.iter().map(|count| if sum > 0.0 { count / sum } else { 0.0 }).collect()
}

pub(super) fn transposed(rows: &[Vec<f64>]) -> Vec<Vec<f64>> {
    (0..rows.first().map_or(0, Vec::len)).map(|column| rows.iter().filter_map(|row| row.get(column).copied()).collect()).collect()
}

/// The rows of an array of two dimensions.
pub(super) fn rows_of(array: &NumberArray) -> Option<Vec<Vec<f64>>> {
    let [_, columns] = array.shape[..] else { return None };
    Some(array.values.chunks(columns.max(1)).map(|row| row.iter().map(|value| value.get()).collect()).collect())
}

/// The first rows: "[1, 2], [3, 4], …".
pub(super) fn shown(rows: &[Vec<f64>]) -> Quantity {
    let row = |row: &Vec<f64>| format!("[{}]", row.iter().take(12).map(ToString::to_string).collect::<Vec<_>>().join(", "));
    let more = if rows.len() > 12 { ", …" } else { "" };
    Quantity::words(rows.iter().take(12).map(row).collect::<Vec<_>>().join(", ") + more)
}

#[cfg(test)]
mod tests {
    use super::*;

    const COUNTS: [[usize; 3]; 3] = [[8, 2, 0], [1, 5, 4], [0, 3, 17]];

    fn verdict(stated: &[Vec<f64>]) -> (Verdict, String) {
        let classes = ["cat", "dog", "owl"].map(str::to_owned);
        let counts: Vec<Vec<usize>> = COUNTS.iter().map(|row| row.to_vec()).collect();
        let shape = vec![stated.len(), stated[0].len()];
        let claimed = NumberArray { shape, values: stated.concat().into_iter().map(|value| Finite::new(value).unwrap()).collect(), path: String::new() };
        let finding = Matrix::new(&classes, &counts).compare("m", &claimed, Tolerance { absolute: 0.5, relative: 0.0 });
        (finding.verdict, finding.reason)
    }

    fn of(change: impl Fn(usize, usize) -> f64) -> Vec<Vec<f64>> {
        (0..3).map(|i| (0..3).map(|j| change(i, j)).collect()).collect()
    }

    fn count(i: usize, j: usize) -> f64 {
        COUNTS[i][j] as f64
    }

    #[test]
    fn other_conventions_go_to_a_person_and_other_counts_are_contradicted() {
        assert_eq!(verdict(&of(count)).0, Verdict::Pass);
        let sum = |i: usize| COUNTS[i].iter().sum::<usize>() as f64;
        let of_column = |j: usize| COUNTS.iter().map(|row| row[j]).sum::<usize>() as f64;
        let order = [2, 0, 1];
        let rounded = |value: f64| (value * 100.0).round() / 100.0;
        for (stated, words) in [
            (of(|i, j| count(j, i)), "it is turned over"),
            (of(|i, j| rounded(count(i, j) / sum(i))), "its rows are divided by their sums"),
            (of(|i, j| 100.0 * count(i, j) / sum(i)), "its rows are divided by their sums"),
            (of(|i, j| count(j, i) / sum(j)), "it is turned over, and divided"),
            (of(|i, j| count(i, j) / of_column(j)), "its columns are divided by their sums"),
            (of(|i, j| count(i, j) / 40.0), "it is divided by the number of all rows"),
            (of(|i, j| count(order[i], order[j])), "its classes stand in another order"),
        ] {
            let (verdict, reason) = verdict(&stated);
            assert!(verdict == Verdict::NeedsReview && reason.contains(words), "{words}: {verdict:?}, {reason}");
        }
        let (wrong, reason) = verdict(&of(|i, j| count(i, j) + if (i, j) == (1, 2) { 1.0 } else { 0.0 }));
        assert_eq!(
            (wrong, reason.as_str()),
            (Verdict::Contradicted, "m: 1 of 9 counts are off: 5 rows of `dog` predicted as `owl`, the predictions give 4 (±0.5)")
        );
        assert_eq!(verdict(&[vec![8.0, 2.0], vec![1.0, 5.0]]).0, Verdict::NeedsReview);
    }

    #[test]
    fn a_matrix_of_predictions_with_other_names_goes_to_a_person() {
        // The predictions call cats dogs, dogs owls and owls cats; the claim has them right.
        let classes = ["cat", "dog", "owl"].map(str::to_owned);
        let given = vec![vec![0, 8, 2], vec![4, 1, 5], vec![17, 0, 3]];
        let claimed =
            NumberArray { shape: vec![3, 3], values: of(count).concat().into_iter().map(|value| Finite::new(value).unwrap()).collect(), path: String::new() };
        let finding = Matrix::new(&classes, &given).compare("m", &claimed, Tolerance { absolute: 0.5, relative: 0.0 });
        assert!(finding.verdict == Verdict::NeedsReview && finding.reason.contains("numbered in another way"), "{}", finding.reason);
    }
}

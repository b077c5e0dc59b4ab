//! How often each class was taken for which: what the metrics of classes count.
//!
//! Classes are whole numbers. A prediction that is no class has a number that no right answer has.

use std::collections::BTreeMap;

use crate::fault::{Fault, paired, share};

/// For a class: how many rows are of it, how many were predicted to be, and how many of both.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// Rows of the class that were predicted to be of it.
    pub right: usize,
    /// Rows of the class.
    pub truly: usize,
    /// Rows that were predicted to be of the class.
    pub predicted: usize,
}

impl Count {
    /// The share of those predicted to be of the class that are; 0 if there are none.
    pub fn precision(self) -> f64 {
        share(self.right, self.predicted)
    }

    /// The share of those of the class that were predicted to be; 0 if there are none.
    pub fn recall(self) -> f64 {
        share(self.right, self.truly)
    }

    /// The harmonic mean of precision and recall; of the pixels of a mask it is the Dice coefficient.
    pub fn f1(self) -> f64 {
        share(2 * self.right, self.truly + self.predicted)
    }

    /// Intersection over union, the Jaccard index.
    pub fn iou(self) -> f64 {
        share(self.right, self.truly + self.predicted - self.right)
    }

    /// The counts of several classes together.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self { right: self.right + other.right, truly: self.truly + other.truly, predicted: self.predicted + other.predicted }
    }
}

/// The counts of every class that is either right or predicted somewhere.
pub fn counts(right: &[usize], predicted: &[usize]) -> Result<BTreeMap<usize, Count>, Fault> {
    paired(right.len(), predicted.len())?;
    let mut counts = BTreeMap::<usize, Count>::new();
    for (&right, &predicted) in right.iter().zip(predicted) {
        counts.entry(right).or_default().truly += 1;
        let count = counts.entry(predicted).or_default();
        count.predicted += 1;
        count.right += usize::from(right == predicted);
    }
    Ok(counts)
}

/// `confusion_matrix(labels=range(classes))`: row i, column j counts the rows of class i that were predicted to be of class j. Predictions
/// that are none of the classes are in no column.
pub fn matrix(right: &[usize], predicted: &[usize], classes: usize) -> Result<Vec<Vec<usize>>, Fault> {
    paired(right.len(), predicted.len())?;
    let mut matrix = vec![vec![0; classes]; classes];
    for (&right, &predicted) in right.iter().zip(predicted) {
        if let Some(cell) = matrix.get_mut(right).and_then(|row| row.get_mut(predicted)) {
            *cell += 1;
        }
    }
    Ok(matrix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_what_is_right_and_columns_what_is_predicted() {
        // By hand; scikit-learn: confusion_matrix([0, 0, 1, 1], [0, 1, 1, 2], labels=[0, 1]).
        assert_eq!(matrix(&[0, 0, 1, 1], &[0, 1, 1, 2], 2), Ok(vec![vec![1, 1], vec![0, 1]]));
        assert_eq!(matrix(&[], &[], 2), Err(Fault::Empty));
        assert_eq!(matrix(&[0], &[0, 1], 2), Err(Fault::Lengths { found: 2, expected: 1 }));
    }

    #[test]
    fn a_class_is_counted_from_both_sides() {
        let counts = counts(&[0, 0, 1], &[0, 1, 3]).unwrap();
        assert_eq!(counts[&1], Count { right: 0, truly: 1, predicted: 1 });
        assert_eq!(counts[&3], Count { right: 0, truly: 0, predicted: 1 });
        assert_eq!((counts[&0].recall(), counts[&0].precision(), counts[&0].iou()), (0.5, 1.0, 0.5));
    }
}

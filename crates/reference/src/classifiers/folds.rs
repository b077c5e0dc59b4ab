//! Stratified folds: every fold gets its even share of every class, dealt at random.

use crate::draws::Draws;
use mlgrade_domain::seed::Seed;

/// The fold of every row, where row i is of class `classes[i]`. The sizes of the folds, and of a class in them, differ by at most
/// one, as in scikit-learn's `StratifiedKFold`.
pub(crate) fn stratified(classes: &[usize], folds: usize, seed: Seed) -> Vec<usize> {
    let mut draws = Draws::new(seed);
    let mut fold_of = vec![0; classes.len()];
    // One deal over all classes: where one class ends, the next goes on.
    let mut deal = (0..folds).cycle();
    for class in 0..=classes.iter().copied().max().unwrap_or(0) {
        let mut rows: Vec<usize> = (0..classes.len()).filter(|&row| classes[row] == class).collect();
        draws.shuffle(&mut rows);
        for (row, fold) in rows.into_iter().zip(deal.by_ref()) {
            fold_of[row] = fold;
        }
    }
    fold_of
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_and_the_classes_in_them_differ_by_at_most_one() {
        let classes: Vec<usize> = [(0, 146), (1, 68), (2, 119)].into_iter().flat_map(|(class, count)| vec![class; count]).collect();
        let folds = stratified(&classes, 10, Seed::new(441));
        let spread = |counted: &dyn Fn(usize) -> bool| {
            let counts: Vec<usize> = (0..10).map(|fold| (0..classes.len()).filter(|&row| folds[row] == fold && counted(row)).count()).collect();
            counts.iter().max().unwrap() - counts.iter().min().unwrap()
        };
        assert!(spread(&|_| true) <= 1);
        for class in 0..3 {
            assert!(spread(&|row| classes[row] == class) <= 1);
        }
    }
}

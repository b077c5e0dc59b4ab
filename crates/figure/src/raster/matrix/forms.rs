//! The forms in which claimed values may be printed: as they are, in percent, or as shares of a sum.

use crate::reason::matrix::{Form, Sum};

/// All forms, those that change least first.
pub(super) const FORMS: [Form; 8] = [
    Form { shares: None, percent: false },
    Form { shares: None, percent: true },
    Form { shares: Some(Sum::Rows), percent: false },
    Form { shares: Some(Sum::Rows), percent: true },
    Form { shares: Some(Sum::Columns), percent: false },
    Form { shares: Some(Sum::Columns), percent: true },
    Form { shares: Some(Sum::All), percent: false },
    Form { shares: Some(Sum::All), percent: true },
];

/// The values of `rows` in a form, row by row; `None` where shares make no sense.
pub(super) fn values(rows: &[Vec<f64>], form: Form) -> Option<Vec<f64>> {
    let factor = if form.percent { 100.0 } else { 1.0 };
    if form.shares.is_some() && rows.iter().flatten().any(|value| *value < 0.0) {
        return None;
    }
    let columns = rows.first().map_or(0, Vec::len);
    let by_row: Vec<f64> = rows.iter().map(|row| row.iter().sum()).collect();
    let by_column: Vec<f64> = (0..columns).map(|j| rows.iter().filter_map(|row| row.get(j)).sum()).collect();
    let all: f64 = by_row.iter().sum();
    let sum = |i: usize, j: usize| match form.shares {
        None => 1.0,
        Some(Sum::Rows) => by_row[i],
        Some(Sum::Columns) => by_column[j],
        Some(Sum::All) => all,
    };
    // A class without examples has no shares; libraries print zeros.
    let share = |i: usize, j: usize, value: f64| if value == 0.0 { 0.0 } else { factor * value / sum(i, j) };
    Some(rows.iter().enumerate().flat_map(|(i, row)| row.iter().enumerate().map(move |(j, value)| share(i, j, *value)).collect::<Vec<_>>()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_become_shares_of_their_sums() {
        // By hand: rows sum to 4 and 10, columns to 6 and 8, all to 14.
        let rows = [vec![1.0, 3.0], vec![5.0, 5.0]];
        let of = |shares, percent| values(&rows, Form { shares, percent });
        assert_eq!(of(None, true), Some(vec![100.0, 300.0, 500.0, 500.0]));
        assert_eq!(of(Some(Sum::Rows), false), Some(vec![0.25, 0.75, 0.5, 0.5]));
        assert_eq!(of(Some(Sum::Columns), false), Some(vec![1.0 / 6.0, 0.375, 5.0 / 6.0, 0.625]));
        assert_eq!(values(&[vec![-1.0, 2.0]], Form { shares: Some(Sum::All), percent: false }), None);
        assert_eq!(values(&[vec![0.0, 0.0]], Form { shares: Some(Sum::Rows), percent: false }), Some(vec![0.0, 0.0]));
    }
}

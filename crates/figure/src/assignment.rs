//! The cheapest one-to-one assignment.

/// A cost above every real one: what is not a number counts as this.
const FORBIDDEN: f64 = 1e12;

/// The column assigned to each row so that no column is taken twice and the sum of `cost[row][column]` is least.
///
/// Rows must be equally long and at least as long as there are rows; otherwise the answer is empty. Costs that are not finite count as
/// very large. Shortest augmenting paths with potentials (Jonker and Volgenant 1987): O(rows² × columns).
pub(super) fn assign(cost: &[Vec<f64>]) -> Vec<usize> {
    let (rows, columns) = (cost.len(), cost.first().map_or(0, Vec::len));
    if rows > columns || cost.iter().any(|row| row.len() != columns) {
        return Vec::new();
    }
    let price = |row: usize, column: usize| {
        let cost = cost[row][column];
        if cost.is_finite() { cost.clamp(-FORBIDDEN, FORBIDDEN) } else { FORBIDDEN }
    };
    // The column `columns` is a place to start from; `owner` tells which row holds a column.
    let mut owner: Vec<Option<usize>> = vec![None; columns + 1];
    let (mut of_row, mut of_column) = (vec![0.0; rows], vec![0.0; columns + 1]);
    for new in 0..rows {
        owner[columns] = Some(new);
        let mut here = columns;
        let mut nearest = vec![f64::INFINITY; columns];
        let mut before = vec![columns; columns];
        let mut done = vec![false; columns + 1];
        while let Some(row) = owner[here] {
            done[here] = true;
            let mut best = (f64::INFINITY, None);
            for column in (0..columns).filter(|column| !done[*column]) {
                let reduced = price(row, column) - of_row[row] - of_column[column];
                if reduced < nearest[column] {
                    (nearest[column], before[column]) = (reduced, here);
                }
                if nearest[column] < best.0 {
                    best = (nearest[column], Some(column));
                }
            }
            let (step, Some(next)) = best else { return Vec::new() };
            for column in 0..=columns {
                if done[column] {
                    of_column[column] -= step;
                    if let Some(row) = owner[column] {
                        of_row[row] += step;
                    }
                } else {
                    nearest[column] -= step;
                }
            }
            here = next;
        }
        // Along the path every column goes to the row before it.
        while here != columns {
            owner[here] = owner[before[here]];
            here = before[here];
        }
    }
    let mut assigned = vec![0; rows];
    for (column, owner) in owner.iter().take(columns).enumerate() {
        if let Some(row) = owner {
            assigned[*row] = column;
        }
    }
    assigned
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn total(cost: &[Vec<f64>], columns: &[usize]) -> f64 {
        cost.iter().zip(columns).map(|(row, column)| row[*column]).sum()
    }

    /// The least sum by trying everything.
    fn least(cost: &[Vec<f64>], taken: &mut Vec<usize>) -> f64 {
        let Some((row, rest)) = cost.split_first() else { return 0.0 };
        let mut best = f64::INFINITY;
        for (column, cost) in row.iter().enumerate() {
            if !taken.contains(&column) {
                taken.push(column);
                best = best.min(cost + least(rest, taken));
                taken.pop();
            }
        }
        best
    }

    fn costs() -> impl Strategy<Value = Vec<Vec<f64>>> {
        // Few distinct values make many ties.
        (1_usize..6, 0_usize..3).prop_flat_map(|(rows, more)| prop::collection::vec(prop::collection::vec((-4_i32..5).prop_map(f64::from), rows + more), rows))
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_sum_is_the_least_of_all(cost in costs()) {
            let columns = assign(&cost);
            let mut distinct = columns.clone();
            distinct.sort_unstable();
            distinct.dedup();
            prop_assert_eq!(distinct.len(), cost.len());
            prop_assert!((total(&cost, &columns) - least(&cost, &mut Vec::new())).abs() < 1e-9);
        }
    }

    #[test]
    fn what_cannot_be_assigned_is_not_and_what_is_no_number_comes_last() {
        assert!(assign(&[vec![1.0], vec![2.0]]).is_empty() && assign(&[]).is_empty());
        assert_eq!(assign(&[vec![f64::NAN, 3.0], vec![1.0, f64::INFINITY]]), [1, 0]);
    }

    #[test]
    fn the_textbook_example() {
        // From SciPy's documentation of linear_sum_assignment.
        let cost = [[4.0, 1.0, 3.0], [2.0, 0.0, 5.0], [3.0, 2.0, 2.0]].map(|row| row.to_vec());
        assert_eq!(assign(&cost), [1, 0, 2]);
    }
}

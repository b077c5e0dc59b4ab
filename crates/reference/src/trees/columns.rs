//! A table by columns, every value replaced by its rank among the column's distinct values.

use mlgrade_data::Matrix;

/// The columns of a table, ready for growing trees.
#[derive(Debug)]
pub(crate) struct Columns {
    /// For each column the rank of every row's value.
    pub(super) ranks: Vec<Vec<u32>>,
    /// For each column its distinct values, ascending.
    values: Vec<Vec<f32>>,
    /// The number of rows.
    pub(super) rows: usize,
}

impl Columns {
    /// The columns of `x`, whose values are finite.
    pub(crate) fn of(x: &Matrix) -> Self {
        let (mut ranks, mut values) = (Vec::with_capacity(x.cols), Vec::with_capacity(x.cols));
        for column in 0..x.cols {
            let cells: Vec<f32> = x.values.iter().skip(column).step_by(x.cols).map(|&value| single(value)).collect();
            let mut distinct = cells.clone();
            distinct.sort_unstable_by(f32::total_cmp);
            distinct.dedup_by(|a, b| a.total_cmp(b).is_eq());
            let rank = |cell: &f32| u32::try_from(distinct.partition_point(|value| value.total_cmp(cell).is_lt())).unwrap_or(u32::MAX);
            ranks.push(cells.iter().map(rank).collect());
            values.push(distinct);
        }
        Self { ranks, values, rows: x.rows }
    }

    /// The greatest number of distinct values in a column.
    pub(super) fn most_values(&self) -> usize {
        self.values.iter().map(Vec::len).max().unwrap_or(0)
    }

    /// Midway between the values of two ranks of `column`.
    pub(super) fn between(&self, column: usize, low: usize, high: usize) -> f64 {
        f64::midpoint(self.values[column][low].into(), self.values[column][high].into())
    }
}

/// `value` in single precision; 0 has no sign.
#[expect(clippy::cast_possible_truncation, reason = "that is the point")]
pub(super) fn single(value: f64) -> f32 {
    value as f32 + 0.0
}

//! Tomorrow's mean temperature in New York from the last five days of two cities, as the homework poses it.

use std::collections::BTreeMap;

use super::{DataSet, Malformed, Matrix, Split};
use mlgrade_domain::table::Table;

/// Columns whose values become features, in order; the mean of `temp_max` and `temp_min` follows them.
const VARIABLES: [&str; 4] = ["precipitation", "temp_max", "temp_min", "wind"];
/// The city to predict, then the other.
const CITIES: [&str; 2] = ["New York", "Seattle"];
/// The days before that a prediction may look at.
const LAGS: usize = 5;
/// The shares of the days, in order of time, to train and to validate on; the rest stays unseen.
const TRAIN_SHARE: f64 = 0.7;
const VAL_SHARE: f64 = 0.15;

/// One day in one city: its variables and the mean temperature, in °C.
type Day = [f64; VARIABLES.len() + 1];

/// The regression data set in the daily observations of `table`.
///
/// Features run from the oldest day to the newest, within a day variable by variable, within a variable city by city.
pub(super) fn regression(table: &Table) -> Result<DataSet, Malformed> {
    let days = both_cities(table)?;
    let (mut x, mut y) = (Vec::new(), Vec::new());
    for window in days.windows(LAGS + 1) {
        let (past, today) = window.split_at(LAGS);
        x.push(past.iter().flat_map(|cities| (0..=VARIABLES.len()).flat_map(move |v| cities.map(|day| day[v]))).collect::<Vec<f64>>());
        y.extend(today.iter().map(|cities| cities[0][VARIABLES.len()]));
    }
    let (train, val) = (share(y.len(), TRAIN_SHARE), share(y.len(), VAL_SHARE));
    let matrix = |rows: &[Vec<f64>]| Matrix { rows: rows.len(), cols: rows.first().map_or(0, Vec::len), values: rows.concat() };
    DataSet::regression(Split {
        x_train: matrix(&x[..train]),
        y_train: y[..train].to_vec(),
        x_val: matrix(&x[train..train + val]),
        y_val: y[train..train + val].to_vec(),
    })
}

/// The days on which both cities were observed, in order of time.
fn both_cities(table: &Table) -> Result<Vec<[Day; 2]>, Malformed> {
    let (cities, dates) = (table.texts("location").map_err(Malformed)?, table.texts("date").map_err(Malformed)?);
    let mut columns = Vec::new();
    for variable in VARIABLES {
        columns.push(table.numbers(variable).map_err(Malformed)?);
    }
    let mut days: BTreeMap<&str, [Option<Day>; 2]> = BTreeMap::new();
    for (row, (city, date)) in cities.iter().zip(dates).enumerate() {
        let Some(city) = CITIES.iter().position(|known| known == city) else { continue };
        let mut day = [0.0; VARIABLES.len() + 1];
        for (value, column) in day.iter_mut().zip(&columns) {
            *value = column[row];
        }
        day[VARIABLES.len()] = f64::midpoint(day[1], day[2]);
        days.entry(date).or_default()[city] = Some(day);
    }
    Ok(days.into_values().filter_map(|[target, other]| Some([target?, other?])).collect())
}

/// `share` of `count`, rounded down.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a count lies between nothing and the count")]
fn share(count: usize, share: f64) -> usize {
    (count as f64 * share) as usize
}

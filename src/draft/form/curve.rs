//! Numbers in a row: a curve that runs over steps, or an array. Numbers in rows.

use crate::draft::names::words;

use super::{Item, rough, text};

/// Words in the names of what runs over steps.
const STEPS: [&str; 16] =
    ["loss", "losses", "cost", "costs", "error", "errors", "rmse", "mse", "mae", "accuracy", "acc", "history", "curve", "epoch", "inertia", "norm"];

/// How far a series may turn back, and still runs one way: a share of its largest size.
const MOST_SLACK: f64 = 0.2;

/// Shares as people write them.
const SHARES: [f64; 7] = [0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5];

/// A series of this length runs over steps whatever it is called.
const LONG: usize = 20;

/// A shorter one has a value for each of a few settings, where a trend would say little.
const FEW: usize = 10;

pub(super) fn item(name: &str, values: &[f64]) -> Item {
    let runs = values.len() >= LONG || words(name).iter().any(|word| STEPS.contains(&word.as_str()));
    let is_counted = values.iter().all(|value| value.fract().abs() <= 0.0);
    if !runs || is_counted {
        let largest = values.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
        return array(name, &[values.len()], if is_counted { 0.0 } else { largest });
    }
    let mut check = format!("check = \"curve\"\nseries = {}\nlength = {}\n", text(name), values.len());
    match trend(values).filter(|_| values.len() >= FEW) {
        Some(Trend { word, by, slack }) => {
            check += &format!("monotone = \"{word}\"\n");
            if by > 0.0 {
                check += &format!("by = {by} # the share of its first value by which it has to go down at least\n");
            }
            check += &format!("slack = {slack} # the share of its largest value by which it may turn back\n");
            check += "# against = \"reference\" # where no seed matters: also each of its values\n# tolerance = { relative = \"10%\" }\n";
            Item::new(check, 4)
        }
        None => {
            let largest = values.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
            check += &format!("against = \"reference\"\ntolerance = {{ absolute = {}, relative = \"10%\" }}\n", rough(largest / 50.0));
            Item::new(check, 4).comparing()
        }
    }
}

/// An array of this shape, whose largest number has this size.
pub(super) fn array(name: &str, shape: &[usize], largest: f64) -> Item {
    let tolerance = if largest > 0.0 { format!("absolute = {}, relative = \"2%\"", rough(largest / 100.0)) } else { "absolute = 0".to_owned() };
    let check = format!("check = \"array\"\narray = {}\nshape = {shape:?}\nagainst = \"reference\"\ntolerance = {{ {tolerance} }}\n", text(name));
    let up_to = if shape.len() > 1 && largest > 0.0 { "# up_to = \"sign\" # of eigenvectors; \"order\": rows in any order, as of clusters\n" } else { "" };
    let check = check + up_to;
    Item::new(check, 4).comparing()
}

/// Which way a series runs.
struct Trend {
    word: &'static str,
    /// By what share of its first value, at least.
    by: f64,
    /// By what share of its largest size it may turn back.
    slack: f64,
}

fn trend(values: &[f64]) -> Option<Trend> {
    let (first, last) = (*values.first()?, *values.last()?);
    let size = values.iter().fold(0.0_f64, |size, value| size.max(value.abs()));
    // Turned over, what rises falls.
    let sign = if last < first { 1.0 } else { -1.0 };
    let (mut least, mut back) = (f64::INFINITY, 0.0_f64);
    for value in values.iter().map(|value| sign * value) {
        least = least.min(value);
        back = back.max(value - least);
    }
    // Twice as much room as the solution itself needs.
    let slack = SHARES.into_iter().find(|share| *share * size >= 2.0 * back).filter(|slack| *slack <= MOST_SLACK)?;
    if (last - first).abs() <= 2.0 * slack * size || size <= 0.0 {
        return None;
    }
    let drop = if sign > 0.0 && first > 0.0 { (first - last) / first } else { 0.0 };
    let by = SHARES.into_iter().rev().find(|share| *share <= drop / 2.0).unwrap_or(0.0);
    Some(Trend { word: if sign > 0.0 { "falling" } else { "rising" }, by, slack })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_runs_one_way_with_room_for_others() {
        let of = |values: &[f64]| trend(values).map(|trend| (trend.word, trend.by, trend.slack));
        assert_eq!(of(&[4.0, 2.0, 1.0, 0.9]), Some(("falling", 0.3, 0.0)));
        assert_eq!(of(&[4.0, 2.0, 1.0, 1.06, 0.9]), Some(("falling", 0.3, 0.05)));
        assert_eq!(of(&[0.2, 0.5, 0.9, 0.95]), Some(("rising", 0.0, 0.0)));
        assert_eq!(of(&[4.3, 3.7, 4.4, 5.0]), None);
        assert_eq!(of(&[1.0, 1.0, 1.0]), None);
    }

    #[test]
    fn counts_and_short_lists_are_arrays() {
        assert!(item("depths", &[1.0, 2.0, 4.0]).check.contains("shape = [3]\nagainst = \"reference\"\ntolerance = { absolute = 0 }"));
        assert!(item("theta", &[1.5, -20.0]).check.contains("tolerance = { absolute = 0.2, relative = \"2%\" }"));
        assert!(item("val_loss", &[1.5, 0.5]).check.contains("check = \"curve\"\nseries = \"val_loss\"\nlength = 2\nagainst"));
        let long: Vec<f64> = (1..=30).map(|step| 2.0 / f64::from(step)).collect();
        assert!(item("j", &long).check.contains("monotone = \"falling\"\nby = 0.3"), "{}", item("j", &long).check);
    }
}

//! A number: against the solution's own.

use crate::draft::names::words;

use super::{Item, rough, text};

/// What the field calls numbers that lie between 0 and 1 wherever they stand. An error may be anything.
const FRACTIONS: [&str; 6] = ["accuracy", "acc", "recall", "precision", "f1", "auc"];

pub(super) fn item(name: &str, number: f64) -> Item {
    let mut check = format!("check = \"number\"\nvalue = {}\n", text(name));
    let last = name.rsplit('.').next().unwrap_or(name);
    let is_fraction = (0.0..=1.0).contains(&number) && words(last).iter().any(|word| FRACTIONS.contains(&word.as_str()));
    let is_count = number.fract().abs() <= 0.0 && !is_fraction;
    let tolerance = if is_fraction {
        check += "unit = \"fraction\"\n";
        // What is near 0 or 1 differs less from run to run.
        format!("absolute = {}", if (0.05..0.95).contains(&number) { 0.02 } else { 0.01 })
    } else if is_count {
        "absolute = 0".to_owned()
    } else if number.abs() < 1e-3 {
        format!("absolute = {}", rough(number.abs()))
    } else {
        "relative = \"5%\"".to_owned()
    };
    check += &format!("against = \"reference\"\ntolerance = {{ {tolerance} }} # yours: {number}\n");
    Item::new(check, 4).comparing()
}

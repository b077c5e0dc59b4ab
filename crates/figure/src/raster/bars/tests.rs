//! Figures that fixtures/make.py draws, with the heights that it gives them.

use mlgrade_picture::figure::decode;

use crate::Plot;
use crate::bars::{Claim, Heights};
use crate::histogram;
use crate::reading::{Reading, Verdict};

const MODELS: &[u8] = include_bytes!("fixtures/bars-models.png");
const GROUPED: &[u8] = include_bytes!("fixtures/bars-grouped.png");
const LYING: &[u8] = include_bytes!("fixtures/bars-lying.png");
const HISTOGRAM: &[u8] = include_bytes!("fixtures/bars-histogram.png");
const COUNTED: &str = include_str!("fixtures/bars-histogram.txt");

fn read(png: &[u8], categories: &[&str], series: &[(&str, &[f64])]) -> Reading {
    let series = series.iter().map(|(name, values)| Heights { name: (*name).to_owned(), values: values.to_vec() });
    let claim = Claim::new(categories.iter().map(|&name| name.to_owned()).collect(), series.collect()).unwrap();
    Plot::of(&decode("bars.png", png).unwrap()).read_bars(&claim, None)
}

#[test]
fn bars_are_as_high_as_claimed_or_they_are_not() {
    let names = ["SVM", "KNN", "Tree", "Forest"];
    let models = |values: &[f64]| read(MODELS, &names, &[("accuracy", values)]);
    let reading = models(&[0.81, 0.74, 0.69, 0.88]);
    assert_eq!(reading.verdict(), Verdict::Shows, "{}", reading.reason());
    assert!(reading.series[0].points.iter().all(|point| point.holds));
    let off = models(&[0.81, 0.74, 0.61, 0.88]);
    assert_eq!(off.verdict(), Verdict::Contradicts);
    assert!(off.reason().starts_with("the bar of Tree is ≈ 0.69"), "{}", off.reason());
    assert_eq!(models(&[0.74, 0.81, 0.69, 0.88]).verdict(), Verdict::Contradicts, "two exchanged");
    let five = read(MODELS, &[], &[("accuracy", &[0.81, 0.74, 0.69, 0.88, 0.8])]);
    assert_eq!(five.verdict(), Verdict::CannotTell, "four colours may be four series");
    let sorted = read(MODELS, &["Forest", "SVM", "KNN", "Tree"], &[("accuracy", &[0.88, 0.81, 0.74, 0.69])]);
    assert_eq!(sorted.verdict(), Verdict::Shows, "the labels say which bar is which: {}", sorted.reason());
}

#[test]
fn the_legend_tells_series_apart() {
    let (names, train, test) = (["SVM", "Tree", "Forest"], [0.95, 0.99, 0.91], [0.82, 0.71, 0.86]);
    let reading = read(GROUPED, &names, &[("train", &train), ("test", &test)]);
    assert_eq!(reading.verdict(), Verdict::Shows, "{}", reading.reason());
    assert_eq!(read(GROUPED, &names, &[("train", &test), ("test", &train)]).verdict(), Verdict::Contradicts);
    assert_eq!(read(GROUPED, &names, &[("test", &test)]).verdict(), Verdict::CannotTell, "the other series is not claimed");
}

#[test]
fn lying_bars_are_read_in_the_order_of_their_labels() {
    let importance = |names: &[&str], values: &[f64]| read(LYING, names, &[("importance", values)]);
    let reading = importance(&["age", "bmi", "income", "grade"], &[0.11, 0.19, 0.28, 0.42]);
    assert_eq!(reading.verdict(), Verdict::Shows, "{}", reading.reason());
    assert_eq!(importance(&["grade", "income", "bmi", "age"], &[0.42, 0.28, 0.19, 0.11]).verdict(), Verdict::Shows);
    assert_ne!(importance(&["age", "bmi", "income", "grade"], &[0.42, 0.28, 0.19, 0.11]).verdict(), Verdict::Shows);
    assert_eq!(importance(&["age", "bmi", "income", "grade"], &[0.11, 0.19, 0.38, 0.42]).verdict(), Verdict::Contradicts);
    assert_eq!(importance(&[], &[0.11, 0.19, 0.28]).reason(), "the plot has 4 bars; 3 are claimed");
}

#[test]
fn the_claimed_values_are_counted_in_the_bins_that_are_drawn() {
    let values: Vec<f64> = COUNTED.lines().map(|line| line.parse().unwrap()).collect();
    let read = |values: Vec<f64>| {
        let claim = histogram::Claim::new(vec![histogram::Sample { name: "age".to_owned(), values }]).unwrap();
        Plot::of(&decode("bars.png", HISTOGRAM).unwrap()).read_histogram(&claim, None)
    };
    let reading = read(values.clone());
    assert_eq!(reading.verdict(), Verdict::Shows, "{}", reading.reason());
    // numpy.histogram(values, 8) is [5, 21, 45, 53, 38, 21, 14, 3]: the tops are as far apart as these counts.
    let tops: Vec<f64> = reading.series[0].points.iter().map(|point| point.y).collect();
    let unit = (tops[7] - tops[3]) / 50.0;
    for (top, count) in tops.iter().zip([5.0, 21.0, 45.0, 53.0, 38.0, 21.0, 14.0, 3.0]) {
        assert!((tops[7] - top - unit * (count - 3.0)).abs() < 0.5, "{tops:?}");
    }
    assert_ne!(read(values.iter().map(|value| 1.5 * value).collect()).verdict(), Verdict::Shows);
    assert_ne!(read(values.iter().step_by(2).copied().collect()).verdict(), Verdict::Shows);
    assert_ne!(read(values.iter().map(|value| if *value < 40.0 { value + 10.0 } else { *value }).collect()).verdict(), Verdict::Shows);
}

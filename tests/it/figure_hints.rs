//! What a picture's file says of its axes helps honest figures and no liar. fixtures/figures/hinted.py drew them.

use std::path::Path;

use mlgrade::figure::claim::{Claim, Kind, Series};
use mlgrade::figure::read;
use mlgrade::figure::reading::{Hint as State, Reading, Verdict};
use mlgrade::picture::figure::{Figure, decode};
use mlgrade::picture::hint::Hint;
use serde::Deserialize;

use crate::common::repository;

#[derive(Deserialize)]
struct Truth {
    kind: String,
    panels: Vec<Panel>,
}

#[derive(Deserialize)]
struct Panel {
    series: Vec<Drawn>,
}

#[derive(Deserialize)]
struct Drawn {
    name: String,
    x: Vec<f64>,
    y: Vec<f64>,
}

/// The figure and the claim beside it.
fn figure(name: &str) -> (Figure, Claim) {
    let path = repository().join("fixtures/figures/measured/hinted").join(name);
    let picture = decode(name, &std::fs::read(path.with_extension("png")).unwrap()).unwrap();
    (picture, claim(&path.with_extension("json")))
}

fn claim(path: &Path) -> Claim {
    let mut truth: Truth = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let kind = if truth.kind == "scatter" { Kind::Scatter } else { Kind::Line };
    let series = truth.panels.remove(0).series.into_iter().map(|one| Series { name: one.name, x: one.x, y: one.y });
    Claim::new(kind, series.collect()).unwrap()
}

/// The claim with other values of y.
fn with_y(claim: &Claim, change: impl Fn(f64) -> f64) -> Claim {
    let series = claim.series().iter().map(|one| Series { y: one.y.iter().map(|y| change(*y)).collect(), ..one.clone() });
    Claim::new(claim.kind(), series.collect()).unwrap()
}

fn told(reading: &Reading) -> (Verdict, Option<State>) {
    (reading.verdict(), reading.hint)
}

const HONEST: [&str; 7] = ["0000", "0002", "0004", "0010", "0016", "0018", "0023"];

#[test]
fn honest_figures_are_read_by_their_hints() {
    for name in HONEST {
        let (figure, claim) = figure(name);
        assert_eq!(told(&read(&figure, &claim, None)), (Verdict::Shows, Some(State::Used)), "{name}");
        for factor in [1.1, 1.5] {
            assert_ne!(read(&figure, &with_y(&claim, |y| y * factor), None).verdict(), Verdict::Shows, "{name} × {factor}");
        }
    }
}

#[test]
fn a_figure_is_shown_with_its_hint_that_could_not_be_read_without() {
    let (mut figure, claim) = figure("0004");
    figure.hint = None;
    assert_eq!(told(&read(&figure, &claim, None)), (Verdict::CannotTell, None));
}

#[test]
fn what_forged_files_say_is_not_shown() {
    for name in ["0000", "0004", "0016", "0023"] {
        let (figure, claim) = figure(&format!("forged/{name}"));
        assert!(figure.hint.is_some());
        assert_ne!(read(&figure, &claim, None).verdict(), Verdict::Shows, "{name}");
    }
}

/// Changes what is said of the y axis, and its ticks with it.
fn lie(figure: &mut Figure, change: impl Fn(f64) -> f64) {
    let axis = &mut figure.hint.as_mut().unwrap().panels[0].y;
    axis.limits = axis.limits.map(&change);
    for (value, text) in &mut axis.ticks {
        *value = change(*value);
        *text = format!("{value}");
    }
}

#[test]
fn limits_that_the_labels_deny_show_neither_the_lie_nor_the_truth() {
    let lies: [fn(f64) -> f64; 4] = [|y| y * 1.5, |y| y * 0.5, |y| y + 2.0, |y| 100.0 - y];
    for change in lies {
        let (mut figure, claim) = figure("0023");
        lie(&mut figure, change);
        assert_eq!(told(&read(&figure, &claim, None)), (Verdict::CannotTell, Some(State::Disagrees)));
        assert_eq!(told(&read(&figure, &with_y(&claim, change), None)), (Verdict::Contradicts, Some(State::Disagrees)));
    }
}

#[test]
fn a_frame_that_is_moved_or_cut_is_not_believed() {
    for (side, by) in [(1, 30.0), (3, -40.0), (2, -90.0), (0, 60.0)] {
        let (mut figure, claim) = figure("0023");
        figure.hint.as_mut().unwrap().panels[0].frame[side] += by;
        let reading = read(&figure, &claim, None);
        assert_ne!(reading.hint, Some(State::Used), "{side} {by}");
    }
}

#[test]
fn exchanged_colours_tell_nothing_against_the_legend() {
    let (mut figure, claim) = figure("0023");
    let series = &mut figure.hint.as_mut().unwrap().panels[0].series;
    let (first, second) = (series[0].colour, series[1].colour);
    (series[0].colour, series[1].colour) = (second, first);
    assert_eq!(read(&figure, &claim, None).verdict(), Verdict::CannotTell);
    let mut exchanged: Vec<Series> = claim.series().to_vec();
    let names = [exchanged[1].name.clone(), exchanged[0].name.clone()];
    for (one, name) in exchanged.iter_mut().zip(names) {
        one.name = name;
    }
    let exchanged = Claim::new(claim.kind(), exchanged).unwrap();
    assert_eq!(read(&figure, &exchanged, None).verdict(), Verdict::Contradicts);
}

#[test]
fn a_hint_without_sense_changes_nothing() {
    let (mut figure, claim) = figure("0023");
    figure.hint = None;
    let without = read(&figure, &claim, None);
    figure.hint = Some(Hint::default());
    let with = read(&figure, &claim, None);
    assert_eq!((with.hint, &with.outcome, &with.series), (Some(State::Unused), &without.outcome, &without.series));
}

#[test]
fn another_figures_hint_is_not_used() {
    let (other, _) = figure("0018");
    let (mut figure, claim) = figure("0023");
    figure.hint = other.hint;
    assert_ne!(read(&figure, &claim, None).hint, Some(State::Used));
}

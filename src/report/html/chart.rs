//! Series as small multiples: a panel for each group of a student's series, or for each series with its reference.

use crate::domain::number::{Finite, significant};
use crate::domain::plot::{Axis, Curve, Standard};
use crate::report::student::OwnCurve;

use super::names::count;

const HEIGHT: f64 = 132.0;
/// The template has it too.
const LEFT: f64 = 34.0;
const RIGHT: f64 = 10.0;
const TOP: f64 = 8.0;
const BOTTOM: f64 = 28.0;

/// So few values are marked one by one.
const FEW: usize = 8;

/// How many times larger than the least scale the greatest may be.
const FLAT: f64 = 10.0;

/// The charts of an item with their key and the numbers in them.
#[derive(Debug, Default)]
pub(super) struct Charts {
    pub(super) panels: Vec<Panel>,
    /// What each kind of line means: its class and words.
    pub(super) key: Vec<(&'static str, String)>,
    pub(super) head: Vec<String>,
    /// The rows of the table: whose series, its name and values.
    pub(super) rows: Vec<(&'static str, String, Vec<String>)>,
    pub(super) x_name: String,
}

/// One coordinate system.
#[derive(Debug)]
pub(super) struct Panel {
    pub(super) title: String,
    /// What is on it, for who does not see it.
    pub(super) said: String,
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) x_ticks: Vec<(String, String)>,
    /// Where on the y axis, what it says and the class of its line.
    pub(super) y_ticks: Vec<(String, String, &'static str)>,
    /// The class and outline of each area and line.
    pub(super) paths: Vec<(&'static str, String)>,
    /// The class, place and radius of each dot.
    pub(super) dots: Vec<(&'static str, String, String, &'static str)>,
    pub(super) x_name: String,
}

/// A series with or without its reference.
#[derive(Debug, Clone, Copy)]
struct Line<'c> {
    name: &'c str,
    values: &'c [Finite],
    over: Option<&'c Axis>,
    standard: Option<&'c Standard>,
}

impl Charts {
    /// Those of a student's own series.
    pub(super) fn own(curves: &[OwnCurve]) -> Option<Self> {
        Self::of(&curves.iter().map(|curve| Line { name: &curve.name, values: &curve.values, over: curve.over.as_ref(), standard: None }).collect::<Vec<_>>())
    }

    /// Those for the course, with the references.
    pub(super) fn judged(curves: &[Curve]) -> Option<Self> {
        fn line(curve: &Curve) -> Line<'_> {
            Line { name: &curve.name, values: &curve.values, over: curve.over.as_ref(), standard: curve.standard.as_ref() }
        }
        Self::of(&curves.iter().map(line).collect::<Vec<_>>())
    }

    fn of(lines: &[Line<'_>]) -> Option<Self> {
        let first = *lines.first()?;
        let judged = lines.iter().any(|line| line.standard.is_some());
        let x_name = first.over.map_or_else(|| "place in the series".to_owned(), |axis| axis.name.clone());
        let mut panels: Vec<(&str, Vec<Line<'_>>)> = Vec::new();
        for line in lines {
            let group = if judged { line.name } else { split(line.name).0 };
            let fits = |of: &[Line<'_>]| of[0].over == line.over && of[0].values.len() == line.values.len() && is_comparable(&of[0], line);
            match panels.iter_mut().find(|(title, of)| *title == group && fits(of)) {
                Some((_, of)) => of.push(*line),
                None => panels.push((group, vec![*line])),
            }
        }
        // One scale for all panels, so that they can be compared; each its own where the others' would flatten it.
        let tops = || panels.iter().map(|(_, of)| Scale::of(of).high);
        let is_one = tops().fold(0.0, f64::max) <= FLAT * tops().fold(f64::INFINITY, f64::min);
        let whole = Scale::of(lines);
        let endings = endings(lines);
        let style = |line: &Line<'_>| if judged { "mine" } else { style_of(line.name, &endings) };
        let width = if panels.len() > 2 { 240.0 } else { 300.0 };
        let panel = |(title, of): &(&str, Vec<Line<'_>>)| {
            let is_alone = of.len() == 1 && (title.is_empty() || panels.iter().filter(|(other, _)| other == title).count() > 1);
            let title = if is_alone { of[0].name } else { title };
            Panel::of(title, of, &style, if is_one { whole } else { Scale::of(of) }, width, &x_name)
        };
        let key = if judged {
            let from = lines.iter().filter_map(|line| line.standard).map(|standard| standard.from).max().unwrap_or(1);
            let from = if from > 1 { format!(", judged from place {from} on") } else { String::new() };
            vec![("mine", "the student".to_owned()), ("ref", "the reference".to_owned()), ("tol", format!("accepted{from}"))]
        } else {
            endings.iter().map(|ending| (style_of(ending, &endings), (*ending).to_owned())).collect()
        };
        let longest = lines.iter().max_by_key(|line| line.values.len())?;
        Some(Self {
            panels: panels.iter().map(panel).collect(),
            key,
            head: places(longest).iter().map(|x| significant(*x, 4)).collect(),
            rows: lines.iter().flat_map(|line| rows(line, judged)).collect(),
            x_name,
        })
    }

    /// How wide the panels may be.
    pub(super) fn class(&self) -> &'static str {
        match self.panels.len() {
            1 => "charts one",
            2 => "charts two",
            _ => "charts",
        }
    }
}

/// Whether one panel can show both: a sum beside a mean makes a flat line of the mean.
fn is_comparable(a: &Line<'_>, b: &Line<'_>) -> bool {
    let most = |line: &Line<'_>| line.values.iter().map(|value| value.get().abs()).fold(0.0, f64::max);
    let (a, b) = (most(a), most(b));
    a.max(b) <= 5.0 * FLAT * a.min(b) || a.min(b) <= 0.0
}

fn split(name: &str) -> (&str, &str) {
    name.rsplit_once('.').unwrap_or(("", name))
}

/// What the series' names end with, in their order.
fn endings<'c>(lines: &[Line<'c>]) -> Vec<&'c str> {
    let mut endings: Vec<&str> = Vec::new();
    for line in lines {
        let ending = split(line.name).1;
        if !endings.contains(&ending) {
            endings.push(ending);
        }
    }
    endings
}

/// The line of a series: training is dashed, the others differ by their patterns.
fn style_of(name: &str, endings: &[&str]) -> &'static str {
    let ending = split(name).1;
    if ending.starts_with("train") {
        return "mine dash";
    }
    let others: Vec<&&str> = endings.iter().filter(|other| !other.starts_with("train")).collect();
    match others.iter().position(|other| **other == ending) {
        Some(1) => "mine dots",
        Some(2) => "mine long",
        Some(3..) => "mine thin",
        _ => "mine",
    }
}

/// Where the values of a series stand: on the axis that the rubric knows, or counted from 1.
fn places(line: &Line<'_>) -> Vec<f64> {
    line.over.map_or_else(|| (1..=line.values.len()).map(|place| place as f64).collect(), |axis| axis.values.iter().map(|x| x.get()).collect())
}

fn judged_part(standard: &Standard) -> std::ops::Range<usize> {
    standard.from.saturating_sub(1).min(standard.values.len())..standard.values.len()
}

fn rows(line: &Line<'_>, judged: bool) -> Vec<(&'static str, String, Vec<String>)> {
    let row = |whose, values: &[Finite]| (whose, line.name.to_owned(), values.iter().map(|value| significant(value.get(), 4)).collect());
    let own = row(if judged { "student" } else { "" }, line.values);
    std::iter::once(own).chain(line.standard.map(|standard| row("reference", &standard.values))).collect()
}

/// The y axis.
#[derive(Debug, Clone, Copy)]
struct Scale {
    low: f64,
    high: f64,
}

impl Scale {
    /// From 0 to a round number that is above all values and what is accepted, and below 0 where a value is.
    fn of(lines: &[Line<'_>]) -> Self {
        let own = |line: &Line<'_>| line.values.iter().chain(line.standard.iter().flat_map(|standard| &standard.values)).copied().collect::<Vec<_>>();
        let accepted = |line: &Line<'_>| line.standard.map_or_else(Vec::new, |standard| standard.high[judged_part(standard)].to_vec());
        let most = lines.iter().flat_map(|line| own(line).into_iter().chain(accepted(line))).map(Finite::get).fold(0.0, f64::max);
        Self::between(lines.iter().flat_map(own).map(Finite::get).fold(0.0, f64::min), most)
    }

    fn between(least: f64, most: f64) -> Self {
        let (high, low) = (round_up(most), -round_up(-least));
        Self { low: if least < 0.0 { low } else { 0.0 }, high: if most > 0.0 || least >= 0.0 { high } else { 0.0 } }
    }

    fn ticks(self) -> Vec<f64> {
        let inner = if self.low < 0.0 && self.high > 0.0 { 0.0 } else { f64::midpoint(self.low, self.high) };
        vec![self.low, inner, self.high]
    }

    fn at(self, value: f64) -> f64 {
        let span = (self.high - self.low).max(f64::MIN_POSITIVE);
        TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - (value.clamp(self.low, self.high) - self.low) / span)
    }
}

/// The next number that people like on an axis.
fn round_up(value: f64) -> f64 {
    if value <= 0.0 {
        return 1.0;
    }
    let power = 10_f64.powi(crate::domain::number::exponent(value));
    let fits = |step: &f64| step * power >= value * 0.999;
    [1.0, 1.2, 1.6, 2.0, 2.4, 3.0, 4.0, 5.0, 6.0, 8.0].into_iter().find(fits).unwrap_or(10.0) * power
}

/// The x axis in a panel: geometric where the places are.
struct Across {
    places: Vec<f64>,
    width: f64,
}

impl Across {
    fn of(places: &[f64], width: f64) -> Self {
        let ratios: Vec<f64> = places.windows(2).map(|pair| pair[1] / pair[0]).collect();
        let is_geometric =
            places.len() > 2 && places.iter().all(|x| *x > 0.0) && ratios.iter().all(|ratio| (ratio / ratios[0] - 1.0).abs() < 1e-3 && *ratio > 1.0);
        let places = if is_geometric { places.iter().map(|x| x.ln()).collect() } else { places.to_vec() };
        Self { places, width }
    }

    fn at(&self, i: usize) -> f64 {
        let least = self.places.iter().copied().fold(f64::INFINITY, f64::min);
        let most = self.places.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let share = if most > least { (self.places[i] - least) / (most - least) } else { 0.5 };
        LEFT + (self.width - LEFT - RIGHT) * share
    }
}

impl Panel {
    fn of(title: &str, lines: &[Line<'_>], style: &dyn Fn(&Line<'_>) -> &'static str, scale: Scale, width: f64, x_name: &str) -> Self {
        let xs = places(&lines[0]);
        let across = Across::of(&xs, width);
        let point = |i: usize, value: Finite| format!("{:.1} {:.1}", across.at(i), scale.at(value.get()));
        let path = |from: usize, values: &[Finite]| format!("M{}", values.iter().enumerate().map(|(i, v)| point(from + i, *v)).collect::<Vec<_>>().join("L"));
        let (mut paths, mut dots) = (Vec::new(), Vec::new());
        for standard in lines.iter().filter_map(|line| line.standard) {
            let judged = judged_part(standard);
            if !judged.is_empty() {
                let back: Vec<String> = judged.clone().rev().map(|i| point(i, standard.low[i])).collect();
                paths.push(("tol", format!("{}L{}Z", path(judged.start, &standard.high[judged]), back.join("L"))));
            }
            paths.push(("ref", path(0, &standard.values)));
        }
        for line in lines {
            paths.push((style(line), path(0, line.values)));
            let mut dot = |class, i: usize, radius| {
                if let Some(value) = line.values.get(i) {
                    dots.push((class, format!("{:.1}", across.at(i)), format!("{:.1}", scale.at(value.get())), radius));
                }
            };
            if line.values.len() <= FEW {
                (0..line.values.len()).for_each(|i| dot("dot", i, "2.4"));
            }
            for place in line.standard.into_iter().flat_map(|standard| &standard.off) {
                dot("off", place.saturating_sub(1), "5");
            }
        }
        let y_tick = |value: f64| (format!("{:.1}", scale.at(value)), significant(value, 3), if value == 0.0 { "axis" } else { "grid" });
        Self {
            title: title.to_owned(),
            said: said(title, lines, &xs, x_name),
            width,
            height: HEIGHT,
            x_ticks: marks(xs.len()).into_iter().map(|i| (format!("{:.1}", across.at(i)), significant(xs[i], 3))).collect(),
            y_ticks: scale.ticks().into_iter().map(y_tick).collect(),
            paths,
            dots,
            x_name: x_name.to_owned(),
        }
    }

    pub(super) fn right(&self) -> f64 {
        self.width - RIGHT
    }

    /// Where the middle of the x axis is.
    pub(super) fn middle(&self) -> f64 {
        f64::midpoint(LEFT, self.width - RIGHT)
    }
}

/// Which places have a label.
fn marks(count: usize) -> Vec<usize> {
    let last = count.saturating_sub(1);
    let mut marks = if count <= 6 { (0..count).collect() } else { vec![0, count / 4, count / 2, count * 3 / 4, last] };
    marks.dedup();
    marks
}

/// "tree: loss from 7.2 to 4.1; …, over depths 2 to 32"
fn said(title: &str, lines: &[Line<'_>], xs: &[f64], x_name: &str) -> String {
    let ends = |values: &[Finite]| match (values.first(), values.last()) {
        (Some(first), Some(last)) => format!("from {} to {}", significant(first.get(), 3), significant(last.get(), 3)),
        _ => "without values".to_owned(),
    };
    let line = |line: &Line<'_>| {
        let reference = line.standard.map_or_else(String::new, |standard| {
            let off = if standard.off.is_empty() { "no value is off".to_owned() } else { format!("{} off", count(standard.off.len(), "value")) };
            format!(", the reference {}, {off}", ends(&standard.values))
        });
        format!("{} {}{reference}", split(line.name).1, ends(line.values))
    };
    let all = lines.iter().map(line).collect::<Vec<_>>().join("; ");
    let over = xs.first().zip(xs.last()).map_or_else(String::new, |(a, b)| format!(", over {x_name} {} to {}", significant(*a, 3), significant(*b, 3)));
    format!("{title}: {all}{over}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(name: &str, values: &[f64]) -> OwnCurve {
        OwnCurve { name: name.to_owned(), values: values.iter().map(|v| Finite::new(*v).expect("finite")).collect(), over: None }
    }

    #[test]
    fn each_group_is_a_panel_and_training_is_dashed() {
        let charts =
            Charts::own(&[own("tree.train_rmse", &[4.0, 1.0]), own("tree.val_rmse", &[4.0, 3.0]), own("forest.val_rmse", &[3.0, 2.5])]).expect("charts");
        assert_eq!(charts.panels.iter().map(|panel| panel.title.as_str()).collect::<Vec<_>>(), ["tree", "forest"]);
        assert_eq!(charts.key, [("mine dash", "train_rmse".to_owned()), ("mine", "val_rmse".to_owned())]);
        assert_eq!(charts.panels[0].said, "tree: train_rmse from 4 to 1; val_rmse from 4 to 3, over place in the series 1 to 2");
        // 0 at the bottom, 4 at the top of an axis that ends at 4.
        assert_eq!(charts.panels[0].paths[0].1, "M34.0 8.0L230.0 80.0".replace("230.0", "290.0"));
        assert!(Charts::own(&[]).is_none());
    }

    #[test]
    fn an_axis_ends_at_a_round_number_beyond_its_values() {
        for (most, end) in [(4.1, 5.0), (0.97, 1.0), (1.0, 1.0), (123.0, 160.0), (0.0, 1.0), (8.6, 10.0)] {
            assert!((Scale::between(0.0, most).high - end).abs() < 1e-9, "{most}");
        }
        let negative = Scale::between(-0.3, 0.0);
        assert!((negative.low + 0.3).abs() < 1e-9 && negative.high.abs() < 1e-9, "{negative:?}");
    }
}

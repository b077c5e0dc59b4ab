//! Numbers on a line, for the course: with the range that is accepted, or with levels and their points.

use crate::domain::number::significant;
use crate::domain::plot::{Against, Level, NumberLine};
use crate::domain::points::Points;
use crate::domain::tolerance::{Bound, Order};

/// A line in percent of its width, so that type does not shrink on a phone.
#[derive(Debug, Default)]
pub(super) struct NumberLineView {
    /// What is on it, for who does not see it.
    pub(super) said: String,
    /// The class, place and width of each area.
    pub(super) areas: Vec<(&'static str, String, String)>,
    /// The class and place of each upright line.
    pub(super) uprights: Vec<(&'static str, String)>,
    /// The class, place, height, anchor and words of each text.
    pub(super) texts: Vec<(&'static str, String, &'static str, &'static str, String)>,
    pub(super) dot: String,
}

const BELOW: &str = "59";
const INSIDE: &str = "37";
const ABOVE: &str = "10";

struct Span {
    low: f64,
    high: f64,
}

impl Span {
    fn at(&self, value: f64) -> f64 {
        if self.high > self.low { (100.0 * (value - self.low) / (self.high - self.low)).clamp(0.0, 100.0) } else { 50.0 }
    }

    fn percent(&self, value: f64) -> String {
        format!("{:.2}%", self.at(value))
    }

    fn area(&self, class: &'static str, from: f64, to: f64) -> (&'static str, String, String) {
        (class, self.percent(from), format!("{:.2}%", (self.at(to) - self.at(from)).max(0.0)))
    }
}

/// The line of a number, if it can be drawn.
pub(super) fn view(line: &NumberLine) -> Option<NumberLineView> {
    let value = line.value.get();
    let told = |value: f64| significant(value, 3);
    let (mut view, span) = match &line.against {
        Against::Reference { value: reference, low, high } => {
            let (reference, low, high) = (reference.get(), low.get(), high.get());
            let room = (high - low) * 0.3;
            let span = Span { low: (low - room).min(value), high: (high + room).max(value) };
            let said = format!("the reference has {}, accepted from {} to {}", told(reference), told(low), told(high));
            let mut texts = vec![text(&span, low, BELOW, told(low)), text(&span, high, BELOW, told(high))];
            // Where the number lies far away, the three would be printed on each other.
            if span.at(high) - span.at(low) > 40.0 {
                texts.push(text(&span, reference, BELOW, format!("reference {}", told(reference))));
            } else {
                texts = vec![text(&span, reference, BELOW, format!("reference {}, accepted {}–{}", told(reference), told(low), told(high)))];
            }
            (
                NumberLineView {
                    said,
                    areas: vec![span.area("tol", low, high)],
                    uprights: vec![("ref", span.percent(reference))],
                    texts,
                    ..Default::default()
                },
                span,
            )
        }
        Against::Bounds { bounds } => {
            let (low, high) = limits(bounds)?;
            let ends = [low, high].into_iter().flatten();
            let span = around(ends.clone().chain([value]));
            let said = bounds.iter().map(Bound::words).collect::<Vec<_>>().join(" and ");
            let area = span.area("tol", low.unwrap_or(span.low), high.unwrap_or(span.high));
            let texts = ends.clone().map(|end| text(&span, end, BELOW, told(end))).collect();
            let uprights = ends.map(|end| ("axis", span.percent(end))).collect();
            (NumberLineView { said, areas: vec![area], uprights, texts, ..Default::default() }, span)
        }
        Against::Levels { levels } => levels_view(levels, value)?,
    };
    view.said = format!("{} is {}; {}", line.name, line.value, view.said);
    view.dot = span.percent(value);
    view.texts.push(("val", view.dot.clone(), ABOVE, anchor(span.at(value)), format!("{} {}", line.name, line.value)));
    Some(view)
}

/// Levels that all bound the number from the same side.
fn levels_view(levels: &[Level], value: f64) -> Option<(NumberLineView, Span)> {
    let mut cuts: Vec<(f64, Points)> = Vec::new();
    let mut rising = None;
    for level in levels {
        let [bound] = level.bounds.as_slice() else { return None };
        let rises = match bound.order {
            Order::AtLeast | Order::Above => true,
            Order::AtMost | Order::Below => false,
            Order::Equal | Order::Unequal => return None,
        };
        if rising.is_some_and(|rising| rising != rises) {
            return None;
        }
        rising = Some(rises);
        cuts.push((bound.limit.get(), level.points));
    }
    let rising = rising?;
    cuts.sort_by(|a, b| a.0.total_cmp(&b.0));
    let span = around(cuts.iter().map(|(cut, _)| *cut).chain([value]));
    let points = cuts.iter().map(|(_, points)| *points);
    let points: Vec<Points> = if rising { std::iter::once(Points::ZERO).chain(points).collect() } else { points.chain([Points::ZERO]).collect() };
    let edges: Vec<f64> = std::iter::once(span.low).chain(cuts.iter().map(|(cut, _)| *cut)).chain([span.high]).collect();
    let mut view = NumberLineView {
        said: cuts.iter().map(|(cut, points)| format!("{points} points at {}", significant(*cut, 4))).collect::<Vec<_>>().join(", "),
        ..Default::default()
    };
    for (edge, points) in edges.windows(2).zip(&points) {
        view.areas.push(span.area(if *points == Points::ZERO { "none" } else { "tol" }, edge[0], edge[1]));
        if span.at(edge[1]) - span.at(edge[0]) > 6.0 {
            view.texts.push(("lv", span.percent(f64::midpoint(edge[0], edge[1])), INSIDE, "middle", points.to_string()));
        }
    }
    for (cut, _) in &cuts {
        view.uprights.push(("axis", span.percent(*cut)));
        view.texts.push(text(&span, *cut, BELOW, significant(*cut, 4)));
    }
    Some((view, span))
}

/// The least and the greatest number within bounds that all hold.
fn limits(bounds: &[Bound]) -> Option<(Option<f64>, Option<f64>)> {
    let (mut low, mut high) = (None::<f64>, None::<f64>);
    for bound in bounds {
        let limit = bound.limit.get();
        match bound.order {
            Order::AtLeast | Order::Above => low = Some(low.map_or(limit, |low| low.max(limit))),
            Order::AtMost | Order::Below => high = Some(high.map_or(limit, |high| high.min(limit))),
            Order::Equal | Order::Unequal => return None,
        }
    }
    Some((low, high))
}

/// A span that has all of `values` inside it.
fn around(values: impl Iterator<Item = f64>) -> Span {
    let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
    let room = if high > low { (high - low) * 0.25 } else { high.abs().max(1.0) * 0.25 };
    // Losses, errors and accuracies are not below 0.
    Span { low: if low >= 0.0 { (low - room).max(0.0) } else { low - room }, high: high + room }
}

fn anchor(at: f64) -> &'static str {
    if at < 22.0 {
        "start"
    } else if at > 78.0 {
        "end"
    } else {
        "middle"
    }
}

fn text(span: &Span, value: f64, y: &'static str, words: String) -> (&'static str, String, &'static str, &'static str, String) {
    let anchor = match span.at(value) {
        at if at < 4.0 => "start",
        at if at > 96.0 => "end",
        at if words.len() > 20 => anchor(at),
        _ => "middle",
    };
    ("tick", span.percent(value), y, anchor, words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::number::Finite;

    fn finite(value: f64) -> Finite {
        Finite::new(value).expect("finite")
    }

    #[test]
    fn the_accepted_range_and_the_number_stand_where_they_belong() {
        let against = Against::Reference { value: finite(5.0), low: finite(4.0), high: finite(6.0) };
        let view = view(&NumberLine { name: "x".to_owned(), value: finite(5.0), against }).expect("a line");
        // From 3.4 to 6.6: 4 is at 18.75 % and 6 at 81.25 %.
        assert_eq!(view.areas, [("tol", "18.75%".to_owned(), "62.50%".to_owned())]);
        assert_eq!(view.dot, "50.00%");
        assert_eq!(view.said, "x is 5; the reference has 5, accepted from 4 to 6");
    }

    #[test]
    fn levels_of_both_sides_are_not_drawn() {
        let level = |order, limit| Level { bounds: vec![Bound { order, limit: finite(limit) }], points: Points::from_hundredths(500) };
        let line = |levels| NumberLine { name: "x".to_owned(), value: finite(0.1), against: Against::Levels { levels } };
        assert!(view(&line(vec![level(Order::Below, 0.2), level(Order::AtLeast, 0.05)])).is_none());
        let drawn = view(&line(vec![level(Order::Below, 0.2), level(Order::Below, 0.05)])).expect("a line");
        assert_eq!(drawn.areas.len(), 3);
    }
}

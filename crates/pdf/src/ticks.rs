//! Tick labels: numbers in a row beneath a plot, or in a column beside it.

use super::canvas::Piece;
use super::matrix::encloses;
use mlgrade_picture::geometry::Rect;

/// How far from a plot its tick labels stand, in points.
const BESIDE: f64 = 30.0;

/// How far beyond its corners the middle of one may be.
const BEYOND: f64 = 8.0;

/// Labels that are looked at of one plot.
const LABELS: usize = 500;

/// A number that is written somewhere.
struct Number {
    area: Rect,
    value: f64,
}

/// How much of tick labels a plot has.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub(super) enum Ticks {
    None,
    /// Three numbers that rise or fall along one of its sides, or that keep their scale along both of two axes in its middle.
    OneAxis,
    /// Numbers along two of its sides.
    TwoAxes,
}

/// The tick labels of the plot in `area`.
pub(super) fn along(area: Rect, labels: &[&Piece]) -> Ticks {
    let around = area.grown(BESIDE + 30.0);
    let number = |label: &&Piece| Some(Number { area: label.box_around(), value: value(&label.text)? });
    let numbers: Vec<Number> = labels.iter().filter(|label| around.contains(label.start)).filter_map(number).take(LABELS).collect();
    let beside = |gap: f64| (-3.0..=BESIDE).contains(&gap);
    let within = |middle: f64, from: f64, to: f64| (from - BEYOND..=to + BEYOND).contains(&middle);
    let in_a_row = |number: &&Number| within(number.area.middle()[0], area.left, area.right);
    let in_a_column = |number: &&Number| within(number.area.middle()[1], area.top, area.bottom);
    let longest = |numbers: Vec<&Number>, axis: usize| longest(&numbers, axis, false);
    let rows = [
        longest(numbers.iter().filter(in_a_row).filter(|number| beside(number.area.top - area.bottom)).collect(), 0),
        longest(numbers.iter().filter(in_a_row).filter(|number| beside(area.top - number.area.bottom)).collect(), 0),
    ];
    let columns = [
        longest(numbers.iter().filter(in_a_column).filter(|number| beside(area.left - number.area.right)).collect(), 1),
        longest(numbers.iter().filter(in_a_column).filter(|number| beside(number.area.left - area.right)).collect(), 1),
    ];
    let (row, column) = (rows[0].max(rows[1]), columns[0].max(columns[1]));
    if row.min(column) >= 2 {
        return Ticks::TwoAxes;
    } else if row.max(column) >= 3 {
        return Ticks::OneAxis;
    }
    let inside: Vec<&Number> = numbers.iter().filter(|number| encloses(area, number.area)).collect();
    // A table may have a column of whole numbers, so one of both is not enough here.
    let is_crossed = self::longest(&inside, 0, true).min(self::longest(&inside, 1, true)) >= 3;
    if is_crossed { Ticks::OneAxis } else { Ticks::None }
}

/// How many of these stand in one row (axis 0) or column (axis 1) and rise or fall along it; on one scale, if that is asked.
fn longest(numbers: &[&Number], axis: usize, scaled: bool) -> usize {
    let line = |number: &Number| if axis == 0 { [number.area.bottom; 3] } else { [number.area.left, number.area.right, number.area.middle()[0]] };
    let mut longest = 0;
    for first in numbers {
        for edge in 0..3 {
            let in_line = |number: &&&Number| (line(number)[edge] - line(first)[edge]).abs() < 1.5;
            let mut row: Vec<[f64; 2]> = numbers.iter().filter(in_line).map(|number| [number.area.middle()[axis], number.value]).collect();
            if row.len() <= longest {
                continue;
            }
            row.sort_by(|a, b| a[0].total_cmp(&b[0]));
            let ordered = |sign: f64| row.windows(2).all(|pair| pair[1][0] - pair[0][0] > 2.0 && sign * (pair[1][1] - pair[0][1]) > 0.0);
            if (ordered(1.0) || ordered(-1.0)) && (!scaled || is_scale(&row)) {
                longest = row.len();
            }
        }
    }
    longest
}

/// Whether values go with places, or their logarithms do.
fn is_scale(row: &[[f64; 2]]) -> bool {
    let goes = |value: fn(f64) -> f64| {
        let (Some(first), Some(last)) = (row.first(), row.last()) else { return false };
        let step = (value(last[1]) - value(first[1])) / (last[0] - first[0]);
        row.iter().all(|[at, v]| (value(first[1]) + step * (at - first[0]) - value(*v)).abs() <= 0.02 * (value(last[1]) - value(first[1])).abs())
    };
    goes(|v| v) || (row.iter().all(|[_, v]| *v > 0.0) && goes(f64::ln))
}

/// The number that a tick label is: `−0.5`, `1,000`, `20 %`, `10^−3`, `2k`.
fn value(text: &str) -> Option<f64> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, ',' | '%' | '$' | '°')).collect();
    let plain = plain.replace(['−', '–'], "-");
    let number = |text: &str| text.parse::<f64>().ok().filter(|value| value.is_finite() && text.ends_with(|c: char| c.is_ascii_digit() || c == '.'));
    if let Some((base, power)) = plain.split_once('^') {
        let base = base.rsplit(['×', '·']).next()?;
        return Some(number(base)?.powf(number(power)?)).filter(|value| value.is_finite());
    }
    let scale = [('k', 1e3), ('K', 1e3), ('M', 1e6)].into_iter().find_map(|(end, scale)| Some(number(plain.strip_suffix(end)?)? * scale));
    number(&plain).or(scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(text: &str, x: f64, y: f64) -> Piece {
        let width = 5.0 * f64::from(u8::try_from(text.chars().count()).unwrap());
        Piece { text: text.to_owned(), start: [x, y], end: [x + width, y], along: [1.0, 0.0], em: 10.0, form: 0 }
    }

    fn has_ticks(labels: &[(&str, f64, f64)]) -> bool {
        let pieces: Vec<Piece> = labels.iter().map(|(text, x, y)| piece(text, *x, *y)).collect();
        let area = Rect { left: 100.0, top: 100.0, right: 400.0, bottom: 300.0 };
        along(area, &pieces.iter().collect::<Vec<_>>()) > Ticks::None
    }

    #[test]
    fn numbers_along_a_side_are_tick_labels() {
        assert!(has_ticks(&[("0", 100.0, 315.0), ("5", 200.0, 315.0), ("10", 300.0, 315.0)]));
        assert!(has_ticks(&[("1.0", 80.0, 105.0), ("0.5", 80.0, 200.0), ("0.0", 80.0, 295.0)]));
        assert!(has_ticks(&[("−1", 100.0, 315.0), ("1", 300.0, 315.0), ("0%", 80.0, 300.0), ("50%", 75.0, 200.0)]));
        assert!(has_ticks(&[("10^−2", 75.0, 280.0), ("10^−1", 75.0, 200.0), ("10^0", 80.0, 120.0)]));
        // Axes through the middle.
        let across = [("−1", 150.0, 210.0), ("1", 252.5, 210.0), ("2", 302.5, 210.0)];
        let up = [("1", 205.0, 170.0), ("2", 205.0, 140.0), ("−1", 200.0, 230.0)];
        assert!(has_ticks(&[across, up].concat()));
    }

    #[test]
    fn other_numbers_are_none() {
        // The first column of a table, leaves of a tree, a row of a table, a page number, numbers far away, and prose.
        assert!(!has_ticks(&[("1", 110.0, 200.0), ("2", 110.0, 215.0), ("3", 110.0, 230.0)]));
        assert!(!has_ticks(&[("0", 100.0, 315.0), ("1", 200.0, 315.0), ("0", 300.0, 315.0)]));
        assert!(!has_ticks(&[("3", 110.0, 200.0), ("4", 210.0, 200.0), ("17", 310.0, 200.0)]));
        assert!(!has_ticks(&[("3", 250.0, 320.0)]));
        assert!(!has_ticks(&[("0", 100.0, 415.0), ("5", 200.0, 415.0), ("10", 300.0, 415.0)]));
        assert!(!has_ticks(&[("depth", 100.0, 315.0), ("train", 200.0, 315.0), ("val", 300.0, 315.0)]));
    }

    #[test]
    fn labels_are_numbers_or_not() {
        let values = [("−0.5", Some(-0.5)), ("1,000", Some(1000.0)), ("20 %", Some(20.0)), ("10^−3", Some(0.001)), ("2k", Some(2000.0))];
        for (text, expected) in values {
            assert!(value(text).zip(expected).is_some_and(|(a, b)| (a - b).abs() < 1e-9), "{text}");
        }
        for text in ["", "x", "nan", "inf", "1 of 2", "depth 3", "10^"] {
            assert!(value(text).is_none(), "{text}");
        }
    }
}

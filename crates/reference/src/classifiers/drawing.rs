//! Accuracies side by side: a dot for each classifier, the best on top, on a line that is as long as its accuracy.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::plot::{draw, text};
use mlgrade_domain::number::significant;

const SIZE: (i32, i32) = (860, 470);
/// Where accuracies 0 and 1 lie.
const AXIS: (i32, i32) = (210, 780);
/// The first row, and the distance to the next.
const ROWS: (i32, i32) = (80, 44);
const DOT: RGBColor = RGBColor(0, 114, 178);
const GRID: RGBColor = RGBColor(222, 222, 222);

/// `accuracies`, fractions by the classifiers' names, as SVG.
pub(super) fn svg(title: &str, accuracies: &[(&str, f64)]) -> Result<String, String> {
    let mut sorted = accuracies.to_vec();
    sorted.sort_by(|a, b| b.1.total_cmp(&a.1));
    #[expect(clippy::cast_possible_truncation, reason = "pixels are few")]
    let place = |accuracy: f64| AXIS.0 + (accuracy * f64::from(AXIS.1 - AXIS.0)).round() as i32;
    let at = |h: HPos, size: u32| text(size).pos(Pos::new(h, VPos::Center));
    draw((SIZE.0.unsigned_abs(), SIZE.1.unsigned_abs()), |area| {
        area.draw(&Text::new(title, (SIZE.0 / 2, 30), at(HPos::Center, 22)))?;
        let bottom = SIZE.1 - 70;
        for tick in 0..=10 {
            let accuracy = f64::from(tick) / 10.0;
            area.draw(&PathElement::new([(place(accuracy), 56), (place(accuracy), bottom)], GRID))?;
            area.draw(&Text::new(significant(accuracy, 2), (place(accuracy), bottom + 16), at(HPos::Center, 14)))?;
        }
        area.draw(&Text::new("accuracy (fraction of the validation rows)", (i32::midpoint(AXIS.0, AXIS.1), SIZE.1 - 22), at(HPos::Center, 16)))?;
        for (row, (name, accuracy)) in (0..).zip(sorted) {
            let (x, y) = (place(accuracy), ROWS.0 + ROWS.1 * row);
            area.draw(&Text::new(name, (AXIS.0 - 14, y), at(HPos::Right, 15)))?;
            area.draw(&PathElement::new([(AXIS.0, y), (x, y)], DOT.stroke_width(3)))?;
            area.draw(&Circle::new((x, y), 7, DOT.filled()))?;
            area.draw(&Text::new(format!("{accuracy:.3}"), (x + 14, y), at(HPos::Left, 14)))?;
        }
        Ok(())
    })
}

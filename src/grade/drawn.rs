//! What pages draw of an item: its series, its numbers and the figure that it looks at.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{Watch, case};
use crate::check::units::Student;
use crate::check::{Case, Need};
use crate::course::Course;
use crate::domain::media::Picture;
use crate::domain::plot::{Axis, Curve};
use crate::picture::Picture as Pixels;
use crate::picture::figure::Content;
use crate::report::ItemReport;
use crate::rubric::Item;

/// The x axes that the rubric knows, each with the series over it.
pub(super) fn axes<'c>(course: &'c Course, student: &Student<'_>, watch: &Watch<'_>) -> Vec<(Axis, &'c [String])> {
    watch.read(course.rubric.items()).filter_map(|item| item.check.axis(&case(course, item, student))).collect()
}

/// The report with what is drawn of it. A check that panics here has been told of when it judged; then nothing is drawn.
pub(super) fn with(report: ItemReport, item: &Item, case: &Case<'_>, axes: &[(Axis, &[String])]) -> ItemReport {
    let drawn = || {
        let curves = item.check.curves(case).into_iter().map(|curve| over(curve, axes)).collect();
        (curves, item.check.number_lines(case), picture(item, case))
    };
    match catch_unwind(AssertUnwindSafe(drawn)) {
        Ok((curves, number_lines, picture)) => ItemReport { picture, curves, number_lines, ..report },
        Err(_) => report,
    }
}

/// The curve over the axis that has a place for each of its values.
fn over(curve: Curve, axes: &[(Axis, &[String])]) -> Curve {
    let fitting = axes.iter().find(|(axis, names)| names.contains(&curve.name) && axis.values.len() == curve.values.len());
    Curve { over: fitting.map(|(axis, _)| axis.clone()), ..curve }
}

/// The figure that the item looks at.
fn picture(item: &Item, case: &Case<'_>) -> Option<Picture> {
    let of = |need: Need<'_>| if let Need::Figure(name) = need { shown(case.student, name) } else { None };
    item.check.needs().into_iter().find_map(of)
}

/// The figure `name` in a format that browsers show: its file, or what a page of a report shows.
fn shown(student: &Student<'_>, name: &str) -> Option<Picture> {
    let (_, bytes) = student.figure_file(name).ok()?;
    Picture::of(bytes).or_else(|| {
        let figure = student.figure(name).ok()?;
        match &figure.content {
            Content::Drawing { source, .. } => Picture::of(source.clone().into_bytes()),
            _ => Picture::of(Pixels::of_figure(&figure)?.png().ok()?),
        }
    })
}

//! The points of a claimed ROC curve, beside the curve of the predictions. Any points will do, as many as draw the same curve.

use crate::domain::tolerance::Tolerance;
use crate::domain::verdict::{Finding, Verdict};
use crate::evidence::bag::NumberArray;

use super::matrix::{rows_of, transposed};

/// A point: the share of the other rows, and of the class's own, that have a score at least as high.
type Point = [f64; 2];

/// Holds the array claimed as `claim` against `curve`, which goes from (0, 0) to (1, 1). What is meant in another way goes to a person.
pub(super) fn compare(claim: &str, claimed: &NumberArray, curve: &[Point], tolerance: Tolerance) -> Finding {
    let limit = tolerance.absolute + tolerance.relative;
    let person = |why: &str| Finding::open(Verdict::NeedsReview, format!("{claim} {why}; a person has to look"));
    let Some(points) = rows_of(claimed).and_then(points) else {
        return person("has not two numbers for each point: the false positive rate and the true positive rate");
    };
    let Some((at, off)) = apart(&points, curve, limit) else {
        return Finding::open(Verdict::Pass, format!("{claim}: all {} points lie on the curve of the predictions", points.len())).tolerance(tolerance);
    };
    let exchanged: Vec<Point> = points.iter().map(|[x, y]| [*y, *x]).collect();
    if apart(&exchanged, curve, limit).is_none() {
        return person("has the true positive rate first, and the false positive rate is asked for first");
    }
    let of_percent: Vec<Point> = points.iter().map(|[x, y]| [x / 100.0, y / 100.0]).collect();
    if apart(&of_percent, curve, limit).is_none() {
        return person("is in percent, and fractions are asked for");
    }
    let turned: Vec<Point> = points.iter().rev().map(|[x, y]| [1.0 - x, 1.0 - y]).collect();
    if apart(&turned, curve, limit).is_none() {
        return person("is the curve of the other class");
    }
    let (reason, advice) = if let Some(place) = at {
        let [x, y] = points[place];
        let of = format!("{claim}: point {} of {}, ({x}, {y}),", place + 1, points.len());
        (format!("{of} lies {off:.3} off the curve that the predictions give ({tolerance})"), format!("{of} does not lie on the curve of your predictions"))
    } else {
        let sentence = format!("{claim}: {} points do not draw the curve of the predictions", points.len());
        (format!("{sentence}, which is up to {off:.3} off ({tolerance})"), format!("{sentence}: state more of them, from (0, 0) to (1, 1)"))
    };
    Finding::new(Verdict::Contradicted, reason, advice).tolerance(tolerance)
}

/// The points that rows or columns of two are, in the order of the curve.
fn points(rows: Vec<Vec<f64>>) -> Option<Vec<Point>> {
    let pairs = |rows: Vec<Vec<f64>>| rows.into_iter().map(|row| <Point>::try_from(row).ok()).collect::<Option<Vec<Point>>>();
    let by_row = rows.iter().all(|row| row.len() == 2);
    let mut points = pairs(if by_row { rows } else { transposed(&rows) })?;
    points.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
    (points.len() > 1).then_some(points)
}

/// Where the claimed points and the curve are further apart than `limit`: the point that lies off the curve, or none where the points leave
/// out a part of it, and how far.
fn apart(points: &[Point], curve: &[Point], limit: f64) -> Option<(Option<usize>, f64)> {
    let off = points.iter().map(|point| distance(*point, curve)).enumerate().max_by(|a, b| a.1.total_cmp(&b.1));
    if let Some((place, off)) = off.filter(|(_, off)| *off > limit) {
        return Some((Some(place), off));
    }
    let missed = curve.iter().map(|point| distance(*point, points)).fold(0.0, f64::max);
    (missed > limit).then_some((None, missed))
}

/// The distance of a point from a line of several pieces.
fn distance([x, y]: Point, line: &[Point]) -> f64 {
    let piece = |[[ax, ay], [bx, by]]: [Point; 2]| {
        let (dx, dy) = (bx - ax, by - ay);
        let length = dx * dx + dy * dy;
        let share = if length > 0.0 { (((x - ax) * dx + (y - ay) * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
        (ax + share * dx - x).hypot(ay + share * dy - y)
    };
    line.windows(2).map(|pair| piece([pair[0], pair[1]])).fold(f64::INFINITY, f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::number::Finite;

    /// `sklearn.metrics.roc_curve([0, 0, 1, 1, 0, 1], [0.1, 0.4, 0.35, 0.8, 0.4, 0.9])` of scikit-learn 1.9.1: fpr and tpr.
    const CURVE: [Point; 5] = [[0.0, 0.0], [0.0, 1.0 / 3.0], [0.0, 2.0 / 3.0], [2.0 / 3.0, 2.0 / 3.0], [2.0 / 3.0, 1.0]];

    fn verdict(stated: &[[f64; 2]]) -> (Verdict, String) {
        let values = stated.concat().into_iter().map(|value| Finite::new(value).unwrap()).collect();
        let curve = [&CURVE[..], &[[1.0, 1.0]]].concat();
        let claimed = NumberArray { shape: vec![stated.len(), 2], values, path: String::new() };
        let finding = compare("roc", &claimed, &curve, Tolerance { absolute: 0.01, relative: 0.0 });
        (finding.verdict, finding.reason)
    }

    #[test]
    fn points_of_the_curve_are_confirmed_and_others_are_not() {
        let (a, b) = (2.0 / 3.0, 1.0);
        // scikit-learn leaves out points on a straight line.
        let short = [[0.0, 0.0], [0.0, a], [a, a], [a, b], [1.0, 1.0]];
        assert_eq!(verdict(&short).0, Verdict::Pass);
        assert_eq!(verdict(&short.map(|[x, y]| [(x * 100.0_f64).round() / 100.0, (y * 100.0_f64).round() / 100.0])).0, Verdict::Pass, "two digits");
        let off = verdict(&[[0.0, 0.0], [0.0, 0.9], [a, b], [1.0, 1.0]]);
        assert!(off.0 == Verdict::Contradicted && off.1.contains("point 2 of 4, (0, 0.9), lies 0.233 off the curve"), "{}", off.1);
        let sparse = verdict(&[[0.0, 0.0], [1.0, 1.0]]);
        assert!(sparse.0 == Verdict::Contradicted && sparse.1.contains("2 points do not draw the curve of the predictions"), "{}", sparse.1);
        for (stated, words) in [
            (short.map(|[x, y]| [y, x]), "the true positive rate first"),
            (short.map(|[x, y]| [100.0 * x, 100.0 * y]), "in percent"),
            (short.map(|[x, y]| [1.0 - x, 1.0 - y]), "of the other class"),
        ] {
            let (verdict, reason) = verdict(&stated);
            assert!(verdict == Verdict::NeedsReview && reason.contains(words), "{words}: {reason}");
        }
    }
}

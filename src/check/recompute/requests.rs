//! What a student is asked for.

use super::Recompute;
use crate::check::request::{Request, RequestKind, with_known};
use crate::check::{Check, Need};
use crate::data::Datasets;
use crate::domain::number::Unit;
use crate::metrics::table::Needs;

/// Classes that are listed; of more, none is.
const MOST_CLASSES: usize = 100;

/// The predictions, and the number that is claimed of them.
pub(super) fn of(check: &Recompute, data: &dyn Datasets) -> Vec<Request> {
    // The data set may lie with the course.
    let truth = check.asked.truth(&check.wanted, data).ok();
    let rows = truth.as_ref().map(|truth| truth.rows).or_else(|| check.asked.rows());
    // Where numbers are to be predicted, those that occur are the answers.
    let has_classes = check.wanted.metric.needs != Needs::Numbers;
    let classes = truth.as_ref().filter(|_| has_classes).and_then(|truth| truth.classes().ok()).filter(|classes| classes.names.len() <= MOST_CLASSES);
    let classes = classes.map_or_else(Vec::new, |classes| classes.names.clone());
    let scores = check.wanted.scores.is_some() || matches!(check.wanted.metric.needs, Needs::Scores | Needs::Probabilities | Needs::ProbabilitiesOrLogits);
    let kind = RequestKind::Predictions { rows, join: check.asked.join.clone(), classes, scores };
    let mut known = vec![Request::new(&check.predictions, kind)];
    if let Some(claim) = check.claim.as_ref().filter(|_| !check.is_array()) {
        known.push(Request::number(&claim.name, check.wanted.metric.scale.is_fraction().then_some(Unit::Fraction)));
    }
    // The network may stand for its predictions.
    let network = check.network.iter().flat_map(Check::needs).filter(|need| matches!(need, Need::Network(_))).filter_map(Request::of);
    known.extend(network.map(|request| Request { optional: true, ..request }));
    with_known(check.needs(), known)
}

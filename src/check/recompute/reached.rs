//! What the computed number reaches: bounds and levels. Its student learns how far it goes, and not which number it is.

use crate::domain::number::Finite;
use crate::domain::quantity::Quantity;
use crate::domain::verdict::{Finding, Verdict};
use crate::metrics::table::Metric;

use super::super::standard::Standard;
use super::super::{Case, Stop};

/// Holds what was computed, `shown` so, against the bounds and levels of `standard`.
pub(super) fn judge(standard: &Standard, metric: &Metric, computed: Finite, shown: &str, case: &Case<'_>) -> Result<Finding, Stop> {
    let held = standard.of(case)?;
    let stated = format!("the predictions give {} = {shown}", metric.name);
    if let Some(missed) = held.bounds.iter().find(|bound| !bound.holds(computed)) {
        let finding = Finding::new(Verdict::Fail, format!("{stated}, expected {}", missed.words()), advice(metric, Verdict::Fail));
        return Ok(finding.actual(Quantity::number(computed).written(shown)).expected(Quantity::bounds(&[*missed])));
    }
    let finding = held.level(&format!("the predictions give {}", metric.name), computed, shown, case.points);
    let advice = advice(metric, finding.verdict);
    Ok(Finding { advice, ..finding })
}

/// What the student reads, without the number.
fn advice(metric: &Metric, verdict: Verdict) -> String {
    match verdict {
        Verdict::Pass => format!("the {} of your predictions reaches what is asked", metric.title),
        Verdict::Partial(_) => format!("the {} of your predictions is good, and a better one earns more", metric.title),
        _ => format!("the {} of your predictions does not reach what is asked; better predictions earn points", metric.title),
    }
}

/// What was reached, after a claim that has held.
pub(super) fn after(claim: Finding, reached: Finding) -> Finding {
    let reason = format!("{}; {}", claim.reason, reached.reason);
    let advice = format!("{}; {}", claim.advice, reached.advice);
    Finding { reason, advice, proven: claim.proven, urgent: claim.urgent, ..reached }
}

/// Predictions that are the right answers themselves, where everything else would be judged as in `finding`.
pub(super) fn exact(finding: Finding, notes: &str) -> Finding {
    let read = if notes.is_empty() { String::new() } else { format!("; {notes}") };
    let sentence = format!("the predictions are the right answers themselves, to the last row, so that they confirm nothing; a person has to look{read}");
    Finding { verdict: Verdict::NeedsReview, reason: format!("{}; {sentence}", finding.reason), advice: sentence, ..finding }.urgent()
}

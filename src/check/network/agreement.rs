//! Whether predictions are those of a network, and whether what a network gives is open.

use super::Outcome;
use crate::domain::answers::Right;
use crate::domain::examples::Examples;
use crate::domain::verdict::{Finding, Verdict};
use crate::network::{Choice, Network, Presentation};

/// How many predictions are those of the network.
pub(super) struct Agreement {
    same: usize,
    of: usize,
}

impl Agreement {
    pub(super) fn of(predicted: &[usize], outcome: &Outcome<'_>, truth: &Right) -> Self {
        let of_number = |class: i64| match truth {
            Right::Classes(classes) => classes.of_number(class),
            Right::Values(_) => usize::try_from(class).ok(),
        };
        let choices = outcome.answers.choices(of_number).unwrap_or_default();
        let is_same = |choice: &Choice, predicted: usize| choice.class == Some(predicted) || choice.equals.contains(&Some(predicted));
        let same = predicted.iter().zip(&choices).filter(|(predicted, choice)| is_same(choice, **predicted)).count();
        Self { same, of: choices.len() }
    }

    pub(super) fn reaches(&self, share: f64) -> bool {
        self.same as f64 >= share * self.of as f64
    }
}

/// `finding`, which contradicts the claim, unless what the network gives is open.
pub(super) fn unless_open(finding: Finding, network: &Network, examples: &Examples<'_>, presentation: &Presentation) -> Finding {
    let (why, advice) = if network.has_other_outputs() {
        (
            "the network has several outputs with scores, of which the first was read",
            "the network that you handed in has several outputs, and the first one counts: export one that gives the scores alone",
        )
    } else if network.hangs_on_the_batch(examples, presentation) {
        (
            "what the network says of an example hangs on those that go in with it",
            "what your network says of an example hangs on those that go in with it (a softmax over the examples, a mean over the batch, or \
             `quantize_dynamic`): hand in one that takes each example by itself, or predictions",
        )
    } else {
        return finding;
    };
    Finding::new(Verdict::NeedsReview, format!("{}; {why}, and a person has to decide", finding.reason), advice.to_owned())
}

/// `finding`, unless the predictions `name` are another network's.
pub(super) fn agreed(finding: Finding, name: &str, share: f64, predicted: &[usize], best: &Outcome<'_>, truth: &Right) -> Finding {
    let agreement = Agreement::of(predicted, best, truth);
    let shown = format!("{} of {} predictions `{name}` are the network's", agreement.same, agreement.of);
    if agreement.reaches(share) {
        return Finding { reason: format!("{}; {shown}", finding.reason), ..finding };
    }
    let advice = format!("the predictions `{name}` are not those of the network that you handed in; are both of the same epoch?");
    Finding::new(Verdict::Contradicted, format!("{}, but only {shown}", finding.reason), advice)
}

//! Limits that the shares of a set must keep, so that a change for the worse is refused.

use mlgrade::figure::reading::Verdict;

use crate::Trial;
use crate::alter::HONEST;

/// Limits in percent; without one, anything goes.
#[derive(Default)]
pub(crate) struct Limits {
    /// Of the true claims, at least this share is shown.
    pub least_shown: Option<f64>,
    /// Of the true claims, at most this share is contradicted.
    pub most_contradicted: Option<f64>,
    /// Of the claims whose values are altered by 5 % or more, at most this share is shown.
    pub most_accepted: Option<f64>,
}

/// Whether an alteration is one that should be seen: a value that is 2 % off may be within the width of a line, and exchanged names are
/// no other values.
fn is_gross(alteration: &str) -> bool {
    alteration != "one value 2%" && !alteration.starts_with("names") && !alteration.ends_with(HONEST)
}

impl Limits {
    /// A line for each limit that the trials do not keep. Where nothing was measured, no limit is kept.
    pub(crate) fn broken(&self, trials: &[Trial]) -> Vec<String> {
        let of = |wanted: &dyn Fn(&Trial) -> bool| -> Vec<&Trial> { trials.iter().filter(|trial| trial.truth.is_some() && wanted(trial)).collect() };
        let share = |of: &[&Trial], verdict: Verdict| 100.0 * of.iter().filter(|trial| trial.is(verdict)).count() as f64 / of.len() as f64;
        let (honest, gross) = (of(&|trial| trial.alteration == HONEST), of(&|trial| is_gross(&trial.alteration)));
        let mut broken = Vec::new();
        let mut keep = |name: &str, limit: Option<f64>, share: f64, keeps: fn(f64, f64) -> bool| {
            if let Some(limit) = limit.filter(|limit| !keeps(share, *limit)) {
                broken.push(format!("{name}: {share:.1} %, the limit is {limit} %"));
            }
        };
        keep("true claims that are shown", self.least_shown, share(&honest, Verdict::Shows), |share, limit| share >= limit);
        keep("true claims that are contradicted", self.most_contradicted, share(&honest, Verdict::Contradicts), |share, limit| share <= limit);
        keep("altered claims that are shown", self.most_accepted, share(&gross, Verdict::Shows), |share, limit| share <= limit);
        broken
    }
}

//! Late submissions.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;

use super::points::{Fraction, Points};

const DAY: i64 = 24 * 60 * 60;

/// What lateness costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LatePolicy {
    /// When the work is due.
    pub due: Option<Timestamp>,
    /// How much later costs nothing. Past it, days are counted from the due date.
    pub grace: SignedDuration,
    /// The share of the score that each begun day takes, in hundredths of a percent.
    pub per_day: u32,
    /// How much later earns nothing.
    pub until: Option<SignedDuration>,
}

/// How late a submission was and what that took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Lateness {
    /// Begun days after the due date.
    pub days: u32,
    /// The share of the score that is left, in hundredths of a percent.
    pub kept: u32,
}

impl LatePolicy {
    /// How late work handed in at `submitted` is; `None` when it is in time or no due date is set.
    pub fn lateness(&self, submitted: Timestamp) -> Option<Lateness> {
        let late = submitted.duration_since(self.due?);
        if late <= self.grace || late <= SignedDuration::ZERO {
            return None;
        }
        let seconds = late.as_secs() + i64::from(late.subsec_nanos() > 0);
        let days = u32::try_from((seconds + DAY - 1) / DAY).unwrap_or(u32::MAX);
        let kept = if self.until.is_some_and(|until| late > until) { 0 } else { 10_000_u32.saturating_sub(self.per_day.saturating_mul(days)) };
        Some(Lateness { days, kept })
    }
}

impl Lateness {
    /// What is left of `points`.
    pub fn apply(&self, points: Points) -> Points {
        points.share(Fraction::new(self.kept as usize, 10_000))
    }

    /// "−10 % (1 day late)"
    pub fn sentence(&self) -> String {
        let days = if self.days == 1 { "1 day".to_owned() } else { format!("{} days", self.days) };
        format!("−{} % ({days} late)", f64::from(10_000 - self.kept) / 100.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy() -> LatePolicy {
        LatePolicy {
            due: "2023-03-06T23:59:59Z".parse().ok(),
            grace: SignedDuration::from_hours(6),
            per_day: 1000,
            until: Some(SignedDuration::from_hours(5 * 24)),
        }
    }

    fn kept(submitted: &str) -> Option<(u32, u32)> {
        policy().lateness(submitted.parse().expect("a time")).map(|late| (late.days, late.kept))
    }

    #[test]
    fn days_count_from_the_due_date_once_grace_is_over() {
        assert_eq!(kept("2023-03-01T00:00:00Z"), None);
        assert_eq!(kept("2023-03-07T05:59:59Z"), None, "exactly the grace");
        assert_eq!(kept("2023-03-07T06:00:00Z"), Some((1, 9000)), "a second more than the grace");
        assert_eq!(kept("2023-03-07T23:59:59Z"), Some((1, 9000)), "exactly a day");
        assert_eq!(kept("2023-03-08T00:00:00Z"), Some((2, 8000)));
        assert_eq!(kept("2023-03-11T23:59:59Z"), Some((5, 5000)), "exactly the end");
        assert_eq!(kept("2023-03-12T00:00:00Z"), Some((6, 0)));
    }

    #[test]
    fn a_tenth_is_taken_from_the_score() {
        let late = policy().lateness("2023-03-07T12:00:00Z".parse().expect("a time")).expect("late");
        assert_eq!(late.apply(Points::from_hundredths(8600)), Points::from_hundredths(7740));
        assert_eq!(late.sentence(), "−10 % (1 day late)");
    }
}

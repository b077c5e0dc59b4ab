//! Sums of points, over what the program found and what people decided.

use super::{ItemReport, PartReport, Report, Score};
use crate::domain::late::Lateness;
use crate::domain::points::Points;
use crate::domain::verdict::VerdictLabel;

impl Report {
    /// Adds the items up to parts and the whole, and takes off what lateness costs.
    pub(crate) fn add_up(&mut self) {
        for part in &mut self.parts {
            *part = part.over(&self.items, |_| true);
        }
        self.score = Score::over(&self.items, |_| true, self.late.as_ref());
    }
}

impl Report {
    /// Takes the late days that the student used for earlier homeworks from those that are left for this one.
    pub fn use_slack(&mut self, used: u32) {
        let Some(policy) = &mut self.policy.late else { return };
        policy.slip_days = policy.slip_days.saturating_sub(used);
        if self.late.is_some() {
            self.late = self.submitted_at.and_then(|at| policy.lateness(at));
            self.add_up();
        }
    }
}

impl Score {
    /// The sum over those of `items` that are `wanted`, after what lateness costs.
    pub(super) fn over(items: &[ItemReport], wanted: impl Fn(&ItemReport) -> bool, late: Option<&Lateness>) -> Self {
        let counted = || items.iter().filter(|item| item.counts() && wanted(item));
        let earned: Points = counted().filter_map(|item| item.points).sum();
        let open: Points = counted().filter(|item| item.points.is_none()).map(|item| item.possible).sum();
        let bonus = |is_open: bool| counted().filter(move |item| item.bonus && item.points.is_none() == is_open);
        let earned_bonus: Points = bonus(false).filter_map(|item| item.points).sum();
        let open_bonus: Points = bonus(true).map(|item| item.possible).sum();
        let kept = |points: Points, bonus: Points| late.map_or(points, |late| late.apply(points, bonus));
        let possible = counted().filter(|item| !item.bonus).map(|item| item.possible).sum();
        let earned_after = kept(earned, earned_bonus);
        Self { earned: earned_after, possible, lowest: earned_after, highest: kept(earned + open, earned_bonus + open_bonus) }
    }
}

impl PartReport {
    /// This part with the sums over those of its `items` that are `wanted`.
    pub(super) fn over(&self, items: &[ItemReport], wanted: impl Fn(&ItemReport) -> bool) -> Self {
        let own = |item: &ItemReport| item.id.part() == self.id && wanted(item);
        let bonus = items.iter().filter(|item| item.counts() && item.bonus && own(item)).filter_map(|item| item.points).sum();
        Self { score: Score::over(items, |item| !item.bonus && own(item), None), bonus, ..self.clone() }
    }
}

impl Report {
    /// The part of this id, unless all that counts in it is bonus or excused.
    pub(super) fn counted_part(&self, id: &str) -> Option<&PartReport> {
        self.parts.iter().find(|part| part.id == id).filter(|part| part.score.possible > Points::ZERO)
    }
}

impl ItemReport {
    /// Whether it counts: an item from which the student is excused is neither earned nor possible.
    pub fn counts(&self) -> bool {
        self.verdict != VerdictLabel::Excused
    }

    /// Whether it is still to be graded.
    pub fn is_open(&self) -> bool {
        self.counts() && self.points.is_none()
    }
}

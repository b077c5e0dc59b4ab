//! Sums of points, over what the program found and what people decided.

use super::{ItemReport, PartReport, Report, Score};
use crate::domain::points::Points;
use crate::domain::verdict::VerdictLabel;

impl Report {
    /// Adds the items up to parts and the whole, and takes off what lateness costs.
    pub(crate) fn add_up(&mut self) {
        for part in &mut self.parts {
            part.add_up(&self.items);
        }
        let counted = || self.items.iter().filter(|item| item.counts());
        let earned: Points = counted().filter_map(|item| item.points).sum();
        let open: Points = counted().filter(|item| item.points.is_none()).map(|item| item.possible).sum();
        let bonus = |is_open: bool| counted().filter(move |item| item.bonus && item.points.is_none() == is_open);
        let earned_bonus: Points = bonus(false).filter_map(|item| item.points).sum();
        let open_bonus: Points = bonus(true).map(|item| item.possible).sum();
        let kept = |points: Points, bonus: Points| self.late.as_ref().map_or(points, |late| late.apply(points, bonus));
        let possible = self.parts.iter().map(|part| part.score.possible).sum();
        self.score =
            Score { earned: kept(earned, earned_bonus), possible, lowest: kept(earned, earned_bonus), highest: kept(earned + open, earned_bonus + open_bonus) };
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

impl PartReport {
    fn add_up(&mut self, items: &[ItemReport]) {
        let id = self.id.as_str();
        let of_part = |bonus: bool| items.iter().filter(move |item| item.counts() && item.bonus == bonus && item.id.part() == id);
        let earned: Points = of_part(false).filter_map(|item| item.points).sum();
        let open: Points = of_part(false).filter(|item| item.points.is_none()).map(|item| item.possible).sum();
        let possible = of_part(false).map(|item| item.possible).sum();
        let bonus = of_part(true).filter_map(|item| item.points).sum();
        (self.score, self.bonus) = (Score { earned, possible, lowest: earned, highest: earned + open }, bonus);
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

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
        let kept = |points: Points| self.late.as_ref().map_or(points, |late| late.apply(points));
        let possible = self.parts.iter().map(|part| part.score.possible).sum();
        self.score = Score { earned: kept(earned), possible, lowest: kept(earned), highest: kept(earned + open) };
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

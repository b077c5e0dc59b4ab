//! How the scores of a class lie. Scores are whole hundredths, so that few different ones are counted, however large the class.

use std::collections::BTreeMap;

use crate::domain::points::Points;
use crate::report::{Report, Score};

/// The scores of the whole and of each part.
#[derive(Debug, Clone, Default)]
pub(in crate::report) struct Parts {
    pub(in crate::report) whole: Tally,
    parts: Vec<Part>,
}

/// One part, as the first submission that has it has it.
#[derive(Debug, Clone)]
pub(in crate::report) struct Part {
    pub(in crate::report) id: String,
    pub(in crate::report) title: String,
    /// Whether it has possible points in some submission. A student who is excused from a whole part has none in it.
    counts: bool,
    pub(in crate::report) tally: Tally,
}

/// How many submissions have which score.
#[derive(Debug, Clone, Default)]
pub(in crate::report) struct Tally {
    /// The most that can be earned without bonus.
    pub(in crate::report) possible: Points,
    /// By the lowest end.
    pub(in crate::report) lowest: BTreeMap<Points, usize>,
    /// By the highest end.
    pub(in crate::report) highest: BTreeMap<Points, usize>,
}

impl Tally {
    fn add(&mut self, score: Score) {
        self.possible = self.possible.max(score.possible);
        *self.lowest.entry(score.lowest).or_default() += 1;
        *self.highest.entry(score.highest).or_default() += 1;
    }
}

impl Parts {
    pub(super) fn add(&mut self, report: &Report) {
        self.whole.add(report.score);
        for part in &report.parts {
            let place = self.parts.iter().position(|known| known.id == part.id).unwrap_or_else(|| {
                let first = Part { id: part.id.clone(), title: part.title.clone(), counts: false, tally: Tally::default() };
                self.parts.push(first);
                self.parts.len() - 1
            });
            let known = &mut self.parts[place];
            known.counts |= part.score.possible > Points::ZERO;
            known.tally.add(part.score);
        }
    }

    /// The parts that are not bonus alone, each with its place.
    pub(in crate::report) fn counted(&self) -> impl Iterator<Item = (usize, &Part)> {
        self.parts.iter().enumerate().filter(|(_, part)| part.counts)
    }

    /// The scores of a submission in the parts that count in it, each with the part's place.
    pub(in crate::report) fn of(&self, report: &Report) -> Vec<(usize, Score)> {
        let score = |id: &str| report.counted_part(id).map(|part| part.score);
        self.parts.iter().enumerate().filter_map(|(place, part)| Some((place, score(&part.id)?))).collect()
    }

    /// About how many bytes the scores take: at most one number for each hundredth of a point.
    pub(super) fn bytes(&self) -> usize {
        let one = size_of::<(Points, usize)>() * 3 / 2;
        let tallies = self.parts.iter().map(|part| &part.tally).chain([&self.whole]);
        tallies.map(|tally| (tally.lowest.len() + tally.highest.len()) * one).sum()
    }
}

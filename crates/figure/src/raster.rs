//! Figures of pixels: tick labels pin the axes, ink is told apart by colour, and the claim is looked for where the axes put it.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "places on a picture: below 10,000 pixels a side, and clamped before they are made whole"
)]

mod align;
mod axis;
mod follow;
mod found;
mod frame;
mod ink;
mod judge;
mod legend;
mod line;
mod moved;
mod palette;
mod panels;
mod rescale;
mod scale;
mod scatter;
mod stray;
mod trace;
mod veil;

use std::cell::OnceCell;

use mlgrade_picture::Picture;

use super::claim::Claim;
use super::reading::{Reading, Verdict};
use super::text::{self, Texts};

use ink::Ink;
use legend::Legend;
use panels::Found;

/// A picture with its text, its panels and, once asked for, their ink.
#[derive(Debug)]
pub(crate) struct Plot {
    picture: Picture,
    texts: Texts,
    found: Found,
    inks: Vec<OnceCell<(Ink, Legend)>>,
}

impl Plot {
    /// Finds text and panels.
    pub(crate) fn of(picture: Picture) -> Self {
        let texts = text::read(&picture);
        Self::with(picture, texts)
    }

    /// Finds the panels of a picture whose text was read before.
    pub(crate) fn with(picture: Picture, texts: Texts) -> Self {
        let found = panels::find(&picture, &texts);
        let inks = vec![OnceCell::new(); found.panels.len()];
        Self { picture, texts, found, inks }
    }

    /// Holds `claim` against one panel, or against that on which it fits best.
    pub(crate) fn read(&self, claim: &Claim, panel: Option<usize>) -> Reading {
        let count = self.found.panels.len();
        let cannot = |reason: String| Reading::unread(reason, count);
        if self.found.panels.is_empty() {
            return cannot(match (self.found.rows, self.found.columns) {
                (0, 0) => "no axes were found: no row and no column of tick labels could be read".to_owned(),
                (0, _) => "the tick labels of the x axis could not be read".to_owned(),
                (_, 0) => "the tick labels of the y axis could not be read".to_owned(),
                _ => "the tick labels that could be read belong to no pair of axes".to_owned(),
            });
        }
        let chosen = match panel {
            // Where a panel may have been missed, the numbers mean nothing: the claim is looked for on all.
            Some(_) if self.found.lone => 0..count,
            Some(panel) if (1..=count).contains(&panel) => panel - 1..panel,
            Some(panel) => return cannot(format!("panel {panel} was asked for, but {count} could be read")),
            None => 0..count,
        };
        let readings = chosen.map(|i| {
            let panel = &self.found.panels[i];
            let (ink, legend) = self.inks[i].get_or_init(|| {
                let mut ink = Ink::of(&self.picture, panel.frame);
                let (mut legend, unframed) = legend::find(&self.picture, &self.texts, &self.found.panels, i, &ink);
                legend.cover = veil::lift(&mut ink, &self.picture, panel.frame, legend.cover);
                // Of a legend without a frame it is not known what it hides, but what shines through is seen.
                veil::lift(&mut ink, &self.picture, panel.frame, unframed);
                (ink, legend)
            });
            let judged = judge::judge(&self.picture, legend, panel, ink, (i + 1, count), claim);
            if !panel.percent || judged.reading.verdict == Verdict::Shows {
                return judged;
            }
            let hundred = panels::Panel { y: panel.y.times(100.0), ..panel.clone() };
            let other = judge::judge(&self.picture, legend, &hundred, ink, (i + 1, count), claim);
            if other.quality > judged.quality { other } else { judged }
        });
        let best = readings.max_by(|a, b| a.quality.total_cmp(&b.quality));
        let Some(judge::Judged { mut reading, .. }) = best else { return cannot("no axes were found".to_owned()) };
        if self.found.lone && reading.verdict == Verdict::Contradicts && !reading.mostly_holds() {
            reading.verdict = Verdict::CannotTell;
            reading.reason = format!("some tick labels could not be read, so this may be another panel; there, {}", reading.reason);
        }
        reading
    }
}

//! Figures of pixels: tick labels pin the axes, ink is told apart by colour, and the claim is looked for where the axes put it.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "places on a picture: below 10,000 pixels a side, and clamped before they are made whole"
)]

mod bars;
mod contents;
mod hint;
mod histogram;
mod ink;
mod judge;
mod layout;
mod legend;
mod matching;
mod matrix;

use std::cell::OnceCell;

use mlgrade_picture::Picture;
use mlgrade_picture::hint::Hint;

use super::claim::Claim;
use super::contents::Contents;
use super::reading::{Hint as State, Reading, Verdict};
use super::reason::{Axis, Doubt, NoAxes, Outcome};
use super::text::{self, Texts};

use ink::{Ink, occlusion};
use judge::{Judged, View};
use layout::panels::{self, Found, Numbered};
use legend::Legend;

/// A picture with its text, its panels and, once asked for, their ink.
#[derive(Debug)]
pub(crate) struct Plot {
    picture: Picture,
    texts: Texts,
    found: Found,
    hint: Option<hint::Outcome>,
    inks: Vec<OnceCell<(Ink, Legend)>>,
    matrices: OnceCell<Vec<matrix::Matrix>>,
    bars: OnceCell<bars::Layout>,
}

impl Plot {
    /// Finds text and panels; `hint` says where they may be.
    pub(crate) fn of(picture: Picture, hint: Option<&Hint>) -> Self {
        let texts = text::read(&picture);
        let plot = Self::with(picture, texts);
        match hint {
            Some(hint) => plot.hinted(hint),
            None => plot,
        }
    }

    /// Finds the panels of a picture whose text was read before.
    pub(crate) fn with(picture: Picture, texts: Texts) -> Self {
        let found = panels::find(&picture, &texts);
        let inks = vec![OnceCell::new(); found.panels.len()];
        Self { picture, texts, found, hint: None, inks, matrices: OnceCell::new(), bars: OnceCell::new() }
    }

    /// With the panels of which the hint tells, as far as the picture bears it out.
    fn hinted(self, hint: &Hint) -> Self {
        let (found, outcome) = hint::weigh(&self.picture, &self.texts, &self.found, hint);
        Self { inks: vec![OnceCell::new(); found.panels.len()], found, hint: Some(outcome), ..self }
    }

    /// Holds a claimed matrix against one of the picture's, or against that on which it fits best.
    pub(crate) fn read_matrix(&self, claim: &crate::matrix::Claim, panel: Option<usize>) -> Reading {
        matrix::read(self.matrices.get_or_init(|| matrix::find(&self.picture)), claim, panel)
    }

    /// Holds `claim` against one panel, or against that on which it fits best.
    pub(crate) fn read(&self, claim: &Claim, panel: Option<usize>) -> Reading {
        let reading = self.read_panels(claim, panel);
        let Some(hint) = &self.hint else { return reading };
        let state = hint.state(reading.frame);
        let outcome = match reading.outcome {
            Outcome::Shows(_) if state == State::Disagrees => Outcome::CannotTell(Doubt::HintDisagrees),
            Outcome::CannotTell(Doubt::NoAxes(_)) if hint.alone => Outcome::CannotTell(Doubt::HintAlone),
            outcome => outcome,
        };
        Reading { outcome, hint: Some(state), ..reading }
    }

    /// Holds claimed bars against one panel, or against that on which they fit best.
    pub(crate) fn read_bars(&self, claim: &crate::bars::Claim, panel: Option<usize>) -> Reading {
        bars::read(self, claim, panel)
    }

    /// Holds the data of a histogram against one panel, or against that on which they fit best.
    pub(crate) fn read_histogram(&self, claim: &crate::histogram::Claim, panel: Option<usize>) -> Reading {
        histogram::read(self, claim, panel)
    }

    /// Holds `claim` against one panel, or against that on which it fits best.
    fn read_panels(&self, claim: &Claim, panel: Option<usize>) -> Reading {
        let numbered = self.found.numbered();
        let count = numbered.len();
        let cannot = |doubt: Doubt| Reading::unread(doubt, count);
        if let Some(none) = self.no_axes() {
            return cannot(Doubt::NoAxes(none));
        }
        // Where a panel may have been missed, the numbers mean nothing: the claim is looked for on all.
        let asked = panel.filter(|_| !self.found.lone);
        let all = numbered.iter().enumerate().map(|(k, numbered)| (k + 1, *numbered));
        let chosen: Vec<(usize, usize)> = match asked.map(|asked| (asked, asked.checked_sub(1).and_then(|k| numbered.get(k)))) {
            Some((asked, None)) => return cannot(Doubt::NoPanel { asked, found: count }),
            Some((asked, Some(Numbered::Unread(axis)))) => {
                return Reading { panel: Some(asked), ..cannot(Doubt::NoAxes(NoAxes::NoTickLabelsOf(*axis))) };
            }
            Some((asked, Some(Numbered::Panel(i)))) => vec![(asked, *i)],
            None => all.filter_map(|(number, numbered)| if let Numbered::Panel(i) = numbered { Some((number, i)) } else { None }).collect(),
        };
        let readings = chosen.into_iter().map(|(number, i)| {
            let panel = &self.found.panels[i];
            let (ink, legend) = self.ink(i);
            let view = View { picture: &self.picture, legend, panel, ink };
            let judged = judge::judge(&view, claim);
            let judged = if !panel.percent || judged.reading.verdict() == Verdict::Shows {
                judged
            } else {
                let hundred = panels::Panel { y: panel.y.times(100.0), ..panel.clone() };
                let other = judge::judge(&View { panel: &hundred, ..view }, claim);
                if other.fit > judged.fit { other } else { judged }
            };
            Judged { reading: Reading { panel: Some(number), panels: count, ..judged.reading }, ..judged }
        });
        let best = readings.reduce(|best, judged| if judged.fit >= best.fit { judged } else { best });
        let Some(Judged { mut reading, .. }) = best else { return cannot(Doubt::NoAxes(NoAxes::NoneFound)) };
        let may_be_other = self.found.lone || (asked.is_none() && !self.found.unread.is_empty());
        if may_be_other && !reading.mostly_holds() {
            reading = reading.doubted(Doubt::OtherPanel);
        }
        reading
    }

    /// Why there are no panels.
    fn no_axes(&self) -> Option<NoAxes> {
        self.found.panels.is_empty().then_some(match (self.found.rows, self.found.columns) {
            (0, 0) => NoAxes::NoTickLabels,
            (0, _) => NoAxes::NoTickLabelsOf(Axis::X),
            (_, 0) => NoAxes::NoTickLabelsOf(Axis::Y),
            _ => NoAxes::NoPair,
        })
    }

    /// The ink and the legend of a panel.
    fn ink(&self, i: usize) -> &(Ink, Legend) {
        let panel = &self.found.panels[i];
        self.inks[i].get_or_init(|| {
            let mut ink = Ink::of(&self.picture, panel.frame);
            let (mut legend, unframed) = legend::find(&self.picture, &self.texts, &self.found.panels, i, &ink);
            legend.cover = occlusion::lift(&mut ink, &self.picture, panel.frame, legend.cover);
            // Of a legend without a frame it is not known what it hides, but what shines through is seen.
            occlusion::lift(&mut ink, &self.picture, panel.frame, unframed);
            (ink, legend)
        })
    }

    /// What stands on each panel.
    pub(crate) fn contents(&self) -> Contents {
        let numbered = self.found.numbered();
        let listed = numbered.iter().enumerate().filter_map(|(k, numbered)| {
            let Numbered::Panel(i) = numbered else { return None };
            let (ink, legend) = self.ink(*i);
            Some(contents::list(k + 1, &self.picture, &self.found.panels[*i], ink, legend))
        });
        Contents { panels: listed.collect(), none: self.no_axes(), incomplete: self.found.lone }
    }
}

//! What a picture's file says of its axes, held against the picture.
//!
//! Whoever hands in the picture writes it. So it tells where to look and is believed only where the tick labels on the picture bear it out.

mod axis;
mod crossing;
mod label;
mod turned;

use crate::reading::{Frame, Hint as State};
use crate::reason::Labels;
use crate::text::{self, Texts};
use mlgrade_picture::Picture;
use mlgrade_picture::hint::{self, Hint};
use std::cell::{Cell, OnceCell};

use crate::raster::layout::axis::{Direction, MOST_PANELS};
use crate::raster::layout::panels::{Found, Panel, Told, furniture, order};
use axis::{Evidence, Standing};

/// The picture with its text.
pub(super) struct Sheet<'a> {
    pub(super) picture: &'a Picture,
    pub(super) texts: &'a Texts,
    /// The boxes of all letters, found when they are asked for.
    letters: OnceCell<Vec<Frame>>,
    /// How many labels may still be looked at.
    looks: Cell<usize>,
}

/// Labels of a picture that are looked at, at most.
const LOOKS: usize = 240;

impl Sheet<'_> {
    fn letters(&self) -> &[Frame] {
        self.letters.get_or_init(|| text::letters(self.picture))
    }

    /// Whether one more label may be looked at.
    fn may_look(&self) -> bool {
        let left = self.looks.get();
        self.looks.set(left.saturating_sub(1));
        left > 0
    }
}

/// What became of a hint.
#[derive(Debug, Clone)]
pub(super) struct Outcome {
    /// Frames of which the labels bear out what it says.
    used: Vec<Frame>,
    /// Frames of which they say something else.
    disputed: Vec<Frame>,
    /// Whether it tells of axes that nothing on the picture bears out.
    pub(super) alone: bool,
}

impl Outcome {
    /// What became of it where a claim was held against this frame.
    pub(super) fn state(&self, frame: Option<Frame>) -> State {
        let Some(frame) = frame else { return if self.disputed.is_empty() { State::Unused } else { State::Disagrees } };
        if self.used.contains(&frame) {
            State::Used
        } else if self.disputed.iter().any(|other| overlap(*other, frame)) {
            State::Disagrees
        } else {
            State::Unused
        }
    }
}

/// The panels that the labels bear out, beside those of `found` that lie elsewhere.
pub(super) fn weigh(picture: &Picture, texts: &Texts, found: &Found, hint: &Hint) -> (Found, Outcome) {
    let sheet = Sheet { picture, texts, letters: OnceCell::new(), looks: Cell::new(LOOKS) };
    // Two axes of one frame are a pair of axes with a second scale.
    let mut groups: Vec<Vec<&hint::Panel>> = Vec::new();
    for panel in &hint.panels {
        let same = |group: &Vec<&hint::Panel>| (0..4).all(|side| (group[0].frame[side] - panel.frame[side]).abs() < 2.0);
        match groups.iter().position(same) {
            Some(group) => groups[group].push(panel),
            None if groups.len() < MOST_PANELS => groups.push(vec![panel]),
            None => {}
        }
    }
    let weighed: Vec<(Standing, Option<Panel>)> = groups.iter().map(|group| best(&sheet, found, group)).collect();
    let disputed = |(group, (standing, _)): (&Vec<&hint::Panel>, &(Standing, _))| (*standing == Standing::Against).then(|| whole(picture, group[0].frame));
    let disputed: Vec<Frame> = groups.iter().zip(&weighed).filter_map(disputed).collect();
    let mut panels: Vec<Panel> = weighed.iter().filter_map(|(_, panel)| panel.clone()).collect();
    let used: Vec<Frame> = panels.iter().map(|panel| panel.frame).collect();
    let elsewhere = |panel: &Panel| !used.iter().any(|known| overlap(*known, panel.frame));
    let others: Vec<Panel> = found.panels.iter().filter(|panel| elsewhere(panel)).cloned().collect();
    let lone = found.lone && !(used.len() == groups.len() && others.is_empty());
    panels.extend(others);
    order(&mut panels, |panel| panel.frame);
    let unread = found.unread.iter().filter(|unread| !used.iter().any(|known| overlap(*known, unread.frame))).copied().collect();
    let alone = used.len() + disputed.len() < groups.len();
    (Found { panels, unread, lone, rows: found.rows, columns: found.columns }, Outcome { used, disputed, alone })
}

/// A frame in whole pixels of the picture.
fn whole(picture: &Picture, [left, top, right, bottom]: [f64; 4]) -> Frame {
    let pixel = |value: f64, most: usize| value.round().clamp(0.0, most as f64) as usize;
    let (width, height) = (picture.width, picture.height);
    Frame { left: pixel(left, width), top: pixel(top, height), right: pixel(right, width), bottom: pixel(bottom, height) }
}

/// Whether most of the smaller frame lies in the other one.
fn overlap(a: Frame, b: Frame) -> bool {
    let area = |frame: Frame| frame.right.saturating_sub(frame.left) * frame.bottom.saturating_sub(frame.top);
    let both = Frame { left: a.left.max(b.left), top: a.top.max(b.top), right: a.right.min(b.right), bottom: a.bottom.min(b.bottom) };
    both.right > both.left && both.bottom > both.top && area(both) * 2 > area(a).min(area(b))
}

/// The panel of a frame that stands best, and how.
fn best(sheet: &Sheet, found: &Found, group: &[&hint::Panel]) -> (Standing, Option<Panel>) {
    let mut least = Standing::Open;
    for panel in group {
        match weigh_one(sheet, found, panel) {
            (Standing::Firm, panel) => return (Standing::Firm, panel),
            (Standing::Against, _) => least = Standing::Against,
            (Standing::Open, _) => {}
        }
    }
    (least, None)
}

fn weigh_one(sheet: &Sheet, found: &Found, said: &hint::Panel) -> (Standing, Option<Panel>) {
    let x = Evidence::of(sheet, &said.x, said.frame, Direction::Across);
    let y = Evidence::of(sheet, &said.y, said.frame, Direction::Down);
    let [left, top, right, bottom] = said.frame;
    let frame = whole(sheet.picture, said.frame);
    match (x.standing(), y.standing()) {
        (Standing::Firm, Standing::Firm) => {}
        (of_x, of_y) => {
            // Labels that were read say something else only if they agree on what that is.
            let pinned = found.panels.iter().filter(|panel| panel.doubt.is_none() && overlap(panel.frame, frame));
            let is_other = |panel: &Panel| {
                (of_x == Standing::Against && x.differs(&panel.x, right - left)) || (of_y == Standing::Against && y.differs(&panel.y, bottom - top))
            };
            let against = pinned.into_iter().any(is_other);
            return (if against { Standing::Against } else { Standing::Open }, None);
        }
    }
    if crossing::crosses(sheet.picture, frame) {
        return (Standing::Open, None);
    }
    let (Some(x_labels), Some(y_labels)) = (x.area, y.area) else { return (Standing::Open, None) };
    let furniture = furniture(frame, x_labels, y_labels, &sheet.texts.words);
    let known = found.panels.iter().filter(|panel| overlap(panel.frame, frame) && !x.differs(&panel.x, right - left) && !y.differs(&panel.y, bottom - top));
    let known: Vec<&Panel> = known.collect();
    let told = Some(Box::new(Told { series: said.series.clone(), alone: known.is_empty() }));
    // What is read as well without the hint is read as it was.
    let is_same = |panel: &&&Panel| panel.doubt.is_none() && x.is_near(&panel.x, right - left) && y.is_near(&panel.y, bottom - top);
    if let Some(panel) = known.iter().find(is_same) {
        return (Standing::Firm, Some(Panel { said: told, ..(*panel).clone() }));
    }
    let doubt = if x.is_sure() && y.is_sure() { None } else { Some(Labels::Two) };
    (Standing::Firm, Some(Panel { frame, x: x.scale, y: y.scale, furniture, percent: y.percent, doubt, said: told }))
}

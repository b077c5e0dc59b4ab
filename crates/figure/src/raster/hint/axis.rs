//! Whether the tick labels beside a frame bear out what is said of an axis.

use crate::reading::Frame;
use mlgrade_picture::geometry::Rect;
use mlgrade_picture::hint;

use crate::raster::layout::axis::{Direction, area};
use crate::raster::layout::scale::Scale;
use crate::text::{self, Number};

use super::Sheet;
use super::label::{self, Look, Said};
use super::turned::{self, ANGLES};

/// How what is said of an axis stands to its labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Enough labels bear it out.
    Firm,
    /// Too few do, and too few say something else.
    Open,
    /// Labels that can be read say something else.
    Against,
}

/// What the labels of an axis say.
#[derive(Debug, Clone)]
pub(super) struct Evidence {
    pub(super) scale: Scale,
    /// Where the axis begins and ends, in pixels.
    from: f64,
    to: f64,
    /// Labels that stand where their value belongs: the value, where it belongs, and how far off it stands, in pixels.
    borne: Vec<(f64, f64, f64)>,
    /// Labels that were read and stand where other values belong.
    against: usize,
    /// The box around the labels that bear it out.
    pub(super) area: Option<Rect>,
    /// Whether they are percentages.
    pub(super) percent: bool,
    /// Whether one of them is a power.
    powers: bool,
    /// The height of digits.
    digits: f64,
}

/// How far a label may stand from where its value belongs: in pixels, and in heights of its digits.
const OFF: (f64, f64) = (1.5, 0.3);

/// The same of the mean over all labels.
const MEAN_OFF: (f64, f64) = (0.9, 0.1);

/// The gap between letters of a label, in heights of one, and between a label and the frame in pixels.
const LETTER_GAP: f64 = 0.45;
const CLEAR: f64 = 2.0;

/// The same of the standard deviation.
const SPREAD: (f64, f64) = (0.5, 0.03);

/// How far beside a frame labels stand at most, in heights of their digits.
const AWAY: f64 = 4.5;

/// How far two scales put a value apart that differ, as a share of the axis.
const DIFFERENT: f64 = 0.03;

/// The same of two that are one.
const NEAR: f64 = 0.008;

/// Labels that bear an axis out at least, and how far they are apart, in pixels.
const LEAST: usize = 2;
const APART: f64 = 15.0;

/// A number that is read less certainly speaks against nothing.
const CERTAIN: f32 = 0.3;

/// So many labels must bear an axis out for each that speaks against it and may be misread.
const FOR_EACH: usize = 4;

/// Labels that are held against their text where they could not be read, at most.
const MOST_LOOKS: usize = 10;

/// With so many labels that bear it out, no more are looked at.
const ENOUGH: usize = 3;

impl Evidence {
    /// What stands beside the frame, to its left or below; turned, only if that bears the axis out. Labels on the other side are those of a
    /// second axis, and which curves are drawn on that, nothing on the picture tells.
    pub(super) fn of(sheet: &Sheet, axis: &hint::Axis, frame: [f64; 4], direction: Direction) -> Self {
        let band = Band { frame, direction };
        let level = Self::beside(sheet, axis, &band);
        if level.standing() == Standing::Firm {
            return level;
        }
        let turned = ANGLES.into_iter().map(|angle| Self::turned(sheet, axis, &band, angle)).find(|other| other.standing() == Standing::Firm);
        turned.unwrap_or(level)
    }

    fn none(axis: &hint::Axis, band: &Band, percent: bool) -> Self {
        let frame = band.frame;
        let [from, to] = if band.direction == Direction::Across { [frame[0], frame[2]] } else { [frame[3], frame[1]] };
        Self { scale: scale(axis, [from, to]), from, to, borne: Vec::new(), against: 0, area: None, percent, powers: false, digits: 0.0 }
    }

    /// What labels say that are turned by an angle.
    fn turned(sheet: &Sheet, axis: &hint::Axis, band: &Band, angle: f64) -> Self {
        let said = said(axis);
        let (factor, percent) = factor(sheet, &said, band.frame);
        let mut evidence = Self::none(axis, band, percent);
        for (i, own) in said.iter().filter(|said| said.means(factor)).enumerate().take(MOST_LOOKS) {
            // Where two are not found, no more are looked for.
            if evidence.borne.len() >= ENOUGH || i > evidence.borne.len() + 1 || !sheet.may_look() {
                break;
            }
            let Some(place) = evidence.scale.pixel(own.value) else { continue };
            if let Some(area) = turned::label(sheet.picture, band, place, angle, own) {
                evidence.bear(own.value, area.middle()[usize::from(band.direction == Direction::Down)], area, &own.text);
            }
        }
        evidence.in_shares(factor)
    }

    /// Percentages are read as shares, and the other way of counting is tried too.
    fn in_shares(self, factor: f64) -> Self {
        if self.percent && factor > 1.5 { Self { scale: self.scale.times(1.0 / factor), ..self } } else { self }
    }

    /// What labels say that run to the right or upwards.
    fn beside(sheet: &Sheet, axis: &hint::Axis, band: &Band) -> Self {
        let (direction, said) = (band.direction, said(axis));
        let (factor, percent) = factor(sheet, &said, band.frame);
        let mut evidence = Self::none(axis, band, percent);
        let scale = evidence.scale;
        // The sign of a percentage may be lost.
        let means = |said: &&Said| said.means(factor);
        let values = |number: &Number| std::iter::once(number.value * factor).chain((percent && !number.text.ends_with('%')).then_some(number.value));
        let numbers: Vec<&Number> = sheet.texts.numbers.iter().filter(|number| band.holds(area(number))).collect();
        let mut doubtful: Vec<&Number> = Vec::new();
        for number in &numbers {
            let (at, digits) = (direction.place(number), f64::from(number.bottom - number.top));
            match values(number).find(|value| near(scale, *value, at, digits)) {
                Some(value) => evidence.bear(value, at, area(number), &number.text),
                None => doubtful.push(number),
            }
        }
        // What was misread is held against what should stand there, and so is what could not be read.
        let mut left = MOST_LOOKS;
        let mut digits_alone = Vec::new();
        for number in doubtful {
            let at = direction.place(number);
            let own = said.iter().filter(means).find(|said| near(scale, said.value, at, f64::from(number.bottom - number.top)));
            match own {
                Some(own) if left > 0 && sheet.may_look() => {
                    left -= 1;
                    match label::look(sheet.picture, own, whole(area(number)), Some(&number.text)) {
                        Look::Own => evidence.bear(own.value, at, area(number), &own.text),
                        Look::OwnDigits => digits_alone.push((own, at, area(number))),
                        Look::Other => evidence.against += 1,
                        Look::Unclear => {}
                    }
                }
                _ if number.certainty > CERTAIN => evidence.against += 1,
                _ => {}
            }
        }
        for own in said.iter().filter(means) {
            let Some(place) = scale.pixel(own.value).filter(|_| left > 0 && evidence.borne.len() < ENOUGH) else { continue };
            if numbers.iter().any(|number| near(scale, own.value, direction.place(number), f64::from(number.bottom - number.top))) {
                continue;
            }
            let Some(found) = band.label_at(sheet.letters(), place) else { continue };
            let middle = found.middle()[usize::from(direction == Direction::Down)];
            if near(scale, own.value, middle, found.height()) && sheet.may_look() {
                left -= 1;
                match label::look(sheet.picture, own, whole(found), None) {
                    Look::Own => evidence.bear(own.value, middle, found, &own.text),
                    Look::OwnDigits => digits_alone.push((own, middle, found)),
                    Look::Other | Look::Unclear => {}
                }
            }
        }
        // One label whose power is sure tells the others'.
        if !evidence.borne.is_empty() {
            for (own, at, area) in digits_alone {
                evidence.bear(own.value, at, area, &own.text);
            }
        }
        evidence.in_shares(factor)
    }

    /// A label that stands at a place and says a value that belongs there.
    fn bear(&mut self, value: f64, at: f64, area: Rect, text: &str) {
        let Some(place) = self.scale.pixel(value) else { return };
        self.borne.push((value, place, at - place));
        self.area = Some(self.area.map_or(area, |other| other.union(area)));
        self.powers |= text.contains(['^', text::RAISE]);
        self.digits = self.digits.max(area.height());
    }

    pub(super) fn standing(&self) -> Standing {
        let ends = self.borne.iter().fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], (_, place, _)| [low.min(*place), high.max(*place)]);
        let count = self.borne.len();
        let mean = self.borne.iter().map(|(_, _, off)| off).sum::<f64>() / count.max(1) as f64;
        // The middle of a power lies above that of its base.
        let centred = mean.abs() <= MEAN_OFF.0 + if self.powers { 2.0 } else { 1.0 } * MEAN_OFF.1 * self.digits;
        // On a wrong scale between right ends, the labels in the middle stand off.
        let spread = (self.borne.iter().map(|(_, _, off)| (off - mean).powi(2)).sum::<f64>() / count.max(1) as f64).sqrt();
        let even = spread <= SPREAD.0 + SPREAD.1 * self.digits;
        // Two labels that are no powers lie on any kind of scale, and mostly on a linear one.
        let is_kind = !self.scale.log || count > LEAST || self.powers;
        if count >= LEAST && is_kind && ends[1] - ends[0] >= APART && centred && even && self.against * FOR_EACH <= count {
            Standing::Firm
        } else if self.against >= 2 && self.against >= count {
            Standing::Against
        } else {
            Standing::Open
        }
    }

    /// Whether a scale that was read from labels puts the values of this one elsewhere, on an axis of this length.
    pub(super) fn differs(&self, read: &Scale, length: f64) -> bool {
        self.off(read, length).min(self.off(&read.times(0.01), length)).min(self.off(&read.times(100.0), length)) > DIFFERENT * length
    }

    /// Whether it puts them where this one does, nearly to a pixel.
    pub(super) fn is_near(&self, read: &Scale, length: f64) -> bool {
        self.off(read, length) <= f64::max(NEAR * length, OFF.0)
    }

    /// How far a scale puts the ends of the axis from where they are, in pixels.
    fn off(&self, read: &Scale, length: f64) -> f64 {
        [self.from, self.to].into_iter().map(|end| read.pixel(self.scale.value(end)).map_or(length, |place| (place - end).abs())).fold(0.0, f64::max)
    }

    /// Whether the labels leave no other scale: two powers of ten lie on a linear and on a logarithmic one.
    pub(super) fn is_sure(&self) -> bool {
        if self.borne.len() > 2 {
            return true;
        }
        let power = |value: f64| value > 0.0 && (value.log10() - value.log10().round()).abs() < 1e-6;
        let powers = self.borne.iter().all(|(value, ..)| power(*value));
        if self.scale.log { powers && self.powers } else { !powers }
    }
}

/// The labels of an axis that are numbers, with those that a logarithmic one may have besides.
fn said(axis: &hint::Axis) -> Vec<Said> {
    let mut said: Vec<Said> = axis.ticks.iter().filter_map(|(value, text)| Said::of(*value, text)).collect();
    if axis.log {
        let more = Said::of_decades(axis.limits).into_iter().filter(|more| !said.iter().any(|said| (said.value / more.value - 1.0).abs() < 1e-6));
        said.extend(more.collect::<Vec<_>>());
    }
    said
}

/// The map of an axis that ends at these places.
fn scale(axis: &hint::Axis, [from, to]: [f64; 2]) -> Scale {
    let [low, high] = axis.limits.map(|value| if axis.log { value.log10() } else { value });
    let unit = (to - from) / (high - low);
    Scale { origin: from - unit * low, unit, log: axis.log }
}

/// Whether a value belongs so near to a place that a label there is its own.
fn near(scale: Scale, value: f64, at: f64, digits: f64) -> bool {
    scale.pixel(value).is_some_and(|place| (place - at).abs() <= OFF.0 + OFF.1 * digits)
}

/// What the texts of an axis are to be multiplied by, 100 for percentages that count to 100, or a factor that stands beside the axis; and
/// whether they are percentages.
fn factor(sheet: &Sheet, said: &[Said], frame: [f64; 4]) -> (f64, bool) {
    let factors: Vec<f64> = said.iter().filter(|said| said.reads.abs() > 1e-12 && said.value.abs() > 0.0).map(|said| said.value / said.reads).collect();
    let percent = said.iter().any(|said| said.text.ends_with('%'));
    let Some(&first) = factors.first() else { return (1.0, percent) };
    let same = factors.iter().all(|factor| (factor / first - 1.0).abs() < 1e-3);
    let drawn = |number: &Number| {
        let (at, text) = (area(number), number.text.as_str());
        let is_factor = text.starts_with("1e") || text.starts_with('×') || text.starts_with("10^") || text.starts_with("1×");
        let [left, top, right, bottom] = frame;
        let (height, middle) = (at.height(), at.middle());
        let above = at.bottom <= top + 1.0 && at.bottom > top - 2.5 * height && (left - 6.0 * height..left + 6.0 * height).contains(&middle[0]);
        let below = at.top > bottom && at.top < bottom + 8.0 * height && (right - 6.0 * height..right + 6.0 * height).contains(&middle[0]);
        is_factor && (above || below) && (number.value / first - 1.0).abs() < 1e-3
    };
    let counts = (percent && (first / 100.0 - 1.0).abs() < 1e-6) || sheet.texts.numbers.iter().any(drawn);
    (if same && counts { first } else { 1.0 }, percent)
}

/// A box in whole pixels.
fn whole(area: Rect) -> Frame {
    let pixel = |value: f64| value.max(0.0) as usize;
    Frame { left: pixel(area.left.floor()), top: pixel(area.top.floor()), right: pixel(area.right.ceil()), bottom: pixel(area.bottom.ceil()) }
}

/// The strip beside a frame where the labels of an axis stand.
pub(super) struct Band {
    pub(super) frame: [f64; 4],
    pub(super) direction: Direction,
}

impl Band {
    fn holds(&self, area: Rect) -> bool {
        let [left, top, right, bottom] = self.frame;
        let (reach, slack) = (AWAY * area.height(), 0.6 * area.height());
        let [x, y] = area.middle();
        match self.direction {
            Direction::Down => area.right <= left + 2.0 && area.right >= left - reach && y >= top - slack && y <= bottom + slack,
            Direction::Across => area.top >= bottom - 2.0 && area.top <= bottom + reach && x >= left - slack && x <= right + slack,
        }
    }

    /// The label at a place along the axis: letters that stand close beside each other, from that which is nearest to the frame or to the
    /// place. Ticks touch the frame, and labels do not.
    fn label_at(&self, letters: &[Frame], place: f64) -> Option<Rect> {
        let rect = |f: &Frame| Rect { left: f.left as f64, top: f.top as f64, right: f.right as f64, bottom: f.bottom as f64 };
        let [left, top, right, bottom] = self.frame;
        let near = 16.0 * (right - left).max(bottom - top) / 100.0;
        let beside = |area: &Rect| match self.direction {
            Direction::Down => area.right <= left - CLEAR && area.right > left - near && area.top <= place + near && area.bottom >= place - near,
            Direction::Across => area.top >= bottom + CLEAR && area.top < bottom + near && area.left <= place + near && area.right >= place - near,
        };
        let all: Vec<Rect> = letters.iter().map(rect).filter(beside).collect();
        let away = |area: &Rect| match self.direction {
            Direction::Down => left - area.right,
            // Of those in the first row, the nearest to the place.
            Direction::Across => (area.middle()[0] - place).abs(),
        };
        let is_seed = |area: &&Rect| {
            let (high, [x, y]) = (area.height(), area.middle());
            let there = if self.direction == Direction::Down { (y - place).abs() <= 0.6 * high + 1.0 } else { (x - place).abs() <= 3.0 * high };
            high >= 4.0 && there && (self.direction == Direction::Down || area.top - bottom <= 2.5 * high + 4.0)
        };
        let seed = *all.iter().filter(is_seed).min_by(|a, b| away(a).total_cmp(&away(b)))?;
        // The parts of a sign of percent are lower than digits.
        let beside_seed = |area: &&Rect| {
            let gap = (area.left - seed.right).max(seed.left - area.right);
            gap <= 2.0 * seed.height() && area.bottom.min(seed.bottom) - area.top.max(seed.top) >= 0.8 * seed.height() && area.height() <= 2.2 * seed.height()
        };
        let high = all.iter().filter(beside_seed).map(|area| area.height()).fold(seed.height(), f64::max);
        let mut label = seed;
        while let Some(next) = all.iter().find(|area| {
            let gap = (area.left - label.right).max(label.left - area.right);
            let level = area.bottom.min(label.bottom) - area.top.max(label.top);
            !(area.left >= label.left && area.right <= label.right && area.top >= label.top && area.bottom <= label.bottom)
                && gap <= LETTER_GAP * high
                && level > -0.1 * high
                && area.height() <= 1.5 * high
        }) {
            label = label.union(*next);
            if label.width() > 12.0 * high {
                return None;
            }
        }
        Some(label)
    }
}

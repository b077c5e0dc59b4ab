//! The labels of the categories: what stands below each bar, or to the left of it.

use mlgrade_picture::Picture;

use crate::assignment::assign;
use crate::names::matched;
use crate::raster::bars::axes::Values;
use crate::reading::Frame;
use crate::text::{self, Hint, Texts};

/// Which bar each claimed category has, by the labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::raster) enum Order {
    /// For each category the place of its bar.
    Known(Vec<usize>),
    /// Some labels were read, and those are in the claimed order (or the reversed one, if `reversed`).
    Likely { reversed: bool },
    /// Nothing is known.
    Unknown,
}

/// The least height of letters that are read, in pixels.
const LEGIBLE: usize = 5;

/// How far from the frame labels begin at most, in heights of a line.
const NEAR: usize = 4;

/// The order of the categories by what stands beside the bars, of which `centres` are the middles across the axis.
pub(in crate::raster) fn order(picture: &Picture, texts: &Texts, values: &Values, categories: &[String], centres: &[f64]) -> Order {
    if categories.len() != centres.len() || categories.is_empty() {
        return Order::Unknown;
    }
    if let [_] = categories {
        return Order::Known(vec![0]);
    }
    let areas = areas(picture, values, centres);
    let said = said(picture, texts, &areas, values.em);
    let known: Vec<(usize, &str)> = said.iter().enumerate().filter_map(|(i, text)| Some((i, text.as_deref()?))).collect();
    let names: Vec<&str> = categories.iter().map(String::as_str).collect();
    let lines: Vec<&str> = known.iter().map(|(_, text)| *text).collect();
    let exact = |name: &str| {
        let mut same = known.iter().filter(|(_, text)| is_same(name, text));
        same.next().filter(|_| same.next().is_none()).map(|(place, _)| *place)
    };
    let by_words = matched(&names, &lines);
    let own: Vec<Option<usize>> = (0..names.len()).map(|i| exact(names[i]).or_else(|| by_words[i].map(|line| known[line].0))).collect();
    match settle(own) {
        Order::Known(places) => Order::Known(places),
        other => by_likeness(picture, &areas, &names).map_or(other, Order::Known),
    }
}

/// How alike names and labels are at least, a mean over all, and by how much any two must be less so when they are exchanged.
const ALIKE: f64 = 0.4;
const CERTAIN: f64 = 0.15;

/// Categories whose names are drawn to be held against the labels, at most.
const DRAWN: usize = 14;

/// The order in which the names, drawn in the usual fonts, are surely most like the labels.
fn by_likeness(picture: &Picture, areas: &[Option<Frame>], names: &[&str]) -> Option<Vec<usize>> {
    let areas: Vec<Frame> = areas.iter().copied().collect::<Option<_>>()?;
    if names.len() > DRAWN {
        return None;
    }
    let rows: Vec<Vec<f32>> = areas.iter().map(|area| text::likeness(picture, *area, names)).collect();
    let likely = |category: usize, place: usize| f64::from(rows[place][category]);
    let cost: Vec<Vec<f64>> = (0..names.len()).map(|category| (0..areas.len()).map(|place| -likely(category, place)).collect()).collect();
    let best = assign(&cost);
    let mean = best.iter().enumerate().map(|(category, &place)| likely(category, place)).sum::<f64>() / names.len() as f64;
    let gain = |i: usize, j: usize| likely(i, best[i]) + likely(j, best[j]) - likely(i, best[j]) - likely(j, best[i]);
    let sure = mean > ALIKE && (0..names.len()).all(|i| (0..i).all(|j| gain(i, j) > CERTAIN));
    sure.then_some(best)
}

/// What the places of some categories say about all.
fn settle(mut own: Vec<Option<usize>>) -> Order {
    let count = own.len();
    let mut taken = vec![false; count];
    for place in &mut own {
        match *place {
            Some(at) if taken[at] => *place = None,
            Some(at) => taken[at] = true,
            None => {}
        }
    }
    let found = own.iter().flatten().count();
    if found + 1 == count
        && let Some(left) = taken.iter().position(|taken| !taken)
    {
        own.iter_mut().filter(|place| place.is_none()).for_each(|place| *place = Some(left));
    }
    let places: Vec<usize> = own.iter().flatten().copied().collect();
    if places.len() == count {
        return Order::Known(places);
    }
    let all = |fits: &dyn Fn(usize, usize) -> bool| own.iter().enumerate().all(|(i, place)| place.is_none_or(|place| fits(i, place)));
    if found * 2 < count {
        Order::Unknown
    } else if all(&|i, place| i == place) {
        Order::Likely { reversed: false }
    } else if all(&|i, place| i + place + 1 == count) {
        Order::Likely { reversed: true }
    } else {
        Order::Unknown
    }
}

/// Whether a label says a category's name, but for spaces and case; numbers by their value.
fn is_same(name: &str, text: &str) -> bool {
    let plain = |text: &str| text.chars().filter(|c| c.is_alphanumeric() || *c == '.').flat_map(char::to_lowercase).collect::<String>();
    match (name.trim().parse::<f64>(), text.trim().parse::<f64>()) {
        (Ok(a), Ok(b)) => (a - b).abs() < 1e-9,
        _ => plain(name) == plain(text) && !plain(name).is_empty(),
    }
}

/// What stands on each area.
fn said(picture: &Picture, texts: &Texts, areas: &[Option<Frame>], em: f32) -> Vec<Option<String>> {
    let number = |area: &Frame| {
        let within = |number: &&text::Number| {
            let (x, y) = (f64::from(number.left + number.right) / 2.0, f64::from(number.top + number.bottom) / 2.0);
            let wide = f64::from(number.right - number.left) * 1.3 + 3.0 >= (area.right - area.left) as f64;
            wide && x > area.left as f64 && x < area.right as f64 && y > area.top as f64 && y < area.bottom as f64
        };
        texts.numbers.iter().find(within).map(|number| number.text.replace('\u{2212}', "-"))
    };
    let mut said: Vec<Option<String>> = areas.iter().map(|area| area.as_ref().and_then(number)).collect();
    let open: Vec<usize> = (0..areas.len()).filter(|&i| said[i].is_none() && areas[i].is_some()).collect();
    let frames: Vec<Frame> = open.iter().filter_map(|&i| areas[i]).collect();
    let read = text::lines(picture, &frames, Hint { font: texts.font(), em: Some(em), tick: None });
    for (i, text) in open.into_iter().zip(read) {
        said[i] = text;
    }
    said
}

/// The box of each bar's label, where it stands level.
fn areas(picture: &Picture, values: &Values, centres: &[f64]) -> Vec<Option<Frame>> {
    let letters = text::letters(picture);
    let Frame { left, top, right, bottom } = values.frame;
    let spacing = centres.windows(2).map(|pair| pair[1] - pair[0]).fold(f64::INFINITY, f64::min);
    let half = if spacing.is_finite() { spacing / 2.0 } else { (right - left).max(bottom - top) as f64 / 2.0 };
    let beside: Vec<Frame> = letters
        .into_iter()
        .filter(|letter| if values.horizontal { letter.right < left && letter.bottom > top && letter.top < bottom } else { letter.top > bottom + 1 })
        .collect();
    if values.horizontal { lying(&beside, left, half, centres) } else { upright(&beside, half, centres) }
}

/// Labels below upright bars: the first line of letters.
fn upright(letters: &[Frame], half: f64, centres: &[f64]) -> Vec<Option<Frame>> {
    let tall = |letter: &&Frame| letter.bottom - letter.top >= LEGIBLE;
    let Some(first) = letters.iter().filter(tall).map(|letter| letter.top).min() else { return vec![None; centres.len()] };
    let mut heights: Vec<usize> = letters.iter().filter(tall).filter(|letter| letter.top < first + 40).map(|letter| letter.bottom - letter.top).collect();
    heights.sort_unstable();
    let height = heights.get(heights.len() * 3 / 4).copied().unwrap_or(8);
    let line: Vec<&Frame> = letters.iter().filter(|letter| letter.top < first + NEAR * height).collect();
    let area = |centre: &f64| {
        let own = |letter: &&&Frame| {
            let middle = (letter.left + letter.right) as f64 / 2.0;
            (middle - centre).abs() < half && letter.top < first + height + height / 2
        };
        hull(line.iter().filter(own).map(|letter| **letter))
            // A label that is turned goes on downwards, and one that is too long runs into its neighbours.
            .filter(|area| {
                area.bottom <= first + 2 * height + 2
                    && area.bottom - area.top >= LEGIBLE
                    && ((area.right - area.left) as f64) < 2.0 * half - 0.3 * height as f64
            })
    };
    centres.iter().map(area).collect()
}

/// Labels to the left of lying bars: the letters that stand nearest to the frame.
fn lying(letters: &[Frame], left: usize, half: f64, centres: &[f64]) -> Vec<Option<Frame>> {
    let area = |centre: &f64| {
        let mut row: Vec<Frame> = letters.iter().filter(|letter| ((letter.top + letter.bottom) as f64 / 2.0 - centre).abs() < half).copied().collect();
        let mut heights: Vec<usize> = row.iter().map(|letter| letter.bottom - letter.top).collect();
        heights.sort_unstable();
        let height = heights.get(heights.len() * 3 / 4).copied().unwrap_or(0);
        // From the frame outwards, as long as no gap is wider than a space: beyond it stands the axis's own label.
        row.sort_by_key(|letter| std::cmp::Reverse(letter.right));
        let mut edge = left.saturating_sub(NEAR * height).min(row.first().map_or(0, |letter| letter.right));
        let mut own: Vec<Frame> = Vec::new();
        for letter in row {
            if letter.right + height.max(4) < edge {
                break;
            }
            edge = edge.min(letter.left);
            own.push(letter);
        }
        hull(own.into_iter()).filter(|area| area.bottom - area.top >= LEGIBLE && ((area.bottom - area.top) as f64) < 2.0 * half + 4.0)
    };
    centres.iter().map(area).collect()
}

fn hull(letters: impl Iterator<Item = Frame>) -> Option<Frame> {
    letters.reduce(|a, b| Frame { left: a.left.min(b.left), top: a.top.min(b.top), right: a.right.max(b.right), bottom: a.bottom.max(b.bottom) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_label_that_is_not_read_is_the_one_that_is_left() {
        assert_eq!(settle(vec![Some(2), None, Some(0)]), Order::Known(vec![2, 1, 0]));
        assert_eq!(settle(vec![Some(0), None, None, Some(3)]), Order::Likely { reversed: false });
        assert_eq!(settle(vec![Some(3), None, None, Some(0)]), Order::Likely { reversed: true });
        assert_eq!(settle(vec![Some(1), None, None, Some(0)]), Order::Unknown);
        assert_eq!(settle(vec![Some(1), None, None, None]), Order::Unknown);
    }

    #[test]
    fn labels_are_the_same_but_for_case_and_spaces() {
        assert!(is_same("Random Forest", "randomforest") && is_same("3", "3.0"));
        assert!(!is_same("SVM", "KNN") && !is_same("3", "4"));
    }
}

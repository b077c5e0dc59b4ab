//! The names of series, by the legend: a patch in the colour of each series, with its name to the right.

use mlgrade_picture::Picture;

use crate::assignment::assign;
use crate::names::matched;
use crate::raster::legend::{Entry, beside};
use crate::reading::Frame;
use crate::text::{self, Hint, Texts, difference};

use super::flat::{ALIKE, Flat};
use super::piece::pieces;

/// How the claimed names stand to those of the legend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::raster) enum Named {
    Agree,
    /// These two series have each other's name.
    Exchanged(usize, usize),
    /// This series seems to have another name.
    Doubtful(usize, String),
    /// There is no legend that tells; what was read of one.
    Open(Vec<String>),
}

/// How wide and high a patch is, in pixels.
const WIDTH: std::ops::RangeInclusive<usize> = 6..=120;
const HEIGHT: std::ops::RangeInclusive<usize> = 3..=60;

/// How long a patch is in Matplotlib, in widths of letters (ems).
const PATCH: f32 = 2.0;

/// How alike names and texts are at least, a mean over all, and by how much any two must be less so when they are exchanged; more, for an exchange
/// to be believed.
const ALIKE_NAMES: f64 = 0.35;
const CERTAIN: f64 = 0.15;

/// The entries whose patches have one of `colours`; `layer` is the number of the colour.
pub(in crate::raster) fn entries(picture: &Picture, flats: &[Flat], colours: &[[u8; 3]]) -> Vec<Entry> {
    let area = Frame { left: 0, top: 0, right: picture.width, bottom: picture.height };
    let mut found: Vec<Entry> = Vec::new();
    for flat in flats.iter().filter(|flat| flat.area <= WIDTH.end() * HEIGHT.end()) {
        let near = colours.iter().enumerate().map(|(i, colour)| (difference(*colour, flat.colour), i)).min();
        let Some((_, colour)) = near.filter(|(off, _)| *off <= ALIKE) else { continue };
        let [piece] = pieces(flat, false)[..] else { continue };
        let (width, height) = (piece.width(), piece.length());
        if !WIDTH.contains(&width) || !HEIGHT.contains(&height) || width * 2 < height || width > 6 * height {
            continue;
        }
        let row = usize::midpoint(piece.along[0], piece.along[1]);
        let pixel = |x: usize| picture.rgb.get((row * picture.width + x) * 3..).and_then(|rest| rest.first_chunk::<3>()).copied();
        // Beyond its outline.
        let changes = |x: &usize| pixel(*x).zip(pixel(*x + 1)).is_some_and(|(a, b)| difference(a, b) > ALIKE);
        let right = (piece.across[1]..(piece.across[1] + 5).min(picture.width.saturating_sub(1))).rev().find(changes).map_or(piece.across[1], |x| x + 1);
        let patch = Frame { left: piece.across[0], top: piece.along[0], right, bottom: piece.along[1] };
        let Ok(layer) = u8::try_from(colour) else { continue };
        found.extend(beside(picture, patch, layer, area).filter(|entry| entry.text.left.saturating_sub(right) <= 2 * width.max(10)));
    }
    keep_column(&mut found, colours.len());
    found
}

/// Of several entries in one colour the one that stands in line with the others: a small bar with its label may look like one.
fn keep_column(found: &mut Vec<Entry>, colours: usize) {
    if found.len() <= colours {
        return;
    }
    let votes =
        |entry: &Entry| found.iter().filter(|other| other.text.left.abs_diff(entry.text.left) <= 3 || other.text.top.abs_diff(entry.text.top) <= 3).count();
    let best: Vec<usize> = found.iter().map(votes).collect();
    let chosen: Vec<Entry> = (0..colours)
        .filter_map(|colour| (0..found.len()).filter(|&i| usize::from(found[i].layer) == colour).max_by_key(|&i| (best[i], std::cmp::Reverse(i))))
        .map(|i| found[i])
        .collect();
    *found = chosen;
}

/// Holds the names against the entries; `own` is the colour of each series.
pub(in crate::raster) fn named(picture: &Picture, texts: &Texts, entries: &[Entry], names: &[&str], own: &[usize]) -> Named {
    let areas: Vec<Frame> = entries.iter().map(|entry| entry.text).collect();
    if areas.len() < 2 {
        return Named::Open(Vec::new());
    }
    let mut lengths: Vec<usize> = entries.iter().filter_map(Entry::length).collect();
    lengths.sort_unstable();
    let em = lengths.get(lengths.len() / 2).map(|length| *length as f32 / PATCH);
    let read: Vec<(usize, String)> =
        text::lines(picture, &areas, Hint { font: texts.font(), em, tick: None }).into_iter().enumerate().filter_map(|(i, text)| Some((i, text?))).collect();
    let lines: Vec<&str> = read.iter().map(|(_, text)| text.as_str()).collect();
    let found: Vec<Option<usize>> = matched(names, &lines).into_iter().map(|line| line.map(|line| usize::from(entries[read[line].0].layer))).collect();
    let moved: Vec<usize> = (0..names.len()).filter(|&i| found[i].is_some_and(|colour| colour != own[i])).collect();
    if let Some((one, other)) = moved.iter().find_map(|&one| moved.iter().find(|&&other| found[other] == Some(own[one])).map(|&other| (one, other))) {
        return Named::Exchanged(one.min(other), one.max(other));
    }
    let said = |i: usize| {
        read.iter().find(|(at, _)| usize::from(entries[*at].layer) == own[i]).map_or_else(|| "of other bars".to_owned(), |(_, text)| format!("`{text}`"))
    };
    if let Some(&one) = moved.first() {
        return Named::Doubtful(one, said(one));
    }
    if found.iter().all(Option::is_some) || (names.len() > 2 && found.iter().flatten().count() + 1 >= names.len()) {
        return Named::Agree;
    }
    let open = || Named::Open(read.iter().map(|(_, text)| text.clone()).collect());
    by_likeness(picture, entries, names, own).unwrap_or_else(open)
}

/// The names, drawn in the usual fonts, held against the entries.
fn by_likeness(picture: &Picture, entries: &[Entry], names: &[&str], own: &[usize]) -> Option<Named> {
    let rows: Vec<Vec<f32>> = entries.iter().map(|entry| text::likeness(picture, entry.text, names)).collect();
    let of_colour = |colour: usize| entries.iter().position(|entry| usize::from(entry.layer) == colour).map(|at| &rows[at]);
    let rows: Vec<&Vec<f32>> = own.iter().map(|&colour| of_colour(colour)).collect::<Option<_>>()?;
    let cost: Vec<Vec<f64>> = rows.iter().map(|row| row.iter().map(|likely| -f64::from(*likely)).collect()).collect();
    let best = assign(&cost);
    let likely = |i: usize, name: usize| f64::from(rows[i][name]);
    let mean = best.iter().enumerate().map(|(i, &name)| likely(i, name)).sum::<f64>() / rows.len() as f64;
    let gain = |i: usize, j: usize| likely(i, best[i]) + likely(j, best[j]) - likely(i, best[j]) - likely(j, best[i]);
    let sure = mean > ALIKE_NAMES && (0..rows.len()).all(|i| (0..i).all(|j| gain(i, j) > CERTAIN));
    if !sure {
        return None;
    }
    match best.iter().enumerate().find(|(i, name)| i != *name) {
        None => Some(Named::Agree),
        Some((i, &name)) => Some(Named::Doubtful(i, names[name].to_owned())),
    }
}

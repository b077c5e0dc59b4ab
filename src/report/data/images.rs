//! Labelled images: how many of each class, how bright, and the first of them drawn with characters.

use std::fmt::Write;

use super::super::text::{cut, pad, widest};
use super::{HEAD, QUIET, counted};
use crate::data::{Images, Split, Spread, grouped};
use crate::domain::number::significant;

/// Classes that are listed; of more there is the number.
const CLASSES: usize = 24;
/// Images that are drawn.
const DRAWN: usize = 4;
/// Columns of a terminal for one of several images, and for a single one.
const COLUMNS: usize = 17;
const WIDE: usize = 60;
/// Characters from dark to bright. Two colons or number signs would be a command to some build servers.
const RAMP: &[u8] = b" .-=+*o%@";

/// Classes, brightness and the first images.
pub(super) fn details(split: &Split<Images, u8>, names: Option<&[String]>, width: usize) -> String {
    let name = |label: u8| names.and_then(|names| names.get(usize::from(label)).cloned()).unwrap_or_else(|| label.to_string());
    let mut out = classes(split, &name);
    out.push('\n');
    let parts = [("training pixels", &split.x_train), ("validation pixels", &split.x_val)];
    let there: Vec<(&str, &Images)> = parts.into_iter().filter(|(_, images)| images.count > 0).collect();
    out.push_str(&pixels(&there));
    let labels: Vec<String> = split.y_val.iter().take(DRAWN).map(|label| name(*label)).collect();
    out.push_str(&gallery(&split.x_val, &labels, width));
    out
}

/// How many images each class has.
fn classes(split: &Split<Images, u8>, name: &dyn Fn(u8) -> String) -> String {
    let count = |labels: &[u8]| {
        labels.iter().fold([0_usize; 256], |mut counts, label| {
            counts[usize::from(*label)] += 1;
            counts
        })
    };
    let (train, val) = (count(&split.y_train), count(&split.y_val));
    let there: Vec<u8> = (0..=u8::MAX).filter(|&label| train[usize::from(label)] + val[usize::from(label)] > 0).collect();
    let shown = &there[..there.len().min(CLASSES)];
    let names: Vec<String> = shown.iter().map(|label| cut(&name(*label), 30)).collect();
    let first = widest(names.iter().map(String::as_str).chain(["class"]));
    let with_training = split.x_train.count > 0;
    let line = |name: &str, train: &str, val: &str| {
        let train = if with_training { format!("   {}", pad(train, 8, true)) } else { String::new() };
        format!("  {}{train}   {}", pad(name, first, false), pad(val, 10, true))
    };
    let mut out = String::new();
    let _ = writeln!(out, "{HEAD}{}{HEAD:#}", line("class", "training", "validation"));
    for (label, name) in shown.iter().zip(&names) {
        let of = |counts: &[usize; 256]| match counts[usize::from(*label)] {
            0 => "·".to_owned(),
            count => grouped(count),
        };
        let _ = writeln!(out, "{}", line(name, &of(&train), &of(&val)));
    }
    if there.len() > shown.len() {
        let more = there.len() - shown.len();
        let _ = writeln!(out, "{QUIET}  … and {} more class{}{QUIET:#}", grouped(more), if more == 1 { "" } else { "es" });
    }
    out
}

/// The range and the mean of pixels, for each channel in colour.
pub(super) fn pixels(parts: &[(&str, &Images)]) -> String {
    let mut rows: Vec<[String; 4]> = Vec::new();
    for (part, images) in parts {
        let channels: &[&str] = if images.is_in_colour() { &["red", "green", "blue"] } else { &["grey"] };
        for (place, channel) in channels.iter().enumerate() {
            let values = images.pixels.iter().skip(place).step_by(images.channels.max(1));
            let Spread { least, mean, greatest } = Spread::of(values.map(|pixel| f64::from(*pixel)));
            let name = if place == 0 { (*part).to_owned() } else { String::new() };
            rows.push([name, (*channel).to_owned(), format!("{least} to {greatest}"), format!("mean {}", significant(mean, 4))]);
        }
    }
    let room = |column: usize| widest(rows.iter().map(|row| row[column].as_str()));
    let line = |row: &[String; 4]| {
        let cells: Vec<String> = row.iter().enumerate().map(|(column, cell)| pad(cell, room(column), false)).collect();
        format!("  {}\n", cells.join("   ").trim_end())
    };
    rows.iter().map(line).collect()
}

/// The first images side by side, drawn with characters, each with its label below.
pub(super) fn gallery(images: &Images, labels: &[String], width: usize) -> String {
    let alone = images.count == 1;
    let most = if alone { WIDE } else { COLUMNS }.min(width.saturating_sub(2));
    let (columns, rows) = fitted(images, most);
    let fitting = ((width + 1) / (columns + 3)).max(1);
    let drawings: Vec<Vec<String>> = (0..images.count.min(labels.len()).min(fitting)).map(|place| drawing(images, place, columns, rows)).collect();
    let mut out = String::from("\n");
    if !alone {
        let _ = writeln!(
            out,
            "{HEAD}  first {}{HEAD:#}",
            if drawings.len() == 1 { "validation image".to_owned() } else { counted(drawings.len(), "validation image") }
        );
    }
    for row in 0..rows {
        let line: Vec<&str> = drawings.iter().map(|drawing| drawing[row].as_str()).collect();
        let _ = writeln!(out, "  {}", line.join("   ").trim_end());
    }
    let captions: Vec<String> = labels.iter().take(drawings.len()).map(|label| pad(&cut(label, columns), columns, false)).collect();
    let captions = captions.join("   ");
    if !captions.trim().is_empty() {
        let _ = writeln!(out, "{QUIET}  {}{QUIET:#}", captions.trim_end());
    }
    out
}

/// Columns and rows of a drawing of at most `most` columns and half as many rows; characters are twice as high as they are wide.
fn fitted(images: &Images, most: usize) -> (usize, usize) {
    let (height, width) = (images.height.max(1), images.width.max(1));
    let columns = most.min(2 * width).min((most * width).div_ceil(height)).max(1);
    (columns, (columns * height).div_ceil(2 * width).max(1))
}

/// An image as lines of characters, each as bright as the mean of the pixels below it.
fn drawing(images: &Images, place: usize, columns: usize, rows: usize) -> Vec<String> {
    let Images { height, width, channels, .. } = *images;
    let pixels = images.pixels.get(place * images.size()..(place + 1) * images.size()).unwrap_or_default();
    // The brightness of ITU-R BT.601, as Pillow's `convert("L")` has it.
    let brightness = |pixel: &[u8]| match *pixel {
        [red, green, blue] => 0.299 * f64::from(red) + 0.587 * f64::from(green) + 0.114 * f64::from(blue),
        [grey, ..] => f64::from(grey),
        [] => 0.0,
    };
    let bright: Vec<f64> = pixels.chunks_exact(channels.max(1)).map(brightness).collect();
    let span = |place: usize, parts: usize, length: usize| {
        let start = place * length / parts;
        start..((place + 1) * length).div_ceil(parts).clamp(start + 1, length.max(start + 1))
    };
    let character = |row: usize, column: usize| {
        let block = span(row, rows, height).flat_map(|y| span(column, columns, width).map(move |x| y * width + x));
        let Spread { mean, .. } = Spread::of(block.filter_map(|pixel| bright.get(pixel).copied()));
        shade(mean)
    };
    (0..rows).map(|row| (0..columns).map(|column| character(row, column)).collect()).collect()
}

/// The character for a brightness from 0 to 255.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a brightness lies between 0 and 255")]
fn shade(brightness: f64) -> char {
    let place = (brightness / 256.0 * RAMP.len() as f64) as usize;
    char::from(RAMP.get(place).copied().unwrap_or(b'@'))
}

//! Which of the marks on a page are a plot: marks that lie together, with axes and with data. Rules of tables, boxes around text, bullets,
//! underlines, fraction bars and logos are none.

use super::matrix::encloses;
use mlgrade_picture::geometry::Rect;
use std::collections::BTreeMap;

use super::canvas::{Canvas, Mark, Piece};
use super::ticks::{self, Ticks};

/// What is smaller than this, in points a side, is an icon and no figure.
pub(super) const ICON: f64 = 40.0;

/// Marks that are not further apart than twice this, in points, lie together.
const NEAR: f64 = 2.0;

/// Marks of at most this size that have their middle in one tile are handled as one.
const TILE: f64 = 8.0;

/// Groups of marks that lie apart; of more, the smallest are passed over.
const GROUPS: usize = 2_000;

/// From this share of a page's width or height, a straight line or a box is a part of the page.
const OF_PAGE: f64 = 0.85;

/// A line of text with as many words is prose, if it is not the only one.
const PROSE_WORDS: usize = 6;

/// Lines of prose of a page that is not only a figure.
const MUCH_PROSE: usize = 3;

/// The share of a box that a line of prose takes whose box it is.
const OF_BOX: f64 = 0.55;

/// Lines of prose that are held against boxes.
const PROSE_LINES: usize = 200;

/// What marks of one group have in common.
pub(super) struct Ground<'c> {
    canvas: &'c Canvas,
    /// The texts of the page, joined.
    labels: &'c [Piece],
    prose: Vec<Rect>,
}

impl<'c> Ground<'c> {
    /// A page with its labels, and its texts as they are set in lines.
    pub(super) fn of(canvas: &'c Canvas, labels: &'c [Piece], phrases: &[Piece]) -> Self {
        let prose: Vec<Rect> = phrases.iter().filter(|phrase| is_prose(phrase)).take(PROSE_LINES).map(Piece::area).collect();
        Self { canvas, labels, prose }
    }

    /// Whether the page has text to be read, and not only that of plots.
    pub(super) fn has_prose(&self) -> bool {
        self.prose.len() >= MUCH_PROSE
    }

    /// The areas of the plots that these marks are, each of marks that lie together, and whose labels `own` tells.
    pub(super) fn plots(&self, marks: &[&Mark], own: impl Fn(&Piece) -> bool) -> Vec<Rect> {
        let seen: Vec<&Mark> = marks.iter().copied().filter(|mark| !self.is_of_page(mark)).collect();
        let labels: Vec<&Piece> = self.labels.iter().filter(|label| own(label)).collect();
        let groups = groups(&seen).into_iter().filter(|group| is_large(group.area));
        groups.filter(|group| self.is_plot(group, &seen, &labels)).map(|group| group.area).collect()
    }

    /// Whether a mark is a background, a border of the page, or a box around text. They would tie together what lies on them.
    fn is_of_page(&self, mark: &Mark) -> bool {
        let (shape, area) = (&mark.shape, mark.area);
        if !shape.stroked && shape.fill == Some([255; 3]) {
            return true;
        }
        let [width, height] = self.canvas.size;
        let wide = [area.width() > OF_PAGE * width, area.height() > OF_PAGE * height];
        let is_line = area.width().min(area.height()) < 2.0;
        if shape.is_straight() && (wide == [true; 2] || (is_line && wide != [false; 2] && self.has_prose())) {
            return true;
        }
        let is_its_box = |prose: &Rect| encloses(area, *prose) && prose.width() > OF_BOX * area.width();
        shape.is_straight() && is_large(area) && self.prose.iter().any(is_its_box)
    }

    /// Whether a picture takes much of an area.
    fn is_pictured(&self, area: Rect) -> bool {
        let size = |area: Rect| area.width() * area.height();
        self.canvas.pictures.iter().any(|placed| size(placed.area.intersection(area)) > 0.25 * size(area))
    }

    fn is_plot(&self, group: &Group, marks: &[&Mark], labels: &[&Piece]) -> bool {
        let own = || group.marks.iter().map(|i| marks[*i]);
        let curves = own().any(|mark| mark.shape.is_curve());
        let texts: Vec<Rect> = labels.iter().map(|label| label.area()).filter(|text| encloses(group.area, *text)).collect();
        let has_lines = || has_lines(group.area, own());
        match ticks::along(group.area, labels) {
            // Axes without a curve, as of a heat map. Where a picture is between them, the picture is the figure.
            Ticks::TwoAxes if has_lines() && !self.is_pictured(group.area) => return true,
            Ticks::TwoAxes | Ticks::OneAxis => return curves || are_points(own()) || are_bars(own(), &texts),
            Ticks::None => {}
        }
        // The labels of some plots are outlines: axes and ticks are there, but no text is.
        curves && texts.len() <= 3 && has_lines() && own().filter(|mark| is_tick(mark)).count() >= 4
    }
}

fn is_large(area: Rect) -> bool {
    area.width().min(area.height()) >= ICON
}

/// Whether there is text to be read among these.
pub(super) fn have_prose<'p>(phrases: impl Iterator<Item = &'p Piece>) -> bool {
    phrases.filter(|phrase| is_prose(phrase)).take(MUCH_PROSE).count() == MUCH_PROSE
}

fn is_prose(label: &Piece) -> bool {
    label.text.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic)).count() >= PROSE_WORDS
}

/// Marks that lie together.
struct Group {
    area: Rect,
    /// Their places in the list of marks.
    marks: Vec<usize>,
}

/// Groups of marks whose boxes lie apart.
fn groups(marks: &[&Mark]) -> Vec<Group> {
    let mut tiles: BTreeMap<(i64, i64), Group> = BTreeMap::new();
    let mut parts: Vec<Group> = Vec::new();
    for (i, mark) in marks.iter().enumerate() {
        let area = mark.area;
        if area.width().max(area.height()) > TILE {
            parts.push(Group { area, marks: vec![i] });
            continue;
        }
        let tile = tiles.entry((tile(area.left + area.right), tile(area.top + area.bottom))).or_insert(Group { area, marks: Vec::new() });
        tile.area = tile.area.union(area);
        tile.marks.push(i);
    }
    parts.extend(tiles.into_values());
    // The large ones first: what lies on them never becomes a group.
    let size = |group: &Group| group.area.width() + group.area.height();
    parts.sort_by(|a, b| size(b).total_cmp(&size(a)));
    let mut groups: Vec<Group> = Vec::new();
    for mut part in parts {
        let mut is_alone = true;
        while let Some(at) = groups.iter().position(|group| group.area.grown(NEAR).touches(part.area.grown(NEAR))) {
            is_alone = false;
            let mut group = groups.swap_remove(at);
            let has_grown = !encloses(group.area, part.area);
            group.area = group.area.union(part.area);
            group.marks.append(&mut part.marks);
            part = group;
            if !has_grown {
                break;
            }
        }
        if !is_alone || groups.len() < GROUPS {
            groups.push(part);
        }
    }
    groups
}

#[expect(clippy::cast_possible_truncation, reason = "places are below a million points")]
fn tile(twice: f64) -> i64 {
    (twice / 2.0 / TILE).floor() as i64
}

/// Whether some of these are points at different places: at least three small marks, not all in a row or a column.
fn are_points<'m>(marks: impl Iterator<Item = &'m Mark>) -> bool {
    let is_point = |area: Rect| (1.5..=10.0).contains(&area.width()) && (1.5..=10.0).contains(&area.height());
    let middles: Vec<[f64; 2]> =
        marks.filter(|mark| is_point(mark.area)).map(|mark| [mark.area.left + mark.area.right, mark.area.top + mark.area.bottom]).take(1_000).collect();
    let differ = |axis: usize| middles.iter().any(|middle| (middle[axis] - middles[0][axis]).abs() > 4.0);
    middles.len() >= 3 && differ(0) && differ(1)
}

/// Whether some of these are bars: filled boxes of different lengths that stand on one line, with no text in them, or the outline of such.
fn are_bars<'m>(marks: impl Iterator<Item = &'m Mark>, texts: &[Rect]) -> bool {
    let filled: Vec<&Mark> = marks.filter(|mark| mark.shape.fill.is_some() && mark.shape.is_straight()).take(1_000).collect();
    if filled.iter().any(|mark| mark.shape.corners >= 8 && mark.shape.slanted <= 0.0 && is_large(mark.area)) {
        return true;
    }
    let holds_text = |area: Rect| texts.iter().any(|text| encloses(area, *text));
    let bars: Vec<Rect> = filled.iter().map(|mark| mark.area).filter(|area| area.width() >= 2.0 && area.height() >= 2.0 && !holds_text(*area)).collect();
    let stand = |a: &Rect, b: &Rect| (a.bottom - b.bottom).abs() < 0.6 && (a.height() - b.height()).abs() > 1.0 && (a.left - b.left).abs() > 1.0;
    let lie = |a: &Rect, b: &Rect| (a.left - b.left).abs() < 0.6 && (a.width() - b.width()).abs() > 1.0 && (a.top - b.top).abs() > 1.0;
    bars.iter().enumerate().any(|(i, a)| bars[..i].iter().any(|b| stand(a, b) || lie(a, b)))
}

/// Whether lines or boxes run along most of the width and the height.
fn has_lines<'m>(area: Rect, marks: impl Iterator<Item = &'m Mark>) -> bool {
    let mut found = [false; 2];
    for mark in marks.filter(|mark| mark.shape.is_straight()) {
        found[0] |= mark.area.width() > 0.6 * area.width();
        found[1] |= mark.area.height() > 0.6 * area.height();
    }
    found == [true; 2]
}

fn is_tick(mark: &Mark) -> bool {
    let (short, long) = (mark.area.width().min(mark.area.height()), mark.area.width().max(mark.area.height()));
    short < 1.0 && (1.0..=10.0).contains(&long)
}

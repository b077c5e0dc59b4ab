//! The figures on a page, in the order in which they are read: every picture, and every drawing that has axes.
//!
//! What a form draws is one figure, with all its panels. What the page itself draws is parted by where it stands.

use super::matrix::encloses;
use mlgrade_picture::geometry::Rect;
use std::collections::BTreeMap;

use mlgrade_picture::figure::{self, Figure};

use super::budget::Fault;
use super::canvas::{Canvas, Mark, Placed};
use super::drawing::{Ground, ICON, have_prose};
use super::file::File;
use super::{image, svg, text};

/// What a form draws with fewer marks than this is no figure of its own: ticks, a frame and a curve are more.
const MARKS: usize = 8;

/// How far beside what is drawn its labels may stand, in points.
const LABELS: f64 = 72.0;

/// Forms that are looked at.
const FORMS: usize = 500;

/// Texts that a diagram has at least: a logo has fewer.
const TEXTS: usize = 3;

/// Who draws something.
#[derive(Clone, Copy, PartialEq)]
enum Drawn {
    Form(usize),
    Page,
}

/// A figure.
enum Candidate<'c> {
    Picture(&'c Placed),
    Drawing(Drawn, Rect),
}

impl Candidate<'_> {
    fn area(&self) -> Rect {
        match self {
            Self::Picture(placed) => placed.area,
            Self::Drawing(_, area) => *area,
        }
    }
}

/// The figures of a page.
pub(super) struct Figures<'c> {
    canvas: &'c Canvas,
    /// In the order in which they are read.
    found: Vec<Candidate<'c>>,
}

impl<'c> Figures<'c> {
    /// Finds the figures of a page.
    pub(super) fn of(canvas: &'c Canvas) -> Self {
        let page = whole(canvas);
        let labels = text::labels(&canvas.pieces, page, |_| true);
        let phrases = text::phrases(&canvas.pieces);
        let ground = Ground::of(canvas, &labels, &phrases);
        let mut by_form: BTreeMap<usize, Vec<&Mark>> = BTreeMap::new();
        for mark in &canvas.marks {
            by_form.entry(mark.form).or_default().push(mark);
        }
        let is_form = |form: &usize, marks: &[&Mark]| {
            // A form with prose is a page that was placed on another.
            let is_page = have_prose(phrases.iter().filter(|phrase| phrase.form == *form));
            let texts = || labels.iter().filter(|label| label.form == *form).count();
            !is_page && (!ground.plots(marks, |piece| piece.form == *form).is_empty() || is_diagram(marks, texts()))
        };
        let large = by_form.iter().filter(|(form, marks)| **form > 0 && marks.len() >= MARKS).filter_map(|(form, marks)| Some((form, marks, around(marks)?)));
        let mut found: Vec<Candidate> = (large.filter(|(.., area)| is_large(*area)).take(FORMS))
            .filter(|(form, marks, _)| is_form(form, marks))
            .map(|(form, _, area)| Candidate::Drawing(Drawn::Form(*form), area))
            .collect();
        let forms = forms(&found);
        let mut pictures: Vec<&Placed> = canvas.pictures.iter().filter(|placed| is_large(placed.area)).collect();
        let own: Vec<&Mark> = canvas.marks.iter().filter(|mark| !forms.contains(&mark.form)).collect();
        let mut plots = ground.plots(&own, |piece| !forms.contains(&piece.form));
        // A page that was saved as one figure, with its background, has panels; one that holds nothing but a diagram is one.
        let is_saved = own.first().is_some_and(|mark| mark.shape.fill.is_some() && encloses(mark.area, page.grown(-2.0)));
        let is_one = !ground.has_prose() && found.is_empty() && pictures.is_empty();
        if is_one && ((plots.len() > 1 && is_saved) || (plots.is_empty() && is_diagram(&own, labels.len()))) {
            plots = around(&own).into_iter().collect();
        }
        found.extend(plots.into_iter().map(|area| Candidate::Drawing(Drawn::Page, area)));
        // A picture within a drawing belongs to it.
        pictures.retain(|placed| !found.iter().any(|drawing| encloses(drawing.area(), placed.area)));
        found.extend(pictures.into_iter().map(Candidate::Picture));
        Self { canvas, found: as_read(found) }
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.found.len()
    }

    /// Reads one of them.
    pub(super) fn read(&self, which: usize, file: &File, path: &str) -> Result<Figure, Fault> {
        let (drawn, area) = match self.found.get(which) {
            None => return Err("there is no figure on it".into()),
            Some(Candidate::Picture(placed)) => return image::decode(file, placed, path),
            Some(Candidate::Drawing(drawn, area)) => (*drawn, *area),
        };
        let forms = forms(&self.found);
        let others: Vec<Rect> =
            self.found.iter().filter(|other| matches!(other, Candidate::Drawing(Drawn::Page, _)) && other.area() != area).map(Candidate::area).collect();
        // What stands between two drawings belongs to the nearer one.
        let is_nearest = |place: Rect| others.iter().all(|other| area.distance(place) <= other.distance(place));
        let is_part = |form: usize, place: Rect| match drawn {
            Drawn::Form(own) => form == own,
            Drawn::Page => !forms.contains(&form) && is_nearest(place),
        };
        let around = area.grown(LABELS).intersection(whole(self.canvas));
        let labels = text::labels(&self.canvas.pieces, around, |piece| is_part(piece.form, piece.box_around()));
        let source = svg::drawing(self.canvas, around, &labels, |mark| is_part(mark.form, mark.area));
        figure::decode(path, source.as_bytes()).map_err(|diagnostic| diagnostic.message.into())
    }
}

fn whole(canvas: &Canvas) -> Rect {
    let [right, bottom] = canvas.size;
    Rect { left: 0.0, top: 0.0, right, bottom }
}

fn is_large(area: Rect) -> bool {
    area.width().min(area.height()) >= ICON
}

fn around(marks: &[&Mark]) -> Option<Rect> {
    marks.iter().map(|mark| mark.area).reduce(Rect::union).filter(|area| is_large(*area))
}

/// Whether something without axes is a diagram, such as a tree: lines that run neither across nor down, and texts.
fn is_diagram(marks: &[&Mark], texts: usize) -> bool {
    let is_edge = |mark: &&&Mark| mark.shape.is_curve() && mark.area.width().max(mark.area.height()) >= ICON / 2.0;
    texts >= TEXTS && marks.len() >= MARKS && marks.iter().filter(is_edge).count() >= 3
}

/// The forms that are figures.
fn forms(found: &[Candidate]) -> Vec<usize> {
    found.iter().filter_map(|candidate| if let Candidate::Drawing(Drawn::Form(form), _) = candidate { Some(*form) } else { None }).collect()
}

/// From top to bottom, and from left to right where they stand side by side.
fn as_read(mut found: Vec<Candidate>) -> Vec<Candidate> {
    found.sort_by(|a, b| a.area().top.total_cmp(&b.area().top).then(a.area().left.total_cmp(&b.area().left)));
    let mut read: Vec<Candidate> = Vec::new();
    while !found.is_empty() {
        let first = found[0].area();
        let is_beside = |candidate: &Candidate| {
            let other = candidate.area();
            let shared = first.bottom.min(other.bottom) - first.top.max(other.top);
            let apart = (other.left - first.right).max(first.left - other.right);
            other == first || (shared > 0.5 * first.height().min(other.height()) && apart > -0.1 * first.width().min(other.width()))
        };
        let (mut row, rest): (Vec<_>, Vec<_>) = found.into_iter().partition(is_beside);
        row.sort_by(|a, b| a.area().left.total_cmp(&b.area().left));
        read.append(&mut row);
        found = rest;
    }
    read
}

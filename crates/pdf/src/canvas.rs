//! What is on a page: pieces of text, drawn marks and pictures, each with its place in points from the top left.

use mlgrade_picture::geometry::{Point, Rect};
use std::rc::Rc;

use super::object::Stream;

/// All that a page shows.
#[derive(Debug, Default)]
pub(super) struct Canvas {
    /// Its width and height in points.
    pub size: Point,
    /// Its texts in the order in which they are written.
    pub pieces: Vec<Piece>,
    /// What is drawn with strokes and fillings.
    pub marks: Vec<Mark>,
    /// The boxes that marks are cut off at.
    pub clips: Vec<Rect>,
    /// Its pictures.
    pub pictures: Vec<Placed>,
    /// The bytes of all marks.
    pub drawn: usize,
    /// Fonts of which some character means nothing.
    pub unknown_fonts: Vec<String>,
}

/// Characters that follow each other.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    /// What they say; what means nothing is U+FFFD.
    pub text: String,
    /// Where their line begins.
    pub start: Point,
    /// Where it ends.
    pub end: Point,
    /// The direction in which they run, of length 1.
    pub along: Point,
    /// The size of the font.
    pub em: f64,
    /// The form on the page that it belongs to.
    pub form: usize,
}

impl Piece {
    /// The line that it stands on, as a box.
    pub(super) fn area(&self) -> Rect {
        let [[x0, y0], [x1, y1]] = [self.start, self.end];
        Rect { left: x0.min(x1), top: y0.min(y1), right: x0.max(x1), bottom: y0.max(y1) }
    }

    /// The box of letters of usual height around it.
    pub(super) fn box_around(&self) -> Rect {
        let [x, y] = self.along;
        // Up is to the left of the direction.
        let up = [y * 0.7 * self.em, -x * 0.7 * self.em];
        let line = self.area();
        Rect { left: line.left + up[0], top: line.top + up[1], right: line.right + up[0], bottom: line.bottom + up[1] }.union(line)
    }
}

/// What a path is like.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Shape {
    /// The length of all its parts, and of those that run neither across nor down: rules and frames of tables do not.
    pub length: f64,
    pub slanted: f64,
    /// The most parts that follow each other without a break, in all, and where they do not end where they began.
    pub corners: usize,
    pub open_corners: usize,
    /// The colour that it is filled with.
    pub fill: Option<[u8; 3]>,
    pub stroked: bool,
}

impl Shape {
    /// Whether it runs across and down, but for rounded corners.
    pub(super) fn is_straight(&self) -> bool {
        self.slanted < 0.2 * self.length || self.slanted == 0.0
    }

    /// Whether it may be a curve of data: it is slanted, or goes on in steps.
    pub(super) fn is_curve(&self) -> bool {
        let is_stepped = self.stroked && self.open_corners >= 4 && self.length > 40.0;
        (self.slanted >= 12.0 && !self.is_straight()) || is_stepped
    }
}

/// Something drawn.
#[derive(Debug)]
pub(super) struct Mark {
    /// The element of an SVG that draws it.
    pub svg: String,
    /// Around it.
    pub area: Rect,
    /// What it is like.
    pub shape: Shape,
    /// The form on the page that it belongs to; 0 for the page itself.
    pub form: usize,
}

/// A picture.
#[derive(Debug)]
pub(super) struct Placed {
    /// The picture, unless it stands in the content of the page itself.
    pub stream: Option<Rc<Stream>>,
    /// Where it is.
    pub area: Rect,
    /// Whether it is mirrored from left to right, and from top to bottom; `None` if it is turned.
    pub mirrored: Option<[bool; 2]>,
}

//! What is on a page: pieces of text, drawn marks and pictures, each with its place in points from the top left.

use std::rc::Rc;

use super::matrix::{Area, Xy};
use super::object::Stream;

/// All that a page shows.
#[derive(Debug, Default)]
pub(super) struct Canvas {
    /// Its width and height in points.
    pub size: Xy,
    /// Its texts in the order in which they are written.
    pub pieces: Vec<Piece>,
    /// What is drawn with strokes and fillings.
    pub marks: Vec<Mark>,
    /// The boxes that marks are cut off at.
    pub clips: Vec<Area>,
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
    pub start: Xy,
    /// Where it ends.
    pub end: Xy,
    /// The direction in which they run, of length 1.
    pub along: Xy,
    /// The size of the font.
    pub em: f64,
    /// The form on the page that it belongs to.
    pub form: usize,
}

/// Something drawn.
#[derive(Debug)]
pub(super) struct Mark {
    /// The element of an SVG that draws it.
    pub svg: String,
    /// Around it.
    pub area: Area,
    /// Whether some of it runs neither across nor down: rules and frames of tables do not.
    pub slanted: bool,
    /// The form on the page that it belongs to; 0 for the page itself.
    pub form: usize,
}

/// A picture.
#[derive(Debug)]
pub(super) struct Placed {
    /// The picture, unless it stands in the content of the page itself.
    pub stream: Option<Rc<Stream>>,
    /// Where it is.
    pub area: Area,
    /// Whether it is mirrored from left to right, and from top to bottom; `None` if it is turned.
    pub mirrored: Option<[bool; 2]>,
}

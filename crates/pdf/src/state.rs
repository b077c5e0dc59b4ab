//! What holds while a page is drawn: colours, cuts, and how text is set (ISO 32000-1, 8.4 and 9.3).

use mlgrade_picture::geometry::{Affine, Rect};
use std::rc::Rc;

use super::font::Font;
use super::object::Object;

/// The state of drawing, which `q` keeps and `Q` brings back.
#[derive(Debug, Clone)]
pub(super) struct State {
    /// Maps to points from the page's top left.
    pub matrix: Affine,
    /// The colour of fillings and of strokes.
    pub colours: [[u8; 3]; 2],
    /// Whether fillings and strokes are seen at all.
    pub seen: [bool; 2],
    /// The pattern of dashes, as SVG writes it.
    pub dash: Rc<str>,
    /// What is drawn is cut off here.
    pub clip: Option<Rect>,
    pub text: Text,
}

/// How text is set.
#[derive(Debug, Clone)]
pub(super) struct Text {
    pub font: Option<Rc<Font>>,
    pub size: f64,
    /// Added after each character, and after each space.
    pub spacing: [f64; 2],
    pub scale: f64,
    pub leading: f64,
    pub rise: f64,
    /// Whether it is seen; the text that programs lay over scanned pages is not.
    pub seen: bool,
}

impl State {
    pub(super) fn of(matrix: Affine) -> Self {
        let text = Text { font: None, size: 1.0, spacing: [0.0; 2], scale: 1.0, leading: 0.0, rise: 0.0, seen: true };
        Self { matrix, colours: [[0; 3]; 2], seen: [true; 2], dash: Rc::from(""), clip: None, text }
    }

    /// Cuts off what is outside of `area`.
    pub(super) fn cut(&mut self, area: Rect) {
        self.clip = Some(self.clip.map_or(area, |clip| clip.intersection(area)));
    }

    /// The pattern of dashes that `d` sets.
    pub(super) fn set_dash(&mut self, lengths: &[Object]) {
        let lengths: Vec<f64> = lengths.iter().filter_map(Object::number).take(16).collect();
        let solid = lengths.iter().all(|length| *length <= 0.0);
        self.dash = if solid { Rc::from("") } else { Rc::from(lengths.iter().map(|length| super::svg::short(*length)).collect::<Vec<_>>().join(" ")) };
    }
}

/// The colour that one, three or four numbers are.
pub(super) fn colour(operands: &[Object]) -> [u8; 3] {
    let numbers: Vec<f64> = operands.iter().filter_map(Object::number).collect();
    match *numbers.as_slice() {
        [grey] => [level(grey); 3],
        [r, g, b] => [level(r), level(g), level(b)],
        [c, m, y, k] => [c, m, y].map(|ink| level((1.0 - ink) * (1.0 - k))),
        // A pattern.
        _ => [128; 3],
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the value is clamped to the range first")]
fn level(share: f64) -> u8 {
    (share * 255.0).round().clamp(0.0, 255.0) as u8
}

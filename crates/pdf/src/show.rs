//! Text as it is set on a page (ISO 32000-1, 9.4): pieces with their places.

use mlgrade_domain::limits;
use mlgrade_picture::geometry::{Affine, Point};

use super::budget::{Budget, Fault};
use super::canvas::{Canvas, Piece};
use super::direction;
use super::font::UNKNOWN;
use super::glyph_name::character;
use super::matrix::matrix;
use super::object::{Lexer, Object};
use super::state::State;

/// A gap within a line, in em, that parts it into pieces.
const GAP: f64 = 0.15;

/// Fonts that are named as unknown.
const FONTS: usize = 8;

/// Where text is being set.
#[derive(Debug)]
pub(super) struct Setting {
    matrix: Affine,
    line: Affine,
}

impl Default for Setting {
    fn default() -> Self {
        Self { matrix: Affine::IDENTITY, line: Affine::IDENTITY }
    }
}

impl Setting {
    /// Carries out an operator of text; others are passed over.
    pub(super) fn operator(&mut self, operator: &[u8], operands: &[Object], state: &mut State, canvas: &mut Canvas, form: usize) -> Result<(), Fault> {
        let number = |i: usize| operands.get(i).and_then(Object::number);
        match operator {
            b"BT" => *self = Self::default(),
            b"Tc" => state.text.spacing[0] = number(0).unwrap_or(0.0),
            b"Tw" => state.text.spacing[1] = number(0).unwrap_or(0.0),
            b"Tz" => state.text.scale = number(0).unwrap_or(100.0) / 100.0,
            b"TL" => state.text.leading = number(0).unwrap_or(0.0),
            b"Ts" => state.text.rise = number(0).unwrap_or(0.0),
            b"Tr" => state.text.seen = !matches!(number(0).and_then(super::object::whole), Some(3 | 7)),
            b"Td" => self.next_line(number(0).unwrap_or(0.0), number(1).unwrap_or(0.0)),
            b"TD" => {
                state.text.leading = -number(1).unwrap_or(0.0);
                self.next_line(number(0).unwrap_or(0.0), number(1).unwrap_or(0.0));
            }
            b"Tm" => {
                self.line = matrix(operands).unwrap_or(self.line);
                self.matrix = self.line;
            }
            b"T*" => self.next_line(0.0, -state.text.leading),
            b"Tj" => self.show(operands, state, canvas, form)?,
            b"TJ" => self.show(operands.first().and_then(Object::list).unwrap_or_default(), state, canvas, form)?,
            b"'" => {
                self.next_line(0.0, -state.text.leading);
                self.show(operands, state, canvas, form)?;
            }
            b"\"" => {
                state.text.spacing = [number(1).unwrap_or(0.0), number(0).unwrap_or(0.0)];
                self.next_line(0.0, -state.text.leading);
                self.show(operands.get(2..).unwrap_or_default(), state, canvas, form)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn next_line(&mut self, x: f64, y: f64) {
        self.line = self.line.after(Affine([1.0, 0.0, 0.0, 1.0, x, y]));
        self.matrix = self.line;
    }

    fn advance(&mut self, by: f64) {
        self.matrix = self.matrix.after(Affine([1.0, 0.0, 0.0, 1.0, by, 0.0]));
    }

    fn show(&mut self, parts: &[Object], state: &State, canvas: &mut Canvas, form: usize) -> Result<(), Fault> {
        let text = &state.text;
        let Some(font) = &text.font else { return Ok(()) };
        let mut words = String::new();
        let mut start = self.place(state);
        for part in parts {
            match part {
                Object::Number(back) => {
                    let gap = -back / 1_000.0;
                    if gap.abs() > GAP && !words.is_empty() {
                        self.put(std::mem::take(&mut words), start, state, canvas, form)?;
                    }
                    self.advance(gap * text.size * text.scale);
                    if words.is_empty() {
                        start = self.place(state);
                    }
                }
                Object::Text(bytes) => {
                    for glyph in font.glyphs(bytes) {
                        if glyph.text.contains(UNKNOWN) && text.seen && canvas.unknown_fonts.len() < FONTS && !canvas.unknown_fonts.contains(&font.name) {
                            canvas.unknown_fonts.push(font.name.clone());
                        }
                        words.push_str(&direction::seen(&glyph.text));
                        let space = if glyph.is_space { text.spacing[1] } else { 0.0 };
                        self.advance((glyph.width * text.size + text.spacing[0] + space) * text.scale);
                    }
                }
                _ => {}
            }
        }
        self.put(words, start, state, canvas, form)
    }

    fn place(&self, state: &State) -> Point {
        state.matrix.after(self.matrix).apply([0.0, state.text.rise])
    }

    fn put(&self, text: String, start: Point, state: &State, canvas: &mut Canvas, form: usize) -> Result<(), Fault> {
        if !state.text.seen {
            return Ok(());
        }
        let matrix = state.matrix.after(self.matrix);
        let em = length(matrix.turn([0.0, 1.0])) * state.text.size.abs();
        let end = self.place(state);
        put(Piece { text, start, end, along: unit(matrix.turn([1.0, 0.0])), em, form }, canvas)
    }
}

/// Matplotlib up to 3.10 draws characters beyond 255 as forms that are named after them, `F1-DejaVuSans-minus`; tells whether it was one.
pub(super) fn glyph(name: &str, bytes: &[u8], state: &State, canvas: &mut Canvas, form: usize, budget: &Budget) -> Result<bool, Fault> {
    let parts: Vec<&str> = name.split('-').collect();
    let Some(text) = parts.get(2..).and_then(<[_]>::last).and_then(|name| character(name)) else { return Ok(false) };
    let mut lexer = Lexer::of_content(bytes, budget);
    let mut numbers = Vec::new();
    for _ in 0..6 {
        numbers.extend(lexer.object()?.number());
    }
    if numbers.len() != 6 || !lexer.word(b"d1") {
        return Ok(false);
    }
    let (start, end) = (state.matrix.apply([0.0, 0.0]), state.matrix.apply([numbers[0], 0.0]));
    let em = length(state.matrix.turn([0.0, 1_000.0]));
    put(Piece { text, start, end, along: unit(state.matrix.turn([1.0, 0.0])), em, form }, canvas)?;
    Ok(true)
}

fn put(piece: Piece, canvas: &mut Canvas) -> Result<(), Fault> {
    let [x, y] = piece.start;
    let [width, height] = canvas.size;
    // What lies beside the page nobody sees.
    let is_seen = (-1.0..=width + 1.0).contains(&x) && (-1.0..=height + 1.0).contains(&y) && piece.em > 0.1 && piece.em < 1e4;
    let is_sane = piece.end.iter().all(|v| v.abs() < 1e6);
    if is_seen && is_sane && !piece.text.is_empty() {
        canvas.pieces.push(piece);
    }
    if canvas.pieces.len() > limits::PDF_TEXTS { Err("it has more text than is read of one page".into()) } else { Ok(()) }
}

fn length([x, y]: Point) -> f64 {
    x.hypot(y)
}

fn unit(direction: Point) -> Point {
    let length = length(direction);
    if length > 0.0 { direction.map(|v| v / length) } else { [1.0, 0.0] }
}

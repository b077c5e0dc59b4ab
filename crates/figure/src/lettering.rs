//! Words on a canvas, so that the labels of a drawing can be read on its overlay.

use ab_glyph::{Font, FontRef, OutlinedGlyph, PxScale, point};
use mlgrade_picture::geometry::Point;

use super::canvas::Canvas;

const FONT: &[u8] = include_bytes!("text/fonts/dejavu-sans.ttf");

/// Characters of one text that are written.
const MOST_CHARACTERS: usize = 80;

/// Sizes that can be read and are no picture by themselves, in pixels.
const SIZES: std::ops::RangeInclusive<f64> = 4.0..=80.0;

/// How far another font's letters are stretched or squeezed to take the place of the drawing's own.
const STRETCH: std::ops::RangeInclusive<f32> = 0.6..=1.3;

/// A text that was somewhere on a drawing.
#[derive(Debug)]
pub(super) struct Words {
    pub(super) text: String,
    pub(super) middle: Point,
    /// How long it is along its own direction.
    pub(super) length: f64,
    /// The size of its font.
    pub(super) em: f64,
    /// Whether it runs upwards.
    pub(super) turned: bool,
}

/// Writes `words`, made smaller by `factor`.
pub(super) fn write(canvas: &mut Canvas, words: &Words, factor: f64, colour: [u8; 3]) {
    let (em, length) = (words.em / factor, words.length / factor);
    let Ok(face) = FontRef::try_from_slice(FONT) else { return };
    if !SIZES.contains(&em) {
        return;
    }
    let (middle_x, middle_y) = (words.middle[0] / factor, words.middle[1] / factor);
    for glyph in outlines(&face, &words.text, em, length) {
        let bounds = glyph.px_bounds();
        let (left, top) = (f64::from(bounds.min.x), f64::from(bounds.min.y));
        glyph.draw(|x, y, share| {
            let (along, across) = (left + f64::from(x), top + f64::from(y));
            let (x, y) = if words.turned { (middle_x + across, middle_y - along) } else { (middle_x + along, middle_y + across) };
            canvas.dot([x, y], colour, f64::from(share));
        });
    }
}

/// The letters of a text in the middle of which is the origin.
#[expect(clippy::cast_possible_truncation, reason = "sizes of letters in pixels")]
fn outlines(face: &FontRef, text: &str, em: f64, length: f64) -> Vec<OutlinedGlyph> {
    let units = face.units_per_em().unwrap_or(1000.0);
    let (em, length) = (em as f32, length as f32);
    let characters: Vec<char> = text.chars().filter(|c| !c.is_control()).take(MOST_CHARACTERS).collect();
    let advance = |c: char| face.h_advance_unscaled(face.glyph_id(c)) / units * em;
    let natural: f32 = characters.iter().map(|c| advance(*c)).sum();
    let stretch = (length / natural.max(1.0)).clamp(*STRETCH.start(), *STRETCH.end());
    let tall = em * face.height_unscaled() / units;
    let scale = PxScale { x: tall * stretch, y: tall };
    // The middle of digits and capitals is a third of an em above the baseline.
    let mut pen = point(-natural * stretch / 2.0, 0.36 * em);
    let mut glyphs = Vec::new();
    for character in characters {
        glyphs.extend(face.outline_glyph(face.glyph_id(character).with_scale_and_position(scale, pen)));
        pen.x += advance(character) * stretch;
    }
    glyphs
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlgrade_picture::Picture;

    /// The box of all dark pixels: left, top, right, bottom.
    fn dark(words: &Words) -> [usize; 4] {
        let mut canvas = Canvas::new(Picture { width: 100, height: 100, rgb: vec![255; 30_000] });
        write(&mut canvas, words, 1.0, [0; 3]);
        let picture = canvas.into_picture();
        let places = (0..10_000).filter(|i| picture.rgb[3 * i] < 128).map(|i| (i % 100, i / 100));
        places.fold([100, 100, 0, 0], |[l, t, r, b], (x, y)| [l.min(x), t.min(y), r.max(x), b.max(y)])
    }

    #[test]
    fn words_stand_around_their_middle_level_or_upwards() {
        let words = |turned| Words { text: "0.250".to_owned(), middle: [50.0, 40.0], length: 60.0, em: 20.0, turned };
        let [left, top, right, bottom] = dark(&words(false));
        assert!((19..23).contains(&left) && (77..81).contains(&right), "{left} to {right}");
        assert!((30..35).contains(&top) && (45..50).contains(&bottom), "{top} to {bottom}");
        let [left, top, right, bottom] = dark(&words(true));
        assert!(right - left < 18 && bottom - top > 52);
    }

    #[test]
    fn huge_and_tiny_words_are_left_out() {
        for em in [0.5, 5_000.0, f64::NAN, f64::INFINITY] {
            assert_eq!(dark(&Words { text: "8".repeat(300), middle: [50.0, 50.0], length: 1e9, em, turned: false }), [100, 100, 0, 0]);
        }
    }
}

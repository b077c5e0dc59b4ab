//! Heat maps side by side as SVG text: a rectangle for each run of equal values in a row. The same data give the same bytes.

use plotters::prelude::*;

use super::plot::{draw, text};
use mlgrade_domain::number::significant;

/// Pixels of the largest map's side, and around each map.
const SIDE: i32 = 280;
const MARGIN: i32 = 24;
/// Above the maps: the title of all and the titles of each. Below them: what the colours mean.
const ABOVE: i32 = 84;
const BELOW: i32 = 48;

/// Which colours stand for the values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Palette {
    /// 0 is black and 1 white.
    Grey,
    /// Blue below 0, white at 0, vermilion above (the ends are Okabe and Ito 2008), alike to both sides.
    Diverging,
}

/// Numbers drawn as colours.
#[derive(Debug)]
pub(super) struct HeatMap<'h> {
    pub(super) title: &'h str,
    /// Row by row, from the top; rows of equal length.
    pub(super) values: Vec<Vec<f64>>,
    pub(super) palette: Palette,
}

impl HeatMap<'_> {
    /// The greatest size of a value.
    fn size(&self) -> f64 {
        self.values.iter().flatten().fold(0.0, |size: f64, value| size.max(value.abs()))
    }

    fn colours(&self) -> Vec<Vec<RGBColor>> {
        let size = self.size().max(f64::MIN_POSITIVE);
        let colour = |&value: &f64| match self.palette {
            Palette::Grey => blend((0, 0, 0), (255, 255, 255), value),
            Palette::Diverging if value < 0.0 => blend((255, 255, 255), (0, 114, 178), -value / size),
            Palette::Diverging => blend((255, 255, 255), (213, 94, 0), value / size),
        };
        self.values.iter().map(|row| row.iter().map(colour).collect()).collect()
    }

    /// What the colours mean.
    fn legend(&self) -> String {
        match self.palette {
            Palette::Grey => "black 0, white 1".to_owned(),
            Palette::Diverging => format!("blue −{0}, white 0, orange {0}", significant(self.size(), 3)),
        }
    }
}

/// The colour at `share` of the way from one to the other.
fn blend(from: (u8, u8, u8), to: (u8, u8, u8), share: f64) -> RGBColor {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a blend of bytes is a byte")]
    let channel = |from: u8, to: u8| (f64::from(from) + (f64::from(to) - f64::from(from)) * share.clamp(0.0, 1.0)).round() as u8;
    RGBColor(channel(from.0, to.0), channel(from.1, to.1), channel(from.2, to.2))
}

/// The maps from left to right, each in a frame with its title and size in pixels, as SVG.
pub(super) fn side_by_side(title: &str, maps: &[HeatMap<'_>]) -> Result<String, String> {
    let place = |i: usize| MARGIN + i32::try_from(i).unwrap_or(0) * (SIDE + MARGIN);
    let size = (place(maps.len()).unsigned_abs(), (ABOVE + SIDE + BELOW).unsigned_abs());
    draw(size, |root| {
        root.draw(&Text::new(title, (MARGIN, 14), text(22)))?;
        for (i, map) in maps.iter().enumerate() {
            let (rows, columns, left) = (map.values.len(), map.values.first().map_or(0, Vec::len), place(i));
            root.draw(&Text::new(format!("{} ({rows}×{columns})", map.title), (left, ABOVE - 26), text(16)))?;
            let longer = i32::try_from(rows.max(columns).max(1))?;
            let edge = |cells: usize| -> Result<i32, std::num::TryFromIntError> { Ok(SIDE * i32::try_from(cells)? / longer) };
            for (r, row) in map.colours().iter().enumerate() {
                let mut c = 0;
                for run in row.chunk_by(|a, b| a == b) {
                    let corners = [(left + edge(c)?, ABOVE + edge(r)?), (left + edge(c + run.len())?, ABOVE + edge(r + 1)?)];
                    root.draw(&Rectangle::new(corners, run[0].filled()))?;
                    c += run.len();
                }
            }
            root.draw(&Rectangle::new([(left, ABOVE), (left + edge(columns)?, ABOVE + edge(rows)?)], BLACK.stroke_width(1)))?;
            root.draw(&Text::new(map.legend(), (left, ABOVE + SIDE + 14), text(14)))?;
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_lie_where_the_palette_says() {
        let map = |palette| HeatMap { title: "", values: vec![vec![-2.0, 0.0, 1.0, 2.0]], palette };
        assert_eq!(map(Palette::Grey).colours(), [[BLACK, BLACK, WHITE, WHITE]], "beyond 0 and 1 nothing is darker or brighter");
        let diverging = [RGBColor(0, 114, 178), WHITE, RGBColor(234, 175, 128), RGBColor(213, 94, 0)];
        assert_eq!(map(Palette::Diverging).colours(), [diverging]);
        assert_eq!(map(Palette::Diverging).legend(), "blue −2, white 0, orange 2");
    }

    #[test]
    fn equal_neighbours_are_one_rectangle() {
        let map = HeatMap { title: "x", values: vec![vec![0.0, 0.0, 1.0], vec![1.0, 1.0, 1.0]], palette: Palette::Grey };
        let svg = side_by_side("all", &[map]).unwrap();
        // The white ground, two runs and one, and the frame.
        assert_eq!(svg.matches("<rect").count(), 5);
    }
}

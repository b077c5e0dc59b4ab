//! The overlay: the figure faded, with the claim drawn on it where it should be.

use mlgrade_picture::Picture;
use mlgrade_picture::figure::{Content, Figure};
use mlgrade_picture::geometry::Point;

use super::canvas::{Canvas, mix};
use super::claim::Kind;
use super::lettering;
use super::reading::{Reading, SeriesReading};
use super::vector::{Sketch, sketch};

/// The longer side of an overlay in pixels: a larger figure is made smaller.
const LARGEST: usize = 2_000;
/// How much of the figure remains.
const KEPT: f64 = 0.45;
/// More points than this on a curve get no circles, which would only make a fat line.
const MOST_CIRCLES: usize = 60;
/// Points that do not hold.
const OFF: [u8; 3] = [225, 0, 30];

/// The figure with what was claimed and read: its frame, each claimed series in the colour of its curve, and red circles around the
/// points that are not drawn where they belong. Of a drawing the lines and texts are shown; `None` for a figure without a size.
pub fn draw(figure: &Figure, kind: Kind, reading: &Reading) -> Option<Picture> {
    let sketch = match &figure.content {
        Content::Drawing { source, .. } => sketch(source),
        Content::Raster { .. } | Content::Chart { .. } => Sketch::default(),
    };
    let (background, factor) = background(figure, sketch.paper.unwrap_or([255; 3]))?;
    let dark = is_dark(&background);
    let paper = if dark { 0 } else { 255 };
    let pen = [255 - paper; 3];
    let rgb = background.rgb.iter().map(|&value| mix(paper, value, KEPT)).collect();
    let size = background.width.max(background.height) as f64;
    // Lines that are fine on 800 pixels would be invisible on 2,000.
    let unit = (size / 800.0).clamp(0.8, 2.5);
    let mut canvas = Canvas::new(Picture { rgb, ..background });
    let scaled = |place: Point| [place[0] / factor, place[1] / factor];
    for (run, colour) in &sketch.lines {
        let faded = colour.map(|value| mix(paper, value, KEPT));
        run.windows(2).for_each(|pair| canvas.line(scaled(pair[0]), scaled(pair[1]), 1.2 * unit, faded));
    }
    for words in &sketch.words {
        lettering::write(&mut canvas, words, factor, pen.map(|value| mix(paper, value, KEPT)));
    }
    if let Some(frame) = reading.frame {
        let left_top = [frame.left as f64 + 0.5, frame.top as f64 + 0.5];
        let right_bottom = [frame.right as f64 - 0.5, frame.bottom as f64 - 0.5];
        canvas.outline(scaled(left_top), scaled(right_bottom), unit, pen);
    }
    let places = |series: &SeriesReading| -> Vec<Point> { series.points.iter().map(|point| scaled([point.x, point.y])).collect() };
    for series in &reading.series {
        let (colour, places) = (series.colour.unwrap_or(pen), places(series));
        if kind == Kind::Line {
            places.windows(2).for_each(|pair| canvas.line(pair[0], pair[1], 1.4 * unit, colour));
        }
        if kind == Kind::Scatter || places.len() <= MOST_CIRCLES {
            for (place, _) in places.iter().zip(&series.points).filter(|(_, point)| point.holds) {
                canvas.circle(*place, 3.5 * unit, 1.3 * unit, colour);
            }
        }
    }
    // Last, so that no curve hides them.
    for series in &reading.series {
        for (place, _) in places(series).iter().zip(&series.points).filter(|(_, point)| !point.holds) {
            canvas.circle(*place, 7.0 * unit, 2.6 * unit, OFF);
        }
    }
    Some(canvas.into_picture())
}

/// What the claim is drawn on, and by how much it is smaller than the figure.
fn background(figure: &Figure, paper: [u8; 3]) -> Option<(Picture, f64)> {
    let (width, height) = (figure.width as usize, figure.height as usize);
    if width == 0 || height == 0 {
        return None;
    }
    let factor = width.max(height).div_ceil(LARGEST);
    if let Content::Raster { .. } = &figure.content {
        let whole = Picture::of_figure(figure)?;
        // At most `factor - 1` rows and columns at the far edges are lost.
        let (columns, rows) = ((width / factor).max(1) * factor, (height / factor).max(1) * factor);
        let small = if factor == 1 { whole } else { whole.cropped(0, 0, columns, rows)?.shrunk(factor)? };
        return Some((small, factor as f64));
    }
    let (width, height) = ((width / factor).max(1), (height / factor).max(1));
    Some((Picture { width, height, rgb: paper.repeat(width * height) }, factor as f64))
}

/// Whether more of the picture is dark than light.
fn is_dark(picture: &Picture) -> bool {
    let light = |rgb: &[u8]| rgb.iter().map(|&value| usize::from(value)).sum::<usize>() > 3 * 110;
    // Every seventh pixel tells enough.
    let (mut lights, mut all) = (0, 0);
    for pixel in picture.rgb.chunks_exact(3).step_by(7) {
        lights += usize::from(light(pixel));
        all += 1;
    }
    2 * lights < all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::{Frame, PointReading, Verdict};
    use crate::reason::{Contradiction, Outcome};
    use mlgrade_picture::figure::decode;

    fn reading(points: Vec<PointReading>) -> Reading {
        let series = SeriesReading { name: "a".to_owned(), colour: Some([0, 0, 255]), verdict: Verdict::Contradicts, worst: None, points };
        let frame = Some(Frame { left: 10, top: 10, right: 90, bottom: 50 });
        Reading { panel: Some(1), panels: 1, frame, ..Reading::of(Outcome::Contradicts(Contradiction::NothingDrawn), vec![series]) }
    }

    fn raster(width: u32, height: u32, value: u8) -> Figure {
        let bytes = vec![value; (width * height) as usize];
        Figure { path: "x.png".to_owned(), width, height, content: Content::Raster { channels: 1, bytes }, hint: None }
    }

    fn pixel(picture: &Picture, x: usize, y: usize) -> [u8; 3] {
        std::array::from_fn(|channel| picture.rgb[(y * picture.width + x) * 3 + channel])
    }

    const OFF_THE_CURVE: PointReading = PointReading { x: 60.5, y: 30.5, holds: false };

    #[test]
    fn the_claim_is_drawn_on_the_faded_figure_and_what_is_off_is_circled() {
        let points = vec![PointReading { x: 20.5, y: 30.5, holds: true }, OFF_THE_CURVE];
        for (value, paper, pen) in [(255, 255, 0), (20, 9, 255), (200, 230, 0)] {
            let overlay = draw(&raster(100, 60, value), Kind::Line, &reading(points.clone())).unwrap();
            assert_eq!((overlay.width, overlay.height), (100, 60));
            assert_eq!(pixel(&overlay, 2, 2), [paper; 3], "{value} faded");
            assert!(pixel(&overlay, 50, 10)[0].abs_diff(pen) < 160, "the frame");
            assert_eq!(pixel(&overlay, 40, 30), [0, 0, 255], "between the points");
            assert!(pixel(&overlay, 66, 30)[0] > 200 && pixel(&overlay, 66, 30)[1] < 60, "the red circle");
        }
        let scatter = draw(&raster(100, 60, 255), Kind::Scatter, &reading(points)).unwrap();
        assert_eq!(pixel(&scatter, 40, 30), [255; 3], "points of a scatter plot are not joined");
    }

    #[test]
    fn large_figures_become_smaller_and_drawings_are_drawn_on_white() {
        let overlay = draw(&raster(4_100, 90, 255), Kind::Line, &reading(vec![OFF_THE_CURVE])).unwrap();
        assert_eq!((overlay.width, overlay.height), (1_366, 30));
        let drawing = |width: u32, height: u32| decode("x.svg", format!("<svg width='{width}' height='{height}'/>").as_bytes()).unwrap();
        let overlay = draw(&drawing(9_000, 300), Kind::Line, &reading(Vec::new())).unwrap();
        assert_eq!((overlay.width, overlay.height), (1_800, 60));
        assert_eq!(draw(&drawing(0, 300), Kind::Line, &reading(Vec::new())), None);
        let thin = draw(&drawing(1_000_000_000, 1), Kind::Line, &reading(vec![OFF_THE_CURVE])).unwrap();
        assert_eq!(thin.height, 1);
    }
}

//! Tick labels that are turned: the strip beside the axis is turned back and read.

use mlgrade_picture::Picture;
use mlgrade_picture::geometry::Rect;

use crate::raster::layout::axis::Direction;
use crate::reading::Frame;
use crate::text;

use super::axis::Band;
use super::label::{self, Look, Said};

/// By how much labels are turned, in degrees, upwards.
pub(super) const ANGLES: [f64; 5] = [45.0, 30.0, 90.0, 60.0, -45.0];

/// The side of the square in which a label is looked for, as a share of the picture's width or height, and in pixels at least and at most.
const SIDE: f64 = 0.12;
const SIDES: (f64, f64) = (48.0, 240.0);

/// Where a label that is turned by an angle stands beside a place of the axis, if it says what it is said to say.
pub(super) fn label(picture: &Picture, band: &Band, place: f64, angle: f64, said: &Said) -> Option<Rect> {
    let [left, _, _, bottom] = band.frame;
    let (width, height) = (picture.width as f64, picture.height as f64);
    let side = (SIDE * width.max(height)).clamp(SIDES.0, SIDES.1);
    let (left, top) = match band.direction {
        Direction::Across => (place - side / 2.0, bottom + 2.0),
        Direction::Down => (left - 2.0 - side, place - side / 2.0),
    };
    let whole = |value: f64, most: f64| value.round().clamp(0.0, most) as usize;
    let (from, above) = (whole(left, width), whole(top, height));
    let (to, below) = (whole(left + side, width), whole(top + side, height));
    let cut = picture.cropped(from, above, to.saturating_sub(from), below.saturating_sub(above)).filter(|cut| cut.width > 12 && cut.height > 8)?;
    let (patch, back) = turned(&cut, angle.to_radians());
    let areas = text::boxes(&patch).into_iter().map(|word| {
        let middle = back([(word.left + word.right) as f64 / 2.0, (word.top + word.bottom) as f64 / 2.0]);
        let half = (word.bottom - word.top) as f64 / 2.0 / LARGER;
        let [x, y] = [middle[0] + from as f64, middle[1] + above as f64];
        (word, Rect { left: x - half, top: y - half, right: x + half, bottom: y + half })
    });
    let off = |area: &Rect| (area.middle()[usize::from(band.direction == Direction::Down)] - place).abs();
    let mut there: Vec<(Frame, Rect)> = areas.filter(|(_, area)| off(area) <= 1.5 + 0.3 * area.height() && area.height() >= LOWEST).collect();
    let away = |area: &Rect| if band.direction == Direction::Across { area.top - bottom } else { band.frame[0] - area.right };
    there.sort_by(|a, b| away(&a.1).total_cmp(&away(&b.1)));
    // The nearest one may be the tick.
    there.into_iter().take(3).find(|(word, _)| label::look_turned(&patch, said, *word) == Look::Own).map(|(_, area)| area)
}

/// Lower words are no labels, in pixels.
const LOWEST: f64 = 4.0;

/// How much larger the turned picture is: letters lose less.
const LARGER: f64 = 2.0;

/// The picture turned clockwise by an angle and made larger, on paper of the colour at its corner, and the map from its places back to those of `picture`.
fn turned(picture: &Picture, angle: f64) -> (Picture, impl Fn([f64; 2]) -> [f64; 2]) {
    let (sin, cos) = angle.sin_cos();
    let (width, height) = (picture.width as f64, picture.height as f64);
    let size = [width * cos.abs() + height * sin.abs(), width * sin.abs() + height * cos.abs()].map(|side| (LARGER * side).ceil());
    let place = move |[x, y]: [f64; 2]| {
        let (u, v) = ((x - size[0] / 2.0) / LARGER, (y - size[1] / 2.0) / LARGER);
        [width / 2.0 + u * cos + v * sin, height / 2.0 - u * sin + v * cos]
    };
    let paper = picture.rgb.last_chunk::<3>().copied().unwrap_or([255; 3]);
    let pixel = |x: f64, y: f64| {
        let inside = x >= 0.0 && y >= 0.0 && x < width && y < height;
        if inside { picture.rgb[(y as usize * picture.width + x as usize) * 3..].first_chunk::<3>().copied().unwrap_or(paper) } else { paper }
    };
    let mut rgb = Vec::with_capacity(size[0] as usize * size[1] as usize * 3);
    for y in 0..size[1] as usize {
        for x in 0..size[0] as usize {
            // Between the middles of four pixels.
            let [x, y] = place([x as f64 + 0.5, y as f64 + 0.5]).map(|at| at - 0.5);
            let (u, v) = (x - x.floor(), y - y.floor());
            let corners = [(0.0, 0.0, (1.0 - u) * (1.0 - v)), (1.0, 0.0, u * (1.0 - v)), (0.0, 1.0, (1.0 - u) * v), (1.0, 1.0, u * v)];
            let mut sum = [0.5; 3];
            for (dx, dy, share) in corners {
                let colour = pixel(x.floor() + dx, y.floor() + dy);
                sum.iter_mut().zip(colour).for_each(|(sum, channel)| *sum += share * f64::from(channel));
            }
            rgb.extend(sum.map(|sum| sum as u8));
        }
    }
    (Picture { width: size[0] as usize, height: size[1] as usize, rgb }, place)
}

//! What shines through a legend: most libraries draw its box a little transparent, so curves under it are pale but there.

use crate::reading::Frame;
use mlgrade_picture::Picture;
use mlgrade_picture::geometry::Rect;

use crate::raster::ink::trace::Cover;
use crate::raster::ink::{Cell, Ink, dot, unit, usual_colour};

/// Less than this is noise, of 441.
const LEAST_STRENGTH: f32 = 11.0;
/// What differs less from a box's colour than this is blank.
const BLANK: f32 = 5.0;
/// How near a pale pixel's direction must be to its layer's (a cosine).
const LIKE: f32 = 0.94;
/// How much of the ink a legend lets through, at least and at most.
const THINNEST: f32 = 0.06;
const THICKEST: f32 = 0.5;
/// Pale pixels that it takes to call a legend transparent.
const LEAST_PIXELS: usize = 40;

/// A pale pixel: its place on the panel, its layer, and its share of the layer's strength.
type Ghost = (usize, u8, f32);

/// Makes the ink that shines through the boxes of `cover` ink of its layer, and returns the boxes that hide what is under them. In the
/// others, only what is blank is paper.
pub(in crate::raster) fn lift(ink: &mut Ink, picture: &Picture, panel: Frame, cover: Cover) -> Cover {
    let opaque = |area: &Rect| {
        let pale = pale(ink, picture, panel, *area);
        let ghosts: Vec<Ghost> = pale.iter().filter_map(|&(place, d)| ghost(ink, place, d)).collect();
        let mut shares: Vec<f32> = ghosts.iter().map(|(.., share)| *share).collect();
        if shares.len() < LEAST_PIXELS {
            return true;
        }
        // The even inside of what shines through is strongest, its edges are weaker.
        let upper = shares.len() * 4 / 5;
        let through = *shares.select_nth_unstable_by(upper, f32::total_cmp).1;
        for (place, _) in pale {
            ink.cells[place] = Cell::Other;
        }
        for (place, layer, share) in ghosts {
            if share > 0.45 * through && share < 1.6 * through {
                ink.cells[place] = Cell::Ink(layer);
            }
        }
        false
    };
    Cover { boxes: cover.boxes.into_iter().filter(opaque).collect() }
}

/// The pixels in a box that are of no layer and not blank, by place, with the way from the box's usual colour to theirs.
fn pale(ink: &Ink, picture: &Picture, panel: Frame, area: Rect) -> Vec<(usize, [f32; 3])> {
    let whole = |v: f64, most: usize| v.clamp(0.0, most as f64) as usize;
    let inside = Frame {
        left: panel.left + whole(area.left + 1.0, ink.width),
        top: panel.top + whole(area.top + 1.0, ink.height),
        right: panel.left + whole(area.right - 1.0, ink.width),
        bottom: panel.top + whole(area.bottom - 1.0, ink.height),
    };
    if inside.left >= inside.right || inside.top >= inside.bottom {
        return Vec::new();
    }
    let paper = usual_colour(picture, inside);
    let mut found = Vec::new();
    for y in inside.top..inside.bottom {
        for x in inside.left..inside.right {
            let place = (y - panel.top) * ink.width + x - panel.left;
            let pixel = &picture.rgb[(y * picture.width + x) * 3..][..3];
            let d = [0, 1, 2].map(|c| f32::from(pixel[c]) - paper[c]);
            if matches!(ink.cells[place], Cell::Paper | Cell::Other) && dot(d, d) > BLANK * BLANK {
                found.push((place, d));
            }
        }
    }
    found
}

/// A pale pixel as ink that shines through, if it has the direction of a layer.
fn ghost(ink: &Ink, place: usize, d: [f32; 3]) -> Option<Ghost> {
    let strength = dot(d, d).sqrt();
    let (i, layer) = ink.layers.iter().enumerate().max_by(|a, b| a.1.along(d).total_cmp(&b.1.along(d)))?;
    let share = strength / layer.strength();
    // The soft edges of letters and of full ink are pale too.
    let soft = layer.is_grey() || ink.beside(place).any(|next| matches!(ink.cells[next], Cell::Ink(_)));
    let like = layer.along(unit(d)) > LIKE && strength >= LEAST_STRENGTH;
    (like && !soft && (THINNEST..=THICKEST).contains(&share)).then_some((place, i as u8, share))
}

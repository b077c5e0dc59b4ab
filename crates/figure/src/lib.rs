#![doc = include_str!("../README.md")]

mod assignment;
pub mod bars;
mod canvas;
pub mod claim;
pub mod contents;
pub mod histogram;
pub mod labels;
mod lettering;
pub mod matrix;
mod names;
pub mod overlay;
mod plane;
mod raster;
pub mod reading;
pub mod reason;
mod text;
mod track;
pub mod variants;
mod vector;
mod words;

use mlgrade_picture::figure::{self, Figure};
use mlgrade_picture::{Picture, on_white};

use claim::Claim;
use contents::Contents;
use reading::Reading;
use reason::matrix::Open;
use reason::{BarDoubt, Doubt};

/// The share of a figure's pixels that must differ from its background, in millionths: a few thin lines are enough.
const INK_PER_MILLION: u64 = 100;

/// How far a channel must differ from the background's to count, of 255. JPEG noise stays below.
const INK_LEVELS: u8 = 24;

/// A figure that was read once, to be held against any number of claims.
#[derive(Debug)]
pub struct Plot(Content);

#[derive(Debug)]
enum Content {
    Raster(Box<raster::Plot>),
    Vector(vector::Plot),
}

impl Plot {
    /// Reads the text and the axes of `figure`.
    pub fn of(figure: &Figure) -> Self {
        Self(
            Picture::of_figure(figure).map_or_else(
                || Content::Vector(vector::Plot::of(figure)),
                |picture| Content::Raster(Box::new(raster::Plot::of(picture, figure.hint.as_ref()))),
            ),
        )
    }

    /// Holds `claim` against the figure. `panel` counts from 1, left to right and top to bottom; without it the panel is taken that
    /// shows the claim best.
    pub fn read(&self, claim: &Claim, panel: Option<usize>) -> Reading {
        match &self.0 {
            Content::Raster(plot) => plot.read(claim, panel),
            Content::Vector(plot) => plot.read(claim, panel),
        }
    }

    /// What stands on the figure, without a claim.
    pub fn contents(&self) -> Contents {
        match &self.0 {
            Content::Raster(plot) => plot.contents(),
            Content::Vector(plot) => plot.contents(),
        }
    }

    /// Holds a claimed matrix against the figure. `panel` counts matrices from 1, left to right and top to bottom; without it the
    /// matrix is taken that shows the claim best.
    pub fn read_matrix(&self, claim: &matrix::Claim, panel: Option<usize>) -> Reading {
        match &self.0 {
            Content::Raster(plot) => plot.read_matrix(claim, panel),
            Content::Vector(_) => Reading::unread(Doubt::Matrix(Open::Drawing), 0),
        }
    }

    /// Holds claimed bars against the figure; see [`Self::read`]. The points of the reading are the ends of the bars.
    pub fn read_bars(&self, claim: &bars::Claim, panel: Option<usize>) -> Reading {
        match &self.0 {
            Content::Raster(plot) => plot.read_bars(claim, panel),
            Content::Vector(_) => Reading::unread(Doubt::Bars(BarDoubt::NotPixels), 0),
        }
    }

    /// Holds the data of claimed histograms against the figure; see [`Self::read`]. The points of the reading are the tops of the bins.
    pub fn read_histogram(&self, claim: &histogram::Claim, panel: Option<usize>) -> Reading {
        match &self.0 {
            Content::Raster(plot) => plot.read_histogram(claim, panel),
            Content::Vector(_) => Reading::unread(Doubt::Bars(BarDoubt::NotPixels), 0),
        }
    }
}

/// Holds `claim` against `figure`: [`Plot::read`] for one claim.
pub fn read(figure: &Figure, claim: &Claim, panel: Option<usize>) -> Reading {
    Plot::of(figure).read(claim, panel)
}

/// Whether nothing is drawn on the figure: one flat colour, up to noise.
pub fn is_blank(figure: &Figure) -> bool {
    match &figure.content {
        figure::Content::Drawing { marks, .. } => *marks < 2,
        figure::Content::Chart { chart, .. } => vector::draws_nothing(chart),
        figure::Content::Raster { channels, bytes } => {
            let pixels = u64::from(figure.width) * u64::from(figure.height);
            let enough = usize::try_from((pixels * INK_PER_MILLION).div_ceil(1_000_000)).unwrap_or(usize::MAX).max(1);
            let mut pixels = bytes.chunks_exact(*channels);
            let Some(background) = pixels.next().map(on_white) else { return true };
            // The raw bytes are compared first: most pixels equal the background exactly.
            let first = &bytes[..*channels];
            pixels.filter(|pixel| *pixel != first && differs(on_white(pixel), background)).take(enough).count() < enough
        }
    }
}

fn differs(a: [u8; 3], b: [u8; 3]) -> bool {
    a.into_iter().zip(b).any(|(a, b)| a.abs_diff(b) > INK_LEVELS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raster(channels: usize, bytes: Vec<u8>) -> Figure {
        Figure { path: "x.png".to_owned(), width: 100, height: 100, content: figure::Content::Raster { channels, bytes }, hint: None }
    }

    #[test]
    fn one_colour_and_noise_are_blank_and_a_line_is_not() {
        let mut grey = vec![200; 10_000];
        assert!(is_blank(&raster(1, grey.clone())));
        for (i, pixel) in grey.iter_mut().enumerate() {
            *pixel += u8::try_from(i % 7).unwrap_or(0);
        }
        assert!(is_blank(&raster(1, grey.clone())), "noise");
        grey[5000..5100].fill(0);
        assert!(!is_blank(&raster(1, grey)), "a line across");
    }

    #[test]
    fn colours_below_full_transparency_are_not_seen() {
        let invisible: Vec<u8> = (0..10_000_u32).flat_map(|i| [u8::try_from(i % 251).unwrap_or(0), 0, 0, 0]).collect();
        assert!(is_blank(&raster(4, invisible)));
    }
}

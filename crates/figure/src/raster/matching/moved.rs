//! A value that is drawn elsewhere than claimed, where the claim lies on other ink of its colour or is hidden: nothing is missing there, but
//! ink is left that nobody claims. One claimed value is called false if it alone, moved up or down, would explain that ink.

mod line;
mod marker;

pub(in crate::raster) use line::find as find_on_lines;
pub(in crate::raster) use marker::find as find_among_markers;

/// A value that is drawn so near to where it is claimed is drawn badly, in pixels.
const LEAST_WAY: f64 = 5.0;

/// A claimed point and where it is drawn.
#[derive(Debug, Clone, Copy)]
struct Moved {
    series: usize,
    vertex: usize,
    /// The row where it would explain the ink.
    row: f64,
    /// How many more pixels it would explain there.
    gain: f64,
}

/// The one point that explains all: a drawing that is a little off all along seems to have several.
fn only(found: &[Moved]) -> Option<Moved> {
    let best = *found.iter().max_by(|a, b| a.gain.total_cmp(&b.gain))?;
    found.iter().all(|other| (other.series, other.vertex) == (best.series, best.vertex)).then_some(best)
}

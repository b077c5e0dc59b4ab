//! What stands on a panel of pixels, colour by colour.

use crate::contents::{Axis, Drawn, Looks, Panel as Listed};
use crate::raster::ink::{Cell, Ink};
use crate::raster::layout::panels::Panel;
use crate::raster::layout::scale::Scale;
use crate::raster::legend::Legend;
use crate::reading::Furniture;
use mlgrade_picture::Picture;

/// Fewer pixels of a colour than this are not listed.
const LEAST: usize = 20;

/// A connected piece at least this long, as a share of all that is drawn in its colour, is a line.
const LONG: f64 = 0.4;

/// Pieces that follow each other and cover this share of the columns are dashes.
const DASHED: f64 = 0.4;

/// Strokes wider than this share of the shorter side are areas.
const WIDE: f64 = 0.1;

/// How long ticks inside the frame are at most, in pixels or as a sixtieth of the longer side, and how far from its edge they begin.
const TICK: usize = 8;
const EDGE: usize = 3;

/// How many values of a line are listed.
const VALUES: usize = 6;

/// Lists what is drawn on a panel.
pub(super) fn list(number: usize, picture: &Picture, panel: &Panel, ink: &Ink, legend: &Legend) -> Listed {
    let sure = panel.doubt.is_none();
    let axis = |scale: Scale, from: usize, to: usize| Axis { ends: [scale.value(from as f64), scale.value(to as f64)], log: scale.log, sure };
    let said = legend.entries_of(picture, ink);
    let drawn = (0..ink.layers.len()).filter_map(|layer| {
        let names = said.iter().filter(|(of, _)| usize::from(*of) == layer).map(|(_, text)| text.clone()).collect();
        drawn(panel, ink, legend, layer as u8, names)
    });
    let mut drawn: Vec<Drawn> = drawn.collect();
    // What a legend names comes first, in the order of the colours' amounts.
    drawn.sort_by_key(|one| one.names.is_empty());
    Listed {
        number,
        frame: Some(panel.frame),
        x: Some(axis(panel.x, panel.frame.left, panel.frame.right)),
        y: vec![axis(panel.y, panel.frame.bottom, panel.frame.top)],
        furniture: Furniture { colours: ink.layers.len(), legend: !legend.entries.is_empty(), ..panel.furniture },
        drawn,
    }
}

/// What is drawn in the colour of a layer; `None` if that is but text, a handle of the legend, or next to nothing.
fn drawn(panel: &Panel, ink: &Ink, legend: &Legend, layer: u8, names: Vec<String>) -> Option<Drawn> {
    let pieces = pieces(ink, legend, layer);
    let pixels: usize = pieces.iter().map(|piece| piece.places.len()).sum();
    if pixels < LEAST {
        return None;
    }
    let place = |x: f64, y: f64| [panel.x.value(x + panel.frame.left as f64), panel.y.value(y + panel.frame.top as f64)];
    let bounds = pieces.iter().fold([usize::MAX, 0, usize::MAX, 0], |[left, right, top, bottom], piece| {
        [left.min(piece.columns[0]), right.max(piece.columns[1]), top.min(piece.rows[0]), bottom.max(piece.rows[1])]
    });
    let [left, right, top, bottom] = bounds.map(|at| at as f64);
    let (low, high) = (place(left, bottom + 1.0), place(right + 1.0, top));
    let columns = Columns::of(ink, &pieces);
    let looks = looks(ink, layer, &pieces, &columns, right - left + 1.0);
    let at = |(x, row): (usize, f64)| place(x as f64 + 0.5, row);
    let values = if looks == Looks::Line { columns.spread(VALUES).into_iter().map(at).collect() } else { Vec::new() };
    let sorted = |a: f64, b: f64| [a.min(b), a.max(b)];
    let extent = Some([sorted(low[0], high[0]), sorted(low[1], high[1])]);
    Some(Drawn { colour: Some(ink.layers[usize::from(layer)].colour), names, looks, extent, values })
}

fn looks(ink: &Ink, layer: u8, pieces: &[Piece], columns: &Columns, width: f64) -> Looks {
    if ink.layers[usize::from(layer)].stroke > WIDE * ink.width.min(ink.height) as f64 {
        return Looks::Area;
    }
    let longest = pieces.iter().map(Piece::width).max().unwrap_or(0) as f64;
    // Dashes stand one after the other; markers of a scatter plot above each other too.
    let follow = columns.usual == 1 && columns.inked() as f64 >= DASHED * width && pieces.len() > 3;
    match columns.usual {
        1 if longest >= LONG * width || follow => Looks::Line,
        lines if lines > 1 && longest >= LONG * width => Looks::Lines(lines),
        _ => Looks::Points(pieces.len()),
    }
}

/// A connected piece of ink of one layer.
struct Piece {
    places: Vec<usize>,
    /// Its first and last column.
    columns: [usize; 2],
    /// Its first and last row.
    rows: [usize; 2],
}

impl Piece {
    fn width(&self) -> usize {
        self.columns[1] - self.columns[0] + 1
    }

    /// Whether it is as small as a tick and touches the frame's edge.
    fn is_tick(&self, ink: &Ink) -> bool {
        let longest = TICK.max(ink.width.max(ink.height) / 60);
        let is_small = self.width() <= longest && self.rows[1] - self.rows[0] < longest;
        let at_edge = |ends: [usize; 2], length: usize| ends[0] <= EDGE || ends[1] + EDGE + 1 >= length;
        is_small && (at_edge(self.columns, ink.width) || at_edge(self.rows, ink.height))
    }
}

/// The connected pieces of a layer of more than a few pixels, without those that a legend owns.
fn pieces(ink: &Ink, legend: &Legend, layer: u8) -> Vec<Piece> {
    let mut taken = vec![false; ink.cells.len()];
    let mut pieces = Vec::new();
    for place in 0..ink.cells.len() {
        if taken[place] || ink.cells[place] != Cell::Ink(layer) {
            continue;
        }
        let places = ink.piece(place, &mut taken);
        let owned = places.iter().filter(|&&place| legend.around.holds(ink.middle_of(place))).count();
        if places.len() < 3 || owned * 2 > places.len() {
            continue;
        }
        let extent = |of: &dyn Fn(usize) -> usize| places.iter().fold([usize::MAX, 0], |[least, most], &place| [least.min(of(place)), most.max(of(place))]);
        let piece = Piece { columns: extent(&|place| place % ink.width), rows: extent(&|place| place / ink.width), places };
        if !(ink.layers[usize::from(layer)].is_grey() && piece.is_tick(ink)) {
            pieces.push(piece);
        }
    }
    pieces
}

/// The runs of ink in each column.
struct Columns {
    /// The first and last rows of each run, by column.
    runs: Vec<Vec<[usize; 2]>>,
    /// How many runs most inked columns have.
    usual: usize,
}

impl Columns {
    fn of(ink: &Ink, pieces: &[Piece]) -> Self {
        let mut rows: Vec<Vec<usize>> = vec![Vec::new(); ink.width];
        for &place in pieces.iter().flat_map(|piece| &piece.places) {
            rows[place % ink.width].push(place / ink.width);
        }
        let of_column = |rows: &mut Vec<usize>| {
            rows.sort_unstable();
            rows.chunk_by(|a, b| a + 1 == *b).map(|run| [run[0], run[run.len() - 1]]).collect::<Vec<_>>()
        };
        let runs: Vec<Vec<[usize; 2]>> = rows.iter_mut().map(of_column).collect();
        let mut counts: Vec<usize> = runs.iter().map(Vec::len).filter(|count| *count > 0).collect();
        counts.sort_unstable();
        Self { usual: counts.get(counts.len() / 2).copied().unwrap_or(0), runs }
    }

    /// How many columns have ink.
    fn inked(&self) -> usize {
        self.runs.iter().filter(|runs| !runs.is_empty()).count()
    }

    /// Columns with one run of ink each, `count` of them from the first to the last, and the middle row of it.
    fn spread(&self, count: usize) -> Vec<(usize, f64)> {
        let single = |x: &usize| self.runs[*x].len() == 1;
        let columns: Vec<usize> = (0..self.runs.len()).filter(single).collect();
        let (Some(first), Some(last)) = (columns.first(), columns.last()) else { return Vec::new() };
        let wanted = (0..count).map(|i| first + (last - first) * i / (count - 1).max(1));
        let mut spread: Vec<usize> = wanted.filter_map(|at| columns.iter().copied().min_by_key(|x| x.abs_diff(at))).collect();
        spread.dedup();
        spread.into_iter().map(|x| (x, f64::midpoint(self.runs[x][0][0] as f64, self.runs[x][0][1] as f64 + 1.0))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::Frame;

    /// A panel of 200 by 100 pixels over 0 to 200 and 0 to 10, with what `pixel` draws.
    fn listed(pixel: impl Fn(usize, usize) -> Option<[u8; 3]>) -> Vec<Drawn> {
        let rgb = (0..100).flat_map(|y| (0..200).map(move |x| (x, y))).flat_map(|(x, y)| pixel(x, y).unwrap_or([255; 3])).collect();
        let picture = Picture { width: 200, height: 100, rgb };
        let frame = Frame { left: 0, top: 0, right: 200, bottom: 100 };
        let (x, y) = (Scale { origin: 0.0, unit: 1.0, log: false }, Scale { origin: 100.0, unit: -10.0, log: false });
        let panel = Panel { frame, x, y, furniture: Furniture::default(), percent: false, doubt: None, said: None };
        let ink = Ink::of(&picture, frame);
        list(1, &picture, &panel, &ink, &Legend::default()).drawn
    }

    #[test]
    fn a_line_has_values_and_markers_are_counted() {
        let blue = [31, 119, 180];
        // From (20, 2) to (180, 8) in the units of the axes.
        let line = |x: usize, y: usize| {
            let at = 80.0 - (x as f64 + 0.5 - 20.0) * 60.0 / 160.0;
            ((20..180).contains(&x) && (y as f64 + 0.5 - at).abs() <= 1.5).then_some(blue)
        };
        let drawn = listed(line);
        assert_eq!((drawn.len(), drawn[0].looks), (1, Looks::Line));
        let (first, last) = (drawn[0].values[0], drawn[0].values[drawn[0].values.len() - 1]);
        let near = |a: [f64; 2], b: [f64; 2]| (a[0] - b[0]).abs() < 1.5 && (a[1] - b[1]).abs() < 0.15;
        assert!(near(first, [20.0, 2.0]) && near(last, [180.0, 8.0]), "{first:?} {last:?}");

        let dots = listed(|x, y| (x % 40 < 5 && y % 25 < 5).then_some(blue));
        assert_eq!(dots[0].looks, Looks::Points(20), "5 columns of 4 markers");
        assert_eq!(dots[0].values, Vec::<[f64; 2]>::new());
    }

    #[test]
    fn dashes_are_one_line_two_curves_of_a_colour_are_two_and_bars_are_areas() {
        let red = [214, 39, 40];
        let dashes = listed(|x, y| ((40..43).contains(&y) && x % 12 < 8).then_some(red));
        assert_eq!(dashes[0].looks, Looks::Line);
        let two = listed(|_, y| ((40..43).contains(&y) || (70..73).contains(&y)).then_some(red));
        assert_eq!(two[0].looks, Looks::Lines(2));
        let bars = listed(|x, y| (y > 30 && x % 60 < 40).then_some(red));
        assert_eq!(bars[0].looks, Looks::Area);
    }
}

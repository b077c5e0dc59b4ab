//! The walks of all methods over the level lines of their surfaces, as one figure.

use plotters::prelude::*;

use super::contours::{Grid, Window};
use super::surfaces::Surface;
use super::walks::Walk;
use crate::optimizer::METHODS;
use crate::plot::{COLOURS, draw, text};

/// Cells of the grid along a side, and level lines of a surface.
const CELLS: usize = 60;
const LEVELS: usize = 14;
const LEVEL: RGBColor = RGBColor(190, 190, 190);

/// Two by two panels as SVG; `walks` are those of each surface, by method.
pub(super) fn svg(surfaces: &[Surface], walks: &[Vec<Walk>]) -> Result<String, String> {
    draw((1_000, 960), |root| {
        let root = root.titled("Five optimizers on four surfaces", text(22))?;
        let (legend, panels) = root.split_vertically(34);
        for (i, (name, _)) in (0..).zip(METHODS) {
            let (colour, x) = (COLOURS[i % COLOURS.len()], 90 + 170 * i32::try_from(i)?);
            legend.draw(&PathElement::new([(x, 20), (x + 30, 20)], colour.stroke_width(3)))?;
            legend.draw(&Text::new(*name, (x + 38, 12), text(15)))?;
        }
        for ((surface, walks), area) in surfaces.iter().zip(walks).zip(panels.split_evenly((2, 2))) {
            let path = |walk: &Walk| -> Vec<(f64, f64)> { std::iter::once(&surface.start).chain(&walk.positions).map(|&[x, y]| (x, y)).collect() };
            let paths: Vec<Vec<(f64, f64)>> = walks.iter().map(path).collect();
            let window = around(paths.iter().flatten());
            let mut chart = ChartBuilder::on(&area)
                .caption(surface.title, text(16))
                .margin(10)
                .x_label_area_size(40)
                .y_label_area_size(52)
                .build_cartesian_2d(window.low[0]..window.high[0], window.low[1]..window.high[1])?;
            chart.configure_mesh().disable_mesh().label_style(text(13)).axis_desc_style(text(15)).x_desc("x").y_desc("y").draw()?;
            let grid = Grid::new(window, CELLS, surface.loss);
            let lines = grid.levels(LEVELS).into_iter().flat_map(|level| grid.lines(level));
            chart.draw_series(lines.map(|line| PathElement::new(line.into_iter().map(|[x, y]| (x, y)).collect::<Vec<_>>(), LEVEL)))?;
            for (i, path) in paths.into_iter().enumerate() {
                let colour = COLOURS[i % COLOURS.len()];
                chart.draw_series(path.iter().take(6).map(|&place| Circle::new(place, 3, colour.filled())))?;
                chart.draw_series(LineSeries::new(path, colour.stroke_width(2)))?;
            }
            chart.draw_series([Circle::new((surface.start[0], surface.start[1]), 5, BLACK.filled())])?;
        }
        Ok(())
    })
}

/// The least window that holds all `places`, with a margin.
fn around<'p>(places: impl Iterator<Item = &'p (f64, f64)> + Clone) -> Window {
    let bounds =
        |values: &mut dyn Iterator<Item = f64>| values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
    let (x, y) = (bounds(&mut places.clone().map(|place| place.0)), bounds(&mut places.map(|place| place.1)));
    let margin = |(low, high): (f64, f64)| 0.12 * (high - low).max(1e-9);
    Window { low: [x.0 - margin(x), y.0 - margin(y)], high: [x.1 + margin(x), y.1 + margin(y)] }
}

//! Plots as SVG text: curves over a shared x-axis, and scatter plots of groups. The same data give the same bytes.

use std::error::Error;

use plotters::coord::Shift;
use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};
use plotters::prelude::*;

/// Colours that people of every colour vision tell apart (Okabe and Ito 2008).
pub(super) const COLOURS: [RGBColor; 6] =
    [RGBColor(0, 114, 178), RGBColor(213, 94, 0), RGBColor(0, 158, 115), RGBColor(204, 121, 167), RGBColor(86, 180, 233), RGBColor(230, 159, 0)];
/// A curve of more points than this is drawn without markers.
const MOST_MARKERS: usize = 60;
const FONT: &str = "sans-serif";
const TEXT: RGBColor = RGBColor(40, 40, 40);
const GRID: RGBColor = RGBColor(222, 222, 222);

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Drawn = Result<(), Box<dyn Error>>;

/// How numbers lie along an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scale {
    Linear,
    /// Powers of two lie evenly, and every x has its tick.
    Log2,
    Log10,
}

/// A curve with its legend; curves of one thing share a colour.
#[derive(Debug)]
pub(super) struct Curve {
    pub(super) name: String,
    pub(super) y: Vec<f64>,
    pub(super) colour: usize,
    pub(super) dashed: bool,
}

/// Curves over shared x values.
#[derive(Debug)]
pub(super) struct LinePlot<'p> {
    pub(super) title: &'p str,
    pub(super) x_label: &'p str,
    pub(super) y_label: &'p str,
    pub(super) x: &'p [f64],
    pub(super) x_scale: Scale,
    pub(super) y_scale: Scale,
    pub(super) curves: Vec<Curve>,
}

/// Points of one group, such as a species.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) name: String,
    pub(super) points: Vec<(f64, f64)>,
}

/// A straight line, such as one that separates two groups.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) name: String,
    /// a, b and c of a x + b y + c = 0, in the units of the axes.
    pub(super) coefficients: [f64; 3],
}

/// One scatter plot.
#[derive(Debug)]
pub(super) struct Panel {
    pub(super) x_label: String,
    pub(super) y_label: String,
    pub(super) groups: Vec<Group>,
    pub(super) lines: Vec<Line>,
}

/// What `draw` draws on a white area of this size, as SVG.
pub(super) fn draw(size: (u32, u32), draw: impl FnOnce(&Area<'_>) -> Drawn) -> Result<String, String> {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        area.fill(&WHITE).map_err(|error| error.to_string())?;
        draw(&area).map_err(|error| error.to_string())?;
        area.present().map_err(|error| error.to_string())?;
    }
    Ok(svg)
}

/// Text of this size, in pixels.
pub(super) fn text(size: u32) -> TextStyle<'static> {
    TextStyle::from((FONT, size)).color(&TEXT)
}

impl Scale {
    fn place(self, value: f64) -> f64 {
        match self {
            Self::Linear => value,
            Self::Log2 => value.log2(),
            Self::Log10 => value.log10(),
        }
    }

    fn label(self, place: f64) -> String {
        let value = match self {
            // An axis does not say -0.
            Self::Linear => place + 0.0,
            Self::Log2 => place.exp2(),
            Self::Log10 => 10_f64.powf(place),
        };
        mlgrade_domain::number::significant(value, 3)
    }

    /// Where ticks stand between the places `low` and `high`.
    fn ticks(self, low: f64, high: f64) -> Vec<f64> {
        match self {
            Self::Linear | Self::Log2 => {
                // Steps of 1, 2 or 5 times a power of ten, so that there are four to ten.
                let rough = (high - low) / 8.0;
                let power = 10_f64.powf(rough.log10().floor());
                let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|factor| factor * power).find(|step| *step >= rough).unwrap_or(power);
                multiples(step, low, high)
            }
            Self::Log10 => {
                let decades = multiples(1.0, low.floor(), high);
                let ticks = |factors: &[f64]| -> Vec<f64> {
                    let all = decades.iter().flat_map(|decade| factors.iter().map(move |factor| decade + factor.log10()));
                    all.filter(|place| (low..=high).contains(place)).collect()
                };
                match ticks(&[1.0, 2.0, 5.0]) {
                    _ if decades.len() > 4 => ticks(&[1.0]),
                    // Two or three numbers hardly tell a logarithmic axis from a linear one.
                    few if few.len() < 4 => ticks(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]),
                    enough => enough,
                }
            }
        }
    }
}

/// The multiples of `step` from `low` to `high`.
fn multiples(step: f64, low: f64, high: f64) -> Vec<f64> {
    let mut ticks = Vec::new();
    let mut tick = (low / step).ceil();
    while ticks.len() < 40 && tick * step <= high + step * 1e-9 {
        ticks.push(tick * step);
        tick += 1.0;
    }
    ticks
}

/// The least and the greatest of `values` and a margin of `share` of their distance around them.
fn range(values: impl Iterator<Item = f64>, share: f64) -> (f64, f64) {
    let (low, high) = values.filter(|value| value.is_finite()).fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
    match high - low {
        width if width > 0.0 => (low - share * width, high + share * width),
        width if width.is_finite() => (low - 0.5, high + 0.5),
        _ => (0.0, 1.0),
    }
}

impl LinePlot<'_> {
    /// The plot as SVG, its legend to the right of the frame, where it hides nothing.
    pub(super) fn svg(&self) -> Result<String, String> {
        draw((900, 560), |root| {
            let root = root.titled(self.title, text(22))?;
            let (left, right) = root.split_horizontally(655);
            let (x_scale, y_scale) = (self.x_scale, self.y_scale);
            let x: Vec<f64> = self.x.iter().map(|&x| x_scale.place(x)).collect();
            let places = |curve: &Curve| -> Vec<(f64, f64)> {
                x.iter().copied().zip(curve.y.iter().map(|&y| y_scale.place(y))).filter(|(_, y)| y.is_finite()).collect()
            };
            let curves: Vec<Vec<(f64, f64)>> = self.curves.iter().map(places).collect();
            let mut x_axis = Axis::new(x_scale, x.iter().copied(), 0.03);
            if x_scale == Scale::Log2 {
                x_axis.ticks.clone_from(&x);
            }
            let y_axis = Axis::new(y_scale, curves.iter().flatten().map(|place| place.1), 0.05);
            let mut chart = framed(&left, x_axis, y_axis, self.x_label, self.y_label)?;
            for (curve, places) in self.curves.iter().zip(curves) {
                let style = COLOURS[curve.colour % COLOURS.len()].stroke_width(2);
                if curve.dashed {
                    chart.draw_series(DashedLineSeries::new(places.clone(), 7, 5, style))?;
                } else {
                    chart.draw_series(LineSeries::new(places.clone(), style))?;
                }
                // Many markers would only make a fat line.
                let markers = if places.len() > MOST_MARKERS { &[][..] } else { &places[..] };
                chart.draw_series(markers.iter().map(|place| Circle::new(*place, 3, style.filled())))?;
            }
            for (row, curve) in (0..).zip(&self.curves) {
                let (style, y) = (COLOURS[curve.colour % COLOURS.len()].stroke_width(2), 40 + 26 * row);
                let dashes: &[(i32, i32)] = if curve.dashed { &[(0, 7), (12, 19), (24, 30)] } else { &[(0, 30)] };
                for &(from, to) in dashes {
                    right.draw(&PathElement::new([(4 + from, y), (4 + to, y)], style))?;
                }
                right.draw(&Circle::new((19, y), 3, style.filled()))?;
                right.draw(&Text::new(curve.name.as_str(), (42, y - 7), text(14)))?;
            }
            Ok(())
        })
    }
}

/// An axis in places of its scale, with its ticks.
struct Axis {
    scale: Scale,
    low: f64,
    high: f64,
    ticks: Vec<f64>,
}

impl Axis {
    fn new(scale: Scale, places: impl Iterator<Item = f64>, margin: f64) -> Self {
        let (low, high) = range(places, margin);
        Self { scale, low, high, ticks: scale.ticks(low, high) }
    }
}

impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    #[expect(clippy::cast_possible_truncation, reason = "pixels of a plot are few")]
    fn map(&self, place: &f64, (start, end): (i32, i32)) -> i32 {
        start + ((place - self.low) / (self.high - self.low) * f64::from(end - start)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, _: Hint) -> Vec<f64> {
        self.ticks.clone()
    }

    fn range(&self) -> std::ops::Range<f64> {
        self.low..self.high
    }
}

impl ValueFormatter<f64> for Axis {
    fn format_ext(&self, place: &f64) -> String {
        self.scale.label(*place)
    }
}

impl Line {
    /// Its part within the frame: the points where it crosses an edge, two if it crosses the frame at all.
    fn within(&self, (left, right): (f64, f64), (bottom, top): (f64, f64)) -> Vec<(f64, f64)> {
        let [a, b, c] = self.coefficients;
        let upright = [left, right].map(|x| (x, -(a * x + c) / b)).into_iter().filter(|(_, y)| (bottom..=top).contains(y));
        let level = [bottom, top].map(|y| (-(b * y + c) / a, y)).into_iter().filter(|(x, _)| (left..=right).contains(x));
        upright.chain(level).collect()
    }
}

type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<Axis, Axis>>;

/// An empty chart on `area` with its axes, their labels and a grid.
fn framed<'a, 'b>(area: &Area<'b>, x: Axis, y: Axis, x_label: &str, y_label: &str) -> Result<Chart<'a, 'b>, Box<dyn Error>> {
    let mut chart = ChartBuilder::on(area).margin(12).x_label_area_size(52).y_label_area_size(70).build_cartesian_2d(x, y)?;
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(GRID)
        .axis_style(TEXT)
        .label_style(text(14))
        .axis_desc_style(text(16))
        .x_desc(x_label)
        .y_desc(y_label)
        .draw()?;
    Ok(chart)
}

/// Scatter plots side by side, the groups told apart by colour and shape, as SVG.
pub(super) fn scatter(title: &str, panels: &[Panel]) -> Result<String, String> {
    draw((980, 520), |root| {
        let root = root.titled(title, text(22))?;
        let (legend, plots) = root.split_vertically(34);
        for (panel, area) in panels.iter().zip(plots.split_evenly((1, panels.len().max(1)))) {
            let points = || panel.groups.iter().flat_map(|group| group.points.iter());
            let x_axis = Axis::new(Scale::Linear, points().map(|point| point.0), 0.05);
            let y_axis = Axis::new(Scale::Linear, points().map(|point| point.1), 0.05);
            let frame = ((x_axis.low, x_axis.high), (y_axis.low, y_axis.high));
            let mut chart = framed(&area, x_axis, y_axis, &panel.x_label, &panel.y_label)?;
            for (i, line) in panel.lines.iter().enumerate() {
                chart.draw_series(LineSeries::new(line.within(frame.0, frame.1), line_style(panel, i)))?;
            }
            for (i, group) in panel.groups.iter().enumerate() {
                let style = COLOURS[i % COLOURS.len()].mix(0.8);
                match i % 3 {
                    0 => chart.draw_series(group.points.iter().map(|p| Circle::new(*p, 4, style.filled())))?,
                    1 => chart.draw_series(group.points.iter().map(|p| TriangleMarker::new(*p, 5, style.filled())))?,
                    _ => chart.draw_series(group.points.iter().map(|p| Cross::new(*p, 4, style.stroke_width(2))))?,
                };
            }
        }
        for (i, group) in (0..).zip(panels.first().map_or(&[][..], |panel| &panel.groups)) {
            let (style, x) = (COLOURS[i % COLOURS.len()].mix(0.8), 90 + 150 * i32::try_from(i)?);
            match i % 3 {
                0 => legend.draw(&Circle::new((x, 22), 5, style.filled()))?,
                1 => legend.draw(&TriangleMarker::new((x, 22), 6, style.filled()))?,
                _ => legend.draw(&Cross::new((x, 22), 5, style.stroke_width(2)))?,
            }
            legend.draw(&Text::new(group.name.as_str(), (x + 12, 15), text(15)))?;
        }
        if let Some(panel) = panels.first() {
            for (i, line) in panel.lines.iter().enumerate() {
                let x = 90 + 150 * i32::try_from(panel.groups.len() + i)?;
                legend.draw(&PathElement::new([(x - 18, 22), (x + 6, 22)], line_style(panel, i)))?;
                legend.draw(&Text::new(line.name.as_str(), (x + 12, 15), text(15)))?;
            }
        }
        Ok(())
    })
}

/// Lines take the colours after those of the groups.
fn line_style(panel: &Panel, i: usize) -> ShapeStyle {
    COLOURS[(panel.groups.len() + i) % COLOURS.len()].stroke_width(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logarithmic_axis_has_four_ticks_or_more() {
        let labels = |low: f64, high: f64| -> Vec<String> {
            let scale = Scale::Log10;
            scale.ticks(low.log10(), high.log10()).into_iter().map(|place| scale.label(place)).collect()
        };
        assert_eq!(labels(0.085, 0.45), ["0.09", "0.1", "0.2", "0.3", "0.4"]);
        assert_eq!(labels(0.015, 0.3), ["0.02", "0.05", "0.1", "0.2"]);
        assert_eq!(labels(1e-6, 0.2), ["1e-6", "0.00001", "0.0001", "0.001", "0.01", "0.1"]);
    }

    #[test]
    fn a_line_ends_at_the_frame() {
        let within = |coefficients| Line { name: String::new(), coefficients }.within((0.0, 4.0), (0.0, 2.0));
        assert_eq!(within([1.0, -1.0, 1.0]), [(0.0, 1.0), (1.0, 2.0)], "y = x + 1 leaves at the top");
        assert_eq!(within([1.0, 0.0, -3.0]), [(3.0, 0.0), (3.0, 2.0)], "x = 3");
        assert_eq!(within([0.0, 1.0, -1.0]), [(0.0, 1.0), (4.0, 1.0)], "y = 1");
        assert!(within([1.0, 1.0, 9.0]).is_empty());
    }
}

//! `mlgrade figure`: whether a figure shows claimed series; without claims, what stands on it.

mod claims;
mod contents;

use std::fmt::Write;
use std::path::{Path, PathBuf};

use anstyle::{AnsiColor, RgbColor, Style};
use anyhow::Result;
use serde::Serialize;

use super::say::{put, raw};
use super::{Exit, write};
use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::limits;
use crate::domain::number::significant;
use crate::domain::text::plain;
use crate::evidence::source::Source;
use crate::figure::Plot;
use crate::figure::claim::Kind;
use crate::figure::overlay;
use crate::figure::reading::{Hint, Reading, SeriesReading, Verdict, Worst};
use crate::figure::variants::{Accepted, Statement, read_any};
use crate::picture::figure::{Figure, decode};
use crate::report::json;
use claims::Choice;

/// Tell whether a figure shows, or contradicts, the series that it is said to show; without claims, list what stands on it.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "CLAIMS is a metrics file, or JSON for one pair of axes:\n  {\"kind\": \"line\", \"series\": [{\"name\": \"train\", \"x\": [1, 2, 3], \"y\": [0.9, 0.5, 0.4]}]}\n\
`kind` is \"line\", \"scatter\", \"bar\" (with `categories`), \"histogram\" (`values` instead of `x` and `y`) or \"matrix\" (`rows`). Without `x` the points are counted: from 1, or from 0 if the figure shows that.\n\n\
Examples:\n  mlgrade figure loss.png\n  mlgrade figure loss.png --claims claims.json\n  mlgrade figure trees.svg --claims metrics.toml --x depths --series tree.val_rmse --series forest.val_rmse --overlay seen.png\n\n\
The exit code is 0 whatever the verdict is, and 2 if the figure or the claims cannot be read."
)]
pub(super) struct Args {
    /// The figure: PNG, JPEG or SVG
    file: PathBuf,
    /// What it is said to show [default: nothing; what stands on the figure is listed]
    #[arg(long)]
    claims: Option<PathBuf>,
    /// The series of a metrics file that lies along the x axis
    #[arg(long, value_name = "NAME", requires = "claims")]
    x: Option<String>,
    /// How what is chosen from a metrics file is drawn [default: line]
    #[arg(long, requires = "series", value_parser = claims::KINDS)]
    kind: Option<String>,
    /// A series that is claimed, again for each [default: all, or all as long as the one of --x]
    #[arg(long, value_name = "NAME", requires = "claims")]
    series: Vec<String>,
    /// The panel, from 1, left to right and top to bottom [default: the one that shows the claim best]
    #[arg(long, value_name = "K", requires = "claims", value_parser = clap::value_parser!(u16).range(1..))]
    panel: Option<u16>,
    /// Write a picture of what was read: the figure faded, the claim drawn on it, red circles where it is off
    #[arg(long, value_name = "PNG", requires = "claims")]
    overlay: Option<PathBuf>,
    /// Print JSON instead
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Result<Exit> {
    match &args.claims {
        Some(claims) => compare(args, claims),
        None => list(args),
    }
}

/// Lists what stands on the figure.
fn list(args: &Args) -> Result<Exit> {
    let (path, file) = bytes(&args.file, limits::FIGURE_BYTES)?;
    let contents = Plot::of(&decode(&path, &file)?).contents();
    if args.json {
        raw!("{}", json::json(&contents::Printed::of(&contents))?);
    } else {
        put!("{}", contents::table(&contents));
    }
    Ok(Exit::Fine)
}

/// Holds the claims against the figure.
fn compare(args: &Args, claims: &Path) -> Result<Exit> {
    let choice = Choice { x: args.x.clone(), series: args.series.clone(), kind: args.kind.clone() };
    let (claims_path, claims) = bytes(claims, limits::TEXT_BYTES)?;
    let statement = claims::read(&claims_path, &claims, &choice)?;
    let (path, file) = bytes(&args.file, limits::FIGURE_BYTES)?;
    let figure = decode(&path, &file)?;
    let reading = read_any(&figure, &statement, Accepted::default(), args.panel.map(usize::from))?;
    if let Some(path) = &args.overlay {
        draw(path, &figure, statement.kind(), &reading)?;
    }
    if args.json {
        raw!("{}", json::json(&Printed::of(&statement, &reading))?);
    } else {
        put!("{}", table(&statement, &reading));
        if let Some(path) = &args.overlay {
            raw!("wrote {}\n", path.display());
        }
    }
    Ok(Exit::Fine)
}

fn bytes(path: &Path, limit: u64) -> Result<(String, Vec<u8>)> {
    let name = path.display().to_string();
    if !path.exists() {
        return Err(Diagnostic::error(Code::NotReadable, "there is no such file").in_file(name).into());
    }
    let bytes = Source::Disk(path.to_path_buf()).read(&name, limit).map_err(|absent| absent.diagnostic().clone())?;
    Ok((name, bytes))
}

fn draw(path: &Path, figure: &Figure, kind: Kind, reading: &Reading) -> Result<()> {
    match overlay::draw(figure, kind, reading) {
        Some(picture) => write::whole(path, &picture.png()?),
        None => anyhow::bail!("{} has no size, so there is nothing to draw on", figure.path),
    }
}

/// What `--json` prints.
#[derive(Debug, Serialize)]
struct Printed<'r> {
    verdict: &'static str,
    reason: String,
    series: Vec<PrintedSeries<'r>>,
    panel: Option<usize>,
    panels: usize,
    /// Left, top, right, bottom.
    frame: Option<[usize; 4]>,
    furniture: PrintedFurniture,
    /// What became of what the picture's file says of its axes.
    hint: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct PrintedSeries<'r> {
    name: &'r str,
    colour: Option<String>,
    verdict: &'static str,
    worst: Option<PrintedWorst>,
}

#[derive(Debug, Serialize)]
struct PrintedWorst {
    x: f64,
    claimed: f64,
    seen: Option<f64>,
}

#[derive(Debug, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts of a figure")]
struct PrintedFurniture {
    x_label: bool,
    y_label: bool,
    title: bool,
    legend: bool,
    colours: usize,
}

impl<'r> Printed<'r> {
    fn of(statement: &'r Statement, reading: &'r Reading) -> Self {
        let furniture = &reading.furniture;
        Self {
            verdict: reading.verdict().word(),
            reason: reading.reason(),
            series: if reading.series.is_empty() {
                statement.names().into_iter().map(PrintedSeries::unread).collect()
            } else {
                reading.series.iter().map(PrintedSeries::of).collect()
            },
            panel: reading.panel,
            panels: reading.panels,
            frame: reading.frame.map(|frame| [frame.left, frame.top, frame.right, frame.bottom]),
            furniture: PrintedFurniture {
                x_label: furniture.x_label,
                y_label: furniture.y_label,
                title: furniture.title,
                legend: furniture.legend,
                colours: furniture.colours,
            },
            hint: reading.hint.map(Hint::word),
        }
    }
}

impl<'r> PrintedSeries<'r> {
    /// A claimed series of a figure without axes.
    fn unread(name: &'r str) -> Self {
        Self { name, colour: None, verdict: Verdict::CannotTell.word(), worst: None }
    }

    fn of(series: &'r SeriesReading) -> Self {
        // JSON has no NaN: a value that is none is not seen.
        let printed = |worst: Worst| PrintedWorst { x: worst.x, claimed: worst.claimed, seen: worst.seen.filter(|seen| seen.is_finite()) };
        Self { name: &series.name, colour: series.colour.map(hex), verdict: series.verdict.word(), worst: series.worst.map(printed) }
    }
}

fn hex([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// The verdict, why, and a line a series: a patch of its colour, its name, its verdict and the point that is farthest off.
fn table(statement: &Statement, reading: &Reading) -> String {
    let place = place(statement);
    let style = style(reading.verdict()).bold();
    let mut out = format!("{style}{}{style:#}: {}\n", words(reading.verdict()), plain(&reading.reason()));
    if let Some(panel) = reading.panel.filter(|_| reading.panels > 1) {
        let _ = writeln!(out, "panel {panel} of {}", reading.panels);
    }
    let names: Vec<String> = reading.series.iter().map(|series| plain(&series.name).chars().take(40).collect()).collect();
    let width = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    for (series, name) in reading.series.iter().zip(&names) {
        let (patch, colour) = series.colour.map_or_else(|| ("  ".to_owned(), "no colour".to_owned()), |colour| (patch(colour), hex(colour)));
        let style = self::style(series.verdict);
        let worst = series.worst.map_or_else(String::new, |worst| off(place, &worst));
        out += format!("  {patch} {name:width$}  {colour:9}  {style}{:11}{style:#}  {worst}", words(series.verdict)).trim_end();
        out.push('\n');
    }
    out
}

/// What the number of a place counts.
fn place(statement: &Statement) -> &'static str {
    match statement {
        Statement::Curves(_) => "x = ",
        Statement::Bars(_) => "bar ",
        Statement::Histogram(_) => "bin ",
        Statement::Matrix(_) => "cell ",
    }
}

/// "farthest off at x = 16: 0.61 is claimed, 0.83 is drawn".
fn off(place: &str, worst: &Worst) -> String {
    let seen = worst.seen.filter(|seen| seen.is_finite()).map_or_else(|| "nothing to be seen".to_owned(), |seen| format!("{} is drawn", significant(seen, 3)));
    format!("farthest off at {place}{}: {} is claimed, {seen}", significant(worst.x, 4), significant(worst.claimed, 4))
}

fn patch([red, green, blue]: [u8; 3]) -> String {
    let style = Style::new().fg_color(Some(RgbColor(red, green, blue).into()));
    format!("{style}██{style:#}")
}

fn words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Shows => "shows",
        Verdict::Contradicts => "contradicts",
        Verdict::CannotTell => "cannot tell",
    }
}

fn style(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Shows => AnsiColor::Green.on_default(),
        Verdict::Contradicts => AnsiColor::Red.on_default(),
        Verdict::CannotTell => AnsiColor::Yellow.on_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::reading::{Frame, Furniture};
    use crate::figure::reason::{Contradiction, Off, Others, Outcome};
    use crate::figure::variants::{Curves, Stated};

    fn reading() -> Reading {
        let worst = Some(Worst { x: 16.0, claimed: 0.61, seen: Some(0.834_567) });
        let series = |name: &str, colour, verdict, worst| SeriesReading { name: name.to_owned(), colour, verdict, worst, points: Vec::new() };
        let off = Off { series: "forest val".to_owned(), x: 16.0, claimed: 0.61, drawn: Some(0.834_567) };
        let contradiction = Contradiction::Value { off, kind: Kind::Line, others: Others::default() };
        let all = vec![
            series("tree val", Some([31, 119, 180]), Verdict::Shows, Some(Worst { x: 2.0, claimed: 4.0, seen: Some(f64::NAN) })),
            series("forest\u{1b}val", None, Verdict::Contradicts, worst),
        ];
        Reading {
            panel: Some(2),
            panels: 2,
            frame: Some(Frame { left: 40, top: 10, right: 600, bottom: 400 }),
            furniture: Furniture { legend: true, colours: 6, ..Furniture::default() },
            ..Reading::of(Outcome::Contradicts(contradiction), all)
        }
    }

    fn statement() -> Statement {
        let series = |name: &str| Stated { name: name.to_owned(), x: Some(vec![2.0, 16.0]), y: vec![4.0, 0.61] };
        Statement::Curves(Curves { kind: Kind::Line, series: vec![series("tree val"), series("forest val")], more: Vec::new() })
    }

    #[test]
    fn series_that_were_not_read_are_told_too() {
        let (statement, reading) = (statement(), Reading { series: Vec::new(), ..reading() });
        let printed = serde_json::to_value(Printed::of(&statement, &reading)).unwrap();
        let unread = |name| serde_json::json!({ "name": name, "colour": null, "verdict": "cannot-tell", "worst": null });
        assert_eq!(printed["series"], serde_json::json!([unread("tree val"), unread("forest val")]));
    }

    #[test]
    fn json_has_every_key_and_no_number_that_is_none() {
        let (statement, reading) = (statement(), reading());
        let printed = serde_json::to_value(Printed::of(&statement, &reading)).unwrap();
        let expected = serde_json::json!({
            "verdict": "contradicts",
            "reason": "at x = 16 the plot shows ≈ 0.835 for forest val; the claim says 0.61",
            "series": [
                { "name": "tree val", "colour": "#1f77b4", "verdict": "shows", "worst": { "x": 2.0, "claimed": 4.0, "seen": null } },
                { "name": "forest\u{1b}val", "colour": null, "verdict": "contradicts", "worst": { "x": 16.0, "claimed": 0.61, "seen": 0.834_567 } },
            ],
            "panel": 2,
            "panels": 2,
            "frame": [40, 10, 600, 400],
            "furniture": { "x_label": false, "y_label": false, "title": false, "legend": true, "colours": 6 },
            "hint": null,
        });
        assert_eq!(printed, expected);
    }

    #[test]
    fn the_table_has_a_line_a_series() {
        let text = anstream::adapter::strip_str(&table(&statement(), &reading())).to_string();
        assert_eq!(
            text,
            "contradicts: at x = 16 the plot shows ≈ 0.835 for forest val; the claim says 0.61\npanel 2 of 2\n  \
             ██ tree val    #1f77b4    shows        farthest off at x = 2: 4 is claimed, nothing to be seen\n     \
             forest val  no colour  contradicts  farthest off at x = 16: 0.61 is claimed, 0.835 is drawn\n"
        );
    }
}

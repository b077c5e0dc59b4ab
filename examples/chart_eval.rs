//! How well bars, histograms and matrices are read: holds true and altered claims against a folder of figures with truth files.
//!
//! `cargo run --release --example chart_eval -- DIR [--list]`
//!
//! `fixtures/figures/bars.py` and `fixtures/figures/matrices.py` write the folder. `--list` prints a line for each true claim that is not
//! shown and each altered one that is. Claims of matrices are altered by a tenth of the greatest cell at least: less may not be printed.
#![allow(clippy::print_stderr, reason = "a command for the terminal")]

use std::collections::BTreeMap;
use std::error::Error;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use mlgrade::figure::bars::{self, Heights};
use mlgrade::figure::histogram::{self, Sample};
use mlgrade::figure::reading::{Reading, Verdict};
use mlgrade::figure::{Plot, matrix};
use mlgrade::picture::figure::decode;
use serde::Deserialize;

/// What `bars.py` or `matrices.py` says of one figure.
#[derive(Deserialize)]
struct Truth {
    image: String,
    style: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    categories: Vec<String>,
    #[serde(default)]
    series: Vec<Series>,
    /// The ends of the axis of values.
    #[serde(default)]
    axis: Vec<f64>,
    #[serde(default)]
    matrices: Vec<Matrix>,
}

#[derive(Deserialize, Clone)]
struct Series {
    name: String,
    values: Vec<f64>,
}

#[derive(Deserialize)]
struct Matrix {
    rows: Vec<Vec<f64>>,
    printed: Vec<Vec<Option<String>>>,
}

/// What was claimed, and what was read.
type Trial = (&'static str, Reading);

const HONEST: &str = "as drawn";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let list = arguments.iter().any(|argument| argument == "--list");
    let Some(folder) = arguments.iter().find(|argument| !argument.starts_with("--")) else {
        eprintln!("usage: chart_eval DIR [--list]");
        return ExitCode::from(2);
    };
    match run(Path::new(folder), list) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{folder}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(folder: &Path, list: bool) -> Result<(), Box<dyn Error>> {
    let mut files: Vec<_> = std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    let truths: Vec<Truth> = files.iter().map(|file| Ok(serde_json::from_slice(&std::fs::read(file)?)?)).collect::<Result<_, Box<dyn Error>>>()?;
    let mut table: BTreeMap<String, [usize; 3]> = BTreeMap::new();
    let mut out = std::io::stdout().lock();
    for (number, truth) in truths.iter().enumerate() {
        let figure = decode(&truth.image, &std::fs::read(folder.join(&truth.image))?).map_err(|fault| fault.to_string())?;
        let plot = Plot::of(&figure);
        for (subject, (what, reading)) in trials(&plot, truth, number, &truths) {
            let place = match reading.verdict() {
                Verdict::Shows => 0,
                Verdict::Contradicts => 1,
                Verdict::CannotTell => 2,
            };
            table.entry(format!("{subject}, {what}")).or_default()[place] += 1;
            if what == HONEST {
                table.entry(format!("{subject}, {what}: {}", truth.style)).or_default()[place] += 1;
            }
            if list && (what == HONEST) != (place == 0) {
                writeln!(out, "{} ({}) {what}: {}: {}", truth.image, truth.style, reading.verdict().word(), reading.reason())?;
            }
        }
    }
    writeln!(out, "{:40} {:>5} {:>7} {:>12} {:>12}", "claims, %", "n", "shows", "contradicts", "cannot tell")?;
    for (what, counts) in table {
        let all: usize = counts.iter().sum();
        let share = counts.map(|count| 100.0 * count as f64 / all as f64);
        writeln!(out, "{what:40} {all:>5} {:>7.1} {:>12.1} {:>12.1}", share[0], share[1], share[2])?;
    }
    Ok(())
}

/// All claims that are held against one figure.
fn trials(plot: &Plot, truth: &Truth, number: usize, all: &[Truth]) -> Vec<(&'static str, Trial)> {
    if truth.kind == "histogram" {
        return histograms(plot, truth).into_iter().map(|trial| ("histogram", trial)).collect();
    }
    if truth.kind == "bars" {
        return heights(plot, truth, number, all).into_iter().map(|trial| ("bars", trial)).collect();
    }
    let several = truth.matrices.len() > 1;
    let of = |(i, matrix): (usize, &Matrix)| cells(plot, matrix, several.then_some(i + 1), number + i, all);
    truth.matrices.iter().enumerate().flat_map(of).collect()
}

fn heights(plot: &Plot, truth: &Truth, number: usize, all: &[Truth]) -> Vec<Trial> {
    let mut trials: Vec<Trial> = Vec::new();
    let mut hold = |what: &'static str, categories: &[String], series: &[Series]| {
        let heights = series.iter().map(|series| Heights { name: series.name.clone(), values: series.values.clone() });
        trials.extend(bars::Claim::new(categories.to_vec(), heights.collect()).ok().map(|claim| (what, plot.read_bars(&claim, None))));
    };
    let (categories, series) = (&truth.categories, &truth.series);
    let span = truth.axis.last().zip(truth.axis.first()).map_or(1.0, |(high, low)| (high - low).abs());
    let changed = |change: &dyn Fn(&mut Vec<Series>)| {
        let mut series = series.clone();
        change(&mut series);
        series
    };
    let (one, bar) = (number % series.len().max(1), number % categories.len().max(1));
    hold(HONEST, categories, series);
    for (what, share) in [("one bar off by 2 %", 0.02), ("one bar off by 5 %", 0.05), ("one bar off by 10 %", 0.1)] {
        let sign = if number.is_multiple_of(2) { span } else { -span };
        hold(what, categories, &changed(&|series| series[one].values[bar] += share * sign));
    }
    hold("heights × 1.5", categories, &changed(&|series| series.iter_mut().flat_map(|series| &mut series.values).for_each(|value| *value *= 1.5)));
    let differ = |a: &[f64], b: &[f64]| a.iter().zip(b).any(|(a, b)| (a - b).abs() > 0.04 * span);
    let reversed = changed(&|series| series.iter_mut().for_each(|series| series.values.reverse()));
    if series.iter().zip(&reversed).any(|(a, b)| differ(&a.values, &b.values)) {
        hold("heights reversed", categories, &reversed);
    }
    if let [first, second, ..] = series.as_slice()
        && differ(&first.values, &second.values)
    {
        let exchanged = changed(&|series| {
            series[0].name.clone_from(&second.name);
            series[1].name.clone_from(&first.name);
        });
        hold("names exchanged", categories, &exchanged);
    }
    if let Some(other) = all.iter().cycle().skip(number + 7).take(all.len()).find(|other| other.kind == "bars") {
        hold("another figure's", &other.categories, &other.series);
    }
    trials
}

fn histograms(plot: &Plot, truth: &Truth) -> Vec<Trial> {
    let mut trials: Vec<Trial> = Vec::new();
    let mut hold = |what: &'static str, change: &dyn Fn(&[f64]) -> Vec<f64>| {
        let samples = truth.series.iter().map(|series| Sample { name: series.name.clone(), values: change(&series.values) });
        trials.extend(histogram::Claim::new(samples.collect()).ok().map(|claim| (what, plot.read_histogram(&claim, None))));
    };
    let spread = |values: &[f64]| {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / values.len() as f64).sqrt()
    };
    hold(HONEST, &<[f64]>::to_vec);
    hold("values × 1.5", &|values| values.iter().map(|value| 1.5 * value).collect());
    hold("values moved", &|values| values.iter().map(|value| value + 0.4 * spread(values)).collect());
    hold("half of the values", &|values| values.iter().step_by(2).copied().collect());
    trials
}

fn cells(plot: &Plot, truth: &Matrix, panel: Option<usize>, number: usize, all: &[Truth]) -> Vec<(&'static str, Trial)> {
    let subject = if truth.printed.iter().flatten().any(Option::is_some) { "matrix" } else { "matrix without numbers" };
    let mut trials: Vec<(&'static str, Trial)> = Vec::new();
    let mut hold = |what: &'static str, rows: Vec<Vec<f64>>| {
        let claim = matrix::Claim::new(rows, Vec::new()).ok();
        trials.extend(claim.map(|claim| (subject, (what, plot.read_matrix(&claim, panel)))));
    };
    let (height, width) = (truth.rows.len(), truth.rows.first().map_or(0, Vec::len));
    let greatest = truth.rows.iter().flatten().fold(0.0_f64, |most, value| most.max(value.abs()));
    let far = |a: f64, b: f64| (a - b).abs() > 0.1 * greatest;
    hold(HONEST, truth.rows.clone());
    let mut one = truth.rows.clone();
    // Counts stay counts.
    let more = if greatest > 1.5 { (0.15 * greatest).ceil() } else { 0.15 * greatest };
    one[number % height][(3 * number + 1) % width] += more;
    hold("one cell off", one);
    let transposed: Vec<Vec<f64>> = (0..width).map(|j| truth.rows.iter().map(|row| row[j]).collect()).collect();
    if truth.rows.iter().flatten().zip(transposed.iter().flatten()).any(|(a, b)| far(*a, *b)) {
        hold("rows and columns exchanged", transposed);
    }
    hold("a row fewer", truth.rows[..height - 1].to_vec());
    let of_size = |other: &&Matrix| other.rows.len() == height && other.rows.iter().flatten().zip(truth.rows.iter().flatten()).any(|(a, b)| far(*a, *b));
    if let Some(other) = all.iter().cycle().skip(number + 1).take(all.len()).flat_map(|truth| &truth.matrices).find(of_size) {
        hold("another figure's", other.rows.clone());
    }
    trials
}

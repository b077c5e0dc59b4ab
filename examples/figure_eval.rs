//! How well figures are read: holds true and altered claims against a folder of figures with truth files and prints a table.
//!
//! `cargo run --release --example figure_eval -- DIR [--tamper] [--only TEXT] [--jobs N] [--list] [--json] [LIMITS]`
//!
//! A truth file `NNNN.json` names its picture and what each panel shows (`fixtures/figures/generate.py` writes them); pictures `neg_*`
//! show nothing that can be claimed. `--tamper` adds altered claims, `--only` takes pictures whose file name begins with the text,
//! `--list` prints a line for each true claim that is not shown and each alteration that is, `--json` a line for each reading in place
//! of the table. Times are honest with one job, the default. The limits, in percent, make it fail where a share does not keep them:
//! `--least-shown` and `--most-contradicted` of the true claims, `--most-accepted` of those whose values are altered by 5 % or more.
#![allow(clippy::print_stderr, reason = "a command for the terminal")]

#[path = "figure_eval/alter.rs"]
mod alter;
#[path = "figure_eval/limits.rs"]
mod limits;
#[path = "figure_eval/table.rs"]
mod table;
#[path = "figure_eval/truth.rs"]
mod truth;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use mlgrade::figure::Plot;
use mlgrade::figure::claim::Claim;
use mlgrade::figure::reading::Verdict;
use mlgrade::picture::figure::decode;
use rayon::prelude::*;

use alter::{Altered, HONEST};
use limits::Limits;
use truth::{Panel, Truth};

/// One claim held against one picture.
struct Trial<'a> {
    /// `None` for a picture that shows nothing.
    truth: Option<&'a Truth>,
    /// The claimed panel's index in the truth, or the claim's number for a picture that shows nothing.
    panel: usize,
    /// What was done to the claim.
    alteration: String,
    /// The largest displacement in pixels, where one value was moved.
    moved: Option<f64>,
    file: String,
    /// `error` where nothing could be decoded.
    verdict: &'static str,
    reason: String,
    pixels: u64,
    /// Of decoding and reading.
    time: Duration,
}

impl Trial<'_> {
    fn is(&self, verdict: Verdict) -> bool {
        self.verdict == verdict.word()
    }

    /// The label of what was claimed: figure and panel.
    fn axes(&self) -> (String, usize) {
        (self.file.clone(), self.panel)
    }
}

struct Options {
    folder: PathBuf,
    tamper: bool,
    only: String,
    jobs: usize,
    list: bool,
    json: bool,
    limits: Limits,
}

fn options() -> Option<Options> {
    let mut options = Options { folder: PathBuf::new(), tamper: false, only: String::new(), jobs: 1, list: false, json: false, limits: Limits::default() };
    let mut words = std::env::args().skip(1);
    let percent = |word: Option<String>| word?.parse::<f64>().ok();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--tamper" => options.tamper = true,
            "--list" => options.list = true,
            "--json" => options.json = true,
            "--only" => options.only = words.next()?,
            "--jobs" => options.jobs = words.next()?.parse().ok()?,
            "--least-shown" => options.limits.least_shown = Some(percent(words.next())?),
            "--most-contradicted" => options.limits.most_contradicted = Some(percent(words.next())?),
            "--most-accepted" => options.limits.most_accepted = Some(percent(words.next())?),
            folder if !folder.starts_with('-') => options.folder = PathBuf::from(folder),
            _ => return None,
        }
    }
    options.folder.is_dir().then_some(options)
}

/// A picture that is read once for all claims; its true claims are timed with decoding and reading it.
struct Page {
    file: String,
    bytes: Vec<u8>,
    plot: Result<(Plot, u64), String>,
}

impl Page {
    fn open(folder: &Path, file: &str) -> Self {
        let bytes = std::fs::read(folder.join(file)).unwrap_or_default();
        Self { file: file.to_owned(), plot: plot(file, &bytes), bytes }
    }

    fn trial<'a>(&self, altered: &Altered, number: Option<usize>, truth: Option<&'a Truth>, panel: usize) -> Trial<'a> {
        let start = Instant::now();
        let again = if altered.name == "honest" { Some(plot(&self.file, &self.bytes)) } else { None };
        let read = claim_of(altered).and_then(|claim| {
            let (plot, pixels) = again.as_ref().unwrap_or(&self.plot).as_ref().map_err(Clone::clone)?;
            Ok((plot.read(&claim, number), *pixels))
        });
        let time = start.elapsed();
        let (verdict, reason, pixels) = match read {
            Ok((reading, pixels)) => (reading.verdict().word(), reading.reason(), pixels),
            Err(fault) => ("error", fault, 0),
        };
        Trial { truth, panel, alteration: altered.name.clone(), moved: altered.moved, file: self.file.clone(), verdict, reason, pixels, time }
    }
}

fn plot(file: &str, bytes: &[u8]) -> Result<(Plot, u64), String> {
    let figure = decode(file, bytes).map_err(|fault| format!("{:?}", fault.message))?;
    Ok((Plot::of(&figure), u64::from(figure.width) * u64::from(figure.height)))
}

fn claim_of(altered: &Altered) -> Result<Claim, String> {
    Claim::new(altered.kind, altered.series.clone()).map_err(|fault| format!("the claim: {}", fault.message))
}

/// All claims on one picture: each panel's true claim, without the panel's number too where there are several, and its alterations.
fn on_figure<'a>(options: &Options, truth: &'a Truth, all: &[Truth]) -> Vec<Trial<'a>> {
    let mut trials = Vec::new();
    for file in std::iter::once(&truth.image).chain(&truth.also) {
        let page = Page::open(&options.folder, file);
        for (index, panel) in truth.panels.iter().enumerate() {
            let number = panel.number.unwrap_or(index + 1);
            let honest = alter::honest(truth, panel);
            trials.push(page.trial(&honest, Some(number), Some(truth), index));
            let altered = if options.tamper { alter::alterations(truth, index, all) } else { Vec::new() };
            trials.extend(altered.iter().map(|altered| page.trial(altered, Some(number), Some(truth), index)));
            if truth.panels.len() > 1 {
                let one = altered.iter().filter(|altered| altered.name == "one value 10%").chain([&honest]);
                trials.extend(one.map(|altered| {
                    let unnumbered = Altered { name: format!("any panel: {}", altered.name), ..altered.clone() };
                    page.trial(&unnumbered, None, Some(truth), index)
                }));
            }
        }
    }
    trials
}

/// Some claims of every kind on a picture that shows nothing.
fn on_negative<'a>(options: &Options, file: &str, all: &[Truth]) -> Vec<Trial<'a>> {
    const CLAIMS: usize = 8;
    let page = Page::open(&options.folder, file);
    let step = (all.len() / CLAIMS).max(1);
    let claimed = all.iter().step_by(step).take(CLAIMS).filter_map(|truth| Some((truth, truth.panels.first()?)));
    claimed.enumerate().map(|(i, (truth, panel)): (usize, (&Truth, &Panel))| page.trial(&alter::honest(truth, panel), None, None, i)).collect()
}

fn json(trial: &Trial) -> String {
    let truth = trial.truth;
    serde_json::json!({
        "file": trial.file, "panel": trial.panel, "tamper": trial.alteration, "moved": trial.moved, "verdict": trial.verdict,
        "reason": trial.reason, "ms": trial.time.as_secs_f64() * 1e3, "pixels": trial.pixels, "lib": truth.map(|t| &t.lib),
        "style": truth.map(|t| &t.style), "post": truth.map(|t| &t.post), "kind": truth.map(|t| &t.kind), "notes": truth.map(|t| &t.notes),
    })
    .to_string()
}

fn line(trial: &Trial) -> String {
    let about = trial.truth.map_or_else(String::new, |t| format!("{} {} {} {} [{}]", t.lib, t.style, t.post, t.kind, t.notes.join(", ")));
    format!("{} panel {} · {about} · {} · {}: {}", trial.file, trial.panel + 1, trial.alteration, trial.verdict, trial.reason)
}

fn main() -> ExitCode {
    let Some(options) = options() else {
        eprintln!("usage: figure_eval DIR [--tamper] [--only TEXT] [--jobs N] [--list] [--json] [--least-shown %] [--most-contradicted %] [--most-accepted %]");
        return ExitCode::FAILURE;
    };
    let (truths, negatives) = match truth::folder(&options.folder) {
        Ok(read) => read,
        Err(fault) => {
            eprintln!("{fault}");
            return ExitCode::FAILURE;
        }
    };
    let work = || {
        let wanted = |file: &String| file.starts_with(&options.only);
        let figures = truths.par_iter().filter(|truth| wanted(&truth.image));
        let mut trials: Vec<Trial> = figures.map(|truth| on_figure(&options, truth, &truths)).flatten_iter().collect();
        trials.par_extend(negatives.par_iter().filter(|file| wanted(file)).map(|file| on_negative(&options, file, &truths)).flatten_iter());
        trials
    };
    let trials = match rayon::ThreadPoolBuilder::new().num_threads(options.jobs).build() {
        Ok(pool) => pool.install(work),
        Err(_) => work(),
    };
    let mut lines: Vec<String> = Vec::new();
    if options.json {
        lines.extend(trials.iter().map(json));
    } else {
        let failed = |trial: &&Trial| (trial.truth.is_some() && trial.alteration.ends_with(HONEST)) != trial.is(Verdict::Shows);
        lines.extend(trials.iter().filter(|_| options.list).filter(failed).map(line));
        lines.push(table::table(&trials));
    }
    // A closed pipe, as of `head`, is no fault.
    let _ = writeln!(std::io::stdout().lock(), "{}", lines.join("\n"));
    let broken = options.limits.broken(&trials);
    for line in &broken {
        eprintln!("{line}");
    }
    if broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

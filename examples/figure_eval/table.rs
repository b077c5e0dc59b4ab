//! The table.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use mlgrade::figure::reading::Verdict;

use crate::Trial;
use crate::alter::HONEST;

/// The whole table as text.
pub(crate) fn table(trials: &[Trial]) -> String {
    let mut out = String::new();
    verdicts(&mut out, trials);
    negatives(&mut out, trials);
    alterations(&mut out, trials);
    displacements(&mut out, trials);
    groups(&mut out, trials);
    times(&mut out, trials);
    out
}

fn percent(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { 100.0 * part as f64 / whole as f64 }
}

fn row(out: &mut String, name: &str, of: &[&Trial]) {
    let share = |verdict: Verdict| percent(of.iter().filter(|trial| trial.is(verdict)).count(), of.len());
    let (shows, contradicts, unknown) = (share(Verdict::Shows), share(Verdict::Contradicts), share(Verdict::CannotTell));
    let errors = of.iter().filter(|trial| trial.verdict == "error").count();
    let _ = write!(out, "{name:<30} {:>5} {shows:>7.1} {contradicts:>12.1} {unknown:>12.1}", of.len());
    let _ = if errors > 0 { writeln!(out, "  {errors} errors") } else { writeln!(out) };
}

fn heading(out: &mut String, name: &str) {
    let _ = writeln!(out, "\n{name:<30} {:>5} {:>7} {:>12} {:>12}", "n", "shows", "contradicts", "cannot tell");
}

fn named<'a>(trials: &'a [Trial<'a>], name: &str) -> Vec<&'a Trial<'a>> {
    trials.iter().filter(|trial| trial.truth.is_some() && trial.alteration == name).collect()
}

fn verdicts(out: &mut String, trials: &[Trial]) {
    heading(out, "true claims, %");
    row(out, HONEST, &named(trials, HONEST));
    let any = named(trials, "any panel: honest");
    if !any.is_empty() {
        row(out, "panel not given", &any);
    }
}

fn negatives(out: &mut String, trials: &[Trial]) {
    let of: Vec<&Trial> = trials.iter().filter(|trial| trial.truth.is_none()).collect();
    if of.is_empty() {
        return;
    }
    heading(out, "pictures that show nothing, %");
    row(out, "all", &of);
    let accepted: Vec<&&Trial> = of.iter().filter(|trial| trial.is(Verdict::Shows)).collect();
    for trial in accepted {
        let _ = writeln!(out, "  accepted: {} claim {}: {}", trial.file, trial.panel, trial.reason);
    }
}

fn alterations(out: &mut String, trials: &[Trial]) {
    let mut names: Vec<&str> = Vec::new();
    for trial in trials.iter().filter(|trial| trial.truth.is_some() && !trial.alteration.ends_with(HONEST)) {
        if !names.contains(&trial.alteration.as_str()) {
            names.push(&trial.alteration);
        }
    }
    names.sort_by_key(|name| (name.starts_with("names"), name.starts_with("any panel")));
    if names.is_empty() {
        return;
    }
    heading(out, "altered claims, all axes, %");
    for name in &names {
        row(out, name, &named(trials, name));
    }
    let shown: BTreeSet<_> = named(trials, HONEST).into_iter().filter(|trial| trial.is(Verdict::Shows)).map(Trial::axes).collect();
    let _ = writeln!(out, "\n{:<30} {:>5} {:>7} {:>12} {:>12}", "where the true claim is shown", "n", "shows", "caught", "not shown");
    for name in &names {
        let of: Vec<&Trial> = named(trials, name).into_iter().filter(|trial| shown.contains(&trial.axes())).collect();
        let count = |verdict: Verdict| of.iter().filter(|trial| trial.is(verdict)).count();
        let (accepted, caught) = (count(Verdict::Shows), count(Verdict::Contradicts));
        let (n, not) = (of.len(), of.len() - accepted);
        let _ = writeln!(out, "{name:<30} {n:>5} {:>7.1} {:>12.1} {:>12.1}   ({accepted} accepted)", percent(accepted, n), percent(caught, n), percent(not, n));
    }
}

fn displacements(out: &mut String, trials: &[Trial]) {
    let shown: BTreeSet<_> = named(trials, HONEST).into_iter().filter(|trial| trial.is(Verdict::Shows)).map(Trial::axes).collect();
    let moved: Vec<(&Trial, f64)> = trials
        .iter()
        .filter(|trial| trial.alteration.starts_with("one value") && shown.contains(&trial.axes()))
        .filter_map(|trial| Some((trial, trial.moved?)))
        .collect();
    if moved.is_empty() {
        return;
    }
    heading(out, "one value moved by, of these");
    for (low, high) in [(0.0, 4.0), (4.0, 8.0), (8.0, 16.0), (16.0, 32.0), (32.0, f64::INFINITY)] {
        for kind in ["line", "scatter"] {
            let of: Vec<&Trial> = moved
                .iter()
                .filter(|(trial, by)| (low..high).contains(by) && trial.truth.is_some_and(|truth| (truth.kind == "scatter") == (kind == "scatter")))
                .map(|(trial, _)| *trial)
                .collect();
            row(out, &format!("{low}–{high} px, {kind}"), &of);
        }
    }
}

fn groups(out: &mut String, trials: &[Trial]) {
    type Name = fn(&Trial) -> Vec<String>;
    fn by(trial: &Trial, of: impl Fn(&crate::Truth) -> String) -> Vec<String> {
        trial.truth.map(of).into_iter().collect()
    }
    let keys: [(&str, Name); 12] = [
        ("library", |t| by(t, |truth| truth.lib.clone())),
        ("style", |t| by(t, |truth| format!("{} {}", truth.lib, truth.style))),
        ("kind", |t| by(t, |truth| truth.kind.clone())),
        ("after drawing", |t| by(t, |truth| truth.post.clone())),
        ("dots per inch", |t| by(t, |truth| dpi(truth.dpi).to_owned())),
        ("scale of y", |t| by(t, |truth| truth.panels[t.panel].yscale.clone())),
        ("scale of x", |t| by(t, |truth| truth.panels[t.panel].xscale.clone())),
        ("legend", |t| by(t, |truth| truth.legend(&truth.panels[t.panel]).to_owned())),
        ("series", |t| by(t, |truth| truth.panels[t.panel].series.len().to_string())),
        ("panels", |t| by(t, |truth| truth.panels.len().to_string())),
        ("megapixels", |t| vec![size(t.pixels).to_owned()]),
        ("what is special", |t| t.truth.map(|truth| truth.notes.clone()).unwrap_or_default()),
    ];
    let honest = named(trials, HONEST);
    for (name, key) in keys {
        let mut groups: BTreeMap<String, Vec<&Trial>> = BTreeMap::new();
        for trial in &honest {
            for value in key(trial) {
                groups.entry(value).or_default().push(trial);
            }
        }
        if groups.is_empty() {
            continue;
        }
        heading(out, &format!("true claims by {name}, %"));
        for (value, of) in groups {
            row(out, &value, &of);
        }
    }
}

fn dpi(dpi: f64) -> &'static str {
    match dpi {
        d if d <= 0.0 => "none",
        d if d < 65.0 => "  –64",
        d if d < 90.0 => " 65–89",
        d if d < 125.0 => " 90–124",
        d if d < 175.0 => "125–174",
        _ => "175–",
    }
}

fn size(pixels: u64) -> &'static str {
    match pixels {
        0..=99_999 => "below 0.1",
        100_000..=399_999 => "0.1 to 0.4",
        400_000..=999_999 => "0.4 to 1",
        1_000_000..=2_499_999 => "1 to 2.5",
        _ => "2.5 and more",
    }
}

fn times(out: &mut String, trials: &[Trial]) {
    let _ = writeln!(out, "\n{:<30} {:>5} {:>9} {:>9} {:>9} {:>11}", "time with decoding, ms", "n", "median", "90 %", "most", "ns a pixel");
    let all: Vec<&Trial> = trials.iter().filter(|trial| trial.pixels > 0).collect();
    let honest: Vec<&Trial> = named(trials, HONEST).into_iter().filter(|trial| trial.pixels > 0).collect();
    let mut rows = vec![("all claims".to_owned(), all), ("true claims".to_owned(), honest.clone())];
    rows.push(("true claims, 640 × 480 px".to_owned(), honest.iter().copied().filter(|trial| trial.pixels == 640 * 480).collect()));
    for bucket in ["below 0.1", "0.1 to 0.4", "0.4 to 1", "1 to 2.5", "2.5 and more"] {
        let of = honest.iter().copied().filter(|trial| size(trial.pixels) == bucket).collect();
        rows.push((format!("true claims, {bucket} Mpx"), of));
    }
    for (name, of) in rows.into_iter().filter(|(_, of)| !of.is_empty()) {
        let sorted = |of: &dyn Fn(&&Trial) -> f64, trials: &[&Trial]| {
            let mut values: Vec<f64> = trials.iter().map(of).collect();
            values.sort_by(f64::total_cmp);
            values
        };
        let ms = sorted(&|trial| trial.time.as_secs_f64() * 1e3, &of);
        let each = sorted(&|trial| trial.time.as_secs_f64() * 1e9 / trial.pixels as f64, &of);
        let at = |values: &[f64], share: usize| values[(values.len() - 1) * share / 100];
        let _ = writeln!(out, "{name:<30} {:>5} {:>9.2} {:>9.2} {:>9.2} {:>11.1}", of.len(), at(&ms, 50), at(&ms, 90), at(&ms, 100), at(&each, 50));
    }
}

//! The metric that a rubric asks for, and its settings.

use std::ops::Range;

use toml::Spanned;
use toml::de::DeValue;

use crate::check::settings;
use crate::check::standard::{Better as Side, Limit, Standard};
use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::fields::Fields;
use crate::domain::name::{did_you_mean, list};
use crate::domain::number::{Finite, significant};
use crate::domain::quantity::Symbol;
use crate::metrics::probabilities::{MOST_BINS, Reduction};
use crate::metrics::table::{Better, KeyName, METRICS, Metric};

use super::reading::ScoreKind;

/// A metric with the settings that a rubric gives to it.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) metric: &'static Metric,
    /// The names of the classes that it is about.
    pub(super) classes: Vec<String>,
    pub(super) k: Option<usize>,
    pub(super) bins: Option<usize>,
    pub(super) quantile: Option<f64>,
    pub(super) features: Vec<String>,
    pub(super) group: Option<String>,
    pub(super) reduction: Option<Reduction>,
    pub(super) scores: Option<ScoreKind>,
    pub(super) peak: Option<f64>,
    pub(super) places: Places,
}

/// Where settings stand in the rubric's text.
#[derive(Debug, Clone)]
pub(super) struct Places {
    pub(super) metric: Range<usize>,
    pub(super) class: Range<usize>,
    pub(super) k: Range<usize>,
    pub(super) features: Range<usize>,
    pub(super) group: Range<usize>,
}

/// The names of settings.
const KEYS: [&str; 9] = ["class", "k", "quantile", "bins", "features", "group", "reduction", "scores", "peak"];

/// What others call a metric, and what it is here.
const SYNONYMS: [(&str, &str); 30] = [
    ("dice", "`f1` with `class`"),
    ("dice-coefficient", "`f1` with `class`"),
    ("weighted-recall", "`accuracy`"),
    ("top-1-accuracy", "`accuracy`"),
    ("top-5-accuracy", "`top-k-accuracy` with `k = 5`"),
    ("error-rate", "`error`"),
    ("sensitivity", "`recall` with `class`"),
    ("specificity", "`recall` with the other `class`"),
    ("f1-score", "`f1` with `class`, or `macro-f1`"),
    ("f1-macro", "`macro-f1`"),
    ("f1-micro", "`micro-f1` with some classes, or `accuracy`"),
    ("f1-weighted", "`weighted-f1`"),
    ("jaccard", "`iou` with `class`, or `macro-iou`"),
    ("mean-iou", "`macro-iou`"),
    ("miou", "`macro-iou`"),
    ("matthews", "`mcc`"),
    ("cohen-kappa", "`kappa`"),
    ("qwk", "`quadratic-kappa`"),
    ("cross-entropy", "`log-loss`"),
    ("nll", "`log-loss`"),
    ("logloss", "`log-loss`"),
    ("roc-auc", "`auc`"),
    ("auroc", "`auc`"),
    ("pr-auc", "`average-precision`"),
    ("l1", "`mae`"),
    ("l2", "`mse`"),
    ("r-squared", "`r2`"),
    ("quantile-loss", "`pinball`"),
    ("v-measure", "`nmi`"),
    ("adjusted-rand", "`ari`"),
];

impl Wanted {
    /// The metric and its settings. What is not there or does not belong there is a fault.
    pub(super) fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let there = KEYS.map(|key| fields.has(key));
        let has = |key: &str| KEYS.iter().zip(there).any(|(known, there)| *known == key && there);
        let word = fields.required::<String>("metric");
        let names = |names: Option<Vec<Spanned<String>>>| names.unwrap_or_default().into_iter().map(Spanned::into_inner).collect::<Vec<String>>();
        let classes = names(settings::optional_names(fields, "class"));
        let (k, bins) = (whole(fields, "k", usize::MAX), whole(fields, "bins", MOST_BINS));
        let quantile = fields.number("quantile").map(Finite::get);
        let features = names(settings::optional_names(fields, "features"));
        let group = fields.optional::<String>("group").map(Spanned::into_inner);
        let reduction = fields.word("reduction", &[("mean", Reduction::Mean), ("sum", Reduction::Sum)]);
        let scores = fields.word("scores", &[("probabilities", ScoreKind::Probabilities), ("logits", ScoreKind::Logits)]);
        let peak = fields.number("peak").map(Finite::get);
        let metric = find(fields, word?.get_ref())?;
        for key in KEYS.into_iter().filter(|key| has(key) && !metric.keys.iter().any(|known| known.name.word() == *key)) {
            fields.fault(Code::BadValue, fields.place(key), belongs_elsewhere(key, metric));
        }
        for key in metric.keys.iter().filter(|key| key.needed && !has(key.name.word())) {
            let missing = Diagnostic::error(Code::MissingKey, format!("the metric `{}` needs `{}`", metric.name, key.name.word()));
            let fault = if is_over_all(metric) { of_all_classes(metric) } else { missing };
            fields.push(fault.at(fields.place("metric")));
        }
        if classes.len() > 1 && metric.key(KeyName::Class).is_some() {
            fields.fault(Code::BadValue, fields.place("class"), format!("the metric `{}` is about one class", metric.name));
        }
        if quantile.is_some_and(|quantile| !(0.0..=1.0).contains(&quantile)) {
            fields.fault(Code::BadValue, fields.place("quantile"), "`quantile` lies between 0 and 1");
        }
        if peak.is_some_and(|peak| peak <= 0.0) {
            fields.fault(Code::BadValue, fields.place("peak"), "`peak` is above 0");
        }
        let [metric_at, class, k_at, features_at, group_at] = ["metric", "class", "k", "features", "group"].map(|key| fields.place(key));
        let places = Places { metric: metric_at, class, k: k_at, features: features_at, group: group_at };
        Some(Self { metric, classes, k, bins, quantile, features, group, reduction, scores, peak, places })
    }

    /// What is wrong with bounds and levels of this metric.
    pub(super) fn judge_standard(&self, standard: &Standard, fields: &mut Fields<'_>) {
        let metric = self.metric;
        let Some(better) = metric.scale.better else {
            if !standard.is_empty() {
                let message = format!("the metric `{}` is a matrix: it has a `claim`, and no bounds or `levels`", metric.name);
                fields.fault(Code::BadValue, self.places.metric.clone(), message);
            }
            return;
        };
        for term in standard.terms() {
            let Limit::Number(limit) = &term.limit else { continue };
            if !metric.scale.holds(limit.get()) {
                let message = format!("{} {}, and the limit is {limit}", metric.name, range(metric));
                let hundredth = limit.get() / 100.0;
                let help = metric.scale.holds(hundredth).then(|| format!("did you mean {}?", significant(hundredth, 6)));
                fields.push(Diagnostic::error(Code::BadValue, message).at(term.at.clone()).help(help));
            }
        }
        let is_worse = |side: Side| (side == Side::Higher) != (better == Better::Higher);
        let all_worse = !standard.levels.is_empty() && standard.levels.iter().flat_map(|level| &level.terms).all(|term| is_worse(Side::of(term.order)));
        if all_worse || standard.better().is_some_and(is_worse) {
            let way = if better == Better::Higher { "higher" } else { "lower" };
            let message = format!("a {way} {} is better, and the levels are worth more on the other side", metric.title);
            fields.fault(Code::BadValue, standard.levels_at.clone(), message);
        }
    }

    /// Its unit, if it has one.
    pub(super) fn symbol(&self) -> Option<Symbol> {
        match self.metric.name {
            "psnr" => Some(Symbol::Decibel),
            _ => self.metric.scale.is_fraction().then_some(Symbol::Fraction),
        }
    }

    /// What it is called of networks, if it is measured of them.
    pub(super) fn of_networks(&self) -> Option<&'static str> {
        match self.metric.name {
            "log-loss" if self.reduction == Some(Reduction::Mean) => Some("log-loss"),
            name => ["error", "accuracy", "rmse"].into_iter().find(|known| *known == name),
        }
    }
}

/// Whether a metric counts classes together, which of all of them is the accuracy.
pub(super) fn is_over_all(metric: &Metric) -> bool {
    metric.name.starts_with("micro-")
}

/// The fault of a metric over all classes together.
pub(super) fn of_all_classes(metric: &Metric) -> Diagnostic {
    let help = "ask for `accuracy`, or name with `class` the classes that count".to_owned();
    Diagnostic::error(Code::BadValue, format!("`{}` of all classes is the accuracy", metric.name)).help(help)
}

/// The metric called `word`.
fn find(fields: &mut Fields<'_>, word: &str) -> Option<&'static Metric> {
    let found = Metric::named(word);
    if found.is_none() {
        let help = meant(word).unwrap_or_else(|| "`mlgrade explain metrics` has them all".to_owned());
        fields.push(Diagnostic::error(Code::UnknownName, format!("there is no metric `{word}`")).at(fields.place("metric")).help(help));
    }
    found
}

/// What a name that is no metric probably means.
fn meant(word: &str) -> Option<String> {
    let plain = word.trim().to_lowercase().replace(['_', ' '], "-");
    let synonym = SYNONYMS.iter().find(|(known, _)| *known == plain).map(|(_, here)| (*here).to_owned());
    let of_source = |metric: &&Metric| metric.source.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next() == Some(word);
    let same = |metric: &&Metric| metric.name == plain || metric.title.replace(' ', "-").eq_ignore_ascii_case(&plain) || of_source(metric);
    let here = synonym.or_else(|| METRICS.iter().find(same).map(|metric| format!("`{}`", metric.name)));
    here.map(|here| format!("that is {here}")).or_else(|| did_you_mean(&plain, METRICS.iter().map(|metric| metric.name)))
}

/// Whose a setting is that `metric` does not have.
fn belongs_elsewhere(key: &str, metric: &Metric) -> String {
    let owners: Vec<&str> = METRICS.iter().filter(|other| other.keys.iter().any(|known| known.name.word() == key)).map(|other| other.name).collect();
    match owners.as_slice() {
        [only] => format!("`{key}` is for the metric `{only}`"),
        [] | [_, ..] if owners.len() > 4 => format!("the metric `{}` has no `{key}`; {} and others have", metric.name, list(owners.into_iter().take(3))),
        _ => format!("`{key}` is for the metrics {}", list(owners)),
    }
}

/// Where a metric lies, in words.
fn range(metric: &Metric) -> String {
    match (metric.scale.least, metric.scale.most) {
        (Some(least), Some(most)) => format!("lies between {least} and {most}"),
        (Some(least), None) => format!("is at least {least}"),
        (None, Some(most)) => format!("is at most {most}"),
        (None, None) => "is any number".to_owned(),
    }
}

/// A whole number above 0 and at most `most`.
fn whole(fields: &mut Fields<'_>, key: &'static str, most: usize) -> Option<usize> {
    let value = fields.take(key)?;
    let number = match value.get_ref() {
        DeValue::Integer(number) => usize::from_str_radix(number.as_str(), number.radix()).ok().filter(|number| *number > 0),
        _ => None,
    };
    match number {
        None => fields.fault(Code::WrongType, fields.place(key), format!("`{key}` is a whole number above 0")),
        Some(number) if number > most => fields.fault(Code::BadValue, fields.place(key), format!("`{key}` is at most {most}")),
        Some(_) => {}
    }
    number
}

//! `check = "recompute"`: a claimed number, computed again from the submitted predictions.

use toml::Spanned;

use crate::data::Datasets;
use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::fields::Fields;
use crate::domain::number::{Finite, Unit, significant};
use crate::domain::quantity::Symbol;
use crate::domain::tolerance::Tolerance;
use crate::domain::verdict::{Finding, Verdict};
use crate::evidence::Absent;

use super::claim::{self, Outcome};
use super::network::NetworkCheck;
use super::settings::{self, PercentSigns};
use super::units::{Number, UnitGroup};
use super::{Case, Check, Edition, Example, Kind, Need, Stop, only_the_course};
use crate::metrics::probabilities::Reduction;

mod diagnosis;
mod join;
mod measure;
mod reading;

use measure::Measure;
pub(super) use measure::predicted_classes;
use reading::ScoreKind;

pub(super) const KIND: Kind = Kind {
    name: "recompute",
    doc: "\
Computes a claimed number again from the submitted predictions. A claim that they disprove is contradicted, not merely off.

  metric       of classes: \"error\", \"accuracy\", \"recall\", \"macro-recall\", \"macro-f1\"; of probabilities or logits:
               \"log-loss\"; of numbers: \"rmse\", \"mae\", \"r2\", \"psnr\". All are scikit-learn's; those of classes are fractions
  predictions  the predictions' name: predictions/NAME.csv, .npy, .npz or .json, one for each validation example in their order
  network      where there are no predictions: the name of a network that gives them, see `mlgrade explain network`; for images
               and rows, and the metrics \"error\", \"accuracy\", \"log-loss\" (mean) and \"rmse\"
  data         the data set whose validation examples count, or a table
  target       the column of a table that was to be predicted, for every row
  claim        the name of the claimed number
  tolerance    { absolute = 0.001 }: how far claim and result may differ
  percent      \"reject\": a claim in percent without a percent sign earns nothing; left out, it is read
  class        for recall: the class, such as \"Gentoo\" or \"7\"
  reduction    for log-loss: \"mean\" or \"sum\" over the examples
  scores       for log-loss: \"probabilities\" or \"logits\"; left out, numbers outside of 0 to 1 tell logits
  peak         for psnr: the greatest value there can be; of a picture it is what white counts as, 255 unless given

Read are one class for each example (numbers, or the data set's names for them), rows of one number for each class (one-hot,
probabilities, logits: the greatest counts, the first of equals), and values. A header, blank rows, a first line `sep=;`, R's
row names, UTF-16, frames of pandas in JSON and a column or array among several are understood: the one that says prediction
wins over the one that says truth. Rows that have ids are joined by them, with a column of the table or with the numbers of the
examples; missing and doubled ids are counted and go to a person. A name that is no class is a wrong row. Decimal commas are
read by column. Pickles (.pkl, .pt, .joblib, arrays of Python objects) are never opened.
Probabilities are clipped as scikit-learn does, by the epsilon of their type, and not made to sum to 1.

The rule: a file is read in one way, and each choice is told. Where it can be read in one way only (classes numbered from 1 of
which the greatest is no class otherwise, an array turned over, a heading that pandas made), the claim is judged so. Otherwise
it is judged by what the file says as it stands: disproved, it is contradicted, with a hint at what may have gone wrong. If other
names for the classes, or probabilities that were not rounded to 0, would confirm the claim, a person decides: it never passes so.
A file of the wrong length cannot be judged and goes to a person. Predictions that are the right answers themselves, to the last
row, confirm nothing: a person looks.

Of the metrics of classes a claim above 1 and at most 100 can only be percent and is read so, unless `percent = \"reject\"`.
A claim of 1 or less is a fraction, unless a hundred times the computed number, which is not 0, rounds to the claim's own
digits. All items of the rubric read the claim in the same unit. A claim that the computed number rounds to, but that is further
off than `tolerance`, goes to a person.

In the student's edition of a rubric `tolerance` is left out, and only the number of predictions and their form are checked; the
data set may be missing there.",
    example: Example {
        item: "metric = \"error\"\npredictions = \"cnn\"\ndata = \"mnist\"\nclaim = \"cnn.val_error\"\ntolerance = { absolute = 0.001 }",
        reference: "",
        passes: "",
        fails: "",
    },
    secret: &["tolerance"],
    read,
};

#[derive(Debug)]
struct Recompute {
    metric: Metric,
    predictions: String,
    data: Spanned<String>,
    target: Option<String>,
    claim: String,
    percent: PercentSigns,
    tolerance: Option<Tolerance>,
    network: Option<NetworkCheck>,
}

/// What is computed of the predictions.
#[derive(Debug, Clone, PartialEq)]
enum Metric {
    Error,
    Accuracy,
    Recall { class: String },
    MacroRecall,
    MacroF1,
    LogLoss { reduction: Reduction, scores: Option<ScoreKind> },
    Rmse,
    Mae,
    R2,
    Psnr { peak: Option<f64> },
}

const METRICS: [&str; 10] = ["error", "accuracy", "recall", "macro-recall", "macro-f1", "log-loss", "rmse", "mae", "r2", "psnr"];

fn read(fields: &mut Fields<'_>, edition: Edition) -> Option<Box<dyn Check>> {
    let metric = read_metric(fields);
    let predictions = fields.required::<String>("predictions");
    let data = fields.required::<String>("data");
    let target = fields.optional::<String>("target").map(Spanned::into_inner);
    let claim = fields.required::<String>("claim");
    let percent = settings::percent(fields);
    let tolerance = fields.tolerance("tolerance");
    if edition == Edition::Course && tolerance.is_none() {
        fields.fault(Code::MissingKey, fields.span(), "a `recompute` check needs a `tolerance`");
    }
    let network = fields.optional::<String>("network");
    let (metric, predictions, data, claim) = (metric?, predictions?.into_inner(), data?, claim?.into_inner());
    let network = network.and_then(|name| {
        let span = name.span();
        let word = metric.of_networks().filter(|_| target.is_none());
        let check = word.and_then(|word| NetworkCheck::of_claim(name.into_inner(), data.clone(), word, claim.clone(), percent, tolerance));
        if check.is_none() {
            fields.fault(Code::BadValue, span, "a network stands in for predictions of images or rows, by error, accuracy, mean log-loss or rmse");
        }
        check
    });
    Some(Box::new(Recompute { metric, predictions, data, target, claim, percent, tolerance, network }))
}

fn read_metric(fields: &mut Fields<'_>) -> Option<Metric> {
    let word = fields.has("metric").then(|| fields.word("metric", &METRICS.map(|name| (name, name)))).or_else(|| {
        fields.required::<String>("metric");
        None
    });
    let class = fields.optional::<String>("class").map(Spanned::into_inner);
    let reduction = fields.word("reduction", &[("mean", Reduction::Mean), ("sum", Reduction::Sum)]);
    let scores = fields.word("scores", &[("probabilities", ScoreKind::Probabilities), ("logits", ScoreKind::Logits)]);
    let peak = fields.number("peak").map(Finite::get);
    let word = word??;
    let strays = [(class.is_some(), "class", "recall"), (reduction.is_some(), "reduction", "log-loss"), (scores.is_some(), "scores", "log-loss")];
    for (_, key, owner) in strays.into_iter().chain([(peak.is_some(), "peak", "psnr")]).filter(|&(there, _, owner)| there && word != owner) {
        fields.fault(Code::BadValue, fields.span(), format!("`{key}` is for the metric `{owner}`"));
    }
    if peak.is_some_and(|peak| peak <= 0.0) {
        fields.fault(Code::BadValue, fields.span(), "`peak` is above 0");
    }
    let needed = match word {
        "recall" if class.is_none() => Some("class"),
        "log-loss" if reduction.is_none() => Some("reduction"),
        _ => None,
    };
    if let Some(key) = needed {
        fields.fault(Code::MissingKey, fields.span(), format!("the metric `{word}` needs `{key}`"));
    }
    Some(match word {
        "error" => Metric::Error,
        "accuracy" => Metric::Accuracy,
        "recall" => Metric::Recall { class: class? },
        "macro-recall" => Metric::MacroRecall,
        "macro-f1" => Metric::MacroF1,
        "log-loss" => Metric::LogLoss { reduction: reduction?, scores },
        "rmse" => Metric::Rmse,
        "mae" => Metric::Mae,
        "r2" => Metric::R2,
        _ => Metric::Psnr { peak },
    })
}

impl Check for Recompute {
    fn judge(&self, case: &Case<'_>) -> Result<Finding, Stop> {
        let predictions = match (case.student.predictions(&self.predictions), &self.network) {
            (Err(Absent::Missing(_)), Some(network)) if network.is_there(case.student) => return network.judge(case),
            (predictions, _) => predictions?,
        };
        let answers = match case.data.answers(self.data.get_ref(), self.target.as_deref()) {
            // The right answers may lie in the course's own folder.
            Err(_) if case.edition == Edition::Student => return Ok(only_the_course(format!("{} rows of predictions are there", predictions.len()))),
            answers => answers.map_err(Stop::Fault)?,
        };
        if let Some((value, rows, message)) = Measure::of_part(&self.metric, &predictions, &answers) {
            let claimed = case.student.number(&self.claim)?;
            let others = format!("the rows of the other {rows} give {}", significant(value?, 5));
            let shown = format!("{} says {claimed}, and a person has to decide", self.claim);
            let advice = format!("{message}; save one prediction for each example");
            return Ok(Finding::new(Verdict::NeedsReview, format!("{message}; {others}, {shown}"), advice).unread());
        }
        let measure = Measure::of(&self.metric, &predictions, &answers)?;
        let claimed = case.student.number(&self.claim)?;
        let notes = measure.notes.join("; ");
        let Some(tolerance) = self.tolerance else {
            let read = if notes.is_empty() { String::new() } else { format!("; {notes}") };
            return Ok(only_the_course(format!("{} predictions are there{read}", answers.len())));
        };
        let Ok(computed) = Finite::new(measure.value(&self.metric)?) else { return Ok(self.without_a_number(&measure)) };
        Ok(self.compare(&claimed, computed, tolerance, &measure, &notes))
    }

    fn open(&self, data: &dyn Datasets) -> Result<(), Diagnostic> {
        let answers = data.answers(self.data.get_ref(), self.target.as_deref())?;
        Measure::fits(&self.metric, &answers)?;
        self.network.as_ref().map_or(Ok(()), |network| network.open(data))
    }

    fn needs(&self) -> Vec<Need<'_>> {
        vec![Need::Predictions(&self.predictions), Need::Evidence(&self.claim), Need::Data(&self.data)]
    }

    fn unit_groups(&self, _: &Case<'_>) -> Vec<UnitGroup<'_>> {
        let unit = self.metric.is_a_fraction().then_some(Unit::Fraction);
        vec![UnitGroup::asked(unit, [self.claim.as_str()])]
    }
}

impl Recompute {
    fn compare(&self, claimed: &Number, computed: Finite, tolerance: Tolerance, measure: &Measure<'_>, notes: &str) -> Finding {
        let claim = &self.claim;
        let shown = format!("{claim} says {claimed}, the predictions give {}", significant(computed.get(), 5));
        let read = if notes.is_empty() { String::new() } else { format!("; {notes}") };
        let is_fraction = self.metric.is_a_fraction();
        let outcome = claim::held(claimed, computed, tolerance, is_fraction);
        let finding = match outcome {
            Outcome::Agrees | Outcome::AgreesIn(Unit::Percent) if self.percent == PercentSigns::Required && claim::is_bare_percent(claimed, outcome) => {
                let sentence = format!("{claim} = {} is in percent, and a fraction is asked: state {}", claimed.stated, claimed.stated.point_moved(-2));
                Finding::new(Verdict::Fail, format!("{sentence}{read}"), format!("{sentence}{read}"))
            }
            Outcome::Agrees if measure.is_exact() => {
                let sentence = "the predictions are the right answers themselves, to the last row, so that they confirm nothing; a person has to look";
                Finding::new(Verdict::NeedsReview, format!("{shown}; {sentence}{read}"), format!("{sentence}{read}")).urgent()
            }
            Outcome::Agrees => Finding::new(Verdict::Pass, format!("{shown}{read}"), format!("{claim} agrees with the predictions{read}")),
            Outcome::AgreesIn(unit) => {
                let meant = if unit == Unit::Percent { format!("{} %", claimed.stated) } else { format!("the fraction {}", claimed.stated) };
                let proof = format!("so that it is {meant}");
                Finding::new(Verdict::Pass, format!("{shown}, {proof}{read}"), format!("{claim} agrees with the predictions, {proof}{read}"))
                    .proving(claim, unit)
            }
            Outcome::Rounds => {
                let sentence = "that is rounded further than is allowed, and a person has to decide";
                let advice = format!("{claim} is rounded further than is allowed; state all digits{read}");
                Finding::new(Verdict::NeedsReview, format!("{shown}: {sentence} ({tolerance}){read}"), advice)
            }
            Outcome::Differs => {
                let apart = format!("{shown}: {} apart, {tolerance} is allowed", significant((claimed.number.get() - computed.get()).abs(), 3));
                let agrees = |computed: Finite| !matches!(claim::held(claimed, computed, tolerance, is_fraction), Outcome::Differs);
                let (verdict, hint) = match measure.diagnosis(&self.metric, claimed.number, computed, &agrees, tolerance) {
                    Some(diagnosis) => (if diagnosis.explains { Verdict::NeedsReview } else { Verdict::Contradicted }, format!("; {}", diagnosis.hint)),
                    None => (Verdict::Contradicted, String::new()),
                };
                let (verdict, hint) = if measure.is_exact() {
                    (Verdict::Contradicted, "; the predictions are the right answers themselves, to the last row".to_owned())
                } else {
                    (verdict, hint)
                };
                let question = if hint.is_empty() { "; are they of the same network and epoch?" } else { "" };
                let advice = format!("{claim} does not agree with the predictions that you handed in{read}{hint}{question}");
                Finding::new(verdict, format!("{apart}{read}{hint}"), advice)
            }
        };
        finding.expected(computed).actual(claimed.quantity()).tolerance(tolerance).in_unit(self.metric.symbol())
    }

    /// What to say where the metric is infinite or too large to be a number.
    fn without_a_number(&self, measure: &Measure<'_>) -> Finding {
        if matches!(self.metric, Metric::Psnr { .. }) && measure.is_exact() {
            let sentence = "the predictions are the right answers themselves, so that no number can be held against them; a person has to look";
            return Finding::open(Verdict::NeedsReview, sentence).urgent();
        }
        let diagnostic = Diagnostic::error(Code::BadPredictions, format!("the predictions give no finite {}", self.metric.words()));
        Stop::Absent(Absent::Unusable(diagnostic.help("are some of them far too large?".to_owned()))).into_finding()
    }
}

impl Metric {
    /// Whether it lies between 0 and 1, so that people state it in percent too.
    fn is_a_fraction(&self) -> bool {
        matches!(self, Self::Error | Self::Accuracy | Self::Recall { .. } | Self::MacroRecall | Self::MacroF1)
    }

    /// Its unit, if it has one.
    fn symbol(&self) -> Option<Symbol> {
        match self {
            Self::Psnr { .. } => Some(Symbol::Decibel),
            other => other.is_a_fraction().then_some(Symbol::Fraction),
        }
    }

    /// What it is called of networks, if it is measured of them.
    fn of_networks(&self) -> Option<&'static str> {
        match self {
            Self::Error => Some("error"),
            Self::Accuracy => Some("accuracy"),
            Self::LogLoss { reduction: Reduction::Mean, .. } => Some("log-loss"),
            Self::Rmse => Some("rmse"),
            _ => None,
        }
    }

    /// Its name in sentences.
    fn words(&self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Accuracy => "accuracy",
            Self::Recall { .. } => "recall",
            Self::MacroRecall => "mean recall",
            Self::MacroF1 => "mean F1",
            Self::LogLoss { .. } => "log loss",
            Self::Rmse => "root mean squared error",
            Self::Mae => "mean absolute error",
            Self::R2 => "R²",
            Self::Psnr { .. } => "PSNR",
        }
    }
}

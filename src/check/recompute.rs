//! `check = "recompute"`: a claimed number, computed again from the submitted predictions.

use toml::Spanned;

use crate::data::Datasets;
use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::fields::Fields;
use crate::domain::key::{Key, Type};
use crate::domain::number::{Finite, Unit, significant};
use crate::domain::tolerance::Tolerance;
use crate::domain::verdict::{Finding, Verdict};
use crate::evidence::Absent;
use crate::evidence::bag::Bag;
use crate::evidence::predictions::Predictions;
use crate::metrics::table::NAMES;

use super::claim::{self, Outcome};
use super::network::NetworkCheck;
use super::request::Request;
use super::settings::{self, PercentSigns};
use super::standard::Standard;
use super::units::{Number, UnitGroup};
use super::{Case, Check, Edition, Example, Kind, Need, Stop, only_the_course};

mod by_id;
mod diagnosis;
mod join;
mod matrix;
mod measure;
mod per_class;
mod reached;
mod reading;
mod requests;
mod roc;
mod truth;
mod wanted;

use matrix::Matrix;
use measure::Measure;
pub(super) use measure::predicted_classes;
use per_class::PerClass;
use truth::{Asked, Truth};
use wanted::Wanted;

pub(super) const KIND: Kind = Kind {
    name: "recompute",
    about: "\
Computes a metric of the submitted predictions. A claim that they disprove is contradicted, not merely off; bounds and levels judge what
is computed, after the claim has held.",
    keys: &[
        Key::new("metric", Type::Word(&NAMES), r#""auc""#, "What is computed, see `mlgrade explain metrics`.").required(),
        Key::new(
            "class",
            Type::TextOrTexts,
            r#""malignant""#,
            "The class that the metric is of, or, for macro and micro averages, the classes. Of predictions that are one number a row, \
            that number is of this class.",
        ),
        Key::new("k", Type::Whole, "5", "For top-k-accuracy, ndcg: how many places count."),
        Key::new("quantile", Type::Number, "0.9", "For pinball: the quantile that is predicted."),
        Key::new("bins", Type::Whole, "15", "For ece: how many bins the probabilities fall into."),
        Key::new(
            "features",
            Type::TextOrTexts,
            r#"["bill_length_mm", "body_mass_g"]"#,
            "For silhouette, inertia: the columns of the table in which distances are measured.",
        ),
        Key::new("group", Type::Text, r#""query""#, "For ndcg, mrr: the column of the table whose equal values are one list."),
        Key::new("reduction", Type::Word(&["mean", "sum"]), r#""mean""#, "For log-loss: the mean or the sum over the rows."),
        Key::new(
            "scores",
            Type::Word(&["probabilities", "logits"]),
            r#""probabilities""#,
            "For log-loss: what the numbers are; left out, numbers outside of 0 to 1 are logits.",
        ),
        Key::new("peak", Type::Number, "1.0", "For psnr: the greatest value there can be; of a picture it is what white counts as.").default("255"),
        Key::new(
            "predictions",
            Type::Text,
            r#""tumours""#,
            "The predictions' name: predictions/NAME.csv, .npy, .npz or .json, one row for each validation example.",
        )
        .required(),
        Key::new(
            "network",
            Type::Text,
            r#""cnn""#,
            "Where there are no predictions: the name of a network that gives them, see `mlgrade explain network`; for images and rows, \
            and the metrics error, accuracy, log-loss (mean) and rmse.",
        ),
        Key::new("data", Type::Text, r#""tumours""#, "The data set whose validation examples count, or a table.").required(),
        Key::new(
            "target",
            Type::TextOrTexts,
            r#""diagnosis""#,
            "Of a table: the column to predict, or several, whose mean counts. A column of the predictions that has a target's name is \
            that one; without such names the columns count by their order.",
        ),
        Key::new(
            "join",
            Type::Text,
            r#""id""#,
            "Rows are found by this column, which the table and the predictions have, as text; headings in any letter case. A row that is \
            missing, unknown or there twice makes the file unreadable. Without `join` rows count by their order.",
        ),
        Key::new(
            "rows",
            Type::Whole,
            "150",
            "How many rows of predictions are asked for, where students do not have the data set: `mlgrade check` then tells of a file with more or fewer.",
        ),
        Key::new("only", Type::Table, r#"{ split = "private" }"#, "The rows of the table that count, chosen after the join.").secret(),
        Key::new(
            "claim",
            Type::Text,
            r#""cnn.val_error""#,
            "The name of the claimed number, which the predictions must confirm within `tolerance`; of confusion-matrix, \
            classification-report and roc-curve, of the claimed array.",
        ),
        Key::new("tolerance", Type::Tolerance, "{ absolute = 0.001 }", "How far the claim may lie from what is computed.").secret(),
        Key::new(
            "percent",
            Type::Word(&["read", "reject"]),
            r#""reject""#,
            "\"reject\": a fraction that is stated in percent without a percent sign earns nothing.",
        )
        .default("\"read\""),
        settings::AT_LEAST,
        settings::AT_MOST,
        settings::ABOVE,
        settings::BELOW,
        Key::new(
            "levels",
            Type::Tables,
            r#"[{ at_least = "baseline.auc", points = 0 }, { at_least = "reference.auc", points = 14 }]"#,
            "The best level that the computed number reaches counts, after the claim has held.",
        )
        .secret(),
        Key::new("interpolate", Type::Flag, "true", "Points lie on straight lines between the levels, each of which has one bound.").default("false").secret(),
        Key::new(
            "leaderboard",
            Type::Text,
            r#""AUC""#,
            "A column of grades.csv and of the class's table, with the computed number; it is in no student's report.",
        ),
    ],
    more: "\
Read are one class for each example (numbers, or the data set's names for them), rows of one number for each class (one-hot,
probabilities, logits: the greatest counts, the first of equals), and values. A header, blank rows, a first line `sep=;`, R's
row names, UTF-16, frames of pandas in JSON and a column or array among several are understood: the one that says prediction
wins over the one that says truth. True and False are 1 and 0. With `class` and two classes one number from 0 to 1 counts as that
class above 0.5. Rows that have ids are joined by them, with a column of the table or with the numbers of the examples; missing and
doubled ids are counted and go to a person. With `join` ids that are missing, unknown or there twice make the file unreadable, as
does a file without that column. A name that is no class is a wrong row. Clusters have any names. Decimal commas are read by column. Pickles (.pkl, .pt, .joblib, arrays of Python objects) are never opened.
Probabilities are clipped as scikit-learn does, by the epsilon of their type, and not made to sum to 1.

The rule: a file is read in one way, and each choice is told. Where it can be read in one way only (classes numbered from 1 of
which the greatest is no class otherwise, an array turned over, a heading that pandas made), the claim is judged so. Otherwise
it is judged by what the file says as it stands: disproved, it is contradicted, with a hint at what may have gone wrong. If other
names for the classes, or probabilities that were not rounded to 0, would confirm the claim, a person decides: it never passes so.
So it is with a confusion matrix that is turned over, or whose rows are divided by their sums. A file of the wrong length cannot be
judged and goes to a person; where nothing is claimed, one with fewer rows is unreadable. Predictions that are the right answers
themselves, to the last row, confirm nothing: a person looks.

Of the metrics from 0 to 1 a claim above 1 and at most 100 can only be percent and is read so, unless `percent = \"reject\"`.
A claim of 1 or less is a fraction, unless a hundred times the computed number, which is not 0, rounds to the claim's own
digits. All items of the rubric read the claim in the same unit. A claim that the computed number rounds to, but that is further
off than `tolerance`, goes to a person.

In the student's edition of a rubric bounds, `levels`, `interpolate`, `tolerance` and `only` are left out, and only the number of
predictions and their form are checked; the data set may be missing there.",
    example: Example {
        item: "metric = \"error\"\npredictions = \"cnn\"\ndata = \"mnist\"\nclaim = \"cnn.val_error\"\ntolerance = { absolute = 0.001 }",
        reference: "",
        passes: "",
        fails: "",
    },
    read,
};

#[derive(Debug)]
struct Recompute {
    wanted: Wanted,
    predictions: String,
    asked: Asked,
    claim: Option<Claim>,
    standard: Standard,
    leaderboard: Option<String>,
    network: Option<NetworkCheck>,
}

/// A number, or a matrix, that the student claims.
#[derive(Debug)]
struct Claim {
    name: String,
    percent: PercentSigns,
    /// How far it may be from what is computed; not in a student's edition.
    tolerance: Option<Tolerance>,
}

fn read(fields: &mut Fields<'_>, edition: Edition) -> Option<Box<dyn Check>> {
    let wanted = Wanted::read(fields);
    let predictions = fields.required::<String>("predictions");
    let asked = Asked::read(fields, wanted.as_ref());
    let claims = fields.has("claim");
    let claim = read_claim(fields, edition);
    let standard = Standard::read(fields);
    if let Some(wanted) = &wanted {
        wanted.judge_standard(&standard, fields);
    }
    let leaderboard = fields.optional::<String>("leaderboard").map(Spanned::into_inner);
    if edition == Edition::Course && !claims && standard.is_empty() {
        fields.fault(Code::MissingKey, fields.place("check"), "a `recompute` check needs a `claim`, a bound or `levels`");
    }
    let network = fields.optional::<String>("network");
    let (wanted, predictions, asked) = (wanted?, predictions?.into_inner(), asked?);
    let network = network.and_then(|name| {
        let (span, data) = (name.span(), asked.data.clone());
        let word = wanted.of_networks().filter(|_| asked.targets.is_empty() && asked.join.is_none() && standard.is_empty());
        let check = word
            .zip(claim.as_ref())
            .and_then(|(word, claim)| NetworkCheck::of_claim(name.into_inner(), data, word, claim.name.clone(), claim.percent, claim.tolerance));
        if check.is_none() {
            let message = "a network stands in for predictions of images or rows, with a claim of error, accuracy, mean log-loss or rmse and no bounds";
            fields.fault(Code::BadValue, span, message);
        }
        check
    });
    Some(Box::new(Recompute { wanted, predictions, asked, claim, standard, leaderboard, network }))
}

/// `claim` with its `tolerance` and `percent`.
fn read_claim(fields: &mut Fields<'_>, edition: Edition) -> Option<Claim> {
    let [there, has_percent, has_tolerance] = ["claim", "percent", "tolerance"].map(|key| fields.has(key));
    let name = fields.optional::<String>("claim").map(Spanned::into_inner);
    let percent = settings::percent(fields);
    let tolerance = fields.tolerance("tolerance");
    if let Some(name) = name {
        if edition == Edition::Course && !has_tolerance {
            fields.fault(Code::MissingKey, fields.place("claim"), "a `recompute` check with a `claim` needs a `tolerance`");
        }
        Some(Claim { name, percent, tolerance })
    } else {
        for (key, _) in [("tolerance", has_tolerance), ("percent", has_percent)].into_iter().filter(|(_, stray)| *stray && !there) {
            fields.fault(Code::BadValue, fields.place(key), format!("`{key}` is of a `claim`, and there is none"));
        }
        None
    }
}

impl Check for Recompute {
    fn judge(&self, case: &Case<'_>) -> Result<Finding, Stop> {
        let truth = self.asked.truth(&self.wanted, case.data);
        let predictions = match (case.student.predictions_by(&self.predictions, &self.asked.layout(truth.as_ref().ok())), &self.network) {
            (Err(Absent::Missing(_)), Some(network)) if network.is_there(case.student) => return network.judge(case),
            (predictions, _) => predictions?,
        };
        let truth = match truth {
            // The right answers may lie in the course's own folder.
            Err(_) if case.edition == Edition::Student => return Ok(self.asked.without_data(predictions.len())),
            truth => truth.map_err(Stop::Fault)?,
        };
        if let Some((value, rows, message)) = measure::of_part(&self.wanted, &predictions, &truth) {
            return self.of_part(case, value, rows, &message);
        }
        let measure = Measure::of(&self.wanted, &predictions, &truth)?;
        let notes = measure.notes.join("; ");
        if case.edition == Edition::Student && self.standard.is_empty() && self.tolerance().is_none() {
            if let Some(claim) = &self.claim {
                self.look_at(claim, case)?;
            }
            let read = if notes.is_empty() { String::new() } else { format!("; {notes}") };
            return Ok(only_the_course(format!("{} predictions are there{read}", measure.len())));
        }
        if self.is_array() {
            return self.compare_array(case, &measure, &truth, &notes);
        }
        self.judge_number(case, &predictions, &measure, &notes)
    }

    fn open(&self, data: &dyn Datasets) -> Result<(), Diagnostic> {
        self.asked.truth(&self.wanted, data)?;
        self.network.as_ref().map_or(Ok(()), |network| network.open(data))
    }

    fn suits(&self, reference: &Bag) -> Result<(), Diagnostic> {
        self.standard.fault(reference).map_or(Ok(()), Err)
    }

    fn leaderboard(&self) -> Option<&str> {
        self.leaderboard.as_deref()
    }

    fn needs(&self) -> Vec<Need<'_>> {
        let claim = self.claim.as_ref().map(|claim| if self.is_array() { Need::Array(&claim.name) } else { Need::Evidence(&claim.name) });
        std::iter::once(Need::Predictions(&self.predictions)).chain(claim).chain([Need::Data(&self.asked.data)]).chain(self.standard.needs()).collect()
    }

    fn requests(&self, data: &dyn Datasets) -> Vec<Request> {
        requests::of(self, data)
    }

    fn unit_groups(&self, _: &Case<'_>) -> Vec<UnitGroup<'_>> {
        let unit = self.wanted.metric.scale.is_fraction().then_some(Unit::Fraction);
        self.claim.iter().filter(|_| !self.is_array()).map(|claim| UnitGroup::asked(unit, [claim.name.as_str()])).collect()
    }
}

impl Recompute {
    fn is_array(&self) -> bool {
        self.wanted.metric.scale.better.is_none()
    }

    fn tolerance(&self) -> Option<Tolerance> {
        self.claim.as_ref().and_then(|claim| claim.tolerance)
    }

    /// Whether the claim can be read.
    fn look_at(&self, claim: &Claim, case: &Case<'_>) -> Result<(), Stop> {
        if self.is_array() {
            case.student.array(&claim.name)?;
        } else {
            case.student.number(&claim.name)?;
        }
        Ok(())
    }

    /// What to say where some examples have no row: it goes to a person with what the others give.
    fn of_part(&self, case: &Case<'_>, value: Result<f64, Stop>, rows: usize, message: &str) -> Result<Finding, Stop> {
        let says = match &self.claim {
            Some(claim) if !self.is_array() => format!("{} says {}, and ", claim.name, case.student.number(&claim.name)?),
            _ => String::new(),
        };
        let others = if self.is_array() { String::new() } else { format!("; the rows of the other {rows} give {}", significant(value?, 5)) };
        let advice = format!("{message}; save one prediction for each example");
        Ok(Finding::new(Verdict::NeedsReview, format!("{message}{others}, {says}a person has to decide"), advice).unread())
    }

    fn compare_array(&self, case: &Case<'_>, measure: &Measure<'_>, truth: &Truth, notes: &str) -> Result<Finding, Stop> {
        let (Some(claim), Some(tolerance)) = (&self.claim, self.tolerance()) else {
            let message = format!("the metric `{}` needs a `claim` with its `tolerance`", self.wanted.metric.name);
            return Err(Stop::Fault(Diagnostic::error(Code::MissingKey, message)));
        };
        let claimed = case.student.array(&claim.name)?;
        let classes = truth.classes().map_err(Stop::Fault)?;
        let fault = |fault: crate::metrics::Fault| Stop::Fault(Diagnostic::error(Code::DataMalformed, fault.to_string()));
        let finding = match self.wanted.metric.name {
            "roc-curve" => roc::compare(&claim.name, &claimed, &measure.roc().map_err(fault)?, tolerance),
            "classification-report" => {
                PerClass { classes: &classes.names, rows: measure.per_class().map_err(fault)? }.compare(&claim.name, &claimed, tolerance)
            }
            _ => Matrix::new(&classes.names, &measure.confusion().map_err(fault)?).compare(&claim.name, &claimed, tolerance),
        };
        let finding = if finding.verdict == Verdict::Pass && measure.is_exact() { reached::exact(finding, notes) } else { finding };
        Ok(with_notes(finding, notes))
    }

    /// Holds the claim, and then the computed number itself, against what is asked.
    fn judge_number(&self, case: &Case<'_>, predictions: &Predictions, measure: &Measure<'_>, notes: &str) -> Result<Finding, Stop> {
        let claimed = self.claim.as_ref().map(|claim| case.student.number(&claim.name)).transpose()?;
        let value = measure::value_of(measure, predictions)?;
        let Ok(computed) = Finite::new(value) else { return Ok(self.without_a_number(measure)) };
        let of_claim = match (&self.claim, claimed, self.tolerance()) {
            (Some(claim), Some(claimed), Some(tolerance)) => Some(self.compare(claim, &claimed, computed, tolerance, measure, notes)),
            _ => None,
        };
        let shown = significant(computed.get(), 5);
        let finding = match of_claim {
            Some(finding) if finding.verdict != Verdict::Pass || self.standard.is_empty() => finding,
            of_claim => {
                let judged = reached::judge(&self.standard, self.wanted.metric, computed, &shown, case)?.in_unit(self.wanted.symbol());
                match of_claim {
                    Some(of_claim) => reached::after(of_claim, judged),
                    None if measure.is_exact() => reached::exact(judged, notes),
                    None => with_notes(judged, notes),
                }
            }
        };
        Ok(match self.leaderboard {
            Some(_) => finding.actual(crate::domain::quantity::Quantity::number(computed).written(shown).in_unit(self.wanted.symbol())),
            None => finding,
        })
    }

    fn compare(&self, claim: &Claim, claimed: &Number, computed: Finite, tolerance: Tolerance, measure: &Measure<'_>, notes: &str) -> Finding {
        let percent = claim.percent;
        let claim = claim.name.as_str();
        let shown = format!("{claim} says {claimed}, the predictions give {}", significant(computed.get(), 5));
        let read = if notes.is_empty() { String::new() } else { format!("; {notes}") };
        let is_fraction = self.wanted.metric.scale.is_fraction();
        let outcome = claim::held(claimed, computed, tolerance, is_fraction);
        let finding = match outcome {
            Outcome::Agrees | Outcome::AgreesIn(Unit::Percent) if percent == PercentSigns::Required && claim::is_bare_percent(claimed, outcome) => {
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
                let (verdict, hint) = match measure.diagnosis(claimed.number, computed, &agrees, tolerance) {
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
        finding.expected(computed).actual(claimed.quantity()).tolerance(tolerance).in_unit(self.wanted.symbol())
    }

    /// What to say where the metric is infinite or too large to be a number.
    fn without_a_number(&self, measure: &Measure<'_>) -> Finding {
        if self.wanted.metric.name == "psnr" && measure.is_exact() {
            let sentence = "the predictions are the right answers themselves, so that no number can be held against them; a person has to look";
            return Finding::open(Verdict::NeedsReview, sentence).urgent();
        }
        let diagnostic = Diagnostic::error(Code::BadPredictions, format!("the predictions give no finite {}", self.wanted.metric.title));
        Stop::Absent(Absent::Unusable(diagnostic.help("are some of them far too large?".to_owned()))).into_finding()
    }
}

/// With how the file was read.
fn with_notes(finding: Finding, notes: &str) -> Finding {
    let read = if notes.is_empty() { String::new() } else { format!("; {notes}") };
    Finding { reason: format!("{}{read}", finding.reason), advice: format!("{}{read}", finding.advice), ..finding }
}

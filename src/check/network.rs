//! `check = "network"`: a claim, confirmed by running the submitted network on the validation set.

mod agreement;
mod measure;

use toml::Spanned;

use crate::data::Datasets;
use crate::domain::answers::Right;
use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::examples::{Examples, Numbers};
use crate::domain::fields::Fields;
use crate::domain::key::{Key, Type};
use crate::domain::limits;
use crate::domain::name::{did_you_mean, list};
use crate::domain::number::{Finite, Unit, significant};
use crate::domain::quantity::Symbol;
use crate::domain::tolerance::Tolerance;
use crate::domain::verdict::{Finding, Verdict};
use crate::evidence::Absent;
use crate::evidence::bag::Bag;
use crate::network::{Answers, Border, Known, Network, PRESENTATIONS, Presentation};
use agreement::{Agreement, agreed, unless_open};
use measure::{Measured, Metric, Subject};

use super::claim::{self, Outcome as Held};
use super::request::{Request, with_known};
use super::settings::{self, PercentSigns};
use super::units::{Number, UnitGroup};
use super::{Case, Check, Edition, Example, Kind, Need, Stop, only_the_course};

pub(super) const KIND: Kind = Kind {
    name: "network",
    about: "\
Runs the submitted network on the validation set. A claim that it disproves is contradicted, not merely off.",
    keys: &[
        Key::new(
            "network",
            Type::Text,
            r#""cnn""#,
            "The network's name: networks/NAME.onnx, .keras or .h5, .safetensors or .pt with its list of layers in NAME.toml, or boosted trees as NAME.json or .txt.",
        )
        .required(),
        Key::new("data", Type::Text, r#""mnist""#, "The data set whose validation examples it is run on.").required(),
        Key::new("features", Type::TextOrTexts, r#"["bill_length_mm", "body_mass_g"]"#, "Of a table: the columns that go in, in their order."),
        Key::new("target", Type::Text, r#""species""#, "Of a table: the column to predict; classes are counted in the alphabetical order of their names."),
        Key::new(
            "metric",
            Type::Word(&["error", "accuracy", "log-loss", "rmse"]),
            r#""error""#,
            "\"error\" and \"accuracy\" are fractions, \"log-loss\" is a mean in nats, \"rmse\" is of numbers.",
        )
        .required(),
        Key::new("claim", Type::Text, r#""cnn.val_error""#, "The name of the claimed number.").required(),
        Key::new("tolerance", Type::Tolerance, "{ absolute = 0.001 }", "How far claim and result may differ.").required().secret(),
        Key::new(
            "percent",
            Type::Word(&["read", "reject"]),
            r#""reject""#,
            "\"reject\": a fraction that is stated in percent without a percent sign earns nothing.",
        )
        .default("\"read\""),
        Key::new(
            "inputs",
            Type::Words(&["unit", "standardised", "centred", "raw", "mnist", "fashion-mnist", "imagenet", "cifar10", "per-feature"]),
            r#"["unit", "standardised"]"#,
            "How the inputs may have been presented to it; left out, all that pixels may be, and \"raw\" and \"per-feature\" of rows. One \
            under which the claim holds is enough; what NAME.toml states goes first and alone; images get the border that the input asks for.",
        ),
        Key::new("parameters", Type::Table, r#"{ at_most = 100000, claim = "cnn.parameters" }"#, "Both keys are optional: how many numbers it has learnt."),
        Key::new("agrees_with", Type::Text, r#""cnn""#, "Predictions that have to be this network's: predictions/NAME.csv, .npy, .npz or .json."),
        Key::new("agreement", Type::Share, r#""99%""#, "The share of them that have to be the same.").default("\"99.9%\""),
    ],
    more: "\
In the student's edition of a rubric `tolerance` is left out, and only whether the network runs is checked.",
    example: Example {
        item: "network = \"cnn\"\nmetric = \"error\"\ndata = \"mnist\"\nclaim = \"cnn.val_error\"\ntolerance = { absolute = 0.001 }",
        reference: "",
        passes: "",
        fails: "",
    },
    read,
};

/// The settings of a `network` check.
#[derive(Debug)]
pub(super) struct NetworkCheck {
    network: String,
    subject: Subject,
    metric: Metric,
    claim: String,
    percent: PercentSigns,
    tolerance: Option<Tolerance>,
    inputs: Option<Vec<Presentation>>,
    parameters: Option<Parameters>,
    agrees_with: Option<(String, f64)>,
}

/// What is asked of the number of parameters.
#[derive(Debug)]
struct Parameters {
    at_most: Option<usize>,
    claim: Option<String>,
}

/// Exporters fold a normalisation into the layer before it, which leaves out a few parameters.
const FOLDED: Tolerance = Tolerance { absolute: 0.0, relative: 0.01 };

fn read(fields: &mut Fields<'_>, edition: Edition) -> Option<Box<dyn Check>> {
    let network = fields.required::<String>("network");
    let subject = Subject::read(fields);
    let metric = fields.required::<String>("metric").and_then(|word| {
        let metric = Metric::named(word.get_ref());
        if metric.is_none() {
            fields.fault(Code::BadValue, word.span(), format!("`metric` cannot be `{}`; it is {}", word.get_ref(), list(Metric::NAMES)));
        }
        metric
    });
    let claim = fields.required::<String>("claim");
    let percent = settings::percent(fields);
    let tolerance = fields.tolerance("tolerance");
    if edition == Edition::Course && tolerance.is_none() {
        fields.fault(Code::MissingKey, fields.span(), "a `network` check needs a `tolerance`");
    }
    let inputs = read_inputs(fields);
    let parameters = fields.table("parameters", "the parameters").map(|mut inner| {
        let at_most = inner.optional::<usize>("at_most").map(Spanned::into_inner);
        let claim = inner.optional::<String>("claim").map(Spanned::into_inner);
        fields.absorb(inner);
        Parameters { at_most, claim }
    });
    let agreement = fields.share("agreement").unwrap_or(0.999);
    let agrees_with = fields.optional::<String>("agrees_with").map(|name| (name.into_inner(), agreement));
    let (network, claim) = (network?.into_inner(), claim?.into_inner());
    Some(Box::new(NetworkCheck { network, subject: subject?, metric: metric?, claim, percent, tolerance, inputs, parameters, agrees_with }))
}

fn read_inputs(fields: &mut Fields<'_>) -> Option<Vec<Presentation>> {
    let words = settings::optional_names(fields, "inputs")?;
    let mut inputs = Vec::new();
    for word in words {
        let names = || PRESENTATIONS.iter().map(|(name, _)| *name);
        if let Some((_, presentation)) = PRESENTATIONS.iter().find(|(name, _)| name == word.get_ref()) {
            inputs.push(presentation.clone());
        } else {
            let help = did_you_mean(word.get_ref(), names()).unwrap_or_else(|| format!("they are {}", list(names())));
            fields.push(Diagnostic::error(Code::BadValue, format!("`inputs` cannot be `{}`", word.get_ref())).at(word.span()).help(help));
        }
    }
    Some(inputs).filter(|inputs| !inputs.is_empty())
}

impl Check for NetworkCheck {
    fn judge(&self, case: &Case<'_>) -> Result<Finding, Stop> {
        let network = case.student.network(&self.network)?;
        if let Some(finding) = self.judge_parameters(case, &network)? {
            return Ok(finding);
        }
        let claimed = case.student.number(&self.claim)?;
        let predicted = self.agrees_with.as_ref().map(|(name, _)| self.subject.predicted(case, name)).transpose()?;
        let (examples, truth) = self.subject.load(case.data, self.metric)?;
        let inputs = self.presentations(&network, &examples)?;
        let Some(tolerance) = self.tolerance else {
            let runs = inputs.first().map_or(Ok(()), |presentation| network.try_out(&examples, presentation));
            runs.map_err(Absent::Unreadable)?;
            return Ok(only_the_course(format!("{} runs: {}", network.path(), described(&network))));
        };
        let agrees = |outcome: &Outcome<'_>| match (&predicted, &self.agrees_with) {
            (Some(predicted), Some((_, share))) => Agreement::of(predicted, outcome, &truth).reaches(*share),
            _ => true,
        };
        // The less, the better; a claim that holds exactly goes before one that was rounded.
        let rank = |outcome: &Outcome<'_>| match self.held(tolerance, &claimed, outcome.measured.value) {
            Held::Agrees | Held::AgreesIn(_) if agrees(outcome) => 0,
            Held::Agrees | Held::AgreesIn(_) => 1,
            Held::Rounds => 2,
            Held::Differs if self.is_within_ties(tolerance, &claimed, outcome.measured) => 3,
            Held::Differs => 4,
        };
        let (outcomes, untried) = self.outcomes(&network, &examples, &truth, &inputs, |outcome| rank(outcome) == 0)?;
        let distance = |outcome: &Outcome<'_>| (outcome.measured.value.get() - claimed.number.get()).abs();
        let ranked = outcomes.iter().map(|outcome| (rank(outcome), distance(outcome), outcome));
        let Some((_, _, best)) = ranked.min_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))) else {
            return Err(Stop::Fault(Diagnostic::error(Code::CheckPanicked, "no presentation of the inputs was tried")));
        };
        let finding = self.compare(&network, best, network.border(&examples), &claimed, tolerance);
        let finding = if finding.verdict == Verdict::Contradicted { self.unless_untried(finding, untried) } else { finding };
        let finding = match (&predicted, &self.agrees_with) {
            (Some(predicted), Some((name, share))) if finding.verdict == Verdict::Pass => agreed(finding, name, *share, predicted, best, &truth),
            _ => finding,
        };
        let finding = match finding.verdict {
            Verdict::Contradicted => unless_open(finding, &network, &examples, best.presentation),
            _ => finding,
        };
        let symbol = self.metric.is_fraction().then_some(Symbol::Fraction);
        Ok(finding.expected(best.measured.value).actual(claimed.quantity()).tolerance(tolerance).in_unit(symbol))
    }

    fn open(&self, data: &dyn Datasets) -> Result<(), Diagnostic> {
        self.subject.open(data, self.metric)
    }

    fn needs(&self) -> Vec<Need<'_>> {
        let mut needs = vec![Need::Network(&self.network), Need::Evidence(&self.claim), Need::Data(self.subject.data())];
        needs.extend(self.agrees_with.as_ref().map(|(name, _)| Need::Predictions(name)));
        needs.extend(self.parameters.as_ref().and_then(|parameters| parameters.claim.as_deref()).map(Need::Evidence));
        needs
    }

    fn requests(&self, _: &dyn Datasets) -> Vec<Request> {
        let claim = Request::number(&self.claim, self.metric.is_fraction().then_some(Unit::Fraction));
        let count = self.parameters.as_ref().and_then(|parameters| parameters.claim.as_ref()).map(|name| Request::number(name, None));
        with_known(self.needs(), std::iter::once(claim).chain(count).collect())
    }

    fn unit_groups(&self, _: &Case<'_>) -> Vec<UnitGroup<'_>> {
        let unit = self.metric.is_fraction().then_some(Unit::Fraction);
        vec![UnitGroup::asked(unit, [self.claim.as_str()])]
    }
}

/// What a network gave under one presentation of its inputs.
struct Outcome<'p> {
    presentation: &'p Presentation,
    /// How a single score for each example is read, if there is only one.
    reading: Option<&'static str>,
    measured: Measured,
    answers: Answers,
}

impl NetworkCheck {
    /// A check of nothing but the claim, for images or rows; `None` if networks are not measured by `metric`.
    pub(super) fn of_claim(
        network: String,
        data: Spanned<String>,
        metric: &str,
        claim: String,
        percent: PercentSigns,
        tolerance: Option<Tolerance>,
    ) -> Option<Self> {
        let (subject, metric) = (Subject::of(data), Metric::named(metric)?);
        Some(Self { network, subject, metric, claim, percent, tolerance, inputs: None, parameters: None, agrees_with: None })
    }

    /// Whether there is a network, in whatever state.
    pub(super) fn is_there(&self, student: &Bag) -> bool {
        student.has_network(&self.network)
    }

    /// The finding about the number of parameters, if that is where it ends.
    fn judge_parameters(&self, case: &Case<'_>, network: &Network) -> Result<Option<Finding>, Stop> {
        let Some(parameters) = &self.parameters else { return Ok(None) };
        let count = network.parameters();
        let shown = format!("{} has {count} parameters", network.path());
        if let Some(most) = parameters.at_most.filter(|&most| count > most) {
            return Ok(Some(Finding::open(Verdict::Fail, format!("{shown}; at most {most} are allowed"))));
        }
        if let Some(name) = &parameters.claim {
            let (stated, counted) = (case.student.number(name)?.number, Finite::new(count as f64));
            if !counted.is_ok_and(|counted| FOLDED.accepts(stated, counted)) {
                return Ok(Some(Finding::open(Verdict::Contradicted, format!("{name} says {}, {shown}", significant(stated.get(), 9)))));
            }
        }
        Ok(None)
    }

    /// The ways in which inputs are presented to the network: what its author states, or else what the rubric allows.
    fn presentations(&self, network: &Network, examples: &Examples<'_>) -> Result<Vec<Presentation>, Stop> {
        if let Some(stated) = network.presentation() {
            return Ok(vec![stated.clone()]);
        }
        let pixels = matches!(examples.values(), Numbers::Pixels(_));
        let usual = || {
            if pixels {
                let channels = examples.shape().get(2).copied().unwrap_or(1);
                let known = Known::of_channels(channels).iter().map(|&known| Presentation::Known(known));
                [Presentation::Unit, Presentation::Standardised, Presentation::Centred, Presentation::Raw].into_iter().chain(known).collect()
            } else {
                vec![Presentation::Raw, Presentation::PerFeature]
            }
        };
        let inputs = self.inputs.clone().unwrap_or_else(usual);
        match inputs.iter().find(|presentation| presentation.needs_pixels() && !pixels) {
            Some(wrong) => {
                let message = format!("the rubric's `inputs` say {}, but the data set `{}` has none", wrong.words(), self.subject.data().get_ref());
                Err(Stop::Fault(Diagnostic::error(Code::BadValue, message)))
            }
            None => Ok(inputs),
        }
    }

    /// `finding`, unless the claim may hold with inputs that were not tried.
    fn unless_untried(&self, finding: Finding, untried: &[Presentation]) -> Finding {
        if untried.is_empty() {
            return finding;
        }
        let ways: Vec<String> = untried.iter().map(Presentation::words).collect();
        let ways = ways.join(", ");
        let advice = format!("running {0} takes long, so not all ways to scale its inputs are tried; state `input` in networks/{0}.toml", self.network);
        Finding::new(
            Verdict::NeedsReview,
            format!("{}; running it takes too long to try it with {ways} as well, and a person has to decide", finding.reason),
            advice,
        )
    }

    /// What the network gives under each of `inputs`, up to the first that settles the claim, and those that were not tried since it takes
    /// too long.
    fn outcomes<'p>(
        &self,
        network: &Network,
        examples: &Examples<'_>,
        truth: &Right,
        inputs: &'p [Presentation],
        settles: impl Fn(&Outcome<'p>) -> bool,
    ) -> Result<(Vec<Outcome<'p>>, &'p [Presentation]), Stop> {
        let (mut outcomes, mut fault, mut spent) = (Vec::new(), None, 0_u64);
        for (place, presentation) in inputs.iter().enumerate() {
            spent = spent.saturating_add(network.work(examples, presentation).unwrap_or_default());
            if spent > limits::NETWORK_WORK_IN_ALL && !outcomes.is_empty() {
                return Ok((outcomes, &inputs[place..]));
            }
            match network.run(examples, presentation).and_then(|answers| self.measured(network, answers, presentation, truth)) {
                Ok(readings) => {
                    for outcome in readings {
                        let settled = settles(&outcome);
                        outcomes.push(outcome);
                        if settled {
                            return Ok((outcomes, &[]));
                        }
                    }
                }
                Err(diagnostic) => {
                    // However inputs are presented, its size is the same.
                    let goes_on = diagnostic.code != Code::TooLarge;
                    fault = fault.or(Some(diagnostic));
                    if !goes_on {
                        break;
                    }
                }
            }
        }
        match fault {
            Some(diagnostic) if outcomes.is_empty() => Err(Stop::Absent(Absent::Unreadable(diagnostic))),
            _ => Ok((outcomes, &[])),
        }
    }

    /// What `answers` give in every way in which they can be read.
    fn measured<'p>(&self, network: &Network, answers: Answers, presentation: &'p Presentation, truth: &Right) -> Result<Vec<Outcome<'p>>, Diagnostic> {
        let two = matches!(truth, Right::Classes(classes) if classes.names.len() == 2);
        let mut one_score = if two { answers.of_two_classes() } else { Vec::new() };
        if self.metric == Metric::LogLoss {
            one_score.truncate(1);
        }
        let readings = if one_score.is_empty() { vec![(answers, None)] } else { one_score.into_iter().map(|(answers, how)| (answers, Some(how))).collect() };
        let measure = |(answers, reading): (Answers, Option<&'static str>)| {
            let measured = self.metric.of(&answers, truth).map_err(|message| Diagnostic::error(Code::BadNetwork, message).in_file(network.path()))?;
            Ok(Outcome { presentation, reading, measured, answers })
        };
        readings.into_iter().map(measure).collect()
    }

    /// Whether some way to break ties gives what is claimed.
    fn is_within_ties(&self, tolerance: Tolerance, claimed: &Number, measured: Measured) -> bool {
        let near = |claimed: f64| Finite::new(claimed.clamp(measured.least.get(), measured.most.get()));
        let holds = |value: Finite| self.held(tolerance, claimed, value) != Held::Differs;
        // A claim may be in percent.
        measured.near > 0 && [1.0, 0.01].into_iter().any(|unit| near(claimed.number.get() * unit).is_ok_and(holds))
    }

    fn compare(&self, network: &Network, best: &Outcome<'_>, border: Border, claimed: &Number, tolerance: Tolerance) -> Finding {
        let claim = &self.claim;
        let measured = best.measured;
        let mut shown = format!("{claim} says {claimed}, {} gives {} with {}", network.path(), significant(measured.value.get(), 5), best.presentation.words());
        if border.width > 0 {
            shown = format!("{shown} and a border of {} pixels of background", border.width);
        }
        shown = best.reading.map_or(shown.clone(), |reading| format!("{shown}, {reading}"));
        let held = self.held(tolerance, claimed, measured.value);
        // Scores that differ in their last digits only are mentioned where it matters.
        let ties = if held == Held::Differs { measured.near } else { measured.ties };
        if ties > 0 {
            let rounded = if ties > measured.ties { format!(" ({} of them to the last digit)", measured.ties) } else { String::new() };
            shown = format!("{shown}; the greatest score of {ties} of {} examples is that of several classes{rounded}", best.answers.count());
        }
        match held {
            Held::Differs if self.is_within_ties(tolerance, claimed, measured) => {
                let (least, most) = (significant(measured.least.get(), 5), significant(measured.most.get(), 5));
                let reason = format!("{shown}, so that it is from {least} to {most}, as ties are broken: the claim is within that, and a person has to decide");
                let advice = format!(
                    "the greatest score of {ties} examples is that of several classes, as after a saturated sigmoid: {claim} depends on which of them \
                     counts; hand in the network without its last activation"
                );
                Finding::new(Verdict::NeedsReview, reason, advice)
            }
            Held::Differs if border.width > 0 && !border.stated => {
                let file = format!("`border = {}` in networks/{}.toml", border.width, self.network);
                let reason = format!("{shown}; how images are made as large as its input is not stated ({file}), and a person has to decide");
                let advice = format!(
                    "{claim} is not what the network gives with images in a border; if that is how it was trained state {file}, else hand in its predictions"
                );
                Finding::new(Verdict::NeedsReview, reason, advice)
            }
            Held::Agrees | Held::AgreesIn(Unit::Percent) if self.percent == PercentSigns::Required && claim::is_bare_percent(claimed, held) => {
                let sentence = format!("{claim} = {} is in percent, and a fraction is asked: state {}", claimed.stated, claimed.stated.point_moved(-2));
                Finding::open(Verdict::Fail, sentence)
            }
            Held::Agrees => Finding::new(Verdict::Pass, shown, format!("{claim} is what the network gives")),
            Held::AgreesIn(unit) => {
                let meant = if unit == Unit::Percent { format!("{} %", claimed.stated) } else { format!("the fraction {}", claimed.stated) };
                let advice = format!("{claim} is what the network gives, so that it is {meant}");
                Finding::new(Verdict::Pass, format!("{shown}, so that it is {meant}"), advice).proving(claim, unit)
            }
            Held::Rounds => {
                let reason = format!("{shown}: that is rounded further than is allowed, and a person has to decide ({tolerance})");
                Finding::new(Verdict::NeedsReview, reason, format!("{claim} is rounded further than is allowed; state all digits"))
            }
            Held::Differs => {
                let advice = format!(
                    "{claim} is not what the network that you handed in gives; is it of the same training and epoch? If inputs have to be scaled for it, \
                     state `input` in networks/{}.toml",
                    self.network
                );
                Finding::new(Verdict::Contradicted, shown, advice)
            }
        }
    }

    fn held(&self, tolerance: Tolerance, claimed: &Number, value: Finite) -> Held {
        claim::held(claimed, value, tolerance, self.metric.is_fraction())
    }
}

/// A network in a few words.
fn described(network: &Network) -> String {
    format!("{} parameters, inputs of {}, operators {}", network.parameters(), network.input_shape(), network.operators().join(", "))
}

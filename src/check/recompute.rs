//! `check = "recompute"`: a claimed number, computed again from the submitted predictions.

use toml::Spanned;

use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::fields::Fields;
use crate::domain::number::{Finite, significant};
use crate::domain::tolerance::Tolerance;
use crate::domain::verdict::{Finding, Verdict};
use crate::evidence::Absent;

use super::{Case, Check, Edition, Example, Kind, Need, Stop, only_the_course};

pub(super) const KIND: Kind = Kind {
    name: "recompute",
    doc: "\
Computes a claimed number again from the submitted predictions. A claim that they disprove is contradicted, not merely off.

  metric       \"error\" or \"accuracy\", as a fraction of the validation examples
  predictions  the predictions' name: predictions/NAME.csv or .npy, one class for each validation example
  data         the data set whose validation labels count
  claim        the name of the claimed number
  tolerance    { absolute = 0.0005 }: how far claim and result may differ

In the student's edition of a rubric `tolerance` is left out, and only the number of predictions is checked.",
    example: Example {
        item: "metric = \"error\"\npredictions = \"improved\"\ndata = \"mnist\"\nclaim = \"improved.val_error\"\ntolerance = { absolute = 0.0005 }",
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
    claim: String,
    tolerance: Option<Tolerance>,
}

#[derive(Debug, Clone, Copy)]
enum Metric {
    Error,
    Accuracy,
}

fn read(fields: &mut Fields<'_>, edition: Edition) -> Option<Box<dyn Check>> {
    let metric = fields.required::<String>("metric").and_then(|word| match word.get_ref().as_str() {
        "error" => Some(Metric::Error),
        "accuracy" => Some(Metric::Accuracy),
        other => {
            fields.fault(Code::BadValue, word.span(), format!("`metric` cannot be `{other}`; it is `error` or `accuracy`"));
            None
        }
    });
    let predictions = fields.required::<String>("predictions");
    let data = fields.required::<String>("data");
    let claim = fields.required::<String>("claim");
    let tolerance = fields.tolerance("tolerance");
    if edition == Edition::Course && tolerance.is_none() {
        fields.fault(Code::MissingKey, fields.span(), "a `recompute` check needs a `tolerance`");
    }
    Some(Box::new(Recompute { metric: metric?, predictions: predictions?.into_inner(), data: data?, claim: claim?.into_inner(), tolerance }))
}

impl Check for Recompute {
    fn judge(&self, case: &Case<'_>) -> Result<Finding, Stop> {
        let predicted = case.student.predictions(&self.predictions)?;
        let labels = case.data.validation_labels(self.data.get_ref()).map_err(Stop::Fault)?;
        if predicted.len() != labels.len() {
            let message = format!("{} predictions for {} validation examples", predicted.len(), labels.len());
            let diagnostic = Diagnostic::error(Code::BadPredictions, message).help("save one predicted class for each, in their order".to_owned());
            return Err(Stop::Absent(Absent::Unreadable(diagnostic)));
        }
        let claimed = case.student.number(&self.claim)?.number;
        let Some(tolerance) = self.tolerance else {
            return Ok(only_the_course(format!("{} predictions are there", predicted.len())));
        };
        let right = predicted.iter().zip(labels).filter(|&(&predicted, &label)| predicted == i64::from(label)).count();
        let accuracy = right as f64 / labels.len().max(1) as f64;
        let value = match self.metric {
            Metric::Error => 1.0 - accuracy,
            Metric::Accuracy => accuracy,
        };
        let computed = Finite::new(value).map_err(|error| Stop::Fault(Diagnostic::error(Code::CheckPanicked, error.to_string())))?;
        let told = format!("{} says {claimed}, the predictions give {}", self.claim, significant(value, 5));
        // A percentage is the same claim in another unit; the item that judges the number itself says so.
        let as_percentage = Finite::new(claimed.get() / 100.0).is_ok_and(|fraction| tolerance.accepts(fraction, computed));
        let finding = if tolerance.accepts(claimed, computed) {
            Finding::new(Verdict::Pass, told, format!("{} agrees with the predictions", self.claim))
        } else if as_percentage {
            Finding::new(Verdict::Pass, format!("{told}: the same in percent"), format!("{} agrees with the predictions, read as a percentage", self.claim))
        } else {
            let advice = format!("{} does not agree with the predictions that you handed in; are they of the same network and epoch?", self.claim);
            Finding::new(Verdict::Contradicted, told, advice)
        };
        Ok(finding.expected(significant(value, 5)).actual(claimed.to_string()).tolerance(tolerance.to_string()))
    }

    fn needs(&self) -> Vec<Need<'_>> {
        vec![Need::Evidence(&self.predictions), Need::Evidence(&self.claim), Need::Data(&self.data)]
    }
}

//! The operators of `ai.onnx.ml`, which skl2onnx and onnxmltools write for scikit-learn, `XGBoost` and `LightGBM`.

use super::encoders::{Labels, categories};
use super::machines::Machine;
pub(crate) use super::machines::Task;
use super::trees::{TreeNode, Trees};
use super::{Reader, unknown};
use crate::tensor::{Outcome, refuse};

/// One of them.
#[derive(Debug, Clone)]
pub(crate) enum Classical {
    /// 1 above a threshold, else 0.
    Binarizer(f32),
    /// The columns that a list names.
    Extract,
    /// What stands for a missing number, by feature, and what is missing.
    Imputer {
        values: Vec<f32>,
        replaced: f32,
    },
    Labels(Labels),
    Linear(Linear),
    Machine(Machine),
    Normalizer(Norm),
    /// One column for each category; what is none of them is refused, or nothing but zeros.
    OneHot {
        categories: Vec<i64>,
        zeros: bool,
    },
    /// (x − offset) × scale, by feature.
    Scaler {
        offset: Vec<f32>,
        scale: Vec<f32>,
    },
    Trees(Trees),
}

/// What a row is divided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Norm {
    L1,
    L2,
    Max,
}

/// What is done to the scores of a row at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transform {
    Logistic,
    None,
    /// The quantile of the normal distribution.
    Probit,
    Softmax,
    /// Softmax of the scores that are not 0.
    SoftmaxZero,
}

impl Transform {
    /// Refuses what ONNX Runtime does not define for one score of two classes.
    pub(super) fn of_two(self) -> Outcome<()> {
        if self == Self::Probit { Err(refuse("the post_transform `PROBIT` is not run for one score of two classes")) } else { Ok(()) }
    }
}

/// One score for each row of coefficients.
#[derive(Debug, Clone)]
pub(crate) struct Linear {
    pub(crate) coefficients: Vec<f32>,
    pub(crate) intercepts: Vec<f32>,
    pub(crate) targets: usize,
    /// Those of a classifier.
    pub(crate) classes: Option<Vec<i64>>,
    pub(crate) transform: Transform,
}

impl Classical {
    /// The operator `name` of `ai.onnx.ml`.
    pub(crate) fn read(name: &str, all: Reader<'_>) -> Outcome<Self> {
        Ok(match name {
            "ArrayFeatureExtractor" => Self::Extract,
            "Binarizer" => Self::Binarizer(all.float("threshold", 0.0)),
            "Imputer" => Self::Imputer { values: all.floats("imputed_value_floats").to_vec(), replaced: all.float("replaced_value_float", 0.0) },
            "LabelEncoder" => Self::Labels(Labels::read(all)?),
            "LinearClassifier" => Self::Linear(linear(all, Some(class_names(all)?))?),
            "LinearRegressor" => Self::Linear(linear(all, None)?),
            "Normalizer" => Self::Normalizer(match all.text("norm") {
                None | Some("MAX") => Norm::Max,
                Some("L1") => Norm::L1,
                Some("L2") => Norm::L2,
                Some(_) => return Err(refuse("a Normalizer divides by MAX, L1 or L2")),
            }),
            "OneHotEncoder" => {
                let (categories, zeros) = categories(all)?;
                Self::OneHot { categories, zeros }
            }
            "SVMClassifier" => Self::Machine(Machine::classifier(all)?),
            "SVMRegressor" => Self::Machine(Machine::regressor(all)?),
            "Scaler" => Self::Scaler { offset: all.floats("offset").to_vec(), scale: all.floats("scale").to_vec() },
            "TreeEnsembleClassifier" => Self::Trees(Trees::read(all, "class", Some(class_names(all)?))?),
            "TreeEnsembleRegressor" => Self::Trees(Trees::read(all, "target", None)?),
            _ => return Err(unknown(name)),
        })
    }

    /// How many numbers it has learnt.
    pub(crate) fn learnt(&self) -> usize {
        match self {
            Self::Linear(linear) => linear.coefficients.len() + linear.intercepts.len(),
            Self::Machine(machine) => machine.vectors.len() + machine.coefficients.len() + machine.rho.len(),
            Self::Trees(trees) => {
                let of = |node: &TreeNode| if let TreeNode::Leaf(scores) = node { scores.len() } else { 1 };
                trees.nodes.iter().map(of).sum::<usize>() + trees.base.len()
            }
            _ => 0,
        }
    }
}

/// The classes in the order of their scores: whole numbers, or text that is one, or else their places.
pub(crate) fn class_names(all: Reader<'_>) -> Outcome<Vec<i64>> {
    let whole = ["classlabels_int64s", "classlabels_ints"].into_iter().map(|name| all.whole(name)).find(|list| !list.is_empty());
    match whole {
        Some(classes) => Ok(classes.to_vec()),
        None => named(all.texts("classlabels_strings")).ok_or_else(|| refuse("it does not name the classes")),
    }
}

/// The classes that texts name: the numbers that all of them are, or else their places.
pub(crate) fn named(texts: &[String]) -> Option<Vec<i64>> {
    let numbers = texts.iter().map(|text| text.parse().ok()).collect::<Option<Vec<i64>>>();
    let places = || texts.iter().enumerate().map(|(place, _)| i64::try_from(place).ok()).collect();
    if texts.is_empty() { None } else { numbers.or_else(places) }
}

/// The `post_transform`.
pub(super) fn transform(all: Reader<'_>) -> Outcome<Transform> {
    Ok(match all.text("post_transform") {
        None | Some("NONE") => Transform::None,
        Some("LOGISTIC") => Transform::Logistic,
        Some("PROBIT") => Transform::Probit,
        Some("SOFTMAX") => Transform::Softmax,
        Some("SOFTMAX_ZERO") => Transform::SoftmaxZero,
        Some(other) => {
            return Err(refuse(format!("the post_transform `{}` is not run", other.chars().filter(|c| !c.is_control()).take(40).collect::<String>())));
        }
    })
}

fn linear(all: Reader<'_>, classes: Option<Vec<i64>>) -> Outcome<Linear> {
    let (coefficients, intercepts) = (all.floats("coefficients").to_vec(), all.floats("intercepts").to_vec());
    let targets = match &classes {
        // A classifier of two classes may have one row of coefficients.
        Some(classes) if classes.len() == 2 && intercepts.len() == 1 => 1,
        Some(classes) => classes.len(),
        None => all.size("targets", 1)?,
    };
    let fits = targets > 0 && !coefficients.is_empty() && coefficients.len().is_multiple_of(targets) && [0, targets].contains(&intercepts.len());
    if !fits {
        let message = format!("{} coefficients and {} intercepts are not those of {targets} scores", coefficients.len(), intercepts.len());
        return Err(refuse(message));
    }
    let transform = transform(all)?;
    if targets == 1 && classes.is_some() {
        transform.of_two()?;
    }
    Ok(Linear { coefficients, intercepts, targets, classes, transform })
}

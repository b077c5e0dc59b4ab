//! Support-vector machines, as skl2onnx writes those of scikit-learn.

use super::Reader;
use super::classical::{Transform, class_names, transform};
use crate::tensor::{Outcome, refuse};

/// How alike a row and a support vector are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Kernel {
    Linear,
    /// (gamma x·v + start) to the power of degree.
    Polynomial {
        gamma: f32,
        start: f32,
        degree: f32,
    },
    /// exp(−gamma |x − v|²).
    Radial {
        gamma: f32,
    },
    /// tanh(gamma x·v + start).
    Sigmoid {
        gamma: f32,
        start: f32,
    },
}

/// A support-vector machine.
#[derive(Debug, Clone)]
pub(crate) struct Machine {
    pub(crate) kernel: Kernel,
    /// Row by row; none of a machine that has one row of coefficients for each class instead.
    pub(crate) vectors: Vec<f32>,
    /// How many features a row has.
    pub(crate) features: usize,
    pub(crate) coefficients: Vec<f32>,
    pub(crate) rho: Vec<f32>,
    pub(crate) task: Task,
}

/// What it is for.
#[derive(Debug, Clone)]
pub(crate) enum Task {
    Classes(Voting),
    /// A number; of a one-class machine 1 or −1.
    Number {
        one_class: bool,
    },
}

/// How a classifier finds the class: every two of them against each other.
#[derive(Debug, Clone)]
pub(crate) struct Voting {
    pub(crate) classes: Vec<i64>,
    /// How many support vectors each class has; they stand in the order of the classes.
    pub(crate) of_each: Vec<usize>,
    /// Slope and start of the sigmoid that makes a probability of each pair's score.
    pub(crate) sigmoids: Vec<(f32, f32)>,
    pub(crate) transform: Transform,
}

impl Voting {
    /// Whether the greatest of the scores is not the class: two scores of opposite sign, or one for each pair.
    pub(crate) fn scores_are_of_pairs(&self) -> bool {
        self.sigmoids.is_empty() && (self.classes.len() == 2 || !self.of_each.is_empty())
    }
}

impl Machine {
    /// How many support vectors it has.
    pub(crate) fn count(&self) -> usize {
        self.vectors.len() / self.features.max(1)
    }

    pub(super) fn classifier(all: Reader<'_>) -> Outcome<Self> {
        let classes = class_names(all)?;
        let whole = |&length: &i64| usize::try_from(length).ok();
        let of_each = all.whole("vectors_per_class").iter().map(whole).collect::<Option<Vec<usize>>>();
        let of_each = of_each.ok_or_else(|| refuse("a class of it has less than no support vectors"))?;
        let total = of_each.iter().try_fold(0_usize, |sum, &length| sum.checked_add(length)).unwrap_or(usize::MAX);
        let of_each = if total == 0 { Vec::new() } else { of_each };
        let (slopes, starts) = (all.floats("prob_a"), all.floats("prob_b"));
        let sigmoids = if total == 0 { Vec::new() } else { slopes.iter().copied().zip(starts.iter().copied()).collect() };
        let mut machine = Self::read(all, total, classes.len(), Task::Number { one_class: false })?;
        let pairs = classes.len() * classes.len().saturating_sub(1) / 2;
        let fits = classes.len() > 1
            && slopes.len() == starts.len()
            && if total == 0 {
                !machine.rho.is_empty()
            } else {
                of_each.len() == classes.len()
                    && machine.coefficients.len() == (classes.len() - 1).saturating_mul(total)
                    && machine.rho.len() == pairs
                    && [0, pairs].contains(&slopes.len())
            };
        if !fits {
            return Err(refuse(format!("the lists of a support-vector machine for {} classes do not fit each other", classes.len())));
        }
        let voting = Voting { classes, of_each, sigmoids, transform: transform(all)? };
        if voting.scores_are_of_pairs() && voting.classes.len() == 2 && total > 0 {
            voting.transform.of_two()?;
        }
        machine.task = Task::Classes(voting);
        Ok(machine)
    }

    pub(super) fn regressor(all: Reader<'_>) -> Outcome<Self> {
        let total = all.size("n_supports", 0)?;
        let machine = Self::read(all, total, 1, Task::Number { one_class: all.flag("one_class", false) })?;
        if machine.rho.len() != 1 || (total > 0 && machine.coefficients.len() != total) {
            return Err(refuse("the lists of a support-vector machine do not fit each other"));
        }
        if transform(all)? != Transform::None {
            return Err(refuse("a post_transform of a support-vector machine's numbers is not run"));
        }
        Ok(machine)
    }

    /// What both have: `total` support vectors, or else `rows` rows of coefficients.
    fn read(all: Reader<'_>, total: usize, rows: usize, task: Task) -> Outcome<Self> {
        let (vectors, coefficients) = (all.floats("support_vectors"), all.floats("coefficients"));
        let (list, count) = if total > 0 { (vectors, total) } else { (coefficients, rows) };
        if list.is_empty() || count == 0 || !list.len().is_multiple_of(count) {
            return Err(refuse(format!("{} numbers are not {count} rows of features", list.len())));
        }
        let kernel = if total > 0 { kernel(all)? } else { Kernel::Linear };
        let vectors = if total > 0 { vectors.to_vec() } else { Vec::new() };
        Ok(Self { kernel, vectors, features: list.len() / count, coefficients: coefficients.to_vec(), rho: all.floats("rho").to_vec(), task })
    }
}

fn kernel(all: Reader<'_>) -> Outcome<Kernel> {
    let [gamma, start, degree] = match *all.floats("kernel_params") {
        [] => [0.0; 3],
        [gamma, start, degree] => [gamma, start, degree],
        _ => return Err(refuse("its `kernel_params` are not gamma, coef0 and degree")),
    };
    Ok(match all.text("kernel_type") {
        None | Some("LINEAR") => Kernel::Linear,
        Some("POLY") => Kernel::Polynomial { gamma, start, degree },
        Some("RBF") => Kernel::Radial { gamma },
        Some("SIGMOID") => Kernel::Sigmoid { gamma, start },
        Some(_) => return Err(refuse("its kernel is neither LINEAR, POLY, RBF nor SIGMOID")),
    })
}

//! Eight ways to tell classes apart, each fitted on training rows and asked for the classes of the validation rows.

use linfa::DatasetBase;
use linfa::traits::{Fit, Predict};
use linfa_bayes::GaussianNb;
use ndarray::{Array1, Array2};
use smartcore::linalg::basic::matrix::DenseMatrix;
use smartcore::svm::Kernels;
use smartcore::svm::svc::{SVC, SVCParameters};

use super::{linear_machine, logistic, neighbours, perceptron};
use crate::matrix::{greatest, rows, view};
use crate::trees::{Classes, Columns, Forest, Growth, Limits, Tree};
use mlgrade_data::{Matrix, Split};
use mlgrade_domain::seed::Seed;

/// A way to tell classes apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Classifier {
    /// Nearest neighbours that vote (Cover and Hart 1967).
    Neighbours,
    /// Gaussian naive Bayes; 10⁻⁹ of the greatest variance is added to every variance, as in scikit-learn.
    Bayes,
    /// A linear support vector machine for each class against the others, squared hinge loss, C = 1.
    LinearMachine,
    /// Support vector machines with an RBF kernel for each pair of classes, C = 1 (Cortes and Vapnik 1995).
    KernelMachine,
    /// A tree by Gini impurity, grown until its leaves are pure (Breiman, Friedman, Olshen and Stone 1984).
    Tree,
    /// A random forest; each split sees √features (Breiman 2001).
    Forest,
    /// Multinomial logistic regression with an L2 penalty, C = 1.
    Logistic,
    /// A multi-layer perceptron with one hidden layer.
    Perceptron,
}

/// How large the models are that have a size.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sizes {
    /// Of a forest.
    pub(crate) trees: usize,
    /// Who vote.
    pub(crate) neighbours: usize,
    /// The hidden units of a perceptron.
    pub(crate) hidden: usize,
    /// How often a perceptron sees the training rows.
    pub(crate) epochs: usize,
}

impl Sizes {
    /// What a rubric gets that does not say.
    pub(crate) const DEFAULT: Self = Self { trees: 100, neighbours: 5, hidden: 100, epochs: 60 };
}

/// What to learn from and what to predict; classes count from 0.
pub(crate) type Fold = Split<Matrix, usize>;

impl Classifier {
    /// The predicted classes of the fold's validation rows, or what a library said.
    pub(crate) fn predict(self, fold: &Fold, sizes: Sizes, seed: Seed) -> Result<Vec<usize>, String> {
        let count = fold.y_train.iter().copied().max().map_or(0, |most| most + 1);
        match self {
            Self::Neighbours => neighbours::predict(fold, count, sizes.neighbours),
            Self::Bayes => bayes(fold),
            Self::LinearMachine => Ok(linear_machine::predict(fold, count, seed)),
            Self::KernelMachine => kernel_machines(fold, count, seed),
            Self::Tree => {
                let weights = vec![1.0; fold.x_train.rows];
                let growth = Growth { limits: Limits::depth(usize::MAX), weights: &weights, drawn: None };
                let tree = Tree::grow(&Columns::of(&fold.x_train), &Classes { of: &fold.y_train, count }, growth);
                Ok(rows(&fold.x_val).map(|row| greatest(tree.predict(row))).collect())
            }
            Self::Forest => {
                let (columns, classes) = (Columns::of(&fold.x_train), Classes { of: &fold.y_train, count });
                let forest = Forest::grow(&columns, &classes, sizes.trees, Limits::depth(usize::MAX), Some(fold.x_train.cols.isqrt()), seed);
                Ok(rows(&fold.x_val).map(|row| greatest(&forest.predict(row))).collect())
            }
            Self::Logistic => logistic::predict(fold),
            Self::Perceptron => perceptron::predict(fold, sizes.hidden, sizes.epochs, seed).map_err(|error| error.to_string()),
        }
    }

    /// The share of the fold's validation rows that are classified rightly.
    pub(crate) fn accuracy(self, fold: &Fold, sizes: Sizes, seed: Seed) -> Result<f64, String> {
        let predicted = self.predict(fold, sizes, seed)?;
        let right = predicted.iter().zip(&fold.y_val).filter(|(predicted, actual)| predicted == actual).count();
        Ok(right as f64 / fold.y_val.len().max(1) as f64)
    }
}

/// A row's features that are not 0, each with its position, and a last one that is always 1.
pub(super) type Sparse = Vec<(usize, f64)>;

/// The rows of `x` without their zeros.
pub(super) fn sparse(x: &Matrix) -> Vec<Sparse> {
    rows(x).map(|row| row.iter().copied().chain([1.0]).enumerate().filter(|(_, value)| value.abs() > 0.0).collect()).collect()
}

/// Not smartcore's, which gives .44 where this and scikit-learn give .71 on one-hot columns.
fn bayes(fold: &Fold) -> Result<Vec<usize>, String> {
    let model = GaussianNb::params().fit(&labelled(fold)?).map_err(|error| error.to_string())?;
    Ok(model.predict(&view(&fold.x_val)?.to_owned()).to_vec())
}

/// The machines of all pairs vote; of equals the first class wins, as in libsvm. gamma = 1 / (features × variance).
/// smartcore's own vote counts in a hash map, whose order changes from run to run.
fn kernel_machines(fold: &Fold, classes: usize, seed: Seed) -> Result<Vec<usize>, String> {
    let values = &fold.x_train.values;
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / values.len() as f64;
    let gamma = 1.0 / (fold.x_train.cols as f64 * variance);
    let cols = fold.x_train.cols;
    let matrix = |rows: usize, values: Vec<f64>| DenseMatrix::new(rows, cols, values, false).map_err(|error| error.to_string());
    let x_val = matrix(fold.x_val.rows, fold.x_val.values.clone())?;
    let mut votes = vec![vec![0.0; classes]; fold.x_val.rows];
    for (low, high) in (0..classes).flat_map(|low| (low + 1..classes).map(move |high| (low, high))) {
        let of_either = rows(&fold.x_train).zip(&fold.y_train).filter(|(_, class)| **class == low || **class == high);
        let (x, y): (Vec<&[f64]>, Vec<i32>) = of_either.map(|(row, class)| (row, if *class == high { 1 } else { -1 })).unzip();
        let x = matrix(x.len(), x.concat())?;
        let settings = SVCParameters::default().with_c(1.0).with_kernel(Kernels::rbf().with_gamma(gamma)).with_seed(Some(seed.number()));
        let machine = SVC::fit(&x, &y, &settings).map_err(|error| error.to_string())?;
        for (votes, side) in votes.iter_mut().zip(machine.decision_function(&x_val).map_err(|error| error.to_string())?) {
            votes[if side > 0.0 { high } else { low }] += 1.0;
        }
    }
    Ok(votes.iter().map(|votes| greatest(votes)).collect())
}

pub(super) fn labelled(fold: &Fold) -> Result<DatasetBase<Array2<f64>, Array1<usize>>, String> {
    Ok(DatasetBase::new(view(&fold.x_train)?.to_owned(), Array1::from_vec(fold.y_train.clone())))
}

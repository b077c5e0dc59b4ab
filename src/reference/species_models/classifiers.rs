//! The six classifiers, each fitted by a library and asked for the classes of the validation rows.

use linfa::DatasetBase;
use linfa::traits::{Fit, Predict};
use linfa_bayes::GaussianNb;
use linfa_logistic::MultiLogisticRegression;
use ndarray::{Array1, Array2};
use smartcore::ensemble::random_forest_classifier::{RandomForestClassifier, RandomForestClassifierParameters};
use smartcore::linalg::basic::matrix::DenseMatrix;
use smartcore::neighbors::knn_classifier::{KNNClassifier, KNNClassifierParameters};
use smartcore::svm::Kernels;
use smartcore::svm::svc::{SVC, SVCParameters};
use smartcore::tree::decision_tree_classifier::{DecisionTreeClassifier, DecisionTreeClassifierParameters};

use super::NAME;
use crate::data::Split;
use crate::domain::seed::Seed;
use crate::reference::Fault;

/// A way to tell classes apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Classifier {
    Logistic,
    Tree,
    Forest,
    Neighbours,
    SupportVectors,
    Bayes,
}

/// All classifiers by their short names, in the order of the homework; of equally good ones the first is the best.
pub(super) const CLASSIFIERS: &[(&str, Classifier)] = &[
    ("logistic", Classifier::Logistic),
    ("tree", Classifier::Tree),
    ("forest", Classifier::Forest),
    ("knn", Classifier::Neighbours),
    ("svm", Classifier::SupportVectors),
    ("bayes", Classifier::Bayes),
];

/// How large the models are that have a size.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sizes {
    pub(super) trees: u16,
    pub(super) neighbours: usize,
}

type Fold = Split<Vec<Vec<f64>>, usize>;

impl Classifier {
    /// The predicted classes of the fold's validation rows.
    pub(super) fn predict(self, fold: &Fold, sizes: Sizes, seed: Seed) -> Result<Vec<usize>, Fault> {
        match self {
            Self::Logistic => logistic(fold),
            Self::Bayes => bayes(fold),
            Self::SupportVectors => support_vectors(fold, seed),
            Self::Tree | Self::Forest | Self::Neighbours => {
                let (x_train, x_val, y) = (matrix(&fold.x_train)?, matrix(&fold.x_val)?, &fold.y_train);
                let predicted = match self {
                    Self::Tree => {
                        let settings = DecisionTreeClassifierParameters { seed: Some(seed.number()), ..DecisionTreeClassifierParameters::default() };
                        DecisionTreeClassifier::fit(&x_train, y, settings).and_then(|model| model.predict(&x_val))
                    }
                    Self::Forest => {
                        let settings = RandomForestClassifierParameters::default().with_n_trees(sizes.trees).with_seed(seed.number());
                        RandomForestClassifier::fit(&x_train, y, settings).and_then(|model| model.predict(&x_val))
                    }
                    _ => {
                        let settings = KNNClassifierParameters::default().with_k(sizes.neighbours.min(y.len()));
                        KNNClassifier::fit(&x_train, y, settings).and_then(|model| model.predict(&x_val))
                    }
                };
                predicted.map_err(library)
            }
        }
    }
}

/// Multinomial logistic regression with an L2 penalty of 1, as scikit-learn's default.
fn logistic(fold: &Fold) -> Result<Vec<usize>, Fault> {
    let model = MultiLogisticRegression::default().alpha(1.0).max_iterations(1_000).fit(&labelled(fold)?).map_err(library)?;
    Ok(model.predict(&array(&fold.x_val)?).to_vec())
}

/// Gaussian naive Bayes. Not smartcore's, which gives .44 where this and scikit-learn give .71 on one-hot columns.
fn bayes(fold: &Fold) -> Result<Vec<usize>, Fault> {
    let model = GaussianNb::params().fit(&labelled(fold)?).map_err(library)?;
    Ok(model.predict(&array(&fold.x_val)?).to_vec())
}

/// Support vector machines with an RBF kernel for every pair of classes, which vote; of equals the first class wins, as in libsvm.
/// smartcore's own vote counts in a hash map, whose order changes from run to run.
fn support_vectors(fold: &Fold, seed: Seed) -> Result<Vec<usize>, Fault> {
    let classes = fold.y_train.iter().copied().max().map_or(0, |most| most + 1);
    let values: Vec<f64> = fold.x_train.iter().flatten().copied().collect();
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / values.len() as f64;
    let gamma = 1.0 / (fold.x_train.first().map_or(1, Vec::len) as f64 * variance);
    let x_val = matrix(&fold.x_val)?;
    let mut votes = vec![vec![0; classes]; fold.x_val.len()];
    for (low, high) in (0..classes).flat_map(|low| (low + 1..classes).map(move |high| (low, high))) {
        let (x, y): (Vec<Vec<f64>>, Vec<i32>) = fold
            .x_train
            .iter()
            .zip(&fold.y_train)
            .filter(|(_, class)| **class == low || **class == high)
            .map(|(row, class)| (row.clone(), if *class == high { 1 } else { -1 }))
            .unzip();
        let x = matrix(&x)?;
        let settings = SVCParameters::default().with_c(1.0).with_kernel(Kernels::rbf().with_gamma(gamma)).with_seed(Some(seed.number()));
        let machine = SVC::fit(&x, &y, &settings).map_err(library)?;
        for (votes, side) in votes.iter_mut().zip(machine.decision_function(&x_val).map_err(library)?) {
            votes[if side > 0.0 { high } else { low }] += 1;
        }
    }
    let winner = |votes: &Vec<i32>| (0..classes).reduce(|best, class| if votes[class] > votes[best] { class } else { best }).unwrap_or(0);
    Ok(votes.iter().map(winner).collect())
}

fn labelled(fold: &Fold) -> Result<DatasetBase<Array2<f64>, Array1<usize>>, Fault> {
    Ok(DatasetBase::new(array(&fold.x_train)?, Array1::from_vec(fold.y_train.clone())))
}

fn array(rows: &[Vec<f64>]) -> Result<Array2<f64>, Fault> {
    Array2::from_shape_vec((rows.len(), rows.first().map_or(0, Vec::len)), rows.concat()).map_err(library)
}

fn matrix(rows: &[Vec<f64>]) -> Result<DenseMatrix<f64>, Fault> {
    DenseMatrix::new(rows.len(), rows.first().map_or(0, Vec::len), rows.concat(), false).map_err(library)
}

fn library(error: impl std::fmt::Display) -> Fault {
    Fault::library(NAME, error)
}

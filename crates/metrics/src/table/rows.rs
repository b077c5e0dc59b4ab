//! The rows of the table.

use super::{Better, Compute, Key, KeyName, Metric, Needs, Scale, WHITE};
use crate::fault::Fault;
use crate::{classification, clusters, probabilities, ranking, regression};

/// A setting that the metric needs.
const fn needed(name: KeyName) -> Key {
    Key { name, needed: true }
}

/// A setting that it may have.
const fn possible(name: KeyName) -> Key {
    Key { name, needed: false }
}

/// More is better, up to all.
const SHARE: Scale = Scale { better: Some(Better::Higher), least: Some(0.0), most: Some(1.0) };

/// Less is better, down to nothing, and all is the worst.
const LOST_SHARE: Scale = Scale { better: Some(Better::Lower), ..SHARE };

/// Less is better, down to 0.
const LOSS: Scale = Scale { better: Some(Better::Lower), least: Some(0.0), most: None };

/// More is better, from 0.
const GAIN: Scale = Scale { better: Some(Better::Higher), ..LOSS };

/// More is better; 0 is chance, and less than that is worse than chance.
const CORRELATION: Scale = Scale { least: Some(-1.0), ..SHARE };

/// More is better, up to 1.
const EXPLAINED: Scale = Scale { least: None, ..SHARE };

/// Neither way is better.
const COUNTS: Scale = Scale { better: None, least: Some(0.0), most: None };

/// An array, which is claimed and held against what the predictions give.
const fn array(name: &'static str, title: &'static str, source: &'static str, needs: Needs, keys: &'static [Key]) -> Metric {
    Metric { name, title, source, needs, keys, scale: COUNTS, compute: Compute::Matrix }
}

/// All metrics.
pub const METRICS: [Metric; 46] = [
    Metric {
        name: "accuracy",
        title: "accuracy",
        source: "accuracy_score",
        needs: Needs::Classes,
        keys: &[possible(KeyName::Class)],
        scale: SHARE,
        compute: Compute::Classes(classification::accuracy),
    },
    Metric {
        name: "error",
        title: "error",
        source: "zero_one_loss",
        needs: Needs::Classes,
        keys: &[possible(KeyName::Class)],
        scale: LOST_SHARE,
        compute: Compute::Classes(classification::error),
    },
    Metric {
        name: "balanced-accuracy",
        title: "balanced accuracy",
        source: "balanced_accuracy_score",
        needs: Needs::Classes,
        keys: &[possible(KeyName::Class)],
        scale: SHARE,
        compute: Compute::Classes(classification::balanced_accuracy),
    },
    Metric {
        name: "top-k-accuracy",
        title: "top-k accuracy",
        source: "top_k_accuracy_score (of equals the first counts)",
        needs: Needs::Scores,
        keys: &[needed(KeyName::K)],
        scale: SHARE,
        compute: Compute::Scores(|right, rows, settings| classification::top_k_accuracy(right, rows, settings.k.unwrap_or_default())),
    },
    Metric {
        name: "precision",
        title: "precision",
        source: "precision_score(labels=[class], average=\"macro\", zero_division=0)",
        needs: Needs::Classes,
        keys: &[needed(KeyName::Class)],
        scale: SHARE,
        compute: Compute::OfClass(classification::precision),
    },
    Metric {
        name: "recall",
        title: "recall",
        source: "recall_score(labels=[class], average=\"macro\", zero_division=0)",
        needs: Needs::Classes,
        keys: &[needed(KeyName::Class)],
        scale: SHARE,
        compute: Compute::OfClass(classification::recall),
    },
    Metric {
        name: "f1",
        title: "F1",
        source: "f1_score(labels=[class], average=\"macro\", zero_division=0); of masks it is Dice",
        needs: Needs::Classes,
        keys: &[needed(KeyName::Class)],
        scale: SHARE,
        compute: Compute::OfClass(classification::f1),
    },
    Metric {
        name: "macro-precision",
        title: "mean precision",
        source: "precision_score(average=\"macro\", zero_division=0)",
        needs: Needs::Classes,
        keys: &[possible(KeyName::Classes)],
        scale: SHARE,
        compute: Compute::OfClasses(classification::macro_precision),
    },
    Metric {
        name: "macro-recall",
        title: "mean recall",
        source: "recall_score(average=\"macro\", zero_division=0)",
        needs: Needs::Classes,
        keys: &[possible(KeyName::Classes)],
        scale: SHARE,
        compute: Compute::OfClasses(classification::macro_recall),
    },
    Metric {
        name: "macro-f1",
        title: "mean F1",
        source: "f1_score(average=\"macro\", zero_division=0)",
        needs: Needs::Classes,
        keys: &[possible(KeyName::Classes)],
        scale: SHARE,
        compute: Compute::OfClasses(classification::macro_f1),
    },
    Metric {
        name: "micro-precision",
        title: "precision of the classes together",
        source: "precision_score(labels=class, average=\"micro\", zero_division=0)",
        needs: Needs::Classes,
        keys: &[needed(KeyName::Classes)],
        scale: SHARE,
        compute: Compute::OfClasses(classification::micro_precision),
    },
    Metric {
        name: "micro-recall",
        title: "recall of the classes together",
        source: "recall_score(labels=class, average=\"micro\", zero_division=0)",
        needs: Needs::Classes,
        keys: &[needed(KeyName::Classes)],
        scale: SHARE,
        compute: Compute::OfClasses(classification::micro_recall),
    },
    Metric {
        name: "micro-f1",
        title: "F1 of the classes together",
        source: "f1_score(labels=class, average=\"micro\", zero_division=0)",
        needs: Needs::Classes,
        keys: &[needed(KeyName::Classes)],
        scale: SHARE,
        compute: Compute::OfClasses(classification::micro_f1),
    },
    Metric {
        name: "weighted-precision",
        title: "weighted precision",
        source: "precision_score(average=\"weighted\", zero_division=0)",
        needs: Needs::Classes,
        keys: &[],
        scale: SHARE,
        compute: Compute::Classes(classification::weighted_precision),
    },
    Metric {
        name: "weighted-f1",
        title: "weighted F1",
        source: "f1_score(average=\"weighted\", zero_division=0)",
        needs: Needs::Classes,
        keys: &[],
        scale: SHARE,
        compute: Compute::Classes(classification::weighted_f1),
    },
    Metric {
        name: "mcc",
        title: "Matthews correlation",
        source: "matthews_corrcoef",
        needs: Needs::Classes,
        keys: &[possible(KeyName::Class)],
        scale: CORRELATION,
        compute: Compute::Classes(classification::mcc),
    },
    Metric {
        name: "kappa",
        title: "kappa",
        source: "cohen_kappa_score",
        needs: Needs::Classes,
        keys: &[possible(KeyName::Class)],
        scale: CORRELATION,
        compute: Compute::Classes(classification::kappa),
    },
    Metric {
        name: "quadratic-kappa",
        title: "quadratic kappa",
        source: "cohen_kappa_score(weights=\"quadratic\")",
        needs: Needs::NumberedClasses,
        keys: &[],
        scale: CORRELATION,
        compute: Compute::Numbers(|right, predicted, _| classification::quadratic_kappa(right, predicted)),
    },
    array("confusion-matrix", "confusion matrix", "confusion_matrix(labels=the data set's classes in order): an array, only with claim", Needs::Classes, &[]),
    Metric {
        name: "log-loss",
        title: "log loss",
        source: "log_loss",
        needs: Needs::ProbabilitiesOrLogits,
        keys: &[needed(KeyName::Reduction), possible(KeyName::Scores), possible(KeyName::Class)],
        scale: LOSS,
        compute: Compute::LogLoss,
    },
    Metric {
        name: "brier",
        title: "Brier score",
        source: "brier_score_loss (of two classes with class; of more the sum over classes, not halved)",
        needs: Needs::Probabilities,
        keys: &[possible(KeyName::Class)],
        scale: Scale { better: Some(Better::Lower), least: Some(0.0), most: Some(2.0) },
        compute: Compute::Scores(super::brier),
    },
    Metric {
        name: "auc",
        title: "area under the ROC curve",
        source: "roc_auc_score(multi_class=\"ovr\", average=\"macro\"); with class that class against the rest",
        needs: Needs::Scores,
        keys: &[possible(KeyName::Class)],
        scale: SHARE,
        compute: Compute::Scores(super::auc),
    },
    Metric {
        name: "average-precision",
        title: "average precision",
        source: "average_precision_score",
        needs: Needs::Scores,
        keys: &[needed(KeyName::Class)],
        scale: SHARE,
        compute: Compute::Scores(|right, rows, settings| ranking::average_precision(right, &rows.column(settings.class()?), settings.class()?)),
    },
    Metric {
        name: "ece",
        title: "expected calibration error",
        source: "sum over bins (lower, upper] of the greatest probability: share of rows × |accuracy - mean confidence| (Guo et al. 2017)",
        needs: Needs::Probabilities,
        keys: &[needed(KeyName::Bins)],
        scale: LOST_SHARE,
        compute: Compute::Scores(|right, rows, settings| probabilities::ece(right, rows, settings.bins.unwrap_or_default())),
    },
    Metric {
        name: "mse",
        title: "mean squared error",
        source: "mean_squared_error",
        needs: Needs::Numbers,
        keys: &[],
        scale: LOSS,
        compute: Compute::Numbers(|right, predicted, _| regression::mse(right, predicted)),
    },
    Metric {
        name: "rmse",
        title: "root mean squared error",
        source: "root_mean_squared_error",
        needs: Needs::Numbers,
        keys: &[],
        scale: LOSS,
        compute: Compute::Numbers(|right, predicted, _| regression::rmse(right, predicted)),
    },
    Metric {
        name: "mae",
        title: "mean absolute error",
        source: "mean_absolute_error",
        needs: Needs::Numbers,
        keys: &[],
        scale: LOSS,
        compute: Compute::Numbers(|right, predicted, _| regression::mae(right, predicted)),
    },
    Metric {
        name: "medae",
        title: "median absolute error",
        source: "median_absolute_error",
        needs: Needs::Numbers,
        keys: &[],
        scale: LOSS,
        compute: Compute::Numbers(|right, predicted, _| regression::medae(right, predicted)),
    },
    Metric {
        name: "mape",
        title: "mean absolute percentage error",
        source: "mean_absolute_percentage_error (a fraction; a right answer of 0 is a fault)",
        needs: Needs::Numbers,
        keys: &[],
        scale: LOSS,
        compute: Compute::Numbers(|right, predicted, _| regression::mape(right, predicted)),
    },
    Metric {
        name: "r2",
        title: "R²",
        source: "r2_score",
        needs: Needs::Numbers,
        keys: &[],
        scale: EXPLAINED,
        compute: Compute::Numbers(|right, predicted, _| regression::r2(right, predicted)),
    },
    Metric {
        name: "explained-variance",
        title: "explained variance",
        source: "explained_variance_score",
        needs: Needs::Numbers,
        keys: &[],
        scale: EXPLAINED,
        compute: Compute::Numbers(|right, predicted, _| regression::explained_variance(right, predicted)),
    },
    Metric {
        name: "pinball",
        title: "pinball loss",
        source: "mean_pinball_loss(alpha=quantile)",
        needs: Needs::Numbers,
        keys: &[needed(KeyName::Quantile)],
        scale: LOSS,
        compute: Compute::Numbers(|right, predicted, settings| regression::pinball(right, predicted, settings.quantile.ok_or(Fault::Setting("quantile"))?)),
    },
    Metric {
        name: "rmsle",
        title: "root mean squared logarithmic error",
        source: "root_mean_squared_log_error (numbers above -1)",
        needs: Needs::Numbers,
        keys: &[],
        scale: LOSS,
        compute: Compute::Numbers(|right, predicted, _| regression::rmsle(right, predicted)),
    },
    Metric {
        name: "ari",
        title: "adjusted Rand index",
        source: "adjusted_rand_score",
        needs: Needs::Clusters,
        keys: &[],
        scale: Scale { better: Some(Better::Higher), least: Some(-0.5), most: Some(1.0) },
        compute: Compute::Classes(clusters::ari),
    },
    Metric {
        name: "nmi",
        title: "normalised mutual information",
        source: "normalized_mutual_info_score",
        needs: Needs::Clusters,
        keys: &[],
        scale: SHARE,
        compute: Compute::Classes(clusters::nmi),
    },
    Metric {
        name: "purity",
        title: "purity",
        source: "contingency_matrix(...).max(0).sum() / rows",
        needs: Needs::Clusters,
        keys: &[],
        scale: SHARE,
        compute: Compute::Classes(clusters::purity),
    },
    Metric {
        name: "silhouette",
        title: "silhouette",
        source: "silhouette_score",
        needs: Needs::ClustersOfPoints,
        keys: &[needed(KeyName::Features)],
        scale: CORRELATION,
        compute: Compute::Points(clusters::silhouette),
    },
    Metric {
        name: "inertia",
        title: "inertia",
        source: "sum of squared distances to the mean of the own cluster (KMeans.inertia_)",
        needs: Needs::ClustersOfPoints,
        keys: &[needed(KeyName::Features)],
        scale: LOSS,
        compute: Compute::Points(clusters::inertia),
    },
    Metric {
        name: "ndcg",
        title: "NDCG",
        source: "ndcg_score (mean over groups)",
        needs: Needs::Ranks,
        keys: &[needed(KeyName::Group), possible(KeyName::K)],
        scale: SHARE,
        compute: Compute::Ranks(ranking::ndcg),
    },
    Metric {
        name: "mrr",
        title: "mean reciprocal rank",
        source: "1 / place of the first relevant row (0 if none; equals count before it); mean over groups",
        needs: Needs::Ranks,
        keys: &[needed(KeyName::Group)],
        scale: SHARE,
        compute: Compute::Ranks(|relevance, scores, groups, _| ranking::mrr(relevance, scores, groups)),
    },
    Metric {
        name: "perplexity",
        title: "perplexity",
        source: "exp(-mean) of the natural logarithm of each row's probability",
        needs: Needs::LogProbabilities,
        keys: &[],
        scale: Scale { better: Some(Better::Lower), least: Some(1.0), most: None },
        compute: Compute::LogProbabilities(probabilities::perplexity),
    },
    Metric {
        name: "psnr",
        title: "PSNR",
        source: "10 log10(peak² / MSE)",
        needs: Needs::Numbers,
        keys: &[possible(KeyName::Peak)],
        scale: GAIN,
        compute: Compute::Numbers(|right, predicted, settings| regression::psnr(right, predicted, settings.peak.unwrap_or(WHITE))),
    },
    Metric {
        name: "iou",
        title: "intersection over union",
        source: "jaccard_score(labels=[class], average=\"macro\")",
        needs: Needs::Classes,
        keys: &[needed(KeyName::Class)],
        scale: SHARE,
        compute: Compute::OfClass(classification::iou),
    },
    Metric {
        name: "macro-iou",
        title: "mean intersection over union",
        source: "jaccard_score(average=\"macro\")",
        needs: Needs::Classes,
        keys: &[possible(KeyName::Classes)],
        scale: SHARE,
        compute: Compute::OfClasses(classification::macro_iou),
    },
    array(
        "classification-report",
        "report of each class",
        "classification_report: a row a class, precision, recall, F1 and perhaps support: an array, only with claim",
        Needs::Classes,
        &[],
    ),
    array("roc-curve", "ROC curve", "roc_curve: points of false and true positive rate: an array, only with claim", Needs::Scores, &[needed(KeyName::Class)]),
];

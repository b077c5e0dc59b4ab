//! Any of the usual models on any labelled data, with one setting or a grid of them.

use super::labelled::{Choice, Prediction};
use super::{Entry, Fault, Reference, Run, Watch};
use mlgrade_data::{DataSet, Matrix};
use mlgrade_domain::fields::Fields;
use mlgrade_domain::seed::Seed;
use mlgrade_domain::tolerance::Tolerance;
use mlgrade_domain::value::Value;

mod bayes;
mod clusters;
mod components;
mod family;
mod grid;
mod linear;
mod logistic;
mod machine;
mod measure;
mod neighbours;
mod pairs;
mod structure;
mod supervised;
mod wood;

use family::Family;
use structure::{KMeans, Pca};
use supervised::Supervised;

const NAME: &str = "model";

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    doc: "\
Fits one of the usual models to any labelled data, as scikit-learn does, and hands in how well it does. A setting marked * may be a list:
then a model is fitted for each value (of several lists for each combination, the last setting changing first), and the best is chosen.

Data: a table, rows with a number to predict, or labelled images (pixels from 0 to 1, one row an image).
Settings:
  model        \"linear\", \"ridge\" (alpha* = 1), \"lasso\" (alpha* = 1): of numbers; \"logistic\" (C* = 1; inf: no penalty),
               \"naive-bayes\" (distribution = \"gaussian\", \"bernoulli\" or \"multinomial\"; of the latter two alpha* = 1): of classes;
               \"knn\" (neighbours* = 5, weights = \"uniform\" or \"distance\", distance = \"euclidean\" or \"manhattan\"),
               \"tree\" (max_depth*, min_samples_leaf* = 1, criterion = \"gini\" or \"entropy\"),
               \"forest\" (the same, trees* = 100, max_features = \"sqrt\", \"log2\", \"all\" or a number),
               \"boosting\" (trees* = 100, max_depth* = 3, min_samples_leaf* = 1, learning_rate* = 0.1),
               \"svm\" (kernel = \"rbf\", \"linear\" or \"poly\", C* = 1, gamma* = \"scale\", degree* = 3, of numbers epsilon* = 0.1): of both;
               \"k-means\" (clusters* = 8, starts = 10), \"pca\" (components = 2): without answers
  name         what its values are called (default: the model)
  task         \"classification\" or \"regression\"; needed where a model can do both and the answers are numbers
  metrics      of classes [\"accuracy\"], of numbers [\"rmse\"], or others of `mlgrade explain metrics` that need no further setting, such as
               \"macro-f1\", \"log-loss\" (of probabilities), \"mae\", \"r2\"; the first one chooses the best
  folds        cross-validation on the examples learnt from, classes shared out evenly; of a table without `holdout` 5
  target       of a table: the column to predict
  features     of a table: the columns that count; left out, all others but `id` and the column of `holdout`. A column of text, and
               each of numbers that `categorical` = [...] names, becomes one column of 0 and 1 for each of its values, in order
  id           of a table: the column that names the rows; it is no feature and is handed in beside the predictions
  holdout      of a table: the share of the rows that are drawn to validate on, such as \"20%\", or { split = \"test\" }: those that
               have this text in this column
  train        of data that come in two parts: the number of examples, from the first on, to learn from; left out, all
  scale        true: every feature gets mean 0 and standard deviation 1 over the examples learnt from (default false)
Metrics, with METRIC as accuracy, log_loss, macro_f1 and so on: NAME.train_METRIC of the examples learnt from, NAME.val_METRIC of those held
out, if there are any; with folds NAME.cv_METRIC (the mean over them) and NAME.fold_METRIC (one value a fold). With lists these are
series (fold_METRIC a list of rows), beside NAME.SETTING for each list, and NAME.best_train_METRIC and so on are those of the best.
Of the best also: of linear models and logistic regression NAME.coefficients and NAME.intercept (of three or more classes a row, and a
number, for each; of a table with NAME.features, what they belong to), of naive Bayes NAME.priors with NAME.means and NAME.variances or NAME.probabilities (a row a class), of trees
NAME.depth and NAME.leaves, of support vector machines NAME.support_vectors (their number).
k-means: NAME.inertia and NAME.centers (a row a cluster, by ascending first feature); with a list NAME.inertia is a series beside
NAME.clusters, and there are no centers. pca: NAME.components (a row each), NAME.explained_variance, NAME.explained_variance_ratio, NAME.mean.
Answers: with lists NAME.best_SETTING, of equally good ones the first.
Files: predictions/NAME.csv, a class, number or cluster for each validation example, or for each row of a table: with folds each row's by the
model that has not seen it. predictions/NAME_probabilities.csv where the model has probabilities. figures/NAME.svg with one list.
Sources: Hoerl and Kennard 1970 (ridge); Tibshirani 1996, Friedman, Hastie and Tibshirani 2010 (lasso); Cox 1958, Lin, Weng and Keerthi
2008 (logistic regression); Cover and Hart 1967 (neighbours); Breiman et al. 1984, Breiman 2001, Friedman 2001 (trees, forests, boosting);
Cortes and Vapnik 1995, Fan, Chen and Lin 2005 (support vector machines); Lloyd 1982, Arthur and Vassilvitskii 2007 (k-means); Pearson
1901 (principal components). Random are folds, holdout, forests and k-means.",
    read: |fields| AnyModel::read(fields).map(|model| Box::new(model) as Box<dyn Reference>),
};

/// A model that has been fitted.
trait Fitted {
    /// What it says of the rows of `x`.
    fn predict(&self, x: &Matrix) -> Result<Prediction, String>;

    /// What it is made of, by the ends of their names.
    fn arrays(&self) -> Vec<(&'static str, Value)> {
        Vec::new()
    }
}

/// The reference with its settings.
#[derive(Debug)]
struct AnyModel {
    /// What the names of its values begin with.
    name: String,
    choice: Choice,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Supervised(Supervised),
    KMeans(KMeans),
    Pca(Pca),
}

/// What scikit-learn calls some settings.
const SCIKIT_LEARN: &[(&str, &str)] = &[
    ("cv", "folds"),
    ("n_clusters", "clusters"),
    ("n_components", "components"),
    ("n_estimators", "trees"),
    ("n_init", "starts"),
    ("n_neighbors", "neighbours"),
    ("scoring", "metrics"),
    ("test_size", "holdout"),
];

/// The words for models.
#[derive(Debug, Clone, Copy)]
enum Word {
    Supervised(Family),
    KMeans,
    Pca,
}

const WORDS: &[(&str, Word)] = &[
    ("boosting", Word::Supervised(Family::Boosting)),
    ("forest", Word::Supervised(Family::Forest)),
    ("k-means", Word::KMeans),
    ("knn", Word::Supervised(Family::Neighbours)),
    ("lasso", Word::Supervised(Family::Lasso)),
    ("linear", Word::Supervised(Family::Linear)),
    ("logistic", Word::Supervised(Family::Logistic)),
    ("naive-bayes", Word::Supervised(Family::Bayes)),
    ("pca", Word::Pca),
    ("ridge", Word::Supervised(Family::Ridge)),
    ("svm", Word::Supervised(Family::Machine)),
    ("tree", Word::Supervised(Family::Tree)),
];

impl AnyModel {
    fn read(fields: &mut Fields<'_>) -> Option<Self> {
        fields.translate(SCIKIT_LEARN);
        if !fields.has("model") {
            fields.required::<String>("model");
            fields.forget();
            return None;
        }
        let Some((word, model)) = fields.word("model", &WORDS.iter().map(|&(word, model)| (word, (word, model))).collect::<Vec<_>>()) else {
            // The settings of an unknown model cannot be judged.
            fields.forget();
            return None;
        };
        let name = super::labelled::name(fields, word);
        let choice = Choice::read(fields);
        let kind = match model {
            Word::Supervised(family) => Kind::Supervised(Supervised::read(family, fields, &choice)),
            Word::KMeans => Kind::KMeans(KMeans::read(fields)),
            Word::Pca => Kind::Pca(Pca::read(fields)),
        };
        Some(Self { name, choice, kind })
    }

    fn named(&self, end: &str) -> String {
        format!("{}.{end}", self.name)
    }
}

impl Reference for AnyModel {
    fn run(&self, data: &DataSet, seed: Seed, watch: &dyn Watch) -> Result<Run, Fault> {
        let seed = seed.derive(&self.name);
        match &self.kind {
            Kind::Supervised(supervised) => supervised.run(self, data, seed, watch),
            Kind::KMeans(k_means) => k_means.run(self, data, seed, watch),
            Kind::Pca(pca) => pca.run(self, data, seed),
        }
    }

    fn suits(&self, data: &DataSet) -> Result<(), Fault> {
        let seed = Seed::new(0);
        match &self.kind {
            Kind::Supervised(supervised) => supervised.examples(self, data, seed).map(|_| ()),
            Kind::KMeans(k_means) => k_means.examples(self, data, seed).map(|_| ()),
            Kind::Pca(pca) => pca.examples(self, data, seed).map(|_| ()),
        }
    }

    fn names(&self) -> Vec<String> {
        let ends = match &self.kind {
            Kind::Supervised(supervised) => supervised.names(&self.choice),
            Kind::KMeans(k_means) => k_means.names(),
            Kind::Pca(_) => ["components", "explained_variance", "explained_variance_ratio", "mean"].map(str::to_owned).to_vec(),
        };
        ends.iter().map(|end| self.named(end)).collect()
    }

    fn drift(&self, name: &str) -> Tolerance {
        match &self.kind {
            Kind::Supervised(supervised) => supervised.drift(name.rsplit('.').next().unwrap_or_default()),
            Kind::KMeans(_) | Kind::Pca(_) => Tolerance { absolute: 1e-6, relative: 1e-6 },
        }
    }
}

#[cfg(test)]
mod tests;

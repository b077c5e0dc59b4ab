//! Trees, forests and boosted trees, of classes and of numbers.

use toml::de::DeValue;

use super::Fitted;
use super::family::Lesson;
use crate::labelled::{Prediction, Task, Truth};
use crate::matrix::rows;
use crate::trees::{Boosted, BoostedClasses, ByEntropy, Classes, Columns, Forest, Growth, Limits, Numbers, Tree};
use mlgrade_data::Matrix;
use mlgrade_domain::diagnostic::Code;
use mlgrade_domain::fields::Fields;
use mlgrade_domain::seed::Seed;
use mlgrade_domain::value::Value;

/// How many features a split of a forest sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Features {
    All,
    /// √features, rounded down: scikit-learn's default for classes.
    Root,
    /// log₂ features, rounded down.
    Log2,
    Count(usize),
}

impl Features {
    /// Reads `max_features`, a word or a number.
    pub(super) fn read(fields: &mut Fields<'_>, task: Task) -> Self {
        let usual = if task == Task::Classification { Self::Root } else { Self::All };
        if !matches!(fields.peek("max_features").map(toml::Spanned::get_ref), Some(DeValue::Integer(_))) {
            return fields.word("max_features", &[("sqrt", Self::Root), ("log2", Self::Log2), ("all", Self::All)]).unwrap_or(usual);
        }
        let Some(count) = fields.optional::<usize>("max_features") else { return usual };
        if *count.get_ref() == 0 {
            fields.fault(Code::BadValue, count.span(), "`max_features` must be \"sqrt\", \"log2\", \"all\" or at least 1");
        }
        Self::Count(count.into_inner())
    }

    fn of(self, features: usize) -> Option<usize> {
        match self {
            Self::All => None,
            Self::Root => Some(features.isqrt().max(1)),
            Self::Log2 => Some(features.max(1).ilog2().max(1) as usize),
            Self::Count(count) => Some(count.min(features)),
        }
    }
}

/// A tree or a forest.
#[derive(Debug)]
pub(super) enum Grown {
    Tree(Tree, Task),
    Forest(Forest, Task),
}

fn mismatched() -> String {
    "trees need answers".to_owned()
}

impl Grown {
    pub(super) fn tree(lesson: Lesson<'_>, limits: Limits, entropy: bool) -> Result<Self, String> {
        let (columns, weights) = (Columns::of(lesson.x), vec![1.0; lesson.x.rows]);
        let growth = Growth { limits, weights: &weights, drawn: None };
        let classes = |of| Classes { of, count: lesson.classes };
        match lesson.y {
            Truth::Classes(of) if entropy => Ok(Self::Tree(Tree::grow(&columns, &ByEntropy(classes(of)), growth), Task::Classification)),
            Truth::Classes(of) => Ok(Self::Tree(Tree::grow(&columns, &classes(of), growth), Task::Classification)),
            Truth::Numbers(y) => Ok(Self::Tree(Tree::grow(&columns, &Numbers::new(y), growth), Task::Regression)),
            Truth::Nothing => Err(mismatched()),
        }
    }

    pub(super) fn forest(lesson: Lesson<'_>, trees: usize, limits: Limits, entropy: bool, features: Features, seed: Seed) -> Result<Self, String> {
        let (columns, features) = (Columns::of(lesson.x), features.of(lesson.x.cols));
        let classes = |of| Classes { of, count: lesson.classes };
        match lesson.y {
            Truth::Classes(of) if entropy => {
                Ok(Self::Forest(Forest::grow(&columns, &ByEntropy(classes(of)), trees, limits, features, seed), Task::Classification))
            }
            Truth::Classes(of) => Ok(Self::Forest(Forest::grow(&columns, &classes(of), trees, limits, features, seed), Task::Classification)),
            Truth::Numbers(y) => Ok(Self::Forest(Forest::grow(&columns, &Numbers::new(y), trees, limits, features, seed), Task::Regression)),
            Truth::Nothing => Err(mismatched()),
        }
    }
}

impl Fitted for Grown {
    fn predict(&self, x: &Matrix) -> Result<Prediction, String> {
        let (answers, task): (Vec<Vec<f64>>, Task) = match self {
            Self::Tree(tree, task) => (rows(x).map(|row| tree.predict(row).to_vec()).collect(), *task),
            Self::Forest(forest, task) => (rows(x).map(|row| forest.predict(row)).collect(), *task),
        };
        Ok(match task {
            Task::Classification => Prediction::Probabilities(answers),
            _ => Prediction::Numbers(answers.into_iter().flatten().collect()),
        })
    }

    fn arrays(&self) -> Vec<(&'static str, Value)> {
        match self {
            Self::Tree(tree, _) => vec![("depth", Value::number(tree.depth() as f64)), ("leaves", Value::number(tree.leaves() as f64))],
            Self::Forest(..) => Vec::new(),
        }
    }
}

/// Boosted trees.
#[derive(Debug)]
pub(super) enum Boosting {
    Classes(BoostedClasses),
    Numbers(Boosted),
}

impl Boosting {
    pub(super) fn fit(lesson: Lesson<'_>, trees: usize, limits: Limits, rate: f64) -> Result<Self, String> {
        let columns = Columns::of(lesson.x);
        match lesson.y {
            Truth::Classes(of) => Ok(Self::Classes(BoostedClasses::grow(&columns, lesson.x, of, lesson.classes, trees, limits, rate))),
            Truth::Numbers(y) => Ok(Self::Numbers(Boosted::grow(&columns, lesson.x, y, trees, limits, rate))),
            Truth::Nothing => Err(mismatched()),
        }
    }
}

impl Fitted for Boosting {
    fn predict(&self, x: &Matrix) -> Result<Prediction, String> {
        Ok(match self {
            Self::Classes(boosted) => Prediction::Probabilities(rows(x).map(|row| boosted.predict(row)).collect()),
            Self::Numbers(boosted) => Prediction::Numbers(rows(x).map(|row| boosted.predict(row)).collect()),
        })
    }
}

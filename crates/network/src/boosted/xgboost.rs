//! What `Booster.save_model` of `XGBoost` writes as JSON or UBJSON (doc/model.schema of its repository), from version 1.0 on.

use std::fmt;

use serde::de::{Error, IgnoredAny, Visitor};
use serde::{Deserialize, Deserializer};

use super::forest::{Forest, Link};
use super::{HOW_TO_SAVE, tidy};
use crate::Decoded;
use crate::operator::trees::{Aggregate, Branch, TreeNode};
use crate::tensor::{Outcome, refuse};

const INSTEAD: &str = "hand in predictions instead";

#[derive(Deserialize)]
pub(super) struct File {
    learner: Learner,
}

#[derive(Deserialize)]
struct Learner {
    #[serde(default)]
    attributes: Attributes,
    gradient_booster: Booster,
    #[serde(rename = "learner_model_param")]
    parameters: Parameters,
    objective: Named,
}

#[derive(Default, Deserialize)]
struct Attributes {
    best_iteration: Option<String>,
    scikit_learn: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
struct Parameters {
    base_score: String,
    num_class: String,
    num_feature: String,
    num_target: Option<String>,
}

/// A booster; the one with dropout had another around it until version 3.
#[derive(Deserialize)]
struct Booster {
    name: String,
    model: Option<Model>,
    gbtree: Option<Inner>,
    weight_drop: Option<Vec<f32>>,
}

#[derive(Deserialize)]
struct Inner {
    model: Option<Model>,
}

/// What there is of it depends on the booster.
#[derive(Deserialize)]
struct Model {
    gbtree_model_param: Option<TreeParameters>,
    iteration_indptr: Option<Vec<u32>>,
    tree_info: Option<Vec<u32>>,
    trees: Option<Vec<Tree>>,
    weight_drop: Option<Vec<f32>>,
}

#[derive(Deserialize)]
struct TreeParameters {
    num_parallel_tree: Option<String>,
}

#[derive(Deserialize)]
struct Tree {
    default_left: Vec<Flag>,
    left_children: Vec<i32>,
    right_children: Vec<i32>,
    split_conditions: Vec<f32>,
    split_indices: Vec<u32>,
    split_type: Option<Vec<u8>>,
    #[serde(rename = "tree_param")]
    size: Size,
}

#[derive(Deserialize)]
struct Size {
    size_leaf_vector: Option<String>,
}

/// True and false, which the first versions wrote so, and later ones as 1 and 0.
#[derive(Clone, Copy)]
struct Flag(bool);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Either;
        impl Visitor<'_> for Either {
            type Value = Flag;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("true, false, 1 or 0")
            }
            fn visit_bool<E: Error>(self, value: bool) -> Result<Flag, E> {
                Ok(Flag(value))
            }
            fn visit_u64<E: Error>(self, value: u64) -> Result<Flag, E> {
                Ok(Flag(value != 0))
            }
            fn visit_i64<E: Error>(self, value: i64) -> Result<Flag, E> {
                Ok(Flag(value != 0))
            }
        }
        from.deserialize_any(Either)
    }
}

/// The network that a file holds.
pub(super) fn decode(file: File) -> Outcome<Decoded> {
    let Learner { attributes, gradient_booster: booster, parameters, objective } = file.learner;
    if booster.name == "gblinear" {
        return Err(refuse("the booster `gblinear` is a linear model, which is not read").help(INSTEAD));
    }
    let (link, scale) = meaning(&objective.name)?;
    let model = booster.model.or(booster.gbtree.and_then(|inner| inner.model));
    let Some(Model { gbtree_model_param: shape, iteration_indptr: starts, tree_info: Some(sum_of), trees: Some(mut trees), weight_drop }) = model else {
        return Err(refuse(format!("it holds no trees; its booster is `{}`", tidy(&booster.name))).help(HOW_TO_SAVE));
    };
    let sums = whole("num_class", &parameters.num_class)?.max(1).saturating_mul(whole("num_target", parameters.num_target.as_deref().unwrap_or("1"))?.max(1));
    let mut forest = Forest::new(whole("num_feature", &parameters.num_feature)?, sums, link)?;
    forest.base(&base(&parameters.base_score, sums, scale)?)?;
    // scikit-learn's estimators predict with the trees up to the best iteration, the booster itself with all.
    if let (Some(best), Some(_)) = (&attributes.best_iteration, &attributes.scikit_learn) {
        let rounds = whole("best_iteration", best)?.saturating_add(1);
        let parallel = shape.and_then(|shape| shape.num_parallel_tree).map_or(Ok(1), |count| whole("num_parallel_tree", &count))?;
        let usual = rounds.saturating_mul(sums).saturating_mul(parallel);
        let stated = starts.and_then(|starts| starts.get(rounds).copied());
        trees.truncate(stated.map_or(usual, index));
    }
    let weights = weight_drop.or(booster.weight_drop);
    let weights = weights.as_deref();
    if sum_of.len() < trees.len() || weights.is_some_and(|weights| weights.len() < trees.len()) {
        return Err(refuse("the lists of its trees differ in length"));
    }
    for (i, tree) in trees.iter().enumerate() {
        add(&mut forest, tree, index(sum_of[i]), weights.map_or(1.0, |weights| weights[i]))?;
    }
    forest.network("XGBoost", Aggregate::SingleSum, None)
}

/// How a base score is stated.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scale {
    /// As what is added to the sum.
    Sum,
    /// As a probability, of which the sum has the log-odds.
    Probability,
    /// As a number above 0, of which the sum has the logarithm.
    Positive,
}

/// What an objective makes of a sum, and how its base score is stated.
fn meaning(objective: &str) -> Outcome<(Link, Scale)> {
    Ok(match objective {
        "binary:logistic" => (Link::TwoClasses, Scale::Probability),
        "binary:hinge" => (Link::Hinge, Scale::Sum),
        "multi:softprob" | "multi:softmax" => (Link::Softmax, Scale::Sum),
        "reg:logistic" => (Link::Sigmoid, Scale::Probability),
        "count:poisson" | "reg:gamma" | "reg:tweedie" => (Link::Exp, Scale::Positive),
        "binary:logitraw" | "reg:squarederror" | "reg:linear" | "reg:squaredlogerror" | "reg:pseudohubererror" | "reg:absoluteerror" | "reg:quantileerror" => {
            (Link::Identity, Scale::Sum)
        }
        other => return Err(refuse(format!("the objective `{}` is not read", tidy(other))).help(INSTEAD)),
    })
}

/// The base scores, one for all sums or one for each, as what they add.
fn base(stated: &str, sums: usize, scale: Scale) -> Outcome<Vec<f64>> {
    // In single precision, as the library has it.
    let added = |score: f32| match scale {
        Scale::Sum => score,
        Scale::Probability => -(1.0 / score - 1.0).ln(),
        Scale::Positive => score.ln(),
    };
    let inner = stated.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(stated);
    let scores: Option<Vec<f64>> = inner.split(',').map(|score| score.trim().parse().ok().map(|score| f64::from(added(score)))).collect();
    match scores {
        Some(scores) if scores.len() == sums => Ok(scores),
        Some(scores) if scores.len() == 1 => Ok(vec![scores[0]; sums]),
        _ => Err(refuse(format!("its base score is `{}`, for {sums} numbers an example", tidy(stated)))),
    }
}

/// A number that the file has as text.
fn whole(name: &str, text: &str) -> Outcome<usize> {
    text.parse().map_err(|_| refuse(format!("its {name} is `{}`", tidy(text))))
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Adds one tree, whose leaves count `weight` times.
fn add(forest: &mut Forest, tree: &Tree, sum: usize, weight: f32) -> Outcome<()> {
    if tree.size.size_leaf_vector.as_deref().is_some_and(|size| size != "0" && size != "1") {
        return Err(refuse("its trees have several numbers in a leaf").help("train it with multi_strategy=\"one_output_per_tree\""));
    }
    if tree.split_type.iter().flatten().any(|kind| *kind != 0) {
        return Err(refuse("its trees split by categories, which are not read").help("encode categories as numbers before training, or hand in predictions"));
    }
    let count = tree.left_children.len();
    let others = [tree.right_children.len(), tree.split_conditions.len(), tree.split_indices.len(), tree.default_left.len()];
    if others.iter().any(|&other| other != count) {
        return Err(refuse("the lists of a tree's nodes differ in length"));
    }
    forest.grow(count, |i| {
        let child = |child: i32| usize::try_from(child).map_err(|_| refuse("a branch of its trees leads to one node only"));
        // A leaf's value stands where a branch has its threshold.
        if tree.left_children[i] < 0 {
            return Ok(TreeNode::Leaf(vec![(sum, f64::from(tree.split_conditions[i] * weight))]));
        }
        Ok(TreeNode::Branch {
            branch: Branch::Less,
            feature: index(tree.split_indices[i]),
            threshold: tree.split_conditions[i],
            missing_is_true: tree.default_left[i].0,
            zero_is_missing: false,
            yes: child(tree.left_children[i])?,
            no: child(tree.right_children[i])?,
        })
    })
}

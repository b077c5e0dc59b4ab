//! What `Booster.save_model` of `LightGBM` writes: lines of `key=value`, first of the model, then of each tree (src/io/tree.cpp of its repository).

use std::collections::BTreeMap;
use std::str::FromStr;

use super::forest::{Forest, Link, single};
use super::tidy;
use crate::Decoded;
use crate::operator::trees::{Aggregate, Branch, NEXT_TO_NOTHING, TreeNode};
use crate::tensor::{Outcome, Refusal, refuse};

pub(super) const HELP: &str = "save it with `model.booster_.save_model(\"networks/NAME.txt\")`, of a Booster `model.save_model(\"networks/NAME.txt\")`";

/// The keys that are read, of the model and of a tree.
const KEYS: [&str; 13] = [
    "average_output",
    "decision_type",
    "is_linear",
    "leaf_value",
    "left_child",
    "max_feature_idx",
    "num_leaves",
    "num_tree_per_iteration",
    "objective",
    "right_child",
    "split_feature",
    "threshold",
    "tree_sizes",
];

/// The lines of the model, or of a tree, by these keys; one without `=` is a key alone.
type Section<'t> = BTreeMap<&'t str, &'t str>;

/// The network in `bytes`.
pub(super) fn decode(bytes: &[u8]) -> Outcome<Decoded> {
    let text = std::str::from_utf8(bytes).map_err(|_| damaged("is no text"))?;
    // Behind the trees stands how often features are used, and the settings of the training.
    let (trees, _) = text.split_once("end of trees").ok_or_else(|| damaged("is cut off within its trees"))?;
    let mut sections = trees.split("\nTree=");
    let header = section(sections.next().unwrap_or_default());
    let each = number(&header, "num_tree_per_iteration")?.unwrap_or(1).max(1);
    let features: usize = number(&header, "max_feature_idx")?.ok_or_else(|| damaged("does not state max_feature_idx"))?;
    let (link, factor) = meaning(header.get("objective").copied().unwrap_or_default())?;
    let mut forest = Forest::new(features.saturating_add(1), each, link)?;
    let count = sections.clone().count();
    if count == 0 || header.get("tree_sizes").is_some_and(|sizes| sizes.split_ascii_whitespace().count() != count) {
        return Err(damaged(&format!("holds {count} trees, which are not those that it states")));
    }
    // A random forest gives the mean of its iterations.
    let rounds = if header.contains_key("average_output") { (count / each).max(1) } else { 1 };
    for (i, lines) in sections.enumerate() {
        add(&mut forest, &section(lines), i % each, factor / rounds as f64).map_err(|refusal| refusal.at(&format!("tree {i}")))?;
    }
    forest.network("LightGBM", Aggregate::Sum, None)
}

fn damaged(what: &str) -> Refusal {
    refuse(format!("this begins like a model of LightGBM, but {what}")).help(HELP)
}

fn section(lines: &str) -> Section<'_> {
    let pairs = lines.lines().map(|line| line.trim().split_once('=').unwrap_or((line.trim(), "")));
    pairs.filter(|(key, _)| KEYS.contains(key)).collect()
}

/// The number under `key`, if it is there.
fn number(section: &Section<'_>, key: &str) -> Outcome<Option<usize>> {
    section.get(key).map(|value| value.parse().map_err(|_| damaged(&format!("its {key} is no number")))).transpose()
}

/// The numbers under `key`, of which there have to be `count`.
fn numbers<T: FromStr>(section: &Section<'_>, key: &str, count: usize) -> Outcome<Vec<T>> {
    let values = section.get(key).copied().unwrap_or_default();
    let values: Option<Vec<T>> = values.split_ascii_whitespace().map(|value| value.parse().ok()).collect();
    values.filter(|values| values.len() == count).ok_or_else(|| refuse(format!("its `{key}` is not {count} numbers")).help(HELP))
}

/// What an objective makes of a sum, and what the sum is multiplied by before that.
fn meaning(objective: &str) -> Outcome<(Link, f64)> {
    let mut words = objective.split_ascii_whitespace();
    let (name, settings) = (words.next().unwrap_or_default(), words.collect::<Vec<_>>());
    let sigmoid = || settings.iter().find_map(|word| word.strip_prefix("sigmoid:")).map_or(Ok(1.0), str::parse);
    let factor = sigmoid().ok().filter(|factor: &f64| factor.is_finite()).ok_or_else(|| refuse(format!("its objective is `{}`", tidy(objective))))?;
    Ok(match name {
        "binary" => (Link::TwoClasses, factor),
        "multiclass" => (Link::Softmax, 1.0),
        "multiclassova" => (Link::EachSigmoid, factor),
        "cross_entropy" => (Link::Sigmoid, 1.0),
        "poisson" | "gamma" | "tweedie" => (Link::Exp, 1.0),
        "" | "none" | "regression_l1" | "huber" | "fair" | "quantile" | "mape" => (Link::Identity, 1.0),
        "regression" if !settings.contains(&"sqrt") => (Link::Identity, 1.0),
        _ => return Err(refuse(format!("the objective `{}` is not read", tidy(objective))).help("hand in predictions instead")),
    })
}

/// Adds one tree, whose leaves count `factor` times.
fn add(forest: &mut Forest, tree: &Section<'_>, sum: usize, factor: f64) -> Outcome<()> {
    if tree.get("is_linear").is_some_and(|flag| *flag != "0") {
        return Err(refuse("its leaves hold linear models, which are not read").help("train it without `linear_tree`, or hand in predictions instead"));
    }
    let leaves = number(tree, "num_leaves")?.filter(|&leaves| leaves > 0).ok_or_else(|| damaged("does not state num_leaves of a tree"))?;
    // Leaves are numbered after the branches; -1 is the first of them.
    let branches = leaves - 1;
    let values: Vec<f64> = numbers(tree, "leaf_value", leaves)?;
    let features: Vec<usize> = numbers(tree, "split_feature", branches)?;
    let thresholds: Vec<f64> = numbers(tree, "threshold", branches)?;
    let decisions: Vec<u8> = numbers(tree, "decision_type", branches)?;
    let [left, right]: [Vec<isize>; 2] = [numbers(tree, "left_child", branches)?, numbers(tree, "right_child", branches)?];
    let child = |child: isize| if child < 0 { branches.saturating_add_signed(-1 - child) } else { child.unsigned_abs() };
    forest.grow(branches + leaves, |i| {
        if i >= branches {
            return Ok(TreeNode::Leaf(vec![(sum, values[i - branches] * factor)]));
        }
        let (missing_is_true, zero_is_missing) = missing(decisions[i], thresholds[i])?;
        Ok(TreeNode::Branch {
            branch: Branch::LessOrEqual,
            feature: features[i],
            threshold: rounded_down(thresholds[i]),
            missing_is_true,
            zero_is_missing,
            yes: child(left[i]),
            no: child(right[i]),
        })
    })
}

/// Where a branch sends what is missing, and whether 0 is.
fn missing(decision: u8, threshold: f64) -> Outcome<(bool, bool)> {
    if decision & 1 != 0 {
        let help = "encode categories as numbers before training, or hand in predictions";
        return Err(refuse("it splits by categories, which are not read").help(help));
    }
    let default_left = decision & 2 != 0;
    match decision >> 2 {
        // Nothing was missing in training: it counts as 0.
        0 => Ok((0.0 <= threshold, false)),
        1 => Ok((default_left, true)),
        2 => Ok((default_left, false)),
        _ => Err(refuse(format!("its decision type {decision} is not known"))),
    }
}

/// The greatest number in single precision up to `threshold`: what is in single precision is below both or above both. `LightGBM` takes
/// what is next to nothing for 0 before it compares, so that a threshold among such numbers is moved to their end.
fn rounded_down(threshold: f64) -> f32 {
    if threshold.abs() <= f64::from(NEXT_TO_NOTHING) {
        return if threshold < 0.0 { (-NEXT_TO_NOTHING).next_down() } else { NEXT_TO_NOTHING };
    }
    let near = single(threshold);
    if f64::from(near) > threshold { near.next_down() } else { near }
}

//! The operators of `ai.onnx.ml`, which skl2onnx and onnxmltools write for scikit-learn, `XGBoost` and `LightGBM`.

use std::collections::{BTreeMap, BTreeSet};

use super::{Reader, unknown};
use crate::tensor::{Outcome, refuse};
use mlgrade_domain::limits;

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
    Linear(Linear),
    Normalizer(Norm),
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
    Softmax,
    /// Softmax of the scores that are not 0.
    SoftmaxZero,
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

/// How a branch compares a feature with its threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Branch {
    Equal,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    NotEqual,
}

/// A place in a tree.
#[derive(Debug, Clone)]
pub(crate) enum TreeNode {
    Branch {
        branch: Branch,
        feature: usize,
        threshold: f32,
        missing_is_true: bool,
        yes: usize,
        no: usize,
    },
    /// What it adds to the scores of which targets.
    Leaf(Vec<(usize, f32)>),
}

/// How the trees' scores become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Aggregate {
    Average,
    Max,
    Min,
    Sum,
}

/// Trees; every node is led to by one branch, or is a root, so that every way ends.
#[derive(Debug, Clone)]
pub(crate) struct Trees {
    pub(crate) nodes: Vec<TreeNode>,
    pub(crate) roots: Vec<usize>,
    pub(crate) targets: usize,
    /// Those of a classifier.
    pub(crate) classes: Option<Vec<i64>>,
    pub(crate) base: Vec<f32>,
    pub(crate) transform: Transform,
    pub(crate) aggregate: Aggregate,
    /// Of two classes the leaves name one only.
    pub(crate) one_sided: bool,
    pub(crate) all_positive: bool,
}

impl Classical {
    /// The operator `name` of `ai.onnx.ml`.
    pub(crate) fn read(name: &str, all: Reader<'_>) -> Outcome<Self> {
        Ok(match name {
            "ArrayFeatureExtractor" => Self::Extract,
            "Binarizer" => Self::Binarizer(all.float("threshold", 0.0)),
            "Imputer" => Self::Imputer { values: all.floats("imputed_value_floats").to_vec(), replaced: all.float("replaced_value_float", 0.0) },
            "LinearClassifier" => Self::Linear(linear(all, Some(class_names(all)?))?),
            "LinearRegressor" => Self::Linear(linear(all, None)?),
            "Normalizer" => Self::Normalizer(match all.text("norm") {
                None | Some("MAX") => Norm::Max,
                Some("L1") => Norm::L1,
                Some("L2") => Norm::L2,
                Some(_) => return Err(refuse("a Normalizer divides by MAX, L1 or L2")),
            }),
            "Scaler" => Self::Scaler { offset: all.floats("offset").to_vec(), scale: all.floats("scale").to_vec() },
            "TreeEnsembleClassifier" => Self::Trees(trees(all, "class", Some(class_names(all)?))?),
            "TreeEnsembleRegressor" => Self::Trees(trees(all, "target", None)?),
            _ => return Err(unknown(name)),
        })
    }

    /// How many numbers it has learnt.
    pub(crate) fn learnt(&self) -> usize {
        match self {
            Self::Linear(linear) => linear.coefficients.len() + linear.intercepts.len(),
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

fn transform(all: Reader<'_>) -> Outcome<Transform> {
    Ok(match all.text("post_transform") {
        None | Some("NONE") => Transform::None,
        Some("LOGISTIC") => Transform::Logistic,
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
    Ok(Linear { coefficients, intercepts, targets, classes, transform: transform(all)? })
}

/// The trees of a classifier or regressor, whose leaves are listed as those of a `class` or a `target`.
fn trees(all: Reader<'_>, leaves: &str, classes: Option<Vec<i64>>) -> Outcome<Trees> {
    let targets = classes.as_ref().map_or_else(|| all.size("n_targets", 1), |classes| Ok(classes.len()))?;
    if targets == 0 || targets > limits::NETWORK_NODES {
        return Err(refuse(format!("it gives {targets} scores for each example")));
    }
    let (ids, modes) = (places(all, "nodes_treeids", "nodes_nodeids")?, all.texts("nodes_modes"));
    let (yes, no, features) = (all.whole("nodes_truenodeids"), all.whole("nodes_falsenodeids"), all.whole("nodes_featureids"));
    let (thresholds, missing) = (all.floats("nodes_values"), all.whole("nodes_missing_value_tracks_true"));
    let count = ids.len();
    if [modes.len(), yes.len(), no.len(), features.len(), thresholds.len()].iter().any(|&length| length != count) || ![0, count].contains(&missing.len()) {
        return Err(refuse("the lists of its trees' nodes differ in length"));
    }
    let mut at = BTreeMap::new();
    for (place, id) in ids.iter().enumerate() {
        if at.insert(*id, place).is_some() {
            return Err(refuse(format!("its tree {} has two nodes {}", id.0, id.1)));
        }
    }
    let mut led_to = vec![false; count];
    let mut nodes = Vec::with_capacity(count);
    for (i, &(tree, id)) in ids.iter().enumerate() {
        let mode = modes[i].as_str();
        if mode == "LEAF" {
            nodes.push(TreeNode::Leaf(Vec::new()));
            continue;
        }
        let branch = branch(mode)?;
        let mut child = |id: i64| {
            let place = *at.get(&(tree, id)).ok_or_else(|| refuse(format!("its tree {tree} leads to a node {id}, which it does not have")))?;
            if std::mem::replace(&mut led_to[place], true) {
                return Err(refuse(format!("two branches of its tree {tree} lead to the node {id}")));
            }
            Ok(place)
        };
        let (yes, no) = (child(yes[i])?, child(no[i])?);
        let feature = usize::try_from(features[i]).map_err(|_| refuse(format!("the node {id} of its tree {tree} asks for the feature {}", features[i])))?;
        let missing_is_true = missing.get(i).is_some_and(|&flag| flag != 0);
        nodes.push(TreeNode::Branch { branch, feature, threshold: thresholds[i], missing_is_true, yes, no });
    }
    let roots: Vec<usize> = (0..count).filter(|&place| !led_to[place]).collect();
    let (mut all_trees, mut rooted): (Vec<i64>, Vec<i64>) = (ids.iter().map(|id| id.0).collect(), roots.iter().map(|&root| ids[root].0).collect());
    for list in [&mut all_trees, &mut rooted] {
        list.sort_unstable();
    }
    all_trees.dedup();
    let (mut reached, mut open) = (0, roots.clone());
    while let Some(place) = open.pop() {
        reached += 1;
        if let TreeNode::Branch { yes, no, .. } = nodes[place] {
            open.extend([yes, no]);
        }
    }
    if all_trees != rooted || reached != count {
        return Err(refuse("one of its trees goes round in a circle, or is none"));
    }
    let (mut one_sided, mut all_positive) = (BTreeSet::new(), true);
    let (owners, named) = (places(all, &format!("{leaves}_treeids"), &format!("{leaves}_nodeids"))?, all.whole(&format!("{leaves}_ids")));
    let weights = all.floats(&format!("{leaves}_weights"));
    if owners.len() != named.len() || owners.len() != weights.len() {
        return Err(refuse("the lists of its trees' leaves differ in length"));
    }
    for ((owner, &target), &weight) in owners.iter().zip(named).zip(weights) {
        let leaf = at.get(owner).and_then(|&place| if let TreeNode::Leaf(scores) = &mut nodes[place] { Some(scores) } else { None });
        let target = usize::try_from(target).ok().filter(|&target| target < targets);
        match (leaf, target) {
            (Some(leaf), Some(target)) => leaf.push((target, weight)),
            _ => return Err(refuse(format!("its tree {} has no leaf {} for one of {targets} scores", owner.0, owner.1))),
        }
        one_sided.insert(target);
        all_positive &= weight >= 0.0;
    }
    let base = all.floats("base_values").to_vec();
    let aggregate = match all.text("aggregate_function") {
        None | Some("SUM") => Aggregate::Sum,
        Some("AVERAGE") => Aggregate::Average,
        Some("MAX") => Aggregate::Max,
        Some("MIN") => Aggregate::Min,
        Some(_) => return Err(refuse("its trees are put together neither as SUM, AVERAGE, MIN nor MAX")),
    };
    let one_sided = classes.is_some() && targets == 2 && one_sided.len() == 1;
    // Of two classes ONNX Runtime adds base values otherwise than the specification says, unless the leaves speak of one class only.
    let base_fits = match base.len() {
        0 => true,
        1 => one_sided || (classes.is_none() && targets == 1),
        length => length == targets && (classes.is_none() || targets > 2),
    };
    if !base_fits {
        let message = format!("{} base values stand before the scores of {targets} classes, which is read in two ways", base.len());
        return Err(refuse(message).help("hand in its predictions instead"));
    }
    Ok(Trees { nodes, roots, targets, classes, base, transform: transform(all)?, aggregate, one_sided, all_positive })
}

/// Pairs of a tree and a node.
fn places(all: Reader<'_>, trees: &str, nodes: &str) -> Outcome<Vec<(i64, i64)>> {
    let (trees, nodes) = (all.whole(trees), all.whole(nodes));
    if trees.len() == nodes.len() && !nodes.is_empty() {
        return Ok(trees.iter().copied().zip(nodes.iter().copied()).collect());
    }
    Err(refuse("its trees have no nodes, or the lists of them differ in length"))
}

fn branch(mode: &str) -> Outcome<Branch> {
    Ok(match mode {
        "BRANCH_EQ" => Branch::Equal,
        "BRANCH_GT" => Branch::Greater,
        "BRANCH_GTE" => Branch::GreaterOrEqual,
        "BRANCH_LEQ" => Branch::LessOrEqual,
        "BRANCH_LT" => Branch::Less,
        "BRANCH_NEQ" => Branch::NotEqual,
        other => return Err(refuse(format!("a branch `{}` is not run", other.chars().filter(|c| !c.is_control()).take(40).collect::<String>()))),
    })
}

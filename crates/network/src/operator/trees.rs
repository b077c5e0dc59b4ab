//! Ensembles of decision trees, and how `ai.onnx.ml` lists their nodes.

use std::collections::{BTreeMap, BTreeSet};

use super::Reader;
use super::classical::{Transform, transform};
use crate::tensor::{Outcome, refuse};
use mlgrade_domain::limits;

/// What counts as 0 where 0 is missing, as `LightGBM` has it.
pub(crate) const NEXT_TO_NOTHING: f32 = 1e-35;

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
        /// Whether 0 is as good as missing.
        zero_is_missing: bool,
        yes: usize,
        no: usize,
    },
    /// What it adds to the scores of which targets.
    Leaf(Vec<(usize, f64)>),
}

/// How the trees' scores become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Aggregate {
    Average,
    Max,
    Min,
    Sum,
    /// The sum in single precision, tree by tree, as `XGBoost` adds.
    SingleSum,
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

/// The tree below `root`, which lies at `start`; `take` gives a node, whose branches name places in `seen`. Whoever leads to a place a
/// second time does not have a tree, and running it might not end.
pub(crate) fn grown(root: usize, start: usize, seen: &mut [bool], mut take: impl FnMut(usize) -> Outcome<TreeNode>) -> Outcome<Vec<TreeNode>> {
    let (mut nodes, mut order) = (Vec::new(), Vec::new());
    let mut reach = |place: usize, order: &mut Vec<usize>| {
        let seen = seen.get_mut(place).ok_or_else(|| refuse("one of its trees leads to a node that it does not have"))?;
        if std::mem::replace(seen, true) {
            return Err(refuse("one of its trees goes round in a circle, or is none"));
        }
        order.push(place);
        Ok(start + order.len() - 1)
    };
    reach(root, &mut order)?;
    while let Some(&place) = order.get(nodes.len()) {
        let mut node = take(place)?;
        if let TreeNode::Branch { yes, no, .. } = &mut node {
            *yes = reach(*yes, &mut order)?;
            *no = reach(*no, &mut order)?;
        }
        nodes.push(node);
    }
    Ok(nodes)
}

impl Trees {
    /// The trees of a classifier or regressor, whose leaves are listed as those of a `class` or a `target`.
    pub(crate) fn read(all: Reader<'_>, leaves: &str, classes: Option<Vec<i64>>) -> Outcome<Self> {
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
            nodes.push(TreeNode::Branch { branch, feature, threshold: thresholds[i], missing_is_true, zero_is_missing: false, yes, no });
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
                (Some(leaf), Some(target)) => leaf.push((target, f64::from(weight))),
                _ => return Err(refuse(format!("its tree {} has no leaf {} for one of {targets} scores", owner.0, owner.1))),
            }
            one_sided.insert(target);
            all_positive &= weight >= 0.0;
        }
        let base = all.floats("base_values").to_vec();
        let roots: Vec<usize> = (0..count).filter(|&place| !led_to[place]).collect();
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
        let (nodes, roots) = in_order(nodes, &roots, &ids)?;
        let transform = transform(all)?;
        if one_sided {
            transform.of_two()?;
        }
        Ok(Self { nodes, roots, targets, classes, base, transform, aggregate, one_sided, all_positive })
    }
}

/// The nodes, tree by tree, and where each tree of `ids` begins; every tree has one root, and every node is below one.
fn in_order(mut nodes: Vec<TreeNode>, roots: &[usize], ids: &[(i64, i64)]) -> Outcome<(Vec<TreeNode>, Vec<usize>)> {
    let (trees, rooted): (BTreeSet<i64>, BTreeSet<i64>) = (ids.iter().map(|id| id.0).collect(), roots.iter().map(|&root| ids[root].0).collect());
    let (mut ordered, mut starts, mut seen) = (Vec::with_capacity(nodes.len()), Vec::new(), vec![false; nodes.len()]);
    for &root in roots {
        starts.push(ordered.len());
        let tree = grown(root, ordered.len(), &mut seen, |place| Ok(std::mem::replace(&mut nodes[place], TreeNode::Leaf(Vec::new()))))?;
        ordered.extend(tree);
    }
    if trees != rooted || roots.len() != trees.len() || ordered.len() != ids.len() {
        return Err(refuse("one of its trees goes round in a circle, or is none"));
    }
    Ok((ordered, starts))
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

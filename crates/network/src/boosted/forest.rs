//! Trees as they come out of a library's file, and the network that they are.

use std::collections::BTreeMap;

use crate::graph::{Graph, Node};
use crate::operator::classical::{Classical, Transform};
use crate::operator::trees::{Aggregate, TreeNode, Trees, grown};
use crate::operator::{Operator, Unary};
use crate::tensor::{Outcome, refuse, too_large};
use crate::{Decoded, Interpretation};
use mlgrade_domain::limits;

/// What a model makes of the sums of its leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    /// One number, or what is above 0 for the second class.
    Identity,
    /// One number between 0 and 1.
    Sigmoid,
    /// One number above 0.
    Exp,
    /// Probabilities of two classes from the log-odds of the second.
    TwoClasses,
    /// The second of two classes, where its sum is above 0.
    Hinge,
    /// Probabilities of several classes.
    Softmax,
    /// A probability of each class, against all others.
    EachSigmoid,
}

impl Link {
    /// Whether there is a sum for each class.
    pub(super) fn has_many(self) -> bool {
        matches!(self, Self::Softmax | Self::EachSigmoid)
    }

    fn has_two(self) -> bool {
        matches!(self, Self::TwoClasses | Self::Hinge)
    }
}

/// Trees that are read one after the other.
#[derive(Debug)]
pub(super) struct Forest {
    nodes: Vec<TreeNode>,
    roots: Vec<usize>,
    features: usize,
    sums: usize,
    link: Link,
    leaf_values: usize,
}

impl Forest {
    /// No trees yet, for rows of `features` numbers, with `sums` sums of leaves.
    pub(super) fn new(features: usize, sums: usize, link: Link) -> Outcome<Self> {
        if features == 0 || features > limits::NETWORK_ELEMENTS {
            return Err(refuse(format!("it states that examples have {features} features")));
        }
        if sums == 0 || sums > limits::NETWORK_NODES || (link.has_many() != (sums > 1)) {
            return Err(refuse(format!("it gives {sums} numbers for each example, which is not what its objective asks for")));
        }
        Ok(Self { nodes: Vec::new(), roots: Vec::new(), features, sums, link, leaf_values: 0 })
    }

    /// Adds a tree of at most `count` nodes, the first of which is its root. Leaves name sums; nodes that nothing leads to are left out.
    pub(super) fn grow(&mut self, count: usize, node: impl Fn(usize) -> Outcome<TreeNode>) -> Outcome<()> {
        if self.nodes.len().saturating_add(count) > limits::NETWORK_LIST {
            return Err(too_large(format!("its trees have more than {} nodes", limits::NETWORK_LIST)).help("hand in a smaller model, or predictions instead"));
        }
        // Of two classes the sum is that of the second.
        let first = usize::from(self.link.has_two());
        let checked = |place| {
            let mut node = node(place)?;
            match &mut node {
                TreeNode::Branch { feature, threshold, .. } if *feature >= self.features || threshold.is_nan() => {
                    Err(refuse(format!("one of its trees compares the feature {feature} of {} with {threshold}", self.features)))
                }
                TreeNode::Leaf(values) if values.iter().any(|(sum, value)| *sum >= self.sums || !single(*value).is_finite()) => {
                    Err(refuse("a leaf of its trees holds no finite number, or one for a class that there is not"))
                }
                TreeNode::Leaf(values) => {
                    for (sum, _) in values {
                        *sum += first;
                    }
                    Ok(node)
                }
                TreeNode::Branch { .. } => Ok(node),
            }
        };
        let tree = grown(0, self.nodes.len(), &mut vec![false; count], checked)?;
        self.leaf_values += tree.iter().map(|node| if let TreeNode::Leaf(values) = node { values.len() } else { 0 }).sum::<usize>();
        if self.leaf_values > limits::NETWORK_ELEMENTS {
            return Err(too_large(format!("its leaves hold more than {} numbers", limits::NETWORK_ELEMENTS)).help("hand in predictions instead"));
        }
        self.roots.push(self.nodes.len());
        self.nodes.extend(tree);
        Ok(())
    }

    /// Adds what stands before all sums, as a tree of nothing but a leaf.
    pub(super) fn base(&mut self, base: &[f64]) -> Outcome<()> {
        self.grow(1, |_| Ok(TreeNode::Leaf(base.iter().copied().enumerate().collect())))
    }

    /// The network of these trees, which `library` made; `classes` are those that the file names.
    pub(super) fn network(self, library: &str, aggregate: Aggregate, classes: Option<Vec<i64>>) -> Outcome<Decoded> {
        let targets = if self.link.has_two() { 2 } else { self.sums };
        if classes.as_ref().is_some_and(|classes| classes.len() != targets) {
            return Err(refuse("it names other classes than it has sums for"));
        }
        let transform = match self.link {
            Link::TwoClasses | Link::EachSigmoid => Transform::Logistic,
            Link::Softmax => Transform::Softmax,
            Link::Identity | Link::Sigmoid | Link::Exp | Link::Hinge => Transform::None,
        };
        let last = match self.link {
            Link::Sigmoid => Some(("Sigmoid", Unary::Sigmoid)),
            Link::Exp => Some(("Exp", Unary::Exp)),
            _ => None,
        };
        let one_sided = self.link.has_two();
        let trees = Classical::Trees(Trees {
            nodes: self.nodes,
            roots: self.roots,
            targets,
            classes: None,
            base: Vec::new(),
            transform,
            aggregate,
            one_sided,
            all_positive: false,
        });
        let parameters = trees.learnt();
        let name = format!("{library} trees");
        let node = |input, name: &str, operator| Node { operator, place: name.to_owned(), inputs: vec![Some(input)], outputs: vec![Some(input + 1)] };
        let mut nodes = vec![node(0, &name, Operator::Classical(Box::new(trees)))];
        nodes.extend(last.map(|(name, unary)| node(1, name, Operator::Unary(unary))));
        let operators = nodes.iter().map(|node| node.place.clone()).collect();
        let graph = Graph { input: 0, output: nodes.len(), labels: None, constants: BTreeMap::new(), nodes, operators, parameters };
        Ok(Decoded { graph, shape: vec![None, Some(self.features)], interpretation: Interpretation { classes, one_of_several: false } })
    }
}

/// A number in single precision, beyond which it is infinite.
#[expect(clippy::cast_possible_truncation, reason = "networks are run in single precision")]
pub(super) fn single(value: f64) -> f32 {
    value as f32
}

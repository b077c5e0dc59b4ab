//! Nodes that can be run, of the graph of a file and of those in it.

use std::collections::{BTreeMap, BTreeSet};

use super::super::graph::{Block, Node, Value, needed};
use super::super::operator::classical::{Classical, Task, class_names};
use super::super::operator::control::{Branches, Control};
use super::super::operator::{Attributes, Context, Operator, Reader, is_telling, unknown};
use super::super::tensor::{Outcome, Tensor, refuse};
use super::model::{RawNode, RawTensor};
use super::order;
use super::wires::{Wired, WiredNode, Wires};
use mlgrade_zip::printable;

/// What is found on the way.
#[derive(Debug)]
pub(super) struct Builder<'w, 'm, 'b> {
    pub(super) wires: &'w Wires<'m, 'b>,
    /// The numbers that were read.
    pub(super) elements: usize,
    /// The classes that a `ZipMap` names.
    pub(super) classes: Option<Vec<i64>>,
    /// What was learnt: an array, or the lists of a node, with how many numbers it has.
    pub(super) learnt: BTreeSet<(Value, usize)>,
    pub(super) operators: BTreeSet<String>,
}

/// How the place of a node without a name begins, and the refusal of an operator that is not run.
const NAMED: &str = "the operator ";

/// What a node is called in messages.
fn place(node: &RawNode<'_>) -> String {
    if node.name.is_empty() { format!("{NAMED}{}", printable(node.operator)) } else { format!("`{}` ({})", printable(node.name), printable(node.operator)) }
}

impl Builder<'_, '_, '_> {
    /// What has to be run of `wired` for its outputs `exits`.
    pub(super) fn block(&mut self, wired: &Wired<'_, '_>, inputs: Vec<Value>, exits: &[Value]) -> Outcome<Block> {
        let nodes = &wired.nodes;
        let order = order::runnable(nodes.len(), |i| nodes[i].needs(), |i| nodes[i].makes());
        let kept: Vec<usize> = needed(nodes.len(), exits, |i| nodes[order[i]].needs(), |i| nodes[order[i]].makes()).into_iter().map(|i| order[i]).collect();
        // What a network cannot be run for is named, and not what stands before it.
        if let Some(node) = kept.iter().map(|&i| &nodes[i]).find(|node| is_telling(node.raw.operator)) {
            return Err(unknown(node.raw.operator));
        }
        let mut known: BTreeSet<Value> = inputs.iter().chain(wired.stored.keys()).chain(&wired.captured).copied().collect();
        let mut block = Block { inputs, outputs: exits.to_vec(), constants: BTreeMap::new(), nodes: Vec::new() };
        for i in kept {
            let (wired_node, raw) = (&nodes[i], nodes[i].raw);
            let place = place(raw);
            let node = self
                .node(wired_node, &wired.stored)
                .map_err(|refusal| if refusal.message.starts_with(NAMED) && raw.name.is_empty() { refusal } else { refusal.at(&place) })?;
            if let Some(value) = node.inputs.iter().flatten().find(|value| !known.contains(value)) {
                let message = format!("{place} takes in `{}`, which nothing before it makes", self.wires.name(*value));
                return Err(refuse(message).help("the nodes go round in a circle: export it anew"));
            }
            for &output in node.outputs.iter().flatten() {
                if !known.insert(output) {
                    return Err(refuse(format!("{place} makes `{}` a second time", self.wires.name(output))));
                }
            }
            if let Operator::Classical(classical) = &node.operator {
                self.learnt.extend(node.outputs.iter().flatten().take(1).map(|&output| (output, classical.learnt())));
            }
            for (slot, value) in node.inputs.iter().enumerate().filter_map(|(slot, value)| value.map(|value| (slot, value))) {
                self.keep(&mut block, &wired.stored, value)?;
                self.learn(&node.operator, slot, value, block.constants.get(&value));
            }
            self.operators.insert(raw.operator.to_owned());
            block.nodes.push(node);
        }
        for exit in exits {
            if !known.contains(exit) {
                return Err(refuse(format!("nothing makes the output `{}`", self.wires.name(*exit))));
            }
            self.keep(&mut block, &wired.stored, *exit)?;
        }
        Ok(block)
    }

    /// Decodes the array `value`, if the file holds one, and keeps it.
    fn keep(&mut self, block: &mut Block, stored: &BTreeMap<Value, &RawTensor<'_>>, value: Value) -> Outcome<()> {
        if let (Some(raw), false) = (stored.get(&value), block.constants.contains_key(&value)) {
            block.constants.insert(value, raw.decode(&mut self.elements)?);
        }
        Ok(())
    }

    /// Counts an array as learnt, if it is.
    fn learn(&mut self, operator: &Operator, slot: usize, value: Value, tensor: Option<&Tensor>) {
        let Some(tensor) = tensor.filter(|tensor| !tensor.shape().is_empty()) else { return };
        if operator.learns(slot, tensor.as_floats().is_ok()) {
            self.learnt.insert((value, tensor.len()));
        }
    }

    /// One node, with the types of the arrays that it takes from the file.
    fn node(&mut self, wired: &WiredNode<'_, '_>, stored: &BTreeMap<Value, &RawTensor<'_>>) -> Outcome<Node> {
        let raw = wired.raw;
        if wired.outputs.iter().flatten().next().is_none() {
            return Err(refuse("it makes nothing that has a name"));
        }
        let mut attributes = Attributes::new();
        for (name, attribute) in &wired.attributes {
            attributes.insert(name.chars().take(60).collect(), attribute.value(&mut self.elements)?);
        }
        let all = Reader(&attributes);
        let mut inputs = wired.inputs.clone();
        let types = wired.inputs.iter().map(|input| stored.get(&(*input)?).map(|tensor| tensor.element())).collect();
        let context = Context { version: wired.version, outputs: wired.outputs.len(), types };
        let operator = match (raw.domain, raw.operator) {
            ("" | "ai.onnx", "If" | "Loop" | "Scan") => {
                let control = self.control(wired, all)?;
                inputs.extend(control.captured.iter().copied().map(Some));
                Operator::Control(Box::new(control))
            }
            ("" | "ai.onnx", name) => Operator::read(name, &context, all)?,
            // scikit-learn's classifiers name the classes of their scores with it.
            ("ai.onnx.ml", "ZipMap") => {
                self.classes = Some(class_names(all)?);
                Operator::Identity
            }
            ("ai.onnx.ml", "FeatureVectorizer") => Operator::Concat { axis: -1 },
            ("ai.onnx.ml", name) => Operator::Classical(Box::new(Classical::read(name, all)?)),
            ("com.microsoft", name) => Operator::of_microsoft(name, &context, all)?,
            (domain, _) => {
                let domain = printable(domain);
                return Err(refuse(format!("it is of the domain `{domain}`")).help("only the operators of ONNX itself are run"));
            }
        };
        if matches!(operator, Operator::Identity) {
            inputs.truncate(1);
        }
        if inputs.is_empty() && !matches!(operator, Operator::Constant(_)) {
            return Err(refuse("it takes in nothing"));
        }
        Ok(Node { operator, place: place(raw), inputs, outputs: wired.outputs.clone() })
    }

    /// A condition or a loop, with the graphs in it.
    fn control(&mut self, wired: &WiredNode<'_, '_>, all: Reader<'_>) -> Outcome<Control> {
        let captured: BTreeSet<Value> = wired.bodies.values().flat_map(|body| &body.captured).copied().collect();
        let mut body = |name: &str| {
            let body = wired.bodies.get(name).ok_or_else(|| refuse(format!("it has no graph `{name}`")))?;
            let exits =
                body.outputs.iter().map(|output| output.ok_or_else(|| refuse("an output of a graph in it has no name"))).collect::<Outcome<Vec<Value>>>()?;
            self.block(body, body.inputs.clone(), &exits)
        };
        let branches = match wired.raw.operator {
            "If" => Branches::If { yes: body("then_branch")?, no: body("else_branch")? },
            "Loop" => Branches::Loop(body("body")?),
            _ => Branches::scan(body("body")?, wired.version, all)?,
        };
        Ok(Control { branches, own: wired.inputs.len(), captured: captured.into_iter().collect() })
    }
}

/// The labels beside the scores `exit` of a support-vector machine: the class of the most votes, at which neither its scores of pairs of classes
/// nor its probabilities (Platt 1999) have to be greatest. Whether there is a score for each class, too.
pub(super) fn labels_beside(block: &Block, exit: Value) -> Option<(Value, bool)> {
    let maker = block.nodes.iter().find(|node| node.outputs.iter().flatten().any(|&output| output == exit))?;
    match &maker.operator {
        Operator::Identity | Operator::Cast { .. } => labels_beside(block, maker.inputs.first().copied().flatten()?),
        Operator::Classical(classical) => match classical.as_ref() {
            Classical::Machine(machine) if maker.outputs.get(1).copied().flatten() == Some(exit) => match &machine.task {
                Task::Classes(voting) => maker.outputs.first().copied().flatten().map(|labels| (labels, !voting.scores_are_of_pairs())),
                Task::Number { .. } => None,
            },
            _ => None,
        },
        _ => None,
    }
}

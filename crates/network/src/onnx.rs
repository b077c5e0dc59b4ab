//! ONNX files: a `ModelProto` in the wire format of protocol buffers (onnx.proto3 of the ONNX project; the numbers are its fields).

mod external;
mod model;
mod order;
mod tensors;

use std::collections::{BTreeMap, BTreeSet};

use super::graph::{Graph, Node, Value, needed};
use super::operator::classical::{Classical, class_names};
use super::operator::{Operator, Reader, is_telling, unknown};
use super::tensor::{Outcome, Tensor, refuse};
use super::{Decoded, Interpretation};
pub use external::Files;
pub(super) use external::locations;
use model::{Entry, Kind, Model, RawNode};
pub(super) use tensors::of_bytes;

/// The inputs, or the outputs, of a node; some may be left out.
type Values = Vec<Option<Value>>;

/// The network in `bytes`, with the weights that lie in the `files` beside it.
pub(super) fn decode(bytes: &[u8], files: &Files) -> Outcome<Decoded> {
    let mut model = Model::read(bytes)?;
    for tensor in &mut model.initializers {
        tensor.find(files)?;
    }
    let model = model;
    let mut names = Names::default();
    let mut constants = BTreeMap::new();
    let initial: BTreeSet<&str> = model.initializers.iter().map(|tensor| tensor.name).collect();
    // Old files list the weights among the inputs.
    let mut entries = model.inputs.iter().filter(|entry| !initial.contains(entry.name));
    let input = entries.next().ok_or_else(|| refuse("the network has no input"))?;
    if let Some(second) = entries.next() {
        return Err(refuse(format!("the network has several inputs, `{}` and `{}`", input.name, second.name)).help("export one that takes the examples alone"));
    }
    let output = chosen(&model.outputs)?;
    let (entry, exit) = (names.of(input.name), names.of(output.name));
    let wired: Vec<(Values, Values)> = model.nodes.iter().map(|node| (names.all(&node.inputs), names.all(&node.outputs))).collect();
    let flat = |list: &[Option<Value>]| list.iter().flatten().copied().collect::<Vec<Value>>();
    let order = order::runnable(wired.len(), |i| flat(&wired[i].0), |i| flat(&wired[i].1));
    let kept: Vec<usize> = needed(wired.len(), exit, |i| flat(&wired[order[i]].0), |i| flat(&wired[order[i]].1)).into_iter().map(|i| order[i]).collect();
    // What a network cannot be run for is named, and not what stands before it.
    if let Some(raw) = kept.iter().map(|&i| &model.nodes[i]).find(|raw| is_telling(raw.operator)) {
        return Err(unknown(raw.operator));
    }

    let mut known = BTreeSet::from([entry]);
    let stored: BTreeMap<Value, &model::RawTensor<'_>> = model.initializers.iter().map(|tensor| (names.of(tensor.name), tensor)).collect();
    known.extend(stored.keys());
    let (mut nodes, mut operators, mut learnt, mut classes) = (Vec::new(), BTreeSet::new(), BTreeSet::new(), None);
    let mut elements = 0;
    for i in kept {
        let (raw, (inputs, outputs)) = (&model.nodes[i], &wired[i]);
        let place = place(raw);
        let node = read_node(&model, raw, [inputs, outputs], &mut classes, &mut elements)
            .map_err(|refusal| if refusal.message.starts_with(NAMED) && raw.name.is_empty() { refusal } else { refusal.at(&place) })?;
        if let Some(value) = node.inputs.iter().flatten().find(|value| !known.contains(value)) {
            let message = format!("{place} takes in `{}`, which nothing before it makes", names.name(*value));
            return Err(refuse(message).help("the nodes go round in a circle: export it anew"));
        }
        for &output in node.outputs.iter().flatten() {
            if !known.insert(output) {
                return Err(refuse(format!("{place} makes `{}` a second time", names.name(output))));
            }
        }
        if let Operator::Classical(classical) = &node.operator {
            learnt.extend(node.outputs.iter().flatten().take(1).map(|&output| (output, classical.learnt())));
        }
        for (slot, value) in node.inputs.iter().enumerate().filter_map(|(slot, value)| value.map(|value| (slot, value))) {
            if let (Some(raw), false) = (stored.get(&value), constants.contains_key(&value)) {
                constants.insert(value, raw.decode(&mut elements)?);
            }
            // A network does not learn the statistics that it normalises with.
            let statistic = matches!(node.operator, Operator::BatchNormalization { .. }) && slot >= 3;
            if let Some(tensor) = constants.get(&value).filter(|tensor: &&Tensor| !statistic && tensor.as_floats().is_ok() && !tensor.shape().is_empty()) {
                learnt.insert((value, tensor.len()));
            }
        }
        operators.insert(raw.operator.to_owned());
        nodes.push(node);
    }
    if !known.contains(&exit) {
        return Err(refuse(format!("nothing makes the output `{}`", output.name)));
    }
    if let (Some(raw), false) = (stored.get(&exit), constants.contains_key(&exit)) {
        constants.insert(exit, raw.decode(&mut elements)?);
    }
    let parameters = learnt.iter().map(|(_, count)| count).sum();
    let graph = Graph { input: entry, output: exit, constants, nodes, operators: operators.into_iter().collect(), parameters };
    let shape = input.shape.clone().unwrap_or_default();
    Ok(Decoded { graph, shape, interpretation: Interpretation { classes } })
}

/// The output that tells most: the first of scores, or else the first of all.
fn chosen<'m, 'b>(outputs: &'m [Entry<'b>]) -> Outcome<&'m Entry<'b>> {
    let scores = outputs.iter().find(|entry| matches!(entry.kind, Kind::Float | Kind::Maps));
    scores.or(outputs.first()).ok_or_else(|| refuse("the network has no output"))
}

/// How the place of a node without a name begins, and the refusal of an operator that is not run.
const NAMED: &str = "the operator ";

/// What a node is called in messages.
fn place(node: &RawNode<'_>) -> String {
    let tidy = |text: &str| text.chars().filter(|c| !c.is_control()).take(60).collect::<String>();
    if node.name.is_empty() { format!("{NAMED}{}", tidy(node.operator)) } else { format!("`{}` ({})", tidy(node.name), tidy(node.operator)) }
}

/// The node `raw` with its inputs and outputs; `elements` counts the numbers of the whole file.
fn read_node(
    model: &Model<'_>,
    raw: &RawNode<'_>,
    [inputs, outputs]: [&[Option<Value>]; 2],
    classes: &mut Option<Vec<i64>>,
    elements: &mut usize,
) -> Outcome<Node> {
    if outputs.iter().flatten().next().is_none() {
        return Err(refuse("it makes nothing that has a name"));
    }
    let own = matches!(raw.domain, "" | "ai.onnx");
    let operator = match (own, raw.domain, raw.operator) {
        (true, ..) => Operator::read(raw.operator, model.version, &raw.attributes(elements)?, outputs.len())?,
        // scikit-learn's classifiers name the classes of their scores with it.
        (_, "ai.onnx.ml", "ZipMap") => {
            *classes = Some(class_names(Reader(&raw.attributes(elements)?))?);
            Operator::Identity
        }
        (_, "ai.onnx.ml", "FeatureVectorizer") => Operator::Concat { axis: -1 },
        (_, "ai.onnx.ml", name) => Operator::Classical(Box::new(Classical::read(name, Reader(&raw.attributes(elements)?))?)),
        (_, domain, _) => {
            let domain: String = domain.chars().filter(|c| !c.is_control()).take(60).collect();
            return Err(refuse(format!("it is of the domain `{domain}`")).help("only the operators of ONNX itself are run"));
        }
    };
    let inputs = if matches!(operator, Operator::Identity) { inputs.iter().take(1).copied().collect() } else { inputs.to_vec() };
    if inputs.is_empty() && !matches!(operator, Operator::Constant(_)) {
        return Err(refuse("it takes in nothing"));
    }
    Ok(Node { operator, place: place(raw), inputs, outputs: outputs.to_vec() })
}

/// Names as small numbers.
#[derive(Debug, Default)]
struct Names<'b>(BTreeMap<&'b str, Value>);

impl<'b> Names<'b> {
    fn of(&mut self, name: &'b str) -> Value {
        let next = self.0.len();
        *self.0.entry(name).or_insert(next)
    }

    /// Those of `names`; an empty one stands for nothing.
    fn all(&mut self, names: &[&'b str]) -> Values {
        names.iter().map(|name| (!name.is_empty()).then(|| self.of(name))).collect()
    }

    fn name(&self, value: Value) -> String {
        let found = self.0.iter().find(|(_, known)| **known == value).map_or("", |(name, _)| *name);
        found.chars().filter(|c| !c.is_control()).take(60).collect()
    }
}

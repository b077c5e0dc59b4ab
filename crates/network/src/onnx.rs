//! ONNX files: a `ModelProto` in the wire format of protocol buffers (onnx.proto3 of the ONNX project; the numbers are its fields).

mod attribute;
mod build;
mod external;
mod function;
mod model;
mod order;
mod tensors;
mod wires;

use std::collections::BTreeSet;

use super::graph::{Graph, Value};
use super::tensor::{Outcome, refuse};
use super::{Decoded, Interpretation};
use build::Builder;
pub use external::Files;
pub(super) use external::locations;
use model::{Entry, Kind, Model};
pub(super) use tensors::of_bytes;
use wires::Wires;

/// The inputs, or the outputs, of a node; some may be left out.
type Values = Vec<Option<Value>>;

/// The network in `bytes`, with the weights that lie in the `files` beside it.
pub(super) fn decode(bytes: &[u8], files: &Files) -> Outcome<Decoded> {
    let mut model = Model::read(bytes)?;
    for tensor in &mut model.graph.initializers {
        tensor.find(files)?;
    }
    let model = model;
    let initial: BTreeSet<&str> = model.graph.initializers.iter().map(|tensor| tensor.name).collect();
    // Old files list the weights among the inputs.
    let mut entries = model.graph.inputs.iter().filter(|entry| !initial.contains(entry.name));
    let input = entries.next().ok_or_else(|| refuse("the network has no input"))?;
    if let Some(second) = entries.next() {
        return Err(refuse(format!("the network has several inputs, `{}` and `{}`", input.name, second.name)).help("export one that takes the examples alone"));
    }
    let mut wires = Wires::new(&model.functions);
    let whole = wires.network(&model.graph, model.version)?;
    let (position, one_of_several) = chosen(&model.graph.outputs)?;
    let exit = whole.outputs.get(position).copied().flatten().ok_or_else(|| refuse("the network's output has no name"))?;
    let entry = whole.inputs.iter().find(|value| !whole.stored.contains_key(value)).copied().ok_or_else(|| refuse("the network's input has no name"))?;
    let mut builder = Builder { wires: &wires, elements: 0, classes: None, learnt: BTreeSet::new(), operators: BTreeSet::new() };
    let mut block = builder.block(&whole, vec![entry], &[exit])?;
    let labels = build::labels_beside(&block, exit);
    if let Some((labels, false)) = labels {
        block.outputs = vec![labels];
    }
    let parameters = builder.learnt.iter().map(|(_, count)| count).sum();
    let output = block.outputs.first().copied().unwrap_or(exit);
    let operators = builder.operators.into_iter().collect();
    let labels = labels.filter(|(_, of_classes)| *of_classes).map(|(labels, _)| labels);
    let graph = Graph { input: entry, output, labels, constants: block.constants, nodes: block.nodes, operators, parameters };
    let shape = input.shape.clone().unwrap_or_default();
    Ok(Decoded { graph, shape, interpretation: Interpretation { classes: builder.classes, one_of_several } })
}

/// The place of the output that tells most, the first of scores or else the first of all, and whether others have scores too.
fn chosen(outputs: &[Entry<'_>]) -> Outcome<(usize, bool)> {
    let mut scores = (0..outputs.len()).filter(|&i| matches!(outputs[i].kind, Kind::Float | Kind::Maps));
    match (scores.next(), scores.next()) {
        _ if outputs.is_empty() => Err(refuse("the network has no output")),
        // Labels, then a column of probabilities for each class: skl2onnx with `zipmap="columns"`.
        (Some(1..), Some(_)) | (None, _) => Ok((0, false)),
        (Some(first), second) => Ok((first, second.is_some())),
    }
}

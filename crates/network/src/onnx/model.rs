//! The messages of an ONNX file, as they lie in it.

use super::super::tensor::{Outcome, Refusal, refuse, too_large};
pub(super) use super::attribute::RawAttribute;
use super::function::{self, Functions};
pub(super) use super::tensors::RawTensor;
use mlgrade_domain::limits;
use mlgrade_protobuf::fields;

/// `ModelProto`.
#[derive(Debug, Default)]
pub(super) struct Model<'b> {
    /// The version of the operator set.
    pub(super) version: i64,
    pub(super) graph: RawGraph<'b>,
    pub(super) functions: Functions<'b>,
}

/// `GraphProto`: the network's own, or that of a branch or a loop in it.
#[derive(Debug, Default)]
pub(super) struct RawGraph<'b> {
    pub(super) nodes: Vec<RawNode<'b>>,
    pub(super) initializers: Vec<RawTensor<'b>>,
    pub(super) inputs: Vec<Entry<'b>>,
    pub(super) outputs: Vec<Entry<'b>>,
}

/// `NodeProto`.
#[derive(Debug, Default)]
pub(super) struct RawNode<'b> {
    pub(super) name: &'b str,
    pub(super) operator: &'b str,
    pub(super) domain: &'b str,
    pub(super) inputs: Vec<&'b str>,
    pub(super) outputs: Vec<&'b str>,
    pub(super) overload: &'b str,
    pub(super) attributes: Vec<RawAttribute<'b>>,
}

/// What an input or output holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Float,
    Other,
    /// A score for each class by its name, as scikit-learn's classifiers give it.
    Maps,
}

/// `ValueInfoProto`.
#[derive(Debug)]
pub(super) struct Entry<'b> {
    pub(super) name: &'b str,
    pub(super) kind: Kind,
    /// The lengths of its axes, where they are fixed.
    pub(super) shape: Option<Vec<Option<usize>>>,
}

impl<'b> Model<'b> {
    pub(super) fn read(bytes: &'b [u8]) -> Outcome<Self> {
        let mut model = Self::default();
        let (mut graph, mut sets, mut functions) = (None, 0, Vec::new());
        for field in fields(bytes) {
            match field? {
                (7, field) => graph = Some(field.bytes()?),
                (8, field) => {
                    sets += 1;
                    let (domain, version) = operator_set(field.bytes()?)?;
                    if matches!(domain, "" | "ai.onnx") {
                        model.version = version;
                    }
                }
                (25, field) if functions.len() < limits::NETWORK_NODES => functions.push(field.bytes()?),
                _ => {}
            }
        }
        let graph = graph.filter(|_| sets > 0).ok_or_else(|| refuse("this is no ONNX file: it holds no graph").help("save it with `torch.onnx.export`"))?;
        if model.version < 7 {
            // scikit-learn's linear models name no other set than their own.
            model.version = 7;
        }
        let mut parts = Parts::default();
        model.graph = RawGraph::read(graph, &mut parts)?;
        model.functions = function::read(&functions, model.version, &mut parts)?;
        Ok(model)
    }
}

/// What has been read: so that neither many graphs nor deep ones take memory or the stack.
#[derive(Debug, Default)]
pub(super) struct Parts {
    count: usize,
    depth: usize,
}

impl Parts {
    /// One node or array more.
    pub(super) fn add(&mut self) -> Outcome<()> {
        self.count += 1;
        if self.count > limits::NETWORK_NODES { Err(too_many()) } else { Ok(()) }
    }
}

/// The refusal of a network that is too large.
pub(super) fn too_many() -> Refusal {
    too_large(format!("the network has more than {} nodes and arrays", limits::NETWORK_NODES))
}

/// How deep graphs may lie in graphs, and functions call functions.
pub(super) const NESTING: usize = 16;

impl<'b> RawGraph<'b> {
    pub(super) fn read(bytes: &'b [u8], parts: &mut Parts) -> Outcome<Self> {
        if parts.depth > NESTING {
            return Err(too_large(format!("loops and conditions lie more than {NESTING} deep in each other")));
        }
        parts.depth += 1;
        let mut graph = Self::default();
        for field in fields(bytes) {
            parts.add()?;
            match field? {
                (1, field) => graph.nodes.push(RawNode::read(field.bytes()?, parts)?),
                (5, field) => graph.initializers.push(RawTensor::read(field.bytes()?)?),
                (11, field) => graph.inputs.push(Entry::read(field.bytes()?)?),
                (12, field) => graph.outputs.push(Entry::read(field.bytes()?)?),
                (15, _) => return Err(refuse("the network has sparse arrays, which are not read")),
                _ => {}
            }
        }
        parts.depth -= 1;
        Ok(graph)
    }
}

/// `OperatorSetIdProto`.
pub(super) fn operator_set(bytes: &[u8]) -> Outcome<(&str, i64)> {
    let (mut domain, mut version) = ("", 1);
    for field in fields(bytes) {
        match field? {
            (1, field) => domain = field.text()?,
            (2, field) => version = field.int()?,
            _ => {}
        }
    }
    Ok((domain, version))
}

impl<'b> RawNode<'b> {
    pub(super) fn read(bytes: &'b [u8], parts: &mut Parts) -> Outcome<Self> {
        let mut node = Self::default();
        for field in fields(bytes) {
            match field? {
                (1, field) => node.inputs.push(field.text()?),
                (2, field) => node.outputs.push(field.text()?),
                (3, field) => node.name = field.text()?,
                (4, field) => node.operator = field.text()?,
                (5, field) => node.attributes.push(RawAttribute::read(field.bytes()?, parts)?),
                (7, field) => node.domain = field.text()?,
                (8, field) => node.overload = field.text()?,
                _ => {}
            }
            if node.inputs.len() + node.outputs.len() + node.attributes.len() > limits::NETWORK_NODE_PARTS {
                return Err(too_large(format!("a node has more than {} inputs, outputs and attributes", limits::NETWORK_NODE_PARTS)));
            }
        }
        Ok(node)
    }
}

impl<'b> Entry<'b> {
    fn read(bytes: &'b [u8]) -> Outcome<Self> {
        let (mut name, mut kind, mut shape) = ("", Kind::Other, None);
        for field in fields(bytes) {
            match field? {
                (1, field) => name = field.text()?,
                (2, field) => (kind, shape) = of_type(field.bytes()?)?,
                _ => {}
            }
        }
        Ok(Self { name, kind, shape })
    }
}

/// `TypeProto`.
fn of_type(bytes: &[u8]) -> Outcome<(Kind, Option<Vec<Option<usize>>>)> {
    let (mut kind, mut shape) = (Kind::Other, None);
    for field in fields(bytes) {
        match field? {
            (1, tensor) => {
                for field in fields(tensor.bytes()?) {
                    match field? {
                        (1, field) if matches!(field.int()?, 1 | 10 | 11 | 16) => kind = Kind::Float,
                        (2, field) => shape = Some(sides(field.bytes()?)?),
                        _ => {}
                    }
                }
            }
            (4 | 5, _) => kind = Kind::Maps,
            _ => {}
        }
    }
    Ok((kind, shape))
}

/// `TensorShapeProto`: a length of 0 or less counts as open.
fn sides(bytes: &[u8]) -> Outcome<Vec<Option<usize>>> {
    let mut sides = Vec::new();
    for field in fields(bytes) {
        let (1, dimension) = field? else { continue };
        let mut length = None;
        for field in fields(dimension.bytes()?) {
            if let (1, field) = field? {
                length = usize::try_from(field.int()?).ok().filter(|&length| length > 0);
            }
        }
        sides.push(length);
        if sides.len() > 64 {
            return Err(refuse("an input or output has more than 64 dimensions"));
        }
    }
    Ok(sides)
}

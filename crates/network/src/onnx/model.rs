//! The messages of an ONNX file, as they lie in it.

use super::super::operator::{Attribute, Attributes};
use super::super::tensor::{Outcome, refuse, too_large};
pub(super) use super::tensors::RawTensor;
use mlgrade_domain::limits;
use mlgrade_protobuf::{Field, fields};

/// `ModelProto` and its `GraphProto`.
#[derive(Debug, Default)]
pub(super) struct Model<'b> {
    /// The version of the operator set.
    pub(super) version: i64,
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
    attributes: Vec<&'b [u8]>,
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
        let (mut graph, mut sets) = (None, 0);
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
                (25, _) => return Err(refuse("the file defines functions of its own").help("only the operators of ONNX itself are run")),
                _ => {}
            }
        }
        let graph = graph.filter(|_| sets > 0).ok_or_else(|| refuse("this is no ONNX file: it holds no graph").help("save it with `torch.onnx.export`"))?;
        if model.version < 7 {
            // scikit-learn's linear models name no other set than their own.
            model.version = 7;
        }
        model.read_graph(graph)?;
        Ok(model)
    }

    fn read_graph(&mut self, graph: &'b [u8]) -> Outcome<()> {
        let mut parts = 0;
        for field in fields(graph) {
            parts += 1;
            if parts > limits::NETWORK_NODES {
                return Err(too_large(format!("the network has more than {} nodes and arrays", limits::NETWORK_NODES)));
            }
            match field? {
                (1, field) => self.nodes.push(RawNode::read(field.bytes()?)?),
                (5, field) => self.initializers.push(RawTensor::read(field.bytes()?)?),
                (11, field) => self.inputs.push(Entry::read(field.bytes()?)?),
                (12, field) => self.outputs.push(Entry::read(field.bytes()?)?),
                (15, _) => return Err(refuse("the network has sparse arrays, which are not read")),
                _ => {}
            }
        }
        Ok(())
    }
}

fn operator_set(bytes: &[u8]) -> Outcome<(&str, i64)> {
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
    fn read(bytes: &'b [u8]) -> Outcome<Self> {
        let mut node = Self::default();
        for field in fields(bytes) {
            match field? {
                (1, field) => node.inputs.push(field.text()?),
                (2, field) => node.outputs.push(field.text()?),
                (3, field) => node.name = field.text()?,
                (4, field) => node.operator = field.text()?,
                (5, field) => node.attributes.push(field.bytes()?),
                (7, field) => node.domain = field.text()?,
                _ => {}
            }
            if node.inputs.len() + node.outputs.len() + node.attributes.len() > limits::NETWORK_NODE_PARTS {
                return Err(too_large(format!("a node has more than {} inputs, outputs and attributes", limits::NETWORK_NODE_PARTS)));
            }
        }
        Ok(node)
    }

    /// `AttributeProto`s by name.
    /// `elements` counts the numbers of the whole file.
    pub(super) fn attributes(&self, elements: &mut usize) -> Outcome<Attributes> {
        self.attributes.iter().map(|bytes| attribute(bytes, elements)).collect()
    }
}

fn attribute(bytes: &[u8], elements: &mut usize) -> Outcome<(String, Attribute)> {
    let (mut name, mut kind) = ("", 0);
    let (mut ints, mut floats, mut texts) = (Vec::new(), Vec::new(), Vec::new());
    let mut single = None;
    let text = |field: Field<'_>| field.bytes().map(|bytes| String::from_utf8_lossy(bytes).chars().take(200).collect::<String>());
    for field in fields(bytes) {
        match field? {
            (1, field) => name = field.text()?,
            (2, field) => single = Some(Attribute::Float(field.float()?)),
            (3, field) => single = Some(Attribute::Int(field.int()?)),
            (4, field) => single = Some(Attribute::Text(text(field)?)),
            (5, field) => single = Some(Attribute::Tensor(RawTensor::read(field.bytes()?)?.decode(elements)?)),
            (7, field) => field.floats(&mut floats, limits::NETWORK_LIST)?,
            (8, field) => field.ints(&mut ints, limits::NETWORK_LIST)?,
            (9, field) => {
                // A text takes as much room as some numbers.
                *elements += 8;
                texts.push(text(field)?);
                within(*elements)?;
            }
            (20, field) => kind = field.int()?,
            _ => {}
        }
    }
    *elements = elements.saturating_add(ints.len() + floats.len());
    within(*elements)?;
    // A writer may leave out zeros, and lists that are empty: then only the type tells.
    let attribute = match (kind, single) {
        (6, _) => Attribute::Floats(floats),
        (7, _) => Attribute::Ints(ints),
        (8, _) => Attribute::Texts(texts),
        (_, Some(single)) => single,
        (1, None) => Attribute::Float(0.0),
        (2, None) => Attribute::Int(0),
        (3, None) => Attribute::Text(String::new()),
        (0, None) if !ints.is_empty() => Attribute::Ints(ints),
        (0, None) if !floats.is_empty() => Attribute::Floats(floats),
        _ => Attribute::Other,
    };
    Ok((name.chars().take(60).collect(), attribute))
}

/// Whether this many numbers are read.
fn within(elements: usize) -> Outcome<()> {
    if elements <= limits::NETWORK_ELEMENTS { Ok(()) } else { Err(too_large(format!("the network has more than {} numbers", limits::NETWORK_ELEMENTS))) }
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

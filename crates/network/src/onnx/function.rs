//! Functions that a file defines: `FunctionProto`, several nodes under one name.

use std::collections::BTreeMap;

use super::super::tensor::{Outcome, too_large};
use super::model::{Parts, RawAttribute, RawNode, operator_set};
use mlgrade_domain::limits;
use mlgrade_protobuf::fields;

/// Functions by domain, name and overload.
pub(super) type Functions<'b> = BTreeMap<(&'b str, &'b str, &'b str), Function<'b>>;

/// One of them.
#[derive(Debug, Default)]
pub(super) struct Function<'b> {
    pub(super) inputs: Vec<&'b str>,
    pub(super) outputs: Vec<&'b str>,
    pub(super) nodes: Vec<RawNode<'b>>,
    /// What its attributes are where a call does not say.
    pub(super) defaults: Vec<RawAttribute<'b>>,
    /// The version of the operator set.
    pub(super) version: i64,
}

/// The functions in `messages`; `version` is that of the network's own operator set.
pub(super) fn read<'b>(messages: &[&'b [u8]], version: i64, parts: &mut Parts) -> Outcome<Functions<'b>> {
    let mut functions = Functions::new();
    for message in messages {
        let mut function = Function { version, ..Function::default() };
        let (mut domain, mut name, mut overload) = ("", "", "");
        for field in fields(message) {
            parts.add()?;
            match field? {
                (1, field) => name = field.text()?,
                (4, field) => function.inputs.push(field.text()?),
                (5, field) => function.outputs.push(field.text()?),
                (7, field) => function.nodes.push(RawNode::read(field.bytes()?, parts)?),
                (9, field) => {
                    let (domain, version) = operator_set(field.bytes()?)?;
                    if matches!(domain, "" | "ai.onnx") {
                        function.version = version;
                    }
                }
                (10, field) => domain = field.text()?,
                (11, field) => function.defaults.push(RawAttribute::read(field.bytes()?, parts)?),
                (13, field) => overload = field.text()?,
                _ => {}
            }
        }
        if function.inputs.len() + function.outputs.len() + function.defaults.len() > limits::NETWORK_NODE_PARTS {
            return Err(too_large(format!("a function has more than {} inputs, outputs and attributes", limits::NETWORK_NODE_PARTS)));
        }
        functions.insert((domain, name, overload), function);
    }
    Ok(functions)
}

//! A graph in the making: constants and operators, each with a number of its own.

use std::collections::BTreeMap;

use crate::graph::{Graph, Node, Value};
use crate::operator::recurrent::{Cell, Recurrent};
use crate::operator::{Binary, Operator, Unary};
use crate::tensor::Tensor;
use mlgrade_zip::printable;

/// Where layers become operators. The input has the number 0.
#[derive(Debug)]
pub(crate) struct Assembly {
    graph: Graph,
}

/// What is fed into the network.
pub(crate) const INPUT: Value = 0;

impl Assembly {
    pub(crate) fn new() -> Self {
        let graph = Graph { input: INPUT, output: INPUT, labels: None, constants: BTreeMap::new(), nodes: Vec::new(), operators: Vec::new(), parameters: 0 };
        Self { graph }
    }

    /// The network that ends in `output`.
    pub(crate) fn ending_in(mut self, output: Value) -> Graph {
        self.graph.output = output;
        self.graph
    }

    fn next(&self) -> Value {
        1 + self.graph.nodes.len() + self.graph.constants.len()
    }

    /// An array that is there from the start; what was `learnt` counts among the parameters.
    pub(crate) fn constant(&mut self, tensor: Tensor, learnt: bool) -> Value {
        let value = self.next();
        self.graph.parameters += if learnt { tensor.len() } else { 0 };
        self.graph.constants.insert(value, tensor);
        value
    }

    /// `operator` of `inputs`; `layer` is what messages call it.
    pub(crate) fn push(&mut self, layer: &str, operator: Operator, inputs: Vec<Value>) -> Value {
        self.push_for(layer, operator, inputs, 0)
    }

    /// The same, of which output number `slot` is wanted.
    pub(crate) fn push_for(&mut self, layer: &str, operator: Operator, inputs: Vec<Value>, slot: usize) -> Value {
        let output = self.next();
        let name = operator_name(&operator).to_owned();
        if let Err(at) = self.graph.operators.binary_search(&name) {
            self.graph.operators.insert(at, name);
        }
        let place = format!("the layer `{}`", printable(layer));
        let outputs = std::iter::repeat_n(None, slot).chain([Some(output)]).collect();
        self.graph.nodes.push(Node { operator, place, inputs: inputs.into_iter().map(Some).collect(), outputs });
        output
    }
}

/// What ONNX calls the operators that layers become.
fn operator_name(operator: &Operator) -> &'static str {
    match operator {
        Operator::BatchNormalization { .. } => "BatchNormalization",
        Operator::Binary(Binary::Add) => "Add",
        Operator::Binary(Binary::PRelu) => "PRelu",
        Operator::Binary(Binary::Sub) => "Sub",
        Operator::Binary(_) => "Mul",
        Operator::Concat { .. } => "Concat",
        Operator::Conv { .. } => "Conv",
        Operator::Flatten { .. } => "Flatten",
        Operator::Gather { .. } => "Gather",
        Operator::Gemm { .. } => "Gemm",
        Operator::GlobalPool(_) => "GlobalAveragePool",
        Operator::LayerNormalization { .. } => "LayerNormalization",
        Operator::MatMul => "MatMul",
        Operator::Pad { .. } => "Pad",
        Operator::Pool { average: true, .. } => "AveragePool",
        Operator::Pool { .. } => "MaxPool",
        Operator::Recurrent(Recurrent { cell: Cell::Lstm, .. }) => "LSTM",
        Operator::Recurrent(Recurrent { cell: Cell::Gru { .. }, .. }) => "GRU",
        Operator::Recurrent(_) => "RNN",
        Operator::Reduce { .. } => "Reduce",
        Operator::Reshape { .. } => "Reshape",
        Operator::Slice { .. } => "Slice",
        Operator::Softmax { log: true, .. } => "LogSoftmax",
        Operator::Softmax { .. } => "Softmax",
        Operator::Squeeze { .. } => "Squeeze",
        Operator::Transpose { .. } => "Transpose",
        Operator::Unsqueeze { .. } => "Unsqueeze",
        Operator::Unary(Unary::Relu) => "Relu",
        Operator::Unary(Unary::Sigmoid) => "Sigmoid",
        Operator::Unary(Unary::Tanh) => "Tanh",
        _ => "activation",
    }
}

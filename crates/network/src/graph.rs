//! Operators in the order in which they run, with the arrays that they start from.

use std::collections::{BTreeMap, BTreeSet};

use super::kernels::{Inputs, apply, in_place};
use super::operator::{Operator, Unary};
use super::tensor::{Budget, Outcome, Tensor, refuse};

/// A value that flows between operators.
pub(super) type Value = usize;

/// One operator in its place.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) operator: Operator,
    /// What it is called in messages.
    pub(super) place: String,
    /// Some may be left out.
    pub(super) inputs: Vec<Option<Value>>,
    /// What it makes, in the operator's order; what nobody names is dropped.
    pub(super) outputs: Vec<Option<Value>>,
}

/// A network: everything that is needed for its output, and nothing else.
#[derive(Debug, Clone)]
pub(super) struct Graph {
    pub(super) input: Value,
    pub(super) output: Value,
    /// The classes, where they are not those of the greatest scores.
    pub(super) labels: Option<Value>,
    pub(super) constants: BTreeMap<Value, Tensor>,
    pub(super) nodes: Vec<Node>,
    /// The names of the operators, each once.
    pub(super) operators: Vec<String>,
    /// How many numbers it has learnt.
    pub(super) parameters: usize,
}

impl Graph {
    /// The graph with everything computed that does not depend on its input.
    pub(super) fn folded(mut self, budget: &mut Budget) -> Outcome<Self> {
        for node in std::mem::take(&mut self.nodes) {
            let known = node.inputs.iter().flatten().all(|input| self.constants.contains_key(input));
            if known {
                let inputs: Vec<Option<&Tensor>> = node.inputs.iter().map(|input| input.and_then(|input| self.constants.get(&input))).collect();
                let made = apply(&node.operator, Inputs(&inputs), budget).map_err(|refusal| refusal.at(&node.place))?;
                self.constants.extend(named(&node.outputs, made));
                budget.settle(self.constants.values().map(Tensor::len).sum());
            } else {
                self.nodes.push(node);
            }
        }
        Ok(self)
    }

    /// The output for the input `x`, and the labels if they are their own.
    pub(super) fn run(&self, x: Tensor, budget: &mut Budget) -> Outcome<(Tensor, Option<Tensor>)> {
        budget.settle(self.constants.values().map(Tensor::len).sum());
        budget.claim(x.shape())?;
        let given = BTreeMap::from([(self.input, x)]);
        let outputs: Vec<Value> = std::iter::once(self.output).chain(self.labels).collect();
        let mut made = run(&self.nodes, &self.constants, &BTreeMap::new(), given, &outputs, budget)?.into_iter();
        let output = made.next().ok_or_else(|| refuse("its output is never computed"))?;
        Ok((output, made.next()))
    }
}

/// The graph in a condition or a loop.
#[derive(Debug, Clone)]
pub(super) struct Block {
    pub(super) inputs: Vec<Value>,
    pub(super) outputs: Vec<Value>,
    pub(super) constants: BTreeMap<Value, Tensor>,
    pub(super) nodes: Vec<Node>,
}

impl Block {
    /// Its outputs for `inputs`, which the budget counts already; `around` has what it takes from the graphs around it.
    pub(super) fn run(&self, inputs: Vec<Tensor>, around: &BTreeMap<Value, &Tensor>, budget: &mut Budget) -> Outcome<Vec<Tensor>> {
        if inputs.len() != self.inputs.len() {
            return Err(refuse(format!("a graph in it takes in {} arrays, {} are there", self.inputs.len(), inputs.len())));
        }
        run(&self.nodes, &self.constants, around, self.inputs.iter().copied().zip(inputs).collect(), &self.outputs, budget)
    }
}

/// Runs `nodes` in their order for what is `given`, which the budget counts already.
fn run(
    nodes: &[Node],
    constants: &BTreeMap<Value, Tensor>,
    around: &BTreeMap<Value, &Tensor>,
    given: BTreeMap<Value, Tensor>,
    outputs: &[Value],
    budget: &mut Budget,
) -> Outcome<Vec<Tensor>> {
    let mut last_use: BTreeMap<Value, usize> = BTreeMap::new();
    for (i, node) in nodes.iter().enumerate() {
        last_use.extend(node.inputs.iter().flatten().map(|&input| (input, i)));
    }
    let mut live: usize = given.values().map(Tensor::len).sum();
    let fixed = budget.live().saturating_sub(live);
    let mut made = given;
    for (i, node) in nodes.iter().enumerate() {
        let spent = |value: &Value| last_use.get(value) == Some(&i) && !outputs.contains(value);
        let alone = match (&node.operator, node.inputs.as_slice()) {
            (Operator::Unary(unary), [Some(value)]) if spent(value) => made.remove(value).map(|x| (*unary, x)),
            _ => None,
        };
        if let Some((unary, x)) = alone {
            // It counts as an array beside the one that it replaces, so that a network's cost does not hang on who else needs that.
            live -= x.len();
            let result = in_place(unary, x, budget).map_err(|refusal| refusal.at(&node.place))?;
            made.extend(named(&node.outputs, vec![result]).inspect(|(_, result)| live += result.len()));
            budget.settle(fixed + live);
            continue;
        }
        let find = |&input: &Option<Value>| match input {
            None => Ok(None),
            Some(value) => {
                let found = made.get(&value).or_else(|| constants.get(&value)).or_else(|| around.get(&value).copied());
                found.map(Some).ok_or_else(|| refuse("one of its inputs is never computed"))
            }
        };
        let inputs = node.inputs.iter().map(find).collect::<Outcome<Vec<_>>>().map_err(|refusal| refusal.at(&node.place))?;
        let results = apply(&node.operator, Inputs(&inputs), budget).map_err(|refusal| refusal.at(&node.place))?;
        for (value, result) in named(&node.outputs, results).filter(|(value, _)| last_use.contains_key(value) || outputs.contains(value)) {
            live += result.len();
            made.insert(value, result);
        }
        for value in node.inputs.iter().flatten().filter(|value| spent(value)) {
            live -= made.remove(value).map_or(0, |gone| gone.len());
        }
        budget.settle(fixed + live);
    }
    let mut results = Vec::with_capacity(outputs.len());
    for (i, value) in outputs.iter().enumerate() {
        let last = !outputs.get(i + 1..).is_some_and(|rest| rest.contains(value));
        let result = if last { made.remove(value) } else { None };
        results.push(if let Some(result) = result {
            result
        } else {
            let found = made.get(value).or_else(|| constants.get(value)).or_else(|| around.get(value).copied());
            let found = found.ok_or_else(|| refuse("its output is never computed"))?;
            budget.claim(found.shape())?;
            found.clone()
        });
    }
    budget.settle(fixed + results.iter().map(Tensor::len).sum::<usize>());
    Ok(results)
}

impl Graph {
    /// Whether the output is that of a sigmoid, in whatever shape.
    pub(super) fn ends_in_sigmoid(&self) -> bool {
        let mut value = self.output;
        for node in self.nodes.iter().rev() {
            if node.outputs.first().copied().flatten() != Some(value) {
                continue;
            }
            match (&node.operator, node.inputs.first().copied().flatten()) {
                (Operator::Unary(Unary::Sigmoid), _) => return true,
                (
                    Operator::Cast { .. }
                    | Operator::Flatten { .. }
                    | Operator::Identity
                    | Operator::Reshape { .. }
                    | Operator::Squeeze { .. }
                    | Operator::Transpose { .. }
                    | Operator::Unsqueeze { .. },
                    Some(before),
                ) => value = before,
                _ => return false,
            }
        }
        false
    }
}

/// The arrays that somebody has a name for.
fn named(names: &[Option<Value>], made: Vec<Tensor>) -> impl Iterator<Item = (Value, Tensor)> {
    names.iter().zip(made).filter_map(|(name, made)| name.map(|name| (name, made)))
}

/// The nodes that `exits` depend on, in their order; `inputs` tells those of each node, `outputs` what it makes.
pub(super) fn needed(count: usize, exits: &[Value], inputs: impl Fn(usize) -> Vec<Value>, outputs: impl Fn(usize) -> Vec<Value>) -> BTreeSet<usize> {
    let mut wanted: BTreeSet<Value> = exits.iter().copied().collect();
    let mut nodes = BTreeSet::new();
    // Nodes stand in an order in which they can run, so one pass from the end finds all.
    for i in (0..count).rev() {
        if outputs(i).iter().any(|value| wanted.contains(value)) {
            nodes.insert(i);
            wanted.extend(inputs(i));
        }
    }
    nodes
}

//! Which values nodes take in and make, once names are numbers and calls of functions are the nodes that these stand for.

use std::collections::{BTreeMap, BTreeSet};

use super::super::tensor::{Outcome, refuse, too_large};
use super::Values;
use super::function::{Function, Functions};
use super::model::{NESTING, RawAttribute, RawGraph, RawNode, RawTensor, too_many};
use crate::graph::Value;
use mlgrade_domain::limits;
use mlgrade_zip::printable;

/// A graph whose names are numbers.
#[derive(Debug)]
pub(super) struct Wired<'m, 'b> {
    pub(super) inputs: Vec<Value>,
    pub(super) outputs: Values,
    pub(super) stored: BTreeMap<Value, &'m RawTensor<'b>>,
    pub(super) nodes: Vec<WiredNode<'m, 'b>>,
    /// What it takes from the graphs around it.
    pub(super) captured: BTreeSet<Value>,
}

/// A node whose names are numbers.
#[derive(Debug)]
pub(super) struct WiredNode<'m, 'b> {
    pub(super) raw: &'m RawNode<'b>,
    /// The version of the operator set.
    pub(super) version: i64,
    pub(super) inputs: Values,
    pub(super) outputs: Values,
    /// By the name that the operator has for them.
    pub(super) attributes: Vec<(&'b str, &'m RawAttribute<'b>)>,
    /// The graphs in it.
    pub(super) bodies: BTreeMap<&'b str, Wired<'m, 'b>>,
}

impl WiredNode<'_, '_> {
    /// What it takes in, and what the graphs in it take from around it.
    pub(super) fn needs(&self) -> Vec<Value> {
        self.inputs.iter().flatten().chain(self.bodies.values().flat_map(|body| &body.captured)).copied().collect()
    }

    pub(super) fn makes(&self) -> Vec<Value> {
        self.outputs.iter().flatten().copied().collect()
    }
}

/// Names within a graph; an input of a function that a call leaves out stands for nothing.
type Scope<'b> = BTreeMap<&'b str, Option<Value>>;

/// What a function was called with.
type Given<'m, 'b> = BTreeMap<&'b str, &'m RawAttribute<'b>>;

/// Where nodes stand: names from the outermost graph to the innermost, and what the function around them was called with.
struct Place<'m, 'b> {
    scopes: Vec<Scope<'b>>,
    given: Given<'m, 'b>,
    version: i64,
    depth: usize,
}

/// Numbers for names.
#[derive(Debug)]
pub(super) struct Wires<'m, 'b> {
    names: Vec<&'b str>,
    functions: &'m Functions<'b>,
    nodes: usize,
}

impl<'m, 'b> Wires<'m, 'b> {
    pub(super) fn new(functions: &'m Functions<'b>) -> Self {
        Self { names: Vec::new(), functions, nodes: 0 }
    }

    /// The network's graph.
    pub(super) fn network(&mut self, graph: &'m RawGraph<'b>, version: i64) -> Outcome<Wired<'m, 'b>> {
        let mut whole = self.graph(graph, &mut Place { scopes: Vec::new(), given: Given::new(), version, depth: 0 })?;
        // There is nothing around it: what it does not make itself, nothing makes.
        whole.captured.clear();
        Ok(whole)
    }

    /// The name of a value in messages.
    pub(super) fn name(&self, value: Value) -> String {
        printable(self.names.get(value).map_or("", |name| *name))
    }

    /// Counts nodes and arrays, of functions as often as these are called.
    fn count(&mut self, more: usize) -> Outcome<()> {
        self.nodes = self.nodes.saturating_add(more);
        if self.nodes > limits::NETWORK_NODES { Err(too_many()) } else { Ok(()) }
    }

    fn fresh(&mut self, name: &'b str) -> Value {
        self.names.push(name);
        self.names.len() - 1
    }

    /// The value of a name, of the innermost graph that has it; what none has belongs to the outermost.
    fn find(&mut self, name: &'b str, scopes: &mut [Scope<'b>]) -> Option<Value> {
        if name.is_empty() {
            return None;
        }
        if let Some(found) = scopes.iter().rev().find_map(|scope| scope.get(name)) {
            return *found;
        }
        let value = Some(self.fresh(name));
        scopes.first_mut()?.insert(name, value);
        value
    }

    fn graph(&mut self, raw: &'m RawGraph<'b>, place: &mut Place<'m, 'b>) -> Outcome<Wired<'m, 'b>> {
        if place.depth > NESTING {
            return Err(too_large(format!("loops, conditions and functions lie more than {NESTING} deep in each other")));
        }
        self.count(raw.inputs.len() + raw.initializers.len())?;
        place.depth += 1;
        let entries = raw.inputs.iter().map(|entry| entry.name);
        let made = raw.nodes.iter().flat_map(|node| node.outputs.iter().copied());
        let mut scope = Scope::new();
        for name in entries.chain(raw.initializers.iter().map(|tensor| tensor.name)).chain(made).filter(|name| !name.is_empty()) {
            scope.entry(name).or_insert_with(|| Some(self.fresh(name)));
        }
        place.scopes.push(scope);
        let inputs: Vec<Value> = raw.inputs.iter().filter_map(|entry| self.find(entry.name, &mut place.scopes)).collect();
        let stored: BTreeMap<Value, &RawTensor<'b>> =
            raw.initializers.iter().filter_map(|tensor| Some((self.find(tensor.name, &mut place.scopes)?, tensor))).collect();
        let mut nodes = Vec::new();
        self.wire(&raw.nodes, place, &mut nodes)?;
        let outputs: Values = raw.outputs.iter().map(|entry| self.find(entry.name, &mut place.scopes)).collect();
        place.scopes.pop();
        place.depth -= 1;
        let mut captured: BTreeSet<Value> = nodes.iter().flat_map(WiredNode::needs).chain(outputs.iter().flatten().copied()).collect();
        for value in inputs.iter().copied().chain(stored.keys().copied()).chain(nodes.iter().flat_map(WiredNode::makes)) {
            captured.remove(&value);
        }
        Ok(Wired { inputs, outputs, stored, nodes, captured })
    }

    /// Adds the nodes of a graph or of a function.
    fn wire(&mut self, raws: &'m [RawNode<'b>], place: &mut Place<'m, 'b>, into: &mut Vec<WiredNode<'m, 'b>>) -> Outcome<()> {
        for raw in raws {
            self.count(1)?;
            let inputs: Values = raw.inputs.iter().map(|name| self.find(name, &mut place.scopes)).collect();
            let outputs: Values = raw.outputs.iter().map(|name| self.find(name, &mut place.scopes)).collect();
            let stands_for = |attribute: &'m RawAttribute<'b>| match attribute.reference {
                None => Some((attribute.name, attribute)),
                Some(name) => place.given.get(name).map(|given| (attribute.name, *given)),
            };
            let attributes: Vec<(&'b str, &'m RawAttribute<'b>)> = raw.attributes.iter().filter_map(stands_for).collect();
            let functions = self.functions;
            if let Some(function) = functions.get(&(raw.domain, raw.operator, raw.overload)) {
                self.call(function, [&inputs, &outputs], &attributes, place.depth + 1, into)?;
                continue;
            }
            let mut bodies = BTreeMap::new();
            for attribute in &raw.attributes {
                if let Some(graph) = &attribute.graph {
                    bodies.insert(attribute.name, self.graph(graph, place)?);
                }
            }
            if attributes.iter().any(|(_, given)| given.graph.is_some()) && bodies.is_empty() {
                return Err(refuse("a function of the file takes in a graph, which is not run"));
            }
            into.push(WiredNode { raw, version: place.version, inputs, outputs, attributes, bodies });
        }
        Ok(())
    }

    /// Adds the nodes that a call of a function stands for.
    fn call(
        &mut self,
        function: &'m Function<'b>,
        [inputs, outputs]: [&[Option<Value>]; 2],
        attributes: &[(&'b str, &'m RawAttribute<'b>)],
        depth: usize,
        into: &mut Vec<WiredNode<'m, 'b>>,
    ) -> Outcome<()> {
        if depth > NESTING {
            return Err(too_large(format!("its functions call each other more than {NESTING} deep")));
        }
        self.count(1)?;
        let mut scope: Scope<'b> = function.inputs.iter().enumerate().map(|(i, name)| (*name, inputs.get(i).copied().flatten())).collect();
        for (i, name) in function.outputs.iter().enumerate() {
            let value = outputs.get(i).copied().flatten().unwrap_or_else(|| self.fresh(name));
            scope.entry(name).or_insert(Some(value));
        }
        for name in function.nodes.iter().flat_map(|node| node.outputs.iter().copied()).filter(|name| !name.is_empty()) {
            scope.entry(name).or_insert_with(|| Some(self.fresh(name)));
        }
        let defaults = function.defaults.iter().map(|attribute| (attribute.name, attribute));
        let given = defaults.chain(attributes.iter().copied()).collect();
        self.wire(&function.nodes, &mut Place { scopes: vec![scope], given, version: function.version, depth }, into)
    }
}

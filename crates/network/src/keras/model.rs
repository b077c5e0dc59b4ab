//! The configuration of a model: which layers there are, and what flows from which to which.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::layers::{Flow, Layer, Lowering};
use super::settings::{Settings, shown, unread};
use super::weights::{Folder, Weights};
use crate::graph::Graph;
use crate::refused::KERAS;
use crate::tensor::{Outcome, Refusal, refuse, too_large};
use crate::{Decoded, Interpretation};
use mlgrade_domain::limits;

/// How deep models may be nested as layers of others.
const DEEPEST: usize = 6;

/// The network that `config` describes, with its `weights`.
pub(super) fn decode(config: &[u8], weights: Weights) -> Outcome<Decoded> {
    let config: Value = serde_json::from_slice(config).map_err(|error| refuse(format!("its configuration is no JSON: {error}")).help(KERAS))?;
    let model = Described::of(&config)?;
    let shape = model.input_shape()?;
    let folder = weights.root();
    let mut lowering = Lowering::new(weights);
    let entry = Flow::entry(shape.len());
    let exit = lowering.model(&model, &folder, entry, 0)?;
    let exit = lowering.channels_last(exit);
    if let Some(path) = lowering.weights.unused() {
        return Err(refuse(format!("no layer of its configuration uses `{path}`")).help(KERAS));
    }
    let parameters = lowering.weights.parameters();
    let graph = Graph { parameters, ..lowering.assembly.ending_in(exit.value) };
    Ok(Decoded { graph, shape, interpretation: Interpretation::default() })
}

/// A layer, or a model, as the configuration lists it.
#[derive(Debug, Clone, Copy)]
struct Described<'c> {
    class: &'c str,
    name: &'c str,
    settings: Settings<'c>,
    whole: Settings<'c>,
}

/// Where something comes out: of which layer, and of which of its uses.
type Source = (String, usize);

impl<'c> Described<'c> {
    fn of(value: &'c Value) -> Outcome<Self> {
        let fault = || refuse("its configuration is not that of a Keras model").help(KERAS);
        let whole = Settings(value.as_object().ok_or_else(fault)?);
        let class = whole.text("class_name").ok_or_else(fault)?;
        let settings = Settings(whole.get("config").and_then(Value::as_object).ok_or_else(fault)?);
        let name = settings.text("name").or_else(|| whole.text("name")).unwrap_or(class);
        if let Some(package) = whole.text("registered_name").filter(|_| whole.text("module").is_some_and(|module| !module.starts_with("keras"))) {
            return Err(unread(&format!("the layer `{}` of the author's own (`{}`)", shown(name), shown(package))));
        }
        Ok(Self { class, name, settings, whole })
    }

    fn is_model(&self) -> bool {
        matches!(self.class, "Functional" | "Model" | "Sequential")
    }

    fn layers(&self) -> Outcome<Vec<Self>> {
        if !self.is_model() {
            return Err(unread(&format!("a model of the class `{}`", shown(self.class))));
        }
        let list = self.settings.get("layers").and_then(Value::as_array).ok_or_else(|| refuse("its configuration lists no layers").help(KERAS))?;
        if list.len() > limits::NETWORK_LAYERS {
            return Err(too_large(format!("it has more than {} layers", limits::NETWORK_LAYERS)));
        }
        list.iter().map(Self::of).collect()
    }

    /// The shape that the model takes; the first axis counts the examples.
    fn input_shape(&self) -> Outcome<Vec<Option<usize>>> {
        let layers = self.layers()?;
        let of_layer = |layer: &Self| {
            let built = layer.whole.get("build_config").and_then(|config| config.get("input_shape"));
            layer.settings.get("batch_shape").or_else(|| layer.settings.get("batch_input_shape")).or(built)
        };
        let entry = layers.iter().find(|layer| layer.class == "InputLayer").and_then(of_layer);
        let stated = entry.or_else(|| self.settings.get("build_input_shape")).or_else(|| layers.first().and_then(of_layer));
        let sides = stated.and_then(Value::as_array).ok_or_else(|| refuse("it does not say the shape of its input").help(BUILD))?;
        let side = |value: &Value| value.as_u64().and_then(|side| usize::try_from(side).ok()).filter(|&side| side > 0);
        if sides.len() < 2 || sides.len() > 5 {
            return Err(refuse("its input is no row of numbers and no image"));
        }
        Ok(sides.iter().map(side).collect())
    }
}

const BUILD: &str = "begin the model with `keras.Input(shape=…)`, train it, and save it again";

impl Lowering {
    /// What comes out of a model that `input` goes into.
    fn model(&mut self, model: &Described<'_>, folder: &Folder, input: Flow, depth: usize) -> Outcome<Flow> {
        if depth > DEEPEST {
            return Err(refuse(format!("models are nested more than {DEEPEST} deep in it")));
        }
        let layers = model.layers()?;
        let named: Vec<(&str, &str)> = layers.iter().map(|layer| (layer.class, layer.name)).collect();
        let scopes = self.weights.scopes(folder, &named, depth == 0);
        let placed =
            layers.into_iter().zip(scopes).map(|(layer, scope)| (layer, Layer { class: layer.class, name: layer.name, settings: layer.settings, scope }));
        if model.class == "Sequential" {
            return placed.into_iter().try_fold(input, |flow, (described, layer)| self.step(&described, &layer, &[flow], depth));
        }
        self.functional(model, &placed.collect::<Vec<_>>(), input, depth)
    }

    /// One layer, which may be a model.
    fn step(&mut self, described: &Described<'_>, layer: &Layer<'_>, inputs: &[Flow], depth: usize) -> Outcome<Flow> {
        match (described.is_model(), inputs) {
            (true, &[input]) => {
                let folder = self.weights.within(&layer.scope);
                let input = self.channels_last(input);
                self.model(described, &folder, input, depth + 1)
            }
            (true, _) => Err(unread("a model with several inputs as a layer")),
            (false, inputs) => self.layer(layer, inputs).map_err(|refusal| refusal.at(&format!("the layer `{}` ({})", shown(layer.name), shown(layer.class)))),
        }
    }

    fn functional(&mut self, model: &Described<'_>, layers: &[(Described<'_>, Layer<'_>)], input: Flow, depth: usize) -> Outcome<Flow> {
        let entry = only(model.settings.get("input_layers"), "inputs")?;
        let exit = only(model.settings.get("output_layers"), "outputs")?;
        let mut flows: BTreeMap<Source, Flow> = BTreeMap::from([(entry, input)]);
        let mut open = Vec::new();
        for (described, layer) in layers {
            let nodes = described.whole.get("inbound_nodes").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            if nodes.len() > limits::NETWORK_NODE_PARTS {
                return Err(too_large(format!("the layer `{}` is used more than {} times", shown(layer.name), limits::NETWORK_NODE_PARTS)));
            }
            for (use_of_it, node) in nodes.iter().enumerate() {
                let sources = sources(node).map_err(|refusal| refusal.at(&format!("the layer `{}`", shown(layer.name))))?;
                if !sources.is_empty() {
                    open.push(((layer.name.to_owned(), use_of_it), sources, described, layer));
                }
            }
        }
        // Keras 2 counts the making of a model among its uses, which are then listed from the second on.
        let last_named =
            |name: &str| open.iter().flat_map(|(_, sources, ..)| sources).chain([&exit]).filter(|(layer, _)| layer == name).map(|(_, at)| *at).max();
        let listed = |name: &str| open.iter().filter(|((layer, _), ..)| layer == name).count();
        let shifts: BTreeMap<String, usize> = layers
            .iter()
            .filter(|(described, _)| described.is_model())
            .filter_map(|(_, layer)| last_named(layer.name).map(|last| (layer.name.to_owned(), (last + 1).saturating_sub(listed(layer.name)))))
            .collect();
        for ((layer, at), ..) in &mut open {
            *at += shifts.get(layer).copied().unwrap_or(0);
        }
        // A layer may be listed before those that it takes from.
        while !flows.contains_key(&exit) {
            let before = open.len();
            let mut waiting = Vec::new();
            for (place, sources, described, layer) in open {
                match sources.iter().map(|source| flows.get(source).copied()).collect::<Option<Vec<Flow>>>() {
                    Some(inputs) => {
                        let flow = self.step(described, layer, &inputs, depth)?;
                        flows.insert(place, flow);
                    }
                    None => waiting.push((place, sources, described, layer)),
                }
            }
            if waiting.len() == before {
                return Err(refuse("its layers do not lead from its input to its output").help(KERAS));
            }
            open = waiting;
        }
        flows.remove(&exit).ok_or_else(|| refuse("nothing makes its output"))
    }
}

/// The only layer of `input_layers` or `output_layers`: `[["name", 0, 0]]`, or `["name", 0, 0]`.
fn only(value: Option<&Value>, what: &str) -> Outcome<Source> {
    let several = || refuse(format!("it does not have one of {what}")).help("save a model that takes the examples alone and gives one output");
    let list = value.and_then(Value::as_array).ok_or_else(several)?;
    let entry = match list.as_slice() {
        [Value::Array(entry)] => entry,
        [Value::String(_), ..] => list,
        _ => return Err(several()),
    };
    history(entry).ok_or_else(several)
}

/// `["name", use, output]`, of which only the first output is read.
fn history(entry: &[Value]) -> Option<Source> {
    match entry {
        [name, node, output, ..] if output.as_u64() == Some(0) => Some((name.as_str()?.to_owned(), usize::try_from(node.as_u64()?).ok()?)),
        _ => None,
    }
}

/// What goes into one use of a layer. Keras 3 lists `{"args": …, "kwargs": …}`, Keras 2 `[["name", 0, 0, {}], …]`.
fn sources(node: &Value) -> Outcome<Vec<Source>> {
    let fault = || unread("what it takes in");
    match node {
        Value::Array(entries) => entries
            .iter()
            .map(|entry| {
                let entry = entry.as_array().ok_or_else(fault)?;
                let settings = entry.get(3).and_then(Value::as_object);
                if settings.is_some_and(|settings| settings.iter().any(|(key, value)| key != "training" && !value.is_null())) {
                    return Err(fault());
                }
                history(entry).ok_or_else(fault)
            })
            .collect(),
        Value::Object(call) => {
            let empty = Map::new();
            let kwargs = call.get("kwargs").and_then(Value::as_object).unwrap_or(&empty);
            if kwargs.values().any(|value| !tensors_in(value, &mut Vec::new()).is_ok_and(|found| found == 0)) {
                return Err(fault());
            }
            let mut found = Vec::new();
            tensors_in(call.get("args").unwrap_or(&Value::Null), &mut found)?;
            Ok(found)
        }
        _ => Err(fault()),
    }
}

/// Adds the tensors that `value` names, lists of them included; how many they are.
fn tensors_in(value: &Value, found: &mut Vec<Source>) -> Outcome<usize> {
    let fault = || -> Refusal { unread("what it takes in") };
    let before = found.len();
    match value {
        Value::Array(list) => {
            for value in list {
                tensors_in(value, found)?;
            }
        }
        Value::Object(object) if object.get("class_name").and_then(Value::as_str) == Some("__keras_tensor__") => {
            let entry = object.get("config").and_then(|config| config.get("keras_history")).and_then(Value::as_array).ok_or_else(fault)?;
            found.push(history(entry).ok_or_else(fault)?);
        }
        _ => {}
    }
    Ok(found.len() - before)
}

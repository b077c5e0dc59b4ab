//! Where in what a student saves the weights are: a state dict, a checkpoint that holds one, or a whole module.

use std::collections::BTreeMap;

use super::super::refused;
use super::super::tensor::{Outcome, refuse, too_large};
use super::pickle::{Id, Node, Pickle};
use super::tensors::{View, view};
use mlgrade_domain::limits;

/// How deep in dictionaries and lists a state dict is looked for.
const LEVELS: usize = 4;

/// How deep modules lie in modules, and how long the names of weights are in bytes.
const MODULES: usize = 64;
const NAME: usize = 512;

/// Weights by name, each as it is described or with what is wrong with it.
type Weights<'b> = BTreeMap<String, Outcome<View<'b>>>;

/// The weights of the network in a pickle: of several sets the one that is `wanted`.
pub(super) fn weights<'b>(pickle: &Pickle<'b>, wanted: Option<&str>) -> Outcome<BTreeMap<String, View<'b>>> {
    let mut finder = Finder { pickle, wanted, steps: 0 };
    let mut found = finder.search()?;
    // How often the weights were averaged, by `torch.optim.swa_utils`.
    if found.get("n_averaged").is_some_and(|view| view.as_ref().is_ok_and(|view| view.rank() == 0)) {
        found.remove("n_averaged");
    }
    found.into_iter().map(|(name, view)| view.map_err(|refusal| refusal.at(&format!("`{}`", shown(&name)))).map(|view| (name, view))).collect()
}

pub(super) use mlgrade_zip::printable as shown;

struct Finder<'p, 'b> {
    pickle: &'p Pickle<'b>,
    /// The name of the set of weights that the author says is the network's.
    wanted: Option<&'p str>,
    /// The entries looked at; the same ones may be met again and again.
    steps: usize,
}

impl<'b> Finder<'_, 'b> {
    fn search(&mut self) -> Outcome<Weights<'b>> {
        let root = self.pickle.root;
        let own = self.set(root)?;
        let mut level = self.children(root)?;
        for depth in 0..LEVELS {
            let mut sets = Vec::new();
            for (name, id) in &level {
                sets.extend(self.set(*id)?.map(|set| (name.clone(), set)));
            }
            if let Some(wanted) = self.wanted {
                if let Some(at) = sets.iter().position(|(name, _)| name == wanted) {
                    return Ok(sets.swap_remove(at).1);
                }
                sets.clear();
            }
            match (&own, sets.is_empty()) {
                _ if self.wanted.is_some() => {}
                (Some(_), true) => break,
                // Beside a state dict lie a matrix of confusions and the like.
                (Some(own), false) if depth == 0 && own.keys().any(|name| is_weight(name)) => {
                    let names = sets.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
                    return Err(several(&[vec!["the file itself".to_owned()], names].concat()));
                }
                (_, false) => return only(sets),
                (None, true) => {}
            }
            let mut next = Vec::new();
            for (_, id) in level {
                next.extend(self.children(id)?);
            }
            level = next;
        }
        match self.wanted {
            Some(wanted) => Err(refuse(format!("it holds no weights `{}`, which the list of layers names", shown(wanted)))),
            None => own.ok_or_else(|| self.nothing()),
        }
    }

    /// The entries of a dictionary, or of an object's attributes.
    fn entries(&mut self, id: Id) -> Outcome<Option<Vec<(Id, Id)>>> {
        let entries = self.pickle.entries(id);
        self.steps += 1 + entries.as_ref().map_or(0, Vec::len);
        if self.steps > limits::NETWORK_PICKLE_VALUES {
            return Err(too_large("what it holds is too much to look through"));
        }
        Ok(entries)
    }

    /// What lies in a dictionary or a list, other than the state of an optimizer.
    fn children(&mut self, id: Id) -> Outcome<Vec<(String, Id)>> {
        if let Some(items) = self.pickle.items(id) {
            self.steps += items.len();
            return Ok(items.iter().take(limits::NETWORK_LIST).enumerate().map(|(i, &id)| (i.to_string(), id)).collect());
        }
        let entries = self.entries(id)?.unwrap_or_default();
        if self.is_optimizer(&entries) {
            return Ok(Vec::new());
        }
        Ok(entries.into_iter().filter_map(|(key, value)| self.pickle.text(key).map(|key| (key.to_owned(), value))).collect())
    }

    fn is_optimizer(&self, entries: &[(Id, Id)]) -> bool {
        entries.iter().any(|(key, _)| self.pickle.text(*key) == Some("param_groups"))
    }

    /// The weights that lie in a module or in a dictionary itself. Every network has an array of two dimensions at least.
    fn set(&mut self, id: Id) -> Outcome<Option<Weights<'b>>> {
        let weights = if self.modules_of(id).is_some() { self.walk(id)? } else { self.tensors(id)? };
        let is_network = weights.values().any(|view| view.as_ref().map_or(true, |view| view.rank() > 1));
        Ok(is_network.then_some(weights))
    }

    /// The tensors of a dictionary.
    fn tensors(&mut self, id: Id) -> Outcome<Weights<'b>> {
        let mut weights = BTreeMap::new();
        for (key, value) in self.entries(id)?.unwrap_or_default() {
            if let (Some(name), Some(view)) = (self.pickle.text(key), view(self.pickle, value)) {
                add(&mut weights, "", name, view)?;
            }
        }
        Ok(weights)
    }

    /// The attributes of an object, if it is a module of PyTorch or of `TorchScript`.
    fn modules_of(&self, id: Id) -> Option<(Id, bool)> {
        let ((module, _), _) = self.pickle.call(id)?;
        let state = self.pickle.state(id)?;
        if module.starts_with("__torch__") {
            return Some((state, true));
        }
        self.pickle.entry(state, "_modules").and(self.pickle.entry(state, "_parameters")).map(|_| (state, false))
    }

    /// The parameters and buffers of a module and of all in it, under the names that `state_dict()` would give them.
    fn walk(&mut self, root: Id) -> Outcome<Weights<'b>> {
        let mut weights = BTreeMap::new();
        let mut open = vec![(String::new(), root, 0)];
        while let Some((prefix, id, depth)) = open.pop() {
            let Some((state, is_script)) = self.modules_of(id) else { continue };
            if depth > MODULES || prefix.len() > NAME {
                return Err(refuse("its modules lie too deep in one another, or go round"));
            }
            let attributes = self.entries(state)?.unwrap_or_default();
            if is_script {
                for (key, value) in attributes {
                    let Some(name) = self.pickle.text(key) else { continue };
                    match view(self.pickle, value) {
                        Some(view) => add(&mut weights, &prefix, name, view)?,
                        None => open.push((format!("{prefix}{}.", cut(name)), value, depth + 1)),
                    }
                }
                continue;
            }
            let of = |name: &str| attributes.iter().rev().find(|(key, _)| self.pickle.text(*key) == Some(name)).map(|(_, value)| *value);
            let (parameters, buffers, passing, modules) = (of("_parameters"), of("_buffers"), of("_non_persistent_buffers_set"), of("_modules"));
            let passing = passing.map(|passing| self.members(passing)).unwrap_or_default();
            for held in [parameters, buffers].into_iter().flatten() {
                for (key, value) in self.entries(held)?.unwrap_or_default() {
                    if let (Some(name), Some(view)) = (self.pickle.text(key), view(self.pickle, value))
                        && !passing.contains(&name)
                    {
                        add(&mut weights, &prefix, name, view)?;
                    }
                }
            }
            for (key, value) in modules.map(|modules| self.entries(modules)).transpose()?.flatten().unwrap_or_default() {
                if let Some(name) = self.pickle.text(key) {
                    open.push((format!("{prefix}{}.", cut(name)), value, depth + 1));
                }
            }
        }
        Ok(weights)
    }

    /// The texts of a set.
    fn members(&self, id: Id) -> Vec<&'b str> {
        let items = self.pickle.items(id).or_else(|| self.pickle.call(id).and_then(|(_, arguments)| self.pickle.items(*arguments.first()?)));
        items.unwrap_or(&[]).iter().take(limits::NETWORK_LIST).filter_map(|&id| self.pickle.text(id)).collect()
    }

    /// What a file is that holds no weights.
    fn nothing(&mut self) -> super::super::tensor::Refusal {
        let root = self.pickle.root;
        if view(self.pickle, root).is_some() {
            return refuse("it holds a tensor alone, not the weights of a network by name");
        }
        if let Some(((module, name), _)) = self.pickle.call(root).filter(|_| self.pickle.entries(root).is_none()) {
            return refuse(format!("it holds an object of the class `{}`, not the weights of a network", shown(&format!("{module}.{name}"))));
        }
        let entries = self.pickle.entries(root).unwrap_or_default();
        if self.is_optimizer(&entries) {
            return refuse("it holds the state of an optimizer alone, not the weights of the model");
        }
        if entries.iter().any(|(name, _)| self.pickle.text(*name).is_some_and(|name| name.ends_with("_packed_params"))) {
            return refuse("it holds a quantised network, whose weights are packed").help("save the network from before it was quantised");
        }
        let arrays = entries.iter().any(|(_, value)| self.pickle.call(*value).is_some_and(|((module, _), _)| module.starts_with("numpy")));
        match self.pickle.node(root) {
            _ if arrays => refuse("it holds arrays of NumPy, not tensors").help(refused::instead_of("numpy")),
            Node::List(_) | Node::Tuple(_) => refuse("a list of tensors does not say which belongs to which layer"),
            _ => refuse("it holds no weights of a network"),
        }
    }
}

/// A name no longer than matters.
fn cut(name: &str) -> &str {
    name.get(..NAME).unwrap_or(name)
}

fn add<'b>(weights: &mut Weights<'b>, prefix: &str, name: &str, view: Outcome<View<'b>>) -> Outcome<()> {
    if prefix.len() + name.len() > NAME {
        return Err(too_large(format!("the name of a weight is longer than {NAME} bytes")));
    }
    weights.insert(format!("{prefix}{name}"), view);
    if weights.len() > limits::NETWORK_NODES { Err(too_large(format!("it holds more than {} arrays", limits::NETWORK_NODES))) } else { Ok(()) }
}

fn is_weight(name: &str) -> bool {
    name.ends_with("weight")
}

/// The one of `sets` that is a network's, if they leave no choice.
fn only(mut sets: Vec<(String, Weights<'_>)>) -> Outcome<Weights<'_>> {
    if sets.iter().any(|(_, set)| set.keys().any(|name| is_weight(name))) {
        sets.retain(|(_, set)| set.keys().any(|name| is_weight(name)));
    }
    let names: Vec<String> = sets.iter().map(|(name, _)| name.clone()).collect();
    let mut sets = sets.into_iter().map(|(_, set)| set);
    match sets.next() {
        // A module and its state dict are the same twice.
        Some(first) if sets.all(|set| set == first) => Ok(first),
        _ => Err(several(&names)),
    }
}

/// What to do about several sets of weights.
const NAME_THEM: &str = "say it beside the list of layers, in networks/NAME.toml: `weights = \"state_dict\"`, or save those weights alone";

fn several(names: &[String]) -> super::super::tensor::Refusal {
    let names = names.iter().take(5).map(|name| format!("`{}`", shown(name))).collect::<Vec<_>>().join(" and ");
    refuse(format!("it holds weights several times: {names}; which of them are the network's is open")).help(NAME_THEM)
}

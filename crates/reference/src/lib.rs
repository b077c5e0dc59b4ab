#![doc = include_str!("../README.md")]

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};

use mlgrade_data::DataSet;
use mlgrade_domain::fields::Fields;
use mlgrade_domain::seed::Seed;
use mlgrade_domain::tolerance::Tolerance;
use mlgrade_domain::value::Value;

mod checkpoint;
mod classifiers;
mod digits;
mod draws;
mod filters;
mod heat_map;
mod labelled;
mod layered;
mod lenet;
mod matrix;
mod mlp;
mod model;
mod network;
mod optimizer;
mod optimizers;
mod perceptron;
mod plot;
mod positional;
mod residual;
mod series;
mod settings;
mod side_by_side;
mod species_models;
mod tree_depth;
mod trees;
mod vanishing;

/// One implementation with its settings.
pub trait Reference: fmt::Debug + Send + Sync {
    /// Does the work. The same seed and data give the same run, whatever the number of threads.
    fn run(&self, data: &DataSet, seed: Seed, watch: &dyn Watch) -> Result<Run, Fault>;

    /// What keeps it from running on `data`, if anything does; nothing is run.
    fn suits(&self, data: &DataSet) -> Result<(), Fault>;

    /// The names of the values that a run will hold, in order.
    fn names(&self) -> Vec<String>;

    /// How far the value `name` of a fresh run may lie from the lock's on another machine, where floating-point sums come out
    /// differently in the last digits and training amplifies that.
    fn drift(&self, name: &str) -> Tolerance;
}

/// What a run hands in: the same that a student does.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Run {
    /// Numbers, series and short texts by name; they become metrics.toml.
    pub metrics: BTreeMap<String, Value>,
    /// Rules and texts by name; they become answers.toml.
    pub answers: BTreeMap<String, Value>,
    /// Figures and predictions by path, such as "figures/trees.svg".
    pub files: BTreeMap<String, Vec<u8>>,
}

impl Run {
    /// Hands in `value` as the metric `name`.
    fn state(&mut self, name: impl Into<String>, value: Value) {
        self.metrics.insert(name.into(), value);
    }

    /// Hands in the plot `svg` of `reference` as `figures/name.svg`.
    fn draw(&mut self, reference: &'static str, name: &str, svg: Result<String, String>) -> Result<(), Fault> {
        let svg = svg.map_err(|error| Fault::library(reference, error))?;
        self.files.insert(format!("figures/{name}.svg"), svg.into_bytes());
        Ok(())
    }
}

/// Somebody who watches a run.
pub trait Watch: Sync {
    /// `done` of `total` steps are finished; `note` says what the last one brought.
    fn step(&self, done: usize, total: usize, note: &str);
}

/// Nobody.
#[derive(Debug, Clone, Copy)]
pub struct Unwatched;

impl Watch for Unwatched {
    fn step(&self, _: usize, _: usize, _: &str) {}
}

/// Steps of a run that are done on several threads, counted for whoever watches.
struct Steps<'w> {
    watch: &'w dyn Watch,
    done: AtomicUsize,
    total: usize,
}

impl<'w> Steps<'w> {
    fn new(watch: &'w dyn Watch, total: usize) -> Self {
        Self { watch, done: AtomicUsize::new(0), total }
    }

    /// One more step is finished.
    fn step(&self, note: &str) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        self.watch.step(done, self.total, note);
    }
}

/// Why a reference cannot run.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The data set is of another kind.
    #[error("the reference `{reference}` needs {needs}, but the data set is {found}")]
    Unsuitable {
        /// The reference.
        reference: &'static str,
        /// What it needs.
        needs: &'static str,
        /// What it was given.
        found: &'static str,
    },
    /// The data set is of the right kind, but something in it is missing.
    #[error("the reference `{reference}` cannot use the data set: {message}")]
    Data {
        /// The reference.
        reference: &'static str,
        /// What is missing.
        message: String,
    },
    /// A library failed.
    #[error("the reference `{reference}` failed: {message}")]
    Library {
        /// The reference.
        reference: &'static str,
        /// What the library said.
        message: String,
    },
}

impl Fault {
    /// A library's error.
    fn library(reference: &'static str, error: impl fmt::Display) -> Self {
        Self::Library { reference, message: error.to_string() }
    }
}

/// A row of the table of references.
pub struct Entry {
    /// Its name in rubrics, after `run =`.
    pub name: &'static str,
    /// What it does, which settings it has, what it hands in.
    pub doc: &'static str,
    /// Reads its settings from the rubric.
    pub read: fn(&mut Fields<'_>) -> Option<Box<dyn Reference>>,
}

/// All references, by name.
pub const REFERENCES: &[Entry] = &[
    checkpoint::ENTRY,
    classifiers::ENTRY,
    filters::ENTRY,
    lenet::ENTRY,
    mlp::ENTRY,
    model::ENTRY,
    layered::ENTRY,
    optimizers::ENTRY,
    perceptron::ENTRY,
    positional::ENTRY,
    residual::ENTRY,
    species_models::ENTRY,
    tree_depth::ENTRY,
    vanishing::ENTRY,
];

/// The crates whose numbers a lock holds, with the exact versions that the manifest pins.
pub fn pinned_crates() -> Vec<(String, String)> {
    let manifest: toml::Table = include_str!("../Cargo.toml").parse().unwrap_or_default();
    let version = |value: &toml::Value| value.as_str().or_else(|| value.get("version")?.as_str()).and_then(|text| text.strip_prefix('=')).map(str::to_owned);
    let dependencies = manifest.get("dependencies").and_then(toml::Value::as_table).into_iter().flatten();
    dependencies.filter_map(|(name, value)| version(value).map(|version| (name.clone(), version))).collect()
}

/// What `reference` hands in for seed 441: all that it names, and the same with one thread and with two.
#[cfg(test)]
fn same_with_one_thread_and_two(reference: &dyn Reference, data: &DataSet) -> Run {
    let [one, two] = [1, 2].map(|threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| reference.run(data, Seed::new(441), &Unwatched)).unwrap()
    });
    assert_eq!(one, two);
    let handed_in: Vec<&String> = one.metrics.keys().chain(one.answers.keys()).collect();
    assert!(reference.names().iter().all(|name| handed_in.contains(&name)));
    one
}

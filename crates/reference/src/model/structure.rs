//! What is found in examples without their answers: clusters and principal components.

use super::clusters::Clusters;
use super::components::{Components, MOST_FEATURES};
use super::grid::{Axis, Sense, whole};
use super::{AnyModel, NAME};
use crate::labelled::{Labelled, Prediction, Task, fault};
use crate::matrix::standardised;
use crate::plot::{Curve, LinePlot, Scale};
use crate::settings::setting;
use crate::side_by_side::side_by_side;
use crate::{Fault, Run, Steps, Watch};
use mlgrade_data::{DataSet, Matrix};
use mlgrade_domain::fields::Fields;
use mlgrade_domain::seed::Seed;
use mlgrade_domain::value::Value;

/// k-means with its settings.
#[derive(Debug)]
pub(super) struct KMeans {
    clusters: Axis,
    starts: usize,
}

/// Principal components with their settings.
#[derive(Debug)]
pub(super) struct Pca {
    components: usize,
}

/// The rows that are looked at, and those whose place is told.
fn matrices(owner: &AnyModel, labelled: &Labelled<'_>) -> (Matrix, Option<Matrix>) {
    let train = labelled.train.x.matrix().into_owned();
    let val = labelled.val.as_ref().map(|part| part.x.matrix().into_owned());
    if !owner.choice.scale {
        return (train, val);
    }
    let none = Matrix { rows: 0, cols: train.cols, values: Vec::new() };
    let held = val.is_some();
    let (train, val) = standardised(train, val.unwrap_or(none));
    (train, held.then_some(val))
}

impl KMeans {
    pub(super) fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            clusters: Axis::read(fields, "clusters", 8.0, Sense::Whole(1, 1_000)),
            starts: setting(fields, "starts", 10, |starts| (1..=1_000).contains(starts), "from 1 to 1,000"),
        }
    }

    pub(super) fn names(&self) -> Vec<String> {
        let ends: &[&str] = if self.clusters.listed { &["clusters", "inertia"] } else { &["inertia", "centers"] };
        ends.iter().map(|&end| end.to_owned()).collect()
    }

    pub(super) fn examples<'d>(&self, owner: &AnyModel, data: &'d DataSet, seed: Seed) -> Result<Labelled<'d>, Fault> {
        let labelled = Labelled::of(data, &owner.choice, Task::Neither, true, seed).map_err(fault(NAME))?;
        let (most, rows) = (self.clusters.values.iter().copied().fold(0.0, f64::max), labelled.train.x.count());
        if most > rows as f64 {
            return Err(fault(NAME)(format!("{most} clusters are asked for, and there are {rows} examples")));
        }
        Ok(labelled)
    }

    pub(super) fn run(&self, owner: &AnyModel, data: &DataSet, seed: Seed, watch: &dyn Watch) -> Result<Run, Fault> {
        let labelled = self.examples(owner, data, seed)?;
        let (train, val) = matrices(owner, &labelled);
        let steps = Steps::new(watch, self.clusters.values.len());
        let found = side_by_side(NAME, &self.clusters.values, |&count| {
            let clusters = Clusters::find(&train, whole(count), self.starts, seed.derive("k-means"));
            steps.step(&format!("{count} clusters: inertia {:.4}", clusters.inertia));
            Ok(clusters)
        })?;
        let mut run = Run::default();
        if self.clusters.listed {
            let inertia: Vec<f64> = found.iter().map(|clusters| clusters.inertia).collect();
            run.state(owner.named("clusters"), Value::series(self.clusters.values.iter().copied()));
            run.state(owner.named("inertia"), Value::series(inertia.iter().copied()));
            let curve = Curve { name: "inertia".to_owned(), y: inertia, colour: 0, dashed: false };
            let (title, x) = (format!("{}: inertia", owner.name), self.clusters.values.as_slice());
            let plot =
                LinePlot { title: &title, x_label: "clusters", y_label: "inertia", x, x_scale: Scale::Linear, y_scale: Scale::Linear, curves: vec![curve] };
            if x.len() > 1 {
                run.draw(NAME, &owner.name, plot.svg())?;
            }
        } else if let Some(clusters) = found.first() {
            run.state(owner.named("inertia"), Value::number(clusters.inertia));
            run.state(owner.named("centers"), matrix(&clusters.centers));
            let val = val.map(|val| clusters.of(&val));
            labelled.hand_in_clusters(&mut run, &owner.name, clusters.of(&train), val);
        }
        Ok(run)
    }
}

impl Pca {
    pub(super) fn read(fields: &mut Fields<'_>) -> Self {
        Self { components: setting(fields, "components", 2, |count| (1..=MOST_FEATURES).contains(count), "from 1 to 2,000") }
    }

    pub(super) fn examples<'d>(&self, owner: &AnyModel, data: &'d DataSet, seed: Seed) -> Result<Labelled<'d>, Fault> {
        let labelled = Labelled::of(data, &owner.choice, Task::Neither, true, seed).map_err(fault(NAME))?;
        let (rows, cols) = (labelled.train.x.count(), labelled.train.x.features());
        if self.components > cols.min(rows) {
            return Err(fault(NAME)(format!("{} components are asked for, and there are {rows} examples of {cols} features", self.components)));
        }
        if cols > MOST_FEATURES || rows < 2 {
            return Err(fault(NAME)(format!("principal components need at least 2 examples and at most {MOST_FEATURES} features; there are {rows} of {cols}")));
        }
        Ok(labelled)
    }

    pub(super) fn run(&self, owner: &AnyModel, data: &DataSet, seed: Seed) -> Result<Run, Fault> {
        let labelled = self.examples(owner, data, seed)?;
        let found =
            side_by_side(NAME, &[()], |()| Components::find(&matrices(owner, &labelled).0, self.components).map_err(|error| Fault::library(NAME, error)))?;
        let mut run = Run::default();
        for found in found {
            run.state(owner.named("components"), matrix(&found.directions));
            run.state(owner.named("explained_variance"), Value::series(found.variance.iter().copied()));
            run.state(owner.named("explained_variance_ratio"), Value::series(found.variance.iter().map(|variance| variance / found.total)));
            run.state(owner.named("mean"), Value::series(found.mean.iter().copied()));
        }
        Ok(run)
    }
}

fn matrix(rows: &[Vec<f64>]) -> Value {
    Value::List(rows.iter().map(|row| Value::series(row.iter().copied())).collect())
}

impl Labelled<'_> {
    /// Hands in the cluster of each example as `predictions/name.csv`.
    fn hand_in_clusters(&self, run: &mut Run, name: &str, train: Vec<usize>, val: Option<Vec<usize>>) {
        let numbers = |clusters: Vec<usize>| Prediction::Numbers(clusters.into_iter().map(|cluster| cluster as f64).collect());
        self.hand_in(run, name, Some(numbers(train)), val.map(numbers));
    }
}

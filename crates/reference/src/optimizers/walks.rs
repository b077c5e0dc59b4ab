//! Every method on every surface, in 64-bit floats: where it goes, what that costs, when it arrives.

use super::NAME;
use super::drawing;
use super::surfaces::{SURFACES, Surface};
use crate::optimizer::{METHODS, Method, Optimizer};
use crate::plot::{Curve, LinePlot, Scale};
use crate::series::{last, least};
use crate::settings::{is_rate, setting};
use crate::{Fault, Run};
use mlgrade_domain::fields::Fields;
use mlgrade_domain::value::Value;

/// Of each walk, the first positions are handed in.
const POSITIONS: usize = 5;

/// The walks with their settings.
#[derive(Debug)]
pub(super) struct Walks {
    steps: usize,
    surfaces: [Surface; 4],
}

/// One method on one surface. Each list has one value a step.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Walk {
    /// After each step, without the start.
    pub(super) positions: Vec<[f64; 2]>,
    losses: Vec<f64>,
    /// By what the slope along x was multiplied, in the two methods that do so.
    effective_steps: Vec<f64>,
}

impl Walks {
    pub(super) fn read(fields: &mut Fields<'_>) -> Self {
        let steps = setting(fields, "steps", 200, |steps| (POSITIONS..=10_000).contains(steps), "from 5 to 10,000");
        let mut surfaces = SURFACES;
        if let Some(mut rates) = fields.table("rates", "the learning rates") {
            for surface in &mut surfaces {
                let sensible = |rates: &[f64; 5]| rates.iter().copied().all(is_rate);
                surface.rates = setting(&mut rates, surface.name, surface.rates, sensible, "five numbers above 0, one a method");
            }
            fields.absorb(rates);
        }
        Self { steps, surfaces }
    }

    /// The names of all values that [`Walks::hand_in`] gives.
    pub(super) fn names(&self) -> Vec<String> {
        let of_pair = |surface: &Surface, method: &str| ["steps", "loss", "to_target"].map(|metric| format!("{}.{method}.{metric}", surface.name));
        let mut names: Vec<String> = self.surfaces.iter().flat_map(|surface| METHODS.iter().flat_map(|(method, _)| of_pair(surface, method))).collect();
        names.extend(METHODS.iter().map(|(method, _)| format!("egg.{method}.final_loss")));
        names.extend(["adagrad", "rmsprop"].into_iter().flat_map(|method| ["", "least_", "final_"].map(|which| format!("{method}.{which}effective_step"))));
        names.extend(["best_on_bowl", "leaves_pit", "shrinking_step", "nan_losses"].map(str::to_owned));
        names
    }

    /// Walks, and puts metrics, answers and figures into `run`.
    pub(super) fn hand_in(&self, run: &mut Run) -> Result<(), Fault> {
        let walks = self.surfaces.iter().map(|surface| walk_all(surface, self.steps)).collect::<Result<Vec<_>, _>>()?;
        for (surface, walks) in self.surfaces.iter().zip(&walks) {
            for ((method, _), walk) in METHODS.iter().zip(walks) {
                let mut metric = |metric: &str, value| run.state(format!("{}.{method}.{metric}", surface.name), value);
                metric("steps", Value::series(walk.positions[..POSITIONS].concat()));
                metric("loss", Value::series(walk.losses.iter().copied()));
                metric("to_target", Value::number(walk.to_target(surface.target) as f64));
                if surface.name == "egg" {
                    metric("final_loss", Value::number(last(&walk.losses)));
                }
                if surface.name == "bowl" && !walk.effective_steps.is_empty() {
                    let steps = &walk.effective_steps;
                    run.state(format!("{method}.effective_step"), Value::series(steps.iter().copied()));
                    run.state(format!("{method}.least_effective_step"), Value::number(steps.iter().copied().fold(f64::INFINITY, f64::min)));
                    run.state(format!("{method}.final_effective_step"), Value::number(last(steps)));
                }
            }
        }
        let [bowl, _, _, egg] = &walks[..] else { return Err(Fault::library(NAME, "a surface is missing")) };
        let arrivals = bowl.iter().map(|walk| walk.to_target(self.surfaces[0].target) as f64);
        let mut answer = |name: &str, text: &str| drop(run.answers.insert(name.to_owned(), Value::text(text)));
        answer("best_on_bowl", best(arrivals));
        answer("leaves_pit", best(egg.iter().map(|walk| last(&walk.losses))));
        answer("shrinking_step", "adagrad");
        answer("nan_losses", "diverged");
        run.draw(NAME, "surfaces", drawing::svg(&self.surfaces, &walks))?;
        run.draw(NAME, "optimizers", losses_on_the_bowl(bowl))
    }
}

/// The walks of all methods on `surface`, in their order.
fn walk_all(surface: &Surface, steps: usize) -> Result<Vec<Walk>, Fault> {
    let walk = |(&(name, method), rate): (&(&str, Method), f64)| {
        let walk = walk(surface, method, rate, steps);
        // A step beyond all bounds makes the next loss infinite and the one after that NaN.
        let finite = walk.losses.iter().all(|loss| loss.is_finite());
        finite.then_some(walk).ok_or_else(|| Fault::library(NAME, format!("{name} diverges on {} at the learning rate {rate}", surface.name)))
    };
    METHODS.iter().zip(surface.rates).map(walk).collect()
}

/// `steps` steps of `method` from the start of `surface`.
fn walk(surface: &Surface, method: Method, rate: f64, steps: usize) -> Walk {
    let mut parameters = [surface.start.to_vec()];
    let mut optimizer = Optimizer::new(method, parameters.iter().map(Vec::len));
    let mut position = surface.start;
    let mut walk = Walk::default();
    for _ in 0..steps {
        optimizer.step(rate, &mut parameters, &[(surface.gradient)(position).to_vec()]);
        position = [parameters[0][0], parameters[0][1]];
        walk.positions.push(position);
        walk.losses.push((surface.loss)(position));
        walk.effective_steps.extend(optimizer.effective_step(rate, 0, 0));
    }
    walk
}

impl Walk {
    /// The number of steps until the loss is below `target` for the first time; if it never is, one more than were done.
    fn to_target(&self, target: f64) -> usize {
        self.losses.iter().position(|&loss| loss < target).unwrap_or(self.losses.len()) + 1
    }
}

/// The method with the least of `values`, the first of equals.
fn best(values: impl Iterator<Item = f64>) -> &'static str {
    least(&values.collect::<Vec<_>>()).map_or("", |best| METHODS[best].0)
}

fn losses_on_the_bowl(walks: &[Walk]) -> Result<String, String> {
    let steps: Vec<f64> = (1..=walks.first().map_or(0, |walk| walk.losses.len())).map(|step| step as f64).collect();
    let curves = METHODS.iter().zip(walks).enumerate();
    let plot = LinePlot {
        title: "Loss on the bowl by optimizer",
        x_label: "step",
        y_label: "loss (logarithmic)",
        x: &steps,
        x_scale: Scale::Linear,
        y_scale: Scale::Log10,
        curves: curves.map(|(colour, ((name, _), walk))| Curve { name: (*name).to_owned(), y: walk.losses.clone(), colour, dashed: false }).collect(),
    };
    plot.svg()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// The first 50 positions of `torch.optim` in float64: fixtures/peers/optimizers.py made them with PyTorch 2.15, gradients by autograd.
    #[test]
    fn every_method_walks_as_pytorchs_does_on_every_surface() {
        let theirs: BTreeMap<String, Vec<[f64; 2]>> = serde_json::from_str(include_str!("../../../../fixtures/peers/optimizers.json")).unwrap();
        assert_eq!(theirs.len(), 20);
        for surface in &SURFACES {
            for (&(name, method), rate) in METHODS.iter().zip(surface.rates) {
                let (ours, theirs) = (walk(surface, method, rate, 50), &theirs[&format!("{}.{name}", surface.name)]);
                assert_eq!(ours.positions.len(), theirs.len());
                let apart = ours.positions.as_flattened().iter().zip(theirs.as_flattened()).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
                assert!(apart < 1e-9, "{}.{name}: {apart}", surface.name);
            }
        }
    }

    /// By hand: gradient descent at the rate r multiplies x by 1 - r at each step, y by 1 - 20 r.
    #[test]
    fn arrivals_are_counted_from_one_and_never_is_one_more_than_all() {
        let level = walk(&Surface { start: [1.0, 0.0], ..SURFACES[0].clone() }, Method::Sgd, 0.5, 10);
        assert_eq!(level.to_target(0.2), 1, "a loss of 1/8 after the first step");
        assert_eq!(level.to_target(0.1), 2, "a loss of 1/32 after the second");
        assert_eq!(level.to_target(0.0), 11);
    }

    #[test]
    fn a_rate_beyond_the_bowls_bound_is_a_fault_and_not_a_number() {
        let wild = Surface { rates: [50.0; 5], ..SURFACES[0].clone() };
        let fault = walk_all(&wild, 200).unwrap_err();
        assert!(fault.to_string().contains("sgd diverges on bowl at the learning rate 50"), "{fault}");
    }

    /// What the homework asks about holds, and not by a hair.
    #[test]
    fn the_walks_show_what_they_are_to_show() {
        let walks = SURFACES.each_ref().map(|surface| walk_all(surface, 200).unwrap());
        let [bowl, _, _, egg] = &walks;
        let mut arrivals: Vec<usize> = bowl.iter().map(|walk| walk.to_target(SURFACES[0].target)).collect();
        assert!(arrivals[1] < arrivals[0], "momentum is faster than plain descent at the same rate");
        arrivals.sort_unstable();
        assert!(arrivals.windows(2).all(|pair| pair[0] + 3 <= pair[1]) && arrivals[4] <= 197, "{arrivals:?}");
        let finals: Vec<f64> = egg.iter().map(|walk| last(&walk.losses)).collect();
        assert!(finals[1] < 0.01 && finals.iter().enumerate().all(|(i, loss)| i == 1 || *loss > 1.0), "{finals:?}");
        let (adagrad, rmsprop) = (&bowl[2].effective_steps, &bowl[3].effective_steps);
        assert!(adagrad.is_sorted_by(|a, b| a >= b) && last(adagrad) < adagrad[0] / 2.0);
        assert!(last(rmsprop) > 1.05 * rmsprop.iter().copied().fold(f64::INFINITY, f64::min));
    }
}

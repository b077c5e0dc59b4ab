//! XOR: no line separates it (Minsky and Papert 1969), a hidden layer does (Rumelhart, Hinton and Williams 1986).

use super::learning;
use super::logistic::softplus;
use crate::draws::Draws;
use mlgrade_domain::seed::Seed;

/// The four points and their classes: +1 where the inputs differ.
const X: [[f64; 2]; 4] = [[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]];
const Y: [f64; 4] = [-1.0, 1.0, 1.0, -1.0];
const HIDDEN: usize = 4;
const RATE: f64 = 1.0;
const EPOCHS: usize = 200;
/// How often training may start anew: some starts end in a local minimum with one point wrong.
const STARTS: usize = 20;

/// The best accuracy that the perceptron has after any of `epochs` epochs.
pub(super) fn best_of_the_perceptron(epochs: usize) -> f64 {
    let mut weights = [0.0; 3];
    (0..epochs).fold(0.0, |best: f64, _| {
        learning::epoch(&mut weights, &X, &Y);
        best.max(learning::accuracy(weights, &X, &Y))
    })
}

/// What came of training the network.
#[derive(Debug)]
pub(super) struct Trained {
    /// The share of the four points that are right.
    pub(super) accuracy: f64,
    /// The mean log loss in nats, before the first epoch and after each.
    pub(super) losses: Vec<f64>,
}

/// Two inputs, a hidden layer of tanh, one sigmoid output.
struct Network {
    /// For each hidden unit its weights and bias.
    hidden: [[f64; 3]; HIDDEN],
    /// The output's weight for each hidden unit.
    output: [f64; HIDDEN],
    /// The output's bias.
    bias: f64,
}

impl Network {
    /// All weights evenly between -0.5 and 0.5.
    fn random(draws: &mut Draws) -> Self {
        let mut draw = || f64::from(draws.within(0.5));
        Self { hidden: std::array::from_fn(|_| std::array::from_fn(|_| draw())), output: std::array::from_fn(|_| draw()), bias: draw() }
    }

    /// The outputs of the hidden units, and the output's logit.
    fn forward(&self, x: [f64; 2]) -> ([f64; HIDDEN], f64) {
        let hidden = self.hidden.map(|weights| learning::score(weights, x).tanh());
        (hidden, self.bias + self.output.iter().zip(hidden).map(|(weight, unit)| weight * unit).sum::<f64>())
    }

    /// The mean over the points of ln(1 + exp(-y z)).
    fn loss(&self) -> f64 {
        X.iter().zip(Y).map(|(x, y)| softplus(-y * self.forward(*x).1)).sum::<f64>() / X.len() as f64
    }

    fn accuracy(&self) -> f64 {
        let right = X.iter().zip(Y).filter(|(x, y)| self.forward(**x).1 * y > 0.0).count();
        right as f64 / X.len() as f64
    }

    /// The gradient of the loss, by back-propagation: in the shape of the network itself.
    fn gradient(&self) -> Self {
        let mut gradient = Self { hidden: [[0.0; 3]; HIDDEN], output: [0.0; HIDDEN], bias: 0.0 };
        for (x, y) in X.iter().zip(Y) {
            let (hidden, z) = self.forward(*x);
            let delta = -y / (1.0 + (y * z).exp()) / X.len() as f64;
            gradient.bias += delta;
            for (i, unit) in hidden.into_iter().enumerate() {
                gradient.output[i] += delta * unit;
                // tanh' = 1 - tanh².
                let delta = delta * self.output[i] * (1.0 - unit * unit);
                for (sum, input) in gradient.hidden[i].iter_mut().zip([x[0], x[1], 1.0]) {
                    *sum += delta * input;
                }
            }
        }
        gradient
    }

    fn weights(&mut self) -> impl Iterator<Item = &mut f64> {
        self.hidden.iter_mut().flatten().chain(&mut self.output).chain(std::iter::once(&mut self.bias))
    }

    fn descend(&mut self) {
        let mut gradient = self.gradient();
        for (weight, slope) in self.weights().zip(gradient.weights()) {
            *weight -= RATE * *slope;
        }
    }
}

/// Trains from a random start, and from another one as long as a point is wrong at the end.
pub(super) fn train(seed: Seed) -> Trained {
    let mut trained = train_once(seed.derive("start 1"));
    for start in 2..=STARTS {
        if trained.accuracy >= 1.0 {
            break;
        }
        trained = train_once(seed.derive(&format!("start {start}")));
    }
    trained
}

fn train_once(seed: Seed) -> Trained {
    let mut network = Network::random(&mut Draws::new(seed));
    let mut losses = vec![network.loss()];
    for _ in 0..EPOCHS {
        network.descend();
        losses.push(network.loss());
    }
    Trained { accuracy: network.accuracy(), losses }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Any line leaves at least one of the four points on the wrong side (Minsky and Papert 1969).
    #[test]
    fn the_perceptron_gets_at_most_three_of_four_points() {
        let best = best_of_the_perceptron(1_000);
        assert!((0.25..=0.75).contains(&best), "{best}");
    }

    #[test]
    fn the_network_learns_xor_from_every_seed_and_its_loss_falls() {
        for seed in 0..20 {
            let trained = train(Seed::new(seed));
            assert!(trained.accuracy >= 1.0 && trained.losses.last() < Some(&0.1), "seed {seed}: {trained:?}");
            assert!(trained.losses.is_sorted_by(|before, after| *after <= before + 0.01), "seed {seed}: {:?}", trained.losses);
        }
    }

    /// Central differences of the loss.
    #[test]
    fn back_propagation_is_the_slope() {
        let mut network = Network::random(&mut Draws::new(Seed::new(1)));
        let slopes: Vec<f64> = network.gradient().weights().map(|slope| *slope).collect();
        assert_eq!(slopes.len(), 4 * 3 + 4 + 1);
        for (i, slope) in slopes.into_iter().enumerate() {
            let mut nudged = |by: f64| {
                *network.weights().nth(i).unwrap() += by;
                let loss = network.loss();
                *network.weights().nth(i).unwrap() -= by;
                loss
            };
            assert!(((nudged(1e-5) - nudged(-1e-5)) / 2e-5 - slope).abs() < 1e-8, "weight {i}");
        }
    }
}

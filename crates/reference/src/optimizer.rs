//! Optimizers, each written out from its update rule: what turns a gradient into a step.
//!
//! With p a parameter, g its gradient and r the learning rate, element by element:
//!
//! ```text
//! sgd       p -= r g                                                     Robbins and Monro 1951
//! momentum  v = 0.9 v + g;  p -= r v                                     Polyak 1964
//! adagrad   s += g²;  p -= r g / (√s + 1e-10)                            Duchi, Hazan and Singer 2011
//! rmsprop   s = 0.999 s + 0.001 g²;  p -= r g / (√s + 1e-8)              Tieleman and Hinton 2012
//! adam      m = 0.9 m + 0.1 g;  s = 0.999 s + 0.001 g²;                  Kingma and Ba 2015
//!           p -= r (m / (1 - 0.9ᵗ)) / (√(s / (1 - 0.999ᵗ)) + 1e-8)
//! ```
//!
//! v, s and m start at 0 and t counts steps from 1. These are PyTorch's conventions: momentum without dampening and without Nesterov's
//! look ahead, epsilon outside the root (in Adam after the bias correction), RMSProp neither centred nor with momentum. One departs
//! from PyTorch's defaults, whose RMSProp averages with 0.99: the course's averages with 0.999.

use num_traits::{AsPrimitive, Float};

/// The share that momentum keeps of its velocity, and Adam of its mean gradient.
const KEEP: f64 = 0.9;
/// The share that RMSProp and Adam keep of their mean square.
const KEEP_SQUARE: f64 = 0.999;
/// What keeps a division from zero.
const EPSILON: f64 = 1e-8;
/// The same in AdaGrad.
const ADAGRAD_EPSILON: f64 = 1e-10;

/// An update rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    /// Gradient descent; stochastic where the gradient is that of a batch.
    Sgd,
    /// Gradient descent with a velocity.
    Momentum,
    /// Divides by the root of the sum of all squares.
    AdaGrad,
    /// Divides by the root of a moving average of the squares.
    RmsProp,
    /// Moving averages of gradient and square, both corrected for their start at 0.
    Adam,
}

/// The methods by name, in the order of history.
pub(super) const METHODS: &[(&str, Method)] =
    &[("sgd", Method::Sgd), ("momentum", Method::Momentum), ("adagrad", Method::AdaGrad), ("rmsprop", Method::RmsProp), ("adam", Method::Adam)];

/// An update rule with its numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rule {
    pub(super) method: Method,
    /// The share that momentum keeps of its velocity, and Adam of its mean gradient.
    pub(super) keep: f64,
    /// The share that RMSProp and Adam keep of their mean square.
    pub(super) keep_square: f64,
    /// Whether momentum looks ahead: p -= r (g + `keep` v) (Nesterov 1983, as PyTorch has it).
    pub(super) nesterov: bool,
    /// λ: g += λ p before everything else, or, decoupled, p -= r λ p (Loshchilov and Hutter 2019).
    pub(super) weight_decay: f64,
    pub(super) decoupled: bool,
}

impl From<Method> for Rule {
    /// The rule as it stands above.
    fn from(method: Method) -> Self {
        Self { method, keep: KEEP, keep_square: KEEP_SQUARE, nesterov: false, weight_decay: 0.0, decoupled: false }
    }
}

/// An optimizer at work on tensors of 32-bit or 64-bit floats.
#[derive(Debug)]
pub(super) struct Optimizer<F> {
    rule: Rule,
    /// Steps done.
    steps: i32,
    /// For each tensor: velocities (momentum) or mean gradients (Adam), empty in a method that has none.
    means: Vec<Vec<F>>,
    /// For each tensor: sums (AdaGrad) or means (RMSProp, Adam) of squared gradients, empty likewise.
    squares: Vec<Vec<F>>,
}

impl<F: Float + 'static> Optimizer<F>
where
    f64: AsPrimitive<F>,
{
    /// A fresh optimizer for tensors of these `sizes`.
    pub(super) fn new(rule: impl Into<Rule>, sizes: impl Iterator<Item = usize>) -> Self {
        let (rule, sizes): (Rule, Vec<usize>) = (rule.into(), sizes.collect());
        let method = rule.method;
        let zeros = |used: bool| sizes.iter().map(|&size| vec![F::zero(); if used { size } else { 0 }]).collect();
        Self {
            rule,
            steps: 0,
            means: zeros(matches!(method, Method::Momentum | Method::Adam)),
            squares: zeros(matches!(method, Method::AdaGrad | Method::RmsProp | Method::Adam)),
        }
    }

    /// Moves all `parameters` against their `gradients` at the learning rate `rate`.
    pub(super) fn step(&mut self, rate: f64, parameters: &mut [Vec<F>], gradients: &[Vec<F>]) {
        self.begin();
        for (tensor, (parameters, gradients)) in parameters.iter_mut().zip(gradients).enumerate() {
            self.step_one(rate, tensor, parameters, gradients);
        }
    }

    /// Counts a step, which [`Optimizer::step_one`] then takes for every tensor.
    pub(super) fn begin(&mut self) {
        self.steps += 1;
    }

    /// Moves the `parameters` of one tensor against their `gradients`.
    pub(super) fn step_one(&mut self, rate: f64, tensor: usize, parameters: &mut [F], gradients: &[F]) {
        let Rule { method, keep, keep_square, nesterov, weight_decay, decoupled } = self.rule;
        let mut decayed = Vec::new();
        if weight_decay > 0.0 && decoupled {
            let kept = (1.0 - rate * weight_decay).as_();
            for parameter in parameters.iter_mut() {
                *parameter = *parameter * kept;
            }
        } else if weight_decay > 0.0 {
            decayed.extend(parameters.iter().zip(gradients).map(|(&p, &g)| g + weight_decay.as_() * p));
        }
        let gradients = if decayed.is_empty() { gradients } else { &decayed };
        // Adam's corrections are scalars: one goes into the rate, the other scales the root.
        let corrected_rate = (rate / (1.0 - keep.powi(self.steps))).as_();
        let root_scale = (1.0 / (1.0 - keep_square.powi(self.steps)).sqrt()).as_();
        let (keep, add, keep_square, add_square) = (keep.as_(), (1.0 - keep).as_(), keep_square.as_(), (1.0 - keep_square).as_());
        let (rate, epsilon, adagrad_epsilon) = (rate.as_(), EPSILON.as_(), ADAGRAD_EPSILON.as_());
        let (means, squares) = (&mut self.means[tensor], &mut self.squares[tensor]);
        let pairs = parameters.iter_mut().zip(gradients);
        // One plain loop over slices for each rule, which the compiler turns into vector instructions.
        match method {
            Method::Sgd => pairs.for_each(|(p, &g)| *p = *p - rate * g),
            Method::Momentum if nesterov => pairs.zip(means).for_each(|((p, &g), v)| {
                *v = keep * *v + g;
                *p = *p - rate * (g + keep * *v);
            }),
            Method::Momentum => pairs.zip(means).for_each(|((p, &g), v)| {
                *v = keep * *v + g;
                *p = *p - rate * *v;
            }),
            Method::AdaGrad => pairs.zip(squares).for_each(|((p, &g), s)| {
                *s = *s + g * g;
                *p = *p - rate * g / (s.sqrt() + adagrad_epsilon);
            }),
            Method::RmsProp => pairs.zip(squares).for_each(|((p, &g), s)| {
                *s = keep_square * *s + add_square * g * g;
                *p = *p - rate * g / (s.sqrt() + epsilon);
            }),
            Method::Adam => pairs.zip(means).zip(squares).for_each(|(((p, &g), m), s)| {
                *m = keep * *m + add * g;
                *s = keep_square * *s + add_square * g * g;
                *p = *p - corrected_rate * *m / (s.sqrt() * root_scale + epsilon);
            }),
        }
    }

    /// What AdaGrad or RMSProp multiplied the last gradient of one parameter by: `rate` over the root of its squares. `None` in a method
    /// that has no such factor.
    pub(super) fn effective_step(&self, rate: f64, tensor: usize, parameter: usize) -> Option<F> {
        let epsilon = match self.rule.method {
            Method::AdaGrad => ADAGRAD_EPSILON,
            Method::RmsProp => EPSILON,
            Method::Sgd | Method::Momentum | Method::Adam => return None,
        };
        Some(rate.as_() / (self.squares.get(tensor)?.get(parameter)?.sqrt() + epsilon.as_()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The parameters after two steps with the same gradients.
    fn after_two_steps(method: Method) -> Vec<f32> {
        let (mut parameters, gradients) = (vec![vec![1.0_f32, 2.0], vec![3.0]], [vec![0.5, -4.0], vec![0.25]]);
        let mut optimizer = Optimizer::new(method, parameters.iter().map(Vec::len));
        for _ in 0..2 {
            optimizer.step(0.1, &mut parameters, &gradients);
        }
        parameters.concat()
    }

    /// By hand, from the rules: with a constant gradient g the velocity is g, then 1.9 g; AdaGrad divides by |g|, then √2 |g|; RMSProp by
    /// √0.001 |g|, then √0.001999 |g|; Adam's corrected means are g and g². So all but the first two ignore the size of g.
    #[test]
    fn the_first_steps_in_single_precision_are_those_computed_by_hand() {
        let signs = [1.0, -1.0, 1.0];
        let gradients = [0.5, -4.0, 0.25];
        for (method, moved) in [
            (Method::Sgd, gradients.map(|g| 2.0 * 0.1 * g)),
            (Method::Momentum, gradients.map(|g| 2.9 * 0.1 * g)),
            (Method::AdaGrad, signs.map(|sign| 0.1 * sign * (1.0 + 0.5_f32.sqrt()))),
            (Method::RmsProp, signs.map(|sign| 0.1 * sign * (31.622_777 + 22.366_272))),
            (Method::Adam, signs.map(|sign| 0.2 * sign)),
        ] {
            let expected = [1.0 - moved[0], 2.0 - moved[1], 3.0 - moved[2]];
            let actual = after_two_steps(method);
            assert!(actual.iter().zip(expected).all(|(a, e)| (a - e).abs() < 1e-5), "{method:?}: {actual:?}, expected {expected:?}");
        }
    }

    #[test]
    fn only_the_two_methods_that_rescale_a_gradient_alone_have_an_effective_step() {
        let mut parameters = vec![vec![1.0_f64]];
        for &(_, method) in METHODS {
            let mut optimizer = Optimizer::new(method, parameters.iter().map(Vec::len));
            optimizer.step(0.1, &mut parameters, &[vec![4.0]]);
            let expected = match method {
                Method::AdaGrad => Some(0.1 / 4.0),
                Method::RmsProp => Some(0.1 / (0.001_f64.sqrt() * 4.0)),
                _ => None,
            };
            let effective = optimizer.effective_step(0.1, 0, 0);
            assert!(effective.zip(expected).map_or(effective == expected, |(a, b)| (a - b).abs() < 1e-6), "{method:?}: {effective:?}");
        }
    }

    /// Twenty steps down x²/2 + 2 y² from (-4, 2) in float64: fixtures/peers/networks.py made the positions with PyTorch 2.15.
    #[test]
    fn weight_decay_and_looking_ahead_are_pytorchs() {
        #[derive(serde::Deserialize)]
        struct Peers {
            walks: std::collections::BTreeMap<String, Vec<[f64; 2]>>,
        }
        let peers: Peers = serde_json::from_str(include_str!("../../../fixtures/peers/networks.json")).unwrap();
        let decaying = |method, decoupled| Rule { weight_decay: 0.3, decoupled, ..Rule::from(method) };
        for (name, rule) in [
            ("nesterov", Rule { keep: 0.8, nesterov: true, ..Rule::from(Method::Momentum) }),
            ("decay", decaying(Method::Momentum, false)),
            ("adam", decaying(Method::Adam, false)),
            ("adamw", decaying(Method::Adam, true)),
            ("rmsprop", Rule { keep_square: 0.99, ..Rule::from(Method::RmsProp) }),
        ] {
            let (mut place, mut optimizer) = (vec![vec![-4.0, 2.0]], Optimizer::<f64>::new(rule, [2].into_iter()));
            for theirs in &peers.walks[name] {
                let slope = vec![vec![place[0][0], 4.0 * place[0][1]]];
                optimizer.step(0.05, &mut place, &slope);
                assert!(place[0].iter().zip(theirs).all(|(ours, theirs)| (ours - theirs).abs() < 1e-12), "{name}: {place:?} {theirs:?}");
            }
        }
    }
}

//! What turns a gradient into a step: plain gradient descent, or Adam.

/// Adam's decay of the mean gradient and of its mean square, and what keeps a division from zero (Kingma and Ba 2015, PyTorch's defaults).
const BETA_1: f32 = 0.9;
const BETA_2: f32 = 0.999;
const EPSILON: f32 = 1e-8;

/// Which optimizer a rubric asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    /// Stochastic gradient descent without momentum.
    Sgd,
    /// Adam without weight decay.
    Adam,
}

/// An optimizer at work.
pub(super) enum Optimizer {
    Sgd,
    Adam { moments: Vec<Vec<Moments>>, step: i32 },
}

/// The running mean of a parameter's gradient and of its square.
#[derive(Clone, Copy, Default)]
pub(super) struct Moments {
    mean: f32,
    square: f32,
}

impl Optimizer {
    /// A fresh optimizer for `parameters`.
    pub(super) fn new(method: Method, parameters: &[Vec<f32>]) -> Self {
        match method {
            Method::Sgd => Self::Sgd,
            Method::Adam => Self::Adam { moments: parameters.iter().map(|p| vec![Moments::default(); p.len()]).collect(), step: 0 },
        }
    }

    /// Moves `parameters` against their `gradients`.
    pub(super) fn step(&mut self, rate: f32, parameters: &mut [Vec<f32>], gradients: &[Vec<f32>]) {
        match self {
            Self::Sgd => {
                for (p, g) in parameters.iter_mut().flatten().zip(gradients.iter().flatten()) {
                    *p -= rate * g;
                }
            }
            Self::Adam { moments, step } => {
                *step += 1;
                let (bias_1, bias_2) = (1.0 - BETA_1.powi(*step), (1.0 - BETA_2.powi(*step)).sqrt());
                for ((parameters, gradients), moments) in parameters.iter_mut().zip(gradients).zip(moments) {
                    for ((p, g), m) in parameters.iter_mut().zip(gradients).zip(moments) {
                        m.mean = BETA_1 * m.mean + (1.0 - BETA_1) * g;
                        m.square = BETA_2 * m.square + (1.0 - BETA_2) * g * g;
                        *p -= rate / bias_1 * m.mean / (m.square.sqrt() / bias_2 + EPSILON);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: after one step the corrected means are g and g², so every parameter moves by the rate, whatever its gradient.
    #[test]
    fn the_first_steps_are_those_computed_by_hand() {
        let (mut parameters, gradients) = (vec![vec![1.0, 2.0], vec![3.0]], [vec![0.5, -4.0], vec![1e-3]]);
        Optimizer::new(Method::Adam, &parameters).step(0.1, &mut parameters, &gradients);
        let expected = [0.9, 2.1, 2.9];
        assert!(parameters.iter().flatten().zip(expected).all(|(p, e)| (p - e).abs() < 1e-5), "{parameters:?}");
        Optimizer::new(Method::Sgd, &parameters).step(0.1, &mut parameters, &gradients);
        let expected = [0.85, 2.5, 2.8999];
        assert!(parameters.iter().flatten().zip(expected).all(|(p, e)| (p - e).abs() < 1e-5), "{parameters:?}");
    }
}

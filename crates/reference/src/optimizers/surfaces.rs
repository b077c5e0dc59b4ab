//! Four loss surfaces over two parameters x and y, each with its gradient written out, a start, a target and learning rates.
//!
//! No powers and few calls: the same arithmetic everywhere.

use crate::optimizer::METHODS;

/// A surface with what is done on it.
#[derive(Debug, Clone)]
pub(super) struct Surface {
    /// In metrics.
    pub(super) name: &'static str,
    /// In figures.
    pub(super) title: &'static str,
    /// f(x, y).
    pub(super) loss: fn([f64; 2]) -> f64,
    /// (∂f/∂x, ∂f/∂y).
    pub(super) gradient: fn([f64; 2]) -> [f64; 2],
    /// Where every method starts.
    pub(super) start: [f64; 2],
    /// A method has arrived when its loss is below this.
    pub(super) target: f64,
    /// The learning rate of each method, in the order of [`METHODS`].
    pub(super) rates: [f64; METHODS.len()],
}

/// The surfaces, with the learning rates that a rubric may replace.
pub(super) const SURFACES: [Surface; 4] = [
    // Twenty times as steep across as along: the steep side bounds the learning rate, and the flat side is slow at it.
    Surface {
        name: "bowl",
        title: "bowl: (x² + 20 y²) / 2",
        loss: |[x, y]| x * x / 2.0 + 10.0 * y * y,
        gradient: |[x, y]| [x, 20.0 * y],
        start: [-4.0, 2.0],
        target: 1e-3,
        rates: [0.03, 0.03, 0.5, 0.015, 0.2],
    },
    // A saddle at (0, 0) between minima of -1/4 at y = ±1. The start is all but on the ridge, where the slope along y is next to nothing.
    Surface {
        name: "saddle",
        title: "saddle: x² / 2 + y⁴ / 4 - y² / 2",
        loss: |[x, y]| x * x / 2.0 + y * y * y * y / 4.0 - y * y / 2.0,
        gradient: |[x, y]| [x, y * y * y - y],
        start: [-2.0, 1e-3],
        target: -0.24,
        rates: [0.1, 0.1, 0.5, 0.01, 0.1],
    },
    // Beale 1958: steep walls around a long flat valley with its minimum of 0 at (3, 1/2).
    Surface {
        name: "beale",
        title: "Beale's valley",
        loss: |p| beale(p).map(|residual| residual * residual).iter().sum(),
        gradient: |[x, y]| {
            let [a, b, c] = beale([x, y]);
            let by_x = a * (y - 1.0) + b * (y * y - 1.0) + c * (y * y * y - 1.0);
            [2.0 * by_x, 2.0 * x * (a + 2.0 * b * y + 3.0 * c * y * y)]
        },
        start: [1.0, 1.5],
        target: 0.1,
        rates: [0.01, 0.002, 0.5, 0.01, 0.2],
    },
    // A gentle bowl with pits, nearly 3 apart: the start is high on the wall of one, and the lowest is at (0, 0).
    Surface {
        name: "egg",
        title: "egg carton: (x² + y²) / 10 + (2 - cos 2x - cos 2y) / 2",
        loss: |p| p.map(|x| x * x / 10.0 + (1.0 - (2.0 * x).cos()) / 2.0).iter().sum(),
        gradient: |p| p.map(|x| x / 5.0 + (2.0 * x).sin()),
        start: [3.9, -3.7],
        target: 0.1,
        rates: [0.2, 0.2, 0.2, 0.01, 0.1],
    },
];

/// The three terms whose squares Beale sums up.
fn beale([x, y]: [f64; 2]) -> [f64; 3] {
    [1.5 - x + x * y, 2.25 - x + x * y * y, 2.625 - x + x * y * y * y]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gradients_are_the_slopes_of_the_losses() {
        for Surface { name, loss, gradient, start, .. } in SURFACES {
            for p in [start, [0.3, -0.7], [2.0, 1.1]] {
                let slope = |dx: f64, dy: f64| (loss([p[0] + dx, p[1] + dy]) - loss([p[0] - dx, p[1] - dy])) / 2e-5;
                let close = |(g, s): (f64, f64)| (g - s).abs() < 1e-6 * (1.0 + g.abs());
                assert!(gradient(p).into_iter().zip([slope(1e-5, 0.0), slope(0.0, 1e-5)]).all(close), "{name} at {p:?}: {:?}", gradient(p));
            }
        }
    }

    /// Beale 1958 for his; the others by hand.
    #[test]
    fn the_minima_are_where_they_are_known_to_be() {
        for (Surface { name, loss, gradient, target, .. }, (minimum, least)) in
            SURFACES.into_iter().zip([([0.0, 0.0], 0.0), ([0.0, 1.0], -0.25), ([3.0, 0.5], 0.0), ([0.0, 0.0], 0.0)])
        {
            assert!((loss(minimum) - least).abs() < 1e-12 && gradient(minimum).iter().all(|slope| slope.abs() < 1e-12), "{name}");
            assert!(target > least, "{name}");
        }
    }
}

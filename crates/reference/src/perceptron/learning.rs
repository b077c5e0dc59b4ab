//! The perceptron's rule (Rosenblatt 1958): only a mistake changes the weights.

/// What the perceptron learned.
#[derive(Debug)]
pub(super) struct Learned {
    /// [w1, w2, b].
    pub(super) weights: [f64; 3],
    /// How many rows changed the weights in each epoch.
    pub(super) mistakes: Vec<usize>,
}

/// w·x + b.
pub(super) fn score([w1, w2, b]: [f64; 3], [x1, x2]: [f64; 2]) -> f64 {
    w1 * x1 + w2 * x2 + b
}

/// The share of points on the side of their class; a point on the line counts as class -1.
pub(super) fn accuracy(weights: [f64; 3], x: &[[f64; 2]], y: &[f64]) -> f64 {
    let right = x.iter().zip(y).filter(|(x, y)| (score(weights, **x) > 0.0) == (**y > 0.0)).count();
    right as f64 / y.len().max(1) as f64
}

/// One pass over all points in their order, from `weights`; gives the number of mistakes.
pub(super) fn epoch(weights: &mut [f64; 3], x: &[[f64; 2]], y: &[f64]) -> usize {
    let mut mistakes = 0;
    for (x, y) in x.iter().zip(y) {
        if y * score(*weights, *x) <= 0.0 {
            for (weight, input) in weights.iter_mut().zip([x[0], x[1], 1.0]) {
                *weight += y * input;
            }
            mistakes += 1;
        }
    }
    mistakes
}

/// Learns until an epoch passes without a mistake, at most `epochs`.
pub(super) fn learn(x: &[[f64; 2]], y: &[f64], epochs: usize) -> Learned {
    let mut learned = Learned { weights: [0.0; 3], mistakes: Vec::new() };
    while learned.mistakes.len() < epochs && learned.mistakes.last() != Some(&0) {
        learned.mistakes.push(epoch(&mut learned.weights, x, y));
    }
    learned
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// By hand: the first point, at 0, is a mistake that gives [1, 0, 1]; the second then scores 0, a mistake that gives [2, 0, 0].
    #[test]
    fn two_points_by_hand() {
        let learned = learn(&[[1.0, 0.0], [-1.0, 0.0]], &[1.0, -1.0], 10);
        assert_eq!((learned.weights.to_vec(), learned.mistakes), (vec![2.0, 0.0, 0.0], vec![2, 0]));
    }

    proptest! {
        /// Novikoff 1962: at most (R/γ)² updates, where a line through the origin of (x1, x2, 1) leaves the margin γ.
        #[test]
        fn separable_points_are_learned_within_the_bound(points in prop::collection::vec(prop::array::uniform2(-1.0..1.0_f64), 1..40)) {
            let truth = [0.6, -0.8, 0.1];
            let points: Vec<[f64; 2]> = points.into_iter().filter(|x| score(truth, *x).abs() > 0.1).collect();
            let y: Vec<f64> = points.iter().map(|x| score(truth, *x).signum()).collect();
            let learned = learn(&points, &y, 1_000);
            let bound = 3.0 * (0.36 + 0.64 + 0.01) / (0.1 * 0.1);
            prop_assert!(learned.mistakes.iter().sum::<usize>() as f64 <= bound);
            prop_assert!(learned.mistakes.last() == Some(&0));
        }
    }
}

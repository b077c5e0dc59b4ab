//! Softmax cross-entropy over one-hot classes: the negative log probability of the true class.

use crate::data::CLASSES;

const WIDTH: usize = CLASSES as usize;

/// The loss of every example in `logits` (examples × classes), summed.
pub(super) fn total(logits: &[f32], labels: &[u8]) -> f64 {
    logits.chunks_exact(WIDTH).zip(labels).map(|(z, &label)| -f64::from(log_softmax(z)[usize::from(label)])).sum()
}

/// The gradient of the mean loss by the logits: (softmax - one-hot) / examples.
pub(super) fn gradient(logits: &[f32], labels: &[u8]) -> Vec<f32> {
    let scale = 1.0 / labels.len().max(1) as f32;
    let mut gradient = Vec::with_capacity(logits.len());
    for (z, &label) in logits.chunks_exact(WIDTH).zip(labels) {
        let start = gradient.len();
        gradient.extend(log_softmax(z).map(|log| log.exp() * scale));
        gradient[start + usize::from(label)] -= scale;
    }
    gradient
}

/// The most probable class of every example, the first of equals.
pub(super) fn classes(logits: &[f32]) -> Vec<u8> {
    let best = |z: &[f32]| (0..CLASSES).reduce(|best, class| if z[usize::from(class)] > z[usize::from(best)] { class } else { best });
    logits.chunks_exact(WIDTH).filter_map(best).collect()
}

/// The logarithms of the probabilities, z - ln Σ exp(z), the greatest logit taken off first, against overflow.
fn log_softmax(z: &[f32]) -> [f32; WIDTH] {
    let most = z.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut shifted = [0.0; WIDTH];
    for (shifted, z) in shifted.iter_mut().zip(z) {
        *shifted = z - most;
    }
    let log_sum = shifted.iter().map(|z| z.exp()).sum::<f32>().ln();
    shifted.map(|z| z - log_sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_equal_logits_cost_the_logarithm_of_ten() {
        let logits = [1000.0; 20];
        assert!((total(&logits, &[0, 9]) - 2.0 * 10_f64.ln()).abs() < 1e-5);
        let gradient = gradient(&logits, &[0, 9]);
        assert!((gradient[0] + 0.45).abs() < 1e-5 && (gradient[1] - 0.05).abs() < 1e-5 && (gradient[19] + 0.45).abs() < 1e-5);
        assert_eq!(classes(&logits), [0, 0]);
    }
}

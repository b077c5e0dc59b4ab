//! Softmax cross-entropy over one-hot classes: the negative log probability of the true class, in nats.

use super::Batch;
use mlgrade_data::CLASSES;

const WIDTH: usize = CLASSES as usize;

/// The loss of every example in `logits` (classes × examples), summed.
pub(crate) fn total(logits: &Batch, labels: &[u8]) -> f64 {
    labels.iter().enumerate().map(|(e, &label)| -f64::from(log_softmax(logits, e)[usize::from(label)])).sum()
}

/// The gradient of the mean loss by the logits: (softmax - one-hot) / examples.
pub(crate) fn slope(logits: &Batch, labels: &[u8]) -> Batch {
    let scale = 1.0 / labels.len().max(1) as f32;
    let mut slope = Batch::zeros(WIDTH, logits.examples);
    for (e, &label) in labels.iter().enumerate() {
        for (class, log) in log_softmax(logits, e).into_iter().enumerate() {
            let wanted = if class == usize::from(label) { 1.0 } else { 0.0 };
            slope.values[class * logits.examples + e] = (log.exp() - wanted) * scale;
        }
    }
    slope
}

/// The most probable class of every example, the first of equals.
pub(crate) fn classes(logits: &Batch) -> Vec<u8> {
    let logit = |class: u8, e: usize| logits.values[usize::from(class) * logits.examples + e];
    let best = |e| (0..CLASSES).reduce(|best, class| if logit(class, e) > logit(best, e) { class } else { best });
    (0..logits.examples).filter_map(best).collect()
}

/// The logarithms of the probabilities of example `e`, z - ln Σ exp(z), the greatest logit taken off first, against overflow.
fn log_softmax(logits: &Batch, e: usize) -> [f32; WIDTH] {
    let mut z = [0.0; WIDTH];
    z.iter_mut().zip(logits.example(e)).for_each(|(z, logit)| *z = logit);
    let most = z.into_iter().fold(f32::NEG_INFINITY, f32::max);
    let shifted = z.map(|z| z - most);
    let log_sum = shifted.iter().map(|z| z.exp()).sum::<f32>().ln();
    shifted.map(|z| z - log_sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_equal_logits_cost_the_logarithm_of_ten() {
        let logits = Batch { values: vec![1000.0; 20], examples: 2 };
        assert!((total(&logits, &[0, 9]) - 2.0 * 10_f64.ln()).abs() < 1e-5);
        let slope = slope(&logits, &[0, 9]).example(0).collect::<Vec<_>>();
        assert!((slope[0] + 0.45).abs() < 1e-5 && (slope[1] - 0.05).abs() < 1e-5 && (slope[9] - 0.05).abs() < 1e-5);
        assert_eq!(classes(&logits), [0, 0]);
    }
}

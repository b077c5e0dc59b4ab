//! Softmax cross-entropy over one-hot classes: the negative log probability of the true class, in nats.

use candle_core::{DType, Device, Result, Tensor};

/// The mean loss over the examples of `logits` (classes × examples).
pub(crate) fn mean(logits: &Tensor, labels: &[u8]) -> Result<Tensor> {
    cross_entropy(logits, labels.iter().map(|&label| usize::from(label)))
}

/// The same of any number of classes.
pub(crate) fn cross_entropy(logits: &Tensor, labels: impl Iterator<Item = usize>) -> Result<Tensor> {
    let labels: Vec<u32> = labels.map(|label| u32::try_from(label).unwrap_or(u32::MAX)).collect();
    let labels = Tensor::from_vec(labels, logits.dim(1)?, &Device::Cpu)?;
    candle_nn::loss::cross_entropy(&logits.t()?.contiguous()?, &labels)
}

/// The most probable class of every example, the first of equals.
pub(crate) fn classes(logits: &Tensor) -> Result<Vec<u8>> {
    logits.argmax(0)?.to_dtype(DType::U8)?.to_vec1()
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::Var;

    #[test]
    fn ten_equal_logits_cost_the_logarithm_of_ten() {
        let logits = Var::from_vec(vec![1000.0_f32; 20], (10, 2), &Device::Cpu).unwrap();
        let loss = mean(&logits, &[0, 9]).unwrap();
        assert!((loss.to_scalar::<f32>().unwrap() - 10_f32.ln()).abs() < 1e-5);
        let slope = loss.backward().unwrap().get(&logits).unwrap().to_vec2::<f32>().unwrap();
        assert!((slope[0][0] + 0.45).abs() < 1e-5 && (slope[1][0] - 0.05).abs() < 1e-5 && (slope[9][0] - 0.05).abs() < 1e-5);
        assert_eq!(classes(&logits).unwrap(), [0, 0]);
    }
}

//! Metrics of numbers, by the definitions of scikit-learn.

use crate::fault::{Fault, Value, all_finite, finite, mean, paired};

/// The mean squared difference: `mean_squared_error`.
pub fn mse(right: &[f64], predicted: &[f64]) -> Value {
    of_differences(right, predicted, |difference| difference * difference)
}

/// The root of the mean squared difference, in the unit of the values: `root_mean_squared_error`.
pub fn rmse(right: &[f64], predicted: &[f64]) -> Value {
    mse(right, predicted).map(f64::sqrt)
}

/// The mean absolute difference, in the unit of the values: `mean_absolute_error`.
pub fn mae(right: &[f64], predicted: &[f64]) -> Value {
    of_differences(right, predicted, f64::abs)
}

/// The median absolute difference: `median_absolute_error`.
pub fn medae(right: &[f64], predicted: &[f64]) -> Value {
    usable(right, predicted)?;
    let mut differences: Vec<f64> = right.iter().zip(predicted).map(|(right, predicted)| (right - predicted).abs()).collect();
    differences.sort_by(f64::total_cmp);
    let at = |place: usize| differences.get(place).copied().ok_or(Fault::Empty);
    let middle = differences.len() / 2;
    if differences.len() % 2 == 1 { finite(at(middle)?) } else { finite(f64::midpoint(at(middle - 1)?, at(middle)?)) }
}

/// The mean absolute difference over the right answer, a fraction: `mean_absolute_percentage_error`. A right answer of 0 is a fault, where
/// scikit-learn divides by 2e-16.
pub fn mape(right: &[f64], predicted: &[f64]) -> Value {
    usable(right, predicted)?;
    if let Some(row) = right.iter().position(|value| value.abs() <= 0.0) {
        return Err(Fault::RightIsZero { row: row + 1 });
    }
    finite(mean(right.iter().zip(predicted).map(|(right, predicted)| (right - predicted).abs() / right.abs())))
}

/// The share of the variance that is explained: `r2_score`. Of constant right answers it is 1 if they are met and 0 else.
pub fn r2(right: &[f64], predicted: &[f64]) -> Value {
    usable(right, predicted)?;
    if right.len() < 2 {
        return Err(Fault::TooFew("two rows or more"));
    }
    let middle = mean(right.iter().copied());
    let spread: f64 = right.iter().map(|value| (value - middle).powi(2)).sum();
    let left: f64 = right.iter().zip(predicted).map(|(right, predicted)| (right - predicted).powi(2)).sum();
    finite(explained(left, spread))
}

/// The same, but for an error that is equal everywhere: `explained_variance_score`.
pub fn explained_variance(right: &[f64], predicted: &[f64]) -> Value {
    usable(right, predicted)?;
    let variance = |values: &[f64]| {
        let middle = mean(values.iter().copied());
        mean(values.iter().map(|value| (value - middle).powi(2)))
    };
    let differences: Vec<f64> = right.iter().zip(predicted).map(|(right, predicted)| right - predicted).collect();
    finite(explained(variance(&differences), variance(right)))
}

/// The loss of which the `quantile` has the least, from 0 to 1: `mean_pinball_loss(alpha=quantile)`.
pub fn pinball(right: &[f64], predicted: &[f64], quantile: f64) -> Value {
    if !(0.0..=1.0).contains(&quantile) {
        return Err(Fault::Setting("quantile"));
    }
    of_differences(right, predicted, |difference| if difference >= 0.0 { quantile * difference } else { (quantile - 1.0) * difference })
}

/// The root of the mean squared difference of the logarithms of 1 + each: `root_mean_squared_log_error`, of numbers above -1.
pub fn rmsle(right: &[f64], predicted: &[f64]) -> Value {
    usable(right, predicted)?;
    for values in [right, predicted] {
        if let Some((row, &found)) = values.iter().enumerate().find(|&(_, &value)| value <= -1.0) {
            return Err(Fault::TooLow { row: row + 1, found });
        }
    }
    let squares = right.iter().zip(predicted).map(|(right, predicted)| (right.ln_1p() - predicted.ln_1p()).powi(2));
    finite(mean(squares).sqrt())
}

/// The peak signal-to-noise ratio in dB: 10 log₁₀(`peak`² / mean squared difference). It has no value where nothing differs.
pub fn psnr(right: &[f64], predicted: &[f64], peak: f64) -> Value {
    if peak <= 0.0 || !peak.is_finite() {
        return Err(Fault::Setting("peak"));
    }
    finite(10.0 * (peak * peak / mse(right, predicted)?).log10())
}

/// Where there is no spread to explain, 1 if nothing is left and 0 else.
fn explained(left: f64, spread: f64) -> f64 {
    match (spread > 0.0, left > 0.0) {
        (true, _) => 1.0 - left / spread,
        (false, differs) => f64::from(u8::from(!differs)),
    }
}

/// The mean of `of` a right answer less what was predicted.
fn of_differences(right: &[f64], predicted: &[f64], of: impl Fn(f64) -> f64) -> Value {
    usable(right, predicted)?;
    finite(mean(right.iter().zip(predicted).map(|(right, predicted)| of(right - predicted))))
}

fn usable(right: &[f64], predicted: &[f64]) -> Result<(), Fault> {
    paired(right.len(), predicted.len())?;
    all_finite(right)?;
    all_finite(predicted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_value_is_a_fault() {
        assert_eq!(psnr(&[1.0], &[1.0], 1.0), Err(Fault::NotFinite));
        assert_eq!(psnr(&[1.0], &[2.0], 0.0), Err(Fault::Setting("peak")));
        assert_eq!(mape(&[1.0, -0.0], &[1.0, 1.0]), Err(Fault::RightIsZero { row: 2 }));
        assert_eq!(rmsle(&[0.0, 1.0], &[0.0, -1.0]), Err(Fault::TooLow { row: 2, found: -1.0 }));
        assert_eq!(pinball(&[0.0], &[1.0], 1.5), Err(Fault::Setting("quantile")));
        assert_eq!(r2(&[1.0], &[1.0]), Err(Fault::TooFew("two rows or more")));
        assert_eq!(mse(&[1e200], &[-1e200]), Err(Fault::NotFinite));
        assert_eq!((rmse(&[], &[]), mae(&[1.0], &[])), (Err(Fault::Empty), Err(Fault::Lengths { found: 0, expected: 1 })));
    }

    #[test]
    fn the_median_of_an_even_count_lies_between_two() {
        // By hand: the differences are 0, 1, 2 and 9.
        assert_eq!((medae(&[0.0, 1.0, 2.0, 9.0], &[0.0; 4]), medae(&[0.0, 1.0, 9.0], &[0.0; 3])), (Ok(1.5), Ok(1.0)));
    }

    #[test]
    fn an_equal_error_everywhere_is_explained() {
        assert_eq!((explained_variance(&[1.0, 2.0], &[2.0, 3.0]), r2(&[1.0, 2.0], &[2.0, 3.0])), (Ok(1.0), Ok(-3.0)));
        assert_eq!((r2(&[5.0, 5.0], &[5.0, 5.0]), r2(&[5.0, 5.0], &[5.0, 4.0])), (Ok(1.0), Ok(0.0)));
    }
}

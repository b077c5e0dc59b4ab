//! How alike two pictures of one size are.

use crate::Picture;

/// The PSNR of identical pictures, in dB, which has no bound of its own. No greater one is reported.
pub(crate) const MOST_DB: f64 = 100.0;

/// The greatest value of a channel.
const PEAK: f64 = 255.0;

/// The window of the structural similarity: a Gaussian of this standard deviation, cut off after this many pixels on each side.
const SIGMA: f64 = 1.5;
const RADIUS: usize = 5;
const WINDOW: usize = 2 * RADIUS + 1;

/// What the structural similarity averages for each pixel of pictures x and y: x, y, x², y², xy.
type Moments = [f64; 5];

/// The peak signal-to-noise ratio in dB, `10 log10(255² / mean squared error)` over all channels of all pixels, at most `MOST_DB`.
/// `None` for pictures of different or no size.
pub fn psnr(a: &Picture, b: &Picture) -> Option<f64> {
    if !same_size(a, b) || a.rgb.is_empty() {
        return None;
    }
    let squared: u64 = a.rgb.iter().zip(&b.rgb).map(|(a, b)| u64::from(a.abs_diff(*b)).pow(2)).sum();
    let error = squared as f64 / a.rgb.len() as f64;
    Some((10.0 * (PEAK * PEAK / error).log10()).min(MOST_DB))
}

/// The mean structural similarity, from -1 to 1 for identical pictures, over the channels and all pixels whose window of 11×11 lies
/// inside (Wang, Bovik, Sheikh and Simoncelli 2004; K1 = 0.01, K2 = 0.03). `None` for pictures of different sizes or below 11 pixels
/// a side.
///
/// It is `skimage.metrics.structural_similarity(a, b, channel_axis=2, data_range=255, gaussian_weights=True, sigma=1.5,
/// use_sample_covariance=False)`.
pub fn ssim(a: &Picture, b: &Picture) -> Option<f64> {
    if !same_size(a, b) || a.width.min(a.height) < WINDOW {
        return None;
    }
    let channel = |channel: usize| {
        let bytes = |picture: &Picture| picture.rgb.iter().skip(channel).step_by(3).copied().map(f64::from).collect::<Vec<_>>();
        let moments: Vec<Moments> = bytes(a).into_iter().zip(bytes(b)).map(|(x, y)| [x, y, x * x, y * y, x * y]).collect();
        let means = blurred_and_turned(&blurred_and_turned(&moments, a.width), a.height);
        means.iter().map(index).sum::<f64>() / means.len() as f64
    };
    Some((channel(0) + channel(1) + channel(2)) / 3.0)
}

/// The similarity at one pixel from the weighted means around it (equation 13 of the paper).
fn index(&[x, y, xx, yy, xy]: &Moments) -> f64 {
    let (c1, c2) = ((0.01 * PEAK).powi(2), (0.03 * PEAK).powi(2));
    let (variances, covariance) = (xx - x * x + yy - y * y, xy - x * y);
    (2.0 * x * y + c1) * (2.0 * covariance + c2) / ((x * x + y * y + c1) * (variances + c2))
}

/// Each row's weighted means where the window lies inside, with rows and columns swapped: twice gives both directions.
fn blurred_and_turned(rows: &[Moments], width: usize) -> Vec<Moments> {
    let weights = weights();
    let mean = |window: &[Moments]| {
        let mut mean = Moments::default();
        for (moments, weight) in window.iter().zip(weights) {
            mean.iter_mut().zip(moments).for_each(|(sum, value)| *sum += weight * value);
        }
        mean
    };
    (0..=width - WINDOW).flat_map(|x| rows.chunks_exact(width).map(move |row| mean(&row[x..x + WINDOW]))).collect()
}

/// The Gaussian's weights, whose sum is 1.
fn weights() -> [f64; WINDOW] {
    let weights: [f64; WINDOW] = std::array::from_fn(|i| (-0.5 * (i.abs_diff(RADIUS) as f64 / SIGMA).powi(2)).exp());
    let sum: f64 = weights.iter().sum();
    weights.map(|weight| weight / sum)
}

fn same_size(a: &Picture, b: &Picture) -> bool {
    (a.width, a.height) == (b.width, b.height)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn picture(width: usize, height: usize) -> impl Strategy<Value = Picture> {
        prop::collection::vec(any::<u8>(), width * height * 3).prop_map(move |rgb| Picture { width, height, rgb })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

        #[test]
        fn both_are_symmetric_and_best_for_the_picture_itself(a in picture(13, 12), b in picture(13, 12)) {
            let close = |x: Option<f64>, y: Option<f64>| x.zip(y).is_some_and(|(x, y)| (x - y).abs() < 1e-12);
            prop_assert!(close(psnr(&a, &b), psnr(&b, &a)) && close(ssim(&a, &b), ssim(&b, &a)));
            prop_assert!(close(psnr(&a, &a), Some(100.0)) && close(ssim(&a, &a), Some(1.0)));
            prop_assert!(psnr(&a, &b) < Some(100.0) && ssim(&a, &b) < Some(1.0));
        }
    }

    #[test]
    fn other_sizes_are_not_compared() {
        let flat = |width: usize, height: usize| Picture { width, height, rgb: vec![7; width * height * 3] };
        assert_eq!((psnr(&flat(20, 11), &flat(11, 20)), ssim(&flat(20, 11), &flat(11, 20))), (None, None));
        assert_eq!((psnr(&flat(0, 0), &flat(0, 0)), ssim(&flat(10, 20), &flat(10, 20))), (None, None));
    }

    #[test]
    fn one_grey_level_of_difference_is_48_decibels() {
        // By hand: the mean squared error is 1, and 20 log10(255) = 48.1308.
        let flat = |value: u8| Picture { width: 2, height: 2, rgb: vec![value; 12] };
        assert!(psnr(&flat(100), &flat(101)).is_some_and(|db| (db - 48.130_804).abs() < 1e-6));
        assert_eq!(psnr(&flat(0), &flat(255)), Some(0.0));
    }
}

//! The colours that text may stand on.

use mlgrade_picture::Picture;

/// A colour fills at least this share of a picture to be a paper: one in 25.
const SHARE: usize = 25;

/// Papers that are looked at.
const PAPERS: usize = 3;

/// How far two colours must be apart to be two papers.
const APART: u8 = 12;

/// Pixels that are counted at most; of larger pictures every n-th.
const SAMPLE: usize = 30_000;

/// The most frequent colours, the most frequent first.
pub(super) fn papers(picture: &Picture) -> Vec<[u8; 3]> {
    let pixels = picture.rgb.len() / 3;
    // An odd step, so that it does not run along columns.
    let step = (pixels / SAMPLE) | 1;
    let mut counts = vec![0_u32; 1 << 15];
    let bin = |pixel: &[u8]| (usize::from(pixel[0] >> 3) << 10) | (usize::from(pixel[1] >> 3) << 5) | usize::from(pixel[2] >> 3);
    let mut seen = 0;
    for pixel in picture.rgb.chunks_exact(3).step_by(step) {
        counts[bin(pixel)] += 1;
        seen += 1;
    }
    let mut order: Vec<usize> = (0..counts.len()).filter(|i| counts[*i] as usize * SHARE * 2 >= seen && counts[*i] > 0).collect();
    order.sort_by_key(|i| std::cmp::Reverse(counts[*i]));
    order.truncate(3 * PAPERS);
    // Noise spreads a paper over several bins: each is taken at the mean of its pixels, and neighbours count as one.
    let mut sums = vec![[0_u64; 4]; order.len()];
    let mut place = vec![None; counts.len()];
    for (k, bin) in order.iter().enumerate() {
        place[*bin] = u8::try_from(k).ok();
    }
    for pixel in picture.rgb.chunks_exact(3).step_by(step) {
        if let Some(sum) = place[bin(pixel)].and_then(|k| sums.get_mut(usize::from(k))) {
            for (sum, value) in sum.iter_mut().zip([pixel[0], pixel[1], pixel[2], 1]) {
                *sum += u64::from(value);
            }
        }
    }
    let mut found: Vec<([u8; 3], usize)> = Vec::new();
    for sum in sums {
        let count = sum[3].max(1);
        let colour = [0, 1, 2].map(|c| u8::try_from((sum[c] + count / 2) / count).unwrap_or(u8::MAX));
        let share = usize::try_from(sum[3]).unwrap_or(0);
        match found.iter_mut().find(|(other, _)| difference(*other, colour) < APART) {
            Some((_, total)) => *total += share,
            None => found.push((colour, share)),
        }
    }
    found.retain(|(_, count)| count * SHARE >= seen);
    found.truncate(PAPERS);
    found.into_iter().map(|(colour, _)| colour).collect()
}

/// The largest difference of a channel.
pub(crate) fn difference(a: [u8; 3], b: [u8; 3]) -> u8 {
    a[0].abs_diff(b[0]).max(a[1].abs_diff(b[1])).max(a[2].abs_diff(b[2]))
}

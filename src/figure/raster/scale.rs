//! The scale of an axis: from tick labels that agree to a map between values and pixels.

/// A tick label: where it stands along the axis, in pixels, and the values that its text may mean, the likeliest first.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tick {
    pub(super) at: f64,
    pub(super) values: Vec<f64>,
    /// Whether the text is one small digit from 2 to 9, which plotly writes for that many times the power of ten below it.
    pub(super) digit: bool,
}

/// A map from values to pixels: `pixel = origin + unit · value`, or of the value's decimal logarithm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    pub(super) origin: f64,
    pub(super) unit: f64,
    pub(super) log: bool,
}

impl Scale {
    /// Where `value` stands; `None` for what a logarithmic axis cannot show.
    pub(super) fn pixel(&self, value: f64) -> Option<f64> {
        Some(self.origin + self.unit * transformed(value, self.log)?)
    }

    /// The value at `pixel`.
    pub(super) fn value(&self, pixel: f64) -> f64 {
        let value = (pixel - self.origin) / self.unit;
        if self.log { 10_f64.powf(value) } else { value }
    }

    /// The scale if every label stood for `factor` times its value.
    pub(super) fn times(self, factor: f64) -> Self {
        if self.log { Self { origin: self.origin - self.unit * factor.log10(), ..self } } else { Self { unit: self.unit / factor, ..self } }
    }
}

fn transformed(value: f64, log: bool) -> Option<f64> {
    if !log {
        return Some(value);
    }
    (value > 0.0).then(|| value.log10())
}

/// A scale on which at least three labels and 60 % of all agree, with the numbers of those that do (random sample consensus: Fischler
/// and Bolles, 1981; here over all pairs). Of two scales with as many labels the linear one is taken.
pub(super) fn agree(ticks: &[Tick], tolerance: f64) -> Option<(Scale, Vec<usize>)> {
    let ticks = &ticks[..ticks.len().min(MOST_TICKS)];
    let mut best: Option<Fit> = None;
    for log in [false, true] {
        let points: Vec<(usize, f64, f64)> = (ticks.iter().enumerate())
            .flat_map(|(i, tick)| {
                let decades = if log && tick.digit { -4..=4 } else { 0..=0 };
                let values = tick.values.iter().flat_map(move |&value| decades.clone().map(move |decade| value * 10_f64.powi(decade)));
                values.filter_map(move |value| Some((i, tick.at, transformed(value, log)?)))
            })
            .collect();
        for (i, &(tick, at, value)) in points.iter().enumerate() {
            for &(other, there, another) in &points[i + 1..] {
                if tick == other || (at - there).abs() < LEAST_APART || (value - another).abs() < f64::MIN_POSITIVE {
                    continue;
                }
                let unit = (there - at) / (another - value);
                let scale = Scale { origin: at - unit * value, unit, log };
                let (inliers, error) = inliers(&points, &scale, tolerance);
                let better = best.as_ref().is_none_or(|(_, most, least)| {
                    inliers.len() > most.len() || (inliers.len() == most.len() && error + 1e-9 < *least && scale.log == log && best_is(best.as_ref(), log))
                });
                if better {
                    best = Some((scale, inliers, error));
                }
            }
        }
    }
    let (scale, inliers, _) = best?;
    if inliers.len() < 3 || inliers.len() * 10 < ticks.len() * 6 {
        return None;
    }
    let labels = inliers.iter().map(|&(i, _)| i).collect();
    Some((through(ticks, &inliers, scale.log), labels))
}

/// A scale, the labels on it with their transformed values, and the sum of their distances.
type Fit = (Scale, Vec<(usize, f64)>, f64);

fn best_is(best: Option<&Fit>, log: bool) -> bool {
    best.is_some_and(|(scale, ..)| scale.log == log)
}

const MOST_TICKS: usize = 40;

/// Labels nearer to each other, in pixels, say too little about the scale.
const LEAST_APART: f64 = 6.0;

/// The labels on the scale, each once with its transformed value, and the sum of their distances.
fn inliers(points: &[(usize, f64, f64)], scale: &Scale, tolerance: f64) -> (Vec<(usize, f64)>, f64) {
    let mut found: Vec<(usize, f64)> = Vec::new();
    let mut sum = 0.0;
    for &(tick, at, value) in points {
        let off = (scale.origin + scale.unit * value - at).abs();
        if off <= tolerance && found.last().is_none_or(|&(last, _)| last != tick) {
            found.push((tick, value));
            sum += off;
        }
    }
    (found, sum)
}

/// The least-squares line through the labels that agree.
fn through(ticks: &[Tick], inliers: &[(usize, f64)], log: bool) -> Scale {
    let count = inliers.len() as f64;
    let mean_value = inliers.iter().map(|&(_, value)| value).sum::<f64>() / count;
    let mean_at = inliers.iter().map(|&(i, _)| ticks[i].at).sum::<f64>() / count;
    let (mut covariance, mut variance) = (0.0, 0.0);
    for &(i, value) in inliers {
        covariance += (value - mean_value) * (ticks[i].at - mean_at);
        variance += (value - mean_value).powi(2);
    }
    let unit = covariance / variance;
    Scale { origin: mean_at - unit * mean_value, unit, log }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticks(labels: &[(f64, f64)]) -> Vec<Tick> {
        labels.iter().map(|&(at, value)| Tick { at, values: vec![value], digit: false }).collect()
    }

    #[test]
    fn labels_that_agree_make_a_scale_and_a_misread_one_is_left_out() {
        // 0.2 a tick of 50 pixels, upwards from 400; the fourth was read as 8 for 0.8.
        let labels = ticks(&[(400.0, 0.2), (350.0, 0.4), (300.0, 0.6), (250.0, 8.0), (200.4, 1.0)]);
        let (scale, agreeing) = agree(&labels, 1.5).unwrap();
        assert_eq!(agreeing, [0, 1, 2, 4]);
        assert!((scale.pixel(0.8).unwrap() - 250.0).abs() < 0.5 && (scale.value(250.0) - 0.8).abs() < 0.005 && !scale.log);
    }

    #[test]
    fn powers_of_ten_make_a_logarithmic_scale() {
        let (scale, agreeing) = agree(&ticks(&[(300.0, 0.01), (200.0, 0.1), (100.0, 1.0)]), 1.0).unwrap();
        assert_eq!((agreeing.len(), scale.log), (3, true));
        assert!((scale.value(150.0) - 0.316_227_766).abs() < 1e-6);
        assert_eq!(scale.pixel(0.0), None);
        assert!((scale.times(10.0).value(150.0) - 3.162_277_66).abs() < 1e-5);
    }

    #[test]
    fn two_labels_or_a_minority_pin_nothing() {
        assert_eq!(agree(&ticks(&[(0.0, 1.0), (50.0, 2.0)]), 1.0), None);
        let mess = [(0.0, 1.0), (50.0, 2.0), (100.0, 3.0), (150.0, 17.0), (200.0, 1.5), (250.0, 44.0)];
        assert_eq!(agree(&ticks(&mess), 1.0), None);
    }
}

//! The scale of an axis: from tick labels that agree to a map between values and pixels.

/// A tick label: where it stands along the axis, in pixels, and the values that its text may mean, each with how unlikely it is.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::raster) struct Tick {
    pub(in crate::raster) at: f64,
    pub(in crate::raster) values: Vec<(f64, f64)>,
    /// Whether the text is one small digit from 2 to 9, which plotly writes for that many times the power of ten below it.
    pub(in crate::raster) digit: bool,
}

/// A map from values to pixels: `pixel = origin + unit · value`, or of the value's decimal logarithm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::raster) struct Scale {
    pub(in crate::raster) origin: f64,
    pub(in crate::raster) unit: f64,
    pub(in crate::raster) log: bool,
}

impl Scale {
    /// Where `value` stands; `None` for what a logarithmic axis cannot show.
    pub(in crate::raster) fn pixel(&self, value: f64) -> Option<f64> {
        Some(self.origin + self.unit * transformed(value, self.log)?)
    }

    /// The value at `pixel`.
    pub(in crate::raster) fn value(&self, pixel: f64) -> f64 {
        let value = (pixel - self.origin) / self.unit;
        if self.log { 10_f64.powf(value) } else { value }
    }

    /// The scale if every label stood for `factor` times its value.
    pub(in crate::raster) fn times(self, factor: f64) -> Self {
        if self.log { Self { origin: self.origin - self.unit * factor.log10(), ..self } } else { Self { unit: self.unit / factor, ..self } }
    }
}

fn transformed(value: f64, log: bool) -> Option<f64> {
    if !log {
        return Some(value);
    }
    (value > 0.0).then(|| value.log10())
}

/// A scale on which labels agree.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::raster) struct Agreed {
    pub(in crate::raster) scale: Scale,
    /// The numbers of the labels.
    pub(in crate::raster) labels: Vec<usize>,
    /// Whether no other power of ten explains them as well.
    pub(in crate::raster) sure: bool,
}

/// A scale on which at least three labels and 60 % of all agree (random sample consensus: Fischler
/// and Bolles, 1981; here over all pairs). Of two scales with as many labels the linear one is taken.
pub(in crate::raster) fn agree(ticks: &[Tick], tolerance: f64) -> Option<Agreed> {
    let ticks = &ticks[..ticks.len().min(MOST_TICKS)];
    let mut best: Option<Fit> = None;
    let mut sure = true;
    for log in [false, true] {
        let points: Vec<Meaning> = (ticks.iter().enumerate())
            .flat_map(|(i, tick)| {
                let decades = if log && tick.digit { -4..=4 } else { 0..=0 };
                let values = tick.values.iter().flat_map(move |&(value, lag)| decades.clone().map(move |decade| (value * 10_f64.powi(decade), lag)));
                values.filter_map(move |(value, lag)| Some(Meaning { tick: i, at: tick.at, value: transformed(value, log)?, lag }))
            })
            .collect();
        for (i, one) in points.iter().enumerate() {
            for other in &points[i + 1..] {
                if one.tick == other.tick || (one.at - other.at).abs() < LEAST_APART || (one.value - other.value).abs() < f64::MIN_POSITIVE {
                    continue;
                }
                let unit = (other.at - one.at) / (other.value - one.value);
                let scale = Scale { origin: one.at - unit * one.value, unit, log };
                let fit = inliers(&points, scale, tolerance);
                if best.as_ref().is_none_or(|best| fit.beats(best)) {
                    best = Some(fit);
                }
            }
        }
        if let Some(best) = best.as_ref().filter(|best| best.scale.log && log) {
            sure = !(-DECADES..=DECADES).filter(|&decade| decade != 0).any(|decade| {
                let other = inliers(&points, Scale { origin: best.scale.origin + best.scale.unit * f64::from(decade), ..best.scale }, tolerance);
                other.inliers.len() >= best.inliers.len() && other.lag < best.lag + CLEARLY * best.inliers.len() as f64
            });
        }
    }
    let Fit { scale, inliers, .. } = best?;
    if inliers.len() < 3 || inliers.len() * 10 < ticks.len() * 6 {
        return None;
    }
    let labels = inliers.iter().map(|&(i, _)| i).collect();
    Some(Agreed { scale: through(ticks, &inliers, scale.log), labels, sure })
}

/// One of the values that a label may mean, on the axis: its logarithm where that is logarithmic.
struct Meaning {
    tick: usize,
    at: f64,
    value: f64,
    lag: f64,
}

/// A scale, the labels on it with their values on the axis, how unlikely these are, and the sum of the labels' distances.
struct Fit {
    scale: Scale,
    inliers: Vec<(usize, f64)>,
    lag: f64,
    error: f64,
}

impl Fit {
    /// Whether it has more labels, or as many on the same kind of axis that are likelier, or nearer.
    fn beats(&self, other: &Self) -> bool {
        if self.inliers.len() != other.inliers.len() || self.scale.log != other.scale.log {
            return self.inliers.len() > other.inliers.len();
        }
        self.lag + 1e-6 < other.lag || (self.lag < other.lag + 1e-6 && self.error + 1e-9 < other.error)
    }
}

const MOST_TICKS: usize = 40;

/// Powers of ten by which the small digits of an axis may all be misread, and by how much less likely, for each label, they must be so.
const DECADES: i32 = 4;
const CLEARLY: f64 = 0.1;

/// Labels nearer to each other, in pixels, say too little about the scale.
const LEAST_APART: f64 = 6.0;

/// The labels on the scale, each once in its likeliest meaning.
fn inliers(points: &[Meaning], scale: Scale, tolerance: f64) -> Fit {
    let mut fit = Fit { scale, inliers: Vec::new(), lag: 0.0, error: 0.0 };
    let mut last = (0.0, 0.0);
    for point in points {
        let off = (scale.origin + scale.unit * point.value - point.at).abs();
        if off > tolerance {
            continue;
        }
        if fit.inliers.last().is_some_and(|&(tick, _)| tick == point.tick) {
            if point.lag >= last.0 {
                continue;
            }
            fit.inliers.pop();
            (fit.lag, fit.error) = (fit.lag - last.0, fit.error - last.1);
        }
        fit.inliers.push((point.tick, point.value));
        (fit.lag, fit.error) = (fit.lag + point.lag, fit.error + off);
        last = (point.lag, off);
    }
    fit
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
        labels.iter().map(|&(at, value)| Tick { at, values: vec![(value, 0.0)], digit: false }).collect()
    }

    #[test]
    fn labels_that_agree_make_a_scale_and_a_misread_one_is_left_out() {
        // 0.2 a tick of 50 pixels, upwards from 400; the fourth was read as 8 for 0.8.
        let labels = ticks(&[(400.0, 0.2), (350.0, 0.4), (300.0, 0.6), (250.0, 8.0), (200.4, 1.0)]);
        let Agreed { scale, labels: agreeing, sure } = agree(&labels, 1.5).unwrap();
        assert_eq!((agreeing, sure), (vec![0, 1, 2, 4], true));
        assert!((scale.pixel(0.8).unwrap() - 250.0).abs() < 0.5 && (scale.value(250.0) - 0.8).abs() < 0.005 && !scale.log);
    }

    #[test]
    fn powers_of_ten_make_a_logarithmic_scale() {
        let Agreed { scale, labels: agreeing, sure } = agree(&ticks(&[(300.0, 0.01), (200.0, 0.1), (100.0, 1.0)]), 1.0).unwrap();
        assert_eq!((agreeing.len(), scale.log, sure), (3, true, true));
        assert!((scale.value(150.0) - 0.316_227_766).abs() < 1e-6);
        assert_eq!(scale.pixel(0.0), None);
        assert!((scale.times(10.0).value(150.0) - 3.162_277_66).abs() < 1e-5);
    }

    #[test]
    fn small_digits_that_may_be_misread_are_read_so_that_the_labels_agree() {
        // 10², 10¹ and 10⁰, the last one read as 10⁴; then the same where every digit may as well be one more.
        let mut labels = ticks(&[(100.0, 100.0), (200.0, 10.0), (300.0, 1e4)]);
        labels[2].values.push((1.0, 0.4));
        let found = agree(&labels, 1.0).unwrap();
        assert!((found.scale.pixel(1.0).unwrap() - 300.0).abs() < 1e-9 && found.sure);
        labels[0].values.push((1000.0, 0.05));
        labels[1].values.push((100.0, 0.05));
        labels[2].values.push((10.0, 0.4));
        assert!(!agree(&labels, 1.0).unwrap().sure);
    }

    #[test]
    fn two_labels_or_a_minority_pin_nothing() {
        assert_eq!(agree(&ticks(&[(0.0, 1.0), (50.0, 2.0)]), 1.0), None);
        let mess = [(0.0, 1.0), (50.0, 2.0), (100.0, 3.0), (150.0, 17.0), (200.0, 1.5), (250.0, 44.0)];
        assert_eq!(agree(&ticks(&mess), 1.0), None);
    }
}

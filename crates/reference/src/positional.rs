//! A picture as a network from position to colour, with raw positions and with sines and cosines of them.

use candle_core::Tensor;

use super::network::images::of_rows;
use super::network::{Layer, Learner, Start};
use super::optimizer::Method;
use super::plot::{Curve, LinePlot, Scale};
use super::series::{last, one_to};
use super::settings::{is_rate, setting};
use super::side_by_side::side_by_side;
use super::{Entry, Fault, Reference, Run, Steps, Watch};
use mlgrade_data::DataSet;
use mlgrade_domain::fields::Fields;
use mlgrade_domain::seed::Seed;
use mlgrade_domain::tolerance::Tolerance;
use mlgrade_domain::value::Value;
use mlgrade_picture::Picture;
use mlgrade_picture::similarity::{psnr, ssim};

const NAME: &str = "positional";

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    doc: "\
Trains a network of four dense layers (ReLU between them, sigmoids at the end, mean squared error) to give the colour of a picture's pixel for
its position, once from the raw position and once from its sines and cosines, and draws what each has learnt.

Position: x and y of the pixel's middle, from 0 to 1. Encoded: sin(2ᵏ π x), cos(2ᵏ π x) and the same of y for k = 0, 1, … octaves - 1.
Data: a picture.
Settings: width = 128 (of the three hidden layers), octaves = 7, epochs = 60, batch = 500 (pixels), learning_rate = 0.003 (Adam),
decay = 0.95 (multiplies it after every epoch).
Metrics: raw.loss and encoded.loss (mean squared error over an epoch's batches, colours from 0 to 1; one value an epoch), raw.psnr and
encoded.psnr (dB, of the drawn picture, peak 255), raw.ssim and encoded.ssim.
Files: figures/raw.png, figures/encoded.png (the reconstructions), figures/positional.svg (the losses).
Sources: Tancik et al. 2020 (Fourier features; here along the axes, as in Mildenhall et al. 2020); Wang, Bovik, Sheikh and Simoncelli 2004
(SSIM).",
    read: |fields| Some(Box::new(Positional::read(fields))),
};

/// The reference with its settings.
#[derive(Debug)]
struct Positional {
    width: usize,
    octaves: usize,
    epochs: usize,
    batch: usize,
    rate: f64,
    decay: f64,
}

/// How a position enters the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Raw,
    Sinusoidal,
}

const ENCODINGS: [(Encoding, &str); 2] = [(Encoding::Sinusoidal, "encoded"), (Encoding::Raw, "raw")];
/// Red, green and blue.
const CHANNELS: usize = 3;

/// What one training brought.
#[derive(Debug)]
struct Outcome {
    losses: Vec<f64>,
    picture: Picture,
}

impl Positional {
    fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            width: setting(fields, "width", 128, |width| (1..=4_096).contains(width), "from 1 to 4,096"),
            octaves: setting(fields, "octaves", 7, |octaves| (1..=16).contains(octaves), "from 1 to 16"),
            epochs: setting(fields, "epochs", 60, |epochs| (1..=10_000).contains(epochs), "from 1 to 10,000"),
            batch: setting(fields, "batch", 500, |batch| *batch >= 1, "at least 1"),
            rate: setting(fields, "learning_rate", 0.003, |&rate| is_rate(rate), "above 0"),
            decay: setting(fields, "decay", 0.95, |&decay| is_rate(decay) && decay <= 1.0, "above 0 and at most 1"),
        }
    }

    /// What the network sees of each pixel, row by row.
    fn positions(&self, encoding: Encoding, picture: &Picture) -> Vec<Vec<f32>> {
        let along = |place: usize, length: usize| (place as f32 + 0.5) / length as f32;
        let pixels = (0..picture.height).flat_map(|y| (0..picture.width).map(move |x| (x, y)));
        let features = |(x, y): (usize, usize)| {
            let position = [along(x, picture.width), along(y, picture.height)];
            let waves = |value: f32| (0..self.octaves).map(move |k| value * std::f32::consts::PI * 2.0_f32.powi(i32::try_from(k).unwrap_or(0)));
            match encoding {
                Encoding::Raw => position.to_vec(),
                Encoding::Sinusoidal => position.into_iter().flat_map(waves).flat_map(|angle| [angle.sin(), angle.cos()]).collect(),
            }
        };
        pixels.map(features).collect()
    }

    fn train(&self, encoding: Encoding, target: &Picture, seed: Seed, watch: impl Fn(&[f64])) -> candle_core::Result<Outcome> {
        let positions = self.positions(encoding, target);
        let colours: Vec<Vec<f32>> = target.rgb.chunks_exact(CHANNELS).map(|pixel| pixel.iter().map(|&value| f32::from(value) / 255.0).collect()).collect();
        let inputs = positions.first().map_or(0, Vec::len);
        let batch = |rows: &[usize], of: &[Vec<f32>], features: usize| of_rows(rows.iter().map(|&row| of[row].as_slice()), features);

        let mut layers = Layer::perceptron(inputs, &[self.width; 3], CHANNELS, 0.0);
        layers.push(Layer::Sigmoid);
        let mut learner = Learner::new(layers, Start::He, Method::Adam, positions.len(), self.batch, seed)?;
        let (mut losses, mut rate) = (Vec::new(), self.rate);
        for _ in 0..self.epochs {
            let squares = |output: &Tensor, rows: &[usize]| candle_nn::loss::mse(output, &batch(rows, &colours, CHANNELS)?);
            losses.push(learner.epoch(rate, |rows| batch(rows, &positions, inputs), squares)?);
            rate *= self.decay;
            watch(&losses);
        }
        let order: Vec<usize> = (0..positions.len()).collect();
        let mut rgb = Vec::with_capacity(target.rgb.len());
        for rows in order.chunks(self.batch) {
            rgb.extend(colours_of(&learner.network.output(batch(rows, &positions, inputs)?)?)?);
        }
        Ok(Outcome { losses, picture: Picture { width: target.width, height: target.height, rgb } })
    }
}

/// The bytes of the pixels of a batch of colours, pixel by pixel.
fn colours_of(output: &Tensor) -> candle_core::Result<Vec<u8>> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a sigmoid lies between 0 and 1")]
    let byte = |value: f32| (255.0 * value).round() as u8;
    Ok(output.t()?.flatten_all()?.to_vec1::<f32>()?.into_iter().map(byte).collect())
}

/// The picture to learn.
fn target_of(data: &DataSet) -> Result<&Picture, Fault> {
    match data {
        DataSet::Picture(target) => Ok(target),
        _ => Err(Fault::Unsuitable { reference: NAME, needs: "a picture", found: data.kind() }),
    }
}

impl Reference for Positional {
    fn run(&self, data: &DataSet, seed: Seed, watch: &dyn Watch) -> Result<Run, Fault> {
        let target = target_of(data)?;
        let steps = Steps::new(watch, ENCODINGS.len() * self.epochs);
        let outcomes = side_by_side(NAME, &ENCODINGS, |&(encoding, name)| {
            let note = |losses: &[f64]| steps.step(&format!("{name}, epoch {}: loss {:.5}", losses.len(), last(losses)));
            self.train(encoding, target, seed.derive(name), note).map_err(|error| Fault::library(NAME, error))
        })?;
        let mut run = Run::default();
        let mut curves = Vec::new();
        for (colour, ((_, name), outcome)) in ENCODINGS.into_iter().zip(outcomes).enumerate() {
            run.state(format!("{name}.loss"), Value::series(outcome.losses.iter().copied()));
            for (metric, likeness) in [("psnr", psnr(&outcome.picture, target)), ("ssim", ssim(&outcome.picture, target))] {
                let likeness = likeness.ok_or_else(|| Fault::Data { reference: NAME, message: "the picture is too small".to_owned() })?;
                run.state(format!("{name}.{metric}"), Value::number(likeness));
            }
            run.files.insert(format!("figures/{name}.png"), outcome.picture.png().map_err(|error| Fault::library(NAME, error))?);
            curves.push(Curve { name: format!("{name} position"), y: outcome.losses, colour, dashed: false });
        }
        let plot = LinePlot {
            title: "Loss of the picture's network",
            x_label: "epoch",
            y_label: "mean squared error (logarithmic)",
            x: &one_to(self.epochs),
            x_scale: Scale::Linear,
            y_scale: Scale::Log10,
            curves,
        };
        run.draw(NAME, NAME, plot.svg())?;
        Ok(run)
    }

    fn suits(&self, data: &DataSet) -> Result<(), Fault> {
        target_of(data).map(|_| ())
    }

    fn names(&self) -> Vec<String> {
        ENCODINGS.iter().flat_map(|(_, name)| ["loss", "psnr", "ssim"].map(|metric| format!("{name}.{metric}"))).collect()
    }

    fn drift(&self, name: &str) -> Tolerance {
        match name.rsplit('.').next() {
            Some("psnr") => Tolerance { absolute: 1.0, relative: 0.0 },
            Some("ssim") => Tolerance { absolute: 0.03, relative: 0.0 },
            _ => Tolerance { absolute: 0.001, relative: 0.3 },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Unwatched;

    /// Stripes too fine for raw positions.
    fn stripes() -> DataSet {
        let rgb = (0..16 * 16).flat_map(|pixel| if pixel % 16 / 2 % 2 == 0 { [230, 40, 40] } else { [20, 20, 200] }).collect();
        DataSet::Picture(Picture { width: 16, height: 16, rgb })
    }

    #[test]
    fn encoded_positions_draw_fine_stripes_and_raw_ones_do_not() {
        let reference = Positional { width: 32, octaves: 5, epochs: 60, batch: 64, rate: 0.01, decay: 0.97 };
        for seed in 0..3 {
            let [one, two] = [1, 2].map(|threads| {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
                pool.install(|| reference.run(&stripes(), Seed::new(seed), &Unwatched)).unwrap()
            });
            assert_eq!(one, two);
            assert!(reference.names().iter().eq(one.metrics.keys()));
            let psnr = |name: &str| if let Value::Number(psnr) = one.metrics[name] { psnr.get() } else { f64::NAN };
            assert!(psnr("encoded.psnr") > 25.0 && psnr("raw.psnr") < 15.0, "{} {}", psnr("encoded.psnr"), psnr("raw.psnr"));
        }
    }
}

//! Vanishing gradients: how much of the loss's slope reaches each layer of a deep network.

use super::digits::{self, CLASSES, Digits};
use super::draws::Draws;
use super::network::{Layer, Network, Start, images, loss};
use super::plot::{Curve, LinePlot, Scale};
use super::series::{last, one_to};
use super::settings::setting;
use super::{Entry, Fault, Reference, Run, Watch};
use mlgrade_data::DataSet;
use mlgrade_domain::fields::Fields;
use mlgrade_domain::seed::Seed;
use mlgrade_domain::tolerance::Tolerance;
use mlgrade_domain::value::Value;

const NAME: &str = "vanishing";

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    doc: "\
Measures, before any training, the gradient of the loss by the weights of every layer of a deep network: once with sigmoids, once with ReLU,
once with ReLU and residual modules of two layers each, y = relu(x + W₂ relu(W₁ x + b₁) + b₂). All weights start as PyTorch's nn.Linear has them.

Data: grey labelled images of up to ten classes.
Settings: layers = 16 (hidden layers of equal width, an even number), width = 64, batch = 256 (the first training images, on which the loss
is taken).
Metrics: vanishing.sigmoid.gradient_norms, vanishing.relu.gradient_norms, vanishing.residual.gradient_norms (the Euclidean norm of the gradient
of the mean cross-entropy by the weight matrix of each layer, the first layer first: layers + 2 numbers) and vanishing.….ratio (the first
divided by the last).
Answers: vanishing_network (sigmoid, relu or residual).
Files: figures/vanishing.svg.
Sources: Hochreiter 1991; Bengio, Simard and Frasconi 1994; Glorot and Bengio 2010; He, Zhang, Ren and Sun 2015 (residual modules).",
    read: |fields| Some(Box::new(Vanishing::read(fields))),
};

/// The reference with its settings.
#[derive(Debug)]
struct Vanishing {
    layers: usize,
    width: usize,
    batch: usize,
}

/// The three networks.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Sigmoid,
    Relu,
    Residual,
}

const KINDS: [(Kind, &str); 3] = [(Kind::Sigmoid, "sigmoid"), (Kind::Relu, "relu"), (Kind::Residual, "residual")];

impl Vanishing {
    fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            layers: setting(fields, "layers", 16, |layers| (2..=200).contains(layers) && layers % 2 == 0, "an even number from 2 to 200"),
            width: setting(fields, "width", 64, |width| (1..=4_096).contains(width), "from 1 to 4,096"),
            batch: setting(fields, "batch", 256, |batch| (1..=10_000).contains(batch), "from 1 to 10,000"),
        }
    }

    fn network(&self, kind: Kind, pixels: usize, seed: Seed) -> candle_core::Result<Network> {
        let width = self.width;
        let activation = if matches!(kind, Kind::Sigmoid) { Layer::Sigmoid } else { Layer::Relu };
        let pair = [Layer::dense(width, width), activation.clone(), Layer::dense(width, width)];
        let mut layers = vec![Layer::dense(pixels, width), activation.clone()];
        for _ in 0..self.layers / 2 {
            layers.push(Layer::Block { skip: matches!(kind, Kind::Residual), layers: pair.to_vec() });
            layers.push(activation.clone());
        }
        layers.push(Layer::dense(width, usize::from(CLASSES)));
        Network::new(layers, Start::Torch, &mut Draws::new(seed))
    }
}

impl Vanishing {
    /// The norm of the gradient of the loss on the images `few` by the weights of every layer, the first layer first.
    fn gradient_norms(&self, kind: Kind, few: &Digits, seed: Seed) -> candle_core::Result<Vec<f64>> {
        let network = self.network(kind, few.x_train.height * few.x_train.width, seed.derive("weights"))?;
        let rows: Vec<usize> = (0..few.x_train.count).collect();
        let logits = network.in_training(images::of_images(&few.x_train, &rows, images::Shown::default)?, &mut Draws::new(seed.derive("masks")))?;
        loss::mean(&logits, &few.y_train)?.backward()?;
        let mut norms = Vec::new();
        network.each_parameter(|number, _, gradient| {
            norms.extend((number % 2 == 0).then(|| norm(gradient)));
            Ok(())
        })?;
        Ok(norms)
    }
}

impl Reference for Vanishing {
    fn run(&self, data: &DataSet, seed: Seed, watch: &dyn Watch) -> Result<Run, Fault> {
        let few = digits::of(data, NAME)?.first(self.batch, 0);
        let mut run = Run::default();
        let mut curves = Vec::new();
        for (colour, (kind, name)) in KINDS.into_iter().enumerate() {
            let seed = seed.derive(name);
            let norms = self.gradient_norms(kind, &few, seed).map_err(|error| Fault::library(NAME, error))?;
            let ratio = norms.first().copied().unwrap_or_default() / last(&norms);
            run.state(format!("{NAME}.{name}.ratio"), Value::number(ratio));
            run.state(format!("{NAME}.{name}.gradient_norms"), Value::series(norms.iter().copied()));
            curves.push(Curve { name: name.to_owned(), y: norms, colour, dashed: false });
            watch.step(colour + 1, KINDS.len(), &format!("{name}: the first layer has {ratio:.1e} of the last one's gradient"));
        }
        run.answers.insert("vanishing_network".to_owned(), Value::text("sigmoid"));
        let plot = LinePlot {
            title: "Gradient by layer before training",
            x_label: "layer, from the input",
            y_label: "norm of the gradient (logarithmic)",
            x: &one_to(self.layers + 2),
            x_scale: Scale::Linear,
            y_scale: Scale::Log10,
            curves,
        };
        run.draw(NAME, NAME, plot.svg())?;
        Ok(run)
    }

    fn suits(&self, data: &DataSet) -> Result<(), Fault> {
        digits::of(data, NAME).map(|_| ())
    }

    fn names(&self) -> Vec<String> {
        let metrics = KINDS.iter().flat_map(|(_, name)| ["gradient_norms", "ratio"].map(|metric| format!("{NAME}.{name}.{metric}")));
        metrics.chain(["vanishing_network".to_owned()]).collect()
    }

    /// Nothing is trained: only the last digits of sums differ.
    fn drift(&self, _: &str) -> Tolerance {
        Tolerance { absolute: 0.0, relative: 1e-3 }
    }
}

/// The Euclidean norm.
fn norm(values: &[f32]) -> f64 {
    values.iter().map(|&value| f64::from(value).powi(2)).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::super::digits::tests::few;
    use super::*;
    use crate::Unwatched;

    /// A sigmoid's slope is at most 1/4 and PyTorch's weights shrink what goes through them (by 1/√3 on average), so each of 8 layers
    /// takes at least a factor of 4; a residual module passes the slope on.
    #[test]
    fn sigmoids_swallow_the_gradient_and_residual_modules_pass_it_on() {
        let reference = Vanishing { layers: 8, width: 32, batch: 64 };
        for seed in 0..5 {
            let run = reference.run(&few(64, 1), Seed::new(seed), &Unwatched).unwrap();
            let ratio = |name: &str| if let Value::Number(ratio) = run.metrics[&format!("vanishing.{name}.ratio")] { ratio.get() } else { f64::NAN };
            assert!(ratio("sigmoid") < 0.25_f64.powi(8) * 30.0, "{}", ratio("sigmoid"));
            assert!(ratio("sigmoid") < 0.1 * ratio("relu") && ratio("relu") < ratio("residual") && ratio("residual") > 0.3);
            assert!(matches!(&run.metrics["vanishing.relu.gradient_norms"], Value::List(norms) if norms.len() == 10));
        }
    }
}

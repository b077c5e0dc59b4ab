//! LeNet-5, and the same network with AlexNet's changes.

use super::digits::{self, CLASSES, Digits, losses};
use super::network::{Convolution, History, Layer, Network, Plan, Planes, Pool, Start, train};
use super::optimizer::{METHODS, Method};
use super::series::last;
use super::settings::{is_rate, setting};
use super::side_by_side::side_by_side;
use super::{Entry, Fault, Reference, Run, Steps, Watch};
use mlgrade_data::DataSet;
use mlgrade_domain::fields::Fields;
use mlgrade_domain::seed::Seed;
use mlgrade_domain::tolerance::Tolerance;
use mlgrade_domain::value::Value;

const NAME: &str = "lenet";

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    doc: "\
Trains LeNet-5 on digits, once as it was, with sigmoids and average pooling, and once with AlexNet's changes: ReLU, maximum pooling and
dropout before the last dense layers. Both see the same epochs.

Layers, for 28×28 pixels: 2 zeros around the image; 6 filters of 5×5; pooling of 2×2; 16 filters of 5×5, each over all planes; pooling of
2×2; dense layers of 120, 84 and 10. An activation follows every convolution and every dense layer but the last.
Data: grey labelled images of at least 12×12 pixels and up to ten classes.
Settings: epochs = 5, batch = 64, optimizer = \"adam\", learning_rate = 0.002, decay = 0.75 (multiplies the learning rate after every epoch),
dropout = 0.2.
Metrics: lenet.sigmoid.train_loss, .val_loss, .val_error (one value an epoch; mean cross-entropy and fraction, after the epoch) and
.final_error (after the last); lenet.relu.… the same; lenet.parameters (numbers that it learns) and lenet.sizes (how many numbers come out
of the first convolution, the first pooling, the second convolution, the second pooling and the three dense layers).
Files: figures/lenet.svg, predictions/lenet.csv (the classes that the network with ReLU predicts for the validation images).
Sources: LeCun, Bottou, Bengio and Haffner 1998 (LeNet-5; here its second convolution sees all planes, pooling has no weights and the last
layer is linear); Krizhevsky, Sutskever and Hinton 2012 (AlexNet).",
    read: |fields| Some(Box::new(LeNet::read(fields))),
};

/// The reference with its settings.
#[derive(Debug)]
struct LeNet {
    epochs: usize,
    batch: usize,
    method: Method,
    rate: f64,
    decay: f64,
    dropout: f32,
}

/// Which of the two networks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Version {
    /// LeCun's.
    Sigmoid,
    /// With AlexNet's changes.
    Relu,
}

const VERSIONS: [(Version, &str); 2] = [(Version::Sigmoid, "lenet.sigmoid"), (Version::Relu, "lenet.relu")];
/// Pixels along a side of a filter, and the zeros that make good for what it takes off the image.
const SIDE: usize = 5;
const MARGIN: usize = 2;
/// The least image that two convolutions and poolings leave something of.
const LEAST_SIDE: usize = 12;

impl LeNet {
    fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            epochs: setting(fields, "epochs", 5, |epochs| (1..=1_000).contains(epochs), "from 1 to 1,000"),
            batch: setting(fields, "batch", 64, |batch| *batch >= 1, "at least 1"),
            method: fields.word("optimizer", METHODS).unwrap_or(Method::Adam),
            rate: setting(fields, "learning_rate", 0.002, |&rate| is_rate(rate), "above 0"),
            decay: setting(fields, "decay", 0.75, |&decay| is_rate(decay) && decay <= 1.0, "above 0 and at most 1"),
            dropout: setting(fields, "dropout", 0.2, |dropout| (0.0..0.95).contains(dropout), "at least 0 and below 0.95"),
        }
    }

    fn plan(&self, version: Version, height: usize, width: usize) -> Plan {
        let Self { method, rate, decay, batch, epochs, .. } = *self;
        Plan { layers: self.layers(version, height, width), start: Start::Torch, method, rate, decay, batch, epochs, shift: 0 }
    }

    fn layers(&self, version: Version, height: usize, width: usize) -> Vec<Layer> {
        let image = Planes { channels: 1, height, width };
        let first = Convolution { input: image.padded(MARGIN), filters: 6, side: SIDE };
        let second = Convolution { input: first.output().halved(), filters: 16, side: SIDE };
        let (pool, activation) = match version {
            Version::Sigmoid => (Pool::Average, Layer::Sigmoid),
            Version::Relu => (Pool::Max, Layer::Relu),
        };
        let mut layers = vec![Layer::Pad(MARGIN, image)];
        for convolution in [first, second] {
            let pooling = Layer::Pool(pool, convolution.output());
            layers.push(Layer::Convolution(convolution));
            // The greatest of four ReLUs is the ReLU of the greatest, and a quarter of the work.
            layers.extend(if pool == Pool::Max { [pooling, activation.clone()] } else { [activation.clone(), pooling] });
        }
        let mut inputs = second.output().halved().size();
        for width in [120, 84] {
            layers.extend((version == Version::Relu && self.dropout > 0.0).then_some(Layer::Dropout(self.dropout)));
            layers.extend([Layer::dense(inputs, width), activation.clone()]);
            inputs = width;
        }
        layers.push(Layer::dense(inputs, usize::from(CLASSES)));
        layers
    }
}

/// Images that are large enough.
fn digits_of(data: &DataSet) -> Result<&Digits, Fault> {
    let split = digits::of(data, NAME)?;
    let (height, width) = (split.x_train.height, split.x_train.width);
    if height.min(width) < LEAST_SIDE {
        return Err(Fault::Data { reference: NAME, message: format!("images of {height}×{width} pixels are too small; {LEAST_SIDE} are needed") });
    }
    Ok(split)
}

impl Reference for LeNet {
    fn run(&self, data: &DataSet, seed: Seed, watch: &dyn Watch) -> Result<Run, Fault> {
        let split = digits_of(data)?;
        let (height, width) = (split.x_train.height, split.x_train.width);
        let steps = Steps::new(watch, 2 * self.epochs);
        let histories = side_by_side(NAME, &VERSIONS, |&(version, name)| {
            let plan = self.plan(version, height, width);
            let trained = train(&plan, split, seed.derive(&format!("{NAME}/{name}")), |history| steps.step(&history.note(name)));
            Ok(trained.map_err(|error| Fault::library(NAME, error))?.1)
        })?;
        self.hand_in(&histories, height, width)
    }

    fn suits(&self, data: &DataSet) -> Result<(), Fault> {
        digits_of(data).map(|_| ())
    }

    fn names(&self) -> Vec<String> {
        let series = VERSIONS.iter().flat_map(|(_, name)| ["train_loss", "val_loss", "val_error", "final_error"].map(|metric| format!("{name}.{metric}")));
        series.chain(["lenet.parameters", "lenet.sizes"].map(str::to_owned)).collect()
    }

    /// Wide enough for three seeds to agree: after how many steps the sigmoids wake up depends on the last digits.
    fn drift(&self, name: &str) -> Tolerance {
        match name.rsplit('.').next() {
            Some("parameters" | "sizes") => Tolerance::ROUNDING,
            Some("val_error" | "final_error") => Tolerance { absolute: 0.004, relative: 0.25 },
            _ => Tolerance { absolute: 0.02, relative: 0.25 },
        }
    }
}

impl LeNet {
    fn hand_in(&self, histories: &[History], height: usize, width: usize) -> Result<Run, Fault> {
        let mut run = Run::default();
        for ((version, name), history) in VERSIONS.iter().zip(histories) {
            run.state_losses(name, history);
            run.state(format!("{name}.val_error"), Value::series(history.val_error.iter().copied()));
            run.state(format!("{name}.final_error"), Value::number(last(&history.val_error)));
            if let (Version::Relu, Some(predictions)) = (version, history.predictions.last()) {
                run.state_predictions(NAME, predictions);
            }
        }
        let layers = self.layers(Version::Sigmoid, height, width);
        run.state("lenet.sizes", Value::series(layers.iter().filter_map(Layer::outputs).map(|size| size as f64)));
        run.state("lenet.parameters", Value::number(Network::count(&layers) as f64));
        let names = ["LeNet-5 (sigmoid)", "AlexNet's (ReLU)"].map(str::to_owned);
        run.draw(NAME, NAME, losses("LeNet-5 and AlexNet's changes", names.into_iter().zip(histories)))?;
        Ok(run)
    }
}

#[cfg(test)]
mod tests {
    use super::super::digits::tests::few;
    use super::*;
    use crate::same_with_one_thread_and_two;

    /// LeCun et al. 1998 with all planes seen: 6·26 + 16·151 + 120·401 + 84·121 + 10·85.
    #[test]
    fn it_has_the_published_sizes_and_a_small_run_is_the_same_with_one_thread_and_two() {
        let reference = LeNet { epochs: 2, batch: 32, method: Method::Adam, rate: 0.002, decay: 1.0, dropout: 0.2 };
        let data = few(640, 100);
        let one = same_with_one_thread_and_two(&reference, &data);
        assert!(reference.names().len() == one.metrics.len() && reference.names().iter().all(|name| one.metrics.contains_key(name)));
        assert_eq!(one.metrics["lenet.parameters"], Value::number(61_706.0));
        assert_eq!(one.metrics["lenet.sizes"], Value::series([4704.0, 1176.0, 1600.0, 400.0, 120.0, 84.0, 10.0]));
        let Value::List(losses) = &one.metrics["lenet.relu.train_loss"] else { panic!("no series") };
        let [Value::Number(first), Value::Number(second)] = losses[..] else { panic!("not two numbers") };
        assert!(second < first && second.get() < 2.0, "{losses:?}");
    }
}

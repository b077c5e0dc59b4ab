//! Labelled images as the references of networks take them, and what all of these hand in of a training.

use super::network::History;
use super::plot::{Curve, LinePlot, Scale};
use super::series::one_to;
use super::{Fault, Run};
use mlgrade_data::{DataSet, Images, Split};
use mlgrade_domain::value::Value;

/// Training and validation images.
pub(super) type Digits = Split<Images, u8>;

/// The images in `data`, or why `reference` cannot run.
pub(super) fn of<'d>(data: &'d DataSet, reference: &'static str) -> Result<&'d Digits, Fault> {
    match data {
        DataSet::Images(split) => Ok(split),
        _ => Err(Fault::Unsuitable { reference, needs: "labelled images", found: data.kind() }),
    }
}

impl Run {
    /// Hands in the losses of a training, one value an epoch, as `name.train_loss` and `name.val_loss`.
    pub(super) fn state_losses(&mut self, name: &str, history: &History) {
        self.state(format!("{name}.train_loss"), Value::series(history.train_loss.iter().copied()));
        self.state(format!("{name}.val_loss"), Value::series(history.val_loss.iter().copied()));
    }

    /// Hands in the predicted classes of the validation images as `predictions/name.csv`.
    pub(super) fn state_predictions(&mut self, name: &str, classes: &[u8]) {
        let lines = classes.iter().map(|class| format!("{class}\n"));
        let text: String = std::iter::once("label\n".to_owned()).chain(lines).collect();
        self.files.insert(format!("predictions/{name}.csv"), text.into_bytes());
    }
}

/// A plot of training (dashed) and validation loss of each history over the epochs.
pub(super) fn losses<'h>(title: &str, histories: impl IntoIterator<Item = (String, &'h History)>) -> Result<String, String> {
    let mut curves = Vec::new();
    for (colour, (name, history)) in histories.into_iter().enumerate() {
        curves.push(Curve { name: format!("{name}, training"), y: history.train_loss.clone(), colour, dashed: true });
        curves.push(Curve { name: format!("{name}, validation"), y: history.val_loss.clone(), colour, dashed: false });
    }
    let x = one_to(curves.iter().map(|curve| curve.y.len()).max().unwrap_or(0));
    LinePlot { title, x_label: "epoch", y_label: "mean cross-entropy (nats, logarithmic)", x: &x, x_scale: Scale::Linear, y_scale: Scale::Log10, curves }.svg()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use mlgrade_data::BUILTINS;

    /// The first `train` training and `val` validation digits of MNIST.
    pub(crate) fn few(train: usize, val: usize) -> DataSet {
        let full = BUILTINS.iter().find(|row| row.name == "mnist").unwrap().load().unwrap();
        DataSet::Images(of(&full, "test").unwrap().first(train, val))
    }
}

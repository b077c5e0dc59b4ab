//! Labelled images as the references of networks take them, and what all of these hand in of a training.

use super::network::History;
use super::plot::{Curve, LinePlot, Scale};
use super::series::one_to;
use super::{Fault, Run};
use mlgrade_data::{DataSet, Images, Split};
use mlgrade_domain::value::Value;

/// Training and validation images.
pub(super) type Digits = Split<Images, u8>;

/// The classes that the references' networks have an output for; a label is below this.
pub(super) const CLASSES: u8 = 10;

/// The grey images in `data`, of at most [`CLASSES`] classes, or why `reference` cannot run.
pub(super) fn of<'d>(data: &'d DataSet, reference: &'static str) -> Result<&'d Digits, Fault> {
    let split = grey(data, reference)?;
    match split.greatest_label() {
        0..CLASSES => Ok(split),
        label => Err(Fault::Data { reference, message: format!("it has labels up to {label}, and the network has {CLASSES} outputs, for labels 0 to 9") }),
    }
}

/// The grey images in `data`, to train on and to validate on, or why `reference` cannot run.
pub(super) fn grey<'d>(data: &'d DataSet, reference: &'static str) -> Result<&'d Digits, Fault> {
    let DataSet::Images { split, .. } = data else { return Err(Fault::Unsuitable { reference, needs: "labelled images", found: data.kind() }) };
    let fault = |message: &str| Err(Fault::Data { reference, message: message.to_owned() });
    if split.x_val.is_in_colour() {
        return fault("its images are in colour, and grey ones are needed");
    }
    if split.x_train.count == 0 {
        return fault("it has images to validate on and none to train on");
    }
    Ok(split)
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
        DataSet::Images { split: of(&full, "test").unwrap().first(train, val), names: None, files: Vec::new() }
    }

    #[test]
    fn colour_and_an_eleventh_class_are_refused() {
        let data = |channels: usize, label: u8, train: usize| {
            let images = |count: usize| Images { count, height: 2, width: 2, channels, pixels: vec![0; count * 4 * channels] };
            DataSet::Images {
                split: Split { x_train: images(train), y_train: vec![9; train], x_val: images(1), y_val: vec![label] },
                names: None,
                files: Vec::new(),
            }
        };
        let said = |data: &DataSet| of(data, "mlp").map(|_| ()).map_err(|fault| fault.to_string());
        assert_eq!(said(&data(1, 9, 1)), Ok(()));
        let start = "the reference `mlp` cannot use the data set: it";
        assert_eq!(said(&data(3, 9, 1)), Err(format!("{start}s images are in colour, and grey ones are needed")));
        assert_eq!(said(&data(1, 10, 1)), Err(format!("{start} has labels up to 10, and the network has 10 outputs, for labels 0 to 9")));
        assert_eq!(said(&data(1, 9, 0)), Err(format!("{start} has images to validate on and none to train on")));
        assert!(grey(&data(1, 10, 1), "filters").is_ok());
    }
}

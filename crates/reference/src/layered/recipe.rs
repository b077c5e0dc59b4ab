//! How a network of any layers is trained: optimizer, schedule, augmentation, loss.

use crate::optimizer::{Method, Rule};
use crate::settings::{is_rate, setting};
use mlgrade_domain::diagnostic::Code;
use mlgrade_domain::fields::Fields;
use toml::de::DeValue;

/// A training, whatever the layers.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Recipe {
    pub(super) rule: Rule,
    pub(super) rate: f64,
    pub(super) schedule: Schedule,
    pub(super) batch: usize,
    pub(super) epochs: usize,
    pub(super) augment: Augment,
}

/// How the learning rate goes on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Schedule {
    Constant,
    /// Multiplied by `factor` after each `every` epochs.
    Steps {
        every: usize,
        factor: f64,
    },
    /// Half a cosine from the learning rate to 0 (Loshchilov and Hutter 2017, without restarts).
    Cosine,
}

/// How images are changed, each time that they are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Augment {
    /// Moved by up to this many pixels along each axis.
    pub(super) shift: usize,
    /// Mirrored, left to right, every second time.
    pub(super) flip: bool,
}

impl Schedule {
    /// The learning rate of epoch `epoch` of `epochs`, counted from 0, where the first has `rate`.
    pub(super) fn rate(self, rate: f64, epoch: usize, epochs: usize) -> f64 {
        match self {
            Self::Constant => rate,
            Self::Steps { every, factor } => rate * (0..epoch / every).fold(1.0, |product, _| product * factor),
            Self::Cosine => 0.5 * rate * (1.0 + (std::f64::consts::PI * epoch as f64 / epochs as f64).cos()),
        }
    }

    fn read(fields: &mut Fields<'_>) -> Self {
        if !matches!(fields.peek("schedule").map(toml::Spanned::get_ref), Some(DeValue::Table(_))) {
            return fields.word("schedule", &[("constant", Self::Constant), ("cosine", Self::Cosine)]).unwrap_or(Self::Constant);
        }
        let Some(mut inner) = fields.table("schedule", "a schedule") else { return Self::Constant };
        let every = setting(&mut inner, "every", 1, |every| (1..=10_000).contains(every), "a number of epochs, at least 1");
        let factor = if inner.has("factor") {
            setting(&mut inner, "factor", 1.0, |&factor| is_rate(factor) && factor <= 1.0, "above 0 and at most 1")
        } else {
            inner.required::<f64>("factor").map_or(1.0, toml::Spanned::into_inner)
        };
        fields.absorb(inner);
        Self::Steps { every, factor }
    }
}

impl Augment {
    fn read(fields: &mut Fields<'_>) -> Self {
        let Some(mut inner) = fields.table("augment", "an augmentation") else { return Self::default() };
        let augment = Self {
            shift: setting(&mut inner, "shift", 0, |shift| *shift <= 16, "at most 16 pixels"),
            flip: setting(&mut inner, "flip", false, |_| true, "true or false"),
        };
        fields.absorb(inner);
        augment
    }
}

/// The words for optimizers: their rule, and whether weight decay is apart from the gradient.
const OPTIMIZERS: &[(&str, (Method, bool))] = &[
    ("adagrad", (Method::AdaGrad, false)),
    ("adam", (Method::Adam, false)),
    ("adamw", (Method::Adam, true)),
    ("rmsprop", (Method::RmsProp, false)),
    ("sgd", (Method::Sgd, false)),
];

/// PyTorch's `alpha` of RMSProp.
const RMSPROP_KEEPS: f64 = 0.99;

impl Recipe {
    pub(super) fn read(fields: &mut Fields<'_>) -> Self {
        let rule = read_rule(fields);
        Self {
            rule,
            rate: setting(fields, "learning_rate", if rule.method == Method::Sgd { 0.01 } else { 0.001 }, |&rate| is_rate(rate), "above 0"),
            schedule: Schedule::read(fields),
            batch: setting(fields, "batch", 32, |batch| (1..=100_000).contains(batch), "from 1 to 100,000"),
            epochs: setting(fields, "epochs", 10, |epochs| (1..=10_000).contains(epochs), "from 1 to 10,000"),
            augment: Augment::read(fields),
        }
    }
}

fn read_rule(fields: &mut Fields<'_>) -> Rule {
    let (method, decoupled) = fields.word("optimizer", OPTIMIZERS).unwrap_or((Method::Adam, false));
    let momentum = fields.has("momentum").then(|| setting(fields, "momentum", 0.9, |momentum| (0.0..1.0).contains(momentum), "from 0 on and below 1"));
    let nesterov = setting(fields, "nesterov", false, |_| true, "true or false");
    let usual = if decoupled { 0.01 } else { 0.0 };
    let weight_decay = setting(fields, "weight_decay", usual, |decay: &f64| decay.is_finite() && *decay >= 0.0, "from 0 on");
    if momentum.is_some() && method != Method::Sgd {
        fields.fault(Code::BadValue, fields.span(), "`momentum` is for `optimizer = \"sgd\"`");
    }
    if nesterov && momentum.is_none_or(|momentum| momentum <= 0.0) {
        fields.fault(Code::BadValue, fields.span(), "`nesterov` needs `momentum`");
    }
    let moving = momentum.filter(|momentum| *momentum > 0.0 && method == Method::Sgd);
    let base = Rule::from(if moving.is_some() { Method::Momentum } else { method });
    let keep = moving.unwrap_or(base.keep);
    let keep_square = if method == Method::RmsProp { RMSPROP_KEEPS } else { base.keep_square };
    Rule { keep, keep_square, nesterov, weight_decay, decoupled, ..base }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: a third of the way half a cosine has fallen by a quarter.
    #[test]
    fn learning_rates_go_on_as_they_should() {
        let rates = |schedule: Schedule| [0, 2, 3, 4].map(|epoch| schedule.rate(0.8, epoch, 6));
        let close = |a: [f64; 4], b: [f64; 4]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-12);
        assert!(close(rates(Schedule::Constant), [0.8; 4]));
        assert!(close(rates(Schedule::Steps { every: 2, factor: 0.5 }), [0.8, 0.4, 0.4, 0.2]));
        assert!(close(rates(Schedule::Steps { every: 1, factor: 0.5 }), [0.8, 0.2, 0.1, 0.05]));
        assert!(close(rates(Schedule::Cosine), [0.8, 0.6, 0.4, 0.2]));
    }
}

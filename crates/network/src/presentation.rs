//! How raw numbers are presented to a network: pixels as 0 to 1, standardised, and so on.

use super::tensor::{Outcome, refuse};
use mlgrade_domain::examples::{Examples, Numbers};

/// What is done to every number before a network sees it.
#[derive(Debug, Clone, PartialEq)]
pub enum Presentation {
    /// Pixels from −1 to 1.
    Centred,
    /// Pixels from 0 to 1, less the means of a data set that everybody uses, over its deviations. They are copied along with code, and so stand
    /// before networks for other data too.
    Known(Known),
    /// Every feature with the mean 0 and the deviation 1 over the training data, as scikit-learn's `StandardScaler` does.
    PerFeature,
    /// As the data set has them: pixels from 0 to 255.
    Raw,
    /// All pixels with the mean 0 and the deviation 1 over the training data.
    Standardised,
    /// Pixels from 0 to 1.
    Unit,
    /// Pixels from 0 to 1, or features as they are, less a mean, over a deviation: what `torchvision.transforms.Normalize` says. There is one
    /// of both for all numbers, or one for each channel of images in colour.
    Normalised(Vec<Scale>),
}

/// What is taken off numbers, and what they are divided by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// What is taken off.
    pub mean: f64,
    /// What it is divided by; above 0.
    pub std: f64,
}

/// A data set whose means and deviations are printed in tutorials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// CIFAR-10, 50,000 training images in colour (Krizhevsky 2009).
    Cifar10,
    /// Fashion-MNIST, 60,000 grey training images (Xiao, Rasul and Vollgraf 2017).
    FashionMnist,
    /// `ImageNet`, as torchvision's models expect their images.
    ImageNet,
    /// MNIST, 60,000 grey training images (LeCun et al. 1998), as PyTorch's own example has it.
    Mnist,
}

impl Known {
    /// Those of grey images, or of images in colour.
    pub fn of_channels(channels: usize) -> &'static [Self] {
        match channels {
            1 => &[Self::Mnist, Self::FashionMnist],
            3 => &[Self::ImageNet, Self::Cifar10],
            _ => &[],
        }
    }

    /// What is taken off each channel, and what it is divided by.
    fn scales(self) -> Vec<Scale> {
        let each = |pairs: &[(f64, f64)]| pairs.iter().map(|&(mean, std)| Scale { mean, std }).collect();
        match self {
            Self::Cifar10 => each(&[(0.4914, 0.2470), (0.4822, 0.2435), (0.4465, 0.2616)]),
            Self::FashionMnist => each(&[(0.2860, 0.3530)]),
            Self::ImageNet => each(&[(0.485, 0.229), (0.456, 0.224), (0.406, 0.225)]),
            Self::Mnist => each(&[(0.1307, 0.3081)]),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Cifar10 => "CIFAR-10",
            Self::FashionMnist => "Fashion-MNIST",
            Self::ImageNet => "ImageNet",
            Self::Mnist => "MNIST",
        }
    }
}

/// Presentations by the names that rubrics and layer lists use.
pub const PRESENTATIONS: &[(&str, Presentation)] = &[
    ("centred", Presentation::Centred),
    ("cifar10", Presentation::Known(Known::Cifar10)),
    ("fashion-mnist", Presentation::Known(Known::FashionMnist)),
    ("imagenet", Presentation::Known(Known::ImageNet)),
    ("mnist", Presentation::Known(Known::Mnist)),
    ("per-feature", Presentation::PerFeature),
    ("raw", Presentation::Raw),
    ("standardised", Presentation::Standardised),
    ("unit", Presentation::Unit),
];

/// Examples, and how each number of an input comes of them.
#[derive(Debug)]
pub(super) struct Prepared<'e> {
    examples: &'e Examples<'e>,
    numbers: Vec<Number>,
}

/// A number of an input: `factor` times number `from` of an example, plus `offset`.
#[derive(Debug, Clone, Copy)]
struct Number {
    from: usize,
    factor: f64,
    offset: f64,
}

/// How an image is put into an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Place {
    /// How many pixels of background are put around it.
    pub(super) border: usize,
    /// Whether all red numbers go in before all green ones: channels × height × width. Else pixel by pixel, as a data set has them.
    pub(super) channels_first: bool,
}

impl Presentation {
    /// In words, for findings.
    pub fn words(&self) -> String {
        match self {
            Self::Centred => "pixels from -1 to 1".to_owned(),
            Self::Known(known) => format!("pixels from 0 to 1 less the mean of {0} over the deviation of {0}", known.name()),
            Self::PerFeature => "each feature standardised over the training data".to_owned(),
            Self::Raw => "raw inputs".to_owned(),
            Self::Standardised => "pixels standardised over the training images".to_owned(),
            Self::Unit => "pixels from 0 to 1".to_owned(),
            Self::Normalised(scales) => {
                let list = |of: fn(&Scale) -> f64| scales.iter().map(|scale| of(scale).to_string()).collect::<Vec<_>>().join(", ");
                format!("inputs less {} over {}", list(|scale| scale.mean), list(|scale| scale.std))
            }
        }
    }

    /// Whether it is said of pixels only.
    pub fn needs_pixels(&self) -> bool {
        matches!(self, Self::Centred | Self::Known(_) | Self::Standardised | Self::Unit)
    }

    /// The examples presented so, images put in their `place`.
    pub(super) fn prepare<'e>(&self, examples: &'e Examples<'e>, place: Place) -> Outcome<Prepared<'e>> {
        let pixels = matches!(examples.values(), Numbers::Pixels(_));
        if self.needs_pixels() && !pixels {
            return Err(refuse(format!("{} are said of a data set without pixels", self.words())));
        }
        if matches!(self, Self::Standardised | Self::PerFeature) && examples.training().is_empty() {
            return Err(refuse(format!("{}: the data set has no training data to take means and deviations from", self.words())));
        }
        let size = examples.size();
        let same = |factor: f64, offset: f64| vec![(factor, offset); size];
        let scaled = match self {
            Self::Raw => same(1.0, 0.0),
            Self::Unit => same(1.0 / 255.0, 0.0),
            Self::Centred => same(2.0 / 255.0, -1.0),
            Self::Known(known) => by_channel(examples, &known.scales())?,
            Self::Normalised(scales) => by_channel(examples, scales)?,
            Self::Standardised => {
                let (mean, deviation) = spread(examples.training(), 0, 1);
                same(1.0 / deviation, -mean / deviation)
            }
            Self::PerFeature => (0..size).map(|i| spread(examples.training(), i, size)).map(|(mean, deviation)| (1.0 / deviation, -mean / deviation)).collect(),
        };
        Ok(Prepared { examples, numbers: placed(examples, &scaled, place) })
    }
}

/// The factor and offset of every number of an example, one pair of `scales` for each channel or one for all.
fn by_channel(examples: &Examples<'_>, scales: &[Scale]) -> Outcome<Vec<(f64, f64)>> {
    let pixels = matches!(examples.values(), Numbers::Pixels(_));
    // The channels of a pixel lie side by side.
    let channels = examples.shape().get(2).copied().filter(|_| pixels).unwrap_or(1);
    if scales.len() != 1 && scales.len() != channels {
        let message = format!("its input is normalised with {} means, and an image has {channels} channels", scales.len());
        return Err(refuse(message).help("state one mean and one std, or one for each channel".to_owned()));
    }
    let unit = if pixels { 1.0 / 255.0 } else { 1.0 };
    let affine = scales.iter().map(|Scale { mean, std }| (unit / std, -mean / std)).collect::<Vec<_>>();
    Ok(affine.into_iter().cycle().take(examples.size()).collect())
}

/// Mean and standard deviation (over n) of every `step`-th number from `start` on; a deviation of 0 counts as 1.
fn spread(numbers: &Numbers<'_>, start: usize, step: usize) -> (f64, f64) {
    let places = || (start..numbers.len()).step_by(step);
    let count = places().count().max(1) as f64;
    let mean = places().map(|i| numbers.get(i)).sum::<f64>() / count;
    let variance = places().map(|i| (numbers.get(i) - mean).powi(2)).sum::<f64>() / count;
    (mean, if variance > 0.0 { variance.sqrt() } else { 1.0 })
}

/// The numbers of an input in their order; `scaled` has the factor and offset of each number of an example.
fn placed(examples: &Examples<'_>, scaled: &[(f64, f64)], Place { border, channels_first }: Place) -> Vec<Number> {
    let number = |from: usize| Number { from, factor: scaled[from].0, offset: scaled[from].1 };
    let (height, width, channels) = match *examples.shape() {
        [height, width] => (height, width, 1),
        [height, width, channels] if matches!(examples.values(), Numbers::Pixels(_)) => (height, width, channels),
        _ => return (0..scaled.len()).map(number).collect(),
    };
    // What a pixel of 0 becomes: of features that are scaled each for itself the first, a corner, is as good as any.
    let background = Number { from: 0, factor: 0.0, offset: scaled.first().map_or(0.0, |(_, offset)| *offset) };
    // Each plane is one channel, or all of them side by side.
    let (planes, depth) = if channels_first { (channels, 1) } else { (1, channels) };
    let (tall, wide) = (height + 2 * border, width + 2 * border);
    let mut numbers = Vec::with_capacity(tall * wide * channels);
    for (plane, y, x) in (0..planes).flat_map(|plane| (0..tall).flat_map(move |y| (0..wide).map(move |x| (plane, y, x)))) {
        let inside = y.checked_sub(border).filter(|&y| y < height).zip(x.checked_sub(border).filter(|&x| x < width));
        let pixel = inside.map(|(y, x)| (y * width + x) * channels + plane);
        numbers.extend((0..depth).map(|channel| pixel.map_or(background, |pixel| number(pixel + channel))));
    }
    numbers
}

impl Prepared<'_> {
    /// Adds example `number` to `into`.
    pub(super) fn example(&self, number: usize, into: &mut Vec<f32>) {
        let own = number * self.examples.size()..(number + 1) * self.examples.size();
        match self.examples.values() {
            Numbers::Pixels(pixels) => {
                let pixels = &pixels[own];
                into.extend(self.numbers.iter().map(|number| number.of(f64::from(pixels[number.from]))));
            }
            Numbers::Features(features) => {
                let features = &features[own];
                into.extend(self.numbers.iter().map(|number| number.of(features[number.from])));
            }
        }
    }
}

impl Number {
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "networks are run in single precision")]
    fn of(self, value: f64) -> f32 {
        (value * self.factor + self.offset) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_border_is_background_in_the_scaling_of_the_image() {
        // np.pad([[0, 255], [255, 0]], 1) / 255 * 2 - 1
        let pixels = [0, 255, 255, 0];
        let examples = Examples::new(vec![2, 2], Numbers::Pixels(&pixels), Numbers::Pixels(&pixels));
        let mut framed = Vec::new();
        Presentation::Centred.prepare(&examples, Place { border: 1, channels_first: false }).unwrap().example(0, &mut framed);
        assert_eq!(framed, [-1., -1., -1., -1., -1., -1., 1., -1., -1., 1., -1., -1., -1., -1., -1., -1.]);
        let mut plain = Vec::new();
        Presentation::Raw.prepare(&examples, Place::default()).unwrap().example(0, &mut plain);
        assert_eq!(plain, [0.0, 255.0, 255.0, 0.0]);
    }
    #[test]
    fn colours_go_in_by_pixel_or_by_channel() {
        // x = np.arange(12).reshape(1, 2, 2, 3): x.ravel(), x.transpose(0, 3, 1, 2).ravel(), and
        // np.pad(x[:, :1], ((0, 0), (1, 1), (1, 1), (0, 0))).transpose(0, 3, 1, 2).ravel() for the border
        let pixels: Vec<u8> = (0..12).collect();
        let framed = |shape: Vec<usize>, place: Place| {
            let values = &pixels[..shape.iter().product()];
            let mut into = Vec::new();
            let examples = Examples::new(shape, Numbers::Pixels(values), Numbers::Pixels(&[]));
            Presentation::Raw.prepare(&examples, place).unwrap().example(0, &mut into);
            into
        };
        let place = |border, channels_first| Place { border, channels_first };
        assert_eq!(framed(vec![2, 2, 3], place(0, false)), (0..12_u8).map(f32::from).collect::<Vec<_>>());
        assert_eq!(framed(vec![2, 2, 3], place(0, true)), [0., 3., 6., 9., 1., 4., 7., 10., 2., 5., 8., 11.]);
        let border = [
            [0., 0., 0., 0., 0., 0., 3., 0., 0., 0., 0., 0.],
            [0., 0., 0., 0., 0., 1., 4., 0., 0., 0., 0., 0.],
            [0., 0., 0., 0., 0., 2., 5., 0., 0., 0., 0., 0.],
        ];
        assert_eq!(framed(vec![1, 2, 3], place(1, true)), border.concat());
    }

    #[test]
    fn each_channel_has_its_own_mean() {
        // (np.array([51, 102, 255]) / 255 - [0.2, 0.2, 0.5]) / [1, 0.5, 0.25]
        let examples = Examples::new(vec![1, 1, 3], Numbers::Pixels(&[51, 102, 255]), Numbers::Pixels(&[]));
        let scale = |mean, std| Scale { mean, std };
        let mut into = Vec::new();
        let each = Presentation::Normalised(vec![scale(0.2, 1.0), scale(0.2, 0.5), scale(0.5, 0.25)]);
        each.prepare(&examples, Place::default()).unwrap().example(0, &mut into);
        assert!(into.iter().zip([0.0, 0.4, 2.0]).all(|(found, right)| (found - right).abs() < 1e-6), "{into:?}");
        assert!(Presentation::Normalised(vec![scale(0.2, 1.0); 2]).prepare(&examples, Place::default()).is_err());
        let grey = Examples::new(vec![1, 3], Numbers::Pixels(&[51, 102, 255]), Numbers::Pixels(&[]));
        assert!(each.prepare(&grey, Place::default()).is_err());
    }

    #[test]
    fn means_of_tutorials_are_those_of_torchvision() {
        // torchvision.transforms.Normalize of ToTensor()(pixels) with the numbers of pytorch/examples (MNIST) and torchvision.models
        let number = |known: Known, shape: Vec<usize>, pixels: &[u8]| {
            let mut into = Vec::new();
            let examples = Examples::new(shape, Numbers::Pixels(pixels), Numbers::Pixels(&[]));
            Presentation::Known(known).prepare(&examples, Place::default()).unwrap().example(0, &mut into);
            into
        };
        let near = |found: Vec<f32>, right: &[f32]| assert!(found.iter().zip(right).all(|(a, b)| (a - b).abs() < 1e-4), "{found:?}");
        near(number(Known::Mnist, vec![1, 2], &[0, 255]), &[-0.4242, 2.8215]);
        near(number(Known::ImageNet, vec![1, 1, 3], &[255, 255, 255]), &[2.2489, 2.4286, 2.6400]);
        assert!(Known::of_channels(3).contains(&Known::ImageNet) && Known::of_channels(2).is_empty());
    }

    #[test]
    fn without_training_data_nothing_is_standardised() {
        let examples = Examples::new(vec![1, 2], Numbers::Pixels(&[1, 2]), Numbers::Pixels(&[]));
        assert!(Presentation::Unit.prepare(&examples, Place::default()).is_ok());
        assert!(Presentation::Standardised.prepare(&examples, Place::default()).is_err());
    }
}

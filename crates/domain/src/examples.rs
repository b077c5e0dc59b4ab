//! The examples that a network is run on: images or rows of a data set, as the data set has them.

use std::borrow::Cow;

/// Numbers as a data set stores them.
#[derive(Debug, Clone, PartialEq)]
pub enum Numbers<'a> {
    /// Pixels, 0 to 255.
    Pixels(&'a [u8]),
    /// Features in their own units.
    Features(Cow<'a, [f64]>),
}

/// Examples of one shape.
#[derive(Debug, Clone, PartialEq)]
pub struct Examples<'a> {
    shape: Vec<usize>,
    count: usize,
    values: Numbers<'a>,
    training: Numbers<'a>,
}

impl<'a> Examples<'a> {
    /// As many examples of `shape` as there are whole ones in `values`; `training` is what means and deviations are taken from.
    pub fn new(shape: Vec<usize>, values: Numbers<'a>, training: Numbers<'a>) -> Self {
        let size = shape.iter().product::<usize>().max(1);
        Self { count: values.len() / size, shape, values, training }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The lengths of one example's axes.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The numbers of one example.
    pub fn size(&self) -> usize {
        self.shape.iter().product::<usize>().max(1)
    }

    /// All numbers, example by example.
    pub fn values(&self) -> &Numbers<'a> {
        &self.values
    }

    /// The numbers of the training data.
    pub fn training(&self) -> &Numbers<'a> {
        &self.training
    }
}

impl Numbers<'_> {
    /// How many there are.
    #[inline]
    pub fn len(&self) -> usize {
        match self {
            Self::Pixels(pixels) => pixels.len(),
            Self::Features(features) => features.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number `i`, which must be there.
    #[inline]
    pub fn get(&self, i: usize) -> f64 {
        match self {
            Self::Pixels(pixels) => f64::from(pixels[i]),
            Self::Features(features) => features[i],
        }
    }
}

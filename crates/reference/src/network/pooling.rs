//! Planes of pixels, and pooling: every 2×2 pixels become one.

use candle_core::{Result, Tensor};

/// Planes of pixels, channel by channel, each row by row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Planes {
    pub(crate) channels: usize,
    pub(crate) height: usize,
    pub(crate) width: usize,
}

/// How 2×2 pixels become one. An odd last row or column is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pool {
    /// Their mean, without weights (in LeCun et al. 1998 a weight and a bias follow).
    Average,
    /// Their maximum (Krizhevsky, Sutskever and Hinton 2012, there over 3×3).
    Max,
}

impl Planes {
    /// Numbers in all planes.
    pub(crate) fn size(self) -> usize {
        self.channels * self.height * self.width
    }

    /// With `margin` more pixels on every side.
    pub(crate) fn padded(self, margin: usize) -> Self {
        Self { height: self.height + 2 * margin, width: self.width + 2 * margin, ..self }
    }

    /// With half the height and width.
    pub(crate) fn halved(self) -> Self {
        Self { height: self.height / 2, width: self.width / 2, ..self }
    }

    /// Puts `margin` zeros around every plane of `x`.
    pub(super) fn pad(self, margin: usize, x: &Tensor) -> Result<Tensor> {
        let planes = x.reshape((self.channels, self.height, self.width, ()))?;
        let wide = planes.pad_with_zeros(1, margin, margin)?.pad_with_zeros(2, margin, margin)?;
        wide.reshape((self.padded(margin).size(), ()))
    }

    fn place(self, channel: usize, y: usize, x: usize) -> usize {
        (channel * self.height + y) * self.width + x
    }

    /// For each pixel of the halved planes, where its four lie.
    fn fours(self) -> impl Iterator<Item = [usize; 4]> {
        let half = self.halved();
        let pixels = (0..half.size()).map(move |i| (i / (half.height * half.width), i / half.width % half.height, i % half.width));
        pixels.map(move |(c, y, x)| self.place(c, 2 * y, 2 * x)).map(move |first| [first, first + 1, first + self.width, first + self.width + 1])
    }
}

/// Pooling of planes of this size.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pooling(pub(super) Pool, pub(super) Planes);

impl Pooling {
    /// The halved planes.
    pub(super) fn forward(self, input: &[f32]) -> Vec<f32> {
        let Self(pool, planes) = self;
        let examples = input.len() / planes.size();
        let mut values = Vec::with_capacity(planes.halved().size() * examples);
        for four in planes.fours() {
            let [a, b, c, d] = four.map(|at| &input[at * examples..(at + 1) * examples]);
            let pixels = a.iter().zip(b).zip(c.iter().zip(d));
            match pool {
                Pool::Average => values.extend(pixels.map(|((a, b), (c, d))| 0.25 * (a + b + c + d))),
                Pool::Max => values.extend(pixels.map(|((a, b), (c, d))| a.max(*b).max(*c).max(*d))),
            }
        }
        values
    }

    /// The gradient by `x`, where `slope` is that by `y`: a mean shares it out, a maximum hands it to the first pixel that has it.
    pub(super) fn backward(self, x: &[f32], y: &[f32], slope: &[f32]) -> Vec<f32> {
        let Self(pool, planes) = self;
        let examples = x.len() / planes.size();
        let mut by_input = vec![0.0; x.len()];
        let mut free = vec![0.0; examples];
        for ((slope, y), four) in slope.chunks_exact(examples).zip(y.chunks_exact(examples)).zip(planes.fours()) {
            free.fill(1.0);
            for range in four.map(|at| at * examples..(at + 1) * examples) {
                let by_input = by_input[range.clone()].iter_mut().zip(slope);
                match pool {
                    Pool::Average => by_input.for_each(|(by_input, slope)| *by_input = 0.25 * slope),
                    Pool::Max => {
                        for ((by_input, slope), ((x, most), free)) in by_input.zip(x[range].iter().zip(y).zip(&mut free)) {
                            let here = if x >= most { *free } else { 0.0_f32 };
                            *by_input = here * slope;
                            *free -= here;
                        }
                    }
                }
            }
        }
        by_input
    }
}

#[cfg(test)]
mod tests {
    use super::super::matrix::tensor;
    use super::*;

    #[test]
    fn zeros_lie_around_padded_planes() {
        let planes = Planes { channels: 2, height: 2, width: 1 };
        let x = tensor((1..=8_u8).map(f32::from).collect(), 4, 2).unwrap();
        let wide = planes.pad(1, &x).unwrap().to_vec2::<f32>().unwrap();
        assert_eq!((wide.len(), &wide[4], &wide[7], &wide[16], &wide[19]), (24, &vec![1.0, 2.0], &vec![3.0, 4.0], &vec![5.0, 6.0], &vec![7.0, 8.0]));
        assert_eq!(wide.concat().iter().sum::<f32>().to_bits(), 36.0_f32.to_bits());
    }
}

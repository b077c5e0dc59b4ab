//! Planes of pixels: zeros around them, and every 2×2 pixels made one.

use super::Batch;

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
    pub(super) fn pad(self, margin: usize, x: &Batch) -> Batch {
        let wide = self.padded(margin);
        let mut out = Batch::zeros(wide.size(), x.examples);
        let line = self.width * x.examples;
        for (i, row) in x.values.chunks_exact(line).enumerate() {
            let start = wide.place(i / self.height, i % self.height + margin, margin) * x.examples;
            out.values[start..start + line].copy_from_slice(row);
        }
        out
    }

    /// Takes `margin` pixels off every side of the planes of `x` that [`Planes::pad`] made wide.
    pub(super) fn crop(self, margin: usize, x: &Batch) -> Batch {
        let wide = self.padded(margin);
        let rows = (0..self.channels * self.height).map(|i| wide.place(i / self.height, i % self.height + margin, margin) * x.examples);
        Batch { values: rows.flat_map(|start| &x.values[start..start + self.width * x.examples]).copied().collect(), examples: x.examples }
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

impl Pool {
    pub(super) fn forward(self, planes: Planes, x: &Batch) -> Batch {
        let mut out = Batch::zeros(planes.halved().size(), x.examples);
        for (out, four) in out.values.chunks_exact_mut(x.examples).zip(planes.fours()) {
            let [first, rest @ ..] = four.map(|at| &x.values[at * x.examples..(at + 1) * x.examples]);
            out.copy_from_slice(first);
            for pixel in rest {
                let pairs = out.iter_mut().zip(pixel);
                match self {
                    Self::Average => pairs.for_each(|(out, x)| *out += x),
                    Self::Max => pairs.for_each(|(out, x)| *out = out.max(*x)),
                }
            }
            if self == Self::Average {
                for mean in out {
                    *mean *= 0.25;
                }
            }
        }
        out
    }

    /// The gradient by the input: a mean shares it out, a maximum hands it to the first pixel that has it.
    pub(super) fn backward(self, planes: Planes, input: &Batch, output: &Batch, slope: &Batch) -> Batch {
        let examples = input.examples;
        let mut by_input = Batch::zeros(planes.size(), examples);
        let mut free = vec![0.0; examples];
        for ((slope, output), four) in slope.values.chunks_exact(examples).zip(output.values.chunks_exact(examples)).zip(planes.fours()) {
            free.fill(1.0);
            for range in four.map(|at| at * examples..(at + 1) * examples) {
                let by_input = by_input.values[range.clone()].iter_mut().zip(slope);
                match self {
                    Self::Average => by_input.for_each(|(by_input, slope)| *by_input = 0.25 * slope),
                    Self::Max => {
                        let values = input.values[range].iter().zip(output).zip(&mut free);
                        for ((by_input, slope), ((x, most), free)) in by_input.zip(values) {
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
    use super::*;

    const PLANES: Planes = Planes { channels: 1, height: 2, width: 4 };

    #[test]
    fn fours_become_one_and_gradients_go_back() {
        let x = Batch { values: vec![1.0, 5.0, 2.0, 2.0, 3.0, 4.0, 2.0, 0.0], examples: 1 };
        let slope = Batch { values: vec![8.0, 4.0], examples: 1 };
        let back = |pool: Pool| {
            let y = pool.forward(PLANES, &x);
            (y.values.clone(), pool.backward(PLANES, &x, &y, &slope).values)
        };
        assert_eq!(back(Pool::Average), (vec![3.25, 1.5], vec![2.0, 2.0, 1.0, 1.0, 2.0, 2.0, 1.0, 1.0]));
        assert_eq!(back(Pool::Max), (vec![5.0, 2.0], vec![0.0, 8.0, 4.0, 0.0, 0.0, 0.0, 0.0, 0.0]));
    }

    #[test]
    fn what_is_padded_and_cropped_is_as_it_was() {
        let planes = Planes { channels: 2, height: 2, width: 1 };
        let x = Batch { values: vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0], examples: 2 };
        let wide = planes.pad(1, &x);
        assert_eq!((wide.values.len() / 2, wide.values[2 * 4], wide.values[2 * 7 + 1], wide.values.iter().sum::<f32>()), (24, 1.0, 4.0, 36.0));
        assert_eq!(planes.crop(1, &wide), x);
    }
}

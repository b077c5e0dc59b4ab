//! The transpose of a convolution: every number of the input spreads over a window of the output (Dumoulin and Visin 2016).

use super::Inputs;
use super::product::{Factor, multiply};
use super::window::{add_biases, planes, sides};
use crate::operator::{Padding, Window};
use crate::tensor::{Budget, Outcome, Tensor, product, refuse, shown};

/// One axis of it.
#[derive(Debug, Clone, Copy)]
struct Axis {
    input: usize,
    size: usize,
    stride: usize,
    dilation: usize,
    before: usize,
    output: usize,
}

impl Axis {
    fn new(window: &Window, i: usize, input: usize, size: usize, extra: usize) -> Outcome<Self> {
        let (stride, dilation) = (window.strides[i], window.dilations[i]);
        let reach = (size - 1).saturating_mul(dilation).saturating_add(1);
        let whole = (input - 1).saturating_mul(stride).saturating_add(reach).saturating_add(extra);
        let (before, around) = match window.padding {
            Padding::Given(pads) => (pads[i], pads[i].saturating_add(pads[i + 2])),
            Padding::Same { odd_at_start } => {
                let total = whole.saturating_sub(input.saturating_mul(stride));
                (if odd_at_start { total.div_ceil(2) } else { total / 2 }, total)
            }
        };
        let output = whole.checked_sub(around).filter(|&output| output > 0);
        let output = output.ok_or_else(|| refuse(format!("a ConvTranspose takes away more than the {whole} places that it makes")))?;
        Ok(Self { input, size, stride, dilation, before, output })
    }

    /// The place of the output that tap `tap` of input `place` goes to, unless it is cut off.
    fn reaches(&self, place: usize, tap: usize) -> Option<usize> {
        (place * self.stride + tap * self.dilation).checked_sub(self.before).filter(|&at| at < self.output)
    }
}

pub(super) fn transposed(inputs: Inputs<'_>, window: &Window, groups: usize, extra: [usize; 2], budget: &mut Budget) -> Outcome<Tensor> {
    let (x, weights) = (inputs.get(0)?, inputs.get(1)?);
    let [count, channels, height, width] = planes(x.shape(), window)?;
    let [rows, own, tall, wide] = planes(weights.shape(), window)?;
    if rows != channels
        || x.shape().len() != weights.shape().len()
        || window.dimensions == Some(3)
        || groups == 0
        || !channels.is_multiple_of(groups)
        || window.size.is_some_and(|size| size != [tall, wide])
    {
        return Err(refuse(format!("filters of {} do not fit images of {} in {groups} groups", shown(weights.shape()), shown(x.shape()))));
    }
    let (down, across) = (Axis::new(window, 0, height, tall, extra[0])?, Axis::new(window, 1, width, wide, extra[1])?);
    let filters = own.saturating_mul(groups);
    let length = budget.claim(&[count, filters, down.output, across.output])?;
    let (depth, taps, pixels) = (channels / groups, own * tall * wide, height * width);
    let mut spread = vec![0.0; budget.claim(&[own, tall, wide, height, width])?];
    let (values, filter_values) = (x.as_floats()?, weights.as_floats()?);
    let plane = down.output * across.output;
    let mut out = vec![0.0; length];
    for (image, out) in values.chunks_exact(channels * pixels).zip(out.chunks_exact_mut(filters * plane)) {
        for (group, out) in out.chunks_exact_mut(own * plane).enumerate() {
            budget.spend(product(&[2, spread.len()]))?;
            let by = Factor { values: &filter_values[group * depth * taps..(group + 1) * depth * taps], rows: depth, cols: taps, transposed: true };
            let image = &image[group * depth * pixels..(group + 1) * depth * pixels];
            multiply(1.0, &by, &Factor::new(image, depth, pixels), &mut spread, budget)?;
            add(&spread, [&down, &across], out);
        }
    }
    if let Some(bias) = inputs.optional(2) {
        add_biases(&mut out, plane, bias.as_floats()?, filters)?;
    }
    Tensor::floats(sides(x.shape(), [count, filters, down.output, across.output]), out)
}

/// Adds what each tap makes of each pixel to where it goes.
fn add(spread: &[f32], [down, across]: [&Axis; 2], out: &mut [f32]) {
    let (pixels, plane) = (down.input * across.input, down.output * across.output);
    for (i, row) in spread.chunks_exact(pixels).enumerate() {
        let (filter, dy, dx) = (i / (down.size * across.size), i / across.size % down.size, i % across.size);
        let out = &mut out[filter * plane..(filter + 1) * plane];
        for (y, line) in row.chunks_exact(across.input).enumerate() {
            let Some(top) = down.reaches(y, dy) else { continue };
            for (x, value) in line.iter().enumerate() {
                if let Some(left) = across.reaches(x, dx) {
                    out[top * across.output + left] += value;
                }
            }
        }
    }
}

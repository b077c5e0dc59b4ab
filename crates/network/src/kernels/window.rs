//! Convolution and pooling over the planes of images, examples × channels × height × width, and over signals without a height.

use ndarray::LinalgScalar;

use std::ops::Range;

use super::Inputs;
use super::product::{Factor, multiply};
use crate::operator::{Padding, Window};
use crate::tensor::{Budget, Outcome, Tensor, Values, product, refuse, shown};

/// A window over one axis, worked out.
#[derive(Debug, Clone, Copy)]
struct Axis {
    input: usize,
    size: usize,
    stride: usize,
    dilation: usize,
    before: usize,
    after: usize,
    output: usize,
}

impl Axis {
    /// The window over axis `i` (0 for height) of length `input`, `size` long.
    fn new(window: &Window, i: usize, input: usize, size: usize) -> Outcome<Self> {
        let (stride, dilation) = (window.strides[i], window.dilations[i]);
        let reach = (size - 1).saturating_mul(dilation).saturating_add(1);
        let (before, after) = match window.padding {
            Padding::Given(pads) => (pads[i], pads[i + 2]),
            Padding::Same { odd_at_start } => {
                let total = (input.div_ceil(stride) - 1).saturating_mul(stride).saturating_add(reach).saturating_sub(input);
                if odd_at_start { (total.div_ceil(2), total / 2) } else { (total / 2, total.div_ceil(2)) }
            }
        };
        let room = input.saturating_add(before).saturating_add(after).checked_sub(reach);
        let room = room.ok_or_else(|| refuse(format!("a window of {size} places does not fit {input}")))?;
        let mut output = if window.ceil { room.div_ceil(stride) } else { room / stride } + 1;
        // A window that starts behind the last place and its padding sees nothing.
        if window.ceil && (output - 1).saturating_mul(stride) >= input.saturating_add(before) {
            output -= 1;
        }
        Ok(Self { input, size, stride, dilation, before, after, output })
    }

    /// The place of the input that tap `tap` of output `place` sees, unless that is padding.
    #[inline]
    fn sees(&self, place: usize, tap: usize) -> Option<usize> {
        (place * self.stride + tap * self.dilation).checked_sub(self.before).filter(|&at| at < self.input)
    }

    /// The places of the output from which tap `tap` sees the input, and not the padding around it.
    fn seen_by(&self, tap: usize) -> Range<usize> {
        let shift = tap * self.dilation;
        let start = self.before.saturating_sub(shift).div_ceil(self.stride).min(self.output);
        let end = (self.input + self.before).saturating_sub(shift).div_ceil(self.stride).min(self.output);
        start..end.max(start)
    }

    /// The places of the input that the window of output `place` sees, without those in the padding.
    fn sight(&self, place: usize) -> Sight {
        let start = place * self.stride;
        let skipped = self.before.saturating_sub(start).div_ceil(self.dilation).min(self.size);
        let first = (start + skipped * self.dilation).saturating_sub(self.before).min(self.input);
        let reach = first + (self.size - skipped) * self.dilation;
        Sight { first, end: reach.min(self.input), step: self.dilation }
    }

    /// How many taps of output `place` lie within input and padding.
    #[inline]
    fn within_padding(&self, place: usize) -> usize {
        let end = self.input + self.before + self.after;
        (0..self.size).filter(|tap| place * self.stride + tap * self.dilation < end).count()
    }
}

/// Places of an axis: every `step`-th from `first` to before `end`.
#[derive(Debug, Clone, Copy)]
struct Sight {
    first: usize,
    end: usize,
    step: usize,
}

impl Sight {
    fn len(self) -> usize {
        (self.end - self.first).div_ceil(self.step)
    }

    #[inline]
    fn places(self) -> impl Iterator<Item = usize> {
        (self.first..self.end).step_by(self.step)
    }

    /// The numbers of a line at these places.
    #[inline]
    fn of(self, line: &[f32]) -> impl Iterator<Item = f32> {
        line[self.first..self.end].iter().step_by(self.step).copied()
    }
}

/// The greater of two numbers; NaN if one of them is.
#[inline]
fn greater(greatest: f32, value: f32) -> f32 {
    if value > greatest || value.is_nan() { value } else { greatest }
}

/// Examples, channels, height and width. A signal has the height 1; of what has a depth, that is the height and all else the width.
pub(super) fn planes(shape: &[usize], window: &Window) -> Outcome<[usize; 4]> {
    match *shape {
        [count, channels, height, width] if window.dimensions.is_none_or(|count| count == 2) => Ok([count, channels, height, width]),
        [count, channels, width] if window.dimensions.is_none_or(|count| count == 1) => Ok([count, channels, 1, width]),
        [count, channels, depth, height, width] if window.dimensions == Some(3) => Ok([count, channels, depth, height * width]),
        _ => Err(refuse(format!("an array of {} stands where {} belong", shown(shape), if window.dimensions == Some(1) { "signals" } else { "images" }))),
    }
}

/// The shape of what came of an array of the shape `before`, with as many dimensions.
pub(super) fn sides(before: &[usize], [count, channels, height, width]: [usize; 4]) -> Vec<usize> {
    match *before {
        [_, _, _] => vec![count, channels, width],
        [_, _, _, tall, wide] => vec![count, channels, height, tall, wide],
        _ => vec![count, channels, height, width],
    }
}

/// Filters slid over the planes, and biases.
pub(super) fn convolution(inputs: Inputs<'_>, window: &Window, groups: usize, budget: &mut Budget) -> Outcome<Tensor> {
    let (x, weights) = (inputs.get(0)?, inputs.get(1)?);
    let (shape, mut out) = convolution_of((x.shape(), x.as_floats()?), (weights.shape(), weights.as_floats()?), window, groups, budget)?;
    if let Some(bias) = inputs.optional(2) {
        let pixels = shape.iter().skip(2).product::<usize>().max(1);
        add_biases(&mut out, pixels, bias.as_floats()?, weights.shape().first().copied().unwrap_or(0))?;
    }
    Tensor::floats(shape, out)
}

/// Adds to each plane of `pixels` numbers the bias of its filter, image by image.
pub(super) fn add_biases(out: &mut [f32], pixels: usize, biases: &[f32], filters: usize) -> Outcome<()> {
    if biases.len() != filters {
        return Err(refuse(format!("{} biases for {filters} filters", biases.len())));
    }
    for (plane, bias) in out.chunks_exact_mut(pixels).zip(biases.iter().cycle()) {
        for value in plane {
            *value += bias;
        }
    }
    Ok(())
}

/// Numbers with their shape.
type Shaped<'t, T> = (&'t [usize], &'t [T]);

/// Patches are gathered so that each image is one product (Chellapilla, Puri and Simard 2006).
pub(super) fn convolution_of<T: LinalgScalar>(
    (shape, values): Shaped<'_, T>,
    (of_filters, filter_values): Shaped<'_, T>,
    window: &Window,
    groups: usize,
    budget: &mut Budget,
) -> Outcome<(Vec<usize>, Vec<T>)> {
    let [count, channels, height, width] = planes(shape, window)?;
    let [filters, depth, tall, wide] = planes(of_filters, window)?;
    if shape.len() != of_filters.len() || groups == 0 || depth.checked_mul(groups) != Some(channels) || !filters.is_multiple_of(groups) {
        return Err(refuse(format!("filters of {} do not fit images of {} in {groups} groups", shown(of_filters), shown(shape))));
    }
    if window.size.is_some_and(|size| size != [tall, wide]) {
        return Err(refuse("a Conv says another size than its weights have"));
    }
    let (down, across) = (Axis::new(window, 0, height, tall)?, Axis::new(window, 1, width, wide)?);
    let pixels = product(&[down.output, across.output]);
    let mut out = vec![T::zero(); budget.claim(&[count, filters, down.output, across.output])?];
    // What lies in the padding is zero in the patches of every image.
    let mut patches = vec![T::zero(); budget.claim(&[depth, tall, wide, down.output, across.output])?];
    let views = views([&down, &across]);
    let (pixels, taps, own) = (usize::try_from(pixels).unwrap_or(usize::MAX), depth * tall * wide, filters / groups);
    for (image, out) in values.chunks_exact(channels * height * width).zip(out.chunks_exact_mut(filters * pixels)) {
        for (group, (planes, out)) in image.chunks_exact(depth * height * width).zip(out.chunks_exact_mut(own * pixels)).enumerate() {
            budget.spend(patches.len() as u64)?;
            for (plane, patches) in planes.chunks_exact(height * width).zip(patches.chunks_exact_mut(tall * wide * pixels)) {
                for view in &views {
                    view.copy(plane, patches);
                }
            }
            let filters = Factor::new(&filter_values[group * own * taps..(group + 1) * own * taps], own, taps);
            multiply(T::one(), &filters, &Factor::new(&patches, taps, pixels), out, budget)?;
        }
    }
    Ok((sides(shape, [count, filters, down.output, across.output]), out))
}

/// The part of a plane that a tap sees as the window moves, and where it lies in the patches.
#[derive(Debug, Clone, Copy)]
struct View {
    /// The first place of the plane, the places from one to the next in a line, and from line to line.
    from: usize,
    step: usize,
    plane_pitch: usize,
    /// The same of the patches, where a line has no gaps.
    to: usize,
    patch_pitch: usize,
    /// How long a line is, and how many there are.
    len: usize,
    lines: usize,
}

/// What each tap sees, without those that see padding alone. Its row of the patches has a number for every output pixel.
fn views([down, across]: [&Axis; 2]) -> Vec<View> {
    let taps = (0..down.size).flat_map(|dy| (0..across.size).map(move |dx| (dy, dx)));
    let view = |(dy, dx): (usize, usize)| {
        let (rows, columns) = (down.seen_by(dy), across.seen_by(dx));
        let (top, left) = down.sees(rows.start, dy).zip(across.sees(columns.start, dx)).filter(|_| !rows.is_empty() && !columns.is_empty())?;
        let to = ((dy * across.size + dx) * down.output + rows.start) * across.output + columns.start;
        let (plane_pitch, patch_pitch, step) = (down.stride * across.input, across.output, across.stride);
        let view = View { from: top * across.input + left, step, plane_pitch, to, patch_pitch, len: columns.len(), lines: rows.len() };
        // Lines without a gap between them are one.
        let whole = step == 1 && plane_pitch == view.len && patch_pitch == view.len;
        Some(if whole { View { len: view.len * view.lines, lines: 1, ..view } } else { view })
    };
    taps.filter_map(view).collect()
}

impl View {
    fn copy<T: Copy>(self, plane: &[T], patches: &mut [T]) {
        for line in 0..self.lines {
            let (from, to) = (&plane[self.from + line * self.plane_pitch..], &mut patches[self.to + line * self.patch_pitch..][..self.len]);
            if self.step == 1 {
                copy(&from[..self.len], to);
            } else {
                to.iter_mut().zip(from.iter().step_by(self.step)).for_each(|(to, from)| *to = *from);
            }
        }
    }
}

/// Copies a line of a plane. Most have fewer than thirty numbers, for which a call of `memcpy` takes longer than its work: eight at a time,
/// the last eight once more where the length is no multiple of them.
#[inline]
fn copy<T: Copy>(from: &[T], to: &mut [T]) {
    const AT_ONCE: usize = 8;
    if from.len() > 8 * AT_ONCE || from.len() < AT_ONCE {
        to.copy_from_slice(from);
        return;
    }
    for (from, to) in from.as_chunks::<AT_ONCE>().0.iter().zip(to.as_chunks_mut::<AT_ONCE>().0) {
        *to = *from;
    }
    if let (Some(from), Some(to)) = (from.last_chunk::<AT_ONCE>(), to.last_chunk_mut::<AT_ONCE>()) {
        *to = *from;
    }
}

/// The greatest, or the mean, in every window.
pub(super) fn pool(x: &Tensor, window: &Window, average: bool, count_padding: bool, budget: &mut Budget) -> Outcome<Tensor> {
    let [count, channels, height, width] = planes(x.shape(), window)?;
    let [tall, wide] = window.size.ok_or_else(|| refuse("a pooling does not say how large its window is"))?;
    let (down, across) = (Axis::new(window, 0, height, tall)?, Axis::new(window, 1, width, wide)?);
    let length = budget.claim(&[count, channels, down.output, across.output])?;
    budget.spend(product(&[length, tall, wide]))?;
    let mut out = Vec::with_capacity(length);
    // Whole numbers of a quantised network have a few digits only, so that single precision holds them.
    let copied = match x.values() {
        Values::Int(_) => Some(super::elementwise::cast(x, false, false, budget)?),
        Values::Float(_) => None,
    };
    let (rows, columns): (Vec<Sight>, Vec<Sight>) = ((0..down.output).map(|y| down.sight(y)).collect(), (0..across.output).map(|x| across.sight(x)).collect());
    // Pairs side by side: the window of nearly every network, in a loop that a processor does at once.
    let halves = across.size == 2 && across.stride == 2 && across.dilation == 1 && across.before == 0 && 2 * across.output <= width;
    // Of each tap the output places that see the input through it, and the first place seen.
    let taps = (0..wide)
        .map(|tap| (across.seen_by(tap), tap))
        .filter_map(|(seen, tap)| across.sees(seen.start, tap).filter(|_| !seen.is_empty()).map(|first| (seen, first)));
    let taps: Vec<(Range<usize>, usize)> = taps.collect();
    let mut tallest = vec![f32::NEG_INFINITY; budget.claim(&[width])?];
    for plane in copied.as_ref().unwrap_or(x).as_floats()?.chunks_exact(height * width) {
        for (y, rows) in rows.iter().enumerate() {
            if !average {
                // The greatest of each column of the window's rows, then the greatest of these.
                let mut lines = rows.places().map(|top| &plane[top * width..(top + 1) * width]);
                match lines.next() {
                    Some(line) => tallest.copy_from_slice(line),
                    None => tallest.fill(f32::NEG_INFINITY),
                }
                for line in lines {
                    tallest.iter_mut().zip(line).for_each(|(greatest, value)| *greatest = greater(*greatest, *value));
                }
                if halves {
                    out.extend(tallest.as_chunks::<2>().0.iter().take(across.output).map(|&[left, right]| greater(left, right)));
                    continue;
                }
                let start = out.len();
                out.resize(start + across.output, f32::NEG_INFINITY);
                for (seen, first) in &taps {
                    let tallest = tallest[*first..].iter().step_by(across.stride);
                    out[start..][seen.clone()].iter_mut().zip(tallest).for_each(|(greatest, value)| *greatest = greater(*greatest, *value));
                }
                continue;
            }
            for (x, columns) in columns.iter().enumerate() {
                let lines = rows.places().map(|top| columns.of(&plane[top * width..(top + 1) * width]));
                let over = if count_padding { down.within_padding(y) * across.within_padding(x) } else { rows.len() * columns.len() };
                out.push(lines.fold(0.0, |sum, line| line.fold(sum, |sum, value| sum + value)) / over.max(1) as f32);
            }
        }
    }
    let pooled = Tensor::floats(sides(x.shape(), [count, channels, down.output, across.output]), out)?;
    if copied.is_some() { super::elementwise::cast(&pooled, true, false, budget) } else { Ok(pooled) }
}

/// The p-norm in every window: of the sum of powers the root.
pub(super) fn norm(x: &Tensor, window: &Window, p: f32, budget: &mut Budget) -> Outcome<Tensor> {
    let [tall, wide] = window.size.ok_or_else(|| refuse("a pooling does not say how large its window is"))?;
    budget.claim(x.shape())?;
    budget.spend(16 * x.len() as u64)?;
    let powers = Tensor::floats(x.shape().to_vec(), x.as_floats()?.iter().map(|value| value.abs().powf(p)).collect())?;
    // A mean over all places of the window, padding too, is the sum over their number.
    let means = pool(&powers, &Window { ceil: false, ..window.clone() }, true, true, budget)?;
    let over = (tall * wide) as f32;
    Tensor::floats(means.shape().to_vec(), means.as_floats()?.iter().map(|mean| (mean * over).powf(p.recip())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(size: [usize; 2], strides: [usize; 2], padding: Padding, ceil: bool) -> Window {
        Window { size: Some(size), strides, dilations: [1; 2], padding, ceil, dimensions: None }
    }

    fn arange(shape: &[usize]) -> Tensor {
        Tensor::floats(shape.to_vec(), (0..shape.iter().product()).map(|i: usize| i as f32).collect()).unwrap()
    }

    #[test]
    fn pooling_is_pytorchs() {
        // torch.nn.functional.max_pool2d / avg_pool2d of torch.arange(25.).view(1, 1, 5, 5).
        let of = |window: Window, average, counted| pool(&arange(&[1, 1, 5, 5]), &window, average, counted, &mut Budget::new(1 << 20)).unwrap();
        let most = of(window([2, 2], [2, 2], Padding::Given([0; 4]), true), false, false);
        assert_eq!((most.shape(), most.as_floats().unwrap()), (&[1, 1, 3, 3][..], &[6., 8., 9., 16., 18., 19., 21., 23., 24.][..]));
        let mean = of(window([3, 3], [2, 2], Padding::Given([1; 4]), false), true, true);
        let expected = [1.333_333_4, 3., 2.666_666_7, 7., 12., 9., 8., 13., 9.333_333];
        assert!(mean.as_floats().unwrap().iter().zip(expected).all(|(a, b): (&f32, f32)| (a - b).abs() < 1e-5), "{mean:?}");
        let own = of(window([3, 3], [2, 2], Padding::Given([1; 4]), false), true, false);
        assert_eq!(own.as_floats().unwrap()[..2], [3.0, 4.5], "without the padding");
        let same = of(window([2, 2], [2, 2], Padding::Same { odd_at_start: false }, false), false, false);
        assert_eq!(same.shape(), [1, 1, 3, 3]);
    }

    #[test]
    fn convolution_is_pytorchs() {
        // torch.nn.functional.conv2d(arange(18).view(1, 2, 3, 3), arange(16).view(2, 2, 2, 2) / 10, bias=[1, 2], padding=(1, 0), stride=(2, 1))
        let weights = Tensor::floats(vec![2, 2, 2, 2], (0..16).map(|i| i as f32 / 10.0).collect()).unwrap();
        let bias = Tensor::floats(vec![2], vec![1.0, 2.0]).unwrap();
        let image = arange(&[1, 2, 3, 3]);
        let window = Window { size: None, strides: [2, 1], dilations: [1; 2], padding: Padding::Given([1, 0, 1, 0]), ceil: false, dimensions: None };
        let out = convolution(Inputs(&[Some(&image), Some(&weights), Some(&bias)]), &window, 1, &mut Budget::new(1 << 20)).unwrap();
        let expected = [13.7, 15.5, 36.2, 39.0, 30.7, 35.7, 98.0, 107.2];
        assert_eq!(out.shape(), [1, 2, 2, 2]);
        assert!(out.as_floats().unwrap().iter().zip(expected).all(|(a, b): (&f32, f32)| (a - b).abs() < 1e-4), "{out:?}");
    }
}

//! A filter slid over an image, as the first layer of a convolutional network does: the feature map, its pooling, sizes and parameters.

use super::digits;
use super::heat_map::{HeatMap, Palette, side_by_side};
use super::settings::setting;
use super::{Entry, Fault, Reference, Run, Watch};
use mlgrade_data::{DataSet, Images};
use mlgrade_domain::fields::Fields;
use mlgrade_domain::seed::Seed;
use mlgrade_domain::tolerance::Tolerance;
use mlgrade_domain::value::Value;

const NAME: &str = "filters";

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    doc: "\
Slides an edge filter over an image and pools the feature map, as a convolutional network does; counts sizes and parameters of layers.

Data: grey labelled images, pixels scaled to 0 to 1.
Settings: kernel = [[1, 0, -1], [2, 0, -2], [1, 0, -1]] (a square, at most 9 wide), image = 0 (of the validation images, from 0).
Filter: cross-correlation, stride 1, no padding: out[r][c] = Σ kernel[i][j] image[r + i][c + j], which PyTorch calls convolution.
Metrics: filters.feature_map (row by row, top left first; 26 × 26 values of a 28 × 28 image), filters.shape ([rows, columns] of it),
filters.pooled (ReLU, then the greatest of each 2 × 2 block, row by row), filters.averaged (the mean of each 2 × 2 block, without
ReLU); filters.output_side (input of 32, kernel 5, stride 1, no padding), filters.strided_side (28, kernel 3, stride 2, padding 1),
filters.first_parameters (6 filters of 5 × 5 on 1 channel, with biases), filters.second_parameters (16 of 5 × 5 on 6 channels).
Answers: filter_finds (vertical or horizontal: the edges to which the kernel answers most).
Files: figures/filters.svg.
Sources: Sobel and Feldman 1968 (the kernel); LeCun, Bottou, Bengio and Haffner 1998 (the layers; here every filter sees all channels);
Dumoulin and Visin 2016 (side of the output: floor((n + 2p - k) / s) + 1). Nothing is random.",
    read: |fields| Some(Box::new(Filters::read(fields))),
};

/// The reference with its settings.
#[derive(Debug)]
struct Filters {
    kernel: Grid,
    /// Which validation image, from 0.
    image: usize,
}

/// Numbers in rows of equal length.
type Grid = Vec<Vec<f64>>;

impl Filters {
    fn read(fields: &mut Fields<'_>) -> Self {
        let square =
            |kernel: &Grid| (1..=9).contains(&kernel.len()) && kernel.iter().all(|row| row.len() == kernel.len() && row.iter().all(|value| value.is_finite()));
        let sobel = [[1.0, 0.0, -1.0], [2.0, 0.0, -2.0], [1.0, 0.0, -1.0]].map(Vec::from).to_vec();
        Self {
            kernel: setting(fields, "kernel", sobel, square, "a square of finite numbers, row by row, from 1 to 9 wide"),
            image: setting(fields, "image", 0, |_| true, "a whole number"),
        }
    }
}

impl Reference for Filters {
    fn run(&self, data: &DataSet, _: Seed, watch: &dyn Watch) -> Result<Run, Fault> {
        let image = self.pixels(&digits::grey(data, NAME)?.x_val)?;
        let map = cross_correlation(&image, &self.kernel);
        let rectified: Grid = map.iter().map(|row| row.iter().map(|value| value.max(0.0)).collect()).collect();
        let pooled = pool(&rectified, |block| block.into_iter().fold(f64::NEG_INFINITY, f64::max));
        let averaged = pool(&map, |block| block.into_iter().sum::<f64>() / 4.0);

        let mut run = Run::default();
        let mut metric = |name: &str, value: Value| run.state(format!("{NAME}.{name}"), value);
        metric("feature_map", Value::series(map.concat()));
        metric("shape", Value::series([map.len(), map[0].len()].map(|side| side as f64)));
        metric("pooled", Value::series(pooled.concat()));
        metric("averaged", Value::series(averaged.concat()));
        metric("output_side", Value::number(output_side(32, 5, 1, 0) as f64));
        metric("strided_side", Value::number(output_side(28, 3, 2, 1) as f64));
        metric("first_parameters", Value::number(parameters(6, 5, 1) as f64));
        metric("second_parameters", Value::number(parameters(16, 5, 6) as f64));
        run.answers.insert("filter_finds".to_owned(), Value::text(self.edges()));
        run.draw(NAME, NAME, figure(image, map, pooled))?;
        watch.step(1, 1, "filtered and pooled");
        Ok(run)
    }

    fn suits(&self, data: &DataSet) -> Result<(), Fault> {
        self.pixels(&digits::grey(data, NAME)?.x_val).map(|_| ())
    }

    fn names(&self) -> Vec<String> {
        let metrics = ["feature_map", "shape", "pooled", "averaged", "output_side", "strided_side", "first_parameters", "second_parameters"];
        metrics.map(|name| format!("{NAME}.{name}")).into_iter().chain(["filter_finds".to_owned()]).collect()
    }

    /// Sums of a few products: only their last digits may differ.
    fn drift(&self, _: &str) -> Tolerance {
        Tolerance::ROUNDING
    }
}

impl Filters {
    /// The image that is filtered, its pixels from 0 to 1.
    fn pixels(&self, images: &Images) -> Result<Grid, Fault> {
        let fault = |message| Err(Fault::Data { reference: NAME, message });
        let (height, width) = (images.height, images.width);
        if self.image >= images.count {
            return fault(format!("there is no validation image {}; there are {}, counted from 0", self.image, images.count));
        }
        // The feature map must have room for a block of 2 × 2.
        if height.min(width) <= self.kernel.len() {
            return fault(format!("an image of {height}×{width} is too small for a kernel of {0}×{0}", self.kernel.len()));
        }
        let pixels = &images.pixels[self.image * height * width..][..height * width];
        Ok(pixels.chunks_exact(width).map(|row| row.iter().map(|&pixel| f64::from(pixel) / 255.0).collect()).collect())
    }

    /// The edges to which the kernel answers most: a step from left to right, at a vertical edge, changes what its columns see.
    fn edges(&self) -> &'static str {
        let size = self.kernel.len();
        let columns: Vec<f64> = (0..size).map(|j| self.kernel.iter().map(|row| row[j]).sum()).collect();
        let rows: Vec<f64> = self.kernel.iter().map(|row| row.iter().sum()).collect();
        if spread(&columns) >= spread(&rows) { "vertical" } else { "horizontal" }
    }
}

/// The distance from the least to the greatest of `values`.
fn spread(values: &[f64]) -> f64 {
    let (low, high) = values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &value| (low.min(value), high.max(value)));
    high - low
}

/// out\[r]\[c] = Σ kernel\[i]\[j] image\[r + i]\[c + j], wherever the kernel lies wholly within the image.
fn cross_correlation(image: &[Vec<f64>], kernel: &[Vec<f64>]) -> Grid {
    let size = kernel.len();
    let at = |window: &[Vec<f64>], c: usize| -> f64 {
        let products = window.iter().zip(kernel).flat_map(|(row, weights)| row[c..].iter().zip(weights).map(|(pixel, weight)| pixel * weight));
        products.sum()
    };
    image.windows(size).map(|window| (0..=window[0].len() - size).map(|c| at(window, c)).collect()).collect()
}

/// `summary` of every block of 2 × 2; a last odd row or column is left out.
fn pool(map: &[Vec<f64>], summary: impl Fn([f64; 4]) -> f64) -> Grid {
    let block = |(top, bottom): (&[f64], &[f64])| summary([top[0], top[1], bottom[0], bottom[1]]);
    map.chunks_exact(2).map(|rows| rows[0].chunks_exact(2).zip(rows[1].chunks_exact(2)).map(block).collect()).collect()
}

/// The side of a layer's output: floor((n + 2p - k) / s) + 1.
fn output_side(input: usize, kernel: usize, stride: usize, padding: usize) -> usize {
    (input + 2 * padding - kernel) / stride + 1
}

/// The weights and biases of a layer of `filters` square filters, each on all `channels`.
fn parameters(filters: usize, kernel: usize, channels: usize) -> usize {
    filters * (kernel * kernel * channels + 1)
}

/// The image, its feature map and what pooling leaves of it.
fn figure(image: Grid, map: Grid, pooled: Grid) -> Result<String, String> {
    let maps = [
        HeatMap { title: "image", values: image, palette: Palette::Grey },
        HeatMap { title: "feature map", values: map, palette: Palette::Diverging },
        HeatMap { title: "ReLU and 2×2 max pooling", values: pooled, palette: Palette::Diverging },
    ];
    side_by_side("An edge filter on an image", &maps)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Unwatched;
    use mlgrade_data::Split;
    use proptest::prelude::*;

    fn grid<const N: usize>(rows: [[f64; N]; N]) -> Grid {
        rows.map(Vec::from).to_vec()
    }

    fn sobel() -> Filters {
        Filters { kernel: grid([[1.0, 0.0, -1.0], [2.0, 0.0, -2.0], [1.0, 0.0, -1.0]]), image: 0 }
    }

    /// By hand: top left is 1·0 - 1·1 + 2·0 - 2·1 + 1·0 - 1·1 = -4, a step up; turning the kernel round would give +4.
    #[test]
    fn a_step_of_four_by_four_by_hand() {
        let image = grid([[0.0, 0.0, 1.0, 1.0], [0.0, 0.0, 1.0, 1.0], [0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 1.0, 1.0]]);
        let map = cross_correlation(&image, &sobel().kernel);
        assert_eq!(map, grid([[-4.0, -4.0], [-4.0, -3.0]]));
        assert_eq!(pool(&map, |block| block.into_iter().fold(f64::NEG_INFINITY, f64::max)), [[-3.0]]);
        assert_eq!(pool(&map, |block| block.into_iter().sum::<f64>() / 4.0), [[-3.75]]);
    }

    /// LeCun et al. 1998, figure 2: C1 has 28 × 28 maps and 156 parameters. PyTorch 2.15: the sides of Conv2d's outputs, and 2416 numbers in
    /// Conv2d(6, 16, 5).
    #[test]
    fn sizes_and_parameters_are_those_of_the_layers() {
        assert_eq!([output_side(32, 5, 1, 0), output_side(28, 3, 2, 1), output_side(28, 3, 1, 0)], [28, 14, 26]);
        assert_eq!([parameters(6, 5, 1), parameters(16, 5, 6)], [156, 2_416]);
    }

    #[test]
    fn a_kernel_is_named_by_its_edges_and_a_run_is_whole() {
        let horizontal = Filters { kernel: grid([[1.0, 2.0, 1.0], [0.0, 0.0, 0.0], [-1.0, -2.0, -1.0]]), image: 0 };
        assert_eq!((sobel().edges(), horizontal.edges()), ("vertical", "horizontal"));
        let images = Images { count: 1, height: 6, width: 5, channels: 1, pixels: (0..30).map(|pixel| pixel * 8).collect() };
        let data =
            DataSet::Images { split: Split { x_train: images.clone(), y_train: vec![0], x_val: images, y_val: vec![0] }, names: None, files: Vec::new() };
        let run = sobel().run(&data, Seed::new(1), &Unwatched).unwrap();
        assert!(sobel().names().iter().all(|name| run.metrics.contains_key(name) || run.answers.contains_key(name)));
        assert_eq!(run.metrics["filters.shape"], Value::series([4.0, 3.0]));
        let missing = Filters { image: 1, ..sobel() }.run(&data, Seed::new(1), &Unwatched).unwrap_err();
        assert!(missing.to_string().contains("no validation image 1"));
    }

    fn images() -> impl Strategy<Value = Grid> {
        prop::collection::vec(prop::collection::vec(0.0..1.0_f64, 7), 6)
    }

    proptest! {
        #[test]
        fn a_single_one_in_the_middle_crops_the_image(image in images()) {
            let cropped: Grid = image[1..5].iter().map(|row| row[1..6].to_vec()).collect();
            prop_assert_eq!(cross_correlation(&image, &grid([[0.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]])), cropped);
        }

        #[test]
        fn filtering_is_linear(a in images(), b in images(), factor in -3.0..3.0_f64) {
            let mixed: Grid = a.iter().zip(&b).map(|(a, b)| a.iter().zip(b).map(|(a, b)| a + factor * b).collect()).collect();
            let [of_mixed, of_a, of_b] = [&mixed, &a, &b].map(|image| cross_correlation(image, &sobel().kernel).concat());
            prop_assert!(of_mixed.iter().zip(of_a.iter().zip(&of_b)).all(|(mixed, (a, b))| (mixed - (a + factor * b)).abs() < 1e-12));
        }
    }
}

//! Images of one size, grey or in colour.

use super::{Malformed, Split};
use mlgrade_domain::answers::{Classes, Key};
use mlgrade_domain::table::Column;

/// Images of one size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Images {
    /// The number of images.
    pub count: usize,
    /// Pixels from top to bottom.
    pub height: usize,
    /// Pixels from left to right.
    pub width: usize,
    /// 1 for grey pixels, of which 0 is the background; 3 for red, green and blue.
    pub channels: usize,
    /// `count` × `height` × `width` × `channels` bytes, image by image, row by row, pixel by pixel.
    pub pixels: Vec<u8>,
}

impl Images {
    /// The bytes of one image.
    pub fn size(&self) -> usize {
        self.height * self.width * self.channels
    }

    /// Whether pixels are red, green and blue.
    pub fn is_in_colour(&self) -> bool {
        self.channels > 1
    }

    /// The lengths of one image's axes: height, width and, in colour, channels.
    pub fn shape(&self) -> Vec<usize> {
        let channels = self.is_in_colour().then_some(self.channels);
        [self.height, self.width].into_iter().chain(channels).collect()
    }

    /// The size in words: "16×16 pixels in colour".
    fn words(&self) -> String {
        format!("{}×{} pixels in {}", self.height, self.width, if self.is_in_colour() { "colour" } else { "grey" })
    }
}

impl Split<Images, u8> {
    /// A copy with at most the first `train` training and `val` validation images.
    #[must_use]
    pub fn first(&self, train: usize, val: usize) -> Self {
        let images = |images: &Images, count: usize| {
            let count = count.min(images.count);
            Images { count, pixels: images.pixels[..count * images.size()].to_vec(), ..*images }
        };
        let labels = |labels: &[u8], count: usize| labels[..count.min(labels.len())].to_vec();
        Self { x_train: images(&self.x_train, train), y_train: labels(&self.y_train, train), x_val: images(&self.x_val, val), y_val: labels(&self.y_val, val) }
    }

    /// The greatest label, of training and validation.
    pub fn greatest_label(&self) -> u8 {
        self.y_train.iter().chain(&self.y_val).copied().max().unwrap_or(0)
    }
}

/// The classes of validation images with the labels `val`, called by `names` or by their numbers.
pub(super) fn classes(train: &[u8], val: &[u8], names: Option<&[String]>) -> Classes {
    match names {
        Some(names) => Classes { names: names.to_vec(), labels: val.iter().copied().map(usize::from).collect(), numbered: false },
        None => Classes::counted(val, usize::from(train.iter().chain(val).copied().max().unwrap_or(0)) + 1),
    }
}

/// What identifies the images with these `files`: their names, with and without endings.
pub(super) fn keys(files: &[String]) -> Vec<Key> {
    let stem = |name: &String| name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem).to_owned();
    let columns = [files.to_vec(), files.iter().map(stem).collect()];
    columns.into_iter().filter(|names| !names.is_empty()).filter_map(|names| Key::of("file", &Column::Text(names))).collect()
}

/// Fails unless training and validation images have one size, and pixels.
pub(super) fn are_alike(train: &Images, val: &Images) -> Result<(), Malformed> {
    if val.size() == 0 {
        return Err(Malformed(format!("the images have no pixels: they are {}×{}", val.height, val.width)));
    }
    if train.shape() != val.shape() {
        return Err(Malformed(format!("training images have {}, validation images {}", train.words(), val.words())));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DataSet;
    use mlgrade_domain::answers::Right;

    fn images(count: usize, channels: usize) -> Images {
        Images { count, height: 2, width: 1, channels, pixels: vec![7; count * 2 * channels] }
    }

    #[test]
    fn labels_go_to_255_and_count_classes_from_0() {
        let split = Split { x_train: images(1, 3), y_train: vec![255], x_val: images(2, 3), y_val: vec![0, 9] };
        let data = DataSet::images(split).unwrap();
        assert_eq!(data.shape(), "1 + 2 colour images of 2×1");
        let Right::Classes(classes) = data.answers(None).unwrap().right else { panic!("no classes") };
        assert_eq!((classes.names.len(), classes.labels, classes.numbered), (256, vec![0, 9], true));
        assert_eq!(data.validation_inputs().map(|examples| (examples.count(), examples.shape().to_vec())), Some((2, vec![2, 1, 3])));
    }

    #[test]
    fn named_classes_are_called_by_their_names() {
        let split = Split { x_train: images(0, 1), y_train: vec![], x_val: images(2, 1), y_val: vec![1, 0] };
        let data = DataSet::Images { split, names: Some(["cat", "dog"].map(str::to_owned).to_vec()), files: Vec::new() };
        let Right::Classes(classes) = data.answers(None).unwrap().right else { panic!("no classes") };
        assert_eq!((classes.of_name("dog"), classes.labels.as_slice(), classes.numbered), (Some(1), [1, 0].as_slice(), false));
        assert_eq!(data.shape(), "2 images of 2×1");
    }

    #[test]
    fn images_of_two_sizes_or_none_are_refused() {
        let split = |train: Images, val: Images| {
            let [y_train, y_val] = [&train, &val].map(|images| vec![0; images.count]);
            DataSet::images(Split { x_train: train, y_train, x_val: val, y_val }).map(|_| ()).map_err(|error| error.to_string())
        };
        assert_eq!(split(images(1, 3), images(1, 1)), Err("training images have 2×1 pixels in colour, validation images 2×1 pixels in grey".to_owned()));
        let flat = Images { count: 1, height: 0, width: 4, channels: 1, pixels: vec![] };
        assert_eq!(split(flat.clone(), flat), Err("the images have no pixels: they are 0×4".to_owned()));
        assert_eq!(split(images(0, 1), images(1, 1)), Err("there is no training data".to_owned()));
    }

    #[test]
    fn the_first_images_keep_their_colours() {
        let pixels = (0..12).collect();
        let both = Images { count: 2, height: 2, width: 1, channels: 3, pixels };
        let split = Split { x_train: both.clone(), y_train: vec![4, 5], x_val: both, y_val: vec![6, 7] }.first(1, 5);
        assert_eq!((split.x_train.pixels, split.y_train, split.y_val), ((0..6).collect(), vec![4], vec![6, 7]));
    }
}

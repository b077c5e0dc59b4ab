#![doc = include_str!("../README.md")]

/// 60,000 images of 28×28 grey pixels.
pub static TRAIN_IMAGES: &[u8] = include_bytes!("../files/train-images-idx3-ubyte.gz");

/// A label, 0 to 9, for each image.
pub static TRAIN_LABELS: &[u8] = include_bytes!("../files/train-labels-idx1-ubyte.gz");

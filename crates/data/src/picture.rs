//! Pictures from PNG files.

use super::{DataSet, Malformed};
use mlgrade_picture::Picture;
use mlgrade_picture::figure;

/// The sides that a picture may have, in pixels. The least is the window of the structural similarity.
const SIDES: std::ops::RangeInclusive<usize> = 11..=1024;

/// The picture in a PNG file: grey becomes colour, transparency becomes white.
pub(super) fn of_png(bytes: &[u8]) -> Result<Picture, Malformed> {
    let picture = decoded(bytes)?;
    if !SIDES.contains(&picture.width) || !SIDES.contains(&picture.height) {
        let size = format!("{}×{}", picture.width, picture.height);
        return Err(Malformed(format!("the picture has {size} pixels; {} to {} a side are read", SIDES.start(), SIDES.end())));
    }
    Ok(picture)
}

/// The middle 300×300 pixels of the photograph, averaged over blocks of 3×3.
pub(super) fn chelsea(bytes: &[u8]) -> Result<DataSet, Malformed> {
    let square = of_png(bytes)?.cropped(75, 0, 300, 300).and_then(|square| square.shrunk(3));
    square.map(DataSet::Picture).ok_or_else(|| Malformed("the photograph is too small".to_owned()))
}

fn decoded(bytes: &[u8]) -> Result<Picture, Malformed> {
    if !bytes.starts_with(b"\x89PNG") {
        return Err(Malformed("this is no PNG file".to_owned()));
    }
    let figure = figure::decode("", bytes).map_err(|error| Malformed(error.message))?;
    Picture::of_figure(&figure).ok_or_else(|| Malformed("this is no PNG file".to_owned()))
}

//! Pictures on a page as pixels (ISO 32000-1, 8.9), within the limits of all figures.

use mlgrade_domain::limits;
use mlgrade_picture::figure::{self, Content, Figure};

use super::budget::Fault;
use super::canvas::Placed;
use super::file::File;
use super::filter;
use super::object::{Dict, Object};

/// The colours that samples stand for.
enum Colours {
    /// Channels: 1 or 3.
    Channels(usize),
    /// Places in a list of colours, three bytes each.
    Listed(Vec<u8>),
}

/// Decodes a picture.
pub(super) fn decode(file: &File, placed: &Placed, path: &str) -> Result<Figure, Fault> {
    let Some(stream) = &placed.stream else { return Err("its picture stands in the page's own content, which is not read".into()) };
    let Some([across, down]) = placed.mirrored else { return Err("its picture is turned, which is not read".into()) };
    let dict = &stream.dict;
    let side = |key: &str, short: &str| -> Result<usize, Fault> {
        let length = file.entry(dict, key)?.count().or(file.entry(dict, short)?.count());
        length.filter(|length| *length > 0).ok_or_else(|| "its picture has no size".into())
    };
    let (width, height) = (side("Width", "W")?, side("Height", "H")?);
    let pixels = (width as u64).saturating_mul(height as u64);
    if width.max(height) > limits::FIGURE_SIDE as usize || pixels > limits::FIGURE_PIXELS {
        let most = limits::FIGURE_PIXELS / 1_000_000;
        return Err(format!("its picture says it is {width}×{height} pixels; at most {} a side and {most} megapixels are read", limits::FIGURE_SIDE).into());
    }
    let colours = colours(file, &file.entry(dict, "ColorSpace")?, 0)?;
    let bits = file.entry(dict, "BitsPerComponent")?.count().unwrap_or(8);
    let samples = if let Colours::Channels(channels) = colours { channels } else { 1 };
    let row = (width * samples * bits.clamp(1, 16)).div_ceil(8);
    let (channels, bytes) = match filter::picture(file, stream, filter::Size { bytes: row * height, rows: height })? {
        filter::Content::Jpeg(bytes) => {
            let figure = figure::decode(path, &bytes).map_err(|diagnostic| Fault::from(format!("its picture: {}", diagnostic.message)))?;
            let Content::Raster { channels, bytes } = figure.content else { return Err("its picture is no JPEG".into()) };
            if (figure.width as usize, figure.height as usize) != (width, height) {
                return Err("its picture has another size than it says".into());
            }
            (channels, bytes)
        }
        filter::Content::Plain(bytes) => {
            if bytes.len() < row * height {
                return Err(format!("its picture is cut off: {} of {} bytes are there", bytes.len(), row * height).into());
            }
            spread(bytes, (width, height), bits, &colours, is_inverted(file, dict)?)?
        }
    };
    let (mut channels, mut bytes) = (channels, bytes);
    if let Object::Stream(mask) = file.entry(dict, "SMask")? {
        let rows = filter::Size { bytes: width * height, rows: height };
        let alpha = alpha(file, &mask.dict, &filter::picture(file, &mask, rows)?, (width, height))?;
        bytes = bytes.chunks_exact(channels).zip(alpha).flat_map(|(pixel, alpha)| pixel.iter().copied().chain([alpha])).collect();
        channels += 1;
    }
    if down {
        bytes = bytes.chunks_exact(width * channels).rev().flatten().copied().collect();
    }
    if across {
        bytes = bytes.chunks_exact(width * channels).flat_map(|row| row.chunks_exact(channels).rev().flatten().copied()).collect();
    }
    let side = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    Ok(Figure { path: path.to_owned(), width: side(width), height: side(height), content: Content::Raster { channels, bytes }, hint: None })
}

/// Whether the greatest sample is the darkest.
fn is_inverted(file: &File, dict: &Dict) -> Result<bool, Fault> {
    Ok(file.entry(dict, "Decode")?.list().is_some_and(|list| list.first().and_then(Object::count) == Some(1)))
}

/// How opaque each pixel is.
fn alpha(file: &File, dict: &Dict, content: &filter::Content, (width, height): (usize, usize)) -> Result<Vec<u8>, Fault> {
    let same = file.entry(dict, "Width")?.count() == Some(width) && file.entry(dict, "Height")?.count() == Some(height);
    let bits = file.entry(dict, "BitsPerComponent")?.count();
    match content {
        filter::Content::Plain(bytes) if same && bits == Some(8) && bytes.len() >= width * height => {
            let turned = if is_inverted(file, dict)? { 255 } else { 0 };
            Ok(bytes[..width * height].iter().map(|byte| byte ^ turned).collect())
        }
        _ => Err("the transparency of its picture is written in a way that is not read".into()),
    }
}

fn colours(file: &File, space: &Object, depth: usize) -> Result<Colours, Fault> {
    let list = space.list().unwrap_or_default();
    let name = match space.name() {
        Some(name) => name.to_vec(),
        None => file.resolved(list.first().unwrap_or(&Object::Null))?.name().unwrap_or_default().to_vec(),
    };
    let part = |i: usize| file.resolved(list.get(i).unwrap_or(&Object::Null));
    match name.as_slice() {
        b"DeviceGray" | b"CalGray" | b"G" => Ok(Colours::Channels(1)),
        b"DeviceRGB" | b"CalRGB" | b"RGB" => Ok(Colours::Channels(3)),
        b"ICCBased" => match part(1)?.dict().map(|dict| file.entry(dict, "N")).transpose()?.and_then(|n| n.count()) {
            Some(1) => Ok(Colours::Channels(1)),
            Some(3) => Ok(Colours::Channels(3)),
            _ => Err("the colours of its picture are neither grey nor RGB".into()),
        },
        b"Indexed" | b"I" if depth == 0 => {
            let channels = match colours(file, &part(1)?, depth + 1)? {
                Colours::Channels(channels) => channels,
                Colours::Listed(_) => return Err("the colours of its picture are listed twice over".into()),
            };
            let listed = match part(3)? {
                Object::Text(bytes) => bytes,
                Object::Stream(stream) => filter::bytes(file, &stream)?,
                _ => Vec::new(),
            };
            let colours =
                listed.chunks_exact(channels).take(256).flat_map(|colour| if channels == 1 { [colour[0]; 3] } else { [colour[0], colour[1], colour[2]] });
            Ok(Colours::Listed(colours.collect()))
        }
        other => Err(format!(
            "the colours of its picture are {}, which is not read",
            if other.is_empty() { "not said".into() } else { String::from_utf8_lossy(other) }
        )
        .into()),
    }
}

/// Samples as bytes, each of eight bits.
fn spread(mut bytes: Vec<u8>, (width, height): (usize, usize), bits: usize, colours: &Colours, inverted: bool) -> Result<(usize, Vec<u8>), Fault> {
    let (channels, per_row) = match colours {
        Colours::Channels(channels) => (*channels, width * channels),
        Colours::Listed(_) => (3, width),
    };
    if bits != 8 || matches!(colours, Colours::Listed(_)) {
        if !matches!(bits, 1 | 2 | 4 | 8 | 16) {
            return Err(format!("its picture has {bits} bits a colour, which is not read").into());
        }
        let row = (per_row * bits).div_ceil(8);
        let sample = |row: &[u8], i: usize| match bits {
            16 => row[2 * i],
            8 => row[i],
            _ => row[i * bits / 8] >> (8 - bits - i * bits % 8) & ((1 << bits) - 1),
        };
        let scale = if bits < 8 { 255 / ((1_u8 << bits) - 1) } else { 1 };
        let mut spread = Vec::with_capacity(width * height * channels);
        for row in bytes.chunks_exact(row).take(height) {
            for i in 0..per_row {
                match colours {
                    Colours::Channels(_) => spread.push(sample(row, i) * scale),
                    Colours::Listed(listed) => {
                        spread.extend(listed.get(3 * usize::from(sample(row, i))..).and_then(|rest| rest.first_chunk::<3>()).unwrap_or(&[0; 3]));
                    }
                }
            }
        }
        bytes = spread;
    }
    bytes.truncate(width * height * channels);
    if inverted && matches!(colours, Colours::Channels(_)) {
        for byte in &mut bytes {
            *byte = 255 - *byte;
        }
    }
    Ok((channels, bytes))
}

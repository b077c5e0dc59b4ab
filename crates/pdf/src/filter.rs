//! What a stream holds: its filters undone one by one, each within what may be unpacked (ISO 32000-1, 7.4).

use std::io::Read;

use flate2::read::ZlibDecoder;

use super::budget::Fault;
use super::file::File;
use super::object::{Dict, Object, Stream, bytes_of_hex};

/// Filters one after the other.
const FILTERS: usize = 4;

/// What comes out of a stream.
pub(super) enum Content {
    /// Bytes.
    Plain(Vec<u8>),
    /// A JPEG.
    Jpeg(Vec<u8>),
}

/// The size of a picture.
#[derive(Clone, Copy)]
pub(super) struct Size {
    /// All its bytes.
    pub bytes: usize,
    /// Its rows, of which each has a byte more in a PNG's way of writing.
    pub rows: usize,
}

/// How much of a stream is wanted.
#[derive(Clone, Copy)]
enum Wanted {
    /// All, which is a fault if it is more than this.
    All(usize),
    /// These bytes; what is behind them is passed over.
    Start(Size),
}

impl Wanted {
    /// How many bytes come out of a filter at most.
    fn most(self) -> usize {
        match self {
            Self::All(most) => most,
            Self::Start(size) => size.bytes.saturating_add(size.rows).saturating_add(1 << 10),
        }
    }
}

/// Undoes the filters of `stream`; at most `most` bytes come out of each.
pub(super) fn content(file: &File, stream: &Stream, most: usize) -> Result<Content, Fault> {
    undone(file, stream, Wanted::All(most))
}

/// Undoes the filters of `stream` as far as its picture needs them; some programs write more than that.
pub(super) fn picture(file: &File, stream: &Stream, size: Size) -> Result<Content, Fault> {
    undone(file, stream, Wanted::Start(size))
}

fn undone(file: &File, stream: &Stream, wanted: Wanted) -> Result<Content, Fault> {
    let filters = several(file, stream.dict.get("Filter"))?;
    let settings = several(file, stream.dict.get("DecodeParms"))?;
    if filters.len() > FILTERS {
        return Err(format!("a stream in it has {} filters, more than the {FILTERS} that are undone", filters.len()).into());
    }
    let mut bytes = file.raw(stream)?.to_vec();
    for (i, filter) in filters.iter().enumerate() {
        let name = filter.name().unwrap_or_default();
        bytes = match name {
            b"FlateDecode" | b"Fl" => {
                let unpacked = inflated(&bytes, wanted)?;
                match settings.get(i).and_then(Object::dict) {
                    Some(settings) => predicted(file, unpacked, settings)?,
                    None => unpacked,
                }
            }
            b"ASCII85Decode" | b"A85" => ascii85(&bytes),
            b"ASCIIHexDecode" | b"AHx" => bytes_of_hex(bytes.split(|byte| *byte == b'>').next().unwrap_or_default()),
            b"RunLengthDecode" | b"RL" => run_length(&bytes, wanted)?,
            b"DCTDecode" | b"DCT" if i + 1 == filters.len() => return Ok(Content::Jpeg(bytes)),
            other => {
                let reason = format!("the filter {} is not read", String::from_utf8_lossy(other));
                return Err(Fault { reason, help: Some("export the report again with pictures as PNG or JPEG".to_owned()) });
            }
        };
    }
    match wanted {
        Wanted::All(most) if bytes.len() > most => return Err(too_much(most)),
        Wanted::All(_) => {}
        Wanted::Start(size) => bytes.truncate(size.bytes),
    }
    Ok(Content::Plain(bytes))
}

/// The bytes of a stream that is no picture, counted.
pub(super) fn bytes(file: &File, stream: &Stream) -> Result<Vec<u8>, Fault> {
    match content(file, stream, file.budget.room())? {
        Content::Plain(bytes) => file.budget.unpacked(bytes.len()).map(|()| bytes),
        Content::Jpeg(_) => Err("a picture stands where text belongs".into()),
    }
}

/// One object, or the objects of a list.
fn several(file: &File, object: &Object) -> Result<Vec<Object>, Fault> {
    Ok(match file.resolved(object)? {
        Object::Null => Vec::new(),
        Object::List(list) => list.iter().map(|one| file.resolved(one)).collect::<Result<_, _>>()?,
        one => vec![one],
    })
}

fn too_much(most: usize) -> Fault {
    format!("a stream in it unpacks to more than the {} MiB that are read", most >> 20).into()
}

fn inflated(bytes: &[u8], wanted: Wanted) -> Result<Vec<u8>, Fault> {
    let (mut unpacked, most) = (Vec::new(), wanted.most());
    let read = ZlibDecoder::new(bytes).take(most as u64 + 1).read_to_end(&mut unpacked);
    match wanted {
        // A fault behind what is wanted does not matter.
        Wanted::Start(size) if unpacked.len() >= size.bytes.saturating_add(size.rows) => {}
        _ => {
            read.map_err(|error| Fault::from(format!("a stream in it is damaged: {error}")))?;
        }
    }
    match wanted {
        Wanted::All(_) if unpacked.len() > most => Err(too_much(most)),
        _ => Ok(unpacked),
    }
}

fn run_length(bytes: &[u8], wanted: Wanted) -> Result<Vec<u8>, Fault> {
    let (mut out, mut at) = (Vec::new(), 0);
    while let Some(&length) = bytes.get(at).filter(|length| **length != 128) {
        let length = usize::from(length);
        if length < 128 {
            out.extend(bytes.iter().skip(at + 1).take(length + 1));
            at += length + 2;
        } else {
            out.extend(std::iter::repeat_n(bytes.get(at + 1).copied().unwrap_or(0), 257 - length));
            at += 2;
        }
        if out.len() > wanted.most() {
            match wanted {
                Wanted::All(most) => return Err(too_much(most)),
                Wanted::Start(_) => break,
            }
        }
    }
    Ok(out)
}

fn ascii85(bytes: &[u8]) -> Vec<u8> {
    let (mut out, mut group) = (Vec::new(), Vec::with_capacity(5));
    let mut finish = |group: &mut Vec<u8>| {
        let kept = group.len();
        if kept > 1 {
            group.resize(5, 84);
            let value = group.iter().fold(0_u32, |value, digit| value.wrapping_mul(85).wrapping_add(u32::from(*digit)));
            out.extend(value.to_be_bytes().into_iter().take(kept - 1));
        }
        group.clear();
    };
    for &byte in bytes {
        match byte {
            b'z' if group.is_empty() => {
                group.resize(5, 0);
                finish(&mut group);
            }
            b'!'..=b'u' => {
                group.push(byte - b'!');
                if group.len() == 5 {
                    finish(&mut group);
                }
            }
            b'~' => break,
            _ => {}
        }
    }
    finish(&mut group);
    out
}

/// Undoes what was done to rows so that they pack better.
fn predicted(file: &File, bytes: Vec<u8>, settings: &Dict) -> Result<Vec<u8>, Fault> {
    let senseless = || Fault::from("the rows of a stream in it have no sensible length");
    let number = |key: &str, usual: usize| match file.entry(settings, key)? {
        Object::Null => Ok(usual),
        said => said.count().ok_or_else(senseless),
    };
    let predictor = number("Predictor", 1)?;
    let (columns, colours, bits) = (number("Columns", 1)?, number("Colors", 1)?, number("BitsPerComponent", 8)?);
    let sizes = columns <= 1 << 20 && (1..=8).contains(&colours) && matches!(bits, 1 | 2 | 4 | 8 | 16) && columns > 0;
    if predictor > 1 && !sizes {
        return Err(senseless());
    }
    let (row, step) = ((columns * colours * bits).div_ceil(8), (colours * bits).div_ceil(8));
    match predictor {
        0 | 1 => Ok(bytes),
        2 if bits == 8 => Ok(differences(bytes, row, step)),
        10..=15 => Ok(png_rows(&bytes, row, step)),
        other => Err(format!("a stream in it has predictor {other}, which is not read").into()),
    }
}

/// TIFF's predictor: each sample is written as its difference from the one before.
fn differences(mut bytes: Vec<u8>, row: usize, step: usize) -> Vec<u8> {
    for row in bytes.chunks_mut(row) {
        for i in step..row.len() {
            row[i] = row[i].wrapping_add(row[i - step]);
        }
    }
    bytes
}

/// PNG's predictors: each row says by its first byte how it was predicted.
fn png_rows(bytes: &[u8], row: usize, step: usize) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::with_capacity(bytes.len());
    let mut above = vec![0_u8; row];
    for coded in bytes.chunks(row + 1) {
        let Some((kind, coded)) = coded.split_first() else { break };
        let start = out.len();
        for (i, byte) in coded.iter().enumerate() {
            let left = if i >= step { out[start + i - step] } else { 0 };
            let corner = if i >= step { above[i - step] } else { 0 };
            let guess = match kind {
                1 => left,
                2 => above[i],
                3 => u8::try_from(u16::midpoint(u16::from(left), u16::from(above[i]))).unwrap_or_default(),
                4 => paeth(left, above[i], corner),
                _ => 0,
            };
            out.push(byte.wrapping_add(guess));
        }
        let done = out.len() - start;
        above[..done].copy_from_slice(&out[start..]);
    }
    out
}

fn paeth(left: u8, above: u8, corner: u8) -> u8 {
    let guess = i16::from(left) + i16::from(above) - i16::from(corner);
    let off = |value: u8| (guess - i16::from(value)).abs();
    if off(left) <= off(above) && off(left) <= off(corner) {
        left
    } else if off(above) <= off(corner) {
        above
    } else {
        corner
    }
}

//! Arrays of an ONNX file: `TensorProto`.

use super::super::operator::classical::named;
use super::super::tensor::{Outcome, Tensor, Values, count, refuse, shown, too_large};
use super::external::{External, Files};
use mlgrade_domain::limits;
use mlgrade_protobuf::{Field, fields};
use mlgrade_zip::printable;

/// `TensorProto`, not yet decoded.
#[derive(Debug, Default)]
pub(crate) struct RawTensor<'b> {
    pub(crate) name: &'b str,
    shape: Vec<i64>,
    element: i64,
    raw: Option<&'b [u8]>,
    texts: Vec<&'b [u8]>,
    pub(super) external: Option<External<'b>>,
    lists: Vec<(u32, Field<'b>)>,
}

impl<'b> RawTensor<'b> {
    pub(super) fn read(bytes: &'b [u8]) -> Outcome<Self> {
        let mut tensor = Self::default();
        for field in fields(bytes) {
            match field? {
                (1, field) => field.ints(&mut tensor.shape, 64)?,
                (2, field) => tensor.element = field.int()?,
                (8, field) => tensor.name = field.text()?,
                (9, field) => tensor.raw = Some(field.bytes()?),
                (6, field) if tensor.texts.len() < limits::NETWORK_TEXTS => tensor.texts.push(field.bytes()?),
                (13, field) => tensor.external.get_or_insert_default().add(field.bytes()?)?,
                (14, field) if field.int()? == 1 => drop(tensor.external.get_or_insert_default()),
                // Numbers that are not packed are a field each; an exporter packs them.
                (number @ (4 | 5 | 7 | 10 | 11), field @ Field::Bytes(_)) if tensor.lists.len() < 16 => tensor.lists.push((number, field)),
                (4 | 5 | 7 | 10 | 11, _) => return Err(refuse("an array lies in the file number by number, which is not read")),
                _ => {}
            }
        }
        Ok(tensor)
    }

    /// The type of its numbers, by `TensorProto.DataType`.
    pub(super) fn element(&self) -> i64 {
        self.element
    }

    /// Looks for its numbers in the files beside the network, if that is where they lie.
    pub(super) fn find(&mut self, files: &'b Files) -> Outcome<()> {
        if let Some(external) = &self.external {
            self.raw = Some(external.bytes(files)?);
        }
        Ok(())
    }

    /// The array; `elements` counts those of the whole file.
    pub(crate) fn decode(&self, elements: &mut usize) -> Outcome<Tensor> {
        let name = printable(self.name);
        self.values(elements).map_err(|refusal| refusal.at(&format!("the array `{name}`")))
    }

    fn values(&self, elements: &mut usize) -> Outcome<Tensor> {
        let fault = || refuse(format!("its shape is {:?}", self.shape));
        let shape = self.shape.iter().map(|&side| usize::try_from(side).ok()).collect::<Option<Vec<usize>>>().ok_or_else(fault)?;
        let length = count(&shape).ok_or_else(fault)?;
        *elements = elements.saturating_add(length);
        if *elements > limits::NETWORK_ELEMENTS {
            return Err(too_large(format!("with it the network has more than {} numbers", limits::NETWORK_ELEMENTS)));
        }
        let values = match self.raw {
            None if self.external.is_some() => return Err(refuse("its numbers are in another file, which is read of weights only")),
            None if self.element == TEXT => {
                let texts: Vec<String> = self.texts.iter().map(|text| String::from_utf8_lossy(text).into_owned()).collect();
                Values::Int(named(&texts).ok_or_else(|| refuse("it holds no text"))?)
            }
            Some(raw) => of_bytes(raw, self.element, length)
                .ok_or_else(|| refuse(format!("{} bytes are not {} numbers of the type {}", raw.len(), shown(&shape), type_name(self.element))))?,
            None => self.of_lists(length)?,
        };
        if values.len() != length {
            return Err(refuse(format!("{} numbers are there, its shape {} asks for {length}", values.len(), shown(&shape))));
        }
        Tensor::new(shape, values)
    }

    /// The numbers from the lists of their own types.
    fn of_lists(&self, length: usize) -> Outcome<Values> {
        let (mut floats, mut ints) = (Vec::new(), Vec::new());
        for &(number, field) in &self.lists {
            match number {
                4 => field.floats(&mut floats, length)?,
                10 => field.doubles(&mut floats, length)?,
                _ => field.ints(&mut ints, length)?,
            }
        }
        match self.element {
            1 | 11 => Ok(Values::Float(floats)),
            10 => Ok(Values::Float(ints.iter().map(|&bits| half(u16::try_from(bits).unwrap_or(0))).collect())),
            2..=7 | 9 | 12 | 13 => Ok(Values::Int(ints)),
            other => Err(refuse(format!("numbers of the type {} are not read", type_name(other)))),
        }
    }
}

/// `TensorProto.STRING`: names of classes, which stand for their numbers.
const TEXT: i64 = 8;

/// What the numbers of `TensorProto.DataType` are called.
fn type_name(element: i64) -> String {
    match element {
        8 => "text".to_owned(),
        14 | 15 => "complex".to_owned(),
        other => other.to_string(),
    }
}

/// `length` numbers of the type `element`, little-endian.
#[expect(clippy::cast_possible_truncation, reason = "networks are run in single precision")]
pub(crate) fn of_bytes(bytes: &[u8], element: i64, length: usize) -> Option<Values> {
    fn chunks<const N: usize, T>(bytes: &[u8], length: usize, read: impl Fn([u8; N]) -> T) -> Option<Vec<T>> {
        let (chunks, rest) = bytes.as_chunks::<N>();
        (chunks.len() == length && rest.is_empty()).then(|| chunks.iter().map(|chunk| read(*chunk)).collect())
    }
    Some(match element {
        1 => Values::Float(chunks(bytes, length, f32::from_le_bytes)?),
        10 => Values::Float(chunks(bytes, length, |b| half(u16::from_le_bytes(b)))?),
        11 => Values::Float(chunks(bytes, length, |b| f64::from_le_bytes(b) as f32)?),
        16 => Values::Float(chunks(bytes, length, |b| f32::from_bits(u32::from(u16::from_le_bytes(b)) << 16))?),
        2 | 9 => Values::Int(chunks::<1, _>(bytes, length, |b| i64::from(b[0]))?),
        3 => Values::Int(chunks(bytes, length, |b| i64::from(i8::from_le_bytes(b)))?),
        4 => Values::Int(chunks(bytes, length, |b| i64::from(u16::from_le_bytes(b)))?),
        5 => Values::Int(chunks(bytes, length, |b| i64::from(i16::from_le_bytes(b)))?),
        6 => Values::Int(chunks(bytes, length, |b| i64::from(i32::from_le_bytes(b)))?),
        7 => Values::Int(chunks(bytes, length, i64::from_le_bytes)?),
        12 => Values::Int(chunks(bytes, length, |b| i64::from(u32::from_le_bytes(b)))?),
        13 => Values::Int(chunks(bytes, length, |b| i64::from_le_bytes(b).max(0))?),
        _ => return None,
    })
}

/// A half-precision number (IEEE 754 binary16).
fn half(bits: u16) -> f32 {
    let (sign, exponent, fraction) = (bits >> 15, bits >> 10 & 0x1f, bits & 0x3ff);
    let part = f32::from(fraction);
    let size = match exponent {
        0 => part * 2.0_f32.powi(-24),
        0x1f if fraction == 0 => f32::INFINITY,
        0x1f => f32::NAN,
        exponent => (1.0 + part / 1024.0) * 2.0_f32.powi(i32::from(exponent) - 15),
    };
    if sign == 1 { -size } else { size }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_precision_is_numpys() {
        // np.array([1.5, -2, 65504, 6e-8, np.inf], dtype="float16").view("uint16")
        for (bits, value) in [(0x3e00, 1.5), (0xc000, -2.0), (0x7bff, 65_504.0), (0x0001, 5.960_464_5e-8), (0x7c00, f32::INFINITY)] {
            assert!(half(bits).total_cmp(&value).is_eq(), "{bits:x}");
        }
        assert!(half(0x7e00).is_nan());
    }
}

#![doc = include_str!("../README.md")]
//!
//! Source: protobuf.dev, "Encoding".

/// Why a message cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It ends early, a field has no type, or another one than its reader expects.
    #[error("the file is damaged or cut off")]
    Damaged,
    /// A text in it is not UTF-8.
    #[error("a name in it is not UTF-8 text")]
    NotText,
    /// An array has more entries than its reader takes.
    #[error("an array in it has more numbers than its shape says")]
    TooLong,
}

/// What a message says, or why it cannot be read.
pub type Outcome<T> = Result<T, Fault>;

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Field<'b> {
    /// A whole number, or a truth value.
    Varint(u64),
    /// A number of 32 bits, such as a float.
    Four([u8; 4]),
    /// A number of 64 bits, such as a double.
    Eight([u8; 8]),
    /// A text, a message, or packed numbers.
    Bytes(&'b [u8]),
}

/// The fields of a message in order.
#[derive(Debug, Clone)]
pub struct Fields<'b>(&'b [u8]);

/// The fields of the message in `bytes`.
pub fn fields(bytes: &[u8]) -> Fields<'_> {
    Fields(bytes)
}

impl<'b> Iterator for Fields<'b> {
    type Item = Outcome<(u32, Field<'b>)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.read();
        if field.is_none() {
            self.0 = &[];
        }
        Some(field.ok_or(Fault::Damaged))
    }
}

impl<'b> Fields<'b> {
    fn read(&mut self) -> Option<(u32, Field<'b>)> {
        let key = varint(&mut self.0)?;
        let number = u32::try_from(key >> 3).ok().filter(|&number| number > 0)?;
        let field = match key & 7 {
            0 => Field::Varint(varint(&mut self.0)?),
            1 => Field::Eight(self.array()?),
            2 => {
                let length = usize::try_from(varint(&mut self.0)?).ok()?;
                let (bytes, rest) = self.0.split_at_checked(length)?;
                self.0 = rest;
                Field::Bytes(bytes)
            }
            5 => Field::Four(self.array()?),
            // Groups are older than all that is read here.
            _ => return None,
        };
        Some((number, field))
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (array, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*array)
    }
}

fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for shift in (0..70).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        // The tenth byte has room for one bit.
        if shift == 63 && byte > 1 {
            return None;
        }
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

impl<'b> Field<'b> {
    /// The bytes of a string, a message or packed numbers.
    pub fn bytes(self) -> Outcome<&'b [u8]> {
        if let Self::Bytes(bytes) = self { Ok(bytes) } else { Err(Fault::Damaged) }
    }

    /// The text.
    pub fn text(self) -> Outcome<&'b str> {
        std::str::from_utf8(self.bytes()?).map_err(|_| Fault::NotText)
    }

    /// The whole number.
    pub fn int(self) -> Outcome<i64> {
        if let Self::Varint(value) = self { Ok(value.cast_signed()) } else { Err(Fault::Damaged) }
    }

    /// The floating-point number.
    pub fn float(self) -> Outcome<f32> {
        if let Self::Four(bytes) = self { Ok(f32::from_le_bytes(bytes)) } else { Err(Fault::Damaged) }
    }

    /// The floating-point number of 64 bits.
    pub fn double(self) -> Outcome<f64> {
        if let Self::Eight(bytes) = self { Ok(f64::from_le_bytes(bytes)) } else { Err(Fault::Damaged) }
    }

    /// Adds whole numbers, packed or one at a time, to `into`, which may have at most `limit`.
    pub fn ints(self, into: &mut Vec<i64>, limit: usize) -> Outcome<()> {
        let mut packed = match self {
            Self::Bytes(bytes) => bytes,
            other => {
                into.push(other.int()?);
                &[]
            }
        };
        while !packed.is_empty() && into.len() <= limit {
            into.push(varint(&mut packed).ok_or(Fault::Damaged)?.cast_signed());
        }
        within(into.len(), limit)
    }

    /// Adds 32-bit floating-point numbers likewise.
    pub fn floats(self, into: &mut Vec<f32>, limit: usize) -> Outcome<()> {
        match self {
            Self::Bytes(bytes) => {
                within(into.len().saturating_add(bytes.len() / 4), limit)?;
                into.extend(bytes.as_chunks::<4>().0.iter().map(|four| f32::from_le_bytes(*four)));
            }
            other => into.push(other.float()?),
        }
        within(into.len(), limit)
    }

    /// Adds 64-bit floating-point numbers likewise, as 32-bit ones.
    #[expect(clippy::cast_possible_truncation, reason = "networks are run in single precision")]
    pub fn doubles(self, into: &mut Vec<f32>, limit: usize) -> Outcome<()> {
        match self {
            Self::Bytes(bytes) => {
                within(into.len().saturating_add(bytes.len() / 8), limit)?;
                into.extend(bytes.as_chunks::<8>().0.iter().map(|eight| f64::from_le_bytes(*eight) as f32));
            }
            Self::Eight(bytes) => into.push(f64::from_le_bytes(bytes) as f32),
            _ => return Err(Fault::Damaged),
        }
        within(into.len(), limit)
    }
}

fn within(length: usize, limit: usize) -> Outcome<()> {
    if length <= limit { Ok(()) } else { Err(Fault::TooLong) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_examples_of_the_encoding_are_read() {
        // protobuf.dev: field 1 is 150; field 2 is "testing"; field 6 holds 3, 270, 86942 packed.
        let read = |bytes: &'static [u8]| fields(bytes).collect::<Outcome<Vec<_>>>().unwrap();
        assert_eq!(read(&[0x08, 0x96, 0x01]), [(1, Field::Varint(150))]);
        assert_eq!(read(b"\x12\x07testing"), [(2, Field::Bytes(b"testing"))]);
        let mut ints = Vec::new();
        let (number, packed) = read(&[0x32, 0x06, 0x03, 0x8e, 0x02, 0x9e, 0xa7, 0x05])[0];
        packed.ints(&mut ints, 3).unwrap();
        assert_eq!((number, ints), (6, vec![3, 270, 86_942]));
    }

    #[test]
    fn what_ends_early_or_has_no_type_is_refused() {
        for bytes in
            [&[0x08][..], &[0x08, 0x80], &[0x12, 0x05, 1], &[0x0b], &[0x00, 0x00], &[0x0d, 1, 2], &[0x08, 255, 255, 255, 255, 255, 255, 255, 255, 255, 2]]
        {
            assert!(fields(bytes).any(|field| field.is_err()), "{bytes:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_end(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(fields(&bytes).count() <= bytes.len());
        }
    }
}

//! UBJSON (ubjson.org, draft 12), the binary JSON that `XGBoost` writes: lengths and numbers in big-endian order after a letter for their type.

use serde::de::value::Error;
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::malformed;
use crate::tensor::Outcome;

/// Arrays and objects within each other; a model has eight.
const DEPTH: usize = 32;

/// What `bytes` hold, of which only what `T` names is kept.
pub(super) fn parsed<T: DeserializeOwned>(bytes: &[u8]) -> Outcome<T> {
    let mut reader = Reader { bytes, depth: 0 };
    T::deserialize(Value { reader: &mut reader, marker: None }).map_err(|error| malformed(&error))
}

/// What is still to be read.
struct Reader<'b> {
    bytes: &'b [u8],
    depth: usize,
}

impl<'b> Reader<'b> {
    fn take(&mut self, count: usize) -> Result<&'b [u8], Error> {
        let (taken, rest) = self.bytes.split_at_checked(count).ok_or_else(|| Error::custom("it is cut off"))?;
        self.bytes = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        self.take(N)?.try_into().map_err(|_| Error::custom("it is cut off"))
    }

    fn byte(&mut self) -> Result<u8, Error> {
        self.array().map(|[byte]| byte)
    }

    /// The next letter for a type, and not of padding.
    fn marker(&mut self) -> Result<u8, Error> {
        loop {
            match self.byte()? {
                b'N' => {}
                marker => return Ok(marker),
            }
        }
    }

    /// Whether the next byte is `wanted`, which then is gone.
    fn passes(&mut self, wanted: u8) -> bool {
        let rest = self.bytes.strip_prefix(&[wanted]);
        self.bytes = rest.unwrap_or(self.bytes);
        rest.is_some()
    }

    fn whole(&mut self, marker: u8) -> Result<i64, Error> {
        Ok(match marker {
            b'i' => i64::from(i8::from_be_bytes(self.array()?)),
            b'U' => i64::from(self.byte()?),
            b'I' => i64::from(i16::from_be_bytes(self.array()?)),
            b'l' => i64::from(i32::from_be_bytes(self.array()?)),
            b'L' => i64::from_be_bytes(self.array()?),
            other => return Err(Error::custom(format!("byte {other} stands where a whole number belongs"))),
        })
    }

    fn length(&mut self) -> Result<usize, Error> {
        let marker = self.marker()?;
        usize::try_from(self.whole(marker)?).map_err(|_| Error::custom("a length is negative"))
    }

    fn text(&mut self) -> Result<&'b str, Error> {
        let length = self.length()?;
        std::str::from_utf8(self.take(length)?).map_err(Error::custom)
    }

    /// The type and the number of what an array or object holds, as far as they are stated before it.
    fn header(&mut self) -> Result<(Option<u8>, Option<usize>), Error> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(Error::custom("there are too many lists within each other"));
        }
        let of = if self.passes(b'$') { Some(self.byte()?) } else { None };
        // What takes no bytes could be there any number of times.
        if of.is_some_and(|of| !b"iUIlLdD".contains(&of)) {
            return Err(Error::custom("a list is of what is no number"));
        }
        let count = if self.passes(b'#') { Some(self.length()?) } else { None };
        if of.is_some() && count.is_none() { Err(Error::custom("a list has no length")) } else { Ok((of, count)) }
    }
}

/// One value, whose type may have been read.
struct Value<'r, 'b> {
    reader: &'r mut Reader<'b>,
    marker: Option<u8>,
}

impl<'de> Deserializer<'de> for Value<'_, 'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let reader = self.reader;
        let marker = self.marker.map_or_else(|| reader.marker(), Ok)?;
        match marker {
            b'Z' => visitor.visit_unit(),
            b'T' => visitor.visit_bool(true),
            b'F' => visitor.visit_bool(false),
            b'd' => visitor.visit_f32(f32::from_be_bytes(reader.array()?)),
            b'D' => visitor.visit_f64(f64::from_be_bytes(reader.array()?)),
            b'S' => visitor.visit_borrowed_str(reader.text()?),
            b'[' | b'{' => {
                let (of, left) = reader.header()?;
                let mut items = Items { reader, of, left, close: if marker == b'[' { b']' } else { b'}' } };
                let value = if marker == b'[' { visitor.visit_seq(&mut items) } else { visitor.visit_map(&mut items) }?;
                items.reader.depth -= 1;
                Ok(value)
            }
            whole => visitor.visit_i64(reader.whole(whole)?),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        let marker = self.marker.map_or_else(|| self.reader.marker(), Ok)?;
        self.marker = Some(marker);
        if marker == b'Z' { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct newtype_struct seq tuple
        tuple_struct map struct enum identifier ignored_any
    }
}

/// What stands in an array or an object.
struct Items<'r, 'b> {
    reader: &'r mut Reader<'b>,
    of: Option<u8>,
    left: Option<usize>,
    close: u8,
}

impl Items<'_, '_> {
    /// Whether there is another one.
    fn goes_on(&mut self) -> bool {
        match &mut self.left {
            Some(0) => false,
            Some(left) => {
                *left -= 1;
                true
            }
            None => !self.reader.passes(self.close),
        }
    }
}

impl<'de> SeqAccess<'de> for &mut Items<'_, 'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        if !self.goes_on() {
            return Ok(None);
        }
        seed.deserialize(Value { reader: self.reader, marker: self.of }).map(Some)
    }
}

impl<'de> MapAccess<'de> for &mut Items<'_, 'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        if !self.goes_on() {
            return Ok(None);
        }
        let key = self.reader.text()?;
        seed.deserialize(serde::de::value::BorrowedStrDeserializer::new(key)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        seed.deserialize(Value { reader: self.reader, marker: self.of })
    }
}

//! NumPy's array files. The format is decoded here: it is small, and the header's sizes must be held against the bytes that are
//! there before anything is multiplied or allocated (format: `numpy.lib.format`, versions 1 to 3).

use half::f16;

/// An array in row-major order.
#[derive(Debug, Clone, PartialEq)]
pub struct Array {
    /// The sizes of its dimensions.
    pub shape: Vec<usize>,
    /// What its elements are in the file.
    pub element: Element,
    /// Its elements as numbers, all finite; none if they are words.
    pub values: Vec<f64>,
    /// Its elements as text; none if they are numbers.
    pub words: Vec<String>,
}

/// What an array's elements are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Element {
    /// `uint8`, the type of pixels.
    Byte,
    /// Another whole number, or a truth value as 0 or 1.
    Whole,
    /// A float, whose type has this machine epsilon.
    Float {
        /// The distance from 1 to the next number: `np.finfo(dtype).eps`.
        epsilon: f64,
    },
    /// Text.
    Word,
}

impl Array {
    /// The array, if it holds numbers.
    pub fn numbers(self) -> Result<Self, String> {
        if self.element == Element::Word { Err("it holds text, not numbers".to_owned()) } else { Ok(self) }
    }
}

/// An NPY file whose header fits the bytes that follow. Nothing is decoded yet.
pub struct Npy<'f> {
    shape: Vec<usize>,
    kind: Kind,
    column_major: bool,
    data: &'f [u8],
}

/// The array in an NPY file, if it has at most `most` elements. The error is one sentence without a full stop.
pub fn decode(file: &[u8], most: usize) -> Result<Array, String> {
    Npy::open(file)?.decode(most)
}

impl<'f> Npy<'f> {
    /// Reads the header of `file`. The error is one sentence without a full stop.
    pub fn open(file: &'f [u8]) -> Result<Self, String> {
        let (header, data) = header(file).ok_or("this is no NPY file, or it ends within its header")?;
        let descr = entry(header, "descr").and_then(|rest| rest.strip_prefix(['\'', '"'])?.split(['\'', '"']).next());
        let descr = descr.ok_or("records are not read; store one plain array")?;
        let shape = entry(header, "shape").and_then(|rest| rest.strip_prefix('(')?.split(')').next()).ok_or("the header has no shape")?;
        let shape: Option<Vec<usize>> = shape.split(',').map(str::trim).filter(|size| !size.is_empty()).map(|size| size.parse().ok()).collect();
        let shape = shape.ok_or("the header's shape makes no sense")?;
        let kind = Kind::of(descr)?;
        let promised = shape.iter().try_fold(kind.width, |product, &size| product.checked_mul(size));
        if promised != Some(data.len()) {
            let what = if kind.element == Element::Word { "texts" } else { "numbers" };
            return Err(format!("the header promises {shape:?} {what} of {} bytes, but {} bytes follow", kind.width, data.len()));
        }
        let column_major = entry(header, "fortran_order").is_some_and(|rest| rest.starts_with("True"));
        Ok(Self { shape, kind, column_major, data })
    }

    /// The sizes of its dimensions.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// What its elements are.
    pub fn element(&self) -> Element {
        self.kind.element
    }

    /// Its elements in row-major order, if they are bytes.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        let bytes = (self.kind.element == Element::Byte).then(|| self.data.to_vec())?;
        Some(if self.column_major { row_major(bytes, &self.shape) } else { bytes })
    }

    /// The array, if it has at most `most` elements. The error is one sentence without a full stop.
    pub fn decode(self, most: usize) -> Result<Array, String> {
        let Self { shape, kind, column_major, data } = self;
        let count = data.len() / kind.width.max(1);
        // A text takes a good many times as much memory as a number.
        let most = if kind.element == Element::Word { most / 8 } else { most };
        if count > most {
            return Err(format!("it has {count} elements, more than the {most} that are read"));
        }
        let cells = data.chunks_exact(kind.width.max(1));
        let (mut values, mut words) = (Vec::new(), Vec::new());
        match kind.read {
            Read::Number(read) => {
                values = cells.map(|cell| read(little_endian(cell, kind.big_endian))).collect();
                values = if column_major { row_major(values, &shape) } else { values };
            }
            Read::Word(read) => {
                words = cells.map(|cell| read(cell, kind.big_endian)).collect();
                words = if column_major { row_major(words, &shape) } else { words };
            }
        }
        if let Some(place) = values.iter().position(|value| !value.is_finite()) {
            let row_size = (values.len() / shape.first().copied().unwrap_or(1).max(1)).max(1);
            let value = if values[place].is_nan() { "NaN" } else { "infinite" };
            return Err(format!("the number in row {}, column {} is not finite but {value} (counted from 0)", place / row_size, place % row_size));
        }
        Ok(Array { shape, element: kind.element, values, words })
    }
}

/// The header's text and the bytes behind it.
fn header(file: &[u8]) -> Option<(&str, &[u8])> {
    let rest = file.strip_prefix(b"\x93NUMPY")?;
    let (version, rest) = rest.split_first_chunk::<2>()?;
    let (length, rest) = if version[0] == 1 {
        let (length, rest) = rest.split_first_chunk::<2>()?;
        (usize::from(u16::from_le_bytes(*length)), rest)
    } else {
        let (length, rest) = rest.split_first_chunk::<4>()?;
        (u32::from_le_bytes(*length) as usize, rest)
    };
    let (text, data) = rest.split_at_checked(length)?;
    Some((std::str::from_utf8(text).ok()?, data))
}

/// What follows `'key':` in the header, which is a Python dictionary.
fn entry<'h>(header: &'h str, key: &str) -> Option<&'h str> {
    let (_, rest) = header.split_once(&format!("'{key}':"))?;
    Some(rest.trim_start())
}

/// How the elements of a NumPy type are stored.
struct Kind {
    element: Element,
    /// In bytes.
    width: usize,
    big_endian: bool,
    read: Read,
}

/// A number from its bytes, least significant first.
type ReadNumber = fn([u8; 8]) -> f64;

/// Text from its bytes, which may be big-endian.
type ReadWord = fn(&[u8], bool) -> String;

enum Read {
    Number(ReadNumber),
    Word(ReadWord),
}

impl Kind {
    /// The type that NumPy calls `descr`, such as `<f8`.
    fn of(descr: &str) -> Result<Self, String> {
        let (order, kind) = descr.split_at_checked(1).unwrap_or_default();
        let float = |epsilon| Element::Float { epsilon };
        let (element, width, read): (Element, usize, ReadNumber) = match kind {
            "f8" => (float(f64::EPSILON), 8, f64::from_le_bytes),
            "f4" => (float(f64::from(f32::EPSILON)), 4, |b| f64::from(f32::from_le_bytes([b[0], b[1], b[2], b[3]]))),
            "f2" => (float(f16::EPSILON.to_f64()), 2, |b| f16::from_le_bytes([b[0], b[1]]).to_f64()),
            "i8" => (Element::Whole, 8, |b| i64::from_le_bytes(b) as f64),
            "i4" => (Element::Whole, 4, |b| f64::from(i32::from_le_bytes([b[0], b[1], b[2], b[3]]))),
            "i2" => (Element::Whole, 2, |b| f64::from(i16::from_le_bytes([b[0], b[1]]))),
            "i1" => (Element::Whole, 1, |b| f64::from(i8::from_le_bytes([b[0]]))),
            "u8" => (Element::Whole, 8, |b| u64::from_le_bytes(b) as f64),
            "u4" => (Element::Whole, 4, |b| f64::from(u32::from_le_bytes([b[0], b[1], b[2], b[3]]))),
            "u2" => (Element::Whole, 2, |b| f64::from(u16::from_le_bytes([b[0], b[1]]))),
            "u1" => (Element::Byte, 1, |b| f64::from(b[0])),
            "b1" => (Element::Whole, 1, |b| f64::from(b[0])),
            _ if kind.starts_with('O') => {
                return Err("an array of Python objects is not read: unpickling runs code; store numbers".to_owned());
            }
            _ => return Self::of_words(order, kind).ok_or_else(|| format!("numbers of type `{descr}` are not read; store float64")),
        };
        Ok(Self { element, width, big_endian: order == ">", read: Read::Number(read) })
    }

    /// Texts of a fixed length: `<U9` has 9 characters of four bytes, `|S9` 9 bytes.
    fn of_words(order: &str, kind: &str) -> Option<Self> {
        let (letter, length) = kind.split_at_checked(1)?;
        let length: usize = length.parse().ok().filter(|length| (1..=1_000).contains(length))?;
        let (width, read): (usize, ReadWord) = match letter {
            "U" => (4 * length, unicode),
            "S" => (length, |bytes, _| String::from_utf8_lossy(bytes).trim_end_matches('\0').to_owned()),
            _ => return None,
        };
        Some(Self { element: Element::Word, width, big_endian: order == ">", read: Read::Word(read) })
    }
}

/// Text in UTF-32, filled up with zeros.
fn unicode(bytes: &[u8], big_endian: bool) -> String {
    let (letters, _) = bytes.as_chunks::<4>();
    let letters = letters.iter().map(|&letter| if big_endian { u32::from_be_bytes(letter) } else { u32::from_le_bytes(letter) });
    letters.take_while(|&letter| letter != 0).map(|letter| char::from_u32(letter).unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

fn little_endian(bytes: &[u8], big_endian: bool) -> [u8; 8] {
    let (mut little, width) = ([0; 8], bytes.len().min(8));
    little[..width].copy_from_slice(&bytes[..width]);
    if big_endian {
        little[..width].reverse();
    }
    little
}

/// Column-major `values` of this shape in row-major order.
fn row_major<T: Clone>(values: Vec<T>, shape: &[usize]) -> Vec<T> {
    if shape.len() < 2 {
        return values;
    }
    let place = |mut rest: usize| {
        // The row-major index, taken apart from its fastest dimension, put together again with the first one fastest.
        let (mut place, mut stride) = (0, values.len());
        for &size in shape.iter().rev() {
            stride /= size;
            place += rest % size * stride;
            rest /= size;
        }
        place
    };
    (0..values.len()).map(|index| values[place(index)].clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn npy(descr: &str, fortran: &str, shape: &str, data: &[u8]) -> Vec<u8> {
        let header = format!("{{'descr': {descr}, 'fortran_order': {fortran}, 'shape': {shape}, }}\n");
        let length = u16::try_from(header.len()).unwrap().to_le_bytes();
        [b"\x93NUMPY\x01\x00", length.as_slice(), header.as_bytes(), data].concat()
    }

    #[test]
    fn number_types_and_orders_are_understood() {
        let values = |file: &[u8]| decode(file, 10).map(|array| array.values);
        assert_eq!(values(&npy("'>i2'", "False", "(2,)", &[0, 1, 255, 255])), Ok(vec![1.0, -1.0]));
        assert_eq!(values(&npy("'|u1'", "True", "(2, 3)", &[1, 4, 2, 5, 3, 6])), Ok(vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0]));
        assert_eq!(values(&npy("'<f4'", "False", "(1,)", &1.5_f32.to_le_bytes())), Ok(vec![1.5]));
        // np.float16(-2.5).tobytes() and np.float16(0.1).tobytes() with NumPy 2.4.6
        assert_eq!(values(&npy("'<f2'", "False", "(2,)", &[0x00, 0xc1, 0x66, 0x2e])), Ok(vec![-2.5, 0.099_975_585_937_5]));
        assert_eq!(values(&npy("'>f2'", "False", "(1,)", &[0xc1, 0x00])), Ok(vec![-2.5]));
    }

    #[test]
    fn bytes_stay_bytes_in_row_major_order() {
        // np.asfortranarray([[1, 2, 3], [4, 5, 6]], dtype=np.uint8)
        let file = npy("'|u1'", "True", "(2, 3)", &[1, 4, 2, 5, 3, 6]);
        let array = Npy::open(&file).unwrap();
        assert_eq!((array.shape(), array.element(), array.bytes()), ([2, 3].as_slice(), Element::Byte, Some(vec![1, 2, 3, 4, 5, 6])));
        assert_eq!(Npy::open(&npy("'|i1'", "False", "(2,)", &[1, 2])).unwrap().bytes(), None);
    }

    #[test]
    fn texts_are_understood() {
        let words = |file: &[u8]| decode(file, 80).map(|array| array.words);
        let wide: Vec<u8> = "Añ\0b\0\0".chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
        assert_eq!(words(&npy("'<U3'", "False", "(2,)", &wide)), Ok(vec!["Añ".to_owned(), "b".to_owned()]));
        assert_eq!(words(&npy("'|S2'", "False", "(2,)", b"ab\0\0")), Ok(vec!["ab".to_owned(), String::new()]));
    }

    #[test]
    fn what_cannot_be_trusted_is_refused() {
        let message = |file: &[u8]| decode(file, 10).unwrap_err();
        assert!(message(&npy("'|O'", "False", "(1,)", &[0; 8])).contains("Python objects"));
        assert!(message(&npy("'<f8'", "False", "(99999999999, 99999999999)", &[0; 8])).contains("but 8 bytes follow"));
        assert!(message(&npy("'<U99999999999'", "False", "(1,)", &[0; 8])).contains("are not read"));
        assert!(message(&npy("[('a', '<f8')]", "False", "(1,)", &[0; 8])).contains("records"));
        assert!(message(&npy("'|u1'", "False", "(11,)", &[0; 11])).contains("more than the 10 that are read"));
        let nan = [1.0_f64.to_le_bytes(), f64::NAN.to_le_bytes()].concat();
        assert!(message(&npy("'<f8'", "False", "(1, 2)", &nan)).starts_with("the number in row 0, column 1 is not finite but NaN"));
    }

    proptest! {
        #[test]
        fn any_bytes_are_refused_or_read(tail in proptest::collection::vec(any::<u8>(), 0..100)) {
            let _ = (decode(&tail, 1_000), decode(&[b"\x93NUMPY\x01\x00", tail.as_slice()].concat(), 1_000));
        }

        #[test]
        fn any_header_is_refused_or_read(descr in "['<>|fiuOUS1248]{0,5}", shape in "[(0-9, )]{0,12}", data in proptest::collection::vec(any::<u8>(), 0..40)) {
            let _ = decode(&npy(&descr, "True", &shape, &data), 1_000);
        }
    }
}

//! The objects that a PDF is written in (ISO 32000-1, 7.2 and 7.3): one at a time, from where they stand, within a budget.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::budget::{Budget, Fault};

/// Lists in lists, and dictionaries in dictionaries.
const DEPTH: usize = 64;

/// An object.
#[derive(Debug, Clone, Default)]
pub(super) enum Object {
    #[default]
    Null,
    Number(f64),
    Text(Vec<u8>),
    Name(Vec<u8>),
    List(Vec<Object>),
    Dict(Dict),
    /// The object with this number.
    Reference(u32),
    Stream(Rc<Stream>),
}

/// A dictionary.
#[derive(Debug, Clone, Default)]
pub(super) struct Dict(BTreeMap<Vec<u8>, Object>);

/// A stream: what is said of it, and where its bytes begin in the file.
#[derive(Debug)]
pub(super) struct Stream {
    pub dict: Dict,
    pub start: usize,
}

impl Dict {
    /// What stands under `key`; what is not there is nothing.
    pub(super) fn get(&self, key: &str) -> &Object {
        self.0.get(key.as_bytes()).unwrap_or(&Object::Null)
    }

    /// Whether its type is `name`.
    pub(super) fn is_a(&self, name: &str) -> bool {
        self.get("Type").name() == Some(name.as_bytes())
    }
}

impl Object {
    pub(super) fn name(&self) -> Option<&[u8]> {
        if let Self::Name(name) = self { Some(name) } else { None }
    }

    pub(super) fn number(&self) -> Option<f64> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }

    /// A number that counts something.
    pub(super) fn count(&self) -> Option<usize> {
        self.number().and_then(whole)
    }

    pub(super) fn list(&self) -> Option<&[Object]> {
        if let Self::List(list) = self { Some(list) } else { None }
    }

    /// A dictionary, or that of a stream.
    pub(super) fn dict(&self) -> Option<&Dict> {
        match self {
            Self::Dict(dict) => Some(dict),
            Self::Stream(stream) => Some(&stream.dict),
            _ => None,
        }
    }

    /// How many objects it is.
    pub(super) fn weight(&self) -> usize {
        match self {
            Self::List(list) => 1 + list.iter().map(Self::weight).sum::<usize>(),
            Self::Dict(dict) => 1 + dict.0.values().map(|value| 1 + value.weight()).sum::<usize>(),
            Self::Text(bytes) | Self::Name(bytes) => 1 + bytes.len() / 64,
            Self::Null | Self::Number(_) | Self::Reference(_) | Self::Stream(_) => 1,
        }
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

/// A whole number that is not negative and not absurd.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range is checked first")]
pub(super) fn whole(number: f64) -> Option<usize> {
    ((0.0..4e9).contains(&number) && number.fract() == 0.0).then_some(number as usize)
}

/// What stands at a place of a page's content.
#[derive(Debug)]
pub(super) enum Token<'a> {
    /// An operand.
    Object(Object),
    /// An operator, or another bare word.
    Word(&'a [u8]),
}

/// Reads objects one after the other.
pub(super) struct Lexer<'a> {
    bytes: &'a [u8],
    /// Where it is.
    pub at: usize,
    budget: &'a Budget,
    /// Whether `7 0 R` refers to an object; in the content of a page it does not.
    references: bool,
}

fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

impl<'a> Lexer<'a> {
    /// Begins at byte `at` of a file.
    pub(super) fn of_file(bytes: &'a [u8], at: usize, budget: &'a Budget) -> Self {
        Self { bytes, at, budget, references: true }
    }

    /// Begins the content of a page, or a map of characters.
    pub(super) fn of_content(bytes: &'a [u8], budget: &'a Budget) -> Self {
        Self { bytes, at: 0, budget, references: false }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Passes over white space and comments.
    pub(super) fn skip(&mut self) {
        while let Some(byte) = self.peek() {
            if byte == b'%' {
                while self.peek().is_some_and(|byte| byte != b'\n' && byte != b'\r') {
                    self.at += 1;
                }
            } else if is_space(byte) {
                self.at += 1;
            } else {
                return;
            }
        }
    }

    /// What comes next; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Token<'a>>, Fault> {
        let start = self.at;
        let token = self.token(0)?;
        self.budget.scanned(self.at - start)?;
        Ok(token)
    }

    /// The object that comes next; a bare word is nothing.
    pub(super) fn object(&mut self) -> Result<Object, Fault> {
        Ok(match self.next()? {
            Some(Token::Object(object)) => object,
            _ => Object::Null,
        })
    }

    /// Whether the bare word `word` comes next, which is then passed.
    pub(super) fn word(&mut self, word: &[u8]) -> bool {
        self.skip();
        let here = self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(word) && !rest.get(word.len()).copied().is_some_and(is_regular));
        self.at += if here { word.len() } else { 0 };
        here
    }

    /// Passes over a picture that stands in the content itself, after its `BI`.
    pub(super) fn pass_inline_picture(&mut self) -> Result<(), Fault> {
        while let Some(token) = self.next()? {
            if matches!(token, Token::Word(b"ID")) {
                break;
            }
        }
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let ends = |window: &[u8]| is_space(window[0]) && &window[1..3] == b"EI" && is_space(window[3]);
        let length = rest.windows(4).position(ends).map_or(rest.len(), |at| at + 3);
        self.budget.scanned(length)?;
        self.at += length;
        Ok(())
    }

    /// The whole number that comes next.
    pub(super) fn integer(&mut self) -> Option<usize> {
        self.skip();
        let digits = self.bytes.get(self.at..)?.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let text = std::str::from_utf8(self.bytes.get(self.at..self.at + digits)?).ok()?;
        let value = text.parse().ok()?;
        self.at += digits;
        Some(value)
    }

    fn token(&mut self, depth: usize) -> Result<Option<Token<'a>>, Fault> {
        self.skip();
        let Some(byte) = self.peek() else { return Ok(None) };
        self.budget.object()?;
        if depth > DEPTH {
            return Err("lists in it are nested too deeply".into());
        }
        let object = match byte {
            b'(' => Object::Text(self.literal()),
            b'/' => Object::Name(self.name()),
            b'<' if self.bytes.get(self.at + 1) == Some(&b'<') => self.dict(depth)?,
            b'<' => Object::Text(self.hex()),
            b'[' => self.list(depth)?,
            b'+' | b'-' | b'.' | b'0'..=b'9' => self.number_or_reference(),
            byte if is_regular(byte) => {
                let start = self.at;
                while self.peek().is_some_and(is_regular) {
                    self.at += 1;
                }
                match &self.bytes[start..self.at] {
                    b"null" | b"true" | b"false" => Object::Null,
                    word => return Ok(Some(Token::Word(word))),
                }
            }
            _ => {
                // A bracket that closes nothing.
                self.at += 1;
                Object::Null
            }
        };
        Ok(Some(Token::Object(object)))
    }

    fn number_or_reference(&mut self) -> Object {
        let number = self.number();
        let Some(id) = self.references.then_some(number).and_then(whole).and_then(|id| u32::try_from(id).ok()) else { return Object::Number(number) };
        let back = self.at;
        if self.integer().is_some() && self.word(b"R") {
            return Object::Reference(id);
        }
        self.at = back;
        Object::Number(number)
    }

    fn number(&mut self) -> f64 {
        let start = self.at;
        while self.peek().is_some_and(|byte| matches!(byte, b'+' | b'-' | b'.' | b'0'..=b'9')) {
            self.at += 1;
        }
        let text = std::str::from_utf8(&self.bytes[start..self.at]).unwrap_or_default();
        // Some programs write `--5` or `1.2-3`: the part that is a number counts.
        let signed = text.trim_start_matches('+');
        let value: f64 = signed.parse().ok().or_else(|| signed[1.min(signed.len())..].split(['-', '+']).next()?.parse().ok()).unwrap_or(0.0);
        if value.is_finite() { value } else { 0.0 }
    }

    fn name(&mut self) -> Vec<u8> {
        self.at += 1;
        let mut name = Vec::new();
        while let Some(byte) = self.peek().filter(|byte| is_regular(*byte)) {
            self.at += 1;
            let coded = (byte == b'#').then(|| Some((digit(*self.bytes.get(self.at)?)?, digit(*self.bytes.get(self.at + 1)?)?))).flatten();
            name.push(coded.map_or(byte, |(high, low)| high << 4 | low));
            self.at += if coded.is_some() { 2 } else { 0 };
        }
        name
    }

    fn hex(&mut self) -> Vec<u8> {
        self.at += 1;
        let rest = &self.bytes[self.at..];
        let length = rest.iter().position(|byte| *byte == b'>').unwrap_or(rest.len());
        self.at += (length + 1).min(rest.len());
        bytes_of_hex(&rest[..length])
    }

    fn literal(&mut self) -> Vec<u8> {
        self.at += 1;
        let (mut text, mut depth) = (Vec::new(), 1);
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'(' => depth += 1,
                b')' => depth -= 1,
                b'\\' => {
                    text.extend(self.escaped());
                    continue;
                }
                _ => {}
            }
            if depth == 0 {
                break;
            }
            text.push(byte);
        }
        text
    }

    fn escaped(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(match byte {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'b' => 8,
            b'f' => 12,
            b'\r' => {
                self.at += usize::from(self.peek() == Some(b'\n'));
                return None;
            }
            b'\n' => return None,
            b'0'..=b'7' => {
                let mut code = u16::from(byte - b'0');
                for _ in 0..2 {
                    let Some(digit) = self.peek().filter(|byte| matches!(byte, b'0'..=b'7')) else { break };
                    code = code * 8 + u16::from(digit - b'0');
                    self.at += 1;
                }
                u8::try_from(code & 0xff).unwrap_or_default()
            }
            other => other,
        })
    }

    fn list(&mut self, depth: usize) -> Result<Object, Fault> {
        self.at += 1;
        let mut list = Vec::new();
        loop {
            self.skip();
            match self.peek() {
                None => break,
                Some(b']') => {
                    self.at += 1;
                    break;
                }
                _ => match self.token(depth + 1)? {
                    Some(Token::Object(object)) => list.push(object),
                    Some(Token::Word(b"endobj")) | None => break,
                    Some(Token::Word(_)) => {}
                },
            }
        }
        Ok(Object::List(list))
    }

    fn dict(&mut self, depth: usize) -> Result<Object, Fault> {
        self.at += 2;
        let mut dict = BTreeMap::new();
        loop {
            self.skip();
            match self.peek() {
                Some(b'>') => {
                    self.at += if self.bytes.get(self.at + 1) == Some(&b'>') { 2 } else { 1 };
                    break;
                }
                Some(b'/') => {
                    self.budget.object()?;
                    let key = self.name();
                    match self.token(depth + 1)? {
                        Some(Token::Object(object)) => drop(dict.insert(key, object)),
                        Some(Token::Word(b"endobj")) | None => break,
                        Some(Token::Word(_)) => {}
                    }
                }
                _ => match self.token(depth + 1)? {
                    Some(Token::Word(b"endobj")) | None => break,
                    Some(_) => {}
                },
            }
        }
        Ok(Object::Dict(Dict(dict)))
    }
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// The bytes that hexadecimal digits write; an odd one at the end is followed by 0.
pub(super) fn bytes_of_hex(text: &[u8]) -> Vec<u8> {
    let digits: Vec<u8> = text.iter().filter_map(|byte| digit(*byte)).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).unwrap_or(&0)).collect()
}

/// The bytes of a stream begin here, after the end of the line of `stream`.
pub(super) fn stream_start(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at..) {
        Some([b'\r', b'\n', ..]) => at + 2,
        Some([b'\r' | b'\n', ..]) => at + 1,
        _ => at,
    }
}

//! Fonts: what each code of a text means, and how wide it is (ISO 32000-1, 9.5 to 9.10).

use std::collections::HashMap;

use pdf_encoding::{Encoding, ForwardMap};

use super::budget::Fault;
use super::cmap;
use super::file::File;
use super::filter;
use super::glyph_name::character;
use super::object::{Dict, Object};
use super::program::{self, Meanings};

/// The flag of fonts with characters of their own.
const SYMBOLIC: usize = 4;

/// What a code is if nothing says so.
pub const UNKNOWN: char = char::REPLACEMENT_CHARACTER;

/// A font.
#[derive(Debug, Default)]
pub(super) struct Font {
    /// Its name in the file.
    pub name: String,
    /// Whether its codes have two bytes.
    wide: bool,
    unicode: Meanings,
    base: Option<Encoding>,
    differences: Meanings,
    /// What the font program says of its codes.
    built_in: Meanings,
    widths: HashMap<u32, f64>,
    usual_width: f64,
    /// What widths are multiplied with to be in em.
    unit: f64,
}

/// A character as it is shown.
pub(super) struct Glyph {
    /// What it means.
    pub text: String,
    /// In em.
    pub width: f64,
    /// Whether the space between words is added to it.
    pub is_space: bool,
}

impl Font {
    /// Reads a font.
    pub(super) fn read(file: &File, dict: &Dict) -> Result<Self, Fault> {
        let kind = file.entry(dict, "Subtype")?;
        let name = file.entry(dict, "BaseFont")?.name().map(|name| String::from_utf8_lossy(name).into_owned()).unwrap_or_default();
        let mut font = Self { name, unit: 0.001, usual_width: 500.0, wide: kind.name() == Some(b"Type0"), ..Self::default() };
        if let Object::Stream(stream) = file.entry(dict, "ToUnicode")? {
            font.unicode = cmap::read(&filter::bytes(file, &stream)?, file.budget)?;
        }
        if font.wide {
            font.read_wide(file, dict)?;
        } else {
            font.read_simple(file, dict, kind.name() == Some(b"Type3"))?;
        }
        Ok(font)
    }

    fn read_wide(&mut self, file: &File, dict: &Dict) -> Result<(), Fault> {
        let descendants = file.entry(dict, "DescendantFonts")?;
        let inner = file.resolved(descendants.list().and_then(<[_]>::first).unwrap_or(&Object::Null))?;
        let Some(inner) = inner.dict() else { return Ok(()) };
        self.read_program(file, dict, inner)?;
        self.usual_width = file.entry(inner, "DW")?.number().unwrap_or(1_000.0);
        let widths = file.entry(inner, "W")?;
        let mut rest = widths.list().unwrap_or_default();
        // `c [w1 w2 …]` or `first last w`.
        while let [first, second, ..] = rest {
            let first = file.resolved(first)?.count().unwrap_or(0);
            let mut put = |code: usize, width: f64| self.widths.insert(u32::try_from(code).unwrap_or(u32::MAX), width);
            match file.resolved(second)? {
                Object::List(list) => {
                    for (i, width) in list.iter().enumerate() {
                        put(first.saturating_add(i), file.resolved(width)?.number().unwrap_or(0.0));
                    }
                    rest = &rest[2..];
                }
                second => {
                    let width = file.resolved(rest.get(2).unwrap_or(&Object::Null))?.number().unwrap_or(0.0);
                    for code in first..=second.count().unwrap_or(first).min(first.saturating_add(0xffff)) {
                        file.budget.object()?;
                        put(code, width);
                    }
                    rest = rest.get(3..).unwrap_or_default();
                }
            }
        }
        Ok(())
    }

    /// What the font program says of codes that are numbers of glyphs, where the map of characters is not there or leaves some out.
    fn read_program(&mut self, file: &File, dict: &Dict, inner: &Dict) -> Result<(), Fault> {
        let is_complete = !self.unicode.is_empty() && self.unicode.values().all(|text| text.chars().all(is_known));
        let is_plain = matches!(file.entry(dict, "Encoding")?.name(), Some(b"Identity-H" | b"Identity-V"));
        let descriptor = file.entry(inner, "FontDescriptor")?;
        let Some(descriptor) = descriptor.dict().filter(|_| is_plain && !is_complete) else { return Ok(()) };
        let Some(bytes) = program::bytes(file, descriptor)? else { return Ok(()) };
        self.built_in = program::glyphs(&bytes, file.budget)?;
        if let Object::Stream(map) = file.entry(inner, "CIDToGIDMap")? {
            let map = filter::bytes(file, &map)?;
            let glyphs = map.chunks_exact(2).map(|pair| u32::from(pair[0]) << 8 | u32::from(pair[1]));
            self.built_in = (0..=0xffff).zip(glyphs).filter_map(|(code, glyph)| Some((code, self.built_in.get(&glyph)?.clone()))).collect();
        }
        Ok(())
    }

    fn read_simple(&mut self, file: &File, dict: &Dict, is_drawn: bool) -> Result<(), Fault> {
        let descriptor = file.entry(dict, "FontDescriptor")?;
        let empty = Dict::default();
        let descriptor = descriptor.dict().unwrap_or(&empty);
        if is_drawn {
            let matrix = file.entry(dict, "FontMatrix")?;
            self.unit = matrix.list().and_then(|list| list.first()?.number()).unwrap_or(0.001).abs();
        }
        let first = file.entry(dict, "FirstChar")?.count().unwrap_or(0);
        for (i, width) in file.entry(dict, "Widths")?.list().unwrap_or_default().iter().enumerate().take(256) {
            self.widths.insert(u32::try_from(first.saturating_add(i)).unwrap_or(u32::MAX), file.resolved(width)?.number().unwrap_or(0.0));
        }
        self.usual_width = file.entry(descriptor, "MissingWidth")?.number().unwrap_or(if self.widths.is_empty() { 550.0 } else { 0.0 });
        let is_embedded = ["FontFile", "FontFile2", "FontFile3"].iter().any(|key| !descriptor.get(key).is_null());
        let is_symbolic = file.entry(descriptor, "Flags")?.count().is_some_and(|flags| flags & SYMBOLIC != 0);
        let encoding = file.entry(dict, "Encoding")?;
        let said = match &encoding {
            Object::Name(name) => named(name),
            Object::Dict(dict) => file.entry(dict, "BaseEncoding")?.name().and_then(named),
            _ => None,
        };
        if said.is_none()
            && is_embedded
            && let Some(bytes) = program::bytes(file, descriptor)?
        {
            self.built_in = program::codes(&bytes, file.budget)?;
        }
        let own = match self.name.as_str() {
            "Symbol" => Some(Encoding::AdobeSymbol),
            "ZapfDingbats" => Some(Encoding::AdobeZdingbat),
            _ if is_drawn || (is_embedded && is_symbolic) => None,
            _ => Some(Encoding::AdobeStandard),
        };
        self.base = said.or(own);
        let Some(encoding) = encoding.dict() else { return Ok(()) };
        let mut code = 0;
        for object in file.entry(encoding, "Differences")?.list().unwrap_or_default() {
            match file.resolved(object)? {
                Object::Number(number) => code = super::object::whole(number).and_then(|code| u32::try_from(code).ok()).unwrap_or(0),
                Object::Name(name) => {
                    self.differences.insert(code, character(&String::from_utf8_lossy(&name)).unwrap_or_else(|| UNKNOWN.to_string()));
                    code = code.saturating_add(1);
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The characters that `bytes` show.
    pub(super) fn glyphs<'b>(&'b self, bytes: &'b [u8]) -> impl Iterator<Item = Glyph> + 'b {
        bytes.chunks(if self.wide { 2 } else { 1 }).map(|code| {
            let is_space = code == b" ";
            let code = code.iter().fold(0, |code, byte| code << 8 | u32::from(*byte));
            let width = self.widths.get(&code).copied().unwrap_or(self.usual_width) * self.unit;
            Glyph { text: self.meaning(code), width: if width.is_finite() { width } else { 0.0 }, is_space }
        })
    }

    fn meaning(&self, code: u32) -> String {
        // A map that leads to nothing, as from a ligature to U+0000, says nothing.
        let listed = self.unicode.get(&code).filter(|text| !text.is_empty() && text.chars().all(is_known));
        if let Some(text) = listed.or_else(|| self.differences.get(&code)).or_else(|| self.built_in.get(&code)) {
            return text.chars().map(plain).collect();
        }
        let byte = u8::try_from(code).ok().filter(|_| !self.wide);
        let encoded = byte.and_then(|byte| self.base.and_then(Encoding::forward_map).and_then(|map: &ForwardMap| map.get(byte)));
        encoded.map_or(UNKNOWN, plain).to_string()
    }
}

/// Whether a character means something: private ones do to one font alone.
pub(super) fn is_known(c: char) -> bool {
    (!c.is_control() || c.is_whitespace()) && !('\u{e000}'..='\u{f8ff}').contains(&c) && c != UNKNOWN
}

/// Spaces of all kinds are spaces, and a soft hyphen is one.
fn plain(c: char) -> char {
    match c {
        '\u{ad}' => '-',
        c if c.is_whitespace() => ' ',
        c => c,
    }
}

fn named(name: &[u8]) -> Option<Encoding> {
    match name {
        b"WinAnsiEncoding" => Some(Encoding::WinAnsiEncoding),
        b"MacRomanEncoding" => Some(Encoding::MacRomanEncoding),
        b"StandardEncoding" => Some(Encoding::AdobeStandard),
        _ => None,
    }
}

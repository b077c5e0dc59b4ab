//! Font programs, where the font's dictionary leaves it to them which characters its codes are (ISO 32000-1, 9.6.6 and 9.9).

use std::collections::HashMap;

use ttf_parser::{GlyphId, RawFace, Tag, cff, cmap, post};

use super::budget::{Budget, Fault};
use super::file::File;
use super::filter;
use super::glyph_name::character;
use super::object::{Dict, Lexer, Object, Token};

/// What codes or glyphs mean.
pub(super) type Meanings = HashMap<u32, String>;

/// Glyphs of one font whose names are looked up; each takes a walk through all names.
const NAMED: u16 = 4_096;

/// Tables from characters to glyphs of one font.
const TABLES: u16 = 16;

/// What it costs to go through all characters of a table, in bytes gone through: not more than 500 tables for a page.
const TABLE: usize = 1 << 20;

/// Clear text of a Type 1 font.
const CLEAR: usize = 1 << 18;

/// The font program of a font, if it is there and can be unpacked.
pub(super) fn bytes(file: &File, descriptor: &Dict) -> Result<Option<Vec<u8>>, Fault> {
    for key in ["FontFile", "FontFile2", "FontFile3"] {
        if let Object::Stream(stream) = file.entry(descriptor, key)? {
            // A page that can be read without it is not lost with it.
            return Ok(match filter::content(file, &stream, file.budget.room()) {
                Ok(filter::Content::Plain(bytes)) => file.budget.unpacked(bytes.len()).map(|()| Some(bytes))?,
                Ok(filter::Content::Jpeg(_)) | Err(_) => None,
            });
        }
    }
    Ok(None)
}

/// What the codes of one byte mean by the font program itself. Programs are told apart by how they begin, as some files name the wrong kind.
pub(super) fn codes(bytes: &[u8], budget: &Budget) -> Result<Meanings, Fault> {
    if bytes.starts_with(b"%!") || bytes.starts_with(&[0x80, 1]) {
        return type1(bytes, budget);
    }
    let face = RawFace::parse(bytes, 0).ok();
    let compact = face.map_or(Some(bytes), |face| face.table(Tag::from_bytes(b"CFF ")));
    if let Some(font) = compact.and_then(cff::Table::parse) {
        let name = |code: u8| font.glyph_name(font.glyph_index(code)?);
        return Ok((0..=u8::MAX).filter_map(|code| Some((u32::from(code), character(name(code)?)?))).collect());
    }
    face.map_or_else(|| Ok(Meanings::new()), |face| true_type(&face, budget))
}

/// What the glyphs mean, by their numbers.
pub(super) fn glyphs(bytes: &[u8], budget: &Budget) -> Result<Meanings, Fault> {
    let face = RawFace::parse(bytes, 0).ok();
    if let Some(face) = face.filter(|face| face.table(Tag::from_bytes(b"CFF ")).is_none()) {
        return of_glyphs(&face, 0..NAMED, budget);
    }
    let compact = face.map_or(Some(bytes), |face| face.table(Tag::from_bytes(b"CFF ")));
    let Some(font) = compact.and_then(cff::Table::parse) else { return Ok(Meanings::new()) };
    Ok((0..font.number_of_glyphs()).filter_map(|glyph| Some((u32::from(glyph), character(font.glyph_name(GlyphId(glyph))?)?))).collect())
}

/// The encoding in the clear text of a Type 1 font: `dup 65 /A put`. Where it is Adobe's standard there is none.
fn type1(bytes: &[u8], budget: &Budget) -> Result<Meanings, Fault> {
    let clear = &bytes[..bytes.len().min(CLEAR)];
    let end = clear.windows(5).position(|window| window == b"eexec").unwrap_or(clear.len());
    let start = clear[..end].windows(9).position(|window| window == b"/Encoding").map_or(end, |at| at + 9);
    let mut lexer = Lexer::of_content(&clear[start..end], budget);
    let mut meanings = Meanings::new();
    let mut operands: Vec<Object> = Vec::new();
    while let Some(token) = lexer.next()? {
        match token {
            Token::Object(object) => operands.push(object),
            Token::Word(b"def" | b"readonly") => break,
            Token::Word(b"StandardEncoding") => return Ok(standard()),
            // `8#101` is a number in base 8.
            Token::Word([b'#', digits @ ..]) => {
                let base = operands.pop().and_then(|base| u32::try_from(base.count()?).ok()).filter(|base| (2..=36).contains(base));
                let code = base.and_then(|base| u8::from_str_radix(std::str::from_utf8(digits).ok()?, base).ok());
                operands.push(code.map_or(Object::Null, |code| Object::Number(f64::from(code))));
            }
            Token::Word(word) => {
                if word == b"put"
                    && let [.., code, Object::Name(name)] = operands.as_slice()
                    && let Some(code) = code.count().filter(|code| *code < 256).and_then(|code| u32::try_from(code).ok())
                    && let Some(text) = character(&String::from_utf8_lossy(name))
                {
                    meanings.insert(code, text);
                }
                operands.clear();
            }
        }
    }
    Ok(meanings)
}

fn standard() -> Meanings {
    let map = pdf_encoding::Encoding::AdobeStandard.forward_map();
    (0..=u8::MAX).filter_map(|code| Some((u32::from(code), map?.get(code)?.to_string()))).collect()
}

/// The codes of a TrueType font: its tables say which glyph each is, and other tables what the glyph is.
fn true_type(face: &RawFace, budget: &Budget) -> Result<Meanings, Fault> {
    let Some(tables) = face.table(Tag::from_bytes(b"cmap")).and_then(cmap::Table::parse) else { return Ok(Meanings::new()) };
    let table = |platform: u16, encoding: u16| {
        let is_it = |table: &cmap::Subtable| table.platform_id as u16 == platform && table.encoding_id == encoding;
        (0..tables.subtables.len().min(TABLES)).filter_map(|i| tables.subtables.get(i)).find(is_it)
    };
    let (symbols, roman) = (table(3, 0), table(1, 0));
    let glyph = |code: u8| {
        let code = u32::from(code);
        let symbol = symbols.and_then(|table| table.glyph_index(0xf000 + code).or_else(|| table.glyph_index(code)));
        symbol.or_else(|| roman?.glyph_index(code)).filter(|glyph| glyph.0 > 0)
    };
    let pairs: Vec<(u8, GlyphId)> = (0..=u8::MAX).filter_map(|code| Some((code, glyph(code)?))).collect();
    let meanings = of_glyphs(face, pairs.iter().map(|(_, glyph)| glyph.0), budget)?;
    let mut found: Meanings = pairs.iter().filter_map(|(code, glyph)| Some((u32::from(*code), meanings.get(&u32::from(glyph.0))?.clone()))).collect();
    // A table of Apple's has Mac OS Roman codes, unless a program only numbered the glyphs of its text: 33, 34, 35, …
    let is_numbered = pairs.windows(2).all(|pair| pair[1].0 == pair[0].0 + 1 && pair[1].1.0 == pair[0].1.0 + 1);
    if found.is_empty() && symbols.is_none() && !is_numbered {
        let map = pdf_encoding::Encoding::MacRomanEncoding.forward_map();
        found = pairs.iter().filter_map(|(code, _)| Some((u32::from(*code), map?.get(*code)?.to_string()))).collect();
    }
    Ok(found)
}

/// What the glyphs of a TrueType font are: their names, or the characters that its Unicode tables lead to them from.
fn of_glyphs(face: &RawFace, named: impl Iterator<Item = u16>, budget: &Budget) -> Result<Meanings, Fault> {
    let mut meanings = Meanings::new();
    if let Some(tables) = face.table(Tag::from_bytes(b"cmap")).and_then(cmap::Table::parse) {
        for table in (0..tables.subtables.len().min(TABLES)).filter_map(|i| tables.subtables.get(i)).filter(cmap::Subtable::is_unicode) {
            budget.scanned(TABLE)?;
            for c in (' '..='\u{ffff}').filter(|c| super::font::is_known(*c)) {
                if let Some(glyph) = table.glyph_index(u32::from(c)).filter(|glyph| glyph.0 > 0) {
                    meanings.entry(u32::from(glyph.0)).or_insert_with(|| c.to_string());
                }
            }
        }
    }
    if let Some(names) = face.table(Tag::from_bytes(b"post")).and_then(post::Table::parse) {
        for glyph in named {
            if let Some(text) = names.glyph_name(GlyphId(glyph)).and_then(character) {
                meanings.entry(u32::from(glyph)).or_insert(text);
            }
        }
    }
    Ok(meanings)
}

//! What the codes of a font mean in Unicode, as the font's `ToUnicode` says (ISO 32000-1, 9.10.3).

use std::collections::HashMap;

use super::budget::{Budget, Fault};
use super::object::{Lexer, Object, Token};

/// Codes of one font.
const CODES: usize = 100_000;

/// Reads a map. What it says in other ways than `bfchar` and `bfrange` is passed over.
pub(super) fn read(bytes: &[u8], budget: &Budget) -> Result<HashMap<u32, String>, Fault> {
    let mut map = HashMap::new();
    let mut operands: Vec<Object> = Vec::new();
    let mut lexer = Lexer::of_content(bytes, budget);
    while let Some(token) = lexer.next()? {
        match token {
            Token::Object(object) => operands.push(object),
            Token::Word(word) => {
                match word {
                    b"endbfchar" => {
                        for pair in operands.chunks_exact(2) {
                            if let (Some(code), Object::Text(text)) = (code(&pair[0]), &pair[1]) {
                                map.insert(code, utf16(text));
                            }
                        }
                    }
                    b"endbfrange" => operands.chunks_exact(3).try_for_each(|triple| range(triple, &mut map, budget))?,
                    _ => {}
                }
                operands.clear();
            }
        }
        if map.len() > CODES {
            return Err("a font in it has more codes than are read".into());
        }
    }
    Ok(map)
}

fn range(triple: &[Object], map: &mut HashMap<u32, String>, budget: &Budget) -> Result<(), Fault> {
    let (Some(first), Some(last)) = (code(&triple[0]), code(&triple[1])) else { return Ok(()) };
    let count = last.saturating_sub(first).min(0xffff);
    match &triple[2] {
        Object::List(texts) => {
            for (code, text) in (first..=first.saturating_add(count)).zip(texts) {
                if let Object::Text(text) = text {
                    map.insert(code, utf16(text));
                }
            }
        }
        Object::Text(text) => {
            // The last character is counted on.
            let text = utf16(text);
            let Some(end) = text.chars().next_back() else { return Ok(()) };
            let head = &text[..text.len() - end.len_utf8()];
            for i in 0..=count {
                budget.object()?;
                if let Some(next) = char::from_u32(u32::from(end).saturating_add(i)) {
                    map.insert(first.saturating_add(i), format!("{head}{next}"));
                }
            }
        }
        _ => {}
    }
    Ok(())
}

/// A code.
fn code(object: &Object) -> Option<u32> {
    let Object::Text(bytes) = object else { return None };
    (bytes.len() <= 4).then(|| bytes.iter().fold(0, |code, byte| code << 8 | u32::from(*byte)))
}

fn utf16(bytes: &[u8]) -> String {
    let units = bytes.chunks(2).map(|pair| pair.iter().fold(0_u16, |unit, byte| unit << 8 | u16::from(*byte)));
    char::decode_utf16(units.take(64)).map(|one| one.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

//! Bytes as text: UTF-8, and UTF-16 as spreadsheets and PowerShell write it.

use std::borrow::Cow;

/// The text in `bytes`, without a byte-order mark. The error is one sentence without a full stop.
pub fn text(bytes: &[u8]) -> Result<Cow<'_, str>, String> {
    match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes).map(Cow::Owned),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes).map(Cow::Owned),
        _ if has_zeros(bytes, 1) => utf16(bytes, u16::from_le_bytes).map(Cow::Owned),
        _ if has_zeros(bytes, 0) => utf16(bytes, u16::from_be_bytes).map(Cow::Owned),
        _ => {
            let text = std::str::from_utf8(bytes).map_err(|error| format!("byte {} is not UTF-8 text; save the file as UTF-8", error.valid_up_to()))?;
            Ok(Cow::Borrowed(text.trim_start_matches('\u{feff}')))
        }
    }
}

fn utf16(bytes: &[u8], read: fn([u8; 2]) -> u16) -> Result<String, String> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let text: Result<String, _> = char::decode_utf16(pairs.iter().map(|pair| read(*pair))).collect();
    let text = text.ok().filter(|_| rest.is_empty()).ok_or("this is UTF-16 text, and it is damaged; save the file as UTF-8")?;
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}

/// Whether every second byte, from `first` on, is zero and no other: the digits and Latin letters of UTF-16 without a mark.
fn has_zeros(bytes: &[u8], first: usize) -> bool {
    let sample = &bytes[..bytes.len().min(64)];
    bytes.len() >= 4 && bytes.len().is_multiple_of(2) && sample.iter().enumerate().all(|(i, byte)| (*byte == 0) == (i % 2 == first))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn encoded(text: &str, big_endian: bool, mark: bool) -> Vec<u8> {
        let mark = if mark { "\u{feff}" } else { "" };
        let order = if big_endian { u16::to_be_bytes } else { u16::to_le_bytes };
        mark.encode_utf16().chain(text.encode_utf16()).flat_map(order).collect()
    }

    #[test]
    fn utf_16_is_read_with_and_without_a_mark() {
        for (big_endian, mark) in [(false, true), (true, true), (false, false), (true, false)] {
            assert_eq!(text(&encoded("id,label\n0,7\n", big_endian, mark)).as_deref(), Ok("id,label\n0,7\n"));
        }
        assert_eq!(text(&encoded("Adélie €\n", false, true)).as_deref(), Ok("Adélie €\n"));
        assert_eq!(text("\u{feff}7\n".as_bytes()).as_deref(), Ok("7\n"));
    }

    #[test]
    fn what_is_no_text_is_told() {
        assert_eq!(text(b"7\n\xff"), Err("byte 2 is not UTF-8 text; save the file as UTF-8".to_owned()));
        assert!(text(&[0xff, 0xfe, 55]).is_err_and(|message| message.contains("UTF-16")));
        assert!(text(&[0xff, 0xfe, 0x00, 0xd8]).is_err_and(|message| message.contains("damaged")));
    }

    proptest! {
        #[test]
        fn any_text_comes_back(words in ".{0,40}") {
            let words = words.trim_start_matches('\u{feff}');
            for big_endian in [false, true] {
                let bytes = encoded(words, big_endian, true);
                prop_assert!(text(&bytes).is_ok_and(|text| text == words));
            }
        }

        #[test]
        fn any_bytes_are_text_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let _ = text(&bytes);
        }
    }
}

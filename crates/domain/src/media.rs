//! Pictures as files that a browser shows.

use std::fmt;

/// A picture's file as it was handed in.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// Its format.
    pub format: Format,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A format that browsers show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is what it is called")]
pub enum Format {
    Png,
    Jpeg,
    Svg,
    Webp,
}

/// How much of a text is searched for the root of an SVG, in bytes.
const HEAD: usize = 4096;

impl Picture {
    /// The picture that `bytes` are by their first ones, whatever the file is called.
    pub fn of(bytes: Vec<u8>) -> Option<Self> {
        Format::of(&bytes).map(|format| Self { format, bytes })
    }
}

impl Format {
    /// The format of `bytes`.
    ///
    /// ```
    /// # use mlgrade_domain::media::Format;
    /// assert_eq!(Format::of(b"\x89PNG\r\n\x1a\n..."), Some(Format::Png));
    /// assert_eq!(Format::of(b"<?xml version='1.0'?>\n<svg xmlns='x'/>"), Some(Format::Svg));
    /// assert_eq!(Format::of(b"%PDF-1.7"), None);
    /// assert_eq!(Format::of(b"<html>about <svg></html>"), None);
    /// ```
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0x89, b'P', b'N', b'G', ..] => Some(Self::Png),
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::Webp),
            _ => is_svg(&bytes[..bytes.len().min(HEAD)]).then_some(Self::Svg),
        }
    }

    /// The ending of its files.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Svg => "svg",
            Self::Webp => "webp",
        }
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Svg => "image/svg+xml",
            Self::Webp => "image/webp",
        }
    }
}

fn is_svg(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    ["<?xml", "<!--", "<!DOCTYPE svg", "<svg"].iter().any(|start| text.starts_with(start)) && text.contains("<svg")
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Picture({}, {} bytes)", self.format.ending(), self.bytes.len())
    }
}

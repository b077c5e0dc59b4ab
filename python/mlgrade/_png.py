"""PNG files: their size, and text that is put into them."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunks(picture: bytes) -> Iterator[tuple[bytes, bytes, int]]:
    """The chunks of a PNG: their type, their content, and where they end.

    >>> [kind for kind, _, _ in chunks(SIGNATURE + chunk(b"IHDR", bytes(13)) + chunk(b"IEND", b""))]
    [b'IHDR', b'IEND']
    """
    at = len(SIGNATURE)
    while at + 12 <= len(picture):
        (length,) = struct.unpack(">I", picture[at : at + 4])
        end = at + 12 + length
        yield picture[at + 4 : at + 8], picture[at + 8 : at + 8 + length], end
        at = end


def chunk(kind: bytes, content: bytes) -> bytes:
    """A chunk with its length and its checksum."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def size(picture: bytes) -> tuple[int, int]:
    """Width and height in pixels."""
    width, height = struct.unpack(">II", picture[16:24])
    return width, height


def with_text(picture: bytes, keyword: str, text: str) -> bytes:
    """The PNG with a text of ASCII letters behind its header. The pixels stay as they are.

    >>> empty = SIGNATURE + chunk(b"IHDR", bytes(13)) + chunk(b"IEND", b"")
    >>> texts(with_text(empty, "mlgrade", "{}"))
    {'mlgrade': '{}'}
    """
    _, _, header_end = next(chunks(picture))
    return picture[:header_end] + chunk(b"tEXt", keyword.encode("ascii") + b"\0" + text.encode("ascii")) + picture[header_end:]


def texts(picture: bytes) -> dict[str, str]:
    """The plain texts of a PNG by keyword."""
    plain = (content.split(b"\0", 1) for kind, content, _ in chunks(picture) if kind == b"tEXt")
    return {keyword.decode("latin-1"): text.decode("latin-1") for keyword, text in plain}

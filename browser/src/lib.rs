//! Tests of mlgrade's pages in a real browser; see `tests/`.

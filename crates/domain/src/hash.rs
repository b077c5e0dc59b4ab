//! A hash of several texts.

use blake3::Hasher;

/// Adds a text to a hash. Its length goes before it, so that no two lists of texts are the same bytes.
///
/// ```
/// # use mlgrade_domain::hash::add;
/// let of = |texts: [&str; 2]| {
///     let mut hash = blake3::Hasher::new();
///     texts.iter().for_each(|text| add(&mut hash, text.as_bytes()));
///     hash.finalize()
/// };
/// assert_ne!(of(["ab", "c"]), of(["a", "bc"]));
/// ```
pub fn add(hash: &mut Hasher, bytes: &[u8]) {
    hash.update(&(bytes.len() as u64).to_le_bytes()).update(bytes);
}

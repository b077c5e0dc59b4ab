//! One seed explains every random draw.

use std::fmt;

/// A seed, and through [`Seed::derive`] as many independent ones as there are labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Seed([u8; 32]);

impl Seed {
    /// The seed that a rubric writes as a number.
    pub fn new(number: u64) -> Self {
        Self(*blake3::hash(&number.to_le_bytes()).as_bytes())
    }

    /// The seed for `label`, such as `"mnist/mlp/lr0.1"`. It depends on this seed and the label alone, so neither the order of
    /// runs nor the number of threads matters.
    #[must_use]
    pub fn derive(self, label: &str) -> Self {
        Self(*blake3::keyed_hash(&self.0, label.as_bytes()).as_bytes())
    }

    /// 32 bytes for a generator.
    pub fn bytes(self) -> [u8; 32] {
        self.0
    }

    /// A number for a library that is seeded with one.
    pub fn number(self) -> u64 {
        let mut first = [0; 8];
        first.copy_from_slice(&self.0[..8]);
        u64::from_le_bytes(first)
    }
}

impl fmt::Display for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_and_seeds_give_different_streams() {
        let seed = Seed::new(441);
        assert_eq!(seed.derive("a"), Seed::new(441).derive("a"));
        assert_ne!(seed.derive("a"), seed.derive("b"));
        assert_ne!(seed.derive("a"), Seed::new(442).derive("a"));
        assert_ne!(seed.derive("a").derive("b"), seed.derive("b").derive("a"));
    }
}

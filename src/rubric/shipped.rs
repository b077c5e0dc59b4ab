//! The rubrics inside the binary, so that the installed program works anywhere.

/// A rubric with its lock.
#[derive(Debug, Clone, Copy)]
pub struct Shipped {
    /// Its id.
    pub id: &'static str,
    /// Its TOML.
    pub rubric: &'static str,
    /// Its lock's TOML.
    pub lock: &'static str,
}

/// All of them; the first is the default.
pub const SHIPPED: &[Shipped] = &[
    Shipped { id: "cs441-hw2", rubric: include_str!("../../rubrics/cs441-hw2.toml"), lock: include_str!("../../rubrics/cs441-hw2.lock") },
    Shipped {
        id: "deep-learning-lab",
        rubric: include_str!("../../rubrics/deep-learning-lab.toml"),
        lock: include_str!("../../rubrics/deep-learning-lab.lock"),
    },
];

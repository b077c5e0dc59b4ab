//! The rubrics inside the binary, so that the installed program works anywhere.

use crate::data::Carried;

/// A rubric with its lock.
#[derive(Debug, Clone, Copy)]
pub struct Shipped {
    /// Its id.
    pub id: &'static str,
    /// Its TOML.
    pub rubric: &'static str,
    /// Its lock's TOML.
    pub lock: &'static str,
    /// The files of its data sets, by path from its folder.
    pub data: Carried,
}

/// All of them; the first is the default.
pub const SHIPPED: &[Shipped] = &[
    Shipped { id: "cs441-hw2", rubric: include_str!("../../rubrics/cs441-hw2.toml"), lock: include_str!("../../rubrics/cs441-hw2.lock"), data: &[] },
    Shipped {
        id: "deep-learning-lab",
        rubric: include_str!("../../rubrics/deep-learning-lab.toml"),
        lock: include_str!("../../rubrics/deep-learning-lab.lock"),
        data: &[],
    },
    Shipped {
        id: "hidden-labels",
        rubric: include_str!("../../rubrics/hidden-labels/rubric.toml"),
        lock: include_str!("../../rubrics/hidden-labels/rubric.lock"),
        data: &[
            ("hidden/diabetes.csv", include_bytes!("../../rubrics/hidden-labels/hidden/diabetes.csv")),
            ("hidden/tumours.csv", include_bytes!("../../rubrics/hidden-labels/hidden/tumours.csv")),
        ],
    },
    Shipped {
        id: "linear-models",
        rubric: include_str!("../../rubrics/linear-models/rubric.toml"),
        lock: include_str!("../../rubrics/linear-models/rubric.lock"),
        data: &[
            ("data/tumours_valid.csv", include_bytes!("../../rubrics/linear-models/data/tumours_valid.csv")),
            ("data/visits_valid.csv", include_bytes!("../../rubrics/linear-models/data/visits_valid.csv")),
        ],
    },
    Shipped {
        id: "small-images",
        rubric: include_str!("../../rubrics/small-images/rubric.toml"),
        lock: include_str!("../../rubrics/small-images/rubric.lock"),
        data: &[
            ("data/hidden.npz", include_bytes!("../../rubrics/small-images/data/hidden.npz")),
            ("data/images.npz", include_bytes!("../../rubrics/small-images/data/images.npz")),
        ],
    },
];

//! `mlgrade new --course`: worked examples with small real data.

use anyhow::Result;

use super::{Stage, locked, next, scored};
use crate::cli::Exit;
use crate::cli::say::say;
use crate::domain::text::plain;

/// The examples.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Example {
    /// Hidden labels: points between a baseline and a good model
    Competition,
    /// Least squares and ridge regression: weights, errors, a plot
    Regression,
    /// Four classifiers: accuracies, a confusion matrix, a rule
    Classification,
    /// A small network by hand: gradient check, curves, predictions
    DeepLearning,
}

/// A file by its path in the course's folder.
type File = (&'static str, &'static [u8]);

/// The files of an example, which lie in templates/courses.
macro_rules! files {
    ($course:literal: $($path:literal),* $(,)?) => {
        &[$(($path, include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/courses/", $course, "/", $path)))),*]
    };
}

const COMPETITION: &[File] = files!("competition":
    "DATA.md", "rubric.toml", "data/train.csv", "data/test.csv", "hidden/answers.csv", "reference/solution.py",
    "reference/solution/metrics.json", "reference/solution/answers.json", "reference/solution/predictions/tumours.csv",
    "submissions/example/metrics.json", "submissions/example/answers.json", "submissions/example/predictions/tumours.csv",
);

const REGRESSION: &[File] = files!("regression":
    "DATA.md", "rubric.toml", "data/train.csv", "data/valid.csv", "reference/solution.py",
    "reference/solution/metrics.json", "reference/solution/answers.json", "reference/solution/predictions/best.csv", "reference/solution/figures/ridge.png",
    "submissions/example/metrics.json", "submissions/example/answers.json", "submissions/example/predictions/best.csv", "submissions/example/figures/ridge.png",
);

const CLASSIFICATION: &[File] = files!("classification":
    "DATA.md", "rubric.toml", "data/train.csv", "data/valid.csv", "reference/solution.py",
    "reference/solution/metrics.json", "reference/solution/answers.json", "reference/solution/predictions/best.csv", "reference/solution/figures/depth.png",
    "submissions/example/metrics.json", "submissions/example/answers.json", "submissions/example/predictions/best.csv", "submissions/example/figures/depth.png",
);

const DEEP_LEARNING: &[File] = files!("deep-learning":
    "DATA.md", "rubric.toml", "data/digits.npz", "reference/solution.py",
    "reference/solution/metrics.json", "reference/solution/answers.json", "reference/solution/predictions/net.csv", "reference/solution/figures/loss.png",
    "submissions/example/metrics.json", "submissions/example/answers.json", "submissions/example/predictions/net.csv", "submissions/example/figures/loss.png",
);

impl Example {
    fn files(self) -> &'static [File] {
        match self {
            Self::Competition => COMPETITION,
            Self::Regression => REGRESSION,
            Self::Classification => CLASSIFICATION,
            Self::DeepLearning => DEEP_LEARNING,
        }
    }
}

pub(super) fn run(stage: Stage, example: Example) -> Result<Exit> {
    for (path, bytes) in example.files() {
        stage.write(path, bytes)?;
    }
    let course = locked(&stage)?;
    let lines = scored(&course, "the example submission", &stage.path("submissions/example"));
    let place = stage.finish()?;
    say!();
    lines.iter().for_each(|line| say!("{}", plain(line)));
    let class = format!("{}/submissions", plain(&place.display().to_string()));
    next(&place, &class);
    Ok(Exit::Fine)
}

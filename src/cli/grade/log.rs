//! What happened to each submission, a line of JSON each, for programs that watch a run.

use std::collections::BTreeMap;
use std::io::Write;

use mlgrade_sandbox::{Layers, Usage};
use serde::Serialize;

use super::plan::Plan;
use crate::report::Report;
use crate::worker::pool::Done;

/// How a run reports what it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    // Without a text of its own, so that the help stays short.
    Json,
}

/// Writes lines, if they are asked for.
#[derive(Debug)]
pub(super) struct Log(Option<Format>);

/// What a line says.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
enum Event<'e> {
    Began { rubric: &'e str, digest: &'e str, submissions: usize },
    Isolated { layers: &'e Layers },
    Judged(Judged<'e>),
    Unchanged { student: &'e str },
    Ended { judged: usize, unchanged: usize, killed: usize, seconds: f64 },
}

#[derive(Debug, Serialize)]
struct Judged<'e> {
    student: &'e str,
    /// How it went: "graded", or "ungraded" if a part of it could not be.
    outcome: &'static str,
    #[serde(flatten)]
    usage: Used,
    verdicts: BTreeMap<&'static str, usize>,
    /// Why workers died of it.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    killed: &'e [&'static str],
}

#[derive(Debug, Default, Serialize)]
struct Used {
    #[serde(skip_serializing_if = "Option::is_none")]
    cpu_seconds: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    peak_bytes: Option<u64>,
}

impl Log {
    pub(super) fn new(format: Option<Format>) -> Self {
        Self(format)
    }

    /// Whether lines are written.
    pub(super) fn is_on(&self) -> bool {
        self.0.is_some()
    }

    fn line(&self, event: &Event<'_>) {
        if self.0.is_none() {
            return;
        }
        if let Ok(mut line) = serde_json::to_vec(event) {
            line.push(b'\n');
            // A log that nobody takes must not keep a class from being graded.
            drop(std::io::stderr().write_all(&line));
        }
    }

    pub(super) fn began(&self, plan: &Plan) {
        let rubric = &plan.course.rubric;
        self.line(&Event::Began { rubric: &rubric.id, digest: &rubric.digest, submissions: plan.submissions.len() });
    }

    pub(super) fn isolated(&self, layers: &Layers) {
        self.line(&Event::Isolated { layers });
    }

    pub(super) fn unchanged(&self, student: &str) {
        self.line(&Event::Unchanged { student });
    }

    pub(super) fn judged(&self, found: &Report, done: &Done<'_>) {
        if self.0.is_none() {
            return;
        }
        let mut verdicts = BTreeMap::new();
        for item in &found.items {
            *verdicts.entry(item.verdict.words()).or_default() += 1;
        }
        let outcome = if found.is_ungraded() { "ungraded" } else { "graded" };
        let used = |usage: Usage| Used { cpu_seconds: usage.cpu.map(|cpu| cpu.as_secs_f64()), peak_bytes: usage.peak };
        let usage = done.usage.map(used).unwrap_or_default();
        self.line(&Event::Judged(Judged { student: &found.student, outcome, usage, verdicts, killed: &done.deaths }));
    }

    pub(super) fn ended(&self, judged: usize, unchanged: usize, killed: usize, seconds: f64) {
        self.line(&Event::Ended { judged, unchanged, killed, seconds });
    }
}

//! How much of a submission is read. Whatever a student hands in, memory and time stay within these.

/// A metrics, answers or settings file, in bytes.
pub const TEXT_BYTES: u64 = 8 << 20;
/// A figure's file, in bytes.
pub const FIGURE_BYTES: u64 = 64 << 20;
/// A figure's pixels.
pub const FIGURE_PIXELS: u64 = 40_000_000;
/// A figure's side, in pixels.
pub const FIGURE_SIDE: u32 = 10_000;
/// The elements of an SVG.
pub const SVG_NODES: u32 = 500_000;
/// A chart as JSON, in bytes: its values take a good many times as much memory.
pub const CHART_BYTES: usize = 16 << 20;
/// The points of all paths of an SVG.
pub const SVG_POINTS: usize = 2_000_000;
/// A predictions file, in bytes.
pub const PREDICTIONS_BYTES: u64 = 64 << 20;
/// The files of one submission.
pub const FILES: usize = 20_000;
/// Folders within folders.
pub const FOLDER_DEPTH: usize = 16;
/// The numbers of one series.
pub const SERIES_LENGTH: usize = 100_000;
/// The series that one figure is said to show.
pub const CLAIMED_SERIES: usize = 64;
/// The text of one answer, in bytes.
pub const ANSWER_BYTES: usize = 50_000;
/// Tables within tables in a metrics file.
pub const NESTING: usize = 32;
/// The conditions of a decision rule.
pub const RULE_CONDITIONS: usize = 1_000;
/// The numbers of a predictions file, and eight times the texts.
pub const PREDICTIONS_NUMBERS: usize = 12_000_000;
/// The numbers that one example may have in a predictions file.
pub const PREDICTIONS_COLUMNS: usize = 100_000;
/// What an array in an archive of predictions may unpack to, in bytes.
pub const PREDICTIONS_UNPACKED: u64 = 128 << 20;
/// Predictions as JSON, in bytes: its values take a good many times as much memory.
pub const PREDICTIONS_JSON: usize = 16 << 20;
/// A file that holds a decision rule, in bytes.
pub const RULE_BYTES: u64 = 1 << 20;

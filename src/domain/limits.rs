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
/// A network's file, in bytes.
pub const NETWORK_BYTES: u64 = 64 << 20;
/// The numbers that a network may have: weights, biases and constants.
pub const NETWORK_ELEMENTS: usize = 12_000_000;
/// The nodes, arrays and descriptions of a network.
pub const NETWORK_NODES: usize = 20_000;
/// The inputs, outputs and attributes of one node.
pub const NETWORK_NODE_PARTS: usize = 256;
/// The values of one attribute.
pub const NETWORK_LIST: usize = 1_000;
/// The header of a safetensors file, in bytes.
pub const NETWORK_HEADER: u64 = 1 << 20;
/// The layers in a list of layers.
pub const NETWORK_LAYERS: usize = 1_000;
/// The numbers that running a network holds at once, its own included.
pub const NETWORK_LIVE: usize = 24_000_000;
/// The examples that a network may take at once.
pub const NETWORK_BATCH: usize = 10_000;
/// Multiply-adds, and what costs as much, that running a network on a whole validation set may take.
pub const NETWORK_WORK: u64 = 400_000_000_000;

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
/// A notebook's file, in bytes.
pub const NOTEBOOK_BYTES: u64 = 64 << 20;
/// The notebooks of one submission that are searched.
pub const NOTEBOOKS: usize = 16;
/// The cells of a notebook.
pub const NOTEBOOK_CELLS: usize = 5_000;
/// The outputs of a cell.
pub const CELL_OUTPUTS: usize = 2_000;
/// What a notebook's cell prints, in bytes.
pub const CELL_TEXT: usize = 4 << 20;
/// The marks of a notebook's cell.
pub const CELL_MARKS: usize = 64;
/// The names that one marked output states.
pub const PRINTED_NAMES: usize = 10_000;
/// The values that a notebook states by its marks, each number of a list and each 32 bytes of a text being one.
pub const PRINTED_VALUES: usize = 1_000_000;

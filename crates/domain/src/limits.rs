//! How much of a submission is read. Whatever a student hands in, memory and time stay within these.

/// A metrics, answers or settings file, in bytes.
pub const TEXT_BYTES: u64 = 8 << 20;
/// A figure's file, in bytes.
pub const FIGURE_BYTES: u64 = 64 << 20;
/// A figure's pixels.
pub const FIGURE_PIXELS: u64 = 40_000_000;
/// A figure's side, in pixels.
pub const FIGURE_SIDE: u32 = 10_000;
/// What a picture's file may say of its axes, unpacked, in bytes.
pub const HINT_BYTES: usize = 256 << 10;
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
/// The values of a series that a report repeats; of a longer one it has a text.
pub const REPORTED_VALUES: usize = 1_000;
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
/// Predictions as text, CSV or JSON, in bytes: cells take a good many times as much memory as numbers.
pub const PREDICTIONS_TEXT: usize = 16 << 20;
/// A file that holds a decision rule, in bytes.
pub const RULE_BYTES: u64 = 1 << 20;
/// Archives within archives: one, and one inside it.
pub const ARCHIVES: usize = 2;
/// Archives side by side in one submission.
pub const ARCHIVES_BESIDE: usize = 8;
/// What a submission's archives keep in memory, in bytes: the files of a tar, an archive inside another.
pub const ARCHIVE_KEPT_BYTES: u64 = 64 << 20;
/// What is unpacked of a submission's archives in all, in bytes.
pub const ARCHIVE_READ_BYTES: u64 = 1 << 30;
/// What is unpacked of a class's download in all, in bytes.
pub const CLASS_READ_BYTES: u64 = 64 << 30;
/// How many times its size a compressed stream may unpack to, once more than `ARCHIVE_RATIO_FROM` bytes have come out.
pub const ARCHIVE_RATIO: u64 = 200;
/// The bytes from which `ARCHIVE_RATIO` counts: a small file of zeros is no bomb.
pub const ARCHIVE_RATIO_FROM: u64 = 32 << 20;
/// A zip's directory, in bytes.
pub const ZIP_DIRECTORY_BYTES: u64 = 8 << 20;
/// The path of a file in an archive, in bytes.
pub const PATH_BYTES: usize = 1_024;
/// The notes of one kind about one submission; of more, only the number is reported.
pub const NOTES: usize = 20;
/// What a platform writes about one hand-in, in bytes.
pub const NOTE_BYTES: u64 = 1 << 20;
/// A roster, or the list of a download's submissions, in bytes.
pub const ROSTER_BYTES: u64 = 64 << 20;
/// A log of training in a binary format, in bytes: TensorBoard's also hold pictures.
pub const LOG_BYTES: u64 = 32 << 20;
/// The logs of a submission that are searched for names without being named themselves.
pub const LOGS: usize = 64;
/// What is read of logs that are searched so, in bytes; the one that goes beyond it is the last. Their values take a good many times as much memory.
pub const LOGS_BYTES: usize = 16 << 20;
/// The files of one log.
pub const LOG_FILES: usize = 1_000;
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
/// A network's file, in bytes.
pub const NETWORK_BYTES: u64 = 64 << 20;
/// The numbers that a network may have: weights, biases and constants.
pub const NETWORK_ELEMENTS: usize = 12_000_000;
/// The nodes, arrays and descriptions of a network.
pub const NETWORK_NODES: usize = 20_000;
/// The inputs, outputs and attributes of one node.
pub const NETWORK_NODE_PARTS: usize = 256;
/// The values of one attribute: trees list all their nodes in it.
pub const NETWORK_LIST: usize = 4_000_000;
/// The texts of one array.
pub const NETWORK_TEXTS: usize = 10_000;
/// The header of a safetensors file, in bytes.
pub const NETWORK_HEADER: u64 = 1 << 20;
/// The pickle in what PyTorch saves, without the numbers, in bytes.
pub const NETWORK_PICKLE_BYTES: usize = 16 << 20;
/// The values in a pickle, and the entries that are looked at to find the weights among them.
pub const NETWORK_PICKLE_VALUES: usize = 1_000_000;
/// The operations of a pickle.
pub const NETWORK_PICKLE_STEPS: usize = 4_000_000;
/// The layers in a list of layers.
pub const NETWORK_LAYERS: usize = 1_000;
/// The numbers that running a network holds at once, its own included.
pub const NETWORK_LIVE: usize = 24_000_000;
/// The examples that a network may take at once.
pub const NETWORK_BATCH: usize = 10_000;
/// Multiply-adds, and what costs as much, that running a network on a whole validation set may take.
pub const NETWORK_WORK: u64 = 200_000_000_000;
/// The same for all ways together in which inputs are presented to a network. What is left untried is for a person.
pub const NETWORK_WORK_IN_ALL: u64 = 300_000_000_000;
/// A PDF report, in bytes.
pub const PDF_BYTES: u64 = 32 << 20;
/// What the streams that a page of a PDF needs unpack to in all, in bytes; a picture is bounded by its pixels.
pub const PDF_UNPACKED: usize = 64 << 20;
/// What is gone through of a PDF to read one page, in bytes, each time that it is.
pub const PDF_SCANNED: usize = 512 << 20;
/// The objects of a PDF that are read for one page, each number and each name being one.
pub const PDF_OBJECTS: usize = 2_000_000;
/// The operators of a page of a PDF, with those of what is drawn on it.
pub const PDF_OPERATORS: usize = 1_000_000;
/// The pages of a PDF.
pub const PDF_PAGES: usize = 2_000;
/// The drawing of a page of a PDF, in bytes of the SVG that it becomes.
pub const PDF_DRAWING: usize = 16 << 20;
/// The pieces of text of a page of a PDF.
pub const PDF_TEXTS: usize = 200_000;

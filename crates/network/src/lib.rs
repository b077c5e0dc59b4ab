#![doc = include_str!("../README.md")]

mod answers;
mod assembly;
mod boosted;
mod contents;
mod graph;
mod keras;
mod kernels;
mod layers;
mod onnx;
mod operator;
mod placing;
mod presentation;
mod refused;
mod tensor;
mod torch;
mod weights;

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use mlgrade_domain::diagnostic::{Code, Diagnostic};
use mlgrade_domain::limits;

use graph::Graph;
use mlgrade_domain::examples::Examples;
use placing::Placed;
use tensor::{Budget, Outcome, Refusal, Tensor, Values, count, refuse, shown, too_large};

pub use answers::{Answers, Choice};
pub use contents::Weights;
pub use onnx::Files;
pub use presentation::{Known, PRESENTATIONS, Presentation, Scale};
pub use refused::{ENDINGS as REFUSED_ENDINGS, sentence as refused_sentence};

/// Endings of a network's file, in the order of preference; those of [`torch_endings`] come last, and none of them precedes another.
pub const ENDINGS: [&str; 12] = ["onnx", "safetensors", "keras", "h5", "hdf5", "pt", "pth", "ckpt", "bin", "pth.tar", "pkl", "pickle"];

/// Where the endings of PyTorch begin.
const TORCH: usize = 5;

/// The endings that PyTorch's users give to their files.
pub fn torch_endings() -> &'static [&'static str] {
    &ENDINGS[TORCH..]
}

/// Endings of models of boosted trees, in the order of preference. Other things have them too, so that they count in `networks/` only.
pub const BOOSTED_ENDINGS: [&str; 4] = ["json", "ubj", "txt", "model"];

/// The files that the network in `bytes` keeps its weights in, as paths within its own folder.
pub fn files_beside(path: &str, bytes: &[u8]) -> BTreeSet<String> {
    if path.to_ascii_lowercase().ends_with(".onnx") { onnx::locations(bytes) } else { BTreeSet::new() }
}

/// Whether the settings in `bytes` list layers. Those of a file that is damaged count as a list, so that it is said what is wrong with them.
pub fn lists_layers(path: &str, bytes: &[u8]) -> bool {
    layers::Settings::read(path, bytes).map_or(true, |settings| settings.lists_layers())
}

/// How many examples go through a network at once, in the order in which that is tried: as many as keep the activations small, fewer
/// where they are large, one where the file was made for one.
const BATCHES: [usize; 3] = [50, 10, 1];

/// How many examples go in together, and alone, to see whether that makes a difference.
const COMPARED: usize = 8;

/// How far scores may differ by rounding alone, as a share of them.
const COMPARED_TOLERANCE: f32 = 1e-3;

/// A network that can be run.
#[derive(Debug, Clone)]
pub struct Network {
    path: String,
    graph: Graph,
    /// The lengths of the input's axes; the first counts the examples.
    shape: Vec<Option<usize>>,
    interpretation: Interpretation,
    presentation: Option<Presentation>,
    /// The border around images that its author states.
    border: Option<usize>,
}

/// A border of background around images.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Border {
    /// How many pixels wide it is on each side.
    pub width: usize,
    /// Whether the author says so; else it is what makes images as large as the input.
    pub stated: bool,
}

/// What a decoder finds.
#[derive(Debug)]
struct Decoded {
    graph: Graph,
    shape: Vec<Option<usize>>,
    interpretation: Interpretation,
}

/// How its output is to be understood.
#[derive(Debug, Clone, Default)]
struct Interpretation {
    /// The classes in the order of their scores, if the file names them.
    classes: Option<Vec<i64>>,
    /// Whether the file has other outputs that may be meant.
    one_of_several: bool,
}

impl Network {
    /// Decodes the file at `path`; `notes` is the layer list or the settings beside it, with its path.
    pub fn decode(path: &str, bytes: &[u8], notes: Option<(&str, &[u8])>) -> Result<Self, Diagnostic> {
        Self::decode_with(path, bytes, notes, &Files::new())
    }

    /// The same, with the `files` beside it that [`files_beside`] names.
    pub fn decode_with(path: &str, bytes: &[u8], notes: Option<(&str, &[u8])>, files: &Files) -> Result<Self, Diagnostic> {
        let settings = notes.map(|(path, bytes)| layers::Settings::read(path, bytes)).transpose()?;
        let read = || {
            let mut decoded = decoded(path, bytes, settings.as_ref(), files)?;
            decoded.graph = decoded.graph.folded(&mut Budget::new(limits::NETWORK_WORK / 40))?;
            Ok(decoded)
        };
        let decoded = guarded(read).map_err(|refusal| diagnostic(path, refusal))?;
        let (presentation, border) = settings.map_or((None, None), |settings| (settings.presentation, settings.border));
        Ok(Self { path: path.to_owned(), graph: decoded.graph, shape: decoded.shape, interpretation: decoded.interpretation, presentation, border })
    }

    /// The file.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// How many numbers it has learnt: weights, biases, and the factors of normalisations.
    pub fn parameters(&self) -> usize {
        self.graph.parameters
    }

    /// The names of the operators in it, each once.
    pub fn operators(&self) -> &[String] {
        &self.graph.operators
    }

    /// Whether its file has several outputs with scores, of which the first is read.
    pub fn has_other_outputs(&self) -> bool {
        self.interpretation.one_of_several
    }

    /// Whether the answer for one example hangs on those that go in with it: after a softmax over the examples, or where scales are taken from
    /// all that go in, as `quantize_dynamic` does.
    pub fn hangs_on_the_batch(&self, examples: &Examples<'_>, presentation: &Presentation) -> bool {
        let compared = guarded(|| {
            let count = examples.count().min(COMPARED);
            let stage = self.staged(examples, presentation, count)?;
            let mut budget = Budget::new(limits::NETWORK_WORK);
            let (mut together, mut alone) = (Collected::default(), Collected::default());
            self.batch(&stage, 0, count, &mut together, &mut budget)?;
            (0..count).try_for_each(|i| self.batch(&stage, i, 1, &mut alone, &mut budget))?;
            let differ = |a: f32, b: f32| (a - b).abs() > COMPARED_TOLERANCE * a.abs().max(b.abs()).max(1e-3);
            let scores = together.scores.iter().zip(&alone.scores).any(|(a, b)| differ(*a, *b));
            Ok(stage.fixed.is_none() && (scores || together.classes != alone.classes))
        });
        compared.unwrap_or(false)
    }

    /// How its author says that inputs are presented to it.
    pub fn presentation(&self) -> Option<&Presentation> {
        self.presentation.as_ref()
    }

    /// How wide a border of background is put around images for it.
    pub fn border(&self, examples: &Examples<'_>) -> Border {
        match self.border {
            Some(width) => Border { width, stated: true },
            None => Border { width: self.placed(examples).map_or(0, |placed| placed.place.border), stated: false },
        }
    }

    /// The shape of its input in words: `n×1×28×28`.
    pub fn input_shape(&self) -> String {
        if self.shape.is_empty() {
            return "unstated".to_owned();
        }
        let side = |(i, side): (usize, &Option<usize>)| side.map_or_else(|| if i == 0 { "n" } else { "?" }.to_owned(), |side| side.to_string());
        self.shape.iter().enumerate().map(side).collect::<Vec<_>>().join("×")
    }

    /// What it says of all `examples`, presented so.
    pub fn run(&self, examples: &Examples<'_>, presentation: &Presentation) -> Result<Answers, Diagnostic> {
        guarded(|| self.answers(examples, presentation, examples.count())).map_err(|refusal| diagnostic(&self.path, refusal))
    }

    /// How many operations it takes for all `examples`, presented so.
    pub fn work(&self, examples: &Examples<'_>, presentation: &Presentation) -> Result<u64, Diagnostic> {
        let count = examples.count();
        guarded(|| self.staged(examples, presentation, count).and_then(|stage| self.work_of_one(&stage)))
            .map(|each| each.saturating_mul(count as u64))
            .map_err(|refusal| diagnostic(&self.path, refusal))
    }

    /// Whether it runs at all: on the first few examples.
    pub fn try_out(&self, examples: &Examples<'_>, presentation: &Presentation) -> Result<(), Diagnostic> {
        guarded(|| self.answers(examples, presentation, examples.count().min(3))).map(|_| ()).map_err(|refusal| diagnostic(&self.path, refusal))
    }

    fn answers(&self, examples: &Examples<'_>, presentation: &Presentation, count: usize) -> Outcome<Answers> {
        if count == 0 {
            return Err(refuse("there are no examples to run it on"));
        }
        let stage = self.staged(examples, presentation, count)?;
        let fixed = stage.fixed;
        let each = self.work_of_one(&stage)?;
        if each.saturating_mul(count as u64) > limits::NETWORK_WORK {
            let most = limits::NETWORK_WORK / count as u64;
            let message =
                format!("it takes about {} million operations for each example; {} are the most for {count} of them", each / 1_000_000, most / 1_000_000);
            return Err(too_large(message).help("hand in a smaller network, or predictions instead"));
        }
        let mut last = refuse("it is not run");
        for batch in fixed.map_or(BATCHES.to_vec(), |fixed| vec![fixed]) {
            let mut budget = Budget::new(limits::NETWORK_WORK);
            let mut collected = Collected::default();
            match (0..count).step_by(batch).try_for_each(|start| self.batch(&stage, start, batch, &mut collected, &mut budget)) {
                Ok(()) => return collected.answers(self.interpretation.classes.clone(), self.graph.ends_in_sigmoid()),
                Err(refusal) => last = refusal,
            }
        }
        Err(last)
    }

    fn staged<'e>(&self, examples: &'e Examples<'_>, presentation: &'e Presentation, count: usize) -> Outcome<Stage<'e>> {
        let Placed { fixed, shape, place } = self.placed(examples)?;
        Ok(Stage { fixed, shape, count, prepared: presentation.prepare(examples, place)? })
    }

    /// The operations for one example: one, or as many as it takes at once, tell what all of them will cost.
    fn work_of_one(&self, stage: &Stage<'_>) -> Outcome<u64> {
        let mut budget = Budget::new(limits::NETWORK_WORK);
        let probe = stage.fixed.unwrap_or(1);
        let mut first = Collected::default();
        self.batch(stage, 0, probe, &mut first, &mut budget)?;
        first.fits(stage.count)?;
        Ok(budget.work() / probe as u64)
    }

    /// Runs the examples from `start` on, at most `batch` of them.
    fn batch(&self, stage: &Stage<'_>, start: usize, batch: usize, collected: &mut Collected, budget: &mut Budget) -> Outcome<()> {
        let wanted = batch.min(stage.count - start);
        // A network of a fixed batch size gets the last example again and again to fill up.
        let given = if stage.fixed.is_some() { batch } else { wanted };
        let shape = match stage.fixed {
            Some(_) if self.shape.len() == stage.shape.len() => stage.shape.clone(),
            _ => std::iter::once(given).chain(stage.shape.iter().copied()).collect(),
        };
        let mut values = Vec::with_capacity(budget.claim(&shape)?);
        for place in start..start + given {
            stage.prepared.example(place.min(stage.count - 1), &mut values);
        }
        let (output, labels) = self.graph.run(Tensor::floats(shape, values)?, budget).map_err(|refusal| of_fixed(stage.fixed, refusal))?;
        if let Some(labels) = labels {
            collected.labels.extend(labels.as_ints()?.iter().take(wanted));
        }
        collected.add(&output, given, wanted)
    }
}

/// What all batches of a run have in common.
#[derive(Debug)]
struct Stage<'e> {
    /// How many examples go in at once, if the file says so.
    fixed: Option<usize>,
    /// The shape of one example.
    shape: Vec<usize>,
    /// How many examples there are; at least one.
    count: usize,
    prepared: presentation::Prepared<'e>,
}

/// Outputs, batch by batch.
#[derive(Debug, Default)]
struct Collected {
    width: Option<usize>,
    scores: Vec<f32>,
    classes: Vec<i64>,
    /// The labels beside the scores, if they are their own.
    labels: Vec<i64>,
}

impl Collected {
    /// Adds the first `wanted` rows of an output for `given` examples.
    fn add(&mut self, output: &Tensor, given: usize, wanted: usize) -> Outcome<()> {
        let width = match output.shape() {
            [first, rest @ ..] if *first == given => count(rest),
            _ if given == 1 => Some(output.len()),
            _ => None,
        };
        let width = width.filter(|&width| width > 0 && *self.width.get_or_insert(width) == width);
        let width =
            width.ok_or_else(|| refuse(format!("its output is {} for {given} examples; expected one row of scores for each", shown(output.shape()))))?;
        match output.values() {
            Values::Float(values) => self.scores.extend_from_slice(&values[..width * wanted]),
            Values::Int(values) if width == 1 => self.classes.extend_from_slice(&values[..wanted]),
            Values::Int(_) => return Err(refuse("its output is several whole numbers for each example")),
        }
        Ok(())
    }

    /// Whether the scores of `count` examples can be held.
    fn fits(&self, count: usize) -> Outcome<()> {
        let width = self.width.unwrap_or(1);
        if width.saturating_mul(count) <= limits::NETWORK_LIVE {
            Ok(())
        } else {
            Err(too_large(format!("its output of {width} numbers for each example is too large")))
        }
    }

    fn answers(self, classes: Option<Vec<i64>>, sigmoid: bool) -> Outcome<Answers> {
        let rows = self.scores.chunks_exact(self.width.unwrap_or(1));
        let (all, bad) = (rows.len(), rows.filter(|row| row.iter().any(|score| score.is_nan())).count());
        if bad > 0 {
            let help = "its weights may hold NaN, or its inputs may be too large for them: look at its outputs before you export it";
            return Err(refuse(format!("the network gives NaN for {bad} of {all} examples")).help(help));
        }
        match self.width {
            Some(_) if !self.classes.is_empty() => Ok(Answers::Classes(self.classes)),
            Some(width) if classes.as_ref().is_none_or(|classes| classes.len() == width) => {
                let labels = Some(self.labels).filter(|labels| labels.len() == all);
                Ok(Answers::Scores { width, values: self.scores, classes, sigmoid, labels })
            }
            _ => Err(refuse("the network names other classes than it has scores for")),
        }
    }
}

/// A refusal for size, of a network that takes many examples at once: that is why, and not the network's own size.
fn of_fixed(fixed: Option<usize>, refusal: Refusal) -> Refusal {
    match fixed {
        Some(count) if count > 1 && refusal.too_large => {
            too_large(format!("it was exported for {count} examples at once: {}", refusal.message)).help(placing::ANY_NUMBER)
        }
        _ => refusal,
    }
}

/// `work`, whose panics are refusals: a file that finds a mistake of ours costs its own item and no more.
fn guarded<T>(work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(refuse("the network could not be run").help("hand in its predictions instead, and tell the course")))
}

/// What makes a network of the bytes of a file.
type Decoder = fn(&[u8]) -> Outcome<Decoded>;

/// What decodes `bytes`, if they are of a format that says everything itself and no other.
fn self_contained(bytes: &[u8]) -> Option<Decoder> {
    boosted::decoder(bytes).or_else(|| keras::decoder(bytes))
}

/// The network in `bytes`, whatever format they have.
fn decoded(path: &str, bytes: &[u8], settings: Option<&layers::Settings>, files: &Files) -> Outcome<Decoded> {
    if let Some(decode) = self_contained(bytes) {
        return decode(bytes);
    }
    let wanted = settings.and_then(|settings| settings.weights.as_deref());
    match (weights_in(path, bytes, wanted)?, settings.filter(|settings| settings.lists_layers())) {
        (None, _) => onnx::decode(bytes, files),
        (Some(tensors), Some(settings)) => layers::build(&tensors, settings),
        (Some(tensors), None) => {
            let what = if path.to_ascii_lowercase().ends_with(".safetensors") { "safetensors hold" } else { "it holds" };
            let message = format!("{what} weights only: a list of layers has to say what is done with them");
            Err(refuse(message).help(layers::suggestion(path, &tensors)))
        }
    }
}

/// The weights in `bytes` by name, if the file holds no more than these. What it is, its content tells before its name.
fn weights_in(path: &str, bytes: &[u8], wanted: Option<&str>) -> Outcome<Option<BTreeMap<String, Tensor>>> {
    if let Some(tensors) = torch::read(bytes, wanted) {
        return tensors.map(Some);
    }
    if let Some(refusal) = refused::by_content(bytes) {
        return Err(refusal);
    }
    let ends = |ending: &str| path.to_ascii_lowercase().ends_with(&format!(".{ending}"));
    match bytes {
        _ if ends("safetensors") => weights::read(bytes).map(Some),
        _ if BOOSTED_ENDINGS.iter().any(|ending| ends(ending)) => Err(refused::no_boosted()),
        _ if !torch_endings().iter().any(|ending| ends(ending)) => Ok(None),
        [_, _, _, _, _, _, _, _, b'{', ..] => weights::read(bytes).map(Some),
        // An ONNX file begins with its version.
        [8, 1..=30, ..] => Ok(None),
        _ => Err(refused::unknown()),
    }
}

fn diagnostic(path: &str, refusal: Refusal) -> Diagnostic {
    let code = if refusal.too_large { Code::TooLarge } else { Code::BadNetwork };
    let file = path.rsplit_once('/').map_or(path, |(_, file)| file);
    let name = file.split_once('.').map_or(file, |(name, _)| name);
    let help = refusal.help.map(|help| help.replace("networks/NAME", &format!("networks/{name}")));
    Diagnostic::error(code, refusal.message).in_file(path).help(help)
}

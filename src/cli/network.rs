//! `mlgrade network`: what is read of a network's file.

use std::path::{Path, PathBuf};

use anyhow::Result;
use serde::Serialize;

use super::Exit;
use super::say::{put, raw, say};
use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::limits;
use crate::domain::text::plain;
use crate::evidence::source::Source;
use crate::network::{Files, Network, Weights, files_beside, lists_layers};
use crate::report::json;

/// Print what is read of a network's file: what it takes in, its layers or weights, and a list of layers to start from.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "A file of weights, such as `torch.save(model.state_dict(), path)` writes, needs a list of layers beside it: NAME.toml. Where names and\n\
shapes leave one plain reading, a list is proposed. Read it over, for activations and pooling are not in the weights.\n\n\
Examples:\n  mlgrade network networks/improved.onnx\n  mlgrade network networks/improved.pt --draft > networks/improved.toml\n\n\
The exit code is 0 if the file is read, and 2 if not, or if there is no draft."
)]
pub(super) struct Args {
    /// The network: ONNX, Keras, safetensors, PyTorch's, or a model of boosted trees
    file: PathBuf,
    /// Print a list of layers for the weights, and nothing else
    #[arg(long)]
    draft: bool,
    /// Print JSON instead
    #[arg(long, conflicts_with = "draft")]
    json: bool,
}

/// What `--json` prints.
#[derive(Debug, Default, Serialize)]
struct Printed {
    file: String,
    /// Whether it can be run as it is, with the list of layers beside it if there is one.
    runs: bool,
    input: Option<String>,
    parameters: Option<usize>,
    operators: Vec<String>,
    arrays: Vec<Array>,
    draft: Option<String>,
}

#[derive(Debug, Serialize)]
struct Array {
    name: String,
    shape: Vec<usize>,
}

pub(super) fn run(args: &Args) -> Result<Exit> {
    let path = args.file.display().to_string();
    let bytes = bytes(&args.file, &path, limits::NETWORK_BYTES)?;
    let weights = Weights::read(&path, &bytes)?;
    let draft = weights.as_ref().and_then(Weights::draft);
    if args.draft {
        let draft = draft.ok_or_else(|| {
            let message = if weights.is_some() { "names and shapes leave no plain reading" } else { "it needs no list of layers" };
            Diagnostic::error(Code::BadNetwork, message).in_file(&path)
        })?;
        raw!("{draft}");
        return Ok(Exit::Fine);
    }
    let notes_path = args.file.with_extension("toml");
    let notes = notes_path.exists().then(|| bytes_of_notes(&notes_path)).transpose()?;
    let listed = notes.as_ref().is_some_and(|(path, bytes)| lists_layers(path, bytes));
    let printed = if let (Some(weights), false) = (&weights, listed) {
        let arrays = weights.arrays.iter().map(|(name, shape)| Array { name: name.clone(), shape: shape.clone() }).collect();
        Printed { arrays, draft, file: path, ..Printed::default() }
    } else {
        let notes = notes.as_ref().map(|(path, bytes)| (path.as_str(), bytes.as_slice()));
        let network = Network::decode_with(&path, &bytes, notes, &beside(&args.file, &path, &bytes)?)?;
        Printed {
            runs: true,
            input: Some(network.input_shape()),
            parameters: Some(network.parameters()),
            operators: network.operators().to_vec(),
            file: path,
            ..Printed::default()
        }
    };
    if args.json {
        raw!("{}", json::json(&printed)?);
    } else {
        show(&printed, &notes_path);
    }
    Ok(Exit::Fine)
}

fn bytes_of_notes(path: &Path) -> Result<(String, Vec<u8>)> {
    let name = path.display().to_string();
    let bytes = bytes(path, &name, limits::TEXT_BYTES)?;
    Ok((name, bytes))
}

fn bytes(path: &Path, name: &str, limit: u64) -> Result<Vec<u8>> {
    if !path.exists() {
        return Err(Diagnostic::error(Code::NotReadable, "there is no such file").in_file(name).into());
    }
    Ok(Source::Disk(path.to_path_buf()).read(name, limit).map_err(|absent| absent.diagnostic().clone())?)
}

/// The files beside the network that it keeps its weights in.
fn beside(file: &Path, path: &str, bytes: &[u8]) -> Result<Files> {
    let folder = file.parent().unwrap_or(Path::new(""));
    let mut files = Files::new();
    for location in files_beside(path, bytes) {
        let place = folder.join(&location);
        if place.exists() {
            let bytes = self::bytes(&place, &place.display().to_string(), limits::NETWORK_BYTES)?;
            files.insert(location, bytes);
        }
    }
    Ok(files)
}

fn show(printed: &Printed, notes: &Path) {
    say!("{}", plain(&printed.file));
    if printed.runs {
        say!("  input       {}", printed.input.as_deref().unwrap_or("unstated"));
        say!("  parameters  {}", printed.parameters.unwrap_or(0));
        say!("  operators   {}", printed.operators.join(", "));
        return;
    }
    say!("  weights only: {} arrays", printed.arrays.len());
    let width = printed.arrays.iter().map(|array| array.name.chars().count()).max().unwrap_or(0).min(60);
    for array in &printed.arrays {
        let name: String = plain(&array.name).chars().take(60).collect();
        let shape = array.shape.iter().map(ToString::to_string).collect::<Vec<_>>().join("×");
        say!("    {}", format!("{name:width$}  {shape}").trim_end());
    }
    let notes = notes.display();
    match &printed.draft {
        Some(draft) => {
            say!("\nA list of layers says what is done with them. Write this into {notes} and read it over:\n");
            put!("{draft}");
        }
        None => say!("\nA list of layers has to say what is done with them, in {notes}; docs/networks.md shows one. Names and shapes leave no plain reading."),
    }
}

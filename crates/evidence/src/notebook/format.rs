//! From the bytes of an `.ipynb` file to a [`Notebook`], nbformat 4.0 to 4.5.

use serde::Deserialize;
use serde_json::value::RawValue;

use mlgrade_domain::diagnostic::{Code, Diagnostic};
use mlgrade_domain::limits;

use super::json::{Items, Object, text};
use super::{Cell, Kind, Notebook, Output, Picture, charts, terminal};
use mlgrade_domain::json::quote_non_numbers;

/// What is wrong, and what to do.
type Fault = (String, Option<String>);

const SAVE_AGAIN: &str = "open it in Jupyter and save it again, or download it again as .ipynb";

fn fault(message: impl Into<String>) -> Fault {
    (message.into(), Some(SAVE_AGAIN.to_owned()))
}

/// Reads a notebook.
pub(super) fn read(path: &str, bytes: &[u8]) -> Result<Notebook, Fault> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(fault("the notebook is empty"));
    }
    let source = std::str::from_utf8(bytes).map_err(|error| fault(format!("byte {} of the notebook is not UTF-8 text", error.valid_up_to())))?;
    let source = source.trim_start_matches('\u{feff}').trim_start();
    let mut notes = Vec::new();
    let begin = source.find('{').filter(|&begin| begin <= 1_000);
    let Some(begin) = begin.filter(|_| !source.starts_with(['<', '['])) else {
        let what = if source.starts_with('<') { "this is a web page, not the notebook itself" } else { "this is no notebook: it is not JSON with cells" };
        return Err(fault(what));
    };
    let json = quote_non_numbers(&source[begin..]);
    // What stands behind the notebook is passed over, as what stands before it.
    let mut deserializer = serde_json::Deserializer::from_str(&json);
    let root = <&RawValue>::deserialize(&mut deserializer).map_err(|error| damaged(source, &error))?;
    if begin > 0 {
        let message = format!("{} characters before the notebook's `{{` were passed over", source[..begin].chars().count());
        notes.push(Diagnostic::warning(Code::PassedOver, message).in_file(path));
    }
    let rest = json[root.get().len()..].trim();
    if !rest.is_empty() {
        notes.push(Diagnostic::warning(Code::PassedOver, format!("{} characters behind the notebook were passed over", rest.chars().count())).in_file(path));
    }
    notebook(path, &Object::of(root), notes)
}

fn damaged(source: &str, error: &serde_json::Error) -> Fault {
    if source.contains("\n<<<<<<< ") {
        return fault("the notebook holds the marks of a merge that git could not finish");
    }
    fault(if error.is_eof() { "the notebook is cut off".to_owned() } else { format!("the notebook's JSON is damaged: {error}") })
}

fn notebook(path: &str, root: &Object<'_>, mut notes: Vec<Diagnostic>) -> Result<Notebook, Fault> {
    let major = root.get("nbformat").and_then(|raw| raw.get().parse::<f64>().ok());
    if root.get("worksheets").is_some() && root.get("cells").is_none() || major.is_some_and(|major| major < 4.0) {
        let help = format!("convert it: jupyter nbconvert --to notebook --inplace {path}");
        return Err((format!("the notebook has format {}, and 4 is read", major.unwrap_or(3.0)), Some(help)));
    }
    if let Some(major) = major.filter(|major| *major >= 5.0) {
        return Err(fault(format!("the notebook has format {major}, and 4 is read")));
    }
    let cells = root.get("cells").ok_or_else(|| fault("this is no notebook: it has no cells"))?;
    let cells: Items<'_, { limits::NOTEBOOK_CELLS }> = serde_json::from_str(cells.get()).map_err(|_| fault("the notebook's cells are no list"))?;
    if cells.all > cells.items.len() {
        return Err((format!("the notebook has {} cells, more than the {} that are read", cells.all, limits::NOTEBOOK_CELLS), None));
    }
    let mut read = Vec::with_capacity(cells.items.len());
    for (i, raw) in cells.items.into_iter().enumerate() {
        let number = i + 1;
        read.push(cell(number, &Object::of(raw)).unwrap_or_else(|| {
            notes.push(Diagnostic::warning(Code::PassedOver, format!("cell {number} is damaged and was passed over")).in_file(path));
            Cell { number, tags: Vec::new(), source: String::new(), kind: Kind::Other }
        }));
    }
    let metadata = root.inner("metadata");
    let language = metadata.inner("language_info");
    let kernel = metadata.inner("kernelspec").text("display_name").or_else(|| language.text("name"));
    let kernel = kernel.map(|name| [name, language.text("version").unwrap_or_default()].join(" ").trim().to_owned());
    let kernel = kernel.map(|name| name.chars().filter(|c| !c.is_control()).take(80).collect());
    Ok(Notebook { path: path.to_owned(), kernel, cells: read, notes })
}

fn cell(number: usize, cell: &Object<'_>) -> Option<Cell> {
    let source = cell.text("source")?;
    let tags = cell.inner("metadata").get("tags").and_then(|tags| serde_json::from_str::<Items<'_, 100>>(tags.get()).ok());
    let tags = tags.map(|tags| tags.items.into_iter().filter_map(text).collect()).unwrap_or_default();
    let kind = match cell.text("cell_type")?.as_str() {
        "markdown" => Kind::Markdown,
        "code" => {
            let count = cell.get("execution_count").and_then(|raw| raw.get().parse().ok());
            Kind::Code { count, outputs: cell.get("outputs").map(outputs).unwrap_or_default() }
        }
        _ => Kind::Other,
    };
    Some(Cell { number, tags, source, kind })
}

fn outputs(raw: &RawValue) -> Vec<Output> {
    let Ok(list) = serde_json::from_str::<Items<'_, { limits::CELL_OUTPUTS }>>(raw.get()) else { return Vec::new() };
    let mut outputs: Vec<Output> = Vec::new();
    let mut size = 0;
    for raw in &list.items {
        let Some(next) = output(&Object::of(raw)) else { continue };
        size += match &next {
            Output::Printed(text) | Output::Logged(text) | Output::Shown { text: Some(text), picture: None, .. } => text.len(),
            _ => 0,
        };
        if size > limits::CELL_TEXT {
            outputs.push(Output::TooLarge(format!("it prints more than the {} MiB that are read", limits::CELL_TEXT >> 20)));
            break;
        }
        // What is printed in one go is often saved in pieces, and a line may go over several of them. Each stream is one text, whatever
        // the other one says in between.
        let streams = outputs.iter_mut().rev().take_while(|output| matches!(output, Output::Printed(_) | Output::Logged(_)));
        let mut rest = Some(next);
        for output in streams {
            match (output, rest.take()) {
                (Output::Printed(before), Some(Output::Printed(text))) | (Output::Logged(before), Some(Output::Logged(text))) => {
                    before.push_str(&text);
                    break;
                }
                (_, other) => rest = other,
            }
        }
        outputs.extend(rest);
    }
    if list.all > list.items.len() {
        outputs.push(Output::TooLarge(format!("it has {} outputs, more than the {} that are read", list.all, limits::CELL_OUTPUTS)));
    }
    for output in &mut outputs {
        if let Output::Printed(text) | Output::Logged(text) = output {
            *text = terminal::plain(text);
        }
    }
    outputs
}

fn output(output: &Object<'_>) -> Option<Output> {
    match output.text("output_type")?.as_str() {
        "stream" => {
            let text = output.text("text")?;
            Some(if output.text("name").as_deref() == Some("stderr") { Output::Logged(text) } else { Output::Printed(text) })
        }
        "execute_result" | "display_data" | "update_display_data" => {
            let data = output.inner("data");
            Some(shown(&data))
        }
        "error" => {
            let line = |key| terminal::plain(&output.text(key).unwrap_or_default()).lines().next().unwrap_or_default().chars().take(200).collect::<String>();
            Some(Output::Error { name: line("ename"), message: line("evalue") })
        }
        _ => None,
    }
}

/// A value or a display. Where the plain text only names the object, what it says counts.
fn shown(data: &Object<'_>) -> Output {
    let text = data.text("text/plain").map(|text| terminal::plain(&text));
    let is_name = text.as_ref().is_none_or(|text| text.starts_with('<') && text.ends_with('>') && !text.contains('\n'));
    let text = if is_name { data.text("text/markdown").or(text) } else { text };
    let picture = picture(data);
    let html = data.text("text/html").filter(|html| picture.is_none() && html.len() <= limits::CELL_TEXT);
    Output::Shown { text, picture, html }
}

/// The picture in an output's data: its numbers if it has them, else its lines, else its pixels.
fn picture(data: &Object<'_>) -> Option<Picture> {
    let chart = ["application/vnd.plotly.v", "application/vnd.vegalite.v", "application/vnd.vega.v"].iter().find_map(|mime| data.beginning(mime));
    let chart = chart.map(|raw| raw.get().to_owned()).or_else(|| data.text("text/html").and_then(|html| charts::in_page(&html)));
    let chart = chart.or_else(|| data.text("image/svg+xml")).map(Picture::Text);
    chart.or_else(|| ["image/png", "image/jpeg"].iter().find_map(|mime| data.text(mime)).map(Picture::Base64))
}

//! Any notebook gives evidence or a message, and its pictures decode or not. What is no JSON becomes the source and output of one cell.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mlgrade::submission::Submission;

fuzz_target!(|bytes: &[u8]| {
    let whole = bytes.to_vec();
    let cell = || {
        let text = String::from_utf8_lossy(bytes);
        let (source, output) = text.split_once('\u{0}').unwrap_or(("# mlgrade: a, metrics, predictions/a", &text));
        let quote = |text: &str| format!("{text:?}").replace("\\u{", "\\\\u{").replace("\\'", "'");
        let (source, output) = (quote(source), quote(output));
        let outputs = format!("[{{\"output_type\": \"stream\", \"name\": \"stdout\", \"text\": {output}}}]");
        let code = format!("{{\"cell_type\": \"code\", \"source\": {source}, \"outputs\": {outputs}}}");
        let text = format!("{{\"cell_type\": \"markdown\", \"source\": {output}}}");
        format!("{{\"nbformat\": 4, \"cells\": [{code}, {text}, {code}]}}").into_bytes()
    };
    let bytes = if whole.starts_with(b"{") { whole } else { cell() };
    let bag = Submission::of_files("fuzz", [("a.ipynb".to_owned(), bytes)]).bag;
    for name in ["a", "b", "metrics", "a.val_loss"] {
        let _ = (bag.number(name), bag.series(name), bag.texts(name), bag.rule(name), bag.figure(name), bag.predictions(name));
    }
    let _ = bag.notes(["a", "b"]);
});

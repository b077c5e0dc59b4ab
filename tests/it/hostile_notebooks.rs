//! Whatever a notebook holds, what it was to state gets a message that says why, and nothing else is lost.

use mlgrade::domain::verdict::VerdictLabel as V;
use mlgrade::evidence::bag::Bag;
use mlgrade::evidence::notebook::{Notebook, Requirement};
use mlgrade::submission::Submission;
use proptest::prelude::*;

use crate::common::{Folder, item};
use crate::hostile_files::png;
use crate::notebooks::{fixture, notebook};

fn bag(bytes: impl Into<Vec<u8>>) -> Bag {
    Submission::of_files("s", [("hw.ipynb".to_owned(), bytes.into())]).bag
}

fn fault(bytes: impl Into<Vec<u8>>) -> String {
    bag(bytes).number("e").map(|stated| stated.number.to_string()).map_err(|absent| absent.diagnostic().to_string()).unwrap_err()
}

fn value(bytes: impl Into<Vec<u8>>) -> String {
    bag(bytes).number("e").map(|stated| stated.number.to_string()).map_err(|absent| absent.diagnostic().to_string()).unwrap()
}

fn good() -> String {
    notebook(&[("py", "# mlgrade: e\nprint(e)", "0.5")])
}

#[test]
fn a_damaged_file_says_how_it_is_damaged() {
    let good = good();
    let nested = format!("{{\"cells\": {}{}, \"nbformat\": 4}}", "[".repeat(200_000), "]".repeat(200_000));
    let many = format!("{{\"nbformat\": 4, \"cells\": [{}{{}}]}}", "{},".repeat(1_000_000));
    for (bytes, reason) in [
        (Vec::new(), "the notebook is empty"),
        (b"  \n".to_vec(), "the notebook is empty"),
        (good.as_bytes()[..good.len() / 2].to_vec(), "the notebook is cut off"),
        (b"\x89PNG\r\n\x1a\n\0\xff".to_vec(), "is not UTF-8 text"),
        (b"<!DOCTYPE html><html><script>var x = {}</script></html>".to_vec(), "this is a web page, not the notebook itself"),
        (b"print('hello')".to_vec(), "this is no notebook: it is not JSON with cells"),
        (b"[1, 2, {}]".to_vec(), "this is no notebook"),
        (b"{\"a\": 1}".to_vec(), "it has no cells"),
        (b"{\"cells\": 3, \"nbformat\": 4}".to_vec(), "the notebook's cells are no list"),
        (b"{\"cells\": [], \"nbformat\": 5}".to_vec(), "the notebook has format 5, and 4 is read"),
        (b"{\"worksheets\": [], \"nbformat\": 3}".to_vec(), "jupyter nbconvert --to notebook --inplace hw.ipynb"),
        (b"{\"worksheets\": []}".to_vec(), "the notebook has format 3"),
        (b"{\"cells\": [,]}".to_vec(), "the notebook's JSON is damaged"),
        (good.replace("\"metadata\"", "\n<<<<<<< HEAD\n\"metadata\"").into_bytes(), "a merge that git could not finish"),
        (nested.into_bytes(), "`e`: not found in hw.ipynb"),
        (many.into_bytes(), "the notebook has 1000001 cells, more than the 5000 that are read"),
        (vec![b' '; (64 << 20) + 1], "larger than the 64 MiB"),
    ] {
        let told = fault(bytes);
        assert!(told.contains("hw.ipynb") && told.contains(reason), "{told}");
    }
}

#[test]
fn what_stands_around_the_notebook_is_passed_over_with_a_note() {
    let good = good();
    assert_eq!(value(format!("\u{feff}{good}")), "0.5");
    for (text, note) in [(format!("sdf\n{good}"), "4 characters before the notebook's `{`"), (format!("{good}\n}}x"), "2 characters behind the notebook")] {
        let bag = bag(text);
        assert!(bag.number("e").is_ok());
        let notes: Vec<String> = bag.notes([]).iter().map(ToString::to_string).collect();
        assert!(notes[0].contains(note), "{notes:?}");
    }
}

#[test]
fn wrong_types_cost_what_they_stand_for_and_nothing_else() {
    let odd = [
        "null",
        "3",
        "\"x\"",
        "[]",
        "{}",
        "true",
        "NaN",
        "1e999",
        "[[[]]]",
        "{\"cell_type\": 5}",
        "{\"cell_type\": \"code\"}",
        "{\"cell_type\": \"code\", \"source\": {}}",
        "{\"cell_type\": \"code\", \"source\": [1, null, \"x\"], \"outputs\": {}}",
        "{\"cell_type\": \"code\", \"source\": \"x\", \"outputs\": [1, null, [], {}, {\"output_type\": []}]}",
        "{\"cell_type\": \"code\", \"source\": \"x\", \"execution_count\": \"3\", \"metadata\": [], \"outputs\": null}",
        "{\"cell_type\": \"code\", \"source\": \"x\", \"metadata\": {\"tags\": \"mlgrade:e\"}, \"outputs\": [{\"output_type\": \"stream\", \"text\": 3}]}",
        "{\"cell_type\": \"code\", \"source\": \"# mlgrade: figures/f\", \"outputs\": [{\"output_type\": \"display_data\", \"data\": {\"image/png\": 3}}]}",
        "{\"cell_type\": \"code\", \"source\": \"x\", \"outputs\": [{\"output_type\": \"error\", \"ename\": [], \"evalue\": {}}]}",
        "{\"cell_type\": \"markdown\", \"source\": \"# mlgrade\\n<!-- mlgrade: -->\\n<!-- mlgrade\"}",
        "{\"cell_type\": \"raw\", \"source\": \"x\"}",
        "{\"cell_type\": \"code\", \"source\": \"\\ud83d\", \"outputs\": []}",
    ];
    let own = "{\"cell_type\": \"code\", \"execution_count\": 1, \"metadata\": {}, \"source\": [\"# mlgrade: e\\n\", \"e\"], \"outputs\": [{\"output_type\": \"stream\", \"name\": \"stdout\", \"text\": [\"0.5\"]}]}";
    let all = format!("{{\"metadata\": [], \"cells\": [{}, {own}]}}", odd.join(", "));
    assert_eq!(value(all.clone()), "0.5");
    let notebook = Notebook::read("hw.ipynb", all.as_bytes()).unwrap();
    assert_eq!(notebook.cells.len(), odd.len() + 1);
    assert!(notebook.notes.iter().any(|note| note.message == "cell 1 is damaged and was passed over"));
    for requirement in [Requirement::InOrder, Requirement::NoErrors, Requirement::Outputs] {
        let _ = notebook.keeps(requirement);
    }
}

#[test]
fn huge_outputs_and_values_are_told() {
    let print = |text: String| notebook(&[("py", "# mlgrade: e\n", &text)]);
    let outputs = format!("[{}1]", "{\"output_type\": \"stream\", \"name\": \"stderr\", \"text\": \"x\"},".repeat(3_000));
    let many = print("0.5".to_owned()).replace("[{\"name\":\"stdout\",\"output_type\":\"stream\",\"text\":\"0.5\"}]", &outputs);
    let metrics = |text: String| notebook(&[("py", "# mlgrade: metrics\n", &text)]);
    for (text, reason) in [
        (print("0.5 ".repeat(2 << 20)), "it prints more than the 4 MiB that are read"),
        (print("0.5 ".repeat(1 << 19)), "it holds many numbers: 0.5, 0.5, 0.5, 0.5, …"),
        (many, "it has 3001 outputs, more than the 2000 that are read"),
        (metrics((0..20_000).map(|i| format!("a{i} = {i}")).collect::<Vec<_>>().join("\n")), "it holds more than the 10000 names that are read"),
        (metrics("{'a': ".repeat(100_000)), "no names with values were found"),
        (metrics("[".repeat(1_000_000)), "no names with values were found"),
        (metrics("{".repeat(200_000)), "no names with values were found"),
        (metrics("{\n".repeat(20_000)), "no names with values were found"),
        (print("(".repeat(1_000_000)), "it holds no number"),
        (print("\r0.5".repeat(1_000_000)), "hw.ipynb"),
        (print("\u{8}".repeat(1_000_000)), "the cell of `e` has no output"),
    ] {
        let told = bag(text).number("e").map(|stated| stated.path).map_err(|absent| absent.diagnostic().to_string());
        assert!(told.clone().unwrap_or_else(|told| told).contains(reason), "{told:?}");
    }
}

#[test]
fn a_picture_that_is_none_costs_its_item_alone() {
    let cell = |data: &str| {
        let output = format!("{{\"output_type\": \"display_data\", \"metadata\": {{}}, \"data\": {data}}}");
        format!("{{\"nbformat\": 4, \"cells\": [{{\"cell_type\": \"code\", \"source\": \"# mlgrade: figures/trees\", \"outputs\": [{output}]}}]}}")
    };
    let base64 = |bytes: &[u8]| base64::Engine::encode(&base64::engine::general_purpose::STANDARD, bytes);
    let lines = |text: String| text.as_bytes().chunks(76).map(|line| format!("\"{}\\n\"", String::from_utf8_lossy(line))).collect::<Vec<_>>().join(", ");
    let fine = png(640, 480, false);
    for (data, verdict, reason) in [
        (format!("{{\"image/png\": [{}]}}", lines(base64(&fine))), V::Pass, "640×480 pixels"),
        (format!("{{\"image/png\": \"{}\"}}", base64(&fine).trim_end_matches('=')), V::Pass, "640×480 pixels"),
        (format!("{{\"image/png\": \"{}\"}}", base64(&fine[..40])), V::NeedsReview, "the PNG is damaged"),
        ("{\"image/png\": \"!!!not base64\"}".to_owned(), V::NeedsReview, "its base64 is damaged"),
        ("{\"image/png\": \"\"}".to_owned(), V::NeedsReview, "the file is empty"),
        ("{\"image/svg+xml\": [\"<svg xmlns='http://www.w3.org/2000/svg' width='9' \", \"height='9'/>\"]}".to_owned(), V::Fail, "9×9 pixels"),
        ("{\"application/vnd.plotly.v1+json\": {\"data\": 3}}".to_owned(), V::NeedsReview, "the JSON is no chart"),
        ("{\"application/vnd.plotly.v1+json\": \"x\"}".to_owned(), V::NeedsReview, "neither PNG, JPEG nor SVG"),
        ("{\"text/plain\": \"<Figure size 640x480 with 1 Axes>\"}".to_owned(), V::Missing, "the cell of `figures/trees` has no output"),
    ] {
        let report = Folder::new().with("hw.ipynb", cell(&data)).graded();
        let item = item(&report, "trees/plot");
        let passes = item.verdict == verdict || verdict == V::Pass && item.verdict == V::NeedsReview;
        assert!(passes && item.reason.contains(reason) && item.reason.contains("hw.ipynb"), "{data:.80}: {:?} {}", item.verdict, item.reason);
    }
}

#[test]
fn a_hundred_notebooks_are_searched_up_to_a_limit_that_is_told() {
    let files = (0..100).map(|i| (format!("n{i:03}.ipynb"), good().into_bytes()));
    let bag = Submission::of_files("s", files).bag;
    assert!(bag.number("e").is_ok());
    let notes: Vec<String> = bag.notes([]).iter().map(ToString::to_string).collect();
    assert!(notes.iter().any(|note| note.contains("only the first 16 of 100 notebooks were searched")), "{notes:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_bytes_give_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(bag(bytes).number("e").is_err());
    }

    #[test]
    fn a_notebook_with_any_bytes_changed_gives_an_answer(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12), cut in any::<prop::sample::Index>()) {
        let mut bytes = fixture("libraries.ipynb");
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let half = bytes[..cut.index(bytes.len())].to_vec();
        for bytes in [bytes, half] {
            let bag = bag(bytes);
            let _ = (bag.number("best_error"), bag.series("long_array"), bag.text("frame.name"), bag.predictions("x"), bag.figure("x"), bag.notes(["percent"]));
        }
    }

    #[test]
    fn any_source_and_output_give_an_answer(source in "(# mlgrade: )?[a-c=, \"/{}\n#<!>-]{0,40}", output in "[{}\\[\\]a-e=:'\"0-9.,/%\r\u{8}\u{1b} \n-]{0,60}", markdown in any::<bool>()) {
        let kind = if markdown { "md" } else { "py" };
        let bag = bag(notebook(&[(kind, &source, &output), ("md", "a", ""), ("py", "a", &output)]));
        for name in ["a", "b", "a/b", "metrics", "c.a"] {
            let _ = (bag.number(name), bag.series(name), bag.texts(name), bag.rule(name), bag.predictions(name), bag.place_inside(name, mlgrade::evidence::Sought::Numbers));
        }
    }
}

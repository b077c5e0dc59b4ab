//! Notebooks made by real tools (fixtures/notebooks/make.py): what their outputs state, what is asked of how they were run, and what is
//! said when one thing is wrong with them.

use mlgrade::domain::verdict::VerdictLabel as V;
use mlgrade::evidence::bag::Bag;
use mlgrade::report::Report;
use mlgrade::submission::Submission;

use crate::common::{Folder, Opened, SHIPPED_COURSE, item, repository};

pub(crate) fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(repository().join("fixtures/notebooks").join(name)).unwrap()
}

/// The bag of a folder with these files.
fn bag(files: &[(&str, &[u8])]) -> Bag {
    let folder = Folder::new();
    for (path, bytes) in files {
        folder.write(path, bytes);
    }
    // The files are read while the folder is there.
    let files = crate::common::files_below(folder.path()).into_iter().map(|(path, bytes)| (path.to_str().unwrap().to_owned(), bytes));
    Submission::of_files("s", files).bag
}

fn number(bag: &Bag, name: &str) -> Result<f64, String> {
    bag.number(name).map(|stated| stated.number.get()).map_err(|absent| absent.diagnostic().to_string())
}

fn series(bag: &Bag, name: &str) -> Result<Vec<f64>, String> {
    bag.series(name).map(|values| values.into_iter().map(mlgrade::domain::number::Finite::get).collect()).map_err(|absent| absent.diagnostic().to_string())
}

/// A notebook of cells, `("md", source)` or `("py", source, output)`.
pub(crate) fn notebook(cells: &[(&str, &str, &str)]) -> String {
    let cells = cells.iter().enumerate().map(|(i, (kind, source, output))| {
        if *kind == "md" {
            return serde_json::json!({"cell_type": "markdown", "metadata": {}, "source": source});
        }
        let outputs = if output.is_empty() { serde_json::json!([]) } else { serde_json::json!([{"output_type": "stream", "name": "stdout", "text": output}]) };
        serde_json::json!({"cell_type": "code", "metadata": {}, "execution_count": i + 1, "source": source, "outputs": outputs})
    });
    serde_json::json!({"cells": cells.collect::<Vec<_>>(), "metadata": {}, "nbformat": 4, "nbformat_minor": 4}).to_string()
}

#[test]
fn one_notebook_earns_what_the_folder_with_the_same_content_earns() {
    let graded = |student: &str| SHIPPED_COURSE.judge(&Submission::open(&repository().join("submissions").join(student)));
    let (folder, notebook) = (graded("s02-good"), graded("s24-notebook"));
    assert_eq!(folder.items.len(), notebook.items.len());
    for (a, b) in folder.items.iter().zip(&notebook.items) {
        assert_eq!((&a.id, a.points, a.verdict), (&b.id, b.points, b.verdict), "{} and {}", a.reason, b.reason);
        let found = !matches!(b.verdict, V::Missing);
        assert_eq!(!b.places.is_empty(), found, "{}: what was found is said to be in the notebook: {:?}", b.id, b.places);
        assert!(a.places.is_empty());
    }
    assert_eq!(item(&notebook, "mnist/improved-error").places, ["hw2.ipynb, cell 17 ([10]), output"]);
    assert!(notebook.notes.is_empty(), "{:?}", notebook.notes);
}

#[test]
fn every_item_that_looks_for_a_cleared_output_says_that_it_is_cleared() {
    let report = SHIPPED_COURSE.judge(&Submission::open(&repository().join("submissions/s25-cleared")));
    let sentence = "all 15 code cells of hw2.ipynb have no outputs: run all cells and save the notebook";
    let missing: Vec<_> = report.items.iter().filter(|item| item.verdict == V::Missing).collect();
    assert!(missing.len() > 20);
    for item in missing {
        assert!(item.reason.contains(sentence), "{}: {}", item.id, item.reason);
        assert!(item.advice.contains(sentence), "{}: {}", item.id, item.advice);
    }
}

#[test]
fn what_libraries_print_is_read() {
    let bag = bag(&[("hw.ipynb", &fixture("libraries.ipynb"))]);
    for (name, expected) in [
        ("numpy_scalar", 0.0213),
        ("torch_scalar", 0.0213),
        ("percent", 0.9823),
        ("penguins.logistic", 0.996_97),
        ("report.accuracy", 0.8),
        ("report.Gentoo.f1-score", 0.8571),
        ("best_error", 0.1667),
    ] {
        assert_eq!(number(&bag, name), Ok(expected), "{name}");
    }
    for (name, expected) in [
        ("torch_series", vec![0.5, 0.25, 0.125]),
        ("frame.depths", vec![2.0, 4.0, 8.0]),
        ("frame.tree.val_rmse", vec![4.2783, 3.6743, 4.5266]),
        ("wide.column_0", vec![0.0, 0.5]),
        ("wide.column_7", vec![7.0, 7.5]),
        ("errors", vec![0.5, 0.25, 0.1667]),
    ] {
        assert_eq!(series(&bag, name), Ok(expected), "{name}");
    }
    let long = series(&bag, "long_array").unwrap();
    assert!(long.len() == 60 && (long[59] - 59.0 / 7.0).abs() < 1e-7);
    let elided = series(&bag, "elided").unwrap_err();
    assert!(elided.contains("shortened with `...`") && elided.contains("tolist()") && elided.contains("cell 6 ([5])"), "{elided}");
    let kernel = bag.notebook(None).unwrap();
    assert_eq!(kernel.kernel.as_deref(), Some("Python 3 (ipykernel) 3.11.7"));
    assert_eq!(kernel.versions(), ["numpy 2.4.6", "scikit-learn 1.9.1", "torch 2.15.0+cu132"]);
}

#[test]
fn the_history_of_keras_is_what_fit_returned() {
    let bag = bag(&[("hw.ipynb", &fixture("keras.ipynb"))]);
    for (mark, history, epochs) in [("bar", "first", 2), ("lines", "second", 3)] {
        for (printed, returned) in [("train_loss", "loss"), ("val_loss", "val_loss"), ("val_accuracy", "val_accuracy")] {
            let (printed, returned) = (series(&bag, &format!("{mark}.{printed}")).unwrap(), series(&bag, &format!("{history}.{returned}")).unwrap());
            assert_eq!((printed.len(), returned.len()), (epochs, epochs));
            // Printed with four digits.
            assert!(printed.iter().zip(&returned).all(|(a, b)| (a - b).abs() <= 0.5001e-4), "{mark}: {printed:?} {returned:?}");
        }
    }
}

#[test]
fn figures_in_every_form_show_their_numbers() {
    let forms = ["png", "svg", "jpeg", "plotly", "altair", "altair_page"];
    let one = |name: &str, shows: &str| {
        format!("[[part.item]]\nid = \"{name}\"\ntitle = \"F\"\npoints = 1\ncheck = \"figure\"\nfigure = \"{name}\"\n{shows}\n")
            .replace("id = \"altair_page\"", "id = \"altair-page\"")
    };
    let items: String = forms.iter().map(|name| one(name, "x = \"x\"\nshows = [\"train\", \"val\"]")).collect();
    let rest: String = [("two_a", "two-a"), ("two_b", "two-b"), ("unclear", "unclear")]
        .map(|(name, id)| one(name, "min_side = 50\nreview = true").replace(&format!("id = \"{name}\""), &format!("id = \"{id}\"")))
        .concat();
    let course = Opened::of(&format!("schema = 1\nid = \"r\"\ntitle = \"R\"\nseed = 1\n[[part]]\nid = \"p\"\ntitle = \"P\"\n{items}{rest}"), None);
    let report = Folder::new().with("hw.ipynb", fixture("figures.ipynb")).graded_in(&course);
    for name in forms {
        let item = item(&report, &format!("p/{}", name.replace('_', "-")));
        assert_eq!(item.verdict, V::Pass, "{name}: {}", item.reason);
        assert!(item.reason.starts_with("hw.ipynb, cell "), "{}", item.reason);
    }
    // The rubric asks a person to look at figures that are not compared with anything.
    assert_eq!((item(&report, "p/two-a").verdict, item(&report, "p/two-b").verdict), (V::NeedsReview, V::NeedsReview));
    let unclear = item(&report, "p/unclear");
    assert_eq!(unclear.verdict, V::NeedsReview);
    assert!(unclear.reason.contains("shows 2 pictures and marks 1"), "{}", unclear.reason);
}

#[test]
fn every_minor_format_and_every_tools_metadata_is_read() {
    for name in ["v4.0", "v4.1", "v4.2", "v4.3", "v4.4", "v4.5", "colab", "vscode", "small"] {
        let bag = bag(&[("hw.ipynb", &fixture(&format!("{name}.ipynb")))]);
        assert_eq!(number(&bag, "best.accuracy"), Ok(0.9881), "{name}");
        assert_eq!(number(&bag, "penguins.logistic"), Ok(0.9881), "{name}");
        assert_eq!(bag.text("why_two_features").as_deref(), Ok("The three clouds hardly touch."), "{name}");
        assert!(bag.notes([]).is_empty(), "{name}");
    }
    let old = number(&bag(&[("hw.ipynb", &fixture("v3.ipynb"))]), "best.accuracy").unwrap_err();
    assert_eq!(old, "hw.ipynb: the notebook has format 3, and 4 is read; convert it: jupyter nbconvert --to notebook --inplace hw.ipynb");
}

/// The verdict of a `notebook` check with `settings` on `bytes`, its points of 9 and its reason.
fn checked(settings: &str, bytes: &[u8]) -> (V, String, String) {
    let rubric = format!(
        "schema = 1\nid = \"r\"\ntitle = \"R\"\nseed = 1\n[[part]]\nid = \"p\"\ntitle = \"P\"\n[[part.item]]\nid = \"i\"\ntitle = \"I\"\npoints = 9\ncheck = \"notebook\"\n{settings}\n"
    );
    let report = Folder::new().with("hw.ipynb", bytes).graded_in(&Opened::of(&rubric, None));
    let item = item(&report, "p/i");
    (item.verdict, item.points.unwrap().to_string(), item.reason.clone())
}

#[test]
fn how_a_notebook_was_run_is_judged() {
    let v = |name: &str, settings: &str, verdict: V, points: &str, reason: &str| {
        let (seen, earned, why) = checked(settings, &fixture(name));
        assert_eq!((seen, earned.as_str()), (verdict, points), "{name} {settings}: {why}");
        assert!(why.contains(reason), "{name} {settings}: {why}");
    };
    v(
        "small.ipynb",
        "",
        V::Pass,
        "9",
        "hw.ipynb (Python 3 (ipykernel) 3.11.7, python 3.11.7): run in order, [1] to [3]; no saved errors; its outputs are saved",
    );
    v("small.ipynb", "notebook = \"HW\"", V::Pass, "9", "run in order");
    v("libraries.ipynb", "", V::Pass, "9", "numpy 2.4.6, scikit-learn 1.9.1, torch 2.15.0");
    v("cleared.ipynb", "", V::Partial, "3", "all 3 code cells of hw.ipynb have no outputs: run all cells and save the notebook");
    v("cleared.ipynb", "requires = [\"in-order\"]", V::Fail, "0", "no cell says when it was run");
    v("errors.ipynb", "", V::Partial, "3", "cell 3 ([2]) ends with NameError: name 'accuracy_' is not defined");
    v("errors.ipynb", "", V::Partial, "3", "cell 3 ([2]) is marked `best.accuracy` and has no output");
    v("errors.ipynb", "requires = [\"no-errors\"]", V::Fail, "0", "NameError");
    v("errors.ipynb", "requires = [\"in-order\"]", V::Pass, "9", "[1] to [3]");
    v("out-of-order.ipynb", "", V::Partial, "6", "cell 3 ([3]) stands where [2] belongs, after cell 2 ([1])");
    v("run-again.ipynb", "requires = \"in-order\"", V::Fail, "0", "cell 3 ([3]) stands where [2] belongs");
    v("run-again.ipynb", "requires = [\"no-errors\", \"outputs\"]", V::Pass, "9", "its outputs are saved");
    let raises = String::from_utf8(fixture("errors.ipynb"))
        .unwrap()
        .replace("\"id\": \"c3\",\n   \"metadata\": {}", "\"id\": \"c3\",\n   \"metadata\": {\"tags\": [\"raises-exception\"]}");
    let raises = raises.replacen("\"metadata\": {}", "\"metadata\": {\"tags\": [\"raises-exception\"]}", 9);
    assert_eq!(checked("requires = [\"no-errors\"]", raises.as_bytes()).0, V::Pass);
    let unrun = notebook(&[("py", "a = 1", ""), ("py", "print(a)", "1")]).replace("\"execution_count\":2", "\"execution_count\":null");
    assert!(checked("", unrun.as_bytes()).2.contains("cell 2 was not run, after cell 1 ([1])"));
    let empty = checked("", notebook(&[("md", "only text", "")]).as_bytes());
    assert_eq!((empty.0, empty.1.as_str()), (V::Fail, "0"));
    assert!(empty.2.contains("there is no code in it"));
}

#[test]
fn a_missing_and_an_unclear_notebook_are_told() {
    let rubric = |settings: &str| {
        Opened::of(
            &format!(
                "schema = 1\nid = \"r\"\ntitle = \"R\"\nseed = 1\n[[part]]\nid = \"p\"\ntitle = \"P\"\n[[part.item]]\nid = \"i\"\ntitle = \"I\"\npoints = 9\ncheck = \"notebook\"\n{settings}\n"
            ),
            None,
        )
    };
    let judged = |folder: Folder, settings: &str| {
        let report = folder.graded_in(&rubric(settings));
        (item(&report, "p/i").verdict, item(&report, "p/i").reason.clone(), report)
    };
    let two = || Folder::new().with("hw1.ipynb", fixture("small.ipynb")).with("hw2.ipynb", fixture("small.ipynb"));
    assert_eq!(judged(Folder::new().with("x.txt", "x"), "").0, V::Missing);
    let (verdict, reason, report) = judged(two(), "");
    assert_eq!(verdict, V::NeedsReview);
    assert!(reason.contains("there are 2 notebooks, hw1.ipynb and hw2.ipynb"), "{reason}");
    assert!(report.notes.iter().any(|note| note.message.contains("all are searched: hw1.ipynb, hw2.ipynb")));
    assert_eq!(judged(two(), "notebook = \"hw2\"").0, V::Pass);
    assert_eq!(judged(two(), "notebook = \"hw3\"").0, V::Missing);
    assert_eq!(judged(two().with("submission.toml", "[where]\nnotebook = \"hw2.ipynb\""), "").0, V::Pass);
    let checkpoints = Folder::new().with("hw.ipynb", fixture("small.ipynb")).with(".ipynb_checkpoints/hw-checkpoint.ipynb", fixture("errors.ipynb"));
    assert_eq!(judged(checkpoints, "").0, V::Pass, "what Jupyter saves by itself is passed over");
    let gone = Folder::new().with("submission.toml", "[where]\nnotebook = \"hw9.ipynb\"");
    assert!(judged(gone, "").1.contains("submission.toml says this notebook is there, but it is not"));
    for (settings, message) in [("requires = [\"speed\"]", "not `speed`"), ("requires = [\"outputs\", \"outputs\"]", "twice")] {
        let rubric = format!(
            "schema = 1\nid = \"r\"\ntitle = \"R\"\nseed = 1\n[[part]]\nid = \"p\"\ntitle = \"P\"\n[[part.item]]\nid = \"i\"\ntitle = \"I\"\npoints = 9\ncheck = \"notebook\"\n{settings}\n"
        );
        let faults = mlgrade::rubric::parse(&rubric).1;
        assert!(faults.iter().any(|fault| fault.message.contains(message)), "{faults:?}");
    }
}

#[test]
fn two_values_under_one_name_are_never_chosen_from() {
    let twice = bag(&[("hw.ipynb", &fixture("twice.ipynb"))]);
    let fault = number(&twice, "best.accuracy").unwrap_err();
    assert_eq!(
        fault,
        "`best.accuracy` is the text `98.81%` in hw.ipynb, cell 3 ([2]), output and 0.95 in hw.ipynb, cell 6 ([3]), output; \
         state each name once, or say in submission.toml where it is"
    );
    let a = notebook(&[("py", "# mlgrade: e\nprint(e)", "0.5")]);
    let b = notebook(&[("py", "# mlgrade: e\nprint(e)", "0.25")]);
    let same = notebook(&[("py", "# mlgrade: e\nprint(e)", "0.5000")]);
    let fault = number(&bag(&[("a.ipynb", a.as_bytes()), ("b.ipynb", b.as_bytes())]), "e").unwrap_err();
    assert!(fault.contains("`e` is 0.5 in a.ipynb, cell 1 ([1]), output and 0.25 in b.ipynb"), "{fault}");
    assert_eq!(number(&bag(&[("a.ipynb", a.as_bytes()), ("b.ipynb", same.as_bytes())]), "e"), Ok(0.5));
    let rounded = notebook(&[("py", "# mlgrade: e\n", "0.0209"), ("py", "# mlgrade: e\n", "0.02094")]);
    assert_eq!(number(&bag(&[("a.ipynb", rounded.as_bytes())]), "e"), Ok(0.02094), "the one with more digits");
}

#[test]
fn a_file_comes_first_and_a_notebook_that_says_otherwise_is_told() {
    let course = Opened::of(
        "schema = 1\nid = \"r\"\ntitle = \"R\"\nseed = 1\n[[part]]\nid = \"p\"\ntitle = \"P\"\n[[part.item]]\nid = \"i\"\ntitle = \"I\"\npoints = 9\ncheck = \"number\"\nvalue = \"best.accuracy\"\nunit = \"fraction\"\nat_least = 0.9\n",
        None,
    );
    let judged = |metrics: &str, settings: &str| -> Report {
        Folder::new().with("metrics.toml", metrics).with("submission.toml", settings).with("hw.ipynb", fixture("small.ipynb")).graded_in(&course)
    };
    let notes = |report: &Report| report.notes.iter().map(|note| note.message.clone()).collect::<Vec<_>>();
    let same = judged("best.accuracy = 0.988", "");
    assert!(notes(&same).is_empty(), "rounded is no other value: {:?}", notes(&same));
    let other = judged("best.accuracy = 0.5", "");
    assert_eq!(item(&other, "p/i").verdict, V::Fail);
    assert_eq!(
        notes(&other),
        ["`best.accuracy` is 0.5 in metrics.toml and the text `98.81%` in hw.ipynb, cell 3 ([2]), output; the file counts; make them the same"]
    );
    let told = judged("best.accuracy = 0.5", "[where]\n\"best.accuracy\" = { pattern = \"accuracy {number}\" }");
    assert_eq!(item(&told, "p/i").verdict, V::Pass);
    assert!(notes(&told)[0].contains("the notebook counts, as submission.toml says"), "{:?}", notes(&told));
    let broken = judged("best.accuracy = ", "");
    assert_eq!(item(&broken, "p/i").verdict, V::Pass, "a metrics file that cannot be read does not hide the notebook");
}

#[test]
fn submission_toml_and_the_rubric_say_where_a_value_is() {
    let text = notebook(&[
        ("md", "# Before training", ""),
        ("py", "evaluate()", "val error: 0.9\nepoch 1: loss 0.7"),
        ("md", "# Training", ""),
        ("py", "train()", "epoch 1: loss 0.5\nepoch 2: loss 0.25"),
        ("py", "evaluate()", "val error: 0.02"),
        ("md", "# Why?\nBecause.\n\n## More\nAnd so on.\n# End\nBye.", ""),
    ]);
    let read = |spot: &str, rubric: &str| {
        let folder = Folder::new().with("hw.ipynb", &text);
        let folder = if spot.is_empty() { folder } else { folder.with("submission.toml", format!("[where]\nx = {spot}")) };
        let item = "[[part.item]]\nid = \"i\"\ntitle = \"I\"\npoints = 9\ncheck = \"number\"\nvalue = \"x\"\nat_least = 0\n";
        let usual = if rubric.is_empty() { String::new() } else { format!("[where]\nx = {rubric}\n") };
        let course = Opened::of(&format!("schema = 1\nid = \"r\"\ntitle = \"R\"\nseed = 1\n{usual}[[part]]\nid = \"p\"\ntitle = \"P\"\n{item}"), None);
        let report = folder.graded_in(&course);
        (report.items[0].verdict, report.items[0].reason.clone())
    };
    for (spot, verdict, reason) in [
        ("{ pattern = \"val error: {number}\", match = \"first\" }", V::Pass, "x = 0.9"),
        ("{ pattern = \"val error: {number}\", match = \"last\" }", V::Pass, "x = 0.02"),
        ("{ notebook = \"hw.ipynb\", heading = \"Training\", pattern = \"val error: {number}\" }", V::Pass, "x = 0.02"),
        (
            "{ pattern = \"val error: {number}\" }",
            V::NeedsReview,
            "the pattern `val error: {number}` matches 2 times, in hw.ipynb, cell 2 ([2]), output and hw.ipynb, cell 5 ([5]), output; say which is meant",
        ),
        (
            "{ pattern = \"test error: {number}\" }",
            V::NeedsReview,
            "matches nothing in hw.ipynb; the nearest line is `val error: 0.9`, in hw.ipynb, cell 2 ([2]), output",
        ),
        ("{ pattern = \"PSNR {number}\" }", V::Missing, "matches nothing in hw.ipynb"),
        (
            "{ heading = \"Trainings\", pattern = \"val error: {number}\" }",
            V::NeedsReview,
            "there is no heading `Trainings` in the notebook; did you mean `Training`?",
        ),
        ("{ heading = \"Clustering\", pattern = \"val error: {number}\" }", V::Missing, "there is no heading `Clustering`"),
        ("{ pattern = \"loss {number}\", match = \"all\" }", V::NeedsReview, "a list of 3"),
        ("{ notebook = \"other\", pattern = \"loss {number}\" }", V::Missing, "there is no notebook `other`"),
    ] {
        for (student, rubric) in [(spot, ""), ("", spot)] {
            let (seen, why) = read(student, rubric);
            assert_eq!(seen, verdict, "{spot}: {why}");
            assert!(why.contains(reason), "{spot}: {why}");
        }
    }
    let first = "{ pattern = \"val error: {number}\", match = \"first\" }";
    assert!(read("{ pattern = \"val error: {number}\", match = \"last\" }", first).1.contains("x = 0.02"), "the student's own word goes before the rubric's");
    let folder = Folder::new()
        .with("hw.ipynb", &text)
        .with("submission.toml", "[where]\nwhy = { heading = \"Why?\" }\nlosses = { heading = \"Training\", pattern = \"loss {number}\", match = \"all\" }");
    let submission = Submission::open(folder.path());
    assert_eq!(submission.bag.text("why").as_deref(), Ok("Because.\n\nAnd so on."));
    assert_eq!(series(&submission.bag, "losses"), Ok(vec![0.5, 0.25]));
    let slip = Submission::open(folder.with("submission.toml", "[where]\nx = { pattern = \"no number\" }").path());
    assert!(slip.notes[0].message.contains("needs exactly one {number}"), "{:?}", slip.notes);
    let (_, faults) = mlgrade::rubric::parse(
        "schema = 1\nid = \"r\"\ntitle = \"R\"\nseed = 1\n[where]\nx = { pattern = \"no number\" }\n[[part]]\nid = \"p\"\ntitle = \"P\"\n",
    );
    assert!(faults.iter().any(|fault| fault.message.contains("`x` in `where`: the pattern `no number` needs exactly one {number}")), "{faults:?}");
}

#[test]
fn the_students_edition_says_nothing_of_where_hidden_things_are() {
    let item = |id: &str, more: &str| format!("[[part.item]]\nid = \"{id}\"\ntitle = \"I\"\npoints = 1\n{more}\n");
    let items = item("a", "check = \"number\"\nvalue = \"shown.x\"\nat_least = 0")
        + &item("b", "check = \"number\"\nvalue = \"secret.y\"\nat_least = 0\nstudent = \"hidden\"")
        + &item("c", "check = \"figure\"\nfigure = \"curves\"");
    let usual = "\"shown.x\" = { pattern = \"x {number}\" }\n\"secret.y\" = { pattern = \"y {number}\" }\n\"figures/curves\" = { heading = \"Plots\" }\nnotebook = \"hw.ipynb\"\n";
    let rubric = format!("schema = 1\nid = \"r\"\ntitle = \"R\"\nseed = 1\n[where]\n{usual}[[part]]\nid = \"p\"\ntitle = \"P\"\n{items}");
    let released = mlgrade::rubric::release::student_edition(&rubric).unwrap();
    assert!(!released.contains("secret") && !released.contains("y {number}"), "{released}");
    let places = mlgrade::rubric::parse(&released).0.unwrap().places;
    assert_eq!(places.keys().collect::<Vec<_>>(), ["figures/curves", "notebook", "shown.x"]);
}

#[test]
fn each_mark_that_cannot_be_followed_says_why() {
    for (cells, name, reason) in [
        (vec![("py", "# mlgrade: e\nprint()", "train 0.5, val 0.25")], "e", "it holds 2 numbers: 0.5, 0.25"),
        (vec![("py", "# mlgrade: e\nprint()", "1,234")], "e", "`1,234` may be 1.234 or 1234"),
        (vec![("py", "# mlgrade: a, e\nprint()", "0.5")], "e", "the cell has 2 marks and prints no `e = …`"),
        (vec![("py", "# mlgrade: e = \"val {number}\"\n", "val 0.5\nval 0.25")], "e", "its pattern matches 2 times; say which is meant: first, last or all"),
        (vec![("py", "# mlgrade: e = \"test {number}\"\n", "val 0.5")], "e", "its pattern matches nothing"),
        (vec![("py", "# mlgrade: e = \"test\"\n", "val 0.5")], "e", "the mark `e` cannot be understood: the pattern `test` needs exactly one {number}"),
        (vec![("py", "# mlgrade: e\n", "e = 0.5\ne = 0.25")], "e", "it is printed as 0.5 and as 0.25"),
        (vec![("py", "# mlgrade: e\n", "nan")], "e", "NaN, expected a number"),
        (vec![("py", "# mlgrade: e\n", "about two percent")], "e", "it holds no number"),
        (vec![("py", "# mlgrade: e\nx = 1", "")], "e", "the cell of `e` has no output; the only code cell of hw.ipynb has no output: run all cells"),
        (vec![("py", "# mlgrade: e\nx = 1", ""), ("py", "1", "1")], "e", "the cell of `e` has no output; run all cells and save the notebook"),
        (vec![("py", "# mlgrade: metrics\n", "0.5"), ("py", "1", "1")], "e", "marked `metrics`, but no names with values were found in it"),
        (vec![("py", "# mlgrade: metrics\n", "{'ee': 0.5}")], "e", "did you mean `ee`?"),
        (vec![("py", "print(e)", "0.5")], "value", "mark the cell that prints it with `# mlgrade: value`"),
    ] {
        let text = notebook(&cells);
        let fault = number(&bag(&[("hw.ipynb", text.as_bytes())]), name).unwrap_err();
        assert!(fault.contains(reason), "{cells:?}: {fault}");
        assert!(fault.contains("hw.ipynb"), "{fault}");
    }
}

#[test]
fn predictions_are_a_line_of_digits_or_a_list() {
    for (printed, expected) in [
        ("7210", Ok(4)),
        ("[7, 2, 1, 0]", Ok(4)),
        ("[7 2 1 0]", Ok(4)),
        ("[7 2 1 ... 4 5 6]", Err("shortened with `...`")),
        ("[7, 2.5]", Ok(2)), // values, which regressions predict
        ("seven", Ok(1)),    // the name of a class
    ] {
        let text = notebook(&[("py", "# mlgrade: predictions/improved\n", printed)]);
        let found =
            bag(&[("hw.ipynb", text.as_bytes())]).predictions("improved").map(|classes| classes.len()).map_err(|absent| absent.diagnostic().to_string());
        match expected {
            Ok(length) => assert_eq!(found, Ok(length), "{printed}"),
            Err(reason) => assert!(found.clone().unwrap_err().contains(reason), "{printed}: {found:?}"),
        }
    }
}

#[test]
fn a_notebook_among_students_folders_may_be_a_student_and_a_notebook_alone_is_a_submission() {
    let class = Folder::new().with("solution.ipynb", "{}").with("ada/hw.ipynb", "{}").with("bob/metrics.json", "{}");
    let found = mlgrade::submission::find(class.path()).unwrap();
    let students: Vec<&str> = found.submissions.iter().map(|handed_in| handed_in.student.as_str()).collect();
    // The course's own notebook graded as one student more does no harm; a student left out does.
    assert_eq!(students, ["ada", "bob", "solution"]);
    let alone = Folder::new().with("hw.ipynb", "{}").with("data/x.csv", "1");
    let found = mlgrade::submission::find(alone.path()).unwrap();
    assert_eq!(found.submissions.len(), 1, "{found:?}");
    assert_eq!(found.submissions[0].open().bag.file_count(), 2);
}

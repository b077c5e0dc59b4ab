//! Networks as PyTorch, Keras and scikit-learn export them answer as ONNX Runtime and PyTorch say, and a claim stands or falls with them.

use mlgrade::data::Datasets;
use mlgrade::domain::answers::Right;
use mlgrade::domain::verdict::VerdictLabel as V;
use mlgrade::network::{Network, PRESENTATIONS, Presentation};
use mlgrade::report::Report;
use mlgrade::rubric::parse;
use mlgrade::submission::Submission;

use crate::common::{Opened, SHIPPED_COURSE, item, repository};
use crate::hostile::expect;

pub(crate) fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(repository().join("fixtures/networks").join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The fixture `name`, in whichever format it is, with its list of layers if it has one.
fn network(name: &str) -> Network {
    let onnx = format!("{name}.onnx");
    if repository().join("fixtures/networks").join(&onnx).is_file() {
        return Network::decode(&onnx, &fixture(&onnx), None).unwrap();
    }
    let (file, notes) = (format!("{name}.safetensors"), format!("{name}.toml"));
    Network::decode(&file, &fixture(&file), Some((&notes, &fixture(&notes)))).unwrap()
}

fn presentation(name: &str) -> Presentation {
    PRESENTATIONS.iter().find(|(known, _)| *known == name).unwrap().1.clone()
}

#[test]
fn the_labels_are_those_of_onnx_runtime_and_pytorch() {
    let expected: serde_json::Value = serde_json::from_slice(&fixture("expected.json")).unwrap();
    let examples = SHIPPED_COURSE.data().validation_inputs("mnist").unwrap();
    let Right::Classes(labels) = SHIPPED_COURSE.data().answers("mnist", None).unwrap().right else { panic!("images have classes") };
    let mut seen = 0;
    for (name, row) in expected.as_object().unwrap().iter().filter(|(_, row)| row.get("wrong").is_some()) {
        let mut right: Vec<i64> = labels.labels.iter().map(|&label| i64::try_from(label).unwrap()).collect();
        for pair in row["wrong"].as_str().unwrap().split(' ') {
            let (place, class) = pair.split_once(':').unwrap();
            right[place.parse::<usize>().unwrap()] = class.parse().unwrap();
        }
        let network = network(name);
        let presentation = network.presentation().cloned().unwrap_or_else(|| presentation(row["input"].as_str().unwrap()));
        let classes = network.run(&examples, &presentation).unwrap().classes().unwrap();
        let other = classes.iter().zip(&right).filter(|(a, b)| a != b).count();
        // Standardised with the exact mean and deviation, where torchvision's tutorial rounds them, a tie or two falls otherwise.
        assert!(other <= 1, "{name}: {other} labels differ");
        if let Some(parameters) = row["parameters"].as_f64() {
            // An exporter folds a normalisation of four channels into the layer before it.
            assert!((parameters - network.parameters() as f64).abs() <= if name.contains("cnn") { 8.0 } else { 0.0 }, "{name}: {}", network.parameters());
        }
        seen += 1;
    }
    assert_eq!(seen, 11);
}

pub(crate) const MNIST: &str = "data = \"mnist\"\nmetric = \"error\"\nclaim = \"val_error\"\ntolerance = { absolute = 0.0005 }";

fn rubric(item: &str) -> String {
    format!(
        "schema = 1\nid = \"r\"\ntitle = \"R\"\nseed = 1\n[data]\nmnist = {{ builtin = \"mnist\" }}\npenguins = {{ builtin = \"penguins\" }}\n\
         weather = {{ builtin = \"weather\" }}\n[[part]]\nid = \"p\"\ntitle = \"P\"\n[[part.item]]\nid = \"i\"\ntitle = \"I\"\npoints = 10\n\
         check = \"network\"\nnetwork = \"net\"\n{item}\n"
    )
}

/// The report of a submission with these metrics and files.
pub(crate) fn graded(item: &str, metrics: &str, files: Vec<(&str, Vec<u8>)>) -> Report {
    let stated = ("metrics.toml".to_owned(), metrics.as_bytes().to_vec());
    let files = files.into_iter().map(|(path, bytes)| (path.to_owned(), bytes)).chain([stated]);
    Opened::of(&rubric(item), None).judge(&Submission::of_files("s", files))
}

fn with_file(metrics: &str, path: &str, bytes: Vec<u8>) -> Report {
    graded(MNIST, metrics, vec![(path, bytes)])
}

#[test]
fn a_claim_stands_or_falls_with_the_network() {
    let of = |metrics: &str| with_file(metrics, "networks/net.onnx", fixture("torch-mlp.onnx"));
    let pass = of("val_error = 0.071");
    expect(&pass, "p/i", V::Pass, "val_error says 0.071, networks/net.onnx gives 0.071 with pixels from 0 to 1");
    expect(&of("val_error = 7.1"), "p/i", V::Pass, "val_error says 7.1 (read as 7.1 %)");
    expect(&of("val_error = 0.0195"), "p/i", V::Contradicted, "val_error says 0.0195, networks/net.onnx gives 0.07");
    expect(&of("other = 1"), "p/i", V::Missing, "`val_error`");
    expect(&of("val_error = \"low\""), "p/i", V::NeedsReview, "expected a number");
    let report = of("val_error = 0.0195");
    let advice = &item(&report, "p/i").advice;
    assert!(advice.contains("is not what the network that you handed in gives") && !advice.contains("0.07"), "{advice}");
}

#[test]
fn the_presentation_that_was_meant_is_found_and_told() {
    let of = |file: &str, error: f64| with_file(&format!("val_error = {error}"), "networks/net.onnx", fixture(file));
    expect(&of("torch-cnn.onnx", 0.0212), "p/i", V::Pass, "with pixels standardised over the training images");
    expect(&of("torch-pooled.onnx", 0.0769), "p/i", V::Pass, "with pixels from -1 to 1");
    let only = |inputs: &str| graded(&format!("{MNIST}\ninputs = {inputs}"), "val_error = 0.071", vec![("networks/net.onnx", fixture("torch-mlp.onnx"))]);
    expect(&only("[\"unit\"]"), "p/i", V::Pass, "with pixels from 0 to 1");
    expect(&only("[\"centred\"]"), "p/i", V::Contradicted, "with pixels from -1 to 1");
    // What the author states goes alone.
    let stated = |notes: &str| {
        graded(MNIST, "val_error = 0.071", vec![("networks/net.onnx", fixture("torch-mlp.onnx")), ("networks/net.toml", notes.as_bytes().to_vec())])
    };
    expect(&stated("input = { mean = 0, std = 1 }"), "p/i", V::Pass, "with inputs less 0 over 1");
    expect(&stated("input = \"centred\""), "p/i", V::Contradicted, "with pixels from -1 to 1");
    expect(&stated("input = \"centered\""), "p/i", V::NeedsReview, "did you mean `centred`?");
    expect(&stated("inputs = \"unit\""), "p/i", V::NeedsReview, "unknown key `inputs`");
}

#[test]
fn tables_and_rows_with_a_number_to_predict_are_run_too() {
    let features = "features = [\"bill_length_mm\", \"bill_depth_mm\", \"flipper_length_mm\", \"body_mass_g\"]\ntarget = \"species\"";
    let penguins = format!("data = \"penguins\"\n{features}\nmetric = \"accuracy\"\nclaim = \"accuracy\"\ntolerance = {{ absolute = 0.005 }}");
    let expected: serde_json::Value = serde_json::from_slice(&fixture("expected.json")).unwrap();
    let accuracy = 1.0 - expected["penguins"]["error"].as_f64().unwrap();
    let of = |item: &str, metrics: String, file: &str| graded(item, &metrics, vec![("networks/net.onnx", fixture(file))]);
    expect(&of(&penguins, format!("accuracy = {accuracy}"), "penguins.onnx"), "p/i", V::Pass, "with each feature standardised");
    expect(&of(&penguins, "accuracy = 0.5".to_owned(), "penguins.onnx"), "p/i", V::Contradicted, "accuracy says 0.5");
    // ONNX Runtime: 330 of 333 right.
    expect(&of(&penguins, "accuracy = 0.99099".to_owned(), "sklearn-logistic.onnx"), "p/i", V::Pass, "with each feature standardised");
    let weather = "data = \"weather\"\nmetric = \"rmse\"\nclaim = \"rmse\"\ntolerance = { absolute = 0.01 }";
    let rmse = expected["weather"]["rmse"].as_f64().unwrap();
    expect(&of(weather, format!("rmse = {rmse}"), "weather.onnx"), "p/i", V::Pass, "with each feature standardised");
    expect(&of(weather, format!("rmse = {}", rmse - 0.5), "weather.onnx"), "p/i", V::Contradicted, "rmse says");
    expect(&of(weather, format!("rmse = {rmse}"), "torch-mlp.onnx"), "p/i", V::NeedsReview, "takes an input of n×784, an example is 50");
}

#[test]
fn parameters_and_predictions_have_to_be_this_networks() {
    let asked = |more: &str, metrics: &str, labels: Option<&[i64]>| {
        let text = |labels: &[i64]| labels.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n").into_bytes();
        let mut files = vec![("networks/net.onnx", fixture("torch-mlp.onnx"))];
        files.extend(labels.map(|labels| ("predictions/net.csv", text(labels))));
        graded(&format!("{MNIST}\n{more}"), &format!("val_error = 0.071\n{metrics}"), files)
    };
    // 784 × 12 + 12 + 12 × 10 + 10.
    expect(&asked("parameters = { at_most = 9550 }", "", None), "p/i", V::Pass, "gives 0.071");
    expect(&asked("parameters = { at_most = 9549 }", "", None), "p/i", V::Fail, "has 9550 parameters; at most 9549 are allowed");
    expect(&asked("parameters = { claim = \"size\" }", "size = 9550", None), "p/i", V::Pass, "gives 0.071");
    expect(&asked("parameters = { claim = \"size\" }", "size = 1024", None), "p/i", V::Contradicted, "size says 1024, networks/net.onnx has 9550 parameters");
    expect(&asked("parameters = { claim = \"size\" }", "", None), "p/i", V::Missing, "`size`");
    let examples = SHIPPED_COURSE.data().validation_inputs("mnist").unwrap();
    let mut own = network("torch-mlp").run(&examples, &Presentation::Unit).unwrap().classes().unwrap();
    let agrees = "agrees_with = \"net\"";
    expect(&asked(agrees, "", Some(&own)), "p/i", V::Pass, "10000 of 10000 predictions `net` are the network's");
    own[..20].iter_mut().for_each(|label| *label = 9 - *label);
    expect(&asked(agrees, "", Some(&own)), "p/i", V::Contradicted, "but only 9980 of 10000 predictions `net`");
    expect(&asked(&format!("{agrees}\nagreement = \"99%\""), "", Some(&own)), "p/i", V::Pass, "9980 of 10000");
    expect(&asked(agrees, "", Some(&own[..9])), "p/i", V::NeedsReview, "predictions/net.csv: 9 predictions for 10000 validation examples");
    expect(&asked(agrees, "", None), "p/i", V::Missing, "there are no predictions `net`");
}

#[test]
fn other_formats_are_refused_with_the_way_to_export() {
    let claim = "val_error = 0.071";
    for (ending, what, how) in [
        ("pkl", "arrays of NumPy, not tensors", "safetensors.numpy.save_file"),
        ("joblib", "a file of joblib's is a program", "skl2onnx.to_onnx"),
        ("npy", "do not say which belongs to which layer", "safetensors.numpy.save_file"),
    ] {
        let bytes = fixture(&format!("refused.{ending}"));
        let own = with_file(claim, &format!("networks/net.{ending}"), bytes.clone());
        expect(&own, "p/i", V::NeedsReview, what);
        expect(&own, "p/i", V::NeedsReview, how);
        // The same under another name.
        let renamed = with_file(claim, "networks/net.onnx", bytes);
        assert_eq!(item(&renamed, "p/i").verdict, V::NeedsReview, "{ending}");
        assert!(item(&renamed, "p/i").reason.contains("; "), "{ending}: no advice in {}", item(&renamed, "p/i").reason);
    }
    expect(&graded(MNIST, claim, Vec::new()), "p/i", V::Missing, "there is no network `net`; save it as networks/net.onnx");
    expect(&with_file(claim, "networks/net.onnx", fixture("external.onnx")), "p/i", V::NeedsReview, "the weights are in another file");
    expect(&with_file(claim, "networks/net.onnx", fixture("penguins.onnx")), "p/i", V::NeedsReview, "takes an input of n×4, an example is 28×28");
}

#[test]
fn a_list_of_layers_is_held_against_the_weights() {
    let with = |layers: &str| {
        let files = vec![("networks/net.safetensors", fixture("torch-pooled-half.safetensors")), ("networks/net.toml", layers.as_bytes().to_vec())];
        graded(MNIST, "val_error = 0.077", files)
    };
    let own = String::from_utf8(fixture("torch-pooled-half.toml")).unwrap();
    expect(&with(&own), "p/i", V::Pass, "networks/net.safetensors gives 0.077 with pixels from -1 to 1");
    for (from, to, verdict, part) in [
        ("dense = \"4\"", "dense = \"5\"", V::NeedsReview, "it holds no weights `5.weight`"),
        (", { dense = \"4\", activation = \"softmax\" }", "", V::NeedsReview, "no layer of the list uses `4.bias`"),
        ("{ flatten = true }, ", "", V::NeedsReview, "the dense layer `2` follows planes; add `{ flatten = true }` before it"),
        ("average_pool = 2", "average_pool = 4", V::NeedsReview, "a matrix of 1×49 cannot be multiplied by one of 196×16"),
        ("average_pool", "max_pool", V::Contradicted, "val_error says 0.077"),
        ("\"tanh\"", "\"tan\"", V::NeedsReview, "did you mean `tanh`?"),
        ("layers = [", "layers = [{ lstm = 3 }, ", V::NeedsReview, "a layer has exactly one of dense, conv2d"),
        ("layers = [", "layers = [{ dense = \"2\", flatten = true }, ", V::NeedsReview, "a layer has exactly one of"),
        ("average_pool = 2", "average_pool = 0", V::NeedsReview, "at least 1"),
        ("layers = [", "layers = ", V::NeedsReview, "this is not TOML"),
    ] {
        assert!(own.contains(from), "{from}");
        expect(&with(&own.replace(from, to)), "p/i", verdict, part);
    }
    let bare = with_file("val_error = 0.077", "networks/net.safetensors", fixture("torch-pooled-half.safetensors"));
    expect(&bare, "p/i", V::NeedsReview, "a list of layers has to say what is done with them; write this into networks/net.toml");
    expect(&bare, "p/i", V::NeedsReview, "{ dense = \"2\", activation = \"relu\" }, { dense = \"4\" }");
}

#[test]
fn what_pytorch_saved_is_run_with_the_list_of_layers() {
    let layers = fixture("torch-pooled-half.toml");
    let saved = fixture("torch/images.pth.tar");
    let of = |claim: &str, files: &[(&str, &[u8])]| {
        let own = [("networks/net.toml", layers.as_slice())];
        graded(MNIST, claim, files.iter().chain(&own).map(|(path, bytes)| (*path, bytes.to_vec())).collect())
    };
    // The same weights as safetensors give 0.077, says PyTorch.
    for ending in ["pt", "pth", "pth.tar", "ckpt", "bin", "pkl", "PT"] {
        let path = format!("networks/net.{ending}");
        expect(&of("val_error = 0.077", &[(&path, &saved)]), "p/i", V::Pass, &format!("{path} gives 0.077 with pixels from -1 to 1"));
    }
    expect(&of("val_error = 0.02", &[("networks/net.pt", &saved)]), "p/i", V::Contradicted, "val_error says 0.02, networks/net.pt gives 0.077");
    // Content goes before the name, ONNX before PyTorch, and of two of PyTorch's none counts.
    expect(&of("val_error = 0.077", &[("networks/net.onnx", &saved)]), "p/i", V::Pass, "networks/net.onnx gives 0.077");
    let safetensors = fixture("torch-pooled-half.safetensors");
    expect(&of("val_error = 0.077", &[("networks/net.pt", &safetensors)]), "p/i", V::Pass, "networks/net.pt gives 0.077");
    let onnx = fixture("torch-pooled.onnx");
    expect(&of("val_error = 0.0769", &[("networks/net.pt", &onnx)]), "p/i", V::Pass, "networks/net.pt gives 0.0769");
    expect(&of("val_error = 0.0769", &[("networks/net.pt", &saved), ("networks/net.onnx", &onnx)]), "p/i", V::Pass, "networks/net.onnx gives 0.0769");
    let two = of("val_error = 0.077", &[("networks/net.pt", &saved), ("networks/net.pth", &saved)]);
    expect(&two, "p/i", V::NeedsReview, "networks/net.pt and networks/net.pth could be the network `net`");
    // What is no file of weights is refused as what it is, with what to do.
    for (bytes, part) in [
        (
            fixture("torch/refused-two.pt"),
            "`generator` and `discriminator`; which of them are the network's is open; say it beside the list of layers, in networks/net.toml: `weights =",
        ),
        (b"\x89HDF\r\n\x1a\nwhat follows is no HDF5".to_vec(), "its HDF5 is damaged"),
        (fixture("refused.joblib"), "this is a pickle of sklearn's; export it: `open(\"networks/net.onnx\""),
        (fixture("refused.pkl"), "arrays of NumPy"),
        (b"<html>".to_vec(), "this is no file that `torch.save` wrote"),
        (b"\x80\x02cos\nsystem\nX\x02\x00\x00\x00ls\x85R.".to_vec(), "to load it would call `os.system`, which no network needs; nothing of it was run"),
    ] {
        expect(&of("val_error = 0.077", &[("networks/net.pt", &bytes)]), "p/i", V::NeedsReview, part);
    }
    let bare = with_file("val_error = 0.077", "networks/net.pt", saved);
    expect(&bare, "p/i", V::NeedsReview, "it holds weights only: a list of layers has to say what is done with them; write this into networks/net.toml");
}

#[test]
fn three_students_get_the_scores_that_a_person_gave() {
    let folder = repository().join("fixtures/networks");
    let course = Opened::of(&std::fs::read_to_string(folder.join("rubric.toml")).unwrap(), None);
    let mut table = csv::Reader::from_path(folder.join("class/scores.csv")).unwrap();
    let mut seen = Vec::new();
    for row in table.records().map(Result::unwrap) {
        let report = course.judge(&Submission::open(&folder.join("class").join(&row[0])));
        let network = item(&report, "mnist/improved-network");
        assert_eq!((report.score.earned.to_string().as_str(), format!("{:?}", network.verdict).as_str()), (&row[1], &row[2]), "{}", network.reason);
        seen.push(network.reason.clone());
    }
    let [honest, other, pickle] = seen.as_slice() else { panic!("{seen:?}") };
    assert!(honest.contains("gives 0.0433 with pixels from 0 to 1; 10000 of 10000 predictions `improved` are the network's"), "{honest}");
    assert!(other.contains("improved.val_error says 0.0209, networks/improved.onnx gives 0.0"), "{other}");
    assert!(
        pickle.contains("networks/improved.pt: it holds weights only: a list of layers has to say")
            && pickle.contains("write this into networks/improved.toml"),
        "{pickle}"
    );
}

#[test]
fn a_students_edition_tells_that_it_runs_and_nothing_else() {
    let text = mlgrade::rubric::release::student_edition(&rubric(&format!("{MNIST}\nparameters = {{ at_most = 10000 }}"))).unwrap();
    assert!(!text.contains("0.0005"), "{text}");
    let opened = Opened::of(&text, None);
    let of = |file: &str, claim: &str| {
        let files = [("networks/net.onnx", fixture(file)), ("metrics.toml", format!("val_error = {claim}").into_bytes())];
        opened.judge(&Submission::of_files("s", files.map(|(path, bytes)| (path.to_owned(), bytes))))
    };
    let told = of("torch-mlp.onnx", "0.5");
    expect(&told, "p/i", V::NeedsReview, "networks/net.onnx runs: 9550 parameters, inputs of n×784, operators Gemm, Relu; a person has to judge it");
    assert!(!item(&told, "p/i").reason.contains("0.07"));
    expect(&of("penguins.onnx", "0.5"), "p/i", V::NeedsReview, "takes an input of n×4");
    expect(&of("external.onnx", "0.5"), "p/i", V::NeedsReview, "another file");
}

#[test]
fn a_rubric_is_told_what_is_wrong_with_its_settings() {
    for (from, to, part) in [
        ("tolerance = { absolute = 0.0005 }", "", "needs a `tolerance`"),
        ("\"error\"", "\"eror\"", "`metric` cannot be `eror`"),
        ("data = \"mnist\"", "data = \"mnist\"\ninputs = [\"unt\"]", "`inputs` cannot be `unt`"),
        ("data = \"mnist\"", "data = \"mnits\"", "mnits"),
        ("data = \"mnist\"", "data = \"mnist\"\nfeatures = [\"a\"]", "both `features` and `target`"),
    ] {
        let (_, faults) = parse(&rubric(&MNIST.replace(from, to)));
        assert!(faults.iter().any(|fault| fault.to_string().contains(part)), "{part}: {faults:?}");
    }
    // What only the data tell is the course's fault, not the student's.
    let wrong = MNIST.replace("\"mnist\"", "\"weather\"").replace("metric = \"error\"", "metric = \"rmse\"\ninputs = [\"unit\"]");
    let report = graded(&wrong, "val_error = 1", vec![("networks/net.onnx", fixture("weather.onnx"))]);
    assert_eq!(item(&report, "p/i").verdict, V::Broken, "{}", item(&report, "p/i").reason);
}

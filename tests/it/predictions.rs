//! `check = "recompute"`: files as scikit-learn, pandas and NumPy write them give scikit-learn's numbers, and what is wrong with others is told.
//!
//! fixtures/predictions/make.py made the files and the expected numbers.

use mlgrade::domain::verdict::VerdictLabel as V;
use mlgrade::report::ItemReport;
use mlgrade::rubric::parse;
use mlgrade::submission::Submission;
use serde_json::Value;

use crate::common::{Opened, repository};
use crate::pictures::chelsea;

/// A rubric of one `recompute` item with these settings.
fn rubric(settings: &str) -> String {
    format!(
        "schema = 1\nid = \"r\"\ntitle = \"R\"\nseed = 1\n\n[data]\npenguins = {{ builtin = \"penguins\" }}\nweather = {{ builtin = \"weather\" }}\n\
         chelsea = {{ builtin = \"chelsea\" }}\nmnist = {{ builtin = \"mnist\" }}\n\n[[part]]\nid = \"p\"\ntitle = \"P\"\n\n[[part.item]]\nid = \"i\"\n\
         title = \"I\"\npoints = 10\ncheck = \"recompute\"\npredictions = \"mine\"\nclaim = \"mine.number\"\n{settings}\n"
    )
}

const SPECIES: &str = "data = \"penguins\"\ntarget = \"species\"\ntolerance = { absolute = 0.0005 }\n";
const MASS: &str = "data = \"penguins\"\ntarget = \"body_mass_g\"\ntolerance = { relative = \"0.01%\" }\n";

/// The finding on `claim` and a file of predictions `mine`.
fn judged(settings: &str, claim: f64, ending: &str, bytes: impl Into<Vec<u8>>) -> ItemReport {
    let files = vec![("metrics.toml".to_owned(), format!("mine.number = {claim:?}").into_bytes()), (format!("predictions/mine.{ending}"), bytes.into())];
    Opened::of(&rubric(settings), None).judge(&Submission::of_files("s", files)).items.remove(0)
}

/// Asserts the verdict and a part of the reason.
fn expect(found: &ItemReport, verdict: V, part: &str) {
    assert_eq!(found.verdict, verdict, "{}", found.reason);
    assert!(found.reason.contains(part), "`{}` does not say `{part}`", found.reason);
    assert!(found.reason.len() < 1_000 && found.advice.len() < 1_000);
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(repository().join("fixtures/predictions").join(name)).unwrap()
}

fn expected() -> Value {
    serde_json::from_slice(&fixture("expected.json")).unwrap()
}

fn number(metric: &str) -> f64 {
    expected()[metric].as_f64().unwrap()
}

fn whole(key: &str) -> Vec<i64> {
    expected()[key].as_array().unwrap().iter().map(|value| value.as_i64().unwrap()).collect()
}

fn lines<T: ToString>(values: impl IntoIterator<Item = T>) -> String {
    values.into_iter().map(|value| value.to_string() + "\n").collect()
}

/// The right species as scikit-learn numbers them, and the predicted ones.
fn codes() -> Vec<i64> {
    String::from_utf8(fixture("codes.csv")).unwrap().lines().map(|line| line.parse().unwrap()).collect()
}

#[test]
fn files_of_every_format_give_the_accuracy_of_scikit_learn() {
    let cases = [
        ("codes.csv", ""),
        ("float-codes.txt", ""),
        ("names-with-index.csv", "the first column counts the rows and was passed over"),
        ("unnamed.csv", "the first row is a heading and was passed over"),
        ("two-columns.tsv", "of 2 columns `y_pred` was read"),
        ("codes-int8.npy", ""),
        ("codes-big-endian.npy", ""),
        ("column.npy", ""),
        ("names.npy", ""),
        ("names.npz", "of 2 arrays `y_pred` was read"),
        ("names.json", ""),
        ("codes.json", ""),
        ("series.json", ""),
        ("one-hot.csv", "one-hot rows were read as classes"),
        ("other-order.csv", "the columns were put into the order of the classes by their names"),
        ("numbered.csv", "of the 3 numbers in a row the greatest was taken for the class"),
        ("spaces.txt", "the greatest was taken for the class"),
        ("fortran.npy", "the greatest was taken for the class"),
        ("turned.npy", "the array of 3 rows and 333 columns was turned over"),
        ("half.npz", "of 2 arrays `proba` was read"),
        ("logits.npz", "the greatest was taken for the class"),
        ("proba.json", "the greatest was taken for the class"),
    ];
    for (file, note) in cases {
        let ending = file.rsplit_once('.').unwrap().1;
        let settings = format!("{SPECIES}metric = \"accuracy\"");
        let found = judged(&settings, number("accuracy"), ending, fixture(file));
        expect(&found, V::Pass, "mine.number says 0.95495, the predictions give 0.95495");
        assert!(found.reason.contains(note) && found.advice.contains(note), "{file}: {}", found.reason);
        assert_eq!(judged(&settings, 0.99, ending, fixture(file)).verdict, V::Contradicted, "{file}");
    }
}

#[test]
fn each_metric_is_confirmed_and_contradicted() {
    let cases = [
        (SPECIES, "metric = \"error\"", "codes.csv", 1.0 - number("accuracy")),
        (SPECIES, "metric = \"recall\"\nclass = \"Chinstrap\"", "codes.csv", number("recall")),
        (SPECIES, "metric = \"macro-recall\"", "codes.csv", number("macro-recall")),
        (SPECIES, "metric = \"macro-f1\"", "codes.csv", number("macro-f1")),
        (SPECIES, "metric = \"log-loss\"\nreduction = \"mean\"", "other-order.csv", number("log-loss mean")),
        (SPECIES, "metric = \"log-loss\"\nreduction = \"sum\"", "other-order.csv", number("log-loss sum")),
        (SPECIES, "metric = \"log-loss\"\nreduction = \"mean\"", "logits.npz", number("log-loss mean")),
        (SPECIES, "metric = \"log-loss\"\nreduction = \"mean\"\nscores = \"logits\"", "logits.npz", number("log-loss mean")),
        (SPECIES, "metric = \"log-loss\"\nreduction = \"mean\"\nscores = \"probabilities\"", "fortran.npy", number("log-loss mean")),
        (MASS, "metric = \"rmse\"", "mass.csv", number("rmse")),
        (MASS, "metric = \"mae\"", "mass.npy", number("mae")),
        (MASS, "metric = \"r2\"", "mass.csv", number("r2")),
        // By hand: 20 log10(6300 / RMSE)
        (MASS, "metric = \"psnr\"\npeak = 6300.0", "mass.csv", 20.0 * (6300.0 / number("rmse")).log10()),
    ];
    for (data, metric, file, claim) in cases {
        let (settings, ending) = (format!("{data}{metric}"), file.rsplit_once('.').unwrap().1);
        let right = judged(&settings, claim, ending, fixture(file));
        assert_eq!(right.verdict, V::Pass, "{metric}: {}", right.reason);
        let wrong = judged(&settings, claim * 0.9, ending, fixture(file));
        expect(&wrong, V::Contradicted, " apart, ±");
        assert!(wrong.expected.is_some() && wrong.tolerance.is_some() && wrong.actual.is_some());
        assert!(!wrong.advice.contains(wrong.expected.as_ref().unwrap().text()), "{metric}: the advice tells the number: {}", wrong.advice);
    }
}

#[test]
fn a_percentage_is_the_same_claim_and_of_a_log_loss_it_is_not() {
    let fraction = judged(&format!("{SPECIES}metric = \"accuracy\""), 95.495, "csv", fixture("codes.csv"));
    expect(&fraction, V::Pass, "mine.number says 95.495 (read as 95.495 %), the predictions give 0.95495");
    let loss = judged(&format!("{SPECIES}metric = \"log-loss\"\nreduction = \"mean\""), 12.776, "csv", fixture("other-order.csv"));
    expect(&loss, V::Contradicted, "the predictions give 0.12776");
}

#[test]
fn a_wrong_length_is_told_with_what_it_may_be() {
    let accuracy = format!("{SPECIES}metric = \"accuracy\"");
    let error = "data = \"mnist\"\ntolerance = { absolute = 0.0005 }\nmetric = \"error\"";
    let rmse = "data = \"weather\"\ntolerance = { absolute = 0.0005 }\nmetric = \"rmse\"";
    let more = |count: usize| lines(codes().into_iter().cycle().take(count));
    let cases = [
        (accuracy.as_str(), "1\n".to_owned() + &more(333), "334 predictions for 333 validation examples; one too many: is there a heading"),
        (accuracy.as_str(), more(332), "332 predictions for 333 validation examples; one is missing: was the first row taken for a heading"),
        (accuracy.as_str(), more(666), "666 predictions for 333 validation examples; 2 times as many"),
        (accuracy.as_str(), more(999), "999 predictions for 333 validation examples; 3 for each: save the array in its shape, 333 rows of 3"),
        (accuracy.as_str(), more(17), "17 predictions for 333 validation examples; save one prediction for each"),
        (error, more(60_000), "60000 predictions for 10000 validation examples; as many as there are training examples"),
        (error, more(70_000), "as many as there are training and validation examples"),
        (rmse, more(1_019), "1019 predictions for 218 validation examples; as many as there are training examples"),
        (rmse, "1,2\n".repeat(218), "218 rows of 2 numbers for 218 validation examples"),
    ];
    for (settings, text, part) in cases {
        expect(&judged(settings, 0.5, "csv", text), V::NeedsReview, part);
    }
}

#[test]
fn classes_from_one_are_read_where_nothing_else_can_be_meant() {
    let accuracy = format!("{SPECIES}metric = \"accuracy\"");
    let from_one = lines(codes().iter().map(|code| code + 1));
    let note = "the classes are numbered from 1 to 3, and 1 was taken for `Adelie`";
    expect(&judged(&accuracy, number("accuracy"), "csv", from_one.as_str()), V::Pass, note);
    expect(&judged(&accuracy, 0.99, "csv", from_one), V::Contradicted, note);
    // A 0 among them, and it is read as it stands.
    let mut mixed: Vec<i64> = codes().iter().map(|code| code + 1).collect();
    mixed[0] = 0;
    let found = judged(&accuracy, number("accuracy"), "csv", lines(mixed));
    assert_ne!(found.verdict, V::Pass, "{}", found.reason);
    assert!(found.reason.contains("such as 3 are no class and count as wrong"), "{}", found.reason);
}

#[test]
fn renamed_classes_go_to_a_person_and_never_pass() {
    let accuracy = format!("{SPECIES}metric = \"accuracy\"");
    let permuted = lines(whole("permuted"));
    let found = judged(&accuracy, number("accuracy"), "csv", permuted.as_str());
    expect(&found, V::NeedsReview, "the classes seem to be numbered in another way");
    expect(&judged(&accuracy, 0.99, "csv", permuted), V::Contradicted, "the predictions give 0.0");
}

#[test]
fn what_may_have_gone_wrong_is_hinted_and_stays_contradicted() {
    let accuracy = format!("{SPECIES}metric = \"accuracy\"");
    let error = format!("{SPECIES}metric = \"error\"");
    let loss = |reduction: &str| format!("{SPECIES}metric = \"log-loss\"\nreduction = \"{reduction}\"");
    let rmse = format!("{MASS}metric = \"rmse\"");
    let cases = [
        (accuracy.clone(), 0.95, "csv", lines(whole("shuffled")).into_bytes(), "but in another order: was the loader shuffling"),
        (accuracy.clone(), 0.95, "csv", "2\n".repeat(333).into_bytes(), "all of them are `Gentoo`; has the model learnt anything?"),
        (error, number("accuracy"), "csv", fixture("codes.csv"), "the number would be that of the accuracy; state the error"),
        (accuracy, 1.0 - number("accuracy"), "csv", fixture("codes.csv"), "the number would be that of the error; state the accuracy"),
        (loss("mean"), number("log-loss sum"), "csv", fixture("other-order.csv"), "the number would be that of the sum over the examples; state the mean"),
        (loss("sum"), number("log-loss mean"), "csv", fixture("other-order.csv"), "the number would be that of the mean of the examples; state the sum"),
        (rmse.clone(), number("rmse").powi(2), "csv", fixture("mass.csv"), "the number would be that of the mean squared error"),
        (rmse, 10.0, "csv", "4200.5\n".repeat(333).into_bytes(), "all of them are 4200.5"),
    ];
    for (settings, claim, ending, bytes, hint) in cases {
        let found = judged(&settings, claim, ending, bytes);
        expect(&found, V::Contradicted, hint);
        assert!(found.advice.contains(hint), "{}", found.advice);
    }
}

#[test]
fn probabilities_are_read_as_they_are() {
    let loss = format!("{SPECIES}metric = \"log-loss\"\nreduction = \"mean\"");
    let one_hot = judged(&loss, 1.6236, "csv", fixture("one-hot.csv"));
    // By hand: 15 of 333 are wrong, each loses -ln(2^-52) = 36.0437.
    expect(&one_hot, V::Pass, "mine.number says 1.6236, the predictions give 1.6236");
    expect(&judged(&loss, 0.1, "csv", fixture("one-hot.csv")), V::NeedsReview, "some right classes have the probability 0");
    expect(&judged(&loss, 0.1, "csv", "0.5,0.5,0\n".repeat(333)), V::Contradicted, "the predictions give ");
    expect(&judged(&loss, 0.1, "csv", "0.5,0.4,0.05\n".repeat(333)), V::Contradicted, "in 333 rows the probabilities do not sum to 1; each counts as it is");
    expect(&judged(&loss, 0.1, "csv", fixture("codes.csv")), V::Unreadable, "the file holds classes, and a log loss needs a probability for each class");
    let stated = format!("{loss}\nscores = \"probabilities\"");
    expect(&judged(&stated, 0.1, "npz", fixture("logits.npz")), V::NeedsReview, "expected a probability from 0 to 1");
    let ties = judged(&format!("{SPECIES}metric = \"accuracy\""), 0.4384, "csv", "0.4,0.4,0.2\n".repeat(333));
    // 146 of 333 penguins are Adelie, the first of the classes.
    expect(&ties, V::Pass, "in 333 rows several are the greatest, and the first counts");
}

#[test]
fn one_probability_for_each_of_two_classes_is_enough() {
    let settings = "data = \"penguins\"\ntarget = \"sex\"\ntolerance = { absolute = 0.0005 }\n";
    let text = lines((0..333).map(|i| if i % 2 == 0 { 0.25 } else { 0.75 }));
    let found = judged(&format!("{settings}metric = \"accuracy\""), 0.9, "csv", text.as_str());
    expect(&found, V::Contradicted, "they are probabilities; above 0.5 counts as `male`");
    let found = judged(&format!("{settings}metric = \"log-loss\"\nreduction = \"mean\""), 0.1, "csv", text);
    expect(&found, V::Contradicted, "the one number of each example was read as that of `male`");
}

#[test]
fn what_is_no_class_is_unreadable_with_its_row() {
    let accuracy = format!("{SPECIES}metric = \"accuracy\"");
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("csv", "0.5\n".repeat(333).into_bytes(), "row 1 holds 0.5, expected a class"),
        ("csv", "0,1\n".repeat(333).into_bytes(), "each row has 2 numbers, and there are 3 classes"),
        ("npy", fixture("objects.npy"), "Python objects"),
        ("pkl", fixture("pickled.pkl"), "a pickle is never opened"),
        ("csv", fixture("pickled.pkl"), "this is a pickle"),
        ("pt", b"PK\x03\x04".to_vec(), "a pickle is never opened, since that would run code that it holds; save one prediction for each"),
    ];
    for (ending, bytes, part) in cases {
        expect(&judged(&accuracy, 0.95, ending, bytes), V::NeedsReview, part);
    }
}

#[test]
fn a_name_that_is_no_class_is_a_wrong_row_and_not_a_wrong_file() {
    let accuracy = format!("{SPECIES}metric = \"accuracy\"");
    let names = String::from_utf8(fixture("names-with-index.csv")).unwrap();
    let misspelt = names.replacen("Adelie", "Adeli", 1);
    // By hand: one of 318 right predictions of 333 fewer is 317/333 = 0.95195.
    let note = "1 row names no class, such as `Adeli` in row 1 (did you mean `Adelie`?), and counts as wrong";
    expect(&judged(&accuracy, 317.0 / 333.0, "csv", misspelt.as_str()), V::Pass, note);
    expect(
        &judged(&accuracy, 318.0 / 333.0, "csv", misspelt.as_str()),
        V::NeedsReview,
        "the claim holds if some of the predictions that are no class are right",
    );
    expect(&judged(&accuracy, 0.99, "csv", misspelt), V::Contradicted, note);
    // Nothing at all was understood.
    let all = judged(&accuracy, 0.9, "csv", "pinguin\n".repeat(333));
    expect(&all, V::NeedsReview, "row 1 holds `pinguin`, expected a class, `Adelie`, `Chinstrap` or `Gentoo`");
}

#[test]
fn rows_are_joined_by_their_names_in_every_format() {
    let accuracy = format!("{SPECIES}metric = \"accuracy\"");
    let rows: Vec<(usize, i64)> = codes().into_iter().enumerate().collect();
    let turned: Vec<&(usize, i64)> = rows.iter().rev().collect();
    let joined = |row: &dyn Fn(&(usize, i64)) -> String, by: &str| turned.iter().map(|pair| row(pair)).collect::<Vec<_>>().join(by);
    let json = format!("{{{}}}", joined(&|(id, label)| format!("\"{id}\": {label}"), ","));
    let records = format!("[{}]", joined(&|(id, label)| format!("{{\"id\": {id}, \"label\": {label}}}"), ","));
    let columns = format!("{{\"ids\": [{}], \"y_pred\": [{}]}}", joined(&|(id, _)| id.to_string(), ","), joined(&|(_, label)| label.to_string(), ","));
    for (ending, text) in [
        ("csv", "id,label\n".to_owned() + &joined(&|(id, label)| format!("{id},{label}"), "\n")),
        ("csv", "label,ImageId\n".to_owned() + &joined(&|(id, label)| format!("{label},{}", id + 1), "\n")),
        ("csv", joined(&|(id, label)| format!("{id},{label}"), "\n")),
        ("json", json),
        ("json", records),
        ("json", columns),
    ] {
        expect(&judged(&accuracy, number("accuracy"), ending, text.as_str()), V::Pass, "the predictions give 0.95495");
        expect(&judged(&accuracy, 0.99, ending, text), V::Contradicted, "the predictions give 0.95495");
    }
    let again = |first: &str| format!("id,label\n{first}\n") + &joined(&|(id, label)| format!("{id},{label}"), "\n");
    let same = again(&format!("5,{}", rows[5].1));
    expect(&judged(&accuracy, number("accuracy"), "csv", same), V::Pass, "1 row is the same as others");
    let other = again(&format!("5,{}", (rows[5].1 + 1) % 3));
    expect(&judged(&accuracy, 0.95, "csv", other), V::NeedsReview, "of 333 examples (0 to 332) 1 has rows that differ (`5`)");
}

#[test]
fn a_picture_of_numbers_has_a_psnr() {
    let settings = "data = \"chelsea\"\ntolerance = { absolute = 0.01 }\nmetric = \"psnr\"";
    let pixels = chelsea().rgb;
    let shifted = |scale: f64| lines(pixels.iter().map(|&value| (f64::from(value) + 5.1) * scale));
    // By hand: each number is 5.1 = 255 / 50 off, so that the PSNR is 20 log10(50) = 33.98 dB.
    expect(&judged(settings, 33.98, "csv", shifted(1.0)), V::Pass, "the predictions give 33.979");
    expect(&judged(&format!("{settings}\npeak = 1.0"), 33.98, "csv", shifted(1.0 / 255.0)), V::Pass, "the predictions give 33.979");
    expect(&judged(settings, 30.0, "csv", shifted(1.0)), V::Contradicted, "the predictions give 33.979");
    let exact = judged(settings, 60.0, "csv", lines(pixels));
    expect(&exact, V::NeedsReview, "the predictions are the right answers themselves");
}

#[test]
fn numbers_far_too_large_are_unreadable_not_our_fault() {
    let rmse = format!("{MASS}metric = \"rmse\"");
    expect(&judged(&rmse, 400.0, "csv", "1e300\n".repeat(333)), V::Unreadable, "the predictions give no finite root mean squared error");
    let loss = format!("{SPECIES}metric = \"log-loss\"\nreduction = \"sum\"");
    expect(&judged(&loss, 1.0, "csv", "1e308,-1e308,1\n".repeat(333)), V::Unreadable, "the predictions give no finite log loss");
}

#[test]
fn a_metric_that_does_not_fit_the_data_is_our_fault() {
    for settings in ["data = \"mnist\"\nmetric = \"rmse\"", "data = \"weather\"\nmetric = \"error\"", "data = \"penguins\"\nmetric = \"error\""] {
        let found = judged(&format!("{settings}\ntolerance = {{ absolute = 1.0 }}"), 0.5, "csv", "1\n");
        assert_eq!(found.verdict, V::Broken, "{}", found.reason);
    }
    let recall = format!("{SPECIES}metric = \"recall\"\nclass = \"Emperor\"");
    expect(&judged(&recall, 0.5, "csv", fixture("codes.csv")), V::Broken, "`Emperor`, and the data set has none");
}

#[test]
fn settings_that_do_not_belong_together_are_told() {
    let cases = [
        ("metric = \"f2\"", "there is no metric `f2`"),
        ("", "needs `metric`"),
        ("metric = \"recall\"", "the metric `recall` needs `class`"),
        ("metric = \"log-loss\"", "the metric `log-loss` needs `reduction`"),
        ("metric = \"rmse\"\nclass = \"Gentoo\"", "the metric `rmse` has no `class`"),
        ("metric = \"error\"\nreduction = \"mean\"", "`reduction` is for the metric `log-loss`"),
        ("metric = \"rmse\"\npeak = 1.0", "`peak` is for the metric `psnr`"),
        ("metric = \"psnr\"\npeak = 0.0", "`peak` is above 0"),
    ];
    for (settings, part) in cases {
        let (_, faults) = parse(&rubric(&format!("{SPECIES}{settings}")));
        assert!(faults.iter().any(|fault| fault.message.contains(part)), "{settings}: {faults:?}");
    }
}

#[test]
fn a_students_edition_checks_the_form_and_reveals_nothing() {
    let student = |data: &str| {
        let text = rubric(&format!("{data}\nmetric = \"accuracy\"")).replace("schema = 1", "schema = 1\nedition = \"student\"");
        let file = |text: String| ("predictions/mine.csv".to_owned(), text.into_bytes());
        move |text_of: String| {
            let metrics = ("metrics.toml".to_owned(), b"mine.number = 0.95".to_vec());
            Opened::of(&text, None).judge(&Submission::of_files("s", vec![metrics, file(text_of)])).items.remove(0)
        }
    };
    let judge = student("data = \"penguins\"\ntarget = \"species\"");
    let found = judge(lines(codes()));
    expect(&found, V::NeedsReview, "333 predictions are there; a person has to judge it");
    assert_eq!(judge(lines(whole("shuffled"))).reason, found.reason, "what is right makes no difference");
    expect(&judge(lines(codes().iter().map(|code| code + 1))), V::NeedsReview, "the classes are numbered from 1 to 3");
    expect(&judge("1\n".to_owned()), V::NeedsReview, "1 predictions for 333");
    // The course keeps the right answers to itself.
    let text = "schema = 1\nedition = \"student\"\nid = \"r\"\ntitle = \"R\"\nseed = 1\n[data]\nhidden = { csv = \"no/train.csv\", val = \"no/val.csv\", label = \"y\" }\n\
                [[part]]\nid = \"p\"\ntitle = \"P\"\n[[part.item]]\nid = \"i\"\ntitle = \"I\"\npoints = 1\ncheck = \"recompute\"\npredictions = \"mine\"\n\
                claim = \"mine.number\"\ndata = \"hidden\"\nmetric = \"accuracy\"\n";
    let files = vec![("metrics.toml".to_owned(), b"mine.number = 0.95".to_vec()), ("predictions/mine.csv".to_owned(), b"1\n2\n".to_vec())];
    let report = Opened::of(text, None).judge(&Submission::of_files("s", files));
    expect(&report.items[0], V::NeedsReview, "2 rows of predictions are there; a person has to judge it");
}

#[test]
fn predictions_are_decoded_when_asked_for_and_once() {
    let bag = Submission::of_files("s", vec![("predictions/mine.npz".to_owned(), fixture("half.npz"))]).bag;
    let (first, again) = (bag.predictions("mine").unwrap(), bag.predictions("mine").unwrap());
    assert!(std::sync::Arc::ptr_eq(&first, &again));
    assert!(bag.predictions("other").is_err());
}

#[test]
fn a_network_stands_in_for_predictions_that_are_not_there() {
    let settings = "metric = \"error\"\ndata = \"mnist\"\ntolerance = { absolute = 0.0005 }\nnetwork = \"mine\"";
    let course = Opened::of(&rubric(settings), None);
    let judged = |claim: &str, files: Vec<(&str, Vec<u8>)>| {
        let metrics = ("metrics.toml".to_owned(), format!("mine.number = {claim}").into_bytes());
        let files = files.into_iter().map(|(path, bytes)| (path.to_owned(), bytes)).chain([metrics]);
        course.judge(&Submission::of_files("s", files)).items.remove(0)
    };
    let network = || ("networks/mine.onnx", crate::networks::fixture("torch-mlp.onnx"));
    // PyTorch's own error on the 10,000 images is 0.071 (fixtures/networks/expected.json).
    expect(&judged("0.071", vec![network()]), V::Pass, "networks/mine.onnx gives 0.071");
    expect(&judged("0.02", vec![network()]), V::Contradicted, "mine.number says 0.02, networks/mine.onnx gives 0.07");
    expect(&judged("0.071", vec![("networks/mine.pt", b"PK\x03\x04".to_vec())]), V::NeedsReview, "this zip is damaged");
    expect(&judged("0.071", vec![]), V::Missing, "there are no predictions `mine`");
    // Predictions that are there count, right or not.
    expect(&judged("0.071", vec![network(), ("predictions/mine.csv", b"1\n2\n".to_vec())]), V::NeedsReview, "2 predictions for 10000 validation examples");
    let (_, faults) = parse(&rubric("metric = \"macro-f1\"\ndata = \"mnist\"\ntolerance = { absolute = 0.0005 }\nnetwork = \"mine\""));
    assert!(faults.iter().any(|fault| fault.message.contains("a network stands in for predictions of images or rows")), "{faults:?}");
}

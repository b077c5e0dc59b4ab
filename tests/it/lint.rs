//! `lint` opens what a rubric names: data files with their arrays and columns, and the lock. It runs nothing.

use crate::common::{Folder, mlgrade, repository};

/// A rubric with a data set, and one part with an item and perhaps more.
fn rubric(data: &str, part: &str, item: &str) -> String {
    let head = "schema = 1\nid = \"hw\"\ntitle = \"Homework\"\nseed = 7\n";
    format!("{head}data.set = {data}\n\n[[part]]\nid = \"one\"\ntitle = \"One\"\n{part}\n[[part.item]]\nid = \"a\"\ntitle = \"A\"\npoints = 2\n{item}\n")
}

/// A course's folder with penguins.csv, a picture, four arrays under other names, and a rubric.
fn course(rubric: &str) -> Folder {
    let file = |path: &str| std::fs::read(repository().join(path)).unwrap();
    Folder::new()
        .with("rubric.toml", rubric)
        .with("penguins.csv", file("crates/data/files/penguins.csv"))
        .with("cat.png", file("crates/data/files/chelsea.png"))
        .with("arrays.npz", file("fixtures/predictions/half.npz"))
}

/// Exit code and all that a command with this rubric prints.
fn outcome(course: &Folder, arguments: &[&str]) -> (Option<i32>, String) {
    let path = course.path().join("rubric.toml").display().to_string();
    let output = mlgrade(&[arguments, &[&path]].concat());
    (output.status.code(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).replace(course.path().to_str().unwrap(), ""))
}

/// `lint` finds one fault of `code`, at the text `place`, with these `words`.
#[track_caller]
fn told(course: &Folder, code: &str, place: &str, words: &str) {
    let (exit, text) = outcome(course, &["lint"]);
    assert_eq!(exit, Some(2), "{text}");
    assert!(text.contains(&format!("error[{code}]")) && text.contains("; 1 error, 0 warnings"), "{text}");
    assert!(text.contains(words), "`{words}` is not told\n{text}");
    assert!(text.contains(place), "`{place}` is not shown\n{text}");
}

const RULE: &str = "check = \"rule\"\nrule = \"r\"\ndata = \"set\"\nclass = \"Gentoo\"\naccuracy = { at_least = 0.9 }";
const NUMBER: &str = "check = \"number\"\nvalue = \"penguins.bayes\"\nagainst = \"reference\"\ntolerance = { absolute = 0.05 }";
const REFERENCE: &str = "reference = { run = \"species-models\", data = \"set\", folds = 5, trees = 10 }";

#[test]
fn what_is_as_it_should_be_is_told_with_its_size() {
    let (exit, text) = outcome(&course(&rubric("{ csv = \"penguins.csv\" }", "", RULE)), &["lint"]);
    let told = "hw: 1 parts, 1 items, 2 points and 0 bonus; 0 errors, 0 warnings\n  data set: 333 rows of 8 columns, 11 rows with missing values dropped\n";
    assert_eq!((exit, text.as_str()), (Some(0), told));
}

#[test]
fn a_data_file_that_is_missing_changed_or_malformed_is_told_where_it_is_named() {
    let data = |data: &str| course(&rubric(data, "", RULE));
    told(&data("{ csv = \"birds.csv\" }"), "D101", "5 | data.set = { csv = \"birds.csv\" }", "birds.csv: the data file is not there");
    let zeros = "0".repeat(64);
    told(&data(&format!("{{ csv = \"penguins.csv\", sha256 = \"{zeros}\" }}")), "D102", "data.set", "penguins.csv");
    told(&data("{ npz = \"penguins.csv\" }"), "D103", "data.set", "penguins.csv: this is no NPZ archive");
    told(&data("{ npz = \"arrays.npz\" }"), "D103", "data.set", "`x_train`");
    told(&data("{ png = \"penguins.csv\" }"), "D103", "data.set", "penguins.csv");
    told(&data("{ idx = \"digits/\" }"), "D101", "data.set", "digits/train-images-idx3-ubyte");
    let ragged = data("{ csv = \"ragged.csv\" }").with("ragged.csv", "a,species\n1,Gentoo\n2\n");
    told(&ragged, "D103", "data.set", "ragged.csv");
    let pair = data("{ csv = \"penguins.csv\", val = \"penguins.csv\", target = \"mass\" }");
    told(&pair, "D103", "data.set", "mass");
}

#[test]
fn columns_and_kinds_that_an_item_asks_for_are_told_where_it_names_the_data() {
    let item = |item: &str| course(&rubric("{ csv = \"penguins.csv\" }", "", item));
    told(
        &item(&RULE.replace("Gentoo", "Emperor")),
        "D103",
        "data = \"set\"",
        "item `one/a`: no text column of the data set has the class `Emperor`; its columns are",
    );
    let recompute = "check = \"recompute\"\nmetric = \"rmse\"\npredictions = \"p\"\ndata = \"set\"\nclaim = \"x\"\ntolerance = { absolute = 0.1 }";
    told(&item(recompute), "D103", "data = \"set\"", "`target` names the column to predict");
    told(&item(&format!("{recompute}\ntarget = \"mass\"")), "R107", "target = \"mass\"", "no column `mass`");
    told(&item(&format!("{recompute}\ntarget = \"species\"")), "D103", "data = \"set\"", "the metric needs numbers to predict");
    let recall = recompute.replace("rmse", "recall");
    told(&item(&format!("{recall}\ntarget = \"species\"\nclass = \"Emperor\"")), "R107", "class = \"Emperor\"", "class `Emperor`");
    let network = "check = \"network\"\nnetwork = \"n\"\nmetric = \"error\"\nclaim = \"x\"\ntolerance = { absolute = 0.1 }\ndata = \"set\"";
    told(&item(&format!("{network}\ntarget = \"species\"\nfeatures = [\"wing_mm\"]")), "R106", "data = \"set\"", "wing_mm");
    told(&item(&format!("{network}\ntarget = \"body_mass_g\"\nfeatures = [\"bill_depth_mm\"]")), "D103", "data = \"set\"", "the metric needs classes");
    told(&item(network), "D103", "data = \"set\"", "the data set `set` is a table");
    let image = "check = \"image\"\nimage = \"i\"\ndata = \"set\"\npsnr = { at_least = 20 }";
    told(&item(image), "D103", "data = \"set\"", "needs a picture");
    let fits = |item_with: &str| outcome(&item(item_with), &["lint"]);
    assert_eq!(fits(&format!("{recompute}\ntarget = \"body_mass_g\"")).0, Some(0));
    assert_eq!(fits(&format!("{recall}\ntarget = \"species\"\nclass = \"Gentoo\"")).0, Some(0));
    assert_eq!(fits(&format!("{network}\ntarget = \"species\"\nfeatures = [\"bill_depth_mm\"]")).0, Some(0));
}

#[test]
fn data_that_a_reference_cannot_run_on_is_told_where_the_reference_stands() {
    let answer = "check = \"number\"\nvalue = \"x\"\nat_least = 0.5";
    for (run, more, words) in [
        ("tree-depth", "", "needs rows with a number to predict, but the data set is a table"),
        ("mlp", "", "needs labelled images, but the data set is a table"),
        ("lenet", "", "needs labelled images"),
        ("positional", "", "needs a picture"),
        ("perceptron", ", features = [\"bill_length_mm\", \"wing_mm\"]", "wing_mm"),
    ] {
        let part = format!("reference = {{ run = \"{run}\", data = \"set\"{more} }}");
        let (exit, text) = outcome(&course(&rubric("{ csv = \"penguins.csv\" }", &part, answer)), &["lint"]);
        assert!(exit == Some(2) && text.contains("error[D103]: part `one`") && text.contains(words) && text.contains(&part), "{run}: {text}");
    }
    let birds = course(&rubric("{ csv = \"birds.csv\" }", REFERENCE, answer)).with("birds.csv", "species,wing\nGentoo,1\nAdelie,2\n");
    let (exit, text) = outcome(&birds, &["lint"]);
    assert!(exit == Some(2) && text.contains("D103") && text.contains("species-models"), "{text}");
}

#[test]
fn a_lock_is_asked_for_only_where_an_item_compares_with_the_reference() {
    told(&course(&rubric("{ csv = \"penguins.csv\" }", REFERENCE, NUMBER)), "L101", "rubric.lock", "the rubric has no lock");
    let bound = "check = \"number\"\nvalue = \"penguins.bayes\"\nat_least = 0.5";
    let course = course(&rubric("{ csv = \"penguins.csv\" }", REFERENCE, bound));
    assert_eq!(outcome(&course, &["lint"]).0, Some(0));
    course.write("s/metrics.toml", "penguins.bayes = 0.9");
    let at = |path: &str| course.path().join(path).display().to_string();
    let graded = mlgrade(&["grade", &at("s"), "--out", &at("out"), "--rubric", &at("rubric.toml")]);
    assert_eq!(graded.status.code(), Some(0), "{}", String::from_utf8_lossy(&graded.stderr));
}

#[test]
fn a_lock_that_was_made_from_something_else_is_told_and_nothing_is_graded_with_it() {
    let course = course(&rubric("{ csv = \"penguins.csv\" }", REFERENCE, NUMBER));
    course.write("s/metrics.toml", "penguins.bayes = 0.9");
    assert_eq!(outcome(&course, &["reference", "--lock", "--rubric"]).0, Some(0));
    let (exit, text) = outcome(&course, &["lint"]);
    assert!(exit == Some(0) && text.contains("  lock /rubric.lock: 1 parts, "), "{text}");
    let (rules, lock, data) = (course.read("rubric.toml"), course.read("rubric.lock"), course.read("penguins.csv"));
    let evidence = lock.find("[part.one.evidence]").unwrap();
    for (file, changed, code, words) in [
        ("rubric.toml", rules.replace("folds = 5", "folds = 6"), "L103", "the reference of part `one` has other settings now"),
        ("rubric.toml", rules.replace("seed = 7", "seed = 8"), "L103", "it is of `hw` with seed 7, the rubric is `hw` with seed 8"),
        ("rubric.toml", rules.replace("id = \"one\"", "id = \"two\""), "L103", "it has no part `two`"),
        ("rubric.lock", lock.replace("rubric = \"hw\"", "rubric = \"other\""), "L103", "it is of `other`"),
        ("rubric.lock", lock.replace("\"penguins.bayes\"", "\"penguins.naive\""), "L103", "it has no value `penguins.bayes`"),
        ("rubric.lock", lock[..evidence].to_owned(), "L102", "part `one` has no `evidence`"),
        ("rubric.lock", "seed = ".to_owned(), "L102", "rubric.lock"),
        ("penguins.csv", data.replacen("39.1", "39.2", 1), "L103", "the data set `set` of part `one` has another content"),
    ] {
        let before = course.read(file);
        assert_ne!(before, changed, "{words}: nothing is changed");
        course.write(file, &changed);
        told(&course, code, "rubric.lock", words);
        let at = |path: &str| course.path().join(path).display().to_string();
        let graded = mlgrade(&["grade", &at("s"), "--out", &at("out"), "--rubric", &at("rubric.toml")]);
        let text = String::from_utf8_lossy(&graded.stderr).into_owned();
        assert!(graded.status.code() == Some(2) && text.contains(code), "{words}: {text}");
        course.write(file, before);
    }
}

#[test]
fn a_student_s_edition_may_lack_the_data_and_has_no_lock() {
    let course = course(&rubric("{ csv = \"penguins.csv\" }", REFERENCE, RULE));
    let out = course.path().join("out").display().to_string();
    assert_eq!(outcome(&course, &["release", "--out", &out, "--rubric"]).0, Some(0));
    let released = course.path().join("out/hw.student.toml").display().to_string();
    let output = mlgrade(&["lint", &released]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

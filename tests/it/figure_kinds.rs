//! Figures without curves: what is drawn from a data set of the course, and what nobody claims.

use mlgrade::domain::verdict::VerdictLabel as V;

use crate::common::{Folder, Opened, mlgrade, repository};
use crate::hostile_files::png;

/// A course whose only item is the figure `plot`.
fn course(settings: &str) -> Opened {
    let head =
        "schema = 1\nid = \"r\"\ntitle = \"R\"\nseed = 1\nDATA[[part]]\nid = \"p\"\ntitle = \"P\"\n[[part.item]]\nid = \"i\"\ntitle = \"I\"\npoints = 10\n";
    let head = head.replace("DATA", if settings.contains("penguins") { "[data]\npenguins = { builtin = \"penguins\" }\n" } else { "" });
    Opened::of(&format!("{head}check = \"figure\"\nfigure = \"plot\"\n{settings}\n"), None)
}

fn fixture(path: &str) -> Vec<u8> {
    std::fs::read(repository().join("fixtures").join(path)).unwrap()
}

/// The verdict on a figure with its reason.
fn judged(course: &Opened, figure: Vec<u8>) -> (V, String) {
    let item = Folder::new().with("figures/plot.png", figure).graded_in(course).items.remove(0);
    (item.verdict, item.reason)
}

const COLUMNS: &str = r#"columns = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]"#;

#[test]
fn points_of_the_courses_data_pass_in_any_two_columns() {
    let course = course(&format!("data = \"penguins\"\ndraws = \"scatter\"\nby = \"species\"\n{COLUMNS}"));
    // 333 penguins have no missing value, by the data set's own count; `one-colour.png` draws 342.
    for (figure, shown) in [
        ("by-class.png", "it shows bill_length_mm over flipper_length_mm, coloured by species, all 333 points"),
        ("one-colour.png", "it shows flipper_length_mm over body_mass_g, all 333 points"),
        ("pairs.png", "shows body_mass_g over bill_depth_mm, coloured by species, all 333 points"),
    ] {
        let (verdict, reason) = judged(&course, fixture(&format!("data-figures/{figure}")));
        assert!(verdict == V::Pass && reason.contains(shown), "{figure}: {verdict:?}: {reason}");
    }
}

#[test]
fn what_is_not_recognised_as_the_courses_data_goes_to_a_person() {
    let scatter = course(&format!("data = \"penguins\"\ndraws = \"scatter\"\nby = \"species\"\n{COLUMNS}"));
    for figure in ["data-figures/shuffled.png", "data-figures/halved.png", "data-figures/histogram.png", "figures/default.png", "figures/blobs.png"] {
        let (verdict, reason) = judged(&scatter, fixture(figure));
        assert!(verdict == V::NeedsReview && reason.contains("penguins was not recognised"), "{figure}: {verdict:?}: {reason}");
    }
    let others = course("data = \"penguins\"\ndraws = \"scatter\"\ncolumns = [\"bill_depth_mm\", \"body_mass_g\"]");
    let (verdict, reason) = judged(&others, fixture("data-figures/by-class.png"));
    assert_eq!(verdict, V::NeedsReview, "other columns: {reason}");
}

#[test]
fn noise_and_empty_axes_do_not_pass_by_themselves() {
    let course = course("min_side = 100");
    for figure in ["figures/noise.jpg", "figures/blank-axes.png", "figures/photo.jpg"] {
        let (verdict, reason) = judged(&course, fixture(figure));
        assert!(verdict == V::NeedsReview && reason.contains("a person looks at it"), "{figure}: {verdict:?}: {reason}");
    }
    let (verdict, reason) = judged(&course, fixture("figures/default.png"));
    assert!(verdict == V::Pass && reason.contains("axes with a line in"), "{verdict:?}: {reason}");
}

#[test]
fn what_a_rubric_says_of_data_and_of_numbers_does_not_mix() {
    let faults = |settings: &str| {
        let head = "schema = 1\nid = \"r\"\ntitle = \"R\"\nseed = 1\n[data]\npenguins = { builtin = \"penguins\" }\n[[part]]\nid = \"p\"\ntitle = \"P\"\n[[part.item]]\nid = \"i\"\ntitle = \"I\"\npoints = 10\n";
        let folder = Folder::new().with("r.toml", format!("{head}check = \"figure\"\nfigure = \"plot\"\n{settings}\n"));
        let output = mlgrade(&["lint", folder.path().join("r.toml").to_str().unwrap()]);
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
    };
    for (settings, fault) in [
        ("data = \"penguins\"\ndraws = \"scatter\"\ncolumns = [\"body_mass_g\"]", "`columns` names what may be drawn: two columns or more for points"),
        ("data = \"penguins\"\ncolumns = [\"bill_depth_mm\", \"body_mass_g\"]", "has draws = \"scatter\" or draws = \"histogram\""),
        (
            "data = \"penguins\"\ndraws = \"scatter\"\ncolumns = [\"bill_depth\", \"body_mass_g\"]",
            "there is no column `bill_depth`; did you mean `bill_depth_mm`?",
        ),
        ("columns = [\"bill_depth_mm\", \"body_mass_g\"]", "`columns` needs `data`"),
        ("data = \"penguins\"\ndraws = \"scatter\"\ncolumns = [\"bill_depth_mm\", \"body_mass_g\"]\nreview = true", "it has neither `shows` nor `review`"),
        ("shows = \"a\"\ndraws = \"bar\"\nx = \"b\"", "`x` is for lines and points"),
        ("shows = [\"a\", \"b\"]\ndraws = \"matrix\"", "a matrix is one name, and `shows` has 2"),
        ("shows = \"a\"\ncategories = [\"b\"]", "`categories` are what the bars, or the rows and columns of a matrix, stand for"),
        ("draws = \"bar\"", "`draws` needs `shows`"),
    ] {
        let found = faults(settings);
        let words = found.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(fault), "{settings}: expected `{fault}` in\n{found}");
    }
}

#[test]
fn without_claims_the_command_lists_what_it_reads() {
    // Six points on a logarithmic scale from 1 to 60: the numbers of the claims beside the figure.
    let path = repository().join("fixtures/figures/decades.png");
    let output = mlgrade(&["figure", path.to_str().unwrap(), "--json"]);
    assert_eq!(output.status.code(), Some(0));
    let listed: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let panel = &listed["panels"][0];
    assert_eq!((listed["panels"].as_array().unwrap().len(), &panel["x"]["scale"], &panel["y"][0]["scale"]), (1, &"log".into(), &"log".into()));
    let drawn = panel["drawn"].as_array().unwrap();
    assert_eq!((drawn.len(), &drawn[0]["looks"], &drawn[0]["colour"]), (2, &"line".into(), &"#1f77b4".into()));
    let claims: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path.with_extension("claims.json")).unwrap()).unwrap();
    for (series, drawn) in claims["series"].as_array().unwrap().iter().zip(drawn) {
        let (claimed, read) = (series["y"][0].as_f64().unwrap(), drawn["values"][0][1].as_f64().unwrap());
        assert!((read / claimed - 1.0).abs() < 0.1, "the first value is {claimed}, and {read} was read");
    }
    let text = String::from_utf8(mlgrade(&["figure", path.to_str().unwrap()]).stdout).unwrap();
    assert!(text.starts_with("x from 0.8") && text.contains("(logarithmic)") && text.lines().count() == 3, "{text}");
    let blank = Folder::new().with("plot.png", png(640, 480, false));
    let text = String::from_utf8(mlgrade(&["figure", blank.path().join("plot.png").to_str().unwrap()]).stdout).unwrap();
    assert_eq!(text, "no axes were found: no row and no column of tick labels could be read\n");
}

/// The verdict on a figure of `fixtures/chart-figures` beside its numbers, of which `change` makes others.
fn drawn_from(figure: &str, settings: &str, change: impl Fn(&mut serde_json::Value)) -> (V, String) {
    let mut numbers: serde_json::Value = serde_json::from_slice(&fixture("chart-figures/metrics.json")).unwrap();
    change(&mut numbers);
    let folder = Folder::new().with("figures/plot.png", fixture(&format!("chart-figures/{figure}"))).with("metrics.json", numbers.to_string());
    let item = folder.graded_in(&course(settings)).items.remove(0);
    (item.verdict, item.reason)
}

const MODELS: &str = r#"draws = "bar"
shows = ["svm.accuracy", "knn.accuracy", "tree.accuracy", "forest.accuracy"]
categories = ["SVM", "KNN", "Tree", "Forest"]"#;
const GROUPED: &str = r#"draws = "bar"
shows = ["bars.train", "bars.test"]
categories = ["SVM", "Tree", "Forest"]"#;
const CONFUSION: &str = r#"draws = "matrix"
shows = "confusion"
categories = ["cat", "dog", "cow"]"#;
const AGES: &str = r#"draws = "histogram"
shows = "ages""#;

#[test]
fn bars_histograms_and_matrices_pass_with_the_numbers_that_they_are_drawn_from() {
    for (figure, settings, shown) in [
        ("models.png", MODELS, "all 4 bars are as high as claimed"),
        ("grouped.png", GROUPED, "the 3 bars of each of the 2 series are as high as claimed"),
        ("importance.png", "draws = \"bar\"\nshows = \"importance\"", "all 4 bars are as high as claimed"),
        ("ages.png", AGES, "in 8 bins"),
        ("confusion.png", CONFUSION, "all 9 cells of the matrix show what is claimed"),
    ] {
        let (verdict, reason) = drawn_from(figure, settings, |_| ());
        assert!(verdict == V::Pass && reason.contains(shown), "{figure}: {verdict:?}: {reason}");
    }
}

#[test]
fn bars_histograms_and_matrices_of_other_numbers_go_to_a_person_with_the_place() {
    type Change = fn(&mut serde_json::Value);
    let wrong: [(&str, &str, Change, &str); 9] = [
        ("models.png", MODELS, |n| n["tree.accuracy"] = 0.79.into(), "0.79"),
        ("models.png", MODELS, |n| (n["svm.accuracy"], n["forest.accuracy"]) = (0.88.into(), 0.81.into()), "the bar of Forest is ≈ 0.88"),
        ("grouped.png", GROUPED, |n| n["bars.test"][1] = 0.81.into(), "0.81"),
        ("grouped.png", GROUPED, |n| (n["bars.train"], n["bars.test"]) = (n["bars.test"].take(), n["bars.train"].take()), "legend"),
        ("grouped.png", GROUPED, |n| n["bars.test"] = serde_json::json!([0.82, 0.71]), "series"),
        ("confusion.png", CONFUSION, |n| n["confusion"][1][2] = 8.into(), "shows 9; the claim says 8"),
        ("confusion.png", CONFUSION, |n| n["confusion"] = serde_json::json!([[52, 4, 0], [3, 47, 6], [1, 9, 61]]), "rows and columns"),
        ("ages.png", AGES, |n| n["ages"].as_array_mut().unwrap().truncate(100), "of the claimed values"),
        ("models.png", "draws = \"histogram\"\nshows = \"ages\"", |_| (), "no axes"),
    ];
    for (i, (figure, settings, change, why)) in wrong.into_iter().enumerate() {
        let (verdict, reason) = drawn_from(figure, settings, change);
        assert!(verdict == V::NeedsReview && reason.contains(why), "{i}, {figure}: {verdict:?}: {reason}");
    }
}

#[test]
fn the_command_holds_numbers_of_a_metrics_file_against_bars_and_matrices() {
    let folder = repository().join("fixtures/chart-figures");
    let metrics = folder.join("metrics.json");
    let run = |figure: &str, kind: &str, series: &[&str]| {
        let figure = folder.join(figure);
        let mut arguments = vec!["figure", figure.to_str().unwrap(), "--json", "--kind", kind, "--claims", metrics.to_str().unwrap()];
        arguments.extend(series.iter().flat_map(|name| ["--series", name]));
        let output = mlgrade(&arguments);
        serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap()["verdict"].clone()
    };
    assert_eq!(run("grouped.png", "bar", &["bars.train", "bars.test"]), "shows");
    assert_eq!(run("importance.png", "bar", &["bars.train"]), "contradicts");
    assert_eq!(run("confusion.png", "matrix", &["confusion"]), "shows");
    assert_eq!(run("ages.png", "histogram", &["ages"]), "shows");
}

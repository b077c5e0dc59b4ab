//! What submissions have in common: what a person would list is listed, independent work is not, and nothing else changes.

use std::collections::BTreeMap;
use std::path::Path;

use mlgrade::picture::Picture;
use mlgrade::picture::figure;
use mlgrade::report::similar::{Comparison, Evidence, Group, Kind, markdown, terminal};
use mlgrade::similar::{Asked, Traces, compare};
use mlgrade::submission::{Submission, find};

use crate::common::{Folder, SHIPPED_COURSE, files_below, mlgrade, reports_below, repository};

fn asked() -> Asked {
    let needs = SHIPPED_COURSE.rubric.items().flat_map(|item| item.check.needs());
    let names = needs.filter_map(|need| need.evidence().map(str::to_owned)).collect();
    Asked { names, ..Asked::default() }
}

/// The traces of every submission in `folder`.
fn class(folder: &str) -> Vec<(String, Traces)> {
    let submissions = find(&repository().join(folder)).unwrap().submissions;
    submissions.iter().map(|one| (one.student.clone(), Traces::of(&one.open().bag.as_usual(&SHIPPED_COURSE.rubric.places), &asked()))).collect()
}

fn with(mut class: Vec<(String, Traces)>, student: &str, files: BTreeMap<String, Vec<u8>>) -> Vec<(String, Traces)> {
    class.push((student.to_owned(), Traces::of(&Submission::of_files(student, files).bag, &asked())));
    class
}

fn files(folder: &str) -> BTreeMap<String, Vec<u8>> {
    files_below(&repository().join(folder)).into_iter().map(|(path, bytes)| (path.to_str().unwrap().to_owned(), bytes)).collect()
}

fn compared(class: Vec<(String, Traces)>) -> Comparison {
    compare("cs441-hw2", class, &asked(), Vec::new())
}

fn students(groups: &[Group]) -> Vec<Vec<&str>> {
    let mut all: Vec<Vec<&str>> = groups.iter().map(|group| group.students.iter().map(String::as_str).collect()).collect();
    all.sort();
    all
}

fn group<'c>(comparison: &'c Comparison, members: &[&str]) -> &'c Group {
    comparison.groups.iter().find(|group| group.students == members).unwrap_or_else(|| panic!("{members:?} is not in {:?}", students(&comparison.groups)))
}

fn evidence(group: &Group, kind: Kind) -> &Evidence {
    group.evidence.iter().find(|evidence| evidence.kind == kind).unwrap_or_else(|| panic!("{group:?}"))
}

/// The metrics of an honest run, every number changed by `change`, which is told the name and the number.
fn changed(run: &str, change: impl Fn(&str, f64) -> f64) -> Vec<u8> {
    let text = std::fs::read_to_string(repository().join(run).join("metrics.json")).unwrap();
    let mut metrics: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&text).unwrap();
    for (name, value) in &mut metrics {
        let number = |value: &mut serde_json::Value| {
            if let Some(number) = value.as_f64() {
                *value = change(name, number).into();
            }
        };
        match value {
            serde_json::Value::Array(values) => values.iter_mut().for_each(number),
            value => number(value),
        }
    }
    serde_json::to_vec(&metrics).unwrap()
}

/// `number` with its last digit of five changed by one.
fn last_digit(number: f64) -> f64 {
    let digit = 10_f64.powf(number.abs().log10().floor() - 4.0);
    format!("{:.4e}", number + digit).parse().unwrap()
}

#[test]
fn the_class_has_in_common_what_a_person_lists() {
    // fixtures/class/similar.csv was written from what the scripts beside it say of who has whose work; s11 and s17 were added after the
    // program had found them and their labels had been compared by hand.
    let comparison = compared(class("submissions"));
    let mut expected: BTreeMap<String, BTreeMap<Vec<String>, String>> = BTreeMap::new();
    for row in csv::Reader::from_path(repository().join("fixtures/class/similar.csv")).unwrap().into_records() {
        let row = row.unwrap();
        expected.entry(row[0].to_owned()).or_default().insert(row[1].split(' ').map(str::to_owned).collect(), row[2].to_owned());
    }
    for (list, groups) in [("group", &comparison.groups), ("many", &comparison.shared_by_many)] {
        let kinds = |group: &Group| group.evidence.iter().map(|evidence| evidence.kind.word()).collect::<Vec<_>>().join(" ");
        let found: BTreeMap<Vec<String>, String> = groups.iter().map(|group| (group.students.clone(), kinds(group))).collect();
        assert_eq!(found, expected[list], "{list}");
    }
    let same = group(&comparison, &["s03-average", "s22-nested"]);
    assert_eq!(evidence(same, Kind::Numbers).summary, "36 of 36 numbers and series that both have are the same", "counted by hand in its two files");
    assert_eq!(evidence(same, Kind::Images).summary, "3 of 3 figures that both have are the same");
    assert!(evidence(same, Kind::Files).summary.contains("figures/trees.png, metrics.json"), "{same:?}");
    let first = &evidence(same, Kind::Numbers).exhibits[0];
    assert_eq!((first.holders, first.stated_by, first.students.len()), (2, 28, 0), "{first:?}");
    let labels = group(&comparison, &["s11-copied", "s17-fabricated"]);
    assert_eq!(evidence(labels, Kind::Predictions).exhibits[0].what, "all 10000 predictions are identical");
    assert_eq!(comparison.least_bits, Some(14), "log2(31·30/2) + 5 = 13.86");
}

#[test]
fn twenty_honest_runs_have_nothing_unusual_in_common() {
    let comparison = compared(class("fixtures/honest"));
    assert_eq!((comparison.submissions, comparison.groups.len(), comparison.shared_by_many.len()), (20, 0, 0), "{comparison:#?}");
}

#[test]
fn a_copy_with_other_last_digits_and_saved_anew_plots_is_found() {
    let original = "submissions/s07-late";
    let mut copy =
        BTreeMap::from([("metrics.json".to_owned(), changed(original, |_, number| if number.fract() == 0.0 { number } else { last_digit(number) }))]);
    for (path, bytes) in files(original).into_iter().filter(|(path, _)| path.starts_with("figures/")) {
        let picture = Picture::of_figure(&figure::decode(&path, &bytes).unwrap()).unwrap();
        // Twice the size, with a little noise as JPEG has it.
        let (width, height) = (picture.width * 2, picture.height * 2);
        let noisy = |at: usize| {
            let (x, y, channel) = (at / 3 % width / 2, at / 3 / width / 2, at % 3);
            picture.rgb[(y * picture.width + x) * 3 + channel].saturating_sub(u8::try_from(at * 7919 % 5).unwrap())
        };
        let rgb = (0..width * height * 3).map(noisy).collect();
        copy.insert(path, Picture { width, height, rgb }.png().unwrap());
    }
    let comparison = compared(with(class("submissions"), "z-copy", copy));
    let found = group(&comparison, &["s07-late", "z-copy"]);
    let (numbers, images) = (evidence(found, Kind::Numbers), evidence(found, Kind::Images));
    assert!(numbers.summary.contains(" nearly") && numbers.bits > Some(14), "{numbers:?}");
    assert!(images.summary.contains(" nearly") && images.exhibits[0].what.contains("1024×768"), "{images:?}");
}

#[test]
fn the_same_in_another_unit_is_found() {
    let percent = changed("fixtures/honest/run-04", |_, number| number * 100.0);
    let comparison = compared(with(class("fixtures/honest"), "x", BTreeMap::from([("metrics.json".to_owned(), percent)])));
    let found = group(&comparison, &["run-04", "x"]);
    assert!(evidence(found, Kind::Numbers).summary.contains(" nearly"), "{found:?}");
    assert_eq!(comparison.groups.len(), 1);
}

#[test]
fn five_that_are_the_same_are_one_group() {
    let mut all = class("fixtures/honest");
    for copy in ["a", "b", "c", "d"] {
        all = with(all, copy, files("fixtures/honest/run-11"));
    }
    let comparison = compared(all);
    assert_eq!(students(&comparison.groups), [["a", "b", "c", "d", "run-11"]]);
    assert!(comparison.shared_by_many.is_empty());
}

#[test]
fn what_many_have_says_nothing() {
    // All have the same starter file and three the same data; ten used one seed for all that scikit-learn draws, four another: such seeds
    // make whole families of numbers agree at once.
    let mut all = Vec::new();
    for i in 0..20 {
        let run = format!("fixtures/honest/run-{i:02}");
        let seed = match i {
            0..10 => "fixtures/honest/run-00",
            10..14 => "fixtures/honest/run-10",
            _ => &run,
        };
        let read = |run: &str| -> serde_json::Map<String, serde_json::Value> { serde_json::from_slice(&files(run)["metrics.json"]).unwrap() };
        let seeded = read(seed);
        let mut metrics = read(&run);
        for (name, value) in &mut metrics {
            if ["tree", "forest", "boosted", "penguins", "best"].contains(&name.split('.').next().unwrap()) {
                value.clone_from(&seeded[name]);
            }
        }
        let mut handed = files(&run);
        handed.insert("metrics.json".to_owned(), serde_json::to_vec(&metrics).unwrap());
        handed.insert("starter.py".to_owned(), vec![b'#'; 500]);
        if i % 7 == 0 {
            handed.insert("data/weather.csv".to_owned(), vec![b'1'; 5_000]);
        }
        all = with(all, &format!("u{i:02}"), handed);
    }
    let comparison = compared(all);
    assert_eq!(students(&comparison.groups), [[""; 0]; 0], "{comparison:#?}");
}

#[test]
fn labels_that_are_wrong_in_the_same_way_are_found() {
    // Twelve models, each wrong on 60 of 1,000 examples of its own; the last is the first with five labels put right.
    let wrong = |who: usize, example: usize| (example * 31 + who * 977).wrapping_mul(2_654_435_761) % 1_000 < 60;
    let label = |who: usize, example: usize| (example * 7 + usize::from(wrong(who, example)) * (1 + (who + example) % 9)) % 10;
    let sheet = |labels: &mut dyn Iterator<Item = usize>| labels.map(|label| label.to_string()).collect::<Vec<_>>().join("\n").into_bytes();
    let mut all = Vec::new();
    for who in 0..12 {
        all = with(all, &format!("m{who:02}"), BTreeMap::from([("predictions/improved.csv".to_owned(), sheet(&mut (0..1_000).map(|x| label(who, x))))]));
    }
    let put_right: Vec<usize> = (0..1_000).filter(|&x| wrong(0, x)).take(5).collect();
    let near = sheet(&mut (0..1_000).map(|x| if put_right.contains(&x) { x * 7 % 10 } else { label(0, x) }));
    let right = (0..1_000).map(|x: usize| (x * 7 % 10).to_string()).collect();
    let all = with(all, "near", BTreeMap::from([("predictions/improved.csv".to_owned(), near)]));
    let told = Asked { right: BTreeMap::from([("improved".to_owned(), right)]), ..asked() };
    let comparison = compare("r", all, &told, Vec::new());
    assert_eq!(students(&comparison.groups), [["m00", "near"]]);
    let wrong_of_first = (0..1_000).filter(|&x| wrong(0, x)).count();
    let what = &evidence(&comparison.groups[0], Kind::Predictions).exhibits[0].what;
    let expected = format!("of {wrong_of_first} predictions that are wrong in either, {} are the same label in both", wrong_of_first - 5);
    assert!(what.starts_with(&expected), "{what}");
}

#[test]
fn order_and_names_make_no_difference() {
    let json = |comparison: &Comparison| mlgrade::report::json::json(comparison).unwrap();
    let first = compared(class("submissions"));
    let mut turned = class("submissions");
    turned.reverse();
    turned.rotate_left(9);
    assert_eq!(json(&compared(turned)), json(&first));
    // Names that sort the other way: the same groups, each with the same bits and the same kinds.
    let renamed: Vec<(String, Traces)> = class("submissions").into_iter().enumerate().map(|(i, (_, traces))| (format!("n{:02}", 99 - i), traces)).collect();
    let names: BTreeMap<String, String> = class("submissions").into_iter().enumerate().map(|(i, (name, _))| (format!("n{:02}", 99 - i), name)).collect();
    let told = |comparison: &Comparison| -> Vec<(Vec<String>, u32, u32, Vec<String>)> {
        let told = |group: &Group| {
            let mut members: Vec<String> = group.students.iter().map(|name| names.get(name).unwrap_or(name).clone()).collect();
            members.sort();
            let bits = group.bits.unwrap();
            let summaries = group.evidence.iter().filter(|evidence| evidence.kind != Kind::Files).map(|evidence| evidence.summary.clone()).collect();
            (members, bits.least, bits.most, summaries)
        };
        let mut all: Vec<_> = comparison.groups.iter().chain(&comparison.shared_by_many).map(told).collect();
        all.sort();
        all
    };
    assert_eq!(told(&compared(renamed)), told(&first));
}

#[test]
fn a_class_that_is_too_small_is_told_so() {
    let two = with(with(Vec::new(), "a", files("fixtures/honest/run-00")), "b", files("fixtures/honest/run-00"));
    let comparison = compared(two);
    assert_eq!((comparison.least_bits, comparison.groups[0].bits), (None, None));
    assert!(terminal(&comparison).contains("too small to tell how unusual") && markdown(&comparison).contains("### a, b\n"), "{}", markdown(&comparison));
    let honest = with(with(Vec::new(), "a", files("fixtures/honest/run-03")), "b", files("fixtures/honest/run-16"));
    assert!(compared(honest).groups.is_empty());
    assert!(compared(Vec::new()).groups.is_empty());
}

fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    reports_below(folder).into_iter().map(|(path, bytes)| (path.to_str().unwrap().to_owned(), bytes)).collect()
}

#[test]
fn nothing_else_changes_by_a_byte_and_no_student_hears_of_it() {
    let out = tempfile::tempdir().unwrap();
    let out = out.path().to_str().unwrap();
    assert!(mlgrade(&["grade", "submissions", "--out", out]).status.success());
    let mut before = contents(Path::new(out));
    let page = |all: &mut BTreeMap<String, Vec<u8>>| String::from_utf8(all.remove("index.html").unwrap()).unwrap();
    assert!(page(&mut before).contains("Not looked for yet"));
    let output = mlgrade(&["similar", "submissions", "--out", out, "--threads", "1"]);
    assert_eq!(output.status.code(), Some(0));
    let mut after = contents(Path::new(out));
    let (told, json) = (after.remove("similar.md").unwrap(), after.remove("similar.json").unwrap());
    let on_page = page(&mut after);
    let section = on_page.split_once("<section id=\"similar\">").unwrap().1.split_once("</section>").unwrap().0.to_owned();
    assert!(section.contains("<a href=\"similar.md\">") && section.matches("<tr><th scope=\"row\">").count() == 4, "{section}");
    assert!(before == after, "a report has changed");
    let about_students = after.iter().filter(|(path, _)| path.starts_with("for-students/"));
    assert!(about_students.clone().count() == 2 * 31 && about_students.clone().all(|(_, text)| !String::from_utf8_lossy(text).contains("in common")));
    assert!(mlgrade(&["grade", "submissions", "--out", out]).status.success());
    let mut again = contents(Path::new(out));
    assert!(page(&mut again).contains(&section), "the page keeps what was found when the class is graded again");
    assert!(before.iter().all(|(path, bytes)| again[path] == *bytes));

    // Three threads write the same bytes, and `--json` prints them.
    let printed = mlgrade(&["similar", "submissions", "--out", out, "--threads", "3", "--json"]);
    assert_eq!((printed.stdout, contents(Path::new(out))["similar.md"].clone()), (json.clone(), told.clone()));

    let told = String::from_utf8(told).unwrap();
    insta::assert_snapshot!("similar_markdown", told);
    let on_screen = String::from_utf8(output.stdout).unwrap();
    let (on_screen, _) = on_screen.split_once("\nwrote ").unwrap();
    insta::assert_snapshot!("similar_terminal", on_screen);
    for word in ["cheat", "plagiar", "suspicio", "suspect", "fraud", "dishonest", "guilt", "misconduct"] {
        assert!(!format!("{told}{on_screen}").to_lowercase().contains(word), "{word}");
    }
    assert!(told.contains("accuses nobody and changes no score"));
    let schema: serde_json::Value = serde_json::from_slice(&mlgrade(&["schema", "similar"]).stdout).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert!(schema["required"].as_array().unwrap().iter().all(|key| json.get(key.as_str().unwrap()).is_some()));
}

#[test]
fn what_cannot_be_read_is_named_and_left_out() {
    let folder = Folder::new();
    for run in 0..7 {
        for (path, bytes) in files(&format!("fixtures/honest/run-{run:02}")) {
            folder.write(&format!("run-{run}/{path}"), bytes);
        }
    }
    folder.write("broken.zip", b"PK\x03\x04 and no more");
    folder.write("odd/metrics.json", b"{\"a\": [1e999, null, [[]], {}], \"b\": \"\xff\"}");
    folder.write("odd/figures/mlp.png", b"\x89PNG\r\n\x1a\nno picture");
    folder.write("odd/predictions/improved.csv", b"x,y\n1,2\n3\n");
    let out = folder.path().join("out").display().to_string();
    let output = mlgrade(&["similar", folder.path().to_str().unwrap(), "--out", &out]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(text.contains("broken was not compared: ") && text.contains("no pair has unusually much in common"), "{text}");
}

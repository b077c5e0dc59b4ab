//! `check` agrees with `grade`: what earns full marks is never to fix, what is right is never missing, unreadable or contradicted.

use mlgrade::domain::verdict::VerdictLabel as V;
use mlgrade::picture::Picture;
use mlgrade::report::student::{State, StudentItem};
use mlgrade::report::{ItemReport, Report, StudentView};
use mlgrade::rubric::release::student_edition;
use mlgrade::rubric::{SHIPPED, Shipped};
use mlgrade::submission::{Submission, find};
use proptest::prelude::*;
use toml::{Table, Value};

use crate::common::{LAB, Opened, SHIPPED_COURSE, repository};
use crate::hostile_files::png;
use crate::pictures::chelsea;
use crate::{networks, notebooks};

/// A rubric as its students have it.
fn released(shipped: &Shipped) -> Opened {
    Opened::of(&student_edition(shipped.rubric).unwrap(), None)
}

/// What is wrong with what `check` says of an item that `grade` judges so.
fn contradiction(graded: &ItemReport, checked: &StudentItem) -> Option<String> {
    let told = format!("{}: grade says {:?} ({}), check says {:?} ({})", graded.id, graded.verdict, graded.reason, checked.state, checked.advice);
    let agrees = match checked.state {
        State::Fine => graded.verdict == V::Pass || (graded.verdict == V::NeedsReview && !graded.urgent),
        // Nobody is sent to mend what is right.
        State::Fix => graded.verdict != V::Pass,
        State::NotFound => matches!(graded.verdict, V::Missing),
        State::Found => !matches!(graded.verdict, V::Missing | V::Unreadable | V::Broken),
        State::Ungraded => graded.verdict == V::Broken,
    };
    (!agrees).then_some(told)
}

fn contradictions(graded: &Report, checked: &StudentView) -> Vec<String> {
    let of = |item: &StudentItem| contradiction(graded.items.iter().find(|graded| graded.id == item.id)?, item);
    checked.items().filter_map(of).collect()
}

/// Asserts that both agree on every submission in `folder`.
fn agree_on(folder: &str, course: &Opened, shipped: &Shipped) {
    let students = released(shipped);
    let mut right = 0;
    for handed_in in find(&repository().join(folder)).unwrap().submissions {
        let submission = handed_in.open();
        let (graded, checked) = (course.judge(&submission), students.judge(&submission).for_student());
        let wrong = contradictions(&graded, &checked);
        assert!(wrong.is_empty(), "{}:\n{}", graded.student, wrong.join("\n"));
        right += checked.items().filter(|item| item.state == State::Fine).count();
    }
    assert!(right > 0, "nothing is right in {folder}");
}

#[test]
fn check_agrees_with_grade_on_the_example_class() {
    agree_on("submissions", &SHIPPED_COURSE, &SHIPPED[0]);
}

#[test]
fn check_agrees_with_grade_on_honest_runs() {
    agree_on("fixtures/honest", &SHIPPED_COURSE, &SHIPPED[0]);
    agree_on("fixtures/lab/honest", &LAB, &SHIPPED[1]);
}

/// What a careless student does to one value.
#[derive(Debug, Clone)]
enum Slip {
    Leave,
    Forget,
    Scale(f64),
    Shift(f64),
    Cut,
    Reverse,
    Write(&'static str),
    Copy(usize),
}

fn slip() -> impl Strategy<Value = Slip> {
    prop_oneof![
        Just(Slip::Forget),
        prop_oneof![Just(100.0), Just(0.01), Just(-1.0), Just(10_000.0), 0.5..2.0_f64].prop_map(Slip::Scale),
        (-0.2..0.2_f64).prop_map(Slip::Shift),
        Just(Slip::Cut),
        Just(Slip::Reverse),
        prop_oneof![Just("nan"), Just("about 0.5"), Just(""), Just("forest"), Just("not the forest"), Just("97.5 %"), Just("body_mass_g > 4000 -> Gentoo")]
            .prop_map(Slip::Write),
        any::<usize>().prop_map(Slip::Copy),
        Just(Slip::Leave),
    ]
}

fn slipped(value: &Value, slip: &Slip, others: &[Value]) -> Option<Value> {
    let number = |value: &Value| value.as_float().or_else(|| value.as_integer().map(|whole| whole as f64));
    let change = |change: &dyn Fn(f64) -> f64| match value {
        Value::Array(values) => Value::Array(values.iter().map(|value| number(value).map_or_else(|| value.clone(), |number| change(number).into())).collect()),
        value => number(value).map_or_else(|| value.clone(), |number| change(number).into()),
    };
    Some(match (slip, value) {
        (Slip::Forget, _) => return None,
        (Slip::Scale(factor), _) => change(&|number| number * factor),
        (Slip::Shift(by), _) => change(&|number| number + by),
        (Slip::Cut, Value::Array(values)) => Value::Array(values[..values.len() / 2].to_vec()),
        (Slip::Reverse, Value::Array(values)) => Value::Array(values.iter().rev().cloned().collect()),
        (Slip::Write(text), _) => Value::from(*text),
        (Slip::Copy(which), _) => others[which % others.len()].clone(),
        (Slip::Leave | Slip::Cut | Slip::Reverse, _) => value.clone(),
    })
}

/// The statements of `files` with `slips` made in some of them, and no other file: figures are read for other tests.
fn careless(files: &[(&str, String)], slips: &[(usize, Slip)]) -> Submission {
    let tables: Vec<(&str, Table)> = files.iter().map(|(path, text)| (*path, text.parse().unwrap())).collect();
    let all: Vec<Value> = tables.iter().flat_map(|(_, table)| table.values().cloned()).collect();
    let mut at = 0;
    let mut changed = Vec::new();
    for (path, table) in tables {
        let mut kept = Table::new();
        for (name, value) in table {
            let slip = slips.iter().find(|(place, _)| place % all.len() == at).map_or(&Slip::Leave, |(_, slip)| slip);
            if let Some(value) = slipped(&value, slip, &all) {
                kept.insert(name, value);
            }
            at += 1;
        }
        changed.push((path.to_owned(), kept.to_string().into_bytes()));
    }
    Submission::of_files("careless", changed)
}

fn statements(folder: &str) -> Vec<(&'static str, String)> {
    ["metrics.toml", "answers.toml"].map(|path| (path, std::fs::read_to_string(repository().join(folder).join(path)).unwrap())).to_vec()
}

/// Asserts that both agree on `slips` made in the reference's statements.
fn agree_on_slips(course: &Opened, students: &Opened, files: &[(&str, String)], slips: &[(usize, Slip)]) -> Result<(), TestCaseError> {
    let submission = careless(files, slips);
    let wrong = contradictions(&course.judge(&submission), &students.judge(&submission).for_student());
    prop_assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

#[test]
fn check_agrees_with_grade_whatever_slips() {
    for (folder, course, shipped) in [("submissions/s01-reference", &SHIPPED_COURSE, &SHIPPED[0]), ("fixtures/lab/reference", &LAB, &SHIPPED[1])] {
        let (students, files) = (released(shipped), statements(folder));
        let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() });
        let slips = prop::collection::vec((any::<usize>(), slip()), 1..40);
        runner.run(&slips, |slips| agree_on_slips(course, &students, &files, &slips)).unwrap_or_else(|error| panic!("{folder}: {error}"));
    }
}

/// A course with one item that judges by `settings`.
fn course_of(settings: &str, lock: &str) -> (Opened, Opened) {
    let reference = if lock.is_empty() { "" } else { "reference = { run = \"tree-depth\", data = \"weather\", depths = [2, 4, 8] }\n" };
    let data = ["penguins", "mnist", "chelsea", "weather"].map(|name| format!("{name} = {{ builtin = \"{name}\" }}\n")).concat();
    let rubric = format!(
        "schema = 1\nid = \"r\"\ntitle = \"R\"\nseed = 1\n[data]\n{data}[[part]]\nid = \"p\"\ntitle = \"P\"\n{reference}[[part.item]]\nid = \"i\"\n\
         title = \"I\"\npoints = 10\n{settings}\n"
    );
    let text = format!("rubric = \"r\"\nseed = 1\n[part.p]\nrun = \"tree-depth\"\ndata = \"\"\nsettings = \"\"\n[part.p.evidence]\n{lock}\n");
    (Opened::of(&rubric, (!lock.is_empty()).then_some(&text)), Opened::of(&student_edition(&rubric).unwrap(), None))
}

/// Asserts what `grade` and `check` say of these files, and that `check` says `words`.
#[track_caller]
fn told(courses: &(Opened, Opened), files: &[(&str, &[u8])], graded: V, checked: State, words: &str) {
    let files = files.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec()));
    let submission = Submission::of_files("s", files);
    let report = courses.0.judge(&submission);
    let view = courses.1.judge(&submission).for_student();
    let item = view.items().next().unwrap();
    assert_eq!((report.items[0].verdict, item.state), (graded, checked), "grade: {}\ncheck: {}", report.items[0].reason, item.advice);
    assert!(item.advice.contains(words), "`{words}` is not in `{}`", item.advice);
    assert_eq!(contradiction(&report.items[0], item), None);
}

const ONLY: &str = "only the course can judge";

#[test]
fn a_number_and_an_order_are_judged_by_the_course_and_their_faults_are_told() {
    let number = course_of("check = \"number\"\nvalue = [\"a\", \"b\"]\nunit = \"fraction\"\nat_least = 0.9", "");
    let says = |text: &str, graded, checked, words| told(&number, &[("metrics.toml", text.as_bytes())], graded, checked, words);
    says("a = 0.95\nb = 0.97", V::Pass, State::Found, "a = 0.95 is there; b = 0.97 is there; only the course");
    says("a = 0.15\nb = 0.17", V::Fail, State::Found, ONLY);
    says("a = 0.95", V::Partial, State::Fix, "1 of 2 found; `b`: not found in metrics.toml");
    says("c = 0.95", V::Missing, State::NotFound, "`a`, `b`: not found");
    says("a = 0.95\nb = \"high\"", V::NeedsReview, State::Fix, "expected a number");
    says("a = 0.95\nb = -0.4", V::Partial, State::Fix, "between 0 and 1");
    let held = course_of("check = \"number\"\nvalue = \"best\"\nabove = 0\nis.best = { least = \"losses\" }", "");
    let says = |text: &str, graded, checked, words| told(&held, &[("metrics.toml", text.as_bytes())], graded, checked, words);
    says("best = 0.2\nlosses = [0.5, 0.2, 0.3]", V::Pass, State::Found, ONLY);
    says("best = 0.4\nlosses = [0.5, 0.2, 0.3]", V::Contradicted, State::Fix, "best");
    let order = course_of("check = \"order\"\nascending = [\"deep\", \"plain\"]\nat = \"last\"\nby = 0.01", "");
    let says = |text: &str, graded, checked, words| told(&order, &[("metrics.toml", text.as_bytes())], graded, checked, words);
    says("deep = [0.3, 0.02]\nplain = [0.4, 0.31]", V::Pass, State::Found, ONLY);
    says("deep = [0.3, 0.31]\nplain = 0.02", V::Fail, State::Found, ONLY);
    says("deep = [0.3, 0.31]", V::Missing, State::NotFound, "`plain`");
    says("deep = []\nplain = 0.02", V::Fail, State::Fix, "empty list");
}

#[test]
fn a_curve_is_found_and_what_no_slack_allows_is_told() {
    let falling = course_of("check = \"curve\"\nseries = \"loss\"\nlength = 4\nmeasures = \"loss\"\nmonotone = \"falling\"\nslack = \"30%\"", "");
    let says = |text: &str, graded, checked, words| told(&falling, &[("metrics.toml", text.as_bytes())], graded, checked, words);
    says("loss = [0.5, 0.3, 0.31, 0.2]", V::Pass, State::Found, "they rise from 0.3 at place 2 to 0.31 at place 3, and only the course can judge how much");
    says("loss = [0.5, 0.4, 0.3, 0.2]", V::Pass, State::Found, "4 values are there; only the course can judge it");
    says("loss = [0.5, 0.1, 0.4, 0.2]", V::Fail, State::Found, "how much they may rise");
    says("loss = [0.1, 0.2, 0.3, 0.4]", V::Fail, State::Fix, "never does so");
    says("loss = [0.5, 0.4, -0.3, 0.2]", V::Fail, State::Fix, "above 0");
    says("loss = [0.5, 0.4, 0.3]", V::Fail, State::Fix, "expected 4");
    says("loss = [0.5, 0.4, 0.3, \"x\"]", V::NeedsReview, State::Fix, "expected a number");
    says("loss = 0.5", V::Unreadable, State::Fix, "expected a list");
    let ends = course_of("check = \"curve\"\nseries = [\"a\", \"b\"]\nends_at = [\"a_end\", \"b_end\"]", "");
    let says = |text: &str, graded, checked, words| told(&ends, &[("metrics.toml", text.as_bytes())], graded, checked, words);
    says("a = [1, 2]\na_end = 2\nb = [3, 4]\nb_end = 4", V::Pass, State::Found, "a, b: 2 values are there");
    says("a = [1, 2]\na_end = 2\nb = [3, 4]\nb_end = 9", V::Partial, State::Fix, "b ends at 4, but b_end says 9");
    says("a = [1, 2]\nb = [3, 4]\nb_end = 4", V::Partial, State::Fix, "1 of 2 found; `a_end`: not found");
    let compared =
        course_of("check = \"curve\"\nseries = \"tree.val_rmse\"\nagainst = \"reference\"\ntolerance = { relative = \"10%\" }", "\"tree.val_rmse\" = [4, 3]");
    let says = |text: &str, graded, checked, words| told(&compared, &[("metrics.toml", text.as_bytes())], graded, checked, words);
    says("tree.val_rmse = [4.1, 3.1]", V::Pass, State::Found, ONLY);
    says("tree.val_rmse = [9.1, 3.1]", V::Fail, State::Found, ONLY);
}

#[test]
fn an_answer_is_right_where_it_follows_from_the_student_s_own_numbers_alone() {
    let secret = course_of("check = \"answer\"\nanswer = \"which\"\nchoices = [\"tree\", \"forest\"]\nexpect = \"forest\"", "");
    let says = |text: &str, graded, checked, words| told(&secret, &[("answers.toml", text.as_bytes())], graded, checked, words);
    says("which = \"the random forest\"", V::Pass, State::Found, ONLY);
    says("which = \"tree\"", V::Fail, State::Found, ONLY);
    says("which = \"\"", V::Missing, State::NotFound, "empty");
    says("which = \"neither of them, rather boosting\"", V::NeedsReview, State::Found, "which");
    let own = course_of("check = \"answer\"\nanswer = \"depth\"\nexpect = { argmin = \"rmse\", over = \"depths\" }", "");
    let says = |text: &str, graded, checked, words| told(&own, &[("answers.toml", text.as_bytes())], graded, checked, words);
    says("depth = 4\nrmse = [3, 2, 5]\ndepths = [2, 4, 8]", V::Pass, State::Fine, "as your own numbers say");
    says("depth = 8\nrmse = [3, 2, 5]\ndepths = [2, 4, 8]", V::Fail, State::Fix, "by your own numbers it is 4");
    says("depth = 8\nrmse = [3, 2, 5]", V::NeedsReview, State::Found, "`depths`");
    let written = course_of("check = \"written\"\nanswer = \"why\"\nguide = \"Because.\"", "");
    told(&written, &[("answers.toml", b"why = \"because so\"")], V::NeedsReview, State::Found, "read by a person");
    told(&written, &[("answers.toml", b"why = \"  \"")], V::Missing, State::NotFound, "empty");
}

#[test]
fn a_rule_is_evaluated_and_its_accuracy_is_judged_by_the_course() {
    let settings = "check = \"rule\"\nrule = \"r\"\ndata = \"penguins\"\nclass = \"Gentoo\"\naccuracy = { at_least = 0.97 }\nconditions = { at_most = 2 }";
    let rule = course_of(settings, "");
    let says = |text: &str, graded, checked, words| told(&rule, &[("answers.toml", format!("r = \"{text}\"").as_bytes())], graded, checked, words);
    says("flipper_length_mm > 206.5 and bill_depth_mm <= 17.65 -> Gentoo", V::Pass, State::Found, "332 of 333 rows");
    says("body_mass_g > 4000 -> Gentoo", V::Fail, State::Found, ONLY);
    says("body_mass_g > 4000 and bill_depth_mm < 17 and bill_length_mm > 30 -> Gentoo", V::Fail, State::Fix, "at most 2 are allowed");
    told(&rule, &[("metrics.toml", b"x = 1")], V::Missing, State::NotFound, "`r`");
}

#[test]
fn files_figures_and_notebooks_hold_nothing_that_only_the_course_knows() {
    let file = course_of("check = \"file\"\nfile = [\"report.pdf\", \"report.txt\"]", "");
    told(&file, &[("report.txt", b"text")], V::Pass, State::Fine, "report.txt is there");
    told(&file, &[("report.txt", b"")], V::Fail, State::Fix, "empty");
    told(&file, &[("metrics.toml", b"x = 1")], V::Missing, State::NotFound, "`report.pdf` or `report.txt`");
    let figure = course_of("check = \"figure\"\nfigure = \"plot\"", "");
    told(&figure, &[("figures/plot.png", &png(640, 480, true))], V::Fail, State::Fix, "blank");
    told(&figure, &[("figures/plot.png", b"no picture")], V::NeedsReview, State::Fix, "figures/plot.png");
    told(&figure, &[("metrics.toml", b"x = 1")], V::Missing, State::NotFound, "there is no figure `plot`");
    let run = course_of("check = \"notebook\"", "");
    told(&run, &[("hw.ipynb", &notebooks::fixture("small.ipynb"))], V::Pass, State::Fine, "hw.ipynb");
    told(&run, &[("hw.ipynb", &notebooks::fixture("out-of-order.ipynb"))], V::Partial, State::Fix, "restart the kernel");
    told(&run, &[("metrics.toml", b"x = 1")], V::Missing, State::NotFound, "there is no notebook");
}

#[test]
fn pictures_are_compared_as_far_as_it_needs_no_secret() {
    let (target, dark) = (chelsea(), Picture { rgb: chelsea().rgb.iter().map(|value| value / 2).collect(), ..chelsea() });
    let (target, dark) = (target.png().unwrap(), dark.png().unwrap());
    let small = Picture { width: 20, height: 20, rgb: vec![9; 1200] }.png().unwrap();
    let image =
        course_of("check = \"image\"\nimage = \"a\"\ndata = \"chelsea\"\nbeats = \"b\"\nby = 6\nclaim = \"a.psnr\"\ntolerance = { absolute = 0.5 }", "");
    let claim = ("metrics.toml", &b"a.psnr = 100"[..]);
    told(&image, &[("figures/a.png", &target), ("figures/b.png", &dark), claim], V::Pass, State::Found, "a.psnr says 100 dB; only the course");
    told(
        &image,
        &[("figures/a.png", &dark), ("figures/b.png", &dark), ("metrics.toml", b"a.psnr = 8.1")],
        V::Contradicted,
        State::Fix,
        "has to be closer to the target",
    );
    told(&image, &[("figures/a.png", &small), ("figures/b.png", &dark), claim], V::Fail, State::Fix, "20×20 pixels, the picture to reconstruct 100×100");
    told(&image, &[("figures/a.png", &target), claim], V::Missing, State::NotFound, "there is no figure `b`");
    told(&image, &[("figures/a.png", &target), ("figures/b.png", &dark)], V::Missing, State::NotFound, "`a.psnr`");
}

#[test]
fn predictions_and_networks_are_read_and_their_claims_are_judged_by_the_course() {
    let settings = "check = \"recompute\"\nmetric = \"error\"\npredictions = \"p\"\ndata = \"mnist\"\nclaim = \"e\"\ntolerance = { absolute = 0.0005 }";
    let recompute = course_of(settings, "");
    let predictions = std::fs::read(repository().join("submissions/s01-reference/predictions/improved.csv")).unwrap();
    told(&recompute, &[("predictions/p.csv", &predictions), ("metrics.toml", b"e = 0.0188")], V::Pass, State::Found, "10000 predictions are there");
    told(&recompute, &[("predictions/p.csv", &predictions), ("metrics.toml", b"e = 0.5")], V::Contradicted, State::Found, ONLY);
    told(&recompute, &[("predictions/p.csv", &predictions[..2000]), ("metrics.toml", b"e = 0.5")], V::NeedsReview, State::Fix, "10000");
    told(&recompute, &[("predictions/p.csv", &predictions)], V::Missing, State::NotFound, "`e`");
    told(&recompute, &[("metrics.toml", b"e = 0.5")], V::Missing, State::NotFound, "there are no predictions `p`");
    let settings = "check = \"network\"\nnetwork = \"n\"\nmetric = \"error\"\ndata = \"mnist\"\nclaim = \"e\"\ntolerance = { absolute = 0.001 }\nparameters = { at_most = 100000 }";
    let network = course_of(settings, "");
    let right = networks::fixture("torch-mlp.onnx");
    told(&network, &[("networks/n.onnx", &right), ("metrics.toml", b"e = 0.071")], V::Pass, State::Found, "runs");
    told(&network, &[("networks/n.onnx", &right), ("metrics.toml", b"e = 0.02")], V::Contradicted, State::Found, ONLY);
    told(&network, &[("networks/n.pkl", &networks::fixture("refused.pkl")), ("metrics.toml", b"e = 0.02")], V::NeedsReview, State::Fix, "n.pkl");
    let few = course_of(&settings.replace("100000", "100"), "");
    told(&few, &[("networks/n.onnx", &right), ("metrics.toml", b"e = 0.071")], V::Fail, State::Fix, "at most 100 are allowed");
}

#[test]
fn what_needs_the_course_s_own_data_waits_for_the_course() {
    let files = [
        ("metrics.toml", b"e = 0.0188\n".to_vec()),
        ("answers.toml", b"r = \"wing > 5 -> Gentoo\"".to_vec()),
        ("predictions/p.csv", b"1\n2\n3\n".to_vec()),
        ("networks/p.onnx", networks::fixture("torch-mlp.onnx")),
        ("figures/p.png", png(100, 100, false)),
    ];
    let submission = Submission::of_files("s", files.map(|(path, bytes)| (path.to_owned(), bytes)));
    for settings in [
        "check = \"rule\"\nrule = \"r\"\ndata = \"own\"\nclass = \"Gentoo\"",
        "check = \"recompute\"\nmetric = \"error\"\npredictions = \"p\"\ndata = \"own\"\nclaim = \"e\"",
        "check = \"network\"\nnetwork = \"p\"\nmetric = \"error\"\ndata = \"own\"\nclaim = \"e\"",
        "check = \"image\"\nimage = \"p\"\ndata = \"own\"",
    ] {
        let head = "schema = 1\nid = \"r\"\ntitle = \"R\"\nseed = 0\nedition = \"student\"\ndata.own = { npz = \"kept-by-the-course.npz\" }\n";
        let rubric = format!("{head}[[part]]\nid = \"p\"\ntitle = \"P\"\n[[part.item]]\nid = \"i\"\ntitle = \"I\"\npoints = 1\n{settings}\n");
        let view = Opened::of(&rubric, None).judge(&submission).for_student();
        let item = view.items().next().unwrap();
        assert!(item.state == State::Found && item.advice.contains(ONLY), "{settings}: {item:?}");
        assert!(!view.falls_short() && !view.is_ungraded());
    }
}

#[test]
fn what_waits_for_another_item_is_still_told_what_to_mend() {
    let head = "schema = 1\nid = \"r\"\ntitle = \"R\"\nseed = 1\n[[part]]\nid = \"p\"\ntitle = \"P\"\n";
    let item = |id: &str, settings: &str| format!("[[part.item]]\nid = \"{id}\"\ntitle = \"{id}\"\npoints = 1\n{settings}\n");
    let first = item("first", "check = \"number\"\nvalue = \"a\"\nat_least = 0.5");
    let then = item("then", "after = \"first\"\ncheck = \"file\"\nfile = \"report.txt\"");
    let rubric = student_edition(&format!("{head}{first}{then}")).unwrap();
    let state = |report: &[u8]| {
        let files = [("metrics.toml", b"a = 0.9".to_vec()), ("report.txt", report.to_vec())].map(|(path, bytes)| (path.to_owned(), bytes));
        let view = Opened::of(&rubric, None).judge(&Submission::of_files("s", files)).for_student();
        view.parts[0].items[1].state
    };
    assert_eq!((state(b""), state(b"text")), (State::Fix, State::Found));
}

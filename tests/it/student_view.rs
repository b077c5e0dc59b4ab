//! What a student sees holds no reference value, no tolerance, no guide and no hidden item, whatever she handed in.

use std::collections::BTreeSet;
use std::path::Path;

use mlgrade::check::KINDS;
use mlgrade::domain::number::significant;
use mlgrade::domain::value::Value;
use mlgrade::report::Report;
use mlgrade::rubric::release::student_edition;
use mlgrade::rubric::{SHIPPED, handbook, parse};
use mlgrade::submission::Submission;

use crate::common::{Folder, LAB, Opened, SHIPPED_COURSE, files_below, mlgrade, repository};

/// The numbers of the reference with three digits or more, as anybody may print them.
fn reference_numbers(course: &Opened) -> BTreeSet<String> {
    fn numbers(value: &Value) -> Vec<f64> {
        match value {
            Value::Number(number) => vec![number.get()],
            Value::List(values) => values.iter().flat_map(numbers).collect(),
            _ => Vec::new(),
        }
    }
    let lock = course.lock.as_ref().unwrap();
    lock.parts.values().flat_map(|part| part.evidence.values()).flat_map(numbers).flat_map(printed).collect()
}

/// A number as anybody may print it, with three digits or more, and in percent with four.
fn printed(number: f64) -> Vec<String> {
    let digits = |text: &String| text.chars().filter(char::is_ascii_digit).collect::<String>().trim_start_matches('0').len();
    let percent = Some(significant(number * 100.0, 4)).filter(|percent| digits(percent) >= 4);
    let written = [3, 4, 5, 8].map(|digits| significant(number, digits)).into_iter().chain([number.to_string()]);
    written.filter(|text| digits(text) >= 3).chain(percent).collect()
}

/// All numbers of a TOML value as `print` writes them.
fn printed_of(value: &toml::Value, print: fn(f64) -> Vec<String>) -> BTreeSet<String> {
    match value {
        toml::Value::Float(number) => print(*number).into_iter().collect(),
        toml::Value::Integer(number) => print(*number as f64).into_iter().collect(),
        toml::Value::Array(values) => values.iter().flat_map(|value| printed_of(value, print)).collect(),
        toml::Value::Table(table) => table.values().flat_map(|value| printed_of(value, print)).collect(),
        _ => BTreeSet::new(),
    }
}

/// A number that a student states, as it stands and read as percent.
fn printed_own(number: f64) -> Vec<String> {
    [number, number / 100.0].into_iter().flat_map(printed).collect()
}

/// The same as a page shows it beside her curves, however few digits that has.
fn printed_on_pages(number: f64) -> Vec<String> {
    [number, number / 100.0].into_iter().flat_map(|number| [3, 4].map(|digits| significant(number, digits))).collect()
}

/// Whether `number` stands in `text` as a number of its own.
fn shows(text: &str, number: &str) -> bool {
    let is_part = |c: char| c.is_ascii_digit() || c == '.';
    text.match_indices(number).any(|(at, _)| {
        let after = &text[at + number.len()..];
        let goes_on = after.strip_prefix('.').unwrap_or(after).starts_with(|c: char| c.is_ascii_digit());
        let has_power = after.strip_prefix("e-").is_some_and(|power| power.starts_with(|c: char| c.is_ascii_digit()));
        !goes_on && !has_power && !text[..at].ends_with(is_part)
    })
}

/// Everything that the program shows the student of `folder`: her report, and what `check` says.
fn shown(folder: &Folder, rubric: &str) -> String {
    let (path, out) = (folder.path().to_str().unwrap(), Folder::new());
    let graded = mlgrade(&["grade", path, "--rubric", rubric, "--out", out.path().to_str().unwrap()]);
    assert!(graded.status.success(), "{}", String::from_utf8_lossy(&graded.stderr));
    let name = folder.path().file_name().unwrap().to_str().unwrap();
    let pages = || out.read(&format!("for-students/{name}.md")) + &crate::html::visible(&out.read(&format!("for-students/{name}.html")));
    let withheld = pages();
    let released = mlgrade(&["publish", out.path().to_str().unwrap(), "--release"]);
    assert!(released.status.success(), "{}", String::from_utf8_lossy(&released.stderr));
    let mut text = withheld + &pages();
    for more in [&["--json"][..], &["--as-course"]] {
        let output = mlgrade(&[&["check", path, "--rubric", rubric], more].concat());
        assert!(matches!(output.status.code(), Some(0 | 1)), "{output:?}");
        text += &String::from_utf8(output.stdout).unwrap();
        text += &String::from_utf8(output.stderr).unwrap();
    }
    text
}

/// The metrics of the reference's submission `folder` with every number put through `change`.
fn changed(folder: &Folder, change: impl Fn(f64) -> f64) -> String {
    fn walk(value: &mut toml::Value, change: &dyn Fn(f64) -> f64) {
        match value {
            toml::Value::Float(number) => *number = change(*number),
            toml::Value::Array(values) => values.iter_mut().for_each(|value| walk(value, change)),
            toml::Value::Table(table) => table.iter_mut().for_each(|(_, value)| walk(value, change)),
            _ => {}
        }
    }
    let mut metrics: toml::Value = toml::from_str(&folder.read("metrics.toml")).unwrap();
    walk(&mut metrics, &change);
    toml::to_string(&metrics).unwrap()
}

/// Submissions that fall short in many ways, each with what is wrong, and the rubric that they are for.
fn broken() -> Vec<(&'static str, Folder, &'static Opened)> {
    // A student is told how like the target her own pictures are and what her own plots show, so they must not be the reference's.
    let (picture, plot) = (crate::hostile_files::png(100, 100, false), crate::hostile_files::png(640, 480, false));
    let homework = || {
        let folder = Folder::of_reference().with("figures/encoded.png", &picture).with("figures/raw.png", &picture);
        ["trees", "mlp", "improved"].into_iter().fold(folder, |folder, name| folder.with(&format!("figures/{name}.svg"), &plot))
    };
    let lab = || {
        let folder = Folder::copy_of(&repository().join("fixtures/lab/reference"));
        let figures: Vec<_> = std::fs::read_dir(folder.path().join("figures")).unwrap().map(|file| file.unwrap().file_name()).collect();
        figures.iter().fold(folder, |folder, name| folder.with(&format!("figures/{}", name.to_str().unwrap()), &plot))
    };
    let wrong = "best_depth = 32\nboosted_size = \"larger\"\nleast_overfitting = \"tree\"\nlowest_bias = \"tree\"\nbest_learning_rate = 0.01\n\
                 gentoo_rule = \"body_mass_g > 3901 -> Gentoo\"\nsecond_rule = \"body_mass_g > 3902\"\nbest_classifier = \"svm\"\nwhy_boosted_size = \"so\"";
    let mut all = Vec::new();
    for (course, reference) in [(&*SHIPPED_COURSE, &homework as &dyn Fn() -> Folder), (&*LAB, &lab)] {
        let with = |change: &dyn Fn(f64) -> f64| reference().with("metrics.toml", changed(&reference(), change));
        all.push(("twice as large", with(&|x| x * 2.0), course));
        all.push(("nearly in percent", with(&|x| x * 103.0), course));
        all.push(("all three", with(&|_| 3.0), course));
        all.push(("negative", with(&|x| -x - 0.7), course));
        all.push(("not finite", with(&|_| f64::NAN), course));
        all.push(("wrong answers", with(&|x| x * 3.0 + 1.0).with("answers.toml", wrong), course));
        all.push(("another's predictions", with(&|_| 0.5).with("predictions/improved.csv", "3\n".repeat(10_000)), course));
        all.push(("nothing", Folder::new().with("notes.txt", ""), course));
    }
    all
}

#[test]
fn no_reference_value_tolerance_or_guide_shows() {
    let guides = |course: &Opened| course.rubric.items().filter_map(|item| item.check.model_answer().map(|(_, guide)| guide.to_owned())).collect::<Vec<_>>();
    let numbers: Vec<BTreeSet<String>> = [&SHIPPED_COURSE, &LAB].map(|course| reference_numbers(course)).into();
    assert!(numbers.iter().all(|numbers| numbers.len() > 500) && guides(&SHIPPED_COURSE).len() == 5 && guides(&LAB).len() > 5);
    for (what, folder, course) in broken() {
        let text = shown(&folder, &course.rubric.id);
        let is_toml = |path: &std::path::Path| path.extension().is_some_and(|ending| ending == "toml");
        let files = crate::common::files_below(folder.path()).into_iter().filter(|(path, _)| is_toml(path));
        let stated: Vec<String> = files.map(|(_, bytes)| String::from_utf8_lossy(&bytes).into_owned()).collect();
        let written = |print: fn(f64) -> Vec<String>| -> BTreeSet<String> {
            stated.iter().flat_map(|text| printed_of(&text.parse::<toml::Table>().unwrap().into(), print)).collect()
        };
        let (own, on_pages) = (written(printed_own), written(printed_on_pages));
        // The folder's random name may hold digits.
        let text = text.replace(folder.path().file_name().unwrap().to_str().unwrap(), "");
        let titles: String = course.rubric.items().map(|item| item.title.as_str()).collect::<Vec<_>>().join("\n");
        let numbers = &numbers[usize::from(course.rubric.id != SHIPPED[0].id)];
        let points = points_shown(course.judge(&Submission::open(folder.path())));
        // A number stands in a text with its sign or without.
        let own: BTreeSet<String> = own.iter().map(|number| number.trim_start_matches('-').to_owned()).collect();
        let is_own = |number: &str| {
            own.contains(number.trim_start_matches('-'))
                || points.contains(number)
                || stated.iter().any(|text| text.contains(number))
                || shows(&titles, number)
                || is_public(number)
        };
        // What is computed from the student's own numbers may be the reference's: the ratio of two doubled norms is that of the norms.
        let judged: String = text.lines().filter(|line| !line.contains("by your own numbers")).flat_map(|line| [line, "\n"]).collect();
        for number in numbers.iter().filter(|number| !is_own(number)) {
            assert!(!shows(&judged, number), "{what}: {number} shows\n{text}");
        }
        let secrets = ["±", " 45 %", " 55 %", " 50 %", "the reference has"].map(str::to_owned);
        // What the reference answers is what its guides say; here a student hands it in.
        let are_own = |guide: &String| stated.iter().any(|text| text.contains(guide));
        for secret in guides(course).into_iter().filter(|guide| !are_own(guide)).chain(secrets) {
            assert!(!text.contains(&secret), "{what}: `{secret}` shows\n{text}");
        }
        for bound in ["0.985", "0.025", "0.97", "0.95"] {
            assert!(course.rubric.id != SHIPPED[0].id || on_pages.contains(bound) || !shows(&text, bound), "{what}: the bound {bound} shows\n{text}");
        }
    }
}

/// What a student earns, loses and may still earn, before and after the grades are released.
fn points_shown(mut report: Report) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for released in [false, true] {
        report.released = released;
        let view = report.for_student();
        let items = view.items().flat_map(|item| [item.points.unwrap_or_default(), item.possible - item.points.unwrap_or_default()]);
        let sums = view.parts.iter().map(|part| part.score).chain([view.score]);
        let sums = sums.flat_map(|score| [score.lowest, score.highest, score.possible]);
        all.extend(items.chain(sums).chain(view.parts.iter().map(|part| part.bonus)).map(|points| points.to_string()));
    }
    all
}

/// Numbers that the task itself states, or sizes and accuracies of what was handed in (0.976: of its second rule).
fn is_public(number: &str) -> bool {
    matches!(number, "0.976" | "10000" | "1000" | "100" | "0.100" | "640" | "480")
}

const SMALL: &str = r#"# a comment that gives it away
schema = 1
id = "small"
title = "Small"
seed = 1

[data]
penguins = { builtin = "penguins" } # only the secret rule uses it

[[part]]
id = "one"
title = "One"

[[part.item]]
id = "open"
title = "An open item"
points = 1
check = "number"
value = "open_number"
at_least = 0.123456

[[part.item]]
id = "secret-id"
title = "A secret title"
points = 1
student = "hidden"
check = "number"
value = "secret_number"
at_least = 0.654321

[[part.item]]
id = "follows"
title = "It waits"
points = 1
after = "secret-id"
check = "written"
answer = "why"
guide = "The secret guide."

[[part]]
id = "secret-part"
title = "A secret part"

[[part.item]]
id = "secret-rule"
title = "A secret rule"
points = 1
student = "hidden"
check = "rule"
rule = "secret_rule"
data = "penguins"
class = "Gentoo"
accuracy = { at_least = 0.9 }
"#;

#[test]
fn a_hidden_item_shows_nowhere() {
    let folder = Folder::new().with("rubric.toml", SMALL).with("s/metrics.toml", "open_number = 0.1").with("s/answers.toml", "why = \"because\"");
    let at = |path: &str| folder.path().join(path).display().to_string();
    let (rubric, student) = (at("rubric.toml"), at("s"));
    for more in [&[][..], &["--json"], &["--as-course"], &["--as-course", "--json"]] {
        let output = mlgrade(&[&["check", &student, "--rubric", &rubric], more].concat());
        let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        assert!(text.contains("An open item"), "{text}");
        no_secret(&text);
    }
    let out = at("out");
    let run = |arguments: &[&str]| assert!(mlgrade(arguments).status.code() == Some(0), "{arguments:?}");
    run(&["grade", &at("s"), "--rubric", &rubric, "--out", &out]);
    for more in ["--withhold", "--release"] {
        run(&["publish", &out, more]);
        let text = crate::html::visible(&folder.read("out/for-students/s.html"));
        assert!(text.contains("An open item"), "{text}");
        no_secret(&text);
        // Of 4 points one is told: two are hidden, and what depends on a hidden item would give it away.
        assert!(text.contains("of 1 point") && !text.contains("of 4") && text.contains("It is there; the course judges it."), "{text}");
    }
}

fn no_secret(text: &str) {
    for secret in ["secret", "Secret", "0.654321", "0.123456", "hidden", "depends on"] {
        assert!(!text.contains(secret), "`{secret}` shows\n{text}");
    }
}

#[test]
fn what_follows_an_item_that_is_only_found_does_not_tell_its_verdict() {
    let rubric = SMALL.replace("student = \"hidden\"\ncheck = \"number\"", "student = \"found\"\ncheck = \"number\"");
    let views: Vec<String> = ["0.1", "0.9"]
        .iter()
        .map(|number| {
            let folder = Folder::new().with("rubric.toml", &rubric).with("s/answers.toml", "why = \"because\"");
            folder.write("s/metrics.toml", format!("secret_number = {number}"));
            let at = |path: &str| folder.path().join(path).display().to_string();
            String::from_utf8(mlgrade(&["check", &at("s"), "--as-course", "--rubric", &at("rubric.toml")]).stdout).unwrap()
        })
        .collect();
    let told = |view: &str| view.lines().skip_while(|line| !line.contains("A secret title")).take(2).collect::<Vec<_>>().join("\n");
    assert!(views[0].contains("it is there; the course judges it"), "{}", views[0]);
    assert_eq!(told(&views[0]), told(&views[1]));
    assert!(views.iter().all(|view| !view.contains("earned nothing") && !view.contains("secret-id")), "{views:?}");
    let marks = |view: &str| view.lines().filter(|line| line.trim_start().starts_with('✗')).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(marks(&views[0]), marks(&views[1]));
}

/// The text of all files in a folder, but for the ids of a notebook's cells.
fn all_in(folder: &Path) -> String {
    let text: String = files_below(folder).into_values().map(|bytes| String::from_utf8(bytes).unwrap()).collect();
    text.lines().filter(|line| !line.trim_start().starts_with("\"id\": \"cell-")).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_released_rubric_holds_no_secret_and_can_be_checked_with() {
    let folder = Folder::new().with("rubric.toml", SMALL);
    let at = |path: &str| folder.path().join(path).display().to_string();
    let output = mlgrade(&["release", "--rubric", &at("rubric.toml"), "--out", &at("out")]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = all_in(&folder.path().join("out"));
    for secret in ["secret", "hidden", "at_least", "guide", "0.123456", "gives it away", "penguins"] {
        assert!(!text.contains(secret), "`{secret}` is in the released files\n{text}");
    }
    assert!(parse(&folder.read("out/small.student.toml")).0.is_some());
    folder.write("s/metrics.toml", "open_number = 0.1");
    let output = mlgrade(&["check", &at("s"), "--rubric", &at("out/small.student.toml")]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("only the course can judge it") && text.contains("An open item"), "{text}");
}

#[test]
fn a_released_order_names_what_it_is_between_and_not_which_comes_first() {
    let (head, _) = SMALL.split_once("[[part.item]]").unwrap();
    let item = "[[part.item]]\nid = \"order\"\ntitle = \"Order\"\npoints = 1\ncheck = \"order\"\nascending = [\"b\", \"c\", \"a\"]\nby = 0.5";
    let folder = Folder::new().with("rubric.toml", format!("{head}{item}\n")).with("s/metrics.toml", "a = 1\nb = 2\nc = 3");
    let at = |path: &str| folder.path().join(path).display().to_string();
    assert!(mlgrade(&["release", "--rubric", &at("rubric.toml"), "--out", &at("out")]).status.success());
    let text = folder.read("out/small.student.toml");
    assert!(text.contains(r#"values = ["a", "b", "c"]"#) && !text.contains("ascending") && !text.contains("by ="), "{text}");
    let output = mlgrade(&["check", &at("s"), "--rubric", &at("out/small.student.toml")]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("a is 1, b is 2, c is 3; only the course can judge it"), "{text}");
}

#[test]
fn the_shipped_rubrics_are_released_without_their_secrets() {
    for (shipped, course) in SHIPPED.iter().zip([&SHIPPED_COURSE, &LAB]) {
        let out = Folder::new();
        let output = mlgrade(&["release", "--rubric", shipped.id, "--out", out.path().to_str().unwrap()]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = out.read(&format!("{}.student.toml", shipped.id));
        let table: toml::Table = text.parse().unwrap();
        let mut items = 0;
        for part in table["part"].as_array().unwrap() {
            assert!(part.get("reference").is_none(), "{part}");
            for item in part["item"].as_array().unwrap() {
                let kind = KINDS.iter().find(|kind| item["check"].as_str() == Some(kind.name)).unwrap();
                for key in kind.secret().filter(|key| *key != "expect" || item.get("expect").is_some_and(|expect| !expect.is_table())) {
                    assert!(item.get(key).is_none(), "`{key}` is in the released item\n{item}");
                }
                items += 1;
            }
        }
        assert!(items > 30, "only {items} items");
        assert!(text.lines().skip(2).all(|line| !line.trim_start().starts_with('#')), "{text}");
        let all = all_in(out.path());
        for number in reference_numbers(course).iter().filter(|number| !is_public(number) && !shows(shipped.rubric, number)) {
            assert!(!shows(&all, number), "{number} shows\n{all}");
        }
        let rubric = out.path().join(format!("{}.student.toml", shipped.id)).display().to_string();
        let submission = if shipped.id == SHIPPED[0].id { Folder::of_reference() } else { Folder::copy_of(&repository().join("fixtures/lab/reference")) };
        let output = mlgrade(&["check", submission.path().to_str().unwrap(), "--rubric", &rubric]);
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(0), "{text}");
        assert!(text.contains("only the course can judge it") && !text.contains("the reference has"), "{text}");
    }
}

#[test]
fn explain_says_nothing_that_a_released_rubric_hides() {
    let all = handbook::markdown();
    for (shipped, course) in SHIPPED.iter().zip([&SHIPPED_COURSE, &LAB]) {
        // Of so many numbers some have the same three digits as an example.
        let is_long = |number: &str| number.chars().filter(char::is_ascii_digit).collect::<String>().trim_start_matches('0').len() >= 4;
        for number in reference_numbers(course).iter().filter(|number| is_long(number) && !is_public(number) && !shows(shipped.rubric, number)) {
            assert!(!shows(&all, number), "{number} of {} shows in `explain`", shipped.id);
        }
        let table: toml::Table = shipped.rubric.parse().unwrap();
        let items: Vec<&toml::Value> = table["part"].as_array().unwrap().iter().flat_map(|part| part["item"].as_array().unwrap()).collect();
        for item in &items {
            // A right answer stands beside the answer's name in the doc of the reference that gives it.
            if let (Some(answer), Some(right)) = (item.get("answer").and_then(toml::Value::as_str), item.get("expect").and_then(toml::Value::as_str)) {
                assert!(!all.contains(&format!("{answer} ({right})")), "`explain` tells {answer}");
            }
            if let Some(guide) = item.get("guide").and_then(toml::Value::as_str) {
                assert!(!all.contains(guide), "`explain` tells {guide}");
            }
            let kind = KINDS.iter().find(|kind| item["check"].as_str() == Some(kind.name)).unwrap();
            let example: toml::Table = kind.example.item.parse().unwrap();
            for key in kind.secret().filter(|key| !matches!(*key, "against" | "expect")) {
                let (own, shown) = (item.get(key), example.get(key));
                assert!(own.is_none() || own != shown, "the example of `{}` has the `{key}` of {item}", kind.name);
            }
        }
    }
}

#[test]
fn check_with_the_course_s_own_rubric_is_no_oracle() {
    let rubric = SMALL.replace("student = \"hidden\"\n", "").replace("0.654321", "0.9");
    let told = |number: &str, more: &[&str]| {
        let folder = Folder::new().with("rubric.toml", &rubric).with("s/answers.toml", "why = \"because\"");
        folder.write("s/metrics.toml", format!("open_number = {number}\nsecret_number = {number}"));
        let at = |path: &str| folder.path().join(path).display().to_string();
        let output = mlgrade(&[&["check", &at("s"), "--rubric", &at("rubric.toml")], more].concat());
        (output.status.code(), String::from_utf8(output.stdout).unwrap().replace(number, "NUMBER"))
    };
    for more in [&[][..], &["--json"]] {
        assert_eq!(told("0.05", more), told("0.95", more), "a number that is right and one that is wrong are told alike");
    }
    let (right, wrong) = (told("0.95", &["--as-course", "--json"]).1, told("0.05", &["--as-course", "--json"]).1);
    assert!(right.contains("\"fine\"") && wrong.contains("\"fix\"") && !right.contains("\"fix\""), "{right}\n{wrong}");
}

#[test]
fn a_number_in_place_of_a_relation_is_the_answer_and_stays_with_the_course() {
    let (head, _) = SMALL.split_once("[[part.item]]").unwrap();
    let item =
        "[[part.item]]\nid = \"n\"\ntitle = \"N\"\npoints = 1\ncheck = \"number\"\nvalue = [\"a\", \"b\"]\nis.a = 0.123456\nis.b = { least = \"losses\" }";
    let text = student_edition(&format!("{head}{item}\n")).unwrap();
    assert!(!text.contains("0.123456") && text.contains("losses"), "{text}");
    assert!(parse(&text).0.is_some());
}

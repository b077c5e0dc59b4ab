//! What a student sees holds no reference value, no tolerance, no guide and no hidden item, whatever she handed in.

use std::collections::BTreeSet;

use mlgrade::domain::number::significant;
use mlgrade::evidence::value::Value;
use mlgrade::rubric::{SHIPPED, parse};

use crate::common::{Folder, SHIPPED_COURSE, mlgrade};

/// The numbers of the reference with three digits or more, as anybody may print them.
fn reference_numbers() -> BTreeSet<String> {
    fn add(value: &Value, into: &mut BTreeSet<String>) {
        match value {
            Value::Number(number) => {
                let written = [3, 4, 5, 8].map(|digits| significant(number.get(), digits)).into_iter().chain([number.to_string()]);
                into.extend(written.filter(|text| text.chars().filter(char::is_ascii_digit).collect::<String>().trim_start_matches('0').len() >= 3));
            }
            Value::List(values) => values.iter().for_each(|value| add(value, into)),
            _ => {}
        }
    }
    let mut numbers = BTreeSet::new();
    let lock = SHIPPED_COURSE.lock.as_ref().unwrap();
    lock.parts.values().flat_map(|part| part.evidence.values()).for_each(|value| add(value, &mut numbers));
    numbers
}

/// Whether `number` stands in `text` as a number of its own.
fn shows(text: &str, number: &str) -> bool {
    let is_part = |c: char| c.is_ascii_digit() || c == '.';
    text.match_indices(number).any(|(at, _)| {
        let after = &text[at + number.len()..];
        let goes_on = after.strip_prefix('.').unwrap_or(after).starts_with(|c: char| c.is_ascii_digit());
        !goes_on && !text[..at].ends_with(is_part)
    })
}

/// Everything that the program shows the student of `folder`: her report, and `check` as text and as JSON.
fn shown(folder: &Folder) -> String {
    let (path, out) = (folder.path().to_str().unwrap(), Folder::new());
    let graded = mlgrade(&["grade", path, "--out", out.path().to_str().unwrap()]);
    assert!(graded.status.success(), "{}", String::from_utf8_lossy(&graded.stderr));
    let name = folder.path().file_name().unwrap().to_str().unwrap();
    let mut text = out.read(&format!("for-students/{name}.md"));
    for more in [&[][..], &["--json"], &["--as-course"], &["--as-course", "--json"]] {
        let output = mlgrade(&[&["check", path], more].concat());
        assert!(matches!(output.status.code(), Some(0 | 1)), "{output:?}");
        text += &String::from_utf8(output.stdout).unwrap();
        text += &String::from_utf8(output.stderr).unwrap();
    }
    text
}

/// The reference's metrics with every number put through `change`.
fn changed(change: impl Fn(f64) -> f64) -> String {
    fn walk(value: &mut toml::Value, change: &dyn Fn(f64) -> f64) {
        match value {
            toml::Value::Float(number) => *number = change(*number),
            toml::Value::Array(values) => values.iter_mut().for_each(|value| walk(value, change)),
            toml::Value::Table(table) => table.iter_mut().for_each(|(_, value)| walk(value, change)),
            _ => {}
        }
    }
    let mut metrics: toml::Value = toml::from_str(&Folder::of_reference().read("metrics.toml")).unwrap();
    walk(&mut metrics, &change);
    toml::to_string(&metrics).unwrap()
}

/// Submissions that fall short in many ways, each with what is wrong.
fn broken() -> Vec<(&'static str, Folder)> {
    // A student is told how like the target her own pictures are and what her own plots show, so they must not be the reference's.
    let (picture, plot) = (crate::hostile_files::png(100, 100, false), crate::hostile_files::png(640, 480, false));
    let reference = || {
        let folder = Folder::of_reference().with("figures/encoded.png", &picture).with("figures/raw.png", &picture);
        ["trees", "mlp", "improved"].into_iter().fold(folder, |folder, name| folder.with(&format!("figures/{name}.svg"), &plot))
    };
    let with = |metrics: String| reference().with("metrics.toml", metrics);
    let wrong = "best_depth = 32\nboosted_size = \"larger\"\nleast_overfitting = \"tree\"\nlowest_bias = \"tree\"\nbest_learning_rate = 0.01\n\
                 gentoo_rule = \"body_mass_g > 3901 -> Gentoo\"\nsecond_rule = \"body_mass_g > 3902\"\nbest_classifier = \"svm\"\nwhy_boosted_size = \"so\"";
    vec![
        ("twice as large", with(changed(|x| x * 2.0))),
        ("nearly in percent", with(changed(|x| x * 103.0))),
        ("all three", with(changed(|_| 3.0))),
        ("negative", with(changed(|x| -x - 0.7))),
        ("not finite", with(changed(|_| f64::NAN))),
        ("wrong answers", reference().with("answers.toml", wrong).with("metrics.toml", changed(|x| x * 3.0 + 1.0))),
        ("another's predictions", with(changed(|_| 0.5)).with("predictions/improved.csv", "3\n".repeat(10_000))),
        ("nothing", Folder::new().with("notes.txt", "")),
    ]
}

#[test]
fn no_reference_value_tolerance_or_guide_shows() {
    let numbers = reference_numbers();
    assert!(numbers.len() > 500, "only {} numbers", numbers.len());
    let guides: Vec<&str> = SHIPPED_COURSE.rubric.items().filter_map(|item| item.check.model_answer()).map(|(_, guide)| guide).collect();
    assert_eq!(guides.len(), 5);
    for (what, folder) in broken() {
        let text = shown(&folder);
        let stated: String = crate::common::files_below(folder.path())
            .iter()
            .filter(|(path, _)| path.extension().is_some_and(|ending| ending == "toml"))
            .map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned())
            .collect();
        // The folder's random name may hold digits.
        let text = text.replace(folder.path().file_name().unwrap().to_str().unwrap(), "");
        for number in numbers.iter().filter(|number| !stated.contains(number.as_str()) && !is_public(number)) {
            assert!(!shows(&text, number), "{what}: {number} shows\n{text}");
        }
        for secret in guides.iter().copied().chain(["±", "45 %", "55 %", "50 %", "the reference has"]) {
            assert!(!text.contains(secret), "{what}: `{secret}` shows\n{text}");
        }
        for bound in ["0.985", "0.025", "0.97", "0.95"] {
            assert!(!shows(&text, bound), "{what}: the bound {bound} shows\n{text}");
        }
    }
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
        for secret in ["secret", "Secret", "0.654321", "0.123456", "hidden", "depends on"] {
            assert!(!text.contains(secret), "`{secret}` shows\n{text}");
        }
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

#[test]
fn a_released_rubric_holds_no_secret_and_can_be_checked_with() {
    let folder = Folder::new().with("rubric.toml", SMALL);
    let at = |path: &str| folder.path().join(path).display().to_string();
    let output = mlgrade(&["release", "--rubric", &at("rubric.toml"), "--out", &at("out")]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = folder.read("out/small.toml") + &folder.read("out/small.lock");
    for secret in ["secret", "hidden", "at_least", "guide", "0.123456", "gives it away", "penguins"] {
        assert!(!text.contains(secret), "`{secret}` is in the released files\n{text}");
    }
    assert!(parse(&folder.read("out/small.toml")).0.is_some());
    folder.write("s/metrics.toml", "open_number = 0.1");
    let output = mlgrade(&["check", &at("s"), "--rubric", &at("out/small.toml")]);
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
    let text = folder.read("out/small.toml");
    assert!(text.contains(r#"values = ["a", "b", "c"]"#) && !text.contains("ascending") && !text.contains("by ="), "{text}");
    let output = mlgrade(&["check", &at("s"), "--rubric", &at("out/small.toml")]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("a is 1, b is 2, c is 3; only the course can judge it"), "{text}");
}

#[test]
fn the_shipped_rubric_is_released_without_its_secrets() {
    let out = Folder::new();
    let output = mlgrade(&["release", "--rubric", SHIPPED[0].id, "--out", out.path().to_str().unwrap()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = out.read("cs441-hw2.toml");
    for secret in ["tolerance", "levels", "at_least", "guide", "expect = \"forest\"", "reference", "slack", "0.985", "0.025"] {
        assert!(!text.contains(secret), "`{secret}` is in the released rubric\n{text}");
    }
    assert!(text.lines().skip(1).all(|line| !line.trim_start().starts_with('#')), "{text}");
    let lock = out.read("cs441-hw2.lock");
    assert!(reference_numbers().iter().all(|number| !shows(&lock, number)), "{lock}");
    let submission = Folder::of_reference();
    let rubric = out.path().join("cs441-hw2.toml").display().to_string();
    let output = mlgrade(&["check", submission.path().to_str().unwrap(), "--rubric", &rubric]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(matches!(output.status.code(), Some(0 | 1)), "{text}");
    assert!(text.contains("only the course can judge it"), "{text}");
    assert!(!text.contains("the reference has"), "{text}");
}

//! Each fault of a rubric is told in one sentence with its place and what to do; the snapshots hold the very words.

use insta::{assert_snapshot, with_settings};
use mlgrade::domain::diagnostic::CODES;

use crate::common::{Folder, mlgrade};

const HEAD: &str = "schema = 1\nid = \"hw\"\ntitle = \"Homework\"\nseed = 1\n";
const PART: &str = "\n[[part]]\nid = \"one\"\ntitle = \"One\"\n";
const ITEM: &str = "\n[[part.item]]\nid = \"a\"\ntitle = \"A\"\npoints = 2\ncheck = \"number\"\nvalue = \"x\"\nat_least = 0.5\n";

/// A rubric of `HEAD`, `more`, one part with `in_part`, and `items`.
fn rubric(more: &str, in_part: &str, items: &str) -> String {
    format!("{HEAD}{more}{PART}{in_part}{items}")
}

fn item(id: &str, settings: &str) -> String {
    format!("\n[[part.item]]\nid = \"{id}\"\ntitle = \"{}\"\npoints = 2\n{settings}\n", id.to_uppercase())
}

/// What `lint` says of the rubric `text`, and its exit code.
fn lint(text: &str) -> (String, Option<i32>) {
    let folder = Folder::new().with("rubric.toml", text);
    let path = folder.path().join("rubric.toml").display().to_string();
    let output = mlgrade(&["lint", &path]);
    let told = String::from_utf8(output.stderr).unwrap() + &String::from_utf8(output.stdout).unwrap();
    (told.replace(&path, "rubric.toml"), output.status.code())
}

/// Asserts exit code and code, and the words by snapshot.
fn told(name: &str, code: &str, text: &str) {
    let (words, exit) = lint(text);
    assert!(words.contains(code), "{name} is not told as {code}:\n{words}");
    let warning = code.starts_with("R3");
    assert_eq!(exit, Some(if warning { 0 } else { 2 }), "{name}:\n{words}");
    with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, description => "the words of `mlgrade lint`" }, { assert_snapshot!(name, words) });
}

#[test]
fn a_rubric_without_faults_is_told_so() {
    let (words, exit) = lint(&rubric("", "", ITEM));
    assert_eq!((words.as_str(), exit), ("hw: 1 parts, 1 items, 2 points and 0 bonus; 0 errors, 0 warnings\n", Some(0)));
}

#[test]
fn faults_of_the_text_are_told() {
    told("r101_not_toml", "R101", &rubric("late = = 3\n", "", ITEM));
    told("r101_cut_off", "R101", &rubric("[late", "", ITEM));
    told("r102_schema", "R102", &rubric("", "", ITEM).replace("schema = 1", "schema = 2"));
    told("r103_text_for_points", "R103", &rubric("", "", &ITEM.replace("points = 2", "points = \"two\"")));
    told("r103_number_for_title", "R103", &rubric("", "", &ITEM.replace("title = \"A\"", "title = 7")));
    told("r103_data_is_no_table", "R103", &rubric("data = 3\n", "", ITEM));
}

#[test]
fn faults_of_keys_are_told() {
    let against = "check = \"number\"\nvalue = \"x\"\nagainst = \"reference\"\ntolerence = { absolute = 0.1 }";
    told("r104_misspelt_key", "R104", &rubric("", "", &item("a", against)));
    told("r104_misspelt_at_the_top", "R104", &rubric("sead = 3\n", "", ITEM));
    told("r104_key_of_another_check", "R104", &rubric("", "", &item("a", "check = \"written\"\nanswer = \"why\"\nat_least = 3")));
    told("r105_no_title", "R105", &rubric("", "", &ITEM.replace("title = \"A\"\n", "")));
    told("r105_no_check", "R105", &rubric("", "", &item("a", "value = \"x\"")));
    told("r105_no_bound", "R105", &rubric("", "", &item("a", "check = \"number\"\nvalue = \"x\"")));
    told("r105_no_part", "R105", HEAD);
    told("r106_negative_points", "R106", &rubric("", "", &ITEM.replace("points = 2", "points = -2")));
    told("r106_upper_case_id", "R106", &rubric("", "", &ITEM.replace("id = \"a\"", "id = \"Plot 1\"")));
    told("r106_unit", "R106", &rubric("", "", &format!("{ITEM}unit = \"percentage\"\n")));
    told("r106_late_without_zone", "R106", &rubric("[late]\ndue = 2023-03-06\nper_day = \"10%\"\n", "", ITEM));
}

#[test]
fn names_that_lead_nowhere_are_told() {
    told("r107_check", "R107", &rubric("", "", &item("a", "check = \"nubmer\"\nvalue = \"x\"")));
    told("r107_reference", "R107", &rubric("[data]\np = { builtin = \"penguins\" }\n", "reference = { run = \"tree-dept\", data = \"p\" }\n", ITEM));
    let rule = "check = \"rule\"\nrule = \"r\"\ndata = \"penguin\"\nclass = \"Gentoo\"\naccuracy = { at_least = 0.9 }";
    told("r107_data_set", "R107", &rubric("[data]\npenguins = { builtin = \"penguins\" }\n", "", &format!("{}{ITEM}", item("b", rule))));
    told("r107_after", "R107", &rubric("", "", &format!("{ITEM}{}", item("b", "after = \"aa\"\ncheck = \"written\"\nanswer = \"why\""))));
    told("r108_two_items", "R108", &rubric("", "", &format!("{ITEM}{ITEM}")));
    told("r108_two_parts", "R108", &format!("{}{PART}{ITEM}", rubric("", "", ITEM)));
}

#[test]
fn contradictions_are_told() {
    told("r201_points", "R201", &rubric("", "points = 10\n", ITEM));
    let waits = |id: &str, after: &str| item(id, &format!("after = \"{after}\"\ncheck = \"written\"\nanswer = \"why_{id}\""));
    told("r202_circle", "R202", &rubric("", "", &(waits("a", "b") + &waits("b", "a"))));
    told("r202_later", "R202", &rubric("", "", &(waits("b", "a") + ITEM)));
    told("r202_itself", "R202", &rubric("", "", &waits("a", "a")));
}

#[test]
fn configuration_that_does_nothing_is_warned_of() {
    told("r301_unused_data", "R301", &rubric("[data]\npenguins = { builtin = \"penguins\" }\n", "", ITEM));
    let reference = "reference = { run = \"tree-depth\", data = \"t\", depths = [2, 4], trees = 10, learning_rate = 0.1 }\n";
    told("r302_unused_reference", "R302", &rubric("[data]\nt = { builtin = \"weather\" }\n", reference, ITEM));
    told("r303_never_fails", "R303", &rubric("", "", &item("a", "check = \"curve\"\nseries = \"x\"")));
    told("r304_late_without_due", "R304", &rubric("[late]\nper_day = \"10%\"\n", "", ITEM));
    told("r305_only_right_choices", "R305", &rubric("", "", &item("a", "check = \"answer\"\nanswer = \"x\"\nchoices = [\"a\"]\nexpect = \"a\"")));
    let levels = "check = \"number\"\nvalue = \"x\"\nlevels = [{ above = 1, points = 1 }, { above = 0, points = 0.5 }]";
    told("r306_levels_below_the_item", "R306", &rubric("", "", &item("a", levels)));
}

#[test]
fn five_faults_are_told_at_once() {
    let items = item("a", "check = \"nubmer\"")
        + &item("b", "check = \"number\"\nvalue = 3\nat_leest = 2")
        + &item("b", "check = \"written\"\nanswer = \"x\"\nbonus = 1");
    let text = rubric("sead = 3\n", "points = 9\n", &items);
    let (words, exit) = lint(&text);
    assert!(words.matches("error[R").count() >= 5, "{words}");
    assert_eq!(exit, Some(2));
    told("five_faults", "errors, 0 warnings. Nothing was graded.", &text);
}

#[test]
fn every_code_of_a_rubric_has_its_test() {
    let source = include_str!("rubric_faults.rs");
    for (_, code, _) in CODES.iter().filter(|(_, code, _)| code.starts_with('R')) {
        assert!(source.contains(&format!("\"{code}\"")), "{code} has no test");
    }
}

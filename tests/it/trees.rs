//! `check = "rule"` with decision trees as scikit-learn writes them: they are right as often as scikit-learn says.
//!
//! fixtures/rules/make.py made the files and the expected scores.

use mlgrade::data::{BUILTINS, DataSet};
use mlgrade::domain::verdict::VerdictLabel as V;
use mlgrade::evidence::rule::Tree;
use serde_json::Value;

use crate::common::{Folder, repository};
use crate::hostile::expect;

const RULE: &str = "penguins/gentoo-rule";

fn fixture(name: &str) -> String {
    std::fs::read_to_string(repository().join("fixtures/rules").join(name)).unwrap()
}

/// A submission whose rule is this text in a file.
fn handed_in(ending: &str, text: &str) -> Folder {
    Folder::new().with(&format!("rules/gentoo_rule.{ending}"), text)
}

#[test]
fn trees_are_right_as_often_as_scikit_learn_says() {
    let expected: Value = serde_json::from_str(&fixture("expected.json")).unwrap();
    let DataSet::Table(table) = BUILTINS.iter().find(|row| row.name == "penguins").unwrap().load().unwrap() else { panic!("no table") };
    let species = table.texts("species").unwrap();
    let alphabet = ["Adelie", "Chinstrap", "Gentoo"];
    let mut compared = 0;
    for (name, expected) in expected.as_object().unwrap() {
        let tree = Tree::parse(&fixture(name)).unwrap().unwrap_or_else(|error| panic!("{name}: {error}"));
        let predicted = tree.predict(&table).unwrap();
        let right = predicted.iter().zip(species).filter(|(leaf, species)| match **leaf {
            "True" => *species == "Gentoo",
            "False" => *species != "Gentoo",
            leaf => leaf.parse::<usize>().map_or(leaf, |place| alphabet[place]) == *species,
        });
        let score = right.count() as f64 / species.len() as f64;
        assert!((score - expected["score"].as_f64().unwrap()).abs() < 1e-12, "{name}: {score}");
        assert_eq!((Some(tree.depth() as u64), Some(tree.splits() as u64)), (expected["depth"].as_u64(), expected["splits"].as_u64()), "{name}");
        compared += 1;
    }
    assert_eq!(compared, 8);
}

#[test]
fn a_tree_is_judged_as_a_rule() {
    for (ending, name) in [("txt", "shallow.txt"), ("dot", "plain.dot")] {
        let report = handed_in(ending, &fixture(name)).graded();
        expect(&report, RULE, V::Pass, "gentoo_rule, a tree of depth 2, is right on ");
        expect(&report, RULE, V::Pass, " of 333 rows (0.997) with 2 conditions");
    }
    let text = serde_json::to_string(&serde_json::json!({"gentoo_rule": fixture("shallow.txt")})).unwrap();
    expect(&Folder::new().with("answers.json", text).graded(), RULE, V::Pass, "with 2 conditions");
    let words = "if flipper_length_mm > 206.5 and bill_depth_mm <= 17.65 then Gentoo\n";
    expect(&handed_in("txt", words).graded(), RULE, V::Pass, "gentoo_rule is right on 332 of 333 rows");
}

#[test]
fn a_tree_that_is_not_good_enough_fails_or_goes_to_a_person() {
    let cases = [
        ("txt", fixture("deep.txt"), V::Fail, "conditions, at most 3 are allowed"),
        ("dot", fixture("fancy.dot"), V::Fail, "conditions, at most 3 are allowed"),
        ("txt", fixture("one-hot.txt").replace("206.50", "230.50"), V::Fail, "gentoo_rule, a tree of depth 3, is right on "),
        (
            "txt",
            fixture("shallow.txt").replace("Gentoo", "Emperor"),
            V::NeedsReview,
            "no leaf of the tree is Gentoo; its leaves are Adelie, Chinstrap, Emperor",
        ),
        ("txt", fixture("unnamed.txt"), V::NeedsReview, "export_text(tree, feature_names=list(X.columns))"),
        ("txt", fixture("truncated.txt"), V::NeedsReview, "line 3: a branch is cut off"),
        ("txt", fixture("regression.txt"), V::NeedsReview, "this is a tree of numbers, expected one of classes"),
        ("dot", fixture("regression.dot"), V::NeedsReview, "this is a tree of numbers, expected one of classes"),
        ("txt", String::new(), V::Missing, "the file is empty"),
    ];
    for (ending, text, verdict, part) in cases {
        expect(&handed_in(ending, &text).graded(), RULE, verdict, part);
    }
}

#[test]
fn trees_without_end_go_to_a_person() {
    let deep = (1..500).map(|depth| format!("{}|--- a <= 1.0\n", "|   ".repeat(depth % 100))).collect::<Vec<_>>().concat();
    let comb = (0..100).map(|i| format!("{i} [label=\"a <= 1\"] ;\n{i} -> {} ;\n{i} -> leaf{i} ;\n", i + 1)).collect::<Vec<_>>().concat();
    let chain = (0..5_000).map(|i| format!("{i} [label=\"a <= 1\"] ;\n{i} -> {} ;\n{i} -> {} ;\n", i + 1, i + 1)).collect::<Vec<_>>().concat();
    let bytes = [b"|--- a <= 1\n".as_slice(), &[0xff, 0xfe]].concat();
    expect(&handed_in("txt", &format!("|--- a <= 1.0\n{deep}")).graded(), RULE, V::NeedsReview, "deep");
    expect(&handed_in("dot", &format!("digraph Tree {{\n{chain}")).graded(), RULE, V::NeedsReview, "node 1 hangs below two others");
    expect(&handed_in("dot", &format!("digraph Tree {{\n{comb}")).graded(), RULE, V::NeedsReview, "splits deep");
    expect(&Folder::new().with("rules/gentoo_rule.txt", bytes).graded(), RULE, V::NeedsReview, "is not UTF-8 text");
    expect(&handed_in("txt", &"|".repeat(2 << 20)).graded(), RULE, V::NeedsReview, "larger than the 1 MiB");
}

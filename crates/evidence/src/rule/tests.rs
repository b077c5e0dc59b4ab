//! Rules and trees as people write them, and any text.

use super::*;
use proptest::prelude::*;

fn table() -> Table {
    let words = |words: &[&str]| Column::Text(words.iter().map(ToString::to_string).collect());
    let columns = vec![
        ("depth".to_owned(), Column::Number(vec![15.0, 17.5, 19.0, 17.5])),
        ("mass".to_owned(), Column::Number(vec![5000.0, 3000.0, 4000.0, 5000.0])),
        ("island".to_owned(), words(&["Biscoe", "Dream", "Biscoe", "Dream"])),
    ];
    Table::new(columns, 0).expect("columns of one length")
}

fn says(rule: &str) -> Result<String, String> {
    let yes = Rule::parse(rule)?.of(&table())?.evaluate(&table())?;
    Ok(yes.into_iter().map(|yes| if yes { '1' } else { '0' }).collect())
}

#[test]
fn rules_mean_what_they_say() {
    for (rule, expected) in [
        ("depth < 17.5", "1000"),
        ("depth <= 17.5", "1101"),
        ("if depth ≤ 17.5 and mass > 4000 then Gentoo", "1001"),
        ("depth<=17.5 & mass>4000 -> Gentoo", "1001"),
        ("(depth > 18 or mass < 3500) and island == Biscoe", "0010"),
        ("depth > 18 or mass < 3500 and island == \"Biscoe\"", "0010"),
        ("mass >= 5000 or depth > 18 and island = dream", "1001"),
        ("not (mass > 4000)", "0110"),
        ("15 < depth <= 17.5", "0101"),
        ("island_Dream > 0.5", "0101"),
        ("island != Dream", "1010"),
        ("4e3 <= mass", "1011"),
        // As people write them.
        ("If the depth is greater than 16.5 and the mass is at most 4000, then it is a Gentoo.", "0110"),
        ("Gentoo if depth > 16,5 and mass ≤ 4000", "0110"),
        ("Gentoo: depth above 16.5, mass below 4500", "0110"),
        ("**Rule:** depth > 16.5 and mass <= 4000 it is a Gentoo", "0110"),
        ("`Depth > 16.5 && MASS <= 4000 → Gentoo`", "0110"),
        ("```python\n(df['depth'] > 16.5) & (df[\"mass\"] <= 4000)\n```", "0110"),
        ("df.depth > 16.5 and df.mass <= 4000 -> class: Gentoo", "0110"),
        ("if row[\"depth\"] > 16.5 and row[\"mass\"] <= 4000: return \"Gentoo\" else: return \"other\"", "0110"),
        ("is_gentoo = (penguins.depth > 16.5) & (penguins.mass <= 4000)", "0110"),
        ("depth > 16.5, and mass no more than 4000, then Gentoo, otherwise not Gentoo", "0110"),
        ("$depth \\geq 17.5 \\land mass \\lt 4500$", "0110"),
        ("df[(df.depth > 16.5) & (df.mass <= 4000)]", "0110"),
        ("depth between 16.5 and 19 and mass below 4500", "0110"),
        ("lambda row: row.depth > 16.5 and row.mass <= 4000", "0110"),
        ("Depth exceeds 16.5 and mass does not exceed 4000", "0110"),
        ("Answer: depth > 16.5 and mass <= 4000", "0110"),
        ("-1 < depth", "1111"),
    ] {
        assert_eq!(says(rule), Ok(expected.to_owned()), "{rule}");
    }
}

#[test]
fn the_class_features_and_conditions_are_told() {
    let rule = Rule::parse("15 < depth <= 17.5 and mass > 1 => species == Gentoo.").expect("a rule");
    assert_eq!((rule.class(), rule.conditions()), (Some("Gentoo"), 3));
    assert_eq!(rule.features().into_iter().collect::<Vec<_>>(), ["depth", "mass"]);
}

#[test]
fn what_is_no_rule_is_told_with_its_place() {
    for (rule, expected) in [
        ("", "it ends where a feature or number was expected"),
        ("depth >", "it ends where a feature or number was expected"),
        ("depth 17", "found `17` where a comparison such as <= was expected"),
        ("depth < 17 mass > 2", "found `mass` where `and`, `or` or `->` was expected"),
        ("(depth < 17", "it ends where `)` was expected"),
        ("3 < 4", "`3 < 4` compares no feature"),
        ("depth < 17 -> ", "it ends where a class was expected"),
        ("depth < mass", "`mass` is compared with `depth`; compare a feature with a number or a word with == or !="),
        ("depth ~ 17", "found `~`, which means nothing here"),
        // What may turn it round is for a person.
        ("depth < 17 -> not Gentoo", "found `not` where a class was expected"),
        ("depth < 17 then it is no Gentoo", "found `no Gentoo` where a class was expected"),
        ("depth is not 17", "found `not` where a comparison such as <= was expected"),
        ("not Gentoo if depth < 17", "found `not` where a class was expected"),
        ("never Gentoo if depth < 17", "found `never Gentoo` where a class was expected"),
        ("depth < 17 unless mass > 3", "found `unless` where `and`, `or` or `->` was expected"),
        ("Gentoo if depth < 17 then Adelie", "it is about `Gentoo` and about `Adelie`"),
        ("depth < 17 then Gentoo else Gentoo", "what it says behind `else` is not understood"),
        ("mass > 4,000 -> Gentoo", "`4,000` can be read in two ways; write it with a decimal point and without commas"),
        ("mass_g > 4 kg", "`mass_g` in g is compared with a number in kg"),
        ("depth => 17", "found `=>` where a comparison such as <= was expected"),
        ("depth > 17x", "`17x` is no number"),
    ] {
        assert_eq!(Rule::parse(rule).map(|_| ()), Err(expected.to_owned()), "{rule}");
    }
    assert_eq!(says("dept > 3"), Err("there is no column `dept`; did you mean `depth`?".to_owned()));
    assert!(says("likely depth > 3").is_err_and(|message| message.contains("there is no column `likely depth`")));
    assert_eq!(says("island > 3"), Err("`island` holds words, it cannot be compared with a number".to_owned()));
    assert_eq!(says("island == Mars"), Err("`island` is never `Mars`".to_owned()));
}

#[test]
fn a_tree_says_of_a_class_what_its_leaves_say() {
    let tree = |no: &str| {
        format!(
            "|--- depth <= 16\n|   |--- mass <= 4000.5\n|   |   |--- class: A\n|   |--- mass >  4000.5\n|   |   |--- class: B\n|--- depth >  16\n|   |--- class: {no}\n"
        )
    };
    let classes = ["A", "B", "C"].map(str::to_owned);
    let about = |text: &str, class: &str| {
        let rule = Written::parse(text)?.readings(class, &classes)?.remove(0).of(&table())?;
        let yes: String = rule.evaluate(&table())?.into_iter().map(|yes| if yes { '1' } else { '0' }).collect();
        Ok::<_, String>((yes, rule.conditions(), rule.features().len()))
    };
    assert_eq!(about(&tree("C"), "C"), Ok(("0111".to_owned(), 1, 1)), "the split on mass makes no difference");
    assert_eq!(about(&tree("C"), "B"), Ok(("1000".to_owned(), 2, 2)));
    assert_eq!(about(&tree("2").replace('A', "0").replace('B', "1"), "C"), Ok(("0111".to_owned(), 1, 1)), "places in the alphabet");
    assert_eq!(about(&tree("0").replace('A', "0").replace('B', "1"), "C"), Ok(("1000".to_owned(), 2, 2)), "1 for it, 0 for the others");
    assert_eq!(about(&tree("True").replace(['A', 'B'], "False"), "C"), Ok(("0111".to_owned(), 1, 1)));
    assert_eq!(about(&tree("A"), "C"), Err("no leaf of the tree is C; its leaves are A, B".to_owned()));
    assert_eq!(about(&tree("A").replace('B', "A"), "A"), Err("every leaf of the tree is A".to_owned()));
    assert!(about(&tree("C").replace("depth", "feature_0"), "C").is_err_and(|message| message.contains("there is no column `feature_0`")));
}

#[test]
fn what_is_no_tree_is_told_with_its_line() {
    for (text, expected) in [
        ("|--- depth <= 16\n|   |--- class: A\n", "line 1: the branch for depth > 16 is missing"),
        ("|--- depth <= 16\n", "the tree ends where a branch was expected"),
        ("|--- depth <= 16\n|   |--- class: A\n|--- mass >  16\n|   |--- class: B\n", "line 3: found `mass >  16` where depth > 16 was expected"),
        ("|--- depth <= x\n", "line 1: `x` is no number"),
        ("|--- class: A\n", "the tree has no split"),
        ("|--- depth <= 16\n|--- class: A\n", "line 2: `class: A` stands 1 deep, expected 2"),
        ("|--- deep\n", "line 1: `deep` is neither a split nor a class"),
        ("digraph Tree {\n0 [label=\"x\"] ;\n1 [label=\"y\"] ;\n}", "the drawing has 2 roots, and a tree has one"),
        ("digraph Tree {\n0 -> 1 ;\n1 -> 0 ;\n}", "the drawing has 0 roots, and a tree has one"),
        ("digraph Tree {\n0 -> 1 ;\n0 -> 2;\n}", "node 0: its label is no split such as `feature <= 1.5`"),
        ("digraph Tree {\n0 -> 1 ;\n0 -> 1;\n}", "node 1 hangs below two others"),
        ("digraph", "the digraph has no {"),
    ] {
        assert_eq!(Written::parse(text).map(|_| ()), Err(expected.to_owned()), "{text}");
    }
}

proptest! {
    #[test]
    fn any_tree_gives_an_answer(words in prop::collection::vec(prop::sample::select(
        vec!["|--- ", "|   ", "depth <= 16", "depth >  16", "class: A", "\n", "digraph {", "0 ", "1 ", "-> ", "[label=\"", "value = [1, 2]", "\"] ;", "<", "&le;", ">", "}"]), 0..40)) {
        let text = words.concat();
        let _ = Written::parse(&format!("|--- {text}"));
        let _ = Written::parse(&format!("digraph Tree {{{text}"));
    }

    #[test]
    fn any_text_gives_an_answer(text in "\\PC{0,60}") {
        let _ = Rule::parse(&text).and_then(|rule| rule.evaluate(&table()));
    }

    #[test]
    fn words_in_any_order_give_an_answer(words in prop::collection::vec(prop::sample::select(
        vec!["depth", "mass", "and", "or", "not", "(", ")", "<", "<=", "17", "->", "Gentoo", "==", "island"]), 0..30)) {
        if let Ok(rule) = Rule::parse(&words.join(" ")) {
            prop_assert!(rule.conditions() > 0);
        }
    }

    #[test]
    fn brackets_nested_at_will_do_not_overflow_the_stack(depth in 0usize..5_000) {
        let text = format!("{}depth < 3{}", "(".repeat(depth), ")".repeat(depth));
        prop_assert_eq!(Rule::parse(&text).is_ok(), depth <= 64);
    }
}

#[test]
fn a_letter_is_the_class_where_nothing_else_is() {
    for (rule, class) in [("depth < 17.5 -> C", "C"), ("if depth < 17.5 then it is class A", "A"), ("depth < 17.5 -> a Gentoo", "Gentoo")] {
        assert_eq!(Rule::parse(rule).map(|rule| rule.class().map(str::to_owned)), Ok(Some(class.to_owned())), "{rule}");
    }
}

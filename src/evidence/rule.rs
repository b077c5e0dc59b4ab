//! Decision rules as students write them: `flipper_length_mm > 206.5 and bill_depth_mm <= 17.65 -> Gentoo`.

use std::collections::BTreeSet;

use crate::domain::tolerance::Order;

use super::table::{Column, Table};

mod dot;
mod export_text;
mod parse;
mod tree;

pub use tree::Tree;

/// A decision rule as somebody wrote it.
#[derive(Debug, Clone, PartialEq)]
pub enum Written {
    /// In words and signs.
    Rule(Rule),
    /// As a decision tree of scikit-learn.
    Tree(Tree),
}

impl Written {
    /// Understands a rule, or a tree as scikit-learn's `export_text` or `export_graphviz` writes it.
    pub fn parse(text: &str) -> Result<Self, String> {
        match Tree::parse(text) {
            Some(tree) => tree.map(Self::Tree),
            None => Rule::parse(text).map(Self::Rule),
        }
    }

    /// When it says `class`, one of `classes` in alphabetical order.
    pub fn about(&self, class: &str, classes: &[String]) -> Result<Rule, String> {
        match self {
            Self::Rule(rule) => Ok(rule.clone()),
            Self::Tree(tree) => tree.about(class, classes),
        }
    }
}

/// A decision rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    condition: Condition,
    class: Option<String>,
}

/// When a rule says yes.
#[derive(Debug, Clone, PartialEq)]
enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    Compare {
        feature: String,
        order: Order,
        with: Operand,
    },
    /// `yes` where the test holds, `no` elsewhere.
    Branch {
        test: Box<Condition>,
        yes: Box<Condition>,
        no: Box<Condition>,
    },
    Always(bool),
}

/// What a feature is compared with.
#[derive(Debug, Clone, PartialEq)]
enum Operand {
    Number(f64),
    Word(String),
}

impl Rule {
    /// Understands a rule. `and`, `or`, `not` (also `&`, `|`, `!`), brackets, `<`, `<=`, `>`, `>=`, `==`, `!=`, and chains such as
    /// `15 < bill_depth_mm <= 17.5`; after `->` or `then` the class it is about. The error says what was found where.
    pub fn parse(text: &str) -> Result<Self, String> {
        parse::rule(text)
    }

    /// The class that the rule tells from the others, if it names one.
    pub fn class(&self) -> Option<&str> {
        self.class.as_deref()
    }

    /// The number of comparisons.
    pub fn conditions(&self) -> usize {
        self.condition.comparisons().len()
    }

    /// The features that it looks at; of a one-hot column such as `island_Biscoe`, as it is written.
    pub fn features(&self) -> BTreeSet<&str> {
        self.condition.comparisons().into_iter().collect()
    }

    /// What the rule says of each row of `table`. The error names a feature that the table lacks.
    pub fn evaluate(&self, table: &Table) -> Result<Vec<bool>, String> {
        self.condition.evaluate(table)
    }
}

impl Condition {
    fn comparisons(&self) -> Vec<&str> {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::comparisons).collect(),
            Self::Not(part) => part.comparisons(),
            Self::Compare { feature, .. } => vec![feature],
            Self::Branch { test, yes, no } => [test, yes, no].into_iter().flat_map(|part| part.comparisons()).collect(),
            Self::Always(_) => Vec::new(),
        }
    }

    fn evaluate(&self, table: &Table) -> Result<Vec<bool>, String> {
        let fold = |parts: &[Self], start: bool, join: fn(bool, bool) -> bool| {
            parts
                .iter()
                .try_fold(vec![start; table.rows()], |all, part| Ok::<_, String>(all.into_iter().zip(part.evaluate(table)?).map(|(a, b)| join(a, b)).collect()))
        };
        match self {
            Self::All(parts) => fold(parts, true, |a, b| a && b),
            Self::Any(parts) => fold(parts, false, |a, b| a || b),
            Self::Not(part) => Ok(part.evaluate(table)?.into_iter().map(|yes| !yes).collect()),
            Self::Compare { feature, order, with } => compare(table, feature, *order, with),
            Self::Branch { test, yes, no } => {
                let (test, yes, no) = (test.evaluate(table)?, yes.evaluate(table)?, no.evaluate(table)?);
                Ok(test.into_iter().zip(yes.into_iter().zip(no)).map(|(test, (yes, no))| if test { yes } else { no }).collect())
            }
            Self::Always(says) => Ok(vec![*says; table.rows()]),
        }
    }
}

fn compare(table: &Table, feature: &str, order: Order, with: &Operand) -> Result<Vec<bool>, String> {
    match (table.column(feature), with) {
        (Ok(Column::Number(values)), Operand::Number(limit)) => Ok(values.iter().map(|&value| order.holds(value, *limit)).collect()),
        (Ok(Column::Number(_)), Operand::Word(word)) => Err(format!("`{feature}` holds numbers, it cannot be compared with `{word}`")),
        (Ok(Column::Text(values)), Operand::Word(word)) => {
            let wanted = match order {
                Order::Equal => true,
                Order::Unequal => false,
                _ => return Err(format!("`{feature}` holds words; compare it with == or !=")),
            };
            if !values.iter().any(|value| value.eq_ignore_ascii_case(word)) {
                return Err(format!("`{feature}` is never `{word}`"));
            }
            Ok(values.iter().map(|value| value.eq_ignore_ascii_case(word) == wanted).collect())
        }
        (Ok(Column::Text(_)), Operand::Number(_)) => Err(format!("`{feature}` holds words, it cannot be compared with a number")),
        (Err(unknown), with) => {
            let indicator = one_hot(table, feature).ok_or(unknown)?;
            match with {
                Operand::Number(limit) => Ok(indicator.into_iter().map(|value| order.holds(value, *limit)).collect()),
                Operand::Word(word) => Err(format!("`{feature}` is 0 or 1, it cannot be compared with `{word}`")),
            }
        }
    }
}

/// The 0/1 column that one-hot encoding makes of a text column: `island_Biscoe`.
fn one_hot(table: &Table, feature: &str) -> Option<Vec<f64>> {
    table.names().find_map(|name| {
        let level = feature.strip_prefix(name)?.strip_prefix('_')?;
        let values = table.texts(name).ok()?;
        values.iter().any(|value| value == level).then(|| values.iter().map(|value| f64::from(u8::from(value == level))).collect())
    })
}

#[cfg(test)]
mod tests {
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
        let yes = Rule::parse(rule)?.evaluate(&table())?;
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
        ] {
            assert_eq!(Rule::parse(rule).map(|_| ()), Err(expected.to_owned()), "{rule}");
        }
        assert_eq!(says("dept > 3"), Err("there is no column `dept`; did you mean `depth`?".to_owned()));
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
            let rule = Written::parse(text)?.about(class, &classes)?;
            let yes: String = rule.evaluate(&table())?.into_iter().map(|yes| if yes { '1' } else { '0' }).collect();
            Ok::<_, String>((yes, rule.conditions(), rule.features().len()))
        };
        assert_eq!(about(&tree("C"), "C"), Ok(("0111".to_owned(), 1, 1)), "the split on mass makes no difference");
        assert_eq!(about(&tree("C"), "B"), Ok(("1000".to_owned(), 2, 2)));
        assert_eq!(about(&tree("2").replace("A", "0").replace("B", "1"), "C"), Ok(("0111".to_owned(), 1, 1)), "places in the alphabet");
        assert_eq!(about(&tree("0").replace("A", "0").replace("B", "1"), "C"), Ok(("1000".to_owned(), 2, 2)), "1 for it, 0 for the others");
        assert_eq!(about(&tree("True").replace("A", "False").replace("B", "False"), "C"), Ok(("0111".to_owned(), 1, 1)));
        assert_eq!(about(&tree("A"), "C"), Err("no leaf of the tree is C; its leaves are A, B".to_owned()));
        assert_eq!(about(&tree("A").replace("B", "A"), "A"), Err("every leaf of the tree is A".to_owned()));
        assert!(about(&tree("C").replace("depth", "feature_0"), "C").is_err_and(|told| told.contains("there is no column `feature_0`")));
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
}

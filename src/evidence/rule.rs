//! Decision rules as students write them: `flipper_length_mm > 206.5 and bill_depth_mm <= 17.65 -> Gentoo`.

use std::collections::BTreeSet;

use crate::domain::tolerance::Order;

use super::table::{Column, Table};

mod parse;

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
    Compare { feature: String, order: Order, with: Operand },
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

    proptest! {
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

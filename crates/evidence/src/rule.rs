//! Decision rules as students write them: `flipper_length_mm > 206.5 and bill_depth_mm <= 17.65 -> Gentoo`.

use std::collections::BTreeSet;

use mlgrade_domain::name::list;
use mlgrade_domain::tolerance::Order;

use mlgrade_domain::table::{Column, Table};

mod columns;
mod dot;
mod export_text;
mod lexer;
mod parse;
mod scale;
mod tree;

pub use scale::Scaling;
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

    /// When it says `class`, one of `classes` in alphabetical order. Leaves without names may mean it in several ways: the first is as
    /// scikit-learn numbers classes.
    pub fn readings(&self, class: &str, classes: &[String]) -> Result<Vec<Rule>, String> {
        match self {
            Self::Rule(rule) => rule.checked(classes).map(|rule| vec![rule]),
            Self::Tree(tree) => tree.readings(class, classes),
        }
    }
}

/// A decision rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    condition: Condition,
    class: Option<String>,
    /// The classes that it names for all other rows.
    otherwise: Vec<String>,
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
    /// Understands a rule: a formula, a condition in Python or pandas, or a sentence such as "Gentoo if the flipper length is at least
    /// 207 mm". The error says what was found where.
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

    /// With the columns of `table` that its features are. The error names a feature that is none, or may be several.
    pub fn of(&self, table: &Table) -> Result<Self, String> {
        Ok(Self { condition: self.condition.of(table)?, ..self.clone() })
    }

    /// With classes by their own names. The error names a class that does not exist.
    fn checked(&self, classes: &[String]) -> Result<Self, String> {
        let known = |name: &String| {
            let is = |class: &&String| {
                class.eq_ignore_ascii_case(name) || name.len() > 1 && class.eq_ignore_ascii_case(&name[..name.len() - usize::from(name.ends_with('s'))])
            };
            classes.iter().find(is).cloned().ok_or_else(|| format!("`{name}` is no class; there are {}", list(classes.iter().map(String::as_str))))
        };
        self.otherwise.iter().try_for_each(|name| known(name).map(drop))?;
        Ok(Self { class: self.class.as_ref().map(known).transpose()?, ..self.clone() })
    }

    /// The features that it looks at; of a one-hot column such as `island_Biscoe`, as it is written.
    pub fn features(&self) -> BTreeSet<&str> {
        self.condition.comparisons().into_iter().collect()
    }

    /// What the rule says of each row of `table`. The error names a feature that the table does not have.
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

    fn of(&self, table: &Table) -> Result<Self, String> {
        let each = |parts: &[Self]| parts.iter().map(|part| part.of(table)).collect::<Result<_, _>>();
        Ok(match self {
            Self::All(parts) => Self::All(each(parts)?),
            Self::Any(parts) => Self::Any(each(parts)?),
            Self::Not(part) => Self::Not(Box::new(part.of(table)?)),
            Self::Compare { feature, order, with } => Self::Compare { feature: columns::column(table, feature)?, order: *order, with: with.clone() },
            Self::Branch { test, yes, no } => Self::Branch { test: Box::new(test.of(table)?), yes: Box::new(yes.of(table)?), no: Box::new(no.of(table)?) },
            Self::Always(says) => Self::Always(*says),
        })
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
mod tests;

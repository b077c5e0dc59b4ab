//! Decision trees as scikit-learn writes them, and what a tree says of one class.

use std::collections::BTreeSet;

use mlgrade_domain::limits;
use mlgrade_domain::table::Table;
use mlgrade_domain::tolerance::Order;

use super::{Condition, Operand, Rule, compare, dot, export_text};

/// Splits within splits.
pub(super) const DEPTH: usize = 64;

/// A decision tree whose leaves are classes.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree {
    root: Node,
}

/// A node of a tree.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    /// The class, as it is written.
    Leaf(String),
    /// `yes` if the feature is at most the threshold.
    Split { feature: String, threshold: f64, yes: Box<Node>, no: Box<Node> },
}

impl Tree {
    /// The tree in `text`, if one stands in it as `export_text` or `export_graphviz` writes it. The error says what was found where.
    pub fn parse(text: &str) -> Option<Result<Self, String>> {
        let begins = |line: &str| line.starts_with("|-") || line.starts_with("digraph");
        // A title or a fence may stand before it, and a fence behind it.
        let skipped: usize = text.split_inclusive('\n').take_while(|line| !begins(line.trim_start_matches('\u{feff}').trim_start())).map(str::len).sum();
        let start = text[skipped..].trim_start_matches('\u{feff}').trim_start();
        let start = start.trim_end().trim_end_matches('`').trim_end();
        let root = if start.starts_with("|-") {
            export_text::tree(start)
        } else if start.starts_with("digraph") {
            dot::tree(start)
        } else {
            return None;
        };
        Some(root.and_then(|root| {
            if matches!(root, Node::Leaf(_)) {
                return Err("the tree has no split".to_owned());
            }
            match root.splits() {
                splits if splits > limits::RULE_CONDITIONS => {
                    Err(format!("the tree has {splits} splits, more than the {} that are read", limits::RULE_CONDITIONS))
                }
                _ => Ok(Self { root }),
            }
        }))
    }

    /// The longest way from the root to a leaf, in splits.
    pub fn depth(&self) -> usize {
        self.root.depth()
    }

    /// The number of splits.
    pub fn splits(&self) -> usize {
        self.root.splits()
    }

    /// The class that the tree gives each row of `table`, as its leaves call it. The error names a feature that the table does not have.
    pub fn predict(&self, table: &Table) -> Result<Vec<&str>, String> {
        self.root.predict(table)
    }

    /// When the tree says `class`, which is one of `classes` in alphabetical order. Leaves may call it by its name, or by True where all
    /// others are False. Numbers are read as its place among the classes, or as 1 for it and 0 for the others; but whoever numbered the
    /// classes may have done so in another order, so every number has a reading. Splits that make no difference to it are left out.
    pub fn readings(&self, class: &str, classes: &[String]) -> Result<Vec<Rule>, String> {
        let mut leaves = BTreeSet::new();
        self.root.leaves(&mut leaves);
        let is_number = |leaf: &&str| leaf.parse::<f64>().is_ok();
        if leaves.iter().all(is_number) {
            let place = classes.iter().position(|known| known == class).map(|place| place.to_string());
            let only_two = leaves.iter().all(|leaf| matches!(*leaf, "0" | "1"));
            let usual = if only_two { Some("1") } else { place.as_deref() };
            let (first, others): (Vec<&str>, Vec<&str>) = leaves.iter().partition(|leaf| usual == Some(**leaf));
            let rules: Vec<Rule> = first.into_iter().chain(others).filter_map(|number| self.about(class, &|leaf| leaf == number).ok()).collect();
            return if rules.is_empty() { Err("every leaf of the tree says the same".to_owned()) } else { Ok(rules) };
        }
        let is_true = |leaf: &str| leaf.eq_ignore_ascii_case("true");
        let only_truths = leaves.iter().all(|leaf| is_true(leaf) || leaf.eq_ignore_ascii_case("false"));
        let means = |leaf: &str| leaf.eq_ignore_ascii_case(class) || only_truths && is_true(leaf);
        if !leaves.iter().any(|leaf| means(leaf)) {
            let names: Vec<&str> = leaves.iter().take(12).copied().collect();
            return Err(format!("no leaf of the tree is {class}; its leaves are {}", names.join(", ")));
        }
        self.about(class, &means).map(|rule| vec![rule])
    }

    /// Whether its leaves are numbers, so that it takes a guess which class each is.
    pub fn is_numbered(&self) -> bool {
        let mut leaves = BTreeSet::new();
        self.root.leaves(&mut leaves);
        leaves.iter().all(|leaf| leaf.parse::<f64>().is_ok())
    }

    fn about(&self, class: &str, means: &dyn Fn(&str) -> bool) -> Result<Rule, String> {
        match self.root.says(means) {
            Condition::Always(_) => Err(format!("every leaf of the tree is {class}")),
            condition => Ok(Rule { condition, class: Some(class.to_owned()), otherwise: Vec::new() }),
        }
    }
}

impl Node {
    fn depth(&self) -> usize {
        match self {
            Self::Leaf(_) => 0,
            Self::Split { yes, no, .. } => 1 + yes.depth().max(no.depth()),
        }
    }

    fn splits(&self) -> usize {
        match self {
            Self::Leaf(_) => 0,
            Self::Split { yes, no, .. } => 1 + yes.splits() + no.splits(),
        }
    }

    fn leaves<'t>(&'t self, into: &mut BTreeSet<&'t str>) {
        match self {
            Self::Leaf(class) => {
                into.insert(class);
            }
            Self::Split { yes, no, .. } => {
                yes.leaves(into);
                no.leaves(into);
            }
        }
    }

    fn predict(&self, table: &Table) -> Result<Vec<&str>, String> {
        match self {
            Self::Leaf(class) => Ok(vec![class; table.rows()]),
            Self::Split { feature, threshold, yes, no } => {
                let goes_left = compare(table, feature, Order::AtMost, &Operand::Number(*threshold))?;
                let (yes, no) = (yes.predict(table)?, no.predict(table)?);
                Ok(goes_left.into_iter().zip(yes.into_iter().zip(no)).map(|(left, (yes, no))| if left { yes } else { no }).collect())
            }
        }
    }

    /// When the tree says a class that `means` recognises.
    fn says(&self, means: &dyn Fn(&str) -> bool) -> Condition {
        match self {
            Self::Leaf(class) => Condition::Always(means(class)),
            Self::Split { feature, threshold, yes, no } => {
                let (yes, no) = (yes.says(means), no.says(means));
                if yes == no {
                    return yes;
                }
                let test = Condition::Compare { feature: feature.clone(), order: Order::AtMost, with: Operand::Number(*threshold) };
                Condition::Branch { test: Box::new(test), yes: Box::new(yes), no: Box::new(no) }
            }
        }
    }
}

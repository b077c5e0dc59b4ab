//! Trees as `sklearn.tree.export_text` writes them.
//!
//! ```text
//! |--- flipper_length_mm <= 206.50
//! |   |--- class: Adelie
//! |--- flipper_length_mm >  206.50
//! |   |--- weights: [2.00, 116.00] class: Gentoo
//! ```

use super::tree::{DEPTH, Node};

/// A line: how deep it stands, and what it says.
#[derive(Debug, Clone, Copy)]
struct Line<'t> {
    number: usize,
    depth: usize,
    says: &'t str,
}

pub(super) fn tree(text: &str) -> Result<Node, String> {
    let lines: Vec<Line<'_>> = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(|(i, line)| read(i + 1, line)).collect();
    let (root, rest) = node(&lines, 1)?;
    match rest {
        [] => Ok(root),
        [line, ..] => Err(format!("line {}: `{}` belongs to no branch", line.number, short(line.says))),
    }
}

fn read(number: usize, line: &str) -> Line<'_> {
    let front = line.find(|c: char| !matches!(c, '|' | ' ' | '-' | '\t')).unwrap_or(line.len());
    Line { number, depth: line[..front].matches('|').count(), says: line[front..].trim() }
}

/// The node that starts with the first line, and the lines behind it.
fn node<'l, 't>(lines: &'l [Line<'t>], depth: usize) -> Result<(Node, &'l [Line<'t>]), String> {
    let Some((line, rest)) = lines.split_first() else { return Err("the tree ends where a branch was expected".to_owned()) };
    let at = |message: String| format!("line {}: {message}", line.number);
    if depth > DEPTH {
        return Err(at(format!("the tree is more than {DEPTH} splits deep")));
    }
    if line.depth != depth {
        return Err(at(format!("`{}` stands {} deep, expected {depth}", short(line.says), line.depth)));
    }
    if line.says.starts_with("truncated branch") {
        return Err(at("a branch is cut off; write the whole tree with export_text(tree, feature_names=…, max_depth=100)".to_owned()));
    }
    if line.says.starts_with("value:") {
        return Err(at("this is a tree of numbers, expected one of classes".to_owned()));
    }
    if let Some((_, class)) = line.says.split_once("class:").filter(|(front, _)| front.is_empty() || front.starts_with("weights:")) {
        return Ok((Node::Leaf(class.trim().to_owned()), rest));
    }
    let (feature, threshold) = split(line.says, "<=").ok_or_else(|| at(format!("`{}` is neither a split nor a class", short(line.says))))?;
    let value: f64 = threshold.parse().ok().filter(|value: &f64| value.is_finite()).ok_or_else(|| at(format!("`{}` is no number", short(threshold))))?;
    let (yes, rest) = node(rest, depth + 1)?;
    let Some((other, rest)) = rest.split_first() else { return Err(at(format!("the branch for {} > {} is missing", short(feature), short(threshold)))) };
    if other.depth != depth || split(other.says, ">") != Some((feature, threshold)) {
        return Err(format!("line {}: found `{}` where {} > {} was expected", other.number, short(other.says), short(feature), short(threshold)));
    }
    let (no, rest) = node(rest, depth + 1)?;
    Ok((Node::Split { feature: feature.to_owned(), threshold: value, yes: Box::new(yes), no: Box::new(no) }, rest))
}

/// Feature and threshold around `sign`.
fn split<'t>(says: &'t str, sign: &str) -> Option<(&'t str, &'t str)> {
    let (feature, threshold) = says.rsplit_once(sign)?;
    Some((feature.trim(), threshold.trim()))
}

fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(40).collect()
}

//! Trees as `sklearn.tree.export_graphviz` writes them, in Graphviz's DOT language.
//!
//! ```text
//! 0 [label="flipper_length_mm <= 206.5\ngini = 0.638\nvalue = [146, 68, 119]\nclass = Adelie"] ;
//! 0 -> 1 [labeldistance=2.5, labelangle=45, headlabel="True"] ;
//! ```

use std::collections::{BTreeMap, BTreeSet};

use super::tree::{DEPTH, Node};

/// A drawn node's label, and its branches from the left.
#[derive(Debug, Default)]
struct Drawn {
    label: String,
    branches: Vec<String>,
}

pub(super) fn tree(text: &str) -> Result<Node, String> {
    let (_, body) = text.split_once('{').ok_or("the digraph has no {")?;
    let mut drawn = BTreeMap::<String, Drawn>::new();
    for statement in statements(body) {
        let head = statement.split(['[', '"', '<']).next().unwrap_or_default().trim();
        if let Some((from, to)) = head.split_once("->") {
            drawn.entry(from.trim().to_owned()).or_default().branches.push(to.trim().to_owned());
        } else if !head.is_empty() && !matches!(head, "node" | "edge" | "graph" | "}") && !head.contains('=') {
            drawn.entry(head.to_owned()).or_default().label = label(statement).unwrap_or_default();
        }
    }
    let mut below = BTreeSet::new();
    // What hangs below two nodes would be walked twice, and what hangs below that four times.
    if let Some(twice) = drawn.values().flat_map(|node| &node.branches).find(|&name| !below.insert(name)) {
        return Err(format!("node {} hangs below two others", twice.chars().take(20).collect::<String>()));
    }
    let roots: Vec<&String> = drawn.keys().filter(|name| !below.contains(name)).collect();
    match roots.as_slice() {
        [root] => node(&drawn, root, 0),
        roots => Err(format!("the drawing has {} roots, and a tree has one", roots.len())),
    }
}

fn node(drawn: &BTreeMap<String, Drawn>, name: &str, depth: usize) -> Result<Node, String> {
    let at = |message: &str| format!("node {}: {message}", name.chars().take(20).collect::<String>());
    if depth > DEPTH {
        return Err(at(&format!("the tree is more than {DEPTH} splits deep")));
    }
    let found = drawn.get(name).ok_or_else(|| at("it is not drawn"))?;
    let lines: Vec<&str> = found.label.lines().map(str::trim).collect();
    if lines.iter().any(|line| ["squared_error", "absolute_error", "friedman_mse", "poisson"].iter().any(|word| line.starts_with(word))) {
        return Err("this is a tree of numbers, expected one of classes".to_owned());
    }
    match found.branches.as_slice() {
        [] => leaf(&lines).map(Node::Leaf).ok_or_else(|| at("it has neither branches nor a class; write the whole tree without max_depth")),
        [left, right] => {
            let test = lines.iter().find_map(|line| line.split_once("<="));
            let (feature, threshold) = test.ok_or_else(|| at("its label is no split such as `feature <= 1.5`"))?;
            let threshold = threshold.trim().parse().ok().filter(|value: &f64| value.is_finite()).ok_or_else(|| at("its threshold is no number"))?;
            let (yes, no) = (Box::new(node(drawn, left, depth + 1)?), Box::new(node(drawn, right, depth + 1)?));
            Ok(Node::Split { feature: feature.trim().to_owned(), threshold, yes, no })
        }
        branches => Err(at(&format!("it has {} branches, expected two", branches.len()))),
    }
}

/// The class of a leaf: as it is named, or the place of the greatest value.
fn leaf(lines: &[&str]) -> Option<String> {
    if let Some(class) = lines.iter().find_map(|line| line.strip_prefix("class = ")) {
        // Without names it is `y[2]`.
        let place = class.strip_prefix("y[").and_then(|rest| rest.strip_suffix(']'));
        return Some(place.unwrap_or(class).trim().to_owned());
    }
    let label = lines.join(" ");
    let (_, values) = label.split_once("value = [")?;
    let values: Vec<f64> = values.split(']').next()?.split([',', ' ']).filter(|part| !part.is_empty()).map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let best = (0..values.len()).reduce(|best, i| if values[i] > values[best] { i } else { best })?;
    Some(best.to_string())
}

/// The statements of a graph: parted by `;` and line ends outside of quotes and brackets.
fn statements(body: &str) -> Vec<&str> {
    let (mut found, mut start, mut quoted, mut angles, mut escaped) = (Vec::new(), 0, false, 0_usize, false);
    for (at, c) in body.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' if angles == 0 => quoted = !quoted,
            '<' if !quoted => angles += 1,
            // The arrow of an edge is no bracket.
            '>' if !quoted => angles = angles.saturating_sub(1),
            ';' | '\n' if !quoted && angles == 0 => {
                found.push(body[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(body[start..].trim());
    found.into_iter().filter(|statement| !statement.is_empty()).collect()
}

/// The label of a node's statement, with its lines apart and without markup.
fn label(statement: &str) -> Option<String> {
    let (_, rest) = statement.split_once("label=")?;
    if let Some(rest) = rest.strip_prefix('"') {
        let (mut text, mut letters) = (String::new(), rest.chars());
        while let Some(c) = letters.next() {
            match c {
                '"' => break,
                '\\' => match letters.next()? {
                    'n' | 'l' | 'r' => text.push('\n'),
                    other => text.push(other),
                },
                other => text.push(other),
            }
        }
        return Some(text);
    }
    let (mut text, mut tag, mut depth) = (String::new(), String::new(), 0_usize);
    for c in rest.chars() {
        match c {
            '<' => {
                depth += 1;
                tag.clear();
            }
            '>' if depth <= 1 => break,
            '>' => {
                depth -= 1;
                if tag.starts_with("br") {
                    text.push('\n');
                }
            }
            c if depth > 1 => tag.push(c),
            c => text.push(c),
        }
    }
    Some(
        [("&le;", "<="), ("&lt;", "<"), ("&gt;", ">"), ("&#35;", "#"), ("&quot;", "\""), ("&amp;", "&")]
            .iter()
            .fold(text, |text, (from, to)| text.replace(from, to)),
    )
}

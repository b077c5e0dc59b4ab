//! A decision tree as a picture: boxes with questions and counts, lines with answers.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::gini_tree::Tree;
use crate::plot::{draw, text};

const WIDTH: i32 = 960;
const ROW: i32 = 140;
const BOX: (i32, i32) = (200, 74);
const LINE: RGBColor = RGBColor(110, 110, 110);
/// The fill of a node by its class, pale enough for text.
const FILLS: [RGBColor; 3] = [RGBColor(219, 233, 246), RGBColor(253, 226, 204), RGBColor(212, 240, 226)];

/// A node where it is drawn.
struct Placed<'t> {
    tree: &'t Tree,
    /// The middle of its box.
    x: i32,
    level: i32,
    parent: Option<(i32, &'static str)>,
}

/// The tree as SVG; `names` are of features, `classes` of classes.
pub(super) fn svg(tree: &Tree, names: &[&str], classes: &[&str]) -> Result<String, String> {
    let mut nodes = Vec::new();
    place(tree, 0, WIDTH, 0, None, &mut nodes);
    let levels = nodes.iter().map(|node| node.level).max().unwrap_or(0) + 1;
    let height = 60 + (levels - 1) * ROW + BOX.1 + 30;
    let centred = |size| text(size).pos(Pos::new(HPos::Center, VPos::Center));
    draw((WIDTH.unsigned_abs(), height.unsigned_abs()), |area| {
        area.draw(&Text::new("Telling Gentoo from the other species", (WIDTH / 2, 26), centred(22)))?;
        let top = |level: i32| 60 + level * ROW;
        for node in &nodes {
            if let Some((parent, answer)) = node.parent {
                let (from, to) = ((parent, top(node.level - 1) + BOX.1), (node.x, top(node.level)));
                area.draw(&PathElement::new([from, to], LINE.stroke_width(2)))?;
                let side = if node.x < parent { -20 } else { 20 };
                area.draw(&Text::new(answer, (i32::midpoint(from.0, to.0) + side, i32::midpoint(from.1, to.1) - 8), centred(15)))?;
            }
        }
        for node in &nodes {
            let (left, y) = (node.x - BOX.0 / 2, top(node.level));
            let corners = [(left, y), (left + BOX.0, y + BOX.1)];
            area.draw(&Rectangle::new(corners, FILLS[node.tree.class() % FILLS.len()].filled()))?;
            area.draw(&Rectangle::new(corners, LINE.stroke_width(1)))?;
            let counts: Vec<String> = node.tree.counts.iter().zip(classes).map(|(count, class)| format!("{count} {class}")).collect();
            let class = classes.get(node.tree.class()).copied().unwrap_or("?");
            let first = node.tree.split.as_ref().map_or_else(|| class.to_owned(), |split| split.branches(names)[0].0.clone());
            area.draw(&Text::new(first, (node.x, y + 25), centred(15)))?;
            area.draw(&Text::new(counts.join(", "), (node.x, y + 50), centred(14)))?;
        }
        Ok(())
    })
}

/// Places `tree` in the middle between `left` and `right` and what is below it in the halves.
fn place<'t>(tree: &'t Tree, left: i32, right: i32, level: i32, parent: Option<(i32, &'static str)>, nodes: &mut Vec<Placed<'t>>) {
    let x = i32::midpoint(left, right);
    nodes.push(Placed { tree, x, level, parent });
    if let Some(split) = &tree.split {
        place(&split.at_most, left, x, level + 1, Some((x, "yes")), nodes);
        place(&split.above, x, right, level + 1, Some((x, "no")), nodes);
    }
}

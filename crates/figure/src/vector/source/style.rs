//! The style of an SVG's elements: attributes, `style` attributes and the simple rules of a style sheet, inherited.

use std::rc::Rc;
use std::str::FromStr;

use roxmltree::Node;

use crate::vector::model::Rgb;

/// Rules of a style sheet that are read.
const RULES: usize = 500;

/// What is known of an element's style.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "they have nothing to do with each other")]
pub(in crate::vector) struct Style {
    fill: Option<Rgb>,
    fill_seen: bool,
    stroke: Option<Rgb>,
    stroke_seen: bool,
    color: Rgb,
    /// The pattern of dashes; empty for a line without gaps.
    pub dash: Rc<str>,
    /// The size of the font in the unit of the element.
    pub em: f64,
    /// Where text stands at its place: 0 before, 0.5 around, 1 behind it.
    pub anchor: f64,
    /// How many em the text's middle is above its place.
    pub rise: f64,
    hidden: bool,
    invisible: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            fill: Some([0; 3]),
            fill_seen: true,
            stroke: None,
            stroke_seen: true,
            color: [0; 3],
            dash: Rc::from(""),
            em: 16.0,
            anchor: 0.0,
            rise: 0.35,
            hidden: false,
            invisible: false,
        }
    }
}

impl Style {
    /// The colour of the outline, if it has one.
    pub(in crate::vector) fn stroke(&self) -> Option<Rgb> {
        self.stroke.filter(|_| self.stroke_seen)
    }

    /// The colour of the inside, if it has one.
    pub(in crate::vector) fn fill(&self) -> Option<Rgb> {
        self.fill.filter(|_| self.fill_seen)
    }

    /// Whether it can be seen at all.
    pub(in crate::vector) fn is_seen(&self) -> bool {
        !self.hidden && !self.invisible
    }

    /// The style of `node` inside an element of this style.
    pub(in crate::vector) fn of(&self, node: Node, sheet: &Sheet) -> Self {
        let mut style = self.clone();
        // The colour first: the others may refer to it.
        for pass in [true, false] {
            let mut set = |name: &str, value: &str| {
                if (name == "color") == pass {
                    style.set(name, value);
                }
            };
            node.attributes().for_each(|attribute| set(attribute.name(), attribute.value()));
            sheet.rules_of(node).for_each(|rule| declarations(&rule.body).for_each(|(name, value)| set(name, value)));
            declarations(node.attribute("style").unwrap_or_default()).for_each(|(name, value)| set(name, value));
        }
        style
    }

    fn set(&mut self, name: &str, value: &str) {
        let value = value.trim().trim_end_matches("!important").trim_end();
        if value == "inherit" {
            return;
        }
        let number = || value.trim_end_matches("px").parse::<f64>().ok();
        match name {
            "color" => self.color = colour(value, self.color).unwrap_or(self.color),
            "fill" => self.fill = colour(value, self.color),
            "stroke" => self.stroke = colour(value, self.color),
            "fill-opacity" => self.fill_seen = number() != Some(0.0),
            "stroke-opacity" | "stroke-width" => self.stroke_seen = number() != Some(0.0),
            "opacity" => self.hidden |= number() == Some(0.0),
            "display" => self.hidden |= value == "none",
            "visibility" => self.invisible = value != "visible",
            "stroke-dasharray" => {
                let solid = value == "none" || !value.contains(|c: char| ('1'..='9').contains(&c));
                self.dash = if solid { Rc::from("") } else { Rc::from(value.split([' ', ',']).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")) };
            }
            "text-anchor" => self.anchor = if value == "middle" { 0.5 } else { f64::from(u8::from(value == "end")) },
            "dominant-baseline" | "alignment-baseline" => {
                self.rise = match value {
                    "central" | "middle" => 0.0,
                    "hanging" | "text-before-edge" | "text-top" => -0.4,
                    _ => 0.35,
                };
            }
            "font-size" => self.em = size(value, self.em).unwrap_or(self.em),
            // The size is the first word of the shorthand that is a length.
            "font" => self.em = value.split(' ').filter(|word| word.ends_with("px")).find_map(|word| size(word, self.em)).unwrap_or(self.em),
            _ => {}
        }
    }
}

fn size(text: &str, em: f64) -> Option<f64> {
    let text = text.trim();
    let size = if let Some(share) = text.strip_suffix('%') {
        share.parse::<f64>().ok()? / 100.0 * em
    } else if let Some(share) = text.strip_suffix("em") {
        share.parse::<f64>().ok()? * em
    } else {
        mlgrade_picture::figure::length_in_pixels(text)?
    };
    (size.is_finite() && size > 0.0).then_some(size)
}

/// A colour; `None` for none and for what is no colour.
fn colour(text: &str, current: Rgb) -> Option<Rgb> {
    if text.eq_ignore_ascii_case("currentcolor") {
        return Some(current);
    }
    let colour = svgtypes::Color::from_str(text).ok()?;
    (colour.alpha > 0).then_some([colour.red, colour.green, colour.blue])
}

fn declarations(body: &str) -> impl Iterator<Item = (&str, &str)> {
    body.split(';').filter_map(|declaration| declaration.split_once(':')).map(|(name, value)| (name.trim(), value.trim()))
}

/// The rules of the style sheets in an SVG. Only the last part of a selector is looked at.
#[derive(Debug, Default)]
pub(in crate::vector) struct Sheet {
    rules: Vec<Rule>,
}

#[derive(Debug)]
struct Rule {
    /// Names of elements and, with a dot, of classes; `*` for all.
    selectors: Vec<String>,
    body: String,
}

impl Sheet {
    /// Adds the rules of a sheet.
    pub(in crate::vector) fn read(&mut self, text: &str) {
        for block in text.split('}') {
            let Some((selectors, body)) = block.split_once('{') else { continue };
            if self.rules.len() == RULES {
                return;
            }
            let selectors = selectors.split(',').filter_map(|selector| selector.split_whitespace().last()).map(str::to_owned).collect();
            self.rules.push(Rule { selectors, body: body.to_owned() });
        }
    }

    fn rules_of<'a>(&'a self, node: Node<'a, 'a>) -> impl Iterator<Item = &'a Rule> {
        let classes = node.attribute("class").unwrap_or_default();
        let matches = move |selector: &String| match selector.split_once('.') {
            None => selector == "*" || selector == node.tag_name().name(),
            Some((element, class)) => (element.is_empty() || element == node.tag_name().name()) && classes.split_whitespace().any(|own| own == class),
        };
        self.rules.iter().filter(move |rule| rule.selectors.iter().any(matches))
    }
}

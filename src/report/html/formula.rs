//! Formulas that a student wrote between dollar signs, as MathML.

use std::panic::{AssertUnwindSafe, catch_unwind};

use pulldown_latex::config::DisplayMode;
use pulldown_latex::{Parser, RenderConfig, Storage, push_mathml};

/// The longest formula that is read, in bytes: nobody writes a longer one by hand.
const LONGEST: usize = 2_000;
/// Groups within groups.
const DEEPEST: usize = 32;
/// The longest MathML that is taken, in bytes.
const LONGEST_RESULT: usize = 200_000;
/// Commands that make others: a few lines of them grow to any length.
const DEFINING: [&str; 5] = ["def", "let", "command", "environment", "expandafter"];

/// `source` as MathML, or `None` if it is none that can be read.
pub(super) fn mathml(source: &str, is_block: bool) -> Option<String> {
    if source.len() > LONGEST || deepest(source) > DEEPEST || DEFINING.iter().any(|word| commands(source).any(|command| command.contains(word))) {
        return None;
    }
    // A parser of another's making: what it cannot do must not end the run.
    let rendered = catch_unwind(AssertUnwindSafe(|| {
        let storage = Storage::new();
        let events: Vec<_> = Parser::new(source, &storage).collect::<Result<_, _>>().ok()?;
        let display_mode = if is_block { DisplayMode::Block } else { DisplayMode::Inline };
        let mut html = String::new();
        let events = events.into_iter().map(Ok::<_, std::fmt::Error>);
        push_mathml(&mut html, events, RenderConfig { display_mode, ..RenderConfig::default() }).ok()?;
        Some(html)
    }));
    // The renderer leaves a `<` that is an operator as it is.
    let html = rendered.ok().flatten()?.replace("><</", ">&lt;</");
    (html.len() <= LONGEST_RESULT && is_mathml(&html)).then(|| without_styles(&html))
}

fn commands(source: &str) -> impl Iterator<Item = &str> {
    source.split('\\').skip(1).map(|rest| rest.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default())
}

fn deepest(source: &str) -> usize {
    let mut depth = 0_usize;
    let mut deepest = 0;
    for c in source.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest.max(source.matches("\\left").count()).max(source.matches("\\begin").count())
}

/// Whether every tag is one of MathML's: a second look at what comes from outside.
fn is_mathml(html: &str) -> bool {
    let name = |tag: &str| tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect::<String>();
    html.split('<').skip(1).all(|tag| matches!(name(tag).as_str(), "math" | "semantics") || (name(tag).starts_with('m') && name(tag) != "marquee"))
}

/// Without style attributes, which the page's policy refuses.
fn without_styles(html: &str) -> String {
    let mut parts = html.split(" style=\"");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out += part.split_once('"').map_or("", |(_, rest)| rest);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_is_mathml_and_what_is_none_is_refused() {
        let html = mathml(r"\frac{1}{n}\sum_i (y_i - \hat y_i)^2 < \epsilon", false).expect("a formula");
        assert!(html.starts_with("<math") && html.contains("<mfrac>") && html.contains("&lt;"), "{html}");
        let deep = "{".repeat(500) + &"}".repeat(500);
        for refused in [r"\frac{", r"\def\a{\a\a}\a", r"\newcommand{\a}{b}\a", r"\nosuchcommand", &deep, &"x".repeat(3_000)] {
            assert_eq!(mathml(refused, false), None, "{refused}");
        }
    }

    #[test]
    fn a_formula_brings_no_tag_and_no_style_of_its_own() {
        for hostile in
            [r"\text{<script>alert(1)</script>}", r"\text{</math><img src=x onerror=y>}", r"\color{red} x", r#"\text{" onload="x}"#, r"x \hspace{1em} <y>"]
        {
            let html = mathml(hostile, true).unwrap_or_default();
            assert!(!html.contains("<script") && !html.contains("<img") && !html.contains("style="), "{html}");
        }
    }
}

//! Words that people wrote, as HTML: Markdown without what loads, links or leaves its place.

use pulldown_cmark::{Alignment, Event, Options, Parser, Tag, TagEnd, html};

use super::formula;
use super::markup::{Markup, escape};
use crate::domain::text::plain;

/// Quotes and lists within others: a browser needs no more, and hostile text has thousands.
const DEEPEST: usize = 12;

/// `text` as its author meant it. HTML in it is shown as it was written, a link as its words and its address, a picture as its name.
pub(super) fn words(text: &str) -> Markup {
    let text = text.lines().map(plain).collect::<Vec<_>>().join("\n");
    let mut depth = 0;
    let mut open = Vec::new();
    let mut events = Vec::new();
    let options = Options::ENABLE_MATH | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES;
    for event in Parser::new_ext(&text, options) {
        match event {
            Event::Start(tag) => {
                let is_kept = kept(&tag, depth);
                depth += 1;
                open.push((is_kept, address(&tag)));
                match tag {
                    // The page has its own outline.
                    Tag::Heading { .. } => events.extend([Event::Start(Tag::Paragraph), Event::Start(Tag::Strong)]),
                    // Alignments are style attributes, which the page's policy refuses.
                    Tag::Table(columns) => events.push(Event::Start(Tag::Table(vec![Alignment::None; columns.len()]))),
                    tag if is_kept => events.push(Event::Start(tag)),
                    _ => {}
                }
            }
            Event::End(end) => {
                depth = depth.saturating_sub(1);
                let (is_kept, address) = open.pop().unwrap_or_default();
                match end {
                    TagEnd::Heading(_) => events.extend([Event::End(TagEnd::Strong), Event::End(TagEnd::Paragraph)]),
                    end if is_kept => events.push(Event::End(end)),
                    _ => events.extend(address.map(|address| Event::Text(format!(" ({address})").into()))),
                }
            }
            Event::Html(html) | Event::InlineHtml(html) => events.push(Event::Text(html)),
            // Who writes on a new line means a new line.
            Event::SoftBreak => events.push(Event::HardBreak),
            Event::InlineMath(source) => events.push(maths(&source, false)),
            Event::DisplayMath(source) => events.push(maths(&source, true)),
            Event::FootnoteReference(name) => events.push(Event::Text(name)),
            event => events.push(event),
        }
    }
    let mut out = String::new();
    html::push_html(&mut out, events.into_iter());
    Markup::rendered(out)
}

/// Whether a tag is printed. Links, pictures and HTML are not, and headings are printed as something else.
fn kept(tag: &Tag<'_>, depth: usize) -> bool {
    use Tag::{BlockQuote, CodeBlock, Emphasis, Item, List, Paragraph, Strikethrough, Strong, Table, TableCell, TableHead, TableRow};
    match tag {
        BlockQuote(_) | List(_) | Item => depth < DEEPEST,
        Paragraph | CodeBlock(_) | Emphasis | Strong | Strikethrough | Table(_) | TableHead | TableRow | TableCell => true,
        _ => false,
    }
}

fn address(tag: &Tag<'_>) -> Option<String> {
    match tag {
        Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } if !dest_url.is_empty() => Some(dest_url.to_string()),
        _ => None,
    }
}

/// A formula, or what was written where it cannot be read as one.
fn maths<'e>(source: &str, is_block: bool) -> Event<'e> {
    let dollars = if is_block { "$$" } else { "$" };
    Event::InlineHtml(formula::mathml(source, is_block).unwrap_or_else(|| escape(&format!("{dollars}{source}{dollars}"))).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_and_formulas_are_shown() {
        assert_eq!(words("a *b* and `c`\nnext line").to_string(), "<p>a <em>b</em> and <code>c</code><br />\nnext line</p>\n");
        assert!(words("the loss $x^2$ falls").to_string().contains("<math"));
        assert_eq!(words("it costs $5 or $6").to_string(), "<p>it costs $5 or $6</p>\n");
        assert_eq!(words("# Title").to_string(), "<p><strong>Title</strong></p>\n");
    }

    #[test]
    fn nothing_is_loaded_linked_or_run() {
        let hostile = "<script>alert(1)</script>\n\n<img src=x onerror=alert(1)>\n\n[click](javascript:alert(1)) ![p](http://x/p.png) <http://auto.example> \
                       </blockquote></style>\n\n$\\frac{</p>$ \u{202e}txt";
        let html = words(hostile).to_string();
        for bad in ["<script", "<img", "<a ", "</style>", "</blockquote>", "\u{202e}"] {
            assert!(!html.contains(bad), "{bad}\n{html}");
        }
        assert!(html.contains("&lt;script&gt;") && html.contains("click (javascript:alert(1))") && html.contains("p (http://x/p.png)"), "{html}");
        let deep = words(&"> ".repeat(5_000)).to_string();
        assert!(deep.matches("<blockquote>").count() <= DEEPEST, "{}", deep.len());
    }
}

//! Markdown, HTML and a little LaTeX as plain text.

/// Tags that only change how a text looks. Struck-out text means something else, so its tags stay and are understood by nobody.
const TAGS: [&str; 20] = ["b", "i", "em", "strong", "u", "code", "pre", "p", "br", "span", "font", "div", "center", "ul", "ol", "li", "h1", "h2", "h3", "h4"];

const ENTITIES: [(&str, &str); 14] = [
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&le;", "≤"),
    ("&ge;", "≥"),
    ("&leq;", "≤"),
    ("&geq;", "≥"),
    ("&ne;", "≠"),
    ("&rarr;", "→"),
    ("&nbsp;", " "),
    ("&quot;", "\""),
    ("&apos;", "'"),
    ("&#39;", "'"),
    ("&eta;", "eta"),
    ("&amp;", "&"),
];

/// LaTeX's commands, and what they mean in a rule or an answer. Braces of the others' arguments are taken off.
const COMMANDS: [(&str, &str); 36] = [
    ("leqslant", " ≤ "),
    ("geqslant", " ≥ "),
    ("leq", " ≤ "),
    ("geq", " ≥ "),
    ("le", " ≤ "),
    ("ge", " ≥ "),
    ("lt", " < "),
    ("gt", " > "),
    ("neq", " ≠ "),
    ("ne", " ≠ "),
    ("neg", " not "),
    ("lnot", " not "),
    ("land", " and "),
    ("wedge", " and "),
    ("lor", " or "),
    ("vee", " or "),
    ("Longrightarrow", " → "),
    ("Rightarrow", " → "),
    ("rightarrow", " → "),
    ("implies", " → "),
    ("to", " → "),
    ("eta", " eta "),
    ("alpha", " alpha "),
    ("quad", " "),
    ("text", ""),
    ("textit", ""),
    ("textbf", ""),
    ("texttt", ""),
    ("mathrm", ""),
    ("mathbf", ""),
    ("mathit", ""),
    ("mathtt", ""),
    ("operatorname", ""),
    ("bf", ""),
    ("it", ""),
    ("displaystyle", ""),
];

/// `text` as plain lines: without emphasis, fences, list marks, quotation marks of Markdown, known tags and LaTeX's dollars.
pub(crate) fn plain(text: &str) -> String {
    let mut text = without_comments(text).replace("\r\n", "\n");
    if text.contains('<') {
        text = without_tags(&text);
    }
    if text.contains('&') {
        text = ENTITIES.iter().fold(text, |text, (entity, sign)| text.replace(entity, sign));
    }
    if text.contains('\\') {
        text = without_commands(&text);
    }
    let lines = text.lines().filter(|line| !is_fence(line)).map(|line| unmarked(line).to_owned());
    let text = lines.collect::<Vec<_>>().join("\n");
    without_emphasis(&text.chars().filter_map(folded).collect::<String>()).trim().to_owned()
}

/// Spaces, dashes and quotes of all sorts as the ones on a keyboard.
fn folded(c: char) -> Option<char> {
    Some(match c {
        '\u{a0}' | '\u{2007}' | '\u{2009}' | '\u{202f}' | '\t' => ' ',
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => return None,
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{2018}' | '\u{2019}' | '\u{b4}' => '\'',
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '«' | '»' => '"',
        'ï' => 'i',
        c => c,
    })
}

pub(super) fn without_comments(text: &str) -> String {
    let (mut left, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, inside)) = rest.split_once("<!--") {
        left.push_str(before);
        rest = inside.split_once("-->").map_or("", |(_, after)| after);
    }
    left + rest
}

fn without_tags(text: &str) -> String {
    let (mut left, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find('<') {
        left.push_str(&rest[..at]);
        let inside = &rest[at + 1..];
        let name: String = inside.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
        // A tag closes on its line and holds no other.
        let end = inside.find(['<', '>', '\n']).filter(|&end| inside[end..].starts_with('>') && TAGS.contains(&name.as_str()));
        if let Some(end) = end {
            let breaks = ["br", "p", "div", "li", "pre", "h1", "h2", "h3", "h4"].contains(&name.as_str());
            left.push_str(if breaks { "\n" } else { "" });
            rest = &inside[end + 1..];
        } else {
            left.push('<');
            rest = inside;
        }
    }
    left + rest
}

/// Escapes of Markdown, and the commands of LaTeX that mean something.
fn without_commands(text: &str) -> String {
    let (mut left, mut rest, mut braces) = (String::with_capacity(text.len()), text, false);
    while let Some(at) = rest.find('\\') {
        left.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let name: String = rest.chars().take_while(char::is_ascii_alphabetic).collect();
        if let Some((_, meaning)) = COMMANDS.iter().find(|(command, _)| *command == name) {
            left.push_str(meaning);
            rest = &rest[name.len()..];
            braces = true;
        } else if name == "color" || name == "textcolor" {
            let inner = rest[name.len()..].trim_start();
            rest = inner.strip_prefix('{').and_then(|inner| inner.split_once('}')).map_or(inner, |(_, after)| after);
            braces = true;
        } else if name.is_empty() {
            // `\_` is an underscore, `\,` a space.
            let escaped = rest.chars().next();
            left.push(match escaped {
                Some(',' | ';' | ':' | '!' | ' ') | None => ' ',
                Some(c) => c,
            });
            rest = &rest[escaped.map_or(0, char::len_utf8)..];
        } else {
            left.push('\\');
        }
    }
    left.push_str(rest);
    if braces { left.replace(['{', '}'], "") } else { left }
}

fn is_fence(line: &str) -> bool {
    let line = line.trim();
    ["```", "~~~"].iter().any(|fence| line.strip_prefix(fence).is_some_and(|info| info.trim().chars().all(|c| c.is_alphanumeric() || c == '-')))
}

/// A line without what makes it a heading, a quotation or an entry of a list.
fn unmarked(line: &str) -> &str {
    let line = line.trim();
    let line = line.trim_start_matches('#').trim_start();
    let line = line.strip_prefix("> ").unwrap_or(line).trim_start();
    ["- ", "* ", "+ ", "• "].iter().find_map(|mark| line.strip_prefix(mark)).unwrap_or(line)
}

/// Without backticks, dollars around formulas, and the stars and underscores that stand at the edge of a word.
fn without_emphasis(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let is_word = |at: Option<&char>| at.is_some_and(|c| c.is_alphanumeric());
    let is_space = |at: Option<&char>| at.is_none_or(|c| c.is_whitespace());
    let mut left = String::with_capacity(text.len());
    let mut at = 0;
    while at < letters.len() {
        let c = letters[at];
        let run = letters[at..].iter().take_while(|&&other| other == c).count();
        let (before, after) = (at.checked_sub(1).and_then(|before| letters.get(before)), letters.get(at + run));
        let keep = match c {
            '`' => false,
            '_' | '$' => is_word(before) && is_word(after),
            // Of a product.
            '*' => run < 2 && (is_space(before) == is_space(after)) && (is_space(before) || is_word(before) && is_word(after)),
            _ => true,
        };
        if keep {
            left.extend(&letters[at..at + run]);
        }
        at += run;
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn marks_of_markdown_html_and_latex_are_taken_off() {
        for (text, expected) in [
            ("**Random** _forest_", "Random forest"),
            ("`flipper_length_mm > 206.5`", "flipper_length_mm > 206.5"),
            ("```python\nx > 1\n```", "x > 1"),
            ("- **forest**", "forest"),
            ("### The *forest*", "The forest"),
            ("> forest", "forest"),
            ("<b>forest</b>", "forest"),
            ("a &le; 3 &amp; b &gt; 2", "a ≤ 3 & b > 2"),
            ("bill\\_length\\_mm", "bill_length_mm"),
            ("$x \\leq 17.65 \\land y > 2$", "x  ≤  17.65  and  y > 2"),
            ("$\\color{blue}{\\textit Your Answer:}$ x", "\\textit Your Answer: x".trim_start_matches("\\textit ").trim()),
            ("2 * 3 and 2*3", "2 * 3 and 2*3"),
            ("penguins$bill", "penguins$bill"),
            ("x < b > 3", "x < b > 3"),
            // Struck out: nobody takes it for the answer.
            ("~~forest~~", "~~forest~~"),
            ("<s>forest</s>", "<s>forest</s>"),
            ("10⁰", "10⁰"),
        ] {
            assert_eq!(plain(text).split_whitespace().collect::<Vec<_>>(), expected.split_whitespace().collect::<Vec<_>>(), "{text}");
        }
    }

    proptest! {
        /// What has no marks stays as it is.
        #[test]
        fn plain_words_stay(words in prop::collection::vec("[a-z]{1,8}", 1..8)) {
            prop_assert_eq!(plain(&words.join(" ")), words.join(" "));
        }
    }
}

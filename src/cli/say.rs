//! Printing that nobody's text can pass for a command. A build server reads what a program prints: GitHub's takes a line that begins with
//! `::` for a command, whatever blanks are before it, and `##[…]` anywhere in a line; other servers take `##vso[` and
//! `##teamcity[`.

/// Prints a line.
macro_rules! say {
    () => { anstream::println!() };
    ($($arg:tt)*) => { anstream::println!("{}", $crate::cli::say::harmless(&format!($($arg)*))) };
}

/// Prints without a new line.
macro_rules! put {
    ($($arg:tt)*) => { anstream::print!("{}", $crate::cli::say::harmless(&format!($($arg)*))) };
}

/// Prints a line to the standard error.
macro_rules! complain {
    ($($arg:tt)*) => { anstream::eprintln!("{}", $crate::cli::say::harmless(&format!($($arg)*))) };
}

pub(crate) use {complain, put, say};

/// `text` with an apostrophe before what a build server would take for a command.
pub(super) fn harmless(text: &str) -> String {
    let text = text.replace("##", "#'#");
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive(['\n', '\r']) {
        let start = start(line);
        out.push_str(&line[..start]);
        if line[start..].starts_with("::") {
            out.push('\'');
        }
        out.push_str(&line[start..]);
    }
    out
}

/// Where a line begins for whoever skips blanks and does not see styles, which are taken out where they do not belong.
fn start(line: &str) -> usize {
    let mut at = 0;
    loop {
        let rest = &line[at..];
        let blank = rest.len() - rest.trim_start().len();
        let style = rest[blank..].strip_prefix("\u{1b}[").and_then(|style| style.find(|c: char| c.is_ascii_alphabetic())).map_or(0, |end| end + 3);
        if blank + style == 0 {
            return at;
        }
        at += blank + style;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_begins_with_a_command() {
        for (text, printed) in [
            ("::add-mask::points", "'::add-mask::points"),
            ("  \t::error title=x::y\nfine\n  ::stop-commands::a\n", "  \t'::error title=x::y\nfine\n  '::stop-commands::a\n"),
            ("  \u{1b}[2m\u{1b}[1m::error::x\u{1b}[0m", "  \u{1b}[2m\u{1b}[1m'::error::x\u{1b}[0m"),
            ("x\r::error::x", "x\r'::error::x"),
            ("\u{3000}\u{a0}::error::x", "\u{3000}\u{a0}'::error::x"),
            ("a ##[add-mask]x ##vso[task.x]", "a #'#[add-mask]x #'#vso[task.x]"),
            ("std::error", "std::error"),
            ("\u{1b}[", "\u{1b}["),
            ("", ""),
        ] {
            assert_eq!(harmless(text), printed, "{text:?}");
        }
    }
}

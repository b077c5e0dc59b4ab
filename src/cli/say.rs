//! Printing that nobody's text can pass for a command. A build server reads what a program prints: GitHub's takes a line that begins with
//! `::` for a command, whatever blanks are before it, and `##[…]` anywhere in a line; other servers take `##vso[` and
//! `##teamcity[`.

use std::io::Write;
use std::sync::OnceLock;

/// Prints a line.
macro_rules! say {
    () => { $crate::cli::say::out("\n") };
    ($($arg:tt)*) => { $crate::cli::say::out(&($crate::cli::say::harmless(&format!($($arg)*)) + "\n")) };
}

/// Prints without a new line.
macro_rules! put {
    ($($arg:tt)*) => { $crate::cli::say::out(&$crate::cli::say::harmless(&format!($($arg)*))) };
}

/// Prints a line to the standard error.
macro_rules! complain {
    ($($arg:tt)*) => { $crate::cli::say::err(&($crate::cli::say::harmless(&format!($($arg)*)) + "\n")) };
}

/// Prints what a program reads, as it is.
macro_rules! raw {
    ($($arg:tt)*) => { $crate::cli::say::out(&format!($($arg)*)) };
}

pub(crate) use {complain, put, raw, say};

/// Why the standard output takes nothing any more.
static LOST: OnceLock<String> = OnceLock::new();

/// Writes to the standard output. If that is closed or full nothing more is written: what a command does is done all the same.
pub(crate) fn out(text: &str) {
    if LOST.get().is_some() {
        return;
    }
    let mut output = anstream::stdout().lock();
    if let Err(error) = output.write_all(text.as_bytes()).and_then(|()| output.flush()) {
        drop(LOST.set(error.to_string()));
    }
}

/// Writes to the standard error; there is nobody to tell if that is closed.
pub(crate) fn err(text: &str) {
    drop(anstream::stderr().lock().write_all(text.as_bytes()));
}

/// Why not all could be printed, if so.
pub(super) fn lost() -> Option<&'static str> {
    LOST.get().map(String::as_str)
}

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

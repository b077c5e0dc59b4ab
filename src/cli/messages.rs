//! Messages with the place they are about, and the exit code of what went wrong.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet, renderer::DecorStyle};

use super::Exit;
use super::say::complain;
use crate::course::CourseError;
use crate::domain::diagnostic::{Diagnostic, Severity};
use crate::domain::text::plain;
use crate::store::StoreError;

/// Prints what went wrong, and says with which code to leave.
pub(super) fn report(error: &anyhow::Error) -> Exit {
    if let Some(CourseError::Faults { path, text, all }) = error.downcast_ref() {
        complain!("{}", render(path, text, all, true).trim_end());
        return Exit::Usage;
    }
    let unusable = error.downcast_ref().and_then(|error| if let CourseError::Unusable(fault) = error { Some(fault) } else { None });
    if let Some(diagnostic) = unusable.or_else(|| error.downcast_ref::<Diagnostic>()) {
        let title = diagnostic.path.as_ref().map_or_else(String::new, |path| format!("{path}: "));
        let shown = Diagnostic { message: plain(&format!("{title}{}", diagnostic.message)), span: None, ..diagnostic.clone() };
        complain!("{}", render("", "", &[shown], true).trim_end());
        return Exit::Usage;
    }
    complain!("error: {}", plain(&format!("{error:#}")));
    // A folder without a class was named by mistake.
    if let Some(StoreError::Absent(_) | StoreError::TooNew { .. } | StoreError::Unfinished(_)) = error.downcast_ref() { Exit::Usage } else { Exit::Ours }
}

/// Each fault with a caret into the text, then how many there are.
pub(super) fn render(path: &str, text: &str, faults: &[Diagnostic], styled: bool) -> String {
    let renderer = if styled { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(160);
    let mut out = String::new();
    for fault in faults {
        let level = if fault.severity == Severity::Error { Level::ERROR } else { Level::WARNING };
        let title = level.primary_title(&fault.message).id(fault.code.as_str());
        let help = fault.help.as_deref().unwrap_or_default();
        let group = match &fault.span {
            Some(span) => {
                let end = span.end.min(text.len()).max(span.start.min(text.len()));
                let annotation = AnnotationKind::Primary.span(first_line(text, span.start.min(end)..end)).label(help);
                title.element(Snippet::source(text).path(path).annotation(annotation))
            }
            None if fault.help.is_some() => Group::with_title(title).element(Level::HELP.message(help)),
            None => Group::with_title(title),
        };
        out += &renderer.render(&[group]);
        out.push('\n');
    }
    out
}

/// A span of several lines is marked on its first one only.
fn first_line(text: &str, span: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let length = text.get(span.clone()).map_or(0, |part| part.find('\n').unwrap_or(part.len()));
    span.start..span.start + length
}

/// "2 errors, 1 warning".
pub(super) fn count(faults: &[Diagnostic]) -> String {
    let errors = faults.iter().filter(|fault| fault.severity == Severity::Error).count();
    let plural = |n: usize, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
    format!("{}, {}", plural(errors, "error"), plural(faults.len() - errors, "warning"))
}

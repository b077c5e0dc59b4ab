//! GitHub Actions: annotations and a job summary, from what a student may see. A log there can be read by the student whose repository it is.
//!
//! GitHub takes a printed line that begins with `::` for a command. Ours are the only ones: what stands in them is escaped, and texts of
//! submissions stand between `::stop-commands::TOKEN` and `::TOKEN::`, where none counts.

use std::fmt::Write;

use serde::Serialize;

use crate::domain::points::Points;
use crate::domain::text::plain;
use crate::report::student::{State, StudentItem};
use crate::report::{Report, checklist, markdown};

/// The longest message of an annotation: GitHub cuts longer ones.
const MESSAGE: usize = 4_000;

/// What is printed for `reports`. Nobody who writes a submission may know `token`.
pub fn log(reports: &[Report], token: &str) -> String {
    let mut out = format!("::stop-commands::{token}\n");
    for report in reports {
        out += &tame(&checklist::checklist(&report.for_student(), None));
        out.push('\n');
    }
    let _ = writeln!(out, "\n::{token}::");
    for report in reports.iter().filter(|report| !report.excused) {
        let whose = if reports.len() > 1 { format!("{}: ", report.student) } else { String::new() };
        for item in report.for_student().items() {
            out.extend(annotation(&whose, item));
        }
    }
    if let [report] = reports {
        out += &classroom(report);
    }
    out
}

/// A line for an item that is to be mended, or that could not be looked at.
fn annotation(whose: &str, item: &StudentItem) -> Option<String> {
    let level = match item.state {
        State::NotFound if item.bonus => return None,
        State::Fix | State::NotFound => "error",
        State::Ungraded => "warning",
        State::Fine | State::Found => return None,
    };
    let message: String = item.advice.chars().take(MESSAGE).collect();
    Some(command(level, &format!("{whose}{}", item.title), &message))
}

/// The two notices that GitHub Classroom reads.
fn classroom(report: &Report) -> String {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Totals {
        total_points: Points,
        max_points: Points,
    }
    let (earned, possible) = (report.score.earned, report.score.possible);
    // Two numbers are always written.
    let totals = serde_json::to_string(&Totals { total_points: earned, max_points: possible }).unwrap_or_default();
    command("notice", "Autograding complete", &format!("Points {earned}/{possible}")) + &command("notice", "Autograding report", &totals)
}

/// A command in one line.
fn command(level: &str, title: &str, message: &str) -> String {
    format!("::{level} title={}::{}\n", property(title), data(message))
}

/// The text of a command.
fn data(text: &str) -> String {
    // `plain` would make a line break a blank, which reads worse.
    let text: Vec<String> = text.lines().map(plain).collect();
    text.join("\n").replace("##", "#'#").replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// Text of a submission in the log, without styles, which are taken out of a log and would hide how a line begins. Older runners took `##[…]` for a command, and a line that ends the stop must not be copied.
fn tame(text: &str) -> String {
    let text = anstream::adapter::strip_str(text).to_string().replace("##", "#'#");
    text.lines().map(|line| if line.trim_start().starts_with("::") { format!("'{line}\n") } else { format!("{line}\n") }).collect()
}

/// Markdown for the job's summary: a table of the class, or one student's list.
pub fn summary(reports: &[Report]) -> String {
    let mut out = String::from("| student | points | to fix | not found | not graded |\n|---|---:|---:|---:|---:|\n");
    for report in reports {
        let view = report.for_student();
        // To leave out a bonus is no fault.
        let count = |state: State| view.items().filter(|item| item.state == state && !(item.bonus && state == State::NotFound)).count();
        let points = if report.excused { "excused".to_owned() } else { format!("{} of {}", report.score.range(), report.score.possible) };
        let _ = writeln!(
            out,
            "| {} | {points} | {} | {} | {} |",
            markdown::escape(&report.student),
            count(State::Fix),
            count(State::NotFound),
            count(State::Ungraded)
        );
    }
    if let [report] = reports {
        out.push('\n');
        out += &markdown::student(&report.for_student());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_escaped_as_github_asks() {
        assert_eq!(command("error", "a: b, c%", "50%\nnext\r\nlast"), "::error title=a%3A b%2C c%25::50%25%0Anext%0Alast\n");
        assert_eq!(command("error", "x\n::error::y", "##[add-mask]z"), "::error title=x%0A%3A%3Aerror%3A%3Ay::#'#[add-mask]z\n");
    }

    #[test]
    fn no_line_of_a_text_is_a_command() {
        assert_eq!(tame("fine\n\u{1b}[2m  ::error::x\u{1b}[0m\n##[group]"), "fine\n'  ::error::x\n#'#[group]\n");
    }
}

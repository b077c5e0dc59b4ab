//! One item as its page shows it. A student's is made from a [`StudentItem`] alone.

use super::answer;
use super::chart::Charts;
use super::line::{self, NumberLineView};
use super::markup::{Markup, prose, sentence};
use super::names::{self, Standing};
use crate::domain::marking::{Comment, MarkState, Marked};
use crate::domain::points::Points;
use crate::domain::verdict::VerdictLabel as V;
use crate::report::student::StudentItem;
use crate::report::{Asks, ItemReport, Wanted};

/// What an item's part of a page shows.
#[derive(Debug)]
pub(super) struct ItemView {
    pub(super) anchor: String,
    pub(super) title: String,
    pub(super) bonus: bool,
    pub(super) standing: Standing,
    /// What it earns, "?" while a person has to decide, nothing where it is withheld.
    pub(super) got: Option<String>,
    pub(super) possible: Points,
    pub(super) reason: Markup,
    /// A step to take, after its heading.
    pub(super) step: Option<(&'static str, Markup)>,
    pub(super) pairs: Vec<(&'static str, Markup)>,
    pub(super) charts: Option<Charts>,
    pub(super) lines: Vec<NumberLineView>,
    pub(super) figures: Vec<Figure>,
    pub(super) place: Option<Markup>,
    pub(super) answer: Option<Markup>,
    pub(super) guide: Option<Markup>,
    pub(super) comments: Vec<CommentView>,
}

/// A picture.
#[derive(Debug)]
pub(super) struct Figure {
    pub(super) source: Source,
    pub(super) caption: Markup,
    pub(super) alt: String,
}

/// Where a picture comes from.
#[derive(Debug)]
pub(super) enum Source {
    /// An address, of a file beside the page or of data.
    At(String),
    /// It is too large for the page.
    TooLarge,
}

/// What a person said.
#[derive(Debug)]
pub(super) struct CommentView {
    pub(super) who: String,
    pub(super) when: String,
    pub(super) text: Markup,
}

impl ItemView {
    /// An item for its student. `picture` gives the source of a figure by its path.
    pub(super) fn of_student(item: &StudentItem, picture: &dyn Fn(&str) -> Option<Source>) -> Self {
        let is_urgent = item.state == crate::report::student::State::Fix;
        let standing = item.verdict.map_or_else(|| names::of_state(item.state), |verdict| names::of_verdict(verdict, is_urgent, item.asks));
        let is_open = item.verdict.is_some_and(|verdict| verdict != V::Excused) && item.points.is_none();
        let figure = item.figure.as_ref().and_then(|path| picture(path)).map(|source| Figure {
            source,
            caption: prose("Your figure as you handed it in"),
            alt: format!("Your figure for: {}", item.title),
        });
        Self {
            anchor: names::anchor(&item.id),
            title: capital(&item.title),
            bonus: item.bonus,
            standing,
            got: item.points.map(|points| points.to_string()).or(is_open.then(|| "?".to_owned())),
            possible: item.possible,
            reason: told(item),
            step: step(&item.missing).map(|step| ("Next", step)),
            pairs: Vec::new(),
            charts: Charts::own(&item.curves),
            lines: Vec::new(),
            figures: figure.into_iter().collect(),
            place: places(&item.places),
            answer: item.answer.as_ref().filter(|_| item.asks == Asks::Words).map(|text| answer::words(text)),
            guide: None,
            comments: comments(&item.comments),
        }
    }

    /// An item for the course.
    pub(super) fn of_course(item: &ItemReport) -> Self {
        let is_written = matches!(item.kind.as_str(), "written" | "manual");
        let mut pairs: Vec<(&'static str, Markup)> = Vec::new();
        for (name, quantity) in [("Expected", &item.expected), ("Handed in", &item.actual), ("Tolerance", &item.tolerance)] {
            // The words of an answer, and what a good one says, have their own places.
            if let Some(quantity) = quantity.as_ref().filter(|quantity| !is_written && !item.reason.contains(quantity.text())) {
                pairs.push((name, prose(quantity.text())));
            }
        }
        pairs.extend(item.marked.iter().flat_map(marks));
        let overlay = item.overlay.as_ref().map(|path| {
            super::beside(path, "What was read: the figure faded, the stated curves drawn on it", format!("What was read of the figure for: {}", item.title))
        });
        let handed_in = item.exhibits.first().map_or_else(|| "as it was handed in".to_owned(), |exhibit| format!("`{}` as it was handed in", exhibit.path));
        let figure = item.figure.as_ref().map(|path| super::beside(path, &handed_in, format!("The figure for: {}", item.title)));
        Self {
            anchor: names::anchor(&item.id),
            title: capital(&item.title),
            bonus: item.bonus,
            standing: names::of_verdict(item.verdict, item.urgent, item.asks),
            got: item.points.map(|points| points.to_string()).or((item.verdict != V::Excused).then(|| "?".to_owned())),
            possible: item.possible,
            reason: sentence(&item.reason),
            step: (item.advice != item.reason && !is_written && item.verdict != V::Pass).then(|| ("Told to the student", sentence(&item.advice))),
            pairs,
            charts: Charts::judged(&item.curves),
            lines: item.number_lines.iter().filter_map(line::view).collect(),
            figures: overlay.into_iter().chain(figure).collect(),
            place: places(&item.places),
            answer: item.answer.as_ref().map(|text| answer::words(text)),
            guide: guide(item),
            comments: comments(&item.comments),
        }
    }

    /// "8 of 10 points", for who does not see the columns.
    pub(super) fn said(&self) -> String {
        match self.got.as_deref() {
            Some("?") => format!("not graded yet, of {}", names::worth(self.possible)),
            Some(got) => format!("{got} of {}", names::worth(self.possible)),
            None if self.standing.word == "excused" => "excused, so that it counts neither way".to_owned(),
            None => format!("{}, not shown", names::worth(self.possible)),
        }
    }
}

/// The guide with its levels, which are a list.
fn guide(item: &ItemReport) -> Option<Markup> {
    let levels = item.levels.iter().map(|level| format!("- **{}**: {}", level.points, level.when)).collect::<Vec<_>>().join("\n");
    let text = [item.guide.as_deref().unwrap_or_default(), &levels].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n\n");
    (!text.is_empty()).then(|| answer::words(&text))
}

/// What a student reads of an item: many clauses that say the same become one.
fn told(item: &StudentItem) -> Markup {
    let is_read = item.verdict == Some(V::NeedsReview) && item.asks == Asks::Words && item.state == crate::report::student::State::Found;
    if is_read && item.comments.is_empty() && item.advice.ends_with("read by a person") {
        return sentence("a person has not read it yet");
    }
    let count = item.advice.split_once(": ").and_then(|(head, _)| head.split_once(" of ")).filter(|(part, whole)| part == whole).map(|(_, whole)| whole);
    match count {
        // How something was read has to be told.
        Some(_) if item.advice.contains("read as") => sentence(&item.advice),
        Some("2") if item.verdict == Some(V::Pass) => sentence("both are fine"),
        Some(all) if item.verdict == Some(V::Pass) => sentence(&format!("all {all} are fine")),
        _ => sentence(&item.advice),
    }
}

pub(super) fn comments(all: &[Comment]) -> Vec<CommentView> {
    let view = |comment: &Comment| CommentView {
        who: crate::domain::text::plain(&comment.grader),
        when: comment.at.strftime("%-d %B %Y").to_string(),
        text: answer::words(&comment.text),
    };
    all.iter().map(view).collect()
}

/// Who gave what, and what the program had found.
fn marks(marked: &Marked) -> Vec<(&'static str, Markup)> {
    let state = match marked.state {
        MarkState::Counts => "",
        MarkState::Stale => " (what was marked has changed since)",
        MarkState::Disagreement => " (they disagree)",
        MarkState::Reopened => " (another look was asked for)",
    };
    let given = |grader: &crate::domain::marking::GradersPoints| {
        let points = grader.points.map_or_else(|| "excused".to_owned(), |points| points.to_string());
        format!("{}: {points}", grader.grader)
    };
    let by = marked.graders.iter().map(given).collect::<Vec<_>>().join("; ");
    let found = marked.found_points.map_or_else(String::new, |points| format!(", {}", names::worth(points)));
    vec![("Marked", prose(&format!("{by}{state}"))), ("Program", prose(&format!("{}{found}", marked.found.words())))]
}

/// What to add, file by file.
fn step(missing: &[Wanted]) -> Option<Markup> {
    let mut files: Vec<(&str, Vec<&str>)> = Vec::new();
    for wanted in missing {
        match files.iter_mut().find(|(file, _)| *file == wanted.file) {
            Some((_, names)) => names.extend(wanted.name.as_deref()),
            None => files.push((&wanted.file, wanted.name.as_deref().into_iter().collect())),
        }
    }
    let quoted = |names: &[&str]| names.iter().map(|name| format!("`{}`", name.replace('`', "'"))).collect::<Vec<_>>().join(", ");
    let told = |(file, names): &(&str, Vec<&str>)| if names.is_empty() { format!("hand in `{file}`") } else { format!("add {} to `{file}`", quoted(names)) };
    let hints = missing.iter().filter_map(|wanted| wanted.hint.clone());
    let all: Vec<String> = files.iter().map(told).chain(hints).collect();
    (!all.is_empty()).then(|| sentence(&all.join("; ")))
}

fn places(all: &[String]) -> Option<Markup> {
    crate::report::text::places(all).map(|places| sentence(&places))
}

/// A title begins with a capital.
pub(super) fn capital(title: &str) -> String {
    let title = crate::domain::text::plain(title);
    let mut chars = title.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

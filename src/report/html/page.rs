//! The page of one submission, as its student or as the course sees it. Both have the same template.

use askama::Template;

use super::item::{CommentView, ItemView, Source, capital, comments};
use super::markup::{Markup, prose, sentence};
use super::names::{anchor, count, worth};
use crate::domain::late::Lateness;
use crate::domain::points::Points;
use crate::domain::text::plain;
use crate::domain::verdict::VerdictLabel as V;
use crate::report::student::{State, StudentItem, StudentView};
use crate::report::{ItemReport, Report, Score};

/// So many things to do stand at the top; the others stand with their items.
const FIRST: usize = 6;

/// A page of one submission.
#[derive(Debug, Template)]
#[template(path = "report.html")]
pub(super) struct Page {
    nonce: String,
    is_for_course: bool,
    course: String,
    name: String,
    id: Option<String>,
    /// The points, such as "94–110"; nothing while all of them are withheld.
    total: Option<Bar>,
    says: Vec<Markup>,
    facts: Vec<(&'static str, Markup)>,
    waiting: Vec<(String, String)>,
    comments: Vec<CommentView>,
    parts: Vec<PartView>,
    /// What the list of what to do is called.
    next_title: &'static str,
    next: Vec<Next>,
    more: usize,
    footer: Markup,
}

/// A sum with its parts of decided and waiting points, in percent of all.
#[derive(Debug)]
pub(super) struct Bar {
    pub(super) range: String,
    pub(super) possible: Points,
    pub(super) got: String,
    pub(super) wait: Option<(String, String)>,
    pub(super) said: String,
}

/// A part.
#[derive(Debug)]
struct PartView {
    anchor: String,
    title: String,
    bar: Option<Bar>,
    points: String,
    items: Vec<ItemView>,
    /// Bonus that was not handed in.
    folded: Vec<ItemView>,
    folded_says: String,
}

/// Something to do, or where points were lost.
#[derive(Debug)]
struct Next {
    anchor: String,
    title: String,
    points: String,
    text: Markup,
}

impl Bar {
    /// `None` if nothing can be earned.
    pub(super) fn of(score: Score, title: &str) -> Option<Self> {
        let top = score.possible.max(score.highest).hundredths() as f64;
        if top <= 0.0 {
            return None;
        }
        let share = |points: Points| 100.0 * points.hundredths() as f64 / top;
        let (low, high) = (share(score.lowest), share(score.highest));
        Some(Self {
            range: score.range(),
            possible: score.possible,
            got: format!("{low:.2}%"),
            wait: (high > low).then(|| (format!("{low:.2}%"), format!("{:.2}%", high - low))),
            said: format!("{title}: {} of {}", score.range(), worth(score.possible)),
        })
    }
}

/// "12–15 of 30 + 2 bonus"
fn points(score: Score, bonus: Points) -> String {
    let sum = (score.possible > Points::ZERO).then(|| format!("{} of {}", score.range(), score.possible));
    let bonus = (bonus > Points::ZERO).then(|| format!("{bonus} bonus"));
    let all: Vec<String> = sum.into_iter().chain(bonus).collect();
    all.join(" + ")
}

/// What is decided, what waits, and how the score will end.
fn decided(score: Score, open: usize, whose: &str) -> String {
    if open == 0 {
        return String::new();
    }
    let is = |one: bool| if one { "is" } else { "are" };
    format!(
        "{} {} decided. {} {} still to be judged by a person, so {whose} will end between {} and {}.",
        worth(score.lowest),
        is(score.lowest == Points::from_hundredths(100)),
        count(open, "item"),
        is(open == 1),
        score.lowest,
        score.highest
    )
}

fn before_lateness(late: &Lateness) -> String {
    format!("Parts and items below are shown before the {} % for being late is taken off.", late.percent())
}

fn part(id: &str, title: &str, score: Score, bonus: Points, items: Vec<(ItemView, bool)>) -> PartView {
    let (folded, items): (Vec<_>, Vec<_>) = items.into_iter().partition(|(_, is_left_out)| *is_left_out);
    let strip = |all: Vec<(ItemView, bool)>| all.into_iter().map(|(item, _)| item).collect::<Vec<_>>();
    let (folded, items) = (strip(folded), strip(items));
    let up_to: Points = folded.iter().map(|item| item.possible).sum();
    PartView {
        anchor: format!("part-{id}"),
        title: capital(title),
        bar: Bar::of(score, title).filter(|bar| bar.possible > Points::ZERO),
        points: points(score, bonus),
        folded_says: format!("Bonus, not handed in: {}, up to {}. Leaving it out costs nothing.", count(folded.len(), "item"), worth(up_to)),
        items,
        folded,
    }
}

impl Page {
    /// The page for a student. `picture` gives the source of a figure by its path.
    pub(super) fn of_student(view: &StudentView, picture: &dyn Fn(&str) -> Option<Source>, nonce: String) -> Self {
        let open = view.items().filter(|item| item.verdict.is_some_and(|verdict| verdict != V::Excused) && item.points.is_none()).count();
        let mut says = vec![decided(view.score, open, if view.is_whole { "the score" } else { "this sum" })];
        if !view.is_whole && view.released {
            says.push("This sum counts only the items on this page.".to_owned());
        } else if !view.is_whole {
            says.push("This sum counts only the items whose points this page shows. The course has not released all grades yet.".to_owned());
        }
        says.extend(view.late.as_ref().map(before_lateness));
        says.extend(view.excused.then(|| "You are excused from this homework.".to_owned()));
        let says = says.iter().filter(|text| !text.is_empty()).map(|text| prose(text));
        let lost = |item: &StudentItem| item.possible - item.points.unwrap_or_default().min(item.possible);
        let is_short = |item: &&StudentItem| match (view.released, item.state) {
            (true, _) => item.points.is_some() && lost(item) > Points::ZERO && !item.bonus,
            (false, state) => !item.marked && (state == State::Fix || (state == State::NotFound && !item.bonus)),
        };
        let mut short: Vec<&StudentItem> = view.items().filter(is_short).collect();
        short.sort_by_key(|item| std::cmp::Reverse(lost(item)));
        let next = |item: &&StudentItem| {
            let open = if item.points.is_none() { "up to " } else { "" };
            Next { anchor: anchor(&item.id), title: capital(&item.title), points: format!("{open}{}", worth(lost(item))), text: sentence(&item.advice) }
        };
        let is_left_out = |item: &StudentItem| item.bonus && item.state == State::NotFound;
        let item = |item: &StudentItem| (ItemView::of_student(item, picture), is_left_out(item));
        let waits = |item: &&StudentItem| item.verdict == Some(V::NeedsReview);
        Self {
            nonce,
            is_for_course: false,
            course: plain(&view.title),
            name: plain(view.name.as_ref().unwrap_or(&view.student)),
            id: view.name.as_ref().filter(|name| **name != view.student).map(|_| plain(&view.student)),
            total: Bar::of(view.score, "In all"),
            says: says.chain(view.notes.iter().map(|note| sentence(note))).collect(),
            facts: view.handed_in.iter().map(|text| ("Handed in", prose(text))).collect(),
            waiting: view.items().filter(waits).map(|item| (anchor(&item.id), capital(&item.title))).collect(),
            comments: comments(&view.comments),
            next_title: if view.released { "Where points were lost" } else { "What to do next" },
            more: short.len().saturating_sub(FIRST),
            next: short.iter().take(FIRST).map(next).collect(),
            parts: view.parts.iter().map(|p| part(&p.id, &p.title, p.score, p.bonus, p.items.iter().map(item).collect())).collect(),
            footer: prose(
                "Graded by a program and, where it says so, by a person. If you think that an item is judged wrongly, write to your course and name the item.",
            ),
        }
    }

    /// The page for the course.
    pub(super) fn of_course(report: &Report, nonce: String) -> Self {
        let open = report.items.iter().filter(|item| item.is_open()).count();
        let mut says = vec![decided(report.score, open, "the score")];
        says.extend(report.late.as_ref().map(before_lateness));
        says.extend(report.excused.then(|| "The student is excused from this homework.".to_owned()));
        says.extend(report.unopened.as_ref().map(|why| format!("Not all of it could be seen: {why}.")));
        let says = says.iter().filter(|text| !text.is_empty()).map(|text| prose(text));
        let lost = |item: &ItemReport| item.possible - item.points.unwrap_or_default().min(item.possible);
        let mut short: Vec<&ItemReport> =
            report.items.iter().filter(|item| item.urgent || (item.points.is_some() && !item.bonus && lost(item) > Points::ZERO)).collect();
        short.sort_by_key(|item| (!item.urgent, std::cmp::Reverse(lost(item))));
        let next = |item: &&ItemReport| {
            let open = if item.points.is_none() { "up to " } else { "" };
            Next { anchor: anchor(&item.id), title: capital(&item.title), points: format!("{open}{}", worth(lost(item))), text: sentence(&item.reason) }
        };
        let item = |item: &ItemReport| (ItemView::of_course(item), item.bonus && item.verdict == V::Missing);
        let lock = report.stamp.lock.as_ref().map_or_else(String::new, |lock| format!(", lock {lock}"));
        let mut facts: Vec<(&'static str, Markup)> = super::super::handed_in::sentence(report).iter().map(|text| ("Handed in", prose(text))).collect();
        facts.extend(report.timing.as_ref().and_then(|timing| timing.by.as_ref()).map(|by| ("Time by", prose(by))));
        facts.push(("Rubric", prose(&format!("{}, {}{lock}", report.rubric, report.stamp.rubric))));
        facts.push(("Grades", prose(if report.released { "released to the students" } else { "not released to the students yet" })));
        Self {
            nonce,
            is_for_course: true,
            course: plain(&report.stamp.title),
            name: plain(report.name.as_ref().unwrap_or(&report.student)),
            id: Some(plain(&report.student)),
            total: Bar::of(report.score, "In all"),
            says: says.chain(report.notes.iter().map(|note| sentence(&note.message))).collect(),
            facts,
            waiting: report.to_review().into_iter().map(|item| (anchor(&item.id), capital(&item.title))).collect(),
            comments: comments(&report.comments),
            next_title: "Where points were lost",
            more: short.len().saturating_sub(FIRST),
            next: short.iter().take(FIRST).map(next).collect(),
            parts: report.parts.iter().map(|p| part(&p.id, &p.title, p.score, p.bonus, report.items_of(&p.id).map(item).collect())).collect(),
            footer: prose("For the course: this page holds reference values. Do not hand it to students."),
        }
    }
}

/// A page whose name nobody has yet.
#[cfg(test)]
mod tests {
    use super::super::names::page_of;
    use super::*;

    #[test]
    fn a_bar_shows_what_is_decided_and_what_waits() {
        let points = Points::from_hundredths;
        let score = Score { earned: points(2_000), possible: points(4_000), lowest: points(2_000), highest: points(3_000) };
        let bar = Bar::of(score, "Trees").expect("a bar");
        assert_eq!((bar.got.as_str(), bar.wait.clone()), ("50.00%", Some(("50.00%".to_owned(), "25.00%".to_owned()))));
        assert_eq!(bar.said, "Trees: 20–30 of 40 points");
        assert_eq!(
            decided(score, 2, "the score"),
            "20 points are decided. 2 items are still to be judged by a person, so the score will end between 20 and 30."
        );
        assert!(Bar::of(Score::default(), "").is_none());
    }

    #[test]
    fn the_class_has_its_own_page_whatever_a_student_is_called() {
        assert_eq!((page_of("ada"), page_of("index"), page_of("Index")), ("ada.html".to_owned(), "index-.html".to_owned(), "Index-.html".to_owned()));
    }
}

//! The class's page: what to look at first, what waits, how points lie, what items tell, why points are lost, and students in a table.

use askama::Template;

use super::PageError;
use super::histogram::{Histogram, histograms};
use super::item::capital;
use super::markup::{Markup, prose, sentence};
use super::names::{count, page_of, thousands};
use super::similar::SimilarView;
use crate::domain::number::{Finite, significant};
use crate::domain::points::Points;
use crate::domain::text::plain;
use crate::report::class::{ClassView, LISTED, LateOne, Line, Urgent, Who};
use crate::report::markdown::link;
use crate::report::reasons::{Loss, Reason};
use crate::report::similar::Comparison;
use crate::report::statistics::ItemStatistics;

/// The most items that are shown with their reasons.
const FIRST: usize = 6;

/// The page of a class. `absent` are those who handed in nothing, by id and name; `similar` is what submissions have in common, if that
/// has been looked for.
pub fn class(class: &ClassView, absent: &[(&str, &str)], similar: Option<&Comparison>) -> Result<String, PageError> {
    // Nobody but the course knows all evidence of a class.
    let nonce = super::nonce_of(class.evidence());
    Ok(super::finished(&Page::of(class, absent, similar, nonce))?)
}

#[derive(Debug, Template)]
#[template(path = "class.html")]
struct Page {
    nonce: String,
    title: String,
    made_with: String,
    sums: Vec<(usize, &'static str)>,
    look: Vec<Look>,
    more_to_look_at: usize,
    queue: Vec<Queue>,
    histograms: Vec<Histogram>,
    parts: Vec<(String, Vec<ItemRow>)>,
    losses: Vec<LossView>,
    more_losses: Vec<LossView>,
    late: Vec<Late>,
    more_late: usize,
    doubted: usize,
    doubts: Vec<(Link, Markup)>,
    similar: Option<SimilarView>,
    columns: Vec<String>,
    left_out: String,
    rows: Vec<Row>,
}

/// A name with the page that it opens.
#[derive(Debug, Clone)]
struct Link {
    page: String,
    name: String,
}

#[derive(Debug)]
struct Look {
    who: Link,
    title: String,
    points: Points,
    reason: Markup,
    picture: Option<String>,
}

#[derive(Debug)]
struct Queue {
    title: String,
    waiting: usize,
    texts: Option<usize>,
    points: Points,
}

#[derive(Debug)]
struct ItemRow {
    title: String,
    share: Option<(String, String)>,
    mean: Option<String>,
    difficulty: Option<String>,
    discrimination: Option<String>,
    waiting: usize,
}

#[derive(Debug)]
struct LossView {
    title: String,
    says: String,
    reasons: Vec<ReasonView>,
}

#[derive(Debug)]
struct ReasonView {
    times: usize,
    text: Markup,
    lost: Points,
    who: Vec<Link>,
    more: usize,
}

#[derive(Debug)]
struct Late {
    who: Link,
    days: String,
    taken: String,
    score: String,
}

/// A row of the table. What is sorted and filtered by stands in it, so that the page works from a file.
#[derive(Debug)]
struct Row {
    flags: String,
    who: Option<Link>,
    name: String,
    id: String,
    score: Option<(f64, String)>,
    parts: Vec<(f64, String)>,
    open: usize,
    notes: String,
}

impl Page {
    fn of(class: &ClassView, absent: &[(&str, &str)], similar: Option<&Comparison>, nonce: String) -> Self {
        let urgent = class.look.all();
        let mut all_losses: Vec<LossView> = class.reasons.losses().iter().map(LossView::of).collect();
        let more_losses = all_losses.split_off(all_losses.len().min(FIRST));
        let head = class.head.as_ref();
        let lock = head.and_then(|head| head.stamp.lock.as_ref()).map_or_else(String::new, |lock| format!(", lock {lock}"));
        let made_with = head.map(|head| format!("Rubric {}, {}{lock}", head.rubric, head.stamp.rubric));
        let parts: Vec<(usize, String)> = class.parts.counted().map(|(place, part)| (place, plain(&part.id))).collect();
        let present = class.lines.in_order().into_iter().map(|line| Row::of(line, &parts));
        let leaders = head.into_iter().flat_map(|head| &head.leaders).map(|column| plain(column));
        let columns: Vec<String> = parts.iter().map(|(_, part)| part.clone()).chain(leaders).collect();
        Self {
            nonce,
            title: head.map_or_else(|| "Class".to_owned(), |head| plain(&head.stamp.title)),
            made_with: made_with.unwrap_or_default(),
            sums: [
                (class.submissions(), "submissions"),
                (absent.len(), "handed in nothing"),
                (urgent, "to look at first"),
                (class.open() - urgent, "other items to be judged"),
                (class.late.all(), "late"),
            ]
            .into_iter()
            .filter(|(number, what)| *number > 0 || *what != "handed in nothing")
            .collect(),
            more_to_look_at: class.look.left_out(),
            look: class.look.in_order().into_iter().map(Look::of).collect(),
            queue: queue(class),
            histograms: histograms(&class.parts),
            parts: item_rows(class),
            losses: all_losses,
            more_losses,
            late: class.late.latest().map(Late::of).collect(),
            more_late: class.late.all() - class.late.latest().len(),
            doubted: class.doubts.all(),
            doubts: class.doubts.in_order().into_iter().map(|(who, doubt)| (Link::of(who), prose(doubt))).collect(),
            similar: similar.map(|comparison| SimilarView::of(comparison, class)),
            left_out: left_out(class.submissions(), absent.len()),
            rows: present.chain(absent.iter().take(LISTED).map(|(id, name)| Row::absent(id, name, columns.len()))).collect(),
            columns,
        }
    }
}

/// Whom the table leaves out, if it does.
fn left_out(submissions: usize, absent: usize) -> String {
    let listed = thousands(LISTED);
    let order = "those to look at, then those with something to be judged, then the others, each in the order of ids.";
    let submissions = (submissions > LISTED).then(|| format!("The table lists {listed} of {} submissions: {order}", thousands(submissions)));
    let absent = (absent > LISTED).then(|| format!("It lists {listed} of {} who handed in nothing.", thousands(absent)));
    submissions.into_iter().chain(absent).collect::<Vec<_>>().join(" ")
}

/// The number of a leaderboard, with what it is sorted by; without a number one stands at the end.
fn leader(number: Option<Finite>) -> (f64, String) {
    number.map_or_else(|| (f64::MIN, "–".to_owned()), |number| (number.get(), significant(number.get(), 5)))
}

impl Link {
    fn of(who: &Who) -> Self {
        Self { page: link(&page_of(who.file())), name: plain(who.name()) }
    }
}

impl Look {
    fn of(urgent: &Urgent) -> Self {
        let who = Link::of(&urgent.who);
        Self {
            who: Link { page: format!("{}#{}", who.page, super::names::anchor(&urgent.item)), ..who },
            title: capital(&urgent.title),
            points: urgent.possible,
            reason: sentence(&urgent.reason),
            picture: urgent.overlay.as_ref().map(|path| link(path)),
        }
    }
}

/// What waits for a person, item by item: most first.
fn queue(class: &ClassView) -> Vec<Queue> {
    let row = |item: &crate::report::class::Waiting| Queue { title: capital(&item.title), waiting: item.count, texts: item.texts(), points: item.possible };
    let mut rows: Vec<Queue> = class.queue.items().map(row).collect();
    rows.sort_by(|a, b| b.waiting.cmp(&a.waiting).then_with(|| a.title.cmp(&b.title)));
    rows
}

fn item_rows(class: &ClassView) -> Vec<(String, Vec<ItemRow>)> {
    let all = class.statistics.items();
    let of_part = |id: &str| all.iter().filter(|row| row.item.id.part() == id).map(ItemRow::of).collect::<Vec<_>>();
    let parts = class.head.iter().flat_map(|head| &head.parts);
    parts.map(|(id, title)| (capital(title), of_part(id))).filter(|(_, rows)| !rows.is_empty()).collect()
}

impl ItemRow {
    fn of(row: &ItemStatistics<'_>) -> Self {
        // A few that are graded because nothing was handed in say nothing about the others.
        let tells = row.graded > row.waiting;
        let percent = 100.0 * row.full as f64 / row.graded.max(1) as f64;
        let number = |value: Option<f64>, decimals: usize| value.filter(|_| tells).map(|value| format!("{value:.decimals$}").replace('-', "−"));
        Self {
            title: capital(&row.item.title),
            share: tells.then(|| (format!("{percent:.0}%"), format!("{} of {}, {percent:.0} %", row.full, row.graded))),
            mean: number(row.mean, 1).map(|mean| format!("{mean} / {}", row.item.possible)),
            difficulty: number(row.difficulty, 2),
            discrimination: number(row.discrimination, 2),
            waiting: row.waiting,
        }
    }
}

impl LossView {
    fn of(loss: &Loss<'_>) -> Self {
        let others = Some(loss.others).filter(|others| others.times > 0);
        let others = others.map(|others| ReasonView { times: others.times, text: prose("Other reasons."), lost: others.lost, who: Vec::new(), more: 0 });
        Self {
            title: capital(loss.title),
            says: format!("{} points lost by {}", loss.lost, count(loss.times, "student")),
            reasons: loss.reasons.iter().map(ReasonView::of).chain(others).collect(),
        }
    }
}

impl ReasonView {
    fn of(reason: &Reason<'_>) -> Self {
        Self {
            times: reason.times,
            text: sentence(reason.text),
            lost: reason.lost,
            who: reason.who.iter().map(|who| Link { name: plain(&who.student), ..Link::of(who) }).collect(),
            more: reason.times - reason.who.len(),
        }
    }
}

impl Late {
    fn of(one: &LateOne) -> Self {
        Self { who: Link::of(&one.who), days: one.late.length(), taken: format!("−{} %", one.late.percent()), score: one.score.range() }
    }
}

fn number(points: Points) -> f64 {
    points.hundredths() as f64 / 100.0
}

impl Row {
    fn of(line: &Line, parts: &[(usize, String)]) -> Self {
        let score = |place: usize| line.parts.iter().find(|(own, _)| *own == place).map(|(_, score)| *score);
        let cell = |(place, _): &(usize, String)| score(*place).map_or_else(|| (-1.0, "–".to_owned()), |score| (number(score.lowest), score.range()));
        let known = [
            (line.is.urgent, "look", "to look at"),
            (line.is.contradicted, "contradicted", "claim contradicted"),
            (line.is.nothing, "nothing", "nothing readable"),
        ];
        let flags = known.iter().filter(|(is, ..)| *is).map(|(_, flag, _)| *flag);
        let flags = flags.chain(line.late.map(|_| "late")).chain([if line.open > 0 { "open" } else { "done" }]);
        let notes = known.iter().filter(|(is, ..)| *is).map(|(.., words)| (*words).to_owned());
        let notes = notes.chain(line.late.map(|days| format!("{} late", count(days as usize, "day"))));
        let notes = notes.chain(line.is_doubted.then(|| "time not known".to_owned()));
        let who = Link::of(&line.who);
        Self {
            flags: flags.collect::<Vec<_>>().join(" "),
            name: who.name.clone(),
            who: Some(who),
            id: if line.who.name() == &*line.who.student { String::new() } else { plain(&line.who.student) },
            score: Some((number(line.score.lowest), line.score.range())),
            parts: parts.iter().map(cell).chain(line.leaders.iter().map(|number| leader(*number))).collect(),
            open: line.open,
            notes: notes.collect::<Vec<_>>().join(", "),
        }
    }

    /// Of somebody who handed in nothing. Whether that is a zero is for the course to say.
    fn absent(id: &str, name: &str, columns: usize) -> Self {
        Self {
            flags: "absent".to_owned(),
            who: None,
            name: plain(name),
            id: plain(id),
            score: None,
            parts: vec![(-1.0, "–".to_owned()); columns],
            open: 0,
            notes: "handed in nothing".to_owned(),
        }
    }
}

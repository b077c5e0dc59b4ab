//! The class's page: what to look at first, what waits, how points lie, what items tell, why points are lost, and everybody in a table.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;

use super::PageError;
use super::histogram::{Histogram, histograms};
use super::item::capital;
use super::markup::{Markup, prose, sentence};
use super::names::{count, page_of};
use super::similar::SimilarView;
use crate::domain::number::{Finite, significant};
use crate::domain::points::Points;
use crate::domain::text::plain;
use crate::domain::verdict::VerdictLabel as V;
use crate::report::markdown::link;
use crate::report::reasons::{Loss, losses};
use crate::report::score::counted;
use crate::report::similar::Comparison;
use crate::report::statistics::{self, ItemStatistics};
use crate::report::{ItemReport, Report};

/// So many figures are shown, and so many items with their reasons.
const FIRST: usize = 6;
/// So many students are named for a reason.
const NAMED: usize = 12;

/// A graded submission with the name of its report's files.
#[derive(Debug, Clone, Copy)]
pub struct Member<'r> {
    /// What the files are called, without ending.
    pub file: &'r str,
    /// The report.
    pub report: &'r Report,
}

/// The page of a class. `absent` are those who handed in nothing, by id and name; `similar` is what submissions have in common, if that
/// has been looked for.
pub fn class(members: &[Member<'_>], absent: &[(&str, &str)], similar: Option<&Comparison>) -> Result<String, PageError> {
    let reports: Vec<&Report> = members.iter().map(|member| member.report).collect();
    // Nobody but the course knows all evidence of a class.
    let nonce = super::nonce(&reports.iter().flat_map(|report| &report.items).map(|item| item.evidence.as_str()).collect::<Vec<_>>().join(" "));
    Ok(super::finished(&Page::of(members, &reports, absent, similar, nonce))?)
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
    doubts: Vec<(Link, Markup)>,
    similar: Option<SimilarView>,
    columns: Vec<String>,
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
    fn of(members: &[Member<'_>], reports: &[&Report], absent: &[(&str, &str)], similar: Option<&Comparison>, nonce: String) -> Self {
        let urgent: Vec<(&Member<'_>, &ItemReport)> =
            members.iter().flat_map(|member| waiting(member.report).filter(|item| item.urgent).map(move |item| (member, item))).collect();
        let open = reports.iter().flat_map(|report| waiting(report)).count();
        let mut all_losses: Vec<LossView> = losses(reports).iter().map(|loss| LossView::of(loss, members)).collect();
        let more_losses = all_losses.split_off(all_losses.len().min(FIRST));
        let stamp = reports.first().map(|report| &report.stamp);
        let lock = stamp.and_then(|stamp| stamp.lock.as_ref()).map_or_else(String::new, |lock| format!(", lock {lock}"));
        let made_with = reports.first().map(|report| format!("Rubric {}, {}{lock}", report.rubric, report.stamp.rubric));
        let doubt = |member: &Member<'_>| Some((Link::of(member), prose(member.report.timing.as_ref()?.doubt.as_ref()?)));
        let parts = counted(reports.iter().copied());
        let present = members.iter().map(|member| Row::of(member, &parts));
        let columns = columns(reports, &parts);
        Self {
            nonce,
            title: stamp.map_or_else(|| "Class".to_owned(), |stamp| plain(&stamp.title)),
            made_with: made_with.unwrap_or_default(),
            sums: [
                (reports.len(), "submissions"),
                (absent.len(), "handed in nothing"),
                (urgent.len(), "to look at first"),
                (open - urgent.len(), "other items to be judged"),
                (reports.iter().filter(|report| report.late.is_some()).count(), "late"),
            ]
            .into_iter()
            .filter(|(number, what)| *number > 0 || *what != "handed in nothing")
            .collect(),
            more_to_look_at: urgent.len().saturating_sub(FIRST),
            look: urgent.iter().take(FIRST).map(|(member, item)| Look::of(member, item)).collect(),
            queue: queue(reports),
            histograms: histograms(reports),
            parts: item_rows(reports),
            losses: all_losses,
            more_losses,
            late: late(members),
            doubts: members.iter().filter_map(doubt).collect(),
            similar: similar.map(|comparison| SimilarView::of(comparison, members)),
            rows: present.chain(absent.iter().map(|(id, name)| Row::absent(id, name, columns.len()))).collect(),
            columns,
        }
    }
}

/// The columns of the table between score and notes: the parts, and the leaderboards.
fn columns(reports: &[&Report], parts: &[&str]) -> Vec<String> {
    let leaders = reports.first().into_iter().flat_map(|report| &report.items).filter_map(ItemReport::leader).map(|(column, _)| plain(column));
    parts.iter().map(|part| plain(part)).chain(leaders).collect()
}

/// The numbers of the leaderboards, with what they are sorted by; without a number one stands at the end.
fn leaders(report: &Report) -> impl Iterator<Item = (f64, String)> {
    let cell = |number: Option<Finite>| number.map_or_else(|| (f64::MIN, "–".to_owned()), |number| (number.get(), significant(number.get(), 5)));
    report.items.iter().filter_map(ItemReport::leader).map(move |(_, number)| cell(number))
}

fn waiting(report: &Report) -> impl Iterator<Item = &ItemReport> {
    report.items.iter().filter(|item| item.is_open())
}

impl Link {
    fn of(member: &Member<'_>) -> Self {
        Self { page: link(&page_of(member.file)), name: plain(member.report.name.as_ref().unwrap_or(&member.report.student)) }
    }
}

impl Look {
    fn of(member: &Member<'_>, item: &ItemReport) -> Self {
        let who = Link { page: format!("{}#{}", link(&page_of(member.file)), super::names::anchor(&item.id)), ..Link::of(member) };
        Self { who, title: capital(&item.title), points: item.possible, reason: sentence(&item.reason), picture: item.overlay.as_ref().map(|path| link(path)) }
    }
}

/// What waits for a person, item by item: most first.
fn queue(reports: &[&Report]) -> Vec<Queue> {
    let mut items: BTreeMap<&str, (&ItemReport, usize, BTreeSet<String>)> = BTreeMap::new();
    for item in reports.iter().flat_map(|report| waiting(report)).filter(|item| !item.urgent) {
        let (_, count, texts) = items.entry(item.id.as_str()).or_insert_with(|| (item, 0, BTreeSet::new()));
        *count += 1;
        texts.extend(item.answer.as_ref().map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")));
    }
    let mut rows: Vec<Queue> = items
        .into_values()
        .map(|(item, waiting, texts)| Queue { title: capital(&item.title), waiting, texts: (!texts.is_empty()).then_some(texts.len()), points: item.possible })
        .collect();
    rows.sort_by(|a, b| b.waiting.cmp(&a.waiting).then_with(|| a.title.cmp(&b.title)));
    rows
}

fn item_rows(reports: &[&Report]) -> Vec<(String, Vec<ItemRow>)> {
    let Some(first) = reports.first() else { return Vec::new() };
    let all = statistics::items(reports);
    let of_part = |id: &str| all.iter().filter(|row| row.item.id.part() == id).map(ItemRow::of).collect::<Vec<_>>();
    first.parts.iter().map(|part| (capital(&part.title), of_part(&part.id))).filter(|(_, rows)| !rows.is_empty()).collect()
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
    fn of(loss: &Loss<'_>, members: &[Member<'_>]) -> Self {
        let students: usize = loss.reasons.iter().map(|reason| reason.who.len()).sum();
        let reason = |reason: &crate::report::reasons::Reason| ReasonView {
            times: reason.who.len(),
            text: sentence(&reason.text),
            lost: reason.lost,
            who: reason
                .who
                .iter()
                .take(NAMED)
                .filter_map(|place| members.get(*place))
                .map(|member| Link { name: plain(&member.report.student), ..Link::of(member) })
                .collect(),
            more: reason.who.len().saturating_sub(NAMED),
        };
        Self {
            title: capital(&loss.item.title),
            says: format!("{} points lost by {}", loss.lost, count(students, "student")),
            reasons: loss.reasons.iter().map(reason).collect(),
        }
    }
}

fn late(members: &[Member<'_>]) -> Vec<Late> {
    let mut late: Vec<_> = members.iter().filter_map(|member| Some((member, member.report.late.as_ref()?))).collect();
    late.sort_by_key(|(_, late)| std::cmp::Reverse(late.days));
    let row = |(member, late): &(&Member<'_>, &crate::domain::late::Lateness)| Late {
        who: Link::of(member),
        days: late.length(),
        taken: format!("−{} %", late.percent()),
        score: member.report.score.range(),
    };
    late.iter().map(row).collect()
}

fn number(points: Points) -> f64 {
    points.hundredths() as f64 / 100.0
}

impl Row {
    fn of(member: &Member<'_>, parts: &[&str]) -> Self {
        let report = member.report;
        let cell = |id: &&str| report.counted_part(id).map_or_else(|| (-1.0, "–".to_owned()), |part| (number(part.score.lowest), part.score.range()));
        let open = waiting(report).count();
        let is_urgent = waiting(report).any(|item| item.urgent);
        let contradicted = report.items.iter().any(|item| item.verdict == V::Contradicted);
        let nothing = report.items.iter().all(|item| matches!(item.verdict, V::Missing | V::Unreadable | V::Excused));
        let known = [(is_urgent, "look", "to look at"), (contradicted, "contradicted", "claim contradicted"), (nothing, "nothing", "nothing readable")];
        let is_late = report.late.is_some();
        let flags = known.iter().filter(|(is, ..)| *is).map(|(_, flag, _)| *flag);
        let flags = flags.chain(is_late.then_some("late")).chain([if open > 0 { "open" } else { "done" }]);
        let notes = known.iter().filter(|(is, ..)| *is).map(|(.., words)| (*words).to_owned());
        let notes = notes.chain(report.late.iter().map(|late| format!("{} late", count(late.days as usize, "day"))));
        let notes = notes.chain(report.timing.iter().filter_map(|timing| timing.doubt.as_ref()).map(|_| "time not known".to_owned()));
        Self {
            flags: flags.collect::<Vec<_>>().join(" "),
            who: Some(Link::of(member)),
            name: plain(report.name.as_ref().unwrap_or(&report.student)),
            id: report.name.as_ref().filter(|name| **name != report.student).map_or_else(String::new, |_| plain(&report.student)),
            score: Some((number(report.score.lowest), report.score.range())),
            parts: parts.iter().map(cell).chain(leaders(report)).collect(),
            open,
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

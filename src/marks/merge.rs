//! One report of what the program found and what people decided about it. A pure function: the same report and marks give the same result.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::dependency::{self, Change, Standing};
use crate::domain::item_id::ItemId;
use crate::domain::late::LatePolicy;
use crate::domain::marking::{Comment, GradersPoints, MarkState, Marked, TwoGraders};
use crate::domain::points::{Fraction, Points};
use crate::domain::verdict::{Verdict, VerdictLabel, Visibility};
use crate::report::{Alone, ItemReport, Report};

use super::{Decision, Mark};

/// `found` with what `marks` decide; they are of its student and in the order in which they were made.
pub(super) fn merged(found: &Report, marks: &[Mark]) -> Report {
    let mut merging = Merging { found, marks, done: BTreeMap::new() };
    let items = (0..found.items.len()).map(|place| merging.item(place).clone()).collect();
    let mut report = Report { items, ..found.clone() };
    let whole: Vec<&Mark> = marks.iter().filter(|mark| mark.entry.decision.item().is_none()).collect();
    report.comments = comments(&whole);
    if let Some(excuse) = whole.iter().rev().find(|mark| matches!(mark.entry.decision, Decision::Excused(_))) {
        report.items.iter_mut().filter(|item| item.counts()).for_each(|item| excused(item, &excuse.entry.grader));
    }
    report.excused = !report.items.is_empty() && report.items.iter().all(|item| !item.counts());
    extend(&mut report, &whole);
    report.add_up();
    report
}

/// One item of `found` with what the marks of its student decide about it and the items on which it depends.
pub(super) fn merged_item(found: &Report, item: &ItemReport, marks: &[Mark]) -> ItemReport {
    let place = found.items.iter().position(|other| other.id == item.id);
    place.map_or_else(|| item.clone(), |place| Merging { found, marks, done: BTreeMap::new() }.item(place).clone())
}

/// The items of a report, each decided once.
struct Merging<'a> {
    found: &'a Report,
    marks: &'a [Mark],
    done: BTreeMap<usize, ItemReport>,
}

impl Merging<'_> {
    /// The item at `place`.
    fn item(&mut self, place: usize) -> &ItemReport {
        if !self.done.contains_key(&place) {
            let mut item = self.found.items[place].clone();
            let own: Vec<&Mark> = self.marks.iter().filter(|mark| mark.entry.decision.item() == Some(&item.id)).collect();
            mark_item(&mut item, &own, self.found.policy.two_graders);
            let alone = item.alone.clone().filter(|_| item.marked.is_none());
            // Before its dependencies are followed, so that a circle ends.
            self.done.insert(place, item.clone());
            if let Some(alone) = alone {
                self.depend(&mut item, &alone);
                self.done.insert(place, item);
            }
        }
        &self.done[&place]
    }

    /// Decides an item that nobody has marked anew if people decided an item on which it depends.
    fn depend(&mut self, item: &mut ItemReport, alone: &Alone) {
        let links: [(&Option<ItemId>, Depends); 2] = [(&alone.after, dependency::after), (&alone.backed_by, dependency::backed_by)];
        let places = links.map(|(id, rule)| (id.as_ref().and_then(|id| self.found.items.iter().position(|other| other.id == *id)), rule));
        // Whoever confirms that an item earns something, or nothing, decides nothing for others.
        let fate = |item: &ItemReport| (item.points.map(|points| points > Points::ZERO), item.counts());
        let is_decided = |place: usize, merging: &mut Self| fate(&merging.found.items[place]) != fate(merging.item(place));
        if !places.iter().filter_map(|(place, _)| *place).any(|place| is_decided(place, self)) {
            return;
        }
        (item.verdict, item.points, item.urgent, item.unread) = (alone.verdict, alone.points, alone.urgent, alone.unread);
        (item.reason, item.advice) = (alone.reason.clone(), alone.advice.clone());
        for (place, rule) in places {
            let Some(place) = place else { continue };
            let other = self.item(place);
            let Some(change) = rule(standing(item), standing(other), &other.id) else { continue };
            let is_known = other.visibility == Visibility::Verdict;
            item.points = change.verdict.fraction().map(|fraction| item.possible.share(fraction));
            (item.verdict, item.reason) = (change.verdict.label(), change.reason);
            item.advice = if is_known { change.advice } else { dependency::UNKNOWN.to_owned() };
        }
    }
}

/// What becomes of an item beside one on which it depends.
type Depends = for<'a> fn(Standing<'a>, Standing<'a>, &ItemId) -> Option<Change>;

fn standing(item: &ItemReport) -> Standing<'_> {
    let earns = item.points.map(|points| points > Points::ZERO);
    Standing { verdict: item.verdict, earns, unread: item.unread, reason: &item.reason, advice: &item.advice }
}

/// An extension moves the due date for this student alone. The last one counts.
fn extend(report: &mut Report, marks: &[&Mark]) {
    let until = marks.iter().rev().find_map(|mark| if let Decision::Extension(until) = mark.entry.decision { Some(until) } else { None });
    let (Some(until), Some(policy)) = (until, &report.policy.late) else { return };
    report.extended_to = Some(until);
    // A time that is not to be trusted stays so.
    if report.timing.as_ref().is_some_and(|timing| timing.doubt.is_some()) {
        return;
    }
    let policy = LatePolicy { due: Some(until), ..policy.clone() };
    report.late = report.submitted_at.and_then(|at| policy.lateness(at));
}

fn comments(marks: &[&Mark]) -> Vec<Comment> {
    let said = |mark: &&&Mark| !mark.entry.comment.trim().is_empty();
    let comment = |mark: &&Mark| Comment {
        grader: mark.entry.grader.clone(),
        at: mark.at,
        text: mark.entry.comment.trim().to_owned(),
        request: matches!(mark.entry.decision, Decision::Reopened(_)),
    };
    let mut comments: Vec<Comment> = Vec::new();
    // Two graders, or one who marks again, may say the same.
    for new in marks.iter().filter(said).map(comment) {
        if !comments.iter().any(|known| known.text == new.text && known.request == new.request) {
            comments.push(new);
        }
    }
    comments
}

fn mark_item(item: &mut ItemReport, marks: &[&Mark], rule: TwoGraders) {
    item.comments = comments(marks);
    // Whatever was decided last: points after an excuse end it.
    let last = marks.iter().rev().find(|mark| matches!(mark.entry.decision, Decision::Excused(_)) || mark.entry.decision.given().is_some());
    if let Some(excuse) = last.filter(|mark| matches!(mark.entry.decision, Decision::Excused(_))) {
        excused(item, &excuse.entry.grader);
        return;
    }
    let reopened = marks.iter().rev().find(|mark| matches!(mark.entry.decision, Decision::Reopened(_))).map(|mark| mark.id);
    let all = given(marks, &item.evidence);
    let fresh: Vec<Latest<'_>> = all.iter().copied().filter(|mark| mark.evidence == item.evidence).collect();
    let valid: Vec<Latest<'_>> = fresh.iter().copied().filter(|mark| Some(mark.id) > reopened).collect();
    let (state, shown) = match (valid.as_slice(), fresh.is_empty(), all.is_empty()) {
        ([], _, true) if reopened.is_none() => return,
        ([], true, false) => (MarkState::Stale, &all),
        ([], ..) => (MarkState::Reopened, &fresh),
        _ => (MarkState::Counts, &valid),
    };
    let graders = shown.iter().map(|mark| GradersPoints { grader: mark.grader.to_owned(), points: Some(mark.points) }).collect();
    item.marked = Some(Marked { state, graders, found: item.verdict, found_points: item.points });
    let waits = |item: &mut ItemReport, reason: &str| decide(item, VerdictLabel::NeedsReview, None, reason, "a person looks at it again");
    match state {
        MarkState::Stale => waits(item, "what was marked has changed since, so the marks do not count"),
        MarkState::Reopened => waits(item, "somebody asked for another look"),
        MarkState::Counts | MarkState::Disagreement => {
            if let Some(points) = settled(&valid, rule) {
                let by: BTreeSet<&str> = valid.iter().map(|mark| mark.grader).collect();
                let by = by.into_iter().collect::<Vec<_>>().join(" and ");
                let points = points.min(item.possible);
                let verdict = Verdict::of(points.of(item.possible)).label();
                return decide(item, verdict, Some(points), &format!("marked by {by}"), "marked by a person");
            }
            if let Some(marked) = &mut item.marked {
                marked.state = MarkState::Disagreement;
            }
            let said: Vec<String> = valid.iter().map(|mark| format!("{} gives {}", mark.grader, mark.points)).collect();
            waits(item, &format!("the graders disagree: {}", said.join(", ")));
        }
    }
}

/// The item, from which a grader has excused the student.
fn excused(item: &mut ItemReport, grader: &str) {
    let graders = vec![GradersPoints { grader: grader.to_owned(), points: None }];
    item.marked = Some(Marked { state: MarkState::Counts, graders, found: item.verdict, found_points: item.points });
    decide(item, VerdictLabel::Excused, None, &format!("excused by {grader}"), "you are excused from this");
}

/// The item as a person decided it. What the program found stays in `marked`.
fn decide(item: &mut ItemReport, verdict: VerdictLabel, points: Option<Points>, reason: &str, advice: &str) {
    item.verdict = verdict;
    item.points = points;
    item.reason = format!("{reason} (the program: {})", item.reason);
    advice.clone_into(&mut item.advice);
    item.urgent = false;
    item.unread = false;
    item.pieces.clear();
    item.wanted.clear();
}

/// The points that a grader gave last.
#[derive(Debug, Clone, Copy)]
struct Latest<'m> {
    id: i64,
    grader: &'m str,
    points: Points,
    evidence: &'m str,
    settles: bool,
}

/// The last points of each grader for the `evidence` as it is now, else for an earlier one, in the order in which the graders first marked.
fn given<'m>(marks: &[&'m Mark], evidence: &str) -> Vec<Latest<'m>> {
    let mut all: Vec<Latest<'m>> = Vec::new();
    for mark in marks {
        let Some(given) = mark.entry.decision.given() else { continue };
        let settles = matches!(mark.entry.decision, Decision::Settled(_));
        let given = Latest { id: mark.id, grader: &mark.entry.grader, points: given.points, evidence: &given.evidence, settles };
        match all.iter_mut().find(|earlier| earlier.grader == given.grader && earlier.settles == settles) {
            Some(earlier) if earlier.evidence == evidence && given.evidence != evidence => {}
            Some(earlier) => *earlier = given,
            None => all.push(given),
        }
    }
    all
}

/// What the item earns by the marks of its graders and the course's rule; `None` if they have to agree and do not.
fn settled(marks: &[Latest<'_>], rule: TwoGraders) -> Option<Points> {
    let last = marks.iter().filter(|mark| mark.settles).max_by_key(|mark| mark.id);
    if let Some(settling) = last {
        return Some(settling.points);
    }
    let first = marks.first()?.points;
    match rule {
        TwoGraders::First => Some(first),
        TwoGraders::Mean => Some(marks.iter().map(|mark| mark.points).sum::<Points>().share(Fraction::new(1, marks.len()))),
        TwoGraders::MustAgree => marks.iter().all(|mark| mark.points == first).then_some(first),
    }
}

/// Whether `item` waits for marks: nobody has decided it, or what was decided does not count.
pub fn is_open(item: &ItemReport) -> bool {
    item.verdict == VerdictLabel::NeedsReview && item.marked.as_ref().is_none_or(|marked| marked.state != MarkState::Counts)
}

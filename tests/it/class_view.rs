//! The views of a class take little memory, however large it is, and say what they leave out.

use std::path::Path;

use mlgrade::domain::late::{Lateness, Timing};
use mlgrade::domain::points::{Fraction, Points};
use mlgrade::domain::verdict::VerdictLabel;
use mlgrade::report::class::ClassView;
use mlgrade::report::csv::Grades;
use mlgrade::report::html;
use mlgrade::report::statistics::{FEWEST, Statistics};
use mlgrade::report::{ItemReport, Report, Score, terminal};
use mlgrade::submission::{Submission, find};

use crate::common::{SHIPPED_COURSE, item, repository};

/// A report of ten items, three of which wait.
fn ten_items() -> Report {
    let mut report = SHIPPED_COURSE.judge(&Submission::open(&repository().join("submissions/s02-good")));
    let (open, graded): (Vec<ItemReport>, Vec<ItemReport>) = report.items.drain(..).filter(|item| !item.bonus).partition(ItemReport::is_open);
    assert!(open.iter().any(|item| item.answer.is_some()));
    let answers = open.into_iter().filter(|item| item.answer.is_some() && !item.urgent).take(3);
    report.items = answers.chain(graded.into_iter().take(7)).collect();
    assert_eq!((report.items.len(), report.items.iter().filter(|item| item.is_open()).count()), (10, 3));
    report
}

/// One of a class, with a name, points, answers and reasons of its own.
fn one_of_many(like: &Report, i: usize) -> Report {
    let mut report = like.clone();
    (report.student, report.name) = (format!("s{i:06}"), Some(format!("Firstname Lastname {i}")));
    let mut word = i;
    for (place, item) in report.items.iter_mut().enumerate() {
        word = (word * 31 + place) % 1_000_003;
        if let Some(points) = &mut item.points {
            *points = item.possible.share(Fraction::new(word % 100, 100));
            item.verdict = VerdictLabel::Partial;
            item.pieces.clear();
            item.reason = format!("word{word} is not what was asked for");
        } else {
            item.answer = Some(format!("answer {i} to question {place}"));
        }
    }
    report.score = Score { lowest: Points::from_hundredths(i64::try_from(i * 7 % 10_000).unwrap()), ..report.score };
    report
}

fn class(reports: impl IntoIterator<Item = Report>) -> ClassView {
    let mut class = ClassView::default();
    for report in reports {
        class.add(&report.student, &report);
    }
    class
}

#[test]
fn a_class_of_twenty_thousand_is_kept_in_six_hundred_bytes_a_student() {
    let like = ten_items();
    let mut class = ClassView::default();
    let mut bytes = Vec::new();
    for i in 0..20_000 {
        let report = one_of_many(&like, i);
        class.add(&format!("file-of-{}", report.student), &report);
        bytes.extend(((i + 1) % 10_000 == 0).then(|| class.bytes()));
    }
    assert!(bytes[1] < 20_000 * 600, "{} bytes a student", bytes[1] / 20_000);
    assert!(bytes[1] <= bytes[0] * 21 / 10, "no more than twice as much for twice as many: {bytes:?}");
    assert_eq!((class.submissions(), class.open()), (20_000, 60_000));
    // All that is bounded is on the page, which is therefore no longer than that of a class of a few thousand.
    let page = html::class(&class, &[], None).unwrap();
    assert!(page.len() < 2_500_000, "{} bytes", page.len());
    assert!(page.contains("<td class=\"r\">20000</td><td class=\"r\">20000</td>"), "all waiting answers differ");
}

#[test]
fn the_page_of_two_thousand_and_one_says_whom_it_leaves_out() {
    let like = ten_items();
    let (late, timing) = (Lateness { days: 2, hours: None, slip_days: 0, keeps_bonus: false, kept: 8_000 }, Timing { by: None, doubt: Some("why".to_owned()) });
    // Only the last is to be looked at; the one before has nothing that waits.
    let reports = (0..2_001).map(|i| {
        let mut report = Report { student: format!("s{i:04}"), name: None, late: Some(late.clone()), timing: Some(timing.clone()), ..like.clone() };
        if i == 2_000 {
            report.items[0].urgent = true;
        } else if i == 1_999 {
            report.items.retain(|item| !item.is_open());
        }
        report
    });
    let class = class(reports);
    let absent: Vec<(String, String)> = (0..2_001).map(|i| (format!("a{i}"), format!("Absent {i}"))).collect();
    let absent: Vec<(&str, &str)> = absent.iter().map(|(id, name)| (id.as_str(), name.as_str())).collect();
    let page = html::class(&class, &absent, None).unwrap();
    let (_, table) = page.split_once("<section id=\"table\">").unwrap();
    assert_eq!(table.matches("<tr data-is=").count(), 4_000);
    for part in [
        "The table lists 2,000 of 2,001 submissions: those to look at, then those with something to be judged, then the others, each in the order of ids.",
        "It lists 2,000 of 2,001 who handed in nothing.",
        "<a href=\"grades.csv\">grades.csv</a> has all.",
    ] {
        assert!(table.contains(part), "{part}");
    }
    assert!(table.find("s2000.html") < table.find("s0000.html") && table.contains("s1998.html") && !table.contains("s1999.html"));
    assert!(page.contains("And 1 more, who are as late or less.") && page.contains("<li>and 1 more</li>"));
    assert!(page.contains("so nothing is taken off: 2001</summary>"));
    // In a terminal, a dozen.
    let [doubts] = class.about_times().try_into().unwrap();
    assert!(doubts.ends_with("s0011 (why) and 1989 more"), "{doubts}");
}

#[test]
fn the_terminals_table_of_a_thousand_and_one_has_those_to_look_at() {
    let mut like = ten_items();
    like.items.retain(|item| item.verdict != VerdictLabel::Contradicted);
    let report = |i: usize, verdict: VerdictLabel| {
        let mut report = Report { student: format!("s{i:04}"), ..like.clone() };
        report.items[0].verdict = verdict;
        report
    };
    let plain = |class: &ClassView| anstream::adapter::strip_str(&terminal::class(class)).to_string();
    let review = |i| report(i, VerdictLabel::NeedsReview);
    assert_eq!(plain(&class((0..1_000).map(review))).lines().count(), 1_001);
    let none = plain(&class((0..1_001).map(review)));
    assert!(none.starts_with("  of 1001 submissions, none is to be looked at first") && none.lines().count() == 1, "{none}");
    let verdict = |i: usize| match i {
        1_000 => VerdictLabel::Broken,
        900.. => VerdictLabel::Contradicted,
        _ => VerdictLabel::NeedsReview,
    };
    let class = class((0..1_001).map(|i| report(i, verdict(i))));
    let some = plain(&class);
    let lines: Vec<&str> = some.lines().collect();
    assert_eq!(lines.len(), 52);
    assert!(lines[0].starts_with("  student") && lines[1].starts_with("  s1000") && lines[2].starts_with("  s0900"), "{some}");
    assert!(lines[51].starts_with("  of 1001 submissions, the table has 50 of the 101 to look at first: not graded"), "{some}");
    assert!(lines[51].ends_with("grades.csv has all."));
    let summary = class.summary(Path::new("out"));
    assert!(summary.contains("contradicted: 100 claims") && summary.contains("not the students' fault: 1 item"), "{summary}");
    assert!(class.is_ungraded());
}

#[test]
fn what_to_look_at_first_is_named_up_to_a_number() {
    let mut like = ten_items();
    let place = like.items.iter().position(ItemReport::is_open).unwrap();
    (like.items[place].urgent, like.items[place].overlay) = (true, Some("overlays/x.png".to_owned()));
    let class = class((0..250).map(|i| Report { student: format!("s{i:03}"), ..like.clone() }));
    let summary = class.summary(Path::new("out"));
    assert!(summary.starts_with("look at these first:\n  s000 ") && summary.contains(", see out/overlays/x.png\n  s001 "), "{summary}");
    assert!(summary.contains("\n  and 50 more: choose “to look at” in the table of index.html\nungraded: "), "{summary}");
    assert!(html::class(&class, &[], None).unwrap().contains("And 244 more: choose"));
}

#[test]
fn reasons_beyond_the_bound_are_told_together() {
    let like = ten_items();
    let id = &like.items.iter().find(|item| item.points.is_some()).unwrap().id;
    // 1,500 reasons of one each, and then one that all others share; each costs a point.
    let report = |i: usize| {
        let mut report = Report { student: format!("s{i:04}"), ..like.clone() };
        report.items.retain(|item| item.id == *id);
        let item = &mut report.items[0];
        (item.possible, item.points, item.verdict) = (Points::from_hundredths(300), Some(Points::from_hundredths(200)), VerdictLabel::Partial);
        item.pieces.clear();
        item.reason = if i < 20 { format!("value {i} is too small") } else { format!("nobody asked for word{i}") };
        report
    };
    let page = html::class(&class((0..1_520).map(report)), &[], None).unwrap();
    assert!(page.contains("1520 points lost by 1520 students"));
    assert!(page.contains("<td class=\"r n\">20 ×</td><td>Value … is too small.</td><td class=\"r nowrap\">20 points</td>"), "one reason that is shared");
    assert!(page.contains("<a href=\"s0011.html\">s0011</a> and 8 more</td>") && !page.contains(">s0012</a> and"), "a dozen is named");
    // A hundred are told, of which one is that of 20 students: all others are 1,520 - 20 - 99.
    assert!(page.contains("<td class=\"r n\">1401 ×</td><td>Other reasons.</td><td class=\"r nowrap\">1401 points</td><td class=\"who\"></td>"));
    assert_eq!(page.matches("<td class=\"r n\">").count(), 101);
}

/// The statistics of an item as they are defined, from the reports themselves.
fn defined(reports: &[Report], id: &str) -> (Option<f64>, Option<f64>) {
    let number = |points: Points| points.hundredths() as f64 / 100.0;
    let mean = |values: &[f64]| (!values.is_empty()).then(|| values.iter().fold(0.0, |sum, value| sum + value) / values.len() as f64);
    let graded: Vec<(&Report, f64)> = reports.iter().filter_map(|report| Some((report, number(item(report, id).points?)))).collect();
    let share = |report: &Report| {
        let others = || report.items.iter().filter(|other| !other.bonus && other.id != id && other.points.is_some());
        let possible: Points = others().map(|other| other.possible).sum();
        let earned: Points = others().filter_map(|other| other.points).sum();
        (possible > Points::ZERO).then(|| number(earned) / number(possible))
    };
    let (own, beside): (Vec<f64>, Vec<f64>) = graded.iter().filter_map(|(report, points)| Some((*points, share(report)?))).unzip();
    let correlation = || {
        let (mean_x, mean_y) = (mean(&own)?, mean(&beside)?);
        let sum = |product: fn(f64, f64) -> f64| own.iter().zip(&beside).map(|(x, y)| product(x - mean_x, y - mean_y)).sum::<f64>();
        let (x, y, both) = (sum(|x, _| x * x), sum(|_, y| y * y), sum(|x, y| x * y));
        (x > 1e-12 && y > 1e-12).then(|| (both / (x * y).sqrt()).clamp(-1.0, 1.0))
    };
    let all: Vec<f64> = graded.iter().map(|(_, points)| *points).collect();
    (mean(&all), if own.len() < FEWEST { None } else { correlation() })
}

#[test]
fn statistics_from_small_numbers_are_those_of_whole_reports() {
    let submissions = find(&repository().join("submissions")).unwrap().submissions;
    let mut reports: Vec<Report> = submissions.iter().map(|submission| SHIPPED_COURSE.judge(&submission.open())).collect();
    // An item that is worth something else in some reports.
    for report in &mut reports[5..9] {
        report.items[0].possible = Points::from_hundredths(700);
    }
    let mut statistics = Statistics::default();
    for report in &reports {
        statistics.add(report);
    }
    let all = statistics.items();
    assert_eq!(all.len(), reports[0].items.iter().filter(|item| !item.bonus).count());
    for row in &all {
        let own = || reports.iter().map(|report| item(report, &row.item.id));
        assert_eq!((row.mean, row.discrimination), defined(&reports, &row.item.id), "{}", row.item.id);
        assert_eq!(row.full, own().filter(|item| item.points.is_some_and(|points| points >= item.possible)).count());
        assert_eq!((row.graded, row.waiting), (own().filter(|item| item.points.is_some()).count(), own().filter(|item| item.is_open()).count()));
    }
    assert!(all.iter().filter(|row| row.discrimination.is_some()).count() > 10);
}

#[test]
fn grades_are_written_as_they_come() {
    let report = ten_items();
    let mut table = Grades::new(Vec::new());
    table.add(&report).unwrap();
    table.add(&Report { student: "=x".to_owned(), ..report.clone() }).unwrap();
    let text = String::from_utf8(table.finish(&[("a", "Ann")]).unwrap()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.len() == 4 && lines[0].starts_with("student,name,earned,") && lines[2].starts_with("'=x,"), "{text}");
    assert_eq!(lines[3], format!("a,Ann{}", ",".repeat(lines[0].matches(',').count() - 1)));
    let nobody = Grades::new(Vec::new()).finish(&[("a", "Ann")]).unwrap();
    assert_eq!(nobody, b"student,name,earned,lowest,highest,possible,late_days,ungraded\na,Ann,,,,,,\n");
}

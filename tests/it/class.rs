//! The example class gets exactly the scores that a careful person wrote down before it was graded.

use std::collections::BTreeMap;

use mlgrade::submission::find;

use crate::common::{SHIPPED_COURSE, repository};

#[test]
fn every_student_gets_the_score_that_a_person_gave() {
    let mut table = csv::Reader::from_path(repository().join("fixtures/class/scores.csv")).unwrap();
    let class = find(&repository().join("submissions")).unwrap();
    let reports: BTreeMap<String, _> =
        class.submissions.iter().map(|submission| SHIPPED_COURSE.judge(&submission.open())).map(|report| (report.student.clone(), report)).collect();
    let mut seen = 0;
    for row in table.records().map(Result::unwrap) {
        let report = &reports[&row[0]];
        let mut graded: Vec<String> = report.parts.iter().map(|part| part.score.range()).collect();
        graded.push(report.parts.iter().map(|part| part.bonus).sum::<mlgrade::domain::points::Points>().to_string());
        graded.extend([report.score.lowest.to_string(), report.score.highest.to_string()]);
        assert_eq!(graded, row.iter().skip(1).take(7).collect::<Vec<_>>(), "{}: {}", &row[0], &row[8]);
        seen += 1;
    }
    assert_eq!(seen, reports.len(), "every student of the class is in the table");
    assert!(seen >= 15);
}

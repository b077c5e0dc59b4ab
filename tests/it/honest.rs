//! Twenty honest runs in scikit-learn and PyTorch, with other seeds and ordinary choices, pass every item that they have evidence for.

use mlgrade::domain::verdict::VerdictLabel;
use mlgrade::report::ItemReport;
use mlgrade::submission::find;

use crate::common::{SHIPPED_COURSE, item, repository};

/// They are kept as small metrics and answers files, without figures, predictions and written answers.
const NOT_KEPT: [&str; 18] = [
    "trees/plot",
    "trees/why-boosted-size",
    "trees/why-least-overfitting",
    "mnist/plot",
    "mnist/improved-plot",
    "mnist/improved-error",
    "mnist/predictions",
    "mnist/improved-is-real",
    "mnist/better-error",
    "mnist/better-is-real",
    "mnist/better-design",
    "penguins/scatter",
    "penguins/why-two-features",
    "penguins/drawn-tree",
    "picture/losses",
    "picture/encoded-picture",
    "picture/encoding-helps",
    "picture/positional-encoding",
];

#[test]
fn every_tolerance_accepts_every_honest_run() {
    let runs = find(&repository().join("fixtures/honest")).unwrap().submissions;
    assert_eq!(runs.len(), 20);
    for run in runs {
        let report = SHIPPED_COURSE.judge(&run.open());
        // The course asks for 99 %; the four measurements without island and sex reach 98.
        let is_98 = |item: &ItemReport| item.id == "penguins/accuracy" && item.reason.contains("at least 0.98; full marks need at least 0.99");
        let short: Vec<&ItemReport> =
            report.items.iter().filter(|item| item.verdict != VerdictLabel::Pass && !NOT_KEPT.contains(&item.id.as_str()) && !is_98(item)).collect();
        assert!(short.is_empty(), "{}: {short:#?}", report.student);
        // The claim is good enough; only the predictions that back it are not kept.
        let claim = item(&report, "mnist/improved-error");
        assert!(claim.reason.contains("below 0.025; but nothing backs it (mnist/improved-is-real)"), "{}: {}", report.student, claim.reason);
    }
}

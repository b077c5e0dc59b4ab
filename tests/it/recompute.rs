//! `check = "recompute"` with every metric, rows that a column names, and bounds on what is computed. fixtures/metrics/make.py made the
//! expected numbers with scikit-learn.

use std::fmt::Write as _;
use std::fs;

use mlgrade::domain::verdict::VerdictLabel as V;
use mlgrade::report::ItemReport;
use mlgrade::rubric::parse;
use mlgrade::submission::Submission;

use crate::common::{Folder, Opened, mlgrade, repository};

/// A rubric of one item with these settings; its data set `t` is the CSV file at `path`.
fn rubric(path: &str, settings: &str) -> String {
    format!(
        "schema = 1\nid = \"r\"\ntitle = \"R\"\nseed = 1\n\n[data]\nt = {{ csv = \"{path}\" }}\n\n[[part]]\nid = \"p\"\ntitle = \"P\"\n\n[[part.item]]\n\
         id = \"i\"\ntitle = \"I\"\npoints = 10\ncheck = \"recompute\"\ndata = \"t\"\npredictions = \"mine\"\n{settings}\n"
    )
}

/// The finding on predictions for the table `csv`.
fn judged(csv: &str, settings: &str, metrics: &str, predictions: &str) -> ItemReport {
    let folder = Folder::new().with("t.csv", csv);
    let path = folder.path().join("t.csv").display().to_string();
    let files = vec![("metrics.json".to_owned(), metrics.as_bytes().to_vec()), ("predictions/mine.csv".to_owned(), predictions.as_bytes().to_vec())];
    Opened::of(&rubric(&path, settings), None).judge(&Submission::of_files("s", files)).items.remove(0)
}

#[track_caller]
fn expect(found: &ItemReport, verdict: V, part: &str) {
    assert_eq!(found.verdict, verdict, "{}", found.reason);
    assert!(found.reason.contains(part), "`{}` does not say `{part}`", found.reason);
}

/// What an item earned, in hundredths.
fn earned(found: &ItemReport) -> i64 {
    found.points.map_or(-1, mlgrade::domain::points::Points::hundredths)
}

#[test]
fn a_claim_of_every_metric_is_confirmed_and_contradicted() {
    let folder = repository().join("fixtures/metrics");
    let text = fs::read_to_string(folder.join("expected.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let mut seen = std::collections::BTreeSet::new();
    for record in reader.records() {
        let record = record.unwrap();
        let [metric, keys, data, target, predictions, expected] = [0, 1, 2, 3, 4, 5].map(|place| record[place].to_owned());
        let mut settings = format!("metric = \"{metric}\"\nclaim = \"v\"\ntolerance = {{ relative = 1e-9, absolute = 1e-9 }}\n{keys}\n");
        match target.as_str() {
            "" => {}
            list if list.starts_with('[') => writeln!(settings, "target = {list}").unwrap(),
            one => writeln!(settings, "target = \"{one}\"").unwrap(),
        }
        let course = Opened::of(&rubric(&folder.join(format!("data/{data}.csv")).display().to_string(), &settings), None);
        let judged = |claim: &str| {
            let file = fs::read(folder.join(format!("data/{predictions}.csv"))).unwrap();
            let files = vec![("metrics.json".to_owned(), format!("{{\"v\": {claim}}}").into_bytes()), ("predictions/mine.csv".to_owned(), file)];
            course.judge(&Submission::of_files("s", files)).items.remove(0)
        };
        let what = format!("{metric} {keys:?} of {predictions}");
        if expected == "fault" {
            let found = judged("0.5");
            assert!(matches!(found.verdict, V::Unreadable | V::NeedsReview | V::Broken), "{what}: {:?}, {}", found.verdict, found.reason);
            continue;
        }
        seen.insert(metric.clone());
        let right = judged(&expected);
        assert_eq!(right.verdict, V::Pass, "{what}: {}", right.reason);
        let other = if metric == "confusion-matrix" { expected.replacen("[[", "[[1", 1) } else { format!("{}", expected.parse::<f64>().unwrap() + 0.0123) };
        let wrong = judged(&other);
        assert_eq!(wrong.verdict, V::Contradicted, "{what}: {}", wrong.reason);
    }
    assert_eq!(seen.len(), 43, "all but psnr, of which predictions.rs has a picture");
}

const BIRDS: &str = "id,kind,split,mass,wing\n7,owl,private,1.5,10\nA2,tit,public,0.5,4\n9.0,owl,private,2.5,12\nB4,tit,private,1,6\n";
const BY_ID: &str = "target = \"mass\"\nmetric = \"mae\"\njoin = \"id\"\n";
const CLAIMED: &str = "claim = \"v\"\ntolerance = { absolute = 0.001 }\n";

#[test]
fn rows_are_found_by_the_column_that_names_them() {
    let settings = format!("{BY_ID}{CLAIMED}");
    // By hand: the errors are 0, 0.5, 1 and 1.
    for (text, claim) in [("id,mass\n9,3.5\n7.0,1.5\nB4,2\nA2,1\n", "0.625"), ("Mass;ID\n2;B4\n1;A2\n3.5;9\n1.5;7\n", "0.625")] {
        expect(&judged(BIRDS, &settings, &format!("{{\"v\": {claim}}}"), text), V::Pass, "the predictions give 0.625");
    }
    let unreadable = [
        ("id,mass\n9,3.5\n7,1.5\nB4,2\n", "`id`: 1 id is missing (`A2`); the file has one row for each of the 4 rows of the data set"),
        ("id,mass\n9,3.5\n7,1.5\nB4,2\nA2,1\nC3,1\n", "1 id is unknown (`C3`)"),
        ("id,mass\n9,3.5\n7,1.5\nB4,2\nA2,1\nA2,1\n", "1 id is there twice (`A2`)"),
        ("id,mass\n9,3.5\n7,1.5\nb4,2\nA2,1\n", "1 id is missing (`B4`), 1 id is unknown (`b4`)"),
        ("id,mass\n1,3.5\n2,1.5\n3,2\n4,1\n", "4 ids are missing (`7`, `A2` and `9`, …), 4 ids are unknown (`1`, `2` and `3`, …)"),
        ("bird,mass\n9,3.5\n7,1.5\nB4,2\nA2,1\n", "there is no column `id`, which says of what each row is; its columns are `bird` and `mass`"),
        ("3.5\n1.5\n2\n1\n", "there is no column `id`"),
    ];
    for (text, words) in unreadable {
        let found = judged(BIRDS, &settings, "{\"v\": 0.625}", text);
        expect(&found, V::Unreadable, words);
        assert_eq!(earned(&found), 0);
    }
    let nan = judged(BIRDS, &settings, "{\"v\": 0.625}", "id,mass\n9,3.5\n7,1.5\nB4,NaN\nA2,1\n");
    expect(&nan, V::Unreadable, "holds `NaN`, expected a number");
}

#[test]
fn a_report_of_each_class_and_a_roc_curve_are_held_against_the_predictions() {
    // scikit-learn 1.9.1: classification_report of these, and roc_curve([0, 0, 1, 1, 0, 1], [0.1, 0.4, 0.35, 0.8, 0.4, 0.9]).
    let kinds = "kind\ncat\ncat\ncat\ncat\ndog\ndog\ndog\nowl\nowl\nowl\n";
    let predicted = "kind\ncat\ncat\ncat\ndog\ndog\ndog\nowl\nowl\nowl\ncat\n";
    let report = "target = \"kind\"\nmetric = \"classification-report\"\nclaim = \"v\"\ntolerance = { absolute = 0.01 }\n";
    let right = "{\"v\": [[0.75, 0.75, 0.75, 4], [0.67, 0.67, 0.67, 3], [0.67, 0.67, 0.67, 3]]}";
    expect(&judged(kinds, report, right, predicted), V::Pass, "v agrees with the predictions");
    let wrong = right.replacen("0.75, 4", "0.95, 4", 1);
    expect(&judged(kinds, report, &wrong, predicted), V::Contradicted, "the F1 of `cat` is 0.95, the predictions give 0.75");

    let sick = "kind\nwell\nwell\nsick\nsick\nwell\nsick\n";
    let scores = "score\n0.1\n0.4\n0.35\n0.8\n0.4\n0.9\n";
    let roc = "target = \"kind\"\nclass = \"sick\"\nmetric = \"roc-curve\"\nclaim = \"v\"\ntolerance = { absolute = 0.01 }\n";
    let curve = "{\"v\": [[0, 0, 0.6667, 0.6667, 1], [0, 0.6667, 0.6667, 1, 1]]}";
    expect(&judged(sick, roc, curve, scores), V::Pass, "all 5 points lie on the curve of the predictions");
    expect(&judged(sick, roc, "{\"v\": [[0, 0], [0, 0.9], [0.6667, 1], [1, 1]]}", scores), V::Contradicted, "point 2 of 4, (0, 0.9), lies 0.233 off");
}

#[test]
fn a_column_of_the_table_names_the_rows_without_being_asked_for() {
    let months = "month,y\n2023-01,1\n2023-02,2\n2023-03,4\n2023-04,8\n";
    let settings = "target = \"y\"\nmetric = \"mae\"\nclaim = \"v\"\ntolerance = { absolute = 0.001 }\n";
    // By hand: each prediction is 0.5 too large, in whatever order the rows stand.
    let reversed = "month;predicted\n2023-04;8.5\n2023-03;4.5\n2023-02;2.5\n2023-01;1.5\n";
    expect(&judged(months, settings, "{\"v\": 0.5}", reversed), V::Pass, "the rows were put into the order of `month`");
    let one_missing = "month;predicted\n2023-04;8.5\n2023-03;4.5\n2023-02;2.5\n";
    expect(&judged(months, settings, "{\"v\": 0.5}", one_missing), V::NeedsReview, "1 example has no row (`2023-01`)");
}

#[test]
fn a_student_without_the_table_is_told_of_rows_that_are_too_few() {
    let folder = Folder::new().with("t.csv", BIRDS).with("mine/predictions/mine.csv", "id,mass\n9,3.5\n7,1.5\nB4,2\n");
    let at = |name: &str| folder.path().join(name).display().to_string();
    let check = |rows: usize| {
        std::fs::write(at("rubric.toml"), rubric("t.csv", &format!("{BY_ID}rows = {rows}\nbelow = 1"))).unwrap();
        let lint = mlgrade(&["lint", &at("rubric.toml")]);
        let released = mlgrade(&["release", "--rubric", &at("rubric.toml"), "--out", &at("students")]);
        assert!(released.status.success());
        let checked = mlgrade(&["check", &at("mine"), "--rubric", &at("students/r.toml")]);
        (String::from_utf8(lint.stderr).unwrap(), String::from_utf8(checked.stdout).unwrap())
    };
    let (faults, told) = check(4);
    assert!(!faults.contains("error") && told.contains("3 rows of predictions are there, and 4 are asked for"), "{faults}{told}");
    assert!(check(3).0.contains("`rows` says 3, and the data set `t` has 4 rows to predict"));
}

#[test]
fn only_the_rows_that_count_are_measured_after_the_join() {
    let text = "id,mass\n9,3.5\n7,1.5\nB4,2\nA2,100\n";
    // By hand: 7, 9 and B4 are private with errors 0, 1 and 1; the owls of them have 0 and 1.
    for (only, computed) in [
        ("only = { split = \"private\" }", "0.66667"),
        ("only = { split = \"private\", kind = \"owl\" }", "0.5"),
        ("only = { wing = [10, 12.0] }", "0.5"),
        ("only = { id = \"9\" }", "1"),
    ] {
        let found = judged(BIRDS, &format!("{BY_ID}{only}\nbelow = 50"), "{}", text);
        expect(&found, V::Pass, &format!("the predictions give mae = {computed}, below 50"));
    }
    // Without `join` the rows count by their order, all of them.
    let by_order = "target = \"mass\"\nmetric = \"mae\"\nonly = { split = \"public\" }\nat_most = 0.25";
    expect(&judged(BIRDS, by_order, "{}", "mass\n9\n0.75\n9\n9\n"), V::Pass, "mae = 0.25, at most 0.25");
    // Rows that are missing earn nothing where nothing is claimed; one more or one fewer may be a heading.
    expect(&judged(BIRDS, by_order, "{}", "mass\n0.75\n"), V::Unreadable, "1 predictions for 4 validation examples");
    for text in ["mass\n9\n0.75\n9\n", "9\n9\n9\n0.75\n9\n"] {
        expect(&judged(BIRDS, by_order, "{}", text), V::NeedsReview, " predictions for 4 validation examples");
    }
    let claimed = format!("target = \"mass\"\nmetric = \"mae\"\n{CLAIMED}");
    expect(&judged(BIRDS, &claimed, "{\"v\": 1}", "mass\n0.75\n"), V::NeedsReview, "1 predictions for 4 validation examples");
}

#[test]
fn the_mean_over_targets_counts() {
    // By hand: the errors of mass are 0, 0, 0 and 1, those of wing 2, 0, 0 and 0.
    let settings = "target = [\"mass\", \"wing\"]\nmetric = \"mae\"\nat_most = 0.375";
    for text in ["wing,mass\n12,1.5\n4,0.5\n12,2.5\n6,2\n", "a,b\n1.5,12\n0.5,4\n2.5,12\n2,6\n", "1.5,12\n0.5,4\n2.5,12\n2,6\n"] {
        expect(&judged(BIRDS, settings, "{}", text), V::Pass, "mae = 0.375");
    }
    expect(&judged(BIRDS, settings, "{}", "1.5\n0.5\n2.5\n2\n"), V::NeedsReview, "each row has 1 numbers, expected 2");
}

#[test]
fn one_number_for_each_row_is_that_of_the_class() {
    let owl = |settings: &str| format!("target = \"kind\"\nclass = \"owl\"\n{settings}\n");
    let text = "p\n0.9\n0.2\n0.4\n0.6\n";
    // By hand: of the four pairs of an owl and a tit three are in order; above 0.5 is an owl and a tit.
    expect(&judged(BIRDS, &owl("metric = \"auc\"\nat_least = 0.75"), "{}", text), V::Pass, "auc = 0.75, at least 0.75");
    expect(&judged(BIRDS, &owl("metric = \"accuracy\"\nat_least = 0.5"), "{}", text), V::Pass, "accuracy = 0.5");
    expect(&judged(BIRDS, &owl("metric = \"f1\"\nat_least = 0.5"), "{}", text), V::Pass, "they are probabilities of `owl`; above 0.5 counts as `owl`");
    // The squares of 0.1, 0.2, 0.6 and 0.6 have the mean 0.1925.
    expect(&judged(BIRDS, &owl("metric = \"brier\"\nat_most = 0.1926"), "{}", text), V::Pass, "brier = 0.1925");
    let tit = owl("metric = \"auc\"\nat_least = 0.75").replace("owl", "tit");
    expect(&judged(BIRDS, &tit, "{}", text), V::Fail, "auc = 0.25, expected at least 0.75");
    // Any numbers are an order, also 0 and 1; they are no probabilities.
    expect(&judged(BIRDS, &owl("metric = \"auc\"\nat_least = 0.75"), "{}", "p\n30\n-2\n4\n6\n"), V::Pass, "auc = 0.75");
    let flags = "p\nTrue\nFalse\nFalse\nFalse\n";
    expect(&judged(BIRDS, &owl("metric = \"auc\"\nat_least = 0.75"), "{}", flags), V::Pass, "auc = 0.75");
    for metric in ["metric = \"brier\"\nat_most = 0.5", "metric = \"log-loss\"\nreduction = \"mean\"\nat_most = 0.5"] {
        expect(&judged(BIRDS, &owl(metric), "{}", flags), V::Unreadable, "the file holds classes");
    }
    // Whose number it is, nobody has said; and 0 and 1 may be the classes by their places.
    let nobody = "target = \"kind\"\nmetric = \"auc\"\nat_least = 0.5";
    expect(&judged(BIRDS, nobody, "{}", text), V::NeedsReview, "one number for each example, which may be that of `owl` or `tit`");
    let whole = owl("metric = \"accuracy\"\nat_least = 0.5");
    expect(&judged(BIRDS, &whole, "{}", "p\n1\n0\n0\n1\n"), V::NeedsReview, "0 and 1 may be the classes `owl` or `tit` by their places");
    expect(&judged(BIRDS, &whole.replace("owl", "tit"), "{}", "p\n0\n1\n1\n1\n"), V::Pass, "1 was read as `tit`, 0 as `owl`");
}

#[test]
fn what_is_computed_is_judged_after_the_claim_has_held() {
    let standard = "levels = [{ at_least = 0.5, points = 4 }, { at_least = 0.75, points = 10 }]\n";
    let accuracy = |more: &str| format!("target = \"kind\"\nmetric = \"accuracy\"\n{more}{standard}");
    let (three, two) = ("owl\ntit\nowl\nowl\n", "owl\nowl\nowl\nowl\n");
    let claim = |claim: &str| format!("{{\"v\": {claim}}}");
    for (settings, metrics, text, verdict, hundredths, words) in [
        (accuracy(""), claim("1"), three, V::Pass, 1000, "the predictions give accuracy = 0.75, at least 0.75"),
        (accuracy(""), claim("1"), two, V::Partial, 400, "accuracy = 0.5, at least 0.5; full marks need at least 0.75"),
        (accuracy(""), claim("1"), "tit\nowl\nowl\nowl\n", V::Fail, 0, "accuracy = 0.25 reaches no level"),
        (accuracy("interpolate = true\n").replace("points = 4", "points = 0"), claim("1"), two, V::Fail, 0, "accuracy = 0.5 is worth 0"),
        (accuracy(CLAIMED), claim("0.75"), three, V::Pass, 1000, "v says 0.75, the predictions give 0.75; the predictions give accuracy = 0.75"),
        (accuracy(CLAIMED), claim("50"), two, V::Partial, 400, "v says 50 (read as 50 %)"),
        (accuracy(CLAIMED), claim("0.75"), two, V::Contradicted, 0, "0.25 apart"),
        (accuracy(&format!("above = 0.5\n{CLAIMED}")), claim("0.5"), two, V::Fail, 0, "accuracy = 0.5, expected above 0.5"),
    ] {
        let found = judged(BIRDS, &settings, &metrics, text);
        expect(&found, verdict, words);
        assert_eq!(earned(&found), hundredths, "{}", found.reason);
    }
    // By hand: 0.6 of the way from 0 to 10 points.
    let line = "target = \"mass\"\nmetric = \"mae\"\ninterpolate = true\nlevels = [{ at_most = 1.0, points = 0 }, { at_most = 0.0, points = 10 }]";
    let found = judged(BIRDS, line, "{}", "1.9\n0.9\n2.9\n1.4\n");
    expect(&found, V::Partial, "mae = 0.4 is worth 6");
    assert_eq!(earned(&found), 600);
    let leaked = judged(BIRDS, &accuracy(""), "{}", "owl\ntit\nowl\ntit\n");
    expect(&leaked, V::NeedsReview, "the predictions are the right answers themselves, to the last row");
}

#[test]
fn the_leaderboard_has_the_number_and_the_student_does_not() {
    let settings = "target = \"mass\"\nmetric = \"rmse\"\nat_most = 5\nleaderboard = \"RMSE\"\n";
    let found = judged(BIRDS, settings, "{}", "3.5\n2.5\n4.5\n2\n");
    // By hand: the squares of 2, 2, 2 and 1 have the mean 3.25.
    assert_eq!(found.actual.as_ref().unwrap().text(), "1.8028");
    assert!(!found.advice.contains("1.8"), "{}", found.advice);
    let claimed = judged(BIRDS, &format!("{settings}{CLAIMED}"), "{\"v\": 1.2}", "3.5\n2.5\n4.5\n2\n");
    expect(&claimed, V::Contradicted, "v says 1.2, the predictions give 1.8028");
    assert_eq!(claimed.actual.as_ref().unwrap().text(), "1.8028");
    let text = rubric("t.csv", settings);
    let twice = format!("{text}{}", &text[text.find("[[part.item]]").unwrap()..].replace("\"i\"", "\"j\""));
    let (_, faults) = parse(&twice);
    assert!(
        faults
            .iter()
            .any(|fault| fault.message == "`p/j` and `p/i` have one `leaderboard`, \"RMSE\"" && twice[fault.span.clone().unwrap()].starts_with("leaderboard")),
        "{faults:?}"
    );
}

#[test]
fn a_confusion_matrix_is_an_array_and_its_conventions_go_to_a_person() {
    let settings = format!("target = \"kind\"\nmetric = \"confusion-matrix\"\n{CLAIMED}");
    let text = "owl\ntit\nowl\nowl\n";
    for (claim, verdict, words) in [
        ("[[2, 0], [1, 1]]", V::Pass, "v agrees with the predictions"),
        ("[[2, 1], [0, 1]]", V::NeedsReview, "it is turned over"),
        ("[[1.0, 0.0], [0.5, 0.5]]", V::NeedsReview, "its rows are divided by their sums"),
        ("[[1, 1], [0, 2]]", V::NeedsReview, "its classes stand in another order"),
        ("[[2, 0], [0, 2]]", V::Contradicted, "2 of 4 counts are off: 0 rows of `tit` predicted as `owl`, the predictions give 1"),
        ("[[2, 0, 0], [1, 1, 0]]", V::NeedsReview, "v has the shape 2 × 3, and there are 2 classes"),
        ("0.75", V::NeedsReview, "v has the shape 1, and there are 2 classes"),
    ] {
        expect(&judged(BIRDS, &settings, &format!("{{\"v\": {claim}}}"), text), verdict, words);
    }
    assert_eq!(judged(BIRDS, &settings, "{}", text).verdict, V::Missing);
}

#[test]
fn clusters_have_any_names_and_need_features_or_classes() {
    let ari = "target = \"kind\"\nmetric = \"ari\"\nat_least = 0.9";
    for text in ["cluster\n4\n-1\n4\n-1\n", "cluster\nred\nblue\nred\nblue\n", "cluster\n0.5\n7\n0.5\n7\n"] {
        expect(&judged(BIRDS, ari, "{}", text), V::Pass, "ari = 1, at least 0.9");
    }
    expect(&judged(BIRDS, ari, "{}", "0.9,0.1\n0.1,0.9\n0.8,0.2\n0.3,0.7\n"), V::NeedsReview, "each row has 2 numbers, expected one cluster");
    // By hand: the means of (10, 12) and (4, 6) are 11 and 5, each row is 1 off.
    let inertia = "metric = \"inertia\"\nfeatures = [\"wing\"]\nat_most = 4";
    expect(&judged(BIRDS, inertia, "{}", "cluster\n4\n1\n4\n1\n"), V::Pass, "inertia = 4, at most 4");
    let silhouette = "metric = \"silhouette\"\nfeatures = \"wing\"\nat_least = 0.5";
    expect(&judged(BIRDS, silhouette, "{}", "cluster\n4\n4\n4\n4\n"), V::Unreadable, "needs two clusters or more, and fewer than rows");
}

#[test]
fn a_students_edition_has_neither_bounds_nor_rows_that_count() {
    let folder = Folder::new().with("t.csv", BIRDS);
    let path = folder.path().join("t.csv").display().to_string();
    let settings = format!("{BY_ID}{CLAIMED}only = {{ split = \"private\" }}\nat_most = 0.7\nleaderboard = \"MAE\"");
    let released = mlgrade::rubric::release::student_edition(&rubric(&path, &settings)).unwrap();
    for secret in ["private", "at_most", "0.7", "tolerance"] {
        assert!(!released.contains(secret), "{secret} is in {released}");
    }
    for kept in ["join", "leaderboard", "claim"] {
        assert!(released.contains(kept), "{kept} is not in {released}");
    }
    let judge = |text: &str| {
        let files = vec![("metrics.json".to_owned(), b"{\"v\": 0.5}".to_vec()), ("predictions/mine.csv".to_owned(), text.as_bytes().to_vec())];
        Opened::of(&released, None).judge(&Submission::of_files("s", files)).items.remove(0)
    };
    expect(&judge("id,mass\n9,3.5\n7,1.5\nB4,2\nA2,1\n"), V::NeedsReview, "4 predictions are there; a person has to judge it");
    expect(&judge("id,mass\n9,3.5\n7,1.5\nB4,2\n"), V::Unreadable, "1 id is missing (`A2`)");
}

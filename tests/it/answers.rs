//! `check = "answer"` derived from the student's own numbers: what is missing there costs nothing that the others tell.

use mlgrade::domain::verdict::VerdictLabel as V;
use mlgrade::rubric::parse;
use mlgrade::submission::Submission;

use crate::common::{Opened, item};
use crate::notebooks::notebook;

fn rubric(settings: &str) -> String {
    format!(
        "schema = 1\nid = \"r\"\ntitle = \"R\"\nseed = 1\n[[part]]\nid = \"p\"\ntitle = \"P\"\n[[part.item]]\nid = \"i\"\ntitle = \"Which is best?\"\npoints = 1\n\
         check = \"answer\"\nanswer = \"x\"\n{settings}\n"
    )
}

fn judged(settings: &str, stated: &str) -> (V, String) {
    let report = Opened::of(&rubric(settings), None).judge(&Submission::of_files("s", [("metrics.toml".to_owned(), stated.as_bytes().to_vec())]));
    let item = item(&report, "p/i");
    (item.verdict, item.reason.clone())
}

#[test]
fn the_best_of_several_numbers_is_told_though_one_is_missing() {
    let models = "expect = { argmax = [\"m.logistic\", \"m.tree\", \"m.svm\"], over = [\"logistic\", \"tree\", \"svm\"] }";
    for (stated, verdict, part) in [
        ("x = \"Logistic Regression\"\nm.logistic = 0.99\nm.tree = 0.97\nm.svm = 0.98", V::Pass, "(read as logistic)"),
        // A poor model that was left out, or has failed.
        ("x = \"LogisticRegression\"\nm.logistic = 0.99\nm.tree = 0.97", V::Pass, "no number for svm"),
        ("x = \"logistic\"\nm.logistic = 0.99\nm.tree = 0.97\nm.svm = nan", V::Pass, "no number for svm"),
        ("x = \"logistic\"\nm.logistic = 0.99\nm.tree = 0.97\nm.svm = \"failed\"", V::Pass, "no number for svm"),
        ("x = \"tree\"\nm.logistic = 0.99\nm.tree = 0.97", V::Fail, "by your own numbers it is logistic"),
        ("x = \"svm\"\nm.logistic = 0.99\nm.tree = 0.97", V::NeedsReview, "no number is stated for svm"),
        ("x = \"tree\"\nm.tree = 0.97", V::NeedsReview, "only one number is stated"),
        ("x = \"tree\"", V::Missing, "not found"),
        // Equal ones are all best, and both names are for a person.
        ("x = \"SVM\"\nm.logistic = 0.99\nm.tree = 0.97\nm.svm = 0.99", V::Pass, "as your own numbers say"),
        ("x = \"SVM and logistic\"\nm.logistic = 0.99\nm.tree = 0.97\nm.svm = 0.99", V::NeedsReview, "exactly one of"),
        // What a number is called is the name of its model.
        ("x = \"m.logistic\"\nm.logistic = 0.99\nm.tree = 0.97\nm.svm = 0.98", V::Pass, "(read as logistic)"),
        ("x = \"not logistic\"\nm.logistic = 0.99\nm.tree = 0.97\nm.svm = 0.98", V::NeedsReview, "`not` may change what it says"),
    ] {
        let (found, reason) = judged(models, stated);
        assert_eq!(found, verdict, "{stated}: {reason}");
        assert!(reason.contains(part), "{stated}: {reason}");
    }
}

#[test]
fn the_best_place_of_a_series_is_told_though_one_value_is_nan() {
    let depths = "expect = { argmin = \"v\", over = \"depths\" }";
    for (stated, verdict, part) in [
        ("x = \"max_depth = 4 (RMSE 3.67)\"\ndepths = [2, 4, 8]\nv = [4.3, 3.7, 4.4]", V::Pass, "(read as 4)"),
        ("x = \"max_depth = 4 (3.70)\"\ndepths = [2, 4, 8]\nv = [4.3, 3.7, 4.4]", V::Pass, "(read as 4)"),
        ("x = 4\ndepths = [2, 4, 8]\nv = [4.3, 3.7, nan]", V::Pass, "no number for 8"),
        ("x = 8\ndepths = [2, 4, 8]\nv = [4.3, 3.7, nan]", V::NeedsReview, "no number is stated for 8"),
        ("x = 2\ndepths = [2, 4, 8]\nv = [4.3, 3.7, nan]", V::Fail, "by your own numbers it is 4"),
        ("x = 4\ndepths = [2, 4, 8]\nv = [4.3, 3.7, \"see plot\"]", V::NeedsReview, "expected a number"),
        ("x = 4\ndepths = [2, 4]\nv = [4.3, 3.7, 4.4]", V::NeedsReview, "3 values for 2 places"),
    ] {
        let (found, reason) = judged(depths, stated);
        assert_eq!(found, verdict, "{stated}: {reason}");
        assert!(reason.contains(part), "{stated}: {reason}");
    }
}

#[test]
fn without_choices_only_the_right_text_is_known() {
    let (right, wrong, number) = (
        judged("expect = \"early stopping\"", "x = \"Early stopping\""),
        judged("expect = \"early stopping\"", "x = \"dropout\""),
        judged("expect = 4", "x = 5"),
    );
    assert_eq!((right.0, wrong.0, number.0), (V::Pass, V::NeedsReview, V::Fail));
    assert!(!wrong.1.contains("early"), "{}", wrong.1);
}

#[test]
fn other_names_are_of_choices_and_stay_with_the_course() {
    let settings = "choices = [\"forest\", \"tree\"]\nexpect = \"forest\"\nalso = { forest = [\"bagged trees\"], tree = \"CART tree\" }";
    assert_eq!(judged(settings, "x = \"Bagged trees\"").0, V::Pass);
    assert_eq!(judged(settings, "x = \"the CART tree\"").0, V::Fail);
    let faults = parse(&rubric("choices = [\"forest\", \"tree\"]\nexpect = \"forest\"\nalso = { forrest = [\"bagged trees\"] }")).1;
    assert!(faults.iter().any(|fault| fault.message.contains("`also` names `forrest`, which is no choice")), "{faults:?}");
    let released = mlgrade::rubric::release::student_edition(&rubric(settings)).unwrap();
    assert!(!released.contains("bagged") && !released.contains("expect"), "{released}");
}

#[test]
fn a_question_in_bold_is_a_heading_and_an_empty_form_is_no_answer() {
    let rubric = "schema = 1\nid = \"r\"\ntitle = \"R\"\nseed = 1\n[where]\nwhy = { heading = \"Inline Question 1\" }\nx = { heading = \"Inline Question 2\" }\n\
                  [[part]]\nid = \"p\"\ntitle = \"P\"\nitem = [\n{ id = \"why\", title = \"Why\", points = 1, check = \"written\", answer = \"why\" },\n\
                  { id = \"i\", title = \"Which apply?\", points = 1, check = \"answer\", answer = \"x\", choices = [\"1\", \"2\", \"3\"], expect = [\"1\", \"3\"], count = 2 },\n]\n";
    let course = Opened::of(rubric, None);
    let graded = |why: &str, which: &str| {
        let text = format!(
            "**Inline Question 1**\n\n$\\color{{blue}}{{\\textit Your Answer:}}$ {why}\n\n**Inline Question 2**\nWhich apply?\n\n**Your Answer:** {which}"
        );
        let notebook = notebook(&[("md", "# kNN", ""), ("md", &text, "")]);
        let report = course.judge(&Submission::of_files("s", [("knn.ipynb".to_owned(), notebook.into_bytes())]));
        [item(&report, "p/why").verdict, item(&report, "p/i").verdict]
    };
    assert_eq!(graded("bright rows are outliers", "1, 3"), [V::NeedsReview, V::Pass]);
    assert_eq!(graded("", "1 and 2"), [V::Missing, V::Fail]);
    assert_eq!(graded("x", "all but 2"), [V::NeedsReview, V::NeedsReview]);
}

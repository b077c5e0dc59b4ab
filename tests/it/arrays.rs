//! `check = "array"`: right arrays that are written in many ways, and wrong ones that are wrong in one way each. Expected numbers are made
//! by hand.

use mlgrade::domain::verdict::VerdictLabel as V;
use mlgrade::report::ItemReport;
use mlgrade::submission::Submission;

use crate::common::{Opened, item};

fn rubric(settings: &str) -> String {
    format!(
        "schema = 1\nid = \"r\"\ntitle = \"R\"\nseed = 1\n[[part]]\nid = \"p\"\ntitle = \"P\"\n[[part.item]]\nid = \"i\"\ntitle = \"I\"\npoints = 4\n\
         check = \"array\"\n{settings}\n"
    )
}

/// The item's report on metrics.json with this text.
fn judged(settings: &str, metrics: &str) -> ItemReport {
    let course = Opened::of(&rubric(settings), None);
    let submission = Submission::of_files("s", [("metrics.json".to_owned(), metrics.as_bytes().to_vec())]);
    item(&course.judge(&submission), "p/i").clone()
}

#[track_caller]
fn earns(settings: &str, metrics: &str, verdict: V, words: &str) {
    let judged = judged(settings, metrics);
    assert_eq!(judged.verdict, verdict, "{}", judged.reason);
    assert!(judged.reason.contains(words), "`{words}` is not in `{}`", judged.reason);
}

const MATRIX: &str = "array = \"w\"\nshape = [2, 3]\nagainst = [[1, 2, 3], [-4, 5.5, 600]]\ntolerance = { absolute = 0.01, relative = \"1%\" }";

#[test]
fn a_matrix_passes_within_its_tolerance_also_turned_over() {
    earns(MATRIX, r#"{"w": [[1, 2, 3], [-4, 5.5, 600]]}"#, V::Pass, "all 6 numbers are within ±(0.01 + 1 %)");
    earns(MATRIX, r#"{"w": [[1.005, "2", 2.98], [-4.03, 5.5, 605.9]]}"#, V::Pass, "all 6");
    earns(MATRIX, r#"{"w": [[1, -4], [2, 5.5], [3, 600]]}"#, V::Pass, "the array of 3×2 was turned over");
    earns(MATRIX, r#"{"w": [[[1, 2, 3], [-4, 5.5, 600]]]}"#, V::Pass, "the array of 1×2×3 was read as 2×3");
}

#[test]
fn a_wrong_matrix_fails_with_the_first_number_that_is_off() {
    earns(MATRIX, r#"{"w": [[1, 2, 3], [-4, 5.6, 607]]}"#, V::Fail, "2 of 6 numbers are off; row 2, column 2 is 5.6 where 5.5 is what the course expects");
    earns(MATRIX, r#"{"w": [[1, 2, 3], [-4, 5.5, 607]]}"#, V::Fail, "1 of 6 numbers is off; row 2, column 3 is 607");
    earns(MATRIX, r#"{"w": [[-1, -2, -3], [4, -5.5, -600]]}"#, V::Fail, "with the other sign they would agree");
    earns(MATRIX, r#"{"w": [[2, 1, 3], [-4, 5.5, 600]]}"#, V::Fail, "in another order they would agree");
    earns(MATRIX, r#"{"w": [1, 2, 3, -4, 5.5, 600]}"#, V::Fail, "w is 6 numbers, expected 2 rows of 3 numbers");
    earns(MATRIX, r#"{"w": [[1, 2, 3], [-4, 5.5, NaN]]}"#, V::Unreadable, "row 2, column 3 of `w` is the text `NaN`");
    earns(MATRIX, r#"{"w": [[1, 2, 3], [-4, null, 600]]}"#, V::Unreadable, "null");
    earns(MATRIX, r#"{"w": [[1, 2, 3], [-4, 5.5]]}"#, V::NeedsReview, "not of one length");
    earns(MATRIX, r#"{"w": [[1, 2, 3], [-4, 5.5, "about 600"]]}"#, V::NeedsReview, "about 600");
    earns(MATRIX, r#"{"v": [1]}"#, V::Missing, "`w`: not found in metrics.json");
}

#[test]
fn eigenvectors_have_no_sign_and_clusters_no_order() {
    let eigenvectors = "array = \"w\"\nagainst = [[0.6, 0.8], [-0.8, 0.6]]\ntolerance = { absolute = 0.001 }\nup_to = \"sign\"";
    earns(eigenvectors, r#"{"w": [[-0.6, -0.8], [-0.8, 0.6]]}"#, V::Pass, "all 4");
    // Turning one number of a row is not turning the row.
    earns(eigenvectors, r#"{"w": [[-0.6, 0.8], [-0.8, 0.6]]}"#, V::Fail, "1 of 4 numbers");
    earns(eigenvectors, r#"{"w": [[-0.8, 0.6], [0.6, 0.8]]}"#, V::Fail, "4 of 4 numbers");
    let centres = "array = \"w\"\nagainst = [[1, 1], [1.2, 1.2], [9, 9]]\ntolerance = { absolute = 0.25 }\nup_to = \"order\"";
    earns(centres, r#"{"w": [[9, 9], [1.2, 1.2], [1, 1]]}"#, V::Pass, "in another order, which is allowed");
    // The first row agrees with two of them, and the second with one of those alone: both find a partner.
    earns(centres, r#"{"w": [[1.1, 1.1], [0.9, 0.9], [9, 9]]}"#, V::Pass, "all 6");
    earns(centres, r#"{"w": [[1, 1], [1, 1], [1, 1]]}"#, V::Fail, "row 3 agrees with no row that is left");
    let both = "array = \"w\"\nagainst = [[0.6, 0.8], [-0.8, 0.6]]\ntolerance = { absolute = 0.001 }\nup_to = [\"sign\", \"order\"]";
    earns(both, r#"{"w": [[0.8, -0.6], [0.6, 0.8]]}"#, V::Pass, "all 4");
}

#[test]
fn every_number_keeps_the_bounds() {
    let gradients = "array = \"w\"\nshape = [3]\nat_least = 0\nbelow = 1e-6";
    earns(gradients, r#"{"w": [1e-9, 0, 9.9e-7]}"#, V::Pass, "3 numbers");
    earns(gradients, r#"{"w": [1e-9, 0.003, 1e-6]}"#, V::Fail, "number 2 of w is 0.003, expected below 1e-6, and 1 more");
    earns(gradients, r#"{"w": [-1e-9, 0, 0]}"#, V::Fail, "number 1 of w is");
}

#[test]
fn several_arrays_share_the_points() {
    let settings = "array = [\"a\", \"b\"]\nshape = [2]\nat_most = 1";
    let report = judged(settings, r#"{"a": [0, 1], "b": [0, 2]}"#);
    assert_eq!((report.verdict, report.points.map(mlgrade::domain::points::Points::hundredths)), (V::Partial, Some(200)), "{}", report.reason);
}

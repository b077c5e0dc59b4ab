//! `check = "order"`: what is stated is judged in the stated order, and what cannot be judged says why.

use mlgrade::domain::verdict::VerdictLabel as V;
use mlgrade::submission::Submission;

use crate::common::{Opened, item};

/// Verdict and reason for an order with these settings on these metrics.
fn judged(settings: &str, metrics: &str) -> (V, String) {
    let rubric = format!(
        "schema = 1\nid = \"r\"\ntitle = \"R\"\nseed = 1\n[[part]]\nid = \"p\"\ntitle = \"P\"\n\
         [[part.item]]\nid = \"i\"\ntitle = \"I\"\npoints = 2\ncheck = \"order\"\n{settings}\n"
    );
    let files = [("metrics.toml".to_owned(), metrics.as_bytes().to_vec())];
    let report = Opened::of(&rubric, None).judge(&Submission::of_files("s", files));
    let item = item(&report, "p/i");
    (item.verdict, item.reason.clone())
}

#[test]
fn an_order_is_judged_and_what_is_out_of_it_is_told() {
    let curves = "a = [0.9, 0.02, 0.03]\nb = [0.5, 0.31]";
    let cases = [
        ("ascending = ['a', 'b']\nat = 'last'\nby = 0.01", curves, V::Pass, "a is 0.03 at its last value, b is 0.31 at its last value: in the expected order"),
        (
            "ascending = ['b', 'a']\nat = 'last'\nby = 0.01",
            curves,
            V::Fail,
            "a is 0.03 at its last value, b is 0.31 at its last value: expected a above b by at least 0.01",
        ),
        ("ascending = ['b', 'a']\nat = 'first'", curves, V::Pass, "each above the one before"),
        ("ascending = ['a', 'b']\nat = 'least'", curves, V::Pass, "a is 0.02 at its least value"),
        ("ascending = ['b', 'a']\nat = 'greatest'", curves, V::Pass, "a is 0.9 at its greatest value"),
        ("ascending = ['a', 'b', 'c']", "a = 1\nb = 2\nc = 2", V::Fail, "c is 2, b is 2: expected c above b"),
        ("ascending = ['a', 'b']\nby = '10%'", "a = 1\nb = 1.1", V::Pass, "by at least 10 %"),
        ("ascending = ['a', 'b']\nby = '10%'", "a = 1\nb = 1.09", V::Fail, "by at least 10 %"),
        ("ascending = ['a', 'b']\nat = 'last'", "a = 1\nb = [0, 2]", V::Pass, "a is 1, b is 2 at its last value"),
        ("ascending = ['a', 'b']\nat = 'last'", "a = 1\nb = []", V::Fail, "b is an empty list"),
        ("ascending = ['a', 'b']\nat = 'first'", "a = 1\nb = [2, nan]", V::Unreadable, "NaN"),
        ("ascending = ['a', 'b']", "a = 1\nb = [2, 3]", V::NeedsReview, "expected a number"),
        ("ascending = ['a', 'b']", "a = 1\nb = 'low'", V::NeedsReview, "expected a number"),
        ("ascending = ['a', 'b']", "a = 1", V::Missing, "`b`"),
    ];
    for (settings, metrics, verdict, part) in cases {
        let (found, reason) = judged(settings, metrics);
        assert!(found == verdict && reason.contains(part), "{settings} on {metrics}: {found:?}, {reason}");
    }
}

#[test]
fn an_order_of_one_name_or_with_a_negative_margin_is_a_fault() {
    for settings in ["ascending = ['a']", "ascending = ['a', 'a']", "ascending = ['a', 'b']\nby = -0.1", "ascending = ['a', 'b']\nby = 'far'", "at = 'last'"] {
        let text = format!(
            "schema = 1\nid = 'r'\ntitle = 'R'\nseed = 1\n[[part]]\nid = 'p'\ntitle = 'P'\n[[part.item]]\nid = 'i'\ntitle = 'I'\npoints = 2\ncheck = 'order'\n{settings}\n"
        );
        assert!(mlgrade::rubric::parse(&text).0.is_none(), "{settings}");
    }
}

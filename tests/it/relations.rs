//! Numbers that belong together: a stated number is held against the student's own others, as far as both are printed.

use mlgrade::domain::verdict::VerdictLabel as V;
use mlgrade::rubric::parse;
use mlgrade::submission::Submission;

use crate::common::{Opened, item};

fn rubric(settings: &str) -> String {
    format!(
        "schema = 1\nid = \"r\"\ntitle = \"R\"\nseed = 1\n[[part]]\nid = \"p\"\ntitle = \"P\"\n\
         [[part.item]]\nid = \"i\"\ntitle = \"I\"\npoints = 2\n{settings}\n"
    )
}

/// Verdict, reason and advice for a number `x` that `is` this, on these metrics.
fn judged(is: &str, metrics: &str) -> (V, String) {
    judged_by(&format!("check = \"number\"\nvalue = \"x\"\nis.x = {is}"), metrics)
}

fn judged_by(settings: &str, metrics: &str) -> (V, String) {
    let files = [("metrics.toml".to_owned(), metrics.as_bytes().to_vec())];
    let report = Opened::of(&rubric(settings), None).judge(&Submission::of_files("s", files));
    let item = item(&report, "p/i");
    (item.verdict, item.reason.clone())
}

#[test]
fn a_number_is_what_the_others_say_or_is_contradicted() {
    let curve = "loss = [0.9, 0.31, 0.35]";
    let norms = "norms = [3e-15, 2.1e-6, 0.3]";
    let several = "a = 0.97\nb = 0.991\nc = 0.982";
    let blocks = "without = [0.5, 0.2, 0.35]\nwhole = [0.04, 0.05]";
    let cases = [
        ("{ first = 'loss' }", curve, "x = 0.9", V::Pass, ""),
        ("{ last = 'loss' }", curve, "x = 0.35", V::Pass, ""),
        ("{ least = 'loss' }", curve, "x = 0.31", V::Pass, ""),
        ("{ greatest = 'loss' }", curve, "x = 0.9", V::Pass, ""),
        ("{ mean = 'loss' }", curve, "x = 0.52", V::Pass, ""),
        ("{ sum = 'loss' }", curve, "x = 1.56", V::Pass, ""),
        ("{ place = 2, of = 'loss' }", curve, "x = 0.31", V::Pass, ""),
        ("{ greatest = ['a', 'b', 'c'] }", several, "x = 0.991", V::Pass, ""),
        ("'a'", several, "x = 0.97", V::Pass, ""),
        ("{ difference = [1, 'a'] }", several, "x = 0.03", V::Pass, ""),
        ("{ ratio = [{ first = 'norms' }, { last = 'norms' }] }", norms, "x = 1e-14", V::Pass, ""),
        ("{ difference = [{ mean = 'without' }, { place = 2, of = 'whole' }] }", blocks, "x = 0.3", V::Pass, ""),
        // Another value of the curve, a made-up one, one that is none of the models'.
        ("{ last = 'loss' }", curve, "x = 0.31", V::Contradicted, "x says 0.31, but by your own numbers the last of loss is 0.35; 0.31 is the least of loss"),
        ("{ least = 'loss' }", curve, "x = -5", V::Contradicted, "by your own numbers the least of loss is 0.31"),
        ("{ greatest = ['a', 'b', 'c'] }", several, "x = 1.0", V::Contradicted, "by your own numbers the greatest of `a`, `b` and `c` is 0.991"),
        ("{ greatest = ['a', 'b', 'c'] }", several, "x = 0.982", V::Contradicted, "is 0.991"),
        ("'a'", several, "x = 0.9", V::Contradicted, "by your own numbers a is 0.97"),
        // The other way round; not yet divided; not yet subtracted.
        ("{ ratio = [{ first = 'norms' }, { last = 'norms' }] }", norms, "x = 1e14", V::Contradicted, "is the last of norms divided by the first of norms"),
        ("{ ratio = [{ first = 'norms' }, { last = 'norms' }] }", norms, "x = 3e-15", V::Contradicted, "3e-15 is the first of norms"),
        ("{ difference = [{ mean = 'without' }, { place = 2, of = 'whole' }] }", blocks, "x = 0.35", V::Contradicted, "0.35 is the mean of without"),
        ("{ mean = 'loss' }", curve, "x = 1.56", V::Contradicted, "1.56 is the sum of loss"),
        ("{ place = 4, of = 'loss' }", curve, "x = 0.31", V::NeedsReview, "loss has 3 values"),
    ];
    for (is, metrics, x, verdict, part) in cases {
        let (found, reason) = judged(is, &format!("{metrics}\n{x}"));
        assert!(found == verdict && reason.contains(part), "{is} on {x}: {found:?}, {reason}");
    }
}

#[test]
fn both_sides_may_be_rounded_but_not_away() {
    let last = "{ last = 'loss' }";
    for (loss, x, verdict) in [
        ("[0.9, 0.35127]", "0.351", V::Pass),
        ("[0.9, 0.35127]", "0.3513", V::Pass),
        ("[0.9, 0.35127]", "0.35", V::Pass),
        ("[0.90, 0.35]", "0.35127", V::Pass),
        // 0.300 loses its zeros.
        ("[0.9, 0.30021]", "0.3", V::Pass),
        // Measured once more, with a last batch that weighs a little more.
        ("[0.9, 0.35127]", "0.35144", V::Pass),
        ("[0.9, 0.35127]", "0.36", V::Contradicted),
        ("[0.9, 0.35127]", "0.3527", V::Contradicted),
        ("[0.9, 0.35127]", "0.4", V::Contradicted),
        ("[0.9, 0.35127]", "35.127", V::Contradicted),
    ] {
        assert_eq!(judged(last, &format!("loss = {loss}\nx = {x}")).0, verdict, "{x} for {loss}");
    }
}

#[test]
fn what_is_not_there_sends_the_number_to_a_person() {
    let (verdict, reason) = judged("{ last = 'loss' }", "x = 0.35");
    assert_eq!(verdict, V::NeedsReview);
    assert!(reason.starts_with("x = 0.35 cannot be held against the last of loss: `loss`: not found"), "{reason}");
    let (verdict, reason) = judged("{ last = 'loss' }", "x = 0.35\nloss = [0.4, nan]");
    assert!(verdict == V::NeedsReview && reason.contains("NaN"), "{reason}");
    // A poor model that is not there does not matter to the best one, unless the number could be its.
    let greatest = "{ greatest = ['a', 'b', 'c'] }";
    assert_eq!(judged(greatest, "a = 0.97\nb = 0.99\nx = 0.99").0, V::Pass);
    assert_eq!(judged(greatest, "a = 0.97\nb = 0.99\nx = 0.997").0, V::NeedsReview);
    assert_eq!(judged(greatest, "a = 0.97\nb = 0.99\nx = 0.97").0, V::Contradicted);
    assert_eq!(judged(greatest, "x = 0.97").0, V::NeedsReview);
    // The number itself is another matter.
    assert_eq!(judged(greatest, "a = 0.97").0, V::Missing);
}

#[test]
fn of_several_numbers_each_has_its_own_relation() {
    let number = "check = \"number\"\nvalue = [\"a.final\", \"b.final\"]\nabove = 0\nis.\"a.final\" = { last = \"a\" }\nis.\"b.final\" = { last = \"b\" }";
    let curves = "a = [0.5, 0.25]\nb = [0.5, 0.125]\n";
    assert_eq!(judged_by(number, &format!("{curves}a.final = 0.25\nb.final = 0.125")).0, V::NeedsReview, "a is a series and a table");
    let number = number.replace("{ last = \"a\" }", "{ last = \"a.loss\" }").replace("{ last = \"b\" }", "{ last = \"b.loss\" }");
    let curves = "a.loss = [0.5, 0.25]\nb.loss = [0.5, 0.125]\n";
    assert_eq!(judged_by(&number, &format!("{curves}a.final = 0.25\nb.final = 0.125")).0, V::Pass);
    let (verdict, reason) = judged_by(&number, &format!("{curves}a.final = 0.25\nb.final = 0.25"));
    assert!(verdict == V::Partial && reason.contains("b.final says 0.25, but by your own numbers the last of b.loss is 0.125"), "{reason}");
    let order = "check = \"order\"\nascending = [\"best\", \"last\"]\nis.best = { least = \"loss\" }\nis.last = { last = \"loss\" }";
    assert_eq!(judged_by(order, "loss = [0.9, 0.3, 0.4]\nbest = 0.3\nlast = 0.4").0, V::Pass);
    let (verdict, reason) = judged_by(order, "loss = [0.9, 0.3, 0.4]\nbest = 0.1\nlast = 0.4");
    assert!(verdict == V::Contradicted && reason.contains("best says 0.1"), "{reason}");
}

#[test]
fn faults_of_relations_are_told_with_their_place() {
    for (settings, part, place) in [
        ("value = 'x'\nis.y = { last = 'loss' }", "`is` speaks of `y`, which this item does not judge", "y"),
        ("value = 'x'\nis.x = { lats = 'loss' }", "unknown key `lats`", "lats"),
        ("value = 'x'\nis.x = { last = 'loss', first = 'loss' }", "one of `first`, `last`", "{ last"),
        ("value = 'x'\nis.x = {}", "one of `first`, `last`", "{}"),
        ("value = 'x'\nis.x = { ratio = ['a'] }", "`ratio` is a list of two", "['a']"),
        ("value = 'x'\nis.x = { ratio = 'a' }", "`ratio` is a list of two", "'a'"),
        ("value = 'x'\nis.x = { place = 0, of = 'a' }", "`place` counts from 1", "0"),
        ("value = 'x'\nis.x = { place = 1 }", "needs `of`", "{ place"),
        ("value = 'x'\nis.x = { last = 3 }", "`last` is a name or a list of names", "3"),
        ("value = 'x'\nis.x = true", "a table with `first`", "true"),
        ("value = 'x'\nis = 'y'", "`is` is a table by the number's name", "'y'"),
        ("value = 'x'\nis.x = { difference = ['x', 'y'] }", "is said to be made of itself", ""),
    ] {
        let text = rubric(&format!("check = 'number'\n{settings}"));
        let (parsed, faults) = parse(&text);
        let fault = faults.iter().find(|fault| fault.message.contains(part));
        let fault = fault.unwrap_or_else(|| panic!("{settings}: {faults:?}"));
        assert!(parsed.is_none(), "{settings}");
        let span = fault.span.clone().unwrap_or_else(|| panic!("{settings}: no place"));
        assert!(text[span].starts_with(place), "{settings}: {fault:?}");
    }
}

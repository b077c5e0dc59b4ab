//! For every item the reference's own submission is a wheat, and at least one submission that is wrong in one way is a chaff: the item
//! falls, for the reason that is named.

use std::collections::BTreeSet;

use mlgrade::domain::verdict::VerdictLabel as V;
use toml::{Table, Value};

use crate::common::{Folder, Opened, SHIPPED_COURSE, item, reference_submission};

/// One way to be wrong.
pub(crate) enum Change {
    Metric(&'static str, Value),
    /// Metrics that get the values of others, all at once: `("a", "b")` states b's value as a.
    Copied(&'static [(&'static str, &'static str)]),
    /// Metrics of which every value is changed.
    Scaled(&'static [&'static str], fn(f64) -> f64),
    /// Series that are read backwards.
    Reversed(&'static [&'static str]),
    Answer(&'static str, Value),
    Drop(&'static str),
    Remove(&'static str),
    File(&'static str, Vec<u8>),
}
use Change::{Answer, Copied, Drop, File, Metric, Remove, Reversed, Scaled};

/// An item, what is wrong with the reference's submission, the verdict, and a piece of the reason.
pub(crate) type Chaff = (&'static str, Change, V, &'static str);

pub(crate) fn series(values: &[f64]) -> Value {
    values.to_vec().into()
}

fn chaffs() -> Vec<Chaff> {
    let flat = |value: f64| series(&[value; 20]);
    vec![
        ("trees/numbers", Metric("tree.val_rmse", series(&[4.278, 3.674, 4.45, 4.4, 9.0])), V::Partial, "value 5 of 5, is 9, the reference has"),
        ("trees/numbers", Metric("forest.val_rmse", series(&[4.16, 3.46])), V::Partial, "forest.val_rmse has 2 values, expected 5"),
        ("trees/numbers", Metric("boosted.val_rmse", Value::String("see notebook".into())), V::NeedsReview, "expected a list of numbers"),
        ("trees/numbers", Metric("boosted.val_rmse", series(&[330.5, 331.2, 376.5, 424.9, 420.6])), V::Partial, "boosted.val_rmse, value 1 of 5"),
        ("trees/plot", Remove("figures/trees.svg"), V::Missing, "there is no figure `trees`"),
        ("trees/plot", File("figures/trees.svg", b"<svg width='900' height='600'><rect width='9' height='9'/></svg>".to_vec()), V::Fail, "is blank"),
        ("trees/best-depth", Answer("best_depth", 8.into()), V::Fail, "you say 8, but by your own numbers it is 4"),
        ("trees/boosted-size", Answer("boosted_size", "larger".into()), V::Fail, "expected `smaller`"),
        ("trees/boosted-size", Answer("boosted_size", "it depends".into()), V::NeedsReview, "does not name exactly one of"),
        ("trees/why-boosted-size", Drop("why_boosted_size"), V::Missing, "not found"),
        ("trees/least-overfitting", Answer("least_overfitting", "the tree".into()), V::Fail, "expected `forest`"),
        ("trees/why-least-overfitting", Answer("why_least_overfitting", " ".into()), V::Missing, "is empty"),
        ("trees/lowest-bias", Answer("lowest_bias", "forest".into()), V::Fail, "expected `boosted`"),
        ("mnist/losses-of-the-small-rate", Metric("mlp.lr0.01.val_loss", flat(2.3)), V::Partial, "is 2.3 at every place"),
        ("mnist/losses-of-the-small-rate", Metric("mlp.lr0.01.train_loss", series(&[0.5; 10])), V::Partial, "has 10 values, expected 20"),
        ("mnist/losses-of-the-middle-rate", Metric("mlp.lr0.1.train_loss", flat(0.9)), V::Partial, "a loss changes while a network learns"),
        (
            "mnist/losses-of-the-small-rate",
            Copied(&[("mlp.lr0.01.train_loss", "mlp.lr0.1.train_loss"), ("mlp.lr0.01.val_loss", "mlp.lr0.1.val_loss")]),
            V::NeedsReview,
            "mlp.lr0.01.train_loss is mlp.lr0.1.train_loss at every place",
        ),
        (
            "mnist/losses-of-the-middle-rate",
            Copied(&[("mlp.lr0.1.val_loss", "mlp.lr0.1.train_loss")]),
            V::NeedsReview,
            "mlp.lr0.1.train_loss is mlp.lr0.1.val_loss at every place",
        ),
        ("mnist/losses-of-the-large-rate", Metric("mlp.lr1.0.train_loss", flat(2.3)), V::Partial, "is 2.3 at every place"),
        ("mnist/losses-of-the-large-rate", Copied(&[("mlp.lr1.0.val_loss", "mlp.lr0.1.val_loss")]), V::NeedsReview, "one of the two is not what it is called"),
        ("mnist/improved-curves", Copied(&[("improved.val_loss", "improved.train_loss")]), V::NeedsReview, "a person has to look"),
        ("mnist/losses-of-the-large-rate", Metric("mlp.lr1.0.val_loss", series(&[0.1; 5])), V::Partial, "has 5 values, expected 20"),
        ("mnist/final-losses", Metric("mlp.lr0.1.final_val_loss", 0.5.into()), V::Partial, "but mlp.lr0.1.final_val_loss says 0.5"),
        ("mnist/errors", Metric("mlp.lr0.1.val_error", 35.8.into()), V::Partial, "mlp.lr0.1.val_error = 35.8 (read as 35.8 %), the reference has"),
        ("mnist/errors", Metric("mlp.lr0.01.val_error", 0.9.into()), V::Partial, "mlp.lr0.01.val_error = 0.9, the reference has"),
    ]
}

/// Items of which more than one number is wrong, or the numbers of which do not belong together.
fn mix_ups() -> Vec<Chaff> {
    const TREES: [&str; 2] = ["tree.train_rmse", "tree.val_rmse"];
    const SMALL: [&str; 2] = ["mlp.lr0.01.train_loss", "mlp.lr0.01.val_loss"];
    let numbers = |change, reason| ("trees/numbers", change, V::Partial, reason);
    let waits = |item, change, reason| (item, change, V::NeedsReview, reason);
    vec![
        numbers(Scaled(&TREES, |c| c * 1.8), "all are 1.8 times too large: degrees Fahrenheit for Celsius?"),
        numbers(Scaled(&TREES, |rmse| rmse * rmse), "all fit as mean squared errors: is the root missing?"),
        numbers(Scaled(&["tree.val_rmse"], |rmse| rmse * 0.785), "mean absolute errors for root mean squared ones?"),
        waits("trees/numbers", Reversed(&TREES), "read backwards they agree: is the order reversed?"),
        numbers(Copied(&[("tree.train_rmse", "tree.val_rmse"), ("tree.val_rmse", "tree.train_rmse")]), "these are the values of tree.val_rmse"),
        numbers(Copied(&[("tree.train_rmse", "forest.train_rmse"), ("forest.train_rmse", "tree.train_rmse")]), "these are the values of forest.train_rmse"),
        numbers(Metric("tree.train_rmse", series(&[2.658, 1.414, 0.153, 0.0, 0.0])), "every value stands one place too early"),
        waits("trees/numbers", Reversed(&["boosted.val_rmse"]), "it agrees with the reference when it is read backwards"),
        waits("trees/numbers", Copied(&[("boosted.val_rmse", "boosted.train_rmse")]), "one of the two is not what it is called"),
        waits("mnist/losses-of-the-small-rate", Scaled(&SMALL, |nats| nats / std::f64::consts::LN_10), "logarithms to base 10 in one of them?"),
        waits("mnist/losses-of-the-small-rate", Scaled(&SMALL, |nats| nats / std::f64::consts::LN_2), "are the logarithms to base 2?"),
        waits("mnist/losses-of-the-small-rate", Scaled(&SMALL, |loss| loss / 3.5), "between 2.7 and 4.8 times is usual: is the one the other once more?"),
        ("mnist/losses-of-the-small-rate", Reversed(&SMALL), V::Fail, "read backwards it would: is the order reversed?"),
        waits("mnist/losses-of-the-small-rate", Copied(&[(SMALL[0], SMALL[1]), (SMALL[1], SMALL[0])]), "were the two series exchanged?"),
        waits("mnist/errors", Copied(&[("mlp.lr0.01.val_error", "mlp.lr0.1.val_error"), ("mlp.lr0.1.val_error", "mlp.lr0.01.val_error")]), "exchanged?"),
        waits("mnist/errors", Metric("mlp.lr0.01.val_error", (5428.0 / 60_000.0).into()), "is 5428 of 60000 examples"),
        ("mnist/errors", Scaled(&["mlp.lr0.01.val_error"], |error| 1.0 - error), V::Partial, "the reference has"),
        ("mnist/final-losses", Copied(&[("mlp.lr0.1.final_val_loss", "mlp.lr0.01.final_val_loss")]), V::Partial, "but mlp.lr0.1.final_val_loss says"),
        waits("mnist/improved-curves", Scaled(&["improved.train_loss", "improved.val_loss"], |nats| nats / 10.0), "improved.val_loss ends at"),
    ]
}

fn chaffs_of_the_rest() -> Vec<Chaff> {
    vec![
        // The plot of another thing.
        ("trees/plot", File("figures/trees.svg", figure("improved")), V::NeedsReview, "figures/trees.svg"),
        ("mnist/plot", File("figures/mlp.svg", figure("trees")), V::NeedsReview, "figures/mlp.svg"),
        ("mnist/improved-plot", Metric("improved.val_loss", series(&[0.3, 0.2, 0.15, 0.12, 0.11])), V::NeedsReview, "figures/improved.svg"),
        ("mnist/plot", File("figures/mlp.svg", b"GIF89a".to_vec()), V::NeedsReview, "neither PNG, JPEG nor SVG"),
        ("mnist/best-learning-rate", Answer("best_learning_rate", 0.01.into()), V::Fail, "by your own numbers it is 1.0"),
        ("mnist/improved-error", Metric("improved.val_error", 0.03.into()), V::Contradicted, "but its own evidence says otherwise"),
        ("mnist/improved-error", Metric("improved.val_error", 0.012.into()), V::Contradicted, "the predictions give 0.0188"),
        ("mnist/improved-error", Remove("predictions/improved.csv"), V::NeedsReview, "but nothing backs it (mnist/improved-is-real)"),
        ("mnist/improved-error", File("predictions/improved.csv", b"7\n2\n".to_vec()), V::NeedsReview, "2 predictions for 10000 validation examples"),
        ("mnist/improved-error", Metric("improved.val_error", 0.5.into()), V::Fail, "reaches no level"),
        ("mnist/improved-error", Metric("improved.val_error", 187.0.into()), V::Fail, "a fraction lies between 0 and 1"),
        (
            "mnist/improved-curves",
            Metric("improved.val_loss", series(&[0.1, 0.09, 2.5])),
            V::Partial,
            "should fall, but goes from 0.09 at place 2 to 2.5 at place 3",
        ),
        ("mnist/improved-curves", Metric("improved.val_loss", series(&[0.1, 0.2, 0.3, 0.4, 0.5])), V::Partial, "never does so"),
        ("mnist/improved-curves", Metric("improved.train_loss", series(&[2.303, 2.302, 2.304])), V::Partial, "never does so by more than 10 %"),
        ("mnist/improved-curves", Metric("improved.val_loss", series(&[0.1, 0.05, -0.01])), V::Partial, "a loss is above 0"),
        ("mnist/improved-plot", Remove("figures/improved.svg"), V::Missing, "figures/improved.png"),
        ("mnist/predictions", File("predictions/improved.csv", b"".to_vec()), V::Fail, "is empty"),
        ("mnist/improved-is-real", Metric("improved.val_error", 0.01.into()), V::Contradicted, "the predictions give 0.0188"),
        ("mnist/improved-is-real", File("predictions/improved.csv", b"7\n2\n".to_vec()), V::NeedsReview, "2 predictions for 10000 validation examples"),
        ("mnist/better-error", Metric("better.val_error", 0.0188.into()), V::Fail, "reaches no level"),
        ("mnist/better-error", Metric("better.val_error", 0.009.into()), V::Contradicted, "but its own evidence says otherwise"),
        ("mnist/better-error", Remove("predictions/better.csv"), V::NeedsReview, "but nothing backs it"),
        ("mnist/better-error", Metric("better.val_error", 11.7.into()), V::Fail, "better.val_error = 11.7 (read as 11.7 %) reaches no level"),
        ("mnist/better-is-real", Metric("better.val_error", 0.009.into()), V::Contradicted, "better.val_error says 0.009, the predictions give"),
        ("mnist/better-design", Drop("better_design"), V::Missing, "not found"),
        (
            "penguins/scatter",
            File("figures/penguins.svg", b"<svg xmlns='http://www.w3.org/2000/svg' width='90' height='90'><path/></svg>".to_vec()),
            V::Fail,
            "90×90",
        ),
        ("penguins/two-features", Answer("two_features", "bill_length_mm".into()), V::NeedsReview, "exactly 2 different ones"),
        ("penguins/why-two-features", Drop("why_two_features"), V::Missing, "not found"),
        (
            "penguins/drawn-tree",
            File("figures/gentoo_tree.svg", b"<svg xmlns='http://www.w3.org/2000/svg' width='900' height='900'/>".to_vec()),
            V::Fail,
            "blank",
        ),
        ("penguins/gentoo-rule", Answer("gentoo_rule", "body_mass_g > 4000 -> Gentoo".into()), V::Fail, "at least 0.97 is asked"),
        ("penguins/gentoo-rule", Answer("gentoo_rule", "species == Gentoo -> Gentoo".into()), V::Fail, "it looks at `species` itself"),
        ("penguins/gentoo-rule", Answer("gentoo_rule", "bill_depth_mm > 17 -> Adelie".into()), V::Fail, "the question is about Gentoo"),
        ("penguins/gentoo-rule", Answer("gentoo_rule", "wing > 206".into()), V::NeedsReview, "there is no column `wing`"),
        ("penguins/gentoo-rule", Answer("gentoo_rule", "1 < body_mass_g < 9999 and 200 < flipper_length_mm < 300".into()), V::Fail, "has 4 conditions"),
        ("penguins/accuracy", Copied(&[("best.accuracy", "penguins.tree")]), V::Partial, "full marks need at least 0.99"),
        ("penguins/accuracy", Metric("best.accuracy", 0.999.into()), V::NeedsReview, "best.accuracy says 0.999, which is none of `penguins.logistic`"),
        ("penguins/accuracy", Metric("best.accuracy", f64::NAN.into()), V::Unreadable, "is NaN, expected a number"),
        ("penguins/best-classifier", Answer("best_classifier", "bayes".into()), V::Fail, "you say bayes"),
        (
            "penguins/second-rule",
            Answer("second_rule", "flipper_length_mm > 206.5 and bill_depth_mm <= 17.6".into()),
            V::Fail,
            "uses every feature of gentoo_rule",
        ),
        ("picture/losses", Metric("encoded.loss", series(&[0.05, 0.002, 0.03])), V::Partial, "should fall, but goes from 0.002 at place 2 to 0.03 at place 3"),
        // The blurry one handed in twice; the claim of a brighter day; saved by savefig with its white border.
        ("picture/encoded-picture", File("figures/encoded.png", raw()), V::Contradicted, "encoded.psnr says"),
        ("picture/encoded-picture", Metric("encoded.psnr", 45.0.into()), V::Contradicted, "encoded.psnr says 45 dB"),
        ("picture/encoded-picture", File("figures/encoded.png", crate::hostile_files::png(640, 480, false)), V::Fail, "640×480"),
        ("picture/encoding-helps", File("figures/encoded.png", raw()), V::Fail, "at least 6 dB"),
        ("picture/positional-encoding", Drop("positional_encoding"), V::Missing, "not found"),
    ]
}

/// A figure of the reference.
fn figure(name: &str) -> Vec<u8> {
    std::fs::read(reference_submission().join(format!("figures/{name}.svg"))).unwrap()
}

/// The reference's picture from raw positions.
fn raw() -> Vec<u8> {
    std::fs::read(reference_submission().join("figures/raw.png")).unwrap()
}

fn edit(folder: &Folder, path: &str, change: impl FnOnce(&mut Table)) {
    let mut table: Table = folder.read(path).parse().unwrap();
    change(&mut table);
    folder.write(path, table.to_string());
}

fn scale(value: &mut Value, change: fn(f64) -> f64) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(|value| scale(value, change)),
        value => *value = change(value.as_float().unwrap()).into(),
    }
}

fn apply(folder: &Folder, change: Change) {
    match change {
        Metric(name, value) => edit(folder, "metrics.toml", |table| drop(table.insert(name.to_owned(), value))),
        Copied(pairs) => edit(folder, "metrics.toml", |table| {
            let stated = table.clone();
            table.extend(pairs.iter().map(|(name, from)| ((*name).to_owned(), stated[*from].clone())));
        }),
        Scaled(names, change) => edit(folder, "metrics.toml", |table| names.iter().for_each(|name| scale(table.get_mut(*name).unwrap(), change))),
        Reversed(names) => edit(folder, "metrics.toml", |table| names.iter().for_each(|name| table[*name].as_array_mut().unwrap().reverse())),
        Answer(name, value) => edit(folder, "answers.toml", |table| drop(table.insert(name.to_owned(), value))),
        Drop(name) => edit(folder, "answers.toml", |table| assert!(table.remove(name).is_some(), "{name} was there")),
        Remove(path) => std::fs::remove_file(folder.path().join(path)).unwrap(),
        File(path, bytes) => folder.write(path, bytes),
    }
}

/// Asserts that every item of the course accepts the submission in `wheat`, has a chaff, and that every chaff falls for its reason.
pub(crate) fn judge_all(course: &Opened, wheat: &std::path::Path, chaffs: Vec<Chaff>) {
    let items: BTreeSet<&str> = course.rubric.items().map(|item| item.id.as_str()).collect();
    let covered: BTreeSet<&str> = chaffs.iter().map(|chaff| chaff.0).collect();
    assert_eq!(covered, items, "every item has a chaff");
    let right = Folder::copy_of(wheat).graded_in(course);
    for item in &right.items {
        // Only written answers wait for a person, and figures of which no series is claimed; the others are read.
        let fine = item.verdict == V::Pass || item.verdict == V::NeedsReview && (item.exhibits.is_empty() || item.expected.is_none());
        assert!(fine, "{}: {}", item.id, item.reason);
    }
    let mut faults = Vec::new();
    for (id, change, verdict, reason) in chaffs {
        let folder = Folder::copy_of(wheat);
        // Reading figures takes long, and most items do not look at any.
        if !item(&right, id).reason.contains("figures/") {
            drop(std::fs::remove_dir_all(folder.path().join("figures")));
        }
        apply(&folder, change);
        let report = folder.graded_in(course);
        let item = item(&report, id);
        if item.verdict != verdict || !item.reason.contains(reason) {
            faults.push(format!("{id}: expected {verdict:?} and `{reason}`, found {:?}: {}", item.verdict, item.reason));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_item_of_the_homework_accepts_the_reference_and_no_chaff() {
    judge_all(&SHIPPED_COURSE, &reference_submission(), [chaffs(), mix_ups(), chaffs_of_the_rest()].into_iter().flatten().collect());
}

//! Predictions and rules, which need a data set: the one on which they give what the solution claims.

use crate::draft::names::{shared, words};
use crate::draft::things::{Table, Thing, What};

use super::{Form, Forms, Item, text};

/// Words in the names of claims, with the metric that they mean, and whether it is a fraction. Longer words come before their parts.
const METRICS: [(&str, &str, bool); 14] = [
    ("accuracy", "accuracy", true),
    ("acc", "accuracy", true),
    ("error", "error", true),
    ("f1", "macro-f1", true),
    ("recall", "macro-recall", true),
    ("rmse", "rmse", false),
    ("mae", "mae", false),
    ("mse", "mse", false),
    ("r2", "r2", false),
    ("ari", "ari", true),
    ("rand", "ari", true),
    ("nmi", "nmi", true),
    ("purity", "purity", true),
    ("kappa", "kappa", true),
];

/// The claims and columns that are tried.
const CLAIMS: usize = 12;
const COLUMNS: usize = 40;

/// The shares of rows on which a rule may be asked to be right.
const SHARES: [f64; 6] = [0.98, 0.95, 0.9, 0.8, 0.7, 0.6];

pub(super) fn forms(predictions: &str, things: &[Thing], data: &[Table]) -> Forms {
    let mut claims: Vec<(&str, &str, bool)> = things.iter().filter_map(claim).collect();
    // Those of its name first.
    claims.sort_by_key(|(name, ..)| std::cmp::Reverse(shared(name, predictions)));
    claims.truncate(CLAIMS);
    let mut tried = Vec::new();
    for &(claim, metric, is_fraction) in &claims {
        let tolerance = if is_fraction { "absolute = 0.001" } else { "relative = \"1%\"" };
        for table in data {
            let targets: Vec<Option<&String>> = if table.columns.is_empty() { vec![None] } else { table.columns.iter().take(COLUMNS).map(Some).collect() };
            for target in targets {
                let target = target.map_or_else(String::new, |target| format!("target = {}\n", text(target)));
                let check = format!(
                    "check = \"recompute\"\nmetric = \"{metric}\"\npredictions = {}\ndata = {}\n{target}claim = {}\ntolerance = {{ {tolerance} }} # between what is claimed and what the predictions give\n",
                    text(predictions),
                    text(&table.name),
                    text(claim)
                );
                tried.push(Form { check, data: Some(table.name.clone()) });
            }
        }
    }
    let check = format!(
        "check = \"recompute\"\nmetric = \"accuracy\"\npredictions = {}\ndata = \"…\"\ntarget = \"…\"\nclaim = \"…\"\ntolerance = {{ absolute = 0.001 }}\n",
        text(predictions)
    );
    let why = "name the data set, the column with the right answers and the number that is claimed of them";
    Forms { tried, otherwise: Item::new(check, 6).asleep(why) }
}

/// A number that may be computed of predictions, and the metric that its name means.
fn claim(thing: &Thing) -> Option<(&str, &'static str, bool)> {
    let last = thing.name.rsplit('.').next().unwrap_or(&thing.name);
    let said = words(last);
    let (_, metric, is_fraction) = METRICS.iter().find(|(word, ..)| said.iter().any(|said| said == word))?;
    matches!(thing.what, What::Number(_)).then_some((thing.name.as_str(), *metric, *is_fraction))
}

/// A rule: right on as many rows of a table as the solution's own is.
pub(super) fn rule(rule: &str, class: Option<&str>, data: &[Table]) -> Forms {
    let check = |data: &str, class: &str, share: f64| {
        format!(
            "check = \"rule\"\nrule = {}\ndata = {}\nclass = {}\naccuracy = {{ at_least = {share} }}\n# conditions = {{ at_most = 3 }}\n",
            text(rule),
            text(data),
            text(class)
        )
    };
    let of_share = |share: f64| {
        let of_table = move |table: &Table| class.map(|class| Form { check: check(&table.name, class, share), data: Some(table.name.clone()) });
        data.iter().filter_map(of_table).collect::<Vec<_>>()
    };
    let tried = SHARES.into_iter().flat_map(of_share).collect();
    let why = "name the data set on which the rule is tried, and the class";
    Forms { tried, otherwise: Item::new(check("…", class.unwrap_or("…"), 0.9), 5).asleep(why) }
}

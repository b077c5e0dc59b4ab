//! Every model beside scikit-learn on penguins, weather and digits; `fixtures/peers/models.py` has the settings and makes the values.

use serde::Deserialize;
use serde_json::Value as Json;
use toml::de::DeTable;

use super::*;
use crate::{Unwatched, same_with_one_thread_and_two};
use mlgrade_data::BUILTINS;
use mlgrade_domain::diagnostic::Diagnostic;

#[derive(Deserialize)]
struct Case {
    data: String,
    settings: String,
    /// Values by the ends of their names.
    #[serde(default)]
    expected: std::collections::BTreeMap<String, Json>,
    #[serde(default)]
    within: f64,
    #[serde(default)]
    bands: std::collections::BTreeMap<String, [f64; 2]>,
}

fn data(name: &str) -> DataSet {
    BUILTINS.iter().find(|row| row.name == name).unwrap().load().unwrap()
}

/// The reference that these settings make, and what is wrong with them.
fn read(settings: &str) -> (Option<AnyModel>, Vec<Diagnostic>) {
    let table = DeTable::parse(settings).unwrap();
    let mut fields = Fields::new("the reference `model`", table.get_ref().clone(), table.span());
    let model = AnyModel::read(&mut fields);
    (model, fields.finish())
}

fn model(settings: &str) -> AnyModel {
    let (model, faults) = read(settings);
    assert_eq!(faults, [], "{settings}");
    model.unwrap()
}

/// Says where `ours` is not `theirs`.
fn differences(name: &str, ours: &Value, theirs: &Json, within: f64, found: &mut Vec<String>) {
    match (ours, theirs) {
        (Value::List(ours), Json::Array(theirs)) if ours.len() == theirs.len() => {
            ours.iter().zip(theirs).enumerate().for_each(|(i, (ours, theirs))| differences(&format!("{name}[{i}]"), ours, theirs, within, found));
        }
        (Value::Number(ours), Json::Number(theirs)) => {
            let theirs = theirs.as_f64().unwrap();
            if (ours.get() - theirs).abs() > within * theirs.abs().max(1.0) {
                found.push(format!("{name}: ours {:?}, theirs {theirs:?}", ours.get()));
            }
        }
        _ => found.push(format!("{name}: ours {}, theirs {theirs}", ours.describe())),
    }
}

#[test]
fn models_are_scikit_learns() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("../../../../fixtures/peers/models.json")).unwrap();
    let sets = ["mnist", "penguins", "weather"].map(|name| (name, data(name)));
    let mut all = Vec::new();
    for case in &cases {
        let model = model(&case.settings);
        let (_, data) = sets.iter().find(|(name, _)| *name == case.data).unwrap();
        let run = model.run(data, Seed::new(441), &Unwatched).unwrap_or_else(|error| panic!("{}: {error}", case.settings));
        let named = |end: &String| run.metrics.get(&model.named(end)).unwrap_or_else(|| panic!("{}: no {end}", case.settings));
        let mut found = Vec::new();
        for (end, theirs) in &case.expected {
            differences(end, named(end), theirs, case.within, &mut found);
        }
        for (end, [low, high]) in &case.bands {
            let Value::Number(ours) = named(end) else { panic!("{end} is no number") };
            if !(*low..=*high).contains(&ours.get()) {
                found.push(format!("{end}: ours {ours}, theirs from {low} to {high}"));
            }
        }
        all.extend((!found.is_empty()).then(|| format!("{} ({}):\n  {}", case.settings, case.data, found.join("\n  "))));
    }
    assert!(all.is_empty(), "{} of {} differ\n{}", all.len(), cases.len(), all.join("\n"));
}

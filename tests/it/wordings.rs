//! Answers and rules in ordinary words. What is right passes or goes to a person, and never to zero; what is wrong or turned round never
//! passes. The wordings are our own and those of a course's students; a person has said of each whether it is right.

use mlgrade::check::units::{Student, Units};
use mlgrade::check::{Case, Stop};
use mlgrade::domain::verdict::VerdictLabel as V;
use mlgrade::submission::Submission;
use toml::{Table, Value};

use crate::common::{LAB, Opened, SHIPPED_COURSE, repository};

/// A row of a table: which item of which rubric, the choice that is right, what is handed in, and what becomes of it.
struct Row {
    rubric: String,
    item: String,
    right: String,
    wording: String,
    verdict: String,
}

fn rows(name: &str) -> Vec<Row> {
    let path = repository().join("fixtures/wordings").join(name);
    let records = csv::Reader::from_path(path).unwrap().into_records().map(Result::unwrap);
    let row = |record: csv::StringRecord| {
        let [rubric, item, right, wording, verdict] = std::array::from_fn(|i| record[i].to_owned());
        Row { rubric, item, right, wording, verdict }
    };
    records.map(row).collect()
}

/// The settings of an item.
fn settings(rubric: &str, id: &str) -> Table {
    let text = mlgrade::rubric::SHIPPED.iter().find(|shipped| shipped.rubric.contains(&format!("id = \"{rubric}\""))).unwrap().rubric;
    let table: Table = text.parse().unwrap();
    let (part, item) = id.split_once('/').unwrap();
    let named = |list: &Value, name: &str| list.as_array().unwrap().iter().find(|entry| entry["id"].as_str() == Some(name)).unwrap().clone();
    named(&named(&table["part"], part)["item"], item).as_table().unwrap().clone()
}

/// Numbers of which those of the choice `right` are the best.
fn numbers(settings: &Table, right: &str) -> Table {
    let Some(expect) = settings.get("expect").and_then(Value::as_table) else { return Table::new() };
    let names = |value: &Value| value.as_array().map_or_else(|| vec![value.clone()], Clone::clone);
    let (least, of) = expect.get("argmin").map_or_else(|| (false, &expect["argmax"]), |of| (true, of));
    let value = |is_best: bool| Value::Float(if is_best == least { 0.3 } else { 0.7 });
    let over = &expect["over"];
    let same = |place: &Value| place.as_str().map_or_else(|| place.to_string(), str::to_owned) == right;
    let Some(places) = over.as_str() else {
        assert!(names(over).iter().any(same), "{right} is none of {over}");
        return names(of).iter().zip(names(over)).map(|(name, place)| (name.as_str().unwrap().to_owned(), value(same(&place)))).collect();
    };
    // A series of places, and one of numbers.
    let depths: Vec<f64> = vec![2.0, 4.0, 8.0, 16.0, 32.0];
    let best = |depth: &f64| depth.to_string() == right;
    let numbers: Vec<Value> = depths.iter().map(|depth| value(best(depth))).collect();
    assert!(depths.iter().any(best), "{right}");
    Table::from_iter([(places.to_owned(), depths.into()), (of.as_str().unwrap().to_owned(), numbers.into())])
}

fn judged(row: &Row) -> (V, String) {
    let course: &Opened = if row.rubric == "cs441-hw2" { &SHIPPED_COURSE } else { &LAB };
    let settings = settings(&row.rubric, &row.item);
    let mut stated = numbers(&settings, &row.right);
    let name = settings.get("answer").or_else(|| settings.get("rule")).and_then(Value::as_str).unwrap();
    let wording = if row.wording.starts_with("[\"") { serde_json::from_str(&row.wording).unwrap() } else { Value::String(row.wording.clone()) };
    stated.insert(name.to_owned(), wording);
    let submission = Submission::of_files("s", [("answers.toml".to_owned(), stated.to_string().into_bytes())]);
    let item = course.rubric.items().find(|item| item.id == row.item.as_str()).unwrap();
    let units = Units::default();
    let student = Student::new(&submission.bag, &units);
    let case = Case { student: &student, reference: None, data: course.data(), points: item.points, edition: course.rubric.edition, title: &item.title };
    let finding = item.check.judge(&case).unwrap_or_else(Stop::into_finding);
    (finding.verdict.label(), finding.reason)
}

/// Judges all rows of a table; `label` names what becomes of them in it.
fn check(table: &str, label: impl Fn(V) -> &'static str) -> Vec<Row> {
    let rows = rows(table);
    let mut wrong = Vec::new();
    for row in &rows {
        let (verdict, reason) = judged(row);
        if label(verdict) != row.verdict {
            wrong.push(format!("{} `{}`: expected {}, got {}: {reason}", row.item, row.wording, row.verdict, label(verdict)));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
    rows
}

fn label(verdict: V) -> &'static str {
    match verdict {
        V::Pass => "pass",
        V::NeedsReview => "person",
        V::Fail => "fail",
        _ => "other",
    }
}

#[test]
fn what_is_right_in_ordinary_words_passes_or_goes_to_a_person() {
    let rows = check("right.csv", label);
    let passes = rows.iter().filter(|row| row.verdict == "pass").count();
    assert!(rows.iter().all(|row| matches!(row.verdict.as_str(), "pass" | "person")));
    assert!(rows.len() >= 150 && passes * 100 >= rows.len() * 85, "{passes} of {}", rows.len());
}

#[test]
fn what_is_wrong_or_turned_round_never_passes() {
    let rows = check("wrong.csv", label);
    assert!(rows.iter().all(|row| matches!(row.verdict.as_str(), "fail" | "person")));
    assert!(rows.len() >= 80, "{}", rows.len());
}

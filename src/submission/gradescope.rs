//! Gradescope's export: `submission_metadata.yml` beside one folder for each submission, `submission_123456/`.
//!
//! The file is written by Ruby's YAML and has for each folder, among much else:
//!
//! ```text
//! submission_123456:
//!   :submitters:
//!   - :name: Ann Lee
//!     :sid: '1234'
//!     :email: alee2@example.edu
//! ```
//!
//! Only these lines are read. What students wrote, such as their program's output, is indented deeper and cannot pass for them.

use std::collections::BTreeMap;

use super::handed_in::Person;

/// The name of the file.
pub(super) const METADATA: &str = "submission_metadata.yml";

/// Who submitted each folder.
pub(super) fn submitters(text: &str) -> BTreeMap<String, Vec<Person>> {
    let mut found: BTreeMap<String, Vec<Person>> = BTreeMap::new();
    let (mut folder, mut among) = (None::<String>, false);
    for line in text.lines() {
        if let Some(key) = line.strip_suffix(':').filter(|key| !key.starts_with([' ', '-', '#'])) {
            (folder, among) = (Some(scalar(key)), false);
            continue;
        }
        let Some(people) = folder.as_ref().map(|folder| found.entry(folder.clone()).or_default()) else { continue };
        let indent = line.len() - line.trim_start().len();
        // Sequences stand as deep as their key, or two deeper.
        let item = line.trim_start().strip_prefix("- ").filter(|_| indent == 2 || indent == 4);
        if indent == 2 && item.is_none() {
            among = line.trim() == ":submitters:";
            continue;
        }
        if !among {
            continue;
        }
        if item.is_some() {
            people.push(Person::default());
        }
        let Some((key, value)) = item.unwrap_or(line).trim().split_once(": ") else { continue };
        let (Some(person), true) = (people.last_mut(), item.is_some() || indent == 4 || indent == 6) else { continue };
        let value = scalar(value);
        match key {
            ":name" => person.name = value,
            ":sid" | ":email" if !value.is_empty() => person.ids.push(value),
            _ => {}
        }
    }
    found
}

/// A scalar as Ruby writes it: plain, or in quotes.
fn scalar(text: &str) -> String {
    let text = text.trim();
    let inside = |quote: char| text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    match (inside('\''), inside('"')) {
        (Some(text), _) => text.replace("''", "'"),
        // JSON's escapes are those that names have.
        (_, Some(_)) => serde_json::from_str(text).unwrap_or_else(|_| text.trim_matches('"').to_owned()),
        _ if matches!(text, "~" | "null") => String::new(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn submitters_are_found_and_nothing_else_passes_for_them() {
        let text = "---\nsubmission_1:\n  :submitters:\n  - :name: Ann Lee\n    :sid: '0100'\n    :email: alee2@x.edu\n  :created_at: 2023-03-06 21:14:00.0 Z\n  :score: 3.0\n  \
                    :results:\n    :output: |\n      submission_2:\n        :submitters:\n        - :name: Mallory\n    :tests:\n    - :name: t1\n      :sid: '9'\n\
                    submission_2:\n  :submitters:\n    - :name: \"Jos\\u00e9 O'Neil\"\n      :sid:\n      :email: jose@x.edu\n    - :name: 'Pair ''Two'''\n      :sid: ~\n  :history: []\n\
                    submission_3:\n  :score: 0.0\n";
        let found = submitters(text);
        let person = |name: &str, ids: &[&str]| Person { name: name.into(), ids: ids.iter().map(ToString::to_string).collect() };
        assert_eq!(found["submission_1"], [person("Ann Lee", &["0100", "alee2@x.edu"])]);
        assert_eq!(found["submission_2"], [person("José O'Neil", &["jose@x.edu"]), person("Pair 'Two'", &[])]);
        assert_eq!((found["submission_3"].len(), found.len()), (0, 3));
        assert!(submitters("").is_empty() && submitters("\u{0}:\n - :\n  - ").values().all(Vec::is_empty));
    }
}

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
//!   :created_at: 2023-03-06 21:14:00.000000000 Z
//! ```
//!
//! Only these lines are read. What students wrote, such as their program's output, is indented deeper and cannot pass for them.
//!
//! To an autograder Gradescope gives one submission with `submission_metadata.json` beside it.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::late::Moment;
use crate::submission::handed_in::Person;
use crate::submission::times::moment;

/// The name of the file.
pub(in crate::submission) const METADATA: &str = "submission_metadata.yml";

/// What the file says of one folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::submission) struct Submitted {
    /// Who submitted it.
    pub(in crate::submission) people: Vec<Person>,
    /// When.
    pub(in crate::submission) at: Option<Moment>,
}

/// Who submitted each folder, and when.
pub(in crate::submission) fn submitted(text: &str) -> BTreeMap<String, Submitted> {
    let mut found: BTreeMap<String, Submitted> = BTreeMap::new();
    let (mut folder, mut among) = (None::<String>, "");
    for line in text.lines() {
        if let Some(key) = line.strip_suffix(':').filter(|key| !key.starts_with([' ', '-', '#'])) {
            (folder, among) = (Some(scalar(key)), "");
            continue;
        }
        let Some(submitted) = folder.as_ref().map(|folder| found.entry(folder.clone()).or_default()) else { continue };
        let indent = line.len() - line.trim_start().len();
        // Sequences stand as deep as their key, or two deeper.
        let item = line.trim_start().strip_prefix("- ").filter(|_| indent == 2 || indent == 4);
        if indent == 2 && item.is_none() {
            among = line.trim();
            if let Some(time) = among.strip_prefix(":created_at:") {
                submitted.at = moment(&scalar(time));
            }
            continue;
        }
        // Rails writes its own times as a class with the time in UTC.
        if let (true, Some(time)) = (among.starts_with(":created_at:") && indent == 4, line.trim().strip_prefix("utc:")) {
            submitted.at = submitted.at.or_else(|| moment(&scalar(time)));
        }
        if among != ":submitters:" {
            continue;
        }
        let people = &mut submitted.people;
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

/// What `submission_metadata.json` says of the one submission, as far as it is used.
#[derive(Deserialize)]
struct Metadata {
    created_at: String,
    #[serde(default)]
    users: Vec<User>,
}

#[derive(Deserialize)]
struct User {
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
}

/// Who submitted the one submission of an autograder's run, and when. `path` is the file's.
pub(in crate::submission) fn submitted_alone(path: &str, bytes: &[u8]) -> Result<Submitted, Diagnostic> {
    let fault = |message: String| {
        let help = "name the submission_metadata.json that Gradescope writes, or a CSV with the columns `id,submitted_at`";
        Diagnostic::error(Code::DataMalformed, message).in_file(path).help(help.to_owned())
    };
    let metadata: Metadata = serde_json::from_slice(bytes).map_err(|error| fault(format!("it is no metadata of Gradescope's: {error}")))?;
    let at = moment(&metadata.created_at)
        .ok_or_else(|| fault(format!("`created_at` is `{}`, expected a time such as 2023-03-06T21:14:00-06:00", metadata.created_at)))?;
    let person = |user: User| Person { name: user.name, ids: Some(user.email).filter(|email| !email.is_empty()).into_iter().collect() };
    Ok(Submitted { people: metadata.users.into_iter().map(person).collect(), at: Some(at) })
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
    fn an_autograders_metadata_tells_who_and_when() {
        let text =
            br#"{"id": 1, "created_at": "2018-07-01T14:22:32.365935-07:00", "assignment": {"due_date": "2018-07-31T23:00:00-07:00", "total_points": "20.0"},
            "users": [{"email": "ann@x.edu", "id": 12, "name": "Ann Lee"}], "previous_submissions": []}"#;
        let told = submitted_alone("m.json", text).expect("is sound");
        assert_eq!(told.people, [Person { name: "Ann Lee".to_owned(), ids: vec!["ann@x.edu".to_owned()] }]);
        assert_eq!(told.at, moment("2018-07-01T21:22:32.365935Z"));
        for (text, word) in [("{}", "created_at"), ("[]", "metadata"), ("{\"created_at\": \"soon\"}", "`soon`")] {
            assert!(submitted_alone("m.json", text.as_bytes()).is_err_and(|fault| fault.to_string().contains(word)), "{text}");
        }
    }

    #[test]
    fn submitters_are_found_and_nothing_else_passes_for_them() {
        let text = "---\nsubmission_1:\n  :submitters:\n  - :name: Ann Lee\n    :sid: '0100'\n    :email: alee2@x.edu\n  :created_at: 2023-03-06 21:14:00.0 Z\n  :score: 3.0\n  \
                    :results:\n    :output: |\n      submission_2:\n        :submitters:\n        - :name: Mallory\n    :tests:\n    - :name: t1\n      :sid: '9'\n\
                    submission_2:\n  :submitters:\n    - :name: \"Jos\\u00e9 O'Neil\"\n      :sid:\n      :email: jose@x.edu\n    - :name: 'Pair ''Two'''\n      :sid: ~\n  :created_at: !ruby/object:ActiveSupport::TimeWithZone\n    utc: 2023-03-07 03:14:00.0 Z\n    time: 2023-03-06 21:14:00.0 Z\n\
                    \u{20}\u{20}:history:\n  - :created_at: 2020-01-01 00:00:00 Z\n\
                    submission_3:\n  :score: 0.0\n";
        let found = submitted(text);
        let person = |name: &str, ids: &[&str]| Person { name: name.into(), ids: ids.iter().map(ToString::to_string).collect() };
        assert_eq!(found["submission_1"], Submitted { people: vec![person("Ann Lee", &["0100", "alee2@x.edu"])], at: moment("2023-03-06T21:14:00Z") });
        assert_eq!(found["submission_2"].people, [person("José O'Neil", &["jose@x.edu"]), person("Pair 'Two'", &[])]);
        assert_eq!(found["submission_2"].at, moment("2023-03-07T03:14:00Z"));
        assert_eq!((found["submission_3"].clone(), found.len()), (Submitted::default(), 3));
        assert!(submitted("").is_empty() && submitted("\u{0}:\n - :\n  - ").values().all(|submitted| submitted.people.is_empty()));
    }
}

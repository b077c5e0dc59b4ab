//! Reports as JSON, and the schema that they keep.

use serde::Serialize;

use super::{Report, StudentView};

/// Indented JSON with a newline at the end. Two `#` stand in texts only; written so, no build server takes them for a command.
pub fn json<T: Serialize>(value: &T) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(value).map(|text| text.replace("##", "#\\u0023") + "\n")
}

/// The JSON Schema of a report.
pub fn report_schema() -> schemars::Schema {
    schemars::schema_for!(Report)
}

/// The JSON Schema of what `check --json` prints.
pub fn student_schema() -> schemars::Schema {
    schemars::schema_for!(StudentView)
}

/// The JSON Schema of similar.json.
pub fn similar_schema() -> schemars::Schema {
    schemars::schema_for!(super::similar::Comparison)
}

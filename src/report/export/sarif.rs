//! SARIF 2.1.0: the faults of a rubric for code scanning, each with its place.

use serde_json::{Value, json};

use crate::domain::diagnostic::{CODES, Diagnostic, Severity};

/// The log of what was found in the file at `path` with this `text`.
pub fn log(path: &str, text: &str, faults: &[Diagnostic]) -> Value {
    // Only kinds that occur are listed, in the order of their codes.
    let kinds: Vec<_> = CODES.iter().filter(|(code, ..)| faults.iter().any(|fault| fault.code == *code)).collect();
    let rules: Vec<Value> = kinds.iter().map(|(_, code, about)| json!({ "id": code, "shortDescription": { "text": about } })).collect();
    let result = |fault: &Diagnostic| {
        let level = if fault.severity == Severity::Error { "error" } else { "warning" };
        let help = fault.help.as_ref().map_or_else(String::new, |help| format!("; {help}"));
        let mut location = json!({ "artifactLocation": { "uri": uri(path) } });
        if let Some(span) = &fault.span {
            let (start_line, start_column) = place(text, span.start);
            let (end_line, end_column) = place(text, span.end.max(span.start));
            location["region"] = json!({ "startLine": start_line, "startColumn": start_column, "endLine": end_line, "endColumn": end_column });
        }
        json!({
            "ruleId": fault.code.as_str(),
            "ruleIndex": kinds.iter().position(|(code, ..)| *code == fault.code),
            "level": level,
            "message": { "text": format!("{}{help}", fault.message) },
            "locations": [{ "physicalLocation": location }],
        })
    };
    let driver = json!({ "name": "mlgrade", "version": env!("CARGO_PKG_VERSION"), "rules": rules });
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{ "tool": { "driver": driver }, "columnKind": "unicodeCodePoints", "results": faults.iter().map(result).collect::<Vec<_>>() }],
    })
}

/// Line and column of a byte, both from 1.
fn place(text: &str, at: usize) -> (usize, usize) {
    let at = (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let before = &text[..at];
    let line = before.rfind('\n').map_or(0, |end| end + 1);
    (before.matches('\n').count() + 1, before[line..].chars().count() + 1)
}

/// A path as a URI: relative ones stay so, for the server to look up in the repository.
fn uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    let path = path.strip_prefix("./").unwrap_or(&path);
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.' | b'~');
    let escaped: String = path.bytes().map(|byte| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect();
    if path.starts_with('/') { format!("file://{escaped}") } else { escaped }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::diagnostic::Code;

    #[test]
    fn a_fault_has_rule_level_and_place() {
        let text = "schema = 1\nü = tolerence\n";
        let at = text.find("tolerence").expect("is there");
        let faults = [
            Diagnostic::warning(Code::UnusedData, "unused"),
            Diagnostic::error(Code::UnknownKey, "unknown key").at(at..at + 9).help("did you mean `tolerance`?".to_owned()),
        ];
        let log = log("./my rubric.toml", text, &faults);
        let run = &log["runs"][0];
        assert_eq!((log["version"].as_str(), run["tool"]["driver"]["rules"][0]["id"].as_str()), (Some("2.1.0"), Some("R104")));
        let result = &run["results"][1];
        assert_eq!((result["ruleId"].as_str(), result["ruleIndex"].as_u64(), result["level"].as_str()), (Some("R104"), Some(0), Some("error")));
        assert_eq!(result["message"]["text"], "unknown key; did you mean `tolerance`?");
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "my%20rubric.toml");
        // The second line, and its fifth letter: "ü" is one.
        assert_eq!(place["region"], json!({ "startLine": 2, "startColumn": 5, "endLine": 2, "endColumn": 14 }));
        assert!(run["results"][0]["locations"][0]["physicalLocation"]["region"].is_null());
    }
}

//! The reference of a part, as a rubric gives it: exactly one of `run`, `submission` and `command`.

use jiff::SignedDuration;
use toml::Spanned;
use toml::de::DeValue;

use crate::domain::diagnostic::Code;
use crate::domain::fields::Fields;
use crate::domain::name::list;
use crate::reference::REFERENCES;

use super::parse::duration;
use super::places::unknown;
use super::{Implementation, PartReference, Program, Way};

/// How long a program may take unless the rubric says.
const TIMEOUT: SignedDuration = SignedDuration::from_mins(10);

/// The keys that say what a reference is.
const WAYS: [&str; 3] = ["run", "submission", "command"];

/// Reads the table `reference` of the part that `part` is.
pub(super) fn read(part: &mut Fields<'_>, mut fields: Fields<'_>) -> Option<PartReference> {
    let span = part.place("reference");
    let given: Vec<&str> = WAYS.into_iter().filter(|way| fields.has(way)).collect();
    let fault = match given.as_slice() {
        [_] => None,
        [] => Some((Code::MissingKey, format!("a reference is exactly one of {}", list(WAYS)))),
        several => Some((Code::BadValue, format!("a reference is exactly one of {}, not {}", list(WAYS), list(several.iter().copied())))),
    };
    if let Some((code, message)) = fault {
        fields.fault(code, span, message);
        // What its other keys mean depends on the way.
        fields.forget();
        part.absorb(fields);
        return None;
    }
    let way = match given[0] {
        "submission" => submission(&mut fields).map(|path| Way::Submission { path }),
        "command" => command(&mut fields).map(Way::Command),
        _ => run(&mut fields).map(Way::Run),
    };
    part.absorb(fields);
    Some(PartReference { span, way: way? })
}

fn run(fields: &mut Fields<'_>) -> Option<Implementation> {
    let timeout = fields.has("timeout");
    let run = fields.required::<String>("run");
    let data = fields.required::<String>("data");
    if timeout {
        idle(fields, "timeout", "`timeout` is for a `command`");
    }
    let settings = fields.canonical();
    let entry = run.as_ref().and_then(|run| {
        let entry = REFERENCES.iter().find(|entry| entry.name == run.get_ref());
        if entry.is_none() {
            fields.push(unknown("reference", run, REFERENCES.iter().map(|entry| entry.name)));
        }
        entry
    });
    let Some(entry) = entry else {
        // The settings of an unknown reference cannot be judged.
        fields.forget();
        return None;
    };
    fields.call(format!("the reference `{}`", entry.name));
    let implementation = (entry.read)(fields);
    Some(Implementation { run: entry.name.to_owned(), data: data?.into_inner(), settings, implementation: implementation? })
}

fn submission(fields: &mut Fields<'_>) -> Option<String> {
    let path = fields.required::<String>("submission").map(Spanned::into_inner);
    idle(fields, "timeout", "`timeout` is for a `command`");
    idle(fields, "data", "`data` is for `run`");
    path
}

fn command(fields: &mut Fields<'_>) -> Option<Program> {
    let value = fields.take("command")?;
    let text = |value: &Spanned<DeValue<'_>>| if let DeValue::String(text) = value.get_ref() { Some(text.to_string()) } else { None };
    let words = match value.get_ref() {
        DeValue::Array(words) => words.iter().map(text).collect::<Option<Vec<String>>>().filter(|words| words.first().is_some_and(|word| !word.is_empty())),
        _ => None,
    };
    if words.is_none() {
        let message = "`command` is a list of words, since no shell reads it: [\"python3\", \"reference/solution.py\"]";
        fields.fault(Code::WrongType, fields.place("command"), message);
    }
    let timeout = duration(fields, "timeout").unwrap_or(TIMEOUT);
    idle(fields, "data", "`data` is for `run`; a program opens its own files");
    Some(Program { words: words?, timeout })
}

/// A key that does nothing here.
fn idle(fields: &mut Fields<'_>, key: &'static str, message: &str) {
    if fields.take(key).is_some() {
        fields.fault(Code::BadValue, fields.place(key), message);
    }
}

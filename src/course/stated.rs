//! What a reference states that is handed in like a student's work: the instructor's solution, or what the instructor's program has written.

use toml::Spanned;

use crate::check::Need;
use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::name::did_you_mean;
use crate::domain::value::Value;
use crate::evidence::bag::Bag;
use crate::evidence::statements::Statements;
use crate::lock::Lock;
use crate::reference::Run;
use crate::rubric::places::unknown;
use crate::rubric::{Rubric, Way};
use crate::submission::Submission;

use super::RubricFile;

/// What `submission` hands in as a reference run: all numbers, series, arrays and answers that it states or an item asks for, and its files.
pub(crate) fn run_of(rubric: &Rubric, submission: &Submission) -> Result<Run, Diagnostic> {
    if let Some(fault) = submission.incomplete.as_ref().or(submission.unreachable.as_ref()).or(submission.bag.unread_statements()) {
        return Err(fault.clone());
    }
    let bag = submission.bag.as_usual(&rubric.places);
    let mut run = Run::default();
    for (name, value, path) in bag.stated_in_files() {
        let is_answer = path.rsplit('/').next().is_some_and(|file| file.to_ascii_lowercase().starts_with("answers"));
        if is_answer { &mut run.answers } else { &mut run.metrics }.insert(name, value);
    }
    for need in rubric.items().flat_map(|item| item.check.needs()) {
        state(need, &bag, &mut run);
    }
    let statements: Vec<&str> = bag.statement_paths().collect();
    for path in bag.paths().filter(|path| !statements.contains(path)) {
        run.files.insert(path.to_owned(), bag.file(path).map_err(|absent| absent.diagnostic().clone())?);
    }
    if run.metrics.is_empty() && run.answers.is_empty() {
        let help = "it hands in what a student does: metrics.json, answers.json, predictions/".to_owned();
        return Err(Diagnostic::error(Code::NotFound, "the reference states no number and no answer").help(help));
    }
    let strange = |value: &Value| matches!(value, Value::Unusable(_)) || matches!(value, Value::Text(_)) && value.is_no_number();
    match run.metrics.iter().find(|(_, value)| strange(value) || matches!(value, Value::List(values) if values.iter().any(strange))) {
        Some((name, _)) => Err(Diagnostic::error(Code::NotANumber, format!("the reference states `{name}`, and it is not a finite number"))),
        None => Ok(run),
    }
}

/// Adds what an item asks for that is in a notebook or in a file of its own.
fn state(need: Need<'_>, bag: &Bag, run: &mut Run) {
    let name = match need {
        Need::Array(name) | Need::Evidence(name) | Need::Answer(name) | Need::Extra(name) => name,
        Need::Reference(name) | Need::ReferenceNumber(name) => name.get_ref(),
        _ => return,
    };
    if run.metrics.contains_key(name) || run.answers.contains_key(name) {
        return;
    }
    if let Ok((value, _)) = bag.value(name) {
        let into = if matches!(need, Need::Answer(_)) { &mut run.answers } else { &mut run.metrics };
        into.insert(name.to_owned(), value.clone());
    } else if let Ok(array) = bag.array(name) {
        run.metrics.insert(name.to_owned(), array.to_value());
    }
}

/// Everything that the references of a rubric state, as far as the solutions' folders and the lock show; `None` where neither shows what one
/// of them states. Nothing is run.
fn statements(file: &RubricFile, rubric: &Rubric, lock: Option<&Lock>) -> Option<Result<Statements, Diagnostic>> {
    let mut all = Statements::new();
    for part in &rubric.parts {
        let Some(reference) = &part.reference else { continue };
        let locked = lock.and_then(|lock| lock.parts.get(&part.id)).map(|part| part.evidence.clone());
        let there = if let Way::Submission { path } = &reference.way { file.beside(path).filter(|path| path.exists()) } else { None };
        match (&reference.way, there, locked) {
            (_, Some(there), _) => match run_of(rubric, &Submission::open(&there)) {
                Ok(run) => all.extend(run.metrics.into_iter().chain(run.answers)),
                Err(fault) => return Some(Err(Diagnostic { message: format!("part `{}`: {}", part.id, fault.message), ..fault }.at(reference.span.clone()))),
            },
            (_, None, Some(locked)) => all.extend(locked),
            // Its names are known without a run.
            (Way::Run(run), None, None) => all.extend(run.implementation.names().into_iter().map(|name| (name, Value::Flag(true)))),
            (Way::Submission { .. } | Way::Command(_), None, None) => return None,
        }
    }
    Some(Ok(all))
}

/// Names of values that no reference states, limits that are no numbers, levels that do not rise. Only for rubrics with a solution or a
/// program of the instructor's; what runs of ours state is known to the rubric itself.
pub(crate) fn faults(file: &RubricFile, rubric: &Rubric, lock: Option<&Lock>) -> Vec<Diagnostic> {
    let references = || rubric.parts.iter().filter_map(|part| part.reference.as_ref());
    if references().all(|reference| reference.implementation().is_some()) {
        return Vec::new();
    }
    let stated = match statements(file, rubric, lock) {
        None => return Vec::new(),
        Some(Err(fault)) => return vec![fault],
        Some(Ok(stated)) => stated,
    };
    value_faults(rubric, stated)
}

/// The same of a lock that has just been made.
pub(crate) fn lock_faults(rubric: &Rubric, lock: &Lock) -> Vec<Diagnostic> {
    value_faults(rubric, lock.parts.values().flat_map(|part| part.evidence.clone()).collect())
}

fn value_faults(rubric: &Rubric, stated: Statements) -> Vec<Diagnostic> {
    let needs: Vec<Need<'_>> = rubric.items().flat_map(|item| item.check.needs()).collect();
    let of_need = |need: &Need<'_>| match need {
        Need::Reference(name) if !stated.contains_key(name.get_ref()) => Some(no_value(name, &stated)),
        Need::ReferenceNumber(name) => number_fault(name, &stated),
        _ => None,
    };
    let faults: Vec<Diagnostic> = needs.iter().filter_map(of_need).collect();
    if !faults.is_empty() {
        return faults;
    }
    let bag = Bag::of_statements("the reference", stated);
    rubric
        .items()
        .filter_map(|item| item.check.suits(&bag).err().map(|fault| Diagnostic { message: format!("item `{}`: {}", item.id, fault.message), ..fault }))
        .collect()
}

/// The numbers among what is stated.
fn numbers(stated: &Statements) -> impl Iterator<Item = &str> + Clone {
    stated.iter().filter(|(_, value)| matches!(value, Value::Number(_) | Value::Flag(true))).map(|(name, _)| name.as_str())
}

fn no_value(name: &Spanned<String>, stated: &Statements) -> Diagnostic {
    unknown("value of a reference", name, stated.keys().map(String::as_str))
}

fn number_fault(name: &Spanned<String>, stated: &Statements) -> Option<Diagnostic> {
    match stated.get(name.get_ref()) {
        None => Some(unknown("number of a reference", name, numbers(stated))),
        // Of a run of ours only the names are known.
        Some(Value::Number(_) | Value::Flag(true)) => None,
        // A notebook may print it with a percent sign.
        Some(Value::Text(text)) if text.trim_end_matches(['%', ' ']).parse::<f64>().is_ok() => None,
        Some(other) => {
            let help = did_you_mean(name.get_ref(), numbers(stated));
            let message = format!("`{}` of the reference is {}, and a number is needed", name.get_ref(), other.describe());
            Some(Diagnostic::error(Code::UnknownName, message).at(name.span()).help(help))
        }
    }
}

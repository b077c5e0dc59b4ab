//! Predictions held against the data set's right answers: how the file is read, and what is wrong with it if it cannot be.
//!
//! Nothing here looks at which answers are right, only at how many there are and what the classes are called: what is said of a reading
//! may be read by anyone.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::domain::answers::{Classes, whole};
use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::name::{did_you_mean, list};
use crate::domain::number::{Finite, significant};
use crate::evidence::Absent;
use crate::evidence::predictions::{Content, Format, Predictions, Rows};

use crate::metrics::argmax;

use super::join::{Joined, Size, join};

/// What was read, and a phrase for each choice that was made.
#[derive(Debug)]
pub(super) struct Read<T> {
    pub(super) value: T,
    pub(super) notes: Vec<String>,
    /// The rows in the order of their own numbers, where that is another one and the data set does not know it.
    pub(super) by_number: Option<Vec<usize>>,
}

/// The content with a row for each example.
struct Fitted<'p> {
    content: Cow<'p, Content>,
    notes: Vec<String>,
    by_number: Option<Vec<usize>>,
}

/// A number for each example and class, row by row.
#[derive(Debug)]
pub(super) struct Scores {
    pub(super) columns: usize,
    pub(super) values: Vec<f64>,
    pub(super) epsilon: f64,
    pub(super) kind: ScoreKind,
}

/// What scores are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ScoreKind {
    /// Each from 0 to 1.
    Probabilities,
    /// Before the softmax.
    Logits,
}

/// The predicted class of each example; what is no class is a number from `classes.names.len()` on.
pub(super) fn labels(predictions: &Predictions, classes: &Classes, size: Size<'_>) -> Result<Read<Vec<usize>>, Absent> {
    let Fitted { content, mut notes, by_number } = fitted(predictions, size, Some(classes))?;
    let count = classes.names.len();
    let value = match content.as_ref() {
        Content::Names(names) => of_names(names, classes, predictions, &mut notes)?,
        Content::Numbers { values, .. } => match whole_numbers(values) {
            Ok(numbers) => of_numbers(&numbers, classes, &mut notes),
            Err(_) if count == 2 && values.iter().all(|value| (0.0..=1.0).contains(&value.get())) => {
                notes.push(format!("they are probabilities; above 0.5 counts as `{}`", classes.names[1]));
                values.iter().map(|value| usize::from(value.get() > 0.5)).collect()
            }
            Err(row) => {
                let message = format!("row {} holds {}, expected a class, {}", row + 1, values[row], called(classes));
                return Err(Absent::Unreadable(fault(predictions, message).help(one_class())));
            }
        },
        Content::Rows(rows) => {
            let rows = by_class(rows, classes, predictions, &mut notes)?;
            let one_hot = rows
                .chunks_exact(count)
                .all(|row| row.iter().filter(|&&score| score > 0.0).count() == 1 && row.iter().sum::<f64>().to_bits() == 1.0_f64.to_bits());
            let best: Vec<(usize, bool)> = rows.chunks_exact(count).map(argmax).collect();
            let ties = best.iter().filter(|(_, tie)| *tie).count();
            notes.push(if one_hot {
                "one-hot rows were read as classes".to_owned()
            } else {
                format!("of the {count} numbers in a row the greatest was taken for the class")
            });
            if ties > 0 {
                notes.push(format!("in {ties} rows several are the greatest, and the first counts"));
            }
            best.into_iter().map(|(class, _)| class).collect()
        }
    };
    Ok(Read { value, notes, by_number })
}

/// Probabilities or logits for each example. `stated` says which the rubric asks for.
pub(super) fn scores(predictions: &Predictions, classes: &Classes, size: Size<'_>, stated: Option<ScoreKind>) -> Result<Read<Scores>, Absent> {
    let Fitted { content, mut notes, by_number } = fitted(predictions, size, Some(classes))?;
    let count = classes.names.len();
    let wanted = || format!("save {count} probabilities for each example: predict_proba, or a softmax of the network's outputs");
    let (mut values, epsilon, single) = match content.as_ref() {
        Content::Rows(rows) => (by_class(rows, classes, predictions, &mut notes)?, rows.epsilon, false),
        Content::Numbers { values, epsilon } if count == 2 && (stated == Some(ScoreKind::Logits) || whole_numbers(values).is_err()) => {
            notes.push(format!("the one number of each example was read as that of `{}`", classes.names[1]));
            (values.iter().map(|value| value.get()).collect(), *epsilon, true)
        }
        Content::Numbers { .. } | Content::Names(_) => {
            let message = "the file holds classes, and a log loss needs a probability for each class";
            return Err(Absent::Unusable(fault(predictions, message.to_owned()).help(wanted())));
        }
    };
    let columns = if single { 1 } else { count };
    let within = |value: &f64| (0.0..=1.0).contains(value);
    let outside = values.iter().position(|value| !within(value));
    let off = values.chunks_exact(columns).filter(|row| (row.iter().sum::<f64>() - 1.0).abs() > epsilon.sqrt().max(1e-3)).count();
    let sums_to_one = off == 0 || single;
    let kind = match (stated, outside) {
        (Some(ScoreKind::Probabilities), Some(place)) => {
            let message = format!("row {} holds {}, expected a probability from 0 to 1", place / columns + 1, significant(values[place], 5));
            return Err(Absent::Unreadable(fault(predictions, message).help(wanted())));
        }
        (Some(ScoreKind::Logits), None) if sums_to_one && !single => {
            notes.push("each row sums to 1, so that they were read as probabilities".to_owned());
            ScoreKind::Probabilities
        }
        (Some(kind), _) => kind,
        (None, Some(_)) => {
            notes.push("some numbers are outside of 0 to 1, so that they were read as logits".to_owned());
            ScoreKind::Logits
        }
        (None, None) => ScoreKind::Probabilities,
    };
    if kind == ScoreKind::Probabilities && !sums_to_one {
        notes.push(format!("in {off} rows the probabilities do not sum to 1; each counts as it is"));
    }
    if single {
        let other = |value: f64| if kind == ScoreKind::Logits { 0.0 } else { 1.0 - value };
        values = values.into_iter().flat_map(|value| [other(value), value]).collect();
    }
    Ok(Read { value: Scores { columns: count, values, epsilon, kind }, notes, by_number })
}

/// The predicted value of each example.
pub(super) fn values(predictions: &Predictions, size: Size<'_>) -> Result<Read<Vec<f64>>, Absent> {
    let Fitted { content, mut notes, by_number } = fitted(predictions, size, None)?;
    let values = match content.as_ref() {
        Content::Numbers { values, .. } => values,
        Content::Rows(rows) => {
            notes.push(format!("{} rows of {} numbers were read one after the other", rows.iter().len(), rows.columns));
            &rows.values
        }
        Content::Names(names) => {
            let row = names.iter().position(|name| name.parse::<Finite>().is_err()).unwrap_or(0);
            let message = format!("row {} holds `{}`, expected a number", row + 1, short(names.get(row).map_or("", String::as_str)));
            return Err(Absent::Unreadable(fault(predictions, message)));
        }
    };
    Ok(Read { value: values.iter().map(|value| value.get()).collect(), notes, by_number })
}

/// The content with a row for each validation example, or what keeps it from that.
fn fitted<'p>(predictions: &'p Predictions, size: Size<'_>, classes: Option<&Classes>) -> Result<Fitted<'p>, Absent> {
    let (found, wanted, mut notes) = (predictions.len(), size.validation, predictions.notes.clone());
    let mut by_number = None;
    match predictions.ids.as_ref().map(|ids| join(ids, &predictions.content, size)) {
        Some(Joined::Rows(rows, more)) => {
            notes.extend(more);
            let content =
                if rows.is_sorted() && rows.len() == found { Cow::Borrowed(&predictions.content) } else { Cow::Owned(predictions.content.picked(&rows)) };
            return Ok(Fitted { content, notes, by_number });
        }
        Some(Joined::Partly(message, _)) => {
            return Err(Absent::Unreadable(fault(predictions, message).help("save one prediction for each example".to_owned())));
        }
        Some(Joined::Unordered(message)) => return Err(Absent::ForAPerson(fault(predictions, message))),
        Some(Joined::AsTheyStand(note, sorted)) => {
            notes.push(note);
            by_number = sorted;
        }
        None => {}
    }
    let fitted = |content, notes| Ok(Fitted { content, notes, by_number: by_number.clone() });
    if found == wanted && (classes.is_some() || !matches!(predictions.content, Content::Rows(_))) {
        return fitted(Cow::Borrowed(&predictions.content), notes);
    }
    if let Content::Rows(rows) = &predictions.content {
        match classes {
            Some(classes) if rows.columns == wanted && found == classes.names.len() => {
                notes.push(format!("the array of {found} rows and {wanted} columns was turned over"));
                return fitted(Cow::Owned(Content::Rows(rows.transposed())), notes);
            }
            None if rows.values.len() == wanted => return fitted(Cow::Borrowed(&predictions.content), notes),
            _ => {}
        }
    }
    if let Some(content) = without_heading(predictions, wanted, classes) {
        notes.push("the first row is a heading and was passed over".to_owned());
        return fitted(Cow::Owned(content), notes);
    }
    Err(Absent::Unreadable(wrong_length(predictions, size, classes)))
}

/// The examples that have one row each where others have none or several, those rows, and what is wrong with the others.
pub(super) fn partly(predictions: &Predictions, size: Size<'_>) -> Option<(Vec<usize>, Predictions, String)> {
    let Joined::Partly(message, pairs) = join(predictions.ids.as_ref()?, &predictions.content, size) else { return None };
    let (examples, rows): (Vec<usize>, Vec<usize>) = pairs.into_iter().unzip();
    let content = predictions.content.picked(&rows);
    (!rows.is_empty()).then(|| (examples, Predictions { content, ids: None, ..predictions.clone() }, fault(predictions, message).to_string()))
}

/// The content without its first row where that can only be a heading: pandas calls columns 0, 1, 2, … by default.
fn without_heading(predictions: &Predictions, wanted: usize, classes: Option<&Classes>) -> Option<Content> {
    if predictions.format != Format::Text || predictions.len() != wanted + 1 {
        return None;
    }
    match &predictions.content {
        Content::Numbers { values, epsilon } => {
            let (first, rest) = values.split_first()?;
            (*first == Finite::default()).then(|| Content::Numbers { values: rest.to_vec(), epsilon: *epsilon })
        }
        Content::Names(names) => {
            let (first, rest) = names.split_first()?;
            let known = |name: &String| classes.is_some_and(|classes| classes.of_name(name).is_some());
            (!known(first) && rest.first().is_some_and(known)).then(|| Content::Names(rest.to_vec()))
        }
        Content::Rows(rows) => {
            let (first, rest) = rows.values.split_at_checked(rows.columns)?;
            let counts = first.iter().enumerate().all(|(i, number)| whole(number.get()) == i64::try_from(i).ok());
            counts.then(|| Content::Rows(Rows { values: rest.to_vec(), ..rows.clone() }))
        }
    }
}

fn wrong_length(predictions: &Predictions, size: Size<'_>, classes: Option<&Classes>) -> Diagnostic {
    let (found, wanted) = (predictions.len(), size.validation);
    let per_example = match &predictions.content {
        Content::Numbers { .. } => classes.map_or(0, |classes| classes.names.len()),
        Content::Names(_) | Content::Rows(_) => 0,
    };
    let help = if found == size.training && found != wanted {
        "as many as there are training examples: predict the validation examples instead".to_owned()
    } else if size.training > 0 && found == size.training + wanted {
        "as many as there are training and validation examples: hand in those of the validation examples only".to_owned()
    } else if found == wanted + 1 {
        "one too many: is there a heading or another row that is no prediction?".to_owned()
    } else if found + 1 == wanted {
        "one is missing: was the first row taken for a heading, or the last one lost?".to_owned()
    } else if per_example > 1 && found == wanted * per_example {
        format!("{per_example} for each: save the array in its shape, {wanted} rows of {per_example}, or one class for each")
    } else if found == wanted && matches!(&predictions.content, Content::Rows(rows) if rows.columns == 2) {
        "one number for each is asked; if a comma is the decimal sign, write a point".to_owned()
    } else if wanted > 0 && found > wanted && found.is_multiple_of(wanted) {
        format!("{} times as many: was the file appended to, or are several runs in it?", found / wanted)
    } else {
        "save one prediction for each, in their order".to_owned()
    };
    let shape = match &predictions.content {
        Content::Rows(rows) => format!("{found} rows of {} numbers", rows.columns),
        Content::Numbers { .. } | Content::Names(_) => format!("{found} predictions"),
    };
    let notes = if predictions.notes.is_empty() { String::new() } else { format!(" ({})", predictions.notes.join("; ")) };
    fault(predictions, format!("{shape} for {wanted} validation examples{notes}")).help(help)
}

/// The class of each name. A name that is no class is a wrong prediction, unless most of them are none: then nothing was understood.
fn of_names(names: &[String], classes: &Classes, predictions: &Predictions, notes: &mut Vec<String>) -> Result<Vec<usize>, Absent> {
    let class = |name: &String| classes.of_name(name).or_else(|| whole(name.parse().ok()?).and_then(|number| classes.of_number(number)));
    let read: Vec<Option<usize>> = names.iter().map(class).collect();
    let strange = read.iter().filter(|class| class.is_none()).count();
    let Some(row) = read.iter().position(Option::is_none) else { return Ok(read.into_iter().flatten().collect()) };
    let name = short(&names[row]);
    let help = if classes.numbered { None } else { did_you_mean(&name, classes.names.iter().map(String::as_str)) };
    if 2 * strange > names.len() {
        let message = format!("row {} holds `{name}`, expected a class, {}", row + 1, called(classes));
        return Err(Absent::ForAPerson(fault(predictions, message).help(help.unwrap_or_else(one_class))));
    }
    let meant = help.map_or_else(String::new, |help| format!(" ({help})"));
    notes.push(format!(
        "{} no class, such as `{name}` in row {}{meant}, and {} as wrong",
        if strange == 1 { "1 row names".to_owned() } else { format!("{strange} rows name") },
        row + 1,
        if strange == 1 { "counts" } else { "count" }
    ));
    let mut strangers: BTreeMap<&str, usize> = BTreeMap::new();
    let known = classes.names.len();
    let mut predicted = Vec::with_capacity(names.len());
    for (class, name) in read.into_iter().zip(names) {
        let next = known + strangers.len();
        predicted.push(class.unwrap_or_else(|| *strangers.entry(name).or_insert(next)));
    }
    Ok(predicted)
}

fn of_numbers(numbers: &[i64], classes: &Classes, notes: &mut Vec<String>) -> Vec<usize> {
    let count = classes.names.len();
    let (least, greatest) = (numbers.iter().min().copied().unwrap_or(0), numbers.iter().max().copied().unwrap_or(0));
    // Only one reading makes classes of all of them.
    let from_one =
        least >= 1 && i64::try_from(count).is_ok_and(|count| greatest == count) && classes.of_number(0) == Some(0) && classes.of_number(greatest).is_none();
    if from_one {
        notes.push(format!("the classes are numbered from 1 to {count}, and 1 was taken for `{}`", classes.names[0]));
    }
    let mut strangers = BTreeMap::new();
    let class = |&number: &i64| {
        classes.of_number(number - i64::from(from_one)).unwrap_or_else(|| {
            let next = count + strangers.len();
            *strangers.entry(number).or_insert(next)
        })
    };
    let predicted = numbers.iter().map(class).collect();
    if let Some((stranger, _)) = strangers.first_key_value() {
        let strange = numbers.iter().filter(|number| strangers.contains_key(number)).count();
        notes.push(format!("{strange} predictions such as {stranger} are no class and count as wrong"));
    }
    predicted
}

/// The numbers of each row in the order of the classes.
fn by_class(rows: &Rows, classes: &Classes, predictions: &Predictions, notes: &mut Vec<String>) -> Result<Vec<f64>, Absent> {
    let count = classes.names.len();
    if rows.columns != count {
        let message = format!("each row has {} numbers, and there are {count} classes, {}", rows.columns, called(classes));
        return Err(Absent::Unreadable(fault(predictions, message).help(format!("save one class for each example, or {count} probabilities"))));
    }
    let named = columns_of(&rows.names, classes);
    if named.is_none() && are_classes(rows, count) {
        let message = format!("each row has {count} whole numbers, which are no scores; which column are the predictions?");
        return Err(Absent::ForAPerson(fault(predictions, message)));
    }
    let order: Vec<usize> = match named {
        Some(order) if !order.is_sorted() => {
            notes.push("the columns were put into the order of the classes by their names".to_owned());
            order
        }
        _ => (0..count).collect(),
    };
    Ok(rows.iter().flat_map(|row| order.iter().map(|&column| row[column].get())).collect())
}

/// For each class the only column that is called by it: `Gentoo`, `p_Gentoo`, `class_7` or `7`.
fn columns_of(names: &[String], classes: &Classes) -> Option<Vec<usize>> {
    let is_called = |column: &str, class: &str| {
        let (column, class) = (column.to_lowercase(), class.to_lowercase());
        column.strip_suffix(&class).is_some_and(|front| !front.ends_with(|c: char| if classes.numbered { c.is_ascii_digit() } else { c.is_alphanumeric() }))
    };
    let column = |class: &String| {
        let mut called = names.iter().enumerate().filter(|(_, column)| is_called(column, class)).map(|(place, _)| place);
        called.next().filter(|_| called.next().is_none())
    };
    classes.names.iter().map(column).collect()
}

/// Whether the numbers of all rows are classes rather than scores: whole and below their count, but neither one-hot nor votes, whose sum is
/// the same everywhere.
fn are_classes(rows: &Rows, count: usize) -> bool {
    let is_class = |value: &Finite| whole(value.get()).and_then(|value| usize::try_from(value).ok()).is_some_and(|value| value < count);
    let sum = |row: &[Finite]| row.iter().map(|value| value.get()).sum::<f64>();
    let first = rows.iter().next().map(sum);
    rows.values.iter().all(is_class) && rows.iter().any(|row| first.is_some_and(|first| (sum(row) - first).abs() > 0.5))
}

/// The start of a name, for messages.
fn short(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(40).collect()
}

/// The whole numbers that `values` are, or the place of the first that is none.
fn whole_numbers(values: &[Finite]) -> Result<Vec<i64>, usize> {
    values.iter().enumerate().map(|(row, value)| whole(value.get()).ok_or(row)).collect()
}

/// The classes in words.
fn called(classes: &Classes) -> String {
    match classes.names.as_slice() {
        [first, .., last] if classes.numbered && classes.names.len() > 3 => format!("{first} to {last}"),
        names => list(names.iter().take(12).map(String::as_str)).replace(" and ", " or "),
    }
}

fn one_class() -> String {
    "save one class for each validation example, in their order".to_owned()
}

fn fault(predictions: &Predictions, message: String) -> Diagnostic {
    Diagnostic::error(Code::BadPredictions, message).in_file(&predictions.path)
}

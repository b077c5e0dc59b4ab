//! A row for each example: by the column that names the rows, by what they are called otherwise, or in their order.

use std::borrow::Cow;

use crate::domain::answers::{Classes, whole};
use crate::domain::diagnostic::Diagnostic;
use crate::domain::number::Finite;
use crate::evidence::Absent;
use crate::evidence::predictions::{Content, Format, Predictions, Rows};

use super::fault;
use crate::check::recompute::by_id;
use crate::check::recompute::join::{Joined, Size, join};

/// The examples that predictions are for.
#[derive(Debug, Clone, Copy)]
pub(in crate::check::recompute) struct Examples<'a> {
    pub(in crate::check::recompute) size: Size<'a>,
    /// What they are called, by the column of the rubric's `join`.
    pub(in crate::check::recompute) ids: Option<&'a [String]>,
    /// Those that count, if not all do.
    pub(in crate::check::recompute) only: Option<&'a [usize]>,
    /// Whether the student claims a number, which a person may hold against a file that has fewer rows.
    pub(in crate::check::recompute) claimed: bool,
}

/// What a row of predictions is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Form<'a> {
    /// One of these classes, or a number for each.
    Classes(&'a Classes),
    /// So many numbers.
    Numbers(usize),
    /// A name or a number, of which nothing is known.
    Anything,
}

impl<'a> Form<'a> {
    fn classes(self) -> Option<&'a Classes> {
        if let Self::Classes(classes) = self { Some(classes) } else { None }
    }
}

/// The content with a row for each example that counts.
pub(super) struct Fitted<'p> {
    pub(super) content: Cow<'p, Content>,
    pub(super) notes: Vec<String>,
    pub(super) by_number: Option<Vec<usize>>,
}

/// The content with a row for each example that counts, or what keeps it from that.
pub(super) fn fitted<'p>(predictions: &'p Predictions, examples: Examples<'_>, form: Form<'_>) -> Result<Fitted<'p>, Absent> {
    let all = match examples.ids {
        Some(known) => by_ids(predictions, known)?,
        None => of_all(predictions, examples, form)?,
    };
    Ok(match examples.only {
        None => all,
        // The order of the rows' own numbers is one of all of them.
        Some(only) => Fitted { content: Cow::Owned(all.content.picked(only)), by_number: None, ..all },
    })
}

/// The rows by the column that the rubric says names them.
fn by_ids<'p>(predictions: &'p Predictions, known: &[String]) -> Result<Fitted<'p>, Absent> {
    let own = predictions.ids.as_ref().map(|ids| ids.values.as_slice()).unwrap_or_default();
    let rows = by_id::rows(own, known).map_err(|message| {
        let column = predictions.ids.as_ref().map_or("", |ids| ids.column.as_str());
        let help = format!("the file has one row for each of the {} rows of the data set, and no others", known.len());
        Absent::Unusable(fault(predictions, format!("`{column}`: {message}")).help(help))
    })?;
    Ok(Fitted { content: Cow::Owned(predictions.content.picked(&rows)), notes: predictions.notes.clone(), by_number: None })
}

/// The rows by what they are called, or in their order.
fn of_all<'p>(predictions: &'p Predictions, examples: Examples<'_>, form: Form<'_>) -> Result<Fitted<'p>, Absent> {
    let size = examples.size;
    let classes = form.classes();
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
    let has_one_number = !matches!(predictions.content, Content::Rows(_));
    if found == wanted && (has_one_number || !matches!(form, Form::Numbers(1))) {
        return fitted(Cow::Borrowed(&predictions.content), notes);
    }
    if let Content::Rows(rows) = &predictions.content {
        let turned = match form {
            Form::Classes(classes) => rows.columns == wanted && found == classes.names.len(),
            Form::Numbers(columns) => columns > 1 && rows.columns == wanted && found == columns,
            Form::Anything => false,
        };
        if turned {
            notes.push(format!("the array of {found} rows and {wanted} columns was turned over"));
            return fitted(Cow::Owned(Content::Rows(rows.transposed())), notes);
        }
        if matches!(form, Form::Numbers(1)) && rows.values.len() == wanted {
            notes.push(format!("{found} rows of {} numbers were read one after the other", rows.columns));
            return fitted(Cow::Owned(Content::Numbers { values: rows.values.clone(), epsilon: rows.epsilon }), notes);
        }
    }
    if let Some(content) = without_heading(predictions, wanted, form) {
        notes.push("the first row is a heading and was passed over".to_owned());
        return fitted(Cow::Owned(content), notes);
    }
    let diagnostic = wrong_length(predictions, size, classes);
    // A first row may have been taken for a heading, and rows of another width may be read in another way.
    let is_short = found + usize::from(predictions.format == Format::Text) < wanted && is_understood(&predictions.content, form);
    Err(if is_short && !examples.claimed { Absent::Unusable(diagnostic) } else { Absent::Unreadable(diagnostic) })
}

/// The examples that have one row each where others have none or several, those rows, and what is wrong with the others.
pub(in crate::check::recompute) fn partly(predictions: &Predictions, size: Size<'_>) -> Option<(Vec<usize>, Predictions, String)> {
    let Joined::Partly(message, pairs) = join(predictions.ids.as_ref()?, &predictions.content, size) else { return None };
    let (examples, rows): (Vec<usize>, Vec<usize>) = pairs.into_iter().unzip();
    let content = predictions.content.picked(&rows);
    (!rows.is_empty()).then(|| (examples, Predictions { content, ids: None, ..predictions.clone() }, fault(predictions, message).to_string()))
}

/// Whether each row is what is asked for.
fn is_understood(content: &Content, form: Form<'_>) -> bool {
    match (content, form) {
        (Content::Rows(rows), Form::Classes(classes)) => rows.columns == classes.names.len(),
        (Content::Rows(rows), Form::Numbers(columns)) => rows.columns == columns,
        (Content::Numbers { .. }, Form::Numbers(columns)) => columns == 1,
        (Content::Names(_), Form::Numbers(_)) | (Content::Rows(_), Form::Anything) => false,
        (Content::Names(_) | Content::Numbers { .. }, _) => true,
    }
}

/// The content without its first row where that can only be a heading: pandas calls columns 0, 1, 2, … by default.
fn without_heading(predictions: &Predictions, wanted: usize, form: Form<'_>) -> Option<Content> {
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
            let known = |name: &String| match form {
                Form::Classes(classes) => classes.of_name(name).is_some(),
                Form::Numbers(_) => false,
                // What nothing else is called names the column.
                Form::Anything => rest.contains(name),
            };
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

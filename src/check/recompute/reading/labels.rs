//! The predicted class of each example.

use std::collections::BTreeMap;

use crate::domain::answers::{Classes, whole};
use crate::domain::name::did_you_mean;
use crate::domain::number::Finite;
use crate::evidence::Absent;
use crate::evidence::predictions::{Content, Predictions};
use crate::metrics::argmax;

use super::fitted::{Examples, Fitted, Form, fitted};
use super::scores::by_class;
use super::{Read, are_shares, called, fault, one_class, short, whole_numbers};

/// The predicted class of each example.
#[derive(Debug, Default)]
pub(in crate::check::recompute) struct Labels {
    /// Indices into the names of the classes; what is no class has a number from their count on.
    pub(in crate::check::recompute) predicted: Vec<usize>,
    /// What those that are no class are called, in the order of their numbers.
    pub(in crate::check::recompute) strangers: Vec<String>,
}

/// The predicted classes. One number for each example is the probability of `class`, if the rubric names one of two.
pub(in crate::check::recompute) fn labels(
    predictions: &Predictions,
    classes: &Classes,
    class: Option<usize>,
    examples: Examples<'_>,
) -> Result<Read<Labels>, Absent> {
    let Fitted { content, mut notes, by_number } = fitted(predictions, examples, Form::Classes(classes))?;
    let count = classes.names.len();
    let value = match content.as_ref() {
        Content::Names(names) => of_names(names, classes, predictions, &mut notes)?,
        Content::Numbers { values, .. } => of_single(values, classes, class, predictions, &mut notes)?,
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
            Labels { predicted: best.into_iter().map(|(class, _)| class).collect(), strangers: Vec::new() }
        }
    };
    Ok(Read { value, notes, by_number })
}

/// One number for each example: its class, or the probability of one of two.
fn of_single(values: &[Finite], classes: &Classes, class: Option<usize>, predictions: &Predictions, notes: &mut Vec<String>) -> Result<Labels, Absent> {
    let numbers = whole_numbers(values);
    let of_two = |class: usize| {
        let predicted = values.iter().map(|value| if value.get() > 0.5 { class } else { 1 - class }).collect();
        Labels { predicted, strangers: Vec::new() }
    };
    let is_of_two = classes.names.len() == 2 && are_shares(values);
    let name = |class: usize| classes.names.get(class).map_or("", String::as_str);
    match (numbers, class.filter(|_| is_of_two)) {
        // Whole numbers that are the classes' own names are classes.
        (Ok(numbers), None) => Ok(of_numbers(&numbers, classes, notes)),
        (Ok(numbers), Some(_)) if classes.numbered => Ok(of_numbers(&numbers, classes, notes)),
        (Ok(_), Some(0)) => {
            let message = format!("0 and 1 may be the classes {} by their places, or say which rows are `{}`", called(classes), name(0));
            Err(Absent::ForAPerson(fault(predictions, message).help("save the names of the classes, or probabilities".to_owned())))
        }
        (Ok(_), Some(class)) => {
            notes.push(format!("1 was read as `{}`, 0 as `{}`", name(class), name(1 - class)));
            Ok(of_two(class))
        }
        (Err(_), Some(class)) => {
            notes.push(format!("they are probabilities of `{0}`; above 0.5 counts as `{0}`", name(class)));
            Ok(of_two(class))
        }
        (Err(_), None) if is_of_two => {
            notes.push(format!("they are probabilities; above 0.5 counts as `{}`", name(1)));
            Ok(of_two(1))
        }
        (Err(row), None) => {
            let message = format!("row {} holds {}, expected a class, {}", row + 1, values.get(row).copied().unwrap_or_default(), called(classes));
            Err(Absent::Unreadable(fault(predictions, message).help(one_class())))
        }
    }
}

/// The class of each name. A name that is no class is a wrong prediction, unless most of them are none: then nothing was understood.
fn of_names(names: &[String], classes: &Classes, predictions: &Predictions, notes: &mut Vec<String>) -> Result<Labels, Absent> {
    let class = |name: &String| classes.of_name(name).or_else(|| whole(name.parse().ok()?).and_then(|number| classes.of_number(number)));
    let read: Vec<Option<usize>> = names.iter().map(class).collect();
    let strange = read.iter().filter(|class| class.is_none()).count();
    let Some(row) = read.iter().position(Option::is_none) else {
        return Ok(Labels { predicted: read.into_iter().flatten().collect(), strangers: Vec::new() });
    };
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
    let mut strangers = Strangers::new(classes);
    let predicted = read.into_iter().zip(names).map(|(class, name)| class.unwrap_or_else(|| strangers.place(name.clone()))).collect();
    Ok(Labels { predicted, strangers: strangers.names })
}

/// What is no class, each with a number of its own behind the classes.
struct Strangers {
    known: usize,
    places: BTreeMap<String, usize>,
    names: Vec<String>,
}

impl Strangers {
    fn new(classes: &Classes) -> Self {
        Self { known: classes.names.len(), places: BTreeMap::new(), names: Vec::new() }
    }

    fn place(&mut self, name: String) -> usize {
        if let Some(place) = self.places.get(&name) {
            return *place;
        }
        let place = self.known + self.names.len();
        self.places.insert(name.clone(), place);
        self.names.push(name);
        place
    }
}

fn of_numbers(numbers: &[i64], classes: &Classes, notes: &mut Vec<String>) -> Labels {
    let count = classes.names.len();
    let (least, greatest) = (numbers.iter().min().copied().unwrap_or(0), numbers.iter().max().copied().unwrap_or(0));
    // Only one reading makes classes of all of them.
    let from_one =
        least >= 1 && i64::try_from(count).is_ok_and(|count| greatest == count) && classes.of_number(0) == Some(0) && classes.of_number(greatest).is_none();
    if from_one {
        notes.push(format!("the classes are numbered from 1 to {count}, and 1 was taken for `{}`", classes.names[0]));
    }
    let mut strangers = Strangers::new(classes);
    let class = |&number: &i64| classes.of_number(number - i64::from(from_one)).unwrap_or_else(|| strangers.place(number.to_string()));
    let predicted: Vec<usize> = numbers.iter().map(class).collect();
    if let Some(stranger) = strangers.names.iter().filter_map(|name| name.parse::<i64>().ok()).min() {
        let strange = predicted.iter().filter(|&&class| class >= count).count();
        notes.push(format!("{strange} predictions such as {stranger} are no class and count as wrong"));
    }
    Labels { predicted, strangers: strangers.names }
}

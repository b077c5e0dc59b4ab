//! NPY and NPZ files.

use mlgrade_domain::limits;
use mlgrade_domain::number::Finite;
use mlgrade_numpy::array::{self, Array, Element};
use mlgrade_numpy::npz::Archive;

use super::names::{self, Choice, choose};
use super::{Asked, Content, Decoded, Found, Ids, Refusal, numbers};

pub(super) fn npy(bytes: &[u8], asked: Asked<'_>) -> Decoded {
    if let Some(join) = &asked.layout.join {
        let what = "an array alone names no rows; save it as CSV, or both arrays with np.savez";
        return Err(Refusal::Without(format!("there is no column `{join}`, which says of what each row is; {what}")));
    }
    content(array::decode(bytes, limits::PREDICTIONS_NUMBERS)?)
}

/// The only array of an archive, or the one whose name says that it holds the predictions.
pub(super) fn npz(bytes: &[u8], asked: Asked<'_>) -> Decoded {
    let archive = Archive::open(bytes)?;
    let names: Vec<String> = archive.names().map(str::to_owned).collect();
    if names.is_empty() {
        let what = if archive.has_pickle() {
            "this is a file of torch.save, a pickle, and opening it would run code that it holds"
        } else {
            "this is an archive without a NumPy array"
        };
        return Err(what.to_owned().into());
    }
    let join = asked.layout.join.as_deref();
    if let Some(join) = join.filter(|join| names::column(&names, join).is_none()) {
        return Err(Refusal::Without(format!("there is no array `{join}`, which says of what each row is; the archive holds {}", shown(&names))));
    }
    let (id, choice) = choose(&names, asked);
    let several = || Refusal::Unclear(format!("the archive holds {}, and none of them is named `{}` or `y_pred`", shown(&names), asked.name));
    let chosen = match choice {
        Ok(Choice::Named(place) | Choice::Left(place)) => place,
        // `arr_0` is what an array is called without a name.
        Ok(Choice::Several(_)) => return Err(several()),
        Err(message) => return Err(Refusal::Unclear(format!("of {} arrays {message}", names.len()))),
    };
    let array = |place: usize| archive.array(&names[place], limits::PREDICTIONS_UNPACKED, limits::PREDICTIONS_NUMBERS);
    let mut found = content(array(chosen)?).map_err(|refusal| match refusal {
        Refusal::Wrong(message) => Refusal::Wrong(format!("array `{}`: {message}", names[chosen])),
        other => other,
    })?;
    if names.len() > 1 {
        found.notes.push(format!("of {} arrays `{}` was read", names.len(), names[chosen]));
    }
    let called = id.filter(|&id| id != chosen).map(|id| (id, array(id)));
    if let (Some(join), Some((_, Err(why)))) = (join, &called) {
        return Err(Refusal::Wrong(format!("the array `{join}` cannot be read: {why}")));
    }
    found.ids = called.and_then(|(id, array)| ids(&names[id], array.ok()?, join.is_some()));
    match join.filter(|_| found.ids.as_ref().is_none_or(|ids| ids.values.len() != rows_of(&found.content))) {
        Some(join) => Err(Refusal::Without(format!("the array `{join}` does not name each row of `{}`", names[chosen]))),
        None => Ok(found),
    }
}

fn shown(names: &[String]) -> String {
    mlgrade_domain::name::list(names.iter().take(20).map(String::as_str))
}

fn rows_of(content: &Content) -> usize {
    match content {
        Content::Numbers { values, .. } => values.len(),
        Content::Names(names) => names.len(),
        Content::Rows(rows) => rows.iter().len(),
    }
}

/// The names of the rows in an array, unless it only counts them and nobody has asked for them.
fn ids(name: &str, array: Array, asked: bool) -> Option<Ids> {
    let values: Vec<String> = if array.element == Element::Word { array.words } else { array.values.iter().map(f64::to_string).collect() };
    let counts = |from: usize| values.iter().enumerate().all(|(row, value)| *value == (row + from).to_string());
    ((asked || (!counts(0) && !counts(1))) && values.len() <= limits::PREDICTIONS_NUMBERS / 8).then(|| Ids { column: name.to_owned(), values, ordered: true })
}

/// The content of an array: its first dimension counts the examples, the others are one row.
fn content(array: Array) -> Decoded {
    let columns = array.shape.iter().skip(1).try_fold(1_usize, |product, &size| product.checked_mul(size)).unwrap_or(usize::MAX);
    let notes =
        if array.shape.len() > 2 { vec![format!("the array has the shape {:?}; each row was read as {columns} numbers", array.shape)] } else { Vec::new() };
    let epsilon = match array.element {
        Element::Float { epsilon } => epsilon,
        Element::Byte | Element::Whole => f64::EPSILON,
        Element::Word if array.words.is_empty() => return Err(Refusal::Empty),
        Element::Word if columns == 1 => {
            let words = array.words.into_iter().map(|word| word.trim().to_owned()).collect();
            return Ok(Found { content: Content::Names(words), ids: None, notes });
        }
        Element::Word => return Err(format!("the array holds text in the shape {:?}, expected one class for each example", array.shape).into()),
    };
    let values: Vec<Finite> = array.values.into_iter().filter_map(|value| Finite::new(value).ok()).collect();
    Ok(Found { content: numbers(values, columns, Vec::new(), epsilon)?, ids: None, notes })
}

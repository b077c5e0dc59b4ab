//! NPY and NPZ files.

use mlgrade_domain::limits;
use mlgrade_domain::number::Finite;
use mlgrade_numpy::array::{self, Array, Element};
use mlgrade_numpy::npz::Archive;

use super::names::{Choice, choose};
use super::{Content, Decoded, Found, Ids, Refusal, numbers};

pub(super) fn npy(bytes: &[u8]) -> Decoded {
    content(array::decode(bytes, limits::PREDICTIONS_NUMBERS)?)
}

/// The only array of an archive, or the one whose name says that it holds the predictions.
pub(super) fn npz(bytes: &[u8], name: &str) -> Decoded {
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
    let (id, choice) = choose(&names, name);
    let several = || {
        let shown: Vec<&str> = names.iter().take(20).map(String::as_str).collect();
        Refusal::Unclear(format!("the archive holds {}, and none of them is named `{name}` or `y_pred`", mlgrade_domain::name::list(shown)))
    };
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
    found.ids = id.filter(|&id| id != chosen).and_then(|id| ids(&names[id], array(id).ok()?));
    Ok(found)
}

/// The names of the rows in an array, unless it only counts them.
fn ids(name: &str, array: Array) -> Option<Ids> {
    let values: Vec<String> = if array.element == Element::Word { array.words } else { array.values.iter().map(f64::to_string).collect() };
    let counts = |from: usize| values.iter().enumerate().all(|(row, value)| *value == (row + from).to_string());
    (!counts(0) && !counts(1) && values.len() <= limits::PREDICTIONS_NUMBERS / 8).then(|| Ids { column: name.to_owned(), values, ordered: true })
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

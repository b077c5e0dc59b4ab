//! NPY and NPZ files.

use crate::domain::limits;
use crate::domain::name::list;
use crate::domain::number::Finite;
use crate::evidence::array::{self, Array, Element};
use crate::evidence::npz::Archive;

use super::{Content, Decoded, NAMES, numbers};

pub(super) fn npy(bytes: &[u8]) -> Decoded {
    content(array::decode(bytes, limits::PREDICTIONS_NUMBERS)?)
}

/// The only array of an archive, or the one that is named like the predictions or as predictions usually are.
pub(super) fn npz(bytes: &[u8], name: &str) -> Decoded {
    let archive = Archive::open(bytes)?;
    let names: Vec<&str> = archive.names().collect();
    let wanted = match names.as_slice() {
        [] if archive.has_pickle => return Err("this is a file of torch.save, a pickle, and opening it would run code that it holds".to_owned()),
        [] => return Err("this is an archive without a NumPy array".to_owned()),
        [only] => only,
        _ => {
            let spelt = |wanted: &str| names.iter().find(|known| known.eq_ignore_ascii_case(wanted));
            let found = std::iter::once(name).chain(NAMES).find_map(spelt);
            found.ok_or_else(|| format!("the archive holds {}, and none of them is named `{name}` or `y_pred`", list(names.iter().take(20).copied())))?
        }
    };
    let array = archive.array(wanted, limits::PREDICTIONS_UNPACKED, limits::PREDICTIONS_NUMBERS)?;
    let (content, mut notes) = content(array).map_err(|message| format!("array `{wanted}`: {message}"))?;
    if names.len() > 1 {
        notes.push(format!("of {} arrays `{wanted}` was read", names.len()));
    }
    Ok((content, notes))
}

/// The content of an array: its first dimension counts the examples, the others are one row.
fn content(array: Array) -> Decoded {
    let columns = array.shape.iter().skip(1).try_fold(1_usize, |product, &size| product.checked_mul(size)).unwrap_or(usize::MAX);
    let notes =
        if array.shape.len() > 2 { vec![format!("the array has the shape {:?}; each row was read as {columns} numbers", array.shape)] } else { Vec::new() };
    let epsilon = match array.element {
        Element::Float { epsilon } => epsilon,
        Element::Byte | Element::Whole => f64::EPSILON,
        Element::Word if array.words.is_empty() => return Err("the file holds no predictions".to_owned()),
        Element::Word if columns == 1 => return Ok((Content::Names(array.words.into_iter().map(|word| word.trim().to_owned()).collect()), notes)),
        Element::Word => return Err(format!("the array holds text in the shape {:?}, expected one class for each example", array.shape)),
    };
    let values: Vec<Finite> = array.values.into_iter().filter_map(|value| Finite::new(value).ok()).collect();
    Ok((numbers(values, columns, Vec::new(), epsilon)?, notes))
}

//! Arrays by name: what `np.savez` writes.

use mlgrade_domain::limits;
use mlgrade_domain::value::Value;
use mlgrade_numpy::npz::Archive;

use super::Log;

/// The arrays of an archive, each as nested lists; one without dimensions as a number.
pub(crate) fn log(bytes: &[u8]) -> Result<Log, String> {
    let archive = Archive::open(bytes)?;
    if archive.has_pickle() {
        return Err("it is what `torch.save` wrote, not arrays".to_owned());
    }
    let names: Vec<String> = archive.names().take(limits::PRINTED_NAMES).map(str::to_owned).collect();
    let mut size = 0;
    let mut log = Log::new();
    for name in names {
        let array = archive.array(&name, limits::PREDICTIONS_UNPACKED, limits::SERIES_LENGTH).and_then(mlgrade_numpy::array::Array::numbers);
        let value = array.map(|array| nested(&array.shape, array.values));
        size += value.as_ref().map_or(1, Value::size);
        if size > limits::PRINTED_VALUES {
            return Err(format!("it has more than the {} values that are read", limits::PRINTED_VALUES));
        }
        log.insert(name, value);
    }
    Ok(log)
}

fn nested(shape: &[usize], values: Vec<f64>) -> Value {
    let mut level: Vec<Value> = values.into_iter().map(Value::number).collect();
    if shape.is_empty() {
        return level.pop().unwrap_or_else(|| Value::Unusable("an empty array".to_owned()));
    }
    for &size in shape.iter().skip(1).rev() {
        level = level.chunks(size.max(1)).map(|row| Value::List(row.to_vec())).collect();
    }
    Value::List(level)
}

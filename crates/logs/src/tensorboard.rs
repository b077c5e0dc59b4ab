//! TensorBoard's event files: TFRecords of `Event` messages (tensorboard/compat/proto/event.proto and summary.proto; the numbers are its fields).

use mlgrade_domain::value::Value;
use mlgrade_protobuf::{Outcome, fields};

use super::Log;
use super::frames::tf_records;
use super::records::Records;

/// The scalars of the event files of one run, in the order of the files' names, by tag.
pub(crate) fn log(files: &[&[u8]]) -> Result<Log, String> {
    let mut records = Records::default();
    for file in files {
        for event in tf_records(file)? {
            let event = event_of(event).map_err(|fault| fault.to_string())?;
            if event.starts {
                records.restart(event.step);
            }
            for (tag, value) in event.scalars {
                records.add(&tag, Some(event.step), value)?;
            }
        }
    }
    Ok(records.finish())
}

/// What an event says.
#[derive(Debug, Default)]
struct Event {
    step: f64,
    /// Whether a session starts here, so that what an earlier one logged from this step on does not count.
    starts: bool,
    scalars: Vec<(String, Value)>,
}

fn event_of(bytes: &[u8]) -> Outcome<Event> {
    const START: i64 = 1;
    let mut event = Event::default();
    for field in fields(bytes) {
        match field? {
            (2, field) => event.step = field.int()? as f64,
            (5, summary) => {
                for field in fields(summary.bytes()?) {
                    if let (1, field) = field? {
                        event.scalars.extend(scalar(field.bytes()?)?);
                    }
                }
            }
            (7, session) => {
                for field in fields(session.bytes()?) {
                    if let (1, status) = field? {
                        event.starts |= status.int()? == START;
                    }
                }
            }
            _ => {}
        }
    }
    Ok(event)
}

/// The tag and value of a `Summary.Value`, if it is a scalar: a number by itself, or a tensor of one.
fn scalar(bytes: &[u8]) -> Outcome<Option<(String, Value)>> {
    let (mut tag, mut value, mut plugin) = (String::new(), None, "");
    for field in fields(bytes) {
        match field? {
            (1, field) => field.text()?.clone_into(&mut tag),
            (2, field) => value = Some(single(field.float()?)),
            (8, field) => value = tensor(field.bytes()?)?,
            (9, metadata) => plugin = plugin_of(metadata.bytes()?)?,
            _ => {}
        }
    }
    Ok(value.filter(|_| matches!(plugin, "" | "scalars")).map(|value| (tag, value)))
}

/// Which plugin of TensorBoard shows a value, by its `SummaryMetadata`.
fn plugin_of(metadata: &[u8]) -> Outcome<&str> {
    let mut name = "";
    for field in fields(metadata) {
        if let (1, data) = field? {
            for field in fields(data.bytes()?) {
                if let (1, field) = field? {
                    name = field.text()?;
                }
            }
        }
    }
    Ok(name)
}

/// The number in a `TensorProto` of one floating-point number.
fn tensor(bytes: &[u8]) -> Outcome<Option<Value>> {
    const FLOAT: i64 = 1;
    const DOUBLE: i64 = 2;
    let (mut kind, mut content, mut values, mut is_scalar) = (0, None, Vec::new(), true);
    for field in fields(bytes) {
        match field? {
            (1, field) => kind = field.int()?,
            (2, field) => is_scalar &= is_of_one(field.bytes()?)?,
            (4, field) => content = Some(field.bytes()?),
            (5, field) => match field.bytes() {
                Ok(packed) => match packed.as_chunks::<4>() {
                    ([only], []) => values.push(single(f32::from_le_bytes(*only))),
                    _ => is_scalar = false,
                },
                Err(_) => values.push(single(field.float()?)),
            },
            (6, field) => match field.bytes() {
                Ok(packed) => match packed.as_chunks::<8>() {
                    ([only], []) => values.push(Value::number(f64::from_le_bytes(*only))),
                    _ => is_scalar = false,
                },
                Err(_) => values.push(Value::number(field.double()?)),
            },
            _ => {}
        }
    }
    let content = content.unwrap_or_default();
    match kind {
        FLOAT => values.extend(<[u8; 4]>::try_from(content).ok().map(|four| single(f32::from_le_bytes(four)))),
        DOUBLE => values.extend(<[u8; 8]>::try_from(content).ok().map(|eight| Value::number(f64::from_le_bytes(eight)))),
        _ => {}
    }
    Ok(match <[Value; 1]>::try_from(values) {
        Ok([value]) if is_scalar && matches!(kind, FLOAT | DOUBLE) => Some(value),
        _ => None,
    })
}

/// Whether a `TensorShapeProto` is that of a single number.
fn is_of_one(shape: &[u8]) -> Outcome<bool> {
    let mut is_of_one = true;
    for field in fields(shape) {
        if let (2, dimension) = field? {
            for field in fields(dimension.bytes()?) {
                if let (1, size) = field? {
                    is_of_one &= size.int()? == 1;
                }
            }
        }
    }
    Ok(is_of_one)
}

/// A number of single precision by its shortest decimal form, as it was before it was rounded: 0.0209, not 0.020899999886751175.
fn single(value: f32) -> Value {
    Value::number(value.to_string().parse().unwrap_or(f64::from(value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A field that is a run of bytes.
    fn bytes_field(number: u8, content: &[u8]) -> Vec<u8> {
        [&[number << 3 | 2, u8::try_from(content.len()).unwrap()], content].concat()
    }

    #[test]
    fn a_scalar_is_a_number_or_a_tensor_of_one() {
        let simple = [bytes_field(1, b"loss"), vec![2 << 3 | 5], 0.0209_f32.to_le_bytes().to_vec()].concat();
        assert_eq!(scalar(&simple), Ok(Some(("loss".to_owned(), Value::number(0.0209)))));
        let of_content = [vec![1 << 3, 1], bytes_field(2, &[]), bytes_field(4, &0.5_f32.to_le_bytes())].concat();
        assert_eq!(tensor(&of_content), Ok(Some(Value::number(0.5))));
        let of_values = [vec![1 << 3, 1], bytes_field(5, &0.5_f32.to_le_bytes())].concat();
        assert_eq!(tensor(&of_values), Ok(Some(Value::number(0.5))));
        let of_two = [vec![1 << 3, 1], bytes_field(2, &bytes_field(2, &[1 << 3, 2])), bytes_field(4, &[0; 8])].concat();
        assert_eq!(tensor(&of_two), Ok(None), "an image, a text or a histogram is no scalar");
    }
}

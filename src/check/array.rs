//! `check = "array"`: a vector, matrix or table of numbers, as a whole.

use toml::Spanned;
use toml::de::DeValue;

use crate::data::Datasets;
use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::fields::Fields;
use crate::domain::key::{Key, Type};
use crate::domain::number::Finite;
use crate::domain::quantity::Quantity;
use crate::domain::rounding::Rounding;
use crate::domain::tolerance::Tolerance;
use crate::domain::verdict::{Finding, Verdict};
use crate::evidence::bag::{Bag, NumberArray};

use super::request::{Request, RequestKind, with_known};
use super::standard::Standard;
use super::{Case, Check, Edition, Example, Kind, Need, Stop, average, missing_in_reference, only_the_course, settings};

mod comparison;
mod shape;

use comparison::{Comparison, MOST_ROWS, UpTo};
use shape::Shape;

pub(super) const KIND: Kind = Kind {
    name: "array",
    about: "\
Judges a vector, matrix or table of numbers as a whole: nested lists in metrics.json or metrics.toml, or a file of its own,
arrays/NAME.npy, .npz, .csv or .json. What runs over steps is a `curve`.",
    keys: &[
        Key::new("array", Type::TextOrTexts, r#""logistic.theta""#, "The array's name, or a list of names, each for its share of the points.").required(),
        Key::new(
            "shape",
            Type::Wholes,
            "[3, 8]",
            "Eight numbers in each of three rows. A matrix of 8 × 3 is turned over, dimensions of 1 are passed over, and both are noted; \
            any other shape earns nothing.",
        ),
        Key::new("against", Type::Any, r#""reference""#, "\"reference\", or the numbers themselves: [[1, 0], [0, 1]].").secret(),
        Key::new(
            "tolerance",
            Type::Tolerance,
            "{ absolute = 0.005 }",
            "For each number: |stated - expected| <= absolute + relative * |expected|. A number stated with three digits or more stands \
            for all that round to it. All of them have to agree.",
        )
        .secret(),
        Key::new(
            "up_to",
            Type::Words(&["sign", "order"]),
            r#""sign""#,
            "\"sign\": a vector, or each row of a matrix, may have its other sign; \"order\": the rows may stand in any order. \
            Eigenvectors have no sign, clusters no order.",
        )
        .secret(),
        settings::AT_LEAST,
        settings::AT_MOST,
        settings::ABOVE,
        settings::BELOW,
    ],
    more: "\
NaN, infinity and null earn nothing; other text, and rows that are not of one length, go to a person.",
    example: Example {
        item: "array = \"theta\"\nshape = [3]\nagainst = [1.0, -0.5, 2.0]\ntolerance = { absolute = 0.01 }",
        reference: "",
        passes: "theta = [1.0, -0.5, 2.001]",
        fails: "theta = [-0.5, 2.0, 1.0]",
    },
    read,
};

#[derive(Debug)]
struct ArrayCheck {
    names: Vec<Spanned<String>>,
    shape: Option<Shape>,
    against: Option<(Against, Tolerance)>,
    up_to: UpTo,
    standard: Standard,
}

/// What an array is compared with.
#[derive(Debug, Clone, PartialEq)]
enum Against {
    Reference,
    Numbers(NumberArray),
}

fn read(fields: &mut Fields<'_>, edition: Edition) -> Option<Box<dyn Check>> {
    let names = settings::names(fields, "array");
    let shape = Shape::read(fields);
    let compares = fields.has("against");
    let against = read_against(fields);
    let against = settings::with_tolerance(fields, against);
    let up_to = UpTo::read(fields);
    let standard = Standard::read_bounds(fields);
    let names = names?;
    let dimensions = match (&shape, &against) {
        (Some(shape), _) => Some(shape.sizes.len()),
        (None, Some((Against::Numbers(numbers), _))) => Some(numbers.shape.len()),
        _ => None,
    };
    if up_to.order && dimensions == Some(1) {
        fields.fault(Code::BadValue, fields.place("up_to"), "`up_to = \"order\"` is of the rows of a matrix; a vector has none");
    }
    if up_to != UpTo::default() && !compares {
        fields.fault(Code::BadValue, fields.place("up_to"), "`up_to` does nothing without `against`");
    }
    if let (Some(shape), Some((Against::Numbers(numbers), _))) = (&shape, &against)
        && shape.fitted(numbers.clone()).is_err()
    {
        let message = format!("`against` has the shape {}, and `shape` is {shape}", Shape::of(numbers));
        fields.fault(Code::BadValue, fields.place("against"), message);
    }
    if names.len() > 1 && matches!(against, Some((Against::Numbers(_), _))) {
        fields.fault(Code::BadValue, fields.place("against"), "`against` is one array for several; give each array its own item");
    }
    if edition == Edition::Course && standard.is_empty() && !compares {
        fields.fault(Code::MissingKey, fields.place("check"), "an `array` check needs `against` or a bound");
    }
    // A name by itself is marked with its key.
    let at = fields.place("array");
    let names = match <[Spanned<String>; 1]>::try_from(names) {
        Ok([only]) => vec![Spanned::new(at, only.into_inner())],
        Err(names) => names,
    };
    Some(Box::new(ArrayCheck { names, shape, against, up_to, standard }))
}

/// `against = "reference"` or the numbers in lists.
fn read_against(fields: &mut Fields<'_>) -> Option<Against> {
    let is_list = matches!(fields.peek("against")?.get_ref(), DeValue::Array(_));
    if !is_list {
        return fields.word("against", &[("reference", Against::Reference)].map(|(name, _)| (name, ()))).map(|()| Against::Reference);
    }
    let place = fields.place("against");
    let value = fields.optional::<toml::Value>("against")?.into_inner();
    let numbers = NumberArray::of_lists(&value_of(&value), "the rubric");
    if let Err(fault) = &numbers {
        fields.fault(Code::WrongType, place, format!("`against` is \"reference\" or numbers in lists of one length: {fault}"));
    }
    numbers.ok().map(Against::Numbers)
}

fn value_of(value: &toml::Value) -> crate::domain::value::Value {
    use crate::domain::value::Value;
    match value {
        toml::Value::Array(values) => Value::List(values.iter().map(value_of).collect()),
        toml::Value::Integer(number) => Value::number(*number as f64),
        toml::Value::Float(number) => Value::number(*number),
        other => Value::text(other.to_string()),
    }
}

impl Check for ArrayCheck {
    fn judge(&self, case: &Case<'_>) -> Result<Finding, Stop> {
        if let [only] = self.names.as_slice() {
            return self.judge_one(only.get_ref(), case);
        }
        Ok(average(self.names.iter().map(|name| self.judge_one(name.get_ref(), case)).collect()))
    }

    fn needs(&self) -> Vec<Need<'_>> {
        let arrays = self.names.iter().map(|name| Need::Array(name.get_ref()));
        let compares = matches!(self.against, Some((Against::Reference, _)));
        let reference = self.names.iter().filter(|_| compares).map(Need::Reference);
        arrays.chain(reference).chain(self.standard.needs()).collect()
    }

    fn requests(&self, _: &dyn Datasets) -> Vec<Request> {
        let shape = self.shape.as_ref().map_or_else(Vec::new, |shape| shape.sizes.clone());
        let arrays = self.names.iter().map(|name| Request::new(name.get_ref(), RequestKind::Array { shape: shape.clone() }));
        with_known(self.needs(), arrays.collect())
    }

    fn suits(&self, reference: &Bag) -> Result<(), Diagnostic> {
        let Some((Against::Reference, _)) = self.against else { return Ok(()) };
        for name in &self.names {
            let expected = reference.array(name.get_ref()).map_err(|absent| absent.diagnostic().clone().at(name.span()))?;
            if let Some(Err(found)) = self.shape.as_ref().map(|shape| shape.fitted(expected)) {
                let shape = self.shape.as_ref().map(ToString::to_string).unwrap_or_default();
                let message = format!("the reference's `{}` is {found}, and `shape` is {shape}", name.get_ref());
                return Err(Diagnostic::error(Code::BadValue, message).at(name.span()));
            }
        }
        Ok(())
    }
}

impl ArrayCheck {
    fn judge_one(&self, name: &str, case: &Case<'_>) -> Result<Finding, Stop> {
        let stated = case.student.array(name)?;
        let expected = match &self.against {
            Some((Against::Reference, tolerance)) => {
                Some((case.reference_bag()?.array(name).map_err(|absent| missing_in_reference(&absent))?, "the reference has", *tolerance))
            }
            Some((Against::Numbers(numbers), tolerance)) => Some((numbers.clone(), "the course expects", *tolerance)),
            None => None,
        };
        let wanted = self.shape.clone().or_else(|| expected.as_ref().map(|(expected, ..)| Shape::of(expected)));
        let found = Shape::of(&stated);
        let (array, note) = match wanted.as_ref().map_or(Ok((stated.clone(), None)), |shape| shape.fitted(stated)) {
            Ok(fitted) => fitted,
            Err(found) => {
                let sentence = format!("{name} is {found}, expected {}", wanted.map_or_else(String::new, |shape| shape.words()));
                return Ok(Finding::open(Verdict::Fail, sentence).actual(Quantity::words(found)));
            }
        };
        let note = note.map_or_else(String::new, |note| format!("; {note}"));
        let actual = shown(&array);
        if let Some(missed) = self.out_of_bounds(name, &array, case)? {
            return Ok(missed);
        }
        let Some((expected, whose, tolerance)) = expected else {
            let sentence = format!("{name}: {}{note}", found.words());
            if self.standard.is_empty() {
                return Ok(only_the_course(sentence).actual(actual));
            }
            let bounds = Quantity::bounds(&self.standard.of(case)?.bounds);
            return Ok(Finding::new(Verdict::Pass, format!("{sentence}, each {bounds}"), sentence).actual(actual).expected(bounds));
        };
        let (expected, _) = Shape::of(&array).fitted(expected).map_err(|found| {
            let message = format!("the reference's `{name}` is {found}, and not {}", Shape::of(&array).words());
            Stop::Fault(Diagnostic::error(Code::ReferenceLacks, message).help("run `mlgrade reference --lock` again".to_owned()))
        })?;
        if self.up_to.order && array.shape.first().is_some_and(|rows| *rows > MOST_ROWS) {
            let message = format!("`up_to = \"order\"` is for at most {MOST_ROWS} rows, and `{name}` has {}", array.shape[0]);
            return Err(Stop::Fault(Diagnostic::error(Code::BadValue, message)));
        }
        let comparison = Comparison { stated: &array, expected: &expected, tolerance, up_to: self.up_to };
        let finding = match comparison.outcome() {
            Ok(turned) => {
                let read = if turned.is_empty() { String::new() } else { format!("; {turned}") };
                let reason = format!("{name}: {} within {tolerance} of what {whose}{note}{read}", count(array.values.len()));
                Finding::new(Verdict::Pass, reason, format!("{name}: {}{note}", found.words()))
            }
            Err(apart) => {
                let reason = format!("{name}: {} {whose} ({tolerance}){note}{}", apart.reason, apart.course_hint());
                let advice = format!("{name}: {} not what the course expects{note}{}", apart.advice, apart.student_hint());
                Finding::new(Verdict::Fail, reason, advice)
            }
        };
        Ok(finding.actual(actual).expected(shown(&expected)).tolerance(tolerance))
    }

    /// The finding for the first number that does not keep a bound.
    fn out_of_bounds(&self, name: &str, array: &NumberArray, case: &Case<'_>) -> Result<Option<Finding>, Stop> {
        let held = self.standard.of(case)?;
        let missed = |bound: &crate::domain::tolerance::Bound| Some((*bound, array.values.iter().position(|&value| !bound.holds(value))?));
        let Some((bound, at)) = held.bounds.iter().find_map(missed) else { return Ok(None) };
        let others = array.values.iter().filter(|&&value| !bound.holds(value)).count() - 1;
        let more = if others == 0 { String::new() } else { format!(", and {others} more") };
        let value = array.values[at];
        let reason = format!("{} of {name} is {value}, expected {}{more}", array.place(at), bound.words());
        let advice = format!("{} of {name} is {value}{more}: not what the course expects", array.place(at));
        Ok(Some(Finding::new(Verdict::Fail, reason, advice).actual(shown(array)).expected(Quantity::bounds(&[bound]))))
    }
}

/// "all 4 numbers are".
fn count(numbers: usize) -> String {
    if numbers == 1 { "the number is".to_owned() } else { format!("all {numbers} numbers are") }
}

fn shown(array: &NumberArray) -> Quantity {
    if array.shape.len() == 1 { Quantity::series(&array.values) } else { Quantity::words(rows(array)) }
}

/// The first rows of an array: "[1, 2], [3, 4], …".
fn rows(array: &NumberArray) -> String {
    let columns = array.shape.last().copied().unwrap_or(1).max(1);
    let row = |row: &[Finite]| format!("[{}]", row.iter().take(12).map(ToString::to_string).collect::<Vec<_>>().join(", "));
    let rows: Vec<String> = array.values.chunks(columns).take(12).map(row).collect();
    let more = if array.values.len() > 12 * columns { ", …" } else { "" };
    format!("{}{more}", rows.join(", "))
}

/// Whether a stated number is close enough to the expected one, or rounds to one that is.
fn agrees(stated: Finite, expected: Finite, tolerance: Tolerance) -> bool {
    tolerance.accepts_rounded(stated, expected, Rounding::of(stated))
}

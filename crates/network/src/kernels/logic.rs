//! Comparisons, choices by them, and arrays of one number.

use super::Inputs;
use super::elementwise::broadcast;
use super::elementwise::pairs;
use super::shape::expand;
use crate::operator::Comparison;
use crate::tensor::{Budget, Outcome, Tensor, Values, refuse};

/// 1 where it is so, else 0.
pub(super) fn compare(comparison: Comparison, a: &Tensor, b: &Tensor, budget: &mut Budget) -> Outcome<Tensor> {
    let shape = broadcast(a.shape(), b.shape())?;
    budget.claim(&shape)?;
    let values = match (a.values(), b.values()) {
        (Values::Float(x), Values::Float(y)) => pairs(&shape, (a.shape(), x), (b.shape(), y), |x: f32, y: f32| i64::from(holds(comparison, x.partial_cmp(&y)))),
        (Values::Int(x), Values::Int(y)) => pairs(&shape, (a.shape(), x), (b.shape(), y), |x: i64, y: i64| {
            i64::from(match comparison {
                Comparison::And => x != 0 && y != 0,
                Comparison::Or => x != 0 || y != 0,
                Comparison::Xor => (x != 0) != (y != 0),
                of_order => holds(of_order, Some(x.cmp(&y))),
            })
        }),
        _ => return Err(refuse("whole and floating-point numbers are compared")),
    };
    Tensor::ints(shape, values)
}

/// NaN has no order: of it nothing holds.
fn holds(comparison: Comparison, order: Option<std::cmp::Ordering>) -> bool {
    order.is_some_and(|order| match comparison {
        Comparison::And | Comparison::Or | Comparison::Xor => false,
        Comparison::Equal => order.is_eq(),
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterOrEqual => order.is_ge(),
        Comparison::Less => order.is_lt(),
        Comparison::LessOrEqual => order.is_le(),
    })
}

/// 1 where a number is none, or is infinite.
pub(super) fn is(x: &Tensor, nan: bool, [above, below]: [bool; 2], budget: &mut Budget) -> Outcome<Tensor> {
    budget.claim(x.shape())?;
    let holds = |value: f32| if nan { value.is_nan() } else { value.is_infinite() && if value > 0.0 { above } else { below } };
    Tensor::ints(x.shape().to_vec(), x.as_floats()?.iter().map(|&value| i64::from(holds(value))).collect())
}

/// From the second input where the first is not 0, else from the third.
pub(super) fn choose(inputs: Inputs<'_>, budget: &mut Budget) -> Outcome<Tensor> {
    let (condition, x, y) = (inputs.get(0)?, inputs.get(1)?, inputs.get(2)?);
    let shape = broadcast(&broadcast(condition.shape(), x.shape())?, y.shape())?;
    let sides: Vec<i64> = shape.iter().map(|&side| i64::try_from(side).unwrap_or(i64::MAX)).collect();
    let (condition, x, y) = (expand(condition, &sides, budget)?, expand(x, &sides, budget)?, expand(y, &sides, budget)?);
    budget.claim(&shape)?;
    let condition = condition.as_ints()?;
    let values = match (x.values(), y.values()) {
        (Values::Float(x), Values::Float(y)) => Values::Float(condition.iter().zip(x.iter().zip(y)).map(|(&c, (&x, &y))| if c != 0 { x } else { y }).collect()),
        (Values::Int(x), Values::Int(y)) => Values::Int(condition.iter().zip(x.iter().zip(y)).map(|(&c, (&x, &y))| if c != 0 { x } else { y }).collect()),
        _ => return Err(refuse("whole and floating-point numbers are mixed")),
    };
    Tensor::new(shape, values)
}

/// The one number of `value` as often as `shape` says.
pub(super) fn constant_of_shape(shape: &[i64], value: &Tensor, budget: &mut Budget) -> Outcome<Tensor> {
    let sides = shape.iter().take(64).map(|&side| usize::try_from(side).ok()).collect::<Option<Vec<usize>>>();
    let sides = sides.ok_or_else(|| refuse("a ConstantOfShape asks for an axis of negative length"))?;
    let count = budget.claim(&sides)?;
    let values = match value.values() {
        Values::Float(list) => Values::Float(vec![list.first().copied().unwrap_or(0.0); count]),
        Values::Int(list) => Values::Int(vec![list.first().copied().unwrap_or(0); count]),
    };
    Tensor::new(sides, values)
}

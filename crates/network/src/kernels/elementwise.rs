//! What is computed of every number alone, or of two in the same place.

use super::Inputs;
use crate::operator::{Binary, Unary};
use crate::tensor::{Budget, Outcome, Tensor, Values, refuse, shown};

/// What an exponential costs in multiply-adds.
const EXPONENTIAL: u64 = 16;

/// Each number by itself; nobody needs `x` any more, so that its room is taken.
pub(super) fn unary(unary: Unary, x: Tensor, budget: &mut Budget) -> Outcome<Tensor> {
    budget.claim(x.shape())?;
    budget.spend(EXPONENTIAL * x.len() as u64)?;
    let (shape, mut values) = x.into_parts();
    match (&mut values, unary) {
        (Values::Int(values), Unary::Neg) => values.iter_mut().for_each(|value| *value = value.wrapping_neg()),
        (Values::Int(values), Unary::Not) => values.iter_mut().for_each(|value| *value = i64::from(*value == 0)),
        (Values::Int(values), Unary::Sign) => values.iter_mut().for_each(|value| *value = value.signum()),
        (Values::Int(values), Unary::Abs) => values.iter_mut().for_each(|value| *value = value.wrapping_abs()),
        // By far the most frequent: as a loop of its own it takes a tenth of the time.
        (Values::Float(values), Unary::Relu) => values.iter_mut().for_each(|value| *value = if *value < 0.0 { 0.0 } else { *value }),
        (Values::Float(values), _) => values.iter_mut().for_each(|value| *value = of_one(unary, *value)),
        (Values::Int(_), _) => return Err(refuse("whole numbers stand where floating-point ones belong")),
    }
    Tensor::new(shape, values)
}

fn of_one(unary: Unary, x: f32) -> f32 {
    match unary {
        Unary::Abs => x.abs(),
        Unary::Acos => x.acos(),
        Unary::Acosh => x.acosh(),
        Unary::Asin => x.asin(),
        Unary::Asinh => x.asinh(),
        Unary::Atan => x.atan(),
        Unary::Atanh => x.atanh(),
        Unary::Ceil => x.ceil(),
        Unary::Celu(alpha) => {
            if x < 0.0 {
                alpha * (x / alpha).exp_m1()
            } else {
                x
            }
        }
        Unary::Cos => x.cos(),
        Unary::Cosh => x.cosh(),
        Unary::Elu(alpha) => {
            if x < 0.0 {
                alpha * x.exp_m1()
            } else {
                x
            }
        }
        Unary::Erf => erf(x),
        Unary::Exp => x.exp(),
        Unary::Floor => x.floor(),
        Unary::Gelu { tanh: true } => 0.5 * x * (1.0 + (0.797_884_6 * (x + 0.044_715 * x * x * x)).tanh()),
        Unary::Gelu { tanh: false } => 0.5 * x * (1.0 + erf(x * std::f32::consts::FRAC_1_SQRT_2)),
        Unary::HardSigmoid(alpha, beta) => bounded(alpha * x + beta, 0.0, 1.0),
        Unary::HardSwish => x * bounded(x / 6.0 + 0.5, 0.0, 1.0),
        Unary::LeakyRelu(alpha) => {
            if x < 0.0 {
                alpha * x
            } else {
                x
            }
        }
        Unary::Log => x.ln(),
        Unary::Mish => x * (if x > 20.0 { x } else { x.exp().ln_1p() }).tanh(),
        Unary::Neg => -x,
        Unary::Not => f32::from(x.abs() <= 0.0),
        Unary::Reciprocal => x.recip(),
        // Unlike `max`, a comparison lets NaN through, to be reported at the end.
        Unary::Relu => {
            if x < 0.0 {
                0.0
            } else {
                x
            }
        }
        Unary::Round => x.round_ties_even(),
        Unary::Selu(alpha, gamma) => gamma * if x < 0.0 { alpha * x.exp_m1() } else { x },
        Unary::Shrink { bound, bias } => {
            if x < -bound {
                x + bias
            } else if x > bound {
                x - bias
            } else {
                x * 0.0
            }
        }
        Unary::Sign => {
            if x.abs() > 0.0 {
                x.signum()
            } else {
                x
            }
        }
        Unary::Sin => x.sin(),
        Unary::Sinh => x.sinh(),
        Unary::Sigmoid => 1.0 / (1.0 + (-x).exp()),
        Unary::Softplus => {
            if x > 20.0 {
                x
            } else {
                x.exp().ln_1p()
            }
        }
        Unary::Softsign => x / (1.0 + x.abs()),
        Unary::Sqrt => x.sqrt(),
        Unary::Swish(alpha) => x / (1.0 + (-alpha * x).exp()),
        Unary::Tan => x.tan(),
        Unary::Tanh => x.tanh(),
        Unary::ThresholdedRelu(bound) => {
            if x <= bound {
                0.0
            } else {
                x
            }
        }
    }
}

/// Within bounds that may be the wrong way round; NaN stays NaN.
fn bounded(x: f32, least: f32, most: f32) -> f32 {
    let x = if x < least { least } else { x };
    if x > most { most } else { x }
}

/// The error function to 1.5e-7 (Abramowitz and Stegun 1964, 7.1.26).
#[expect(clippy::cast_possible_truncation, reason = "the result has the precision of the argument")]
fn erf(x: f32) -> f32 {
    let size = f64::from(x.abs());
    let t = 1.0 / (1.0 + 0.327_591_1 * size);
    let series = ((((1.061_405_429 * t - 1.453_152_027) * t + 1.421_413_741) * t - 0.284_496_736) * t + 0.254_829_592) * t;
    ((1.0 - series * (-size * size).exp()) as f32).copysign(x)
}

pub(super) fn clip(inputs: Inputs<'_>, least: Option<f32>, most: Option<f32>, budget: &mut Budget) -> Outcome<Tensor> {
    let x = inputs.get(0)?;
    budget.claim(x.shape())?;
    if let Values::Int(values) = x.values() {
        let bound = |i: usize, none: i64| -> Outcome<i64> {
            let stated = inputs.optional(i).map(Tensor::as_ints).transpose()?;
            Ok(stated.and_then(|bound| bound.first().copied()).unwrap_or(none))
        };
        let (least, most) = (bound(1, i64::MIN)?, bound(2, i64::MAX)?);
        // A least value above the greatest gives the greatest.
        return Tensor::ints(x.shape().to_vec(), values.iter().map(|&value| value.max(least).min(most)).collect());
    }
    let bound = |i: usize, attribute: Option<f32>, none: f32| match inputs.optional(i) {
        Some(tensor) => tensor.as_floats()?.first().copied().ok_or_else(|| refuse("a bound of Clip is empty")),
        None => Ok(attribute.unwrap_or(none)),
    };
    let (least, most) = (bound(1, least, f32::NEG_INFINITY)?, bound(2, most, f32::INFINITY)?);
    Tensor::floats(x.shape().to_vec(), x.as_floats()?.iter().map(|&value| bounded(value, least, most)).collect())
}

#[expect(clippy::cast_possible_truncation, reason = "a cast cuts off, as NumPy's does")]
pub(super) fn cast(x: &Tensor, to_int: bool, to_bool: bool, budget: &mut Budget) -> Outcome<Tensor> {
    budget.claim(x.shape())?;
    let values = match x.values() {
        Values::Float(values) if to_bool => Values::Int(values.iter().map(|&value| i64::from(value.abs() > 0.0 || value.is_nan())).collect()),
        Values::Int(values) if to_bool => Values::Int(values.iter().map(|&value| i64::from(value != 0)).collect()),
        Values::Float(values) if to_int => Values::Int(values.iter().map(|&value| value as i64).collect()),
        Values::Int(values) if !to_int => Values::Float(values.iter().map(|&value| value as f32).collect()),
        same => same.clone(),
    };
    Tensor::new(x.shape().to_vec(), values)
}

/// Two inputs, or for Max, Min and a sum any number of them.
pub(super) fn fold(operator: Binary, inputs: Inputs<'_>, budget: &mut Budget) -> Outcome<Tensor> {
    let many = matches!(operator, Binary::Add | Binary::Max | Binary::Min);
    if many && inputs.0.len() == 1 {
        budget.claim(inputs.get(0)?.shape())?;
        return Ok(inputs.get(0)?.clone());
    }
    let mut out = binary(operator, inputs.get(0)?, inputs.get(1)?, budget)?;
    for i in 2..if many { inputs.0.len() } else { 2 } {
        out = binary(operator, &out, inputs.get(i)?, budget)?;
    }
    Ok(out)
}

/// The mean of all inputs.
pub(super) fn mean(inputs: Inputs<'_>, budget: &mut Budget) -> Outcome<Tensor> {
    let sum = fold(Binary::Add, inputs, budget)?;
    let over = inputs.0.len().max(1) as f32;
    Tensor::floats(sum.shape().to_vec(), sum.as_floats()?.iter().map(|value| value / over).collect())
}

fn binary(operator: Binary, a: &Tensor, b: &Tensor, budget: &mut Budget) -> Outcome<Tensor> {
    let shape = broadcast(a.shape(), b.shape())?;
    let count = budget.claim(&shape)?;
    budget.spend(if operator == Binary::Pow { EXPONENTIAL * count as u64 } else { count as u64 })?;
    let values = match (a.values(), b.values()) {
        (Values::Float(x), Values::Float(y)) => Values::Float(pairs(&shape, (a.shape(), x), (b.shape(), y), |x, y| floats(operator, x, y))),
        (Values::Int(x), Values::Int(y)) => Values::Int(pairs(&shape, (a.shape(), x), (b.shape(), y), |x, y| ints(operator, x, y))),
        // x² is written with a whole exponent at times.
        (Values::Float(x), Values::Int(y)) if operator == Binary::Pow => Values::Float(pairs(&shape, (a.shape(), x), (b.shape(), y), |x, y| x.powf(y as f32))),
        _ => return Err(refuse("whole and floating-point numbers are mixed")),
    };
    Tensor::new(shape, values)
}

fn floats(operator: Binary, x: f32, y: f32) -> f32 {
    match operator {
        Binary::Add => x + y,
        Binary::Div => x / y,
        Binary::Max => {
            if x > y || x.is_nan() {
                x
            } else {
                y
            }
        }
        Binary::Min => {
            if x < y || x.is_nan() {
                x
            } else {
                y
            }
        }
        Binary::Mod { fmod: true } => x % y,
        Binary::Mod { fmod: false } => x - y * (x / y).floor(),
        Binary::Mul => x * y,
        Binary::Pow => x.powf(y),
        Binary::PRelu => {
            if x < 0.0 {
                x * y
            } else {
                x
            }
        }
        Binary::Sub => x - y,
    }
}

fn ints(operator: Binary, x: i64, y: i64) -> i64 {
    match operator {
        Binary::Add => x.wrapping_add(y),
        Binary::Div => x.checked_div(y).unwrap_or(0),
        Binary::Max => x.max(y),
        Binary::Min => x.min(y),
        Binary::Mod { fmod: true } => x.checked_rem(y).unwrap_or(0),
        // The rest takes the sign of the divisor, as Python's does.
        Binary::Mod { fmod: false } => match x.checked_rem(y).unwrap_or(0) {
            rest if rest != 0 && (rest < 0) != (y < 0) => rest.wrapping_add(y),
            rest => rest,
        },
        Binary::Mul => x.wrapping_mul(y),
        Binary::Pow => u32::try_from(y).map_or(0, |y| x.wrapping_pow(y)),
        Binary::PRelu => {
            if x < 0 {
                x.wrapping_mul(y)
            } else {
                x
            }
        }
        Binary::Sub => x.wrapping_sub(y),
    }
}

/// The shape that two arrays are stretched to: NumPy's rules.
pub(super) fn broadcast(a: &[usize], b: &[usize]) -> Outcome<Vec<usize>> {
    let rank = a.len().max(b.len());
    let side = |shape: &[usize], i: usize| (i + shape.len()).checked_sub(rank).map_or(1, |i| shape[i]);
    let both = (0..rank).map(|i| match (side(a, i), side(b, i)) {
        (x, y) if x == y => Some(x),
        (1, y) => Some(y),
        (x, 1) => Some(x),
        _ => None,
    });
    both.collect::<Option<Vec<usize>>>().ok_or_else(|| refuse(format!("arrays of {} and {} do not fit each other", shown(a), shown(b))))
}

/// How far one step along each axis of `shape` moves in an array of the shape `own`; 0 where it is stretched.
pub(super) fn strides(own: &[usize], shape: &[usize]) -> Vec<usize> {
    let mut strides = vec![0; shape.len()];
    let mut step = 1;
    for (i, &side) in own.iter().enumerate().rev() {
        if side > 1 {
            strides[i + shape.len() - own.len()] = step;
        }
        step *= side;
    }
    strides
}

pub(super) fn pairs<A: Copy, B: Copy, C>(shape: &[usize], a: (&[usize], &[A]), b: (&[usize], &[B]), f: impl Fn(A, B) -> C) -> Vec<C> {
    let (Some(&width), true) = (shape.last(), shape.iter().all(|&side| side > 0)) else {
        return a.1.iter().zip(b.1).map(|(&x, &y)| f(x, y)).take(usize::from(shape.is_empty())).collect();
    };
    if a.0 == b.0 {
        return a.1.iter().zip(b.1).map(|(&x, &y)| f(x, y)).collect();
    }
    let (by_a, by_b) = (strides(a.0, shape), strides(b.0, shape));
    let outer = shape.len() - 1;
    let rows = shape[..outer].iter().product::<usize>();
    let mut out = Vec::with_capacity(rows * width);
    let mut index = vec![0_usize; outer];
    let (mut at, mut bt) = (0, 0);
    for _ in 0..rows {
        out.extend((0..width).map(|i| f(a.1[at + i * by_a[outer]], b.1[bt + i * by_b[outer]])));
        for axis in (0..outer).rev() {
            index[axis] += 1;
            (at, bt) = (at + by_a[axis], bt + by_b[axis]);
            if index[axis] < shape[axis] {
                break;
            }
            index[axis] = 0;
            (at, bt) = (at - by_a[axis] * shape[axis], bt - by_b[axis] * shape[axis]);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn budget() -> Budget {
        Budget::new(u64::MAX)
    }

    #[test]
    fn arrays_are_stretched_as_numpy_does() {
        // np.arange(6).reshape(2, 3) + np.array([[10], [20]]); np.arange(2).reshape(2, 1, 1) * np.arange(3).
        let t = |shape: &[usize], values: &[f32]| Tensor::floats(shape.to_vec(), values.to_vec()).unwrap();
        let sum = binary(Binary::Add, &t(&[2, 3], &[0., 1., 2., 3., 4., 5.]), &t(&[2, 1], &[10., 20.]), &mut budget()).unwrap();
        assert_eq!((sum.shape(), sum.as_floats().unwrap()), (&[2, 3][..], &[10., 11., 12., 23., 24., 25.][..]));
        let product = binary(Binary::Mul, &t(&[2, 1, 1], &[0., 1.]), &t(&[3], &[0., 1., 2.]), &mut budget()).unwrap();
        assert_eq!((product.shape(), product.as_floats().unwrap()), (&[2, 1, 3][..], &[0., 0., 0., 0., 1., 2.][..]));
        let message = binary(Binary::Add, &t(&[2, 3], &[0.0; 6]), &t(&[2], &[0.0; 2]), &mut budget()).unwrap_err().message;
        assert_eq!(message, "arrays of 2×3 and 2 do not fit each other");
        let scalar = binary(Binary::Sub, &t(&[], &[5.]), &t(&[], &[3.]), &mut budget()).unwrap();
        assert_eq!(scalar.as_floats().unwrap(), [2.0]);
    }

    #[test]
    fn functions_have_the_values_of_pytorch() {
        // torch.nn.functional at -1.5 and 0.7.
        let near = |unary: Unary, expected: [f32; 2]| {
            for (x, y) in [-1.5, 0.7].into_iter().zip(expected) {
                assert!((of_one(unary, x) - y).abs() < 2e-6, "{unary:?} of {x} is {}, expected {y}", of_one(unary, x));
            }
        };
        near(Unary::Gelu { tanh: false }, [-0.100_210_73, 0.530_625_5]);
        near(Unary::Selu(1.673_263_2, 1.050_701), [-1.365_814_3, 0.735_490_7]);
        near(Unary::Softplus, [0.201_413_28, 1.103_186]);
        near(Unary::HardSwish, [-0.375, 0.431_666_67]);
        near(Unary::Sigmoid, [0.182_425_52, 0.668_187_8]);
        assert!(of_one(Unary::Relu, f32::NAN).is_nan());
    }
}

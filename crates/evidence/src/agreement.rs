//! Whether two stated values say the same.

use mlgrade_domain::number::Finite;
use mlgrade_domain::tolerance::Tolerance;
use mlgrade_domain::value::Value;

use super::printed;

/// Whether `a` says the same as `b`. A number may be rounded, to two digits or more.
pub(crate) fn agree(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => rounded(*a, *b),
        (Value::Number(number), Value::Text(text)) | (Value::Text(text), Value::Number(number)) => {
            printed::number::number(text).is_ok_and(|printed| rounded(*number, printed))
        }
        (Value::Text(a), Value::Text(b)) => a.split_whitespace().eq(b.split_whitespace()),
        (Value::List(a), Value::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| agree(a, b)),
        _ => a == b,
    }
}

/// Whether one number is the other, printed with fewer digits.
fn rounded(a: Finite, b: Finite) -> bool {
    // Digits in all, leading zeros aside, and decimals.
    let digits = |number: Finite| {
        let text = format!("{}", number.get().abs());
        let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        (text.chars().filter(char::is_ascii_digit).skip_while(|c| *c == '0').count(), i32::try_from(decimals).unwrap_or(0))
    };
    let (coarser, finer) = if digits(a).1 <= digits(b).1 { (a, b) } else { (b, a) };
    let (all, decimals) = digits(coarser);
    let half = if all < 2 { 0.0 } else { 0.500_001 * 10_f64.powi(-decimals) };
    Tolerance { absolute: half, relative: 0.0 }.accepts(coarser, finer)
}

#[cfg(test)]
mod tests {
    use mlgrade_domain::value::Value;

    use super::agree;

    #[test]
    fn a_rounded_number_agrees_and_another_does_not() {
        let number = Value::number;
        for (a, b, expected) in [
            (number(0.0209), number(0.02094), true),
            (number(0.021), number(0.0209), true),
            (number(0.021), number(0.0204), false),
            (number(0.02), number(0.0209), false),
            (number(1.0), number(0.98), false),
            (number(8.0), number(8.0), true),
            (number(8.0), number(8.2), false),
            (number(0.0209), Value::text("2.09 %"), true),
            (number(0.0209), Value::text("3.09 %"), false),
            (Value::text("the  forest"), Value::text("the forest "), true),
            (Value::series([0.5, 0.25]), Value::series([0.5, 0.25]), true),
            (Value::series([0.5, 0.25]), Value::series([0.5]), false),
            (Value::Flag(true), number(1.0), false),
        ] {
            assert_eq!((agree(&a, &b), agree(&b, &a)), (expected, expected), "{a:?} {b:?}");
        }
    }
}

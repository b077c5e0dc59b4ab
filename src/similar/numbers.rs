//! Stated numbers and series: equal digit for digit, or nearly so, also in another unit.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use crate::domain::number::{Finite, significant};
use crate::domain::tolerance::{Tolerance, argmax};
use crate::domain::value::Value;
use crate::report::similar::Kind;

use super::chance;
use super::feature::{Classes, Feature, by_name};

/// What differs by less than this is nearly the same: a last digit that was changed, a number that was rounded.
const NEAR: Tolerance = Tolerance { absolute: 0.0, relative: 1e-3 };

/// Numbers that are stated under a name; `None` where a list has something else.
#[derive(Debug, PartialEq)]
pub(super) struct Stated {
    values: Vec<Option<Finite>>,
    is_list: bool,
}

impl Stated {
    /// The numbers that `value` is.
    pub(super) fn of(value: &Value) -> Option<Self> {
        let number = |value: &Value| match value {
            Value::Number(number) => Some(*number),
            Value::Text(text) => text.trim().parse().ok(),
            _ => None,
        };
        let stated = match value {
            Value::List(values) => Self { values: values.iter().map(number).collect(), is_list: true },
            value => Self { values: vec![Some(number(value)?)], is_list: false },
        };
        (2 * stated.values.iter().flatten().count() > stated.values.len()).then_some(stated)
    }

    fn key(&self) -> (bool, Vec<Option<u64>>) {
        (self.is_list, self.values.iter().map(|value| value.map(|value| value.get().to_bits())).collect())
    }

    /// The first three digits of the number at `place`, wherever its decimal point stands.
    fn leading(&self, place: usize) -> Option<String> {
        Some(format!("{:.2e}", (*self.values.get(place)?)?.get()).split('e').next().unwrap_or_default().to_owned())
    }

    /// The numbers, if all are.
    fn numbers(&self) -> Option<Vec<Finite>> {
        self.values.iter().copied().collect()
    }

    /// Whether it says nearly the same as `other`: of ten values nine within a thousandth, all of them multiplied by one number perhaps.
    fn is_near(&self, other: &Self) -> bool {
        let (Some(a), Some(b)) = (self.numbers(), other.numbers()) else { return false };
        if self.is_list != other.is_list || a.len() != b.len() {
            return false;
        }
        let within = |factor: f64| {
            let far = |(a, b): &(&Finite, &Finite)| !Finite::new(b.get() * factor).is_ok_and(|b| NEAR.accepts(**a, b));
            a.iter().zip(&b).filter(far).take(a.len() / 10 + 1).count() <= a.len() / 10
        };
        if !self.is_list {
            let exact = |number: &Finite| digits(*number).0 >= 3;
            return a.iter().chain(&b).all(exact) && [1.0, 100.0, 0.01].into_iter().any(within);
        }
        if within(1.0) {
            return true;
        }
        let size: Vec<Finite> = a.iter().filter_map(|a| Finite::new(a.get().abs()).ok()).collect();
        let mut distinct: Vec<u64> = a.iter().map(|a| a.get().to_bits()).collect();
        distinct.sort_unstable();
        distinct.dedup();
        a.len() >= 4 && distinct.len() >= 4 && argmax(&size).is_some_and(|greatest| within(a[greatest].get() / b[greatest].get()))
    }

    fn exhibit(&self) -> String {
        let word = |value: &Option<Finite>| value.map_or_else(|| "–".to_owned(), |value| significant(value.get(), 8));
        let shown: Vec<String> = self.values.iter().take(3).map(word).collect();
        let more = if self.values.len() > 3 { ", …" } else { "" };
        if self.is_list { format!("{} values ({}{more})", self.values.len(), shown.join(", ")) } else { shown.join("") }
    }
}

/// How many significant digits a number is written with, and how many decimals.
fn digits(number: Finite) -> (usize, i32) {
    let text = format!("{:e}", number.get().abs());
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let digits = mantissa.bytes().filter(u8::is_ascii_digit).count();
    let decimals = i32::try_from(digits).unwrap_or(i32::MAX).saturating_sub(1).saturating_sub(exponent.parse().unwrap_or(0));
    (digits, decimals)
}

/// The features of all names that more than one submission states.
pub(super) fn features(class: &[&BTreeMap<String, Stated>]) -> Vec<Feature> {
    by_name(class, Cow::from).into_par_iter().flat_map_iter(|(name, stated)| of_name(class.len(), &name, &stated)).collect()
}

fn of_name(count: usize, name: &str, stated: &[(usize, &Stated)]) -> Vec<Feature> {
    let by_submission: HashMap<usize, &Stated> = stated.iter().copied().collect();
    let exact = Classes::by_key(stated.iter().map(|(who, stated)| (*who, stated.key())));
    let near = exact.merged(|a, b| by_submission[&a].is_near(by_submission[&b]));
    let length = stated.iter().map(|(_, stated)| stated.values.len()).max().unwrap_or(0).min(200);
    let tally = |place: &dyn Fn(&Stated, usize) -> Option<String>| -> Vec<HashMap<String, usize>> {
        let count = |at: usize| {
            let mut counts: HashMap<String, usize> = HashMap::new();
            stated.iter().filter_map(|(_, stated)| place(stated, at)).for_each(|key| *counts.entry(key).or_default() += 1);
            counts
        };
        (0..length).map(count).collect()
    };
    let bits = |stated: &Stated, at: usize| Some((*stated.values.get(at)?)?.get().to_bits().to_string());
    let leading = |stated: &Stated, at: usize| stated.leading(at);
    let family = family(name);
    let make = |classes: &Classes, exact: bool| {
        let tallies = if exact { tally(&bits) } else { tally(&leading) };
        Feature::new(Kind::Numbers, family, name, exact, count, classes, |holders| {
            let shared = by_submission[&holders[0]];
            let rare = |at: &usize| {
                let Some(key) = (if exact { bits(shared, *at) } else { leading(shared, *at) }) else { return false };
                chance::place_is_rare(&tallies[*at], &key, holders.len())
            };
            // One number that is nearly another is no more than that.
            let places = if exact || shared.is_list { (0..shared.values.len().min(length)).filter(rare).count() } else { 0 };
            let exhibit = if exact { shared.exhibit() } else { nearly(shared, by_submission[&holders[holders.len() - 1]]) };
            (content(shared, stated), places, exhibit)
        })
    };
    let mut features = vec![make(&exact, true)];
    features.extend(near.map(|near| make(&near, false)));
    features
}

fn nearly(a: &Stated, b: &Stated) -> String {
    format!("nearly the same: {} and {}", a.exhibit(), b.exhibit())
}

/// How much a value says at most: its digits, those that the class agrees on left out.
fn content(shared: &Stated, class: &[(usize, &Stated)]) -> f64 {
    let of_digits: f64 = shared.values.iter().flatten().map(|number| digits(*number).0 as f64 * f64::log2(10.0)).sum();
    let [Some(number)] = shared.values.as_slice() else { return of_digits };
    let numbers = || class.iter().filter(|(_, stated)| !stated.is_list).filter_map(|(_, stated)| stated.values[0]).map(Finite::get);
    let range = numbers().fold(f64::NEG_INFINITY, f64::max) - numbers().fold(f64::INFINITY, f64::min);
    of_digits.min((1.0 + range * 10_f64.powi(digits(*number).1.clamp(-300, 300))).log2())
}

/// The run that a name belongs to: what stands before its last dot, or before its first `_` where there is none.
pub(super) fn family(name: &str) -> &str {
    name.rsplit_once('.').or_else(|| name.split_once('_')).map_or(name, |(family, _)| family)
}

//! The unit in which a student states a fraction. All items of a report read one number in one way, so this is decided for all of them
//! before any is judged.
//!
//! What can be a fraction is one. Where a fraction is asked, a number above 1 and at most 100 can only be percent. A number of 1 or less
//! is percent where evidence proves it: predictions, or a series of the student's own that ends with it and can only be percent.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;

use crate::domain::number::{Finite, Unit};
use crate::domain::quantity::{Quantity, Symbol};
use crate::domain::tolerance::Tolerance;
use crate::evidence::Found;
use crate::evidence::bag::Bag;

/// Numbers of one unit that an item looks at.
#[derive(Debug, Default)]
pub struct UnitGroup<'a> {
    /// The unit that the item asks for, if it says.
    pub unit: Option<Unit>,
    /// The numbers or series.
    pub names: Vec<&'a str>,
    /// Whether the first is a series and the others values of it.
    pub of_series: bool,
}

impl<'a> UnitGroup<'a> {
    /// Numbers that the item asks for in `unit`.
    pub fn asked(unit: Option<Unit>, names: impl IntoIterator<Item = &'a str>) -> Self {
        Self { unit, names: names.into_iter().collect(), of_series: false }
    }
}

/// The units in which a submission states what its rubric asks as fractions, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Units(BTreeMap<String, Unit>);

impl Units {
    /// The units of all `unit_groups` of a rubric in `bag`; what evidence has `proven` comes first.
    pub fn decide(unit_groups: &[UnitGroup<'_>], bag: &Bag, proven: &BTreeMap<String, Unit>) -> Self {
        let asked = asked(unit_groups);
        let mut units: BTreeMap<String, Unit> = asked.iter().filter_map(|(&name, &asked)| Some((name.to_owned(), stated_in(bag, name, asked)?))).collect();
        units.extend(proven.iter().map(|(name, unit)| (name.clone(), *unit)));
        for group in unit_groups.iter().filter(|group| group.of_series) {
            let Some((series, values)) = group.names.split_first() else { continue };
            for name in values.iter().filter(|name| asked.contains_key(**name) && is_of_series(bag, name, series)) {
                // A curve that ends at the number as it stands is in the same unit.
                if units.get(*name).or_else(|| units.get(*series)) == Some(&Unit::Percent) {
                    units.insert((*name).to_owned(), Unit::Percent);
                    units.insert((*series).to_owned(), Unit::Percent);
                }
            }
        }
        Self(units)
    }

    /// Whether any number can only be percent.
    fn has_percent(&self) -> bool {
        self.0.values().any(|unit| *unit == Unit::Percent)
    }
}

/// The unit that is asked for each name. What is compared with a fraction is one.
fn asked<'a>(unit_groups: &[UnitGroup<'a>]) -> BTreeMap<&'a str, Unit> {
    let mut asked: BTreeMap<&str, Unit> = BTreeMap::new();
    loop {
        let before = asked.len();
        for group in unit_groups {
            let unit = group.unit.or_else(|| group.names.iter().find_map(|name| asked.get(name).copied()));
            for name in group.names.iter().filter(|_| unit.is_some()) {
                let known = asked.entry(name).or_insert(Unit::Fraction);
                // Who asks for percent says so; that a metric is a fraction goes without saying.
                if group.unit == Some(Unit::Percent) {
                    *known = Unit::Percent;
                }
            }
        }
        if asked.len() == before {
            return asked;
        }
    }
}

/// The unit in which `bag` states `name`, as far as its size tells; with a percent sign it has been read already.
fn stated_in(bag: &Bag, name: &str, asked: Unit) -> Option<Unit> {
    let values = match bag.number(name) {
        Ok(stated) if stated.percent => return None,
        Ok(stated) => vec![stated.number],
        Err(_) => bag.series(name).ok()?,
    };
    let in_percent = values.iter().all(|value| (0.0..=100.0).contains(&value.get()));
    let one = Finite::new(1.0).ok()?;
    let above_one = values.iter().any(|value| *value > one && !Tolerance::ROUNDING.accepts(*value, one));
    (in_percent && (asked == Unit::Percent || above_one)).then_some(Unit::Percent)
}

/// Whether the number `name` is, as it stands, a value of the series.
fn is_of_series(bag: &Bag, name: &str, series: &str) -> bool {
    let (Ok(number), Ok(series)) = (bag.number(name), bag.series(series)) else { return false };
    !number.percent && series.iter().any(|value| Tolerance::of_rounding(number.number).accepts(*value, number.number))
}

/// A submission's evidence, its numbers read in their units.
#[derive(Debug, Clone, Copy)]
pub struct Student<'a> {
    bag: &'a Bag,
    units: &'a Units,
}

impl Deref for Student<'_> {
    type Target = Bag;
    fn deref(&self) -> &Bag {
        self.bag
    }
}

/// A number that the student states.
#[derive(Debug, Clone, PartialEq)]
pub struct Number {
    /// The number; of a fraction, whichever its unit, the fraction.
    pub number: Finite,
    /// As it stands, without a percent sign.
    pub stated: Finite,
    /// The unit in which it stands, if that is known.
    pub unit: Option<Unit>,
    /// Whether it stands there with a percent sign.
    pub signed: bool,
    /// The file that states it.
    pub path: String,
}

impl<'a> Student<'a> {
    /// The evidence in `bag` with the units that were decided for it.
    pub fn new(bag: &'a Bag, units: &'a Units) -> Self {
        Self { bag, units }
    }

    /// The number stated as `name`.
    pub fn number(&self, name: &str) -> Found<Number> {
        let found = self.bag.number(name)?;
        let unit = if found.percent { Some(Unit::Percent) } else { self.units.0.get(name).copied() };
        let (number, stated) = match unit {
            Some(Unit::Percent) if found.percent => (found.number, found.number.point_moved(2)),
            Some(Unit::Percent) => (found.number.point_moved(-2), found.number),
            _ => (found.number, found.number),
        };
        Ok(Number { number, stated, unit, signed: found.percent, path: found.path })
    }

    /// The numbers stated as `name`; of fractions, whichever their unit, the fractions.
    pub fn series(&self, name: &str) -> Found<Vec<Finite>> {
        let series = self.bag.series(name)?;
        let in_percent = self.units.0.get(name) == Some(&Unit::Percent);
        Ok(if in_percent { series.into_iter().map(|value| value.point_moved(-2)).collect() } else { series })
    }

    /// Whether the student states any number in percent without saying so.
    pub fn has_percent(&self) -> bool {
        self.units.has_percent()
    }
}

impl Number {
    /// Whether it was read as a percentage, which it does not say it is.
    pub fn is_read_as_percent(&self) -> bool {
        self.unit == Some(Unit::Percent) && !self.signed
    }

    /// The number for a report.
    pub fn quantity(&self) -> Quantity {
        // Of a fraction, `number` is the fraction whatever it is stated in.
        Quantity::number(self.number).written(self.to_string()).in_unit(self.unit.map(|_| Symbol::Fraction))
    }

    /// The number in `unit`.
    pub fn in_unit(&self, unit: Unit) -> Finite {
        match (unit, self.unit) {
            (Unit::Percent, Some(Unit::Percent)) => self.stated,
            (Unit::Percent, Some(Unit::Fraction)) => self.number.point_moved(2),
            _ => self.number,
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_read_as_percent() { write!(f, "{0} (read as {0} %)", self.stated) } else { write!(f, "{}", self.number) }
    }
}

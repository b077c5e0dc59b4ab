//! The right answer by the student's own numbers: the place of the least or the greatest.

use toml::Spanned;

use crate::check::{Case, Stop};
use crate::domain::name::list;
use crate::domain::number::Finite;
use crate::domain::tolerance::{Tolerance, argmax, argmin};
use crate::domain::value::Value;
use crate::domain::verdict::{Finding, Verdict};
use crate::evidence::{Absent, Found};

use super::filler::Toward;

/// Where the best number is looked for.
#[derive(Debug)]
pub(super) struct Derived {
    pub(super) toward: Toward,
    pub(super) of: Vec<Spanned<String>>,
    pub(super) over: Over,
}

#[derive(Debug)]
pub(super) enum Over {
    Series(String),
    Given(Vec<String>),
}

/// The places with what the student states for each.
#[derive(Debug)]
pub(super) struct Stated {
    pub(super) places: Vec<String>,
    /// `None` where there is no number: not stated, or NaN.
    numbers: Vec<Option<Finite>>,
    toward: Toward,
    /// Whether the places are the reference's, for the student states none.
    pub(super) borrowed: bool,
}

impl Derived {
    /// What is asked for, in words: "least of `tree.val_rmse`".
    pub(super) fn words(&self) -> String {
        let word = if self.toward == Toward::Least { "least" } else { "greatest" };
        format!("{word} of {}", self.names())
    }

    fn names(&self) -> String {
        list(self.of.iter().map(|name| name.get_ref().as_str()))
    }

    /// The student's numbers and their places.
    pub(super) fn stated(&self, case: &Case<'_>) -> Result<Stated, Stop> {
        let numbers = self.numbers(case)?;
        let (places, borrowed) = self.places(case)?;
        if numbers.len() != places.len() {
            let sentence = format!("{} has {} values for {} places, so a person has to see which is meant", self.names(), numbers.len(), places.len());
            return Err(Finding::open(Verdict::NeedsReview, sentence).into());
        }
        Ok(Stated { places, numbers, toward: self.toward, borrowed })
    }

    fn numbers(&self, case: &Case<'_>) -> Found<Vec<Option<Finite>>> {
        if let [single] = self.of.as_slice()
            && matches!(case.student.value(single.get_ref()), Ok((Value::List(_), _)) | Err(_))
        {
            return series(single.get_ref(), case);
        }
        let mut first = None;
        let mut numbers = Vec::new();
        for name in &self.of {
            match case.student.number(name.get_ref()) {
                Ok(stated) => numbers.push(Some(stated.number)),
                // A model that was left out or has failed does not hide which of the others is best.
                Err(absent @ (Absent::Missing(_) | Absent::Unusable(_) | Absent::Unreadable(_))) => {
                    first.get_or_insert(absent);
                    numbers.push(None);
                }
                Err(absent) => return Err(absent),
            }
        }
        match first {
            Some(absent) if numbers.iter().all(Option::is_none) => Err(absent),
            _ => Ok(numbers),
        }
    }

    fn places(&self, case: &Case<'_>) -> Result<(Vec<String>, bool), Stop> {
        let written = |series: Vec<Finite>| series.iter().map(|place| place.get().to_string()).collect();
        match &self.over {
            Over::Given(places) => Ok((places.clone(), false)),
            Over::Series(name) => match case.student.series(name) {
                Ok(series) => Ok((written(series), false)),
                Err(absent @ Absent::Missing(_)) => match case.reference.and_then(|reference| reference.series(name).ok()) {
                    Some(series) => Ok((written(series), true)),
                    None if case.reference.is_none() => Err(crate::check::only_the_course(absent.diagnostic()).into()),
                    None => Err(absent.into()),
                },
                Err(absent) => Err(absent.into()),
            },
        }
    }
}

impl Stated {
    /// Where the best of the stated numbers is. Equal ones are all best.
    pub(super) fn best(&self) -> Vec<usize> {
        let known: Vec<(usize, Finite)> = self.numbers.iter().enumerate().filter_map(|(at, number)| Some((at, (*number)?))).collect();
        let numbers: Vec<Finite> = known.iter().map(|(_, number)| *number).collect();
        let best = match self.toward {
            Toward::Least => argmin(&numbers),
            Toward::Greatest => argmax(&numbers),
        };
        let Some(best) = best.map(|best| numbers[best]) else { return Vec::new() };
        known.into_iter().filter(|(_, number)| Tolerance::ROUNDING.accepts(*number, best)).map(|(at, _)| at).collect()
    }

    /// How many numbers there are.
    pub(super) fn known(&self) -> usize {
        self.own().len()
    }

    /// The numbers that there are.
    pub(super) fn own(&self) -> Vec<Finite> {
        self.numbers.iter().copied().flatten().collect()
    }

    /// Whether a number is stated for the place.
    pub(super) fn is_known(&self, place: usize) -> bool {
        self.numbers.get(place).is_some_and(Option::is_some)
    }

    /// The places without a number.
    pub(super) fn gaps(&self) -> Vec<&str> {
        self.places.iter().enumerate().filter(|(at, _)| !self.is_known(*at)).map(|(_, place)| place.as_str()).collect()
    }
}

/// A series in which NaN, as of a model that has diverged, is a gap.
fn series(name: &str, case: &Case<'_>) -> Found<Vec<Option<Finite>>> {
    match case.student.series(name) {
        Ok(numbers) => Ok(numbers.into_iter().map(Some).collect()),
        Err(absent) => match case.student.value(name) {
            Ok((Value::List(values), _)) => {
                let number = |value: &Value| if let Value::Number(number) = value { Some(*number) } else { None };
                let numbers: Vec<Option<Finite>> = values.iter().map(number).collect();
                let diverged = |value: &Value| matches!(value, Value::Number(_) | Value::Unusable(_));
                if numbers.iter().any(Option::is_some) && values.iter().all(diverged) { Ok(numbers) } else { Err(absent) }
            }
            _ => Err(absent),
        },
    }
}

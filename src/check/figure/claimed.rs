//! What the student's own numbers say is on the figure.

use crate::check::{Case, Stop};
use crate::domain::number::Finite;
use crate::domain::value::Value;
use crate::evidence::{Absent, Found};
use crate::figure::bars::{self, Heights};
use crate::figure::claim::Kind;
use crate::figure::histogram::{self, Sample};
use crate::figure::labels::labels;
use crate::figure::matrix;
use crate::figure::variants::{Curves, Stated, Statement};

use super::{Draws, FigureCheck};

/// What is claimed, if anything can be compared, and why something is left out.
type Claimed = (Option<Statement>, Vec<String>);

/// Values and what the figure may call them.
type Named = (String, Vec<f64>);

impl FigureCheck {
    /// What the student's numbers say is on the figure, and why a series is left out.
    pub(super) fn claimed(&self, case: &Case<'_>) -> Result<Claimed, Stop> {
        match self.draws {
            Draws::Line => self.curves(case, Kind::Line),
            Draws::Scatter => self.curves(case, Kind::Scatter),
            Draws::Bar => self.bars(case),
            Draws::Histogram => self.histogram(case),
            Draws::Matrix => self.matrix(case),
        }
    }

    fn curves(&self, case: &Case<'_>, kind: Kind) -> Result<Claimed, Stop> {
        let mut left_out = Vec::new();
        let mut series_of = |name: &str, reported: bool| -> Result<Option<Vec<f64>>, Stop> {
            let found = seen(case.student.series(name))?;
            Ok(found.map_or_else(
                |reason| {
                    left_out.extend(Some(reason).filter(|_| reported));
                    None
                },
                |values| Some(plain(values)).filter(|values| !values.is_empty()),
            ))
        };
        let x = match &self.x {
            Some(name) => match series_of(name, true)? {
                Some(x) => Some(x),
                None => return Ok((None, left_out)),
            },
            None => self.x_values.clone(),
        };
        let words = labels(self.shows.iter().chain(&self.may_show).map(String::as_str));
        let mut found = Vec::new();
        for (i, name) in self.shows.iter().chain(&self.may_show).enumerate() {
            let y = series_of(name, i < self.shows.len())?;
            let label = self.labels.get(i).unwrap_or(&words[i]);
            found.push(y.map(|y| Stated { name: label.clone(), x: x.clone(), y }));
        }
        let mut curves = Curves { kind, series: Vec::new(), more: Vec::new() };
        for (i, stated) in found.into_iter().enumerate() {
            let Some(stated) = stated else { continue };
            if let Some(x) = stated.x.as_ref().filter(|x| x.len() != stated.y.len()) {
                if let Some(name) = self.shows.get(i) {
                    left_out.push(format!("`{name}` has {} values over {} of x", stated.y.len(), x.len()));
                }
            } else if i < self.shows.len() {
                curves.series.push(stated);
            } else {
                curves.more.push(stated);
            }
        }
        Ok((Some(curves).filter(|curves| !curves.series.is_empty()).map(Statement::Curves), left_out))
    }

    /// A bar for each number, or a series of bars for each list. Without one of them the others would have the wrong places.
    fn bars(&self, case: &Case<'_>) -> Result<Claimed, Stop> {
        let is_number = |name: &String| matches!(case.student.value(name), Ok((Value::Number(_), _)));
        if self.shows.iter().all(is_number) {
            let mut values = Vec::new();
            for name in &self.shows {
                match seen(case.student.number(name))? {
                    Ok(stated) => values.push(stated.number.get()),
                    Err(reason) => return Ok((None, vec![reason])),
                }
            }
            let categories = if self.categories.is_empty() { self.words() } else { self.categories.clone() };
            return Ok(claim(bars::Claim::new(categories, vec![Heights { name: "bars".to_owned(), values }]).map(Statement::Bars)));
        }
        Ok(match self.lists(case)? {
            Ok(lists) => {
                let series = lists.into_iter().map(|(name, values)| Heights { name, values }).collect();
                claim(bars::Claim::new(self.categories.clone(), series).map(Statement::Bars))
            }
            Err(reason) => (None, vec![reason]),
        })
    }

    fn histogram(&self, case: &Case<'_>) -> Result<Claimed, Stop> {
        Ok(match self.lists(case)? {
            Ok(lists) => {
                let samples = lists.into_iter().map(|(name, values)| Sample { name, values }).collect();
                claim(histogram::Claim::new(samples).map(Statement::Histogram))
            }
            Err(reason) => (None, vec![reason]),
        })
    }

    fn matrix(&self, case: &Case<'_>) -> Result<Claimed, Stop> {
        let Some(name) = self.shows.first() else { return Ok((None, Vec::new())) };
        let array = match seen(case.student.array(name))? {
            Ok(array) => array,
            Err(reason) => return Ok((None, vec![reason])),
        };
        let [_, columns] = array.shape.as_slice() else {
            return Ok((None, vec![format!("`{name}` has {} dimensions, and a matrix has 2", array.shape.len())]));
        };
        let rows = array.values.chunks((*columns).max(1)).map(|row| plain(row.to_vec())).collect();
        Ok(claim(matrix::Claim::new(rows, self.categories.clone()).map(Statement::Matrix)))
    }

    /// All series by their labels, or why one cannot be compared.
    fn lists(&self, case: &Case<'_>) -> Result<Result<Vec<Named>, String>, Stop> {
        let mut lists = Vec::new();
        for (name, label) in self.shows.iter().zip(self.words()) {
            match seen(case.student.series(name))? {
                Ok(values) => lists.push((label, plain(values))),
                Err(reason) => return Ok(Err(reason)),
            }
        }
        Ok(Ok(lists))
    }

    /// What the figure may call each of `shows`.
    fn words(&self) -> Vec<String> {
        if self.labels.is_empty() { labels(self.shows.iter().map(String::as_str)) } else { self.labels.clone() }
    }
}

/// What was found, or why not, in words; what could not be opened is not judged at all.
fn seen<T>(found: Found<T>) -> Result<Result<T, String>, Stop> {
    match found {
        Ok(found) => Ok(Ok(found)),
        Err(unseen @ (Absent::Unreachable(_) | Absent::Unopened(_))) => Err(unseen.into()),
        Err(absent) => Ok(Err(absent.diagnostic().to_string())),
    }
}

fn plain(values: Vec<Finite>) -> Vec<f64> {
    values.into_iter().map(Finite::get).collect()
}

/// What is claimed, or what is wrong with it.
fn claim(claim: Result<Statement, crate::domain::diagnostic::Diagnostic>) -> Claimed {
    match claim {
        Ok(statement) => (Some(statement), Vec::new()),
        Err(fault) => (None, vec![fault.to_string()]),
    }
}

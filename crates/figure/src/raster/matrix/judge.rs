//! A claim held against one matrix.

use super::cells::{Cell, Cells};
use super::colours;
use super::forms::{FORMS, values};
use super::printed::Printed;
use super::spelling;
use crate::reason::Outcome;
use crate::reason::matrix::{Against, Cell as Seen, Form, Open, Shown};
use crate::reason::{Agreement, Contradiction, Doubt};

/// The share of the cells whose numbers must be read for a claim to be shown, and for it to be contradicted.
const SHOWN: f64 = 0.6;
const CONTRADICTED: f64 = 0.5;

/// By how much claimed values may differ that are meant to be equal, as those of a symmetric matrix.
const EQUAL: f64 = 1e-6;

/// What became of a claim on one matrix.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) outcome: Outcome,
    /// For each cell of the matrix whether nothing speaks against it.
    pub(super) holds: Vec<bool>,
    /// Cells that show what is claimed, less those that do not.
    pub(super) fit: f64,
}

impl Judged {
    pub(super) fn open(open: Open, cells: usize) -> Self {
        Self { outcome: Outcome::CannotTell(Doubt::Matrix(open)), holds: vec![true; cells], fit: -1.0 }
    }
}

/// How the printed numbers compare with the claim in one form.
#[derive(Debug)]
struct Compared {
    form: Form,
    /// Which number of a cell, from the top.
    line: usize,
    /// The claimed values in this form.
    values: Vec<f64>,
    /// For each cell whether its number agrees; `None` where it was not read surely.
    agrees: Vec<Option<bool>>,
}

impl Compared {
    fn of(cells: &[Cell], rows: &[Vec<f64>], form: Form, line: usize) -> Option<Self> {
        let values = values(rows, form)?;
        let agrees = |(cell, value): (&Cell, &f64)| cell.numbers.get(line).filter(|_| cell.sure).map(|number| Printed::of(number).rounds(*value));
        let agrees = cells.iter().zip(&values).map(agrees).collect();
        Some(Self { form, line, values, agrees })
    }

    fn count(&self, agrees: bool) -> usize {
        self.agrees.iter().filter(|other| **other == Some(agrees)).count()
    }

    /// The same among cells for which something is claimed: a zero is one in every form.
    fn telling(&self, agrees: bool) -> usize {
        self.agrees.iter().zip(&self.values).filter(|(other, value)| **other == Some(agrees) && **value != 0.0).count()
    }

    fn read(&self) -> usize {
        self.agrees.iter().flatten().count()
    }
}

/// The form in which the printed numbers agree best with the claim; just as it is, where that agrees for most.
fn compared(cells: &[Cell], rows: &[Vec<f64>]) -> Option<Compared> {
    let lines = cells.iter().map(|cell| cell.numbers.len()).max().unwrap_or(0);
    let mut best: Option<Compared> = None;
    for form in FORMS {
        for line in 0..lines.min(4) {
            let Some(found) = Compared::of(cells, rows, form, line) else { continue };
            if best.as_ref().is_none_or(|best| found.count(true) > best.count(true)) {
                best = Some(found);
            }
        }
        // Shares are looked for only where most values are not printed as they are.
        if form.shares.is_none() && form.percent && best.as_ref().is_some_and(|best| best.telling(true) > best.telling(false)) {
            break;
        }
    }
    best
}

/// Whether all numbers that were read agree with `rows`, and most were read.
fn agrees(cells: &[Cell], rows: &[Vec<f64>]) -> bool {
    compared(cells, rows).is_some_and(|found| found.count(false) == 0 && found.count(true) as f64 >= SHOWN * cells.len() as f64)
}

/// Holds `rows`, which have the size of the matrix, against its cells. `size` is that of the whole claim.
pub(super) fn judge(cells: &Cells, rows: &[Vec<f64>], masked: &[bool]) -> Judged {
    let all = &cells.all;
    let size = [rows.len(), rows.first().map_or(0, Vec::len)];
    let Some(found) = compared(all, rows) else {
        let flat: Vec<f64> = rows.iter().flatten().copied().collect();
        let open = if colours::are_in_order(all, &flat) { Open::ColoursOnly } else { Open::OtherColours };
        return Judged::open(open, all.len());
    };
    let drawn = masked.iter().filter(|masked| !**masked).count();
    let fit = (found.count(true) as f64 - found.count(false) as f64) / all.len() as f64;
    let holds = found.agrees.iter().map(|agrees| *agrees != Some(false)).collect();
    let outcome = if found.count(false) > 0 {
        against(cells, rows, &found, drawn)
    } else {
        shown(cells, &found, masked, drawn).map_or_else(
            |open| Outcome::CannotTell(Doubt::Matrix(open)),
            |read| Outcome::Shows(Agreement::Matrix(Shown { size, read, form: Form { percent: is_percent(all, &found), ..found.form } })),
        )
    };
    Judged { outcome, holds, fit }
}

/// Whether fractions are printed in percent.
fn is_percent(cells: &[Cell], found: &Compared) -> bool {
    found.form.percent || cells.iter().filter_map(|cell| cell.numbers.get(found.line)).any(|number| number.text.ends_with('%'))
}

/// How many numbers were read where none disagrees, unless too few were, or something speaks against a cell whose number was not.
fn shown(cells: &Cells, found: &Compared, masked: &[bool], drawn: usize) -> Result<usize, Open> {
    let columns = cells.columns;
    let mut read = found.count(true);
    if (read as f64) < SHOWN * drawn as f64 {
        return Err(Open::FewRead { read, of: drawn });
    }
    for (i, cell) in cells.all.iter().enumerate().filter(|(i, _)| found.agrees[*i].is_none() && !masked[*i]) {
        let (row, column, claimed) = (i / columns + 1, i % columns + 1, found.values[i]);
        if !colours::fits(&cells.all, &found.values, &found.agrees, i) {
            return Err(Open::Colour { row, column, claimed });
        }
        if !spelling::is_likeliest(cells, cell, found.line, claimed, &found.agrees) {
            return Err(Open::FewRead { read, of: drawn });
        }
        read += 1;
    }
    Ok(read)
}

/// What the cells say that disagree.
fn against(cells: &Cells, rows: &[Vec<f64>], found: &Compared, drawn: usize) -> Outcome {
    let open = |open: Open| Outcome::CannotTell(Doubt::Matrix(open));
    let reversed: Vec<Vec<f64>> = rows.iter().rev().cloned().collect();
    if agrees(&cells.all, &reversed) {
        return open(Open::RowsReversed);
    }
    let both: Vec<Vec<f64>> = reversed.iter().map(|row| row.iter().rev().copied().collect()).collect();
    if agrees(&cells.all, &both) {
        return open(Open::Reordered);
    }
    if rows.iter().all(|row| row.len() == rows.len()) {
        let transposed: Vec<Vec<f64>> = (0..rows.len()).map(|j| rows.iter().map(|row| row[j]).collect()).collect();
        if agrees(&cells.all, &transposed) {
            return open(Open::Transposed);
        }
    }
    let off: Vec<usize> = (0..cells.all.len()).filter(|i| found.agrees[*i] == Some(false)).collect();
    let seen = |i: usize| {
        let printed = cells.all[i].numbers.get(found.line).map_or_else(String::new, |number| number.text.clone());
        let claimed = rows.get(i / cells.columns).and_then(|row| row.get(i % cells.columns)).copied().unwrap_or(f64::NAN);
        Seen { row: i / cells.columns + 1, column: i % cells.columns + 1, claimed, printed, others: off.len() - 1 }
    };
    let sure = off.iter().find(|i| spelling::is_clear(cells, &cells.all[**i], found.line, found.values[**i]));
    match sure {
        Some(i) if found.read() as f64 >= CONTRADICTED * drawn as f64 => Outcome::Contradicts(Contradiction::Matrix(Against::Cell(seen(*i)))),
        _ => off.first().map_or_else(|| open(Open::None), |i| open(Open::Misread(seen(*i)))),
    }
}

/// Which cells are left out of a heat map, as the half above the diagonal of a symmetric one: they have no ink and one colour, and what is claimed for
/// them is claimed for their mirror images, too. None where that is not so.
pub(super) fn masked(cells: &Cells, rows: &[Vec<f64>]) -> Vec<bool> {
    let all = &cells.all;
    let none = vec![false; all.len()];
    let bare: Vec<usize> = (0..all.len()).filter(|i| !all[*i].inked).collect();
    let Some(first) = bare.first() else { return none };
    let columns = cells.columns;
    let one_colour = bare.iter().all(|i| all[*i].colour.iter().zip(all[*first].colour).all(|(a, b)| a.abs_diff(b) <= 6));
    let mirrored = |i: &usize| {
        let (row, column) = (*i / columns, *i % columns);
        let value = |row: usize, column: usize| rows.get(row).and_then(|row| row.get(column)).copied();
        let is_one = row == column && value(row, column).is_some_and(|value| (value - 1.0).abs() <= EQUAL);
        let same = value(row, column).zip(value(column, row)).is_some_and(|(a, b)| (a - b).abs() <= EQUAL);
        is_one || (row != column && same && all.get(column * columns + row).is_some_and(|cell| cell.inked))
    };
    if rows.len() != columns || !one_colour || !bare.iter().all(mirrored) {
        return none;
    }
    (0..all.len()).map(|i| !all[i].inked).collect()
}

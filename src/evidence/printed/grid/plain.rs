//! Tables that spaces keep apart: data frames, classification reports, coefficients of statsmodels and R, lines printed with a width.
//!
//! A column is a stretch of the line in which some line has something, between two stretches in which no line has anything. So a cell is
//! never cut, and a table whose lines do not stand below each other has no columns at all.

use unicode_width::UnicodeWidthChar;

use super::super::number::tokens;
use super::Grid;
use super::boxed;

/// The lines of one table, and what is read of each, in characters.
const LINES: usize = 1_000;
const WIDTH: usize = 500;

/// The tables in `text`.
pub(super) fn read(text: &str) -> Vec<Grid> {
    let lines: Vec<&str> = text.lines().collect();
    let has_series = text.contains("dtype: ");
    let (mut grids, mut at) = (Vec::new(), 0);
    while at < lines.len() {
        let rest = &lines[at..(at + LINES).min(lines.len())];
        let found = boxed::read(rest).or_else(|| if has_series { series(rest) } else { None }).or_else(|| tabbed(rest)).or_else(|| spaced(rest));
        at += match found {
            Some((grid, taken)) => {
                grids.push(grid);
                taken
            }
            None => 1,
        };
    }
    grids
}

/// A series of pandas: `name  value` lines, and below them `dtype: float64`.
fn series(lines: &[&str]) -> Option<(Grid, usize)> {
    let row = |line: &&str| line.trim_end().rsplit_once("  ").map(|(label, value)| vec![label.trim().to_owned(), value.trim().to_owned()]);
    let count = lines.iter().take_while(|line| !is_type(line) && row(line).is_some()).count();
    let last = lines.get(count).filter(|line| count > 0 && is_type(line))?;
    let name = last.strip_prefix("Name: ").and_then(|rest| rest.split(", ").next()).unwrap_or_default();
    let rows: Vec<Vec<String>> = lines[..count].iter().filter_map(row).collect();
    let is_shortened = rows.iter().any(|row| row[1] == "...");
    Some((Grid { head: vec![String::new(), name.to_owned()], rows, is_shortened }, count + 1))
}

fn is_type(line: &str) -> bool {
    line.starts_with("dtype: ") || line.starts_with("Name: ") && line.contains("dtype: ")
}

/// Lines whose cells are kept apart by tabs.
fn tabbed(lines: &[&str]) -> Option<(Grid, usize)> {
    let cells = |line: &str| line.split('\t').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let head = cells(lines.first()?);
    let rows: Vec<Vec<String>> = lines[1..].iter().map(|line| cells(line)).take_while(|row| row.len() == head.len()).collect();
    let names = head.iter().all(|name| name.parse::<f64>().is_err());
    (head.len() > 1 && names && !rows.is_empty()).then(|| (Grid { head, is_shortened: false, rows: rows.clone() }, 1 + rows.len()))
}

/// A stretch of all lines.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    from: usize,
    to: usize,
}

/// A table with spaces between its columns.
fn spaced(lines: &[&str]) -> Option<(Grid, usize)> {
    let first = lines.first().filter(|line| may_be_head(line))?;
    let is_report = first.split_whitespace().eq(["precision", "recall", "f1-score", "support"]);
    let head = laid_out(first);
    let mut end = 1 + usize::from(lines.get(1).is_some_and(|line| boxed::is_border(line) || is_report && line.trim().is_empty()));
    // Below the head a data frame may have the name of its rows.
    if lines.get(end).is_some_and(|line| is_name_of_rows(line, &head)) && lines.get(end + 1).is_some_and(|line| has_number(line)) {
        end += 1;
    }
    let mut block = Block { taken: vec![false; WIDTH * 2], head, rows: Vec::new(), columns: Vec::new() };
    let mut is_shortened = false;
    for line in &lines[end..] {
        let is_left_out = line.split_whitespace().next().is_some_and(|first| first == "..." || first == "..");
        let is_row = !line.trim().is_empty() && line != first && !line.starts_with('[') && !boxed::is_border(line) && has_number(line);
        let is_passed_over = is_left_out || line.trim().is_empty() && is_report;
        let is_taken = is_passed_over || is_row && block.add(laid_out(line));
        if !is_taken {
            break;
        }
        is_shortened |= is_left_out;
        end += 1;
    }
    let grid = block.grid(is_shortened)?;
    Some((grid, end))
}

/// Whether a line may name columns: it has words, or it is indented as over the names of rows, and it states nothing.
fn may_be_head(line: &str) -> bool {
    let states = |word: &str| word.contains('=') || word.ends_with(':') || word.contains('.') && word.parse::<f64>().is_ok();
    let has_words = line.contains(char::is_alphabetic) || line.starts_with("  ") && !line.trim().is_empty();
    has_words && !boxed::is_border(line) && !line.split_whitespace().any(states)
}

/// A head and the rows below it.
struct Block {
    head: Vec<char>,
    rows: Vec<Vec<char>>,
    columns: Vec<Stretch>,
    /// Which places of the line something stands at, in any of them.
    taken: Vec<bool>,
}

impl Block {
    /// Takes a row, unless it does not stand below the columns that are there.
    fn add(&mut self, row: Vec<char>) -> bool {
        let known = self.taken.clone();
        let lines = [Some(&row), self.rows.is_empty().then_some(&self.head)];
        for (place, _) in lines.into_iter().flatten().flat_map(|line| line.iter().enumerate()).filter(|(_, c)| **c != ' ') {
            if let Some(taken) = self.taken.get_mut(place) {
                *taken = true;
            }
        }
        self.rows.push(row);
        if self.taken == known && self.rows.len() > 1 {
            return true;
        }
        let columns = columns(&self.head, &self.rows, &self.taken);
        let named = columns.iter().skip(1).any(|column| !slice(&self.head, *column).is_empty());
        if !named || columns.len() < self.columns.len() && self.rows.len() > 2 {
            self.rows.pop();
            self.taken = known;
            return false;
        }
        self.columns = columns;
        true
    }

    fn grid(self, is_shortened: bool) -> Option<Grid> {
        let columns = columns(&self.head, &self.rows, &self.taken);
        let cells = |line: &[char]| columns.iter().map(|column| slice(line, *column)).collect::<Vec<_>>();
        let head: Vec<String> = cells(&self.head).into_iter().map(|name| name.trim_end_matches('\\').trim().to_owned()).collect();
        let rows: Vec<Vec<String>> = self.rows.iter().map(|row| cells(row)).filter(|row| row.iter().skip(1).any(|cell| !cell.is_empty())).collect();
        let is_shortened = is_shortened || head.iter().any(|name| name == "...");
        (!rows.is_empty() && head.iter().skip(1).any(|name| !name.is_empty())).then_some(Grid { head, rows, is_shortened })
    }
}

/// The columns that the head and the rows have together.
fn columns(head: &[char], rows: &[Vec<char>], taken: &[bool]) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    for at in (0..taken.len()).filter(|&at| taken[at]) {
        match stretches.last_mut() {
            Some(last) if last.to == at => last.to = at + 1,
            _ => stretches.push(Stretch { from: at, to: at + 1 }),
        }
    }
    let named = |stretch: &Stretch| !slice(head, *stretch).is_empty();
    let filled = |stretch: &Stretch| rows.iter().any(|row| !slice(row, *stretch).is_empty());
    let of_numbers = |stretch: &Stretch| rows.iter().all(|row| is_number(&slice(row, *stretch)));
    let close = |a: &Stretch, b: &Stretch| b.from - a.to == 1;
    // Words of one name or one cell stand one space apart.
    let mut joined: Vec<Stretch> = Vec::new();
    let mut rest = stretches.into_iter().peekable();
    while let Some(mut stretch) = rest.next() {
        while let Some(next) = rest.peek() {
            let is_label = joined.is_empty() && !named(&stretch) && named(next) && of_numbers(next);
            let is_whole = named(&stretch) && filled(&stretch);
            if !close(&stretch, next) || is_label || is_whole {
                break;
            }
            stretch.to = next.to;
            rest.next();
        }
        match joined.last_mut() {
            Some(last) if close(last, &stretch) && !(named(&stretch) && filled(&stretch)) => last.to = stretch.to,
            _ => joined.push(stretch),
        }
    }
    beside(joined, named, filled)
}

/// Joins names with the values beside them, where all names stand beside their values.
fn beside(columns: Vec<Stretch>, named: impl Fn(&Stretch) -> bool, filled: impl Fn(&Stretch) -> bool) -> Vec<Stretch> {
    let empty = columns.iter().filter(|column| named(column) && !filled(column)).count();
    let values = columns.iter().skip(1).filter(|column| !named(column) && filled(column)).count();
    if empty == 0 || empty != values {
        return columns;
    }
    let mut joined: Vec<Stretch> = Vec::new();
    for (i, column) in columns.iter().enumerate() {
        let is_half = named(column) != filled(column);
        match joined.last_mut() {
            Some(last) if i > 1 && is_half && named(last) != filled(last) && named(last) != named(column) => last.to = column.to,
            _ => joined.push(*column),
        }
    }
    joined
}

/// The characters of a line, each at the place that it has on the screen.
fn laid_out(line: &str) -> Vec<char> {
    let mut out = Vec::new();
    for c in line.trim_end().chars().take(WIDTH) {
        out.push(if c.is_whitespace() { ' ' } else { c });
        // What is twice as wide takes the next place, too.
        out.extend(std::iter::repeat_n('\u{0}', c.width().unwrap_or(0).saturating_sub(1)));
    }
    out
}

fn slice(line: &[char], stretch: Stretch) -> String {
    let to = stretch.to.min(line.len());
    let part: String = line.get(stretch.from.min(to)..to).unwrap_or_default().iter().filter(|c| **c != '\u{0}').collect();
    part.trim().to_owned()
}

fn has_number(text: &str) -> bool {
    !tokens(text, 1).is_empty() || text.split_whitespace().any(|word| word == "NA")
}

fn is_number(cell: &str) -> bool {
    cell.is_empty() || cell == "NA" || tokens(cell, 2).first().is_some_and(|token| token.text == cell)
}

/// Whether a line is nothing but a name at its beginning, below the blank beginning of the head or below a name there.
fn is_name_of_rows(line: &str, head: &[char]) -> bool {
    let name = line.trim();
    !name.is_empty() && !line.starts_with(' ') && name.split_whitespace().count() <= 2 && !has_number(name) && laid_out(name).len() < head.len()
}

//! Columns that only spaces keep apart: where all lines of a table are blank, a column ends.

use unicode_width::UnicodeWidthChar;

/// How the cells stand in their columns; it tells to which neighbour a word belongs that stands alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flush {
    Right,
    Left,
}

/// A line with the byte at which each column of the screen begins.
struct Line<'l> {
    text: &'l str,
    at: Vec<usize>,
}

/// A stretch of the screen, from one column up to another.
type Part = (usize, usize);

/// Lines wider than this are no table that a person reads.
const WIDEST: usize = 4_000;

/// Cuts `lines`, the first of which is a head, into cells. The first cell of each is what stands before the named columns, such as a frame's
/// index; it is empty in all of them if nothing does. `None` if there are no columns.
pub(super) fn cut<'l>(lines: &[&'l str], flush: Flush) -> Option<Vec<Vec<String>>> {
    let lines: Vec<Line<'l>> = lines.iter().map(|line| Line::of(line)).collect::<Option<_>>()?;
    let (head, body) = lines.split_first()?;
    let parts = parts(&lines);
    // Of what has no name, only what stands before all names is a column.
    let mut merged: Vec<Part> = Vec::new();
    let mut waiting: Option<Part> = None;
    for (i, &part) in parts.iter().enumerate() {
        let part = waiting.take().map_or(part, |before| (before.0, part.1));
        let (named, filled) = (head.has(part), body.iter().any(|line| line.has(part)));
        let next = parts.get(i + 1);
        let gap = |side: Option<&Part>, line: &Line<'_>| side.map_or(usize::MAX, |side| line.gap(*side, part));
        let is_alone = !named || !filled;
        if !is_alone || merged.is_empty() && !named {
            merged.push(part);
            continue;
        }
        // A word of a name, or of a cell: it goes to the neighbour that is nearer.
        let beside: Vec<&Line<'_>> = if named { vec![head] } else { body.iter().collect() };
        let nearest = |side: Option<&Part>| beside.iter().map(|line| gap(side, line)).min().unwrap_or(usize::MAX);
        let (left, right) = (nearest(merged.last()), nearest(next));
        let leftwards = left < right || left == right && (flush == Flush::Left || merged.len() == 1 && !named && !head.has(merged[0]));
        match merged.last_mut().filter(|_| leftwards || next.is_none()) {
            Some(last) => last.1 = part.1,
            None => waiting = Some(part),
        }
    }
    merged.extend(waiting);
    let has_labels = merged.first().is_some_and(|&first| !head.has(first));
    if merged.len() < 2 {
        return None;
    }
    let cells = |line: &Line<'_>| {
        let labels = (!has_labels).then(String::new);
        labels.into_iter().chain(merged.iter().map(|&part| line.words(part))).collect()
    };
    Some(lines.iter().map(cells).collect())
}

/// The stretches of the screen in which some line has something, one blank column or more apart.
fn parts(lines: &[Line<'_>]) -> Vec<Part> {
    let width = lines.iter().map(|line| line.at.len()).max().unwrap_or(0);
    let mut used = vec![false; width];
    for line in lines {
        for (column, used) in used.iter_mut().enumerate().take(line.at.len()) {
            *used |= !line.is_blank(column);
        }
    }
    let mut parts = Vec::new();
    let mut begin = None;
    for (column, used) in used.into_iter().chain([false]).enumerate() {
        match (used, begin) {
            (true, None) => begin = Some(column),
            (false, Some(start)) => {
                parts.push((start, column));
                begin = None;
            }
            _ => {}
        }
    }
    parts
}

impl<'l> Line<'l> {
    fn of(text: &'l str) -> Option<Self> {
        let mut at = Vec::with_capacity(text.len());
        for (byte, c) in text.char_indices() {
            at.extend(std::iter::repeat_n(byte, c.width().unwrap_or(0)));
            if at.len() > WIDEST {
                return None;
            }
        }
        Some(Self { text, at })
    }

    fn is_blank(&self, column: usize) -> bool {
        self.at.get(column).is_none_or(|&byte| self.text[byte..].starts_with(char::is_whitespace))
    }

    fn has(&self, (start, end): Part) -> bool {
        (start..end).any(|column| !self.is_blank(column))
    }

    /// The blank columns between what stands in two parts, if something stands in both.
    fn gap(&self, a: Part, b: Part) -> usize {
        let (left, right) = if a.0 < b.0 { (a, b) } else { (b, a) };
        let last = (left.0..left.1).rev().find(|&column| !self.is_blank(column));
        let first = (right.0..right.1).find(|&column| !self.is_blank(column));
        last.zip(first).map_or(usize::MAX, |(last, first)| first - last)
    }

    fn words(&self, (start, end): Part) -> String {
        let byte = |column: usize| self.at.get(column).copied().unwrap_or(self.text.len());
        self.text[byte(start)..byte(end)].split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cells(text: &str, flush: Flush) -> Vec<String> {
        let lines: Vec<&str> = text.lines().collect();
        cut(&lines, flush).unwrap_or_default().into_iter().map(|line| line.join(";")).collect()
    }

    #[test]
    fn names_and_cells_may_have_spaces() {
        // pandas 3.1, R 4.3, tabulate 0.10.
        for (text, flush, expected) in [
            (
                "           model  val loss     acc\n0       Logistic    0.3100  0.9700\n1  Random Forest    0.2945  0.9800",
                Flush::Right,
                vec![";model;val loss;acc", "0;Logistic;0.3100;0.9700", "1;Random Forest;0.2945;0.9800"],
            ),
            (
                "        model  val loss    acc\n     Logistic    0.3100 0.9700\nRandom Forest    0.2945 0.9800",
                Flush::Right,
                vec![";model;val loss;acc", ";Logistic;0.3100;0.9700", ";Random Forest;0.2945;0.9800"],
            ),
            (
                "           column 0  column 1\nmodel one  0.000000  0.142857\nmodel b    1.714286  1.857143",
                Flush::Right,
                vec![";column 0;column 1", "model one;0.000000;0.142857", "model b;1.714286;1.857143"],
            ),
            (
                "            Estimate Std. Error t value\n(Intercept)  37.2851     1.8776    8.63\nwt           -5.3445     0.5591   -9.56",
                Flush::Right,
                vec![";Estimate;Std. Error;t value", "(Intercept);37.2851;1.8776;8.63", "wt;-5.3445;0.5591;-9.56"],
            ),
            (
                "Model            Accuracy    Val loss\nRandom Forest       0.98         0.1\nSVM                 0.971        0.25",
                Flush::Left,
                vec![";Model;Accuracy;Val loss", ";Random Forest;0.98;0.1", ";SVM;0.971;0.25"],
            ),
            ("   模型  acc\n0  逻辑  0.9\n1  森林  0.8", Flush::Right, vec![";模型;acc", "0;逻辑;0.9", "1;森林;0.8"]),
        ] {
            assert_eq!(cells(text, flush), expected, "{text}");
        }
    }

    #[test]
    fn one_column_is_no_table() {
        assert!(cells("rmse\n 4.2", Flush::Right).is_empty());
        assert!(cells("", Flush::Left).is_empty());
    }

    proptest! {
        #[test]
        fn any_lines_give_an_answer(lines in prop::collection::vec("[ab 0-9.é逻]{0,20}", 0..5)) {
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            for flush in [Flush::Left, Flush::Right] {
                if let Some(cells) = cut(&lines, flush) {
                    prop_assert!(cells.iter().all(|line| line.len() == cells[0].len()) && cells.len() == lines.len());
                }
            }
        }
    }
}

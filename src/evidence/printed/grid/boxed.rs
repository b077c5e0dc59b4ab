//! Tables whose cells are kept apart by lines: of tabulate, `PrettyTable`, rich, polars, Markdown and Keras's summary.

use super::Grid;

/// Characters that stand between cells.
const BARS: [char; 5] = ['|', '│', '┃', '║', '┆'];

/// The table that begins with the first of `lines`, if one does, and how many lines it takes.
pub(super) fn read(lines: &[&str]) -> Option<(Grid, usize)> {
    let first = lines.first()?;
    let second = lines.get(1).copied().unwrap_or_default();
    // A single bar may stand in any line, such as `P>|t|`: a table begins with one, or has a border.
    let begins = is_border(first) || first.trim_start().starts_with(BARS) || is_row(first) && is_border(second) && second.contains(['|', '+', '┼']);
    if !begins {
        return None;
    }
    let taken = lines.iter().take_while(|line| is_border(line) || is_row(line)).count();
    // Two rows are a table without a border, and so is a row with its head above a line.
    if taken < 2 || taken == 2 && is_border(second) {
        return None;
    }
    let mut blocks: Vec<Vec<Vec<String>>> = vec![Vec::new()];
    for line in &lines[..taken] {
        if is_border(line) {
            blocks.push(Vec::new());
        } else if let Some(block) = blocks.last_mut() {
            block.push(cells(line));
        }
    }
    blocks.retain(|block| !block.is_empty());
    let (heads, bodies) = blocks.split_first()?;
    // Without a border below it, the first row is the head.
    let (heads, more) = if bodies.is_empty() { heads.split_at(1) } else { (heads.as_slice(), [].as_slice()) };
    let width = heads.first()?.len();
    // Under a line of `---` polars writes the types.
    let named = heads.iter().take_while(|row| !row.iter().all(|cell| cell.chars().all(|c| c == '-'))).filter(|row| row.len() == width);
    let mut head = vec![String::new(); width];
    for row in named {
        for (name, cell) in head.iter_mut().zip(row) {
            format!("{name} {cell}").trim().clone_into(name);
        }
    }
    let is_left_out = |row: &Vec<String>| row.iter().all(|cell| ["...", "…"].contains(&cell.as_str()));
    let all: Vec<&Vec<String>> = more.iter().chain(bodies.iter().flatten()).collect();
    let is_shortened = all.iter().any(|row| is_left_out(row)) || head.iter().any(|name| ["...", "…"].contains(&name.as_str()));
    let rows: Vec<Vec<String>> = all.into_iter().filter(|row| row.len() == width && !is_left_out(row)).cloned().collect();
    (width > 1 && !rows.is_empty()).then_some((Grid { head, rows, is_shortened }, taken))
}

/// Whether a line has cells between bars.
fn is_row(line: &str) -> bool {
    line.contains(BARS) && cells(line).len() > 1
}

/// Whether a line is nothing but a border.
pub(super) fn is_border(line: &str) -> bool {
    let line = line.trim();
    let is_drawn = |c: char| matches!(c, '-' | '=' | '+' | '|' | ':' | ' ' | '\u{2500}'..='\u{257f}');
    line.chars().count() > 2 && line.chars().all(is_drawn) && line.contains(['-', '=', '\u{2500}', '\u{2501}', '\u{2550}', '\u{2504}', '\u{2505}', '\u{254c}'])
}

fn cells(line: &str) -> Vec<String> {
    let line = line.trim();
    let line = line.strip_prefix(BARS).unwrap_or(line);
    let line = line.strip_suffix(BARS).unwrap_or(line);
    line.split(BARS).map(|cell| cell.trim().trim_matches('*').to_owned()).collect()
}

//! Tables and text of HTML, as a library shows a data frame. What is no table is passed over.

use super::grid::{Grid, Kind, Row, cell as value};

/// The cells that are read of one page.
const CELLS: usize = 200_000;

/// A tag, or text between two.
enum Piece<'h> {
    Text(&'h str),
    Tag { name: String, closes: bool, attributes: &'h str },
}

/// A cell with the columns and rows that it takes.
#[derive(Clone, Default)]
struct Cell {
    text: String,
    is_head: bool,
    across: usize,
    down: usize,
}

/// The tables of `html`, in order. One inside of another is part of its cell's text.
pub(crate) fn tables(html: &str) -> Vec<Grid> {
    let (mut tables, mut rows): (Vec<Grid>, Vec<(bool, Vec<Cell>)>) = (Vec::new(), Vec::new());
    let (mut depth, mut open, mut in_head, mut cells) = (0_usize, false, false, 0);
    for piece in pieces(html) {
        match piece {
            Piece::Text(text) if open => {
                if let Some(cell) = rows.last_mut().and_then(|(_, row)| row.last_mut()) {
                    cell.text.push_str(text);
                }
            }
            Piece::Text(_) => {}
            Piece::Tag { name, closes, attributes } => match (name.as_str(), closes) {
                ("table", false) => {
                    depth += 1;
                    if depth == 1 {
                        rows.clear();
                        (open, in_head) = (false, false);
                    }
                }
                ("table", true) => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        tables.extend(grid(&std::mem::take(&mut rows)));
                        open = false;
                    }
                }
                ("thead", closes) if depth == 1 => in_head = !closes,
                ("tr", false) if depth == 1 => {
                    open = false;
                    rows.push((in_head, Vec::new()));
                }
                ("td" | "th", false) if depth == 1 => {
                    cells += 1;
                    if cells > CELLS {
                        return tables;
                    }
                    let span = |key| attribute(attributes, key).and_then(|span| span.parse().ok()).unwrap_or(1).clamp(1, 500);
                    if rows.is_empty() {
                        rows.push((in_head, Vec::new()));
                    }
                    let cell = Cell { is_head: name == "th", across: span("colspan"), down: span("rowspan"), ..Cell::default() };
                    if let Some((_, row)) = rows.last_mut() {
                        row.push(cell);
                    }
                    open = true;
                }
                ("td" | "th" | "tr", true) if depth == 1 => open = false,
                _ if open => {
                    if let Some(cell) = rows.last_mut().and_then(|(_, row)| row.last_mut()).filter(|_| ["br", "p", "div", "tr", "td"].contains(&name.as_str()))
                    {
                        cell.text.push(' ');
                    }
                }
                _ => {}
            },
        }
    }
    tables
}

/// What a person reads of `html`: a line for each row of a table and each paragraph.
pub(crate) fn text(html: &str) -> String {
    let mut out = String::new();
    for piece in pieces(html) {
        match piece {
            Piece::Text(text) => out.push_str(&text.replace(['\n', '\r'], " ")),
            Piece::Tag { name, .. } if ["tr", "p", "div", "br", "li", "h1", "h2", "h3", "h4", "table", "pre"].contains(&name.as_str()) => out.push('\n'),
            Piece::Tag { name, .. } if ["td", "th"].contains(&name.as_str()) => out.push(' '),
            Piece::Tag { .. } => {}
        }
    }
    let lines = decoded(&out);
    let lines = lines.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// The rows of a table as a grid: rows of nothing but head cells are its head.
fn grid(rows: &[(bool, Vec<Cell>)]) -> Option<Grid> {
    let rows: Vec<(bool, Vec<Cell>)> = spread(rows);
    let width = rows.iter().map(|(_, row)| row.len()).max().filter(|width| *width > 1)?;
    let is_head = |(in_head, row): &(bool, Vec<Cell>)| *in_head || row.iter().all(|cell| cell.is_head);
    // A table that has no head cells has its names in the first row.
    let heads = rows.iter().take_while(|row| is_head(row)).count().max(1);
    let name = |column: usize| {
        let mut names: Vec<String> = rows[..heads].iter().filter_map(|(_, row)| row.get(column)).map(|cell| tidy(&cell.text)).collect();
        // R writes the type of each column below its name: `<dbl>`.
        let is_type = |name: &String| name.starts_with('<') && name.ends_with('>');
        names.retain(|name| !name.is_empty() && !is_type(name));
        names.dedup();
        names.join(" ")
    };
    let head: Vec<String> = (0..width).map(name).collect();
    let cells = |row: &[Cell]| (0..width).map(|column| row.get(column).map(|cell| tidy(&cell.text)).unwrap_or_default()).collect::<Vec<_>>();
    let body: Vec<Vec<String>> = rows[heads..].iter().map(|(_, row)| cells(row)).collect();
    let is_left_out = |cell: &String| ["...", "…", ".."].contains(&cell.as_str());
    let shortened = body.iter().any(|row| row.iter().all(is_left_out));
    // What stands before the named columns names the rows.
    let labels = usize::from(head[0].is_empty() || rows[heads..].iter().all(|(_, row)| row.first().is_some_and(|cell| cell.is_head)));
    let row = |row: &Vec<String>| Row {
        label: if labels == 1 { row[0].clone() } else { String::new() },
        cells: row.iter().skip(labels).map(|cell| value(cell)).collect(),
    };
    let rows: Vec<Row> = body.iter().filter(|row| !row.iter().all(is_left_out)).map(row).collect();
    (!rows.is_empty()).then_some(Grid { kind: Kind::Table, columns: head.into_iter().skip(labels).collect(), rows, lines: 0..0, shortened })
}

/// The rows with each cell in every row and column that it takes.
fn spread(rows: &[(bool, Vec<Cell>)]) -> Vec<(bool, Vec<Cell>)> {
    let mut pending: Vec<Option<(usize, Cell)>> = Vec::new();
    let mut out: Vec<(bool, Vec<Cell>)> = Vec::new();
    let mut room = 2 * CELLS;
    for (in_head, row) in rows {
        let mut wide: Vec<Cell> = Vec::new();
        let mut cells = row.iter();
        loop {
            let column = wide.len();
            if let Some((left, cell)) = pending.get_mut(column).and_then(Option::take) {
                wide.push(cell.clone());
                pending[column] = (left > 1).then_some((left - 1, cell));
                continue;
            }
            let Some(cell) = cells.next() else { break };
            for _ in 0..cell.across.min(room) {
                let at = wide.len();
                if cell.down > 1 {
                    pending.resize(pending.len().max(at + 1), None);
                    pending[at] = Some((cell.down - 1, cell.clone()));
                }
                wide.push(cell.clone());
            }
        }
        room = room.saturating_sub(wide.len());
        if room == 0 {
            break;
        }
        if !wide.is_empty() {
            out.push((*in_head, wide));
        }
    }
    out
}

/// The tags of `html` and the texts between them, without comments, styles and scripts.
fn pieces(html: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        if open > 0 {
            pieces.push(Piece::Text(&rest[..open]));
        }
        rest = &rest[open..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, behind)| behind);
            continue;
        }
        let closes = rest.starts_with("</");
        let tag = &rest[1 + usize::from(closes)..];
        let length = tag.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tag.len());
        if length == 0 {
            pieces.push(Piece::Text("<"));
            rest = &rest[1..];
            continue;
        }
        let name = tag[..length].to_ascii_lowercase();
        let Some(end) = tag.find('>') else { break };
        let attributes = &tag[length..end.max(length)];
        rest = &tag[end + 1..];
        if !closes && ["style", "script"].contains(&name.as_str()) {
            rest = rest.find(&format!("</{name}")).map_or("", |end| &rest[end..]);
            continue;
        }
        pieces.push(Piece::Tag { name, closes, attributes });
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

fn attribute<'a>(attributes: &'a str, key: &str) -> Option<&'a str> {
    let behind = attributes.split_once(key)?.1.trim_start().strip_prefix('=')?.trim_start();
    Some(match behind.strip_prefix(['"', '\'']) {
        Some(quoted) => quoted.split(['"', '\'']).next().unwrap_or_default(),
        None => behind.split_whitespace().next().unwrap_or_default(),
    })
}

fn tidy(text: &str) -> String {
    decoded(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `text` with its entities as the characters that they stand for.
fn decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let entity = rest[1..].split_once(';').map(|(entity, _)| entity).filter(|entity| entity.len() <= 8);
        let code = entity.and_then(|entity| entity.strip_prefix('#')).and_then(|code| match code.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok(),
            None => code.parse().ok(),
        });
        let known = code.and_then(char::from_u32).or(match entity {
            Some("lt") => Some('<'),
            Some("gt") => Some('>'),
            Some("amp") => Some('&'),
            Some("quot") => Some('"'),
            Some("apos") => Some('\''),
            Some("nbsp") => Some(' '),
            Some("minus") => Some('\u{2212}'),
            Some("plusmn") => Some('±'),
            _ => None,
        });
        if let (Some(c), Some(entity)) = (known, entity) {
            out.push(c);
            rest = &rest[entity.len() + 2..];
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    out
}

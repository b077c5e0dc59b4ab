//! The numbers and figures on the pages of a report, each with the place that reaches it when it is said in `[where]`.

use mlgrade_domain::value::Value;
use mlgrade_pdf::{figure, has_page, place, text};
use mlgrade_picture::figure::Figure;

use super::agreement::agree;
use super::notebook::catalogue::Entry;
use super::page::Spot;
use super::place::Place;
use super::printed::name::normal;
use super::printed::number::tokens;

/// Pages that are listed of a report, and what is listed of a page.
const PAGES: usize = 100;
const NUMBERS: usize = 200;
const FIGURES: usize = 20;

/// All that the pages of the report `bytes` at `path` show.
pub fn catalogue(path: &str, bytes: &[u8]) -> Vec<Entry> {
    (1..=PAGES).take_while(|&page| has_page(bytes, page)).flat_map(|page| on_page(path, bytes, page)).collect()
}

fn on_page(path: &str, bytes: &[u8], page: usize) -> Vec<Entry> {
    let at = Spot { page, ..Spot::default() };
    let entry = |kind, name, value, spot| Entry { kind, name, value, place: place(path, page), selector: Place::Page(spot) };
    let words = text(path, bytes, page, None, &[]).unwrap_or_default();
    let mut found: Vec<Entry> = Vec::new();
    for line in words.lines() {
        let mut from = 0;
        for token in tokens(line, NUMBERS) {
            let before = line.get(from..token.start).unwrap_or_default();
            from = token.end;
            let Ok(number) = token.value() else { continue };
            let lead = before.trim_start_matches(|c: char| !c.is_alphabetic());
            // A page has no other way to a number than the words before it.
            if !lead.contains(char::is_alphabetic) || lead.len() > 80 || found.len() >= NUMBERS {
                continue;
            }
            let value = Value::Number(number);
            let spot = |nth| Spot { pattern: Some(format!("{lead}{{number}}")), nth, ..at.clone() };
            let gives = |spot: &Spot| Place::Page(spot.clone()).fault("x").is_none() && spot.value_in("x", path, &words).is_ok_and(|seen| agree(&seen, &value));
            let reached = std::iter::once(None).chain((1..=20).map(Some)).map(spot).find(gives);
            let name = normal(lead.trim_end_matches([':', '=', ' ', '(']));
            found.extend(reached.map(|spot| entry("number", name, Some(value.clone()), spot)));
        }
    }
    let figures: Vec<Figure> = (1..=FIGURES).map_while(|nth| figure(path, bytes, page, Some(nth)).ok()).collect();
    let several = figures.len() > 1;
    found.extend((1..=figures.len()).map(|nth| entry("figure", "figures/NAME".to_owned(), None, Spot { nth: several.then_some(nth), ..at.clone() })));
    found
}

//! The numbers and figures on the pages of a report, each with the place that reaches it when it is said in `[where]`.

use mlgrade_domain::value::Value;
use mlgrade_pdf::{has_page, place, readable_figures, text};

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
    let (figures, of) = readable_figures(path, bytes, page, FIGURES).unwrap_or_default();
    let spot = |nth| Spot { nth: (of > 1).then_some(nth), ..at.clone() };
    found.extend(figures.into_iter().map(|nth| entry("figure", "figures/NAME".to_owned(), None, spot(nth))));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Vec<Entry> {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/pdf/writer.pdf");
        catalogue("writer.pdf", &std::fs::read(path).unwrap())
    }

    /// What the report says stands in fixtures/pdf/writer.txt, which pdftotext wrote; which pictures are on which page, in make.py.
    #[test]
    fn numbers_are_listed_with_the_words_before_them() {
        let all = report();
        let values = |name: &str| -> Vec<String> {
            all.iter().filter(|entry| entry.name == name).filter_map(|entry| entry.value.as_ref().map(Value::describe)).collect()
        };
        assert_eq!(values("improved"), ["0.0209"]);
        assert_eq!(values("question"), ["1", "2", "3"]);
        assert_eq!(values("and_the_number_of_layers_is"), ["3"]);
        assert!(all.iter().all(|entry| entry.value.is_some() || entry.kind == "figure"));
    }

    #[test]
    fn figures_have_a_number_where_a_page_has_several() {
        let places: Vec<(usize, Option<usize>)> = report()
            .into_iter()
            .filter(|entry| entry.kind == "figure")
            .map(|entry| if let Place::Page(spot) = entry.selector { (spot.page, spot.nth) } else { panic!("{:?}", entry.selector) })
            .collect();
        assert_eq!(places, [(2, None), (3, Some(1)), (3, Some(2))]);
    }
}

//! The pages of a PDF (ISO 32000-1, 7.7.3): the one with a number, and what is on it.

use mlgrade_picture::geometry::Affine;
use std::collections::BTreeSet;
use std::rc::Rc;

use mlgrade_domain::limits;
use mlgrade_picture::figure::Figure;

use super::budget::Fault;
use super::canvas::Canvas;
use super::content::{Interpreter, Resources};
use super::figures::Figures;
use super::file::File;
use super::filter;
use super::object::{Dict, Object};
use super::text;

/// Pages within groups of pages.
const DEPTH: usize = 32;

/// A page with what its groups say of it.
#[derive(Default)]
struct Found {
    dict: Dict,
    resources: Rc<Object>,
    media: Rc<Object>,
    turned: Rc<Object>,
}

/// A page that was read.
pub(super) struct Page<'f, 'a> {
    file: &'f File<'a>,
    canvas: Canvas,
}

impl<'f, 'a> Page<'f, 'a> {
    /// Reads page `number`, from 1.
    pub(super) fn read(file: &'f File<'a>, number: usize) -> Result<Self, Fault> {
        let mut left = number;
        let mut seen = BTreeSet::new();
        let root = Found::default();
        let Some(found) = find(file, &file.pages()?, &root, &mut left, &mut seen, 0)? else {
            let count = number - left;
            let pages = if count == 1 { "one page".to_owned() } else { format!("{count} pages") };
            let reason = format!("there is no page {number}; the PDF has {pages}");
            return Err(Fault { reason, help: Some("say on which page it is".to_owned()) });
        };
        let numbers = |object: &Object| -> Result<Option<[f64; 4]>, Fault> {
            let list = file.resolved(object)?;
            let list = list.list().unwrap_or_default().iter().map(|one| Ok(file.resolved(one)?.number())).collect::<Result<Option<Vec<f64>>, Fault>>()?;
            Ok(list.and_then(|list| <[f64; 4]>::try_from(list).ok()))
        };
        let [x0, y0, x1, y1] = numbers(found.dict.get("CropBox"))?.or(numbers(&found.media)?).unwrap_or([0.0, 0.0, 612.0, 792.0]);
        let (left, right, bottom, top) = (x0.min(x1), x0.max(x1), y0.min(y1), y0.max(y1));
        let (width, height) = ((right - left).clamp(1.0, 20_000.0), (top - bottom).clamp(1.0, 20_000.0));
        let upright = Affine([1.0, 0.0, 0.0, -1.0, -left, top]);
        let quarter = file.resolved(&found.turned)?.number().unwrap_or(0.0).rem_euclid(360.0);
        let (size, matrix) = match super::object::whole(quarter) {
            Some(90) => ([height, width], Affine([0.0, 1.0, -1.0, 0.0, height, 0.0]).after(upright)),
            Some(180) => ([width, height], Affine([-1.0, 0.0, 0.0, -1.0, width, height]).after(upright)),
            Some(270) => ([height, width], Affine([0.0, -1.0, 1.0, 0.0, 0.0, width]).after(upright)),
            _ => ([width, height], upright),
        };
        let mut interpreter = Interpreter::of(file, size);
        interpreter.page(&contents(file, &found.dict)?, Resources::of(file, &found.resources)?, matrix)?;
        Ok(Self { file, canvas: interpreter.canvas })
    }

    /// Its lines of text. Where there are none, or what they say cannot be known, that is a fault.
    pub(super) fn lines(&self) -> Result<Vec<String>, Fault> {
        let lines = text::lines(&self.canvas.pieces);
        if lines.is_empty() {
            let pictured = !self.canvas.pictures.is_empty();
            let reason = if pictured { "there is no text on it, only a picture: it may be scanned" } else { "there is no text on it" };
            let help = "a person looks at it; a report that its program exports as PDF is read without one".to_owned();
            return Err(Fault { reason: reason.to_owned(), help: Some(help) });
        }
        Ok(lines)
    }

    /// The fonts that do not say which characters their texts have.
    pub(super) fn unknown_fonts(&self) -> String {
        self.canvas.unknown_fonts.join(", ")
    }

    /// Which of its first `most` figures can be read, from 1, and how many it has.
    pub(super) fn readable_figures(&self, most: usize, path: &str) -> (Vec<usize>, usize) {
        let figures = Figures::of(&self.canvas);
        let readable = (0..figures.count().min(most)).filter(|which| figures.read(*which, self.file, path).is_ok());
        (readable.map(|which| which + 1).collect(), figures.count())
    }

    /// The figure on it; `nth` counts from 1, in the order in which they are read.
    pub(super) fn figure(&self, nth: Option<usize>, path: &str) -> Result<Figure, Fault> {
        let figures = Figures::of(&self.canvas);
        let chosen = match (figures.count(), nth) {
            (0, _) => return Err("there is no figure on it".into()),
            (1, None) => 0,
            (several, None) => {
                let reason = format!("there are {several} figures on it");
                return Err(Fault { reason, help: Some("say which one is meant, from top to bottom: `nth = 1`".to_owned()) });
            }
            (several, Some(nth)) => {
                let reason = || format!("there is no figure {nth} on it, only {several}");
                nth.checked_sub(1).filter(|nth| *nth < several).ok_or_else(|| Fault::from(reason()))?
            }
        };
        figures.read(chosen, self.file, path)
    }
}

/// The page that `left` counts down to in a group of pages.
fn find(file: &File, node: &Object, above: &Found, left: &mut usize, seen: &mut BTreeSet<u32>, depth: usize) -> Result<Option<Found>, Fault> {
    let Some(dict) = node.dict() else { return Ok(None) };
    let own = |key: &str, above: &Rc<Object>| if dict.get(key).is_null() { Rc::clone(above) } else { Rc::new(dict.get(key).clone()) };
    let found =
        Found { dict: dict.clone(), resources: own("Resources", &above.resources), media: own("MediaBox", &above.media), turned: own("Rotate", &above.turned) };
    let kids = file.entry(dict, "Kids")?;
    let Some(kids) = kids.list() else {
        *left = left.saturating_sub(1);
        return Ok((*left == 0).then_some(found));
    };
    if depth >= DEPTH {
        return Err("its tree of pages is nested too deeply".into());
    }
    for kid in kids {
        if let Object::Reference(id) = kid
            && !seen.insert(*id)
        {
            return Err("its tree of pages leads back to itself".into());
        }
        if seen.len() > limits::PDF_PAGES * 2 {
            return Err(format!("it has more than the {} pages that are read", limits::PDF_PAGES).into());
        }
        if let Some(found) = find(file, &file.resolved(kid)?, &found, left, seen, depth + 1)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// The content of a page, whose parts follow each other.
fn contents(file: &File, page: &Dict) -> Result<Vec<u8>, Fault> {
    let contents = file.entry(page, "Contents")?;
    let parts = match &contents {
        Object::List(parts) => parts.clone(),
        one => vec![one.clone()],
    };
    let mut bytes = Vec::new();
    for part in parts {
        if let Object::Stream(stream) = file.resolved(&part)? {
            bytes.extend(filter::bytes(file, &stream)?);
            bytes.push(b'\n');
        }
    }
    Ok(bytes)
}

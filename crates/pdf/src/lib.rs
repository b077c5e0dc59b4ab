#![doc = include_str!("../README.md")]

mod budget;
mod canvas;
mod cmap;
mod content;
mod direction;
mod drawing;
mod figures;
mod file;
mod filter;
mod font;
mod glyph_name;
mod image;
mod matrix;
mod object;
mod page;
mod path;
mod program;
mod show;
mod state;
mod svg;
mod text;
mod ticks;

use budget::{Budget, Fault};
use file::File;
use page::Page;

pub use self::font::UNKNOWN;
pub use self::text::without_unsure_numbers;

use mlgrade_domain::diagnostic::{Code, Diagnostic};
use mlgrade_domain::limits;
use mlgrade_domain::part::part;
use mlgrade_picture::figure::Figure;

/// Whether a file of this path is a PDF, by its ending.
pub fn is_pdf(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("pdf"))
}

/// Where in a report something is, in words: "report.pdf, page 3".
pub fn place(path: &str, page: usize) -> String {
    format!("{path}, page {page}")
}

/// The text of page `number`, from 1, of the report `bytes` at `path`: all of it, or what stands behind the line `after` up to one of the lines
/// `ends`.
pub fn text(path: &str, bytes: &[u8], number: usize, after: Option<&str>, ends: &[&str]) -> Result<String, Diagnostic> {
    lines(path, bytes, number)?.text(path, number, after, ends)
}

/// The lines of text of a page. To take several texts from it, it is read once.
#[derive(Debug, Clone)]
pub struct Lines {
    lines: Vec<String>,
    /// The fonts that do not say which characters their texts have.
    unknown_fonts: String,
}

/// The lines of page `number`, from 1, of the report `bytes` at `path`.
pub fn lines(path: &str, bytes: &[u8], number: usize) -> Result<Lines, Diagnostic> {
    on_page(path, bytes, number, |page| Ok(Lines { lines: page.lines()?, unknown_fonts: page.unknown_fonts() }))
}

impl Lines {
    /// What [`text`] gives of this page, which is page `number` of the report at `path`.
    pub fn text(&self, path: &str, number: usize, after: Option<&str>, ends: &[&str]) -> Result<String, Diagnostic> {
        self.part(after, ends).map_err(|fault| at_place(path, number, fault))
    }

    fn part(&self, after: Option<&str>, ends: &[&str]) -> Result<String, Fault> {
        let text = part(&self.lines, after, ends)?;
        if text::is_garbled(&text) {
            let reason = format!("the font {} does not say which characters its text has", self.unknown_fonts);
            return Err(Fault { reason, help: Some("export the report again from the program that it was written in".to_owned()) });
        }
        if text.len() > limits::ANSWER_BYTES {
            return Err(format!("the text has {} bytes, more than the {} that are read", text.len(), limits::ANSWER_BYTES).into());
        }
        Ok(text)
    }
}

/// The figure on page `number`, from 1, of the report `bytes` at `path`: the only one, or the `nth`, from 1, in the order in which
/// they are read: from top to bottom, and from left to right where they stand side by side.
pub fn figure(path: &str, bytes: &[u8], number: usize, nth: Option<usize>) -> Result<Figure, Diagnostic> {
    on_page(path, bytes, number, |page| page.figure(nth, &place(path, number)))
}

/// Which of the first `most` figures on page `number` of the report `bytes` at `path` can be read, each by its `nth` for [`figure`], and how many
/// figures the page has.
pub fn readable_figures(path: &str, bytes: &[u8], number: usize, most: usize) -> Result<(Vec<usize>, usize), Diagnostic> {
    on_page(path, bytes, number, |page| Ok(page.readable_figures(most, &place(path, number))))
}

/// Whether the report `bytes` has a page `number` that can be looked at.
pub fn has_page(bytes: &[u8], number: usize) -> bool {
    let budget = Budget::default();
    File::open(bytes, &budget).is_ok_and(|file| Page::read(&file, number).is_ok())
}

fn on_page<T>(path: &str, bytes: &[u8], number: usize, read: impl FnOnce(&Page) -> Result<T, Fault>) -> Result<T, Diagnostic> {
    let budget = Budget::default();
    let found = File::open(bytes, &budget).and_then(|file| Page::read(&file, number).and_then(|page| read(&page)));
    found.map_err(|fault| at_place(path, number, fault))
}

fn at_place(path: &str, number: usize, fault: Fault) -> Diagnostic {
    let help = fault.help.unwrap_or_else(|| "a person looks at it".to_owned());
    Diagnostic::error(Code::BadReport, fault.reason).in_file(place(path, number)).help(help)
}

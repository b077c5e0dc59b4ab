//! Reports as pages: one for each student, one for each graded submission, one for the class. A page is a file that needs no network and,
//! but for sorting a table, no script. What a student wrote enters a page escaped, by the templates or by `markup::Markup`.
//!
//! A student's page is made from a [`StudentView`], which has no place for what she may not see.

mod answer;
mod chart;
mod class;
mod formula;
mod histogram;
mod item;
mod line;
mod markup;
mod names;
mod page;
mod similar;

pub use class::class;
pub use names::page_of;

use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::markdown::link;
use super::student::StudentView;
use super::{Report, json};
use crate::domain::media::Picture;
use item::{Figure, Source};
use page::Page;

/// A larger picture is not put into a page: the page could not be sent.
const EMBEDDED: usize = 4 << 20;

/// What a template cannot do.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// A template failed.
    #[error("a page cannot be written: {0}")]
    Template(#[from] askama::Error),
    /// A report is no JSON.
    #[error("a page cannot be written: {0}")]
    Json(#[from] serde_json::Error),
}

/// The page of a student, for her eyes. Her figures are in it; `picture` gives them by their paths.
pub fn student(view: &StudentView, picture: &dyn Fn(&str) -> Option<Picture>) -> Result<String, PageError> {
    let embedded = |path: &str| match picture(path)? {
        large if large.bytes.len() > EMBEDDED => Some(Source::TooLarge),
        picture => Some(Source::At(format!("data:{};base64,{}", picture.format.media_type(), STANDARD.encode(&picture.bytes)))),
    };
    Ok(finished(&Page::of_student(view, &embedded, nonce(&json::json(view)?)))?)
}

/// The page of a graded submission, for the course. Pictures are linked where they lie beside it.
pub fn course(report: &Report) -> Result<String, PageError> {
    Ok(finished(&Page::of_course(report, nonce(&json::json(report)?)))?)
}

/// What a person wrote, as HTML for another page of ours: Markdown and formulas, without what loads, links or leaves its place.
pub fn words(text: &str) -> String {
    answer::words(text).to_string()
}

/// The page's text. Two `#` stand in texts only; written so, no build server that prints a page takes them for a command.
fn finished(page: &impl Template) -> Result<String, askama::Error> {
    Ok(page.render()?.replace("##", "#&#35;"))
}

/// A word that the page's own style and script carry. It comes from the whole page, which no student knows before it is made.
fn nonce(content: &str) -> String {
    nonce_of(blake3::hash(content.as_bytes()))
}

fn nonce_of(content: blake3::Hash) -> String {
    content.to_hex()[..24].to_owned()
}

/// A picture beside the page.
fn beside(path: &str, caption: &str, alt: String) -> Figure {
    Figure { source: Source::At(link(path)), caption: markup::prose(caption), alt }
}

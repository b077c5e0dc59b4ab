//! Which of several places wins, if more than one has what is looked for.

use mlgrade_domain::diagnostic::{Code, Diagnostic};
use mlgrade_domain::limits;
use mlgrade_domain::name::list;
use mlgrade_domain::value::Value;
use mlgrade_picture::figure::{self, Figure};

use super::super::place::SaidBy;
use super::super::{Absent, Found, Sought};
use super::{Bag, unread};

/// Where values and figures come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// The page of a report that submission.toml names.
    StudentsPage,
    /// The place in a notebook that submission.toml names.
    StudentsCell,
    /// A file of its own that submission.toml or the rubric names.
    NamedFile,
    /// The metrics and answers files; figures/NAME.png.
    Files,
    /// What a notebook shows under a mark, where the rubric says, or under a heading.
    Notebooks,
    /// A log of training.
    Logs,
    /// The page of a report that the rubric names.
    RubricsPage,
}

/// The first of these that has a value wins.
const VALUES: [Origin; 7] =
    [Origin::StudentsPage, Origin::StudentsCell, Origin::NamedFile, Origin::Files, Origin::Notebooks, Origin::Logs, Origin::RubricsPage];

/// The first of these that has a figure wins. Which of a notebook's pictures wins, the notebook says itself.
const FIGURES: [Origin; 4] = [Origin::StudentsPage, Origin::Files, Origin::Notebooks, Origin::RubricsPage];

impl Origin {
    /// Whether it is a file that is made to be read. Where such a file usually is, it need not be, and it need not have every name.
    fn is_file(self) -> bool {
        matches!(self, Self::NamedFile | Self::Files)
    }

    /// Whether the student says that it is there.
    pub(super) fn is_students(self) -> bool {
        matches!(self, Self::StudentsPage | Self::StudentsCell)
    }
}

impl Bag {
    /// The value stated as `name`, as what is sought, and the file that states it.
    pub(super) fn value_as(&self, name: &str, sought: Sought) -> Found<(&Value, &str)> {
        let mut broken = None;
        for origin in VALUES {
            match self.value_from(origin, name, sought) {
                // A name that is nowhere else may well be in the file that cannot be read.
                Some(Err(absent)) if origin.is_file() || origin == Origin::Logs => broken = broken.or(Some(absent)),
                Some(found) => return found,
                None => {}
            }
        }
        Err(broken.or_else(|| self.table(name)).unwrap_or_else(|| self.nowhere(name)))
    }

    /// That a file states a table as `name`, such as a number for each class, where one value belongs: a person has to look.
    fn table(&self, name: &str) -> Option<Absent> {
        let begins = format!("{name}.");
        self.statements.iter().find_map(|file| {
            let statements = self.statements_of(file).ok()?;
            let inside: Vec<&str> = statements.keys().filter_map(|key| key.strip_prefix(&begins)).take(12).collect();
            let message = format!("`{name}` is a table of {}; expected one value or a list", list(inside.iter().copied()));
            (!inside.is_empty()).then(|| Absent::Unreadable(Diagnostic::error(Code::WrongShape, message).in_file(&file.path)))
        })
    }

    /// What a file states as `name`, with the file, and what a notebook or a page does, with where it comes from and its place.
    pub(super) fn in_file_and_inside(&self, name: &str) -> Option<[(Origin, &Value, &str); 2]> {
        let from = |origin: &Origin| self.value_from(*origin, name, Sought::Numbers);
        let (files, inside): (Vec<Origin>, Vec<Origin>) = VALUES.into_iter().filter(|origin| *origin != Origin::Logs).partition(|origin| origin.is_file());
        let (file, (in_file, path)) = files.iter().find_map(|origin| Some((*origin, from(origin)?.ok()?)))?;
        let (origin, printed) = inside.iter().find_map(|origin| Some((*origin, from(origin)?)))?;
        let (printed, place) = printed.ok()?;
        Some([(file, in_file, path), (origin, printed, place)])
    }

    fn value_from(&self, origin: Origin, name: &str, sought: Sought) -> Option<Found<(&Value, &str)>> {
        match origin {
            Origin::StudentsPage => self.reports.value(name, SaidBy::Student),
            Origin::StudentsCell => self.notebooks.value_where_said(name, sought),
            Origin::NamedFile => self.value_in_named_file(name).map(|found| found.map_err(Clone::clone)),
            Origin::Files => self.value_in_files(name),
            Origin::Notebooks => self.notebooks.value(name, sought),
            Origin::Logs => self.value_in_logs(name),
            Origin::RubricsPage => self.reports.value(name, SaidBy::Rubric),
        }
    }

    /// The value stated as `name` in a metrics or answers file, or such a file that cannot be read.
    fn value_in_files(&self, name: &str) -> Option<Found<(&Value, &str)>> {
        let mut broken = None;
        for file in &self.statements {
            match self.statements_of(file) {
                Ok(statements) => {
                    if let Some(value) = statements.get(name) {
                        return Some(Ok((value, &file.path)));
                    }
                }
                Err(absent) => broken = broken.or(Some(absent)),
            }
        }
        broken.map(|absent| Err(absent.clone()))
    }

    /// The figure `name`: `figures/NAME.png`, `.jpg` or `.svg`, in a notebook, or on a page of a report.
    pub fn figure(&self, name: &str) -> Found<Figure> {
        FIGURES.into_iter().find_map(|origin| self.figure_from(origin, name)).unwrap_or_else(|| {
            let help = self.reports.hint(&format!("figures/{name}")).unwrap_or_else(|| format!("save it as figures/{name}.png, .jpg or .svg"));
            Err(self.nowhere_marked(format!("there is no figure `{name}`"), help, &format!("figures/{name}")))
        })
    }

    fn figure_from(&self, origin: Origin, name: &str) -> Option<Found<Figure>> {
        match origin {
            Origin::StudentsPage => self.reports.figure(name, SaidBy::Student),
            Origin::RubricsPage => self.reports.figure(name, SaidBy::Rubric),
            Origin::Files => {
                let path = self.locate_in("figures", name, &figure::ENDINGS)?;
                let bytes = self.bytes(&path, limits::FIGURE_BYTES);
                Some(bytes.and_then(|bytes| figure::decode(&path, &bytes).map_err(|fault| unread(&bytes, fault))))
            }
            Origin::Notebooks => {
                let picture = self.notebooks.picture(name)?;
                Some(picture.and_then(|(place, bytes)| figure::decode(&place, &bytes).map_err(Absent::Unreadable)))
            }
            Origin::StudentsCell | Origin::NamedFile | Origin::Logs => None,
        }
    }
}

//! A class's database: what the program found, run by run, and what people decided. Reports, tables and pages are written from it.
//!
//! `SQLite` does what a database is for: two programs at once, a crash in between, an order of all that was decided.

mod run;
mod schema;

pub use run::{Finished, Kept, Outcome, Run, Scope};

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::domain::item_id::{ItemId, NoItemId};
use crate::domain::points::Points;
use crate::marks::{Decision, Entry, Given, Mark, Marks};
use crate::report::Report;

/// The file's name in a folder of reports.
pub const FILE: &str = "class.db";

/// How long one program waits for another one that writes.
const PATIENCE: Duration = Duration::from_secs(20);

/// What is wrong with a class's database.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is none yet.
    #[error("{} is not there; run `mlgrade grade` with this folder as --out first", .0.display())]
    Absent(PathBuf),
    /// A later version of the program made it.
    #[error("{} has schema {found}, this version reads up to {known}; update mlgrade", path.display())]
    TooNew {
        /// The file.
        path: PathBuf,
        /// Its schema.
        found: i64,
        /// The latest schema that this version reads.
        known: i64,
    },
    /// A row that no version of the program writes.
    #[error("{}: {what}; restore the file from a copy", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// A run of `grade` was cut off, or is still going on.
    #[error("{}: the last run of `mlgrade grade` did not come to its end, so its grades are not complete; run it again, and it goes on where it was", .0.display())]
    Unfinished(PathBuf),
    /// `SQLite` cannot read or write it.
    #[error("{}: {error}", path.display())]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// What it said.
        error: rusqlite::Error,
    },
}

/// An open database.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    connection: Connection,
}

/// A comment that graders keep for all answers to a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Phrase {
    /// The words.
    pub text: String,
    /// What it adds to the points, or takes from them, in hundredths.
    pub hundredths: i64,
}

/// A student as the store knows them.
#[derive(Debug, Clone, PartialEq)]
pub struct Graded {
    /// What the files of the report are called, without ending.
    pub file: String,
    /// What the program found.
    pub found: Report,
}

impl Store {
    /// Opens the database in `folder`, and makes it if it is not there.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        Self::at(folder.join(FILE))
    }

    /// Opens the database in `folder`, which must be there.
    pub fn existing(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join(FILE);
        if path.is_file() { Self::at(path) } else { Err(StoreError::Absent(path)) }
    }

    fn at(path: PathBuf) -> Result<Self, StoreError> {
        let open = || -> rusqlite::Result<Connection> {
            let connection = Connection::open(&path)?;
            connection.busy_timeout(PATIENCE)?;
            // A write-ahead log needs memory that processes share, which the file systems of clusters do not have.
            connection.pragma_update(None, "journal_mode", "DELETE")?;
            // Whoever is told that a mark is saved can pull the plug.
            connection.pragma_update(None, "synchronous", "FULL")?;
            connection.pragma_update(None, "foreign_keys", true)?;
            Ok(connection)
        };
        let connection = open().map_err(|error| StoreError::Sqlite { path: path.clone(), error })?;
        let mut store = Self { path, connection };
        store.migrate()?;
        Ok(store)
    }

    fn migrate(&mut self) -> Result<(), StoreError> {
        let (found, known) = (self.run(schema::version)?, schema::latest());
        if found > known {
            return Err(StoreError::TooNew { path: self.path.clone(), found, known });
        }
        let path = self.path.clone();
        schema::migrate(&mut self.connection).map_err(|error| StoreError::Sqlite { path, error })
    }

    fn run<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        work(&self.connection).map_err(|error| match error {
            rusqlite::Error::FromSqlConversionFailure(_, _, cause) => StoreError::Damaged { path: self.path.clone(), what: cause.to_string() },
            error => StoreError::Sqlite { path: self.path.clone(), error },
        })
    }

    /// One change, made whole or not at all; another program's waits for it.
    fn change<T>(&mut self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        let change = || -> rusqlite::Result<T> {
            let change = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = work(&change)?;
            change.commit()?;
            Ok(done)
        };
        let done = change();
        done.map_err(|error| StoreError::Sqlite { path: self.path.clone(), error })
    }

    /// What the last run found of each student, by id. A student whom the last run over the whole class did not find is left out.
    pub fn graded(&self) -> Result<Vec<Graded>, StoreError> {
        let mut all = Vec::new();
        self.each(|file, found| -> Result<(), StoreError> {
            all.push(Graded { file, found });
            Ok(())
        })?;
        Ok(all)
    }

    /// The same, one after the other: `take` gets what the files are called and what is read of the report.
    pub fn each<T: DeserializeOwned, E: From<StoreError>>(&self, mut take: impl FnMut(String, T) -> Result<(), E>) -> Result<(), E> {
        self.rows(|row| Ok(take(row.get(0)?, parsed(row.get_ref(1)?.as_str()?)?)))
    }

    /// Each student's last report: the name of its files, its JSON and its key.
    fn rows<E: From<StoreError>>(&self, mut take: impl FnMut(&Row<'_>) -> rusqlite::Result<Result<(), E>>) -> Result<(), E> {
        let query = "SELECT report.file, report.body, report.key FROM student JOIN report ON report.id = \
                     (SELECT max(id) FROM report WHERE report.student = student.id) ORDER BY student.id";
        let outcome = self.run(|connection| {
            let mut statement = connection.prepare(query)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                if let Err(error) = take(row)? {
                    return Ok(Err(error));
                }
            }
            Ok(Ok(()))
        });
        outcome?
    }

    /// Who handed in nothing, by id and name.
    pub fn absent(&self) -> Result<Vec<(String, String)>, StoreError> {
        self.run(|connection| {
            let mut statement = connection.prepare("SELECT id, name FROM absent ORDER BY id")?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect()
        })
    }

    /// How many reports are kept, earlier ones included.
    pub fn count_of_reports(&self) -> Result<i64, StoreError> {
        self.run(|connection| connection.query_row("SELECT count(*) FROM report", [], |row| row.get(0)))
    }

    /// Whether a person has released the grades to the students or withheld them; `None` if nobody has decided that.
    pub fn released(&self) -> Result<Option<bool>, StoreError> {
        let query = "SELECT released FROM release ORDER BY id DESC LIMIT 1";
        self.run(|connection| connection.query_row(query, [], |row| row.get(0)).optional())
    }

    /// Releases the grades to the students, or withholds them again.
    pub fn release(&mut self, at: Timestamp, released: bool) -> Result<(), StoreError> {
        self.run(|connection| connection.execute("INSERT INTO release (at, released) VALUES (?, ?)", params![at.to_string(), released]))?;
        Ok(())
    }

    /// The number of the last run.
    pub fn last_run(&self) -> Result<Option<i64>, StoreError> {
        self.run(|connection| connection.query_row("SELECT max(id) FROM run", [], |row| row.get(0)))
    }

    /// The comments that graders keep for a question, in the order of their words.
    pub fn phrases(&self, item: &ItemId) -> Result<Vec<Phrase>, StoreError> {
        self.run(|connection| {
            let mut statement = connection.prepare("SELECT text, points FROM phrase WHERE item = ? ORDER BY text")?;
            let rows = statement.query_map([item.as_str()], |row| Ok(Phrase { text: row.get(0)?, hundredths: row.get(1)? }))?;
            rows.collect()
        })
    }

    /// Keeps a comment for a question, or gives it other points.
    pub fn keep_phrase(&mut self, item: &ItemId, phrase: &Phrase) -> Result<(), StoreError> {
        self.run(|connection| {
            connection.execute("INSERT OR REPLACE INTO phrase (item, text, points) VALUES (?, ?, ?)", params![item.as_str(), phrase.text, phrase.hundredths])
        })
        .map(drop)
    }

    /// All marks that count.
    pub fn marks(&self) -> Result<Marks, StoreError> {
        self.all_marks().map(Marks::new)
    }

    /// All marks, those that were withdrawn too, in the order in which they were made.
    pub fn all_marks(&self) -> Result<Vec<Mark>, StoreError> {
        let query = "SELECT id, at, grader, student, item, decision, points, until, withdraws, comment, evidence FROM mark ORDER BY id";
        self.run(|connection| connection.prepare(query)?.query_map([], mark)?.collect())
    }

    /// Keeps `entries`, all or none, and gives their numbers. When this returns they are on disk.
    pub fn add(&mut self, at: Timestamp, entries: &[Entry]) -> Result<Vec<i64>, StoreError> {
        self.change(|change| entries.iter().map(|entry| insert(change, at, entry)).collect())
    }
}

fn insert(change: &Connection, at: Timestamp, entry: &Entry) -> rusqlite::Result<i64> {
    let decision = &entry.decision;
    let (points, evidence) = decision.given().map(|given| (given.points.hundredths(), &given.evidence)).unzip();
    let until = if let Decision::Extension(until) = decision { Some(until.to_string()) } else { None };
    let withdraws = if let Decision::Withdrawn(mark) = decision { Some(*mark) } else { None };
    change.execute(
        "INSERT INTO mark (at, grader, student, item, decision, points, until, withdraws, comment, evidence) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        params![
            at.to_string(),
            entry.grader,
            entry.student,
            decision.item().map(ItemId::as_str),
            decision.word(),
            points,
            until,
            withdraws,
            entry.comment,
            evidence
        ],
    )?;
    Ok(change.last_insert_rowid())
}

/// A row of the marks.
fn mark(row: &Row<'_>) -> rusqlite::Result<Mark> {
    let item = row.get::<_, Option<String>>("item")?.map(|text| text.parse().map_err(|error: NoItemId| damaged(error.to_string()))).transpose()?;
    let needed = |item: Option<ItemId>| item.ok_or_else(|| damaged("a mark names no item".to_owned()));
    let given = |item: Option<ItemId>| -> rusqlite::Result<Given> {
        let evidence = row.get::<_, Option<String>>("evidence")?.unwrap_or_default();
        Ok(Given { item: needed(item)?, points: Points::from_hundredths(row.get("points")?), evidence })
    };
    let time = |text: String| text.parse::<Timestamp>().map_err(|_| damaged(format!("`{text}` is no time")));
    let decision = match row.get::<_, String>("decision")?.as_str() {
        "points" => Decision::Points(given(item)?),
        "settled" => Decision::Settled(given(item)?),
        "comment" => Decision::Comment(item),
        "excused" => Decision::Excused(item),
        "extension" => Decision::Extension(time(row.get("until")?)?),
        "reopened" => Decision::Reopened(needed(item)?),
        "withdrawn" => Decision::Withdrawn(row.get("withdraws")?),
        other => return Err(damaged(format!("`{other}` is no kind of mark"))),
    };
    let entry = Entry { grader: row.get("grader")?, student: row.get("student")?, decision, comment: row.get("comment")? };
    Ok(Mark { id: row.get("id")?, at: time(row.get("at")?)?, entry })
}

fn parsed<T: DeserializeOwned>(body: &str) -> rusqlite::Result<T> {
    serde_json::from_str(body).map_err(|error| damaged(format!("a report cannot be read: {error}")))
}

fn damaged(what: String) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, what.into())
}

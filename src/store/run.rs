//! Runs of `grade`. Reports are committed while a run goes on, so that one that is cut off is gone on with.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Store, StoreError};

/// What a run of `grade` is made with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// When it began.
    pub at: Timestamp,
    /// The program's version.
    pub program: String,
    /// A hash of all that reports depend on beside the submissions.
    pub key: String,
    /// A hash of the program's file.
    pub build: String,
    /// The rubric's id and the short hash of its text.
    pub rubric: (String, String),
    /// The short hash of its lock.
    pub lock: Option<String>,
}

/// How much of a class a run is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// All of it: whoever it does not find is no longer in the class, but stays in the history.
    Class {
        /// Who is on the roster and handed in nothing, by id and name.
        absent: Vec<(String, String)>,
    },
    /// A single submission.
    One,
}

/// A student with whom a run is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// The student's id.
    pub student: String,
    /// The name that is known.
    pub name: Option<String>,
    /// What the files of the report are called, without ending.
    pub file: String,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was judged.
    Judged {
        /// The report as JSON.
        body: String,
        /// The hash of all that it depends on; `None` if it is to be judged again next time.
        key: Option<String>,
        /// What else its files were written from; `None` if they could not be written.
        stamp: Option<String>,
    },
    /// It is as it was when it was judged before.
    Unchanged,
}

/// What is kept of a student from earlier runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// What the files of the last report are called, without ending.
    pub file: String,
    /// The hash of all that it depends on.
    pub key: Option<String>,
    /// What else its files were written from, if they are of the last report.
    pub stamp: Option<String>,
}

impl Store {
    /// Begins a run and gives its number.
    pub fn begin(&mut self, run: &Run) -> Result<i64, StoreError> {
        self.change(|change| {
            change.execute(
                "INSERT INTO run (at, program, key, build, rubric, rubric_digest, lock_digest) VALUES (?, ?, ?, ?, ?, ?, ?)",
                params![run.at.to_string(), run.program, run.key, run.build, run.rubric.0, run.rubric.1, run.lock],
            )?;
            let run = change.last_insert_rowid();
            // A run that was cut off may have written files of which it could keep nothing.
            change.execute("DELETE FROM page WHERE EXISTS (SELECT 1 FROM run WHERE finished IS NULL AND id < ?)", [run])?;
            // A shard is complete again when the run is.
            change.execute("DELETE FROM part", [])?;
            Ok(run)
        })
    }

    /// Notes which layers of isolation the run has.
    pub fn isolated_by(&mut self, run: i64, layers: &str) -> Result<(), StoreError> {
        self.change(|change| change.execute("UPDATE run SET isolation = ? WHERE id = ?", params![layers, run]).map(drop))
    }

    /// Keeps what the run found of some students, of all or of none. A report that is the same as the student's last one is not kept twice.
    pub fn commit(&mut self, run: i64, finished: &[Finished]) -> Result<(), StoreError> {
        self.change(|change| finished.iter().try_for_each(|one| keep(change, run, one)))
    }

    /// Ends the run: the class is complete.
    pub fn finish(&mut self, run: i64, at: Timestamp, scope: &Scope) -> Result<(), StoreError> {
        self.change(|change| {
            if let Scope::Class { absent } = scope {
                change.execute("DELETE FROM page WHERE student IN (SELECT id FROM student WHERE run <> ?)", [run])?;
                change.execute("DELETE FROM student WHERE run <> ?", [run])?;
                change.execute("DELETE FROM absent", [])?;
                for (id, name) in absent {
                    change.execute("INSERT OR REPLACE INTO absent (id, name) VALUES (?, ?)", params![id, name])?;
                }
                // It includes whatever runs were cut off before it.
                change.execute("UPDATE run SET finished = ? WHERE finished IS NULL AND id < ?", params![at.to_string(), run])?;
            }
            change.execute("UPDATE run SET finished = ? WHERE id = ?", params![at.to_string(), run]).map(drop)
        })
    }

    /// What the last run was made with.
    pub fn last_made_with(&self) -> Result<Option<Run>, StoreError> {
        let query = "SELECT at, program, build, rubric, rubric_digest, lock_digest, key FROM run ORDER BY id DESC LIMIT 1";
        let run = |row: &rusqlite::Row<'_>| {
            let at: String = row.get(0)?;
            let at = at.parse().map_err(|_| super::damaged(format!("`{at}` is no time")))?;
            let build = row.get::<_, Option<String>>(2)?.unwrap_or_default();
            let key = row.get::<_, Option<String>>(6)?.unwrap_or_default();
            Ok(Run { at, program: row.get(1)?, key, build, rubric: (row.get(3)?, row.get(4)?), lock: row.get(5)? })
        };
        self.run(|connection| connection.query_row(query, [], run).optional())
    }

    /// Each student's last report as it is kept, by id: what its files are called, its JSON and its key.
    pub fn each_kept<E: From<StoreError>>(&self, mut take: impl FnMut(String, String, Option<String>) -> Result<(), E>) -> Result<(), E> {
        self.rows(|row| Ok(take(row.get(0)?, row.get(1)?, row.get(2)?)))
    }

    /// Keeps what a shard has to say beside its reports.
    pub fn describe(&mut self, part: &impl Serialize) -> Result<(), StoreError> {
        self.change(|change| {
            let body = serde_json::to_string(part).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
            change.execute("INSERT OR REPLACE INTO part (id, body) VALUES (1, ?)", [body]).map(drop)
        })
    }

    /// What the shard has to say beside its reports; `None` if it is not complete, or no shard.
    pub fn description<T: DeserializeOwned>(&self) -> Result<Option<T>, StoreError> {
        self.run(|connection| {
            let body: Option<String> = connection.query_row("SELECT body FROM part", [], |row| row.get(0)).optional()?;
            body.map(|body| super::parsed(&body)).transpose()
        })
    }

    /// Forgets that the shard is complete.
    pub fn reopen(&mut self) -> Result<(), StoreError> {
        self.change(|change| change.execute("DELETE FROM part", []).map(drop))
    }

    /// Has these students judged again by the next run.
    pub fn forget(&mut self, students: &[String]) -> Result<(), StoreError> {
        self.change(|change| {
            let forget = "UPDATE report SET key = NULL WHERE student = ?";
            students.iter().try_for_each(|student| change.prepare_cached(forget)?.execute([student]).map(drop))
        })
    }

    /// Takes back a run of which nothing was kept.
    pub fn abandon(&mut self, run: i64) -> Result<(), StoreError> {
        self.change(|change| change.execute("DELETE FROM run WHERE id = ?", [run]).map(drop))
    }

    /// The store if no run of it was cut off.
    pub fn complete(self) -> Result<Self, StoreError> {
        if self.is_cut_off()? { Err(StoreError::Unfinished(self.path)) } else { Ok(self) }
    }

    /// Whether a run was cut off, or is still going on.
    pub fn is_cut_off(&self) -> Result<bool, StoreError> {
        let query = "SELECT EXISTS (SELECT 1 FROM run WHERE finished IS NULL)";
        self.run(|connection| connection.query_row(query, [], |row| row.get(0)))
    }

    /// Whether a run with another key was cut off before the run of this number. Its pictures may lie beside reports of which it kept nothing.
    pub fn is_after_another_cut_off(&self, run: i64) -> Result<bool, StoreError> {
        let query = "SELECT EXISTS (SELECT 1 FROM run, run AS own WHERE own.id = ?1 AND run.id < ?1 AND run.finished IS NULL AND run.key IS NOT own.key)";
        self.run(|connection| connection.query_row(query, [run], |row| row.get(0)))
    }

    /// How many submissions were finished by runs that were cut off.
    pub fn finished_by_cut_off_runs(&self) -> Result<usize, StoreError> {
        let query = "SELECT count(*) FROM student WHERE run IN (SELECT id FROM run WHERE finished IS NULL)";
        let count: i64 = self.run(|connection| connection.query_row(query, [], |row| row.get(0)))?;
        Ok(usize::try_from(count).unwrap_or_default())
    }

    /// What is kept of each student who is in the class, by id.
    pub fn kept(&self) -> Result<BTreeMap<String, Kept>, StoreError> {
        let query = "SELECT student.id, report.file, report.key, page.stamp FROM student JOIN report ON report.id = \
                     (SELECT max(id) FROM report WHERE report.student = student.id) LEFT JOIN page ON page.report = report.id";
        self.run(|connection| {
            let mut statement = connection.prepare(query)?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, Kept { file: row.get(1)?, key: row.get(2)?, stamp: row.get(3)? })))?;
            rows.collect()
        })
    }

    /// Notes what the files of the students' last reports were written from, beside the reports.
    pub fn stamped(&mut self, stamps: &[(String, String)]) -> Result<(), StoreError> {
        let last = "SELECT max(id) FROM report WHERE student = ?";
        self.change(|change| {
            stamps.iter().try_for_each(|(student, stamp)| {
                let report = change.prepare_cached(last)?.query_row([student], |row| row.get(0))?;
                keep_stamp(change, student, report, stamp)
            })
        })
    }
}

fn keep(change: &Connection, run: i64, one: &Finished) -> rusqlite::Result<()> {
    if let Outcome::Judged { body, key, stamp } = &one.outcome {
        let last = "SELECT id, file, body FROM report WHERE student = ? ORDER BY id DESC LIMIT 1";
        let last: Option<(i64, String, String)> =
            change.prepare_cached(last)?.query_row([&one.student], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()?;
        let report = match last {
            Some((id, file, there)) if there == *body && file == one.file => {
                change.prepare_cached("UPDATE report SET key = ? WHERE id = ?")?.execute(params![key, id])?;
                id
            }
            _ => {
                let insert = "INSERT INTO report (run, student, file, body, key) VALUES (?, ?, ?, ?, ?)";
                change.prepare_cached(insert)?.insert(params![run, one.student, one.file, body, key])?
            }
        };
        match stamp {
            Some(stamp) => keep_stamp(change, &one.student, report, stamp)?,
            None => drop(change.prepare_cached("DELETE FROM page WHERE student = ?")?.execute([&one.student])?),
        }
    }
    let there = "INSERT INTO student (id, name, run) VALUES (?1, ?2, ?3) ON CONFLICT (id) DO UPDATE SET name = coalesce(?2, name), run = ?3";
    change.prepare_cached(there)?.execute(params![one.student, one.name, run]).map(drop)
}

fn keep_stamp(change: &Connection, student: &str, report: i64, stamp: &str) -> rusqlite::Result<()> {
    let keep = "INSERT OR REPLACE INTO page (student, report, stamp) VALUES (?, ?, ?)";
    change.prepare_cached(keep)?.execute(params![student, report, stamp]).map(drop)
}

//! The tables, and how an older file gets those of today.

use rusqlite::{Connection, TransactionBehavior};

/// What makes each version from the one before. A version that was released is never changed: a new one is added.
const VERSIONS: &[&str] = &[
    "
CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,            -- RFC 3339
    program TEXT NOT NULL,
    rubric TEXT NOT NULL,
    rubric_digest TEXT NOT NULL,
    lock_digest TEXT
) STRICT;

-- What the program found, without what people decided. Only what differs from the student's report before is added.
CREATE TABLE report (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run (id),
    student TEXT NOT NULL,
    file TEXT NOT NULL,          -- the name of its files, without ending
    body TEXT NOT NULL           -- JSON, schema 2
) STRICT;
CREATE INDEX report_of_student ON report (student, id);

CREATE TABLE student (
    id TEXT PRIMARY KEY,
    name TEXT,
    run INTEGER NOT NULL REFERENCES run (id)
) STRICT;

-- Who is on the roster and handed in nothing.
CREATE TABLE absent (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL
) STRICT;

-- When the course has released its grades to the students, and when it has withheld them again. The last row counts.
CREATE TABLE release (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,            -- RFC 3339
    released INTEGER NOT NULL CHECK (released IN (0, 1))
) STRICT;

-- What people decided. Rows are only ever added.
CREATE TABLE mark (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,            -- RFC 3339
    grader TEXT NOT NULL,
    student TEXT NOT NULL,
    item TEXT,                   -- part/item; null where it is about the whole submission
    decision TEXT NOT NULL CHECK (decision IN ('points', 'settled', 'comment', 'excused', 'extension', 'reopened', 'withdrawn')),
    points INTEGER,              -- hundredths
    until TEXT,                  -- RFC 3339, of an extension
    withdraws INTEGER REFERENCES mark (id),
    comment TEXT NOT NULL,
    evidence TEXT                -- the hash of what was marked
) STRICT;
-- Comments that graders keep for all answers to a question.
CREATE TABLE phrase (
    item TEXT NOT NULL,
    text TEXT NOT NULL,
    points INTEGER NOT NULL,     -- hundredths that it adds or takes
    PRIMARY KEY (item, text)
) STRICT;
CREATE TRIGGER mark_is_never_changed BEFORE UPDATE ON mark BEGIN SELECT RAISE(ABORT, 'marks are only added'); END;
CREATE TRIGGER mark_is_never_deleted BEFORE DELETE ON mark BEGIN SELECT RAISE(ABORT, 'marks are only added'); END;
",
    "
-- A run commits reports as they are made, and is finished when the class is complete.
ALTER TABLE run ADD COLUMN key TEXT;        -- a hash of all that its reports depend on beside the submissions
ALTER TABLE run ADD COLUMN build TEXT;      -- a hash of the program's file
ALTER TABLE run ADD COLUMN isolation TEXT;  -- the layers that kept submissions from harming anybody
ALTER TABLE run ADD COLUMN finished TEXT;   -- RFC 3339
UPDATE run SET finished = at;
-- A hash of all that a report depends on. While it is the same, the submission is not judged again.
ALTER TABLE report ADD COLUMN key TEXT;
-- What the files of a student's report were last written from.
CREATE TABLE page (
    student TEXT PRIMARY KEY,
    report INTEGER NOT NULL REFERENCES report (id),
    stamp TEXT NOT NULL          -- a hash of what else went into them
) STRICT;
-- What a shard of a class keeps beside its reports.
CREATE TABLE part (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    body TEXT NOT NULL           -- JSON
) STRICT;
",
];

/// The version of an open file: 0 for a new one.
pub(super) fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// The version that this program writes.
pub(super) fn latest() -> i64 {
    i64::try_from(VERSIONS.len()).unwrap_or(i64::MAX)
}

/// Brings the file to the latest version, all of it or nothing. Two programs may try at once.
pub(super) fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    if version(connection)? >= latest() {
        return Ok(());
    }
    let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done = usize::try_from(version(&change)?).unwrap_or(VERSIONS.len());
    for step in VERSIONS.iter().skip(done) {
        change.execute_batch(step)?;
    }
    change.pragma_update(None, "user_version", latest())?;
    change.commit()
}

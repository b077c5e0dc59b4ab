//! `mlgrade export canvas` and `moodle`: a gradebook's own file, filled.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::From;
use crate::cli::say::{complain, say};
use crate::cli::{Exit, load, write};
use crate::domain::diagnostic::Diagnostic;
use crate::domain::limits;
use crate::domain::points::Points;
use crate::domain::text::plain;
use crate::evidence::encoding;
use crate::evidence::source::Source;
use crate::report::Report;
use crate::report::export::canvas::{self, Gradebook};
use crate::report::export::moodle::{self, Line, Worksheet};
use crate::report::export::sheet::Sheet;
use crate::report::export::ungraded;
use crate::submission::Roster;

/// Canvas's gradebook: its export, with the column of an assignment filled.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  mlgrade export canvas --gradebook CANVAS.csv --assignment \"HW2 (123)\" --out upload.csv\n  mlgrade export canvas --reports reports/hw2 --gradebook CANVAS.csv --assignment 123 --out upload.csv --partial\n\nThe file has the columns that identify a student, and the assignment's. A student who is excused gets EX. A student without a report keeps what is there."
)]
pub(super) struct Canvas {
    #[command(flatten)]
    from: From,
    /// What Canvas exports: Grades, Export, Export Entire Gradebook
    #[arg(long, value_name = "CSV")]
    gradebook: PathBuf,
    /// The assignment's column: its header "HW2 (123)", its id or its title
    #[arg(long)]
    assignment: String,
    /// Where the file for Canvas's import goes
    #[arg(long, value_name = "CSV")]
    out: PathBuf,
    /// Write it although items are ungraded; those students keep what is there
    #[arg(long)]
    partial: bool,
}

/// Moodle's offline grading worksheet, with grades and feedback comments filled.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  mlgrade export moodle --worksheet WORKSHEET.csv --out upload.csv\n\nThe feedback has what the student may read. A student who is excused keeps the grade that is there: Moodle has no grade for it."
)]
pub(super) struct Moodle {
    #[command(flatten)]
    from: From,
    /// What Moodle gives as "Download grading worksheet"
    #[arg(long, value_name = "CSV")]
    worksheet: PathBuf,
    /// Where the file for "Upload grading worksheet" goes
    #[arg(long, value_name = "CSV")]
    out: PathBuf,
    /// Write it although items are ungraded; those students keep what is there
    #[arg(long)]
    partial: bool,
}

pub(super) fn canvas(args: &Canvas) -> Result<Exit> {
    let (text, roster) = opened(&args.gradebook)?;
    let gradebook = Gradebook::new(Sheet::read(&args.gradebook.display().to_string(), &text)?, &args.assignment)?;
    let Some(placed) = Placed::of(&args.from.reports, &roster, args.partial)? else { return Ok(Exit::Usage) };
    let cells: BTreeMap<usize, String> = placed.graded().map(|(row, report)| (row, canvas::cell(report))).collect();
    write::whole(&args.out, &gradebook.filled(&cells)?)?;
    placed.tell(&roster, &args.gradebook, gradebook.worth());
    Ok(placed.end(&args.out, cells.len()))
}

pub(super) fn moodle(args: &Moodle) -> Result<Exit> {
    let (text, roster) = opened(&args.worksheet)?;
    let worksheet = Worksheet::new(Sheet::read(&args.worksheet.display().to_string(), &text)?)?;
    let Some(placed) = Placed::of(&args.from.reports, &roster, args.partial)? else { return Ok(Exit::Usage) };
    let lines: BTreeMap<usize, Line> = placed.graded().map(|(row, report)| (row, moodle::line(report))).collect();
    write::whole(&args.out, &worksheet.filled(&lines)?)?;
    placed.tell(&roster, &args.worksheet, worksheet.worth());
    if !worksheet.has_feedback() {
        say!("no feedback is written: the worksheet has no column \"Feedback comments\"; turn on feedback comments in the assignment");
    }
    let excused: Vec<&str> = placed.graded().filter(|(_, report)| report.excused).map(|(_, report)| report.student.as_str()).collect();
    if !excused.is_empty() {
        say!("excused, so the grade stays as it was: {}", plain(&excused.join(", ")));
    }
    Ok(placed.end(&args.out, lines.len()))
}

/// The text of a gradebook, and its students.
fn opened(path: &Path) -> Result<(String, Roster), anyhow::Error> {
    let name = path.display().to_string();
    let bytes = Source::Disk(path.to_path_buf()).read(&name, limits::ROSTER_BYTES).map_err(|absent| absent.diagnostic().clone())?;
    let unreadable = |fault: String| Diagnostic::error(crate::domain::diagnostic::Code::DataMalformed, fault).in_file(name.clone());
    let text = encoding::text(&bytes).map_err(|fault| unreadable(fault.clone()).help("save it as CSV UTF-8".to_owned()))?.into_owned();
    let roster = Roster::read(&name, text.as_bytes())?;
    Ok((text, roster))
}

/// The reports of a class, each at its line of a gradebook.
struct Placed {
    by_row: BTreeMap<usize, Report>,
    /// Those without a line, each with the reason.
    unplaced: Vec<String>,
    /// Lines that several reports are of.
    contested: BTreeSet<usize>,
    /// What does not quite fit.
    doubts: Vec<String>,
}

impl Placed {
    /// `None`, with a message, while something is ungraded, unless a part is enough.
    fn of(folder: &Path, roster: &Roster, partial: bool) -> Result<Option<Self>> {
        let reports = load::class(folder)?.into_reports();
        if !partial && refuse(&reports) {
            return Ok(None);
        }
        let (mut unplaced, mut doubts) = (Vec::new(), Vec::new());
        let mut claims: BTreeMap<usize, Vec<Report>> = BTreeMap::new();
        for report in reports {
            match roster.of_report(&report.student) {
                Ok((students, doubt)) => {
                    doubts.extend(doubt.map(|doubt| format!("{} {doubt}", report.student)));
                    for student in students {
                        claims.entry(student.row).or_default().push(report.clone());
                    }
                }
                Err(why) => unplaced.push(format!("{} {why}", report.student)),
            }
        }
        let (mut by_row, mut contested) = (BTreeMap::new(), BTreeSet::new());
        for (row, mut reports) in claims {
            match (reports.pop(), reports.is_empty()) {
                (Some(report), true) => {
                    by_row.insert(row, report);
                }
                (last, _) => {
                    let names: Vec<String> = reports.into_iter().chain(last).map(|report| report.student).collect();
                    let whose = roster.students().iter().find(|student| student.row == row).map_or("one student", |student| &student.name);
                    contested.insert(row);
                    unplaced.push(format!("{} are all of {whose}; take all but one out and grade the class again", names.join(", ")));
                }
            }
        }
        Ok(Some(Self { by_row, unplaced, contested, doubts }))
    }

    /// The lines that are filled.
    fn graded(&self) -> impl Iterator<Item = (usize, &Report)> {
        self.by_row.iter().filter(|(_, report)| ungraded(report).next().is_none()).map(|(row, report)| (*row, report))
    }

    /// Says what is not as a reader would expect.
    fn tell(&self, roster: &Roster, gradebook: &Path, worth: Option<f64>) {
        let gradebook = gradebook.display();
        let without = roster.students().iter().filter(|student| !self.by_row.contains_key(&student.row) && !self.contested.contains(&student.row));
        let without: Vec<String> = without.map(|student| format!("{} ({})", student.name, student.id)).collect();
        let waiting: Vec<String> = self.by_row.values().filter(|report| ungraded(report).next().is_some()).map(|report| report.student.clone()).collect();
        for (names, what) in [
            (without, format!("in {gradebook} without a report, so the cell stays as it was")),
            (waiting, "with ungraded items, so the cell stays as it was".to_owned()),
            (self.doubted(), "graded although it is not known whether the work is late".to_owned()),
        ] {
            if !names.is_empty() {
                say!("{} {what}: {}", names.len(), plain(&names.join(", ")));
            }
        }
        for doubt in &self.doubts {
            say!("{}", plain(doubt));
        }
        // Whoever is excused from an item has fewer points to earn, which a gradebook does not know.
        let mut by_possible: BTreeMap<Points, Vec<&str>> = BTreeMap::new();
        for (_, report) in self.graded().filter(|(_, report)| !report.excused) {
            by_possible.entry(report.score.possible).or_default().push(&report.student);
        }
        let other = |possible: Points| worth.is_some_and(|worth| Points::from_decimal(worth) != Some(possible));
        for (possible, students) in by_possible.iter().filter(|(possible, _)| other(**possible)) {
            let worth = worth.unwrap_or_default();
            say!("{gradebook} says {worth} points, and these reports {possible}: {}", plain(&students.join(", ")));
        }
        for line in &self.unplaced {
            complain!("error: {}", plain(&format!("{line}; its grade is not in the file")));
        }
    }

    fn doubted(&self) -> Vec<String> {
        let doubted = |(_, report): &(usize, &Report)| report.timing.as_ref().is_some_and(|timing| timing.doubt.is_some());
        self.graded().filter(doubted).map(|(_, report)| report.student.clone()).collect()
    }

    fn end(&self, out: &Path, filled: usize) -> Exit {
        say!("wrote {}: {filled} filled", out.display());
        if self.unplaced.is_empty() { Exit::Fine } else { Exit::Ungradable }
    }
}

/// Names what is ungraded, and says whether anything is.
fn refuse(reports: &[Report]) -> bool {
    let waiting = |report: &Report| {
        let items: Vec<String> = ungraded(report).map(|item| format!("{} ({})", item.id, item.verdict.words())).collect();
        (!items.is_empty()).then(|| format!("  {}: {}", report.student, items.join(", ")))
    };
    let lines: BTreeSet<String> = reports.iter().filter_map(waiting).collect();
    if lines.is_empty() {
        return false;
    }
    complain!("error: {} of {} students have ungraded items, so nothing is written", lines.len(), reports.len());
    for line in &lines {
        complain!("{}", plain(line));
    }
    complain!("help: mark them (`mlgrade marks --export marks.csv`, then `--import`), or write the other students' grades with --partial");
    true
}

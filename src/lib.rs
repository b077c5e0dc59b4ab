//! mlgrade grades machine-learning homework.
//!
//! A *rubric* (TOML) has parts, each with items; an item has points and one check. Our own *reference* runs every part with a fixed
//! seed, and its evidence is pinned in a *lock*. A *submission* is a bag of named, lazily decoded evidence: numbers, series, texts,
//! rules, figures, predictions. Each *check* judges evidence against reference and data, and gives a *finding*: a verdict with its
//! reason. Findings make a *report*, and a report has views: terminal, JSON, Markdown, CSV, and one for the student that cannot
//! hold what a student may not see. Beside the grades, [`similar`] tells a course what submissions of a class have in common.
//!
//! One idea carries the design: a reference run is a submission whose author is the grader. So one path, [`course::Course::grade`], judges a
//! student against the reference and verifies the reference against the rubric.
//!
//! ```text
//! rubric ─────────┐
//! submission ─────┼──▶ grade ──▶ report ──▶ views
//! reference ──────┘
//! ```
//!
//! Grading in a program:
//!
//! ```
//! use mlgrade::course::Course;
//! use mlgrade::submission::Submission;
//!
//! let course = Course::open(Some("cs441-hw2"))?; // its lock must be of this rubric and of its data
//! let files = [("metrics.toml".to_owned(), b"best_depth = 8".to_vec())]; // or `Submission::open` for a folder or an archive
//! let report = course.grade(&Submission::of_files("ada", files));
//! let item = report.items.iter().find(|item| item.id == "mnist/improved-error").unwrap();
//! assert_eq!(item.reason, "`improved.val_error`: not found in metrics.toml");
//! # Ok::<(), mlgrade::course::CourseError>(())
//! ```
//!
//! What does not need rubrics or submissions is in crates of its own, which this one re-exports: [`figure`] reads plots, [`network`] runs
//! networks, [`metrics`] says what predictions are worth, [`pdf`] reads pages, [`evidence`] has what was handed in, [`mod@reference`] our own implementations; [`data`], [`picture`],
//! [`numpy`] and [`domain`] are below them.

pub mod check;
pub mod cli;
pub mod course;
pub mod draft;
pub mod export;
pub mod golden;
pub mod grade;
pub mod handout;
pub mod lock;
pub mod marks;
pub mod report;
pub mod review;
pub mod rubric;
pub mod similar;
pub mod store;
pub mod submission;
pub mod worker;

pub use mlgrade_data as data;
pub use mlgrade_domain as domain;
pub use mlgrade_evidence as evidence;
pub use mlgrade_figure as figure;
pub use mlgrade_metrics as metrics;
pub use mlgrade_network as network;
pub use mlgrade_numpy as numpy;
pub use mlgrade_pdf as pdf;
pub use mlgrade_picture as picture;
pub use mlgrade_reference as reference;

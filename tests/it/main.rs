//! Integration tests by theme. Run them with `cargo test --release --test it`.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod architecture;
mod chaffs;
mod class;
mod commands;
mod common;
mod downloads;
mod figure_files;
mod figures;
mod gate;
mod honest;
mod hostile;
mod hostile_archives;
mod hostile_files;
mod hostile_networks;
mod hostile_notebooks;
mod hostile_pdf;
mod hostile_predictions;
mod kinds;
mod lab;
mod laws;
mod lint;
mod networks;
mod notebooks;
mod orders;
mod pdf;
mod peers;
mod pictures;
mod predictions;
mod relations;
mod reports;
mod rubric_faults;
mod similar;
mod student_view;
mod trees;
mod wrappings;

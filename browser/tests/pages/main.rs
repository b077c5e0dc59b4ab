//! mlgrade's pages as a person uses them, in Chromium. `.ci/run` installs the browser, its driver and axe-core.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first thing that is not as it should be")]

mod browser;
mod class;
mod reports;
mod review;

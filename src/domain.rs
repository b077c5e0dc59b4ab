//! The vocabulary every room shares: points, numbers, tolerances, verdicts, seeds, limits and messages.
//! It imports no other room.

pub mod diagnostic;
pub mod fields;
pub mod late;
pub mod limits;
pub mod linked;
pub mod name;
pub mod number;
pub mod points;
pub mod rounding;
pub mod seed;
pub mod text;
pub mod tolerance;
pub mod units;
pub mod verdict;

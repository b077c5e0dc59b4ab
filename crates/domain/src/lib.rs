//! The vocabulary every room shares: points, numbers, tolerances, verdicts, seeds, limits and messages.
//! It imports no other room.

pub mod answers;
pub mod diagnostic;
pub mod examples;
pub mod fields;
pub mod json;
pub mod late;
pub mod limits;
pub mod linked;
pub mod name;
pub mod number;
pub mod part;
pub mod points;
pub mod rounding;
pub mod seed;
pub mod table;
pub mod text;
pub mod tolerance;
pub mod units;
pub mod value;
pub mod verdict;

//! Matrices: the grid of their cells, the numbers printed in them, and what both say of a claim.

use mlgrade_picture::Picture;

use crate::matrix::Claim;
use crate::reading::Reading;
use crate::reason::Doubt;
use crate::reason::matrix::Open;

/// Holds a claim against one matrix of the picture, or against that which shows it best.
pub(super) fn read(_: &Picture, _: &Claim, _: Option<usize>) -> Reading {
    Reading::unread(Doubt::Matrix(Open::None), 0)
}

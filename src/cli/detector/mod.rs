//! The commands of the face detector.

pub(super) mod evaluate;
pub(super) mod quantize;
pub(super) mod train;

//! Tensor → probabilities.

pub mod input;

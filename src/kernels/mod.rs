//! What burn's layers compute, forwards and backwards, by hand on the CPU.

mod backend;
mod cpu;
mod flex;
mod map;
mod reference;
mod spec;

pub use map::{FeatureMap, use_reference};

//! What burn's layers compute while they train, forwards and backwards, by hand on the CPU.
//!
//! A layer hands on a [`FeatureMap`]: what its convolution gave, with normalization, activation and
//! channel gate still to be done. Whoever reads the map does them to what is in the cache anyway, so
//! a map is written once and read once forwards, and backwards its gradient is written once and read
//! once. Layers know nothing of this; each calls one operation of `backend`, a trait that burn
//! dispatches by its `extension` feature:
//!
//! | backend | what runs |
//! |---|---|
//! | Flex, burn's CPU | `flex`: operands and gradients, over the kernels of `cpu` |
//! | Cube: Vulkan, CUDA | `reference`: burn's own differentiable operations; also what the tests hold the kernels to |
//!
//! `cpu` knows slices only. Maps lie as `[batch, height, width, channels]`, channels padded to whole
//! vectors. A batch is cut into parts by its size alone and their sums come together in order, so a
//! run is the same to the bit for any number of threads.

pub mod adamw;
pub mod average;
mod backend;
mod cpu;
mod flex;
mod map;
mod parts;
mod reference;
mod spec;

pub use map::{FeatureMap, use_reference};

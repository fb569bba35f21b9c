//! The hot path: a trained network as a list of steps, and the engines that compute it.
//!
//! [`plan`] is what a network is once nothing is left to learn: convolutions with normalization
//! folded in, gates, pools. [`cpu`] computes it with SIMD on the calling thread, [`gpu`] with WGSL
//! kernels in one submission. Both are held to a plain reading of every operation, and plans to
//! burn's forward pass for whole networks.

pub mod cpu;
pub mod gpu;
pub mod plan;
pub mod program;

#[cfg(test)]
pub mod reference;

pub use self::plan::Plan;
pub use self::program::{EngineError, Processor, Program};

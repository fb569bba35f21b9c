//! The hot path: a trained network as a list of steps, and the engines that compute it.
//!
//! [`plan`] is a trained network for inference: convolutions with normalization folded in, gates,
//! pools. [`cpu`] computes it with SIMD on the calling thread, the room `gpu` with WGSL kernels. Both
//! are tested against [`mod@reference`], a plain implementation of every kernel, and whole plans
//! against burn's forward pass. [`race`] lets the faster of two engines compute.

pub mod cpu;
pub mod error;
pub mod plan;
pub mod program;
pub mod race;
pub mod reference;

pub use self::error::EngineError;
pub use self::plan::Plan;
pub use self::program::{Outputs, Program};

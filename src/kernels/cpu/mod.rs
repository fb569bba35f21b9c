//! The kernels on the CPU, on slices.
pub mod dense;
pub mod depthwise;
pub mod gate;
pub mod gradient;
pub mod planes;
pub mod pointwise;
pub mod pool;
pub mod product;
pub mod scratch;
pub mod separable;
pub mod slices;
pub mod source;
pub mod stream;

#[cfg(test)]
mod tests;

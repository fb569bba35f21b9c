//! The engine on the processor: SIMD on the calling thread, natively and in the browser.
//!
//! [`CpuProgram`] packs the weights of a plan once and keeps its memory between calls. Maps have
//! their channels padded to a whole number of vectors, so that no kernel has a remainder. Each
//! kernel is one source for every instruction set, see [`crate::platform::simd`]:
//!
//! | kernel | computes |
//! |---|---|
//! | `product` | every dense convolution, as a matrix product |
//! | `arrange` | maps that a product cannot read in place: gated, or with zeros around |
//! | `depthwise` | convolutions with one filter per channel |
//! | `gate` | means and the two small layers of a channel gate |
//! | `spatial` | the spatial gate, pools, sums of maps |
//! | `activate` | what is more than a clamp; the kernels that write clamp and add themselves |
//!
//! # What was measured
//!
//! EfficientNet-B0 on 96 × 96 pixels (70 million products of weights), one image, one core of an
//! AMD EPYC with AVX2: `make bench` puts it beside ONNX Runtime, and the README has its table. What
//! follows was measured beside other work, the best of several hundred forwards with random weights
//! of the same shapes.
//!
//! Of a native forward 77 % are 1 × 1 convolutions, 15 % depthwise ones, 7 % channel gates, 1 % the
//! first convolution. Products run at 50 billion a second, the most that the core can, as long as
//! the weights are in the second cache, and at 20 to 29 where 16 MB of them stream past maps of 3 ×
//! 3 pixels. In the browser they run at 16, with relaxed SIMD at 20; the least times of its steps,
//! each repeated by itself, add up to 4.6 and 3.8 ms. The detector on 160 × 128 pixels takes 0.3 ms
//! natively, 0.9 in the browser.
//!
//! - Tiles of 6 rows by 2 vectors with AVX2, and of 3 by 3 for 24 and 40 channels, which two
//!   vectors do not divide: 47 to 50 billion, against 44 with a panel of one vector at the end.
//!   Four rows by three spill one sum: 22.
//! - Unrolling the depth by four: as fast natively; in browsers, whose compiler then keeps sums in
//!   memory, products took 1.2 times as long, with relaxed SIMD 1.5 times. Left out.
//! - Tiles as functions of their own: no effect. Building without LLVM's loop-strength reduction,
//!   so that addresses fold into loads: 1 % of a forward in the browser, for a flag of the whole
//!   build. Left out.
//! - Relaxed SIMD: a forward in 4.8 ms instead of 5.6, 0.86 of the time, products in 0.8. It takes
//!   a second build, since engines without it refuse the file.
//! - Border pixels in bundles of four vectors: depthwise 5 × 5 in 0.73 of the time in the browser,
//!   0.9 natively.
//! - Threads were not tried.

mod activate;
mod arrange;
mod buffer;
mod depthwise;
mod gate;
mod product;
mod program;
mod spatial;

#[cfg(test)]
mod tests;

pub use self::program::CpuProgram;

pub use self::activate::sigmoid;
pub use self::buffer::{Buffer, padded};

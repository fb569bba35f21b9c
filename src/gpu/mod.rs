//! A plan on a GPU, by WebGPU: every operation is a kernel in WGSL, which burn-wgpu launches.
//!
//! [`GpuProgram`] is the way in. A plan becomes `kernel`s with packed weights (`pack`) and, for
//! each size of input, a list of dispatches over shared buffers (`schedule`); a `session` has the
//! buffers and records the dispatches once as a graph, which burn-wgpu replays for each input. A
//! forward pass is one write, one replay, and one read, which burn-wgpu submits by itself. Only what
//! every WebGPU device can do is used, and in a browser timestamp queries, which burn-wgpu needs.
//!
//! # What was tried
//!
//! EfficientNet-B0 at 96 × 96, one image, in Chromium's software GPU (SwiftShader), the least of 20
//! to 40 forwards. Two cores were busy with other work and the steps were timed one after the
//! other, not alternately: the same code gave 69 to 102 ms, so smaller differences say nothing.
//! Where no effect stands, it was not measured by itself.
//!
//! | what | effect |
//! |---|---|
//! | tiles of 4 pixels by 2 quads, sums over the channels shared by 8 invocations on small maps | 667 ms |
//! | together: no barriers in products where a program plays the GPU, tiles of 12 × 4, tiles numbered in one dimension so that narrow layers fill their workgroups, gate with 16 invocations instead of 256, depthwise tiles of 3 rows | 86 ms, but the first forward takes 39 s instead of 14 s: to compile |
//! | together: one activation a pipeline, large tiles finished in a loop, the depthwise kernel's rows in a loop, tiles of 9 × 4 (9 divides the maps of every stage: two pipelines fewer) | first forward 7 to 12 s, later ones 69 to 102 ms; natively 2.2 s of processor time to compile, of 6.4 s with depthwise tiles of 2 rows and 12 × 4 |
//! | no zeros written to workgroup memory first (native only) | 1.2 s to compile instead of 2.2 s |
//!
//! The tiles for real GPUs share sums over the channels where a map is small, because there a
//! dispatch waits for memory, not for arithmetic. They pass the same tests, but no real GPU has
//! timed them yet.

mod check;
mod device;
mod kernel;
mod pack;
mod program;
mod schedule;
mod session;
mod template;

pub use self::check::WrongKernel;
pub use self::device::Gpu;
pub use self::program::GpuProgram;

#[cfg(test)]
mod tests;

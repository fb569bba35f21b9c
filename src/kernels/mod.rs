//! Hand-written CPU kernels for burn's layers while they train, forwards and backwards.
//!
//! A layer passes on a [`FeatureMap`]: the values of its convolution, with normalization,
//! activation and channel gate still pending. The operation that reads the map applies them while
//! the numbers are in the cache, so a map is written once and read once forwards, and backwards its
//! gradient is written once and read once. Layers need not know this; each calls one operation of
//! `backend`, a trait that burn dispatches by its `extension` feature:
//!
//! | backend | what runs |
//! |---|---|
//! | Flex, burn's CPU | `flex`: operands and gradients, over the kernels of `cpu` |
//! | Cube: Vulkan, CUDA | `reference`: burn's own operations; tests compare the kernels with it |
//!
//! `adamw` and `average` are the optimizer's step and the moving average's, one pass each.
//!
//! `cpu` works on slices only. Maps are `[batch, height, width, channels]`, channels padded to
//! whole vectors. A batch is cut into parts by its size alone and the parts' sums are added in
//! order, so a run is the same to the bit for any number of threads.
//!
//! # What was measured
//!
//! `make bench-train` puts training beside PyTorch; the README has its table. What follows is of
//! one step of `moue` at 96 pixels, batch 64, everything learning, on two hardware threads of one
//! core of an AMD EPYC with AVX2 that reads 7 GB a second. Burn's own operations (`--reference`)
//! train 8 images a second there.
//!
//! | part of the processor's time | backwards | forwards |
//! |---|---|---|
//! | 1 × 1 convolutions | 32 % | 15 % |
//! | depthwise convolutions | 17 % | 7 % |
//! | channel gates | 6 % | 1 % |
//! | first convolution | 2 % (both) | |
//! | AdamW, moving average | 1 % | |
//! | everything else: head, spatial gate, loss, the graph, packing and adding up weights | 19 % | |
//!
//! Beside burn's own operations (`--reference`), with the same seed: the first twenty losses of a
//! network with one head agree to 2e-4 (96 pixels, five blocks frozen). With two heads and
//! everything learning, on FER2013 and FER+'s votes at 64 pixels, rounding grows faster:
//!
//! | seed | first ten losses | first twenty | mean of steps 251 to 300 | with the reference |
//! |---|---|---|---|---|
//! | 1 | 0.0008 | 0.0026 | 2.692 | 2.687 |
//! | 2 | 0.0021 | 0.0063 | 2.679 | 2.673 |
//! | 3 | 0.0004 | 0.0023 | 2.663 | 2.669 |
//!
//! Two epochs of seed 1 end at 53.6 % of PublicTest's labels with the kernels and at 54.1 % with
//! the reference, after 8 minutes and after 61 beside other work.
//!
//! Tried, with what it brought. The machine had other work, so only large differences count:
//!
//! - Normalization, activation and gate pending until the map is read: part of the design from the
//!   beginning, not measured apart.
//! - Depthwise convolutions by bands of lines with all channels, not by blocks of channels of whole
//!   maps, and large maps written past the caches: a depthwise layer of 48 × 48 × 96 with stride 2
//!   in 8 ms instead of 18 forwards, in 21 instead of 38 backwards.
//! - Rows of a product's operands that are no large power of two apart: a 3 × 3 convolution of 512
//!   channels on 6 × 6 pixels backwards in 291 ms instead of 497.
//! - Several small maps together in one product, and the wider operand of a weight gradient on the
//!   right: no difference beyond noise.
//! - The input gradient of stride 2 from a map with zeros between, with the forward kernel: four
//!   times the sums of a kernel that reads only the taps that count.
//! - Huge pages (`madvise`) for the maps: no effect, and twice the time at first touch. Left out.
//! - aarch64: `cpu` compiled for it and run by qemu-user agrees with plain loops to 2e-5 in all of
//!   120 comparisons; its speed was not measured.
//! - AVX-512: not tried, for want of a machine that has it.

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

//! Vectors of numbers as wide as the processor's, and the one place that chooses the width.
//!
//! A [`SimdKernel`] is written once, for any [`Lanes`]. [`Level::run`] compiles it for each
//! instruction set that the target can have and calls the one that this machine has: on x86-64 AVX2
//! with FMA is asked for at run time, in a browser the build decides.

#[cfg(not(target_arch = "x86_64"))]
mod baseline;
#[cfg(not(target_feature = "simd128"))]
mod portable;
#[cfg(target_feature = "simd128")]
mod simd128;
#[cfg(target_arch = "x86_64")]
mod x86_64;

#[cfg(not(target_feature = "simd128"))]
use portable::Four;
#[cfg(target_feature = "simd128")]
use simd128::Four;

#[cfg(not(target_arch = "x86_64"))]
pub use baseline::Level;
#[cfg(target_arch = "x86_64")]
pub use x86_64::Level;

/// A register of numbers.
///
/// Only [`Level::run`] uses the implementations, after it has made sure that the machine has their
/// instructions. Everything a kernel calls must be `#[inline(always)]`: what is not inlined into
/// [`Level::run`] is compiled without those instructions.
pub trait Lanes: Copy {
    /// Numbers per register, at most [`MOST_LANES`] and a divisor of it.
    const COUNT: usize;
    /// Rows of a tile two registers wide, so that the tile and what it reads fit the registers.
    const TILE_ROWS: usize;

    /// Reads [`Self::COUNT`] numbers.
    ///
    /// # Safety
    /// `from` must be valid for reads of that many numbers.
    unsafe fn load(from: *const f32) -> Self;

    /// Writes [`Self::COUNT`] numbers.
    ///
    /// # Safety
    /// `to` must be valid for writes of that many numbers.
    unsafe fn store(self, to: *mut f32);

    /// As [`Lanes::store`], but past the caches where the machine can and `to` is aligned to 16
    /// bytes: for memory that is not read soon. [`Lanes::fence`] has to follow.
    ///
    /// # Safety
    /// `to` must be valid for writes of [`Self::COUNT`] numbers.
    #[inline(always)]
    unsafe fn stream(self, to: *mut f32) {
        // SAFETY: the caller's promise.
        unsafe { self.store(to) }
    }

    /// Waits until other threads can see what was streamed.
    #[inline(always)]
    fn fence() {}

    /// Returns a vector with `x` everywhere.
    fn splat(x: f32) -> Self;

    /// Computes `self · factor + sum`, rounded once where the machine can without loss of speed.
    #[must_use]
    fn multiply_add(self, factor: Self, sum: Self) -> Self;

    /// Computes `self + other`.
    #[must_use]
    fn add(self, other: Self) -> Self;

    /// Computes `self · other`.
    #[must_use]
    fn multiply(self, other: Self) -> Self;

    /// Returns the larger of each pair, `other` where either is NaN.
    #[must_use]
    fn max(self, other: Self) -> Self;

    /// Returns the smaller of each pair, `other` where either is NaN.
    #[must_use]
    fn min(self, other: Self) -> Self;

    /// Returns `self` where `low < x < high`, 0 elsewhere.
    #[must_use]
    fn where_between(self, x: Self, low: Self, high: Self) -> Self;

    /// Returns the numbers: the first [`Self::COUNT`] are the vector's, the others 0.
    #[inline(always)]
    fn numbers(self) -> [f32; MOST_LANES] {
        let mut numbers = [0.0; MOST_LANES];
        // SAFETY: the array holds at least `COUNT` numbers.
        unsafe { self.store(numbers.as_mut_ptr()) };
        numbers
    }

    /// Applies a function to each number.
    #[inline(always)]
    #[must_use]
    fn map(self, function: impl Fn(f32) -> f32) -> Self {
        let mut numbers = self.numbers();
        for number in &mut numbers[..Self::COUNT] {
            *number = function(*number);
        }
        // SAFETY: the array holds at least `COUNT` numbers.
        unsafe { Self::load(numbers.as_ptr()) }
    }
}

/// The most numbers of any [`Lanes`]: every count of lanes divides it.
pub const MOST_LANES: usize = 8;

/// A computation that is written for any [`Lanes`].
pub trait SimdKernel {
    /// Result of the computation.
    type Output;

    /// Runs the computation. Implementations must be `#[inline(always)]`.
    fn run<V: Lanes>(self) -> Self::Output;
}

/// Name of a [`Level`] where it is recorded: sums are rounded differently on each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Instructions {
    /// The instructions that every machine of the target has.
    Baseline,
    /// AVX2 with FMA, on x86-64.
    Avx2,
}

impl std::fmt::Display for Instructions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Baseline => "baseline",
            Self::Avx2 => "AVX2",
        })
    }
}

//! Vectors of numbers as wide as the processor's, and one place that chooses how wide.
//!
//! A [`SimdKernel`] is written once, for any [`Lanes`]. [`Level::run`] compiles it for each
//! instruction set that the target can have and calls the one that this machine has: on x86-64 AVX2
//! with FMA is asked for at run time, in a browser the build decides.

/// So many numbers in one register.
///
/// Implementations come from [`Level::run`] alone, which has made sure that the machine knows their
/// instructions. Everything a kernel calls must be `#[inline(always)]`: what is not inlined into
/// [`Level::run`] is compiled without those instructions.
pub trait Lanes: Copy {
    /// How many, at most [`MOST_LANES`] and a divisor of it.
    const COUNT: usize;
    /// Rows of a tile two registers wide, so that the tile and what it reads fit the registers.
    const TILE_ROWS: usize;

    /// Reads [`Self::COUNT`] numbers.
    ///
    /// # Safety
    /// They must be readable.
    unsafe fn load(from: *const f32) -> Self;

    /// Writes [`Self::COUNT`] numbers.
    ///
    /// # Safety
    /// They must be writable.
    unsafe fn store(self, to: *mut f32);

    /// [`Lanes::store`], past the caches where the machine can and `to` is aligned to 16 bytes: for
    /// memory that is not read soon. [`Lanes::fence`] has to follow.
    ///
    /// # Safety
    /// They must be writable.
    #[inline(always)]
    unsafe fn stream(self, to: *mut f32) {
        // SAFETY: the caller's promise.
        unsafe { self.store(to) }
    }

    /// Waits until what was streamed is where other threads see it.
    #[inline(always)]
    fn fence() {}

    /// The same number everywhere.
    fn splat(x: f32) -> Self;

    /// `self · factor + sum`, rounded once where the machine can without loss of speed.
    #[must_use]
    fn multiply_add(self, factor: Self, sum: Self) -> Self;

    /// `self + other`.
    #[must_use]
    fn add(self, other: Self) -> Self;

    /// `self · other`.
    #[must_use]
    fn multiply(self, other: Self) -> Self;

    /// The larger of each pair, `other` where either is NaN.
    #[must_use]
    fn max(self, other: Self) -> Self;

    /// The smaller of each pair, `other` where either is NaN.
    #[must_use]
    fn min(self, other: Self) -> Self;

    /// `self` where `low < x < high`, 0 elsewhere.
    #[must_use]
    fn where_between(self, x: Self, low: Self, high: Self) -> Self;

    /// The first [`Self::COUNT`] are the vector's.
    #[inline(always)]
    fn numbers(self) -> [f32; MOST_LANES] {
        let mut numbers = [0.0; MOST_LANES];
        // SAFETY: the array holds at least `COUNT` numbers.
        unsafe { self.store(numbers.as_mut_ptr()) };
        numbers
    }

    /// Applies a function number by number.
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

/// No [`Lanes`] has more: a length that this divides is one that all divide.
pub const MOST_LANES: usize = 8;

/// A computation that is written for any [`Lanes`].
pub trait SimdKernel {
    /// What it returns.
    type Output;

    /// Computes it. Mark it `#[inline(always)]`.
    fn run<V: Lanes>(self) -> Self::Output;
}

pub use level::Level;

/// What a [`Level`] is called where it is recorded: sums are rounded differently on each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Instructions {
    /// What every machine of the target has.
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

/// Registers of the machine at hand, without its own names for their instructions: the compiler
/// finds them.
#[cfg(not(target_feature = "simd128"))]
mod portable {
    use super::Lanes;

    #[derive(Clone, Copy)]
    pub struct Four([f32; 4]);

    impl Four {
        #[inline(always)]
        fn zip(self, other: Self, function: impl Fn(f32, f32) -> f32) -> Self {
            Self(std::array::from_fn(|lane| {
                function(self.0[lane], other.0[lane])
            }))
        }
    }

    impl Lanes for Four {
        const COUNT: usize = 4;
        const TILE_ROWS: usize = 4;

        #[inline(always)]
        unsafe fn load(from: *const f32) -> Self {
            // SAFETY: the caller's promise; arrays of f32 are aligned as f32.
            Self(unsafe { from.cast::<[f32; 4]>().read() })
        }

        #[inline(always)]
        unsafe fn store(self, to: *mut f32) {
            // SAFETY: the caller's promise; arrays of f32 are aligned as f32.
            unsafe { to.cast::<[f32; 4]>().write(self.0) }
        }

        #[inline(always)]
        fn splat(x: f32) -> Self {
            Self([x; 4])
        }

        #[cfg(target_arch = "aarch64")]
        #[inline(always)]
        fn multiply_add(self, factor: Self, sum: Self) -> Self {
            Self(std::array::from_fn(|lane| {
                self.0[lane].mul_add(factor.0[lane], sum.0[lane])
            }))
        }

        #[cfg(not(target_arch = "aarch64"))]
        #[inline(always)]
        fn multiply_add(self, factor: Self, sum: Self) -> Self {
            self.multiply(factor).add(sum)
        }

        #[inline(always)]
        fn add(self, other: Self) -> Self {
            self.zip(other, |a, b| a + b)
        }

        #[inline(always)]
        fn multiply(self, other: Self) -> Self {
            self.zip(other, |a, b| a * b)
        }

        #[inline(always)]
        fn max(self, other: Self) -> Self {
            self.zip(other, |a, b| if a > b { a } else { b })
        }

        #[inline(always)]
        fn min(self, other: Self) -> Self {
            self.zip(other, |a, b| if a < b { a } else { b })
        }

        #[inline(always)]
        fn where_between(self, x: Self, low: Self, high: Self) -> Self {
            Self(std::array::from_fn(|lane| {
                let is_between = low.0[lane] < x.0[lane] && x.0[lane] < high.0[lane];
                if is_between { self.0[lane] } else { 0.0 }
            }))
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod level {
    use std::arch::x86_64::{
        __m256, _CMP_GT_OQ, _CMP_LT_OQ, _mm_sfence, _mm_stream_ps, _mm256_add_ps, _mm256_and_ps,
        _mm256_castps256_ps128, _mm256_cmp_ps, _mm256_extractf128_ps, _mm256_fmadd_ps,
        _mm256_loadu_ps, _mm256_max_ps, _mm256_min_ps, _mm256_mul_ps, _mm256_set1_ps,
        _mm256_storeu_ps,
    };

    use super::portable::Four;
    use super::{Instructions, Lanes, SimdKernel};

    /// The instructions that kernels are compiled for.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Level {
        has_avx2: bool,
    }

    impl Level {
        /// The best of this machine.
        pub fn detect() -> Self {
            let has_avx2 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
            Self { has_avx2 }
        }

        /// What every machine of the target has.
        pub fn lowest() -> Self {
            Self { has_avx2: false }
        }

        /// Its name.
        pub fn instructions(self) -> Instructions {
            if self.has_avx2 {
                Instructions::Avx2
            } else {
                Instructions::Baseline
            }
        }

        /// Numbers of one register.
        pub fn lanes(self) -> usize {
            if self.has_avx2 {
                Eight::COUNT
            } else {
                Four::COUNT
            }
        }

        /// Runs a kernel with these instructions.
        #[inline]
        pub fn run<K: SimdKernel>(self, kernel: K) -> K::Output {
            if self.has_avx2 {
                // SAFETY: `detect` alone sets it, and has found both features.
                unsafe { with_avx2(kernel) }
            } else {
                kernel.run::<Four>()
            }
        }
    }

    #[target_feature(enable = "avx2,fma")]
    fn with_avx2<K: SimdKernel>(kernel: K) -> K::Output {
        kernel.run::<Eight>()
    }

    #[derive(Clone, Copy)]
    struct Eight(__m256);

    // SAFETY of every block below: an `Eight` exists only in what `with_avx2` calls, so the machine
    // has AVX2 and FMA; memory is the caller's promise, and unaligned access is allowed.
    impl Lanes for Eight {
        const COUNT: usize = 8;
        const TILE_ROWS: usize = 6;

        #[inline(always)]
        unsafe fn load(from: *const f32) -> Self {
            Self(unsafe { _mm256_loadu_ps(from) })
        }

        #[inline(always)]
        unsafe fn store(self, to: *mut f32) {
            unsafe { _mm256_storeu_ps(to, self.0) }
        }

        #[inline(always)]
        unsafe fn stream(self, to: *mut f32) {
            if to.addr().is_multiple_of(16) {
                unsafe {
                    _mm_stream_ps(to, _mm256_castps256_ps128(self.0));
                    _mm_stream_ps(to.add(4), _mm256_extractf128_ps::<1>(self.0));
                }
            } else {
                unsafe { self.store(to) }
            }
        }

        #[inline(always)]
        fn fence() {
            // SAFETY: x86-64 has it.
            unsafe { _mm_sfence() }
        }

        #[inline(always)]
        fn splat(x: f32) -> Self {
            Self(unsafe { _mm256_set1_ps(x) })
        }

        #[inline(always)]
        fn multiply_add(self, factor: Self, sum: Self) -> Self {
            Self(unsafe { _mm256_fmadd_ps(self.0, factor.0, sum.0) })
        }

        #[inline(always)]
        fn add(self, other: Self) -> Self {
            Self(unsafe { _mm256_add_ps(self.0, other.0) })
        }

        #[inline(always)]
        fn multiply(self, other: Self) -> Self {
            Self(unsafe { _mm256_mul_ps(self.0, other.0) })
        }

        #[inline(always)]
        fn max(self, other: Self) -> Self {
            Self(unsafe { _mm256_max_ps(self.0, other.0) })
        }

        #[inline(always)]
        fn min(self, other: Self) -> Self {
            Self(unsafe { _mm256_min_ps(self.0, other.0) })
        }

        #[inline(always)]
        fn where_between(self, x: Self, low: Self, high: Self) -> Self {
            Self(unsafe {
                let above = _mm256_cmp_ps::<_CMP_GT_OQ>(x.0, low.0);
                let below = _mm256_cmp_ps::<_CMP_LT_OQ>(x.0, high.0);
                _mm256_and_ps(self.0, _mm256_and_ps(above, below))
            })
        }
    }
}

#[cfg(not(target_arch = "x86_64"))]
mod level {
    #[cfg(target_feature = "simd128")]
    use super::browser::Four;
    #[cfg(not(target_feature = "simd128"))]
    use super::portable::Four;
    use super::{Instructions, SimdKernel};

    /// The instructions that kernels are compiled for: those of the build.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Level;

    impl Level {
        /// The best of this machine.
        pub fn detect() -> Self {
            Self
        }

        /// What every machine of the target has.
        pub fn lowest() -> Self {
            Self
        }

        /// Its name.
        pub fn instructions(self) -> Instructions {
            Instructions::Baseline
        }

        /// Numbers of one register.
        pub fn lanes(self) -> usize {
            <Four as super::Lanes>::COUNT
        }

        /// Runs a kernel with these instructions.
        #[inline]
        pub fn run<K: SimdKernel>(self, kernel: K) -> K::Output {
            kernel.run::<Four>()
        }
    }
}

#[cfg(target_feature = "simd128")]
mod browser {
    use std::arch::wasm32::{
        f32x4_add, f32x4_gt, f32x4_lt, f32x4_mul, f32x4_pmax, f32x4_pmin, f32x4_splat, v128,
        v128_and, v128_load, v128_store,
    };

    use super::Lanes;

    #[derive(Clone, Copy)]
    pub struct Four(v128);

    impl Lanes for Four {
        const COUNT: usize = 4;
        // V8 reads all that a step of a tile multiplies before it multiplies: with five or six rows
        // (simd128 and relaxed alike) that no longer fits its 15 registers, and products ran at two
        // thirds of the speed.
        const TILE_ROWS: usize = 4;

        #[inline(always)]
        unsafe fn load(from: *const f32) -> Self {
            // SAFETY: the caller's promise; unaligned access is allowed.
            Self(unsafe { v128_load(from.cast()) })
        }

        #[inline(always)]
        unsafe fn store(self, to: *mut f32) {
            // SAFETY: the caller's promise; unaligned access is allowed.
            unsafe { v128_store(to.cast(), self.0) }
        }

        #[inline(always)]
        fn splat(x: f32) -> Self {
            Self(f32x4_splat(x))
        }

        #[cfg(not(target_feature = "relaxed-simd"))]
        #[inline(always)]
        fn multiply_add(self, factor: Self, sum: Self) -> Self {
            self.multiply(factor).add(sum)
        }

        #[cfg(target_feature = "relaxed-simd")]
        #[inline(always)]
        fn multiply_add(self, factor: Self, sum: Self) -> Self {
            Self(std::arch::wasm32::f32x4_relaxed_madd(
                self.0, factor.0, sum.0,
            ))
        }

        #[inline(always)]
        fn add(self, other: Self) -> Self {
            Self(f32x4_add(self.0, other.0))
        }

        #[inline(always)]
        fn multiply(self, other: Self) -> Self {
            Self(f32x4_mul(self.0, other.0))
        }

        // The pseudo-maximum is one instruction on x86, where `f32x4_max` is seven. It is its first
        // operand where either is NaN.
        #[inline(always)]
        fn max(self, other: Self) -> Self {
            Self(f32x4_pmax(other.0, self.0))
        }

        #[inline(always)]
        fn min(self, other: Self) -> Self {
            Self(f32x4_pmin(other.0, self.0))
        }

        #[inline(always)]
        fn where_between(self, x: Self, low: Self, high: Self) -> Self {
            Self(v128_and(
                self.0,
                v128_and(f32x4_gt(x.0, low.0), f32x4_lt(x.0, high.0)),
            ))
        }
    }
}

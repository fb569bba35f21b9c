//! The instruction set of x86-64: AVX2 with FMA where the machine has them.

use std::arch::x86_64::{
    __m256, _CMP_GT_OQ, _CMP_LT_OQ, _mm_sfence, _mm_stream_ps, _mm256_add_ps, _mm256_and_ps,
    _mm256_castps256_ps128, _mm256_cmp_ps, _mm256_extractf128_ps, _mm256_fmadd_ps, _mm256_loadu_ps,
    _mm256_max_ps, _mm256_min_ps, _mm256_mul_ps, _mm256_set1_ps, _mm256_storeu_ps,
};

use super::{Four, Instructions, Lanes, SimdKernel};

/// The instruction set that kernels are compiled for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level {
    has_avx2: bool,
}

impl Level {
    /// Returns the best of this machine.
    pub fn detect() -> Self {
        let has_avx2 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
        Self { has_avx2 }
    }

    /// Returns the one that every machine of the target has.
    pub fn lowest() -> Self {
        Self { has_avx2: false }
    }

    /// Returns its name.
    pub fn instructions(self) -> Instructions {
        if self.has_avx2 {
            Instructions::Avx2
        } else {
            Instructions::Baseline
        }
    }

    /// Returns the numbers per register.
    pub fn lanes(self) -> usize {
        if self.has_avx2 {
            Eight::COUNT
        } else {
            Four::COUNT
        }
    }

    /// Runs a kernel with this instruction set.
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

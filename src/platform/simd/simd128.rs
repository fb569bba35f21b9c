//! Vectors of WebAssembly's SIMD.

use std::arch::wasm32::{
    f32x4_add, f32x4_gt, f32x4_lt, f32x4_mul, f32x4_pmax, f32x4_pmin, f32x4_splat, v128, v128_and,
    v128_load, v128_store,
};

use super::Lanes;

#[derive(Clone, Copy)]
pub struct Four(v128);

impl Lanes for Four {
    const COUNT: usize = 4;
    // V8 reads all that a step of a tile multiplies before it multiplies: with five or six rows
    // (simd128 and relaxed alike) that does not fit its 15 registers, and products ran at two
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

    // The pseudo-maximum is one instruction on x86, where `f32x4_max` is seven. It returns its
    // first operand where either is NaN.
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

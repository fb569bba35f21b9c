//! Vectors as arrays, for which the compiler finds the machine's instructions.

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

//! Activation functions, applied to many numbers at a time.

use crate::engine::plan::Activation;
use crate::platform::simd::{Lanes, SimdKernel};

/// The bounds that a sum is clamped to before it is written: the part of an activation that costs
/// nothing. The bound comes first in `low.max(sum)`, so that NaN stays NaN ([`Lanes::max`]) and
/// reads as "unsure".
#[derive(Clone, Copy, Debug)]
pub struct Clamp {
    /// Lower bound.
    pub low: f32,
    /// Upper bound.
    pub high: f32,
}

impl Clamp {
    /// Returns the clamp of an activation. For an activation that is more than a clamp this is the
    /// identity, and [`Finish`] has to follow.
    pub fn of(activation: Activation) -> Self {
        let [low, high] = match activation {
            Activation::Relu => [0.0, f32::INFINITY],
            Activation::Relu6 => [0.0, 6.0],
            Activation::Identity | Activation::Silu | Activation::Sigmoid => {
                [f32::NEG_INFINITY, f32::INFINITY]
            }
        };
        Self { low, high }
    }
}

/// Returns whether an activation is more than a [`Clamp`].
pub fn is_nonlinear(activation: Activation) -> bool {
    matches!(activation, Activation::Silu | Activation::Sigmoid)
}

/// Applies the part of an activation that is not a clamp, then adds `add`, in place to a map.
pub struct Finish<'a> {
    /// The map, read and written, with its channels padded.
    pub map: &'a mut [f32],
    /// The activation to apply.
    pub activation: Activation,
    /// Numbers to add afterwards, as many as in `map`.
    pub add: Option<&'a [f32]>,
}

impl SimdKernel for Finish<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes>(self) {
        let Self {
            map,
            activation,
            add,
        } = self;
        apply_nonlinear::<V>(map, activation);
        for (sum, more) in map.iter_mut().zip(add.into_iter().flatten()) {
            *sum += more;
        }
    }
}

/// Applies the part of an activation that is not a clamp.
#[inline(always)]
pub fn apply_nonlinear<V: Lanes>(map: &mut [f32], activation: Activation) {
    match activation {
        Activation::Silu => apply::<V>(map, |x| x * sigmoid(x)),
        Activation::Sigmoid => apply::<V>(map, sigmoid),
        Activation::Identity | Activation::Relu | Activation::Relu6 => {}
    }
}

/// Applies a function to every number; the length must be a multiple of the lanes.
#[inline(always)]
pub fn apply<V: Lanes>(map: &mut [f32], function: impl Fn(f32) -> f32) {
    for chunk in map.chunks_exact_mut(V::COUNT) {
        // SAFETY: the chunk has as many numbers as the vector.
        unsafe {
            V::load(chunk.as_ptr())
                .map(&function)
                .store(chunk.as_mut_ptr())
        };
    }
}

/// Computes `1 / (1 + exp(−x))`.
#[inline(always)]
pub fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exponential(-x))
}

/// Computes `exp(x)` for x from −87 to 88, constant beyond and NaN for NaN, without branches: 2ⁿ
/// times a polynomial (the coefficients are those of Cephes' `expf`). Its relative error is below
/// 3e-7.
#[inline(always)]
pub fn exponential(x: f32) -> f32 {
    /// Adding and then subtracting this rounds to a whole number, which the sum's lowest bits hold.
    const ROUND: f32 = 12_582_912.0;
    const LN_2_HIGH: f32 = 0.693_359_4;
    const LN_2_LOW: f32 = -2.121_944_4e-4;
    let x = if x < -87.0 { -87.0 } else { x };
    let x = if x > 88.0 { 88.0 } else { x };
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let whole = shifted - ROUND;
    let rest = x - whole * LN_2_HIGH - whole * LN_2_LOW;
    let mut sum = 1.987_569_1e-4;
    for coefficient in [
        1.398_199_9e-3,
        8.333_452e-3,
        4.166_579_6e-2,
        1.666_666_5e-1,
        0.5,
    ] {
        sum = sum * rest + coefficient;
    }
    let fraction = sum * rest * rest + rest + 1.0;
    let power = f32::from_bits((shifted.to_bits() << 23).wrapping_add(127 << 23));
    fraction * power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponential_is_that_of_the_library() {
        for step in -8700..8800 {
            let x = step as f32 / 100.0;
            let relative = f64::from(exponential(x)) / f64::from(x).exp() - 1.0;
            assert!(relative.abs() < 3e-7, "{x}: {relative}");
        }
        assert_eq!(exponential(-1e9), exponential(-87.0));
        assert_eq!(exponential(1e9), exponential(88.0));
        assert!(sigmoid(-1e9) < 1e-30 && sigmoid(1e9) == 1.0);
    }
}

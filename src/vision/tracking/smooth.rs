//! Exponential smoothing over time, for numbers that a camera delivers at no steady rate.
//!
//! The amount of smoothing is a half-life in seconds: after that long, half of the old value is
//! left. It does not depend on the number of frames, so every device shows the same motion.

/// Returns the part of the old value left after `seconds`, 0 to 1: `2^(-seconds / half_life)`.
///
/// - `half_life` of 0, negative or NaN: 0, no smoothing, whatever the time.
/// - `seconds` of 0, negative or NaN: 1, as no time is known to have passed.
/// - `seconds` without end: 0, the new value alone. Any number in between that is too small for an
///   `f64` is 0 as well.
pub fn weight_of_old(seconds: f64, half_life: f64) -> f64 {
    if half_life.is_nan() || half_life <= 0.0 || seconds == f64::INFINITY {
        0.0
    } else if seconds.is_nan() || seconds <= 0.0 {
        1.0
    } else {
        (-seconds / half_life).exp2()
    }
}

/// Smooths `N` numbers together.
///
/// Each result is a convex combination of what came in, with the same weights for all `N`: it stays
/// between the smallest and the largest input, and numbers that always sum to 1 still do, up to
/// rounding that does not add up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Smooth<const N: usize> {
    half_life: f64,
    current: Option<[f32; N]>,
}

impl<const N: usize> Smooth<N> {
    /// Creates it without a value. `half_life` is in seconds; 0 returns each value as it is.
    pub fn new(half_life: f64) -> Self {
        Self {
            half_life,
            current: None,
        }
    }

    /// Takes the values measured `seconds` after the last ones and returns the smoothed ones. The
    /// first values come back as they are, whatever `seconds` is; [`weight_of_old`] defines what
    /// odd times do.
    ///
    /// Values among which one is NaN or infinite are left out as a whole, since a part of them
    /// would change the sum: what was there stays, zeros where there was nothing. Their time is
    /// left out too, so the caller's next `seconds` may reach back to the last values that counted.
    pub fn update(&mut self, seconds: f64, values: [f32; N]) -> [f32; N] {
        if !values.iter().all(|value| value.is_finite()) {
            return self.current.unwrap_or([0.0; N]);
        }
        let smoothed = match self.current {
            None => values,
            Some(current) => {
                let weight = weight_of_old(seconds, self.half_life);
                std::array::from_fn(|index| blend(current[index], values[index], weight))
            }
        };
        self.current = Some(smoothed);
        smoothed
    }
}

/// Computed in `f64`, so that rounding never leaves the interval between two `f32` of any size.
fn blend(old: f32, new: f32, weight_of_old: f64) -> f32 {
    (f64::from(old) * weight_of_old + f64::from(new) * (1.0 - weight_of_old)) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_old_value_is_left_after_a_half_life() {
        let mut smooth = Smooth::new(0.3);
        assert_eq!(smooth.update(9.0, [1.0, 0.0]), [1.0, 0.0]);
        assert_eq!(smooth.update(0.3, [0.0, 1.0]), [0.5, 0.5]);
        assert_eq!(smooth.update(0.6, [0.0, 1.0]), [0.125, 0.875]);
    }

    #[test]
    fn the_frame_rate_changes_nothing() {
        let after_one_second = |frames: u32| {
            let mut smooth = Smooth::new(0.3);
            smooth.update(0.0, [0.0]);
            for _ in 1..frames {
                smooth.update(1.0 / f64::from(frames), [1.0]);
            }
            smooth.update(1.0 / f64::from(frames), [1.0])[0]
        };
        let expected = 1.0 - 0.5f32.powf(1.0 / 0.3);
        for frames in [1, 10, 60, 240] {
            let reached = after_one_second(frames);
            assert!((reached - expected).abs() < 1e-4, "{frames}: {reached}");
        }
    }

    #[test]
    fn without_a_half_life_nothing_is_smoothed() {
        for half_life in [0.0, -1.0, f64::NAN, f64::NEG_INFINITY] {
            for seconds in [0.0, 0.01, -1.0, f64::NAN] {
                let mut smooth = Smooth::new(half_life);
                smooth.update(seconds, [1.0]);
                assert_eq!(smooth.update(seconds, [3.0]), [3.0]);
            }
        }
    }

    #[test]
    fn odd_times_keep_the_old_value_and_endless_ones_drop_it() {
        let after = |seconds| {
            let mut smooth = Smooth::new(0.3);
            smooth.update(0.0, [1.0]);
            smooth.update(seconds, [3.0])[0]
        };
        for seconds in [0.0, -0.0, -5.0, f64::NAN, f64::NEG_INFINITY] {
            assert_eq!(after(seconds), 1.0, "{seconds}");
        }
        for seconds in [1e3, f64::MAX, f64::INFINITY] {
            assert_eq!(after(seconds), 3.0, "{seconds}");
        }
        assert_eq!(weight_of_old(f64::INFINITY, f64::INFINITY), 0.0);
        assert_eq!(weight_of_old(1.0, f64::INFINITY), 1.0);
    }

    #[test]
    fn broken_values_are_left_out_as_a_whole() {
        let mut smooth = Smooth::new(0.3);
        assert_eq!(smooth.update(0.1, [f32::NAN, 1.0]), [0.0, 0.0]);
        assert_eq!(smooth.update(0.1, [0.25, 0.75]), [0.25, 0.75]);
        assert_eq!(smooth.update(9.0, [f32::INFINITY, 0.0]), [0.25, 0.75]);
        assert_eq!(smooth.update(0.3, [0.75, 0.25]), [0.5, 0.5]);
    }

    #[test]
    fn a_result_stays_between_its_inputs() {
        for weight in 0..=100 {
            let weight = f64::from(weight) / 100.0;
            for value in [f32::MAX, f32::MIN, 0.1, 1.0 / 3.0, f32::MIN_POSITIVE] {
                assert_eq!(blend(value, value, weight), value);
            }
            assert!(blend(f32::MAX, f32::MIN, weight).is_finite());
        }
    }
}

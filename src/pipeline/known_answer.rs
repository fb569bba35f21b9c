//! Whether an engine gives the answer that it has to give.
//!
//! Drivers compute wrongly now and then without reporting an error, for example onnxruntime's issue
//! 29651 and wgpu's issue 8643, so a GPU is trusted after it has read one drawn face as the CPU does.

use crate::spec::InputSpec;
use crate::vision::FaceCrop;

/// The largest difference of an output that rounding explains.
pub const TOLERANCE: f32 = 1e-3;

/// Returns the drawn face as a network's input, `[1, size, size, channels]`.
pub fn pixels(input: &InputSpec) -> Vec<f32> {
    input.pixels(&[drawn_face()])
}

/// Returns the largest difference between the outputs of two engines: logits of all heads, and the
/// gate. Infinite where a number is not finite, or where one engine gives fewer.
pub fn difference(found: &[Vec<f32>], expected: &[Vec<f32>]) -> f32 {
    let lengths = |maps: &[Vec<f32>]| maps.iter().map(Vec::len).collect::<Vec<_>>();
    if lengths(found) != lengths(expected) {
        return f32::INFINITY;
    }
    let pairs = found.iter().flatten().zip(expected.iter().flatten());
    let differences = pairs.map(|(found, expected)| (found - expected).abs());
    differences.fold(0.0, |largest, difference| match difference.is_finite() {
        true => largest.max(difference),
        false => f32::INFINITY,
    })
}

/// Draws an oval with eyes and a mouth before a slope of gray, so that every part of the network has
/// something to answer.
fn drawn_face() -> FaceCrop {
    let shade = |at: usize| {
        let (y, x) = (at / FaceCrop::SIDE, at % FaceCrop::SIDE);
        let (down, right) = (y.abs_diff(24), x.abs_diff(24));
        let is_eye = (17..20).contains(&y) && (7..12).contains(&right);
        let is_mouth = (33..36).contains(&y) && right < 9;
        match (is_eye || is_mouth, right * right * 2 + down * down < 500) {
            (true, _) => 40,
            (false, true) => 200 - down as u8,
            (false, false) => 60 + 2 * x as u8,
        }
    };
    FaceCrop::new(std::array::from_fn(shade))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_missing_or_no_number_is_infinitely_wrong() {
        let expected = vec![vec![1.0, 2.0], vec![0.5]];
        assert_eq!(difference(&expected, &expected), 0.0);
        assert_eq!(difference(&[vec![1.0, 2.5], vec![0.25]], &expected), 0.5);
        for wrong in [
            vec![vec![1.0, 2.0]],
            vec![vec![1.0], vec![2.0, 0.5]],
            vec![vec![f32::NAN, 2.0], vec![0.5]],
            vec![vec![1.0, f32::NAN], vec![0.4]],
            vec![vec![1.0, f32::INFINITY], vec![0.5]],
        ] {
            assert_eq!(difference(&wrong, &expected), f32::INFINITY, "{wrong:?}");
        }
    }
}

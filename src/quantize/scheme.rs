//! Symmetric 8-bit quantization of weights: one scale for each output channel, no offset.
//!
//! Only weights are quantized, because 8-bit activations break EfficientNet-B0 (its depthwise
//! outputs differ in range by orders of magnitude), while 8-bit weights with a scale for each
//! output channel cost almost no accuracy if batch normalization is folded (Krishnamoorthi 2018,
//! <https://arxiv.org/abs/1806.08342>, section 3).

use crate::spec::weights::{Array, output_axis, output_channels};

/// A quantized weight: `value ≈ integer · scale[output channel]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Int8Array {
    /// Size of each axis.
    pub shape: Vec<usize>,
    /// Quantized values, −127 to 127, in the order of [`Array`]'s values.
    pub integers: Vec<i8>,
    /// Scale of each output channel, above 0.
    pub scales: Vec<f32>,
}

/// Returns whether a tensor is quantized: weights are, biases are not.
pub fn is_weight(array: &Array) -> bool {
    array.shape.len() >= 2
}

/// Quantizes a weight: each value is rounded to the nearest multiple of its channel's scale, which
/// maps the channel's largest magnitude to 127.
pub fn quantize(array: &Array) -> Int8Array {
    let channel_of = output_channels(&array.shape);
    let channels = array
        .shape
        .get(output_axis(array.shape.len()))
        .copied()
        .unwrap_or(1);
    let mut largest = vec![0.0f32; channels];
    for (index, value) in array.values.iter().enumerate() {
        let slot = &mut largest[channel_of(index)];
        *slot = slot.max(value.abs());
    }
    // The scale of a channel of zeros is arbitrary.
    let scales: Vec<f32> = largest
        .into_iter()
        .map(|largest| if largest > 0.0 { largest / 127.0 } else { 1.0 })
        .collect();
    let integers = array
        .values
        .iter()
        .enumerate()
        .map(|(index, value)| {
            (value / scales[channel_of(index)])
                .round()
                .clamp(-127.0, 127.0) as i8
        })
        .collect();
    Int8Array {
        shape: array.shape.clone(),
        integers,
        scales,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_convolution_has_a_scale_for_each_filter() {
        let weight = Array {
            shape: vec![2, 1, 1, 2],
            values: vec![1.27, -0.5, -25.4, 12.7],
        };
        let quantized = quantize(&weight);
        assert_eq!(quantized.integers, [127, -50, -127, 64]);
        assert!((quantized.scales[0] - 0.01).abs() < 1e-8);
        assert!((quantized.scales[1] - 0.2).abs() < 1e-7);
    }

    #[test]
    fn a_linear_layer_has_a_scale_for_each_column() {
        let weight = Array {
            shape: vec![2, 2],
            values: vec![1.27, 0.0, 0.635, 0.0],
        };
        let quantized = quantize(&weight);
        assert_eq!(quantized.integers, [127, 0, 64, 0]);
        assert_eq!(quantized.scales[1], 1.0);
    }

    #[test]
    fn the_error_is_at_most_half_a_step() {
        let values: Vec<f32> = (0..900)
            .map(|i| ((i * 7919) % 1000) as f32 / 500.0 - 1.0)
            .collect();
        let weight = Array {
            shape: vec![9, 100, 1, 1],
            values,
        };
        let quantized = quantize(&weight);
        for (index, (value, integer)) in weight.values.iter().zip(&quantized.integers).enumerate() {
            let scale = quantized.scales[index / 100];
            assert!((value - f32::from(*integer) * scale).abs() <= scale * 0.500_01);
        }
    }
}

//! Compares the kernels for a machine without AVX2 with those of this one; [`crate::kernels::map`]
//! compares their results with burn's.

use super::planes::Geometry;
use super::pointwise::{Normalized, Wanted};
use super::source::FusedInput;
use super::{dense, pointwise, separable};
use crate::engine::cpu::padded;
use crate::engine::plan::{Activation, Border, Window};
use crate::platform::simd::Level;

fn numbers(count: usize, seed: usize) -> Vec<f32> {
    (0..count)
        .map(|at| ((at * 37 + seed * 101 + at / 11) % 211) as f32 / 100.0 - 1.0)
        .collect()
}

/// Returns output, moments, and gradients of weights, input and the input's sums.
fn convolve(
    level: Level,
    window: Window,
    channels: [usize; 2],
    is_depthwise: bool,
) -> Vec<Vec<f32>> {
    const IMAGES: usize = 3;
    let geometry = Geometry {
        size: [9, 7],
        window,
    };
    let [channels_in, channels_out] = channels;
    let [stride_in, stride] = channels.map(padded);
    let [lines, columns] = geometry.outputs();
    // Channels of the padding are 0, as the operations leave them.
    let rows = |count: usize, channels: usize, stride: usize, seed: usize| {
        let mut rows = numbers(count * stride, seed);
        rows.chunks_exact_mut(stride)
            .for_each(|row| row[channels..].fill(0.0));
        rows
    };
    let values = rows(IMAGES * 63, channels_in, stride_in, 1);
    let [scale, shift] = [2, 3].map(|seed| rows(1, channels_in, stride_in, seed));
    let input = FusedInput {
        values: &values,
        pixels: 63,
        stride: stride_in,
        affine: Some([&scale, &shift]),
        activation: Activation::Silu,
        gate: None,
    };
    let side = window.kernel * window.kernel;
    let weights = numbers(
        channels_out * side * if is_depthwise { 1 } else { channels_in },
        4,
    );
    let mut output = vec![0.0; IMAGES * lines * columns * stride];
    let mut moments = vec![0.0; 2 * stride];
    let found = Some(&mut moments[..]);
    match (is_depthwise, window.kernel) {
        (true, _) => separable::forward(level, geometry, input, &weights, &mut output, found),
        (false, 1) => pointwise::forward(
            level,
            input,
            channels_in,
            &weights,
            &mut output,
            stride,
            found,
        ),
        (false, _) => dense::forward(
            level,
            geometry,
            input,
            channels_in,
            &weights,
            &mut output,
            stride,
            found,
        ),
    }
    let gradient = rows(IMAGES * lines * columns, channels_out, stride, 5);
    let factors = [6, 7, 8].map(|seed| rows(1, channels_out, stride, seed));
    let normalized = Normalized {
        output: FusedInput {
            values: &output,
            pixels: lines * columns,
            stride,
            affine: Some([&factors[0], &factors[1]]),
            activation: Activation::Relu6,
            gate: None,
        },
        factors: [&factors[0], &factors[1], &factors[2]],
        gradient: &gradient,
    };
    let (mut of_weights, mut of_input) = (vec![0.0; weights.len()], vec![0.0; values.len()]);
    let mut sums = vec![0.0; 2 * stride_in];
    let wanted = Wanted {
        weights: Some(&mut of_weights),
        input: Some(&mut of_input),
        sums: Some(&mut sums),
    };
    match (is_depthwise, window.kernel) {
        (true, _) => separable::backward(level, geometry, input, &weights, normalized, wanted),
        (false, 1) => pointwise::backward(level, input, channels_in, &weights, normalized, wanted),
        (false, _) => dense::backward(
            level,
            geometry,
            input,
            channels_in,
            &weights,
            normalized,
            wanted,
        ),
    }
    let [moments, sums] = [moments, sums].map(|sums| sums.iter().map(|sum| *sum as f32).collect());
    vec![output, moments, of_weights, of_input, sums]
}

#[test]
fn without_avx2_the_numbers_are_the_same() {
    for (kernel, stride, channels, is_depthwise) in [
        (1, 1, [13, 21], false),
        (3, 1, [13, 21], false),
        (3, 2, [8, 40], false),
        (3, 1, [13, 13], true),
        (5, 2, [24, 24], true),
    ] {
        let window = Window {
            kernel,
            stride,
            border: Border::Same,
        };
        let [expected, found] = [Level::detect(), Level::lowest()]
            .map(|level| convolve(level, window, channels, is_depthwise));
        for (expected, found) in expected.iter().zip(&found) {
            let most = expected.iter().fold(1e-6f32, |most, x| most.max(x.abs()));
            for (a, b) in expected.iter().zip(found) {
                assert!(
                    (a - b).abs() < 2e-5 * most,
                    "{kernel} {channels:?}: {a} {b} of {most}"
                );
            }
        }
    }
}

//! Convolutions with normalization.

use burn::backend::TensorMetadata as _;
use burn::backend::flex::FlexTensor;

use super::super::cpu::gradient::GradientSums;
use super::super::cpu::planes::Geometry;
use super::super::cpu::pointwise::{Normalized, Wanted};
use super::super::cpu::source::{Block, FusedInput};
use super::super::cpu::{dense, pointwise, pool, separable};
use super::super::spec::{ConvolutionSpec, Norm};
use super::tensor::{
    Pending, channels_last, map, numbers, padded_rows, reclaim, stride_of, tensor,
};
use crate::engine::plan::Window;
use crate::platform::simd::Level;

/// The operands of a convolution.
#[derive(Clone, Debug)]
pub struct Operands {
    /// `[batch, channels_in, height, width]`.
    pub values: FlexTensor,
    /// Pending scale and shift of the input.
    pub pending: FlexTensor,
    /// Pending gate of the input, `[batch, channels_in]`.
    pub gate: FlexTensor,
    /// `[channels_out, channels_in / groups, kernel, kernel]`.
    pub weight: FlexTensor,
    /// `[channels_out]`.
    pub gamma: FlexTensor,
    /// `[channels_out]`.
    pub beta: FlexTensor,
    /// Given mean and variance, `[2, channels_out]`.
    pub given: FlexTensor,
}

/// What [`forward`] keeps for [`backward`].
#[derive(Clone, Debug)]
pub struct Saved {
    input: FlexTensor,
    stride_in: usize,
    pending: Pending,
    weight: FlexTensor,
    gamma: Vec<f32>,
    output: FlexTensor,
    /// Scale, shift, mean and variance, `[4, stride]`.
    rows: Vec<f32>,
    spec: ConvolutionSpec,
}

/// The kernels that compute a convolution.
#[derive(Clone, Copy)]
enum Kind {
    Pointwise,
    Depthwise,
    Dense,
}

impl Kind {
    fn of(spec: &ConvolutionSpec) -> Self {
        match spec.window {
            _ if spec.is_depthwise => Self::Depthwise,
            Window {
                kernel: 1,
                stride: 1,
                ..
            } => Self::Pointwise,
            _ => Self::Dense,
        }
    }
}

fn geometry(input: &FlexTensor, spec: &ConvolutionSpec) -> Geometry {
    let [_, _, height, width] = input.shape().dims();
    Geometry {
        size: [height, width],
        window: spec.window,
    }
}

/// Returns the output's values, its rows, and what the backward pass needs, which computes a
/// gradient of the input only where `is_input_tracked`.
pub fn forward(
    operands: Operands,
    spec: ConvolutionSpec,
    is_input_tracked: bool,
) -> (FlexTensor, FlexTensor, Saved) {
    let level = Level::detect();
    let [batch, channels_in, _, _] = operands.values.shape().dims();
    let channels_out = operands.weight.shape().dims::<4>()[0];
    let stride = crate::engine::cpu::padded(channels_out);
    let padded_in = stride_of(&operands.values);
    let pending = Pending::new(&operands.pending, &operands.gate, &spec.input, padded_in);
    let kind = Kind::of(&spec);
    // Images have few channels, and a dense convolution can read them without padding.
    let stride_in = match kind {
        Kind::Dense if pending.is_nothing() && !is_input_tracked => channels_in,
        _ => padded_in,
    };
    let input = channels_last(operands.values, stride_in);
    let geometry = geometry(&input, &spec);
    let [lines, columns] = geometry.outputs();
    let mut output = pool::take(batch * lines * columns * stride);
    let mut sums = vec![0.0; 2 * stride];
    let moments = (spec.norm == Norm::Batch).then_some(&mut sums[..]);
    let weight = operands.weight.to_contiguous();
    let weights = weight.as_slice::<f32>().unwrap_or_default();
    let source = pending.source(&input, stride_in);
    match kind {
        Kind::Pointwise => pointwise::forward(
            level,
            source,
            channels_in,
            weights,
            &mut output,
            stride,
            moments,
        ),
        Kind::Depthwise => {
            separable::forward(level, geometry, source, weights, &mut output, moments)
        }
        Kind::Dense => dense::forward(
            level,
            geometry,
            source,
            channels_in,
            weights,
            &mut output,
            stride,
            moments,
        ),
    }
    let pixels = (batch * lines * columns) as f64;
    let gamma = numbers(&operands.gamma);
    let rows = match spec.norm {
        Norm::None => vec![],
        Norm::Batch => {
            let (sum, squares) = sums.split_at(stride);
            let moments = sum.iter().zip(squares).map(|(sum, square)| {
                let mean = sum / pixels;
                (mean, (square / pixels - mean * mean).max(0.0))
            });
            norm_rows(
                moments,
                &gamma,
                &numbers(&operands.beta),
                spec.epsilon,
                stride,
            )
        }
        Norm::Given => {
            let given = padded_rows(&operands.given, stride);
            let (mean, variance) = given.split_at(stride);
            let moments = mean
                .iter()
                .zip(variance)
                .map(|(mean, variance)| (f64::from(*mean), f64::from(*variance)));
            norm_rows(
                moments,
                &gamma,
                &numbers(&operands.beta),
                spec.epsilon,
                stride,
            )
        }
    };
    let output = map(output, [batch, channels_out, lines, columns], stride);
    let shown = if rows.is_empty() {
        operands.gamma
    } else {
        tensor(
            rows.chunks_exact(stride)
                .flat_map(|row| &row[..channels_out])
                .copied()
                .collect(),
            [4, channels_out],
        )
    };
    let saved = Saved {
        input,
        stride_in,
        pending,
        weight,
        gamma,
        output: output.clone(),
        rows,
        spec,
    };
    (output, shown, saved)
}

/// Returns scale, shift, mean and variance, `[4, stride]`; zeros in the padding.
fn norm_rows(
    moments: impl Iterator<Item = (f64, f64)>,
    gamma: &[f32],
    beta: &[f32],
    epsilon: f64,
    stride: usize,
) -> Vec<f32> {
    let mut rows = vec![0.0; 4 * stride];
    for (channel, ((mean, variance), (gamma, beta))) in
        moments.zip(gamma.iter().zip(beta)).enumerate()
    {
        let scale = f64::from(*gamma) / (variance + epsilon).sqrt();
        let shift = f64::from(*beta) - mean * scale;
        for (row, number) in [scale, shift, mean, variance].into_iter().enumerate() {
            rows[row * stride + channel] = number as f32;
        }
    }
    rows
}

/// The gradients that [`backward`] returns; `None` for those that are not wanted.
pub struct ConvGradients {
    /// Gradient of the input map.
    pub input: Option<FlexTensor>,
    /// Gradient of the weights.
    pub weight: Option<FlexTensor>,
    /// Gradients of the normalization's scale and shift.
    pub norm: Option<[FlexTensor; 2]>,
}

/// Computes the gradients, those of input and weights only where `wanted`.
pub fn backward(saved: Saved, gradient: FlexTensor, wanted: [bool; 2]) -> ConvGradients {
    let level = Level::detect();
    let Saved {
        input,
        stride_in,
        pending,
        weight,
        gamma,
        output,
        rows,
        spec,
    } = saved;
    let [batch, channels_in, _, _] = input.shape().dims();
    let [_, channels_out, lines, columns] = output.shape().dims();
    let stride = stride_of(&output);
    let gradient = channels_last(gradient, stride);
    let pixels = batch * lines * columns;
    let source = FusedInput {
        values: output.storage(),
        pixels: lines * columns,
        stride,
        affine: (!rows.is_empty()).then(|| [&rows[..stride], &rows[stride..2 * stride]]),
        activation: spec.activation,
        gate: None,
    };
    let mut factors = vec![0.0; 3 * stride];
    let mut norm = None;
    if rows.is_empty() {
        factors[..stride].fill(1.0);
    } else {
        let left = spec
            .sums
            .take()
            .filter(|sums| spec.sums.has_one_reader() && sums.len() == 2 * stride);
        let sums = left.unwrap_or_else(|| gradient_sums(level, source, gradient.storage(), pixels));
        let (mut gammas, mut betas) = (vec![0.0; channels_out], vec![0.0; channels_out]);
        for channel in 0..channels_out {
            let [mean, variance] = [2, 3].map(|row| f64::from(rows[row * stride + channel]));
            let inverse = 1.0 / (variance + spec.epsilon).sqrt();
            let a = f64::from(gamma[channel]) * inverse;
            let [sum, product] = [sums[channel], sums[stride + channel]];
            let of_gamma = inverse * (product - mean * sum);
            let (b, c) = match spec.norm {
                Norm::Batch => {
                    let b = -a * inverse * of_gamma / pixels as f64;
                    (b, -a * sum / pixels as f64 - b * mean)
                }
                Norm::None | Norm::Given => (0.0, 0.0),
            };
            for (row, number) in [a, b, c].into_iter().enumerate() {
                factors[row * stride + channel] = number as f32;
            }
            gammas[channel] = of_gamma as f32;
            betas[channel] = sum as f32;
        }
        norm = Some([
            tensor(gammas, [channels_out]),
            tensor(betas, [channels_out]),
        ]);
    }
    let normalized = Normalized {
        output: source,
        factors: [
            &factors[..stride],
            &factors[stride..2 * stride],
            &factors[2 * stride..],
        ],
        gradient: gradient.storage(),
    };
    let [wants_input, wants_weight] = wanted;
    let weights = weight.as_slice::<f32>().unwrap_or_default();
    let mut weight_gradient = pool::take(if wants_weight { weights.len() } else { 0 });
    let mut input_gradient = pool::take(if wants_input {
        input.storage::<f32>().len()
    } else {
        0
    });
    let leaves_sums = wants_input
        && spec.input.is_pending
        && !spec.input.is_gated
        && spec.input.sums.has_one_reader();
    let mut sums = vec![0.0; if leaves_sums { 2 * stride_in } else { 0 }];
    let parts = Wanted {
        weights: wants_weight.then_some(&mut weight_gradient[..]),
        input: wants_input.then_some(&mut input_gradient[..]),
        sums: leaves_sums.then_some(&mut sums[..]),
    };
    let geometry = geometry(&input, &spec);
    let from = pending.source(&input, stride_in);
    match Kind::of(&spec) {
        Kind::Pointwise => {
            pointwise::backward(level, from, channels_in, weights, normalized, parts)
        }
        Kind::Depthwise => separable::backward(level, geometry, from, weights, normalized, parts),
        Kind::Dense => dense::backward(
            level,
            geometry,
            from,
            channels_in,
            weights,
            normalized,
            parts,
        ),
    }
    if leaves_sums {
        spec.input.sums.leave(sums);
    }
    let weight_shape: [usize; 4] = weight.shape().dims();
    let input_shape: [usize; 4] = input.shape().dims();
    for used in [gradient, output, input] {
        reclaim(used);
    }
    ConvGradients {
        input: wants_input.then(|| map(input_gradient, input_shape, stride_in)),
        weight: wants_weight.then(|| tensor(weight_gradient, weight_shape)),
        norm,
    }
}

/// Computes Σ g and Σ g · values of a whole map.
fn gradient_sums(
    level: Level,
    source: FusedInput<'_>,
    gradient: &[f32],
    pixels: usize,
) -> Vec<f64> {
    use super::super::cpu::scratch::{Scratch, with_scratch};
    use super::super::cpu::slices::{Slices, reduce};
    use rayon::prelude::*;

    /// Pixels that are summed in single precision.
    const CHUNK: usize = 128;
    let stride = source.stride;
    let slices = Slices::new(pixels.div_ceil(CHUNK), 0);
    let length = slices.images * CHUNK;
    let parts: Vec<_> = (0..pixels.div_ceil(length))
        .into_par_iter()
        .map(|slice| {
            let mut sums = vec![0.0; 2 * stride];
            let end = pixels.min((slice + 1) * length);
            with_scratch(|Scratch { chunk_sums, .. }| {
                for pixel in (slice * length..end).step_by(CHUNK) {
                    let block = Block {
                        pixel,
                        pixels: CHUNK.min(end - pixel),
                        channel: 0,
                        channels: stride,
                    };
                    chunk_sums.add(&mut sums, |sums| {
                        level.run(GradientSums {
                            source,
                            gradient,
                            block,
                            sums,
                        })
                    });
                }
            });
            sums
        })
        .collect();
    let mut sums = vec![0.0; 2 * stride];
    reduce(&parts, Some(&mut sums));
    sums
}

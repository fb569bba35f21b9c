//! Squeeze-and-excitation's gate (Hu et al. 2018, <https://arxiv.org/abs/1709.01507>), image by
//! image.

use rayon::prelude::*;

use super::gradient::{ActivationSums, GateGradient, GateSums};
use super::product::{Gemm, Left, Right, Runs, pack};
use super::scratch::{Scratch, with_scratch};
use super::slices::{Slices, reduce};
use super::source::{Block, FusedInput, Sigmoids, apply_activation, differentiate_activation};
use crate::engine::cpu::padded;
use crate::engine::plan::Activation;
use crate::platform::simd::Level;

/// The two layers of a gate, `[squeezed, channels]` and `[channels, squeezed]`.
#[derive(Clone, Copy)]
pub struct Layers<'a> {
    /// Number of channels.
    pub channels: usize,
    /// Number of channels between the layers.
    pub squeezed: usize,
    /// Activation between the layers.
    pub activation: Activation,
    /// The first layer's weights.
    pub reduce: &'a [f32],
    /// The first layer's bias.
    pub reduce_bias: &'a [f32],
    /// The second layer's weights.
    pub expand: &'a [f32],
    /// The second layer's bias.
    pub expand_bias: &'a [f32],
}

/// Results of [`forward`] that [`backward`] needs; rows are padded.
#[derive(Clone, Debug, Default)]
pub struct SavedGate {
    /// Means of the channels, `[images, channels]`.
    pub mean: Vec<f32>,
    /// The first layer's output before the activation, `[images, squeezed]`.
    pub hidden: Vec<f32>,
    /// The gate, `[images, channels]`.
    pub gate: Vec<f32>,
}

/// Computes `left · right` for row-major matrices of `[rows, depth]` and packed `[depth, columns]`.
fn multiply(
    level: Level,
    left: &[f32],
    left_step: usize,
    [rows, depth, columns]: [usize; 3],
    panels: &[f32],
    output: &mut [f32],
) {
    level.run(Gemm {
        left: Left {
            numbers: left,
            row_step: left_step,
            depth_step: 1,
        },
        right: Right::Packed(panels, depth, 0),
        lines: [Runs::ONE; 2],
        rows,
        runs: [Runs::ONE; 2],
        depth,
        columns,
        output,
        output_step: columns,
        accumulate: false,
    });
}

fn add_bias(rows: &mut [f32], stride: usize, bias: &[f32]) {
    for row in rows.chunks_exact_mut(stride) {
        for (number, bias) in row.iter_mut().zip(bias) {
            *number += bias;
        }
    }
}

/// Computes the gate of each image's channels.
pub fn forward(level: Level, input: FusedInput<'_>, layers: Layers<'_>) -> SavedGate {
    let (channels, squeezed) = (layers.channels, layers.squeezed);
    let (stride, narrow) = (input.stride, padded(squeezed));
    let images = input.values.len() / (input.pixels * stride).max(1);
    let mut mean = vec![0.0; images * stride];
    mean.par_chunks_mut(stride)
        .enumerate()
        .for_each(|(image, mean)| {
            let block = Block {
                pixel: image * input.pixels,
                pixels: input.pixels,
                channel: 0,
                channels: stride,
            };
            level.run(ActivationSums {
                source: input,
                block,
                sums: mean,
            });
            mean.iter_mut().for_each(|sum| *sum /= input.pixels as f32);
        });
    let mut panels = vec![];
    pack(
        channels,
        squeezed,
        narrow,
        level.lanes(),
        |row, column| layers.reduce[column * channels + row],
        &mut panels,
    );
    let mut hidden = vec![0.0; images * narrow];
    multiply(
        level,
        &mean,
        stride,
        [images, channels, narrow],
        &panels,
        &mut hidden,
    );
    add_bias(&mut hidden, narrow, layers.reduce_bias);
    let active: Vec<f32> = hidden
        .iter()
        .map(|u| apply_activation(*u, layers.activation))
        .collect();
    pack(
        squeezed,
        channels,
        stride,
        level.lanes(),
        |row, column| layers.expand[column * squeezed + row],
        &mut panels,
    );
    let mut gate = vec![0.0; images * stride];
    multiply(
        level,
        &active,
        narrow,
        [images, squeezed, stride],
        &panels,
        &mut gate,
    );
    add_bias(&mut gate, stride, layers.expand_bias);
    level.run(Sigmoids(&mut gate));
    SavedGate { mean, hidden, gate }
}

/// The gradients that [`backward`] returns.
pub struct Gradients {
    /// `[squeezed, channels]`.
    pub reduce: Vec<f32>,
    /// `[squeezed]`.
    pub reduce_bias: Vec<f32>,
    /// `[channels, squeezed]`.
    pub expand: Vec<f32>,
    /// `[channels]`.
    pub expand_bias: Vec<f32>,
    /// Σ g and Σ g · values of the input map, `[2, stride]`.
    pub sums: Vec<f64>,
}

/// Turns the gated map's gradient into the map's, in place, and returns those of the layers.
pub fn backward(
    level: Level,
    input: FusedInput<'_>,
    layers: Layers<'_>,
    found: &SavedGate,
    gradient: &mut [f32],
) -> Gradients {
    let (channels, squeezed) = (layers.channels, layers.squeezed);
    let (stride, narrow) = (input.stride, padded(squeezed));
    let image_numbers = input.pixels * stride;
    let images = gradient.len() / image_numbers.max(1);
    let (mut to_hidden, mut to_mean) = (vec![], vec![]);
    pack(
        channels,
        squeezed,
        narrow,
        level.lanes(),
        |row, column| layers.expand[row * squeezed + column],
        &mut to_hidden,
    );
    pack(
        squeezed,
        channels,
        stride,
        level.lanes(),
        |row, column| layers.reduce[row * channels + column],
        &mut to_mean,
    );
    let (mut outer, mut inner) = (vec![0.0; images * stride], vec![0.0; images * narrow]);
    let slices = Slices::new(images, 0);
    let parts: Vec<_> = gradient
        .par_chunks_mut((slices.images * image_numbers).max(1))
        .zip(outer.par_chunks_mut((slices.images * stride).max(1)))
        .zip(inner.par_chunks_mut((slices.images * narrow).max(1)))
        .enumerate()
        .map(|(slice, ((gradient, outer), inner))| {
            let mut sums = vec![0.0; 2 * stride];
            with_scratch(|Scratch { a, chunk_sums, .. }| {
                let rows = gradient
                    .chunks_exact_mut(image_numbers)
                    .zip(outer.chunks_exact_mut(stride));
                for (index, ((gradient, outer), inner)) in
                    rows.zip(inner.chunks_exact_mut(narrow)).enumerate()
                {
                    let image = slice * slices.images + index;
                    let source = FusedInput {
                        values: &input.values[image * image_numbers..][..image_numbers],
                        ..input
                    };
                    let block = Block {
                        pixel: 0,
                        pixels: input.pixels,
                        channel: 0,
                        channels: stride,
                    };
                    let gate = &found.gate[image * stride..][..stride];
                    level.run(GateSums {
                        source,
                        block,
                        gradient,
                        sums: outer,
                    });
                    for (sum, gate) in outer.iter_mut().zip(gate) {
                        *sum *= gate * (1.0 - gate);
                    }
                    multiply(
                        level,
                        outer,
                        stride,
                        [1, channels, narrow],
                        &to_hidden,
                        inner,
                    );
                    for (number, u) in inner.iter_mut().zip(&found.hidden[image * narrow..]) {
                        *number = differentiate_activation(*u, *number, layers.activation);
                    }
                    a.resize(stride);
                    multiply(level, inner, narrow, [1, squeezed, stride], &to_mean, a);
                    a.iter_mut()
                        .for_each(|number| *number /= input.pixels as f32);
                    chunk_sums.add(&mut sums, |sums| {
                        level.run(GateGradient {
                            source,
                            block,
                            gate,
                            add: a,
                            gradient,
                            sums,
                        });
                    });
                }
            });
            sums
        })
        .collect();
    let mut sums = vec![0.0; 2 * stride];
    reduce(&parts, Some(&mut sums));
    let active: Vec<f32> = found
        .hidden
        .iter()
        .map(|u| apply_activation(*u, layers.activation))
        .collect();
    let cross = |left: &[f32],
                 [rows, left_step]: [usize; 2],
                 right: &[f32],
                 [columns, right_step]: [usize; 2]| {
        let mut wide = vec![0.0; rows * right_step];
        level.run(Gemm {
            left: Left {
                numbers: left,
                row_step: 1,
                depth_step: left_step,
            },
            right: Right::Rows(right, right_step),
            lines: [Runs::ONE; 2],
            rows,
            runs: [Runs::ONE; 2],
            depth: images,
            columns: right_step,
            output: &mut wide,
            output_step: right_step,
            accumulate: false,
        });
        wide.chunks_exact(right_step)
            .flat_map(|row| row[..columns].to_vec())
            .collect::<Vec<f32>>()
    };
    let total = |rows: &[f32], stride: usize, width: usize| {
        let mut sum = vec![0.0; width];
        for row in rows.chunks_exact(stride) {
            sum.iter_mut().zip(row).for_each(|(sum, more)| *sum += more);
        }
        sum
    };
    Gradients {
        reduce: cross(&inner, [squeezed, narrow], &found.mean, [channels, stride]),
        reduce_bias: total(&inner, narrow, squeezed),
        expand: cross(&outer, [channels, stride], &active, [squeezed, narrow]),
        expand_bias: total(&outer, stride, channels),
        sums,
    }
}

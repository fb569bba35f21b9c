//! 1×1 convolutions as matrix products, in chunks of pixels that stay in the second-level cache.

use rayon::prelude::*;

use super::gradient::NormGradient;
use super::product::{Gemm, Left, Right, Runs, pack};
use super::scratch::{Scratch, with_scratch};
use super::slices::{Slices, for_each_slice, reduce, reduce_weights};
use super::source::{Activate, Block, FusedInput};
use super::stream::{Stream, Total};
use crate::platform::simd::Level;

/// Numbers of a chunk's scratch: half of a second-level cache of 512 KiB.
const CHUNK: usize = 64 << 10;
/// The least and most pixels of a chunk: multiples of a tile's rows, and enough for the sums over
/// them to be worth loading and storing.
const PIXELS: [usize; 2] = [144, 240];
/// Channels whose weight gradients are computed at a time, with all channels of the other map.
const ROWS: usize = 192;

/// A convolution's output, and how to turn the gradient of the map made of it into its own.
#[derive(Clone, Copy)]
pub struct Normalized<'a> {
    /// The output with its normalization and activation, without gate.
    pub output: FusedInput<'a>,
    /// Factors of that gradient, see [`NormGradient::factors`].
    pub factors: [&'a [f32]; 3],
    /// The gradient of the activated output, shaped as [`FusedInput::values`].
    pub gradient: &'a [f32],
}

/// What a backward pass writes; `None` for what is not needed.
pub struct Wanted<'a> {
    /// The gradient of the weights, in their shape.
    pub weights: Option<&'a mut [f32]>,
    /// The gradient of the input map, shaped as [`FusedInput::values`].
    pub input: Option<&'a mut [f32]>,
    /// [`super::gradient::GradientSums`] of the input, `[2, stride]`.
    pub sums: Option<&'a mut [f64]>,
}

/// Returns the distance from one row of scratch to the next: rows a large power of two apart would
/// all fall into the same few lines of the first-level cache.
fn spread(width: usize) -> usize {
    if width.is_multiple_of(128) {
        width + 16
    } else {
        width
    }
}

/// Returns the pixels of a chunk with `width` numbers per pixel.
fn chunk(width: usize) -> usize {
    (CHUNK / width.max(1)).clamp(PIXELS[0], PIXELS[1]) / 12 * 12
}

/// Multiplies `weights`, `[channels_out, channels_in]`, with each pixel of the input.
pub fn forward(
    level: Level,
    input: FusedInput<'_>,
    channels_in: usize,
    weights: &[f32],
    output: &mut [f32],
    stride: usize,
    moments: Option<&mut [f64]>,
) {
    let channels_out = weights.len() / channels_in.max(1);
    let mut panels = vec![];
    pack(
        channels_in,
        channels_out,
        stride,
        level.lanes(),
        |row, column| weights[column * channels_in + row],
        &mut panels,
    );
    let step = spread(input.stride);
    let chunk = chunk(step + stride);
    let pixels = output.len() / stride.max(1);
    let slices = Slices::new(pixels / input.pixels.max(1), 0);
    let length = slices.images * input.pixels;
    let is_wanted = moments.is_some();
    let parts: Vec<_> = output
        .par_chunks_mut((length * stride).max(1))
        .enumerate()
        .map(|(slice, output)| {
            let mut sums = vec![0.0; if is_wanted { 2 * stride } else { 0 }];
            with_scratch(
                |Scratch {
                     a, c, chunk_sums, ..
                 }| {
                    for (block, at) in blocks(slice * length, output.len() / stride, chunk, &input)
                    {
                        let output = &mut output[at * stride..][..block.pixels * stride];
                        c.resize(block.pixels * stride);
                        let left = if input.is_plain() {
                            Left {
                                numbers: &input.values[block.pixel * input.stride..],
                                row_step: input.stride,
                                depth_step: 1,
                            }
                        } else {
                            a.resize(block.pixels * step);
                            level.run(Activate {
                                source: input,
                                block,
                                output: a,
                                output_step: step,
                            });
                            Left {
                                numbers: a,
                                row_step: step,
                                depth_step: 1,
                            }
                        };
                        level.run(Gemm {
                            left,
                            right: Right::Packed(&panels, channels_in, 0),
                            lines: [Runs::ONE; 2],
                            rows: block.pixels,
                            runs: [Runs::ONE; 2],
                            depth: channels_in,
                            columns: stride,
                            output: c,
                            output_step: stride,
                            accumulate: false,
                        });
                        chunk_sums.add(&mut sums, |sums| {
                            let sums = if is_wanted {
                                Total::Moments(sums)
                            } else {
                                Total::Nothing
                            };
                            level.run(Stream {
                                from: c,
                                to: output,
                                stride,
                                sums,
                            });
                        });
                    }
                },
            );
            sums
        })
        .collect();
    reduce(&parts, moments);
}

/// Returns a slice's pixels in chunks, each within an image where the input has a gate, and where
/// each begins in the slice.
fn blocks<'a>(
    first: usize,
    count: usize,
    chunk: usize,
    input: &FusedInput<'a>,
) -> impl Iterator<Item = (Block, usize)> + use<'a> {
    let (pixels, is_gated) = (input.pixels, input.gate.is_some());
    let (channels, mut at) = (input.stride, 0);
    std::iter::from_fn(move || {
        (at < count).then(|| {
            let mut length = chunk.min(count - at);
            if is_gated {
                length = length.min(pixels - (first + at) % pixels);
            }
            let block = Block {
                pixel: first + at,
                pixels: length,
                channel: 0,
                channels,
            };
            at += length;
            (block, at - length)
        })
    })
}

/// Computes the gradients of [`forward`].
pub fn backward(
    level: Level,
    input: FusedInput<'_>,
    channels_in: usize,
    weights: &[f32],
    normalized: Normalized<'_>,
    wanted: Wanted<'_>,
) {
    let channels_out = weights.len() / channels_in.max(1);
    let (stride_in, stride) = (input.stride, normalized.output.stride);
    let mut panels = vec![];
    if wanted.input.is_some() {
        pack(
            channels_out,
            channels_in,
            stride_in,
            level.lanes(),
            |row, column| weights[row * channels_in + column],
            &mut panels,
        );
    }
    let (step_in, step) = (spread(stride_in), spread(stride));
    let chunk = chunk(step + step_in);
    let pixels = normalized.gradient.len() / stride.max(1);
    // The wider matrix is on the right, whose cache lines are read whole; where that is the
    // output's, the gradient of the weights is computed transposed.
    let is_turned = stride > stride_in;
    let (narrow, wide) = if is_turned {
        (channels_in, stride)
    } else {
        (channels_out, stride_in)
    };
    let slices = Slices::new(pixels / input.pixels.max(1), narrow * wide);
    let length = slices.images * input.pixels;
    let (has_weights, has_sums) = (wanted.weights.is_some(), wanted.sums.is_some());
    let work = |slice: usize, mut gradient: Option<&mut [f32]>| {
        let count = length.min(pixels - slice * length);
        let mut sums = vec![0.0; if has_sums { 2 * stride_in } else { 0 }];
        let mut weights = super::pool::take(if has_weights { narrow * wide } else { 0 });
        with_scratch(
            |Scratch {
                 a,
                 b,
                 c,
                 chunk_sums,
             }| {
                for (block, at) in blocks(slice * length, count, chunk, &input) {
                    b.resize(block.pixels * step);
                    level.run(NormGradient {
                        source: normalized.output,
                        factors: normalized.factors,
                        gradient: normalized.gradient,
                        block: Block {
                            channels: stride,
                            ..block
                        },
                        output: b,
                        output_step: step,
                    });
                    if has_weights {
                        let (map, map_step) = if input.is_plain() {
                            (&input.values[block.pixel * stride_in..], stride_in)
                        } else {
                            a.resize(block.pixels * step_in);
                            level.run(Activate {
                                source: input,
                                block,
                                output: a,
                                output_step: step_in,
                            });
                            (&**a, step_in)
                        };
                        let (left, left_step, right, right_step) = match is_turned {
                            true => (map, map_step, &**b, step),
                            false => (&**b, step, map, map_step),
                        };
                        for first in (0..narrow).step_by(ROWS) {
                            level.run(Gemm {
                                left: Left {
                                    numbers: &left[first..],
                                    row_step: 1,
                                    depth_step: left_step,
                                },
                                right: Right::Rows(right, right_step),
                                lines: [Runs::ONE; 2],
                                rows: ROWS.min(narrow - first),
                                runs: [Runs::ONE; 2],
                                depth: block.pixels,
                                columns: wide,
                                output: &mut weights[first * wide..],
                                output_step: wide,
                                accumulate: at > 0,
                            });
                        }
                    }
                    if let Some(gradient) = &mut gradient {
                        let gradient = &mut gradient[at * stride_in..][..block.pixels * stride_in];
                        c.resize(block.pixels * stride_in);
                        level.run(Gemm {
                            left: Left {
                                numbers: b,
                                row_step: step,
                                depth_step: 1,
                            },
                            right: Right::Packed(&panels, channels_out, 0),
                            lines: [Runs::ONE; 2],
                            rows: block.pixels,
                            runs: [Runs::ONE; 2],
                            depth: channels_out,
                            columns: stride_in,
                            output: c,
                            output_step: stride_in,
                            accumulate: false,
                        });
                        let source = input.part(block.pixel, block.pixels);
                        chunk_sums.add(&mut sums, |sums| {
                            let sums = if has_sums {
                                Total::Gradient(sums, source)
                            } else {
                                Total::Nothing
                            };
                            level.run(Stream {
                                from: c,
                                to: gradient,
                                stride: stride_in,
                                sums,
                            });
                        });
                    }
                }
            },
        );
        (sums, weights)
    };
    let parts = for_each_slice(
        wanted.input,
        length * stride_in,
        pixels.div_ceil(length.max(1)),
        work,
    );
    let (sums, parts): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
    reduce(&sums, wanted.sums);
    if let Some(to) = wanted.weights {
        if is_turned {
            let mut turned = super::pool::take(channels_in * channels_out);
            reduce_weights(&parts, wide, channels_out, &mut turned);
            to.par_chunks_mut(channels_in)
                .enumerate()
                .for_each(|(row, to)| {
                    for (column, to) in to.iter_mut().enumerate() {
                        *to = turned[column * channels_out + row];
                    }
                });
            super::pool::give(turned);
        } else {
            reduce_weights(&parts, wide, channels_in, to);
        }
    }
    parts.into_iter().for_each(super::pool::give);
}

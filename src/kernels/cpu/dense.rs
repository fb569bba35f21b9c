//! Dense convolutions with a kernel of several pixels, as matrix products over padded maps: a row of
//! the left matrix is a run of the map for each line of the kernel, so nothing is rearranged.

use rayon::prelude::*;

use super::depthwise::Plane;
use super::planes::{Geometry, pad_input, place_gradient};
use super::pointwise::{Normalized, Wanted};
use super::product::{Left, Product, Right, Runs, pack};
use super::scratch::{Scratch, with_scratch};
use super::slices::{Slices, reduce, reduce_weights};
use super::source::{Source, Stream, Total};
use crate::inference::cpu::padded;
use crate::platform::simd::{Level, MOST_LANES};

/// Bytes of a panel of weights that a tile reads over and over.
const PANEL_BYTES: usize = 96 << 10;
/// Bytes of a panel's row.
const PANEL_ROW_BYTES: usize = 64;

/// How the lines of a kernel are summed: all before an output is written, or one after the other
/// where a panel of all would not stay in the cache. The first number says how many are one step.
fn kernel_lines(side: usize, run: usize) -> usize {
    if side * run * PANEL_ROW_BYTES <= PANEL_BYTES {
        side
    } else {
        1
    }
}

/// Correlates a padded plane with packed weights of `side` lines of `run` numbers.
#[expect(clippy::too_many_arguments, reason = "the sizes of one product")]
fn correlate(
    level: Level,
    plane: &[f32],
    [plane_line, plane_pixel]: [usize; 2],
    [side, stride, run]: [usize; 3],
    panels: &[f32],
    [lines, columns]: [usize; 2],
    output: &mut [f32],
    width: usize,
) {
    let together = kernel_lines(side, run);
    for first in (0..side).step_by(together) {
        level.run(Product {
            left: Left {
                numbers: &plane[first * plane_line..],
                row_step: stride * plane_pixel,
                depth_step: 1,
            },
            right: Right::Packed(panels, side * run, first * run),
            lines: Runs {
                count: lines,
                left_step: stride * plane_line,
                other_step: columns * width,
            },
            rows: columns,
            runs: [
                Runs::ONE,
                Runs {
                    count: together,
                    left_step: plane_line,
                    other_step: 0,
                },
            ],
            depth: run,
            columns: width,
            output,
            output_step: width,
            accumulate: first > 0,
        });
    }
}

/// `weights`, `[channels_out, channels_in, side, side]`, times each window of the input.
#[expect(clippy::too_many_arguments, reason = "a convolution's operands")]
pub fn forward(
    level: Level,
    geometry: Geometry,
    input: Source<'_>,
    channels_in: usize,
    weights: &[f32],
    output: &mut [f32],
    stride: usize,
    moments: Option<&mut [f64]>,
) {
    let side = geometry.window.kernel;
    let area = side * side;
    let channels_out = weights.len() / (area * channels_in).max(1);
    // Channels as the planes have them: a plain map's as they are.
    let width = if input.is_plain() {
        channels_in
    } else {
        input.stride
    };
    let mut panels = vec![];
    let number = |row: usize, column: usize| match row % width {
        channel if channel < channels_in => {
            weights[(column * channels_in + channel) * area + row / width]
        }
        _ => 0.0,
    };
    pack(
        area * width,
        channels_out,
        stride,
        level.lanes(),
        number,
        &mut panels,
    );
    let [lines, columns] = geometry.outputs();
    let image_numbers = lines * columns * stride;
    let slices = Slices::new(output.len() / image_numbers.max(1), 0);
    let is_wanted = moments.is_some();
    let parts: Vec<_> = output
        .par_chunks_mut((slices.images * image_numbers).max(1))
        .enumerate()
        .map(|(slice, output)| {
            let mut sums = vec![0.0; if is_wanted { 2 * stride } else { 0 }];
            with_scratch(
                |Scratch {
                     a, c, chunk_sums, ..
                 }| {
                    for (image, output) in output.chunks_exact_mut(image_numbers).enumerate() {
                        c.resize(image_numbers);
                        let plane = pad_input(
                            level,
                            &geometry,
                            &input,
                            slice * slices.images + image,
                            0..lines,
                            width,
                            a,
                        );
                        correlate(
                            level,
                            plane.numbers,
                            [plane.columns * width, width],
                            [side, geometry.window.stride, side * width],
                            &panels,
                            [lines, columns],
                            c,
                            stride,
                        );
                        chunk_sums.add(sums.len(), &mut sums, |sums| {
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

/// The gradients of [`forward`].
pub fn backward(
    level: Level,
    geometry: Geometry,
    input: Source<'_>,
    channels_in: usize,
    weights: &[f32],
    normalized: Normalized<'_>,
    wanted: Wanted<'_>,
) {
    let side = geometry.window.kernel;
    let area = side * side;
    let channels_out = weights.len() / (area * channels_in).max(1);
    let (stride_in, stride) = (input.stride, normalized.output.stride);
    let width = if input.is_plain() {
        channels_in
    } else {
        stride_in
    };
    let mut panels = vec![];
    if wanted.input.is_some() {
        let number = |row: usize, column: usize| match row % stride {
            channel if channel < channels_out => {
                weights[(channel * channels_in + column) * area + area - 1 - row / stride]
            }
            _ => 0.0,
        };
        pack(
            area * stride,
            channels_in,
            stride_in,
            level.lanes(),
            number,
            &mut panels,
        );
    }
    let [lines, columns] = geometry.outputs();
    let images = normalized.gradient.len() / (lines * columns * stride).max(1);
    let image_numbers = input.pixels * stride_in;
    // A line of the filters' gradients.
    let run = padded(side * width);
    let slices = Slices::new(images, channels_out * side * run);
    let (has_weights, has_sums) = (wanted.weights.is_some(), wanted.sums.is_some());
    let work = |slice: usize, mut gradient: Option<&mut [f32]>| {
        let mut sums = vec![0.0; if has_sums { 2 * stride_in } else { 0 }];
        let mut weights = super::pool::take(if has_weights {
            channels_out * side * run
        } else {
            0
        });
        let first = slice * slices.images;
        with_scratch(
            |Scratch {
                 a,
                 b,
                 c,
                 chunk_sums,
             }| {
                for image in first..images.min(first + slices.images) {
                    let (spread, first_gradient) = place_gradient(
                        level,
                        &geometry,
                        geometry.dilated(),
                        &normalized,
                        image,
                        0..lines,
                        b,
                    );
                    if has_weights {
                        let Plane {
                            columns: plane_columns,
                            ..
                        } = pad_input(level, &geometry, &input, image, 0..lines, width, a);
                        // The last pixel's run reads a little further than the plane.
                        let length = a.len();
                        a.resize(length + MOST_LANES);
                        let dilation = geometry.window.stride;
                        for filter_line in 0..side {
                            level.run(Product {
                                left: Left {
                                    numbers: first_gradient.numbers,
                                    row_step: 1,
                                    depth_step: dilation * stride,
                                },
                                right: Right::Rows(
                                    &a[filter_line * plane_columns * width..],
                                    dilation * width,
                                ),
                                lines: Runs::ONE,
                                rows: channels_out,
                                runs: [
                                    Runs::ONE,
                                    Runs {
                                        count: lines,
                                        left_step: dilation * spread.columns * stride,
                                        other_step: dilation * plane_columns * width,
                                    },
                                ],
                                depth: columns,
                                columns: run,
                                output: &mut weights[filter_line * run..],
                                output_step: side * run,
                                accumulate: image > first,
                            });
                        }
                    }
                    if let Some(gradient) = &mut gradient {
                        let gradient =
                            &mut gradient[(image - first) * image_numbers..][..image_numbers];
                        c.resize(image_numbers);
                        correlate(
                            level,
                            spread.numbers,
                            [spread.columns * stride, stride],
                            [side, 1, side * stride],
                            &panels,
                            geometry.size,
                            c,
                            stride_in,
                        );
                        let source = input.part(image * input.pixels, input.pixels);
                        chunk_sums.add(sums.len(), &mut sums, |sums| {
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
    let parts: Vec<_> = match wanted.input {
        Some(gradient) => gradient
            .par_chunks_mut((slices.images * image_numbers).max(1))
            .enumerate()
            .map(|(slice, gradient)| work(slice, Some(gradient)))
            .collect(),
        None => (0..images.div_ceil(slices.images))
            .into_par_iter()
            .map(|slice| work(slice, None))
            .collect(),
    };
    let (sums, parts): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
    reduce(&sums, wanted.sums);
    if let Some(to) = wanted.weights {
        let mut lines = super::pool::take(channels_out * side * run);
        reduce_weights(&parts, run, run, &mut lines);
        for (filter, to) in to.chunks_exact_mut(area * channels_in).enumerate() {
            for (at, to) in to.iter_mut().enumerate() {
                let (channel, line, column) = (at / area, at % area / side, at % side);
                *to = lines[(filter * side + line) * run + column * width + channel];
            }
        }
        super::pool::give(lines);
    }
    parts.into_iter().for_each(super::pool::give);
}

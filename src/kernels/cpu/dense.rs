//! Dense convolutions with a kernel of several pixels, as matrix products over padded maps: a row
//! of the left matrix is a run of the map for each line of the kernel, so the map is read in place.
//! Several small maps are computed together, so that the weights, which are large there, are read
//! once for all of them.

use rayon::prelude::*;

use super::planes::{Geometry, pad_input, place_gradient};
use super::pointwise::{Normalized, Wanted};
use super::product::{Gemm, Left, Right, Runs, pack};
use super::scratch::{Scratch, with_scratch};
use super::slices::{Slices, for_each_slice, reduce, reduce_weights};
use super::source::FusedInput;
use super::stream::{Stream, Total};
use crate::engine::cpu::padded;
use crate::platform::simd::{Level, MOST_LANES};

/// Bytes of the largest panel of weights that a tile reads over and over.
const PANEL_BYTES: usize = 96 << 10;
/// Bytes of a row of a panel.
const PANEL_ROW_BYTES: usize = 64;
/// The least pixels that are computed together.
const PIXELS: usize = 144;
/// Output channels whose weight gradients are computed at a time, with all channels of the input.
const ROWS: usize = 192;

/// Returns the distance from one pixel of a plane to the next: pixels a large power of two apart
/// would all fall into the same few lines of the first-level cache.
fn spread(channels: usize) -> usize {
    if channels.is_multiple_of(128) {
        channels + MOST_LANES
    } else {
        channels
    }
}

/// Planes of several images, and the filters that they are correlated with.
struct Correlation<'a> {
    planes: &'a [f32],
    images: usize,
    /// Distance from one image, line and pixel to the next, in numbers.
    steps: [usize; 3],
    /// Lines of the kernel, pixels from one output to the next, numbers per line of the kernel.
    kernel: [usize; 3],
    panels: &'a [f32],
    /// Lines and columns of the output.
    size: [usize; 2],
    /// Channels of the output, with padding.
    width: usize,
}

impl Correlation<'_> {
    fn run(&self, level: Level, output: &mut [f32]) {
        let [side, stride, run] = self.kernel;
        let [image_step, line_step, pixel_step] = self.steps;
        let [lines, columns] = self.size;
        // Sums over all lines of the kernel before writing an output, or line by line where a panel
        // for all lines would not stay in the cache.
        let is_small = side * run * PANEL_ROW_BYTES <= PANEL_BYTES;
        let together = if is_small { side } else { 1 };
        for first in (0..side).step_by(together) {
            level.run(Gemm {
                left: Left {
                    numbers: &self.planes[first * line_step..],
                    row_step: stride * pixel_step,
                    depth_step: 1,
                },
                right: Right::Packed(self.panels, side * run, first * run),
                lines: [
                    Runs {
                        count: self.images,
                        left_step: image_step,
                        other_step: lines * columns * self.width,
                    },
                    Runs {
                        count: lines,
                        left_step: stride * line_step,
                        other_step: columns * self.width,
                    },
                ],
                rows: columns,
                runs: [
                    Runs::ONE,
                    Runs {
                        count: together,
                        left_step: line_step,
                        other_step: 0,
                    },
                ],
                depth: run,
                columns: self.width,
                output,
                output_step: self.width,
                accumulate: first > 0,
            });
        }
    }
}

/// Convolves the input with `weights`, `[channels_out, channels_in, side, side]`.
#[expect(clippy::too_many_arguments, reason = "a convolution's operands")]
pub fn forward(
    level: Level,
    geometry: Geometry,
    input: FusedInput<'_>,
    channels_in: usize,
    weights: &[f32],
    output: &mut [f32],
    stride: usize,
    moments: Option<&mut [f64]>,
) {
    let side = geometry.window.kernel;
    let area = side * side;
    let channels_out = weights.len() / (area * channels_in).max(1);
    // Channels in the planes: without padding where the map is plain.
    let channels = match input.is_plain() {
        true => channels_in,
        false => input.stride,
    };
    let width = spread(channels);
    let mut panels = vec![];
    let number = |row: usize, column: usize| match row % width {
        channel if channel < channels_in => {
            weights[(column * channels_in + channel) * area + row / width]
        }
        _ => 0.0,
    };
    let lanes = level.lanes();
    pack(
        area * width,
        channels_out,
        stride,
        lanes,
        number,
        &mut panels,
    );
    let [lines, columns] = geometry.outputs();
    let image_numbers = lines * columns * stride;
    let plane = geometry.padded_pixels(lines) * width;
    let slices = Slices::new(output.len() / image_numbers.max(1), 0);
    let group = PIXELS.div_ceil(lines * columns);
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
                    for (index, output) in output.chunks_mut(group * image_numbers).enumerate() {
                        let images = output.len() / image_numbers;
                        c.resize(output.len());
                        a.resize(images * plane);
                        for (image, plane) in a.chunks_exact_mut(plane).enumerate() {
                            let image = slice * slices.images + index * group + image;
                            pad_input(
                                level,
                                &geometry,
                                &input,
                                image,
                                0..lines,
                                [channels, width],
                                plane,
                            );
                        }
                        let correlation = Correlation {
                            planes: a,
                            images,
                            steps: [plane, geometry.columns() * width, width],
                            kernel: [side, geometry.window.stride, side * width],
                            panels: &panels,
                            size: [lines, columns],
                            width: stride,
                        };
                        correlation.run(level, c);
                        chunk_sums.add(&mut sums, |sums| {
                            let sums = match is_wanted {
                                true => Total::Moments(sums),
                                false => Total::Nothing,
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

/// Computes the gradients of [`forward`].
pub fn backward(
    level: Level,
    geometry: Geometry,
    input: FusedInput<'_>,
    channels_in: usize,
    weights: &[f32],
    normalized: Normalized<'_>,
    wanted: Wanted<'_>,
) {
    let side = geometry.window.kernel;
    let area = side * side;
    let channels_out = weights.len() / (area * channels_in).max(1);
    let (stride_in, stride) = (input.stride, normalized.output.stride);
    let channels = match input.is_plain() {
        true => channels_in,
        false => stride_in,
    };
    let (width, step) = (spread(channels), spread(stride));
    let mut panels = vec![];
    if wanted.input.is_some() {
        let number = |row: usize, column: usize| match row % step {
            channel if channel < channels_out => {
                weights[(channel * channels_in + column) * area + area - 1 - row / step]
            }
            _ => 0.0,
        };
        let lanes = level.lanes();
        pack(
            area * step,
            channels_in,
            stride_in,
            lanes,
            number,
            &mut panels,
        );
    }
    let [lines, columns] = geometry.outputs();
    let images = normalized.gradient.len() / (lines * columns * stride).max(1);
    let image_numbers = input.pixels * stride_in;
    // Numbers in a line of the filters' gradients.
    let run = padded(side * width);
    let slices = Slices::new(images, channels_out * side * run);
    let group = PIXELS.div_ceil(lines * columns).min(slices.images);
    let plane = geometry.padded_pixels(lines) * width;
    let (placing, dilation) = (geometry.dilated(), geometry.window.stride);
    let spread = placing.pixels(lines) * step;
    let spread_line = placing.pixels(1) - placing.pixels(0);
    let (has_weights, has_sums) = (wanted.weights.is_some(), wanted.sums.is_some());
    let work = |slice: usize, mut gradient: Option<&mut [f32]>| {
        let mut sums = vec![0.0; if has_sums { 2 * stride_in } else { 0 }];
        let size = if has_weights {
            channels_out * side * run
        } else {
            0
        };
        let mut weights = super::pool::take(size);
        let begin = slice * slices.images;
        let end = images.min(begin + slices.images);
        with_scratch(
            |Scratch {
                 a,
                 b,
                 c,
                 chunk_sums,
             }| {
                for first in (begin..end).step_by(group) {
                    let count = group.min(end - first);
                    b.resize(count * spread);
                    for (image, plane) in b.chunks_exact_mut(spread).enumerate() {
                        let image = first + image;
                        let band = 0..lines;
                        place_gradient(
                            level,
                            &geometry,
                            placing,
                            &normalized,
                            image,
                            band,
                            step,
                            plane,
                        );
                    }
                    if has_weights {
                        // The last pixel's run reads a little further than the plane.
                        a.resize(count * plane + MOST_LANES);
                        for (image, plane) in a.chunks_exact_mut(plane).take(count).enumerate() {
                            pad_input(
                                level,
                                &geometry,
                                &input,
                                first + image,
                                0..lines,
                                [channels, width],
                                plane,
                            );
                        }
                        for filter_line in 0..side {
                            for row in (0..channels_out).step_by(ROWS) {
                                level.run(Gemm {
                                    left: Left {
                                        numbers: &b[placing.first() * step + row..],
                                        row_step: 1,
                                        depth_step: dilation * step,
                                    },
                                    right: Right::Rows(
                                        &a[filter_line * geometry.columns() * width..],
                                        dilation * width,
                                    ),
                                    lines: [Runs::ONE; 2],
                                    rows: ROWS.min(channels_out - row),
                                    runs: [
                                        Runs {
                                            count,
                                            left_step: spread,
                                            other_step: plane,
                                        },
                                        Runs {
                                            count: lines,
                                            left_step: dilation * spread_line * step,
                                            other_step: dilation * geometry.columns() * width,
                                        },
                                    ],
                                    depth: columns,
                                    columns: run,
                                    output: &mut weights[(row * side + filter_line) * run..],
                                    output_step: side * run,
                                    accumulate: first > begin,
                                });
                            }
                        }
                    }
                    let Some(gradient) = &mut gradient else {
                        continue;
                    };
                    let gradient =
                        &mut gradient[(first - begin) * image_numbers..][..count * image_numbers];
                    c.resize(gradient.len());
                    let correlation = Correlation {
                        planes: b,
                        images: count,
                        steps: [spread, spread_line * step, step],
                        kernel: [side, 1, side * step],
                        panels: &panels,
                        size: geometry.size,
                        width: stride_in,
                    };
                    correlation.run(level, c);
                    let source = input.part(first * input.pixels, count * input.pixels);
                    chunk_sums.add(&mut sums, |sums| {
                        let sums = match has_sums {
                            true => Total::Gradient(sums, source),
                            false => Total::Nothing,
                        };
                        level.run(Stream {
                            from: c,
                            to: gradient,
                            stride: stride_in,
                            sums,
                        });
                    });
                }
            },
        );
        (sums, weights)
    };
    let parts = for_each_slice(
        wanted.input,
        slices.images * image_numbers,
        images.div_ceil(slices.images),
        work,
    );
    let (sums, parts): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
    reduce(&sums, wanted.sums);
    if let Some(to) = wanted.weights {
        let mut filters = super::pool::take(channels_out * side * run);
        reduce_weights(&parts, run, run, &mut filters);
        let length = (area * channels_in).max(1);
        to.par_chunks_mut(length)
            .enumerate()
            .for_each(|(filter, to)| {
                for (at, to) in to.iter_mut().enumerate() {
                    let (channel, line, column) = (at / area, at % area / side, at % side);
                    *to = filters[(filter * side + line) * run + column * width + channel];
                }
            });
        super::pool::give(filters);
    }
    parts.into_iter().for_each(super::pool::give);
}

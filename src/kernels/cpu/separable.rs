//! Depthwise convolutions of whole batches: image by image, some lines at a time with all their
//! channels, so that memory is read and written from one end to the other and the working set stays
//! in the second-level cache.

use std::ops::Range;

use rayon::prelude::*;

use super::depthwise::{Correlate, Filters, Plane, Transpose, WeightGradient};
use super::planes::{Geometry, pad_input, place_gradient};
use super::pointwise::{Normalized, Wanted};
use super::scratch::{Scratch, with_scratch};
use super::slices::{Slices, for_each_slice, reduce, reduce_weights};
use super::source::FusedInput;
use super::stream::{Stream, Total};
use crate::platform::simd::Level;

/// Approximate count of numbers in a band's input.
const BAND: usize = 48 << 10;

/// Splits the output's lines into bands.
fn bands(geometry: &Geometry, stride: usize) -> impl Iterator<Item = Range<usize>> {
    let [lines, _] = geometry.outputs();
    let [_, columns] = geometry.size;
    let least = BAND / (columns * stride * geometry.window.stride).max(1);
    let count = lines.div_ceil(least.max(2 * geometry.window.kernel)).max(1);
    let band = lines.div_ceil(count).max(1);
    (0..lines)
        .step_by(band)
        .map(move |first| first..lines.min(first + band))
}

/// Rearranges `weights`, `[channels, side, side]`, as `[side, side, stride]`.
fn taps(weights: &[f32], side: usize, stride: usize) -> Vec<f32> {
    let area = side * side;
    let mut taps = vec![0.0; area * stride];
    for (channel, filter) in weights.chunks_exact(area).enumerate() {
        for (tap, weight) in filter.iter().enumerate() {
            taps[tap * stride + channel] = *weight;
        }
    }
    taps
}

/// Convolves each channel with its own filter.
pub fn forward(
    level: Level,
    geometry: Geometry,
    input: FusedInput<'_>,
    weights: &[f32],
    output: &mut [f32],
    moments: Option<&mut [f64]>,
) {
    let (stride, side) = (input.stride, geometry.window.kernel);
    let taps = taps(weights, side, stride);
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
                        for band in bands(&geometry, stride) {
                            let output = &mut output
                                [band.start * columns * stride..band.end * columns * stride];
                            c.resize(output.len());
                            a.resize(geometry.padded_pixels(band.len()) * stride);
                            level.run(Correlate {
                                input: pad_input(
                                    level,
                                    &geometry,
                                    &input,
                                    slice * slices.images + image,
                                    band.clone(),
                                    [stride; 2],
                                    a,
                                ),
                                filters: Filters {
                                    weights: &taps,
                                    side,
                                    step: stride,
                                },
                                stride: geometry.window.stride,
                                channels: stride,
                                size: [band.len(), columns],
                                output: c,
                                output_step: stride,
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
    weights: &[f32],
    normalized: Normalized<'_>,
    wanted: Wanted<'_>,
) {
    let (stride, side) = (input.stride, geometry.window.kernel);
    let area = side * side;
    let taps = taps(weights, side, stride);
    let image_numbers = input.pixels * stride;
    let [lines, columns] = geometry.outputs();
    let [height, width] = geometry.size;
    let images = normalized.gradient.len() / (lines * columns * stride).max(1);
    let slices = Slices::new(images, area * stride);
    let (has_weights, has_sums) = (wanted.weights.is_some(), wanted.sums.is_some());
    let work = |slice: usize, mut gradient: Option<&mut [f32]>| {
        let mut sums = vec![0.0; if has_sums { 2 * stride } else { 0 }];
        let mut weights = vec![0.0; if has_weights { area * stride } else { 0 }];
        let first = slice * slices.images;
        with_scratch(
            |Scratch {
                 a,
                 b,
                 c,
                 chunk_sums,
             }| {
                for image in first..images.min(first + slices.images) {
                    for band in bands(&geometry, stride) {
                        // The lines of the input that this band writes.
                        let end = if band.end == lines {
                            height
                        } else {
                            band.end * geometry.window.stride
                        };
                        let own = band.start * geometry.window.stride..end;
                        let placing = geometry.compact();
                        a.resize(geometry.padded_pixels(band.len()) * stride);
                        b.resize(placing.pixels(band.len()) * stride);
                        let plane = place_gradient(
                            level,
                            &geometry,
                            placing,
                            &normalized,
                            image,
                            band.clone(),
                            stride,
                            b,
                        );
                        if has_weights {
                            level.run(WeightGradient {
                                input: pad_input(
                                    level,
                                    &geometry,
                                    &input,
                                    image,
                                    band.clone(),
                                    [stride; 2],
                                    a,
                                ),
                                gradient: Plane {
                                    numbers: &plane.numbers[placing.first() * stride..],
                                    ..plane
                                },
                                size: [band.len(), columns],
                                side,
                                stride: geometry.window.stride,
                                channels: stride,
                                output: &mut weights,
                                output_step: stride,
                            });
                        }
                        let Some(gradient) = &mut gradient else {
                            continue;
                        };
                        let at = (image - first) * image_numbers + own.start * width * stride;
                        let gradient = &mut gradient[at..][..own.len() * width * stride];
                        c.resize(gradient.len());
                        let before = geometry.size.map(|length| geometry.window.before(length));
                        level.run(Transpose {
                            gradient: plane,
                            border: placing.from[0],
                            filters: Filters {
                                weights: &taps,
                                side,
                                step: stride,
                            },
                            stride: geometry.window.stride,
                            before,
                            channels: stride,
                            size: [own.len(), width],
                            output: c,
                            output_step: stride,
                        });
                        let source =
                            input.part(image * input.pixels + own.start * width, own.len() * width);
                        chunk_sums.add(&mut sums, |sums| {
                            let sums = if has_sums {
                                Total::Gradient(sums, source)
                            } else {
                                Total::Nothing
                            };
                            level.run(Stream {
                                from: c,
                                to: gradient,
                                stride,
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
        slices.images * image_numbers,
        images.div_ceil(slices.images),
        work,
    );
    let (sums, parts): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
    reduce(&sums, wanted.sums);
    if let Some(to) = wanted.weights {
        let mut taps = vec![0.0; area * stride];
        reduce_weights(&parts, stride, stride, &mut taps);
        for (channel, filter) in to.chunks_exact_mut(area).enumerate() {
            for (tap, weight) in filter.iter_mut().enumerate() {
                *weight = taps[tap * stride + channel];
            }
        }
    }
}

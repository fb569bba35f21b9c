//! Maps with the zeros around them that a window reads.

use std::ops::Range;

use super::depthwise::Plane;
use super::gradient::NormGradient;
use super::pointwise::Normalized;
use super::source::{Activate, Block, FusedInput};
use crate::engine::plan::Window;
use crate::platform::simd::Level;

/// A map and the window that slides over it.
#[derive(Clone, Copy)]
pub struct Geometry {
    /// Lines and columns of the input.
    pub size: [usize; 2],
    /// Size, stride and border of the filters.
    pub window: Window,
}

impl Geometry {
    /// Returns the lines and columns of the output.
    pub fn outputs(&self) -> [usize; 2] {
        self.size.map(|length| self.window.outputs(length))
    }

    /// Returns the columns of a plane of [`pad_input`].
    pub fn columns(&self) -> usize {
        let [_, width] = self.size;
        self.window
            .padded_span(width)
            .max(self.window.before(width) + width)
    }

    /// Returns the pixels of a plane of [`pad_input`] for `lines` output lines.
    pub fn padded_pixels(&self, lines: usize) -> usize {
        ((lines.max(1) - 1) * self.window.stride + self.window.kernel) * self.columns()
    }

    /// Returns how to place output gradients so that a correlation of stride 1 with the mirrored
    /// filters gives the input's gradient.
    pub fn dilated(&self) -> GradientLayout {
        let [height, width] = self.size.map(|length| length + self.window.kernel - 1);
        GradientLayout {
            lines_around: height - self.outputs()[0].min(height),
            columns: width,
            from: self
                .size
                .map(|length| self.window.kernel - 1 - self.window.before(length)),
            dilation: self.window.stride,
        }
    }

    /// Returns how to place output gradients for [`super::depthwise::Transpose`].
    pub fn compact(&self) -> GradientLayout {
        let border = (self.window.kernel - 1) / self.window.stride + 1;
        let [_, columns] = self.outputs();
        GradientLayout {
            lines_around: 2 * border,
            columns: columns + 2 * border,
            from: [border; 2],
            dilation: 1,
        }
    }
}

impl GradientLayout {
    /// Returns the pixels of a plane of [`place_gradient`] for `lines` output lines.
    pub fn pixels(&self, lines: usize) -> usize {
        (lines + self.lines_around) * self.columns
    }

    /// Returns the number of pixels before the first output's gradient.
    pub fn first(&self) -> usize {
        self.from[0] * self.columns + self.from[1]
    }
}

/// How output gradients are placed in a plane, with zeros around and between.
#[derive(Clone, Copy)]
pub struct GradientLayout {
    /// Lines of the plane in addition to the outputs'.
    lines_around: usize,
    /// Columns of the plane.
    columns: usize,
    /// Line and column of the first output.
    pub from: [usize; 2],
    /// Distance from one output to the next, in pixels.
    dilation: usize,
}

/// Writes what one image's output lines `band` read, with zeros around, to the start of `plane`:
/// `channels` numbers of each pixel, `step` from one to the next. A map without padding
/// (`source.stride` is no multiple of the lanes) must be plain.
pub fn pad_input<'a>(
    level: Level,
    geometry: &Geometry,
    source: &FusedInput<'_>,
    image: usize,
    band: Range<usize>,
    [channels, step]: [usize; 2],
    plane: &'a mut [f32],
) -> Plane<'a> {
    let stride = geometry.window.stride;
    let [height, width] = geometry.size;
    let [above, before] = geometry.size.map(|length| geometry.window.before(length));
    let columns = geometry.columns();
    let plane = &mut plane[..geometry.padded_pixels(band.len()) * step];
    for (line, row) in plane.chunks_exact_mut(columns * step).enumerate() {
        let place = band.start * stride + line;
        if place < above || place - above >= height {
            row.fill(0.0);
            continue;
        }
        row[..before * step].fill(0.0);
        row[(before + width) * step..].fill(0.0);
        let row = &mut row[before * step..(before + width) * step];
        if step > channels {
            row.chunks_exact_mut(step)
                .for_each(|pixel| pixel[channels..].fill(0.0));
        }
        let pixel = image * source.pixels + (place - above) * width;
        if source.is_plain() {
            let from = source.values[pixel * source.stride..].chunks(source.stride);
            for (to, from) in row.chunks_exact_mut(step).zip(from) {
                to[..channels].copy_from_slice(&from[..channels]);
            }
        } else {
            let block = Block {
                pixel,
                pixels: width,
                channel: 0,
                channels,
            };
            level.run(Activate {
                source: *source,
                block,
                output: row,
                output_step: step,
            });
        }
    }
    Plane {
        numbers: plane,
        columns,
        step,
    }
}

/// Writes the gradient with respect to a convolution's output lines `band`, and those around that
/// fit into the plane, `step` numbers from one pixel to the next; the first of `band` is at
/// [`GradientLayout::first`].
#[expect(
    clippy::too_many_arguments,
    reason = "where a gradient comes from and where it goes"
)]
pub fn place_gradient<'a>(
    level: Level,
    geometry: &Geometry,
    layout: GradientLayout,
    normalized: &Normalized<'_>,
    image: usize,
    band: Range<usize>,
    step: usize,
    plane: &'a mut [f32],
) -> Plane<'a> {
    let [lines, columns] = geometry.outputs();
    let channels = normalized.output.stride;
    let GradientLayout { from, dilation, .. } = layout;
    let line_numbers = layout.columns * step;
    let plane = &mut plane[..layout.pixels(band.len()) * step];
    for (line, row) in plane.chunks_exact_mut(line_numbers).enumerate() {
        // Counted so that it is positive above the first line, too.
        let place = line + band.start * dilation;
        let is_output = place >= from[0]
            && (place - from[0]).is_multiple_of(dilation)
            && (place - from[0]) / dilation < lines;
        if !is_output {
            row.fill(0.0);
            continue;
        }
        if dilation == 1 && step == channels {
            row[..from[1] * channels].fill(0.0);
            row[(from[1] + columns) * channels..].fill(0.0);
        } else {
            row.fill(0.0);
        }
        let output = (place - from[0]) / dilation;
        level.run(NormGradient {
            source: normalized.output,
            factors: normalized.factors,
            gradient: normalized.gradient,
            block: Block {
                pixel: (image * lines + output) * columns,
                pixels: columns,
                channel: 0,
                channels,
            },
            output: &mut row[from[1] * step..],
            output_step: dilation * step,
        });
    }
    Plane {
        numbers: plane,
        columns: layout.columns,
        step,
    }
}

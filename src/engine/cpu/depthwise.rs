//! Convolutions with one filter per channel.
//!
//! They compute a vector of channels at a time. Where the whole kernel lies on the input, four
//! columns are summed together, so that each number read serves as many of them as it can; towards
//! the borders each column visits the taps that lie on the input.

use std::ops::Range;

use crate::engine::plan::Window;
use crate::platform::simd::{Lanes, SimdKernel};

use super::activate::Clamp;

/// Computes clamp(weights ∗ input + bias).
pub struct DepthwiseOp<'a> {
    /// `[images, height, width, channels]`.
    pub input: &'a [f32],
    /// Number of images.
    pub images: usize,
    /// Height and width of the input, in pixels.
    pub size: [usize; 2],
    /// Number of channels, with padding.
    pub channels: usize,
    /// Size, stride and border of the kernel.
    pub window: Window,
    /// `[kernel, kernel, channels]`.
    pub weights: &'a [f32],
    /// `[channels]`.
    pub bias: &'a [f32],
    /// Bounds of each sum.
    pub clamp: Clamp,
    /// `[images, outputs(height), outputs(width), channels]`.
    pub output: &'a mut [f32],
}

impl SimdKernel for DepthwiseOp<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes>(self) {
        let [height, width] = self.size;
        let [lines, columns] = self.size.map(|length| self.window.outputs(length));
        let channels = self.channels;
        assert_eq!(channels % V::COUNT, 0);
        assert_eq!(self.input.len(), self.images * height * width * channels);
        assert_eq!(self.output.len(), self.images * lines * columns * channels);
        let area = self.window.kernel * self.window.kernel;
        assert_eq!(self.weights.len(), area * channels);
        assert_eq!(self.bias.len(), channels);
        let job = Job {
            channels,
            width,
            window: self.window,
            weights: self.weights.as_ptr(),
            bias: self.bias.as_ptr(),
            low: V::splat(self.clamp.low),
            high: V::splat(self.clamp.high),
        };
        let [above, before] = self.size.map(|length| self.window.before(length));
        let Window { kernel, stride, .. } = self.window;
        // The columns whose kernel lies on the input.
        let inside = before.div_ceil(stride).min(columns)
            ..((width + before + stride).saturating_sub(kernel) / stride).min(columns);
        for image in 0..self.images {
            for line in 0..lines {
                let taps = on(line * stride, above, kernel, height);
                let top = (line * stride + taps.start - above + image * height) * width * channels;
                let line = Line {
                    input: self.input[top..].as_ptr(),
                    taps,
                    before,
                    output: self.output[(image * lines + line) * columns * channels..].as_mut_ptr(),
                };
                // SAFETY: the assertions above, and the ranges of columns and taps.
                unsafe { job.line(&line, columns, inside.clone()) };
            }
        }
    }
}

/// Returns the taps of an output that lie on the input.
#[inline(always)]
fn on(place: usize, before: usize, kernel: usize, length: usize) -> Range<usize> {
    before.saturating_sub(place)..kernel.min((length + before).saturating_sub(place))
}

/// A [`DepthwiseOp`] whose lengths were checked.
struct Job<V> {
    channels: usize,
    width: usize,
    window: Window,
    weights: *const f32,
    bias: *const f32,
    low: V,
    high: V,
}

/// A line of output pixels.
struct Line {
    /// Start of the first line of the input that is read.
    input: *const f32,
    /// The rows of the kernel that lie on the input.
    taps: Range<usize>,
    /// Zeros before each line of the input.
    before: usize,
    output: *mut f32,
}

impl<V: Lanes> Job<V> {
    /// # Safety
    /// The line is one of the map's, `inside` are columns whose kernel lies on the input.
    #[inline(always)]
    unsafe fn line(&self, line: &Line, columns: usize, inside: Range<usize>) {
        let Window { kernel, stride, .. } = self.window;
        // SAFETY: the caller's promise.
        let whole = unsafe {
            match (kernel, stride) {
                (3, 1) => self.inside::<3, 1>(line, inside),
                (3, 2) => self.inside::<3, 2>(line, inside),
                (5, 1) => self.inside::<5, 1>(line, inside),
                (5, 2) => self.inside::<5, 2>(line, inside),
                _ => 0..0,
            }
        };
        for column in (0..whole.start).chain(whole.end..columns) {
            // SAFETY: the caller's promise.
            unsafe { self.pixel(line, column) };
        }
    }

    /// Computes columns whose kernel lies on the input, and returns which were computed.
    ///
    /// # Safety
    /// As for `line`.
    #[inline(always)]
    unsafe fn inside<const KERNEL: usize, const STRIDE: usize>(
        &self,
        line: &Line,
        inside: Range<usize>,
    ) -> Range<usize> {
        let count = inside.len();
        // The last tile reaches back: some columns are written twice, with the same numbers.
        if count >= 4 {
            for tile in 0..count.div_ceil(4) {
                let column = inside.start + (tile * 4).min(count - 4);
                // SAFETY: the caller's promise.
                unsafe { self.tile::<KERNEL, STRIDE, 4>(line, column) };
            }
            inside
        } else if count >= 2 {
            for tile in 0..count.div_ceil(2) {
                let column = inside.start + (tile * 2).min(count - 2);
                // SAFETY: the caller's promise.
                unsafe { self.tile::<KERNEL, STRIDE, 2>(line, column) };
            }
            inside
        } else {
            0..0
        }
    }

    /// # Safety
    /// As for `line`, for `COLUMNS` columns.
    #[inline(always)]
    unsafe fn tile<const KERNEL: usize, const STRIDE: usize, const COLUMNS: usize>(
        &self,
        line: &Line,
        column: usize,
    ) {
        let channels = self.channels;
        // SAFETY: the caller's promise, for every access below.
        unsafe {
            let input = line.input.add((column * STRIDE - line.before) * channels);
            let output = line.output.add(column * channels);
            for channel in (0..channels).step_by(V::COUNT) {
                let mut sums = [V::load(self.bias.add(channel)); COLUMNS];
                let mut input = input.add(channel);
                let mut weights = self
                    .weights
                    .add(line.taps.start * KERNEL * channels + channel);
                for _ in line.taps.clone() {
                    for tap in 0..KERNEL {
                        let weight = V::load(weights.add(tap * channels));
                        for (column, sum) in sums.iter_mut().enumerate() {
                            let place = column * STRIDE + tap;
                            let number = V::load(input.add(place * channels));
                            *sum = number.multiply_add(weight, *sum);
                        }
                    }
                    input = input.add(self.width * channels);
                    weights = weights.add(KERNEL * channels);
                }
                for (column, sum) in sums.into_iter().enumerate() {
                    let sum = self.high.min(self.low.max(sum));
                    sum.store(output.add(column * channels + channel));
                }
            }
        }
    }

    /// Computes one output from the taps that lie on the input.
    ///
    /// # Safety
    /// As for `line`.
    #[inline(always)]
    unsafe fn pixel(&self, line: &Line, column: usize) {
        let Window { kernel, stride, .. } = self.window;
        let place = column * stride;
        let taps = on(place, line.before, kernel, self.width);
        let mut channel = 0;
        // Several vectors at once, for sums that need not wait for each other.
        // SAFETY: the caller's promise.
        unsafe {
            while channel + 4 * V::COUNT <= self.channels {
                self.bundle::<4>(line, column, &taps, channel);
                channel += 4 * V::COUNT;
            }
            while channel < self.channels {
                self.bundle::<1>(line, column, &taps, channel);
                channel += V::COUNT;
            }
        }
    }

    /// # Safety
    /// As for `line`; `taps` lie on the input, `VECTORS` vectors from `channel` on are channels.
    #[inline(always)]
    unsafe fn bundle<const VECTORS: usize>(
        &self,
        line: &Line,
        column: usize,
        taps: &Range<usize>,
        channel: usize,
    ) {
        let Window { kernel, stride, .. } = self.window;
        let channels = self.channels;
        let first = column * stride + taps.start - line.before;
        // SAFETY: the caller's promise, for every access below.
        unsafe {
            let mut sums = [self.low; VECTORS];
            for (vector, sum) in sums.iter_mut().enumerate() {
                *sum = V::load(self.bias.add(channel + vector * V::COUNT));
            }
            for (row, tap_row) in line.taps.clone().enumerate() {
                let input = line
                    .input
                    .add((row * self.width + first) * channels + channel);
                let tap = tap_row * kernel + taps.start;
                let weights = self.weights.add(tap * channels + channel);
                for tap in 0..taps.len() {
                    for (vector, sum) in sums.iter_mut().enumerate() {
                        let at = tap * channels + vector * V::COUNT;
                        *sum = V::load(input.add(at)).multiply_add(V::load(weights.add(at)), *sum);
                    }
                }
            }
            for (vector, sum) in sums.into_iter().enumerate() {
                let at = column * channels + channel + vector * V::COUNT;
                self.high.min(self.low.max(sum)).store(line.output.add(at));
            }
        }
    }
}

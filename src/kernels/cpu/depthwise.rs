//! Convolutions with one filter per channel, of maps that already have zeros around them.
//!
//! All kernels work on some channels of one image, `[lines, columns, channels]`, a vector of
//! channels at a time.

use crate::platform::simd::{Lanes, SimdKernel};

/// A map with the zeros around it that its reader needs.
#[derive(Clone, Copy)]
pub struct Plane<'a> {
    /// `[lines, columns, step]`.
    pub numbers: &'a [f32],
    /// Columns per line.
    pub columns: usize,
    /// Distance from one pixel to the next, in numbers.
    pub step: usize,
}

/// The filters of a convolution.
#[derive(Clone, Copy)]
pub struct Filters<'a> {
    /// `[side, side, step]`.
    pub weights: &'a [f32],
    /// Pixels along a side of a filter.
    pub side: usize,
    /// Distance from one tap to the next, in numbers.
    pub step: usize,
}

/// Computes each output as the sum over the taps.
pub struct Correlate<'a> {
    /// The input, with zeros around: output line `line` reads from its line `line · stride` on.
    pub input: Plane<'a>,
    /// The filters that it is correlated with.
    pub filters: Filters<'a>,
    /// Distance between neighbouring outputs, in input pixels.
    pub stride: usize,
    /// Number of channels, a multiple of the lanes.
    pub channels: usize,
    /// Lines and columns of the output.
    pub size: [usize; 2],
    /// `[lines, columns, step]`.
    pub output: &'a mut [f32],
    /// Distance from one pixel of the output to the next, in numbers.
    pub output_step: usize,
}

impl SimdKernel for Correlate<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes>(mut self) {
        let [lines, columns] = self.size;
        if lines == 0 || columns == 0 || self.channels == 0 {
            return;
        }
        let (side, stride) = (self.filters.side, self.stride);
        assert_eq!(self.channels % V::COUNT, 0);
        let last =
            ((lines - 1) * stride + side - 1) * self.input.columns + (columns - 1) * stride + side
                - 1;
        assert!((columns - 1) * stride + side <= self.input.columns);
        assert!(self.input.numbers.len() >= last * self.input.step + self.channels);
        assert!(
            self.filters.weights.len() >= (side * side - 1) * self.filters.step + self.channels
        );
        assert!(self.output.len() >= (lines * columns - 1) * self.output_step + self.channels);
        // SAFETY: the assertions above.
        unsafe {
            match (side, stride) {
                (3, 1) => self.all::<V>(3, 1),
                (3, 2) => self.all::<V>(3, 2),
                (5, 1) => self.all::<V>(5, 1),
                (5, 2) => self.all::<V>(5, 2),
                (side, stride) => self.all::<V>(side, stride),
            }
        }
    }
}

impl Correlate<'_> {
    #[inline(always)]
    unsafe fn all<V: Lanes>(&mut self, side: usize, stride: usize) {
        let [lines, columns] = self.size;
        for channel in (0..self.channels).step_by(V::COUNT) {
            // SAFETY: the caller checked the lengths.
            unsafe {
                for line in 0..lines {
                    let mut column = 0;
                    while column + 4 <= columns {
                        self.tile::<V, 4>(side, stride, channel, line, column);
                        column += 4;
                    }
                    if column + 2 <= columns {
                        self.tile::<V, 2>(side, stride, channel, line, column);
                        column += 2;
                    }
                    if column < columns {
                        self.tile::<V, 1>(side, stride, channel, line, column);
                    }
                }
            }
        }
    }

    #[inline(always)]
    unsafe fn tile<V: Lanes, const COLUMNS: usize>(
        &mut self,
        side: usize,
        stride: usize,
        channel: usize,
        line: usize,
        column: usize,
    ) {
        // SAFETY: the caller checked the lengths.
        unsafe {
            let step = self.input.step;
            let first = (line * stride * self.input.columns + column * stride) * step + channel;
            let input = self.input.numbers.as_ptr().add(first);
            let weights = self.filters.weights.as_ptr().add(channel);
            let mut sums = [V::splat(0.0); COLUMNS];
            for row in 0..side {
                let input = input.add(row * self.input.columns * step);
                for tap in 0..side {
                    let weight = V::load(weights.add((row * side + tap) * self.filters.step));
                    for (column, sum) in sums.iter_mut().enumerate() {
                        let number = V::load(input.add((column * stride + tap) * step));
                        *sum = number.multiply_add(weight, *sum);
                    }
                }
            }
            let to = (line * self.size[1] + column) * self.output_step + channel;
            for (column, sum) in sums.into_iter().enumerate() {
                sum.store(self.output.as_mut_ptr().add(to + column * self.output_step));
            }
        }
    }
}

/// Computes the gradient of the input of [`Correlate`]: each input's is the sum over the taps of
/// the outputs that read it.
pub struct Transpose<'a> {
    /// The gradient of each output, with zeros around.
    pub gradient: Plane<'a>,
    /// Lines and columns of zeros before the first, at least `(side − 1) / stride + 1`, and after
    /// the last.
    pub border: usize,
    /// The filters of the convolution.
    pub filters: Filters<'a>,
    /// Distance between neighbouring outputs, in input pixels.
    pub stride: usize,
    /// Lines and columns of zeros before the input.
    pub before: [usize; 2],
    /// Number of channels, a multiple of the lanes.
    pub channels: usize,
    /// Lines and columns of the input.
    pub size: [usize; 2],
    /// `[lines, columns, step]`.
    pub output: &'a mut [f32],
    /// Distance from one pixel of the output to the next, in numbers.
    pub output_step: usize,
}

impl SimdKernel for Transpose<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes>(mut self) {
        let [lines, columns] = self.size;
        if lines == 0 || columns == 0 || self.channels == 0 {
            return;
        }
        let (side, stride) = (self.filters.side, self.stride);
        assert_eq!(self.channels % V::COUNT, 0);
        assert!(self.border > (side - 1) / stride);
        let last = self.size.map(|length| length - 1);
        let [line, column] =
            [0, 1].map(|axis| (last[axis] + self.before[axis]) / stride + self.border);
        assert!(column < self.gradient.columns);
        let index = line * self.gradient.columns + column;
        assert!(self.gradient.numbers.len() >= index * self.gradient.step + self.channels);
        assert!(
            self.filters.weights.len() >= (side * side - 1) * self.filters.step + self.channels
        );
        assert!(self.output.len() >= (lines * columns - 1) * self.output_step + self.channels);
        // SAFETY: the assertions above.
        unsafe {
            match (side, stride) {
                (3, 1) => self.all::<V>(3, 1),
                (3, 2) => self.all::<V>(3, 2),
                (5, 1) => self.all::<V>(5, 1),
                (5, 2) => self.all::<V>(5, 2),
                (side, stride) => self.all::<V>(side, stride),
            }
        }
    }
}

impl Transpose<'_> {
    #[inline(always)]
    unsafe fn all<V: Lanes>(&mut self, side: usize, stride: usize) {
        let [lines, columns] = self.size;
        for channel in (0..self.channels).step_by(V::COUNT) {
            for line in 0..lines {
                for first in 0..stride.min(columns) {
                    // Columns that the same taps reach, `stride` apart.
                    let count = (columns - first).div_ceil(stride);
                    let mut at = 0;
                    // SAFETY: the caller checked the lengths.
                    unsafe {
                        while at + 4 <= count {
                            self.tile::<V, 4>(side, stride, channel, line, first + at * stride);
                            at += 4;
                        }
                        if at + 2 <= count {
                            self.tile::<V, 2>(side, stride, channel, line, first + at * stride);
                            at += 2;
                        }
                        if at < count {
                            self.tile::<V, 1>(side, stride, channel, line, first + at * stride);
                        }
                    }
                }
            }
        }
    }

    #[inline(always)]
    unsafe fn tile<V: Lanes, const COLUMNS: usize>(
        &mut self,
        side: usize,
        stride: usize,
        channel: usize,
        line: usize,
        column: usize,
    ) {
        let [line_before, column_before] = [line + self.before[0], column + self.before[1]];
        // SAFETY: the caller checked the lengths.
        unsafe {
            let step = self.gradient.step;
            let weights = self.filters.weights.as_ptr().add(channel);
            let mut sums = [V::splat(0.0); COLUMNS];
            for row in (line_before % stride..side).step_by(stride) {
                // Outputs before the first are in the border.
                let from = (self.border * stride + line_before - row) / stride;
                for tap in (column_before % stride..side).step_by(stride) {
                    let place = (self.border * stride + column_before - tap) / stride;
                    let gradient = self
                        .gradient
                        .numbers
                        .as_ptr()
                        .add((from * self.gradient.columns + place) * step + channel);
                    let weight = V::load(weights.add((row * side + tap) * self.filters.step));
                    for (column, sum) in sums.iter_mut().enumerate() {
                        *sum = V::load(gradient.add(column * step)).multiply_add(weight, *sum);
                    }
                }
            }
            let to = (line * self.size[1] + column) * self.output_step + channel;
            for (column, sum) in sums.into_iter().enumerate() {
                sum.store(
                    self.output
                        .as_mut_ptr()
                        .add(to + column * stride * self.output_step),
                );
            }
        }
    }
}

/// Adds to each tap's weight gradient the sum of input times gradient over the outputs.
pub struct WeightGradient<'a> {
    /// The input, as for [`Correlate`].
    pub input: Plane<'a>,
    /// The gradient of each output, from the first on; further pixels may follow each line.
    pub gradient: Plane<'a>,
    /// Lines and columns of the output.
    pub size: [usize; 2],
    /// Pixels along a side of the filters.
    pub side: usize,
    /// Distance between neighbouring outputs, in input pixels.
    pub stride: usize,
    /// Number of channels, a multiple of the lanes.
    pub channels: usize,
    /// `[side, side, step]`.
    pub output: &'a mut [f32],
    /// Distance from one tap to the next, in numbers.
    pub output_step: usize,
}

impl SimdKernel for WeightGradient<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes>(mut self) {
        let [lines, columns] = self.size;
        if lines == 0 || columns == 0 || self.channels == 0 {
            return;
        }
        let (side, stride) = (self.side, self.stride);
        assert_eq!(self.channels % V::COUNT, 0);
        let last =
            ((lines - 1) * stride + side - 1) * self.input.columns + (columns - 1) * stride + side
                - 1;
        assert!((columns - 1) * stride + side <= self.input.columns);
        assert!(self.input.numbers.len() >= last * self.input.step + self.channels);
        let last = (lines - 1) * self.gradient.columns + columns - 1;
        assert!(columns <= self.gradient.columns);
        assert!(self.gradient.numbers.len() >= last * self.gradient.step + self.channels);
        assert!(self.output.len() >= (side * side - 1) * self.output_step + self.channels);
        for channel in (0..self.channels).step_by(V::COUNT) {
            for row in 0..side {
                // SAFETY: the assertions above.
                unsafe {
                    match side {
                        3 => self.taps::<V, 3>(channel, row, 0),
                        5 => self.taps::<V, 5>(channel, row, 0),
                        side => (0..side).for_each(|tap| self.taps::<V, 1>(channel, row, tap)),
                    }
                }
            }
        }
    }
}

impl WeightGradient<'_> {
    /// Computes some taps of a row of the filters.
    #[inline(always)]
    unsafe fn taps<V: Lanes, const TAPS: usize>(&mut self, channel: usize, row: usize, tap: usize) {
        let [lines, columns] = self.size;
        let mut sums = [V::splat(0.0); TAPS];
        // SAFETY: the caller checked the lengths.
        unsafe {
            for line in 0..lines {
                let place = (line * self.stride + row) * self.input.columns + tap;
                let mut input = self
                    .input
                    .numbers
                    .as_ptr()
                    .add(place * self.input.step + channel);
                let place = line * self.gradient.columns * self.gradient.step;
                let mut gradient = self.gradient.numbers.as_ptr().add(place + channel);
                for _ in 0..columns {
                    let number = V::load(gradient);
                    for (tap, sum) in sums.iter_mut().enumerate() {
                        *sum = V::load(input.add(tap * self.input.step)).multiply_add(number, *sum);
                    }
                    input = input.add(self.stride * self.input.step);
                    gradient = gradient.add(self.gradient.step);
                }
            }
            for (index, sum) in sums.into_iter().enumerate() {
                let at = (row * self.side + tap + index) * self.output_step + channel;
                let to = self.output.as_mut_ptr().add(at);
                V::load(to).add(sum).store(to);
            }
        }
    }
}

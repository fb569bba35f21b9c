//! Channel gates: means of channels, and products of one row with a matrix.

use crate::engine::plan;
use crate::engine::plan::Activation;
use crate::platform::simd::{Lanes, SimdKernel};

use super::activate::{self, Clamp, is_nonlinear};
use super::buffer::{Buffer, padded};

/// A matrix that is multiplied with one row at a time.
#[derive(Debug)]
struct Matrix {
    stride: usize,
    numbers: Buffer,
    bias: Buffer,
}

impl Matrix {
    fn new(weights: &[f32], bias: &[f32]) -> Self {
        Self {
            stride: padded(bias.len()),
            numbers: Buffer::with_rows(weights.iter().copied(), bias.len()),
            bias: Buffer::with_rows(bias.iter().copied(), bias.len()),
        }
    }

    /// Computes row · matrix + bias.
    #[inline(always)]
    fn multiply<V: Lanes>(&self, row: &[f32], output: &mut [f32]) {
        assert_eq!(output.len(), self.stride);
        assert_eq!(row.len() * self.stride, self.numbers.len());
        let mut column = 0;
        while column < self.stride {
            // An addition waits for the one before it, so eight sums are computed at a time.
            // SAFETY: the assertions above; a stride is a multiple of the lanes.
            unsafe {
                if self.stride - column >= 4 * V::COUNT {
                    self.columns::<V, 4, 2>(row, column, output.as_mut_ptr());
                    column += 4 * V::COUNT;
                } else {
                    self.columns::<V, 1, 8>(row, column, output.as_mut_ptr());
                    column += V::COUNT;
                }
            }
        }
    }

    /// # Safety
    /// `VECTORS` vectors from `column` on are in the matrix and in the output.
    #[inline(always)]
    unsafe fn columns<V: Lanes, const VECTORS: usize, const SUMS: usize>(
        &self,
        row: &[f32],
        column: usize,
        output: *mut f32,
    ) {
        let mut sums = [[V::splat(0.0); VECTORS]; SUMS];
        // SAFETY: the caller's promise, for every access below.
        unsafe {
            let matrix = self.numbers.as_ptr().add(column);
            let (groups, rest) = row.as_chunks::<SUMS>();
            for (index, group) in groups.iter().enumerate() {
                for (inner, (number, sums)) in group.iter().zip(&mut sums).enumerate() {
                    let line = matrix.add((index * SUMS + inner) * self.stride);
                    accumulate(*number, line, sums);
                }
            }
            for (inner, (number, sums)) in rest.iter().zip(&mut sums).enumerate() {
                let line = matrix.add((groups.len() * SUMS + inner) * self.stride);
                accumulate(*number, line, sums);
            }
            for vector in 0..VECTORS {
                let at = column + vector * V::COUNT;
                let mut sum = V::load(self.bias.as_ptr().add(at));
                for sums in &sums {
                    sum = sum.add(sums[vector]);
                }
                sum.store(output.add(at));
            }
        }
    }
}

/// # Safety
/// `VECTORS` vectors must be readable at `line`.
#[inline(always)]
unsafe fn accumulate<V: Lanes, const VECTORS: usize>(
    number: f32,
    line: *const f32,
    sums: &mut [V; VECTORS],
) {
    let number = V::splat(number);
    for (vector, sum) in sums.iter_mut().enumerate() {
        // SAFETY: the caller's promise.
        *sum = number.multiply_add(unsafe { V::load(line.add(vector * V::COUNT)) }, *sum);
    }
}

/// The weights of a [`plan::ChannelGate`].
#[derive(Debug)]
pub struct GateWeights {
    channels: usize,
    squeezed: usize,
    reduce: Matrix,
    expand: Matrix,
    activation: Activation,
}

impl GateWeights {
    /// Packs the weights of a gate.
    pub fn new(gate: &plan::ChannelGate) -> Self {
        Self {
            channels: gate.expand_bias.len(),
            squeezed: gate.reduce_bias.len(),
            reduce: Matrix::new(&gate.reduce, &gate.reduce_bias),
            expand: Matrix::new(&gate.expand, &gate.expand_bias),
            activation: gate.activation,
        }
    }
}

/// Computes the gate of each image.
pub struct ChannelGateOp<'a> {
    /// `[images, pixels, channels]`, padded.
    pub input: &'a [f32],
    /// Number of images.
    pub images: usize,
    /// Weights of the gate's two layers.
    pub weights: &'a GateWeights,
    /// Temporary memory for the means and the squeezed channels.
    pub scratch: &'a mut Buffer,
    /// `[images, channels]`, padded.
    pub output: &'a mut [f32],
}

impl SimdKernel for ChannelGateOp<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes>(self) {
        let weights = self.weights;
        let channels = padded(weights.channels);
        self.scratch.resize(channels + weights.reduce.stride);
        let (means, hidden) = self.scratch.split_at_mut(channels);
        let images = self.input.chunks_exact(self.input.len() / self.images);
        for (input, output) in images.zip(self.output.chunks_exact_mut(channels)) {
            mean::<V>(input, means);
            weights
                .reduce
                .multiply::<V>(&means[..weights.channels], hidden);
            bound::<V>(hidden, weights.activation);
            weights
                .expand
                .multiply::<V>(&hidden[..weights.squeezed], output);
            activate::apply_nonlinear::<V>(output, Activation::Sigmoid);
        }
    }
}

#[inline(always)]
fn bound<V: Lanes>(numbers: &mut [f32], activation: Activation) {
    if is_nonlinear(activation) {
        activate::apply_nonlinear::<V>(numbers, activation);
    } else {
        let clamp = Clamp::of(activation);
        activate::apply::<V>(numbers, |x| x.clamp(clamp.low, clamp.high));
    }
}

/// Computes the mean of each channel over all pixels of one image; a pixel is as long as `means`.
#[inline(always)]
pub fn mean<V: Lanes>(input: &[f32], means: &mut [f32]) {
    let channels = means.len();
    assert_eq!(channels % V::COUNT, 0);
    let pixels = input.len() / channels;
    let scale = V::splat(1.0 / pixels as f32);
    let mut channel = 0;
    while channel < channels {
        // SAFETY: the vectors lie in a row, and rows in the input.
        unsafe {
            let input = input.as_ptr().add(channel);
            let means = means.as_mut_ptr().add(channel);
            if channels - channel >= 4 * V::COUNT {
                total::<V, 4>(input, pixels, channels, scale, means);
                channel += 4 * V::COUNT;
            } else {
                total::<V, 1>(input, pixels, channels, scale, means);
                channel += V::COUNT;
            }
        }
    }
}

/// # Safety
/// `VECTORS` vectors must be readable at each of `pixels` places, and writable at `output`.
#[inline(always)]
unsafe fn total<V: Lanes, const VECTORS: usize>(
    mut input: *const f32,
    pixels: usize,
    channels: usize,
    scale: V,
    output: *mut f32,
) {
    let mut sums = [V::splat(0.0); VECTORS];
    // SAFETY: the caller's promise, for every access below.
    unsafe {
        for _ in 0..pixels {
            for (vector, sum) in sums.iter_mut().enumerate() {
                *sum = sum.add(V::load(input.add(vector * V::COUNT)));
            }
            // After the last pixel this lies outside of the map, which `add` does not allow.
            input = input.wrapping_add(channels);
        }
        for (vector, sum) in sums.into_iter().enumerate() {
            sum.multiply(scale).store(output.add(vector * V::COUNT));
        }
    }
}

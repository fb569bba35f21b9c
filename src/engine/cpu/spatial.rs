//! Operations that read each number of a map once or twice: the spatial gate, pools, sums of maps.

use crate::engine::plan;
use crate::platform::simd::{Lanes, SimdKernel};

use super::activate::sigmoid;
use super::buffer::{Buffer, padded};
use super::gate::mean;

/// Computes a gate for each pixel.
pub struct SpatialGateOp<'a> {
    /// `[images, height, width, channels]`, padded.
    pub input: &'a [f32],
    /// Number of images.
    pub images: usize,
    /// Height and width, in pixels.
    pub size: [usize; 2],
    /// Number of channels, without padding.
    pub channels: usize,
    /// The kernel and bias of the gate.
    pub gate: &'a plan::SpatialGate,
    /// Temporary memory for the means and maxima.
    pub scratch: &'a mut Buffer,
    /// `[images, height, width, 1]`, padded.
    pub output: &'a mut [f32],
}

impl SimdKernel for SpatialGateOp<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes>(self) {
        let [height, width] = self.size;
        let pixels = height * width;
        self.scratch.resize(2 * pixels);
        let images = self
            .input
            .chunks_exact(self.input.len() / self.images.max(1));
        let outputs = self.output.chunks_exact_mut(pixels * padded(1));
        for (input, output) in images.zip(outputs) {
            let rows = input.chunks_exact(padded(self.channels));
            let (summaries, _) = self.scratch.as_chunks_mut::<2>();
            for (row, summary) in rows.zip(summaries) {
                *summary = summarized::<V>(&row[..self.channels]);
            }
            for y in 0..height {
                for x in 0..width {
                    let sum = self.gate.bias + convolved(self.gate, self.scratch, self.size, y, x);
                    output[(y * width + x) * padded(1)] = sigmoid(sum);
                }
            }
        }
    }
}

/// Returns the mean and the maximum of a row.
#[inline(always)]
fn summarized<V: Lanes>(row: &[f32]) -> [f32; 2] {
    let mut sums = V::splat(0.0);
    let mut most = V::splat(f32::NEG_INFINITY);
    let vectors = row.chunks_exact(V::COUNT);
    let rest = vectors.remainder();
    for vector in vectors {
        // SAFETY: the chunk has as many numbers as the vector.
        let vector = unsafe { V::load(vector.as_ptr()) };
        sums = sums.add(vector);
        most = most.max(vector);
    }
    let (sums, most) = (sums.numbers(), most.numbers());
    let sum = sums[..V::COUNT].iter().chain(rest).sum::<f32>();
    let most = most[..V::COUNT].iter().chain(rest).copied();
    [
        sum / row.len() as f32,
        most.fold(f32::NEG_INFINITY, f32::max),
    ]
}

/// Computes the convolution at one pixel, without the bias.
fn convolved(
    gate: &plan::SpatialGate,
    summaries: &[f32],
    [height, width]: [usize; 2],
    y: usize,
    x: usize,
) -> f32 {
    let half = gate.kernel / 2;
    let mut sum = 0.0;
    for row in y.saturating_sub(half)..height.min(y + half + 1) {
        for column in x.saturating_sub(half)..width.min(x + half + 1) {
            let tap = (row + half - y) * gate.kernel + column + half - x;
            let pixel = row * width + column;
            sum += gate.weights[2 * tap] * summaries[2 * pixel]
                + gate.weights[2 * tap + 1] * summaries[2 * pixel + 1];
        }
    }
    sum
}

/// Computes the mean of each channel of input × gate.
pub struct Pool<'a> {
    /// `[images, pixels, channels]`, padded.
    pub input: &'a [f32],
    /// Number of images.
    pub images: usize,
    /// Number of channels, with padding.
    pub channels: usize,
    /// A map of as many images and pixels, and whether its one channel applies to all channels.
    pub gate: Option<(&'a [f32], bool)>,
    /// Temporary memory for the product.
    pub scratch: &'a mut Buffer,
    /// `[images, channels]`, padded.
    pub output: &'a mut [f32],
}

impl SimdKernel for Pool<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes>(self) {
        let input = match self.gate {
            None => self.input,
            Some((gate, is_shared)) => {
                self.scratch.resize(self.input.len());
                let rows = self.input.chunks_exact(self.channels);
                let gates = gate.chunks_exact(if is_shared { padded(1) } else { self.channels });
                let scaled = self.scratch.chunks_exact_mut(self.channels);
                for ((row, gate), scaled) in rows.zip(gates).zip(scaled) {
                    if is_shared {
                        scale(row, gate[0], scaled);
                    } else {
                        multiply::<V>(row, gate, scaled);
                    }
                }
                &**self.scratch
            }
        };
        let images = input.chunks_exact(input.len() / self.images.max(1));
        for (input, output) in images.zip(self.output.chunks_exact_mut(self.channels)) {
            mean::<V>(input, output);
        }
    }
}

#[inline(always)]
fn scale(row: &[f32], factor: f32, scaled: &mut [f32]) {
    for (scaled, number) in scaled.iter_mut().zip(row) {
        *scaled = number * factor;
    }
}

/// Multiplies number by number; all three slices must be of the same length.
#[inline(always)]
pub fn multiply<V: Lanes>(row: &[f32], factors: &[f32], scaled: &mut [f32]) {
    let length = scaled.len();
    assert!(row.len() == length && factors.len() == length);
    let whole = length - length % V::COUNT;
    for at in (0..whole).step_by(V::COUNT) {
        // SAFETY: `whole` is no more than any of the lengths.
        unsafe {
            let product = V::load(row.as_ptr().add(at)).multiply(V::load(factors.as_ptr().add(at)));
            product.store(scaled.as_mut_ptr().add(at));
        }
    }
    for at in whole..length {
        scaled[at] = row[at] * factors[at];
    }
}

/// Adds a map of half the size to a map, each of its pixels to two by two pixels.
pub struct UpsampleAdd<'a> {
    /// `[images, height, width, channels]`, padded.
    pub input: &'a [f32],
    /// `[images, ⌈height / 2⌉, ⌈width / 2⌉, channels]`, padded.
    pub small: &'a [f32],
    /// Height and width of the input, in pixels.
    pub size: [usize; 2],
    /// Number of channels, with padding.
    pub channels: usize,
    /// The sum, in the shape of `input`.
    pub output: &'a mut [f32],
}

impl SimdKernel for UpsampleAdd<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes>(self) {
        let [height, width] = self.size;
        let line = width * self.channels;
        let small_line = width.div_ceil(2) * self.channels;
        let inputs = self.input.chunks_exact(line);
        let outputs = self.output.chunks_exact_mut(line);
        for (index, (input, output)) in inputs.zip(outputs).enumerate() {
            let (image, y) = (index / height, index % height);
            let from = (image * height.div_ceil(2) + y / 2) * small_line;
            let small = &self.small[from..from + small_line];
            let pairs = input
                .chunks(2 * self.channels)
                .zip(output.chunks_mut(2 * self.channels));
            for ((input, output), small) in pairs.zip(small.chunks_exact(self.channels)) {
                let pixels = input.chunks_exact(self.channels);
                for (input, output) in pixels.zip(output.chunks_exact_mut(self.channels)) {
                    for ((output, number), small) in output.iter_mut().zip(input).zip(small) {
                        *output = number + small;
                    }
                }
            }
        }
    }
}

//! Copies of maps for dense convolutions that cannot read the map in place: multiplied with a gate,
//! or with zeros around it.

use crate::platform::simd::{Lanes, SimdKernel};

use super::buffer::Buffer;
use super::spatial::multiply;

/// Copies a map, multiplied with its gate, with zeros around it, and without its padding.
pub struct PadAndGate<'a> {
    /// `[images, height, width, stride]`.
    pub input: &'a [f32],
    /// Number of images.
    pub images: usize,
    /// Height and width of the map, in pixels.
    pub size: [usize; 2],
    /// Number of channels, without padding.
    pub channels: usize,
    /// Distance from one pixel to the next, in numbers.
    pub stride: usize,
    /// Factors of the channels of each image, `[images, ≥ channels]`; `None` to copy them unscaled.
    pub gate: Option<&'a [f32]>,
    /// Lines of zeros above the map, and columns of zeros before it.
    pub before: [usize; 2],
    /// Height and width with the zeros, in pixels.
    pub outer: [usize; 2],
    /// The copy, `[images, outer height, outer width, channels]`; resized to fit.
    pub output: &'a mut Buffer,
}

impl SimdKernel for PadAndGate<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes>(self) {
        let Self { channels, .. } = self;
        let [height, width] = self.size;
        let [outer_height, outer_width] = self.outer;
        let [above, before] = self.before;
        self.output
            .resize(self.images * outer_height * outer_width * channels);
        if self.outer != self.size {
            self.output.fill(0.0);
        }
        let gate_stride = self.gate.map_or(0, |gate| gate.len() / self.images.max(1));
        let lines = self.input.chunks_exact((width * self.stride).max(1));
        for (index, line) in lines.enumerate() {
            let (image, y) = (index / height, index % height);
            // The last lines are left out where the kernel does not reach them.
            if y + above >= outer_height {
                continue;
            }
            let to = ((image * outer_height + y + above) * outer_width + before) * channels;
            let kept = width.min(outer_width - before);
            let to = &mut self.output[to..to + kept * channels];
            match self.gate {
                Some(gate) => {
                    let gate = &gate[image * gate_stride..][..channels];
                    let pixels = line.chunks_exact(self.stride);
                    for (from, to) in pixels.zip(to.chunks_exact_mut(channels)) {
                        multiply::<V>(&from[..channels], gate, to);
                    }
                }
                None if channels == self.stride => to.copy_from_slice(&line[..kept * channels]),
                None => {
                    let pixels = line.chunks_exact(self.stride);
                    for (from, to) in pixels.zip(to.chunks_exact_mut(channels)) {
                        to.copy_from_slice(&from[..channels]);
                    }
                }
            }
        }
    }
}

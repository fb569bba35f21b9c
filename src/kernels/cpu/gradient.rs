//! Gradients of maps: through activation, normalization and gate, number by number.

use super::source::{Block, FusedInput, Shape, differentiate, each};
use crate::platform::simd::{Lanes, SimdKernel};

/// Turns the gradient of a map, `[images, pixels, stride]`, into that of the values of the
/// convolution below it, batch statistics included:
/// `a · gradient · activation′(values · scale + shift) + b · values + c`.
pub struct NormGradient<'a> {
    /// The map, without gate.
    pub source: FusedInput<'a>,
    /// `[a, b, c]`, `[stride]` each.
    pub factors: [&'a [f32]; 3],
    /// The gradient of the map, shaped as [`FusedInput::values`].
    pub gradient: &'a [f32],
    /// The part of the map to compute.
    pub block: Block,
    /// `[pixels, channels]`.
    pub output: &'a mut [f32],
    /// Distance from one pixel of the output to the next, in numbers.
    pub output_step: usize,
}

impl SimdKernel for NormGradient<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes>(self) {
        let Self { source, block, .. } = self;
        if block.pixels == 0 {
            return;
        }
        source.check(V::COUNT, &block);
        assert!(self.gradient.len() >= (block.pixel + block.pixels) * source.stride);
        assert!(self.output.len() >= (block.pixels - 1) * self.output_step + block.channels);
        assert!(
            self.factors
                .iter()
                .all(|factor| factor.len() >= source.stride)
        );
        let shape = Shape::of(source.activation);
        // SAFETY: the assertions above.
        unsafe {
            if shape.is_silu {
                self.differentiate::<V, true>(shape);
            } else {
                self.differentiate::<V, false>(shape);
            }
        }
    }
}

impl NormGradient<'_> {
    #[inline(always)]
    unsafe fn differentiate<V: Lanes, const SILU: bool>(self, shape: Shape) {
        let Self { source, block, .. } = self;
        let (low, high) = (V::splat(shape.low), V::splat(shape.high));
        // SAFETY: the caller checked the lengths.
        unsafe {
            let first = block.pixel * source.stride + block.channel;
            let [a, b, c] = self
                .factors
                .map(|factor| factor.as_ptr().add(block.channel));
            let affine = source
                .affine
                .map(|rows| rows.map(|row| row.as_ptr().add(block.channel)));
            let mut values = source.values.as_ptr().add(first);
            let mut gradient = self.gradient.as_ptr().add(first);
            let mut output = self.output.as_mut_ptr();
            for _ in 0..block.pixels {
                for channel in (0..block.channels).step_by(V::COUNT) {
                    let z = V::load(values.add(channel));
                    let u = match affine {
                        Some([scale, shift]) => {
                            z.multiply_add(V::load(scale.add(channel)), V::load(shift.add(channel)))
                        }
                        None => z,
                    };
                    let du = differentiate::<V, SILU>(u, V::load(gradient.add(channel)), low, high);
                    let rest = z.multiply_add(V::load(b.add(channel)), V::load(c.add(channel)));
                    du.multiply_add(V::load(a.add(channel)), rest)
                        .store(output.add(channel));
                }
                values = values.add(source.stride);
                gradient = gradient.add(source.stride);
                output = output.add(self.output_step);
            }
        }
    }
}

/// Adds to `sums` what batch normalization's gradient needs of a block: Σ g and Σ g · values, where
/// g is `gradient · activation′`.
pub struct GradientSums<'a> {
    /// The map, without gate.
    pub source: FusedInput<'a>,
    /// The gradient of the map, shaped as [`FusedInput::values`].
    pub gradient: &'a [f32],
    /// The part of the map to sum over.
    pub block: Block,
    /// Sums to add to, `[2, stride]`.
    pub sums: &'a mut [f32],
}

impl SimdKernel for GradientSums<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes>(self) {
        let Self { source, block, .. } = self;
        source.check(V::COUNT, &block);
        assert!(self.gradient.len() >= (block.pixel + block.pixels) * source.stride);
        assert!(self.sums.len() >= 2 * source.stride);
        let shape = Shape::of(source.activation);
        // SAFETY: the assertions above.
        unsafe {
            if shape.is_silu {
                self.sum::<V, true>(shape);
            } else {
                self.sum::<V, false>(shape);
            }
        }
    }
}

impl GradientSums<'_> {
    #[inline(always)]
    unsafe fn sum<V: Lanes, const SILU: bool>(self, shape: Shape) {
        let Self { source, block, .. } = self;
        let (low, high) = (V::splat(shape.low), V::splat(shape.high));
        // SAFETY: the caller checked the lengths.
        unsafe {
            let first = block.pixel * source.stride + block.channel;
            for channel in (0..block.channels).step_by(V::COUNT) {
                let at = block.channel + channel;
                let (scale, shift) = match source.affine {
                    Some([scale, shift]) => (
                        V::load(scale.as_ptr().add(at)),
                        V::load(shift.as_ptr().add(at)),
                    ),
                    None => (V::splat(1.0), V::splat(0.0)),
                };
                let mut values = source.values.as_ptr().add(first + channel);
                let mut gradient = self.gradient.as_ptr().add(first + channel);
                let (mut sum, mut product) = (V::splat(0.0), V::splat(0.0));
                for _ in 0..block.pixels {
                    let z = V::load(values);
                    let du = differentiate::<V, SILU>(
                        z.multiply_add(scale, shift),
                        V::load(gradient),
                        low,
                        high,
                    );
                    sum = sum.add(du);
                    product = du.multiply_add(z, product);
                    values = values.add(source.stride);
                    gradient = gradient.add(source.stride);
                }
                let to = self.sums.as_mut_ptr().add(at);
                V::load(to).add(sum).store(to);
                let to = to.add(source.stride);
                V::load(to).add(product).store(to);
            }
        }
    }
}

/// Computes the sum of each channel of a map, without gate, over a block.
pub struct ActivationSums<'a> {
    /// The map.
    pub source: FusedInput<'a>,
    /// The part of the map to sum over.
    pub block: Block,
    /// `[block.channels]`.
    pub sums: &'a mut [f32],
}

impl SimdKernel for ActivationSums<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes>(self) {
        let Self {
            source,
            block,
            sums,
        } = self;
        assert!(sums.len() >= block.channels);
        sums[..block.channels].fill(0.0);
        let to = sums.as_mut_ptr();
        // SAFETY: `each` visits the block's channels.
        each::<V>(&source, None, block, |channel, _, y, _, _| unsafe {
            V::load(to.add(channel)).add(y).store(to.add(channel));
        });
    }
}

/// Computes the sum of each channel of a map, without gate, times the gradient of the gated map.
pub struct GateSums<'a> {
    /// The map.
    pub source: FusedInput<'a>,
    /// The part of the map to sum over.
    pub block: Block,
    /// The gradient of the gated map, shaped as [`FusedInput::values`].
    pub gradient: &'a [f32],
    /// `[block.channels]`.
    pub sums: &'a mut [f32],
}

impl SimdKernel for GateSums<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes>(self) {
        let Self {
            source,
            block,
            gradient,
            sums,
        } = self;
        assert!(sums.len() >= block.channels);
        sums[..block.channels].fill(0.0);
        let to = sums.as_mut_ptr();
        // SAFETY: `each` visits the block's channels.
        each::<V>(
            &source,
            Some(gradient),
            block,
            |channel, _, y, g, _| unsafe {
                y.multiply_add(g, V::load(to.add(channel)))
                    .store(to.add(channel));
            },
        );
    }
}

/// Turns the gradient of a gated map, all of one image, into that of the map:
/// `gradient · gate + add`, and adds up what [`GradientSums`] would.
pub struct GateGradient<'a> {
    /// The map, without gate.
    pub source: FusedInput<'a>,
    /// The pixels to compute, with all channels.
    pub block: Block,
    /// Factor of each channel, `[stride]`.
    pub gate: &'a [f32],
    /// Added to each channel, `[stride]`.
    pub add: &'a [f32],
    /// The gradient, read and written, shaped as [`FusedInput::values`].
    pub gradient: &'a mut [f32],
    /// Sums to add to, `[2, stride]`.
    pub sums: &'a mut [f32],
}

impl SimdKernel for GateGradient<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes>(self) {
        let Self {
            source,
            block,
            gate,
            add,
            gradient,
            sums,
        } = self;
        let stride = source.stride;
        assert!(
            block.channel == 0
                && block.channels == stride
                && gradient.len() >= (block.pixel + block.pixels) * stride
        );
        assert!(sums.len() >= 2 * stride && gate.len() >= stride && add.len() >= stride);
        let (to, sums, gate, add) = (
            gradient.as_mut_ptr(),
            sums.as_mut_ptr(),
            gate.as_ptr(),
            add.as_ptr(),
        );
        let shape = Shape::of(source.activation);
        let (low, high) = (V::splat(shape.low), V::splat(shape.high));
        // SAFETY: the assertions above; `each` visits the block.
        each::<V>(&source, None, block, |channel, at, _, _, u| unsafe {
            let gradient = V::load(to.add(at))
                .multiply_add(V::load(gate.add(channel)), V::load(add.add(channel)));
            gradient.store(to.add(at));
            let du = if shape.is_silu {
                differentiate::<V, true>(u, gradient, low, high)
            } else {
                differentiate::<V, false>(u, gradient, low, high)
            };
            let z = V::load(source.values.as_ptr().add(at));
            V::load(sums.add(channel)).add(du).store(sums.add(channel));
            let sums = sums.add(stride + channel);
            du.multiply_add(z, V::load(sums)).store(sums);
        });
    }
}

//! A map that is not written out: the values of a convolution, and the operations pending on them.

use crate::engine::plan::Activation;
use crate::platform::simd::{Lanes, SimdKernel};

/// The map `activation(values · scale + shift) · gate`, channel by channel.
#[derive(Clone, Copy)]
pub struct FusedInput<'a> {
    /// `[images, pixels, stride]`.
    pub values: &'a [f32],
    /// Pixels per image.
    pub pixels: usize,
    /// Channels with padding, a multiple of the lanes.
    pub stride: usize,
    /// Scale and shift, `[stride]` each; `None` for the identity.
    pub affine: Option<[&'a [f32]; 2]>,
    /// Applied after scale and shift.
    pub activation: Activation,
    /// Factor of each image's channels, `[images, stride]`; `None` without a gate.
    pub gate: Option<&'a [f32]>,
}

/// An activation as bounds, or SiLU.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    pub(super) low: f32,
    pub(super) high: f32,
    pub(super) is_silu: bool,
}

impl Shape {
    pub(super) fn of(activation: Activation) -> Self {
        let [low, high] = match activation {
            Activation::Relu => [0.0, f32::INFINITY],
            Activation::Relu6 => [0.0, 6.0],
            Activation::Identity | Activation::Silu | Activation::Sigmoid => {
                [f32::NEG_INFINITY, f32::INFINITY]
            }
        };
        Self {
            low,
            high,
            is_silu: activation == Activation::Silu,
        }
    }
}

/// Computes the sigmoid of each number.
#[inline(always)]
pub fn sigmoid<V: Lanes>(x: V) -> V {
    x.map(crate::engine::cpu::sigmoid)
}

#[inline(always)]
pub(super) fn activate<V: Lanes, const SILU: bool>(u: V, low: V, high: V) -> V {
    if SILU {
        u.multiply(sigmoid(u))
    } else {
        u.max(low).min(high)
    }
}

/// Returns the derivative of the activation at `u` times `gradient`.
#[inline(always)]
pub(super) fn differentiate<V: Lanes, const SILU: bool>(u: V, gradient: V, low: V, high: V) -> V {
    if SILU {
        // s · (1 + u · (1 − s))
        let s = sigmoid(u);
        let rest = V::splat(1.0).add(s.multiply(V::splat(-1.0)));
        gradient.multiply(s.multiply(u.multiply_add(rest, V::splat(1.0))))
    } else {
        gradient.where_between(u, low, high)
    }
}

impl<'a> FusedInput<'a> {
    /// Returns whether the values are the map itself.
    pub fn is_plain(&self) -> bool {
        self.affine.is_none() && self.activation == Activation::Identity && self.gate.is_none()
    }

    /// Returns some pixels, counted through all images, without gate.
    pub fn part(&self, pixel: usize, pixels: usize) -> Self {
        Self {
            values: &self.values[pixel * self.stride..][..pixels * self.stride],
            gate: None,
            ..*self
        }
    }

    /// Asserts that the block lies in the map, in one image where there is a gate.
    pub(super) fn check(&self, lanes: usize, block: &Block) {
        assert!(block.channel + block.channels <= self.stride);
        assert_eq!(block.channels % lanes, 0);
        assert!((block.pixel + block.pixels) * self.stride <= self.values.len());
        assert!(
            block.pixels == 0
                || self.gate.is_none()
                || block.pixel / self.pixels == (block.pixel + block.pixels - 1) / self.pixels
        );
        if let Some([scale, shift]) = self.affine {
            assert!(scale.len() >= self.stride && shift.len() >= self.stride);
        }
        if let Some(gate) = self.gate {
            assert!(gate.len() >= (block.pixel / self.pixels + 1) * self.stride);
        }
    }
}

/// Some pixels, counted through all images, and some channels of a map.
#[derive(Clone, Copy)]
pub struct Block {
    /// The first pixel.
    pub pixel: usize,
    /// Number of pixels.
    pub pixels: usize,
    /// The first channel.
    pub channel: usize,
    /// Number of channels, a multiple of the lanes.
    pub channels: usize,
}

/// Computes a block of a map.
pub struct Activate<'a> {
    /// The map.
    pub source: FusedInput<'a>,
    /// The block to compute, within one image where there is a gate.
    pub block: Block,
    /// `[pixels, channels]`.
    pub output: &'a mut [f32],
    /// Distance from one pixel of the output to the next, in numbers.
    pub output_step: usize,
}

impl SimdKernel for Activate<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes>(self) {
        let Self {
            source,
            block,
            output,
            output_step,
        } = self;
        if block.pixels == 0 {
            return;
        }
        source.check(V::COUNT, &block);
        assert!(output.len() >= (block.pixels - 1) * output_step + block.channels);
        let shape = Shape::of(source.activation);
        // SAFETY: the assertions above.
        unsafe {
            if shape.is_silu {
                activate_block::<V, true>(&source, shape, block, output.as_mut_ptr(), output_step);
            } else {
                activate_block::<V, false>(&source, shape, block, output.as_mut_ptr(), output_step);
            }
        }
    }
}

#[inline(always)]
unsafe fn activate_block<V: Lanes, const SILU: bool>(
    source: &FusedInput<'_>,
    shape: Shape,
    block: Block,
    output: *mut f32,
    output_step: usize,
) {
    let (low, high) = (V::splat(shape.low), V::splat(shape.high));
    let image = block.pixel / source.pixels.max(1);
    // SAFETY: the caller checked the lengths.
    unsafe {
        let mut values = source
            .values
            .as_ptr()
            .add(block.pixel * source.stride + block.channel);
        let affine = source
            .affine
            .map(|rows| rows.map(|row| row.as_ptr().add(block.channel)));
        let gate = source
            .gate
            .map(|gate| gate.as_ptr().add(image * source.stride + block.channel));
        let mut output = output;
        for _ in 0..block.pixels {
            for channel in (0..block.channels).step_by(V::COUNT) {
                let mut u = V::load(values.add(channel));
                if let Some([scale, shift]) = affine {
                    u = u.multiply_add(V::load(scale.add(channel)), V::load(shift.add(channel)));
                }
                let mut y = activate::<V, SILU>(u, low, high);
                if let Some(gate) = gate {
                    y = y.multiply(V::load(gate.add(channel)));
                }
                y.store(output.add(channel));
            }
            values = values.add(source.stride);
            output = output.add(output_step);
        }
    }
}

/// Applies an activation to one number.
pub fn apply_activation(u: f32, activation: Activation) -> f32 {
    match activation {
        Activation::Silu => u * crate::engine::cpu::sigmoid(u),
        Activation::Sigmoid => crate::engine::cpu::sigmoid(u),
        Activation::Identity | Activation::Relu | Activation::Relu6 => {
            let shape = Shape::of(activation);
            u.max(shape.low).min(shape.high)
        }
    }
}

/// Returns the derivative of an activation at `u` times `gradient`.
pub fn differentiate_activation(u: f32, gradient: f32, activation: Activation) -> f32 {
    let s = || crate::engine::cpu::sigmoid(u);
    match activation {
        Activation::Silu => gradient * s() * (1.0 + u * (1.0 - s())),
        Activation::Sigmoid => gradient * s() * (1.0 - s()),
        Activation::Identity | Activation::Relu | Activation::Relu6 => {
            let shape = Shape::of(activation);
            if shape.low < u && u < shape.high {
                gradient
            } else {
                0.0
            }
        }
    }
}

/// Computes the sigmoid of each number in place; the length must be a multiple of the lanes.
pub struct Sigmoids<'a>(pub &'a mut [f32]);

impl SimdKernel for Sigmoids<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes>(self) {
        for chunk in self.0.chunks_exact_mut(V::COUNT) {
            // SAFETY: the chunk has as many numbers as the vector.
            unsafe { sigmoid(V::load(chunk.as_ptr())).store(chunk.as_mut_ptr()) };
        }
    }
}

/// Calls `visit(channel, index, activation(u), gradient, u)` for each vector of a block, where u is
/// `values · scale + shift` and the gradient is 0 where none is given.
#[inline(always)]
pub(super) fn each<V: Lanes>(
    source: &FusedInput<'_>,
    gradient: Option<&[f32]>,
    block: Block,
    mut visit: impl FnMut(usize, usize, V, V, V),
) {
    source.check(V::COUNT, &block);
    assert!(
        gradient
            .is_none_or(|gradient| gradient.len() >= (block.pixel + block.pixels) * source.stride)
    );
    let shape = Shape::of(source.activation);
    let (low, high) = (V::splat(shape.low), V::splat(shape.high));
    for pixel in block.pixel..block.pixel + block.pixels {
        for channel in (0..block.channels).step_by(V::COUNT) {
            let row = block.channel + channel;
            let at = pixel * source.stride + row;
            // SAFETY: the assertions above.
            unsafe {
                let z = V::load(source.values.as_ptr().add(at));
                let u = match source.affine {
                    Some([scale, shift]) => z.multiply_add(
                        V::load(scale.as_ptr().add(row)),
                        V::load(shift.as_ptr().add(row)),
                    ),
                    None => z,
                };
                let y = if shape.is_silu {
                    activate::<V, true>(u, low, high)
                } else {
                    activate::<V, false>(u, low, high)
                };
                let g =
                    gradient.map_or(V::splat(0.0), |gradient| V::load(gradient.as_ptr().add(at)));
                visit(channel, at, y, g, u);
            }
        }
    }
}

/// Computes `a + b · scale`, both without gates.
pub struct AddMaps<'a> {
    /// The first map.
    pub a: FusedInput<'a>,
    /// The second map, of the same shape.
    pub b: FusedInput<'a>,
    /// Factor of `b`.
    pub scale: f32,
    /// The pixels to compute, with all channels.
    pub block: Block,
    /// `[block.pixels, stride]`.
    pub output: &'a mut [f32],
}

impl SimdKernel for AddMaps<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes>(self) {
        let Self {
            a,
            b,
            scale,
            block,
            output,
        } = self;
        assert_eq!(a.stride, b.stride);
        assert!(
            block.channel == 0
                && block.channels == a.stride
                && output.len() >= block.pixels * a.stride
        );
        let first = block.pixel * a.stride;
        let to = output.as_mut_ptr();
        // SAFETY: the assertions above; `each` visits the block.
        each::<V>(&a, None, block, |_, at, y, _, _| unsafe {
            y.store(to.add(at - first))
        });
        let scale = V::splat(scale);
        each::<V>(&b, None, block, |_, at, y, _, _| unsafe {
            let to = to.add(at - first);
            y.multiply_add(scale, V::load(to)).store(to);
        });
    }
}

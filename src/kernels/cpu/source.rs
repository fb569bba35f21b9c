//! A map that is not written out: what a convolution gave, and what is still to be done to it.

use crate::inference::plan::Activation;
use crate::platform::simd::{Kernel, Lanes};

/// `activation(values · scale + shift) · gate`, channel by channel.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// `[images, pixels, stride]`.
    pub values: &'a [f32],
    /// Pixels of an image.
    pub pixels: usize,
    /// Channels with the padding, a multiple of the lanes.
    pub stride: usize,
    /// `[stride]` each; nothing where nothing is to be done.
    pub affine: Option<[&'a [f32]; 2]>,
    /// After the affine map.
    pub activation: Activation,
    /// `[images, stride]`, where there is one.
    pub gate: Option<&'a [f32]>,
}

/// An activation as bounds, or SiLU.
#[derive(Clone, Copy)]
struct Shape {
    low: f32,
    high: f32,
    is_silu: bool,
}

impl Shape {
    fn of(activation: Activation) -> Self {
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

/// The sigmoid of each number.
#[inline(always)]
pub fn sigmoid<V: Lanes>(x: V) -> V {
    x.map(crate::inference::cpu::sigmoid)
}

#[inline(always)]
fn activate<V: Lanes, const SILU: bool>(u: V, low: V, high: V) -> V {
    if SILU {
        u.multiply(sigmoid(u))
    } else {
        u.max(low).min(high)
    }
}

/// The derivative of the activation at `u` times `gradient`.
#[inline(always)]
fn differentiate<V: Lanes, const SILU: bool>(u: V, gradient: V, low: V, high: V) -> V {
    if SILU {
        // s · (1 + u · (1 − s))
        let s = sigmoid(u);
        let rest = V::splat(1.0).add(s.multiply(V::splat(-1.0)));
        gradient.multiply(s.multiply(u.multiply_add(rest, V::splat(1.0))))
    } else {
        gradient.where_between(u, low, high)
    }
}

impl<'a> Source<'a> {
    /// Whether the values are the map.
    pub fn is_plain(&self) -> bool {
        self.affine.is_none() && self.activation == Activation::Identity && self.gate.is_none()
    }

    /// Some pixels, counted through all images, without gate.
    pub fn part(&self, pixel: usize, pixels: usize) -> Self {
        Self {
            values: &self.values[pixel * self.stride..][..pixels * self.stride],
            gate: None,
            ..*self
        }
    }

    fn check(&self, lanes: usize, block: &Block) {
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
    /// How many.
    pub pixels: usize,
    /// The first channel.
    pub channel: usize,
    /// How many, a multiple of the lanes.
    pub channels: usize,
}

/// Writes a block of a map out.
pub struct Activate<'a> {
    /// The map.
    pub source: Source<'a>,
    /// What of it, within one image where there is a gate.
    pub block: Block,
    /// `[pixels, channels]`.
    pub output: &'a mut [f32],
    /// From a pixel of the output to the next.
    pub output_step: usize,
}

impl Kernel for Activate<'_> {
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
    source: &Source<'_>,
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

/// What the gradient of a map, `[images, pixels, stride]`, is with respect to the values of the
/// convolution below it, batch statistics included:
/// `a · gradient · activation′(values · scale + shift) + b · values + c`.
pub struct NormGradient<'a> {
    /// The map, without gate.
    pub source: Source<'a>,
    /// `[a, b, c]`, `[stride]` each.
    pub factors: [&'a [f32]; 3],
    /// As [`Source::values`].
    pub gradient: &'a [f32],
    /// What of it.
    pub block: Block,
    /// `[pixels, channels]`.
    pub output: &'a mut [f32],
    /// From a pixel of the output to the next.
    pub output_step: usize,
}

impl Kernel for NormGradient<'_> {
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
    pub source: Source<'a>,
    /// As [`Source::values`].
    pub gradient: &'a [f32],
    /// What of it.
    pub block: Block,
    /// `[2, stride]`.
    pub sums: &'a mut [f32],
}

impl Kernel for GradientSums<'_> {
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

/// Writes a run of pixels past the caches, and adds up what is asked of it on the way.
pub struct Stream<'a> {
    /// `[pixels, stride]`.
    pub from: &'a [f32],
    /// As `from`.
    pub to: &'a mut [f32],
    /// Channels with the padding.
    pub stride: usize,
    /// What is added up, `[2, stride]`.
    pub sums: Total<'a>,
}

/// What [`Stream`] adds up.
pub enum Total<'a> {
    /// Nothing.
    Nothing,
    /// Σ x and Σ x².
    Moments(&'a mut [f32]),
    /// What [`GradientSums`] does, of the gradient of a map whose values are as long.
    Gradient(&'a mut [f32], Source<'a>),
}

impl Kernel for Stream<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes>(self) {
        let Self {
            from,
            to,
            stride,
            sums,
        } = self;
        assert!(
            from.len() == to.len() && stride % V::COUNT == 0 && from.len() % stride.max(1) == 0
        );
        let (from, count, to) = (from.as_ptr(), from.len() / stride.max(1), to.as_mut_ptr());
        match sums {
            // SAFETY: the assertions, here and above, for each of these.
            Total::Nothing => unsafe {
                stream::<V>(from, to, count, stride, None, |_, _, x| [x, x])
            },
            Total::Moments(sums) => {
                assert!(sums.len() >= 2 * stride);
                unsafe {
                    stream::<V>(
                        from,
                        to,
                        count,
                        stride,
                        Some(sums.as_mut_ptr()),
                        |_, _, x| [x, x.multiply(x)],
                    )
                }
            }
            Total::Gradient(sums, source) => {
                assert!(
                    sums.len() >= 2 * stride
                        && source.stride == stride
                        && source.values.len() >= count * stride
                );
                let shape = Shape::of(source.activation);
                let (low, high) = (V::splat(shape.low), V::splat(shape.high));
                if let Some([scale, shift]) = source.affine {
                    assert!(scale.len() >= stride && shift.len() >= stride);
                }
                let affine = source.affine.map(|rows| rows.map(<[f32]>::as_ptr));
                let values = source.values.as_ptr();
                let terms = |at: usize, channel: usize, gradient: V| unsafe {
                    let z = V::load(values.add(at));
                    let u = match affine {
                        Some([scale, shift]) => {
                            z.multiply_add(V::load(scale.add(channel)), V::load(shift.add(channel)))
                        }
                        None => z,
                    };
                    let du = if shape.is_silu {
                        differentiate::<V, true>(u, gradient, low, high)
                    } else {
                        differentiate::<V, false>(u, gradient, low, high)
                    };
                    [du, du.multiply(z)]
                };
                unsafe { stream::<V>(from, to, count, stride, Some(sums.as_mut_ptr()), terms) }
            }
        }
    }
}

/// # Safety
/// `count` pixels can be read and written, and two rows of sums; `terms(index, channel, x)` gives what
/// is added to them.
#[inline(always)]
unsafe fn stream<V: Lanes>(
    from: *const f32,
    to: *mut f32,
    count: usize,
    stride: usize,
    sums: Option<*mut f32>,
    terms: impl Fn(usize, usize, V) -> [V; 2],
) {
    // Pixels whose sums stay in registers.
    let mut pixel = 0;
    while pixel < count {
        let rows = (count - pixel).min(4);
        for channel in (0..stride).step_by(V::COUNT) {
            let mut totals = [V::splat(0.0); 2];
            let first = pixel * stride + channel;
            // SAFETY: the caller's promise.
            unsafe {
                for row in 0..rows {
                    let at = first + row * stride;
                    let x = V::load(from.add(at));
                    x.stream(to.add(at));
                    if sums.is_some() {
                        let more = terms(at, channel, x);
                        totals = [totals[0].add(more[0]), totals[1].add(more[1])];
                    }
                }
                if let Some(sums) = sums {
                    for (row, total) in totals.into_iter().enumerate() {
                        let sum = sums.add(row * stride + channel);
                        V::load(sum).add(total).store(sum);
                    }
                }
            }
        }
        pixel += rows;
    }
}

/// An activation of one number.
pub fn apply_activation(u: f32, activation: Activation) -> f32 {
    match activation {
        Activation::Silu => u * crate::inference::cpu::sigmoid(u),
        Activation::Sigmoid => crate::inference::cpu::sigmoid(u),
        Activation::Identity | Activation::Relu | Activation::Relu6 => {
            let shape = Shape::of(activation);
            u.max(shape.low).min(shape.high)
        }
    }
}

/// The derivative of an activation at `u` times `gradient`.
pub fn differentiate_activation(u: f32, gradient: f32, activation: Activation) -> f32 {
    let s = || crate::inference::cpu::sigmoid(u);
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

/// The sigmoid of each number; the length is a multiple of the lanes.
pub struct Sigmoids<'a>(pub &'a mut [f32]);

impl Kernel for Sigmoids<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes>(self) {
        for chunk in self.0.chunks_exact_mut(V::COUNT) {
            // SAFETY: the chunk has as many numbers as the vector.
            unsafe { sigmoid(V::load(chunk.as_ptr())).store(chunk.as_mut_ptr()) };
        }
    }
}

/// The sum of each channel of a map, without gate, over a block.
pub struct ActivationSums<'a> {
    /// The map.
    pub source: Source<'a>,
    /// What of it.
    pub block: Block,
    /// `[block.channels]`.
    pub sums: &'a mut [f32],
}

impl Kernel for ActivationSums<'_> {
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

/// The sum of each channel of a map, without gate, times the gradient of the gated one.
pub struct GateSums<'a> {
    /// The map.
    pub source: Source<'a>,
    /// What of it.
    pub block: Block,
    /// As [`Source::values`].
    pub gradient: &'a [f32],
    /// `[block.channels]`.
    pub sums: &'a mut [f32],
}

impl Kernel for GateSums<'_> {
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
    pub source: Source<'a>,
    /// What of it: all channels.
    pub block: Block,
    /// `[stride]`.
    pub gate: &'a [f32],
    /// `[stride]`.
    pub add: &'a [f32],
    /// As [`Source::values`].
    pub gradient: &'a mut [f32],
    /// `[2, stride]`.
    pub sums: &'a mut [f32],
}

impl Kernel for GateGradient<'_> {
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

/// Calls `visit(channel, index, activation(u), gradient, u)` for each vector of a block, where u is
/// `values · scale + shift` and the gradient 0 where there is none.
#[inline(always)]
fn each<V: Lanes>(
    source: &Source<'_>,
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

/// `a` plus `b` times `scale`, both without gates.
pub struct AddMaps<'a> {
    /// The one.
    pub a: Source<'a>,
    /// The other, of the same shape.
    pub b: Source<'a>,
    /// What `b` is multiplied with.
    pub scale: f32,
    /// What of them: all channels.
    pub block: Block,
    /// `[block.pixels, stride]`.
    pub output: &'a mut [f32],
}

impl Kernel for AddMaps<'_> {
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

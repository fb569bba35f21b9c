//! Writes large maps back to memory.

use super::source::{FusedInput, Shape, differentiate};
use crate::platform::simd::{Lanes, SimdKernel};

/// Writes a run of pixels past the caches, and computes sums over them.
pub struct Stream<'a> {
    /// The pixels to write, `[pixels, stride]`.
    pub from: &'a [f32],
    /// Where they are written, as long as `from`.
    pub to: &'a mut [f32],
    /// Channels with padding.
    pub stride: usize,
    /// The sums to compute, `[2, stride]`.
    pub sums: Total<'a>,
}

/// The sums that [`Stream`] computes.
pub enum Total<'a> {
    /// No sums.
    Nothing,
    /// Σ x and Σ x² of each channel.
    Moments(&'a mut [f32]),
    /// The sums of [`super::gradient::GradientSums`], where `from` is a gradient of as many values.
    Gradient(&'a mut [f32], FusedInput<'a>),
}

impl SimdKernel for Stream<'_> {
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
        V::fence();
    }
}

/// # Safety
/// `count` pixels can be read and written, and two rows of sums; `terms(index, channel, x)` gives
/// what is added to them.
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

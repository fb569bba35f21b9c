//! The step of an exponential moving average, in one pass.

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Cube, Dispatch, Flex, backend_extension};
use burn::tensor::Tensor;
use rayon::prelude::*;

use super::parts::{CHUNK, contiguous, is_f32};
use crate::platform::simd::{Lanes, Level, SimdKernel};

/// Backends with the step of an exponential moving average.
#[backend_extension(Flex, Cube)]
pub trait AverageBackend: Backend {
    /// Computes `average · decay + current · (1 − decay)`.
    ///
    /// # Shapes
    /// All tensors have the same shape.
    fn ema(
        average: FloatTensor<Self>,
        current: FloatTensor<Self>,
        decay: f64,
    ) -> FloatTensor<Self> {
        by_primitives::<Self>(average, current, decay)
    }
}

impl AverageBackend for Cube {}

impl AverageBackend for Flex {
    fn ema(
        average: FloatTensor<Self>,
        current: FloatTensor<Self>,
        decay: f64,
    ) -> FloatTensor<Self> {
        if !(is_f32(&average) && is_f32(&current)) {
            return by_primitives::<Self>(average, current, decay);
        }
        let [mut average, current] = [average, current].map(contiguous);
        let level = Level::detect();
        let (kept, new) = (decay as f32, (1.0 - decay) as f32);
        let part = |average, current| {
            level.run(Part {
                average,
                current,
                kept,
                new,
            });
        };
        let numbers = average.storage_mut();
        if numbers.len() <= CHUNK {
            part(numbers, current.storage());
        } else {
            let parts = numbers
                .par_chunks_mut(CHUNK)
                .zip(current.storage().par_chunks(CHUNK));
            parts.for_each(|(average, current)| part(average, current));
        }
        average
    }
}

/// Computes `average · decay + current · (1 − decay)`. It is not differentiated, so no tensor may
/// be tracked.
///
/// # Shapes
/// - all tensors, in and out: the same
pub fn ema<const D: usize>(average: Tensor<D>, current: Tensor<D>, decay: f64) -> Tensor<D> {
    let (average, current) = (average.into_dispatch(), current.into_dispatch());
    Tensor::from_dispatch(<Dispatch as AverageBackend>::ema(average, current, decay))
}

fn by_primitives<B: Backend>(
    average: FloatTensor<B>,
    current: FloatTensor<B>,
    decay: f64,
) -> FloatTensor<B> {
    let kept = B::float_mul_scalar(average, decay.into());
    B::float_add(kept, B::float_mul_scalar(current, (1.0 - decay).into()))
}

struct Part<'a> {
    average: &'a mut [f32],
    current: &'a [f32],
    kept: f32,
    new: f32,
}

impl SimdKernel for Part<'_> {
    type Output = ();

    // A plain loop, which the compiler vectorizes for each instruction set.
    #[inline(always)]
    fn run<V: Lanes>(self) {
        for (average, current) in self.average.iter_mut().zip(self.current) {
            *average = *average * self.kept + *current * self.new;
        }
    }
}

//! AdamW (Loshchilov and Hutter 2019, <https://arxiv.org/abs/1711.05101>) with the gradient clipped
//! by its norm, as burn computes both, in two passes over a tensor instead of some twenty: one for
//! the norm, one for the rest.
//!
//! On Flex no multiplication and addition are fused, so instruction sets and threads do not change
//! the result; the norm is summed in f64.

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Cube, Dispatch, Flex, TensorMetadata, backend_extension};
use burn::tensor::{Shape, Tensor};
use rayon::prelude::*;

use super::parts::{CHUNK, contiguous, is_f32, sum_of_chunks};
use crate::platform::simd::{Lanes, Level, SimdKernel};

/// The constants of AdamW, the same in every step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdamWConstants {
    /// Decay rate of the gradient's moving mean.
    pub beta_1: f32,
    /// Decay rate of the moving mean of the gradient's square.
    pub beta_2: f32,
    /// Added to the denominator.
    pub epsilon: f32,
    /// Part of a weight that is subtracted per step, per unit of the learning rate.
    pub weight_decay: f32,
    /// The largest norm of a tensor's gradient; a longer one is scaled down to it.
    pub gradient_norm: f32,
}

impl AdamWConstants {
    /// Returns the coefficients of the `time`-th step of a tensor, counted from 1.
    pub fn at(&self, learning_rate: f64, time: usize) -> Coefficients {
        let power = i32::try_from(time).unwrap_or(i32::MAX);
        let decay = learning_rate * f64::from(self.weight_decay);
        Coefficients {
            constants: *self,
            correction_1: 1.0 - self.beta_1.powi(power),
            correction_2: 1.0 - self.beta_2.powi(power),
            kept: (1.0 - decay) as f32,
            rate: learning_rate as f32,
        }
    }
}

/// The coefficients of one step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coefficients {
    constants: AdamWConstants,
    correction_1: f32,
    correction_2: f32,
    kept: f32,
    rate: f32,
}

/// Backends with AdamW's step.
#[backend_extension(Flex, Cube)]
pub trait AdamWBackend: Backend {
    /// Returns the weights and both moments after a step.
    ///
    /// # Shapes
    /// All tensors have the same shape.
    fn adamw(
        weights: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        moment_1: FloatTensor<Self>,
        moment_2: FloatTensor<Self>,
        coefficients: Coefficients,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        by_primitives::<Self>(weights, gradient, moment_1, moment_2, coefficients)
    }
}

impl AdamWBackend for Cube {}

impl AdamWBackend for Flex {
    /// Works in place where nothing else holds the tensors. The trainer's copy of the model always
    /// holds the weights during a step: then the new ones are written over the gradient.
    fn adamw(
        weights: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        moment_1: FloatTensor<Self>,
        moment_2: FloatTensor<Self>,
        coefficients: Coefficients,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        if ![&weights, &gradient, &moment_1, &moment_2]
            .into_iter()
            .all(is_f32)
        {
            return by_primitives::<Self>(weights, gradient, moment_1, moment_2, coefficients);
        }
        let [mut weights, mut gradient] = [weights, gradient].map(contiguous);
        let [mut moment_1, mut moment_2] = [moment_1, moment_2].map(contiguous);
        let step = Step {
            clip: clip(gradient.storage(), coefficients.constants.gradient_norm),
            coefficients,
        };
        let moments = (moment_1.storage_mut(), moment_2.storage_mut());
        if !weights.is_unique() && gradient.is_unique() {
            step.take::<true>(gradient.storage_mut(), weights.storage(), moments);
            (gradient, moment_1, moment_2)
        } else {
            step.take::<false>(weights.storage_mut(), gradient.storage(), moments);
            (weights, moment_1, moment_2)
        }
    }
}

/// Computes one step of one tensor. It is not differentiated, so no tensor may be tracked.
///
/// # Shapes
/// - all tensors, in and out: the same
pub fn adamw<const D: usize>(
    weights: Tensor<D>,
    gradient: Tensor<D>,
    [moment_1, moment_2]: [Tensor<D>; 2],
    coefficients: Coefficients,
) -> (Tensor<D>, [Tensor<D>; 2]) {
    let (weights, moment_1, moment_2) = <Dispatch as AdamWBackend>::adamw(
        weights.into_dispatch(),
        gradient.into_dispatch(),
        moment_1.into_dispatch(),
        moment_2.into_dispatch(),
        coefficients,
    );
    let moments = [moment_1, moment_2].map(Tensor::from_dispatch);
    (Tensor::from_dispatch(weights), moments)
}

fn by_primitives<B: Backend>(
    weights: FloatTensor<B>,
    gradient: FloatTensor<B>,
    moment_1: FloatTensor<B>,
    moment_2: FloatTensor<B>,
    step: Coefficients,
) -> (FloatTensor<B>, FloatTensor<B>, FloatTensor<B>) {
    let constants = step.constants;
    let square = |tensor: FloatTensor<B>| B::float_mul(tensor.clone(), tensor);
    let norm = B::float_sqrt(B::float_sum(square(gradient.clone())));
    let inverse = B::float_recip(B::float_add_scalar(norm, f32::MIN_POSITIVE.into()));
    let clip = B::float_mul_scalar(inverse, constants.gradient_norm.into());
    let clip = B::float_clamp_max(clip, 1.0f32.into());
    let everywhere = Shape::from(vec![1; gradient.rank()]);
    let gradient = B::float_mul(gradient, B::float_reshape(clip, everywhere));

    let mean = |old, beta: f32, new| {
        let new = B::float_mul_scalar(new, (1.0 - beta).into());
        B::float_add(B::float_mul_scalar(old, beta.into()), new)
    };
    let moment_1 = mean(moment_1, constants.beta_1, gradient.clone());
    let moment_2 = mean(moment_2, constants.beta_2, square(gradient));
    let first = B::float_div_scalar(moment_1.clone(), step.correction_1.into());
    let second = B::float_div_scalar(moment_2.clone(), step.correction_2.into());
    let length = B::float_add_scalar(B::float_sqrt(second), constants.epsilon.into());
    let change = B::float_mul_scalar(B::float_div(first, length), step.rate.into());
    let weights = B::float_sub(B::float_mul_scalar(weights, step.kept.into()), change);
    (weights, moment_1, moment_2)
}

/// Returns the factor that makes a gradient's norm at most `longest`; NaN where it has NaN.
fn clip(gradient: &[f32], longest: f32) -> f32 {
    let level = Level::detect();
    let squares = sum_of_chunks(gradient, |numbers| level.run(Squares { numbers }));
    let clip = 1.0 / (squares.sqrt() as f32 + f32::MIN_POSITIVE) * longest;
    if clip > 1.0 { 1.0 } else { clip }
}

/// Computes the sum of squares, in the same order on every instruction set.
struct Squares<'a> {
    numbers: &'a [f32],
}

impl SimdKernel for Squares<'_> {
    type Output = f64;

    #[inline(always)]
    fn run<V: Lanes>(self) -> f64 {
        let (rows, rest) = self.numbers.as_chunks::<16>();
        let mut sums = [0.0; 16];
        for row in rows {
            for (sum, number) in sums.iter_mut().zip(row) {
                *sum += f64::from(*number) * f64::from(*number);
            }
        }
        for (sum, number) in sums.iter_mut().zip(rest) {
            *sum += f64::from(*number) * f64::from(*number);
        }
        sums.iter().sum()
    }
}

#[derive(Clone, Copy)]
struct Step {
    clip: f32,
    coefficients: Coefficients,
}

impl Step {
    /// Writes the new weights over `target`, which holds the gradient where `OVER_GRADIENT`, else
    /// the old weights; `source` holds the others.
    fn take<const OVER_GRADIENT: bool>(
        self,
        target: &mut [f32],
        source: &[f32],
        (moment_1, moment_2): (&mut [f32], &mut [f32]),
    ) {
        let level = Level::detect();
        let part = |target, source, moment_1, moment_2| {
            level.run(Part::<OVER_GRADIENT> {
                step: self,
                target,
                source,
                moment_1,
                moment_2,
            });
        };
        // Most tensors are too small to be worth waking another thread.
        if target.len() <= CHUNK {
            return part(target, source, moment_1, moment_2);
        }
        let parts = target
            .par_chunks_mut(CHUNK)
            .zip(source.par_chunks(CHUNK))
            .zip(moment_1.par_chunks_mut(CHUNK))
            .zip(moment_2.par_chunks_mut(CHUNK));
        parts.for_each(|(((target, source), moment_1), moment_2)| {
            part(target, source, moment_1, moment_2);
        });
    }
}

/// A part of [`Step::take`].
struct Part<'a, const OVER_GRADIENT: bool> {
    step: Step,
    target: &'a mut [f32],
    source: &'a [f32],
    moment_1: &'a mut [f32],
    moment_2: &'a mut [f32],
}

impl<const OVER_GRADIENT: bool> SimdKernel for Part<'_, OVER_GRADIENT> {
    type Output = ();

    // Plain loops, which the compiler vectorizes for each instruction set.
    #[inline(always)]
    fn run<V: Lanes>(self) {
        let Step { clip, coefficients } = self.step;
        let AdamWConstants {
            beta_1,
            beta_2,
            epsilon,
            ..
        } = coefficients.constants;
        let (new_1, new_2) = (1.0 - beta_1, 1.0 - beta_2);
        let rate = coefficients.rate / coefficients.correction_1;
        let inverse = 1.0 / coefficients.correction_2;
        let count = self.target.len();
        let (target, source) = (&mut self.target[..count], &self.source[..count]);
        let (moment_1, moment_2) = (&mut self.moment_1[..count], &mut self.moment_2[..count]);
        for index in 0..count {
            let (weight, gradient) = match OVER_GRADIENT {
                true => (source[index], target[index]),
                false => (target[index], source[index]),
            };
            let gradient = gradient * clip;
            let first = moment_1[index] * beta_1 + gradient * new_1;
            let second = moment_2[index] * beta_2 + gradient * gradient * new_2;
            let length = (second * inverse).sqrt() + epsilon;
            let change = first * rate / length;
            target[index] = weight * coefficients.kept - change;
            moment_1[index] = first;
            moment_2[index] = second;
        }
    }
}

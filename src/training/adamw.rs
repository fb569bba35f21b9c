//! The optimizer: AdamW with gradient clipping per tensor, as a custom operation.

use burn::optim::{AdamWState, AdaptiveMomentumState, LearningRate, Optimizer};
use burn::tensor::{Device, Tensor};

use crate::kernels::adamw::{AdamWConstants, adamw};

/// Burn's `AdamW` with `GradientClippingConfig::Norm`, computed in fewer passes. The state is the
/// same, so each can read the other's checkpoints.
#[derive(Clone, Copy, Debug)]
pub struct ClippedAdamW(pub AdamWConstants);

impl Optimizer for ClippedAdamW {
    type State<const D: usize> = AdamWState<D>;

    fn step<const D: usize>(
        &self,
        learning_rate: LearningRate,
        weights: Tensor<D>,
        gradient: Tensor<D>,
        state: Option<AdamWState<D>>,
    ) -> (Tensor<D>, Option<AdamWState<D>>) {
        let (time, moments) = match state {
            Some(AdamWState { momentum }) => {
                (momentum.time + 1, [momentum.moment_1, momentum.moment_2])
            }
            None => (1, [gradient.zeros_like(), gradient.zeros_like()]),
        };
        let coefficients = self.0.at(learning_rate, time);
        let (weights, [moment_1, moment_2]) = adamw(weights, gradient, moments, coefficients);
        let momentum = AdaptiveMomentumState::new(time, moment_1, moment_2);
        (weights, Some(AdamWState { momentum }))
    }

    fn to_device<const D: usize>(mut state: AdamWState<D>, device: &Device) -> AdamWState<D> {
        state.momentum = state.momentum.to_device(device);
        state
    }
}

#[cfg(test)]
mod tests {
    use burn::grad_clipping::GradientClippingConfig;
    use burn::module::{Module, Param};
    use burn::optim::{AdamWConfig, GradientsParams, ModuleOptimizer};
    use burn::tensor::TensorData;

    use super::*;

    /// Tensors whose lengths are no multiples of a vector's, one large enough for several threads.
    #[derive(Module, Debug)]
    struct Weights {
        small: Param<Tensor<1>>,
        large: Param<Tensor<2>>,
    }

    fn numbers(count: usize, step: usize) -> Vec<f32> {
        (0..count)
            .map(|at| ((at * 37 + step * 101) % 211) as f32 / 100.0 - 1.0)
            .collect()
    }

    fn weights(device: &Device) -> Weights {
        let data =
            |shape: &[usize]| TensorData::new(numbers(shape.iter().product(), 0), shape.to_vec());
        Weights {
            small: Param::from_tensor(Tensor::from_data(data(&[13]), device)),
            large: Param::from_tensor(Tensor::from_data(data(&[3, 17_001]), device)),
        }
    }

    fn burns() -> ModuleOptimizer {
        AdamWConfig::new()
            .with_epsilon(1e-8)
            .with_weight_decay(0.02)
            .with_grad_clipping(Some(GradientClippingConfig::Norm(5.0)))
            .init()
    }

    fn ours() -> ModuleOptimizer {
        ClippedAdamW(AdamWConstants {
            beta_1: 0.9,
            beta_2: 0.999,
            epsilon: 1e-8,
            weight_decay: 0.02,
            gradient_norm: 5.0,
        })
        .into()
    }

    /// Takes the steps `from..to`, with gradients computed from the step and the weights.
    fn steps(
        optimizer: &mut ModuleOptimizer,
        mut model: Weights,
        from: usize,
        to: usize,
    ) -> Weights {
        let device = Device::flex().autodiff();
        for step in from..to {
            let factor = |count: usize| TensorData::new(numbers(count, step), [count]);
            let small = model.small.val() * Tensor::from_data(factor(13), &device);
            let large = Tensor::<1>::from_data(factor(3 * 17_001), &device).reshape([3, 17_001]);
            let loss = small.sum() + (model.large.val() * large).sum() * 0.1;
            let gradients = GradientsParams::from_grads(loss.backward(), &model);
            model = optimizer.step(1e-2, model, gradients);
        }
        model
    }

    fn assert_equal(found: &Weights, expected: &Weights) {
        let rows = |model: &Weights| {
            let large = model.large.val().into_data().try_to_vec::<f32>().unwrap();
            [model.small.val().into_data().try_to_vec().unwrap(), large].concat()
        };
        for (found, expected) in rows(found).iter().zip(&rows(expected)) {
            assert!(
                (found - expected).abs() < 1e-6 * expected.abs().max(1.0),
                "{found} {expected}"
            );
        }
    }

    #[test]
    fn twenty_steps_are_those_of_burn() {
        let device = Device::flex().autodiff();
        let expected = steps(&mut burns(), weights(&device), 0, 20);
        assert_equal(&steps(&mut ours(), weights(&device), 0, 20), &expected);
    }

    #[test]
    fn a_record_of_burns_goes_on_with_ours() {
        let device = Device::flex().autodiff();
        let mut before = burns();
        let half = steps(&mut before, weights(&device), 0, 10);
        let record = before.to_record();
        let expected = steps(&mut before, half.clone(), 10, 20);
        let found = steps(&mut ours().load_record(record), half, 10, 20);
        assert_equal(&found, &expected);
    }
}

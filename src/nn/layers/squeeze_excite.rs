//! The channel gate of Hu et al. 2018 (<https://arxiv.org/abs/1709.01507>).

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::tensor::Device;

use crate::kernels::FeatureMap;
use crate::spec::style::ActivationConfig;

/// Scales each channel by a number in (0, 1) computed from the means of all channels.
#[derive(Module, Debug)]
pub struct SqueezeExcite {
    /// 1×1 convolution from `channels` to `squeezed` channels.
    pub reduce: Conv2d,
    /// 1×1 convolution from `squeezed` to `channels` channels.
    pub expand: Conv2d,
    #[module(skip)]
    activation: ActivationConfig,
}

impl SqueezeExcite {
    /// Creates the gate with random weights: `channels` channels are gated, with `squeezed` numbers
    /// and `activation` between the two layers.
    pub fn new(
        channels: usize,
        squeezed: usize,
        activation: ActivationConfig,
        device: &Device,
    ) -> Self {
        Self {
            reduce: Conv2dConfig::new([channels, squeezed], [1, 1]).init(device),
            expand: Conv2dConfig::new([squeezed, channels], [1, 1]).init(device),
            activation,
        }
    }

    /// # Shapes
    /// - `x`, output: `[batch, channels, height, width]`
    pub fn forward(&self, x: impl Into<FeatureMap>) -> FeatureMap {
        let x: FeatureMap = x.into();
        x.gated(&self.reduce, &self.expand, self.activation)
    }
}

#[cfg(test)]
mod tests {
    use burn::module::Param;
    use burn::tensor::{Tensor, TensorData, Tolerance};

    use super::*;

    #[test]
    fn gates_each_channel_by_hand_computed_weights() {
        let device = Device::flex();
        let mut gate = SqueezeExcite::new(2, 1, ActivationConfig::Relu6, &device);
        gate.reduce.weight =
            Param::from_tensor(Tensor::<1>::from_floats([1.0, 1.0], &device).reshape([1, 2, 1, 1]));
        gate.reduce.bias = Some(Param::from_tensor(Tensor::from_floats([0.0], &device)));
        gate.expand.weight = Param::from_tensor(
            Tensor::<1>::from_floats([0.0, 3.0f32.ln()], &device).reshape([2, 1, 1, 1]),
        );
        gate.expand.bias = Some(Param::from_tensor(Tensor::from_floats([0.0, 0.0], &device)));
        // Channel means 2 and -1 add up to 1: the gates are sigmoid(0) = 1/2, sigmoid(ln 3) = 3/4.
        let x = Tensor::<4>::from_floats([[[[1.0, 3.0]], [[-2.0, 0.0]]]], &device);
        gate.forward(x)
            .into_tensor()
            .into_data()
            .assert_approx_eq::<f32>(
                &TensorData::from([[[[0.5, 1.5]], [[-1.5, 0.0]]]]),
                Tolerance::absolute(1e-6),
            );
    }
}

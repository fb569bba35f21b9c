//! Spatial attention: a gate over the feature map that says where the network looks.

use burn::module::Module;
use burn::nn::PaddingConfig2d;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::tensor::{Device, Tensor, activation};

use crate::spec::architecture::AttentionConfig;

/// Output of [`SpatialAttention::forward`].
#[derive(Clone, Debug)]
pub struct Attended {
    /// The gated features, `[batch, channels, height, width]`.
    pub features: Tensor<4>,
    /// The gate in (0, 1), averaged over the channels where it has several, 1 everywhere where
    /// there is none: `[batch, 1, height, width]`.
    pub map: Tensor<4>,
}

/// Multiplies the feature map by a gate computed from it.
#[derive(Module, Debug)]
pub struct SpatialAttention {
    /// Their outputs are summed to the gate's logits; empty where there is no gate.
    pub convs: Vec<Conv2d>,
    #[module(skip)]
    summarized: bool,
}

impl SpatialAttention {
    /// Creates the gate with random weights, for a feature map of `channels` channels.
    pub fn new(config: &AttentionConfig, channels: usize, device: &Device) -> Self {
        let kernels = config.kernels();
        let gate = |&kernel: &usize| {
            let half = kernel / 2;
            Conv2dConfig::new([2, 1], [kernel; 2])
                .with_padding(PaddingConfig2d::Explicit(half, half, half, half))
                .init(device)
        };
        Self {
            convs: match config {
                AttentionConfig::Dense => {
                    vec![Conv2dConfig::new([channels, channels], [1, 1]).init(device)]
                }
                _ => kernels.iter().map(gate).collect(),
            },
            summarized: !kernels.is_empty(),
        }
    }

    /// # Shapes
    /// - `features`: `[batch, channels, height, width]`
    /// - output: see [`Attended`]
    pub fn forward(&self, features: Tensor<4>) -> Attended {
        if self.convs.is_empty() {
            let [batch, _, height, width] = features.dims();
            let map = Tensor::ones([batch, 1, height, width], &features.device());
            return Attended { features, map };
        }
        let seen = if self.summarized {
            let mean = features.clone().mean_dim(1); // [batch, 1, height, width]
            let maximum = features.clone().max_dim(1); // [batch, 1, height, width]
            Tensor::cat(vec![mean, maximum], 1) // [batch, 2, height, width]
        } else {
            features.clone()
        };
        let logits = self
            .convs
            .iter()
            .map(|conv| conv.forward(seen.clone()))
            .reduce(|sum, logits| sum + logits)
            .unwrap_or_else(|| seen.zeros_like());
        let gate = activation::sigmoid(logits); // [batch, 1 or channels, height, width]
        Attended {
            map: gate.clone().mean_dim(1),
            features: features * gate,
        }
    }
}

#[cfg(test)]
mod tests {
    use burn::module::Param;
    use burn::tensor::{TensorData, Tolerance};

    use super::*;

    #[test]
    fn multi_scale_gate_by_hand_computed_weights() {
        let device = Device::flex();
        let mut gate = SpatialAttention::new(
            &AttentionConfig::MultiScale { kernels: vec![1] },
            2,
            &device,
        );
        // The logit is maximum minus mean.
        gate.convs[0].weight = Param::from_tensor(
            Tensor::<1>::from_floats([-1.0, 1.0], &device).reshape([1, 2, 1, 1]),
        );
        gate.convs[0].bias = Some(Param::from_tensor(Tensor::from_floats([0.0], &device)));
        let ln3 = 3.0f32.ln();
        let features = Tensor::<4>::from_floats([[[[2.0, 2.0 * ln3]], [[2.0, 0.0]]]], &device);
        let attended = gate.forward(features);
        let tolerance = Tolerance::<f32>::absolute(1e-6);
        attended
            .map
            .into_data()
            .assert_approx_eq(&TensorData::from([[[[0.5, 0.75]]]]), tolerance);
        attended.features.into_data().assert_approx_eq(
            &TensorData::from([[[[1.0, 1.5 * ln3]], [[1.0, 0.0]]]]),
            tolerance,
        );
    }

    #[test]
    fn no_gate_changes_nothing_and_looks_everywhere() {
        let device = Device::flex();
        let gate = SpatialAttention::new(&AttentionConfig::None, 2, &device);
        let features = Tensor::<4>::from_floats([[[[2.0, -1.0]], [[0.5, 3.0]]]], &device);
        let attended = gate.forward(features.clone());
        assert_eq!(attended.features.into_data(), features.into_data());
        assert_eq!(
            attended.map.into_data(),
            TensorData::from([[[[1.0f32, 1.0]]]])
        );
    }

    #[test]
    fn the_spatial_gate_is_the_multi_scale_gate_with_one_kernel() {
        let device = Device::flex();
        let spatial = SpatialAttention::new(&AttentionConfig::Spatial, 4, &device);
        let mut named = SpatialAttention::new(
            &AttentionConfig::MultiScale { kernels: vec![7] },
            4,
            &device,
        );
        assert_eq!(spatial.convs[0].weight.dims(), [1, 2, 7, 7]);
        named.convs = spatial.convs.clone();
        let features = Tensor::<4>::random(
            [1, 4, 3, 3],
            burn::tensor::Distribution::Uniform(-1.0, 1.0),
            &device,
        );
        assert_eq!(
            spatial.forward(features.clone()).map.into_data(),
            named.forward(features).map.into_data()
        );
    }

    #[test]
    fn dense_gate_has_one_map_whatever_the_channels() {
        let device = Device::flex();
        let gate = SpatialAttention::new(&AttentionConfig::Dense, 4, &device);
        let attended = gate.forward(Tensor::ones([2, 4, 3, 5], &device));
        assert_eq!(attended.features.dims(), [2, 4, 3, 5]);
        assert_eq!(attended.map.dims(), [2, 1, 3, 5]);
    }
}

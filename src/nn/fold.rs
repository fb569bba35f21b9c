//! Batch normalization folded into the layer before or after it, for inference.
//!
//! `γ (w·x − μ) / √(σ² + ε) + β` is again a convolution, with weights scaled for each output
//! channel and a bias (Jacob et al. 2018, <https://arxiv.org/abs/1712.05877>, section 3.2). The
//! result needs no running statistics, holds fewer tensors and dispatches fewer kernels.

use burn::module::Param;
use burn::nn::{BatchNorm, Linear};
use burn::tensor::Tensor;

use super::EmotionNet;
use super::backbone::Backbone;
use super::head::Head;
use super::layers::conv_norm::ConvNorm;

/// Returns the same function without batch normalization. Its configuration is
/// [`EmotionNetConfig::folded`](crate::spec::EmotionNetConfig::folded).
pub fn fold(network: EmotionNet) -> EmotionNet {
    let EmotionNet {
        backbone,
        attention,
        head,
    } = network;
    let backbone = match backbone {
        Backbone::EfficientNetB0(network) => Backbone::EfficientNetB0(network.map_convs(fold_conv)),
        Backbone::Cnn(mut network) => {
            for block in &mut network.blocks {
                block.convs = std::mem::take(&mut block.convs)
                    .into_iter()
                    .map(fold_conv)
                    .collect();
            }
            Backbone::Cnn(network)
        }
    };
    EmotionNet {
        backbone,
        attention,
        head: fold_head(head),
    }
}

/// Returns the scale and the shift of each channel, `[channels]` each.
fn scale_and_shift(norm: &BatchNorm) -> (Tensor<1>, Tensor<1>) {
    let deviation = (norm.running_var.value_sync() + norm.epsilon).sqrt();
    let scale = norm.gamma.val() / deviation;
    let shift = norm.beta.val() - norm.running_mean.value_sync() * scale.clone();
    (scale, shift)
}

/// Folds a layer's normalization into its convolution.
pub(super) fn fold_conv(mut layer: ConvNorm) -> ConvNorm {
    if let Some(norm) = layer.norm.take() {
        let (scale, shift) = scale_and_shift(&norm);
        let weight = layer.conv.weight.val() * scale.clone().reshape([-1, 1, 1, 1]);
        let bias = match &layer.conv.bias {
            Some(bias) => bias.val() * scale + shift,
            None => shift,
        };
        layer.conv.weight = Param::from_tensor(weight);
        layer.conv.bias = Some(Param::from_tensor(bias));
    }
    layer
}

/// Folds the normalization into the first linear layer, since pooling commutes with the affine map.
/// The layer sees each channel once, or once for each place where the map is flattened.
fn fold_head(mut head: Head) -> Head {
    if let (Some(norm), Some(first)) = (head.norm.take(), head.layers.first_mut()) {
        let (scale, shift) = scale_and_shift(&norm);
        let [channels] = scale.dims();
        let places = first.weight.dims()[0] / channels.max(1);
        let spread = |x: Tensor<1>| x.reshape([-1, 1]).repeat_dim(1, places).flatten(0, 1);
        fold_before(first, spread(scale), spread(shift));
    }
    head
}

/// Folds `(scale · x + shift) W + b` into one layer; `W` is `[inputs, width]`, others
/// `[inputs]`.
fn fold_before(layer: &mut Linear, scale: Tensor<1>, shift: Tensor<1>) {
    let weight = layer.weight.val();
    let shifted: Tensor<1> = shift.unsqueeze::<2>().matmul(weight.clone()).squeeze_dim(0);
    let bias = match &layer.bias {
        Some(bias) => bias.val() + shifted,
        None => shifted,
    };
    layer.weight = Param::from_tensor(weight * scale.reshape([-1, 1]));
    layer.bias = Some(Param::from_tensor(bias));
}

#[cfg(test)]
pub(super) mod tests {
    use burn::module::Module;
    use burn::tensor::{Device, Distribution, Tolerance};

    use super::*;
    use crate::nn::EmotionOutput;
    use crate::nn::tensors::{apply, collect};
    use crate::spec::EmotionNetConfig;
    use crate::spec::architecture::AttentionConfig;

    /// Returns the network with statistics away from 0 and 1, so that folding has something to do.
    pub fn with_statistics<M: Module>(network: M) -> M {
        let mut tensors = collect(&network).unwrap();
        for (name, array) in &mut tensors {
            let offset = match name.rsplit('.').next() {
                Some("running_mean" | "beta") => 0.1,
                Some("running_var" | "gamma") => 0.8,
                _ => continue,
            };
            for (index, value) in array.values.iter_mut().enumerate() {
                *value = offset + 0.05 * (index % 7) as f32;
            }
        }
        apply(network, tensors).unwrap()
    }

    fn folded_equals_unfolded(config: EmotionNetConfig) {
        let device = Device::flex();
        device.seed(1);
        let network = with_statistics(EmotionNet::new(&config, &device));
        let size = config.input_size;
        let images = Tensor::<4>::random(
            [2, config.input_channels, size, size],
            Distribution::Uniform(-1.0, 1.0),
            &device,
        );
        let EmotionOutput {
            logits: expected, ..
        } = network.forward(images.clone());
        let folded = fold(network);
        let EmotionOutput { logits: found, .. } = folded.forward(images);
        expected
            .into_data()
            .assert_approx_eq::<f32>(&found.into_data(), Tolerance::rel_abs(1e-3, 1e-4));

        let shape = EmotionNet::new(&config.folded(), &device);
        apply(shape, collect(&folded).unwrap())
            .expect("the folded configuration has these tensors");
    }

    #[test]
    fn moue_folds() {
        folded_equals_unfolded(EmotionNetConfig::moue().with_input_size(64));
    }

    #[test]
    fn paper_folds() {
        folded_equals_unfolded(EmotionNetConfig::paper().with_input_size(64));
    }

    #[test]
    fn every_gate_folds_without_squeeze_excite() {
        for attention in [
            AttentionConfig::None,
            AttentionConfig::Spatial,
            AttentionConfig::Dense,
        ] {
            folded_equals_unfolded(EmotionNetConfig {
                attention,
                squeeze_excite: false,
                ..EmotionNetConfig::moue().with_input_size(32)
            });
        }
    }

    #[test]
    fn the_conventional_network_folds_with_and_without_a_normalized_head() {
        let mut config = EmotionNetConfig::cnn().with_input_size(32);
        config.head.hidden = vec![8];
        folded_equals_unfolded(config.clone());
        config.head.normalized = true;
        folded_equals_unfolded(config);
    }
}

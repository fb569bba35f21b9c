//! The whole network and its two configurations.

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

use super::activation::Activation;
use super::attention::{AttentionConfig, SpatialAttention};
use super::conv_norm::{ConvStyle, Padding};
use super::efficientnet::{EfficientNet, FEATURE_CHANNELS};
use super::head::{Head, HeadConfig};

/// The architecture, as written in configurations and manifests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmotionNetConfig {
    /// `paper`, `moue` or a name of the user's.
    pub name: String,
    /// Pixels along a side of the square input.
    pub input_size: usize,
    /// 3 where the gray image is repeated as red, green and blue, 1 where it is not.
    pub input_channels: usize,
    /// What all convolutions share.
    pub style: ConvStyle,
    /// Chance that the last block's residual branch is dropped while training.
    pub drop_path: f64,
    /// The gate on the feature map.
    pub attention: AttentionConfig,
    /// The classifier.
    pub head: HeadConfig,
}

impl EmotionNetConfig {
    /// The seed's network, rebuilt so that every parameter count in its figure 1 comes out:
    /// Keras' EfficientNetB0, a dense gate, batch normalization, and layers of 512, 256 and 7.
    pub fn paper() -> Self {
        Self {
            name: "paper".into(),
            input_size: 224,
            input_channels: 3,
            style: ConvStyle {
                activation: Activation::Silu,
                padding: Padding::Same,
                norm_epsilon: 1e-3,
                norm_momentum: 0.01,
                folded: false,
            },
            drop_path: 0.2,
            attention: AttentionConfig::Dense,
            head: HeadConfig {
                hidden: vec![512, 256],
                normalized: true,
                dropout: 0.5,
            },
        }
    }

    /// What ships: one input channel (a gray face has one), ReLU6 and TensorFlow's padding so
    /// that EfficientNet-Lite's features survive the transfer, a gate of 169 parameters and one
    /// linear layer.
    pub fn moue() -> Self {
        Self {
            name: "moue".into(),
            input_size: 96,
            input_channels: 1,
            style: ConvStyle {
                activation: Activation::Relu6,
                padding: Padding::Same,
                norm_epsilon: 1e-3,
                norm_momentum: 0.1,
                folded: false,
            },
            drop_path: 0.05,
            attention: AttentionConfig::MultiScale {
                kernels: vec![3, 5, 7],
            },
            head: HeadConfig {
                hidden: vec![],
                normalized: false,
                dropout: 0.2,
            },
        }
    }

    /// The same network with another input size, in pixels.
    pub fn with_input_size(self, input_size: usize) -> Self {
        Self { input_size, ..self }
    }

    /// The shape that [`super::fold::fold`] turns this network into.
    pub fn folded(&self) -> Self {
        Self {
            style: ConvStyle {
                folded: true,
                ..self.style
            },
            ..self.clone()
        }
    }

    /// Random weights.
    pub fn init(&self, device: &Device) -> EmotionNet {
        let style = &self.style;
        EmotionNet {
            backbone: EfficientNet::new(self.input_channels, self.drop_path, style, device),
            attention: self.attention.init(FEATURE_CHANNELS, device),
            head: self.head.init(
                FEATURE_CHANNELS,
                style.norm_epsilon,
                style.norm_momentum,
                style.folded,
                device,
            ),
        }
    }
}

/// What [`EmotionNet::forward`] returns.
#[derive(Clone, Debug)]
pub struct EmotionOutput {
    /// `[batch, 7]`, in label order.
    pub logits: Tensor<2>,
    /// Where the network looked, in (0, 1): `[batch, 1, height, width]` in feature pixels.
    pub attention: Tensor<4>,
}

/// EfficientNet-B0, a spatial gate, a classifier.
#[derive(Module, Debug)]
pub struct EmotionNet {
    /// Pixels to features.
    pub backbone: EfficientNet,
    /// Features to gated features.
    pub attention: SpatialAttention,
    /// Gated features to logits.
    pub head: Head,
}

impl EmotionNet {
    /// # Shapes
    /// - `images`: `[batch, input_channels, input_size, input_size]`, made by [`super::InputSpec`]
    /// - output: see [`EmotionOutput`]
    pub fn forward(&self, images: Tensor<4>) -> EmotionOutput {
        let attended = self.attention.forward(self.backbone.forward(images));
        EmotionOutput {
            logits: self.head.forward(attended.features),
            attention: attended.map,
        }
    }
}

#[cfg(test)]
mod tests {
    use burn::module::{ModuleVisitor, Param};

    use super::*;

    /// Counts numbers: all floats, and of these the running statistics.
    #[derive(Default)]
    struct Count {
        path: Vec<String>,
        all: usize,
        running: usize,
    }

    impl ModuleVisitor for Count {
        fn enter_module(&mut self, name: &str, _: &str) {
            self.path.push(name.into());
        }
        fn exit_module(&mut self, _: &str, _: &str) {
            self.path.pop();
        }
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            self.all += param.shape().num_elements();
            if self
                .path
                .last()
                .is_some_and(|name| name.starts_with("running_"))
            {
                self.running += param.shape().num_elements();
            }
        }
    }

    fn count(config: EmotionNetConfig) -> Count {
        let mut count = Count::default();
        config.init(&Device::flex()).visit(&mut count);
        count
    }

    #[test]
    fn paper_has_exactly_the_published_parameters() {
        let count = count(EmotionNetConfig::paper());
        assert_eq!(count.all - count.running, 6_438_787);
        // Keras also counts the seven numbers of its input normalization layer.
        assert_eq!(count.all + 7, 6_483_370);
    }

    #[test]
    fn moue_is_slim() {
        let count = count(EmotionNetConfig::moue());
        // B0's 4,007,548 less two input channels of the stem, the gate's 169, the layer's 8,967.
        assert_eq!(
            count.all - count.running,
            4_007_548 - 2 * 32 * 9 + 169 + 8_967
        );
    }

    #[test]
    fn shapes_follow_the_input_size() {
        let device = Device::flex();
        let network = EmotionNetConfig::moue().init(&device);
        for (size, map) in [(64, 2), (96, 3), (112, 4)] {
            let output = network.forward(Tensor::zeros([2, 1, size, size], &device));
            assert_eq!(output.logits.dims(), [2, 7]);
            assert_eq!(output.attention.dims(), [2, 1, map, map]);
        }
    }

    #[test]
    fn unknown_configuration_keys_are_refused() {
        let mut json = serde_json::to_value(EmotionNetConfig::moue()).unwrap();
        json["colour"] = true.into();
        assert!(serde_json::from_value::<EmotionNetConfig>(json).is_err());
    }
}

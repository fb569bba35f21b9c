//! The classifier as a whole.

use burn::module::Module;
use burn::tensor::{Device, Tensor};

use super::attention::SpatialAttention;
use super::backbone::Backbone;
use super::cnn::Cnn;
use super::efficientnet::EfficientNet;
use super::head::Head;
use crate::spec::EmotionNetConfig;
use crate::spec::architecture::BackboneKind;

/// Output of [`EmotionNet::forward`].
#[derive(Clone, Debug)]
pub struct EmotionOutput {
    /// Logits, `[batch, 7]`, or `[batch, 16]` with both heads, see [`crate::spec::heads`].
    pub logits: Tensor<2>,
    /// Where the network looked, in (0, 1): `[batch, 1, height, width]` in feature pixels.
    pub attention: Tensor<4>,
}

/// A backbone, a spatial gate, a classifier.
#[derive(Module, Debug)]
pub struct EmotionNet {
    /// From pixels to features.
    pub backbone: Backbone,
    /// From features to gated features.
    pub attention: SpatialAttention,
    /// From gated features to logits.
    pub head: Head,
}

impl EmotionNet {
    /// Creates the network with random weights.
    pub fn new(config: &EmotionNetConfig, device: &Device) -> Self {
        let style = &config.style;
        let backbone = match config.backbone {
            BackboneKind::EfficientNetB0 => {
                let layers = config.efficientnet();
                let network = EfficientNet::new(&layers, config.drop_path, style, device);
                Backbone::EfficientNetB0(network)
            }
            BackboneKind::Cnn => Backbone::Cnn(Cnn::new(config.input_channels, style, device)),
        };
        let channels = config.backbone.channels();
        let area = config.feature_side() * config.feature_side();
        Self {
            backbone,
            attention: SpatialAttention::new(&config.attention, channels, device),
            head: Head::new(&config.head, channels, area, style, device),
        }
    }

    /// # Shapes
    /// - `images`: `[batch, input_channels, input_size, input_size]`, by [`crate::spec::InputSpec`]
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
    use crate::spec::architecture::AttentionConfig;
    use crate::spec::cost::Cost;
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
        EmotionNet::new(&config, &Device::flex()).visit(&mut count);
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
        // B0's 4,007,548 less two input channels of the stem, the gate's 169, and for each of both
        // heads' logits a row of the layer and its bias.
        assert_eq!(
            count.all - count.running,
            4_007_548 - 2 * 32 * 9 + 169 + 16 * 1_281
        );
    }

    #[test]
    fn squeeze_excite_and_the_gates_are_counted_apart() {
        let learned = |config: EmotionNetConfig| {
            let count = count(config);
            count.all - count.running
        };
        let moue = EmotionNetConfig::moue;
        let with = |attention| {
            let attention: AttentionConfig = attention;
            learned(EmotionNetConfig {
                attention,
                ..moue()
            })
        };
        let none = with(AttentionConfig::None);
        assert_eq!(learned(moue()), none + 169);
        assert_eq!(with(AttentionConfig::Spatial), none + 7 * 7 * 2 + 1);
        assert_eq!(with(AttentionConfig::Dense), none + 1280 * 1280 + 1280);
        // EfficientNet-Lite0's 4,652,008 (timm) without its classifier of 1,281,000, less two
        // input channels of the stem.
        let lite = EmotionNetConfig {
            squeeze_excite: false,
            attention: AttentionConfig::None,
            ..moue()
        };
        assert_eq!(
            learned(lite),
            4_652_008 - 1_281_000 - 2 * 32 * 9 + 16 * 1_281
        );
    }

    #[test]
    fn cnn_has_the_seeds_fifteen_million() {
        let count = count(EmotionNetConfig::cnn());
        // Eight convolutions 4,682,304, their normalization 3,840, dense 10,491,911.
        assert_eq!(count.all - count.running, 15_178_055);
    }

    #[test]
    fn cnn_computes_logits_and_a_map_of_ones() {
        let device = Device::flex();
        let network = EmotionNet::new(&EmotionNetConfig::cnn(), &device);
        let output = network.forward(Tensor::zeros([2, 1, 48, 48], &device));
        assert_eq!(output.logits.dims(), [2, 7]);
        assert_eq!(output.attention.dims(), [2, 1, 3, 3]);
        let sum: f32 = output.attention.sum().into_scalar();
        assert_eq!(sum, 18.0);
    }

    #[test]
    fn the_description_counts_what_the_modules_hold() {
        let mut normalized = EmotionNetConfig::cnn();
        normalized.head.normalized = true;
        let presets = [
            EmotionNetConfig::paper(),
            EmotionNetConfig::moue(),
            normalized,
        ];
        for config in presets {
            let count = count(config.clone());
            let parameters = (count.all - count.running) as u64;
            assert_eq!(Cost::of(&config).parameters, parameters, "{}", config.name);
        }
    }

    #[test]
    fn shapes_follow_the_input_size() {
        let device = Device::flex();
        let network = EmotionNet::new(&EmotionNetConfig::moue(), &device);
        for (size, map) in [(64, 2), (96, 3), (112, 4)] {
            let output = network.forward(Tensor::zeros([2, 1, size, size], &device));
            assert_eq!(output.logits.dims(), [2, 16]);
            assert_eq!(output.attention.dims(), [2, 1, map, map]);
        }
    }
}

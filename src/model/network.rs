//! The whole network and its three configurations.

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::activation::Activation;
use super::attention::{AttentionConfig, SpatialAttention};
use super::backbone::{Backbone, BackboneKind};
use super::cnn::Cnn;
use super::conv_norm::{ConvStyle, Padding};
use super::efficientnet::EfficientNetConfig;
use super::head::{Head, HeadConfig, Pooling};
use super::input::InputSpec;

/// A configuration that describes no network.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{key}` of the network is {found}, expected {expected}")]
pub struct ArchitectureError {
    /// The key, with dots, as in a configuration file's `[network]`.
    pub key: &'static str,
    /// Its value.
    pub found: String,
    /// What would do.
    pub expected: &'static str,
}

/// Larger inputs are refused: a file must not be able to exhaust the memory.
const MAX_INPUT_SIZE: usize = 1024;

/// The widest hidden layer.
const MAX_WIDTH: usize = 8192;

/// The architecture, as written in configurations and manifests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmotionNetConfig {
    /// `paper`, `moue`, `cnn` or a name of the user's.
    pub name: String,
    /// What makes features of pixels.
    #[serde(default)]
    pub backbone: BackboneKind,
    /// Pixels along a side of the square input.
    pub input_size: usize,
    /// 3 where the gray image is repeated as red, green and blue, 1 where it is not.
    pub input_channels: usize,
    /// What all convolutions share.
    pub style: ConvStyle,
    /// Chance that the last block's residual branch is dropped while training; 0 where the
    /// backbone has no such branch.
    pub drop_path: f64,
    /// Whether EfficientNet's blocks gate their channels, as the original does and
    /// EfficientNet-Lite does not.
    #[serde(default = "yes")]
    pub squeeze_excite: bool,
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
            backbone: BackboneKind::EfficientNetB0,
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
            squeeze_excite: true,
            attention: AttentionConfig::Dense,
            head: HeadConfig {
                hidden: vec![512, 256],
                pooling: Pooling::Mean,
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
            backbone: BackboneKind::EfficientNetB0,
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
            squeeze_excite: true,
            attention: AttentionConfig::MultiScale {
                kernels: vec![3, 5, 7],
            },
            head: HeadConfig {
                hidden: vec![],
                pooling: Pooling::Mean,
                normalized: false,
                dropout: 0.2,
            },
        }
    }

    /// The conventional network that the seed compares with; [`super::cnn`] says which parts of it
    /// are our reading.
    pub fn cnn() -> Self {
        Self {
            name: "cnn".into(),
            backbone: BackboneKind::Cnn,
            input_size: 48,
            input_channels: 1,
            style: ConvStyle {
                activation: Activation::Relu,
                padding: Padding::Symmetric,
                norm_epsilon: 1e-5,
                norm_momentum: 0.1,
                folded: false,
            },
            drop_path: 0.0,
            squeeze_excite: false,
            attention: AttentionConfig::None,
            head: HeadConfig {
                hidden: vec![2048, 512],
                pooling: Pooling::Flatten,
                normalized: false,
                dropout: 0.5,
            },
        }
    }

    /// What the network expects of its input.
    pub fn input(&self) -> InputSpec {
        InputSpec::new(self.input_size, self.input_channels)
    }

    /// Feature pixels along a side of the map, where the gate stands.
    pub fn feature_side(&self) -> usize {
        self.backbone.feature_side(self.input_size)
    }

    /// Checks that the values make a network, of a size that a file may ask for.
    ///
    /// # Errors
    /// [`ArchitectureError`], naming the first key that does not.
    pub fn check(&self) -> Result<(), ArchitectureError> {
        let kernels = match &self.attention {
            AttentionConfig::MultiScale { kernels } => kernels.as_slice(),
            AttentionConfig::None | AttentionConfig::Dense | AttentionConfig::Spatial => &[1],
        };
        let is_cnn = self.backbone == BackboneKind::Cnn;
        let under_one = |value: f64| (0.0..1.0).contains(&value);
        let rows: [(&'static str, String, bool, &'static str); 9] = [
            (
                "input_size",
                self.input_size.to_string(),
                (32..=MAX_INPUT_SIZE).contains(&self.input_size),
                "32 to 1024 pixels",
            ),
            (
                "input_channels",
                self.input_channels.to_string(),
                matches!(self.input_channels, 1 | 3),
                "1 or 3",
            ),
            (
                "drop_path",
                self.drop_path.to_string(),
                under_one(self.drop_path),
                "a number from 0 to below 1",
            ),
            (
                "drop_path",
                self.drop_path.to_string(),
                !is_cnn || self.drop_path == 0.0,
                "0 for the backbone `cnn`, which has no residual branch",
            ),
            (
                "squeeze_excite",
                self.squeeze_excite.to_string(),
                !(is_cnn && self.squeeze_excite),
                "false for the backbone `cnn`, which gates no channels",
            ),
            (
                "attention.multi-scale.kernels",
                format!("{kernels:?}"),
                (1..=8).contains(&kernels.len())
                    && kernels
                        .iter()
                        .all(|kernel| kernel % 2 == 1 && *kernel <= 31),
                "one to eight odd numbers up to 31; `attention = \"none\"` is no gate at all",
            ),
            (
                "head.hidden",
                format!("{:?}", self.head.hidden),
                self.head.hidden.len() <= 8
                    && self
                        .head
                        .hidden
                        .iter()
                        .all(|width| (1..=MAX_WIDTH).contains(width)),
                "at most eight widths of 1 to 8192",
            ),
            (
                "head.pooling",
                "flatten".into(),
                self.head.pooling == Pooling::Mean || self.feature_side() <= 8,
                "`mean`, for a flattened map of more than 8 pixels a side makes an immense layer",
            ),
            (
                "head.dropout",
                self.head.dropout.to_string(),
                under_one(self.head.dropout),
                "a number from 0 to below 1",
            ),
        ];
        match rows.into_iter().find(|(_, _, fits, _)| !fits) {
            Some((key, found, _, expected)) => Err(ArchitectureError {
                key,
                found,
                expected,
            }),
            None => Ok(()),
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
        let (style, side) = (&self.style, self.feature_side());
        let backbone = match self.backbone {
            BackboneKind::EfficientNetB0 => {
                let config = EfficientNetConfig {
                    channels_in: self.input_channels,
                    drop_path: self.drop_path,
                    squeeze_excite: self.squeeze_excite,
                };
                Backbone::EfficientNetB0(config.init(style, device))
            }
            BackboneKind::Cnn => Backbone::Cnn(Cnn::new(self.input_channels, style, device)),
        };
        let channels = self.backbone.channels();
        EmotionNet {
            backbone,
            attention: self.attention.init(channels, device),
            head: self.head.init(channels, side * side, style, device),
        }
    }
}

fn yes() -> bool {
    true
}

/// What [`EmotionNet::forward`] returns.
#[derive(Clone, Debug)]
pub struct EmotionOutput {
    /// `[batch, 7]`, in label order.
    pub logits: Tensor<2>,
    /// Where the network looked, in (0, 1): `[batch, 1, height, width]` in feature pixels.
    pub attention: Tensor<4>,
}

/// A backbone, a spatial gate, a classifier.
#[derive(Module, Debug)]
pub struct EmotionNet {
    /// Pixels to features.
    pub backbone: Backbone,
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
        assert_eq!(learned(lite), 4_652_008 - 1_281_000 - 2 * 32 * 9 + 8_967);
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
        let network = EmotionNetConfig::cnn().init(&device);
        let output = network.forward(Tensor::zeros([2, 1, 48, 48], &device));
        assert_eq!(output.logits.dims(), [2, 7]);
        assert_eq!(output.attention.dims(), [2, 1, 3, 3]);
        let sum: f32 = output.attention.sum().into_scalar();
        assert_eq!(sum, 18.0);
    }

    #[test]
    fn what_older_files_do_not_say_means_what_it_meant() {
        let mut json = serde_json::to_value(EmotionNetConfig::moue()).unwrap();
        let fields = json.as_object_mut().unwrap();
        fields.remove("backbone").unwrap();
        fields.remove("squeeze_excite").unwrap();
        let head = fields["head"].as_object_mut().unwrap();
        head.remove("pooling").unwrap();
        assert_eq!(
            serde_json::from_value::<EmotionNetConfig>(json).unwrap(),
            EmotionNetConfig::moue()
        );
    }

    #[test]
    fn nonsense_is_named() {
        for config in [
            EmotionNetConfig::moue(),
            EmotionNetConfig::paper(),
            EmotionNetConfig::cnn(),
        ] {
            assert_eq!(config.check(), Ok(()));
        }
        let key = |change: fn(&mut EmotionNetConfig)| {
            let mut config = EmotionNetConfig::cnn();
            change(&mut config);
            config.check().map_err(|error| error.key)
        };
        let kernels = |kernels: &[usize]| {
            let kernels = kernels.to_vec();
            EmotionNetConfig {
                attention: AttentionConfig::MultiScale { kernels },
                ..EmotionNetConfig::moue()
            }
            .check()
            .is_ok()
        };
        assert_eq!(key(|config| config.input_size = 16), Err("input_size"));
        assert_eq!(key(|config| config.input_size = 1 << 20), Err("input_size"));
        assert_eq!(key(|config| config.drop_path = 0.1), Err("drop_path"));
        assert_eq!(
            key(|config| config.squeeze_excite = true),
            Err("squeeze_excite")
        );
        assert_eq!(key(|config| config.input_size = 224), Err("head.pooling"));
        assert_eq!(
            key(|config| config.head.dropout = f64::NAN),
            Err("head.dropout")
        );
        assert_eq!(
            key(|config| config.head.hidden = vec![0]),
            Err("head.hidden")
        );
        assert!(kernels(&[7]) && !kernels(&[]) && !kernels(&[4]) && !kernels(&[33]));
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

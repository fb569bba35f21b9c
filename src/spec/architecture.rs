//! The architecture of a network, as written in configurations and manifests.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::efficientnet::EfficientNetConfig;
use super::heads::LOGITS_OF_BOTH;
use super::input::InputSpec;
use super::style::{ActivationConfig, ConvStyle, Padding};
use super::{cnn, efficientnet};
use crate::emotion::Emotion;

/// A configuration that describes no network.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{key}` of the network is {found}, expected {expected}")]
pub struct ArchitectureError {
    /// The key, with dots, as in a configuration file's `[network]`.
    pub key: &'static str,
    /// Its value in the configuration.
    pub found: String,
    /// The values that are allowed, in words.
    pub expected: &'static str,
}

/// The largest side of an input in pixels: a file must not be able to exhaust the memory.
const MAX_INPUT_SIZE: usize = 1024;

/// The largest width of a hidden layer.
const MAX_WIDTH: usize = 8192;

/// The name of a backbone, as written in configurations and manifests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum BackboneKind {
    /// EfficientNet-B0, see [`super::efficientnet`].
    #[default]
    #[serde(rename = "efficientnet-b0")]
    EfficientNetB0,
    /// The conventional network, see [`super::cnn`].
    #[serde(rename = "cnn")]
    Cnn,
}

impl BackboneKind {
    /// Returns its name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::EfficientNetB0 => "EfficientNet-B0",
            Self::Cnn => "CNN",
        }
    }

    /// Returns the number of channels of the feature map.
    pub fn channels(self) -> usize {
        match self {
            Self::EfficientNetB0 => efficientnet::FEATURE_CHANNELS,
            Self::Cnn => cnn::FEATURE_CHANNELS,
        }
    }

    /// Returns the number of blocks whose pretrained weights may be kept, see `nn::backbone`.
    pub fn blocks(self) -> usize {
        match self {
            Self::EfficientNetB0 => efficientnet::STAGES.iter().map(|row| row.repeats).sum(),
            Self::Cnn => 0,
        }
    }

    /// Returns the input pixels per feature pixel along a side; a smaller input is refused.
    pub fn stride(self) -> usize {
        match self {
            Self::EfficientNetB0 => efficientnet::FEATURE_STRIDE,
            Self::Cnn => cnn::FEATURE_STRIDE,
        }
    }

    /// Returns the feature pixels along a side for an input of `input_size` pixels: strided
    /// convolutions pad and round up, pooling drops what is left over.
    pub fn feature_side(self, input_size: usize) -> usize {
        match self {
            Self::EfficientNetB0 => input_size.div_ceil(self.stride()),
            Self::Cnn => input_size / self.stride(),
        }
    }
}

/// The gate on the feature map.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum AttentionConfig {
    /// No gate: every place counts the same.
    None,
    /// A dense 1×1 convolution with a gate for each channel at each place, which is what the
    /// seed's parameter count implies.
    Dense,
    /// Mean and maximum over the channels, convolved with one 7×7 kernel: CBAM's spatial gate
    /// (Woo et al. 2018, <https://arxiv.org/abs/1807.06521>), the same as the multi-scale one with
    /// kernels `[7]`.
    Spatial,
    /// Mean and maximum over the channels, convolved at several kernel sizes and summed: the
    /// spatial gate at more than one scale.
    MultiScale {
        /// Odd kernel sizes, in feature pixels; at least one.
        kernels: Vec<usize>,
    },
}

impl AttentionConfig {
    /// Returns the kernel sizes of a gate that reads mean and maximum over the channels, in feature
    /// pixels; empty for another gate.
    pub fn kernels(&self) -> &[usize] {
        match self {
            Self::None | Self::Dense => &[],
            Self::Spatial => &[7],
            Self::MultiScale { kernels } => kernels,
        }
    }
}

/// How a map becomes one row of numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pooling {
    /// The mean of each channel; works at any input size.
    #[default]
    Mean,
    /// Every number of the map, channel by channel; binds the network to its input size.
    Flatten,
}

/// The architecture of the classifier.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeadConfig {
    /// Widths of the hidden layers; empty for one linear layer.
    pub hidden: Vec<usize>,
    /// How the first layer reads the map.
    #[serde(default)]
    pub pooling: Pooling,
    /// Whether the gated features are batch-normalized before pooling.
    pub normalized: bool,
    /// Probability that a number entering a linear layer is dropped while training, 0 to 1.
    pub dropout: f64,
    /// Whether the last layer is two heads ([`heads`](super::heads)), the second of which reads
    /// faces as people do.
    #[serde(default, skip_serializing_if = "is_false")]
    pub reading: bool,
}

impl HeadConfig {
    /// Returns the number of logits, of one head or of both.
    pub fn outputs(&self) -> usize {
        match self.reading {
            true => LOGITS_OF_BOTH,
            false => Emotion::COUNT,
        }
    }
}

/// The architecture, as written in configurations and manifests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmotionNetConfig {
    /// `paper`, `moue`, `cnn` or a name that the user chose.
    pub name: String,
    /// The network that turns pixels into features.
    #[serde(default)]
    pub backbone: BackboneKind,
    /// Pixels along a side of the square input.
    pub input_size: usize,
    /// 3 where the gray image is repeated as red, green and blue, 1 where it is not.
    pub input_channels: usize,
    /// Settings that all convolutions share.
    pub style: ConvStyle,
    /// Probability of dropping residual branches while training: that of block `i` of `n`, counted
    /// from 0, is dropped with `drop_path · i / n`; 0 where the backbone has no such branch.
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
    /// Returns the seed's network, rebuilt so that every parameter count in its figure 1 comes out:
    /// Keras' EfficientNetB0, a dense gate, batch normalization, and layers of 512, 256 and 7.
    pub fn paper() -> Self {
        Self {
            name: "paper".into(),
            backbone: BackboneKind::EfficientNetB0,
            input_size: 224,
            input_channels: 3,
            style: ConvStyle {
                activation: ActivationConfig::Silu,
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
                reading: false,
            },
        }
    }

    /// Returns the network that ships: one input channel (a gray face has one), ReLU6 and
    /// TensorFlow's padding so that EfficientNet-Lite's features survive the transfer, a gate of
    /// 169 parameters and one linear layer with two heads.
    pub fn moue() -> Self {
        Self {
            name: "moue".into(),
            backbone: BackboneKind::EfficientNetB0,
            input_size: 96,
            input_channels: 1,
            style: ConvStyle {
                activation: ActivationConfig::Relu6,
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
                reading: true,
            },
        }
    }

    /// Returns the conventional network that the seed compares with; [`super::cnn`] says which
    /// parts of it are our interpretation.
    pub fn cnn() -> Self {
        Self {
            name: "cnn".into(),
            backbone: BackboneKind::Cnn,
            input_size: 48,
            input_channels: 1,
            style: ConvStyle {
                activation: ActivationConfig::Relu,
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
                reading: false,
            },
        }
    }

    /// Returns what the network expects of its input.
    pub fn input(&self) -> InputSpec {
        InputSpec::new(self.input_size, self.input_channels)
    }

    /// Returns the feature pixels along a side of the map that the gate is applied to.
    pub fn feature_side(&self) -> usize {
        self.backbone.feature_side(self.input_size)
    }

    /// Returns the layers of EfficientNet-B0, for networks with that backbone.
    pub fn efficientnet(&self) -> EfficientNetConfig {
        EfficientNetConfig::new(self.input_channels, self.squeeze_excite)
    }

    /// Checks that the values make a network, of a size that a file may ask for.
    ///
    /// # Errors
    /// [`ArchitectureError`], naming the first key that is wrong.
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

    /// Returns the same network with another input size, in pixels.
    pub fn with_input_size(self, input_size: usize) -> Self {
        Self { input_size, ..self }
    }

    /// Returns the architecture that `nn::fold` turns this network into.
    pub fn folded(&self) -> Self {
        Self {
            style: ConvStyle {
                folded: true,
                ..self.style
            },
            ..self.clone()
        }
    }
}

fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_older_files_do_not_say_means_what_it_meant() {
        let mut json = serde_json::to_value(EmotionNetConfig::moue()).unwrap();
        let fields = json.as_object_mut().unwrap();
        fields.remove("backbone").unwrap();
        fields.remove("squeeze_excite").unwrap();
        let head = fields["head"].as_object_mut().unwrap();
        head.remove("pooling").unwrap();
        head.remove("reading").unwrap();
        let mut expected = EmotionNetConfig::moue();
        expected.head.reading = false;
        assert_eq!(
            serde_json::from_value::<EmotionNetConfig>(json).unwrap(),
            expected
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
    fn unknown_configuration_keys_are_refused() {
        let mut json = serde_json::to_value(EmotionNetConfig::moue()).unwrap();
        json["colour"] = true.into();
        assert!(serde_json::from_value::<EmotionNetConfig>(json).is_err());
    }

    #[test]
    fn names_are_as_in_configurations() {
        for (kind, name) in [
            (BackboneKind::EfficientNetB0, "\"efficientnet-b0\""),
            (BackboneKind::Cnn, "\"cnn\""),
        ] {
            assert_eq!(serde_json::to_string(&kind).unwrap(), name);
            assert_eq!(serde_json::from_str::<BackboneKind>(name).unwrap(), kind);
        }
    }
}

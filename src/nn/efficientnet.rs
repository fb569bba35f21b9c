//! EfficientNet-B0 without its classifier (Tan and Le 2019, <https://arxiv.org/abs/1905.11946>,
//! table 1).

use burn::module::Module;
use burn::tensor::{Device, Tensor};

use super::layers::conv_norm::{ConvNorm, ConvNormConfig};
use super::layers::mbconv::{MbConv, MbConvConfig};
use crate::spec::efficientnet::{FEATURE_CHANNELS, STAGES, STEM_CHANNELS};
use crate::spec::style::ConvStyle;

/// Stem, blocks and head convolution.
#[derive(Module, Debug)]
pub struct EfficientNet {
    /// 3×3, stride 2.
    pub stem: ConvNorm,
    /// The sixteen blocks of [`STAGES`], in order.
    pub blocks: Vec<MbConv>,
    /// 1×1 to [`FEATURE_CHANNELS`].
    pub head: ConvNorm,
}

/// What can be chosen about an [`EfficientNet`].
#[derive(Clone, Copy, Debug)]
pub struct EfficientNetConfig {
    /// Channels of the image.
    pub channels_in: usize,
    /// Chance that the last block's residual branch is dropped while training, 0 to 1; earlier
    /// blocks have less, in proportion to their depth.
    pub drop_path: f64,
    /// Whether each block gates its channels; EfficientNet-Lite does without.
    pub squeeze_excite: bool,
}

impl EfficientNetConfig {
    /// Random weights.
    pub fn init(&self, style: &ConvStyle, device: &Device) -> EfficientNet {
        let stem = ConvNormConfig {
            channels_in: self.channels_in,
            channels_out: STEM_CHANNELS,
            kernel: 3,
            stride: 2,
            groups: 1,
            activated: true,
        };
        let depth: usize = STAGES.iter().map(|stage| stage.repeats).sum();
        let mut blocks = Vec::with_capacity(depth);
        let mut channels = STEM_CHANNELS;
        for stage in STAGES {
            for repeat in 0..stage.repeats {
                let config = MbConvConfig {
                    channels_in: channels,
                    channels_out: stage.channels,
                    expansion: stage.expansion,
                    kernel: stage.kernel,
                    stride: if repeat == 0 { stage.stride } else { 1 },
                    drop_path: self.drop_path * blocks.len() as f64 / depth as f64,
                    squeeze_excite: self.squeeze_excite,
                };
                blocks.push(config.init(style, device));
                channels = stage.channels;
            }
        }
        EfficientNet {
            stem: stem.init(style, device),
            blocks,
            head: ConvNormConfig::pointwise(channels, FEATURE_CHANNELS).init(style, device),
        }
    }
}

impl EfficientNet {
    /// Keeps the weights and the statistics of the stem and of the first `blocks` blocks as they
    /// are: nothing is differentiated there.
    pub fn freeze_start(mut self, blocks: usize) -> Self {
        self.stem = self.stem.freeze();
        self.blocks = self
            .blocks
            .into_iter()
            .enumerate()
            .map(|(index, block)| {
                if index < blocks {
                    block.freeze()
                } else {
                    block
                }
            })
            .collect();
        self
    }

    /// # Shapes
    /// - `x`: `[batch, channels_in, size, size]`
    /// - output: `[batch, 1280, ceil(size / 32), ceil(size / 32)]`
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let x = self.stem.forward(x); // [batch, 32, size / 2, size / 2]
        let x = self.blocks.iter().fold(x, |x, block| block.forward(x)); // [batch, 320, size / 32, _]
        self.head.forward(x).into_tensor() // [batch, 1280, size / 32, size / 32]
    }
}

//! The table of EfficientNet-B0 (Tan and Le 2019, <https://arxiv.org/abs/1905.11946>, table 1), and
//! the layers that it stands for: [`EfficientNetConfig`] is the one list that the burn module, the
//! plan and the cost are made from.

use super::conv::ConvConfig;

/// One row of the architecture table: `repeats` blocks, of which the first has the stride.
#[derive(Clone, Copy, Debug)]
pub struct Stage {
    /// Factor by which a block is wider inside.
    pub expansion: usize,
    /// Number of output channels.
    pub channels: usize,
    /// Number of blocks.
    pub repeats: usize,
    /// Stride of the first block.
    pub stride: usize,
    /// Pixels along a side of the depthwise kernel.
    pub kernel: usize,
}

/// Number of output channels of the stem.
pub const STEM_CHANNELS: usize = 32;

/// Number of channels of the feature map.
pub const FEATURE_CHANNELS: usize = 1280;

/// Input pixels per feature pixel along a side.
pub const FEATURE_STRIDE: usize = 32;

/// The rows of B0 in the paper's table.
#[rustfmt::skip]
pub const STAGES: [Stage; 7] = [
    Stage { expansion: 1, channels:  16, repeats: 1, stride: 1, kernel: 3 },
    Stage { expansion: 6, channels:  24, repeats: 2, stride: 2, kernel: 3 },
    Stage { expansion: 6, channels:  40, repeats: 2, stride: 2, kernel: 5 },
    Stage { expansion: 6, channels:  80, repeats: 3, stride: 2, kernel: 3 },
    Stage { expansion: 6, channels: 112, repeats: 3, stride: 1, kernel: 5 },
    Stage { expansion: 6, channels: 192, repeats: 4, stride: 2, kernel: 5 },
    Stage { expansion: 6, channels: 320, repeats: 1, stride: 1, kernel: 3 },
];

/// An inverted residual block (Sandler et al. 2018, <https://arxiv.org/abs/1801.04381>).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockConfig {
    /// 1×1 convolution to more channels; `None` where the expansion is 1.
    pub expand: Option<ConvConfig>,
    /// Convolution with one filter per channel.
    pub depthwise: ConvConfig,
    /// Channels between the two layers of the channel gate: a quarter of the block's input; `None`
    /// where there is no gate.
    pub squeezed: Option<usize>,
    /// 1×1 convolution, without activation.
    pub project: ConvConfig,
    /// Whether the input is added to the output.
    pub is_residual: bool,
}

/// The layers of EfficientNet-B0 without its classifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EfficientNetConfig {
    /// 3×3 convolution, stride 2.
    pub stem: ConvConfig,
    /// The sixteen blocks of [`STAGES`], in order.
    pub blocks: Vec<BlockConfig>,
    /// 1×1 convolution to [`FEATURE_CHANNELS`].
    pub head: ConvConfig,
}

impl EfficientNetConfig {
    /// Returns the layers for images of `channels_in` channels. EfficientNet-Lite has no
    /// `squeeze_excite`.
    pub fn new(channels_in: usize, squeeze_excite: bool) -> Self {
        let mut channels = STEM_CHANNELS;
        let mut blocks = vec![];
        for stage in STAGES {
            for repeat in 0..stage.repeats {
                let stride = if repeat == 0 { stage.stride } else { 1 };
                let inner = channels * stage.expansion;
                blocks.push(BlockConfig {
                    expand: (stage.expansion != 1).then(|| ConvConfig::pointwise(channels, inner)),
                    depthwise: ConvConfig::depthwise(inner, stage.kernel, stride),
                    squeezed: squeeze_excite.then_some((channels / 4).max(1)),
                    project: ConvConfig::pointwise(inner, stage.channels).without_activation(),
                    is_residual: stride == 1 && channels == stage.channels,
                });
                channels = stage.channels;
            }
        }
        Self {
            stem: ConvConfig::dense(channels_in, STEM_CHANNELS, 3, 2),
            blocks,
            head: ConvConfig::pointwise(channels, FEATURE_CHANNELS),
        }
    }
}

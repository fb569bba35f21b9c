//! The conventional network that the seed measures EfficientNet against.
//!
//! The seed says of it: several convolutional layers, ReLU, max-pooling, fully connected layers,
//! more than 15 million parameters, 70 % on its validation images. The rest is our reading, after
//! VGG (Simonyan and Zisserman 2014, <https://arxiv.org/abs/1409.1556>): four blocks of two 3×3
//! convolutions, a 2×2 maximum after each block, gray faces of 48 pixels as FER2013 has them, and
//! dense layers of 2048, 512 and 7 on the flattened map of 3×3×512
//! ([`EmotionNetConfig::cnn`](super::EmotionNetConfig::cnn)). The batch normalization before each
//! ReLU is ours too: without it, eight layers from nothing hardly train.

use burn::module::Module;
use burn::nn::pool::{MaxPool2d, MaxPool2dConfig};
use burn::tensor::{Device, Tensor};

use super::conv_norm::{ConvNorm, ConvNormConfig, ConvStyle};

/// One row of the architecture table: `convolutions` of 3×3, then a 2×2 maximum.
#[derive(Clone, Copy, Debug)]
pub struct BlockRow {
    /// Channels out of each convolution.
    pub channels: usize,
    /// Convolutions before the pooling.
    pub convolutions: usize,
}

/// The table.
#[rustfmt::skip]
pub const BLOCKS: [BlockRow; 4] = [
    BlockRow { channels:  64, convolutions: 2 },
    BlockRow { channels: 128, convolutions: 2 },
    BlockRow { channels: 256, convolutions: 2 },
    BlockRow { channels: 512, convolutions: 2 },
];

/// Channels of the feature map.
pub const FEATURE_CHANNELS: usize = BLOCKS[BLOCKS.len() - 1].channels;

/// Input pixels a side for each feature pixel a side.
pub const FEATURE_STRIDE: usize = 1 << BLOCKS.len();

/// Convolutions and a pooling.
#[derive(Module, Debug)]
pub struct CnnBlock {
    /// 3×3, stride 1.
    pub convs: Vec<ConvNorm>,
    pool: MaxPool2d,
}

impl CnnBlock {
    /// # Shapes
    /// - `x`: `[batch, channels_in, side, side]`
    /// - output: `[batch, channels, side / 2, side / 2]`, rounded down
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let x = self.convs.iter().fold(x, |x, conv| conv.forward(x)); // [batch, channels, side, side]
        self.pool.forward(x) // [batch, channels, side / 2, side / 2]
    }
}

/// The convolutional part; the dense layers are the [`super::head`]'s.
#[derive(Module, Debug)]
pub struct Cnn {
    /// The rows of [`BLOCKS`], in order.
    pub blocks: Vec<CnnBlock>,
}

impl Cnn {
    /// Random weights.
    pub fn new(channels_in: usize, style: &ConvStyle, device: &Device) -> Self {
        let mut channels = channels_in;
        let blocks = BLOCKS.map(|row| {
            let convs = (0..row.convolutions)
                .map(|_| {
                    let conv = ConvNormConfig {
                        channels_in: channels,
                        channels_out: row.channels,
                        kernel: 3,
                        stride: 1,
                        groups: 1,
                        activated: true,
                    };
                    channels = row.channels;
                    conv.init(style, device)
                })
                .collect();
            CnnBlock {
                convs,
                pool: MaxPool2dConfig::new([2, 2]).with_strides([2, 2]).init(),
            }
        });
        Self {
            blocks: blocks.into(),
        }
    }

    /// # Shapes
    /// - `x`: `[batch, channels_in, size, size]`
    /// - output: `[batch, 512, size / 16, size / 16]`, rounded down
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        self.blocks.iter().fold(x, |x, block| block.forward(x))
    }
}

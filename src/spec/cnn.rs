//! The table of the conventional network that the seed measures EfficientNet against.
//!
//! The seed says of it: several convolutional layers, ReLU, max-pooling, fully connected layers,
//! more than 15 million parameters, 70 % on its validation images. The rest is our reading, after
//! VGG (Simonyan and Zisserman 2014, <https://arxiv.org/abs/1409.1556>): four blocks of two 3×3
//! convolutions, a 2×2 maximum after each block, gray faces of 48 pixels as FER2013 has them, and
//! dense layers of 2048, 512 and 7 on the flattened map of 3×3×512
//! ([`EmotionNetConfig::cnn`](super::EmotionNetConfig::cnn)). The batch normalization before each
//! ReLU is ours too: without it, eight layers from nothing hardly train.

use super::conv::ConvConfig;

/// One row of the architecture table: `convolutions` of 3×3, then a 2×2 maximum.
#[derive(Clone, Copy, Debug)]
pub struct BlockRow {
    /// Channels out of each convolution.
    pub channels: usize,
    /// Convolutions before the pooling.
    pub convolutions: usize,
}

/// The architecture table.
#[rustfmt::skip]
pub const BLOCKS: [BlockRow; 4] = [
    BlockRow { channels:  64, convolutions: 2 },
    BlockRow { channels: 128, convolutions: 2 },
    BlockRow { channels: 256, convolutions: 2 },
    BlockRow { channels: 512, convolutions: 2 },
];

/// Number of channels of the feature map.
pub const FEATURE_CHANNELS: usize = BLOCKS[BLOCKS.len() - 1].channels;

/// Input pixels per feature pixel along a side.
pub const FEATURE_STRIDE: usize = 1 << BLOCKS.len();

/// Returns the convolutions of each row of [`BLOCKS`], 3×3 of stride 1, for images of `channels_in`
/// channels.
pub fn convolutions(channels_in: usize) -> [Vec<ConvConfig>; BLOCKS.len()] {
    let mut channels = channels_in;
    BLOCKS.map(|row| {
        let conv = |_| {
            let channels_in = std::mem::replace(&mut channels, row.channels);
            ConvConfig::dense(channels_in, row.channels, 3, 1)
        };
        (0..row.convolutions).map(conv).collect()
    })
}

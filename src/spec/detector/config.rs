//! The detector's architecture.

use serde::{Deserialize, Serialize};

use crate::spec::ArchitectureError;
use crate::spec::conv::ConvConfig;
use crate::spec::style::{ActivationConfig, ConvStyle, Padding};

/// A block: a depthwise 3×3 convolution by itself, then a pointwise one, normalized and activated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Separable {
    /// Convolution with one filter per channel, without normalization and activation.
    pub depthwise: ConvConfig,
    /// 1×1 convolution that mixes the channels.
    pub pointwise: ConvConfig,
    /// Whether the input is added to the output.
    pub is_residual: bool,
}

impl Separable {
    fn new(channels_in: usize, channels_out: usize, stride: usize) -> Self {
        Self {
            depthwise: ConvConfig::depthwise(channels_in, 3, stride).without_activation(),
            pointwise: ConvConfig::pointwise(channels_in, channels_out),
            is_residual: stride == 1 && channels_in == channels_out,
        }
    }
}

/// The architecture, as written in recipes and exported files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DetectorConfig {
    /// Channels of the maps of stride 2, 4, 8, 16 and 32.
    pub channels: [usize; 5],
    /// Number of blocks that lead to the maps of stride 4, 8, 16 and 32, shrinking ones included.
    pub blocks: [usize; 4],
    /// Whether normalization has been folded into the convolutions.
    pub folded: bool,
}

impl DetectorConfig {
    /// Returns the detector that ships.
    pub fn shipped() -> Self {
        Self {
            channels: [16, 32, 64, 96, 128],
            blocks: [2, 4, 6, 6],
            folded: false,
        }
    }

    /// Returns the same without normalization, see `nn::fold`.
    pub fn folded(&self) -> Self {
        Self {
            folded: true,
            ..self.clone()
        }
    }

    /// Checks that the numbers describe a network of a size that a file may ask for.
    ///
    /// # Errors
    /// [`ArchitectureError`], naming the first key that is wrong.
    pub fn check(&self) -> Result<(), ArchitectureError> {
        let row = |key, found: String, fits: bool, expected| match fits {
            true => Ok(()),
            false => Err(ArchitectureError {
                key,
                found,
                expected,
            }),
        };
        row(
            "channels",
            format!("{:?}", self.channels),
            self.channels.iter().all(|count| (1..=512).contains(count)),
            "five numbers from 1 to 512",
        )?;
        row(
            "blocks",
            format!("{:?}", self.blocks),
            self.blocks.iter().all(|count| (1..=16).contains(count)),
            "four numbers from 1 to 16",
        )
    }

    /// Returns the first convolution, to the map of stride 2.
    pub fn stem(&self) -> ConvConfig {
        ConvConfig::dense(1, self.channels[0], 3, 2)
    }

    /// Returns the blocks that lead to the maps of stride 4, 8, 16 and 32, each time a shrinking
    /// one first.
    pub fn stages(&self) -> [Vec<Separable>; 4] {
        std::array::from_fn(|at| {
            let (from, to) = (self.channels[at], self.channels[at + 1]);
            let block = |index| match index {
                0 => Separable::new(from, to, 2),
                _ => Separable::new(to, to, 1),
            };
            (0..self.blocks[at]).map(block).collect()
        })
    }

    /// Returns the channels of the maps from which faces are predicted, those of the map of stride 8.
    pub fn pyramid_channels(&self) -> usize {
        self.channels[2]
    }

    /// Returns the 1×1 convolutions that bring the maps of stride 16 and 32 to
    /// [`Self::pyramid_channels`] (the lateral connections of Lin et al. 2017,
    /// <https://arxiv.org/abs/1612.03144>); `None` for a map that has them.
    pub fn laterals(&self) -> [Option<ConvConfig>; 2] {
        let wide = self.pyramid_channels();
        [self.channels[3], self.channels[4]].map(|from| {
            let lateral = ConvConfig::pointwise(from, wide).without_activation();
            (from != wide).then_some(lateral)
        })
    }

    /// Returns the block that follows a sum of two maps, and that precedes a map's predictions.
    pub fn join_block(&self) -> Separable {
        let wide = self.pyramid_channels();
        Separable::new(wide, wide, 1)
    }

    /// Returns the settings that all its convolutions share.
    pub fn style(&self) -> ConvStyle {
        ConvStyle {
            activation: ActivationConfig::Relu,
            padding: Padding::Symmetric,
            norm_epsilon: 1e-5,
            norm_momentum: 0.1,
            folded: self.folded,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonsense_is_named() {
        for (config, key) in [
            (
                DetectorConfig {
                    channels: [0, 1, 1, 1, 1],
                    ..DetectorConfig::shipped()
                },
                "channels",
            ),
            (
                DetectorConfig {
                    blocks: [1, 1, 1, 99],
                    ..DetectorConfig::shipped()
                },
                "blocks",
            ),
        ] {
            assert_eq!(config.check().unwrap_err().key, key);
        }
    }
}

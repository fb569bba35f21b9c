//! The detector's architecture.

use serde::{Deserialize, Serialize};

use crate::spec::ArchitectureError;
use crate::spec::style::{Activation, ConvStyle, Padding};

/// The architecture, as written in recipes and exported files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DetectorConfig {
    /// Channels of the maps of stride 2, of stride 4, and of those of stride 8, 16 and 32.
    pub channels: [usize; 3],
    /// Blocks that lead to the maps of stride 4, 8, 16 and 32, the shrinking one included.
    pub blocks: [usize; 4],
    /// Whether normalization has been folded into the convolutions.
    pub folded: bool,
}

impl DetectorConfig {
    /// What ships.
    pub fn shipped() -> Self {
        Self {
            channels: [16, 32, 64],
            blocks: [2, 4, 6, 7],
            folded: false,
        }
    }

    /// The same without normalization, see `nn::fold`.
    pub fn folded(&self) -> Self {
        Self {
            folded: true,
            ..self.clone()
        }
    }

    /// Checks that the numbers make a network of a size that a file may ask for.
    ///
    /// # Errors
    /// [`ArchitectureError`], naming the first key that does not.
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
            "three numbers from 1 to 512",
        )?;
        row(
            "blocks",
            format!("{:?}", self.blocks),
            self.blocks.iter().all(|count| (1..=16).contains(count)),
            "four numbers from 1 to 16",
        )
    }

    /// What all its convolutions share.
    pub fn style(&self) -> ConvStyle {
        ConvStyle {
            activation: Activation::Relu,
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
                    channels: [0, 1, 1],
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

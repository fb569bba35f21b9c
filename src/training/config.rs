//! The recipe: every knob of a training run, and the presets that ship.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::data::augment::AugmentConfig;
use crate::model::EmotionNetConfig;

/// Why a recipe cannot be used.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// Not there, or not permitted.
    #[error("cannot read the configuration {path}: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Not TOML, an unknown key, a missing key, a wrong type.
    #[error("{origin} is not a training configuration: {reason}")]
    Invalid {
        /// The file or preset.
        origin: String,
        /// With line and column.
        reason: String,
    },
    /// A value that makes no sense.
    #[error("{origin}: `{key}` is {found}, expected {expected}")]
    OutOfRange {
        /// The file or preset.
        origin: String,
        /// The key.
        key: &'static str,
        /// Its value.
        found: String,
        /// What would do.
        expected: &'static str,
    },
}

/// How the weights move.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OptimizerConfig {
    /// The peak of the schedule, for AdamW (<https://arxiv.org/abs/1711.05101>).
    pub learning_rate: f64,
    /// The part of all steps spent rising to the peak, 0 to 1.
    pub warmup_fraction: f64,
    /// Where the half cosine ends, as a part of the peak, 0 to 1.
    pub final_fraction: f64,
    /// Decoupled decay of all weights.
    pub weight_decay: f32,
    /// The largest norm of one tensor's gradient; longer ones are scaled to it.
    pub gradient_norm: f32,
}

/// A training run, as saved in its artifact folder before the first step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingConfig {
    /// The source of all randomness: order, augmentation, dropout, initial weights.
    pub seed: u64,
    /// Passes over the training split.
    pub epochs: usize,
    /// Images a step.
    pub batch_size: usize,
    /// The part of each target spread evenly over all classes, 0 to 1
    /// (<https://arxiv.org/abs/1512.00567>, section 7).
    pub label_smoothing: f64,
    /// How many of the backbone's sixteen blocks, with the stem before them, keep their initial
    /// weights; 0 trains everything. Edges and textures transfer from ImageNet, and the first
    /// blocks, whose maps are the largest, take most of a step's time.
    pub frozen_blocks: usize,
    /// How the weights move.
    pub optimizer: OptimizerConfig,
    /// How the images vary.
    pub augment: AugmentConfig,
    /// What is trained.
    pub network: EmotionNetConfig,
}

/// A recipe that ships with the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Preset {
    /// What the page uses.
    Moue,
    /// The seed's network at 224 pixels.
    Paper,
    /// The conventional network that the seed compares with.
    Cnn,
    /// Seconds, to see that everything runs.
    Smoke,
}

impl Preset {
    /// The file, with comments.
    pub fn text(self) -> &'static str {
        match self {
            Self::Moue => include_str!("presets/moue.toml"),
            Self::Paper => include_str!("presets/paper.toml"),
            Self::Cnn => include_str!("presets/cnn.toml"),
            Self::Smoke => include_str!("presets/smoke.toml"),
        }
    }

    /// The recipe.
    ///
    /// # Errors
    /// None in a release: a test reads every preset.
    pub fn config(self) -> Result<TrainingConfig, ConfigError> {
        TrainingConfig::parse(self.text(), &format!("preset `{self}`"))
    }
}

impl fmt::Display for Preset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Moue => "moue",
            Self::Paper => "paper",
            Self::Cnn => "cnn",
            Self::Smoke => "smoke",
        })
    }
}

impl TrainingConfig {
    /// Reads a file.
    ///
    /// # Errors
    /// All of [`ConfigError`].
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable {
            path: path.into(),
            source,
        })?;
        Self::parse(&text, &path.display().to_string())
    }

    /// Parses TOML; `origin` is what messages call it.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`] and [`ConfigError::OutOfRange`].
    pub fn parse(text: &str, origin: &str) -> Result<Self, ConfigError> {
        let config: Self = toml::from_str(text).map_err(|error| ConfigError::Invalid {
            origin: origin.into(),
            reason: error.to_string(),
        })?;
        config.check(origin)?;
        Ok(config)
    }

    /// The file that [`TrainingConfig::read`] reads back.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`] where a value cannot be written as TOML.
    pub fn to_toml(&self) -> Result<String, ConfigError> {
        toml::to_string_pretty(self).map_err(|error| ConfigError::Invalid {
            origin: "the configuration".into(),
            reason: error.to_string(),
        })
    }

    /// Checks the ranges; `origin` is what messages call the configuration.
    ///
    /// # Errors
    /// [`ConfigError::OutOfRange`], naming the first key that is.
    pub fn check(&self, origin: &str) -> Result<(), ConfigError> {
        const FRACTION: &str = "a number from 0 to 1";
        const UNDER_ONE: &str = "a number from 0 to below 1";
        let fraction = |value: f64| (0.0..=1.0).contains(&value);
        let under_one = |value: f64| (0.0..1.0).contains(&value);
        let OptimizerConfig {
            learning_rate,
            warmup_fraction,
            final_fraction,
            weight_decay,
            gradient_norm,
        } = self.optimizer;
        let rows: [(&'static str, String, bool, &'static str); 12] = [
            (
                "epochs",
                self.epochs.to_string(),
                self.epochs >= 1,
                "at least 1",
            ),
            (
                "batch_size",
                self.batch_size.to_string(),
                (2..=4096).contains(&self.batch_size),
                "2 to 4096 (batch normalization needs two)",
            ),
            (
                "label_smoothing",
                self.label_smoothing.to_string(),
                under_one(self.label_smoothing),
                UNDER_ONE,
            ),
            (
                "frozen_blocks",
                self.frozen_blocks.to_string(),
                self.frozen_blocks <= 16,
                "at most 16",
            ),
            (
                "optimizer.learning_rate",
                learning_rate.to_string(),
                learning_rate > 0.0 && learning_rate <= 1.0,
                "above 0, at most 1",
            ),
            (
                "optimizer.warmup_fraction",
                warmup_fraction.to_string(),
                under_one(warmup_fraction),
                UNDER_ONE,
            ),
            (
                "optimizer.final_fraction",
                final_fraction.to_string(),
                fraction(final_fraction),
                FRACTION,
            ),
            (
                "optimizer.weight_decay",
                weight_decay.to_string(),
                fraction(f64::from(weight_decay)),
                FRACTION,
            ),
            (
                "optimizer.gradient_norm",
                gradient_norm.to_string(),
                gradient_norm > 0.0,
                "above 0",
            ),
            (
                "network.input_size",
                self.network.input_size.to_string(),
                (32..=1024).contains(&self.network.input_size),
                "32 to 1024 pixels",
            ),
            (
                "network.input_channels",
                self.network.input_channels.to_string(),
                matches!(self.network.input_channels, 1 | 3),
                "1 or 3",
            ),
            (
                "network.drop_path",
                self.network.drop_path.to_string(),
                under_one(self.network.drop_path),
                UNDER_ONE,
            ),
        ];
        match rows.into_iter().find(|(_, _, fits, _)| !fits) {
            Some((key, found, _, expected)) => Err(ConfigError::OutOfRange {
                origin: origin.into(),
                key,
                found,
                expected,
            }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_parse_and_survive_the_round_trip() {
        for preset in <Preset as clap::ValueEnum>::value_variants() {
            let config = preset.config().unwrap();
            assert_eq!(
                TrainingConfig::parse(&config.to_toml().unwrap(), "again").unwrap(),
                config
            );
            assert!(
                preset.text().starts_with(&format!("# {preset}")),
                "{preset}: title missing"
            );
        }
    }

    #[test]
    fn presets_train_the_named_networks() {
        assert_eq!(
            Preset::Moue.config().unwrap().network,
            EmotionNetConfig::moue()
        );
        assert_eq!(
            Preset::Paper.config().unwrap().network,
            EmotionNetConfig::paper()
        );
        assert_eq!(
            Preset::Cnn.config().unwrap().network,
            EmotionNetConfig::cnn()
        );
    }

    #[test]
    fn unknown_keys_and_nonsense_are_named() {
        let text = Preset::Smoke.text();
        let unknown = TrainingConfig::parse(&format!("colour = 1\n{text}"), "here").unwrap_err();
        assert!(unknown.to_string().contains("colour"), "{unknown}");
        let nonsense = text.replace("batch_size = 8", "batch_size = 1");
        let error = TrainingConfig::parse(&nonsense, "here").unwrap_err();
        assert_eq!(
            error.to_string(),
            "here: `batch_size` is 1, expected 2 to 4096 (batch normalization needs two)"
        );
    }
}

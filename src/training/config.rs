//! The recipe: all options of a training run, and the built-in presets.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use super::optimizer::{LearningRateSchedule, OptimizerConfig};
use crate::data::{AugmentConfig, LossConfig, MixingConfig, SourceConfig};
use crate::spec::architecture::Pooling;
use crate::spec::{EmotionNetConfig, InputSpec};

/// Error of reading or checking a recipe.
#[derive(Debug, Error)]
#[allow(missing_docs, reason = "the messages name the fields")]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the configuration {path}: {source}")]
    Unreadable {
        path: PathBuf,
        /// The error of the operating system.
        source: std::io::Error,
    },
    /// The text is not TOML, or a key is unknown, missing or of a wrong type.
    #[error("{origin} is not a training configuration: {reason}")]
    Invalid {
        /// Name of the file or preset.
        origin: String,
        /// Error of the parser, with line and column.
        reason: String,
    },
    /// A value is out of range.
    #[error("{origin}: `{key}` is {found}, expected {expected}")]
    OutOfRange {
        /// Name of the file or preset.
        origin: String,
        /// Path of the key, such as `loss.label_weight`.
        key: &'static str,
        /// The value of the key.
        found: String,
        /// Description of the valid values.
        expected: &'static str,
    },
}

/// Options of a training run, as TOML.
pub trait Recipe: Serialize + DeserializeOwned {
    /// Checks the ranges of all values; `origin` is the recipe's name in error messages.
    ///
    /// # Errors
    /// [`ConfigError::OutOfRange`] for the first such key, [`ConfigError::Invalid`] for `network`.
    fn check(&self, origin: &str) -> Result<(), ConfigError>;

    /// Reads and checks a file.
    ///
    /// # Errors
    /// A [`ConfigError`] if the file cannot be read, is not a recipe, or has a value out of range.
    fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable {
            path: path.into(),
            source,
        })?;
        Self::parse(&text, &path.display().to_string())
    }

    /// Parses and checks TOML; `origin` is its name in error messages.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`] and [`ConfigError::OutOfRange`].
    fn parse(text: &str, origin: &str) -> Result<Self, ConfigError> {
        let config: Self = toml::from_str(text).map_err(|error| ConfigError::Invalid {
            origin: origin.into(),
            reason: error.to_string(),
        })?;
        config.check(origin)?;
        Ok(config)
    }

    /// Returns the text of a file that [`Recipe::read`] can read.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`] if a value cannot be written as TOML.
    fn to_toml(&self) -> Result<String, ConfigError> {
        toml::to_string_pretty(self).map_err(|error| ConfigError::Invalid {
            origin: "the configuration".into(),
            reason: error.to_string(),
        })
    }
}

/// The recipe of a training run, saved in its artifact folder before the first step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingConfig {
    /// Seed of all randomness: order, augmentation, mixing, dropout, initial weights.
    pub seed: u64,
    /// Number of passes over the training split.
    pub epochs: usize,
    /// Number of epochs without improvement after which training stops; 0 never stops early.
    pub patience: usize,
    /// Number of images per batch, over all devices.
    pub batch_size: usize,
    /// Number of the backbone's first blocks (of sixteen) that are frozen together with the stem;
    /// 0 trains everything. Edges and textures transfer from ImageNet, and the first blocks, whose
    /// maps are the largest, take most of a step's time.
    pub frozen_blocks: usize,
    /// Input sizes in pixels for progressive training before `network.input_size`, each for an
    /// equal part of the epochs (<https://arxiv.org/abs/2104.00298>, section 4.2); validation
    /// always uses the full size.
    pub progressive_sizes: Vec<usize>,
    /// SHA-256, in hex, of the file of pretrained weights that training starts from, set by `moue
    /// train --init`; `None` for random weights.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initial_weights: Option<String>,
    /// Optimizer and learning rate.
    pub optimizer: OptimizerConfig,
    /// Loss and its targets.
    pub loss: LossConfig,
    /// Augmentation of single images.
    pub augment: AugmentConfig,
    /// Mixing of pairs of images.
    pub mixing: MixingConfig,
    /// Options of data sources, by name; sources that are not listed have the defaults.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<SourceConfig>,
    /// Architecture of the network.
    pub network: EmotionNetConfig,
}

/// A built-in recipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Preset {
    /// The network of the page; for a CPU, from EfficientNet-Lite0.
    Moue,
    /// The network of the paper that moue started from, at 224 pixels; for a GPU.
    Paper,
    /// The conventional network that the paper compares with, with 15 million parameters.
    Cnn,
    /// A run of seconds, to test that everything works.
    Smoke,
}

impl Preset {
    /// Returns the TOML text, with comments.
    pub fn text(self) -> &'static str {
        match self {
            Self::Moue => include_str!("presets/moue.toml"),
            Self::Paper => include_str!("presets/paper.toml"),
            Self::Cnn => include_str!("presets/cnn.toml"),
            Self::Smoke => include_str!("presets/smoke.toml"),
        }
    }

    /// Parses the recipe.
    ///
    /// # Errors
    /// Never in a release: a test reads every preset.
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
    /// Returns the options of a source; `None` if the recipe does not list it.
    pub fn source(&self, name: &str) -> Option<&SourceConfig> {
        self.sources.iter().find(|source| source.name == name)
    }

    /// Returns the network's input for inference and validation.
    pub fn input(&self) -> InputSpec {
        self.network.input()
    }

    /// Returns the network's input for each training epoch, in order.
    pub fn training_inputs(&self) -> Vec<InputSpec> {
        let sizes: Vec<usize> = self
            .progressive_sizes
            .iter()
            .copied()
            .chain([self.network.input_size])
            .collect();
        (0..self.epochs)
            .map(|epoch| sizes[epoch * sizes.len() / self.epochs])
            .map(|size| InputSpec::new(size, self.network.input_channels))
            .collect()
    }
}

impl Recipe for TrainingConfig {
    fn check(&self, origin: &str) -> Result<(), ConfigError> {
        const FRACTION: &str = "a number from 0 to 1";
        let fraction = |value: f64| (0.0..=1.0).contains(&value);
        let is_size = |size: &usize| (32..=1024).contains(size);
        // With a smaller α, a Beta distribution yields practically 0 or 1 and mixes nothing.
        let alpha = |value: f64| value == 0.0 || (0.05..=1.0).contains(&value);
        const ALPHA: &str = "0, or from 0.05 to 1";
        self.optimizer.check(origin)?;
        let Self {
            loss,
            augment,
            mixing,
            network,
            ..
        } = self;
        let mut rows = vec![];
        let mut row = |key: &'static str, found: String, fits: bool, expected: &'static str| {
            rows.push((key, found, fits, expected));
        };
        let mut number = |key, value: f64, fits: bool, expected| {
            row(key, value.to_string(), fits, expected);
        };
        number("epochs", self.epochs as f64, self.epochs >= 1, "at least 1");
        number(
            "batch_size",
            self.batch_size as f64,
            (2..=4096).contains(&self.batch_size),
            "2 to 4096 (batch normalization needs two)",
        );
        number(
            "frozen_blocks",
            self.frozen_blocks as f64,
            self.frozen_blocks <= network.backbone.blocks(),
            "at most the number of the backbone's blocks (efficientnet-b0: 16, cnn: 0)",
        );
        number(
            "loss.logit_adjustment",
            loss.logit_adjustment,
            (0.0..=10.0).contains(&loss.logit_adjustment),
            "a number from 0 to 10",
        );
        number(
            "loss.label_smoothing",
            loss.label_smoothing,
            (0.0..1.0).contains(&loss.label_smoothing),
            "a number from 0 to below 1",
        );
        number(
            "loss.reading_weight",
            loss.reading_weight,
            (0.0..=100.0).contains(&loss.reading_weight)
                && (loss.reading_weight > 0.0) == network.head.reading,
            "a number up to 100 that is above 0 just where `network.head.reading` is true",
        );
        let label = ("loss.label_weight", loss.label_weight);
        let sources = self
            .sources
            .iter()
            .map(|source| ("sources.weight", source.weight.into()));
        for (key, weight) in sources.chain([label]) {
            number(
                key,
                weight,
                (0.0..=100.0).contains(&weight),
                "a number from 0 to 100",
            );
        }
        for (key, value) in [
            ("loss.fer_plus_share", loss.fer_plus_share),
            ("loss.class_weight_power", loss.class_weight_power),
            ("augment.zoom", augment.zoom.into()),
            ("augment.shift", augment.shift.into()),
            ("augment.flip_probability", augment.flip_probability.into()),
            (
                "augment.erase_probability",
                augment.erase_probability.into(),
            ),
            ("augment.erase_area", augment.erase_area.into()),
            (
                "augment.degrade_probability",
                augment.degrade_probability.into(),
            ),
            ("mixing.probability", mixing.probability),
        ] {
            number(key, value, fraction(value), FRACTION);
        }
        for (key, value) in [
            ("mixing.mixup_alpha", mixing.mixup_alpha),
            ("mixing.cutmix_alpha", mixing.cutmix_alpha),
        ] {
            number(key, value, alpha(value), ALPHA);
        }
        row(
            "progressive_sizes",
            format!("{:?}", self.progressive_sizes),
            self.progressive_sizes.iter().all(is_size)
                && self.progressive_sizes.len() < self.epochs
                && (network.head.pooling == Pooling::Mean || self.progressive_sizes.is_empty()),
            "fewer sizes than epochs, each of 32 to 1024 pixels, and none for a head that flattens its features",
        );
        match rows.into_iter().find(|(_, _, fits, _)| !fits) {
            Some((key, found, _, expected)) => Err(ConfigError::OutOfRange {
                origin: origin.into(),
                key,
                found,
                expected,
            }),
            None => self.network.check().map_err(|error| ConfigError::Invalid {
                origin: origin.into(),
                reason: error.to_string(),
            }),
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
    fn sizes_grow_in_equal_parts_and_end_at_the_full_one() {
        let mut config = Preset::Smoke.config().unwrap();
        config.epochs = 5;
        config.progressive_sizes = vec![32, 48];
        config.network.input_size = 64;
        let sizes: Vec<usize> = config.training_inputs().iter().map(|i| i.size).collect();
        assert_eq!(sizes, [32, 32, 48, 48, 64]);
        config.progressive_sizes = vec![];
        assert!(
            config
                .training_inputs()
                .iter()
                .all(|input| input.size == 64)
        );
        config.progressive_sizes = vec![32; 5];
        let error = config.check("here").unwrap_err().to_string();
        assert!(error.contains("progressive_sizes"), "{error}");
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

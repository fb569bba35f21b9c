//! The recipe: every knob of a training run, and the presets that ship.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::data::{AugmentConfig, LossConfig, MixingConfig, SourceConfig};
use crate::spec::architecture::Pooling;
use crate::spec::{EmotionNetConfig, InputSpec};

/// Why a recipe cannot be used.
#[derive(Debug, Error)]
#[allow(missing_docs, reason = "the messages name the fields")]
pub enum ConfigError {
    /// Not there, or not permitted.
    #[error("cannot read the configuration {path}: {source}")]
    Unreadable {
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

/// How the learning rate goes after the warm-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LearningRateSchedule {
    /// It stays.
    Constant,
    /// Down along half a cosine; with a warm-up, one cycle.
    Cosine,
}

/// How the weights move.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OptimizerConfig {
    /// How the learning rate goes.
    pub schedule: LearningRateSchedule,
    /// The peak of the schedule, for AdamW (<https://arxiv.org/abs/1711.05101>).
    pub learning_rate: f64,
    /// The part of all steps spent rising to the peak, 0 to 1.
    pub warmup_fraction: f64,
    /// Where the half cosine ends, as a part of the peak, 0 to 1.
    pub final_fraction: f64,
    /// Decoupled decay of all weights; with 0 AdamW is Adam.
    pub weight_decay: f32,
    /// The largest norm of one tensor's gradient; longer ones are scaled to it.
    pub gradient_norm: f32,
    /// Batches whose gradients are averaged for one step, at least 1: a batch of
    /// `batch_size · accumulation` in the memory of one of `batch_size`.
    pub accumulation: usize,
    /// The decay of the weights' moving average, 0 to below 1; the average is what is validated
    /// and kept. 0 keeps the weights themselves. After `t` steps the decay is at most
    /// `(1 + t) / (10 + t)`, so that the average does not remember the start.
    pub average_decay: f64,
}

impl OptimizerConfig {
    /// Checks the ranges; `origin` is what messages call the configuration.
    ///
    /// # Errors
    /// [`ConfigError::OutOfRange`], naming the first key that is.
    pub fn check(&self, origin: &str) -> Result<(), ConfigError> {
        const FRACTION: &str = "a number from 0 to 1";
        const UNDER_ONE: &str = "a number from 0 to below 1";
        let fraction = |value: f64| (0.0..=1.0).contains(&value);
        let under_one = |value: f64| (0.0..1.0).contains(&value);
        let (rate, decay) = (self.learning_rate, f64::from(self.weight_decay));
        let rows = [
            (
                "optimizer.learning_rate",
                rate,
                rate > 0.0 && rate <= 1.0,
                "above 0, at most 1",
            ),
            (
                "optimizer.gradient_norm",
                self.gradient_norm.into(),
                self.gradient_norm > 0.0,
                "above 0",
            ),
            (
                "optimizer.accumulation",
                self.accumulation as f64,
                (1..=4096).contains(&self.accumulation),
                "1 to 4096",
            ),
            (
                "optimizer.warmup_fraction",
                self.warmup_fraction,
                under_one(self.warmup_fraction),
                UNDER_ONE,
            ),
            (
                "optimizer.average_decay",
                self.average_decay,
                under_one(self.average_decay),
                UNDER_ONE,
            ),
            (
                "optimizer.final_fraction",
                self.final_fraction,
                fraction(self.final_fraction),
                FRACTION,
            ),
            ("optimizer.weight_decay", decay, fraction(decay), FRACTION),
        ];
        match rows.into_iter().find(|(_, _, fits, _)| !fits) {
            Some((key, found, _, expected)) => Err(ConfigError::OutOfRange {
                origin: origin.into(),
                key,
                found: found.to_string(),
                expected,
            }),
            None => Ok(()),
        }
    }
}

/// A training run, as saved in its artifact folder before the first step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingConfig {
    /// The source of all randomness: order, augmentation, mixing, dropout, initial weights.
    pub seed: u64,
    /// Passes over the training split.
    pub epochs: usize,
    /// Stops after so many epochs without a better one; 0 never stops early.
    pub patience: usize,
    /// Images a batch, over all devices.
    pub batch_size: usize,
    /// How many of the backbone's sixteen blocks, with the stem before them, keep their initial
    /// weights; 0 trains everything. Edges and textures transfer from ImageNet, and the first
    /// blocks, whose maps are the largest, take most of a step's time.
    pub frozen_blocks: usize,
    /// Input sizes in pixels that training passes through before `network.input_size`, each for
    /// an equal part of the epochs (<https://arxiv.org/abs/2104.00298>, section 4.2); validation
    /// always has the full size.
    pub progressive_sizes: Vec<usize>,
    /// The SHA-256, in hex, of the file of pretrained weights that training starts from (`moue
    /// train --init` writes it); absent where it starts from nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initial_weights: Option<String>,
    /// How the weights move.
    pub optimizer: OptimizerConfig,
    /// What the network is held against.
    pub loss: LossConfig,
    /// How the images vary.
    pub augment: AugmentConfig,
    /// How they are blended.
    pub mixing: MixingConfig,
    /// How sources take part, by name; those that are not named do so plainly.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<SourceConfig>,
    /// What is trained.
    pub network: EmotionNetConfig,
}

/// A recipe that ships with the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Preset {
    /// What the page uses; for a CPU, from EfficientNet-Lite0.
    Moue,
    /// The network of the paper that moue grew from, at 224 pixels; for a GPU.
    Paper,
    /// The conventional network that the paper compares with, 15 million parameters.
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
        let config: Self = read_toml(path)?;
        config.check(&path.display().to_string())?;
        Ok(config)
    }

    /// Parses TOML; `origin` is what messages call it.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`] and [`ConfigError::OutOfRange`].
    pub fn parse(text: &str, origin: &str) -> Result<Self, ConfigError> {
        let config: Self = parse_toml(text, origin)?;
        config.check(origin)?;
        Ok(config)
    }

    /// What the recipe says of a source.
    pub fn source(&self, name: &str) -> Option<&SourceConfig> {
        self.sources.iter().find(|source| source.name == name)
    }

    /// What the network is given when it is asked.
    pub fn input(&self) -> InputSpec {
        self.network.input()
    }

    /// What the network is given in each epoch of training, in order.
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

    /// The file that [`TrainingConfig::read`] reads back.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`] where a value cannot be written as TOML.
    pub fn to_toml(&self) -> Result<String, ConfigError> {
        write_toml(self)
    }

    /// Checks the ranges; `origin` is what messages call the configuration.
    ///
    /// # Errors
    /// [`ConfigError::OutOfRange`], naming the first key that is.
    pub fn check(&self, origin: &str) -> Result<(), ConfigError> {
        const FRACTION: &str = "a number from 0 to 1";
        let fraction = |value: f64| (0.0..=1.0).contains(&value);
        let is_size = |size: &usize| (32..=1024).contains(size);
        // Below, a Beta distribution mixes nothing in all but name.
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

/// A file's value, whose ranges are not checked.
///
/// # Errors
/// [`ConfigError::Unreadable`] and [`ConfigError::Invalid`].
pub(super) fn read_toml<T: DeserializeOwned>(path: &Path) -> Result<T, ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable {
        path: path.into(),
        source,
    })?;
    parse_toml(&text, &path.display().to_string())
}

/// A text's value, whose ranges are not checked; `origin` is what messages call it.
///
/// # Errors
/// [`ConfigError::Invalid`].
pub(super) fn parse_toml<T: DeserializeOwned>(text: &str, origin: &str) -> Result<T, ConfigError> {
    toml::from_str(text).map_err(|error| ConfigError::Invalid {
        origin: origin.into(),
        reason: error.to_string(),
    })
}

/// The text of a value.
///
/// # Errors
/// [`ConfigError::Invalid`] where it cannot be written as TOML.
pub(super) fn write_toml(config: &impl Serialize) -> Result<String, ConfigError> {
    toml::to_string_pretty(config).map_err(|error| ConfigError::Invalid {
        origin: "the configuration".into(),
        reason: error.to_string(),
    })
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

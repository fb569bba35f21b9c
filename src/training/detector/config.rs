//! The recipe of the face detector.

use serde::{Deserialize, Serialize};

use super::loss::DetectionLossConfig;
use crate::data::faces::augment::FaceAugmentConfig;
use crate::spec::detector::DetectorConfig;
use crate::training::config::{ConfigError, OptimizerConfig, Recipe};

/// The recipe of a detector's training run, saved in its folder before the first step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DetectorTrainingConfig {
    /// Seed of all randomness: order, augmentation, initial weights.
    pub seed: u64,
    /// Number of passes over the photographs.
    pub epochs: usize,
    /// Number of pictures per batch, over all devices.
    pub batch_size: usize,
    /// Sides of the pictures in pixels, divisible by 32, each used for an equal part of the epochs.
    /// Validation uses the last one.
    pub sides: Vec<usize>,
    /// SHA-256, in hex, of the weights of a run that training starts from, set by `moue train-detector
    /// --init`; `None` for random weights.
    pub initial_weights: Option<String>,
    /// Names of the sources that are held out from training.
    pub held_out: Vec<String>,
    /// Of the other sources, one in this many photographs is used for validation, which does not
    /// select an epoch.
    pub validate_every: usize,
    /// Optimizer and learning rate.
    pub optimizer: OptimizerConfig,
    /// Weights of the parts of the loss.
    pub loss: DetectionLossConfig,
    /// Augmentation of the photographs.
    pub augment: FaceAugmentConfig,
    /// Architecture of the network.
    pub network: DetectorConfig,
}

impl DetectorTrainingConfig {
    /// Returns the built-in recipe.
    ///
    /// # Errors
    /// Never in a release: a test reads it.
    pub fn shipped() -> Result<Self, ConfigError> {
        Self::parse(
            include_str!("../presets/detector.toml"),
            "the detector's preset",
        )
    }

    /// Returns the side of the pictures in pixels for each epoch, in order.
    pub fn epoch_sides(&self) -> Vec<usize> {
        let count = self.sides.len();
        (0..self.epochs)
            .filter_map(|epoch| self.sides.get(epoch * count / self.epochs))
            .copied()
            .collect()
    }

    /// Returns the side of the pictures for validation in pixels.
    pub fn last_side(&self) -> usize {
        self.sides.last().copied().unwrap_or(32)
    }
}

impl Recipe for DetectorTrainingConfig {
    fn check(&self, origin: &str) -> Result<(), ConfigError> {
        let row = |key, found: String, fits: bool, expected| match fits {
            true => Ok(()),
            false => Err(ConfigError::OutOfRange {
                origin: origin.into(),
                key,
                found,
                expected,
            }),
        };
        let number =
            |key, value: f64, fits: bool, expected| row(key, value.to_string(), fits, expected);
        number("epochs", self.epochs as f64, self.epochs >= 1, "at least 1")?;
        let batch_size = self.batch_size;
        let batch_fits = (2..=4096).contains(&batch_size);
        number(
            "batch_size",
            batch_size as f64,
            batch_fits,
            "2 to 4096 (batch normalization needs two)",
        )?;
        row(
            "sides",
            format!("{:?}", self.sides),
            !self.sides.is_empty()
                && self
                    .sides
                    .iter()
                    .all(|side| (32..=1024).contains(side) && side.is_multiple_of(32)),
            "at least one number from 32 to 1024, each divisible by 32",
        )?;
        number(
            "validate_every",
            self.validate_every as f64,
            self.validate_every >= 2,
            "at least 2",
        )?;
        let augment = &self.augment;
        for (key, share) in [
            (
                "augment.mosaic_probability + augment.crowd_probability",
                augment.mosaic_probability + augment.crowd_probability,
            ),
            ("augment.mosaic_probability", augment.mosaic_probability),
            ("augment.crowd_probability", augment.crowd_probability),
            (
                "augment.quarter_turn_probability",
                augment.quarter_turn_probability,
            ),
            ("augment.tilt_probability", augment.tilt_probability),
            ("augment.light_probability", augment.light_probability),
            ("augment.blur_probability", augment.blur_probability),
            ("augment.noise_probability", augment.noise_probability),
            ("augment.cover_probability", augment.cover_probability),
            (
                "augment.background_probability",
                augment.background_probability,
            ),
        ] {
            let fits = (0.0..=1.0).contains(&share);
            number(key, share.into(), fits, "a number from 0 to 1")?;
        }
        for (key, weight) in [
            ("loss.box_weight", self.loss.box_weight),
            ("loss.landmark_weight", self.loss.landmark_weight),
            ("loss.background_focus", self.loss.background_focus),
        ] {
            let fits = (0.0..=1000.0).contains(&weight);
            number(key, weight, fits, "a number from 0 to 1000")?;
        }
        let sizes = 0.0 < augment.smallest_face && augment.smallest_face <= augment.largest_face;
        number(
            "augment.smallest_face",
            augment.smallest_face.into(),
            sizes && augment.largest_face <= 2.0,
            "above 0, at most `largest_face`, which is at most 2",
        )?;
        number(
            "augment.largest_zoom",
            augment.largest_zoom.into(),
            (0.1..=100.0).contains(&augment.largest_zoom),
            "0.1 to 100",
        )?;
        number(
            "augment.tilt_degrees",
            augment.tilt_degrees.into(),
            (0.0..=180.0).contains(&augment.tilt_degrees),
            "0 to 180",
        )?;
        self.optimizer.check(origin)?;
        let network = self.network.check();
        network.map_err(|error| ConfigError::Invalid {
            origin: origin.into(),
            reason: error.to_string(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_recipe_reads_and_writes_itself() {
        let config = DetectorTrainingConfig::shipped().unwrap();
        let text = config.to_toml().unwrap();
        assert_eq!(
            DetectorTrainingConfig::parse(&text, "itself").unwrap(),
            config
        );
        assert_eq!(config.epoch_sides().len(), config.epochs);
        assert_eq!(config.epoch_sides().last(), Some(&config.last_side()));
    }

    #[test]
    fn nonsense_is_named() {
        let text = include_str!("../presets/detector.toml");
        for (from, to, key) in [
            ("seed", "sed", "sed"),
            ("epochs = ", "epochs = 0 #", "epochs"),
            (
                "tilt_degrees = ",
                "tilt_degrees = nan #",
                "augment.tilt_degrees",
            ),
            (
                "learning_rate = ",
                "learning_rate = -1.0 #",
                "optimizer.learning_rate",
            ),
            (
                "landmark_weight = ",
                "landmark_weight = inf #",
                "loss.landmark_weight",
            ),
            ("channels = ", "channels = [0, 1, 1, 1, 1] #", "channels"),
        ] {
            let error =
                DetectorTrainingConfig::parse(&text.replacen(from, to, 1), "x").unwrap_err();
            assert!(error.to_string().contains(key), "{error}");
        }
    }
}

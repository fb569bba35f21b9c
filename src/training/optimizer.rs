//! The optimizer's part of the recipe.

use serde::{Deserialize, Serialize};

use super::config::ConfigError;

/// Schedule of the learning rate after the warm-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LearningRateSchedule {
    /// The learning rate stays constant.
    Constant,
    /// The learning rate decreases along half a cosine.
    Cosine,
}

/// Options of the optimizer and the learning rate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OptimizerConfig {
    /// Schedule of the learning rate after the warm-up.
    pub schedule: LearningRateSchedule,
    /// Peak learning rate, for AdamW (<https://arxiv.org/abs/1711.05101>).
    pub learning_rate: f64,
    /// Share of all steps for the warm-up, 0 to below 1.
    pub warmup_fraction: f64,
    /// Last learning rate of the cosine schedule, as a share of the peak, 0 to 1.
    pub final_fraction: f64,
    /// Decoupled weight decay of all weights; with 0, AdamW is Adam.
    pub weight_decay: f32,
    /// Largest norm of a tensor's gradient; larger gradients are scaled to it.
    pub gradient_norm: f32,
    /// Number of batches whose gradients are averaged for one step, at least 1: a batch of
    /// `batch_size · accumulation` in the memory of one of `batch_size`.
    pub accumulation: usize,
    /// Decay of the moving average of the weights, 0 to below 1. The average is validated and
    /// saved; 0 uses the weights themselves. After `t` steps the decay is at most
    /// `(1 + t) / (10 + t)`, so that the initial weights are forgotten.
    pub average_decay: f64,
}

impl OptimizerConfig {
    /// Checks the ranges of all values; `origin` is the recipe's name in error messages.
    ///
    /// # Errors
    /// [`ConfigError::OutOfRange`] for the first such key.
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

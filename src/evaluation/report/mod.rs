//! The evaluation report on models, by one protocol: train on Training, select on PublicTest,
//! report PrivateTest.
//!
//! [`measure`](measure::measure) runs the network and returns a [`SetReport`] for each set of
//! images; an [`EvaluationReport`] has those of one or several runs. It is the content of
//! `report.json`, and is formatted by [`text`] and [`markdown`]. Sets that selected the epoch are
//! marked in every form: [`SetReport::selected_on`].

pub mod folder;
pub mod markdown;
pub mod measure;
mod rows;
pub mod seeds;
mod table;
pub mod text;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

pub use self::seeds::{MeanDeviation, SeedSummary};
use super::evaluate::Views;
use super::groups::GroupMetrics;
use super::metrics::ClassificationReport;
use super::metrics::votes::FerPlusReport;
use super::reading::ReadingMetrics;
use super::robustness::ChangedReading;
use crate::training::artifact::{EpochRecord, best};
use crate::training::config::{ConfigError, Recipe, TrainingConfig};

/// Version of `report.json`, increased when the name or meaning of a field changes.
pub const SCHEMA_VERSION: u32 = 1;

/// Content of `report.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvaluationReport {
    /// Version of the format, [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// Version of moue that made the report.
    pub moue: String,
    /// Reports on the models, in the order given.
    pub runs: Vec<RunReport>,
    /// Mean and deviation over the runs; `None` for one run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over_runs: Option<SeedSummary>,
}

impl EvaluationReport {
    /// Creates the report of these runs, with their mean and deviation if there are several.
    pub fn new(runs: Vec<RunReport>) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            moue: env!("CARGO_PKG_VERSION").into(),
            over_runs: SeedSummary::new(&runs),
            runs,
        }
    }
}

/// Report on one model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunReport {
    /// Path of the model's folder, as given.
    pub model: String,
    /// Name of the network.
    pub network: String,
    /// Side of the network's input in pixels.
    pub input_size: usize,
    /// Training of the model; `None` for a quantized model, whose folder has no recipe.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub training: Option<TrainingSummary>,
    /// Metrics of the label head on each set: the split to report first, then the others and sets
    /// made of them.
    pub sets: Vec<SetReport>,
    /// Metrics of the reading head on each set; empty if there is no reading head.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reading: Vec<ReadingMetrics>,
    /// Metrics of the reading head on changed pictures; empty if not requested.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub robustness: Vec<ChangedReading>,
    /// Metrics for each group of people; empty if no such photographs were given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<GroupMetrics>,
}

/// Training of a model, as saved in its run's folder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingSummary {
    /// Seed of all randomness.
    pub seed: u64,
    /// Number of finished epochs.
    pub epochs: usize,
    /// The epoch whose weights were saved; `None` if no epoch has finished.
    pub selected_epoch: Option<usize>,
    /// Digest of the recipe without its seed: runs with the same digest differ only in the seed.
    pub recipe: String,
}

/// Number of bytes of the digest that are used.
const RECIPE_BYTES: usize = 6;

impl TrainingSummary {
    /// Creates the summary from a run's recipe and history.
    ///
    /// # Errors
    /// [`ConfigError`] if the recipe cannot be written as TOML.
    pub fn new(config: &TrainingConfig, history: &[EpochRecord]) -> Result<Self, ConfigError> {
        let without_seed = TrainingConfig {
            seed: 0,
            ..config.clone()
        };
        let digest = Sha256::digest(without_seed.to_toml()?.as_bytes());
        let digits = digest.iter().take(RECIPE_BYTES);
        Ok(Self {
            seed: config.seed,
            epochs: history.len(),
            selected_epoch: best(history).map(|record| record.epoch),
            recipe: digits.map(|byte| format!("{byte:02x}")).collect(),
        })
    }
}

/// Report on one set of images.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetReport {
    /// Name of the split, or of the set made of splits.
    pub name: String,
    /// Number of images.
    pub images: usize,
    /// Whether the epoch was selected on these images or on some of them, so that the metrics are
    /// too high.
    pub selected_on: bool,
    /// Whether the network was trained on these images.
    pub learned_from: bool,
    /// Caveat about the metrics, in words.
    pub caveat: String,
    /// Metrics of a single crop, then those with test-time augmentation.
    pub figures: Vec<EvaluationMetrics>,
}

impl SetReport {
    /// Returns the metrics of a single crop; `None` if it was not measured.
    pub fn single(&self) -> Option<&EvaluationMetrics> {
        self.figures
            .iter()
            .find(|figures| figures.views == Views::Single)
    }
}

/// Metrics for one kind of views.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvaluationMetrics {
    /// Views of each face that the network was given.
    pub views: Views,
    /// Metrics against FER2013's labels.
    pub report: ClassificationReport,
    /// Metrics against FER+'s votes; `None` if there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fer_plus: Option<FerPlusReport>,
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::data::Votes;
    use crate::emotion::{Emotion, Probabilities};
    use crate::training::config::Preset;

    /// Returns two sets of four images, of which `right` are right; the second selected the epoch.
    pub fn run(seed: u64, right: usize) -> RunReport {
        let targets = [Emotion::Happy, Emotion::Sad, Emotion::Happy, Emotion::Fear];
        let predicted: Vec<Probabilities> = targets
            .iter()
            .enumerate()
            .map(|(index, target)| {
                let answer = if index < right { target.index() } else { 1 };
                let mut logits = [0.0; Emotion::COUNT];
                logits[answer] = 3.0;
                Probabilities::from_logits(logits)
            })
            .collect();
        let votes = Votes::new([0, 8, 0, 2, 0, 0, 0, 0, 0, 0]);
        let figures = |views| EvaluationMetrics {
            views,
            report: ClassificationReport::new(&predicted, &targets).unwrap(),
            fer_plus: FerPlusReport::new(predicted.iter().map(|one| (one, &votes))),
        };
        let set = |name: &str, selected_on: bool| SetReport {
            name: name.into(),
            images: targets.len(),
            selected_on,
            learned_from: false,
            caveat: if selected_on {
                "SELECTED ON"
            } else {
                "neither"
            }
            .into(),
            figures: vec![figures(Views::Single), figures(Views::Flip)],
        };
        RunReport {
            model: format!("runs/seed-{seed}"),
            network: "moue".into(),
            input_size: 96,
            training: Some(TrainingSummary {
                seed,
                epochs: 4,
                selected_epoch: Some(3),
                recipe: "a".into(),
            }),
            sets: vec![set("PrivateTest", false), set("PublicTest", true)],
            reading: vec![],
            robustness: vec![],
            groups: vec![],
        }
    }

    #[test]
    fn recipes_that_differ_in_the_seed_alone_share_a_digest() {
        let config = Preset::Smoke.config().unwrap();
        let digest = |config: &TrainingConfig| TrainingSummary::new(config, &[]).unwrap().recipe;
        let mut other = config.clone();
        other.seed += 1;
        assert_eq!(digest(&config), digest(&other));
        other.epochs += 1;
        assert_ne!(digest(&config), digest(&other));
    }

    #[test]
    fn a_report_survives_json_and_says_what_selected() {
        let report = EvaluationReport::new(vec![run(1, 3), run(2, 1)]);
        let json = serde_json::to_string_pretty(&report).unwrap();
        let read: EvaluationReport = serde_json::from_str(&json).unwrap();
        // serde_json may change the last digit of a number.
        assert_eq!(format!("{read:.12?}"), format!("{report:.12?}"));
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(value["schema_version"], SCHEMA_VERSION);
        assert_eq!(value["runs"][0]["sets"][0]["selected_on"], false);
        assert_eq!(value["runs"][0]["sets"][1]["selected_on"], true);
        assert_eq!(value["runs"][1]["sets"][0]["figures"][1]["views"], "flip");
        let accuracy = &value["runs"][0]["sets"][0]["figures"][0]["report"]["accuracy"];
        assert_eq!(accuracy["value"], 0.75);
        assert!(!json.contains("null"), "{json}");
        assert!(EvaluationReport::new(vec![run(1, 3)]).over_runs.is_none());
    }
}

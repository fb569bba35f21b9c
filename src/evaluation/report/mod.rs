//! What a model is worth, by one protocol: learn from Training, select on PublicTest, report
//! PrivateTest.
//!
//! [`measure`](measure::measure) asks the network and makes a [`SetReport`] of each set of images;
//! an [`EvaluationReport`] holds them for one or several runs, is what `report.json` contains, and
//! is written for people by [`text`] and [`markdown`]. A set that selected the epoch says so in
//! every form: [`SetReport::selected_on`].

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
use super::groups::GroupFigures;
use super::metrics::ClassificationReport;
use super::metrics::votes::FerPlusReport;
use super::reading::ReadingFigures;
use super::robustness::ChangedReading;
use crate::training::artifact::{EpochRecord, best};
use crate::training::config::{ConfigError, TrainingConfig};

/// The version of `report.json`; it grows when a field changes its name or its meaning.
pub const SCHEMA_VERSION: u32 = 1;

/// What `report.json` holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvaluationReport {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// The version of moue that measured.
    pub moue: String,
    /// Each model, in the order given.
    pub runs: Vec<RunReport>,
    /// Mean and deviation over the runs, for several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over_runs: Option<SeedSummary>,
}

impl EvaluationReport {
    /// The report of these runs, with their mean and deviation where there are several.
    pub fn new(runs: Vec<RunReport>) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            moue: env!("CARGO_PKG_VERSION").into(),
            over_runs: SeedSummary::new(&runs),
            runs,
        }
    }
}

/// One model and what was measured of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunReport {
    /// The folder, as it was named.
    pub model: String,
    /// The network's name.
    pub network: String,
    /// Pixels along a side of its input.
    pub input_size: usize,
    /// How it was trained; absent for a quantized model, whose folder does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub training: Option<TrainingSummary>,
    /// What was measured: the split to report first, then the others and sets made of them. All of
    /// it is the label head's.
    pub sets: Vec<SetReport>,
    /// What the reading head says, set by set; none without that head.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reading: Vec<ReadingFigures>,
    /// What changes of the pictures cost the reading head, where that was asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub robustness: Vec<ChangedReading>,
    /// Groups of people, where such photographs were given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<GroupFigures>,
}

/// What a run's folder says of its training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingSummary {
    /// The source of all its randomness.
    pub seed: u64,
    /// How many epochs have ended.
    pub epochs: usize,
    /// The epoch whose weights were kept.
    pub selected_epoch: Option<usize>,
    /// A digest of the recipe without its seed: runs that share it differ in the seed alone.
    pub recipe: String,
}

/// How many bytes of the digest are kept.
const RECIPE_BYTES: usize = 6;

impl TrainingSummary {
    /// Of a run's recipe and history.
    ///
    /// # Errors
    /// [`ConfigError`] where the recipe cannot be written as TOML.
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

/// A set of images and the figures on it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetReport {
    /// The split's name, or what was made of splits.
    pub name: String,
    /// How many images.
    pub images: usize,
    /// Whether the epoch was selected on these images or on some of them: such figures are too
    /// high.
    pub selected_on: bool,
    /// Whether the network learned from these images.
    pub learned_from: bool,
    /// What a reader must know before believing the figures.
    pub caveat: String,
    /// The figures of a single crop, then those with test-time augmentation, never mixed.
    pub figures: Vec<EvaluationMetrics>,
}

impl SetReport {
    /// The figures of a single crop.
    pub fn single(&self) -> Option<&EvaluationMetrics> {
        self.figures
            .iter()
            .find(|figures| figures.views == Views::Single)
    }
}

/// Figures of one way of looking at the images.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvaluationMetrics {
    /// How often the network saw each face.
    pub views: Views,
    /// Against FER2013's labels.
    pub report: ClassificationReport,
    /// Against FER+'s votes, where there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fer_plus: Option<FerPlusReport>,
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::data::Votes;
    use crate::emotion::{Emotion, Probabilities};
    use crate::training::config::Preset;

    /// Two sets of four images, of which `right` are right, the second one selected on.
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
        // serde_json reads a number back to within its last digit.
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

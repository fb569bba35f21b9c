//! Why a run did not come to its end.

use std::path::PathBuf;

use burn::store::RecordError;
use thiserror::Error;

use super::artifact::ArtifactError;
use super::init::InitError;
use crate::platform::files::FileError;
use crate::spec::weights::WeightsError;

/// Why a run did not come to its end.
#[derive(Debug, Error)]
#[allow(missing_docs, reason = "the messages name the fields")]
pub enum TrainingError {
    /// The folder.
    #[error(transparent)]
    Artifact(#[from] ArtifactError),
    /// The system refused.
    #[error(transparent)]
    File(#[from] FileError),
    /// The initial weights.
    #[error(transparent)]
    Init(#[from] InitError),
    /// A split is too small for one batch.
    #[error(
        "the {split} split has {found} images, fewer than a batch of {expected}; add images or lower `batch_size`"
    )]
    TooFewImages {
        split: &'static str,
        /// Images of a batch.
        expected: usize,
        /// Images there are.
        found: usize,
    },
    /// The recipe wants FER+'s votes.
    #[error(
        "the recipe takes {share} of each target from FER+'s votes and there are none; give --fer-plus fer2013new.csv, or set `loss.fer_plus_share` to 0"
    )]
    NoVotes {
        /// The configured share.
        share: f64,
    },
    /// The recipe's reading head wants FER+'s votes.
    #[error(
        "the recipe's reading head learns FER+'s votes and there are none; give --fer-plus fer2013new.csv, or set `loss.reading_weight` to 0 and `network.head.reading` to false"
    )]
    NothingToRead,
    /// The run to resume learned from other faces.
    #[error(
        "this run began with {began}, and the data now are {given}; give the same --data in the same order, with the same --fer-plus"
    )]
    OtherSources {
        /// What it began with.
        began: String,
        /// What was given.
        given: String,
    },
    /// Images of several sources would be blended.
    #[error(
        "the recipe blends images, and these come from several sources, each with a bias of its own; set `mixing.probability` to 0"
    )]
    MixedSources,
    /// The device did not give a number.
    #[error("the sources' biases could not be read from the device ({reason}); try --device cpu")]
    Biases {
        /// What it said.
        reason: String,
    },
    /// The recipe starts from a file that was not given.
    #[error(
        "the recipe starts from pretrained weights with SHA-256 {sha256}; give their file with --init, or take `initial_weights` out of the recipe"
    )]
    NoStart {
        /// The configured hash.
        sha256: String,
    },
    /// The recipe starts from another file.
    #[error(
        "{path} has SHA-256 {found}, and the recipe starts from {expected}; give that file with --init, or take `initial_weights` out of the recipe"
    )]
    OtherStart {
        /// The given file.
        path: PathBuf,
        /// Its hash.
        found: String,
        /// The configured hash.
        expected: String,
    },
    /// A batch cannot be shared out.
    #[error(
        "a batch of {batch_size} images cannot be shared out evenly to {devices} devices with at least 2 each; change `batch_size` or --devices"
    )]
    UnevenBatch {
        /// Images of a batch.
        batch_size: usize,
        /// Devices.
        devices: usize,
    },
    /// The schedule refuses its numbers.
    #[error("the learning rate schedule is impossible: {reason}; change `optimizer` or `epochs`")]
    LearningRateSchedule {
        /// What burn said.
        reason: String,
    },
    /// Stopped before the last epoch.
    #[error("stopped after epoch {epoch} ({reason}); continue with --resume")]
    Stopped {
        /// The last finished one.
        epoch: usize,
        /// By whom or what.
        reason: String,
    },
    /// A checkpoint does not load.
    #[error("the checkpoint of epoch {epoch} does not load: {source}")]
    Checkpoint {
        epoch: usize,
        /// What burn said.
        source: RecordError,
    },
    /// The weights of the best epoch.
    #[error(transparent)]
    Weights(#[from] WeightsError),
}

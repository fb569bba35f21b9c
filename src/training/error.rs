//! Errors of a training run.

use burn::store::RecordError;
use thiserror::Error;

use super::artifact::ArtifactError;
use super::init::InitError;
use crate::platform::files::FileError;
use crate::spec::weights::WeightsError;

/// Error of a training run, whatever is trained.
#[derive(Debug, Error)]
pub enum RunError {
    /// A batch cannot be divided evenly between the devices.
    #[error(
        "a batch of {batch_size} images cannot be shared out evenly to {devices} devices with at least 2 each; change `batch_size` or --devices"
    )]
    UnevenBatch {
        /// Number of images per batch.
        batch_size: usize,
        /// Number of devices.
        devices: usize,
    },
    /// The learning rate schedule is invalid.
    #[error("the learning rate schedule is impossible: {reason}; change `optimizer` or `epochs`")]
    LearningRateSchedule {
        /// Burn's error message.
        reason: String,
    },
    /// The run stopped before the last epoch.
    #[error("stopped after epoch {epoch} ({reason}); continue with --resume")]
    Stopped {
        /// The last finished epoch.
        epoch: usize,
        /// Why the run stopped.
        reason: String,
    },
}

impl RunError {
    /// Checks that a batch can be divided between the devices, and returns the size of a part.
    pub(super) fn check_batch(batch_size: usize, devices: usize) -> Result<usize, Self> {
        if !batch_size.is_multiple_of(devices) || batch_size / devices < 2 {
            return Err(Self::UnevenBatch {
                batch_size,
                devices,
            });
        }
        Ok(batch_size / devices)
    }
}

/// Error of a training run.
#[derive(Debug, Error)]
#[allow(missing_docs, reason = "the messages name the fields")]
pub enum TrainingError {
    /// The artifact folder cannot be used.
    #[error(transparent)]
    Artifact(#[from] ArtifactError),
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// The initial weights cannot be used.
    #[error(transparent)]
    Init(#[from] InitError),
    /// There are no images to select the epoch on.
    #[error(
        "{split} is empty, and the best epoch is selected on it; name first a data set where it is not"
    )]
    NothingToSelectOn {
        /// Name of the split, and of the data sets.
        split: String,
    },
    /// The training split is too small for one batch.
    #[error(
        "{split} has {found} images, fewer than a batch of {expected}; add images or lower `batch_size`"
    )]
    TooFewImages {
        /// Name of the split, and of the data sets.
        split: String,
        /// Smallest number of images needed.
        expected: usize,
        /// Number of images in the split.
        found: usize,
    },
    /// The recipe needs FER+'s votes for the label head's targets.
    #[error(
        "the recipe takes {share} of each target from FER+'s votes and there are none; give --fer-plus fer2013new.csv, or set `loss.fer_plus_share` to 0"
    )]
    NoVotes {
        /// The configured `loss.fer_plus_share`.
        share: f64,
    },
    /// The recipe needs FER+'s votes for the reading head.
    #[error(
        "the recipe's reading head learns FER+'s votes and there are none; give --fer-plus fer2013new.csv, or set `loss.reading_weight` to 0 and `network.head.reading` to false"
    )]
    NothingToRead,
    /// The run to resume was trained on other data.
    #[error(
        "this run began with {began}, and the data now are {given}; give the same --data in the same order, with the same --fer-plus"
    )]
    OtherSources {
        /// Sources that the run started with.
        began: String,
        /// Sources that were given.
        given: String,
    },
    /// The recipe mixes images, but there are several sources and a reading head.
    #[error(
        "the recipe blends images, and these come from several sources, each with a bias of its own; set `mixing.probability` to 0"
    )]
    MixedSources,
    /// The sources' biases could not be read from the device.
    #[error("the sources' biases could not be read from the device ({reason}); try --device cpu")]
    Biases {
        /// Error of the device.
        reason: String,
    },
    /// The run does not start or was stopped.
    #[error(transparent)]
    Run(#[from] RunError),
    /// A checkpoint cannot be loaded.
    #[error("the checkpoint of epoch {epoch} does not load: {source}")]
    Checkpoint {
        epoch: usize,
        /// Burn's error.
        source: RecordError,
    },
    /// The weights of the network cannot be copied or saved.
    #[error(transparent)]
    Weights(#[from] WeightsError),
}

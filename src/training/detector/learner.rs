//! Trains the detector, from recipe to weights.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use burn::module::Module as _;
use burn::store::{ModuleRecord, RecordError};
use burn::tensor::Device;
use burn::train::checkpoint::KeepLastNCheckpoints;
use burn::train::metric::LossMetric;
use burn::train::renderer::MetricsRenderer;
use burn::train::{Learner, SupervisedTraining};
use thiserror::Error;

use super::config::DetectorTrainingConfig;
use super::folder::DetectorDir;
use super::step::DetectorTrainer;
use crate::data::faces::LabelledPhoto;
use crate::data::faces::batches::{SceneBatches, SceneLoader};
use crate::nn::FaceDetectorNet;
use crate::nn::tensors::collect;
use crate::platform::files::FileError;
use crate::spec::weights::{WeightsError, encode};
use crate::training::artifact::ArtifactError;
use crate::training::error::RunError;
use crate::training::init::{self, InitError};
use crate::training::learner::launch;
use crate::training::schedule::{optimizer, schedule};

/// Error of a training run of the detector.
#[derive(Debug, Error)]
#[allow(missing_docs, reason = "the messages name the fields")]
pub enum DetectorTrainingError {
    /// The folder cannot be used.
    #[error(transparent)]
    Artifact(#[from] ArtifactError),
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// There are fewer training photographs than a batch needs.
    #[error(
        "{found} photographs are left to train on, fewer than a batch of {expected}; add photographs, hold out fewer sources, or lower `batch_size`"
    )]
    TooFewPhotos {
        /// Number of pictures per batch.
        expected: usize,
        /// Number of training photographs.
        found: usize,
    },
    /// The initial weights cannot be used.
    #[error(transparent)]
    Init(#[from] InitError),
    /// The run does not start or was stopped.
    #[error(transparent)]
    Run(#[from] RunError),
    /// A checkpoint cannot be loaded.
    #[error(
        "{path} does not load ({source}); remove the three files of that epoch and continue with --resume from the one before"
    )]
    Checkpoint {
        path: PathBuf,
        /// Burn's error.
        source: RecordError,
    },
    /// The weights cannot be saved.
    #[error(transparent)]
    Weights(#[from] WeightsError),
}

/// A training run of the detector to start or to continue.
pub struct DetectorRun<'a> {
    /// Folder of the run, which continues after the last complete checkpoint in it.
    pub folder: &'a DetectorDir,
    /// Recipe of the run.
    pub config: &'a DetectorTrainingConfig,
    /// Photographs for training and validation, without the held-out sources.
    pub photos: Vec<LabelledPhoto>,
    /// File of the recipe's initial weights; `None` for random ones.
    pub init: Option<&'a Path>,
    /// Devices to train on; each batch is divided between them. If empty, the default device.
    pub devices: Vec<Device>,
    /// Display of the progress; `None` for burn's terminal dashboard.
    pub renderer: Option<Box<dyn MetricsRenderer>>,
}

/// Trains the detector and writes the averaged weights of the last epoch into the run's folder. No
/// epoch is selected, so the validation loss is unbiased.
///
/// A resumed run continues with the weights, their average, the optimizer and the order of an
/// uninterrupted run.
///
/// # Errors
/// A [`DetectorTrainingError`] if the run cannot start or stops early.
pub fn train_detector(run: DetectorRun<'_>) -> Result<(), DetectorTrainingError> {
    let DetectorRun { folder, config, .. } = run;
    let device = run.devices.first().cloned().unwrap_or_default();
    let resumed = folder.last_epoch(config.epochs);
    if resumed == 0 || run.init.is_some() {
        init::check(config.initial_weights.as_ref(), run.init)?;
    }
    if resumed < config.epochs {
        let stopped = fit(run, resumed)?;
        if let Some(reason) = stopped {
            let epoch = folder.last_epoch(config.epochs);
            return Err(RunError::Stopped { epoch, reason }.into());
        }
    }
    let network = load_checkpoint(folder, config, config.epochs, &device)?;
    folder.save_weights(&encode(&collect(&network)?)?)?;
    Ok(())
}

/// Runs the epochs after `resumed`; returns the reason if it stopped early.
fn fit(run: DetectorRun<'_>, resumed: usize) -> Result<Option<String>, DetectorTrainingError> {
    let DetectorRun {
        folder,
        config,
        photos,
        init,
        devices,
        renderer,
    } = run;
    let (batch_size, count) = (config.batch_size, devices.len().max(1));
    let part = RunError::check_batch(batch_size, count)?;
    let (validation, training) = split(photos, config.validate_every);
    if training.len() < batch_size {
        return Err(DetectorTrainingError::TooFewPhotos {
            expected: batch_size,
            found: training.len(),
        });
    }
    let device = devices.first().cloned().unwrap_or_default();
    device.seed(config.seed);
    let steps_per_epoch = (training.len() / batch_size).div_ceil(config.optimizer.accumulation);
    let autodiff = device.clone().autodiff();
    let start = || {
        let network = FaceDetectorNet::new(&config.network, &autodiff);
        match init {
            Some(path) => init::from_run(network, path),
            None => Ok(network),
        }
    };
    let network = start()?;
    let average = match config.optimizer.average_decay > 0.0 {
        true => Some(start()?),
        false => None,
    };
    let model = DetectorTrainer::new(
        network,
        average,
        1.0 / (count * config.optimizer.accumulation) as f64,
        config.optimizer.average_decay,
        config.loss,
        resumed * steps_per_epoch,
    );
    let schedule = schedule(&config.optimizer, config.epochs * steps_per_epoch)
        .map_err(|reason| RunError::LearningRateSchedule { reason })?;
    let optimizer = optimizer(&config.optimizer);
    let batches = SceneBatches::training(
        Arc::new(training),
        config.augment,
        config.seed,
        config.epoch_sides(),
    );
    let training = SceneLoader::full_batches(batches, part, count, device.clone())
        .with_start_epoch(resumed as u64);
    let batches = SceneBatches::evaluation(Arc::new(validation), config.last_side());
    let validation = SceneLoader::every_item(batches, batch_size, device.clone());
    let training = SupervisedTraining::new(folder.root(), Arc::new(training), Arc::new(validation))
        .metrics((LossMetric::new(),))
        .num_epochs(config.epochs)
        .with_application_logger(None)
        .with_default_checkpointers()
        .with_checkpointing_strategy(KeepLastNCheckpoints::new(2));
    let learner = Learner::new(model, optimizer, schedule);
    let accumulation = config.optimizer.accumulation;
    Ok(launch(
        training,
        learner,
        accumulation,
        devices,
        renderer,
        resumed,
    ))
}

/// Splits photographs into every `every`-th one and the others.
fn split(photos: Vec<LabelledPhoto>, every: usize) -> (Vec<LabelledPhoto>, Vec<LabelledPhoto>) {
    let (kept, others): (Vec<_>, Vec<_>) = photos
        .into_iter()
        .enumerate()
        .partition(|(index, _)| index % every.max(1) == 0);
    let photos = |rows: Vec<(usize, LabelledPhoto)>| rows.into_iter().map(|(_, photo)| photo);
    (photos(kept).collect(), photos(others).collect())
}

/// Loads the weights of a run's last checkpoint, and returns them with its epoch.
///
/// # Errors
/// [`ArtifactError::NothingToResume`] before the end of the first epoch,
/// [`DetectorTrainingError::Checkpoint`] if the checkpoint cannot be loaded.
pub fn latest(
    folder: &DetectorDir,
    config: &DetectorTrainingConfig,
    device: &Device,
) -> Result<(FaceDetectorNet, usize), DetectorTrainingError> {
    let epoch = folder.last_epoch(config.epochs);
    if epoch == 0 {
        let path = folder.root().into();
        return Err(ArtifactError::NothingToResume { path }.into());
    }
    Ok((load_checkpoint(folder, config, epoch, device)?, epoch))
}

/// Loads the weights of an epoch, or their average if there is one.
fn load_checkpoint(
    folder: &DetectorDir,
    config: &DetectorTrainingConfig,
    epoch: usize,
    device: &Device,
) -> Result<FaceDetectorNet, DetectorTrainingError> {
    let [path, ..] = folder.checkpoint_paths(epoch);
    let checkpoint = |source| DetectorTrainingError::Checkpoint {
        path: path.clone(),
        source,
    };
    let record = ModuleRecord::load(&path).map_err(checkpoint)?;
    let average = (config.optimizer.average_decay > 0.0)
        .then(|| FaceDetectorNet::new(&config.network, device));
    let network = FaceDetectorNet::new(&config.network, device);
    let model = DetectorTrainer::new(network, average, 1.0, 0.0, config.loss, 0);
    let model = model.try_load_record(record).map_err(checkpoint)?;
    Ok(model.into_best())
}

//! A run from recipe to weights.

use std::path::Path;
use std::sync::{Arc, Mutex};

use burn::grad_clipping::GradientClippingConfig;
use burn::lr_scheduler::LrSchedulerConfig;
use burn::lr_scheduler::cosine::CosineAnnealingLrSchedulerConfig;
use burn::lr_scheduler::linear::LinearLrSchedulerConfig;
use burn::lr_scheduler::module_lr_scheduler::ModuleLrScheduler;
use burn::lr_scheduler::sequential::SequentialLrSchedulerConfig;
use burn::module::Module;
use burn::optim::AdamWConfig;
use burn::store::{ModuleRecord, RecordError};
use burn::tensor::Device;
use burn::train::metric::{AccuracyMetric, LossMetric};
use burn::train::renderer::MetricsRenderer;
use burn::train::{Learner, SupervisedTraining};
use thiserror::Error;

use super::artifact::{ArtifactDir, ArtifactError, EpochRecord, best, write_atomically};
use super::checkpoints::KeepBestAndLast;
use super::config::TrainingConfig;
use super::init::{self, InitError};
use super::step::Classifier;
use crate::data::Fer2013;
use crate::data::FerLoader;
use crate::model::weights::{WeightsError, apply, collect, encode};
use crate::model::{EmotionNet, InputSpec};

/// Images whose statistics calibrate the normalization of a pretrained start.
const CALIBRATION_IMAGES: usize = 256;

/// Why a run did not come to its end.
#[derive(Debug, Error)]
pub enum TrainingError {
    /// The folder.
    #[error(transparent)]
    Artifact(#[from] ArtifactError),
    /// The initial weights.
    #[error(transparent)]
    Init(#[from] InitError),
    /// A split is too small for one batch.
    #[error(
        "the {split} split has {found} images, fewer than a batch of {expected}; add images or lower `batch_size`"
    )]
    TooFewImages {
        /// Which.
        split: &'static str,
        /// Images of a batch.
        expected: usize,
        /// Images there are.
        found: usize,
    },
    /// The schedule refuses its numbers.
    #[error("the learning rate schedule is impossible: {reason}; change `optimizer` or `epochs`")]
    Schedule {
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
        /// Which.
        epoch: usize,
        /// What burn said.
        source: RecordError,
    },
    /// The weights of the best epoch.
    #[error(transparent)]
    Weights(#[from] WeightsError),
}

/// What a finished run came to.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Every epoch.
    pub history: Vec<EpochRecord>,
    /// The one whose weights were kept.
    pub best: EpochRecord,
}

/// Trains `config` on `data` in the folder `artifact`, resuming after the last whole checkpoint
/// that is in it, and writes the best epoch's weights there. Selects on the public test split.
///
/// # Errors
/// [`TrainingError`].
pub fn train(
    artifact: &ArtifactDir,
    config: &TrainingConfig,
    data: Fer2013,
    init: Option<&Path>,
    device: &Device,
    renderer: Option<Box<dyn MetricsRenderer>>,
) -> Result<Outcome, TrainingError> {
    let mut history = artifact.history()?;
    let kept = artifact.checkpoints(&history);
    let resumed = kept.last().copied();
    history.retain(|record| resumed.is_some_and(|epoch| record.epoch <= epoch));

    if resumed.unwrap_or(0) < config.epochs {
        let failure = Arc::new(Mutex::new(None));
        let strategy = KeepBestAndLast::new(artifact.clone(), history, kept, Arc::clone(&failure));
        let stopped = fit(
            artifact, config, data, init, device, renderer, resumed, strategy,
        )?;
        if let Ok(mut failure) = failure.lock()
            && let Some(error) = failure.take()
        {
            return Err(error.into());
        }
        history = artifact.history()?;
        if let Some(reason) = stopped {
            let epoch = history.last().map_or(0, |record| record.epoch);
            return Err(TrainingError::Stopped { epoch, reason });
        }
    }
    let best = *best(&history).ok_or_else(|| ArtifactError::NothingToResume {
        path: artifact.root().into(),
    })?;
    let network = load_checkpoint(artifact, config, best.epoch, device)?;
    write_atomically(&artifact.model_path(), &encode(&collect(&network)?)?)?;
    Ok(Outcome { history, best })
}

/// Runs the remaining epochs; returns why it stopped early, if it did.
#[expect(
    clippy::too_many_arguments,
    reason = "one caller; a struct would only rename them"
)]
fn fit(
    artifact: &ArtifactDir,
    config: &TrainingConfig,
    data: Fer2013,
    init: Option<&Path>,
    device: &Device,
    renderer: Option<Box<dyn MetricsRenderer>>,
    resumed: Option<usize>,
    strategy: KeepBestAndLast,
) -> Result<Option<String>, TrainingError> {
    let input = InputSpec::new(config.network.input_size, config.network.input_channels);
    for (split, expected, found) in [
        ("training", config.batch_size, data.training.len()),
        ("validation", 1, data.public_test.len()),
    ] {
        if found < expected {
            return Err(TrainingError::TooFewImages {
                split,
                expected,
                found,
            });
        }
    }
    device.seed(config.seed);
    let mut network = config.network.init(device);
    if let (Some(path), None) = (init, resumed) {
        let step = (data.training.len() / CALIBRATION_IMAGES).max(1);
        let crops: Vec<_> = data
            .training
            .iter()
            .step_by(step)
            .take(CALIBRATION_IMAGES)
            .map(|item| item.crop.clone())
            .collect();
        network = init::init(network, path, input.batch(&crops, device))?;
    }
    // Weights that were set off the training device are not tracked there.
    let mut network = apply(
        config.network.init(&device.clone().autodiff()),
        collect(&network)?,
    )?;
    if config.frozen_blocks > 0 {
        network.backbone = network.backbone.freeze_start(config.frozen_blocks);
    }
    let steps = config.epochs * (data.training.len() / config.batch_size);
    let optimizer = AdamWConfig::new()
        .with_epsilon(1e-8)
        .with_weight_decay(config.optimizer.weight_decay)
        .with_grad_clipping(Some(GradientClippingConfig::Norm(
            config.optimizer.gradient_norm,
        )))
        .init();
    let training = FerLoader::training(
        Arc::new(data.training),
        config.batch_size,
        input,
        Some(config.augment),
        config.seed,
        device.clone(),
    )
    .with_start_epoch(resumed.unwrap_or(0) as u64);
    let validation = FerLoader::evaluation(
        Arc::new(data.public_test),
        config.batch_size,
        input,
        device.clone(),
    );
    let model = Classifier::new(network, config.label_smoothing);
    let mut run =
        SupervisedTraining::new(artifact.root(), Arc::new(training), Arc::new(validation))
            .metrics((AccuracyMetric::new(), LossMetric::new()))
            .num_epochs(config.epochs)
            .with_application_logger(None)
            .with_default_checkpointers()
            .with_checkpointing_strategy(strategy);
    if let Some(renderer) = renderer {
        run = run.renderer(renderer);
    }
    if let Some(epoch) = resumed {
        run = run.checkpoint(epoch);
    }
    let result = run.launch(Learner::new(model, optimizer, schedule(config, steps)?));
    Ok(match (result.error, result.interrupted) {
        (Some(error), _) => Some(error.to_string()),
        (None, Some(interruption)) => {
            Some(interruption.reason.unwrap_or_else(|| "interrupted".into()))
        }
        (None, None) => None,
    })
}

/// One cycle: linearly up to the peak, then down along half a cosine.
fn schedule(config: &TrainingConfig, steps: usize) -> Result<ModuleLrScheduler, TrainingError> {
    let peak = config.optimizer.learning_rate;
    let warmup = ((steps as f64 * config.optimizer.warmup_fraction) as usize).max(1);
    let descent = steps.saturating_sub(warmup).max(1);
    SequentialLrSchedulerConfig::new(
        vec![
            LrSchedulerConfig::Linear(LinearLrSchedulerConfig::new(peak / 25.0, peak, warmup)),
            LrSchedulerConfig::Cosine(
                CosineAnnealingLrSchedulerConfig::new(peak, descent)
                    .with_min_lr(peak * config.optimizer.final_fraction),
            ),
        ],
        vec![warmup],
    )
    .init()
    .map_err(|reason| TrainingError::Schedule { reason })
}

fn load_checkpoint(
    artifact: &ArtifactDir,
    config: &TrainingConfig,
    epoch: usize,
    device: &Device,
) -> Result<EmotionNet, TrainingError> {
    let checkpoint = |source| TrainingError::Checkpoint { epoch, source };
    let [path, ..] = artifact.checkpoint_paths(epoch);
    let record = ModuleRecord::load(path).map_err(checkpoint)?;
    let model = Classifier::new(config.network.init(device), config.label_smoothing);
    Ok(model.try_load_record(record).map_err(checkpoint)?.network)
}

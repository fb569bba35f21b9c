//! Trains the network, from recipe to weights.

use std::path::Path;
use std::sync::{Arc, Mutex};

use burn::module::Module as _;
use burn::store::ModuleRecord;
use burn::tensor::Device;
use burn::train::metric::{AccuracyMetric, LossMetric};
use burn::train::renderer::MetricsRenderer;
use burn::train::{ExecutionStrategy, Learner, LearnerModel, MultiDeviceOptim, SupervisedTraining};

use super::artifact::{ArtifactDir, ArtifactError, EpochRecord, best};
use super::checkpoints::{KeepBestAndLast, Patience, TrainingHistory, is_out_of_patience};
use super::config::TrainingConfig;
use super::error::{RunError, TrainingError};
use super::init;
use super::schedule::{optimizer, schedule};
use super::step::{Classifier, StepOptions};
use crate::data::batch::fer::{FerLoader, TrainingBatches};
use crate::data::batch::targets::log_priors;
use crate::data::{DataSource, Fer2013, Split, Targets, Variation, label_counts, sources};
use crate::nn::EmotionNet;
use crate::nn::input::from_crops;
use crate::nn::tensors::{apply, collect};
use crate::platform::files::write_atomically;
use crate::spec::heads::READING_ANSWERS;
use crate::spec::weights::{WeightsError, encode};

/// Number of images for calibrating the batch normalization of pretrained weights.
const CALIBRATION_IMAGES: usize = 256;

/// Results of a finished run.
#[derive(Clone, Debug)]
pub struct FinishedRun {
    /// Results of every epoch.
    pub history: Vec<EpochRecord>,
    /// The epoch whose weights were saved.
    pub best: EpochRecord,
}

/// A training run to start or to continue.
pub struct Run<'a> {
    /// Folder of the run, which continues after the last complete checkpoint in it.
    pub artifact: &'a ArtifactDir,
    /// Recipe of the run.
    pub config: &'a TrainingConfig,
    /// Data for training (Training) and validation (PublicTest).
    pub data: Fer2013,
    /// Pretrained weights to start from.
    pub init: Option<&'a Path>,
    /// Devices to train on; each batch is divided between them. If empty, the default device.
    pub devices: Vec<Device>,
    /// Display of the progress; `None` for burn's terminal dashboard.
    pub renderer: Option<Box<dyn MetricsRenderer>>,
}

/// Trains the network and writes the best epoch's weights into the run's folder.
///
/// On the CPU, a resumed run is bit-identical to an uninterrupted one: order, augmentation and
/// dropout are functions of (seed, epoch, row), and the optimizer continues from its checkpoint. On
/// several devices, dropout depends on the order in which they finish.
///
/// # Errors
/// A [`TrainingError`] if the run cannot start or stops early.
pub fn train(run: Run<'_>) -> Result<FinishedRun, TrainingError> {
    let (artifact, config) = (run.artifact, run.config);
    let sources = sources::count(&run.data);
    let device = run.devices.first().cloned().unwrap_or_default();
    let mut history = artifact.history()?;
    let kept = artifact.checkpoints(&history);
    let resumed = kept.last().copied().unwrap_or(0);
    if resumed > 0 {
        check_same_sources(artifact, &sources)?;
    }
    history.retain(|record| record.epoch <= resumed);
    if resumed == 0 || run.init.is_some() {
        init::check(config.initial_weights.as_ref(), run.init)?;
    }

    if resumed < config.epochs && !is_out_of_patience(&history, config.patience) {
        let stopped = fit(run, &sources, resumed, history, kept)?;
        history = artifact.history()?;
        if let Some(reason) = stopped {
            let epoch = history.last().map_or(0, |record| record.epoch);
            return Err(RunError::Stopped { epoch, reason }.into());
        }
    }
    let best = *best(&history).ok_or_else(|| ArtifactError::NothingToResume {
        path: artifact.root().into(),
    })?;
    let (network, biases) = load_checkpoint(artifact, config, best.epoch, &sources, &device)?;
    artifact.save_sources(&sources, &biases)?;
    write_atomically(&artifact.model_path(), &encode(&collect(&network)?)?)?;
    Ok(FinishedRun { history, best })
}

/// Runs the epochs after `resumed`; returns the reason if it stopped early.
fn fit(
    run: Run<'_>,
    sources: &[DataSource],
    resumed: usize,
    history: Vec<EpochRecord>,
    kept: Vec<usize>,
) -> Result<Option<String>, TrainingError> {
    let Run {
        artifact,
        config,
        data,
        init,
        devices,
        renderer,
    } = run;
    let share = Share::new(config, &data, devices.len())?;
    let device = devices.first().cloned().unwrap_or_default();
    device.seed(config.seed);
    // The weights of a resumed run come from its checkpoint.
    let pretrained = init.filter(|_| resumed == 0);
    let network = start(config, &data, pretrained, &device)?;
    let average = match config.optimizer.average_decay > 0.0 {
        true => Some(copy(config, &network, &device)?),
        false => None,
    };

    check_sources(config, sources)?;
    let counts = label_counts(&data.training, config.network.head.reading);
    let tau = config.loss.logit_adjustment as f32;
    let options = StepOptions {
        logit_offsets: log_priors(&counts).map(|prior| tau * prior),
        source_log_shares: source_log_shares(config, sources),
        gradient_scale: 1.0 / (devices.len().max(1) * config.optimizer.accumulation) as f64,
        average_decay: config.optimizer.average_decay,
        steps_before: resumed * share.steps_per_epoch,
    };
    let model = Classifier::new(network, average, options, &device.clone().autodiff());
    let schedule = schedule(&config.optimizer, config.epochs * share.steps_per_epoch)
        .map_err(|reason| RunError::LearningRateSchedule { reason })?;
    let optimizer = optimizer(&config.optimizer);

    let targets = Targets::new(&config.loss, &counts).with_sources(sources, &config.sources);
    let is_cut_out = |source: &DataSource| config.source(&source.name).is_some_and(|it| it.cut_out);
    let batches = TrainingBatches {
        batch_size: share.batch_size,
        devices: devices.len(),
        inputs: config.training_inputs(),
        variation: Variation {
            augment: config.augment,
            mixing: config.mixing,
            targets: targets.clone(),
            cut_out: sources.iter().map(is_cut_out).collect(),
            seed: config.seed,
        },
    };
    let input = config.input();
    let training = FerLoader::training(Arc::new(data.training), batches, input, device.clone())
        .with_start_epoch(resumed as u64);
    let mut selecting = data.public_test;
    if config.network.head.reading {
        selecting.extend(data.selecting);
    }
    let validation = FerLoader::evaluation(
        Arc::new(selecting),
        share.batch_size,
        input,
        targets.for_validation(),
        device.clone(),
    );

    let failure = Arc::new(Mutex::new(None));
    let history = TrainingHistory::new(history);
    let strategy = KeepBestAndLast::new(
        artifact.clone(),
        history.clone(),
        kept,
        training.clock(),
        Arc::clone(&failure),
    );
    let training =
        SupervisedTraining::new(artifact.root(), Arc::new(training), Arc::new(validation))
            .metrics((AccuracyMetric::new(), LossMetric::new()))
            .num_epochs(config.epochs)
            .with_application_logger(None)
            .with_default_checkpointers()
            .with_checkpointing_strategy(strategy)
            .early_stopping(Patience::new(history, config.patience));
    if resumed == 0 {
        artifact.save_sources(sources, &[])?;
    }
    let learner = Learner::new(model, optimizer, schedule);
    let accumulation = config.optimizer.accumulation;
    let stopped = launch(training, learner, accumulation, devices, renderer, resumed);
    if let Ok(mut failure) = failure.lock()
        && let Some(error) = failure.take()
    {
        return Err(error.into());
    }
    Ok(stopped)
}

/// Runs the epochs after `resumed`, and returns why they stopped early, `None` if they did not.
pub(super) fn launch<M: LearnerModel>(
    mut training: SupervisedTraining<M>,
    learner: Learner<M>,
    accumulation: usize,
    devices: Vec<Device>,
    renderer: Option<Box<dyn MetricsRenderer>>,
    resumed: usize,
) -> Option<String> {
    if accumulation > 1 {
        training = training.grads_accumulation(accumulation);
    }
    if devices.len() > 1 {
        let strategy = ExecutionStrategy::multi(devices, MultiDeviceOptim::OptimMainDevice);
        training = training.with_training_strategy(strategy.into());
    }
    if let Some(renderer) = renderer {
        training = training.renderer(renderer);
    }
    if resumed > 0 {
        training = training.checkpoint(resumed);
    }
    let result = training.launch(learner);
    let interrupted = result.interrupted;
    let interruption = interrupted.map(|it| it.reason.unwrap_or_else(|| "interrupted".into()));
    result.error.map(|error| error.to_string()).or(interruption)
}

/// How an epoch is divided into batches and steps.
struct Share {
    /// Number of images per batch and device.
    batch_size: usize,
    steps_per_epoch: usize,
}

impl Share {
    /// Checks that `data` is sufficient for `config` on this many devices.
    fn new(config: &TrainingConfig, data: &Fer2013, devices: usize) -> Result<Self, TrainingError> {
        let batch_size = config.batch_size;
        let part = RunError::check_batch(batch_size, devices.max(1))?;
        let named = |split| format!("{} of {}", data.split_name(split), data.sources.join(", "));
        if data.public_test.is_empty() {
            let split = named(Split::PublicTest);
            return Err(TrainingError::NothingToSelectOn { split });
        }
        if data.training.len() < batch_size {
            return Err(TrainingError::TooFewImages {
                split: named(Split::Training),
                expected: batch_size,
                found: data.training.len(),
            });
        }
        let share = config.loss.fer_plus_share;
        if share > 0.0 && data.training.iter().all(|item| item.votes.is_none()) {
            return Err(TrainingError::NoVotes { share });
        }
        if config.network.head.reading && data.training.iter().all(|item| item.votes.is_none()) {
            return Err(TrainingError::NothingToRead);
        }
        let batches = data.training.len() / batch_size;
        Ok(Self {
            batch_size: part,
            steps_per_epoch: batches.div_ceil(config.optimizer.accumulation),
        })
    }
}

/// Creates the network with its initial weights, on the training device.
fn start(
    config: &TrainingConfig,
    data: &Fer2013,
    pretrained: Option<&Path>,
    device: &Device,
) -> Result<EmotionNet, TrainingError> {
    let mut network = EmotionNet::new(&config.network, device);
    if let Some(path) = pretrained {
        let step = (data.training.len() / CALIBRATION_IMAGES).max(1);
        let crops: Vec<_> = data
            .training
            .iter()
            .step_by(step)
            .take(CALIBRATION_IMAGES)
            .map(|item| item.crop.clone())
            .collect();
        network = init::init(network, path, from_crops(&config.input(), &crops, device))?;
    }
    let network = copy(config, &network, device)?;
    Ok(if config.frozen_blocks > 0 {
        EmotionNet {
            backbone: network.backbone.freeze_start(config.frozen_blocks),
            ..network
        }
    } else {
        network
    })
}

/// Copies the weights into new parameters that are tracked by autodiff; weights that were set
/// without autodiff are not tracked.
fn copy(
    config: &TrainingConfig,
    network: &EmotionNet,
    device: &Device,
) -> Result<EmotionNet, WeightsError> {
    let device = device.clone().autodiff();
    apply(EmotionNet::new(&config.network, &device), collect(network)?)
}

/// Loads the network of an epoch, with each source's bias of the reading head.
fn load_checkpoint(
    artifact: &ArtifactDir,
    config: &TrainingConfig,
    epoch: usize,
    sources: &[DataSource],
    device: &Device,
) -> Result<(EmotionNet, Vec<[f32; READING_ANSWERS]>), TrainingError> {
    let checkpoint = |source| TrainingError::Checkpoint { epoch, source };
    let [path, ..] = artifact.checkpoint_paths(epoch);
    let record = ModuleRecord::load(path).map_err(checkpoint)?;
    let average =
        (config.optimizer.average_decay > 0.0).then(|| EmotionNet::new(&config.network, device));
    let options = StepOptions {
        source_log_shares: source_log_shares(config, sources),
        ..StepOptions::PLAIN
    };
    let model = Classifier::new(
        EmotionNet::new(&config.network, device),
        average,
        options,
        device,
    );
    let model = model.try_load_record(record).map_err(checkpoint)?;
    model.into_best().map_err(|source| TrainingError::Biases {
        reason: source.to_string(),
    })
}

/// Returns the initial bias of each source; empty if there is no reading head.
fn source_log_shares(
    config: &TrainingConfig,
    sources: &[DataSource],
) -> Vec<[f32; READING_ANSWERS]> {
    match config.network.head.reading {
        true => sources.iter().map(DataSource::log_shares).collect(),
        false => vec![],
    }
}

/// Checks that a resumed run has the same sources in the same order, because biases are stored by
/// the index of the source.
fn check_same_sources(artifact: &ArtifactDir, sources: &[DataSource]) -> Result<(), TrainingError> {
    let told = |source: &DataSource| {
        let count: f64 = source.learned.iter().sum();
        format!("{} ({count:.0} faces)", source.name)
    };
    let began: Vec<String> = artifact
        .sources()?
        .iter()
        .map(|it| told(&it.source))
        .collect();
    let given: Vec<String> = sources.iter().map(told).collect();
    // The folder of an old run has no list of sources.
    match began.is_empty() || began == given {
        true => Ok(()),
        false => Err(TrainingError::OtherSources {
            began: began.join(", "),
            given: given.join(", "),
        }),
    }
}

/// Checks that faces of several sources are not mixed.
fn check_sources(config: &TrainingConfig, sources: &[DataSource]) -> Result<(), TrainingError> {
    match sources.len() > 1 && config.mixing.mixes() && config.network.head.reading {
        true => Err(TrainingError::MixedSources),
        false => Ok(()),
    }
}

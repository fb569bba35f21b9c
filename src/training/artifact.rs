//! The folder of one training run. All files but the checkpoints are written atomically.
//!
//! ```text
//! config.toml          the recipe, written before the first step
//! lock                 empty; locked by the process that trains in the folder
//! history.json         losses and accuracies of every finished epoch
//! checkpoint/          state for resuming the run: the last two epochs and the best one
//! model.safetensors    the best epoch's weights, written when the run ends
//! sources.json         faces by source and answer, and the best epoch's bias of each source
//! ```

use std::fs;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::config::{ConfigError, Recipe, TrainingConfig};
use crate::data::DataSource;
use crate::platform::files::{FileError, write_atomically};
use crate::platform::simd::Instructions;
use crate::spec::heads::READING_ANSWERS;

/// File name of a run's recipe.
pub const CONFIG_FILE: &str = "config.toml";
const LOCK_FILE: &str = "lock";

/// Error of using an artifact folder.
#[derive(Debug, Error)]
#[allow(missing_docs, reason = "the messages name the fields")]
pub enum ArtifactError {
    /// The folder already holds a training run.
    #[error(
        "{path} already holds a training run; continue it with --resume, or choose another --out"
    )]
    Occupied {
        /// Path of the folder.
        path: PathBuf,
    },
    /// Another process trains in the folder.
    #[error("another process is training in {path}; wait until it ends, or choose another --out")]
    InUse {
        /// Path of the folder.
        path: PathBuf,
    },
    /// The folder has no finished epoch to resume from.
    #[error("{path} holds no finished epoch to resume from; start it without --resume")]
    NothingToResume {
        /// Path of the folder.
        path: PathBuf,
    },
    /// The run to resume has another configuration.
    #[error(
        "{path} was trained with another configuration than the one asked for; resume it without --preset and --config, or choose another --out"
    )]
    OtherConfig {
        /// Path of the saved configuration.
        path: PathBuf,
    },
    /// The run has not finished.
    #[error("{path} is missing; the run has not ended yet: finish it with `moue train --resume`")]
    NotFinished {
        /// Path of the missing weights.
        path: PathBuf,
    },
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// A file written by this program cannot be parsed.
    #[error("{path} is damaged ({reason}); restore it or start again in another folder")]
    Damaged {
        path: PathBuf,
        /// Error of the parser.
        reason: String,
    },
    /// The configuration cannot be read or is invalid.
    #[error(transparent)]
    Config(#[from] ConfigError),
}

/// Results of one epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EpochRecord {
    /// Number of the epoch, from 1.
    pub epoch: usize,
    /// Mean training loss in nats, with augmentation and label smoothing.
    pub training_loss: f64,
    /// Training accuracy, 0 to 1.
    pub training_accuracy: f64,
    /// Mean loss on the validation split, in nats.
    pub validation_loss: f64,
    /// Accuracy on the validation split, 0 to 1.
    pub validation_accuracy: f64,
    /// Duration of the training in seconds, without validation.
    #[serde(default)]
    pub training_seconds: f64,
    /// Share of this duration that the network waited for batches, 0 to 1.
    #[serde(default)]
    pub waiting_for_data: f64,
    /// Instruction set that the kernels were compiled for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instructions: Option<Instructions>,
}

/// A data source of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SourceRecord {
    /// Name of the source and its numbers of faces.
    #[serde(flatten)]
    pub source: DataSource,
    /// Bias added to the reading head's logits for the source's faces while training; `None` if the
    /// network has no reading head.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bias: Option<[f32; READING_ANSWERS]>,
}

/// Returns the epoch with the best validation accuracy; the earliest of equals. A NaN accuracy is
/// worse than any number. `None` for an empty history.
pub fn best(history: &[EpochRecord]) -> Option<&EpochRecord> {
    let rank = |record: &EpochRecord| match record.validation_accuracy {
        accuracy if accuracy.is_nan() => f64::NEG_INFINITY,
        accuracy => accuracy,
    };
    history.iter().reduce(|best, record| {
        if rank(record) > rank(best) {
            record
        } else {
            best
        }
    })
}

/// The folder of a training run.
#[derive(Clone, Debug)]
pub struct ArtifactDir {
    root: PathBuf,
    _lock: Option<RunLock>,
}

impl ArtifactDir {
    /// Creates the folder of a run, locks it and saves the recipe. The folder must not exist or be
    /// empty, or hold only what a run that could not start left.
    ///
    /// # Errors
    /// [`ArtifactError::Occupied`], [`ArtifactError::InUse`], [`ArtifactError::File`].
    pub fn create(root: &Path, config: &TrainingConfig) -> Result<Self, ArtifactError> {
        let lock = start_in(root, &config.to_toml()?)?;
        Ok(Self {
            root: root.into(),
            _lock: Some(lock),
        })
    }

    /// Opens the folder of a run, without a lock, and reads its recipe.
    ///
    /// # Errors
    /// [`ArtifactError::Config`] if there is no readable recipe.
    pub fn open(root: &Path) -> Result<(Self, TrainingConfig), ArtifactError> {
        let config = TrainingConfig::read(&root.join(CONFIG_FILE))?;
        let artifact = Self {
            root: root.into(),
            _lock: None,
        };
        Ok((artifact, config))
    }

    /// As [`Self::open`], and locks the folder, to go on with the run.
    ///
    /// # Errors
    /// As [`Self::open`], and [`ArtifactError::InUse`].
    pub fn resume(root: &Path) -> Result<(Self, TrainingConfig), ArtifactError> {
        let (mut artifact, config) = Self::open(root)?;
        artifact._lock = Some(RunLock::new(root)?);
        Ok((artifact, config))
    }

    /// Returns the path of the folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Returns the path of the recipe.
    pub fn config_path(&self) -> PathBuf {
        self.root.join(CONFIG_FILE)
    }

    /// Returns the path of the weights.
    pub fn model_path(&self) -> PathBuf {
        self.root.join("model.safetensors")
    }

    /// Writes the data sources of the run with their biases of the reading head's logits. `biases`
    /// is empty if the network has no reading head.
    ///
    /// # Errors
    /// [`ArtifactError::File`].
    pub fn save_sources(
        &self,
        sources: &[DataSource],
        biases: &[[f32; READING_ANSWERS]],
    ) -> Result<(), ArtifactError> {
        let path = self.sources_path();
        let records: Vec<SourceRecord> = sources
            .iter()
            .enumerate()
            .map(|(index, source)| SourceRecord {
                source: source.clone(),
                bias: biases.get(index).copied(),
            })
            .collect();
        let json = serde_json::to_vec_pretty(&records).map_err(|error| ArtifactError::Damaged {
            path: path.clone(),
            reason: error.to_string(),
        })?;
        Ok(write_atomically(&path, &json)?)
    }

    /// Reads the data sources of the run; empty if the run has no `sources.json`.
    ///
    /// # Errors
    /// [`ArtifactError::File`], [`ArtifactError::Damaged`].
    pub fn sources(&self) -> Result<Vec<SourceRecord>, ArtifactError> {
        read_list(self.sources_path())
    }

    fn sources_path(&self) -> PathBuf {
        self.root.join("sources.json")
    }

    fn history_path(&self) -> PathBuf {
        self.root.join("history.json")
    }

    /// Reads the results of the finished epochs; empty before the first epoch has finished.
    ///
    /// # Errors
    /// [`ArtifactError::File`], [`ArtifactError::Damaged`].
    pub fn history(&self) -> Result<Vec<EpochRecord>, ArtifactError> {
        read_list(self.history_path())
    }

    /// Replaces the history.
    ///
    /// # Errors
    /// [`ArtifactError::File`].
    pub fn save_history(&self, history: &[EpochRecord]) -> Result<(), ArtifactError> {
        let path = self.history_path();
        let json = serde_json::to_vec_pretty(history).map_err(|error| ArtifactError::Damaged {
            path: path.clone(),
            reason: error.to_string(),
        })?;
        Ok(write_atomically(&path, &json)?)
    }

    /// Returns the paths of an epoch's checkpoint: weights, optimizer and schedule.
    pub fn checkpoint_paths(&self, epoch: usize) -> [PathBuf; 3] {
        checkpoint_paths(&self.root, epoch)
    }

    /// Returns the epochs in `history` with a complete checkpoint, in order. An epoch's history is
    /// written before its checkpoint.
    pub fn checkpoints(&self, history: &[EpochRecord]) -> Vec<usize> {
        history
            .iter()
            .map(|record| record.epoch)
            .filter(|&epoch| {
                self.checkpoint_paths(epoch)
                    .iter()
                    .all(|path| path.is_file())
            })
            .collect()
    }
}

/// Reads a list from a JSON file; empty if there is no file.
fn read_list<T: DeserializeOwned>(path: PathBuf) -> Result<Vec<T>, ArtifactError> {
    match fs::read(&path) {
        Ok(json) => serde_json::from_slice(&json).map_err(|error| ArtifactError::Damaged {
            path,
            reason: error.to_string(),
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(vec![]),
        Err(source) => Err(FileError::new("read", &path, source).into()),
    }
}

/// Creates the folder of a run, locks it and saves its recipe. The folder must not exist or be
/// empty, or hold only what a run that could not start left.
///
/// # Errors
/// [`ArtifactError::Occupied`], [`ArtifactError::InUse`], [`ArtifactError::File`].
pub fn start_in(root: &Path, config: &str) -> Result<RunLock, ArtifactError> {
    let io = |source| FileError::new("create", root, source);
    fs::create_dir_all(root).map_err(io)?;
    for entry in fs::read_dir(root).map_err(io)? {
        let name = entry.map_err(io)?.file_name();
        if name != CONFIG_FILE && name != LOCK_FILE {
            return Err(ArtifactError::Occupied { path: root.into() });
        }
    }
    let lock = RunLock::new(root)?;
    write_atomically(&root.join(CONFIG_FILE), config.as_bytes())?;
    Ok(lock)
}

/// The right of this process to train in a folder, until all copies are dropped. The system takes
/// it back when the process ends, however it ends.
#[derive(Clone, Debug)]
pub struct RunLock(#[expect(dead_code, reason = "it is held, and not read")] Arc<File>);

impl RunLock {
    /// Locks the folder of a run. Where the file system has no locks, every process has the right.
    ///
    /// # Errors
    /// [`ArtifactError::InUse`], [`ArtifactError::File`].
    pub fn new(root: &Path) -> Result<Self, ArtifactError> {
        let path = root.join(LOCK_FILE);
        let file = File::create(&path).map_err(|source| FileError::new("create", &path, source))?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => Err(ArtifactError::InUse { path: root.into() }),
            Ok(()) | Err(TryLockError::Error(_)) => Ok(Self(Arc::new(file))),
        }
    }
}

/// Returns the paths of an epoch's checkpoint of the run in `root`: weights, optimizer, schedule.
pub fn checkpoint_paths(root: &Path, epoch: usize) -> [PathBuf; 3] {
    ["model", "optim", "scheduler"]
        .map(|kind| root.join("checkpoint").join(format!("{kind}-{epoch}.bpk")))
}

#[cfg(test)]
mod tests {
    use super::super::config::Preset;
    use super::*;

    fn record(epoch: usize, validation_accuracy: f64) -> EpochRecord {
        EpochRecord {
            epoch,
            training_loss: 1.0,
            training_accuracy: 0.5,
            validation_loss: 1.0,
            validation_accuracy,
            training_seconds: 0.0,
            waiting_for_data: 0.0,
            instructions: None,
        }
    }

    #[test]
    fn a_run_is_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let config = Preset::Smoke.config().unwrap();
        let root = folder.path().join("run");
        ArtifactDir::create(&root, &config).unwrap();
        let artifact = ArtifactDir::create(&root, &config).unwrap(); // it has not started
        artifact.save_history(&[]).unwrap();
        let again = ArtifactDir::create(&root, &config).unwrap_err();
        assert!(matches!(again, ArtifactError::Occupied { .. }), "{again}");
        assert_eq!(ArtifactDir::open(&root).unwrap().1, config);
    }

    #[test]
    fn one_process_at_a_time_trains_in_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        let config = Preset::Smoke.config().unwrap();
        let other = Preset::Moue.config().unwrap();
        let in_use = |result| matches!(result, Err(ArtifactError::InUse { .. }));
        let started = ArtifactDir::create(folder.path(), &config).unwrap();
        assert!(in_use(ArtifactDir::create(folder.path(), &other).map(drop)));
        assert!(in_use(ArtifactDir::resume(folder.path()).map(drop)));
        assert_eq!(ArtifactDir::open(folder.path()).unwrap().1, config);
        drop(started);
        let resumed = ArtifactDir::resume(folder.path()).unwrap();
        assert!(in_use(ArtifactDir::resume(folder.path()).map(drop)));
        drop(resumed);
        ArtifactDir::resume(folder.path()).unwrap();
    }

    #[test]
    fn history_survives_and_damage_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("run");
        let artifact = ArtifactDir::create(&root, &Preset::Smoke.config().unwrap()).unwrap();
        assert_eq!(artifact.history().unwrap(), []);
        let history = [record(1, 0.3), record(2, 0.5), record(3, 0.5)];
        artifact.save_history(&history).unwrap();
        assert_eq!(artifact.history().unwrap(), history);
        assert_eq!(best(&history).map(|record| record.epoch), Some(2));
        let diverged = [record(1, f64::NAN), record(2, 0.2)];
        assert_eq!(best(&diverged).map(|record| record.epoch), Some(2));
        fs::write(root.join("history.json"), "[{").unwrap();
        assert!(matches!(
            artifact.history(),
            Err(ArtifactError::Damaged { .. })
        ));
    }

    #[test]
    fn half_a_checkpoint_does_not_count() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("run");
        let artifact = ArtifactDir::create(&root, &Preset::Smoke.config().unwrap()).unwrap();
        fs::create_dir_all(root.join("checkpoint")).unwrap();
        for path in artifact.checkpoint_paths(1) {
            fs::write(path, "").unwrap();
        }
        fs::write(&artifact.checkpoint_paths(2)[0], "").unwrap();
        assert_eq!(artifact.checkpoints(&[record(1, 0.1), record(2, 0.2)]), [1]);
    }
}

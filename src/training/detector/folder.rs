//! The folder of a training run of the detector.
//!
//! ```text
//! config.toml            the recipe, written before the first step
//! lock                   empty; locked by the process that trains in the folder
//! checkpoint/            the last two epochs, for resuming the run
//! detector.safetensors   the weights, written when the run ends
//! ```

use std::path::{Path, PathBuf};

use super::config::DetectorTrainingConfig;
use crate::platform::files::{FileError, write_atomically};
use crate::training::artifact::{ArtifactError, CONFIG_FILE, RunLock, checkpoint_paths, start_in};
use crate::training::config::Recipe;

/// The folder of a training run of the detector.
#[derive(Clone, Debug)]
pub struct DetectorDir {
    root: PathBuf,
    _lock: Option<RunLock>,
}

impl DetectorDir {
    /// Creates the folder of a run, locks it and saves the recipe. The folder must not exist or be
    /// empty, or hold only what a run that could not start left.
    ///
    /// # Errors
    /// [`ArtifactError::Occupied`], [`ArtifactError::InUse`], [`ArtifactError::File`].
    pub fn create(root: &Path, config: &DetectorTrainingConfig) -> Result<Self, ArtifactError> {
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
    pub fn open(root: &Path) -> Result<(Self, DetectorTrainingConfig), ArtifactError> {
        let config = DetectorTrainingConfig::read(&root.join(CONFIG_FILE))?;
        let folder = Self {
            root: root.into(),
            _lock: None,
        };
        Ok((folder, config))
    }

    /// As [`Self::open`], and locks the folder, to go on with the run.
    ///
    /// # Errors
    /// As [`Self::open`], and [`ArtifactError::InUse`].
    pub fn resume(root: &Path) -> Result<(Self, DetectorTrainingConfig), ArtifactError> {
        let (mut folder, config) = Self::open(root)?;
        folder._lock = Some(RunLock::new(root)?);
        Ok((folder, config))
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
    pub fn weights_path(&self) -> PathBuf {
        self.root.join("detector.safetensors")
    }

    /// Returns the paths of an epoch's checkpoint: weights, optimizer and schedule.
    pub fn checkpoint_paths(&self, epoch: usize) -> [PathBuf; 3] {
        checkpoint_paths(&self.root, epoch)
    }

    /// Returns the last epoch up to `epochs` with a complete checkpoint; 0 if there is none.
    pub fn last_epoch(&self, epochs: usize) -> usize {
        (1..=epochs)
            .rev()
            .find(|epoch| {
                self.checkpoint_paths(*epoch)
                    .iter()
                    .all(|path| path.is_file())
            })
            .unwrap_or(0)
    }

    /// Writes the weights.
    ///
    /// # Errors
    /// [`FileError`] if the file cannot be written.
    pub fn save_weights(&self, bytes: &[u8]) -> Result<(), FileError> {
        write_atomically(&self.weights_path(), bytes)
    }
}

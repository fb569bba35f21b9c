//! The folder of one run of the detector.
//!
//! ```text
//! config.toml            the recipe, written before the first step
//! checkpoint/            the last two epochs, what a resumed run continues from
//! detector.safetensors   the weights, written when the run ends
//! ```

use std::path::{Path, PathBuf};

use super::config::DetectorTrainingConfig;
use crate::platform::files::{FileError, write_atomically};
use crate::training::artifact::{ArtifactError, checkpoint_paths};

/// A run's folder, created or opened.
#[derive(Clone, Debug)]
pub struct DetectorDir {
    root: PathBuf,
}

impl DetectorDir {
    /// Starts a run: the folder must be absent or empty, or hold nothing but the recipe of a run
    /// that could not start. Saves the recipe at once.
    ///
    /// # Errors
    /// [`ArtifactError::Occupied`], [`ArtifactError::File`].
    pub fn create(root: &Path, config: &DetectorTrainingConfig) -> Result<Self, ArtifactError> {
        let folder = Self { root: root.into() };
        crate::training::artifact::start_in(root, &folder.config_path(), &config.to_toml()?)?;
        Ok(folder)
    }

    /// Opens a run to read it or to continue it.
    ///
    /// # Errors
    /// [`ArtifactError::Config`] where there is no readable recipe.
    pub fn open(root: &Path) -> Result<(Self, DetectorTrainingConfig), ArtifactError> {
        let folder = Self { root: root.into() };
        let config = DetectorTrainingConfig::read(&folder.config_path())?;
        Ok((folder, config))
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The recipe.
    pub fn config_path(&self) -> PathBuf {
        self.root.join("config.toml")
    }

    /// The weights.
    pub fn weights_path(&self) -> PathBuf {
        self.root.join("detector.safetensors")
    }

    /// Where the records of an epoch are: weights, optimizer and schedule.
    pub fn checkpoint_paths(&self, epoch: usize) -> [PathBuf; 3] {
        checkpoint_paths(&self.root, epoch)
    }

    /// The last epoch whose checkpoint is whole; 0 where there is none.
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

    /// Keeps the weights.
    ///
    /// # Errors
    /// [`FileError`].
    pub fn save_weights(&self, bytes: &[u8]) -> Result<(), FileError> {
        write_atomically(&self.weights_path(), bytes)
    }
}

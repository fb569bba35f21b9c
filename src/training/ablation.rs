//! Ablations: runs of a recipe with one change each.

use std::path::{Path, PathBuf};

use burn::tensor::Device;
use burn::train::renderer::MetricsRenderer;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::artifact::{ArtifactDir, ArtifactError};
use super::config::{ConfigError, Recipe, TrainingConfig};
use super::error::TrainingError;
use super::learner;
use super::learner::Run;
use crate::data::{Fer2013, MixingConfig};
use crate::platform::files::{FileError, write_atomically};
use crate::spec::architecture::AttentionConfig;
use crate::spec::style::ActivationConfig;

/// One change to a recipe.
#[derive(Clone, Copy, Debug)]
pub struct Variant {
    /// Name in the table of results.
    pub name: &'static str,
    /// Name of the run's folder.
    pub folder: &'static str,
    /// Applies the change to a recipe.
    pub change: fn(&mut TrainingConfig),
}

/// The unchanged recipe, then each change. [`variants`] leaves out a change that has no effect on
/// the recipe, so that one of each pair of opposites remains.
#[rustfmt::skip]
pub const VARIANTS: &[Variant] = &[
    Variant { name: "as it is", folder: "as-it-is", change: |_| () },
    Variant { name: "no attention", folder: "no-attention",
        change: |config| config.network.attention = AttentionConfig::None },
    Variant { name: "the paper's gate (dense 1×1)", folder: "dense-gate",
        change: |config| config.network.attention = AttentionConfig::Dense },
    Variant { name: "a spatial gate (7×7)", folder: "spatial-gate",
        change: |config| config.network.attention = AttentionConfig::Spatial },
    Variant { name: "the multi-scale gate (3, 5, 7)", folder: "multi-scale-gate",
        change: |config| {
            config.network.attention = AttentionConfig::MultiScale { kernels: vec![3, 5, 7] };
        } },
    Variant { name: "SiLU", folder: "silu",
        change: |config| config.network.style.activation = ActivationConfig::Silu },
    Variant { name: "ReLU6", folder: "relu6",
        change: |config| config.network.style.activation = ActivationConfig::Relu6 },
    Variant { name: "without squeeze-excite", folder: "without-squeeze-excite",
        change: |config| config.network.squeeze_excite = false },
    Variant { name: "with Mixup (0.2)", folder: "with-mixup",
        change: |config| {
            config.mixing = MixingConfig { mixup_alpha: 0.2, probability: 1.0, ..MixingConfig::NONE };
        } },
    Variant { name: "without Mixup", folder: "without-mixup",
        change: |config| config.mixing = MixingConfig { mixup_alpha: 0.0, ..config.mixing } },
    Variant { name: "with class weights", folder: "with-class-weights",
        change: |config| config.loss.class_weight_power = 1.0 },
    Variant { name: "without class weights", folder: "without-class-weights",
        change: |config| config.loss.class_weight_power = 0.0 },
];

/// Returns the distinct variants of `base`, each with its configuration, starting with `base`.
pub fn variants(base: &TrainingConfig) -> Vec<(Variant, TrainingConfig)> {
    let mut found: Vec<(Variant, TrainingConfig)> = vec![];
    for variant in VARIANTS {
        let mut config = base.clone();
        (variant.change)(&mut config);
        if found.iter().all(|(_, other)| *other != config) {
            found.push((*variant, config));
        }
    }
    found
}

/// Error of an ablation.
#[derive(Debug, Error)]
pub enum AblationError {
    /// A changed recipe is invalid.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The folder of a run cannot be used.
    #[error(transparent)]
    Artifact(#[from] ArtifactError),
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// A run failed.
    #[error("the run in {path} did not end: {reason}")]
    Training {
        /// Folder of the run.
        path: PathBuf,
        /// Error of the run.
        reason: Box<TrainingError>,
    },
    /// The folder belongs to an ablation on other data or initial weights.
    #[error(
        "{path} says that this folder's runs learn from {found}, and now it would be {expected}; choose another --out, or the same --images and --init"
    )]
    OtherData {
        /// Path of `ablation.json`.
        path: PathBuf,
        /// Data and initial weights of the existing ablation.
        found: String,
        /// Data and initial weights that were given.
        expected: String,
    },
}

/// What the runs of an ablation have in common, saved in its folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Shared {
    training_images: usize,
    initial_weights: Option<PathBuf>,
}

impl Shared {
    fn told(&self) -> String {
        match &self.initial_weights {
            Some(path) => format!("{} images after {}", self.training_images, path.display()),
            None => format!("{} images from nothing", self.training_images),
        }
    }
}

/// An ablation: its folder and the data of its runs.
#[derive(Debug)]
pub struct Ablation {
    root: PathBuf,
    data: Fer2013,
    init: Option<PathBuf>,
}

impl Ablation {
    /// Starts or continues the ablation in `root`. With `images`, only that many training images
    /// are used, evenly spread over the split; the other splits are unchanged.
    ///
    /// # Errors
    /// [`AblationError::OtherData`] if the folder's runs use other data or initial weights;
    /// [`AblationError::Artifact`] and [`AblationError::File`] if its file cannot be used.
    pub fn open(
        root: &Path,
        mut data: Fer2013,
        images: Option<usize>,
        init: Option<PathBuf>,
    ) -> Result<Self, AblationError> {
        let all = data.training.len();
        if let Some(images) = images.filter(|images| *images < all) {
            let kept = (0..images).map(|at| data.training[at * all / images].clone());
            data.training = kept.collect();
        }
        let shared = Shared {
            training_images: data.training.len(),
            initial_weights: init.clone(),
        };
        let path = root.join("ablation.json");
        let damaged = |error: serde_json::Error| ArtifactError::Damaged {
            path: path.clone(),
            reason: error.to_string(),
        };
        match std::fs::read(&path) {
            Ok(json) => {
                let found: Shared = serde_json::from_slice(&json).map_err(damaged)?;
                if found != shared {
                    return Err(AblationError::OtherData {
                        path,
                        found: found.told(),
                        expected: shared.told(),
                    });
                }
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let json = serde_json::to_vec_pretty(&shared).map_err(damaged)?;
                write_atomically(&path, &json)?;
            }
            Err(source) => {
                return Err(FileError::new("read", &path, source).into());
            }
        }
        Ok(Self {
            root: root.into(),
            data,
            init,
        })
    }

    /// Returns the data, with the number of training images given to [`Self::open`].
    pub fn data(&self) -> &Fer2013 {
        &self.data
    }

    /// Returns the folder of a variant's run.
    pub fn folder(&self, variant: &Variant) -> PathBuf {
        self.root.join(variant.folder)
    }

    /// Trains a variant. A started run continues after its last finished epoch; a finished run is
    /// not repeated.
    ///
    /// # Errors
    /// An [`AblationError`] if the recipe is invalid, the folder cannot be used, or training fails.
    pub fn train(
        &self,
        variant: &Variant,
        config: &TrainingConfig,
        device: &Device,
        renderer: Box<dyn MetricsRenderer>,
    ) -> Result<(), AblationError> {
        config.check(variant.name)?;
        let path = self.folder(variant);
        let artifact = if path.join("config.toml").is_file() {
            let (artifact, saved) = ArtifactDir::resume(&path)?;
            if saved != *config {
                return Err(ArtifactError::OtherConfig {
                    path: artifact.config_path(),
                }
                .into());
            }
            artifact
        } else {
            ArtifactDir::create(&path, config)?
        };
        if artifact.model_path().is_file() {
            return Ok(());
        }
        learner::train(Run {
            artifact: &artifact,
            config,
            data: self.data.clone(),
            init: self.init.as_deref(),
            devices: vec![device.clone()],
            renderer: Some(renderer),
        })
        .map(drop)
        .map_err(|error| AblationError::Training {
            path,
            reason: Box::new(error),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::config::Preset;
    use super::*;
    use crate::data::{FerItem, Form};
    use crate::emotion::Emotion;
    use crate::vision::FaceCrop;

    #[test]
    fn each_variant_is_another_network_and_the_base_is_first() {
        let base = Preset::Moue.config().unwrap();
        let found = variants(&base);
        assert_eq!(found[0].1, base);
        let names: Vec<&str> = found.iter().map(|(variant, _)| variant.name).collect();
        // The recipe `moue` has the multi-scale gate and ReLU6.
        assert_eq!(
            names,
            [
                "as it is",
                "no attention",
                "the paper's gate (dense 1×1)",
                "a spatial gate (7×7)",
                "SiLU",
                "without squeeze-excite",
                "with Mixup (0.2)",
                "with class weights"
            ]
        );
        for (variant, config) in found {
            config.check(variant.name).unwrap();
        }
        let paper = variants(&Preset::Paper.config().unwrap());
        assert!(paper.iter().any(|(variant, _)| variant.name == "ReLU6"));
        let folders: BTreeSet<&str> = VARIANTS.iter().map(|variant| variant.folder).collect();
        assert_eq!(folders.len(), VARIANTS.len());
    }

    #[test]
    fn a_folder_keeps_to_its_images() {
        let item = |row: usize| FerItem {
            crop: FaceCrop::new([row as u8; FaceCrop::AREA]),
            emotion: Emotion::ALL[row % 7],
            row,
            votes: None,
            source: 0,
        };
        let data = Fer2013 {
            form: Form::Table,
            training: (0..10).map(item).collect(),
            public_test: vec![item(10)],
            private_test: vec![],
            selecting: vec![],
            sources: vec!["fer2013".into()],
        };
        let folder = tempfile::tempdir().unwrap();
        let open = |images| Ablation::open(folder.path(), data.clone(), images, None);
        let rows = |ablation: &Ablation| -> Vec<usize> {
            ablation
                .data()
                .training
                .iter()
                .map(|item| item.row)
                .collect()
        };
        let ablation = open(Some(4)).unwrap();
        assert_eq!(rows(&ablation), [0, 2, 5, 7]);
        assert_eq!(ablation.data().public_test.len(), 1);
        assert!(open(Some(4)).is_ok());
        let error = open(None).unwrap_err();
        assert!(matches!(error, AblationError::OtherData { .. }), "{error}");
    }
}

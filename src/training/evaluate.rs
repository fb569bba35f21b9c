//! A network's answers on a split.

use std::path::{Path, PathBuf};

use burn::tensor::Device;
use thiserror::Error;

use super::artifact::{ArtifactDir, ArtifactError};
use crate::data::FerItem;
use crate::emotion::{Emotion, Probabilities};
use crate::model::weights::{WeightsError, apply, decode};
use crate::model::{EmotionNet, EmotionNetConfig, InputSpec};
use crate::pipeline::{LoadError, load_network};
use crate::vision::FaceCrop;

/// Images a forward pass.
const BATCH: usize = 64;

/// Why there are no answers.
#[derive(Debug, Error)]
pub enum EvaluateError {
    /// The folder of a run.
    #[error(transparent)]
    Artifact(#[from] ArtifactError),
    /// The weights of a run.
    #[error("{path}: {source}")]
    Weights {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: WeightsError,
    },
    /// A quantized model.
    #[error("{path}: {source}")]
    Model {
        /// The folder.
        path: PathBuf,
        /// What is wrong.
        source: LoadError,
    },
    /// The engine.
    #[error("the engine failed while computing ({reason}); try --device cpu")]
    Engine {
        /// What it said.
        reason: String,
    },
}

/// A network ready to be asked, with what it expects.
#[derive(Clone, Debug)]
pub struct LoadedModel {
    /// On its device.
    pub network: EmotionNet,
    /// Its architecture.
    pub config: EmotionNetConfig,
    /// Its normalization.
    pub input: InputSpec,
}

/// Loads a run's folder (`config.toml`, `model.safetensors`) or a quantized model's
/// (`manifest.json` and the weights it names), whichever `folder` is.
///
/// # Errors
/// [`EvaluateError`], naming the file.
pub fn load_model(folder: &Path, device: &Device) -> Result<LoadedModel, EvaluateError> {
    let read = |path: PathBuf| {
        std::fs::read(&path).map_err(|source| ArtifactError::Io {
            action: "read",
            path,
            source,
        })
    };
    let manifest_path = folder.join(crate::quantize::export::MANIFEST_FILE);
    if manifest_path.is_file() {
        let model = |source| EvaluateError::Model {
            path: folder.into(),
            source,
        };
        let json = read(manifest_path)?;
        let manifest = crate::model::Manifest::parse(&json).map_err(|error| model(error.into()))?;
        let weights = read(folder.join(&manifest.weights.file))?;
        let (network, manifest) = load_network(&json, &weights, device).map_err(model)?;
        return Ok(LoadedModel {
            network,
            config: manifest.architecture,
            input: manifest.input,
        });
    }
    let (artifact, config) = ArtifactDir::open(folder)?;
    let path = artifact.model_path();
    if !path.is_file() {
        return Err(ArtifactError::NotFinished { path }.into());
    }
    let bytes = read(path.clone())?;
    let config = config.network;
    let network = decode(&bytes)
        .and_then(|tensors| apply(config.init(device), tensors))
        .map_err(|source| EvaluateError::Weights { path, source })?;
    let input = InputSpec::new(config.input_size, config.input_channels);
    Ok(LoadedModel {
        network,
        config,
        input,
    })
}

/// The probabilities of each item, one crop an image, nothing augmented.
///
/// # Errors
/// [`EvaluateError::Engine`].
pub fn predict(
    network: &EmotionNet,
    input: &InputSpec,
    items: &[FerItem],
    device: &Device,
    on_progress: &mut dyn FnMut(usize, usize),
) -> Result<Vec<Probabilities>, EvaluateError> {
    let mut answers = Vec::with_capacity(items.len());
    for chunk in items.chunks(BATCH) {
        let crops: Vec<FaceCrop> = chunk.iter().map(|item| item.crop.clone()).collect();
        let logits = network.forward(input.batch(&crops, device)).logits; // [chunk, 7]
        let values: Vec<f32> =
            logits
                .into_data()
                .try_to_vec()
                .map_err(|error| EvaluateError::Engine {
                    reason: format!("{error:?}"),
                })?;
        let (rows, _) = values.as_chunks::<{ Emotion::COUNT }>();
        answers.extend(rows.iter().map(|row| Probabilities::from_logits(*row)));
        on_progress(answers.len(), items.len());
    }
    Ok(answers)
}

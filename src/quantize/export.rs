//! Folds, quantizes and measures a network, and writes the two files that the page loads.

use std::path::{Path, PathBuf};

use burn::tensor::Device;
use safetensors::tensor::Dtype;
use thiserror::Error;

use super::scheme;
use super::scheme::Int8Array;
use crate::data::{Fer2013, Split};
use crate::emotion::{Emotion, Probabilities};
use crate::evaluation::calibrate::NoVotes;
use crate::evaluation::evaluate::{EvaluateError, Predictor, predict};
use crate::evaluation::metrics::confusion_matrix;
use crate::evaluation::reading::{ReadSet, read_sets};
use crate::evaluation::{calibrate, metrics};
use crate::nn::EmotionNet;
use crate::nn::fold::fold;
use crate::nn::tensors::{apply, collect};
use crate::platform::files::write_atomically;
use crate::spec::lower::emotion_plan;
use crate::spec::manifest::{
    MANIFEST_FILE, Manifest, MeasuredAccuracy, QuantizationScheme, SCHEMA_VERSION, SourceBias,
    WeightsFile, labels, sha256,
};
use crate::spec::weights::{
    NamedTensors, SCALE_SUFFIX, StoredTensor, WeightsError, decode, float_bytes, serialize,
};
use crate::spec::{Calibration, EmotionNetConfig};
use crate::training::artifact::ArtifactError;

/// File name of the weights.
pub const WEIGHTS_FILE: &str = "moue-int8.safetensors";

/// Error of exporting a network.
#[derive(Debug, Error)]
pub enum QuantizeError {
    /// The tensors are invalid.
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// A file could not be written.
    #[error(transparent)]
    Artifact(#[from] ArtifactError),
    /// The network could not be measured.
    #[error(transparent)]
    Evaluate(#[from] EvaluateError),
    /// The reading head could not be calibrated without FER+'s votes.
    #[error(transparent)]
    NoVotes(#[from] NoVotes),
    /// The loss of accuracy is larger than allowed; nothing was written.
    #[error(
        "quantization costs {lost:.2} points of {split} accuracy, allowed are {allowed}; nothing was written to {path}"
    )]
    TooLossy {
        /// Name of the split or set.
        split: String,
        /// In percentage points.
        lost: f64,
        /// In percentage points.
        allowed: f64,
        /// The folder that was not changed.
        path: PathBuf,
    },
}

/// Encodes tensors as a safetensors file: weights as `I8` with scales, the rest as `F32`.
///
/// # Errors
/// [`WeightsError::Unreadable`] if a shape does not match its values.
pub fn encode_int8(tensors: &NamedTensors) -> Result<Vec<u8>, WeightsError> {
    serialize(&store_int8(tensors))
}

/// Returns the tensors of such a file: each weight is followed by its scales.
pub fn store_int8(tensors: &NamedTensors) -> Vec<StoredTensor> {
    let mut stored = vec![];
    let mut store = |name: String, dtype, shape, bytes| {
        stored.push(StoredTensor {
            name,
            dtype,
            shape,
            bytes,
        });
    };
    for (name, array) in tensors {
        if !scheme::is_weight(array) {
            let bytes = float_bytes(&array.values);
            store(name.clone(), Dtype::F32, array.shape.clone(), bytes);
            continue;
        }
        let Int8Array {
            shape,
            integers,
            scales,
        } = scheme::quantize(array);
        let bytes = integers.into_iter().map(|integer| integer as u8).collect();
        store(name.clone(), Dtype::I8, shape, bytes);
        let scale_name = format!("{name}{SCALE_SUFFIX}");
        store(
            scale_name,
            Dtype::F32,
            vec![scales.len()],
            float_bytes(&scales),
        );
    }
    stored
}

/// Encodes a network whose batch normalization is folded.
///
/// # Errors
/// Those of [`collect`] and [`encode_int8`].
pub fn encode_network(folded: &EmotionNet) -> Result<Vec<u8>, WeightsError> {
    encode_int8(&collect(folded)?)
}

/// Options of [`export`].
#[derive(Clone, Debug)]
pub struct ExportOptions {
    /// Folder for the two files.
    pub folder: PathBuf,
    /// Largest allowed loss of accuracy on PublicTest, in percentage points.
    pub allowed_loss: f64,
    /// The reading head's bias for each source, with FER2013's first; empty if there is no reading
    /// head.
    pub sources: Vec<SourceBias>,
    /// Description of the training data and its terms, for the manifest.
    pub training_data: String,
}

/// Folds and quantizes `network`, measures it before and after on both test splits of `data`, and
/// writes the weights and the manifest.
///
/// # Errors
/// A [`QuantizeError`]; nothing is written if the loss of accuracy is too large, or if the engines
/// cannot compute the network.
pub fn export(
    network: EmotionNet,
    config: &EmotionNetConfig,
    data: &Fer2013,
    device: &Device,
    options: &ExportOptions,
    on_progress: &mut dyn FnMut(&str, usize, usize),
) -> Result<Manifest, QuantizeError> {
    let input = config.input();
    let architecture = config.folded();
    let bytes = encode_network(&fold(network.clone()))?;
    emotion_plan(&architecture, decode(&bytes)?)?;
    let quantized = apply(EmotionNet::new(&architecture, device), decode(&bytes)?)?;
    let mut accuracy = vec![];
    let mut fitted = None;
    for split in [Split::PublicTest, Split::PrivateTest] {
        let name = data.split_name(split);
        let items = data.split(split);
        if items.is_empty() {
            continue;
        }
        let mut measure = |network: &EmotionNet, stage: &str| {
            let title = format!("{name} {stage}");
            let mut predictor = Predictor::burn(network, &input, device);
            predict(&mut predictor, items, &mut |done, all| {
                on_progress(&title, done, all)
            })
        };
        let before = measure(&network, "before")?;
        let after = measure(&quantized, "after")?;
        let targets: Vec<Emotion> = items.iter().map(|item| item.emotion).collect();
        let accuracy_of =
            |predicted: &[Probabilities]| metrics::accuracy(&confusion_matrix(predicted, &targets));
        // The calibration is fitted on the first split and only measured on the last one.
        calibrate::fit_and_measure(&mut fitted, &after, &targets, name, calibrate::DEFAULT_AIM);
        accuracy.push(MeasuredAccuracy {
            split: name.into(),
            images: items.len(),
            before: accuracy_of(&before).value,
            after: accuracy_of(&after).value,
            max_probability_difference: largest_difference(&before, &after),
            confusion: Some(confusion_matrix(&after, &targets)),
        });
    }
    let mut calibration = fitted.map(|it| it.calibration);
    if let Some(fer_plus) = options.sources.first() {
        let sources = &options.sources;
        let mut read = |network: &EmotionNet| {
            let mut predictor = Predictor::burn(network, &input, device);
            read_sets(&mut predictor, data, sources, on_progress)
        };
        let (before, after) = (read(&network)?, read(&quantized)?);
        let fitted = calibrate::fit_reading(&after, &fer_plus.bias, calibrate::DEFAULT_AIM)?;
        let pairs = before.iter().zip(&after);
        accuracy.extend(pairs.map(|(before, after)| shown(before, after, &fitted)));
        calibration = Some(fitted);
    }
    // Only PublicTest decides, for each head; PrivateTest is only measured.
    let selected_on = data.split_name(Split::PublicTest);
    for row in accuracy
        .iter()
        .filter(|row| row.split.starts_with(selected_on))
    {
        let lost = (row.before - row.after) * 100.0;
        if lost > options.allowed_loss {
            return Err(QuantizeError::TooLossy {
                split: row.split.clone(),
                lost,
                allowed: options.allowed_loss,
                path: options.folder.clone(),
            });
        }
    }
    let manifest = Manifest {
        schema_version: SCHEMA_VERSION,
        architecture,
        input,
        labels: labels(),
        quantization: QuantizationScheme::Int8PerOutputChannel,
        weights: WeightsFile {
            file: WEIGHTS_FILE.into(),
            bytes: bytes.len() as u64,
            sha256: sha256(&bytes),
        },
        accuracy,
        calibration,
        sources: options.sources.clone(),
        training_data: options.training_data.clone(),
    };
    write(&options.folder, &manifest, &bytes)?;
    Ok(manifest)
}

/// Measures the accuracy on a set before and after quantization, calibrated as on the page.
fn shown(before: &ReadSet, after: &ReadSet, calibration: &Calibration) -> MeasuredAccuracy {
    let (rows_before, _) = calibrate::all(before, calibration);
    let (rows_after, _) = calibrate::all(after, calibration);
    let (predicted, targets) = calibrate::seven(after, calibration);
    MeasuredAccuracy {
        split: after.name.clone(),
        images: after.targets.len(),
        before: before.figures(calibration).shown.value,
        after: after.figures(calibration).shown.value,
        max_probability_difference: largest_difference(&rows_before, &rows_after),
        confusion: Some(confusion_matrix(&predicted, &targets)),
    }
}

/// Returns the largest difference of a probability, over all classes and images.
fn largest_difference(before: &[Probabilities], after: &[Probabilities]) -> f64 {
    let pairs = before.iter().zip(after);
    let pairs = pairs.flat_map(|(before, after)| before.as_array().iter().zip(after.as_array()));
    pairs
        .map(|(before, after)| f64::from((before - after).abs()))
        .fold(0.0, f64::max)
}

/// Writes the weights and then the manifest, so that there is never a manifest without weights.
fn write(folder: &Path, manifest: &Manifest, weights: &[u8]) -> Result<(), ArtifactError> {
    write_atomically(&folder.join(WEIGHTS_FILE), weights)?;
    write_manifest(folder, manifest)
}

/// Replaces the manifest of a folder.
///
/// # Errors
/// [`ArtifactError`] if it cannot be written.
pub fn write_manifest(folder: &Path, manifest: &Manifest) -> Result<(), ArtifactError> {
    let path = folder.join(MANIFEST_FILE);
    let mut json = serde_json::to_vec_pretty(manifest).map_err(|error| ArtifactError::Damaged {
        path: path.clone(),
        reason: error.to_string(),
    })?;
    json.push(b'\n');
    Ok(write_atomically(&path, &json)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Form;
    use crate::spec::architecture::AttentionConfig;

    #[test]
    fn the_file_reads_back_to_within_half_a_step() {
        let bytes = reads_back(&EmotionNetConfig::moue());
        assert!(bytes <= 4_500_000, "{bytes} bytes");
    }

    #[test]
    fn every_option_of_the_network_reads_back() {
        let moue = EmotionNetConfig::moue;
        for attention in [
            AttentionConfig::None,
            AttentionConfig::Dense,
            AttentionConfig::Spatial,
        ] {
            reads_back(&EmotionNetConfig {
                attention,
                squeeze_excite: false,
                ..moue()
            });
        }
        let mut cnn = EmotionNetConfig::cnn().with_input_size(32);
        cnn.head.hidden = vec![16];
        reads_back(&cnn);
    }

    #[test]
    fn what_no_engine_computes_is_not_written() {
        let folder = tempfile::tempdir().unwrap();
        let mut config = EmotionNetConfig::cnn().with_input_size(32);
        config.head.hidden = vec![16];
        let data = Fer2013 {
            form: Form::Table,
            training: vec![],
            public_test: vec![],
            private_test: vec![],
            selecting: vec![],
            sources: vec![],
        };
        let options = ExportOptions {
            folder: folder.path().join("model"),
            allowed_loss: 100.0,
            sources: vec![],
            training_data: String::new(),
        };
        let device = Device::flex();
        let network = EmotionNet::new(&config, &device);
        let error = export(
            network,
            &config,
            &data,
            &device,
            &options,
            &mut |_, _, _| (),
        )
        .unwrap_err()
        .to_string();
        assert!(
            error.contains("EfficientNet") && !error.contains("quantize"),
            "{error}"
        );
        assert!(!options.folder.exists());
    }

    /// Checks that a new network can be read back, and returns the size of its file in bytes.
    fn reads_back(config: &EmotionNetConfig) -> usize {
        let device = Device::flex();
        let tensors = collect(&fold(EmotionNet::new(config, &device))).unwrap();
        let bytes = encode_int8(&tensors).unwrap();
        let decoded = decode(&bytes).unwrap();
        apply(EmotionNet::new(&config.folded(), &device), decoded.clone()).unwrap();
        for (name, array) in &tensors {
            let again = &decoded[name];
            assert_eq!(again.shape, array.shape);
            let largest = array
                .values
                .iter()
                .fold(0.0f32, |largest, value| largest.max(value.abs()));
            for (value, found) in array.values.iter().zip(&again.values) {
                assert!(
                    (value - found).abs() <= largest / 253.0,
                    "{name}: {value} {found}"
                );
            }
        }
        bytes.len()
    }
}

//! Initial weights from published files of pretrained weights.
//!
//! The kind of a file is recognised by its tensors, not by its name:
//!
//! | file | recognised by | read by |
//! |---|---|---|
//! | EfficientNet-Lite0, normalization folded, timm's naming | `conv_stem.bias` | [`lite0`] |
//! | EfficientNet-B0, timm's naming | `bn1.running_mean` | [`efficientnet`] |
//! | EfficientNet-B0, torchvision's naming | `features.0.1.running_mean` | [`efficientnet`] |
//! | a run's `model.safetensors`, the whole network | `backbone.stem.conv.weight` | [`apply`] |
//!
//! Each can be a `.safetensors` file, a `.pth` file of PyTorch, or part of a larger checkpoint. The
//! classifier of a thousand classes is ignored; any other unused tensor is an error.

pub mod efficientnet;
mod file;
pub mod lite0;

use std::path::{Path, PathBuf};

use burn::module::Module;
use burn::tensor::Tensor;
use thiserror::Error;

use crate::nn::EmotionNet;
use crate::nn::backbone::Backbone;
use crate::nn::tensors::apply;
use crate::spec::manifest::sha256;
use crate::spec::weights::{Array, NamedTensors, WeightsError};
use efficientnet::Naming;

/// Error of using pretrained weights.
#[derive(Debug, Error)]
#[allow(missing_docs, reason = "the messages name the fields")]
pub enum InitError {
    /// The file cannot be read.
    #[error("cannot read the initial weights {path}: {source}")]
    Unreadable {
        path: PathBuf,
        /// The error of the operating system.
        source: std::io::Error,
    },
    /// The file is neither safetensors nor written by PyTorch.
    #[error(
        "{path} is neither a safetensors file nor one that torch.save wrote ({reason}); download it again"
    )]
    Damaged {
        path: PathBuf,
        /// The error of the parser.
        reason: String,
    },
    /// The tensors are not those of a supported network.
    #[error(
        "{path} does not hold EfficientNet-B0 (torchvision's or timm's naming) or EfficientNet-Lite0 (timm's, with folded batch normalization): it has {found}"
    )]
    Unknown {
        path: PathBuf,
        /// Number of tensors and the names of the first ones.
        found: String,
    },
    /// The network is recognised, but its tensors are not as expected.
    #[error("{path} does not hold {expected}: {reason}")]
    Invalid {
        path: PathBuf,
        /// The recognised network.
        expected: &'static str,
        /// The first error found.
        reason: WeightsError,
    },
    /// The file is for another backbone than the network's.
    #[error(
        "{path} holds weights for EfficientNet, and this network's backbone is another; leave out --init, or choose the backbone `efficientnet-b0`"
    )]
    OtherBackbone { path: PathBuf },
    /// The file has squeeze-excite gates and the network has none.
    #[error(
        "{path} holds EfficientNet-B0, which gates its channels, and this network does not; set `network.squeeze_excite = true`, or start from EfficientNet-Lite0"
    )]
    NoSqueezeExcite { path: PathBuf },
    /// The recipe needs a file of initial weights, but none was given.
    #[error(
        "the recipe starts from pretrained weights with SHA-256 {sha256}; give their file with --init, or take `initial_weights` out of the recipe"
    )]
    Missing {
        /// The configured SHA-256, in hex.
        sha256: String,
    },
    /// A file of initial weights is given, and the recipe has none.
    #[error("the recipe starts from random weights; leave out --init {path}")]
    Unused { path: PathBuf },
    /// The given file of initial weights is not the recipe's.
    #[error(
        "{path} has SHA-256 {found}, and the recipe starts from {expected}; give that file with --init, or take `initial_weights` out of the recipe"
    )]
    Wrong {
        /// Path of the given file.
        path: PathBuf,
        /// SHA-256 of the given file, in hex.
        found: String,
        /// The configured SHA-256, in hex.
        expected: String,
    },
}

/// Checks that the file of initial weights is the one whose SHA-256 the recipe has, in hex.
///
/// # Errors
/// [`InitError::Unused`], [`InitError::Missing`], [`InitError::Wrong`], and as [`hash`].
pub fn check(expected: Option<&String>, path: Option<&Path>) -> Result<(), InitError> {
    let (expected, path) = match (expected, path) {
        (None, None) => return Ok(()),
        (None, Some(path)) => return Err(InitError::Unused { path: path.into() }),
        (Some(sha256), None) => {
            return Err(InitError::Missing {
                sha256: sha256.clone(),
            });
        }
        (Some(expected), Some(path)) => (expected, path),
    };
    let found = hash(path)?;
    if found != *expected {
        return Err(InitError::Wrong {
            path: path.into(),
            found,
            expected: expected.clone(),
        });
    }
    Ok(())
}

/// Loads the weights that a run saved at `path` into a network of the same shape.
///
/// # Errors
/// An [`InitError`] if the file cannot be read or does not fit the network.
pub fn from_run<M: Module>(network: M, path: &Path) -> Result<M, InitError> {
    apply_run(network, path, file::read(path)?)
}

fn apply_run<M: Module>(network: M, path: &Path, tensors: NamedTensors) -> Result<M, InitError> {
    apply(network, tensors).map_err(|reason| InitError::Invalid {
        path: path.into(),
        expected: "a network of this recipe's shape, as a run saved it",
        reason,
    })
}

/// Loads the weights of the file at `path` into the backbone of `network`, or into all of it if the
/// file is that of a run.
///
/// # Shapes
/// - `images`: `[batch, input_channels, size, size]`, normalized training images, a few hundred;
///   they calibrate batch normalization if the file has none
///
/// # Errors
/// An [`InitError`] if the file cannot be read or does not fit the network.
pub fn init(network: EmotionNet, path: &Path, images: Tensor<4>) -> Result<EmotionNet, InitError> {
    let tensors = file::read(path)?;
    let has = |name: &str| tensors.contains_key(name);
    if has("backbone.stem.conv.weight") || has("head.layers.0.weight") {
        return apply_run(network, path, tensors);
    }
    let EmotionNet {
        backbone: Backbone::EfficientNetB0(backbone),
        attention,
        head,
    } = network
    else {
        return Err(InitError::OtherBackbone { path: path.into() });
    };
    let has_gates = backbone
        .blocks
        .iter()
        .all(|block| block.squeeze_excite.is_some());
    let naming = if has("features.0.0.weight") && has("features.0.1.running_mean") {
        Some(Naming::Torchvision)
    } else if has("conv_stem.weight") && has("bn1.running_mean") {
        Some(Naming::Timm)
    } else {
        None
    };
    let (expected, copied) = match naming {
        Some(_) if !has_gates => {
            return Err(InitError::NoSqueezeExcite { path: path.into() });
        }
        Some(Naming::Torchvision) => (
            "EfficientNet-B0 in torchvision's naming",
            efficientnet::copy(backbone, tensors, Naming::Torchvision),
        ),
        Some(Naming::Timm) => (
            "EfficientNet-B0 in timm's naming",
            efficientnet::copy(backbone, tensors, Naming::Timm),
        ),
        None if has("conv_stem.weight") && has("conv_stem.bias") => (
            "EfficientNet-Lite0 with folded batch normalization in timm's naming",
            lite0::copy(backbone, tensors, images),
        ),
        None => {
            let names: Vec<&str> = tensors.keys().take(4).map(String::as_str).collect();
            let found = match names.as_slice() {
                [] => "no tensors".into(),
                names => format!("{} tensors, among them {}", tensors.len(), names.join(", ")),
            };
            return Err(InitError::Unknown {
                path: path.into(),
                found,
            });
        }
    };
    let backbone = copied.map_err(|reason| InitError::Invalid {
        path: path.into(),
        expected,
        reason,
    })?;
    Ok(EmotionNet {
        backbone: Backbone::EfficientNetB0(backbone),
        attention,
        head,
    })
}

fn take(tensors: &mut NamedTensors, name: String) -> Result<Array, WeightsError> {
    tensors.remove(&name).ok_or(WeightsError::Missing { name })
}

/// Returns an error if a tensor is left that is not part of the classifier.
fn all_taken(rest: NamedTensors) -> Result<(), WeightsError> {
    match rest
        .into_keys()
        .find(|name| !name.starts_with("classifier."))
    {
        Some(name) => Err(WeightsError::Unused { name }),
        None => Ok(()),
    }
}

/// Returns the SHA-256 of a file of weights, in hex.
///
/// # Errors
/// [`InitError::Unreadable`] if the file cannot be read.
pub fn hash(path: &Path) -> Result<String, InitError> {
    let bytes = std::fs::read(path).map_err(|source| InitError::Unreadable {
        path: path.into(),
        source,
    })?;
    Ok(sha256(&bytes))
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::*;
    use crate::spec::EmotionNetConfig;
    use crate::spec::weights::encode;

    const PTH: &[u8] =
        include_bytes!("../../../tests/fixtures/golden/torchvision_efficientnet_b0.pth");

    #[test]
    fn what_does_not_fit_is_told_with_its_remedy() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("weights");
        let start = |config: EmotionNetConfig, bytes: &[u8]| {
            std::fs::write(&path, bytes).unwrap();
            let device = Device::flex();
            let images = Tensor::ones([2, config.input_channels, 32, 32], &device);
            init(EmotionNet::new(&config, &device), &path, images)
        };
        let moue = EmotionNetConfig::moue().with_input_size(32);
        assert!(start(moue.clone(), PTH).is_ok());

        let gateless = EmotionNetConfig {
            squeeze_excite: false,
            ..moue.clone()
        };
        let error = start(gateless, PTH).unwrap_err();
        assert!(
            matches!(error, InitError::NoSqueezeExcite { .. }),
            "{error}"
        );
        let cnn = EmotionNetConfig::cnn().with_input_size(32);
        let error = start(cnn, PTH).unwrap_err();
        assert!(matches!(error, InitError::OtherBackbone { .. }), "{error}");

        let one = Array {
            shape: vec![1],
            values: vec![1.0],
        };
        let tensors = |names: &[&str]| {
            let tensors = names.iter().map(|name| ((*name).into(), one.clone()));
            encode(&tensors.collect()).unwrap()
        };
        let error = start(moue.clone(), &tensors(&["layer1.0.weight"])).unwrap_err();
        assert!(
            matches!(&error, InitError::Unknown { found, .. } if found.contains("layer1.0.weight")),
            "{error}"
        );
        let error = start(moue, &tensors(&["conv_stem.weight", "conv_stem.bias"])).unwrap_err();
        assert!(
            matches!(&error, InitError::Invalid { expected, .. } if expected.contains("Lite0")),
            "{error}"
        );
    }
}

//! Loads the face detector for several commands.

use std::path::Path;

use anyhow::Context as _;
use burn::tensor::Device;

use super::terminal;
use crate::nn::FaceDetectorNet;
use crate::nn::tensors::collect;
use crate::pipeline::finder::FaceFinder;
use crate::spec::detector::DetectorConfig;
use crate::training::detector::folder::DetectorDir;
use crate::training::detector::learner::latest;

/// Loads a detector from a file of `moue quantize-detector` or from the folder of a run; without a
/// path, the built-in one.
pub(super) fn finder(path: Option<&Path>) -> anyhow::Result<FaceFinder> {
    match path {
        None => Ok(FaceFinder::built_in()?),
        Some(folder) if folder.is_dir() => {
            let (network, config) = trained(folder, &Device::flex())?;
            let tensors = collect(&network.folded())?;
            Ok(FaceFinder::new(&config.folded(), tensors)?)
        }
        Some(file) => {
            let bytes =
                std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
            FaceFinder::load(&bytes).with_context(|| file.display().to_string())
        }
    }
}

/// Loads the network of a run, from its last checkpoint, and its architecture.
pub(super) fn trained(
    folder: &Path,
    device: &Device,
) -> anyhow::Result<(FaceDetectorNet, DetectorConfig)> {
    let (run, config) = DetectorDir::open(folder)?;
    let (network, epoch) = latest(&run, &config, device)?;
    if epoch < config.epochs {
        terminal::complain(&format!(
            "{} is not finished: these are the weights after epoch {epoch} of {}",
            folder.display(),
            config.epochs
        ));
    }
    Ok((network, config.network))
}

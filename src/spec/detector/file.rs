//! The detector's file: a safetensors file whose header describes it.

use std::collections::HashMap;

use thiserror::Error;

use super::super::weights::{NamedTensors, WeightsError, decode, metadata};
use super::DetectorConfig;
use crate::spec::ArchitectureError;

/// The key of the architecture in the file's header; its value is JSON.
const ARCHITECTURE: &str = "moue.detector";

/// Why a file is not a detector.
#[derive(Debug, Error)]
pub enum DetectorFileError {
    /// The tensors cannot be read.
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// The header describes no detector, or a wrong one.
    #[error(
        "the file's header describes no face detector ({reason}); write it with `moue quantize-detector`"
    )]
    Header {
        /// What is missing or wrong.
        reason: String,
    },
    /// The architecture is invalid.
    #[error(transparent)]
    Architecture(#[from] ArchitectureError),
}

/// Returns the entries of a file's header that describe the detector.
///
/// # Errors
/// [`DetectorFileError::Header`] if the architecture cannot be written.
pub fn header(config: &DetectorConfig) -> Result<HashMap<String, String>, DetectorFileError> {
    let json = serde_json::to_string(config).map_err(|error| DetectorFileError::Header {
        reason: error.to_string(),
    })?;
    Ok(HashMap::from([(ARCHITECTURE.to_owned(), json)]))
}

/// Reads a file. Never panics, whatever the bytes.
///
/// # Errors
/// [`DetectorFileError`]; whether the tensors fit the architecture is checked when they are used.
pub fn read(bytes: &[u8]) -> Result<(DetectorConfig, NamedTensors), DetectorFileError> {
    let words = metadata(bytes)?;
    let json = words
        .get(ARCHITECTURE)
        .ok_or_else(|| DetectorFileError::Header {
            reason: format!("`{ARCHITECTURE}` is missing"),
        })?;
    let config: DetectorConfig =
        serde_json::from_str(json).map_err(|error| DetectorFileError::Header {
            reason: error.to_string(),
        })?;
    config.check()?;
    Ok((config, decode(bytes)?))
}

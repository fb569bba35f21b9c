//! Error codes for programs: used in messages, in the page's `data-code` and in tests.

use serde::{Deserialize, Serialize};

use crate::pipeline::LoadError;
use crate::spec::manifest::ManifestError;
use crate::vision::DecodeError;

/// Identifies what failed, for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorCode {
    /// A message between page and worker cannot be parsed.
    BadMessage,
    /// Page and worker are from different releases.
    VersionMismatch,
    /// The browser does not start a worker for this page.
    NoWorker,
    /// The worker's program did not start.
    EngineStart,
    /// The worker's program crashed.
    EngineCrashed,
    /// WebGPU was asked for by name and is not available.
    NoWebGpu,
    /// Manifest or weights did not arrive.
    ModelDownload,
    /// The weights are shorter or longer than the manifest says.
    ModelTruncated,
    /// The checksum of the weights differs from the manifest's.
    ModelDamaged,
    /// The manifest has the format version of another release.
    ModelVersion,
    /// The manifest cannot be read or contradicts itself.
    ManifestInvalid,
    /// The weights are undamaged but do not fit the architecture.
    ModelInvalid,
    /// The face detector's own model cannot be read.
    DetectorInvalid,
    /// The file has no bytes.
    EmptyFile,
    /// The file is not a picture.
    NotAnImage,
    /// The file is a picture in a format that has no decoder here.
    UnsupportedFormat,
    /// The picture has too many pixels.
    PictureTooLarge,
    /// The file ends too early.
    TruncatedFile,
    /// The file's content is invalid for its format.
    DamagedFile,
    /// A picture came before the engine was ready.
    NotReady,
    /// Detection or the network failed.
    EngineFailed,
}

impl ErrorCode {
    /// All codes.
    pub const ALL: [Self; 21] = [
        Self::BadMessage,
        Self::VersionMismatch,
        Self::NoWorker,
        Self::EngineStart,
        Self::EngineCrashed,
        Self::NoWebGpu,
        Self::ModelDownload,
        Self::ModelTruncated,
        Self::ModelDamaged,
        Self::ModelVersion,
        Self::ManifestInvalid,
        Self::ModelInvalid,
        Self::DetectorInvalid,
        Self::EmptyFile,
        Self::NotAnImage,
        Self::UnsupportedFormat,
        Self::PictureTooLarge,
        Self::TruncatedFile,
        Self::DamagedFile,
        Self::NotReady,
        Self::EngineFailed,
    ];

    /// Returns the name used in messages and in the page's `data-code`.
    pub fn name(self) -> &'static str {
        match self {
            Self::BadMessage => "bad-message",
            Self::VersionMismatch => "version-mismatch",
            Self::NoWorker => "no-worker",
            Self::EngineStart => "engine-start",
            Self::EngineCrashed => "engine-crashed",
            Self::NoWebGpu => "no-web-gpu",
            Self::ModelDownload => "model-download",
            Self::ModelTruncated => "model-truncated",
            Self::ModelDamaged => "model-damaged",
            Self::ModelVersion => "model-version",
            Self::ManifestInvalid => "manifest-invalid",
            Self::ModelInvalid => "model-invalid",
            Self::DetectorInvalid => "detector-invalid",
            Self::EmptyFile => "empty-file",
            Self::NotAnImage => "not-an-image",
            Self::UnsupportedFormat => "unsupported-format",
            Self::PictureTooLarge => "picture-too-large",
            Self::TruncatedFile => "truncated-file",
            Self::DamagedFile => "damaged-file",
            Self::NotReady => "not-ready",
            Self::EngineFailed => "engine-failed",
        }
    }
}

impl From<&DecodeError> for ErrorCode {
    fn from(error: &DecodeError) -> Self {
        match error {
            DecodeError::Empty => Self::EmptyFile,
            DecodeError::NotAnImage => Self::NotAnImage,
            DecodeError::UnsupportedFormat { .. } => Self::UnsupportedFormat,
            DecodeError::TooLarge { .. } => Self::PictureTooLarge,
            DecodeError::Truncated { .. } => Self::TruncatedFile,
            DecodeError::Damaged { .. } => Self::DamagedFile,
        }
    }
}

impl From<&LoadError> for ErrorCode {
    fn from(error: &LoadError) -> Self {
        match error {
            LoadError::Manifest(ManifestError::WrongSize { .. }) => Self::ModelTruncated,
            LoadError::Manifest(ManifestError::WrongHash { .. }) => Self::ModelDamaged,
            LoadError::Manifest(ManifestError::WrongVersion { .. }) => Self::ModelVersion,
            LoadError::Manifest(_) => Self::ManifestInvalid,
            LoadError::Weights(_) => Self::ModelInvalid,
            LoadError::Detector(_) => Self::DetectorInvalid,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_spelled_alike_in_messages_and_on_the_page() {
        for code in ErrorCode::ALL {
            assert_eq!(
                serde_json::to_string(&code).unwrap(),
                format!("\"{}\"", code.name())
            );
        }
    }

    #[test]
    fn a_file_that_is_no_picture_is_called_alike_here_and_on_the_command_line() {
        let truncated = DecodeError::Truncated {
            format: "PNG".into(),
        };
        for error in [DecodeError::Empty, DecodeError::NotAnImage, truncated] {
            assert_eq!(ErrorCode::from(&error).name(), error.code());
        }
    }

    #[test]
    fn a_model_that_is_refused_says_why() {
        let text = |text: &str| text.to_owned();
        let (expected, found) = (text("a"), text("b"));
        for (error, name) in [
            (
                ManifestError::WrongSize {
                    expected: 2,
                    found: 1,
                },
                "model-truncated",
            ),
            (
                ManifestError::WrongHash { expected, found },
                "model-damaged",
            ),
            (ManifestError::WrongVersion { found: 9 }, "model-version"),
            (
                ManifestError::Unreadable {
                    reason: text("it is empty"),
                },
                "manifest-invalid",
            ),
        ] {
            assert_eq!(ErrorCode::from(&LoadError::from(error)).name(), name);
        }
    }
}

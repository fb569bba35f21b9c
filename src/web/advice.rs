//! What to say when something is in the way: what happened, and what the visitor can do.

use thiserror::Error;

use super::protocol::{ErrorCode, Progress, Stage};

/// Why there is no camera picture. Each message says what to do.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CameraError {
    /// The visitor, or a rule of the browser or the device, said no.
    #[error(
        "The camera was not allowed. Allow it through the camera or lock symbol beside the address, \
         then start it again. A photo works without it."
    )]
    Refused,
    /// There is none.
    #[error("No camera was found. Connect one and start again, or drop a photo instead.")]
    Missing,
    /// Another program holds it.
    #[error(
        "The camera is in use by another program. Close the program or tab that shows your camera, \
         then start it again."
    )]
    InUse,
    /// The page did not come over a secure connection, so the browser offers no camera.
    #[error(
        "Browsers give a camera only to pages on https:// or localhost. Open this page through a \
         secure address, or drop a photo instead."
    )]
    InsecurePage,
    /// The browser has no camera interface.
    #[error(
        "This browser offers pages no camera. Update it or use another one, or drop a photo instead."
    )]
    NoInterface,
    /// The camera went away while it ran.
    #[error("The camera stopped by itself. Check that it is connected, then start it again.")]
    Ended,
    /// Anything else, in the browser's words.
    #[error("The camera did not start ({0}). Start it again, or drop a photo instead.")]
    Other(String),
}

impl CameraError {
    /// From the name of the browser's exception
    /// (<https://developer.mozilla.org/docs/Web/API/MediaDevices/getUserMedia#exceptions>).
    pub fn from_exception(name: &str, message: &str) -> Self {
        match name {
            "NotAllowedError" | "PermissionDeniedError" => Self::Refused,
            "NotFoundError" | "OverconstrainedError" | "DevicesNotFoundError" => Self::Missing,
            "NotReadableError" | "AbortError" | "TrackStartError" => Self::InUse,
            "SecurityError" => Self::InsecurePage,
            _ if message.is_empty() => Self::Other(name.to_owned()),
            _ => Self::Other(message.to_owned()),
        }
    }

    /// The name in the page's `data-code`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused => "camera-refused",
            Self::Missing => "camera-missing",
            Self::InUse => "camera-in-use",
            Self::InsecurePage => "camera-insecure-page",
            Self::NoInterface => "camera-no-interface",
            Self::Ended => "camera-ended",
            Self::Other(_) => "camera-other",
        }
    }
}

/// The heading over an error of the engine.
pub fn title(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::BadMessage | ErrorCode::NotReady => "The page lost its thread",
        ErrorCode::VersionMismatch => "An old copy of the page is in the way",
        ErrorCode::EngineStart => "The engine did not start",
        ErrorCode::EngineCrashed => "The engine stopped",
        ErrorCode::NoWebGpu => "No WebGPU here",
        ErrorCode::ModelDownload => "The model did not arrive",
        ErrorCode::ModelTruncated => "The model arrived incomplete",
        ErrorCode::ModelDamaged | ErrorCode::ModelInvalid | ErrorCode::ManifestInvalid => {
            "The model is damaged"
        }
        ErrorCode::ModelVersion => "The model is of another release",
        ErrorCode::DetectorInvalid => "The face finder is damaged",
        ErrorCode::EmptyFile
        | ErrorCode::NotAnImage
        | ErrorCode::UnsupportedFormat
        | ErrorCode::PictureTooLarge
        | ErrorCode::TruncatedFile
        | ErrorCode::DamagedFile => "This picture can't be read",
        ErrorCode::EngineFailed => "Reading this picture failed",
    }
}

/// What a stage of loading is called.
pub fn stage(progress: &Progress) -> String {
    match progress.stage {
        Stage::Program => "Fetching the engine…".to_owned(),
        Stage::Model if progress.total_bytes > 0 => format!(
            "Fetching the model… {} of {} MB",
            megabytes(progress.received_bytes),
            megabytes(progress.total_bytes)
        ),
        Stage::Model => "Fetching the model…".to_owned(),
        Stage::Engine => "Starting the engine…".to_owned(),
        Stage::WarmUp => "Checking the model and warming up…".to_owned(),
    }
}

/// An error's message as a sentence: libraries begin theirs in lower case and leave the period out.
pub fn sentence(message: &str) -> String {
    let mut letters = message.trim().chars();
    let mut text: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    text.push_str(letters.as_str());
    if !text.is_empty() && !text.ends_with(['.', '!', '?', '…']) {
        text.push('.');
    }
    text
}

/// Bytes in megabytes with one decimal.
pub fn megabytes(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / 1e6)
}

/// The sentence for a picture without a face.
pub const NO_FACE: &str = "No face found. Try a photo in which a face looks towards the camera, \
                           well lit and not too small.";

/// The sentence after the camera stopped because nobody was looking.
pub const STOPPED_HIDDEN: &str = "Camera stopped because the tab was hidden.";

/// The sentence for something dropped or pasted that holds no file.
pub const NOTHING_TO_READ: &str =
    "There was no picture in that. Drop or paste a picture file, such as a JPEG or PNG.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browsers_exceptions_have_sentences_of_their_own() {
        let cases = [
            ("NotAllowedError", CameraError::Refused, "Allow it"),
            ("NotFoundError", CameraError::Missing, "Connect one"),
            ("NotReadableError", CameraError::InUse, "Close the program"),
            ("SecurityError", CameraError::InsecurePage, "secure address"),
        ];
        for (name, expected, remedy) in cases {
            let error = CameraError::from_exception(name, "whatever");
            assert_eq!(error, expected);
            assert!(error.to_string().contains(remedy), "{error}");
        }
        let odd = CameraError::from_exception("WeirdError", "");
        assert_eq!(odd, CameraError::Other("WeirdError".into()));
        assert!(odd.to_string().contains("WeirdError"));
    }

    #[test]
    fn messages_become_sentences() {
        assert_eq!(
            sentence("the file is empty: choose it again"),
            "The file is empty: choose it again."
        );
        assert_eq!(
            sentence("Übung macht den Meister."),
            "Übung macht den Meister."
        );
        assert_eq!(sentence(" é "), "É.");
        assert_eq!(sentence(""), "");
    }

    #[test]
    fn progress_says_how_much_is_here() {
        let mut progress = Progress {
            stage: Stage::Model,
            received_bytes: 2_140_000,
            total_bytes: 4_400_000,
        };
        assert_eq!(stage(&progress), "Fetching the model… 2.1 of 4.4 MB");
        progress.total_bytes = 0;
        assert_eq!(stage(&progress), "Fetching the model…");
    }
}

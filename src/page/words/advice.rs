//! The messages for problems: what happened, and what the visitor can do.

use super::message::{Message, Value};
use crate::page::protocol::{CpuReason, ErrorCode, LoadStage, Progress};

/// Why there is no camera picture. The message with the key [`CameraError::code`] says what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CameraError {
    /// The visitor, or a setting of the browser or the device, refused access.
    Refused,
    /// The page that embeds this one does not allow it to use the camera.
    NotDelegated,
    /// There is no camera.
    Missing,
    /// Another program is using the camera.
    InUse,
    /// The page was not loaded over a secure connection, so the browser offers no camera.
    InsecurePage,
    /// The browser has no camera interface.
    NoInterface,
    /// The camera was disconnected or stopped while it was running.
    Ended,
    /// The browser does not let this page read pictures.
    CanvasWithheld,
    /// Anything else, in the browser's words.
    Other(String),
}

impl CameraError {
    /// Returns the error for the name of the browser's exception
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

    /// Returns the value of the page's `data-code`, which is also the key of the message.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused => "camera-refused",
            Self::NotDelegated => "camera-not-delegated",
            Self::Missing => "camera-missing",
            Self::InUse => "camera-in-use",
            Self::InsecurePage => "camera-insecure-page",
            Self::NoInterface => "camera-no-interface",
            Self::Ended => "camera-ended",
            Self::CanvasWithheld => "canvas-withheld",
            Self::Other(_) => "camera-other",
        }
    }

    /// Returns the browser's description, for errors that have no message of their own.
    pub fn detail(&self) -> Option<String> {
        match self {
            Self::Other(reason) => (!reason.is_empty()).then(|| reason.clone()),
            _ => None,
        }
    }
}

/// Returns the key of the heading for an error.
pub fn title_key(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::BadMessage | ErrorCode::NotReady => "title-lost",
        ErrorCode::VersionMismatch => "title-old-copy",
        ErrorCode::EngineStart | ErrorCode::NoWorker => "title-no-start",
        ErrorCode::EngineCrashed => "title-stopped",
        ErrorCode::NoWebGpu => "title-no-web-gpu",
        ErrorCode::ModelDownload => "title-model-missing",
        ErrorCode::ModelTruncated => "title-model-incomplete",
        ErrorCode::ModelDamaged | ErrorCode::ModelInvalid | ErrorCode::ManifestInvalid => {
            "title-model-damaged"
        }
        ErrorCode::ModelVersion => "title-model-version",
        ErrorCode::DetectorInvalid => "title-detector",
        ErrorCode::EmptyFile
        | ErrorCode::NotAnImage
        | ErrorCode::UnsupportedFormat
        | ErrorCode::PictureTooLarge
        | ErrorCode::TruncatedFile
        | ErrorCode::DamagedFile => "title-picture",
        ErrorCode::EngineFailed => "title-reading",
    }
}

/// Returns the message that says what happened and what to do.
pub fn remedy(code: ErrorCode) -> Message {
    Message::new(format!("error-{}", code.name()))
}

/// Returns what the worker's technical message, in English, adds to [`remedy`]; `None` if that is
/// nothing.
pub fn detail(code: ErrorCode, message: &str) -> Option<String> {
    let says_more = !matches!(
        code,
        ErrorCode::EmptyFile
            | ErrorCode::NotAnImage
            | ErrorCode::TruncatedFile
            | ErrorCode::NoWebGpu
            | ErrorCode::NotReady
            | ErrorCode::VersionMismatch
    );
    let (fault, cause) = fault_and_cause(message.trim());
    let added = match code {
        // Their sentences do not say what is wrong.
        ErrorCode::EngineStart | ErrorCode::EngineFailed => fault,
        _ => cause.unwrap_or(fault),
    };
    (says_more && !added.is_empty()).then(|| sentence(added))
}

/// Returns the parts of a message of the form "fault (cause): remedy": the first two, and the cause.
fn fault_and_cause(message: &str) -> (&str, Option<&str>) {
    let mut depth = 0;
    let mut start = None;
    let mut cause = None;
    for (at, letter) in message.char_indices() {
        match letter {
            '(' => {
                depth += 1;
                start = start.or(Some(at + 1));
            }
            ')' => {
                depth -= 1;
                let closed = start
                    .filter(|_| depth == 0)
                    .map(|start| &message[start..at]);
                cause = cause.or(closed);
            }
            ':' | ';' | '.' if depth == 0 && message[at + 1..].starts_with(' ') => {
                // A remedy may name the cause as well.
                let later = || fault_and_cause(&message[at + 1..]).1;
                return (&message[..at], cause.or_else(later));
            }
            _ => (),
        }
    }
    (message, cause)
}

/// Returns the message for the current step of loading.
pub fn stage(progress: &Progress) -> Message {
    match progress.stage {
        LoadStage::Program => Message::new("loading-program"),
        LoadStage::Model if progress.total_bytes > 0 => Message::new("loading-model-share")
            .with("received", megabytes(progress.received_bytes))
            .with("total", megabytes(progress.total_bytes)),
        LoadStage::Model => Message::new("loading-model"),
        LoadStage::Engine => Message::new("loading-engine"),
        LoadStage::WarmUp => Message::new("loading-warm-up"),
    }
}

/// Returns the key of the message that says why the CPU is used.
pub fn cpu_reason_key(reason: CpuReason) -> &'static str {
    match reason {
        CpuReason::Chosen => "cpu-chosen",
        CpuReason::WebGpuStopped => "cpu-webgpu-stopped",
        CpuReason::Crashed => "cpu-crashed",
        CpuReason::WebGpuStarts => "cpu-webgpu-starts",
        CpuReason::CpuIsFaster => "cpu-faster",
        CpuReason::NoAdapter => "cpu-no-adapter",
        CpuReason::SoftwareAdapter => "cpu-software-adapter",
        CpuReason::WebGpuDidNotStart => "cpu-webgpu-no-start",
        CpuReason::WebGpuIsWrong => "cpu-webgpu-wrong",
    }
}

/// Adds the capital letter and the full stop that the error messages of libraries lack.
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

/// Converts bytes to megabytes (10⁶ bytes) with one decimal.
pub fn megabytes(bytes: u64) -> Value {
    Value::Decimal {
        value: bytes as f64 / 1e6,
        digits: 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::words::Language;

    fn english(message: &Message) -> String {
        message.text(Language::English)
    }

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
            let text = english(&Message::new(error.code()));
            assert!(text.contains(remedy), "{text}");
        }
        let odd = CameraError::from_exception("WeirdError", "");
        assert_eq!(odd, CameraError::Other("WeirdError".into()));
        assert_eq!(odd.detail().as_deref(), Some("WeirdError"));
    }

    #[test]
    fn a_technical_detail_is_the_cause_alone() {
        let told = |code, message| detail(code, message);
        for (code, message, expected) in [
            (
                ErrorCode::DamagedFile,
                "the PNG file is damaged (a chunk (IDAT) is too long): open it again",
                Some("A chunk (IDAT) is too long."),
            ),
            (
                ErrorCode::UnsupportedFormat,
                "this format (video (MP4 or MOV)) cannot be read here: save it as PNG",
                Some("Video (MP4 or MOV)."),
            ),
            (
                ErrorCode::ModelInvalid,
                "tensor `a.b` is missing; the weights belong to another architecture",
                Some("Tensor `a.b` is missing."),
            ),
            (
                ErrorCode::ModelDownload,
                "The server answered 404 for model.json. Try again later; tell someone.",
                Some("The server answered 404 for model.json."),
            ),
            (
                ErrorCode::ModelTruncated,
                "the model file did not arrive whole: load it again (it has 3 bytes)",
                Some("It has 3 bytes."),
            ),
            (
                ErrorCode::EngineStart,
                "WebGPU computes wrongly on a card (off by 1; kernel: pool): update the driver",
                Some("WebGPU computes wrongly on a card (off by 1; kernel: pool)."),
            ),
            (
                ErrorCode::EngineCrashed,
                "It stopped (cut",
                Some("It stopped (cut."),
            ),
            (ErrorCode::EngineCrashed, " ", None),
            (
                ErrorCode::EmptyFile,
                "the file is empty (0 bytes): choose",
                None,
            ),
        ] {
            assert_eq!(told(code, message).as_deref(), expected);
        }
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
            stage: LoadStage::Model,
            received_bytes: 2_140_000,
            total_bytes: 4_400_000,
        };
        let text = english(&stage(&progress));
        assert_eq!(text, "Fetching the model… 2.1 of 4.4 MB");
        progress.total_bytes = 0;
        assert_eq!(english(&stage(&progress)), "Fetching the model…");
    }

    #[test]
    fn every_failure_has_a_heading_and_a_remedy_in_every_language() {
        for language in Language::ALL {
            for code in ErrorCode::ALL {
                let remedy = remedy(code);
                assert_ne!(remedy.text(language), remedy.key());
                assert_ne!(
                    Message::new(title_key(code)).text(language),
                    title_key(code)
                );
            }
            for reason in CpuReason::ALL {
                let key = cpu_reason_key(reason);
                assert_ne!(Message::new(key).text(language), key);
            }
            for error in [
                CameraError::Refused,
                CameraError::NotDelegated,
                CameraError::Missing,
                CameraError::InUse,
                CameraError::InsecurePage,
                CameraError::NoInterface,
                CameraError::Ended,
                CameraError::CanvasWithheld,
                CameraError::Other(String::new()),
            ] {
                assert_ne!(Message::new(error.code()).text(language), error.code());
            }
        }
    }
}

//! The messages between the page and its worker: a JSON head and, beside it, raw bytes.
//!
//! The head is small and typed; pictures are sent beside it as transferred buffers and are never
//! turned into text. Nothing here depends on the browser, so the tests run natively. A message that
//! cannot be parsed gives a [`ProtocolError`], never a panic.

pub mod engine_info;
pub mod error_code;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::pipeline::{Analysis, ReadOptions};
use crate::vision::{Frame, FrameError};

pub use self::engine_info::{CpuReason, Engine, EngineChoice, EngineInfo, ModelInfo};
pub use self::error_code::ErrorCode;

/// Version of the protocol. It changes with every incompatible change of a message, so that a page
/// and a worker from different releases (one of them cached) detect the mismatch.
pub const VERSION: u32 = 7;

/// Number of a picture, which connects an answer with its request.
pub type PictureId = u32;

/// The head of a message from the page to the worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum RequestHead {
    /// Load the model and start an engine. Sent once per worker.
    Init {
        /// [`VERSION`] of the page.
        version: u32,
        /// Location of the model.
        model: ModelAddress,
        /// The requested engine.
        engine: EngineChoice,
    },
    /// Read an encoded picture; the bytes of its file are sent beside the head.
    Photo {
        /// Number of the picture, returned with the answer.
        id: PictureId,
        /// How to read it.
        options: ReadOptions,
    },
    /// Read the pixels of a camera frame, a video frame or a picture; they are sent beside the head
    /// as RGBA.
    Frame {
        /// Number of the picture, returned with the answer.
        id: PictureId,
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
        /// How to read it.
        options: ReadOptions,
    },
}

/// The location of a model, as absolute URLs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ModelAddress {
    /// URL of its manifest.
    pub manifest: String,
    /// SHA-256 that the manifest must have, in hexadecimal; `None` accepts any manifest.
    #[serde(default)]
    pub manifest_sha256: Option<String>,
    /// URL of its weights; `None` for the file that the manifest names, in the same folder.
    #[serde(default)]
    pub weights: Option<String>,
}

/// A whole message from the page to the worker.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// See [`RequestHead::Init`].
    Init {
        /// Location of the model.
        model: ModelAddress,
        /// The requested engine.
        engine: EngineChoice,
    },
    /// See [`RequestHead::Photo`] and [`RequestHead::Frame`].
    Read(Job),
}

/// One picture to read.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Number of the picture, returned with the answer.
    pub id: PictureId,
    /// The picture.
    pub picture: Picture,
    /// How to read it.
    pub options: ReadOptions,
}

/// A picture. `B` is the type that holds its bytes: memory of this program or of the browser.
#[derive(Clone, Debug, PartialEq)]
pub enum Picture<B = Vec<u8>> {
    /// The bytes of a picture file.
    Encoded(B),
    /// Decoded pixels.
    Pixels {
        /// RGBA, four bytes a pixel, row by row.
        rgba: B,
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
}

/// A message from the worker to the page. Answers carry no bytes, so this is the whole message.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Response {
    /// The worker's program is running and waits for [`RequestHead::Init`].
    Started {
        /// [`VERSION`] of the worker.
        version: u32,
    },
    /// Loading made progress.
    Progress(Progress),
    /// The model is checked and its first forward pass is done: pictures can be read. Sent again when
    /// another engine computes.
    Ready(EngineInfo),
    /// A picture was read.
    Result {
        /// Number of the picture.
        id: PictureId,
        /// The faces found.
        analysis: Analysis,
        /// Width in pixels of the picture that was read.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
    /// Something failed: with an `id` only that picture, without one the engine.
    Error {
        /// Number of the picture, if the failure concerns only that picture.
        id: Option<PictureId>,
        /// What failed, for programs and tests.
        code: ErrorCode,
        /// Description for people, with the remedy.
        message: String,
    },
}

/// Progress of loading.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// The current step.
    pub stage: LoadStage,
    /// Bytes of the weights received so far.
    pub received_bytes: u64,
    /// Total size of the weights in bytes; zero while unknown.
    pub total_bytes: u64,
}

impl Progress {
    /// The progress of an engine that was just requested.
    pub const START: Self = Self {
        stage: LoadStage::Program,
        received_bytes: 0,
        total_bytes: 0,
    };
}

/// A step of loading. The variants are in the order in which they happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LoadStage {
    /// The worker's program is being fetched.
    Program,
    /// Manifest and weights are being fetched.
    Model,
    /// The engine is starting.
    Engine,
    /// The weights are being checked and the first forward pass runs.
    WarmUp,
}

/// Why a message was rejected.
#[derive(Debug, Error)]
pub enum ProtocolError {
    /// The head is not the JSON of a known message.
    #[error("a message between page and worker is not understood ({0}): reload the page")]
    Head(#[from] serde_json::Error),
    /// A picture came without its bytes.
    #[error("picture {id} came without its bytes: reload the page")]
    MissingBytes {
        /// Number of the picture.
        id: PictureId,
    },
    /// The number of bytes does not match the dimensions.
    #[error("picture {id} does not fit its size ({source}): reload the page")]
    Frame {
        /// Number of the picture.
        id: PictureId,
        /// Why the bytes do not fit.
        source: FrameError,
    },
    /// The two sides are from different releases.
    #[error(
        "the page speaks version {found} and its engine version {expected}, so one of them is an \
         old copy: reload the page without the cache (Ctrl+Shift+R)"
    )]
    Version {
        /// [`VERSION`] of this side.
        expected: u32,
        /// Version of the other side.
        found: u32,
    },
}

impl ProtocolError {
    /// Returns the error code for programs.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Version { .. } => ErrorCode::VersionMismatch,
            _ => ErrorCode::BadMessage,
        }
    }

    /// Returns the picture that the message was about, if that is known.
    pub fn picture(&self) -> Option<PictureId> {
        match self {
            Self::MissingBytes { id } | Self::Frame { id, .. } => Some(*id),
            Self::Head(_) | Self::Version { .. } => None,
        }
    }

    /// Returns the response that reports this error.
    pub fn to_response(&self) -> Response {
        Response::Error {
            id: self.picture(),
            code: self.code(),
            message: self.to_string(),
        }
    }
}

/// Checks the version that the other side sent.
///
/// # Errors
/// [`ProtocolError::Version`] if it is not [`VERSION`].
pub fn check_version(found: u32) -> Result<(), ProtocolError> {
    if found == VERSION {
        Ok(())
    } else {
        Err(ProtocolError::Version {
            expected: VERSION,
            found,
        })
    }
}

/// Builds a request from a head and the bytes that came with it, and checks both.
///
/// # Errors
/// Every [`ProtocolError`].
pub fn read_request(head: &str, bytes: Option<Vec<u8>>) -> Result<Request, ProtocolError> {
    match serde_json::from_str(head)? {
        RequestHead::Init {
            version,
            model,
            engine,
        } => {
            check_version(version)?;
            Ok(Request::Init { model, engine })
        }
        RequestHead::Photo { id, options } => {
            let bytes = bytes.ok_or(ProtocolError::MissingBytes { id })?;
            let picture = Picture::Encoded(bytes);
            Ok(Request::Read(Job {
                id,
                picture,
                options,
            }))
        }
        RequestHead::Frame {
            id,
            width,
            height,
            options,
        } => {
            let rgba = bytes.ok_or(ProtocolError::MissingBytes { id })?;
            Frame::new(&rgba, width, height)
                .map_err(|source| ProtocolError::Frame { id, source })?;
            let picture = Picture::Pixels {
                rgba,
                width,
                height,
            };
            Ok(Request::Read(Job {
                id,
                picture,
                options,
            }))
        }
    }
}

/// Parses a message of the worker.
///
/// # Errors
/// [`ProtocolError::Head`] if it cannot be parsed, and [`ProtocolError::Version`] if the worker is
/// from another release.
pub fn read_response(text: &str) -> Result<Response, ProtocolError> {
    let response = serde_json::from_str(text)?;
    if let Response::Started { version } = response {
        check_version(version)?;
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::FrameSource;

    fn head(head: &RequestHead) -> String {
        serde_json::to_string(head).unwrap()
    }

    #[test]
    fn a_frame_survives_the_journey() {
        let options = ReadOptions {
            attention: true,
            ..ReadOptions::from(FrameSource::Camera)
        };
        let (id, width, height) = (7, 2, 1);
        let sent = RequestHead::Frame {
            id,
            width,
            height,
            options: options.clone(),
        };
        assert_eq!(
            head(&sent),
            r#"{"frame":{"id":7,"width":2,"height":1,"options":{"source":"camera","attention":true,"maxFaces":64,"added":[]}}}"#
        );
        let request = read_request(&head(&sent), Some(vec![9; 8])).unwrap();
        let rgba = vec![9; 8];
        let picture = Picture::Pixels {
            rgba,
            width,
            height,
        };
        let job = Job {
            id,
            picture,
            options,
        };
        assert_eq!(request, Request::Read(job));
    }

    #[test]
    fn init_carries_the_address_and_the_engine() {
        let sent = RequestHead::Init {
            version: VERSION,
            model: ModelAddress {
                manifest: "https://example.org/a/manifest.json".into(),
                ..ModelAddress::default()
            },
            engine: EngineChoice::Cpu,
        };
        assert!(
            head(&sent).contains(
                r#"{"manifest":"https://example.org/a/manifest.json","manifestSha256":null,"weights":null},"engine":"cpu""#
            )
        );
        let request = read_request(&head(&sent), None).unwrap();
        assert!(matches!(
            request,
            Request::Init {
                engine: EngineChoice::Cpu,
                ..
            }
        ));
    }

    #[test]
    fn malformed_messages_are_answered_with_an_error() {
        const OPTIONS: &str = r#""options":{"source":"photo","attention":false,"maxFaces":64}"#;
        let photo = |id: i32| format!(r#"{{"photo":{{"id":{id},{OPTIONS}}}}}"#);
        let sized = |id: u32, side: u32| {
            format!(r#"{{"frame":{{"id":{id},"width":{side},"height":{side},{OPTIONS}}}}}"#)
        };
        let (frame, wrapped, none) = (sized(3, 4_000_000_000), sized(6, 1 << 31), sized(4, 0));
        /// Head, bytes, and the picture that the error must name.
        type Case<'a> = (&'a str, Option<Vec<u8>>, Option<PictureId>);
        let cases: [Case<'_>; 10] = [
            ("", None, None),
            ("null", None, None),
            ("[1,2,3]", None, None),
            (r#"{"launch":{}}"#, None, None),
            (r#"{"photo":{}}"#, Some(vec![1]), None),
            (&photo(-1), Some(vec![1]), None),
            (&photo(5), None, Some(5)),
            (&frame, Some(vec![0; 16]), Some(3)),
            (&wrapped, Some(vec![]), Some(6)),
            (&none, Some(vec![]), Some(4)),
        ];
        for (text, bytes, picture) in cases {
            let error = read_request(text, bytes).unwrap_err();
            assert_eq!(error.code(), ErrorCode::BadMessage, "{text}");
            assert_eq!(error.picture(), picture, "{text}");
            assert!(error.to_string().contains("reload"), "{error}");
            assert!(matches!(error.to_response(), Response::Error { id, .. } if id == picture));
        }
    }

    #[test]
    fn two_releases_notice_each_other() {
        let old = format!(r#"{{"started":{{"version":{}}}}}"#, VERSION + 1);
        let error = read_response(&old).unwrap_err();
        assert_eq!(error.code(), ErrorCode::VersionMismatch);
        let init = r#"{"init":{"version":0,"model":{"manifest":"/"},"engine":"auto"}}"#;
        assert_eq!(
            read_request(init, None).unwrap_err().code(),
            ErrorCode::VersionMismatch
        );
        assert!(read_response(&format!(r#"{{"started":{{"version":{VERSION}}}}}"#)).is_ok());
    }
}

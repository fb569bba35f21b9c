//! What the page and its worker say to each other: a JSON head and, beside it, raw bytes.
//!
//! The head is small and typed; pictures travel next to it as transferred buffers and are never
//! turned into text. Nothing here knows a browser, so the tests run natively. A message that is not
//! understood is a [`ProtocolError`], never a panic.

pub mod engine_info;
pub mod error_code;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::pipeline::{Analysis, ReadOptions};
use crate::vision::{Frame, FrameError};

pub use self::engine_info::{CpuReason, Engine, EngineChoice, EngineInfo, ModelInfo};
pub use self::error_code::ErrorCode;

/// Changes with every incompatible change of a message, so that a page and a worker from two
/// releases (one of them cached) notice each other.
pub const VERSION: u32 = 4;

/// Numbers a picture, so that an answer finds its question.
pub type PictureId = u32;

/// Page → worker: the head.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum RequestHead {
    /// Load the model and start an engine. Once per worker.
    Init {
        /// [`VERSION`] of the page.
        version: u32,
        /// Where the model is.
        model: ModelAddress,
        /// Which engine.
        engine: EngineChoice,
    },
    /// Read an encoded picture; its file bytes travel beside the head.
    Photo {
        /// Comes back with the answer.
        id: PictureId,
        /// What is asked about it.
        options: ReadOptions,
    },
    /// Read pixels, of a camera, a video or a picture; they travel beside the head as RGBA.
    Frame {
        /// Comes back with the answer.
        id: PictureId,
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
        /// What is asked about it.
        options: ReadOptions,
    },
}

/// Where the model is, in absolute addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ModelAddress {
    /// Its manifest.
    pub manifest: String,
    /// The manifest's sha256 in hexadecimal, where it is to be exactly that one.
    #[serde(default)]
    pub manifest_sha256: Option<String>,
    /// Its weights; `None` for the file that the manifest names, beside the manifest.
    #[serde(default)]
    pub weights: Option<String>,
}

/// Page → worker: a whole message.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// See [`RequestHead::Init`].
    Init {
        /// Where the model is.
        model: ModelAddress,
        /// Which engine.
        engine: EngineChoice,
    },
    /// See [`RequestHead::Photo`] and [`RequestHead::Frame`].
    Read(Job),
}

/// One picture to read.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Comes back with the answer.
    pub id: PictureId,
    /// The picture.
    pub picture: Picture,
    /// What is asked about it.
    pub options: ReadOptions,
}

/// A picture, its bytes in whatever holds them: in this program's memory, or still the browser's.
#[derive(Clone, Debug, PartialEq)]
pub enum Picture<B = Vec<u8>> {
    /// The bytes of a picture file.
    Encoded(B),
    /// Pixels.
    Pixels {
        /// Four bytes a pixel, row by row.
        rgba: B,
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
}

/// Worker → page. Answers carry no bytes, so this is the whole message.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Response {
    /// The worker's program runs and waits for [`RequestHead::Init`].
    Started {
        /// [`VERSION`] of the worker.
        version: u32,
    },
    /// Loading moved on.
    Progress(Progress),
    /// The model is checked and warm.
    Ready(EngineInfo),
    /// A picture was read.
    Result {
        /// The request's.
        id: PictureId,
        /// The faces found.
        analysis: Analysis,
        /// Pixels across of the picture that was read.
        width: u32,
        /// Pixels down.
        height: u32,
    },
    /// Something failed. With an `id`, only that picture; without one, the engine.
    Error {
        /// The request's, where the failure is that picture's.
        id: Option<PictureId>,
        /// What failed, for programs and tests.
        code: ErrorCode,
        /// What failed, for people, with the remedy.
        message: String,
    },
}

/// How far loading is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// What is being done.
    pub stage: LoadStage,
    /// Bytes of the weights here so far.
    pub received_bytes: u64,
    /// Bytes of the weights in all; zero while unknown.
    pub total_bytes: u64,
}

impl Progress {
    /// Of an engine that was just asked for.
    pub const START: Self = Self {
        stage: LoadStage::Program,
        received_bytes: 0,
        total_bytes: 0,
    };
}

/// A step of loading, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LoadStage {
    /// The worker's program is on its way.
    Program,
    /// Manifest and weights are on their way.
    Model,
    /// The engine starts.
    Engine,
    /// The weights are checked and the first forward pass runs.
    WarmUp,
}

/// Why a message is not understood.
#[derive(Debug, Error)]
pub enum ProtocolError {
    /// The head is not the JSON of a known message.
    #[error("a message between page and worker is not understood ({0}): reload the page")]
    Head(#[from] serde_json::Error),
    /// A picture without its bytes.
    #[error("picture {id} came without its bytes: reload the page")]
    MissingBytes {
        /// The request's.
        id: PictureId,
    },
    /// The bytes and the dimensions disagree.
    #[error("picture {id} does not fit its size ({source}): reload the page")]
    Frame {
        /// The request's.
        id: PictureId,
        /// Why not.
        source: FrameError,
    },
    /// The two sides are from different releases.
    #[error(
        "the page speaks version {found} and its engine version {expected}, so one of them is an \
         old copy: reload the page without the cache (Ctrl+Shift+R)"
    )]
    Version {
        /// [`VERSION`] here.
        expected: u32,
        /// The other side's.
        found: u32,
    },
}

impl ProtocolError {
    /// The name for programs.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Version { .. } => ErrorCode::VersionMismatch,
            _ => ErrorCode::BadMessage,
        }
    }

    /// The picture that the message was about, where that is known.
    pub fn picture(&self) -> Option<PictureId> {
        match self {
            Self::MissingBytes { id } | Self::Frame { id, .. } => Some(*id),
            Self::Head(_) | Self::Version { .. } => None,
        }
    }

    /// The answer to send.
    pub fn to_response(&self) -> Response {
        Response::Error {
            id: self.picture(),
            code: self.code(),
            message: self.to_string(),
        }
    }
}

/// Checks a version that the other side named.
///
/// # Errors
/// [`ProtocolError::Version`] when it is not ours.
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

/// Joins a head and the bytes that came with it, and checks both.
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

/// Reads an answer.
///
/// # Errors
/// [`ProtocolError::Head`], and [`ProtocolError::Version`] of a worker from another release.
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
            options,
        };
        assert_eq!(
            head(&sent),
            r#"{"frame":{"id":7,"width":2,"height":1,"options":{"source":"camera","attention":true,"maxFaces":64}}}"#
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

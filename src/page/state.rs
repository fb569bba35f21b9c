//! The state of the page, and the picture, failure or reading that it shows.

use super::corrections::Corrections;
use super::engine_handle::Answer;
use super::protocol::{EngineInfo, ErrorCode, LoadStage, Progress};
use super::record::export::Origin;
use super::words::advice;
use super::words::message::Message;
use crate::pipeline::{Analysis, FaceReading};

/// The page's state. `index.html` shows [`PageState::Unsupported`] by itself, before any part of
/// this program is fetched; both use the same name for it.
#[derive(Clone, Debug, PartialEq)]
pub enum PageState {
    /// The engine or the model is being loaded.
    Loading(Progress),
    /// Pictures can be read.
    Ready(EngineInfo),
    /// This browser cannot run the page; the message says what would help.
    Unsupported(Message),
    /// Loading or the engine failed.
    Failed(Failure),
}

/// A failure as displayed.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// What failed, for programs and tests.
    pub code: ErrorCode,
    /// A technical description in English; `None` if it adds nothing to the message of the code.
    pub detail: Option<String>,
}

impl Failure {
    /// Returns the heading.
    pub fn title(&self) -> Message {
        Message::new(advice::title_key(self.code))
    }

    /// Returns the message that says what failed and what to do.
    pub fn remedy(&self) -> Message {
        advice::remedy(self.code)
    }
}

impl PageState {
    /// The initial state: the engine has just been requested.
    pub const START: Self = Self::Loading(Progress::START);

    /// Returns the value of the document's `data-state` attribute.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Loading(_) => "loading",
            Self::Ready(_) => "ready",
            Self::Unsupported(_) => "unsupported",
            Self::Failed(_) => "failed",
        }
    }

    /// Whether pictures can be read.
    pub fn is_ready(&self) -> bool {
        self.info().is_some()
    }

    /// Returns what the engine said of itself; `None` unless it is ready.
    pub fn info(&self) -> Option<&EngineInfo> {
        match self {
            Self::Ready(info) => Some(info),
            _ => None,
        }
    }

    /// Returns what is written beside readings in a file made at `made`, a time in ISO 8601.
    pub fn origin(&self, made: String) -> Origin {
        let mut origin = Origin {
            made,
            ..Origin::default()
        };
        if let Some(info) = self.info() {
            origin.model.clone_from(&info.model.name);
            origin.model_sha256.clone_from(&info.model.sha256);
            origin.engine = info.engine.name().to_owned();
        }
        origin
    }
}

/// Returns how full the progress bar is, 0 to 1; `None` while that is unknown. The download fills
/// at most nine tenths, so that the bar is never full while work remains.
pub fn fraction(progress: &Progress) -> Option<f64> {
    match progress.stage {
        LoadStage::Program => None,
        LoadStage::Model if progress.total_bytes == 0 => None,
        LoadStage::Model => {
            let share = progress.received_bytes as f64 / progress.total_bytes as f64;
            Some(0.9 * share.clamp(0.0, 1.0))
        }
        LoadStage::Engine => Some(0.92),
        LoadStage::WarmUp => Some(0.96),
    }
}

/// The picture source that the stage shows.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// No picture: the stage invites the visitor to choose one.
    Nothing,
    /// A photo.
    Photo {
        /// Its object URL, valid while the photo is shown.
        url: String,
        /// Its file's name.
        name: String,
    },
    /// The browser is asking the visitor for permission to use the camera.
    CameraAsked,
    /// The camera.
    Camera,
    /// A video file.
    Video {
        /// Its file's name.
        name: String,
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
}

impl Source {
    /// Whether there is no picture yet.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Nothing | Self::CameraAsked)
    }

    /// Whether the source is a photo.
    pub fn is_photo(&self) -> bool {
        matches!(self, Self::Photo { .. })
    }

    /// Whether the source is a stream, whose frames are read one after the other.
    pub fn is_stream(&self) -> bool {
        matches!(self, Self::Camera | Self::Video { .. })
    }
}

/// The time at which a frame was taken, on its stream's own clock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FrameTimestamp {
    /// Number of the stream, different for every camera that is started and every video that is
    /// opened. Faces are followed, and numbered from 1, within one stream.
    pub stream: u32,
    /// Seconds since the camera was started, or the position in the video in seconds.
    pub seconds: f64,
}

/// The latest answer of the engine.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The faces found.
    pub analysis: Analysis,
    /// Width in pixels of the picture that was read.
    pub width: u32,
    /// Height in pixels of the picture that was read.
    pub height: u32,
    /// Time at which the frame was taken, on its stream's own clock; `None` for a photo.
    pub at: Option<FrameTimestamp>,
    /// What the visitor changed about a photo's faces; empty for a stream, which has its own.
    pub corrections: Corrections,
    /// The faces of a photo that the visitor called none; they are not in `analysis`.
    pub dismissed: Vec<FaceReading>,
}

impl Reading {
    /// Creates the reading from an answer; `at` is the time of the frame, or `None` for a photo.
    pub fn new(answer: Answer, at: Option<FrameTimestamp>) -> Self {
        let Answer {
            analysis,
            width,
            height,
        } = answer;
        Self {
            analysis,
            width,
            height,
            at,
            corrections: Corrections::default(),
            dismissed: vec![],
        }
    }

    /// Returns a photo's reading without the faces that the visitor called none.
    #[must_use]
    pub fn corrected(mut self, corrections: Corrections) -> Self {
        self.dismissed = corrections.take_dismissed(&mut self.analysis);
        self.corrections = corrections;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_moves_forward_and_is_never_full_before_the_end() {
        let at = |stage, received_bytes| {
            fraction(&Progress {
                stage,
                received_bytes,
                total_bytes: 100,
            })
        };
        assert_eq!(at(LoadStage::Program, 0), None);
        let steps = [
            at(LoadStage::Model, 0),
            at(LoadStage::Model, 50),
            at(LoadStage::Model, 100),
            at(LoadStage::Engine, 100),
            at(LoadStage::WarmUp, 100),
        ];
        for pair in steps.windows(2) {
            assert!(pair[0] < pair[1], "{pair:?}");
        }
        assert!(steps[4] < Some(1.0));
        assert_eq!(
            at(LoadStage::Model, 200),
            Some(0.9),
            "a lying total does not overflow the bar"
        );
    }
}

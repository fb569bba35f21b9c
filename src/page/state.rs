//! What the page is in, and what it shows.

use super::engine_handle::Answer;
use super::protocol::{EngineInfo, ErrorCode, LoadStage, Progress};
use super::words::advice;
use super::words::message::Message;
use crate::pipeline::Analysis;

/// The page's state. `index.html` shows [`PageState::Unsupported`] by itself, before anything of
/// this program is fetched; the two spell the name alike.
#[derive(Clone, Debug, PartialEq)]
pub enum PageState {
    /// The engine or the model is on its way.
    Loading(Progress),
    /// Pictures can be read.
    Ready(EngineInfo),
    /// This browser cannot run the page; the message says what would help.
    Unsupported(Message),
    /// Loading or the engine failed.
    Failed(Failure),
}

/// A failure as shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// What failed, for programs and tests.
    pub code: ErrorCode,
    /// In technical English, where that says more than the message of the code.
    pub detail: Option<String>,
}

impl Failure {
    /// The heading.
    pub fn title(&self) -> Message {
        Message::new(advice::title_key(self.code))
    }

    /// What failed and what to do.
    pub fn remedy(&self) -> Message {
        advice::remedy(self.code)
    }
}

impl PageState {
    /// The state of a page that has just asked for its engine.
    pub const START: Self = Self::Loading(Progress::START);

    /// The name in the document's `data-state`.
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
        matches!(self, Self::Ready(_))
    }
}

/// How full the progress bar is, 0 to 1; `None` while that is unknown. The download fills nine
/// tenths, so that the bar never stands full while something is still being done.
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

/// What the stage shows.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// The invitation to choose something.
    Nothing,
    /// A photo that was read.
    Photo {
        /// Its object address, good while it is shown.
        url: String,
        /// Its file's name.
        name: String,
    },
    /// The browser asks the visitor for the camera.
    CameraAsked,
    /// The camera.
    Camera,
    /// A video file.
    Video {
        /// Its file's name.
        name: String,
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
}

impl Source {
    /// Whether there is no picture yet.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Nothing | Self::CameraAsked)
    }

    /// Whether its frames are read one after the other.
    pub fn is_stream(&self) -> bool {
        matches!(self, Self::Camera | Self::Video { .. })
    }
}

/// When a frame was taken, on its stream's own clock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FrameTimestamp {
    /// Another number for every camera that is started and every video that is opened: faces are
    /// followed, and numbered from 1, within one stream.
    pub stream: u32,
    /// Seconds: of a camera since it was started, of a video since its beginning, whatever the
    /// speed at which it plays.
    pub seconds: f64,
}

/// The last answer.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The faces.
    pub analysis: Analysis,
    /// Pixels across of the picture that was read.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// When the frame was taken, on its stream's own clock; `None` for a photo.
    pub at: Option<FrameTimestamp>,
}

impl Reading {
    /// Of an answer about a frame of that moment, or about a photo.
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
        }
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

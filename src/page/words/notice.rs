//! Notices above the stage: what happened and what can be done, independent of the language.

use super::message::Message;

/// A notice above the stage.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// Code for programs and tests.
    pub code: &'static str,
    /// Message for people.
    pub message: Message,
    /// A technical description in English; `None` if it adds nothing.
    pub detail: Option<String>,
    /// Whether it reports a failure.
    pub is_error: bool,
    /// Whether it offers a button that starts the camera (again).
    pub offers_camera: bool,
}

impl Notice {
    /// Creates a notice that reports an event, not a failure.
    pub fn news(code: &'static str, message: Message) -> Self {
        Self {
            code,
            message,
            detail: None,
            is_error: false,
            offers_camera: false,
        }
    }

    /// Creates a notice that reports a failure.
    pub fn error(code: &'static str, message: Message) -> Self {
        Self {
            is_error: true,
            ..Self::news(code, message)
        }
    }

    /// Sets the technical description, shown in small print.
    #[must_use]
    pub fn with_detail(mut self, detail: Option<String>) -> Self {
        self.detail = detail;
        self
    }

    /// Adds a button that starts the camera.
    #[must_use]
    pub fn offering_camera(mut self) -> Self {
        self.offers_camera = true;
        self
    }
}

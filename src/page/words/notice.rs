//! Sentences above the stage: what happened and what can be done, in whatever language the page
//! comes to speak.

use super::message::Message;

/// A sentence above the stage.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// For programs and tests.
    pub code: &'static str,
    /// For people.
    pub message: Message,
    /// In technical English, where that says more.
    pub detail: Option<String>,
    /// Whether something failed.
    pub is_error: bool,
    /// Whether starting the camera (again) is the remedy.
    pub offers_camera: bool,
}

impl Notice {
    /// Something happened, and nothing failed.
    pub fn news(code: &'static str, message: Message) -> Self {
        Self {
            code,
            message,
            detail: None,
            is_error: false,
            offers_camera: false,
        }
    }

    /// Something failed.
    pub fn error(code: &'static str, message: Message) -> Self {
        Self {
            is_error: true,
            ..Self::news(code, message)
        }
    }

    /// With technical English as small print.
    #[must_use]
    pub fn with_detail(mut self, detail: Option<String>) -> Self {
        self.detail = detail;
        self
    }

    /// With a button that starts the camera.
    #[must_use]
    pub fn offering_camera(mut self) -> Self {
        self.offers_camera = true;
        self
    }
}

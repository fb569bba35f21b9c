//! The visitor's consent to the camera: asked before the first start, kept on this device, taken
//! back at any time.

use leptos::prelude::*;

use super::message::Message;
use super::notice::Notice;
use super::session::Session;
use super::storage;

/// Where the answer is kept.
const KEY: &str = "moue-consent";
/// The version of the text that is agreed to. A text that says something else gets another one, and
/// everybody is asked again.
const TEXT_VERSION: &str = "1";

/// Whether the camera may start.
#[derive(Clone, Copy)]
pub struct Consent {
    /// Whether the visitor has agreed to the text as it is.
    pub given: RwSignal<bool>,
    /// Whether the question is on the screen.
    pub asked: RwSignal<bool>,
}

impl Consent {
    /// What this device remembers.
    pub fn remembered() -> Self {
        Self {
            given: RwSignal::new(storage::read(KEY).as_deref() == Some(TEXT_VERSION)),
            asked: RwSignal::new(false),
        }
    }
}

impl Session {
    /// The visitor agrees, which is what the camera was waiting for. Call it from a click only.
    pub fn agree(self) {
        self.consent.given.set(true);
        self.consent.asked.set(false);
        storage::keep(KEY, TEXT_VERSION);
        self.start_camera();
    }

    /// The visitor would rather not; the question comes again with the next start.
    pub fn decline(self) {
        self.consent.asked.set(false);
    }

    /// Takes the consent back, and closes the camera with it.
    pub fn withdraw_consent(self) {
        self.consent.given.set(false);
        storage::forget(KEY);
        self.stop_camera();
        let message = Message::new("consent-withdrawn");
        self.notice
            .set(Some(Notice::news("consent-withdrawn", message)));
    }
}

//! The visitor's consent to the camera: asked before the first start, kept on this device, taken
//! back at any time.

use leptos::prelude::*;

use super::Session;
use crate::page::words::message::Message;
use crate::page::words::notice::Notice;
use crate::web::storage;

/// Where the answer is kept.
const KEY: &str = "moue-consent";
/// Stands behind the version where the host page may receive readings, too.
const SHARED: &str = " shared";
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
    /// Whether the page that this is embedded in may receive what is read. Without a purpose
    /// nobody asks, and nobody receives anything.
    pub shared: RwSignal<bool>,
    /// The key of what it is for, where another page embeds this.
    pub purpose: Option<&'static str>,
}

impl Consent {
    /// What this device remembers.
    pub fn remembered() -> Self {
        Self::kept(None)
    }

    /// What this device remembers of an embedding page's purpose, given by its key. Another purpose
    /// is another question.
    pub fn for_purpose(purpose: &'static str) -> Self {
        Self::kept(Some(purpose))
    }

    fn kept(purpose: Option<&'static str>) -> Self {
        let kept = storage::read(&key(purpose)).unwrap_or_default();
        let (version, shared) = match kept.strip_suffix(SHARED) {
            Some(version) => (version, purpose.is_some()),
            None => (kept.as_str(), false),
        };
        let given = version == TEXT_VERSION;
        Self {
            given: RwSignal::new(given),
            asked: RwSignal::new(false),
            shared: RwSignal::new(given && shared),
            purpose,
        }
    }

    /// Whether the embedding page may have what is read of the camera now.
    pub fn shares_camera(self) -> bool {
        self.shared.get() && self.given.get()
    }

    fn keep(self) {
        let mut answer = TEXT_VERSION.to_owned();
        if self.shared.get_untracked() {
            answer.push_str(SHARED);
        }
        storage::keep(&key(self.purpose), &answer);
    }
}

fn key(purpose: Option<&'static str>) -> String {
    match purpose {
        Some(purpose) => format!("{KEY} {purpose}"),
        None => KEY.to_owned(),
    }
}

impl Session {
    /// The visitor agrees, which is what the camera was waiting for. Call it from a click only.
    pub fn agree(self) {
        self.record.unshare();
        self.consent.given.set(true);
        self.consent.asked.set(false);
        self.consent.keep();
        self.start_camera();
    }

    /// The visitor would rather not; the question comes again with the next start.
    pub fn decline(self) {
        self.consent.asked.set(false);
        if !self.consent.given.get_untracked() {
            self.consent.shared.set(false);
        }
    }

    /// Lets the embedding page receive what is read, or no longer.
    pub fn share_readings(self, shared: bool) {
        self.record.unshare();
        self.consent.shared.set(shared);
        if self.consent.given.get_untracked() {
            self.consent.keep();
        }
    }

    /// Takes the consent back, and closes the camera with it.
    pub fn withdraw_consent(self) {
        self.record.unshare();
        self.consent.given.set(false);
        self.consent.shared.set(false);
        storage::forget(&key(self.consent.purpose));
        self.stop_camera();
        let message = Message::new("consent-withdrawn");
        self.notice
            .set(Some(Notice::news("consent-withdrawn", message)));
    }
}

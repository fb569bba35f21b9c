//! The visitor's consent to the camera: requested before the first start, stored on this device
//! unless the host wants it private, and withdrawn at any time.

use leptos::prelude::*;

use crate::web::storage;

/// Storage key of the answer.
const KEY: &str = "moue-consent";
/// Suffix after the version if the host page may also receive readings.
const SHARED: &str = " shared";
/// Version of the consent text. A text with another meaning gets another version, and everybody is
/// asked again.
const TEXT_VERSION: &str = "1";

/// The state of the visitor's consent.
#[derive(Clone, Copy)]
pub struct Consent {
    /// Whether the visitor has agreed to the current text.
    pub given: RwSignal<bool>,
    /// Whether the question is shown.
    pub asked: RwSignal<bool>,
    /// Whether the embedding page may receive readings. Without a purpose the visitor is not asked,
    /// and this is false.
    pub shared: RwSignal<bool>,
    /// Message key of the embedding page's purpose; `None` on the page itself.
    pub purpose: Option<&'static str>,
    /// Whether nothing is stored, and nobody is asked to share: where several people use a browser, or
    /// the embedding page is not to learn even whether somebody agreed.
    pub is_private: bool,
}

impl Consent {
    /// Returns the consent stored on this device.
    pub fn remembered() -> Self {
        Self::kept(None, false)
    }

    /// Returns the consent stored for an embedding page's purpose, given by its key, or none if it is
    /// private. Each purpose has a consent of its own.
    pub fn for_purpose(purpose: &'static str, is_private: bool) -> Self {
        Self::kept(Some(purpose), is_private)
    }

    fn kept(purpose: Option<&'static str>, is_private: bool) -> Self {
        let kept = Some(key(purpose)).filter(|_| !is_private);
        let kept = kept.and_then(|key| storage::read(&key)).unwrap_or_default();
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
            is_private,
        }
    }

    /// Whether the visitor is asked to share readings with the embedding page.
    pub fn asks_to_share(self) -> bool {
        self.purpose.is_some() && !self.is_private
    }

    /// Whether the embedding page may receive the camera's readings. Tracks its signals.
    pub fn shares_camera(self) -> bool {
        self.shared.get() && self.given.get()
    }

    /// Gives consent to the camera and stores it.
    pub(super) fn agree(self) {
        self.given.set(true);
        self.asked.set(false);
        self.keep();
    }

    /// Closes the question; it is asked again at the next start.
    pub fn decline(self) {
        self.asked.set(false);
        if !self.given.get_untracked() {
            self.shared.set(false);
        }
    }

    /// Sets whether the embedding page may receive readings.
    pub(super) fn share(self, shared: bool) {
        self.shared.set(shared);
        if self.given.get_untracked() {
            self.keep();
        }
    }

    /// Withdraws the consent and removes it from storage.
    pub(super) fn withdraw(self) {
        self.given.set(false);
        self.shared.set(false);
        if !self.is_private {
            storage::forget(&key(self.purpose));
        }
    }

    fn keep(self) {
        if self.is_private {
            return;
        }
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

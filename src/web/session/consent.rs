//! The visitor's consent to the camera: asked before the first start, kept on this device, taken
//! back at any time.

use leptos::prelude::*;

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

    /// Agrees to the camera.
    pub(super) fn agree(self) {
        self.given.set(true);
        self.asked.set(false);
        self.keep();
    }

    /// Takes the question away; it comes again with the next start.
    pub fn decline(self) {
        self.asked.set(false);
        if !self.given.get_untracked() {
            self.shared.set(false);
        }
    }

    /// Lets the embedding page receive what is read, or no longer.
    pub(super) fn share(self, shared: bool) {
        self.shared.set(shared);
        if self.given.get_untracked() {
            self.keep();
        }
    }

    /// Takes everything back.
    pub(super) fn withdraw(self) {
        self.given.set(false);
        self.shared.set(false);
        storage::forget(&key(self.purpose));
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

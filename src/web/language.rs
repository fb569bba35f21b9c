//! The page's language: what the visitor's browser prefers, until another one is chosen.

use leptos::prelude::*;

use super::message::Message;
use super::session::Session;
use super::words::{self, Argument, Language};

impl Session {
    /// The message of a key in the page's language; where that is tracked, it follows a change.
    pub fn say(self, key: &str) -> String {
        words::say(self.language.get(), key, &[])
    }

    /// The message of a key, about something.
    pub fn tell(self, key: &str, arguments: &[Argument<'_>]) -> String {
        words::say(self.language.get(), key, arguments)
    }

    /// The text of a message that was made before.
    pub fn speak(self, message: &Message) -> String {
        message.text(self.language.get())
    }
}

/// The first of the browser's languages that the page speaks.
pub(super) fn preferred() -> Language {
    let languages = window().navigator().languages();
    let tags: Vec<String> = languages.iter().filter_map(|tag| tag.as_string()).collect();
    Language::best(tags.iter().map(String::as_str))
}

/// Tells the document its language and the direction of its script, now and after every change.
pub(super) fn follow(language: RwSignal<Language>) {
    Effect::new(move || {
        let language = language.get();
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("lang", language.tag());
            let _ = root.set_attribute("dir", language.direction());
        }
    });
}

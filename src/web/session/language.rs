//! The page's language: what its address says (`?lang=de`), else what was chosen here before, else
//! what the visitor's browser prefers.

use leptos::prelude::*;

use super::Session;
use crate::page::words;
use crate::page::words::message::Message;
use crate::page::words::{Argument, Language};
use crate::web::storage;

impl Session {
    /// The message of a key in the page's language; where that is tracked, it follows a change.
    pub fn say(self, key: &str) -> String {
        words::say(self.language.get(), key, &[])
    }

    /// The message of a key, about something.
    pub fn tell(self, key: &str, arguments: &[Argument<'_>]) -> String {
        words::say(self.language.get(), key, arguments)
    }

    /// Speaks the language of a tag from now on, on this device the next time too.
    pub fn choose_language(self, tag: &str) {
        if let Some(language) = Language::from_tag(tag) {
            self.language.set(language);
            storage::keep(KEY, language.tag());
        }
    }

    /// The text of a message that was made before.
    pub fn speak(self, message: &Message) -> String {
        message.text(self.language.get())
    }
}

/// Where the choice is kept.
const KEY: &str = "moue-language";
/// The parameter of the page's address.
const PARAMETER: &str = "lang";

/// The language to begin with.
pub fn preferred() -> Language {
    let chosen = crate::web::address_parameter(PARAMETER)
        .as_deref()
        .and_then(Language::from_tag);
    chosen
        .or_else(|| storage::read(KEY).as_deref().and_then(Language::from_tag))
        .unwrap_or_else(browsers_own)
}

/// The first of the browser's languages that the page speaks.
pub fn browsers_own() -> Language {
    let languages = window().navigator().languages();
    let tags: Vec<String> = languages.iter().filter_map(|tag| tag.as_string()).collect();
    Language::best(tags.iter().map(String::as_str))
}

/// Tells the document its language and the direction of its script, now and after every change.
pub fn follow(language: RwSignal<Language>) {
    Effect::new(move || {
        let language = language.get();
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("lang", language.tag());
            let _ = root.set_attribute("dir", language.direction());
        }
    });
}

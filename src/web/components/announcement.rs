//! What is said aloud.

use leptos::prelude::*;

use crate::page::words::message::Message;
use crate::web::session::i18n::use_i18n;

/// What a screen reader hears, as one text.
#[component]
pub fn Announcement(said: RwSignal<Vec<Message>>) -> impl IntoView {
    let i18n = use_i18n();
    let text = move || {
        let said = said.get();
        let said: Vec<String> = said.iter().map(|it| i18n.message(it)).collect();
        said.join(" ")
    };
    view! {
        <p class="unseen" role="status" aria-live="polite" data-testid="announcement" prop:textContent=text></p>
    }
}

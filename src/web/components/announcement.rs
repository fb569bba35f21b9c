//! Announcements for screen readers.

use leptos::prelude::*;

use crate::page::words::message::Message;
use crate::web::session::i18n::use_i18n;

/// A live region that screen readers announce, with all messages as one text.
#[component]
pub fn Announcement(announcement: RwSignal<Vec<Message>>) -> impl IntoView {
    let i18n = use_i18n();
    let text = move || {
        let announcement = announcement.get();
        let announcement: Vec<String> = announcement.iter().map(|it| i18n.message(it)).collect();
        announcement.join(" ")
    };
    view! {
        <p class="unseen" role="status" aria-live="polite" data-testid="announcement" prop:textContent=text></p>
    }
}

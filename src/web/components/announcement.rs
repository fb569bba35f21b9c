//! What is said aloud.

use leptos::prelude::*;

use crate::web::session::Session;

/// What a screen reader hears, as one text.
#[component]
pub fn Announcement(session: Session) -> impl IntoView {
    let text = move || {
        let said = session.said.get();
        let said: Vec<String> = said.iter().map(|it| session.speak(it)).collect();
        said.join(" ")
    };
    view! {
        <p class="unseen" role="status" aria-live="polite" data-testid="announcement" prop:textContent=text></p>
    }
}

//! The whole page: its parts, and what it listens to besides its own elements.

use gloo::events::{EventListener, EventListenerOptions};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, DragEvent};

use super::about::engine_badge::EngineBadge;
use super::about::installed::{InstalledLine, UpdatePrompt};
use super::about::privacy::{About, Promise};
use super::announcement::Announcement;
use super::language_select::LanguageSelect;
use super::notice::NoticeBar;
use super::readings::Readings;
use super::record::RecordPanel;
use super::stage::Stage;
use super::stream::camera_indicator;
use super::stream::consent::ConsentDialog;
use crate::page::protocol::EngineChoice;
use crate::web::engine::place::EnginePlace;
use crate::web::input::visibility;
use crate::web::offline::Installation;
use crate::web::session::consent::Consent;
use crate::web::session::{Session, Setting, i18n, intake};

/// The whole page.
#[component]
pub fn App() -> impl IntoView {
    let session = Session::start(of_page());
    let i18n = session.i18n;
    let installation = Installation::follow(session.state);
    i18n.follow();
    camera_indicator::follow_in_title(session);
    let dragging = RwSignal::new(false);
    let listeners = StoredValue::new_local(listen(session, dragging));
    visibility::follow(session);
    on_cleanup(move || {
        listeners.update_value(Vec::clear);
        session.stop_stream();
    });
    Effect::new(move || {
        let name = session.state.with(|state| state.name());
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("data-state", name);
        }
    });

    view! {
        <header class="top">
            <a class="brand" href="." aria-label=move || i18n.text("brand-link")>
                <svg class="brand__mark" viewBox="0 0 32 32" aria-hidden="true">
                    <rect width="32" height="32" rx="9" />
                    <circle cx="11.5" cy="12.5" r="1.9" />
                    <circle cx="20.5" cy="12.5" r="1.9" />
                    <path d="M9.5 20.5c2.2-2.6 4.6 1.9 6.5 0s4.3-1.9 6.5 0" />
                </svg>
                "moue"
            </a>
            <div class="top__end">
                <EngineBadge state=session.state />
                <LanguageSelect />
            </div>
        </header>
        <main class="page">
            <div class="intro">
                <h1 prop:textContent=move || i18n.text("headline")></h1>
                <Promise />
            </div>
            <UpdatePrompt installation />
            <NoticeBar session />
            <div class="work">
                <Stage session dragging=dragging.read_only() />
                <Readings session />
            </div>
            <RecordPanel session />
        </main>
        <footer class="foot">
            <About session />
            <InstalledLine installation />
        </footer>
        <ConsentDialog session />
        <Announcement said=session.said />
    }
}

/// What the page's address, this device and the browser say.
fn of_page() -> Setting {
    let engine = crate::web::address_parameter("engine");
    Setting {
        place: EnginePlace::of_page().ok(),
        engine: engine
            .as_deref()
            .and_then(EngineChoice::from_name)
            .unwrap_or_default(),
        language: i18n::preferred(),
        consent: Consent::remembered(),
    }
}

/// Everything that the page listens to besides its own elements. Gone when the values are dropped.
fn listen(session: Session, dragging: RwSignal<bool>) -> Vec<EventListener> {
    let document = document();
    let takes_over = EventListenerOptions::enable_prevent_default;
    let mut listeners = Vec::new();

    // A file may be dropped anywhere: missing the zone would otherwise leave the page.
    for kind in ["dragenter", "dragover", "dragleave", "drop"] {
        let listener =
            EventListener::new_with_options(&document, kind, takes_over(), move |event| {
                event.prevent_default();
                match kind {
                    "dragenter" => dragging.set(true),
                    // Leaving the window gives no related target; moving between elements does.
                    "dragleave" => {
                        let event = event.unchecked_ref::<DragEvent>();
                        dragging.set(event.related_target().is_some());
                    }
                    "drop" => {
                        dragging.set(false);
                        session.read_transfer(event.unchecked_ref::<DragEvent>().data_transfer());
                    }
                    _ => (),
                }
            });
        listeners.push(listener);
    }

    listeners.push(EventListener::new_with_options(
        &document,
        "paste",
        takes_over(),
        move |event| {
            let transfer = event.unchecked_ref::<ClipboardEvent>().clipboard_data();
            if transfer.as_ref().is_some_and(intake::has_files) {
                event.prevent_default();
                session.read_transfer(transfer);
            }
        },
    ));

    listeners
}

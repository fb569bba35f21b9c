//! The whole page: its parts, and its listeners on document and window.

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
use crate::web::engine::location::EngineLocation;
use crate::web::input::visibility;
use crate::web::offline::Installation;
use crate::web::session::consent::Consent;
use crate::web::session::{Session, SessionOptions, i18n, intake};

/// The whole page.
#[component]
pub fn App() -> impl IntoView {
    let session = Session::start(of_page());
    let i18n = session.i18n;
    let installation = Installation::follow(session.state);
    i18n.follow();
    camera_indicator::follow_in_title(i18n, session.stage);
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
            <NoticeBar notice=session.notice on_camera=move |()| session.start_camera() />
            <div class="work">
                <Stage session dragging=dragging.read_only() />
                <Readings
                    stage=session.stage
                    baseline=session.baseline
                    can_compare=Signal::derive(move || session.can_compare())
                    on_dismiss=move |number| session.dismiss(number)
                />
            </div>
            <RecordPanel state=session.state stage=session.stage album=session.album record=session.record />
        </main>
        <footer class="foot">
            <About state=session.state consent=session.consent on_withdraw=move |()| session.withdraw_consent() />
            <InstalledLine installation />
        </footer>
        <ConsentDialog
            consent=session.consent
            on_agree=move |()| session.agree()
            on_share=move |shared| session.share_readings(shared)
        />
        <Announcement announcement=session.announcement />
    }
}

/// Returns the initial settings, from the page's URL, this device's storage and the browser.
fn of_page() -> SessionOptions {
    let engine = crate::web::address_parameter("engine");
    SessionOptions {
        location: EngineLocation::of_page().ok(),
        engine: engine
            .as_deref()
            .and_then(EngineChoice::from_name)
            .unwrap_or_default(),
        language: i18n::preferred(),
        consent: Consent::remembered(),
    }
}

/// Adds the listeners besides those of the page's own elements. Dropping the values removes them.
fn listen(session: Session, dragging: RwSignal<bool>) -> Vec<EventListener> {
    let document = document();
    let takes_over = EventListenerOptions::enable_prevent_default;
    let mut listeners = Vec::new();

    // Files may be dropped anywhere: by default the browser would open a dropped file instead.
    for kind in ["dragenter", "dragover", "dragleave", "drop"] {
        let listener =
            EventListener::new_with_options(&document, kind, takes_over(), move |event| {
                event.prevent_default();
                match kind {
                    "dragenter" => dragging.set(true),
                    // `relatedTarget` is null only when the pointer leaves the window.
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

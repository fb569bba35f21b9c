//! What an element shows: the page's own parts in the page's own words, arranged for a small place.

use leptos::html::Input;
use leptos::prelude::*;
use web_sys::DragEvent;

use super::options::Mode;
use crate::web::components::{
    ConsentDialog, ConsentWithdraw, FailureCard, Light, LoadingBar, NoticeBar, Picture, Press,
    Readings, ShareTick,
};
use crate::web::session::{Session, Source};
use crate::web::state::PageState;

/// The inside of an element.
#[component]
pub fn Inside(
    /// Its state.
    session: Session,
    /// What it shows.
    mode: Mode,
    /// Starts the camera once that is possible.
    on_start: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let is_empty = move || {
        session
            .source
            .with(|it| matches!(it, Source::Nothing | Source::CameraAsked))
    };
    let take_dropped = move |event: DragEvent| {
        event.prevent_default();
        if mode == Mode::Image {
            session.read_transfer(event.data_transfer());
        }
    };
    view! {
        <section
            class="embed"
            part="frame"
            lang=move || session.language.get().tag()
            dir=move || session.language.get().direction()
            aria-label=move || session.say("embed-stage")
            data-state=move || session.state.with(|state| state.name())
            data-testid="embed"
        >
            <NoticeBar session />
            <div class="embed__main">
                <div
                    class="stage__frame"
                    class:stage__frame--busy=move || session.busy.get()
                    part="stage"
                    on:dragover=move |event: DragEvent| event.prevent_default()
                    on:drop=take_dropped
                >
                    <Picture session />
                    <Light session />
                    <Show when=is_empty>
                        <div class="invitation">{move || invitation(session, mode)}</div>
                    </Show>
                </div>
                <div class="controls" part="controls">
                    {(mode == Mode::Image).then(|| view! { <Choose session /> })}
                    {(mode == Mode::Camera).then(|| view! {
                        <Show when=move || !session.is_camera_on()>
                            <Press
                                session
                                key="camera-start"
                                testid="camera-start"
                                class="button button--primary"
                                press=move |_| on_start()
                            />
                        </Show>
                    })}
                </div>
                <Show when=move || mode == Mode::Image || session.consent.given.get()>
                    <ShareTick session />
                </Show>
                <ConsentWithdraw session />
                <p class="embed__note" part="note">{move || session.say("about-lead")}</p>
            </div>
            <div part="readings">
                <Readings session />
            </div>
            <ConsentDialog session />
            <p class="unseen" role="status" aria-live="polite" data-testid="announcement">
                {move || {
                    let said = session.said.get();
                    let said: Vec<_> = said.iter().map(|it| session.speak(it)).collect();
                    said.join(" ")
                }}
            </p>
        </section>
    }
}

fn invitation(session: Session, mode: Mode) -> AnyView {
    match session.state.get() {
        PageState::Loading(progress) => view! { <LoadingBar session progress /> }.into_any(),
        PageState::Failed(failure) => view! { <FailureCard session failure /> }.into_any(),
        PageState::Unsupported(message) => view! {
            <p class="failure" role="alert" data-testid="error">
                {move || session.speak(&message)}
            </p>
        }
        .into_any(),
        PageState::Ready(_) => {
            let key = match mode {
                Mode::Image => "embed-drop",
                Mode::Camera | Mode::Headless => "embed-camera",
            };
            view! { <p class="invitation__text">{move || session.say(key)}</p> }.into_any()
        }
    }
}

/// Chooses one picture.
#[component]
fn Choose(session: Session) -> impl IntoView {
    let input = NodeRef::<Input>::new();
    let chosen = move |_| {
        if let Some(input) = input.get_untracked() {
            if let Some(files) = input.files() {
                session.read_chosen(files);
            }
            // Choosing the same one again is a change again.
            input.set_value("");
        }
    };
    view! {
        <input
            node_ref=input
            id="file"
            class="unseen controls__file"
            type="file"
            accept="image/*"
            data-testid="file-input"
            on:change=chosen
        />
        <label class="button button--primary" for="file">
            {move || session.say("embed-image")}
        </label>
    }
}

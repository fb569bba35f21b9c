//! What an element shows: the page's own parts in the page's own words, arranged for a small place.

use leptos::html::Input;
use leptos::prelude::*;
use web_sys::DragEvent;

use crate::page::host::options::Mode;
use crate::web::components::{
    Announcement, CameraIndicator, ConsentDialog, ConsentWithdraw, NoticeBar, Picture, Readings,
    ShareTick, TextButton, UntilReady, take_files,
};
use crate::web::session::i18n::use_i18n;
use crate::web::session::{Session, Source};

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
    let i18n = use_i18n();
    let is_empty = move || session.source.with(Source::is_empty);
    let invitation = match mode {
        Mode::Image => "embed-drop",
        Mode::Camera | Mode::Headless => "embed-camera",
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
            lang=move || i18n.language.get().tag()
            dir=move || i18n.language.get().direction()
            aria-label=move || i18n.text("embed-stage")
            data-state=move || session.state.with(|state| state.name())
            data-testid="embed"
        >
            <NoticeBar session />
            <div class="embed__main">
                <div
                    class="stage__frame"
                    class:stage__frame--busy=move || session.is_busy()
                    part="stage"
                    on:dragover=move |event: DragEvent| event.prevent_default()
                    on:drop=take_dropped
                >
                    <Picture session />
                    <CameraIndicator session />
                    <Show when=is_empty>
                        <div class="invitation">
                            <UntilReady session>
                                <p class="invitation__text" prop:textContent=move || i18n.text(invitation)></p>
                            </UntilReady>
                        </div>
                    </Show>
                </div>
                <div class="controls" part="controls">
                    {(mode == Mode::Image).then(|| view! { <Choose session /> })}
                    {(mode == Mode::Camera).then(|| view! {
                        <Show when=move || !session.is_camera_on()>
                            <TextButton
                                key="camera-start"
                                testid="camera-start"
                                class="button button--primary"
                                on_press=move |_| on_start()
                            />
                        </Show>
                    })}
                </div>
                <Show when=move || mode == Mode::Image || session.consent.given.get()>
                    <ShareTick session />
                </Show>
                <ConsentWithdraw session />
                <p class="embed__note" part="note" prop:textContent=move || i18n.text("about-lead")></p>
            </div>
            <div part="readings">
                <Readings session />
            </div>
            <ConsentDialog session />
            <Announcement said=session.said />
        </section>
    }
}

/// Chooses one picture.
#[component]
fn Choose(session: Session) -> impl IntoView {
    let i18n = use_i18n();
    let input = NodeRef::<Input>::new();
    view! {
        <input
            node_ref=input
            id="file"
            class="unseen controls__file"
            type="file"
            accept="image/*"
            data-testid="file-input"
            on:change=move |_| take_files(input, |files| session.read_chosen(files))
        />
        <label class="button button--primary" for="file" prop:textContent=move || i18n.text("embed-image")></label>
    }
}

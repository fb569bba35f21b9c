//! The view of an element: the page's components and messages, arranged for a small area.
//!
//! The host may demand Trusted Types. Leptos sets `innerHTML` for an element below another one whose
//! attributes are all literal strings, which such a host forbids; `class:name=true` is none.

use leptos::html::Input;
use leptos::prelude::*;
use web_sys::DragEvent;

use crate::page::host::options::Mode;
use crate::web::components::{
    Announcement, CameraIndicator, ConsentDialog, ConsentWithdraw, EditBar, NoticeBar, Picture,
    Readings, ShareTick, TextButton, UntilReady, take_files,
};
use crate::web::session::Session;
use crate::web::session::i18n::use_i18n;

/// The view of an element.
#[component]
pub fn ElementView(
    /// The session that it shows.
    session: Session,
    /// The picture source.
    mode: Mode,
    /// Called to start the camera as soon as possible.
    on_start: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    let stage = session.stage;
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
            <NoticeBar notice=session.notice on_camera=move |()| session.start_camera() />
            <div class="embed__main">
                <div
                    class="stage__frame"
                    class:stage__frame--busy=move || session.is_busy()
                    part="stage"
                    on:dragover=move |event: DragEvent| event.prevent_default()
                    on:drop=take_dropped
                >
                    <Picture stage on_add=move |rect| session.add_face(rect) />
                    <CameraIndicator stage on_stop=move |()| session.stop_camera() />
                    <Show when=move || stage.is_empty()>
                        <div class="invitation">
                            <UntilReady state=session.state on_retry=move |()| session.retry()>
                                <p class="invitation__text" prop:textContent=move || i18n.text(invitation)></p>
                            </UntilReady>
                        </div>
                    </Show>
                </div>
                <div class="controls" part="controls">
                    {(mode == Mode::Image).then(|| view! { <Choose session /> })}
                    {(mode == Mode::Camera).then(|| view! {
                        <Show when=move || !stage.is_camera_on()>
                            <TextButton
                                key="camera-start"
                                testid="camera-start"
                                class="button button--primary"
                                on_press=move |_| on_start()
                            />
                        </Show>
                    })}
                    <EditBar stage on_turn=move || session.turn_photo() on_undo=move || session.undo_correction() />
                </div>
                <Show when=move || session.consent.asks_to_share() && (mode == Mode::Image || session.consent.given.get())>
                    <ShareTick consent=session.consent on_share=move |shared| session.share_readings(shared) />
                </Show>
                <ConsentWithdraw consent=session.consent on_withdraw=move |()| session.withdraw_consent() />
                <p class="embed__note" part="note" prop:textContent=move || i18n.text("about-lead")></p>
            </div>
            <div part="readings">
                <Readings stage baseline=session.baseline can_compare=Signal::derive(move || session.can_compare()) on_dismiss=move |number| session.dismiss(number) />
            </div>
            <ConsentDialog
                consent=session.consent
                on_agree=move |()| session.agree()
                on_share=move |shared| session.share_readings(shared)
            />
            <Announcement announcement=session.announcement />
        </section>
    }
}

/// A button that chooses one picture file.
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

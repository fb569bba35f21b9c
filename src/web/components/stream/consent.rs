//! The question before the camera, and the way to take the answer back.

use leptos::html::Dialog;
use leptos::prelude::*;

use crate::web::components::text_button::TextButton;
use crate::web::session::Session;
use crate::web::session::i18n::use_i18n;

/// What happens with the camera's picture, and the question whether that is wanted. Nothing of the
/// camera is touched before the answer.
#[component]
pub fn ConsentDialog(session: Session) -> impl IntoView {
    let i18n = use_i18n();
    let dialog = NodeRef::<Dialog>::new();
    Effect::new(move || {
        let asked = session.consent.asked.get();
        let Some(dialog) = dialog.get() else { return };
        if asked && !dialog.open() {
            // Fails only where the dialog is open already.
            let _ = dialog.show_modal();
        } else if !asked {
            dialog.close();
        }
    });
    view! {
        <dialog
            node_ref=dialog
            class="consent"
            data-testid="consent"
            aria-labelledby="consent-title"
            // Also after the Escape key and the back gesture.
            on:close=move |_| session.consent.decline()
        >
            // The focus starts at the text, so that it is read before an answer is given.
            <h2 id="consent-title" tabindex="-1" autofocus prop:textContent=move || i18n.text("consent-title")></h2>
            <dl class="consent__points">
                {session.consent.purpose.map(|purpose| view! {
                    <dt prop:textContent=move || i18n.text("consent-purpose-title")></dt>
                    <dd data-testid="purpose" prop:textContent=move || i18n.text(purpose)></dd>
                })}
                <dt prop:textContent=move || i18n.text("consent-picture-title")></dt>
                <dd prop:textContent=move || i18n.text("consent-picture")></dd>
                <dt prop:textContent=move || i18n.text("consent-guess-title")></dt>
                <dd prop:textContent=move || i18n.text("consent-guess")></dd>
                <dt prop:textContent=move || i18n.text("consent-not-for-title")></dt>
                <dd prop:textContent=move || i18n.text("consent-not-for")></dd>
                <dt prop:textContent=move || i18n.text("consent-others-title")></dt>
                <dd prop:textContent=move || i18n.text("consent-others")></dd>
            </dl>
            {session.consent.purpose.map(|_| view! { <ShareTick session /> })}
            <p class="consent__stop" prop:textContent=move || i18n.text("consent-stop")></p>
            <div class="consent__answers">
                <TextButton
                    key="consent-agree"
                    testid="consent-agree"
                    class="button button--primary"
                    on_press=move |_| session.agree()
                />
                <TextButton
                    key="consent-decline"
                    testid="consent-decline"
                    class="button"
                    on_press=move |_| session.consent.decline()
                />
            </div>
        </dialog>
    }
}

/// Whether the embedding page may receive what is read.
#[component]
pub fn ShareTick(session: Session) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <label class="tick" data-testid="share">
            <input
                type="checkbox"
                prop:checked=move || session.consent.shared.get()
                on:change=move |event| session.share_readings(event_target_checked(&event))
            />
            <span prop:textContent=move || i18n.text("consent-share")></span>
        </label>
    }
}

/// Takes the consent back, where there is one.
#[component]
pub fn ConsentWithdraw(session: Session) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Show when=move || session.consent.given.get()>
            <p>
                <span prop:textContent=move || i18n.text("consent-given")></span>
                " "
                <TextButton
                    key="consent-withdraw"
                    testid="consent-withdraw"
                    class="link"
                    on_press=move |_| session.withdraw_consent()
                />
            </p>
        </Show>
    }
}

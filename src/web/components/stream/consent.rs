//! The consent dialog for the camera, and the button that withdraws the consent.

use leptos::html::Dialog;
use leptos::prelude::*;

use crate::web::components::text_button::TextButton;
use crate::web::session::consent::Consent;
use crate::web::session::i18n::use_i18n;

/// A dialog that explains what happens with the camera's picture and asks for consent. The camera
/// is not accessed before the answer.
#[component]
pub fn ConsentDialog(
    consent: Consent,
    /// Called when the visitor agrees, from the click itself.
    #[prop(into)]
    on_agree: Callback<()>,
    /// Called with whether the embedding page may receive readings.
    #[prop(into)]
    on_share: Callback<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let dialog = NodeRef::<Dialog>::new();
    Effect::new(move || {
        let asked = consent.asked.get();
        let Some(dialog) = dialog.get() else { return };
        if asked && !dialog.open() {
            // Fails only if the dialog is already open.
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
            // Fires after the Escape key and the back gesture too.
            on:close=move |_| consent.decline()
        >
            // The focus starts at the text, so that it is read before an answer is given.
            <h2 id="consent-title" tabindex="-1" autofocus prop:textContent=move || i18n.text("consent-title")></h2>
            <dl class="consent__points">
                {consent.purpose.map(|purpose| view! {
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
            {consent.asks_to_share().then(|| view! { <ShareTick consent on_share /> })}
            <p class="consent__stop" prop:textContent=move || i18n.text("consent-stop")></p>
            <div class="consent__answers">
                <TextButton
                    key="consent-agree"
                    testid="consent-agree"
                    class="button button--primary"
                    on_press=move |_| on_agree.run(())
                />
                <TextButton
                    key="consent-decline"
                    testid="consent-decline"
                    class="button"
                    on_press=move |_| consent.decline()
                />
            </div>
        </dialog>
    }
}

/// A checkbox for whether the embedding page may receive readings.
#[component]
pub fn ShareTick(consent: Consent, #[prop(into)] on_share: Callback<bool>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <label class="tick" data-testid="share">
            <input
                type="checkbox"
                prop:checked=move || consent.shared.get()
                on:change=move |event| on_share.run(event_target_checked(&event))
            />
            <span prop:textContent=move || i18n.text("consent-share")></span>
        </label>
    }
}

/// A button that withdraws the consent, if it was given.
#[component]
pub fn ConsentWithdraw(consent: Consent, #[prop(into)] on_withdraw: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Show when=move || consent.given.get()>
            <p>
                <span prop:textContent=move || i18n.text("consent-given")></span>
                " "
                <TextButton
                    key="consent-withdraw"
                    testid="consent-withdraw"
                    class="link"
                    on_press=move |_| on_withdraw.run(())
                />
            </p>
        </Show>
    }
}

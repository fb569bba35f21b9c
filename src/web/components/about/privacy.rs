//! The privacy promise, and what readings must not be used for.

use leptos::prelude::*;

use super::model::AboutModel;
use crate::page::protocol::ModelInfo;
use crate::page::state::PageState;
use crate::web::components::stream::consent::ConsentWithdraw;
use crate::web::session::consent::Consent;
use crate::web::session::i18n::{I18n, use_i18n};

/// Number of digits of the checksum that are shown; enough to compare with the published one.
const SHORT_SHA256: usize = 12;

/// The privacy promise, and how to check it.
#[component]
pub fn Promise() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <details class="promise" data-testid="privacy">
            <summary>
                <span prop:textContent=move || i18n.text("promise")></span>
                " "
                <span class="promise__how" prop:textContent=move || i18n.text("promise-check")></span>
            </summary>
            <p prop:textContent=move || i18n.text("promise-how")></p>
        </details>
    }
}

/// How reliable the readings are, and what they must not be used for.
#[component]
pub fn About(
    state: RwSignal<PageState>,
    consent: Consent,
    /// Called to withdraw the consent.
    #[prop(into)]
    on_withdraw: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let model = move || state.with(|state| Some(model_line(i18n, &state.info()?.model)));
    view! {
        <div class="about">
            <p>
                <strong prop:textContent=move || i18n.text("about-lead")></strong>
                " "
                <span prop:textContent=move || i18n.text("about-short")></span>
            </p>
            <AboutModel state />
            <ConsentWithdraw consent on_withdraw />
            <p class="about__model" data-testid="model">{model}</p>
        </div>
    }
}

/// The line about the model. Each part is a separate element, so that Latin names and numbers stay
/// in place in right-to-left scripts.
fn model_line(i18n: I18n, model: &ModelInfo) -> impl IntoView + use<> {
    let sha256 = model.sha256.get(..SHORT_SHA256).unwrap_or(&model.sha256);
    let mut parts = vec![model.name.clone(), i18n.megabytes(model.bytes)];
    if let Some(measured) = &model.held_out {
        let share = i18n.share(measured.after, 1);
        parts.push(i18n.format("model-accuracy", &[("share", share.into())]));
    }
    parts.push(format!("sha256 {sha256}…"));
    let last = parts.len() - 1;
    let parts = parts.into_iter().enumerate();
    let parts = parts.map(|(at, part)| {
        view! {
            <bdi prop:textContent=part></bdi>
            {(at < last).then(|| view! { <span>" · "</span> })}
        }
    });
    parts.collect_view()
}
